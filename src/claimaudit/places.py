"""Where things are: the project the package stands in, the dossier that is meant, and where its reports go.

A package that was installed alone has no project around it: then nothing is looked for, or written, in the installation.
"""

from __future__ import annotations

import os
from pathlib import Path

from claimaudit.errors import BuildError

PACKAGE = Path(__file__).resolve().parent
"""The installed package."""
FETCHED = "CLAIMAUDIT_FETCHED_DOSSIER"
"""The variable that gives a report made on a cluster the folder that stands for the project's own dossier there."""
REPORTS = "reports"
"""The folder of the reports."""


def project() -> Path | None:
    """The root of the source tree the package is used from; ``None`` where it was installed alone."""
    root = PACKAGE.parents[1]
    return root if PACKAGE.parent.name == "src" and is_dossier(root / "data") else None


def is_dossier(folder: Path) -> bool:
    """Whether a folder holds claims, and so is a dossier or meant to be one."""
    return (folder / "claims.toml").is_file()


def here() -> Path | None:
    """The folder the command was called from where that is a dossier, and not the project's own; else ``None``."""
    root, folder = project(), Path.cwd()
    own = root is not None and folder == (root / "data").resolve()
    return folder if is_dossier(folder) and not own else None


def dossier(named: str | Path | None = None) -> Path:
    """The dossier that is meant: the one named (or fetched), else the current folder where it is one, else the project's own.

    Raises ``BuildError`` where there is none of them.
    """
    if named or (named := os.environ.get(FETCHED)):
        return Path(named)
    root, found = project(), here()
    if found is None and root is None:
        raise BuildError(
            "no dossier is named: go into a folder that holds claims.toml, name one with --dossier DIR, or make one "
            "with 'claimaudit new DIR'"
        )
    return found or root / "data"  # type: ignore[operator] # one of the two is there


def reports(named: Path | None = None) -> Path:
    """Where reports go that were given no folder: into that of the dossier, named or meant; beside it where it is called data."""
    root = project()
    folder = named or here() or (root / "data" if root else Path.cwd())
    folder = folder.resolve()
    return (folder.parent if folder.name == "data" else folder) / REPORTS
