"""What is dear to make and only looked at is made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from claimaudit.cli import main


def made_once(base: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that ``make(folder)`` fills; ``base`` is this worker's own temporary folder.

    Workers of pytest-xdist share the parent folder (its grouping of tests by worker is no help: it did not keep them
    together). The first to take the lock makes it, the others wait for it; what failed is tried again by the next, so
    that each says why.
    """
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def site(base: Path) -> Path:
    """The folder of the whole site, built by the command."""

    def build(out: Path) -> None:
        run = CliRunner().invoke(main, ["build", "--out", str(out), "--quiet"], catch_exceptions=False)
        assert run.exit_code == 0, run.output

    return made_once(base, "site", build)
