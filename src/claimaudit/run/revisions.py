"""A dossier and its accepted verdicts as they were at a revision of the repository: ``git archive`` into a temporary folder."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError

_SECONDS = 60


@dataclass(frozen=True)
class Repository:
    """A repository (``root``) and the place of a dossier in it (``place``, as git writes paths)."""

    root: Path
    place: str

    def commit(self, name: str) -> str:
        """The full name of a revision; ``BuildError`` when there is none."""
        if name.startswith("-"):  # an option to git, no revision
            raise BuildError(f"{name!r} is no revision; name one that 'git log' shows")
        found = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if not found:
            raise BuildError(
                f"{name!r} is no revision of the repository of {self.place}, and no folder of results; "
                "name one that 'git log' shows, or a folder that a build has written"
            )
        return found.decode().strip()

    def last_change(self, path: Path) -> str | None:
        """The newest revision that changed a file; ``None`` where the repository does not know the file, or it was edited since."""
        try:
            place = path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return None
        found = _git(self.root, "log", "-1", "--format=%H", "--", place)
        if not found or _git(self.root, "status", "--porcelain", "--", place):
            return None
        return found.decode().strip() or None


def repository_of(dossier: Path) -> Repository | None:
    """The repository a dossier lies in; ``None`` where there is none, or no git."""
    folder = dossier.resolve()
    found = _git(folder, "rev-parse", "--show-toplevel")
    if not found:
        return None
    root = Path(found.decode().rstrip("\n")).resolve()
    return Repository(root, folder.relative_to(root).as_posix()) if folder.is_relative_to(root) else None


@contextmanager
def dossier_at(repository: Repository, revision: str) -> Iterator[Dossier]:
    """The dossier at a revision, loaded and checked from a temporary folder that is gone afterwards.

    ``BuildError`` when the revision has no such dossier, ``DossierError`` when what it has is at fault.
    """
    commit = repository.commit(revision)
    raw = _git(repository.root, "archive", "--format=tar", commit, "--", repository.place)
    if not raw:
        raise BuildError(f"revision {revision} has no dossier at {repository.place}; name one that has")
    folder = Path(tempfile.mkdtemp(prefix="claimaudit-"))
    try:
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            archive.extractall(folder, filter="data")
        yield replace(Dossier.load(folder / repository.place), path=folder / repository.place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints; nothing where it fails or is not there. No hook, pager or prompt of the repository's owner runs."""
    command = ["git", "-C", str(folder), "--no-pager", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""
