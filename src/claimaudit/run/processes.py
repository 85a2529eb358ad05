"""Ending processes for certain."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import suppress

import psutil

_SIGNAL_AT_PARENTS_DEATH, _ADOPT_ORPHANS = 1, 36
"""Numbers of Linux's ``prctl``."""


def end_family(leader: psutil.Process) -> None:
    """End a process, its process group if it leads one, and all that descends from it, as far as they still run."""
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        family = [*leader.children(recursive=True), leader]
    for process in family:
        with suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getpgid(process.pid) == process.pid:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()


def end_descendants() -> None:
    """End all that descends from this process, also what its children have left behind (see ``adopt_orphans``)."""
    for child in psutil.Process().children():
        end_family(child)


def adopt_orphans() -> None:
    """From now on be the parent of whatever a descendant leaves behind, so that it is found at the end."""
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1)


def die_with(parent: int) -> None:
    """This process ends at once when its parent does, whatever it is busy with."""
    ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # it was quicker
        os._exit(1)


def limit_memory(megabytes: int) -> None:
    """Neither this process nor one it starts may fill more; what asks for more gets a ``MemoryError``."""
    try:
        import resource  # noqa: PLC0415 (not every system has it)

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    except (ImportError, ValueError, OSError):
        return
