"""What a worker does: have a folder by its digest, once, and judge or build from it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from claimaudit.cluster.chunks import Chunk, Judged, judge
from claimaudit.cluster.folders import fetched
from claimaudit.cluster.program import program
from claimaudit.places import FETCHED
from claimaudit.run.forkserver import ForkServer
from claimaudit.run.machine import can_fork
from claimaudit.run.pool import running
from claimaudit.run.progress import Progress
from claimaudit.run.tidy import machine_paths
from claimaudit.run.up_to_date import PROJECT
from claimaudit.run.worker import Execute, Outcome, Task, Tell

_FOLDERS = "claimaudit-folders"
_starting = Lock()


@dataclass(frozen=True)
class Wrong:
    """A worker that does nothing, since another program runs there than where the work comes from."""


@dataclass(frozen=True)
class Report:
    """A report to be made elsewhere: its task with places below the folder that is sent, and what it is told there.

    ``dossier`` is the place of the dossier, ``own`` whether it stands for the project's own; ``project`` whether the folder is
    that of the project; ``environment`` are variables that the notebook names as its inputs.
    """

    task: Task
    notebook: str
    dossier: str
    own: bool
    project: bool
    environment: Mapping[str, str]
    execute: Execute


@dataclass(frozen=True)
class Reported:
    """How it went, and the bytes of the executed notebook and of the page, as far as there are any."""

    outcome: Outcome
    executed: bytes | None = None
    page: bytes | None = None


def carried(raw: bytes) -> bytes:
    """A folder as bytes, as a task of its own: Dask hands it on, and has it again when the worker that held it is lost."""
    return raw


def judged(chunk: Chunk, digest: str, wanted: str, raw: bytes) -> Judged | Wrong:
    """Judge a piece of a sweep on the dossier of a digest; ``wanted`` is the digest of the program."""
    if program().digest != wanted:
        return Wrong()
    return judge(chunk, fetched(digest, raw, _local() / _FOLDERS))


def reported(report: Report, digest: str, wanted: str, raw: bytes) -> Reported | Wrong:
    """Make a report from the folder of a digest, in a fresh process of this worker."""
    if program().digest != wanted:
        return Wrong()
    root = fetched(digest, raw, _local() / _FOLDERS)
    work = Path(tempfile.mkdtemp(prefix="claimaudit-report-", dir=_local()))
    try:
        task = _here(report, root, work)
        if can_fork():
            with _starting:  # one process to fork from, however many threads there are
                ForkServer.running()
        environment = {**report.environment, **({FETCHED: str(root / report.dossier)} if report.own else {})}
        with running([task], 1, partial(_executed, report.execute, environment), Progress()) as futures:
            pass
        return Reported(futures[0].result(), _bytes(task.executed), _bytes(task.page))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _here(report: Report, root: Path, work: Path) -> Task:
    """The task with the places of this machine, and what is shown in their place."""
    path, dossier = root / report.notebook, root / report.dossier
    given = {**report.task.parameters}
    if "dossier" in given:
        given["dossier"] = str(dossier)
    folders = [(dossier.name, dossier), ("reports", work), ("notebooks", path.parent)]
    shown = machine_paths([*folders, *[("project", root)] * report.project, ("project", PROJECT)])
    return replace(report.task, path=path, folder=work, parameters=given, shown=shown)


def _executed(execute: Execute, environment: Mapping[str, str], task: Task, tell: Tell) -> Any:
    """In the report's process: its kernel is given this environment."""
    os.environ.update(environment)
    return execute(task, tell)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _local() -> Path:
    """The folder of this worker on its own disk; it goes with the worker."""
    from distributed import get_worker  # noqa: PLC0415 (only a worker has it)

    return Path(get_worker().local_directory)
