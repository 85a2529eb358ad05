# ruff: noqa: PLC0415 (being told to stop is heeded before anything slow is imported)
"""Where the command starts: being told to stop is heeded from the first moment on, and ends all that was started."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

INTERRUPTED = 130
_STOP = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run the command line; exit code 130 when Ctrl-C or SIGTERM came meanwhile."""
    for number in _STOP:
        signal.signal(number, _stop)
    try:
        from claimaudit.cli import command

        status = command(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    if status == INTERRUPTED:
        _end()
    sys.exit(status)


def _stop(*_: object) -> None:
    """Say it once: what is told to stop twice still puts away what it has left."""
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end() -> None:
    """Say that it was interrupted and be gone, with every process that was started."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            child.kill()
    with suppress(OSError):
        sys.stdout.flush()
        print(
            "claimaudit: interrupted; finished reports are whole, nothing else was written", file=sys.stderr, flush=True
        )
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
