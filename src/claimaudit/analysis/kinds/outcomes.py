"""What came of what was said before: promises with a day on which they fall due, and forecasts with a day of review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from claimaudit import formats
from claimaudit.analysis.kinds.figures import Bounds, bounds_of, grid
from claimaudit.analysis.kinds.heard import Asked, Row, finding
from claimaudit.analysis.kinds.ratios import quotients
from claimaudit.outcome import Finding

OPEN = 0.5
"""The chance that leans nowhere."""


def promise(asked: Asked) -> Iterator[Finding]:
    """Was what was ``promised`` kept by the ``due`` day: one finding an outcome. None before that day.

    Kept is an outcome of at least ``enough`` (a share, usually the whole) of the promised figure, the most trusted one. An outcome
    counted up to a day before it is due shows that it was kept, never that it was not; one counted beyond it the other way round.
    """
    due, promised = asked.part.due, asked.of("promised")
    if due is None or asked.day < due or not promised:
        return
    what, enough = promised[0], Bounds(low=asked.number("enough", 1.0))
    for row in asked.of("outcome"):
        found = quotients(row.extent, what.extent)
        if row.side == "auto" and not len(found):
            continue
        chance = _by(row, due, enough.chance(found)) if row.side == "auto" else float(row.so)
        text = f"{row.text}, of what was promised: {what.text}, due {formats.day(due)}"
        yield finding(asked, (row, what), chance, text)


def _by(row: Row, day: date, reached: float) -> float:
    """The chance that something was reached by a day, from what a row says of its own period.

    A period that begins after the day tells nothing of it, but for a single day: that is how things stood then.
    """
    if row.end < day:
        return max(reached, OPEN)
    if row.end == day:
        return reached
    return min(reached, OPEN) if row.start <= day or row.start == row.end else OPEN


def forecast(asked: Asked) -> Iterator[Finding]:
    """Is the criterion met by the ``review`` day: one finding a row. None before that day: a forecast is open until then.

    A row is a flag, or a figure held against a bound. A period that ends before the day shows that the criterion was met, never
    that it was not; one that ends after it the other way round.
    """
    review = asked.part.review
    if review is None or asked.day < review:
        return
    bounds = bounds_of(asked, asked.factor)
    for row in asked.of(""):
        if row.side != "auto":
            chance = float(row.so)
        else:
            chance = _by(row, review, bounds.chance(grid(row.extent)) if bounds else float(row.so))
        yield finding(asked, [row], chance, row.text)
