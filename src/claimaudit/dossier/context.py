"""Rows kept for a claim without weight, with the reason: ``context.toml``.

The format::

    [[context]]
    claim = "M01"
    ids = ["mun.ais.*"]  # patterns of observation ids; * stands for any text
    reason = "Gaps in tracking have innocent causes too; they show the route, not the cargo"
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from claimaudit.dossier.evidence import Evidence, Names
from claimaudit.dossier.forms import List, Table, Text, check
from claimaudit.dossier.toml_files import Place, entries
from claimaudit.errors import SUMMED, Fault, References, nearest, summed

FILE = "context.toml"
_ENTRY = Table({"claim": Text(), "ids": List(Text(), least=1), "reason": Text()})


@dataclass(frozen=True)
class Context:
    """Observations that bear on a claim but that no test of it weighs, and why."""

    claim_id: str
    observations: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Entry:
    """An entry of ``context.toml`` as written: patterns of ids for a claim, the reason, and where it stands."""

    claim: str
    patterns: tuple[str, ...]
    reason: str
    place: Place


def load_context(path: Path, claims: Collection[str], faults: list[Fault]) -> tuple[Entry, ...]:
    """Read ``context.toml``; a dossier without the file has no entries. One that names no claim of ``claims`` is a fault."""
    found = []
    known = References("claims.toml", "claim", claims)
    for number, (entry, place) in enumerate(entries(path, "context", faults), start=1):
        if not check(_ENTRY, entry, place):
            continue
        claim = entry["claim"]
        own = place.called(f"entry {number} ({claim})")
        if known.check(claim, FILE, own.line, own.column):
            found.append(Entry(claim, tuple(entry["ids"]), entry["reason"], own))
    faults += known.faults()
    return tuple(found)


def match_context(
    found: Iterable[Entry], evidence: Evidence, faults: list[Fault], *, only: Collection[str] | None = None
) -> tuple[Context, ...]:
    """The rows the entries name, or ``only`` those of some claims; a pattern that names no row is a fault."""
    own = Names(evidence.records)
    out: list[Context] = []
    missing: list[Fault] = []
    for entry in found:
        if only is not None and entry.claim not in only:
            continue
        chosen: list[str] = []
        for pattern in entry.patterns:
            rows = own.matching((pattern,))
            if not rows:
                hint = nearest(pattern, own.places) if len(missing) < SUMMED else ""  # a search through all
                remedy = hint or "take it out, or mend the pattern"
                problem = f"no row is called {pattern!r}"
                missing.append(Fault(FILE, entry.place.line, entry.place.column, problem, remedy))
            chosen += rows
        out.append(Context(entry.claim, tuple(dict.fromkeys(chosen)), entry.reason))
    faults += summed(missing, "names of rows match no observation", "restore the observations, or mend the entries")
    return tuple(out)
