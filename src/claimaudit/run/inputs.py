"""Digests of everything a report depends on. Standard library only: a build with nothing to do imports no more."""

from __future__ import annotations

import hashlib
import json
import platform
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]
MISSING = "missing"
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")


def digest_of(value: Any) -> str:
    """The digest of a JSON value; the order of names in a mapping is irrelevant."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file's bytes; ``missing`` where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return MISSING


def names_digest(folder: Path, endings: Iterable[str] = ("",)) -> str:
    """The digest of the names in a folder that end so; ``missing`` where there is none."""
    wanted = tuple(endings)
    try:
        names = sorted(item.name for item in folder.iterdir())
        return digest_of([name for name in names if name.endswith(wanted) and name not in _LEFT_OUT])
    except OSError:
        return MISSING


def files_digest(folder: Path) -> str:
    """The digest of the files in a folder, names and bytes, without those in folders below it."""
    files = sorted(path for path in folder.glob("*") if path.is_file())
    return digest_of([[path.name, file_digest(path)] for path in files])


def tree_digest(folder: Path, endings: Iterable[str] = ()) -> str:
    """The digest of all files below a folder, names and bytes; with ``endings``, of files that end so."""
    wanted = tuple(endings)
    files = (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(path.parts) & set(_LEFT_OUT) and (not wanted or path.name.endswith(wanted))
    )
    return digest_of([[path.relative_to(folder).as_posix(), file_digest(path)] for path in files])


@cache
def program_digest() -> str:
    """The digest of what runs: the package's own files, the lock, the installed packages and this Python.

    Kept for the life of the process, which runs the source it has read.
    """
    installed = {Path(sysconfig.get_paths()[name]) for name in ("purelib", "platlib")}
    versions = sorted(path.name for folder in installed for path in folder.glob("*.dist-info"))
    return digest_of(
        {
            "package": tree_digest(PACKAGE),
            "lock": file_digest(PROJECT / "requirements.lock"),
            "installed": versions,
            "python": [platform.python_version(), platform.python_implementation(), platform.system()],
        }
    )
