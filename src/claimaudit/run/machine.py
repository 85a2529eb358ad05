"""What this machine can do: processors, and whether kernels can be forked. Standard library only."""

from __future__ import annotations

import os
import socket
import sys


def cores() -> int:
    """The number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether reports and kernels can be forked from a process that holds the imports (Linux)."""
    return sys.platform == "linux" and hasattr(socket, "send_fds")
