"""Iranian satellites on Russian rockets (M07, M08): how far the month is off, and what the first of them can see.

Dates in days, resolutions in metres on the ground (smaller is sharper). A statement of concern is kept
apart from what the camera can do: the first is tested as a saying, the second as a figure beside what others say of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from claimaudit import formats
from claimaudit.analysis.findings import find
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, phrase
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.analysis.uncertainty import chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding

TITLE = "Iranian satellites on Russian rockets"
CRAFT = "RUS-IRN:Khayyam"
UNNAMED = ("washington-post-202106", "washington-post-202208")
NEW = "M08.capability"


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    levels: float = number(2.0, 0.5, 6, "levels of picture quality (doublings) that count as new")
    unnamed: float = number(1.0, 0, 1, "how far unnamed officials are believed, as a share of their grade")


def speaker(row: Observation) -> str:
    """Who makes a statement or gives a figure, in words."""
    names = {"us": "US", "iran": "Iran", "israeli": "Israeli", "western": "Western", "iranian": "Iranian"}
    text = " ".join(names.get(word, word) for word in row.variant.split("-"))
    return text[0].upper() + text[1:]


# -- the month -------------------------------------------------------------------------------------------------------


def month_window(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def days_outside(day: date, window: tuple[date, date]) -> int:
    """Days from a day to the nearest day of a window: negative before it, 0 inside, positive after it."""
    first, last = window
    return (day - first).days if day < first else max(0, (day - last).days)


def claimed_window(dossier: Dossier) -> tuple[date, date]:
    """The month the article names, from the part that tests it."""
    window = dossier.part("M07.month").window
    assert window is not None
    return window


# -- what the camera can see -----------------------------------------------------------------------------------------


def quality_levels(coarse: float, sharp: float) -> float:
    """Levels of the picture quality scale between two resolutions (in one unit of length): one a doubling.

    The general image-quality equation has 3.32 log10 of the ground sample distance, which is its binary logarithm
    (Leachtenauer, Malila, Irvine, Colburn and Salvaggio, Applied Optics 36(32), 1997).
    """
    return math.log2(coarse / sharp)


def own_before(dossier: Dossier) -> tuple[Observation, ...]:
    """Figures for the satellites Iran built itself before the launch."""
    return dossier.rows(measure="image_resolution", entity="IRN:*")


# -- findings and knobs ----------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on what is new about the satellite: figures for the cameras, and what competent people say of it."""
    yield from _sharper(view, parameters)
    yield from _said(view, parameters)


def _believed(view: Dossier, row: Observation, parameters: Parameters) -> float:
    return view.trust(row) * (parameters.unnamed if row.origin in UNNAMED else 1.0)


def _sharper(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """How much sharper it sees than each of Iran's own before it, by the most trusted figure for its camera."""
    cameras_now = view.rows(measure="image_resolution", entity=CRAFT)
    for own in own_before(view) if cameras_now else ():
        best = max(cameras_now, key=lambda row: (_believed(view, row, parameters), row.value))
        now, before = extent_of(best, view.method), extent_of(own, view.method)
        steps = quality_levels(own.value, best.value)
        ids = (own.observation_id, best.observation_id)
        text = (
            f"{formats.quantity(best.value, 'm')} against {formats.quantity(own.value, 'm')} of Iran's own, "
            f"{formats.number(steps, 2)} levels sharper"
        )
        trust = min(_believed(view, best, parameters), model_trust(view, ids[:1]))
        chance = chance_of_order(now, before, 2.0**-parameters.levels, points=200)
        yield Finding(NEW, own.origin, chance, trust, ids, text)


def _said(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Who says that it is a significant capability, or is not; a predecessor of no use speaks for it."""
    for row in view.rows(measure="spying_capability_stated", entity=(CRAFT, "IRN:Noor")):
        able, before = row.value >= 0.5, row.entity != CRAFT
        what = "no use for spying before" if before else "of significant use" if able else "of little use"
        text = f"{what}, by {speaker(row)}, {formats.period(row.start, row.end)}"
        chance, trust = float(able is not before), _believed(view, row, parameters)
        yield Finding(NEW, row.origin, chance, trust, (row.observation_id,), text)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The month of the launch, and the leap in sharpness that counts as new."""
    yield _month(view)
    yield Knob(
        NEW,
        "levels",
        parameters.levels,
        lambda levels: list(findings(view, replace(parameters, levels=levels))),
        phrase("were {} levels of sharpness asked for", partial(formats.number, digits=2)),
        (0.5, 6.0),
        steps=30,
        tolerance=2e-3,
    )


def _month(view: Dossier) -> Knob:
    """The month of the article's date, the other months of its year by how near they are."""
    part, start = view.part("M07.month"), claimed_window(view)[0]
    others = sorted(set(range(1, 13)) - {start.month}, key=lambda month: abs(month - start.month))

    def found(month: int) -> tuple[Finding, ...]:
        return find(view, replace(part, window=month_window(start.year, month)))

    def words(month: int) -> str:
        return f"had the article said {date(start.year, month, 1):%B %Y}"

    return Knob("M07.month", "month", start.month, found, words, choices=tuple(others))
