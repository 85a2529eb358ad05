# ruff: noqa: PLC0415 (being told to stop is heeded before anything slow is imported)
"""Where the command starts: being told to stop is heeded from the first moment on, and ends all that was started."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

INTERRUPTED = 130
_STOP = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 3.0
"""Seconds to see what was killed gone."""


def main() -> None:
    """Run the command line; exit code 130 when Ctrl-C or SIGTERM came meanwhile."""
    for number in _STOP:
        signal.signal(number, _stop)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called: what is said goes nowhere
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115
    try:
        from claimaudit.cli import command

        status = command(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    if status == INTERRUPTED:
        _end_all()
    sys.exit(status)


def _stop(*_: object) -> None:
    """Say it once: what is told to stop twice still puts away what it has left."""
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_all() -> None:
    """See every process gone that was started, and say that it was interrupted."""
    import time
    from contextlib import suppress

    import psutil

    started = psutil.Process().children(recursive=True)
    for child in started:
        with suppress(psutil.Error):
            child.kill()
    until = time.monotonic() + _PATIENCE
    while any(map(_runs, started)) and time.monotonic() < until:
        time.sleep(0.01)
    with suppress(OSError):
        print("claimaudit: interrupted; finished reports are whole, nothing else was written", file=sys.stderr)


def _runs(process: psutil.Process) -> bool:
    """Whether a process has not ended yet; one that nobody has waited for has."""
    try:
        return process.status() != "zombie"
    except Exception:
        return False


if __name__ == "__main__":
    main()
