"""Every error a user can meet: what is wrong, where, and what to do, in one sentence each."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from claimaudit import inert

SHOWN = 100
"""How many faults a message lists; ``DossierError.faults`` holds all."""


class ClaimAuditError(Exception):
    """Base of all errors the command line shows without a traceback; what they quote cannot steer the terminal."""

    def __str__(self) -> str:
        return inert.terminal(super().__str__())


FILES = (
    "article.toml", "units.csv", "measures.csv", "publishers.csv", "origins.csv", "sources.csv", "observations", "series.toml",
    "series", "claims.toml", "sentences.csv", "context.toml", "corrections.toml", "topics.toml", "method.toml",
    "words.toml", "responses.toml", "terms.toml", "changelog.toml",
)  # fmt: skip
"""The files of a dossier in the order in which a fault in one makes faults in others."""
_LONGEST = 300


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a dossier: the file, the row (line number, 0 for the whole file), the column.

    Its texts quote the dossier: they are printed on one line without escape sequences.
    """

    file: str
    row: int
    column: str
    problem: str
    remedy: str

    @property
    def order(self) -> tuple[int, str, int, str, str]:
        """Sorts faults by cause: the file others refer to first, and in a file from the top."""
        kind = self.file.partition("/")[0]
        place = FILES.index(kind) if kind in FILES else len(FILES)
        return (place, self.file, self.row, self.column, self.problem)

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """File, line, column, problem and remedy as printable text: what a dossier holds cannot steer a terminal."""
        line = str(self.row) if self.row else ""
        file, column, problem, remedy = map(printable, (self.file, self.column, self.problem, self.remedy))
        return file, line, column, problem, remedy

    def __str__(self) -> str:
        """One line: ``file:line: column: what is wrong; what to do``."""
        file, line, column, problem, remedy = self.cells
        where = file + (f":{line}" if line else "") + (f": {column}" if column else "")
        return f"{where}: {problem}; {remedy}"


def printable(text: str) -> str:
    """A text on one line, of a sensible length, with escapes for what does not print."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    if short.isprintable():
        return short
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in short)


class DossierError(ClaimAuditError, ValueError):
    """Raised when a dossier cannot be trusted; carries every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: fault.order))
        count = len(self.faults)
        lines = [f"{count} fault{'s' if count != 1 else ''} in the dossier:", *map(str, self.faults[:SHOWN])]
        if count > SHOWN:
            lines.append(f"... and {count - SHOWN} more: mend these first, they may have caused the rest")
        super().__init__("\n".join(lines))


class LabelsError(ClaimAuditError, ValueError):
    """Raised when tables of human readers' labels cannot be trusted; carries every fault in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        lines = [str(fault) for fault in self.faults[:_LABELS_SHOWN]]
        more = len(self.faults) - _LABELS_SHOWN
        if len(lines) > 1:
            lines.insert(0, f"{len(self.faults)} faults in the labels:")
        super().__init__("\n".join([*lines, *[f"... and {more} more: mend these first"] * (more > 0)]))


_LABELS_SHOWN = 20


@dataclass
class References:
    """Names that rows refer to and a list does not hold; summed up where many are missing, as then the list is at fault.

    ``file`` is the list, ``kind`` what it lists (``measure``), ``known`` its names.
    """

    file: str
    kind: str
    known: Collection[str]
    missing: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)

    def check(self, name: str, file: str, row: int, column: str) -> bool:
        """Is the name known; an empty list is not checked against, as its own fault says so."""
        if not self.known or name in self.known:
            return True
        self.missing.setdefault(name, []).append((file, row, column))
        return False

    def faults(self) -> Iterator[Fault]:
        """One fault for each missing name, or one in all where more than ``SUMMED`` are missing."""
        if len(self.missing) > SUMMED:
            places = [place for found in self.missing.values() for place in found]
            first, name = places[0], next(iter(self.missing))
            where = f"{first[0]}:{first[1]}" if first[1] else first[0]
            article = "an" if self.kind[0] in "aeio" else "a"
            problem = (
                f"{len(places):,} entries name {article} {self.kind} that it does not list (first: {where}, {name!r})"
            )
            yield Fault(self.file, 0, self.kind, problem, "restore the table, or mend the entries that name them")
            return
        for name, places in self.missing.items():
            more = f" (and in {len(places) - 1:,} more)" if len(places) > 1 else ""
            remedy = nearest(name, self.known) or f"add it to {self.file} or use a known one"
            yield Fault(*places[0], f"unknown {self.kind} {name!r}{more}", remedy)


SUMMED = 5
"""How many faults of one cause are told one by one."""


def summed(faults: Sequence[Fault], told: str, remedy: str) -> list[Fault]:
    """Faults of one cause, or one in all where they are more than ``SUMMED``: ``told`` says what their number has."""
    if len(faults) <= SUMMED:
        return list(faults)
    first = faults[0]
    where = f"line {first.row}, {first.column}" if first.row else first.column
    return [Fault(first.file, 0, "", f"{len(faults):,} {told} (first: {where}: {first.problem})", remedy)]


class ParameterError(ClaimAuditError, ValueError):
    """Raised before anything runs when a notebook parameter is unknown, mistyped or out of range."""


class UnknownNameError(ClaimAuditError, LookupError):
    """Raised when a claim, notebook, part, topic or source is asked for that does not exist."""


class ModelError(ClaimAuditError, RuntimeError):
    """Raised when a topic's model meets a dossier without the rows and assumptions it reads."""


class BuildError(ClaimAuditError, RuntimeError):
    """Raised when a build cannot start or cannot write its reports."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as ``did you mean 'containers'?``, or an empty string when nothing is near."""
    folded = {item.casefold(): item for item in known if len(item) <= _LONGEST}
    if len(name) > _LONGEST:  # not worth the search
        return ""
    matches = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"did you mean {folded[matches[0]]!r}?" if matches else ""


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """One sentence for a name that is not known, with the nearest known ones."""
    known = sorted(known)
    hint = nearest(name, known)
    known = [one for one in known if "." in name and one.startswith(f"{name.partition('.')[0]}.")] or known
    if not hint:
        shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
        hint = f"name one of {shown}" if known else "none are known"
    return f"unknown {kind} {name!r}: {hint}"
