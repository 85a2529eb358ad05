"""Verdicts as a table: one row a verdict, the same columns in every file, in an order that never depends on the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.verdict.wording import reason_text

COLUMNS = (
    "claim_id", "part_id", "role", "vintage", "as_of", "label", "conflict", "rating", "rating_reason", "probability", "low",
    "high", "likelihood_low", "likelihood_high", "confidence", "origins", "observations", "reason",
)  # fmt: skip
LISTS = ("origins", "observations")
NUMBERS = ("probability", "low", "high", "likelihood_low", "likelihood_high")
"""Shares of one, not rounded; ``None`` where there is none."""
_VINTAGES = (Vintage.AT_PUBLICATION, Vintage.AS_OF, Vintage.HINDSIGHT)


def verdict_rows(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """One row a verdict, sorted by claim, part (a claim's own row first) and as-of date; keys are ``COLUMNS``.

    ``part_id`` and ``role`` are empty on a claim's own row, rating, likelihood and confidence on a part's. Numbers are not rounded,
    lists are joined by ``;`` in the order of the verdict, strongest first.
    """
    order = sorted(verdicts, key=lambda item: (item.claim_id, item.part_id, _VINTAGES.index(item.vintage), item.as_of))
    return [_row(verdict) for verdict in order]


def _row(verdict: Verdict) -> dict[str, Any]:
    rated = verdict.rated
    likely, sure = (rated.likelihood, rated.confidence) if rated else (None, None)
    return {
        "claim_id": verdict.claim_id,
        "part_id": verdict.part_id,
        "role": verdict.role,
        "vintage": verdict.vintage.value,
        "as_of": verdict.as_of.isoformat(),
        "label": verdict.label.value,
        "conflict": verdict.conflict.value if verdict.conflict else "",
        "rating": rated.rating.badge.value if rated else "",
        "rating_reason": rated.rating.reason if rated else "",
        "probability": float(verdict.probability),
        "low": None if verdict.low is None else float(verdict.low),
        "high": None if verdict.high is None else float(verdict.high),
        "likelihood_low": likely.low if likely else None,
        "likelihood_high": likely.high if likely else None,
        "confidence": sure.level.value if sure else "",
        "origins": ";".join(verdict.origins),
        "observations": ";".join(verdict.observations),
        "reason": reason_text(verdict),
    }
