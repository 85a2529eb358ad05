# ruff: noqa: PLC0415 (dask is an extra, and slow to import)
"""The machine that asks: a cluster of its own or at an address, which of its workers may be used, and work handed out to them."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Event
from typing import Any

from claimaudit import inert
from claimaudit.cluster.chunks import why
from claimaudit.cluster.folders import Packed
from claimaudit.cluster.program import Program, program
from claimaudit.cluster.tasks import Wrong, carried
from claimaudit.errors import BuildError
from claimaudit.run.machine import cores

LOCAL = "local"
"""In place of an address: a cluster of this machine's own, for as long as the command runs."""
_NOBODY = "no worker is left that could do it"
_ANSWERS = 10.0
"""Seconds a scheduler has to answer."""
_PATIENCE = 60.0
"""Seconds without any worker after which the rest is given up."""
_LOOK = 2.0
"""Seconds between two looks at the workers while nothing comes back."""
_AHEAD = 4
"""Tasks handed out for each thread of the workers, so that none waits for us; more would only fill the scheduler."""

Call = tuple[Any, Packed]
"""What a task is told, and the folder it needs."""


@dataclass(frozen=True)
class Lost:
    """A task that came to nothing, and why; ``suspect`` where workers were lost with it, perhaps by another's fault."""

    why: str
    suspect: bool = False


@dataclass
class Cluster:
    """A connection with the workers that may be used; ``refused`` says of each other in a sentence why not."""

    client: Any
    refused: tuple[str, ...] = ()

    def survey(self) -> tuple[list[str], tuple[str, ...]]:
        """The addresses of the workers with the same program, and a sentence on each other."""
        found: Mapping[str, Any] = self.client.run(program, on_error="return")
        good = [address for address, other in found.items() if other == program()]
        return good, tuple(_refusal(address, other) for address, other in found.items() if address not in good)

    def threads(self) -> int:
        """How many tasks the workers can do at once."""
        return sum(self.client.nthreads().values())


@contextmanager
def connected(scheduler: str, jobs: int | None = None) -> Iterator[Cluster]:
    """The cluster at an address, or one of this machine (``local``) with so many workers.

    Raises ``BuildError`` in one sentence where Dask is not installed, no scheduler answers, or no worker runs the same program.
    """
    if find_spec("distributed") is None:
        raise BuildError("--scheduler needs Dask, which is not installed: pip install 'claimaudit[dask]'")
    from distributed import Client

    if scheduler == LOCAL:
        with _own(jobs or cores()) as own, Client(own, set_as_default=False) as client:
            yield _checked(client)
        return
    _hush()
    try:
        client = Client(scheduler, timeout=_ANSWERS, set_as_default=False)
    except (OSError, ValueError, TimeoutError, TypeError):
        example = "such as tcp://10.0.0.5:8786, or local"
        raise BuildError(
            f"no scheduler answers at {inert.line(scheduler)}; give --scheduler its address, {example}"
        ) from None
    with client:
        yield _checked(client)


