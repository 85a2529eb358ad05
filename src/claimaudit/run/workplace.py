"""Where a build keeps unfinished files, and the locks that keep builds out of each other's way."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from claimaudit.errors import BuildError
from claimaudit.run.folder import EXECUTED_IN, mark, unmark

_WORKPLACE = ".claimaudit-build-"


@contextmanager
def workplace_in(out: Path, article: Mapping[str, str]) -> Iterator[Path]:
    """A folder for unfinished files, on the same disk as the finished ones; gone afterwards.

    The folder it stands in is marked as the audit's first, and the mark goes again where nothing was put there. It is
    locked as long as its build lives, so that the next build can tell one that a killed build has left. Raises ``BuildError``
    where nothing can be written there, or no longer.
    """
    workplace: Path | None = None
    try:
        try:
            with stop_held():
                workplace = _opened(out, article)
        except OSError as error:
            raise BuildError(
                f"reports cannot be written into {out.name!r} ({error.strerror}); choose another --out"
            ) from None
        try:
            with _locked(workplace):
                yield workplace
        except OSError as error:
            raise BuildError(f"a report could not be written ({error.strerror}); make room and build again") from error
    finally:
        with stop_held():
            if workplace:
                shutil.rmtree(workplace, ignore_errors=True)
            with suppress(OSError):  # an interrupted first build leaves no empty folder
                (out / EXECUTED_IN).rmdir()
            unmark(out)


def _opened(out: Path, article: Mapping[str, str]) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    if not mark(out, article):
        for left in out.glob(f"{_WORKPLACE}*"):
            with suppress(BlockingIOError, OSError), _locked(left, wait=False):
                shutil.rmtree(left, ignore_errors=True)
    (out / EXECUTED_IN).mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=_WORKPLACE, dir=out)).absolute()


@contextmanager
def one_at_a_time(out: Path) -> Iterator[None]:
    """Two builds into one folder put their files into place one after the other, and are not stopped half-way."""
    (out / EXECUTED_IN).mkdir(exist_ok=True)
    with _locked(out / EXECUTED_IN), stop_held():
        yield


@contextmanager
def stop_held() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until the body is through, where the system can have them wait."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a folder's lock, where the system has such locks; they end with the process that holds them."""
    try:
        import fcntl  # noqa: PLC0415 (not every system has it)
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)
