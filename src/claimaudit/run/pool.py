"""Worker processes for a build, started fresh and ended for certain."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from claimaudit.run.progress import Progress
from claimaudit.run.worker import Execute, Failure, Outcome, Task, run, start_worker

_PATIENCE = 5.0
"""Seconds a worker has to shut its kernel down before it is killed."""


def cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def running(tasks: Sequence[Task], jobs: int, execute: Execute, progress: Progress) -> Iterator[list[Future[Outcome]]]:
    """Run tasks in ``jobs`` worker processes while the body does something else; the futures are in the tasks' order.

    When the body leaves with an error, or is interrupted, the workers and their kernels are ended first.
    """
    others = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(max(1, min(jobs, len(tasks))), mp_context=spawn, initializer=start_worker)
    try:
        progress.started(len(tasks))
        futures = [pool.submit(run, task, execute) for task in tasks]
        for future, task in zip(futures, tasks, strict=True):
            future.add_done_callback(lambda done, name=task.name: _tell(done, name, progress))
        yield futures
        pool.shutdown(wait=True)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end([child for child in multiprocessing.active_children() if child not in others])
        raise
    finally:
        progress.closed()


def outcome_of(future: Future[Outcome], name: str) -> Outcome:
    """What became of a task, also when its worker did not live to say so."""
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(name, 0.0, Failure(0, "a worker process was ended from outside; build again with fewer --jobs"))


def _tell(future: Future[Outcome], name: str, progress: Progress) -> None:
    if not future.cancelled():
        progress.finished(outcome_of(future, name))


def _end(children: Sequence[multiprocessing.process.BaseProcess]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.join(_PATIENCE)
        if child.is_alive():
            child.kill()
            child.join()
