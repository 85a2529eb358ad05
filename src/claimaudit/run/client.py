"""How a build's notebooks are executed: papermill's own engine, within limits of time and printed output.

Imported in the processes that run reports only.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

from claimaudit.publish.report import LEFT_OUT

ENGINE = "claimaudit-build"
PRINTED = 200
"""Megabytes of output a notebook may have."""


class LimitError(Exception):
    """A notebook went beyond a limit: the limit's name, and what was too much."""


class Client(PapermillNotebookClient):
    """Ends a notebook at a time (of ``time.monotonic``), and when it prints more than a report can hold.

    Exploring cells are not run: they are for JupyterLab, and no report shows them.
    """

    def __init__(self, nb_man: Any, *, until: float, seconds: float, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.until, self.printed = until, 0
        self.late = LimitError("Timeout", f"the notebook took longer than {seconds:g} seconds")
        self.flooded: asyncio.Event
        self.on_cell_executed = _join_streams

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        """Execute one cell as far as the limits allow; the kernel of one that went beyond is ended, not asked."""
        if LEFT_OUT in cell.metadata.get("tags", []):
            return cell
        try:
            return run_sync(self._within_limits)(cell, cell_index, **options)
        except LimitError:
            self.shutdown_kernel = "immediate"
            raise

    async def _within_limits(self, cell: Any, cell_index: int, **options: Any) -> Any:
        self.flooded = asyncio.Event()
        tasks = [
            asyncio.ensure_future(self.async_execute_cell(cell, cell_index, **options)),
            asyncio.ensure_future(self.flooded.wait()),
        ]
        try:
            await asyncio.wait(tasks, timeout=self.until - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)
            if self.flooded.is_set():
                words = f"the notebook printed more than {PRINTED} megabytes; print less, or write it to a file"
                raise LimitError("TooMuchOutput", words)
            if not tasks[0].done():
                raise self.late
            return tasks[0].result()
        finally:
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            _join_streams(cell)

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Count what is printed; reading ends with ``LimitError`` when it is too much, or takes too long."""
        self.printed += _size(msg["content"])
        if self.printed > PRINTED * 1_000_000:
            self.flooded.set()
        if self.flooded.is_set() or time.monotonic() > self.until:
            raise LimitError
        return super().process_message(msg, cell, cell_index)

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Add what follows on the same stream to what is there: where it was cut is chance. It is joined at the end."""
        last, content = outs[-1] if outs else {}, msg["content"]
        shown_here = (
            not self.clear_before_next_output and not self.output_hook_stack[msg["parent_header"].get("msg_id")]
        )
        if msg["msg_type"] == "stream" and last.get("name") == content["name"] and shown_here:
            last.text.append(content["text"])
            return last
        out = super().output(outs, msg, display_id, cell_index)
        if out and out.output_type == "stream":
            out.text = [out.text]
        return out


def _join_streams(cell: Any, **_: Any) -> None:
    for output in cell.get("outputs", []):
        if isinstance(output.get("text"), list):
            output.text = "".join(output.text)


def _size(content: Any) -> int:
    """Characters in a message, whatever they stand for."""
    if isinstance(content, str):
        return len(content)
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return sum(_size(part) for part in parts)


class Engine(NBClientEngine):
    """Runs a notebook with ``Client``; options go to it as they are, but for ``tell``.

    ``tell(cell, cells)`` is called as each cell starts, from 1. A notebook that goes beyond a limit, or whose kernel dies,
    ends like one with an error in that cell.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, until: float, tell: Callable[[int, int], None], **options: Any
    ) -> Any:
        """Run the notebook in a kernel of its own."""
        for name in ("input_path", "stdout_file", "stderr_file", "log_output", "start_timeout"):
            options.pop(name, None)
        starts, running = nb_man.cell_start, [0]

        def cell_start(cell: Any, cell_index: int, **more: Any) -> None:
            running[0] = cell_index
            tell(cell_index + 1, len(nb_man.nb.cells))
            starts(cell, cell_index, **more)

        nb_man.cell_start = cell_start
        left = max(1, math.ceil(until - time.monotonic()))
        # Output that is still on its way when a cell has ended is waited for as long as the notebook may take.
        patience = {"startup_timeout": left, "iopub_timeout": left}
        client = Client(nb_man, kernel_name=kernel_name, log=logger, until=until, **patience, **options)
        try:
            client.execute()
        except LimitError as error:
            _blame(nb_man, running[0], *error.args, error)
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            if time.monotonic() >= until:
                _blame(nb_man, running[0], *client.late.args, error)
            elif isinstance(error, CellTimeoutError):
                _blame(nb_man, running[0], "KernelSilent", "its process stopped answering; build again", error)
            elif isinstance(error, DeadKernelError):
                words = "its process was ended from outside or ran out of memory"
                _blame(nb_man, running[0], "KernelDied", words, error)
            else:
                raise


def _blame(nb_man: Any, index: int, name: str, words: str, error: Exception) -> None:
    """Mark a cell as the one that failed, as papermill marks a cell with an error."""
    cell = nb_man.nb.cells[index]
    cell.setdefault("outputs", []).append(new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"]))
    nb_man.cell_exception(cell, cell_index=index, exception=error)


papermill_engines.register(ENGINE, Engine)
