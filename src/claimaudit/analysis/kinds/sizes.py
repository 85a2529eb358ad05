"""A printed figure against those of the rows: is it of that size, and is it the printed figure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from claimaudit.analysis.kinds.figures import Bounds, grid
from claimaudit.analysis.kinds.heard import Asked, Row, finding
from claimaudit.analysis.steps import Band, Hedge, printed_figure
from claimaudit.analysis.steps import of_that_size as size_band
from claimaudit.outcome import Finding, Quantity


def of_that_size(asked: Asked) -> Iterator[Finding]:
    """Is the figure of the claimed size (``value``, ``hedge``): one finding a row."""
    value = asked.number("value")
    band = size_band(value, asked.size, asked.percentage, Hedge(asked.part.hedge))
    return _held_to(asked, band, asked.part.hedge != Hedge.OVER)


def printed(asked: Asked) -> Iterator[Finding]:
    """Is it the printed figure, for the printed period, scope and measure (``value``, ``step``, ``revision``): a finding a row."""
    points = asked.size.rate_points if asked.number("rate_of_output") else 0.0
    band = printed_figure(asked.number("value"), asked.number("step"), asked.number("revision"), points)
    return _held_to(asked, band)


def chance_within(row: Row, band: Bounds, claimed: float | None) -> float:
    """How far a row bears a figure out.

    A figure inside the band holds: whole where the source prints no range, and never less than even where it prints one. A
    figure outside speaks by the share of its range inside. A row that prints the claimed figure itself, to its own last
    digit, never speaks against it.
    """
    share = band.chance(grid(row.extent, 2000))
    inside = bool(band.has(np.array(row.figure)))
    if inside and not row.ranged:
        return 1.0
    same = claimed is not None and abs(row.figure - claimed) <= max(row.step / 2, 1e-9 * abs(claimed)) * (1 + 1e-9)
    return max(share, 0.5) if inside or same else share


def _held_to(asked: Asked, band: Band, itself: bool = True) -> Iterator[Finding]:
    part, factor = asked.part, asked.factor
    bounds = Bounds(band.low * factor, band.high * factor, band.above)
    claimed = asked.number("value") * factor if itself else None
    for row in asked.of(""):
        extent = row.extent
        shown = Quantity(extent.mid / factor, extent.low / factor, extent.high / factor, part.unit)
        chance = chance_within(row, bounds, claimed) if row.side == "auto" else float(row.so)
        yield finding(asked, [row], chance, row.text, shown)
