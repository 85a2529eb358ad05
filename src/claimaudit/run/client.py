"""papermill's kernel engine without the part that can wait for ever. Imported in worker processes only."""

from __future__ import annotations

from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

ENGINE = "claimaudit-kernel"


class Client(PapermillNotebookClient):
    """Plays no front end to Output widgets.

    nbclient answers an Output widget (as ``interact`` makes) with messages of its own while a cell runs; now and then
    the cell's own reply is lost then, and the run never ends. Reports show no widget anyway.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.widget_registry = {}


class Engine(NBClientEngine):
    """Runs a notebook with ``Client``; options go to it as they are."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Run the notebook in a kernel of its own."""
        for name in ("input_path", "stdout_file", "stderr_file", "log_output", "start_timeout"):
            options.pop(name, None)
        return Client(nb_man, kernel_name=kernel_name, log=logger, **options).execute()


papermill_engines.register(ENGINE, Engine)
