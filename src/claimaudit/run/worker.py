# ruff: noqa: PLC0415 (papermill and nbconvert are imported in the processes of reports, never in the one that starts them)
"""One notebook run to its files, in a process of its own: execute, tidy, export.

``execute`` is the one place that knows how a notebook is executed; ``build`` takes any function of its form instead.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from claimaudit import inert
from claimaudit.run.tidy import Shown, read_notebook, tidy, tidy_text
from claimaudit.run.values import Value

KERNEL = "python3"
FORK, ORDINARY = "fork", "kernel"
"""The ways a kernel is started: forked from a process that holds the imports, or afresh."""
SECONDS, MEGABYTES = 900.0, 4096
"""How long a notebook may take, and how much memory each of its processes may fill, unless a build says otherwise."""

_ENVIRONMENT = re.compile(
    r"environ(\[[^\]]*\])?\s*(\|?=[^=]|\.(update|setdefault|pop|clear)\b)|\bdel\s.*environ\b|\b(un)?(putenv|setenv)\b"
    r"|^\s*%(set_)?env\s+\S+[\s=]\s*\S|load_dotenv",
    re.MULTILINE,
)
"""Code that changes the environment."""
_LONGEST = 300
"""Characters of an error's message that are told."""
_LEAVING = 5.0
"""Seconds a kernel has for its exit handlers."""

Tell = Callable[[int, int], None]
"""Told the cell that starts (from 1) and how many there are."""


@dataclass(frozen=True)
class Task:
    """A notebook to run: its parameters, the folder its files are written to, and what its report is told.

    It may take ``seconds`` and each of its processes ``megabytes``; ``expected`` is how long it took last time, ``dossier`` the
    folder that it will read, where that is known. ``waiting`` is the process that waits to be its kernel, and the file its orders
    are written to; zeros for none.
    """

    name: str
    path: Path
    title: str
    parameters: Mapping[str, Value]
    folder: Path
    meta: Any = None
    shown: Shown = ()
    engine: str = FORK
    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    expected: float = 0.0
    dossier: str = ""
    waiting: tuple[int, int] = (0, 0)

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
    """Why a notebook failed: the cell's place in the notebook (from 1; 0 when no cell is to blame), its line, the error."""

    cell: int
    error: str
    line: int = 0

    @property
    def place(self) -> str:
        """``cell 3, line 2``; blank when no cell is to blame."""
        return f"cell {self.cell}" * bool(self.cell) + f", line {self.line}" * bool(self.cell and self.line)

    def __post_init__(self) -> None:
        if len(self.error) > _LONGEST:  # the executed notebook holds it whole
            object.__setattr__(self, "error", f"{self.error[:_LONGEST]}...")

    def __str__(self) -> str:
        return inert.terminal(f"{self.place}: {self.error}" if self.cell else self.error)


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and how many seconds it took; ``kept`` when it was not run, because the report is up to date."""

    name: str
    seconds: float
    failure: Failure | None = None
    kept: bool = False


Execute = Callable[[Task, Tell], "tuple[Any, Failure | None]"]


def execute(task: Task, tell: Tell) -> tuple[Any, Failure | None]:
    """Run a notebook by papermill in a kernel of its own: the executed notebook, and why it failed if it did.

    The kernel works in the notebook's own folder, as it does in JupyterLab.
    """
    until = time.monotonic() + task.seconds
    import nbformat
    import papermill

    from claimaudit.run.client import ENGINE
    from claimaudit.run.kernel import settings

    source = read_notebook(task.path)
    forks = not needs_ordinary_kernel(source, task.path.parent)
    with tempfile.TemporaryDirectory(prefix=f"{task.name}.", dir=task.folder) as folder:
        raw = Path(folder) / "raw.ipynb"
        _give_home(Path(folder))
        try:
            notebook = papermill.execute_notebook(
                source,
                str(raw).replace("{", "{{").replace("}", "}}"),  # papermill formats it
                parameters=dict(task.parameters),
                engine_name=ENGINE,
                kernel_name=source.metadata.get("kernelspec", {}).get("name") or KERNEL,
                language="python",  # stripped notebooks may not say so
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                resources={"metadata": {"path": str(task.path.parent)}},
                seconds=task.seconds,
                until=until,
                tell=tell,
                config=settings(Path(folder), task.waiting if forks else (0, 0)),
            )
        except papermill.PapermillExecutionError as error:
            notebook = nbformat.read(raw, as_version=4)
            return notebook, _failure(error, notebook, task)
    return notebook, None


def needs_ordinary_kernel(notebook: Any, folder: Path) -> bool:
    """Whether a kernel that holds the imports already may give another result.

    So it may when the notebook changes the environment, which some modules read as they are imported, or when a file
    beside it stands for one of those modules or sets up matplotlib.
    """
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    beside = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    return bool(_ENVIRONMENT.search(code) or beside & set(sys.modules) or (folder / "matplotlibrc").exists())


def _give_home(folder: Path) -> None:
    """Where there is no home to write to, kernels keep their settings in this folder, instead of leaving one behind."""
    try:
        tempfile.TemporaryFile(dir=Path.home()).close()
    except (OSError, RuntimeError):  # rights alone do not tell: it may be no folder, or on a disk that takes nothing
        for name in ("IPYTHONDIR", "MPLCONFIGDIR"):
            os.environ.setdefault(name, str(folder))


def _failure(error: Any, notebook: Any, task: Task) -> Failure:
    """The cell's number in the notebook as it is stored, without the cells papermill adds, and the line in it."""
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    executed = [names for names in tags if "papermill-error-cell-tag" not in names]
    number = 1 + sum("injected-parameters" not in names for names in executed[: error.cell_index])
    message = next(iter(error.evalue.splitlines()), "")
    text = tidy_text(f"{error.ename}: {message}" if message else error.ename, task.shown)
    return Failure(number, text, _line(error.traceback))