@contextmanager
def _own(workers: int) -> Iterator[Any]:
    """A cluster of this machine: a process a worker, no page of its own, its files in a folder that goes with it."""
    from distributed import LocalCluster

    _hush()
    folder = tempfile.mkdtemp(prefix="claimaudit-dask-")
    try:
        with LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hush() -> None:
    """Dask's own notes are no part of what a command says; what matters is told as an outcome."""
    for name in (
        "distributed",
        "distributed.client",
        "distributed.worker",
        "distributed.nanny",
        "distributed.scheduler",
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _checked(client: Any) -> Cluster:
    with suppress(TimeoutError):
        client.wait_for_workers(1, timeout=_ANSWERS)
    good, refused = Cluster(client).survey()
    if not good and refused:
        raise BuildError(f"no worker can be used: {refused[0]}")
    if not good:
        raise BuildError("the scheduler has no worker; start one with 'dask worker ADDRESS'")
    return Cluster(client, refused)


def _refusal(address: str, other: Any) -> str:
    remedy = "install there what runs here"
    if isinstance(other, Program):
        return f"worker {address} is refused: it runs {program().differs(other)}; {remedy}"
    return f"worker {address} is refused: claimaudit cannot be run there ({inert.line(why(other))}); {remedy}"


def gathered(
    cluster: Cluster, do: Callable[..., Any], more: Callable[[], Call | None], stop: Event | None = None
) -> Iterator[tuple[Call, Any]]:
    """Each call with what came of it, as they come; ``do(argument, digest, program, bytes)`` runs on a worker.

    ``more`` gives the next call, or nothing for now; only a few are handed out at a time. A folder is sent as a task of its
    own, once. A lost worker's tasks run again by Dask's own means; what fails, or loses too many workers, is ``Lost``.
    """
    from distributed import wait

    work, since = _Work(cluster, do), time.monotonic()
    looked, threads = since, cluster.threads()
    try:
        while not (stop and stop.is_set()):
            while len(work.running) < max(8, _AHEAD * threads) and (call := more()):
                work.submit(*call)
            if not work.running:
                return
            done: set[Any] = set()
            with suppress(TimeoutError), cluster.client.as_current():
                done = wait(list(work.running), timeout=_LOOK, return_when="FIRST_COMPLETED").done
            for future in done:
                yield from work.outcome(future)
            now = time.monotonic()
            if now - looked >= _LOOK:
                looked, threads = now, cluster.threads()
            if done or threads:
                since = now
            elif now - since > _PATIENCE:
                yield from work.given_up()
    finally:
        work.end()


class _Work:
    """Futures with what they are of, and the folders they lean on as long as they do."""

    def __init__(self, cluster: Cluster, do: Callable[..., Any]) -> None:
        self.cluster, self.do = cluster, do
        self.running: dict[Any, Call] = {}
        self.folders: dict[str, Any] = {}
        self.workers: list[str] | None = cluster.survey()[0] if cluster.refused else None
        self.run, self.count = uuid.uuid4().hex[:12], 0

    def submit(self, argument: Any, folder: Packed) -> None:
        """Hand out a call."""
        client, used = self.cluster.client, {held.digest for _, held in self.running.values()}
        for digest in set(self.folders) - used - {folder.digest}:
            del self.folders[digest]
        if folder.digest not in self.folders:
            key = f"claimaudit-folder-{self.run}-{folder.digest}"
            self.folders[folder.digest] = client.submit(carried, folder.raw, key=key, workers=self.workers)
        self.count += 1
        future = client.submit(
            self.do,
            argument,
            folder.digest,
            program().digest,
            self.folders[folder.digest],
            key=f"claimaudit-{self.do.__name__}-{self.run}-{self.count}",
            workers=self.workers,
        )
        self.running[future] = (argument, folder)

    def outcome(self, future: Any) -> Iterator[tuple[Call, Any]]:
        """What came of a future; nothing where it is handed out again, since a worker of another program had it."""
        argument, folder = self.running.pop(future)
        try:
            result = future.result()  # where it was lost with its worker since, it is made again
        except (Exception, CancelledError) as error:
            yield (argument, folder), Lost(_reason(error), _is_loss(error))
            return
        if not isinstance(result, Wrong):
            yield (argument, folder), result
            return
        self.workers, refused = self.cluster.survey()
        if self.workers:
            self.submit(argument, folder)
        else:
            yield (argument, folder), Lost(next(iter(refused), _NOBODY))

    def given_up(self) -> Iterator[tuple[Call, Any]]:
        """What is handed out comes to nothing."""
        calls = list(self.running.values())
        self.end()
        yield from ((call, Lost(_NOBODY)) for call in calls)

    def end(self) -> None:
        """Give up what still runs."""
        with suppress(Exception):  # the scheduler may be gone
            self.cluster.client.cancel(list(self.running), force=True)
        self.running.clear()
        self.folders.clear()


def _is_loss(error: BaseException) -> bool:
    from distributed import KilledWorker

    return isinstance(error, KilledWorker)


def _reason(error: BaseException) -> str:
    if isinstance(error, CancelledError):
        return "the scheduler gave it up"
    if _is_loss(error):
        return "every worker that tried it was lost; it may need more memory than they have"
    return why(error)
