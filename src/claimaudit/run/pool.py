"""Reports run side by side, each in a fresh process that is forked from one with the imports, and ended for certain."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

import psutil

from claimaudit.run.forkserver import ForkServer
from claimaudit.run.machine import can_fork
from claimaudit.run.processes import end_family
from claimaudit.run.progress import Progress
from claimaudit.run.worker import FORK, Execute, Failure, Outcome, Task, report

_GRACE = 15.0
"""Seconds beyond its own limit after which a report's process is ended from here."""
_GONE = Failure(0, "its process was ended from outside; build again, with fewer --jobs if memory is short")

Running = Callable[[Sequence[Task], int, Execute, Progress], AbstractContextManager[list["Future[Outcome]"]]]
"""How tasks are run side by side while a body does something else; ``running`` does it on this machine."""


@dataclass(eq=False)
class _Running:
    """A report, what is heard of it, when it should have ended, and its process when it has told its number."""

    task: Task
    messages: Connection
    until: float
    process: psutil.Process | None = None
    started: float = field(default_factory=time.monotonic)


def warm_up() -> None:
    """Start the process that reports are forked from, so that it does its imports while the build is planned."""
    with suppress(OSError):  # whoever needs it will say so
        ForkServer.running()


@contextmanager
def running(tasks: Sequence[Task], jobs: int, execute: Execute, progress: Progress) -> Iterator[list[Future[Outcome]]]:
    """Run tasks in their order, ``jobs`` at once, while the body does something else; the futures are in that order too.

    When the body leaves with an error, or is interrupted, all that runs is ended first.
    """
    futures: list[Future[Outcome]] = [Future() for _ in tasks]
    stop, ended = threading.Event(), threading.Event()

    def keep() -> None:
        try:
            _keep(tasks, futures, jobs, execute, progress, stop)
        finally:
            ended.set()

    threading.Thread(target=keep).start()
    try:
        yield futures
        while not ended.wait(0.2):  # not the thread's join: Python takes a thread for ended whose join was interrupted
            pass
    finally:
        stop.set()
        ended.wait()
        progress.closed()
        if any(future.done() and not future.cancelled() and _was_killed(future) for future in futures):
            ForkServer.end()  # and all with it that the killed report has left behind


def _was_killed(future: Future[Outcome]) -> bool:
    return future.exception() is None and future.result().failure is _GONE


def _keep(
    tasks: Sequence[Task],
    futures: Sequence[Future[Outcome]],
    jobs: int,
    execute: Execute,
    progress: Progress,
    stop: threading.Event,
) -> None:
    """Start processes, hear what they say, and see to it that none outlives its time or this build."""
    waiting = list(zip(tasks, futures, strict=True))[::-1]
    active: dict[_Running, Future[Outcome]] = {}
    try:
        while (waiting or active) and not stop.is_set():
            while waiting and len(active) < jobs:
                task, future = waiting.pop()
                try:
                    active[_start(task, execute)] = future
                    progress.began(task.name)
                except OSError as error:
                    future.set_result(
                        Outcome(task.name, 0.0, Failure(0, f"it could not be started ({error.strerror})"))
                    )
            heard = wait([item.messages for item in active], timeout=0.2) if active else []
            for item in list(active):
                outcome = _hear(item, progress) if item.messages in heard else None
                if outcome is None and time.monotonic() > item.until:
                    outcome = _overdue(item)
                if outcome:
                    _end(item, progress)
                    active.pop(item).set_result(outcome)
                    progress.finished(outcome)
    except BaseException as error:  # the build waits for the futures, and says what went wrong
        for future in futures:
            if not future.done():
                future.set_exception(error)
    finally:
        for item in active:
            _end(item, progress)
        for future in futures:
            future.cancel()


def _start(task: Task, execute: Execute) -> _Running:
    ours, theirs = multiprocessing.Pipe()
    with theirs:
        if can_fork():
            server = ForkServer.running()
            if task.dossier and task.engine == FORK:
                server.read_ahead(task.dossier)
            server.fork(theirs)
            ours.send((task.engine == FORK, task.megabytes, sys.path, str(Path.cwd())))
            ours.send((task, execute))
        else:
            with _fixed_hashes():
                multiprocessing.get_context("spawn").Process(target=report, args=(task, execute, theirs)).start()
    return _Running(task, ours, time.monotonic() + task.seconds + _GRACE)


@contextmanager
def _fixed_hashes() -> Iterator[None]:
    """Processes started meanwhile, and their kernels, print sets in the same order each time."""
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = before or "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONHASHSEED"]


def _hear(item: _Running, progress: Progress) -> Outcome | None:
    """What a process says: its number, that a cell has started, or the outcome. Its silent end is a failure."""
    try:
        while item.messages.poll():
            said = item.messages.recv()
            if isinstance(said, Outcome):
                return said
            if isinstance(said, int):
                with suppress(psutil.NoSuchProcess):
                    item.process = psutil.Process(said)
            else:
                progress.cell(item.task.name, *said)
    except (EOFError, OSError):
        return Outcome(item.task.name, time.monotonic() - item.started, _GONE)
    return None


def _overdue(item: _Running) -> Outcome:
    words = f"it took longer than {item.task.seconds:g} seconds and did not stop when told to"
    return Outcome(item.task.name, time.monotonic() - item.started, Failure(0, words))


def _end(item: _Running, progress: Progress) -> None:
    """See a process gone, with all that it has started; one that has not told its number yet ends when unheard."""
    if item.process is None:
        _hear(item, progress)
    item.messages.close()
    if item.process:
        end_family(item.process)
        with suppress(psutil.Error):
            item.process.wait()
