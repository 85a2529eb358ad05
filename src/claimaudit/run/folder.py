"""The folder reports go to: which one a build may write into, how files are put there, and how they are deleted again.

A build writes only into a folder that is new, empty, or marked as this audit's by its manifest, and never onto a file
that it was made from. What somebody has changed by hand is kept beside its place, and is never deleted.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from claimaudit.errors import BuildError
from claimaudit.run import manifest
from claimaudit.run.up_to_date import file_digest

EXECUTED_IN = "notebooks"
"""The folder of executed notebooks, beside the pages."""
FOLDERS = (EXECUTED_IN, "claims")
"""The folders beside the pages: executed notebooks, and what there is of each claim."""
_KEPT = ".by-hand"
_HARMLESS = ("readme", ".")
"""What the name of a file begins with that may lie in a folder nobody has marked."""


def check_folder(out: Path, article: Mapping[str, str]) -> None:
    """Refuse a folder that holds anything but this audit's own reports. ``article`` is what marks this audit's."""
    if out.exists() and not out.is_dir():
        raise BuildError(f"{out.name!r} is a file; name a folder for the reports")
    found = manifest.read(out)
    if found.is_mark and not same(found.article, article):
        title = found.article.get("title", "")
        if {**found.article, "what_if": ""} == {**article, "what_if": ""}:
            raise BuildError(
                f"{_name(out)!r} holds a what-if; build the audit itself into another folder with --out"
                if "what_if" in found.article
                else f"{_name(out)!r} holds the audit; a build with changed parameters goes into another folder with --out"
            )
        raise BuildError(
            f"{_name(out)!r} holds the reports of another audit (“{title}”); choose another folder with --out"
        )
    for inside in FOLDERS:
        if (out / inside).is_symlink():
            raise BuildError(f"{_name(out)!r} holds a link called {inside!r}; take it away, or choose another --out")
    if found.is_mark or not out.exists():
        return
    try:
        foreign = sorted(item.name for item in out.iterdir() if not item.name.lower().startswith(_HARMLESS))
    except OSError as error:
        raise BuildError(f"{_name(out)!r} cannot be looked into ({error.strerror}); choose another --out") from None
    if foreign:
        shown = ", ".join(repr(name) for name in foreign[:3]) + ", ..." * (len(foreign) > 3)
        raise BuildError(
            f"{_name(out)!r} holds what no build of this audit has put there ({shown}); choose an empty folder with --out"
        )


def same(found: Mapping[str, str], article: Mapping[str, str]) -> bool:
    """Whether two marks are of one audit; builds of earlier versions wrote title and address alone."""
    old = {"title", "url"}
    return dict(found) == dict(article) or (set(found) == old and all(found[key] == article.get(key) for key in old))


def check_sources(out: Path, targets: Iterable[str], sources: Iterable[Path], folders: Mapping[str, Path]) -> None:
    """Refuse to let an output fall on a file it is made from, or into a folder that is read whole."""
    place = out.resolve()
    for kind, folder in folders.items():
        if folder.exists() and place.is_relative_to(folder.resolve()):
            raise BuildError(f"{_name(out)!r} lies in {kind}; choose another folder with --out")
    read = {path.resolve() for path in sources}
    for name in targets:
        if (place / name).resolve() in read:
            raise BuildError(f"{name!r} in {_name(out)!r} would replace what it is made from; choose another --out")


def mark(out: Path, article: Mapping[str, str]) -> bool:
    """Mark a folder as this audit's, before anything else is put there; whether it was new."""
    if manifest.read(out).is_mark:
        return False
    manifest.write(out, {"article": dict(article)})
    return True


def unmark(out: Path) -> None:
    """Take the mark away again where nothing has been put into the folder."""
    with suppress(OSError):
        found = manifest.read(out)
        if found.is_mark and not found.files:
            (out / manifest.FILE).unlink()