def _line(traceback: list[str]) -> int:
    """The line of the cell a traceback starts from, 0 when it tells none."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(traceback))
    found = re.search(r"Cell In\[\d+\], line (\d+)", plain)
    return int(found[1]) if found else 0


def failure_text(error: BaseException) -> str:
    """An error in a line: its kind and the first line of its message."""
    text = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def report(task: Task, execute: Execute, build: Connection) -> None:
    """Be the process of a report: run it, tell how it goes and what came of it, and leave nothing behind."""
    import psutil

    from claimaudit.run.processes import end_descendants, limit_memory

    def tell(cell: int, cells: int) -> None:
        with suppress(OSError):
            build.send((cell, cells))

    limit_memory(task.megabytes)
    outcome = run(task, tell, execute)
    kernel, orders = task.waiting
    if kernel:
        os.close(orders)  # one that was not needed ends by that; another has been asked to, and may run exit handlers
        with suppress(psutil.Error):
            psutil.Process(kernel).wait(_LEAVING)
    end_descendants()
    with suppress(OSError):
        build.send(outcome)


def run(task: Task, tell: Tell, execute: Execute = execute) -> Outcome:
    """Execute a notebook and write its files into the task's folder; whatever goes wrong is part of the outcome."""
    clock = time.perf_counter()
    try:
        failure = _run(task, tell, execute)
    except Exception as error:
        failure = Failure(0, tidy_text(failure_text(error), task.shown))
    return Outcome(task.name, time.perf_counter() - clock, failure)


def _run(task: Task, tell: Tell, execute: Execute) -> Failure | None:
    notebook, failure = execute(task, tell)
    import nbformat

    from claimaudit.publish.report import export

    tidy(notebook, task.shown)
    nbformat.write(notebook, task.executed)
    if failure is None:
        task.page.write_text(export(notebook, title=task.title, meta=task.meta), encoding="utf-8", newline="\n")
    return failure
