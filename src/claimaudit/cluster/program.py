"""Which program runs here: a worker that runs another is given nothing, as its verdicts could be others."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from claimaudit import __version__
from claimaudit.run.up_to_date import PACKAGE, digest_of, tree_digest
from claimaudit.verdict.models import registered

PACKAGES = ("ipykernel", "matplotlib", "nbconvert", "nbformat", "numpy", "pandas", "papermill", "seaborn")
"""Packages on which the bytes of a report rest."""


@dataclass(frozen=True)
class Program:
    """What must be the same everywhere: versions of the program and of Python, its source with that of the models, packages."""

    claimaudit: str
    python: str
    source: str
    packages: tuple[tuple[str, str], ...] = field(default=())

    @property
    def digest(self) -> str:
        """All of it in one."""
        return digest_of([self.claimaudit, self.python, self.source, self.packages])

    def differs(self, other: Program) -> str:
        """What another has that this has not, in words; empty where it is the same."""
        found = []
        if self.claimaudit != other.claimaudit:
            found.append(f"claimaudit {other.claimaudit} and not {self.claimaudit}")
        if self.python != other.python:
            found.append(f"Python {other.python} and not {self.python}")
        mine = dict(self.packages)
        found += [
            f"{name} {other_version or 'missing'} and not {mine[name]}"
            for name, other_version in other.packages
            if mine.get(name) != other_version
        ]
        if not found and self.source != other.source:
            found.append("another source of claimaudit or of a model under the same version")
        return ", ".join(found)


@cache
def program() -> Program:
    """The program of this process. Kept for the life of the process, which runs the source it has read."""
    return Program(
        __version__, platform.python_version(), _source(), tuple((name, _version(name)) for name in PACKAGES)
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _source() -> str:
    """The digest of the package's own files and of the packages that offer models."""
    folders = {"claimaudit": PACKAGE}
    for name in {entry.value.partition(".")[0].partition(":")[0] for entry in registered().values()}:
        found = find_spec(name)
        places = found.submodule_search_locations if found else None
        if places:
            folders[name] = Path(places[0])
    return digest_of({name: tree_digest(folder) for name, folder in folders.items()})
