"""Every error a user can meet: what is wrong, where, and what to do, in one sentence each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimaudit import inert

SHOWN = 100
"""How many faults a message lists; ``DossierError.faults`` holds all."""


class ClaimAuditError(Exception):
    """Base of all errors the command line shows without a traceback; what they quote cannot steer the terminal."""

    def __str__(self) -> str:
        return inert.terminal(super().__str__())


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a dossier: the file, the row (line number, 0 for the whole file), the column.

    Its texts quote the dossier: they are kept to one line without escape sequences, however they are printed.
    """

    file: str
    row: int
    column: str
    problem: str
    remedy: str

    def __post_init__(self) -> None:
        for name in ("file", "column", "problem", "remedy"):
            object.__setattr__(self, name, inert.line(getattr(self, name)))

    def __str__(self) -> str:
        where = self.file + (f", line {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
        return f"{where}: {self.problem}; {self.remedy}"


class DossierError(ClaimAuditError, ValueError):
    """Raised when a dossier cannot be trusted; carries every fault found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        lines = [f"{count} fault{'s' if count != 1 else ''} in the dossier:", *map(str, self.faults[:SHOWN])]
        if count > SHOWN:
            lines.append(f"... and {count - SHOWN} more: mend these first, they may have caused the rest")
        super().__init__("\n".join(lines))


class ParameterError(ClaimAuditError, ValueError):
    """Raised before anything runs when a notebook parameter is unknown, mistyped or out of range."""


class UnknownNameError(ClaimAuditError, LookupError):
    """Raised when a claim, notebook, element, topic or source is asked for that does not exist."""


class BuildError(ClaimAuditError, RuntimeError):
    """Raised when a build cannot start or cannot write its reports."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as ``did you mean 'containers'?``, or an empty string when nothing is near."""
    known = list(known)
    folded = {item.casefold(): item for item in known}
    matches = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"did you mean {folded[matches[0]]!r}?" if matches else ""


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """One sentence for a name that is not known, with the nearest known ones."""
    known = sorted(known)
    hint = nearest(name, known)
    if not hint:
        shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
        hint = f"known: {shown}" if known else "none are known"
    return f"unknown {kind} {name!r}: {hint}"
