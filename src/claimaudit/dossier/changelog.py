"""What was changed in verdicts that had been accepted before, when and why: ``changelog.toml``, the audit's public corrections.

``claimaudit accept --note`` adds an entry; nobody need write one by hand. The format::

    [[changes]]
    day = 2024-05-20
    note = "The audit office recounted the crates"
    moved = [
      { claim = "E01", date = "hindsight", what = "rating", before = "Right", now = "Wrong" },
      { claim = "E01", part = "E01.number", date = "hindsight", what = "label", before = "holds", now = "wrong" },
    ]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from claimaudit.dossier import files
from claimaudit.dossier.forms import NAME, Day, List, Table, Text, check, faulty_text
from claimaudit.dossier.toml_files import entries
from claimaudit.errors import BuildError, Fault, ParameterError
from claimaudit.model import Article, Vintage

FILE = "changelog.toml"
WHATS = ("rating", "label", "confidence", "likelihood", "judged")
"""What of a verdict can move."""
_MOVED = Table(
    {
        "claim": NAME,
        "date": Text(choices=(Vintage.AT_PUBLICATION.value, Vintage.HINDSIGHT.value)),
        "what": Text(choices=WHATS),
        "before": Text(),
        "now": Text(),
    },
    {"part": NAME},
)
_ENTRY = Table({"day": Day(), "note": Text(), "moved": List(_MOVED)})
_HEAD = "# What was changed in accepted verdicts, when and why; 'claimaudit accept --note' adds to it.\n"


@dataclass(frozen=True)
class Moved:
    """One thing that moved: of a claim (``part`` empty) or a part, at which of the two dates, from what to what in words."""

    claim: str
    date: str
    what: str
    before: str
    now: str
    part: str = ""

    @property
    def words(self) -> str:
        """One line: "E01, in hindsight: rating, from Right to Wrong"."""
        return (
            f"{self.part or self.claim}, {Vintage(self.date).words}: {self.what}, from “{self.before}” to “{self.now}”"
        )


@dataclass(frozen=True)
class Acceptance:
    """Verdicts taken in on a day, with the reason and what moved."""

    day: date
    note: str
    moved: tuple[Moved, ...] = ()


def load_changelog(folder: Path, article: Article | None, faults: list[Fault]) -> tuple[Acceptance, ...]:
    """Read ``changelog.toml`` in the order of the file; a dossier without it has changed nothing. Entries at fault are left out.

    Days rise, and none is before the article appeared, where ``article`` is given.
    """
    found: list[Acceptance] = []
    for entry, place in entries(folder / FILE, "changes", faults):
        if not check(_ENTRY, entry, place):
            continue
        if article and entry["day"] < article.published:
            place.at("day").fault(f"it is before the article was published ({article.published})", "mend the day")
        elif found and entry["day"] < found[-1].day:
            place.at("day").fault(
                f"it is before the entry above ({found[-1].day})", "keep entries in the order of days"
            )
        else:
            moved = tuple(Moved(**item) for item in entry["moved"])
            found.append(Acceptance(entry["day"], entry["note"], moved))
    return tuple(found)


def check_note(note: str) -> str:
    """A note as it goes into the file: on one line; ``ParameterError`` where it is none a reader could follow."""
    plain = " ".join(note.split())
    problem = faulty_text(plain) or ("it is blank" if not plain else "")
    if problem:
        raise ParameterError(f"--note: {problem}; say in a sentence why the verdicts changed")
    return plain


def add(folder: Path, entry: Acceptance) -> Path:
    """Add an entry at the end of the file, which is whole or as before; ``BuildError`` when it cannot be written."""
    path = folder / FILE
    before = _HEAD
    try:
        if files.exists(folder, FILE):
            before = files.read(folder, FILE).decode("utf-8").rstrip("\n") + "\n"
        unfinished = path.with_name(f".{FILE}.new")
        try:
            unfinished.write_text(f"{before}\n{_rendered(entry)}", encoding="utf-8", newline="\n")
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except files.RefusedError as error:
        raise BuildError(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise BuildError(f"{path} cannot be written ({why}); check the file and its rights") from None
    return path


def _rendered(entry: Acceptance) -> str:
    lines = [f"  {{ {', '.join(_pairs(item))} }},\n" for item in entry.moved]
    moved = f"[\n{''.join(lines)}]" if lines else "[]"
    return f"[[changes]]\nday = {entry.day.isoformat()}\nnote = {_text(entry.note)}\nmoved = {moved}\n"


def _pairs(item: Moved) -> Iterable[str]:
    for name in ("claim", "part", "date", "what", "before", "now"):
        if value := getattr(item, name):
            yield f"{name} = {_text(value)}"


def _text(value: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for the one letter that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
