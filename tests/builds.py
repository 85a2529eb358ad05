"""Builds of tiny notebooks, and looking at what runs and what lies on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from claimaudit.run import worker
from claimaudit.run.build import Built, build
from claimaudit.run.notebooks import all_notebooks
from claimaudit.run.plan import plan


def run(
    folder: Path,
    *names: str,
    out: str = "out",
    execute: worker.Execute = worker.execute,
    options: dict[str, Any] | None = None,
    force: bool = False,
    **given: str,
) -> Built:
    """Build notebooks of ``folder/notebooks`` on the dossier in ``folder/dossier`` into ``folder/out``."""
    given = {"dossier": str(folder / "dossier"), **given}
    names = names or [str(notebook.path) for notebook in all_notebooks(folder / "notebooks")]
    asked = plan(names, given, out=folder / out, **{"jobs": 2, **(options or {})})
    return build(asked, execute=execute, force=force)


def files(out: Path) -> list[str]:
    """The names of all files below a folder."""
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def texts(out: Path) -> dict[str, str]:
    """The files that are the same from build to build, by name."""
    return {name: (out / name).read_bytes().decode(errors="replace") for name in files(out) if name != "manifest.json"}


def alive(pid: int) -> bool:
    """Whether a process runs (one that has ended but was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def within(seconds: float, done: Callable[[], bool]) -> bool:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return done()
