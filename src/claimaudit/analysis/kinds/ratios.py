"""Ratios of two figures or sums, and products of uncertain inputs, against a bound."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from claimaudit import formats
from claimaudit.analysis.kinds.figures import POINTS, Bounds, bounds_of, every, grid, middle, shown, thinned
from claimaudit.analysis.kinds.heard import Asked, Row, counts, finding, matched, told, total
from claimaudit.analysis.uncertainty import Floats, Split
from claimaudit.dossier.kinds import FACTORS
from claimaudit.outcome import Finding, Quantity

RATIO_UNIT = "ratio"


def ratio(asked: Asked) -> Iterator[Finding]:
    """Is one figure so many times the other (``over`` through ``under``), or so many per cent of it: one finding a pair.

    With ``sum`` the rows of one origin and variant on a side are added up. Figures of one origin and period are held against each
    other; only where an origin has none on the other side, against those of all others. A figure of 0 underneath gives none.
    """
    bounds = bounds_of(asked, asked.factor)
    added, unit = bool(asked.number("sum")), asked.part.unit or RATIO_UNIT
    over, under = (counts(asked.of(role), added) for role in ("over", "under"))
    for above, below in matched(over, under):
        ranges = total(above), total(below)
        if bounds is None or not (ends := _middle(*ranges)):
            continue
        value, low, high = (end / asked.factor for end in ends)
        text = f"{told(above)}, is {_times(value, low, high, unit)} {told(below)}"
        yield finding(asked, (*above, *below), _chance(*ranges, bounds), text, Quantity(value, low, high, unit))


def _times(value: float, low: float, high: float, unit: str) -> str:
    """``2.5 (2.2 to 2.9) times``; a small part of the other in percent, as nobody reads ``0.00291 times``."""
    if unit != RATIO_UNIT:
        return f"{shown(value, low, high)} {unit} of"
    if high < _SMALL:
        return f"{formats.quantity(100 * value, 'percent', 2)} ({formats.span(100 * low, 100 * high, 'percent', 2)}) of"
    return f"{shown(value, low, high)} times"


_SMALL = 0.5
"""Ratios below this are told in percent."""


def quotients(over: Split, under: Split) -> Floats:
    """One range over another, in all pairs of figures of equal weight, shape ``(n,)``; pairs over 0 or less are left out."""
    bottom = grid(under)
    bottom = bottom[bottom > 0]
    return every(grid(over), bottom, np.divide)


# Under other grades and tolerances the same ranges are asked for again; their figures are too many to be kept.


@lru_cache(maxsize=4096)
def _middle(over: Split, under: Split) -> tuple[float, ...]:
    found = quotients(over, under)
    return middle(found) if len(found) else ()


@lru_cache(maxsize=4096)
def _chance(over: Split, under: Split, bounds: Bounds) -> float:
    return bounds.chance(quotients(over, under))


def product(asked: Asked) -> Iterator[Finding]:
    """The inputs ``a``, ``b``, ... multiplied, over ``per`` where it is given, against a bound in the part's unit: one finding.

    Each input is a mixture of its rows by their trust, and as good as its best row; the product is as good as its weakest input.
    None where a needed input has no row that counts, on the day.
    """
    bounds = bounds_of(asked)
    roles = [role for role in (*FACTORS, "per") if any(item.role == role for item in asked.part.evidence)]
    inputs = {role: [row for row in asked.of(role) if row.trust > 0] for role in roles}
    if bounds is None or not inputs or not all(inputs.values()):
        return
    found = np.array([1.0])
    for role, rows in inputs.items():
        figures = mixed(rows)
        if role == "per":
            figures = figures[figures > 0]
            if not len(figures):
                return
        found = thinned(every(found, figures, np.divide if role == "per" else np.multiply))
    value, low, high = (end / asked.factor for end in middle(found))
    best = [rows[0] for rows in inputs.values()]
    weakest = min(best, key=lambda row: (row.trust, row.row_id))
    used = [row for rows in inputs.values() for row in rows]
    text = f"{_worked(inputs)} make {_amount(value, low, high, asked.part.unit)}"
    chance = _scaled(bounds, asked.factor).chance(found)
    yield finding(asked, used, chance, text, Quantity(value, low, high, asked.part.unit), weakest)


def mixed(rows: list[Row]) -> Floats:
    """Rival rows of one input as figures of equal weight, of shape ``(n,)``: each row has as many as its share of the trust."""
    if len(rows) == 1:
        return grid(rows[0].extent)
    every_trust = sum(row.trust for row in rows)
    numbers = [max(1, round(POINTS * row.trust / every_trust)) for row in rows]
    return np.concatenate([row.extent.quantile((np.arange(n) + 0.5) / n) for row, n in zip(rows, numbers, strict=True)])


def _scaled(bounds: Bounds, factor: float) -> Bounds:
    return Bounds(bounds.low * factor, bounds.high * factor, bounds.above, bounds.below, bounds.open_from * factor)


def _worked(inputs: dict[str, list[Row]]) -> str:
    parts = [
        f"{'over ' if role == 'per' else ''}{rows[0].text}" + (f" (and {len(rows) - 1} more)" if len(rows) > 1 else "")
        for role, rows in inputs.items()
    ]
    return " times ".join(parts).replace("times over", "over")


def _amount(value: float, low: float, high: float, unit: str) -> str:
    text = formats.quantity(value, unit)
    return text if low == high else f"{text} ({formats.span(low, high, unit)})"
