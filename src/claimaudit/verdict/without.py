"""What a claim would be rated without each source in turn, or with one of its parts judged otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.rules import ConfidenceRule
from claimaudit.model import Claim, Label
from claimaudit.outcome import Verdict
from claimaudit.rated import Open, Rating
from claimaudit.verdict.parts import answer, assess_claim
from claimaudit.verdict.pooling import independent_sources, leave_one_out


def rated_with(claim: Claim, own: Verdict, labels: Mapping[str, Label], rule: ConfidenceRule) -> Rating:
    """The rating a claim would have if some parts had other labels; ``own`` is its verdict as it is.

    A label for a forecast changes nothing: it is never right or wrong.
    """
    parts = [
        part if part.part.review or part.part_id not in labels else _judged(part, labels[part.part_id], own)
        for part in own.parts
    ]
    return assess_claim(claim, parts, rule).rating


def _judged(part: Verdict, label: Label, own: Verdict) -> Verdict:
    label, why = answer(part.part, label, own.as_of)
    return replace(part, label=label, open=why if label is Label.NOT_ENOUGH_EVIDENCE else Open.EVIDENCE)


def ratings_without_each(claim: Claim, own: Verdict, view: Dossier) -> pd.DataFrame:
    """A claim's rating without each independent source in turn: one row a source, those that change it first.

    Columns: origin, parts (ids of those whose label turns, joined by ``;``), badge, reason, turns (bool). ``view`` is the dossier
    the claim was judged on. No row where nothing is heard.
    """
    turned: dict[str, dict[str, Label]] = {}
    for part in own.parts:
        heard = independent_sources(part.findings, view)
        for origin, outcome in leave_one_out(heard, view.method).items():
            label = answer(part.part, outcome.label, view.day)[0]
            changed = turned.setdefault(origin, {})
            if label is not part.label:
                changed[part.part_id] = label
    rows = [_row(origin, claim, own, labels, view.method.confidence) for origin, labels in turned.items()]
    frame = pd.DataFrame(rows, columns=["origin", "parts", "badge", "reason", "turns"])
    return frame.sort_values(["turns", "origin"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _row(
    origin: str, claim: Claim, own: Verdict, labels: Mapping[str, Label], rule: ConfidenceRule
) -> dict[str, object]:
    rating = rated_with(claim, own, labels, rule) if labels else own.rating
    parts: Sequence[str] = sorted(labels)
    return {
        "origin": origin,
        "parts": ";".join(parts),
        "badge": rating.badge.value,
        "reason": rating.reason,
        "turns": rating.badge is not own.rating.badge,
    }
