"""The whole site, built once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from click.testing import CliRunner

from claimaudit.cli import main


def built_once(base: Path) -> Path:
    """The folder of a site built by the command; ``base`` is this worker's own temporary folder.

    Workers of pytest-xdist share the parent folder. The first to take the lock builds, the others wait for it and find
    the site; a build that failed is tried again by the next, so that each says why.
    """
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    out, done = shared / "site", shared / "site.done"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            run = CliRunner().invoke(main, ["build", "--out", str(out), "--quiet"], catch_exceptions=False)
            assert run.exit_code == 0, run.output
            done.touch()
    return out
