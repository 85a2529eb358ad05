"""How likely the point of a claim is: a range, rounded, with the word that ICD 203 has for it.

Source of the words: US Intelligence Community Directive 203, "Analytic Standards" (2015), D.6.e(2)(a). Likelihood says nothing of
how good the evidence is; that is ``confidence.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from claimaudit.rated import Likelihood, Open, RatedPart
from claimaudit.verdict.labels import in_order, point

STEP = 20
"""Steps in a whole: a likelihood is printed to 5 %."""

WORDS = (
    (0.00, 0.05, "almost no chance"),
    (0.05, 0.20, "very unlikely"),
    (0.20, 0.45, "unlikely"),
    (0.45, 0.55, "roughly even chance"),
    (0.55, 0.80, "likely"),
    (0.80, 0.95, "very likely"),
    (0.95, 1.00, "almost certain"),
)
"""Bands and words of ICD 203, both ends included. It begins at 1 % and ends at 99 %; what rounds beyond takes the outer words."""


def likelihood(parts: Iterable[RatedPart]) -> Likelihood | None:
    """How likely core and link parts are together: from their product (if independent) to their minimum (if they go together).

    ``None`` where one of them is refuted, disputed, not read or a forecast, or where nothing was found on it: there is no
    number to give then. Nearest 5 %, halves up.
    """
    core = point(in_order(parts))
    found = sorted(part.probability for part in core if part.probability is not None)
    if len(found) < len(core) or any(_silent(part) for part in core):
        return None
    low, high = rounded(math.prod(found)), rounded(found[0])
    return Likelihood(low, high, word(low, high))


def _silent(part: RatedPart) -> bool:
    """Whether no likelihood may be given because of the part."""
    return part.refuted or part.disputed or part.open in (Open.UNREAD, Open.UNJUDGED) or part.open.is_forecast


def rounded(probability: float) -> float:
    """To the nearest 5 %, halves up."""
    return math.floor(probability * STEP + 0.5) / STEP


def word(low: float, high: float) -> str:
    """The word for a range; two words where no one band holds it, so that no percentage contradicts its word.

    ICD 203's bands share their ends. A single figure on such an end takes the more cautious word, the one nearer to even.
    """
    whole = [band for band in WORDS if band[0] <= low and high <= band[1]]
    if whole:
        return min(whole, key=lambda band: abs((band[0] + band[1]) / 2 - 0.5))[2]
    first = next(text for least, most, text in WORDS if least <= low < most)
    last = next(text for least, most, text in WORDS if least < high <= most)
    return f"{first} to {last}"
