# ruff: noqa: PLC0415 (some of it exists on some systems only)
"""Reports run side by side, each in a fresh process that is forked from one with the imports, and ended for certain."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from typing import Any

from claimaudit.run.processes import end_family
from claimaudit.run.progress import Progress
from claimaudit.run.worker import FORK, Execute, Failure, Outcome, Task, run

_GRACE = 15.0
"""Seconds beyond its own limit after which a report's process is ended from here."""
_GONE = Failure(0, "its process was ended from outside; build again, with fewer --jobs if memory is short")


@dataclass(eq=False)
class _Running:
    """A report's process, the messages it sends, and when it should have ended."""

    task: Task
    process: Any
    messages: Connection
    until: float
    started: float = field(default_factory=time.monotonic)


def warm_up() -> None:
    """Start the process that reports are forked from, so that it does its imports while the build is planned.

    To be called by the main thread.
    """
    _fork_context()
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it inherits this: Ctrl-C is the build's business
    try:
        with _fixed_hashes():
            forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, heard)


def _fork_context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["claimaudit.run.preload"])
    return context


@contextmanager
def running(tasks: Sequence[Task], jobs: int, execute: Execute, progress: Progress) -> Iterator[list[Future[Outcome]]]:
    """Run tasks in their order, ``jobs`` at once, while the body does something else; the futures are in that order too.

    When the body leaves with an error, or is interrupted, all that runs is ended first.
    """
    futures: list[Future[Outcome]] = [Future() for _ in tasks]
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(tasks, futures, jobs, execute, progress, stop))
    keeper.start()
    try:
        yield futures
        while keeper.is_alive():  # a plain join could not be interrupted
            keeper.join(0.2)
    finally:
        stop.set()
        keeper.join()
        progress.closed()


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
                    _end(item)
                    active.pop(item).set_result(outcome)
                    progress.finished(outcome)
    except BaseException as error:  # the build waits for the futures, and says what went wrong
        for future in futures:
            if not future.done():
                future.set_exception(error)
        raise
    finally:
        for item in active:
            _end(item)
        for future in futures:
            future.cancel()


def _start(task: Task, execute: Execute) -> _Running:
    context = _fork_context() if task.engine == FORK else multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_report, args=(task, execute, theirs), daemon=False)
    with theirs, _fixed_hashes():
        process.start()
    return _Running(task, process, ours, time.monotonic() + task.seconds + _GRACE)


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
    """What a process says: a cell has started, or the outcome. Its silent end is a failure."""
    try:
        while item.messages.poll():
            said = item.messages.recv()
            if isinstance(said, Outcome):
                return said
            progress.cell(item.task.name, *said)
    except (EOFError, OSError):
        return Outcome(item.task.name, time.monotonic() - item.started, _GONE)
    return None


def _overdue(item: _Running) -> Outcome:
    words = f"it took longer than {item.task.seconds:g} seconds and did not stop when told to"
    return Outcome(item.task.name, time.monotonic() - item.started, Failure(0, words))


def _end(item: _Running) -> None:
    """See a process gone, with all that it has started."""
    item.messages.close()
    end_family(item.process.pid)
    item.process.join()
    item.process.close()


# -- in the report's own process -----------------------------------------------------------------------------------


def _report(task: Task, execute: Execute, messages: Connection) -> None:
    """Run one task, say how it goes, and end. Ctrl-C is the build's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(task.megabytes)

    def tell(cell: int, cells: int) -> None:
        if cell == 1:  # the kernel is forked by now: a thread may run
            threading.Thread(target=_outlive_nobody, daemon=True).start()
        with suppress(OSError):
            messages.send((cell, cells))

    outcome = run(task, tell, execute)
    with suppress(OSError):
        messages.send(outcome)
    messages.close()


def _limit_memory(megabytes: int) -> None:
    """No process of this report may fill more; what asks for more gets a ``MemoryError``."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    except (ImportError, ValueError, OSError):  # not every system has it
        return


def _outlive_nobody() -> None:
    """End this process when the build is gone, however it came to that; its kernel ends with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
