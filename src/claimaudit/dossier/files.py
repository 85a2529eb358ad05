"""The one way a file of an audit folder is opened: plain files below the folder, of a sensible size, and nothing else.

A name with ``..`` or a separator where none belongs, a link that leads out of the folder, a device, a pipe or a folder in
place of a file is refused with a sentence before anything is opened, so that no pipe can keep a reader waiting.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from claimaudit.errors import Fault

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The form of a file's own name, and so of a table's."""
MOST_BYTES = 64 * 2**20
"""The greatest size of one file."""
MOST_IN_ALL = 256 * 2**20
"""The greatest size of all tables together."""
_KINDS = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"))


class RefusedError(Exception):
    """A file that is not read: what is wrong with it and what to do. Readers make it a ``Fault``."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.fault = Fault(name, 0, "", problem, remedy)
        super().__init__(str(self.fault))


def exists(folder: Path, name: str) -> bool:
    """True when anything at all stands there, be it a link to nowhere: what is there is read or refused."""
    return os.path.lexists(folder / name)


def read(folder: Path, name: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of the plain file ``name`` (``observations/harbour.csv``) of an audit folder.

    Raises ``RefusedError`` when it is missing, none, outside the folder, unreadable, or of more than ``most`` bytes.
    """
    path = inside(folder, name)
    try:
        _plain(path.stat(), name, most)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            _plain(os.fstat(file.fileno()), name, most)  # nothing was put in its place meanwhile
            raw = file.read(most + 1)
    except OSError as error:
        raise RefusedError(name, f"it cannot be read ({error.strerror})", "check the file and its rights") from None
    if len(raw) > most:
        raise _too_large(name, most)
    return raw


def inside(folder: Path, name: str) -> Path:
    """Where ``name`` really stands, after all links; ``RefusedError`` unless that is below the folder and is there."""
    if not all(NAME.fullmatch(part) for part in name.split("/")):
        raise RefusedError(name, "the name is not of the form of a file's", "use letters, digits, '.', '_' and '-'")
    root = folder.resolve()
    try:
        path = (root / name).resolve(strict=True)
    except FileNotFoundError:
        if exists(folder, name):
            raise RefusedError(name, "it is a link to nothing", "put the file itself there") from None
        last = "take it out of the list that names it" if "/" in name else "begin with a copy of another dossier's"
        remedy = f"restore it, or {last}"
        raise RefusedError(name, "the file is missing", remedy) from None
    except (OSError, RuntimeError) as error:  # a link to itself is either of the two, by Python's version
        why = getattr(error, "strerror", None) or "a link leads back to itself"
        raise RefusedError(name, f"it cannot be reached ({why})", "put the file itself there") from None
    if not path.is_relative_to(root):
        raise RefusedError(name, "it is a link that leads out of the folder", "put the file itself there")
    return path


def tables(folder: Path, name: str, faults: list[Fault]) -> list[str] | None:
    """The tables of a folder of the dossier by file name, sorted; none where there is no such folder.

    ``None`` with a fault where the folder cannot be listed.
    """
    if not exists(folder, name):
        return []
    try:
        path = inside(folder, name)
        if not path.is_dir():
            raise RefusedError(name, "it is no folder", "make it a folder of CSV files")
        found = sorted(item.name for item in path.iterdir() if item.name.casefold().endswith(".csv"))
    except RefusedError as error:
        faults.append(error.fault)
        return None
    except OSError as error:
        faults.append(Fault(name, 0, "", f"it cannot be listed ({error.strerror})", "check the folder and its rights"))
        return None
    good = [item for item in found if NAME.fullmatch(item) and item.endswith(".csv")]
    for item in sorted(set(found) - set(good)):
        problem = "the name is not of the form of a table's"
        faults.append(Fault(f"{name}/{item}", 0, "", problem, "use letters, digits, '.', '_', '-', and end it in .csv"))
    return good


def check_plain(folder: Path, names: Iterable[str], faults: list[Fault]) -> None:
    """Files that need not be there, and are published without being read first, are plain ones; a fault for each other."""
    for name in names:
        if exists(folder, name):
            try:
                _plain(inside(folder, name).stat(), name)
            except RefusedError as error:
                faults.append(error.fault)


def check_sizes(folder: Path, names: Iterable[str], faults: list[Fault]) -> bool:
    """Are the tables together of a size that can be read; a fault where they are not."""
    total = 0
    for name in names:
        try:
            total += inside(folder, name).stat().st_size
        except (RefusedError, OSError):
            continue  # whoever reads it will say so
    if total > MOST_IN_ALL:
        problem = f"its tables hold {total / 2**20:,.0f} MB, more than {MOST_IN_ALL // 2**20} MB together"
        faults.append(Fault("observations", 0, "", problem, "split the dossier"))
    return total <= MOST_IN_ALL


def _plain(found: os.stat_result, name: str, most: int = MOST_BYTES) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for test, words in _KINDS if test(found.st_mode)), "a device")
        raise RefusedError(name, f"it is {kind}, no file", "put a plain file there")
    if found.st_size > most:
        raise _too_large(name, most)


def _too_large(name: str, most: int) -> RefusedError:
    return RefusedError(name, f"it is larger than {most // 2**20} MB", "split it, or leave rows out")


def decoded(raw: bytes, name: str, faults: list[Fault]) -> str | None:
    """UTF-8 text with line feeds for line ends and no control character but tab; a fault and ``None`` otherwise."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = f"byte {raw[error.start]:#04x} is not UTF-8"
        faults.append(Fault(name, line, "", problem, "save the file as UTF-8"))
        return None
    if match := CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        what = "a lone carriage return" if match[0] == "\r" else f"the control character {match[0]!r}"
        faults.append(Fault(name, line, "", f"it holds {what}", "save it as plain text, lines ended by line feeds"))
        return None
    return text


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters no text of a dossier holds: all controls but tab and line feed."""
