"""Lines appended to the files of a dossier: checked with it in a copy first, then written whole or not at all.

What is in a file stays as it is, byte for byte: its order, its line ends, its columns.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from claimaudit.dossier import files
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError, DossierError, ParameterError, unknown

_FOLDERS = ("observations", "series")


def append(folder: Path, rows: Mapping[str, Mapping[str, str]], texts: Mapping[str, str] | None = None) -> Dossier:
    """Append a row to each table named, its cells by column, and a text to each other file; the dossier as it then reads.

    Raises ``ParameterError`` for a column that the table does not have, ``DossierError`` with every fault the dossier would
    have, ``BuildError`` where nothing can be written: with each of them nothing has been.
    """
    before = {name: _read(folder, name) for name in (*rows, *(texts or {}))}
    after = {name: before[name] + _line(name, before[name], cells) for name, cells in rows.items()}
    after |= {name: before[name] + _ended(before[name], text) for name, text in (texts or {}).items()}
    _check(folder, after)
    done: list[str] = []
    try:
        for name, raw in after.items():
            _replace(folder / name, raw)
            done.append(name)
    except OSError as error:
        for written in done:
            with suppress(OSError):
                _replace(folder / written, before[written])
        raise BuildError(f"{name} cannot be written ({error.strerror}); check the folder and its rights") from None
    return Dossier.load(folder)


def _read(folder: Path, name: str) -> bytes:
    try:
        return files.read(folder, name)
    except files.RefusedError as error:
        raise DossierError([error.fault]) from None


def _newline(raw: bytes) -> str:
    return "\r\n" if b"\r\n" in raw else "\n"


def _ended(raw: bytes, text: str) -> bytes:
    """A text with the line ends of the file it is to follow, on a line of its own."""
    own = _newline(raw)
    before = own if raw and not raw.endswith(b"\n") else ""
    return (before + text.replace("\n", own)).encode()


def _line(name: str, raw: bytes, cells: Mapping[str, str]) -> bytes:
    text = raw.decode("utf-8-sig", "replace")
    header = next(csv.reader(io.StringIO(text)), [])
    for column, cell in cells.items():
        if cell and column not in header:
            raise ParameterError(f"{name} has no column {column!r}: {unknown('column', column, header)}")
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerow([cells.get(column, "") for column in header])
    return _ended(raw, buffer.getvalue())


def _check(folder: Path, after: Mapping[str, bytes]) -> None:
    """``DossierError`` where a copy of the dossier with the new files is at fault."""
    with tempfile.TemporaryDirectory(prefix="claimaudit-add-") as beside:
        copy = Path(beside) / folder.resolve().name
        for path in (*folder.glob("*"), *(path for name in _FOLDERS for path in (folder / name).glob("*"))):
            if path.suffix.casefold() in (".csv", ".toml") and path.is_file():
                place = copy / path.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        for name, raw in after.items():
            (copy / name).write_bytes(raw)
        Dossier.load(copy)


def _replace(path: Path, raw: bytes) -> None:
    """A file with other content and its own rights, at once."""
    path = path.resolve()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(raw)
        shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
