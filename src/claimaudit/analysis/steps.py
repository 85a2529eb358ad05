"""How exact a printed figure is, and what comes near enough to it: its last digit, "of that size", "the printed figure".

Percentages are in per cent (5 is 5 %), and their differences in points.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from claimaudit.dossier.rules import Size

MAGNITUDES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "billion": 9,
    "bn": 9,
    "trillion": 12,
    "tn": 12,
}
"""Words that stand for powers of ten behind a figure."""
_UNSURE = {"m": "million or metres", "k": "thousand or kelvin", "b": "billion or bytes", "t": "trillion or tonnes"}
_FIGURE = re.compile(
    r"(?:[^0-9]*[^0-9.,])?([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?\s*([a-z]*)[^0-9]*", re.IGNORECASE
)


def step_of(printed: str, exact: bool = False) -> float:
    """The last printed digit of a figure as printed, in its unit: 1 for "40", 0.01 for "0.67", 1e8 for "1.4bn".

    0 for an exact count (``exact``), which has no digits behind its last. Zeros at the end count as printed: "100 million" is
    known to the million. ``ValueError`` where the text holds no figure, or several, or one that can be read in two ways.
    """
    match = _FIGURE.fullmatch(printed.strip())
    if match is None:
        raise ValueError(f"{printed!r} is not one figure; print it as 1,400 or 0.67 or 1.4bn")
    decimals, after = len(match[2] or ""), match[3].lower()
    if after in _UNSURE:
        raise ValueError(f"{printed!r} can be {_UNSURE[after]}; write the word")
    return 0.0 if exact else float(Decimal(1).scaleb(MAGNITUDES.get(after, 0) - decimals))


class Hedge(StrEnum):
    """Words with which a sentence makes its own figure less exact; ``half`` stands for "half" and "about half"."""

    NONE = ""
    ABOUT = "about"
    HALF = "half"
    UP_TO = "up_to"
    OVER = "over"


@dataclass(frozen=True)
class Band:
    """Figures from least to most, both included; with ``above``, the least is not."""

    low: float
    high: float
    above: bool = False

    def has(self, found: float) -> bool:
        """Whether a figure lies in it; the ends allow for the last bit of floating point."""
        slack = 1e-9 * max(1e-300, *(abs(end) for end in (self.low, self.high) if math.isfinite(end)))
        return (found > self.low + slack if self.above else found >= self.low - slack) and found <= self.high + slack


def of_that_size(value: float, size: Size, percentage: bool = False, hedge: Hedge = Hedge.NONE) -> Band:
    """Figures of the size of the printed one, by the tolerances of the method (a tenth, a fifth, two points).

    Within a tenth; for a percentage within a tenth or two points, whichever is more, but never more than a fifth of it, so never
    across zero. The sentence's own hedge takes its place: "half" a fifth of it (40 to 60 %), "up to" from a fifth below
    to a tenth above, "over" all above. "About" is a tenth, and never less than the figure has without it.
    """
    absolute = abs(value)
    match hedge:
        case Hedge.OVER:
            return Band(value, math.inf, above=True)
        case Hedge.UP_TO:
            low, high = sorted((value * (1 - size.fifth), value * (1 + size.tenth)))
            return Band(low, high)
        case Hedge.HALF:
            half = size.fifth * absolute
        case _:
            half = size.tenth * absolute
            if percentage:
                half = min(max(half, size.points), size.fifth * absolute)
    return Band(value - half, value + half)


def printed_figure(value: float, step: float, revision: float = 0.0, rate_points: float = 0.0) -> Band:
    """Figures that are the printed one: within half its last digit or the documented revision, whichever is larger.

    ``step`` is the article's last printed digit (``step_of``), 0 for an exact count; ``revision`` how far that statistic
    has been revised, in the same unit. At least ``rate_points`` for a published rate of change of output. Raises
    ``ValueError`` where a number is below 0.
    """
    if step < 0 or revision < 0 or rate_points < 0:
        raise ValueError("a last digit or a revision below 0; give how far the figure may be off")
    half = max(step / 2, revision, rate_points)
    return Band(value - half, value + half)
