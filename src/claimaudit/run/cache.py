"""Reports kept by the content of all they depend on, so that what has not changed is not run again.

A report's recipe is its notebook, its parameters and the program that runs (``inputs.program_digest``). Under the
digest of the recipe stand entries, one for each state of the files the notebook was seen to read (``trace.py``); an
entry fits when every one of these files and folders is still as it was. Entries are written beside their place and
moved there whole, checked by digest when they are read, and may be deleted at any time.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from claimaudit.run.inputs import PACKAGE, PROJECT, digest_of, file_digest, names_digest, program_digest
from claimaudit.run.trace import read_trace
from claimaudit.run.worker import Task

DEFAULT_CACHE = PROJECT / ".cache" / "reports"
"""Where the project keeps its reports' entries."""
FORM = 1
"""Raised whenever an entry's form changes."""
MOST_BYTES = 1_000_000_000
"""What the cache may hold; the entries not used for longest go first."""
_ENTRY, _MADE, _MODULES = "entry.json", ".made-", (".py", ".so")
_ABANDONED = 3600.0
"""Seconds after which an unfinished entry is taken as left behind."""


def recipe(task: Task) -> str:
    """The digest of what is known before a notebook runs."""
    meta = task.meta and [task.meta.language, task.meta.description, [[*map(str, pair)] for pair in task.meta.facts]]
    return digest_of(
        {
            "form": FORM,
            "program": program_digest(),
            "notebook": file_digest(task.path),
            "folder": str(task.path.parent),
            "title": task.title,
            "name": task.name,
            "parameters": dict(task.parameters),
            "meta": meta,
            "shown": [list(pair) for pair in task.shown if not pair[0].startswith(str(task.folder.parent))],
        }
    )


def fetch(task: Task) -> bool:
    """Put a task's files into its folder from the cache; false when there is no entry that fits."""
    if not task.cache:
        return False
    for entry in sorted((task.cache / task.recipe).glob("*/")):
        if _fits(entry) and _unpack(entry, task):
            with suppress(OSError):
                os.utime(entry)
            return True
    return False


def store(task: Task, started: float) -> str:
    """Keep a finished task's files; returns why they cannot be kept, or nothing.

    ``started`` is when the run began (seconds since 1970): what was changed since may have been read in either state.
    A full disk only means that there is no entry.
    """
    if not task.cache:
        return "it was not to be kept"
    trace = read_trace(task.trace, [PACKAGE, task.folder])
    if trace.opaque:
        return trace.opaque
    if _changed([task.path, *trace.files, *PACKAGE.rglob("*.py")], started):
        return "a file it reads was changed while it ran"
    reads = {str(path): file_digest(path) for path in trace.files}
    lists = {str(path): names_digest(path) for path in trace.folders}
    searched = {str(path): names_digest(path, _MODULES) for path in trace.searched}
    noted = {"reads": reads, "lists": lists, "searched": searched}
    place = task.cache / task.recipe / digest_of(noted)[:32]
    try:
        _put(task, place, noted)
    except OSError as error:
        return f"the cache could not be written ({error.strerror})"
    return ""


def _put(task: Task, place: Path, noted: dict[str, Any]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=_MADE, dir=task.cache))
    try:
        files = {}
        for path in (task.page, task.executed):
            with gzip.GzipFile(made / f"{path.suffix[1:]}.gz", "wb", compresslevel=1, mtime=0) as out:
                out.write(path.read_bytes())
            files[path.suffix[1:]] = file_digest(path)
        (made / _ENTRY).write_text(json.dumps({**noted, "files": files}), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)  # one that was damaged
        with suppress(OSError):  # another build has put the same there meanwhile
            made.replace(place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _changed(paths: Iterable[Path], since: float) -> bool:
    """Whether a file was written after a moment; the clocks of disks are a little coarse."""

    def stamp(path: Path) -> float:
        try:
            return path.stat().st_ctime
        except OSError:
            return 0.0

    return any(stamp(path) > since - 0.05 for path in paths)


def rests_on(task: Task) -> list[Path] | None:
    """The files and folders a kept report was made from, those of folders that are gone left out; ``None`` if unknown."""
    entries = list((task.cache / task.recipe).glob("*/")) if task.cache else []
    try:
        newest = max(entries, key=lambda entry: entry.stat().st_mtime)
    except (OSError, ValueError):
        return None
    noted = _noted(newest)
    paths = [Path(path) for kind in ("reads", "lists") for path in noted.get(kind, ())]
    return [path for path in paths if path.parent.exists()] if noted else None


def prune(folder: Path, most: int = MOST_BYTES) -> None:
    """Delete the entries not used for longest until the cache is within its size, and what killed builds have left."""
    with suppress(OSError):
        for left in folder.glob(f"{_MADE}*"):
            if left.stat().st_mtime < time.time() - _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
        entries = sorted(folder.glob("*/*/"), key=lambda entry: entry.stat().st_mtime, reverse=True)
        held = 0
        for entry in entries:
            held += sum(path.stat().st_size for path in entry.iterdir())
            if held > most:
                shutil.rmtree(entry, ignore_errors=True)


def clean(folder: Path) -> int:
    """Delete the cache; how many reports it held."""
    held = len(list(folder.glob("*/*/")))
    shutil.rmtree(folder, ignore_errors=True)
    return held


def _fits(entry: Path) -> bool:
    """Whether all a notebook read is as it was."""
    noted = _noted(entry)
    return bool(noted) and (
        all(file_digest(Path(path)) == digest for path, digest in noted["reads"].items())
        and all(names_digest(Path(path)) == digest for path, digest in noted["lists"].items())
        and all(names_digest(Path(path), _MODULES) == digest for path, digest in noted["searched"].items())
    )


def _noted(entry: Path) -> Mapping[str, Mapping[str, str]]:
    try:
        noted = json.loads((entry / _ENTRY).read_text(encoding="utf-8"))
        return {name: dict(noted[name]) for name in ("reads", "lists", "searched", "files")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _unpack(entry: Path, task: Task) -> bool:
    """Copy an entry's files; one that is damaged is deleted."""
    try:
        files = _noted(entry)["files"]  # another build may have pruned it meanwhile
        for path in (task.page, task.executed):
            path.write_bytes(gzip.decompress((entry / f"{path.suffix[1:]}.gz").read_bytes()))
        if all(file_digest(path) == files[path.suffix[1:]] for path in (task.page, task.executed)):
            return True
    except (OSError, EOFError, KeyError, zlib.error):
        pass
    shutil.rmtree(entry, ignore_errors=True)
    return False
