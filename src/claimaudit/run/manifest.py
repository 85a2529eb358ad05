"""``manifest.json``: whose folder it is, what builds have put there, and how each notebook fared.

Times live here and nowhere else. The file marks a folder as one audit's: a build writes into no other (``folder.py``).
Standard library only: a build with nothing to do reads it and no more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "manifest.json"
FORM = "claimaudit/manifest-2"
"""Raised whenever the file's form changes: a folder marked by another form is not written into."""
_STATES = ("built", "failed")


@dataclass(frozen=True)
class Manifest:
    """The file as it was read.

    ``article`` says whose folder it is. ``files`` are the digests of all that builds have put there, ``stamps`` their
    sizes and times; ``replaced`` the digests of what a build was about to replace when it was ended. ``notebooks`` are
    the reports' entries, ``site`` the recipe of the pages around them.
    """

    article: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, Any] = field(default_factory=dict)
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    site: str = ""
    record: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_mark(self) -> bool:
        """Whether the folder is marked as an audit's."""
        return bool(self.article)

    def left(self, name: str, digest: str) -> bool:
        """Whether a file is as a build has left it."""
        return digest in (self.files.get(name), self.replaced.get(name))

    def is_there(self, out: Path, name: str) -> bool:
        """Whether a file lies there with the size and time it was left with."""
        with suppress(OSError):
            return name in self.stamps and stamp(out / name) == self.stamps[name]
        return False


def read(out: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none of this form that can be read."""
    try:
        path = out / FILE
        record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return Manifest()
    if not isinstance(record, dict) or record.get("form") != FORM:
        return Manifest()
    entries = {
        name: entry
        for name, entry in _mapping(record, "notebooks").items()
        if isinstance(entry, dict) and entry.get("state") in _STATES
    }
    return Manifest(
        article=_texts(record, "article"),
        files=_texts(record, "files"),
        replaced=_texts(record, "replaced"),
        stamps=_mapping(record, "stamps"),
        notebooks=entries,
        site=str(record.get("site", "")),
        record=record,
    )


def render(record: Mapping[str, Any]) -> str:
    """The manifest as the text of its file."""
    return json.dumps({"form": FORM, **record}, ensure_ascii=False, indent=2) + "\n"


def write(out: Path, record: Mapping[str, Any]) -> None:
    """Write the file, whole or not at all."""
    unfinished = out / f".{FILE}.{os.getpid()}"
    try:
        unfinished.write_text(render(record), encoding="utf-8", newline="\n")
        unfinished.replace(out / FILE)
    finally:
        unfinished.unlink(missing_ok=True)


def stamp(path: Path) -> list[int]:
    """A file's size (bytes) and the time of its last change (nanoseconds)."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def seconds(entry: Mapping[str, Any] | None) -> float:
    """How many seconds a notebook took when it last ran to its end; 0 when that is not known."""
    taken = (entry or {}).get("seconds", 0.0)
    return float(taken) if isinstance(taken, int | float) and (entry or {}).get("state") == "built" else 0.0


def _mapping(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = record.get(name)
    return dict(found) if isinstance(found, dict) else {}


def _texts(record: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key: text for key, text in _mapping(record, name).items() if isinstance(text, str)}
