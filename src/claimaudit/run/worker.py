# ruff: noqa: PLC0415 (papermill and nbconvert are imported in the workers, never in the process that starts them)
"""One notebook run to its files, in a worker process: execute, tidy, export.

``execute`` is the one place that knows how a notebook is executed; ``build`` takes any function of its form instead.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimaudit.run.tidy import Shown, tidy, tidy_text
from claimaudit.run.values import Value

KERNEL = "python3"
CELL_SECONDS = 900
"""How long one cell may take."""


@dataclass(frozen=True)
class Task:
    """A notebook to run: its parameters, the folder its files are written to, and what its report is told."""

    name: str
    path: Path
    title: str
    parameters: Mapping[str, Value]
    folder: Path
    meta: Any = None
    shown: Shown = ()

    @property
    def executed(self) -> Path:
        """Where the executed notebook goes."""
        return self.folder / f"{self.name}.ipynb"

    @property
    def page(self) -> Path:
        """Where the HTML goes."""
        return self.folder / f"{self.name}.html"


@dataclass(frozen=True)
class Failure:
    """Why a notebook failed: the cell's place in the notebook (from 1; 0 when no cell is to blame) and the error."""

    cell: int
    error: str

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.error}" if self.cell else self.error


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and how long it took."""

    name: str
    seconds: float
    failure: Failure | None = None


Execute = Callable[[Task], "tuple[Any, Failure | None]"]


def execute(task: Task) -> tuple[Any, Failure | None]:
    """Run a notebook by papermill in a kernel of its own: the executed notebook, and why it failed if it did.

    The kernel works in the notebook's own folder, as it does in JupyterLab.
    """
    import nbformat
    import papermill

    from claimaudit.run.client import ENGINE

    raw = task.folder / f"{task.name}.raw.ipynb"
    try:
        with tempfile.TemporaryDirectory(prefix="claimaudit-") as sockets:
            notebook = papermill.execute_notebook(
                nbformat.read(task.path, as_version=4),
                str(raw).replace("{", "{{").replace("}", "}}"),  # papermill formats it
                parameters=dict(task.parameters),
                engine_name=ENGINE,
                kernel_name=KERNEL,
                language="python",  # stripped notebooks may not say so
                progress_bar=False,
                request_save_on_cell_execute=False,
                resources={"metadata": {"path": str(task.path.parent)}},
                shutdown_kernel="immediate",
                timeout=CELL_SECONDS,
                config=_connection(Path(sockets)),
            )
    except papermill.PapermillExecutionError as error:
        notebook = nbformat.read(raw, as_version=4)
        return notebook, _failure(error, notebook, task)
    finally:
        raw.unlink(missing_ok=True)
    return notebook, None


def _connection(sockets: Path) -> Any:
    """How to talk to the kernel: by sockets in a folder of this run alone, where the system has such.

    Local ports, the usual way, are picked by chance, and two kernels that start at once may pick the same one.
    """
    from traitlets.config import Config

    if os.name != "posix":
        return Config()
    return Config(KernelManager={"transport": "ipc", "connection_file": str(sockets / "kernel.json")})


def _failure(error: Any, notebook: Any, task: Task) -> Failure:
    """The cell's number in the notebook as it is stored, without the cells papermill adds."""
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    executed = [names for names in tags if "papermill-error-cell-tag" not in names]
    number = 1 + sum("injected-parameters" not in names for names in executed[: error.cell_index])
    message = next(iter(error.evalue.splitlines()), "")
    return Failure(number, tidy_text(f"{error.ename}: {message}" if message else error.ename, task.shown))


def failure_text(error: BaseException) -> str:
    """An error in a line: its kind and the first line of its message."""
    text = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def run(task: Task, execute: Execute = execute) -> Outcome:
    """Execute a notebook and write its files into the task's folder; whatever goes wrong is part of the outcome."""
    started = time.perf_counter()
    try:
        failure = _run(task, execute)
    except SystemExit:  # asked to stop: the kernel is shut down by now, and nobody waits for the outcome
        os._exit(143)
    except Exception as error:
        failure = Failure(0, tidy_text(failure_text(error), task.shown))
    return Outcome(task.name, time.perf_counter() - started, failure)


def _run(task: Task, execute: Execute) -> Failure | None:
    import nbformat

    from claimaudit.publish.report import export

    notebook, failure = execute(task)
    tidy(notebook, task.shown)
    nbformat.write(notebook, task.executed)
    if failure is None:
        task.page.write_text(export(notebook, title=task.title, meta=task.meta), encoding="utf-8", newline="\n")
    return failure


def start_worker() -> None:
    """Set a worker process up: Ctrl-C is the parent's business, and being told to stop ends the kernel too.

    So does the parent's end, however it comes.
    """
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _stop)
    os.environ.setdefault("PYTHONHASHSEED", "0")  # of the kernels: sets print in the same order each time

    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(143)
