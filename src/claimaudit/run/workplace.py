"""Where a build keeps unfinished files, and the locks that keep builds out of each other's way."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from claimaudit.errors import BuildError

_WORKPLACE = ".build-"


@contextmanager
def workplace_in(out: Path) -> Iterator[Path]:
    """A folder for unfinished files, on the same disk as the finished ones; gone afterwards.

    It is locked as long as its build lives, so that the next build can tell one that a killed build has left.
    """
    try:
        (out / "notebooks").mkdir(parents=True, exist_ok=True)
        for left in out.glob(f"{_WORKPLACE}*"):
            with suppress(BlockingIOError, OSError), _locked(left, wait=False):
                shutil.rmtree(left, ignore_errors=True)
        workplace = Path(tempfile.mkdtemp(prefix=_WORKPLACE, dir=out)).absolute()
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
        shutil.rmtree(workplace, ignore_errors=True)
        with suppress(OSError):  # an interrupted first build leaves no empty folder
            (out / "notebooks").rmdir()


@contextmanager
def one_at_a_time(out: Path) -> Iterator[None]:
    """Two builds into one folder put their files into place one after the other."""
    (out / "notebooks").mkdir(exist_ok=True)
    with _locked(out / "notebooks"):
        yield


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
