"""How a build's notebooks are executed: papermill's kernel engine, without what can wait for ever.

Imported in the processes that run reports only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

ENGINE = "claimaudit-build"


class Client(PapermillNotebookClient):
    """Plays no front end to Output widgets.

    nbclient answers an Output widget (as ``interact`` makes) with messages of its own while a cell runs; now and then
    the cell's own reply is lost then, and the run never ends. Reports show no widget anyway.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.widget_registry = {}


class Engine(NBClientEngine):
    """Runs a notebook with ``Client``; options go to it as they are, but for two.

    ``seconds`` is what the whole notebook may take; ``tell(cell, cells)`` is called as each cell starts, from 1. A
    notebook that takes longer, or whose kernel dies, ends like one with an error in that cell.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, seconds: float, tell: Callable[[int, int], None], **options: Any
    ) -> Any:
        """Run the notebook in a kernel of its own."""
        for name in ("input_path", "stdout_file", "stderr_file", "log_output", "start_timeout"):
            options.pop(name, None)
        until, starts, running = time.monotonic() + seconds, nb_man.cell_start, [0]

        def cell_start(cell: Any, cell_index: int, **more: Any) -> None:
            running[0] = cell_index
            tell(cell_index + 1, len(nb_man.nb.cells))
            starts(cell, cell_index, **more)

        def seconds_left(_: Any) -> int:
            return max(1, round(until - time.monotonic()))

        nb_man.cell_start = cell_start
        client = Client(nb_man, kernel_name=kernel_name, log=logger, timeout_func=seconds_left, **options)
        try:
            client.execute()
        except CellTimeoutError as error:
            _blame(nb_man, running[0], "Timeout", f"the notebook took longer than {seconds:g} seconds", error)
        except DeadKernelError as error:
            _blame(nb_man, running[0], "KernelDied", "its process was ended from outside or ran out of memory", error)


def _blame(nb_man: Any, index: int, name: str, words: str, error: Exception) -> None:
    """Mark a cell as the one that failed, as papermill marks a cell with an error."""
    cell = nb_man.nb.cells[index]
    cell.setdefault("outputs", []).append(new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"]))
    nb_man.cell_exception(cell, cell_index=index, exception=error)


papermill_engines.register(ENGINE, Engine)
