"""Rows kept for a claim without weight, with the reason: ``context.toml``.

The format::

    [[context]]
    claim = "M01"
    ids = ["mun.ais.*"]  # patterns of observation ids; * stands for any text
    reason = "Gaps in tracking have innocent causes too; they show the route, not the cargo"
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from claimaudit.claims import read_toml
from claimaudit.errors import Fault, nearest
from claimaudit.evidence import Evidence


@dataclass(frozen=True)
class Context:
    """Observations that bear on a claim but that no test of it weighs, and why."""

    claim_id: str
    observations: tuple[str, ...]
    reason: str


def load_context(
    path: Path,
    evidence: Evidence,
    claims: Collection[str],
    faults: list[Fault],
    *,
    only: Collection[str] | None = None,
) -> tuple[Context, ...]:
    """Read ``context.toml``, or ``only`` its entries for some claims; a dossier without the file has none.

    An entry must name rows of its own claim.
    """
    if not path.exists():
        return ()
    raw, _ = read_toml(path, faults)
    of_claim: dict[str, list[str]] = {}
    for name, row in evidence.records.items():
        for claim in row.claims:
            of_claim.setdefault(claim, []).append(name)
    out = []
    for number, entry in enumerate(raw.get("context", []), start=1):
        claim, patterns, reason = (entry.get(name) for name in ("claim", "ids", "reason"))
        key = f"entry {number} ({claim})"
        if not (isinstance(claim, str) and isinstance(patterns, list) and patterns and isinstance(reason, str)):
            faults.append(Fault(path.name, 0, key, "it is not whole", "give claim, ids (a list) and reason"))
            continue
        if claim not in claims:
            faults.append(Fault(path.name, 0, key, f"unknown claim {claim!r}", nearest(claim, claims) or "mend it"))
            continue
        if only is not None and claim not in only:
            continue
        own = of_claim.get(claim, [])
        chosen: list[str] = []
        for pattern in patterns:
            wild = any(sign in pattern for sign in "*?[")
            found = [name for name in own if (fnmatch.fnmatchcase(name, pattern) if wild else name == pattern)]
            if not found:
                remedy = nearest(pattern, own) or "take it out, or mend the pattern"
                faults.append(Fault(path.name, 0, key, f"no row of {claim} is called {pattern!r}", remedy))
            chosen += found
        out.append(Context(claim, tuple(dict.fromkeys(chosen)), reason))
    return tuple(out)