def place(out: Path, made: Mapping[str, Path], record: Mapping[str, Any], gone: Iterable[str] = ()) -> list[str]:
    """Move finished files into a marked folder, and write the manifest: ``record`` and what the folder holds now.

    ``gone`` are files of earlier builds that have no place there any more. Returns the names of files that were changed by
    hand and are kept beside. Should this be ended half-way, the manifest tells what was there and what was coming.
    """
    before = manifest.read(out)
    for name in gone:
        if before.left(name, file_digest(out / name)):
            (out / name).unlink()
    new = {name: file_digest(file) for name, file in made.items()}
    there = {name: digest for name, digest in before.files.items() if (out / name).is_file()}
    files = dict(sorted({**there, **new}.items()))
    stamps = {name: before.stamps.get(name) for name in files} | {name: manifest.stamp(made[name]) for name in new}
    whole = {**record, "files": files, "stamps": stamps}
    old = {name: before.files.get(name) or before.replaced.get(name, "") for name in made if name in before.files}
    manifest.write(out, {**whole, "replaced": {**before.replaced, **old}})
    kept = [name for name in made if _keep(out / name, name, before, new[name])]
    for name, file in made.items():
        (out / name).parent.mkdir(exist_ok=True)
        file.replace(out / name)
    manifest.write(out, whole)
    return kept


def _keep(path: Path, name: str, before: manifest.Manifest, new: str) -> bool:
    """Put a file aside that no build has left so; whether there was one."""
    if not (path.exists() or path.is_symlink()) or before.left(name, file_digest(path)) or file_digest(path) == new:
        return False
    number, aside = 1, path.with_name(f"{path.name}{_KEPT}")
    while aside.exists() or aside.is_symlink():
        number += 1
        aside = path.with_name(f"{path.name}{_KEPT}-{number}")
    path.rename(aside)
    return True


@dataclass(frozen=True)
class Cleaned:
    """What ``clean`` has deleted, and what it left because it is not as a build has left it."""

    deleted: tuple[str, ...]
    left: tuple[str, ...]


def clean(out: Path) -> Cleaned:
    """Delete the files builds have put into a folder, as far as they are still as they were left.

    Nothing outside the folder is touched, and nothing behind a link. Raises ``BuildError`` for a folder without a mark.
    """
    if not out.exists() or all(item.name.lower().startswith(_HARMLESS) for item in out.iterdir()):
        return Cleaned((), ())
    found = manifest.read(out)
    if not found.is_mark:
        raise BuildError(
            f"{_name(out)!r} is no folder of reports: it holds no {manifest.FILE} of a build; nothing is deleted"
        )
    deleted, left = [], []
    for name in found.files:
        path = _inside(out, name)
        if path is None:
            left.append(name)
        elif path.exists() or path.is_symlink():
            if not path.is_symlink() and found.left(name, file_digest(path)) and _gone(path):
                deleted.append(name)
            else:
                left.append(name)
    if left:
        kept = {name: found.files[name] for name in left if _inside(out, name)}
        manifest.write(out, {"article": found.article, "files": kept, "stamps": {}})
    else:
        (out / manifest.FILE).unlink()
        deleted.append(manifest.FILE)
    for inside in FOLDERS:
        with suppress(OSError):
            (out / inside).rmdir()
    return Cleaned(tuple(deleted), tuple(left))


def _gone(path: Path) -> bool:
    with suppress(OSError):  # the folder takes no change
        path.unlink()
        return True
    return False


def _inside(out: Path, name: str) -> Path | None:
    """The place of a name in a folder; ``None`` where it leads out of it, through a link, or to no plain file."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or any(part == ".." or "\\" in part or "\0" in part for part in parts):
        return None
    path = out
    for part in parts[:-1]:
        path = path / part
        if path.is_symlink():
            return None
    path = path / parts[-1]
    with suppress(OSError):
        return path if stat.S_ISREG(path.lstat().st_mode) else None
    return path


def _name(out: Path) -> str:
    """A folder as it can be said in a sentence: never longer than its own name, or the place the command was called from."""
    return out.name or out.resolve().name or str(out)
