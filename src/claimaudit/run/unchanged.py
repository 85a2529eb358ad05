"""Whether a build would change anything, answered from digests alone: no notebook, dossier or library is opened."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimaudit.run.inputs import PROJECT, digest_of, file_digest, files_digest, program_digest, tree_digest

MANIFEST = "manifest.json"
_COARSE = 50_000_000
"""Nanoseconds within which a disk's clock may not tell two changes apart."""


@dataclass(frozen=True)
class Asked:
    """What a build was asked for on the command line, as texts."""

    names: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    vary: Mapping[str, Sequence[str]] = field(default_factory=dict)
    out: str | None = None


def folder(asked: Asked) -> Path:
    """Where the reports go."""
    return Path(asked.out) if asked.out else PROJECT / "reports"


def inputs(asked: Asked) -> str:
    """The digest of all that a build depends on, as far as notebooks read nothing but the dossier and files beside them."""
    dossier = _dossier(asked)
    given = {name: text for name, text in asked.given.items() if name != "dossier"}
    beside = {str(folder): files_digest(folder) for folder in _beside(asked)}
    return digest_of(
        {
            "names": list(asked.names),
            "beside": beside,
            "given": given,
            "vary": {name: list(values) for name, values in asked.vary.items()},
            "dossier": [str(dossier), tree_digest(dossier)],
            "notebooks": tree_digest(PROJECT / "notebooks"),
            "cite": file_digest(PROJECT / "CITATION.cff"),
            "program": program_digest(),
        }
    )


def covers(asked: Asked, path: Path) -> bool:
    """Whether ``inputs`` looks at a file or folder."""
    beside = _beside(asked)
    whole = _dossier(asked), PROJECT / "notebooks"
    return path in beside or path.parent in beside or any(path.is_relative_to(folder) for folder in whole)


def _dossier(asked: Asked) -> Path:
    return Path(asked.given["dossier"]).absolute() if asked.given.get("dossier") else PROJECT / "data"


def _beside(asked: Asked) -> set[Path]:
    """The folders of the notebooks that are named by their paths."""
    return {Path(name).parent.absolute() for name in asked.names if name.endswith(".ipynb") or os.sep in name}


def is_done(asked: Asked, inputs: str) -> bool:
    """Whether a build of the same inputs has left all its files in the folder, and they are as it left them."""
    out = folder(asked)
    record = _record(out)
    files = record.get("files")
    if not files or record.get("inputs") != inputs:
        return False
    stamps = record.get("stamps")
    stamps = stamps if isinstance(stamps, dict) else {}
    with suppress(OSError):
        known = (out / MANIFEST).stat().st_mtime_ns - _COARSE
        return all(_as_left(out / name, digest, stamps.get(name), known) for name, digest in files.items())
    return False


def stamp(path: Path) -> list[int]:
    """A file's size, time of change and number on the disk: while they stay, so does what it holds."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _as_left(path: Path, digest: str, left: list[int] | None, known: int) -> bool:
    """Whether a file holds what a digest says; read only if it was touched, or changed as late as the manifest."""
    with suppress(OSError):
        now = stamp(path)
        return (now == left and now[1] < known) or file_digest(path) == digest
    return False


def remove(out: Path) -> int:
    """Delete the files a build has written into a folder; how many there were."""
    names = [*_record(out).get("files", {}), MANIFEST]
    names += [path.relative_to(out).as_posix() for path in out.glob("notebooks/*.failed.ipynb")]
    names += [Path(name).with_suffix(".pdf").name for name in names if name.endswith(".html")]
    there = [out / name for name in dict.fromkeys(names) if (out / name).is_file()]
    for path in there:
        path.unlink()
    with suppress(OSError):
        (out / "notebooks").rmdir()
    return len(there)


def _record(out: Path) -> dict[str, Any]:
    try:
        record = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return record if isinstance(record, dict) and isinstance(record.get("files"), dict) else {}
    except (OSError, ValueError):
        return {}
