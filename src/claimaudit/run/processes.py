"""Ending processes for certain."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import psutil


def end_family(leader: int) -> None:
    """End a process, its process group if it leads one, and all that descends from it, as far as they still run."""
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        family = [*psutil.Process(leader).children(recursive=True), psutil.Process(leader)]
    groups = {leader, *(process.pid for process in family)}
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
