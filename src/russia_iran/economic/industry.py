"""Russian industry under sanctions: the months of the four printed falls of output (E05-E08), plants idle on the day (E29).

Changes of output in percent, ages of reports in days. The four falls are held against each cumulative month of the statistical
office; the car plants are counted by the newest report on each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import model_trust, standing
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding

TITLE = "Industry under sanctions"
PRINTED = {
    "RUS:cars": "E05.size",
    "RUS:trucks": "E06.size",
    "RUS:buses_under_5t": "E07.size",
    "RUS:buses_over_5t": "E08.size",
}
"""The class each printed fall is about, and the part that holds the printed figure."""
CLASS_NAMES = {
    "RUS:cars": "Cars", "RUS:trucks": "Trucks", "RUS:buses_under_5t": "Buses under 5 tonnes (minibuses)",
    "RUS:buses_over_5t": "Buses over 5 tonnes",
}  # fmt: skip
JANUARY, CLAIMED = date(2022, 1, 1), date(2022, 8, 31)
"""First and last day of the months that the article names."""
EXACT = 0.05 + 1e-9
"""Points within which two figures with one decimal agree."""
PLANT_REPORTS = "plant-reports"
"""The name under which the reports on single plants, counted together, are one independent source."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    max_age_weeks: int = number(52, 1, 104, "reports on a plant older than this count as unknown")


# -- the four printed falls against each cumulative month (E05-E08) --------------------------------------------------


def compared(falls: pd.DataFrame) -> pd.DataFrame:
    """The falls with ``gap`` (published less printed, points), ``exact`` (alike to the printed decimal) and ``coincidence``.

    ``falls`` has end, class, printed, published: a row a class and cumulative month. ``coincidence`` is the chance that the figure
    of another month agrees to the decimal: a tenth of a point over the spread of the class's months.
    """
    gap = falls["published"] - falls["printed"]
    months = falls.groupby("class")["published"]
    spread = months.transform("max") - months.transform("min")
    by_chance = (0.1 / spread.where(spread > 0)).clip(upper=1).fillna(1.0)
    return falls.assign(gap=gap, exact=gap.abs() <= EXACT, coincidence=by_chance)


def month_weights(falls: pd.DataFrame, slip: float) -> pd.Series:
    """Probability that the printed figures come from each cumulative month, a row an ``end``; even prior.

    Bayes' rule: a figure agrees with its own month but for a slip of the pen; a slip (or another month's figure) hits a
    given decimal by coincidence only. ``falls`` as of ``compared``; ``slip`` is a share (0-1).
    """
    gain = np.where(falls["exact"], np.log(1 - slip), np.log(slip * falls["coincidence"]))
    logs = pd.Series(gain, falls["end"], dtype=float).groupby(level=0).sum()
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


# -- plants idle on the day (E29) ------------------------------------------------------------------------------------


def most_idle(plants: pd.DataFrame, bar: float) -> tuple[bool, str]:
    """Whether more than a share ``bar`` (0-1) of the plants is idle, and the row of the weakest report the answer needs.

    ``plants`` has idle, grade, row. Reports are taken by grade; the row is the last one needed, whatever the plants after it
    are. Blank where there are no plants.
    """
    ranked = plants.sort_values(["grade", "row"])
    count, idle = len(ranked), ranked["idle"]
    most = bool(idle.sum() > bar * count)
    needed = int(np.floor(bar * count)) + 1 if most else int(np.ceil((1 - bar) * count))
    return most, str(ranked.loc[idle == most, "row"].iloc[needed - 1]) if count else ""


# -- from the dossier ------------------------------------------------------------------------------------------------


def cumulative(view: Dossier) -> pd.DataFrame:
    """The office's falls from January 2022 to each month with all four classes on record, beside the printed ones, percent.

    Columns: end, class, printed, published, row. Where two outlets round one figure differently the one nearer to the article
    counts; derived figures on the base first published and a known misprint are no readings of the office's own table.
    """
    variants = ("rosstat", "rosstat-revised-base", "rosstat-derived")
    rows = view.rows(measure="output_change", entity=tuple(PRINTED), variant=variants)
    printed = {entity: view.part(name).numbers["value"] for entity, name in PRINTED.items()}
    records = [
        (row.end, CLASS_NAMES[row.entity], printed[row.entity], row.value, row.observation_id)
        for row in rows
        if row.start == JANUARY and row.end > date(2022, 1, 31)
    ]
    found = pd.DataFrame(records, columns=["end", "class", "printed", "published", "row"])
    found = found.astype({"printed": float, "published": float})
    found["far"] = (found["published"] - found["printed"]).abs()
    found["place"] = found["class"].map({name: place for place, name in enumerate(CLASS_NAMES.values())})
    best = found.sort_values(["far", "row"]).drop_duplicates(["end", "class"])
    whole = best[best.groupby("end")["class"].transform("size") == len(PRINTED)]
    return whole.sort_values(["end", "place"], ignore_index=True).drop(columns=["far", "place"])


def slip(view: Dossier) -> float:
    """How often a paper misprints a figure: the middle of the method's range, as a share (0-1)."""
    return float(view.method.topics["industry"]["slip"]["range"][1])


def plants(view: Dossier, max_age_weeks: float) -> pd.DataFrame:
    """Every car plant by its newest report that the view knows, for the article's day at the latest; one row a plant.

    Columns: plant, idle, age_days (how old the report is), grade, row. At publication these are last reports before the day; in
    hindsight later sources that speak of the day replace them. Older reports than ``max_age_weeks`` drop out.
    """
    day = view.article.published
    records = [
        (row.entity, row.value >= 0.5, (day - row.end).days, f"{row.reliability}{row.credibility}", row.observation_id)
        for row in view.rows(measure="plant_idle")
        if row.end <= day
    ]
    found = pd.DataFrame(records, columns=["plant", "idle", "age_days", "grade", "row"])
    found = found.astype({"idle": bool, "age_days": int})
    newest = found.sort_values("age_days", kind="stable").drop_duplicates("plant").sort_values("plant")
    return newest[newest["age_days"] <= 7 * max_age_weeks].reset_index(drop=True)


def other_brand(view: Dossier) -> set[str]:
    """The plants that worked again, but for another brand."""
    return {row.entity for row in view.rows(ids=tuple(view.method.topics["industry"]["other_brand"]["rows"]))}


# -- findings and knobs ----------------------------------------------------------------------------------------------


class Prepared(NamedTuple):
    """What no grade changes: the falls by month, and the plants."""

    falls: pd.DataFrame
    plants: pd.DataFrame


def prepare(view: Dossier, parameters: Parameters) -> Prepared:
    """The printed falls beside the published ones, and the state of each plant."""
    return Prepared(compared(cumulative(view)), plants(view, parameters.max_age_weeks))


def findings(view: Dossier, parameters: Parameters, prepared: Prepared | None = None) -> Iterator[Finding]:
    """Findings on the month of the four falls and on the idle plants."""
    found = prepared or prepare(view, parameters)
    yield from _four_together(view, found.falls)
    yield from _idle_findings(view, found.plants)


def _four_together(view: Dossier, falls: pd.DataFrame) -> Iterator[Finding]:
    """Do the four figures belong to January-August; where one month agrees in all four no other can agree better."""
    if not (falls["end"] == CLAIMED).any():
        return
    weights = month_weights(falls, slip(view))
    best = max(weights.index, key=lambda end: (weights[end], end))
    of_best, of_claimed = (falls[falls["end"] == end] for end in (best, CLAIMED))
    decides = of_best if of_best["exact"].all() else pd.concat([of_best, of_claimed])
    text = (
        f"{of_best['exact'].sum()} of the {len(PRINTED)} figures agree to the decimal with {formats.period(JANUARY, best)}; "
        f"with {formats.period(JANUARY, CLAIMED)} {of_claimed['exact'].sum() or 'none'} do, and the mean gap is "
        f"{formats.quantity(float(of_claimed['gap'].abs().mean()), 'point', 2)}"
    )
    rows = (*of_best["row"], *of_claimed["row"])
    trust = model_trust(view, *([name] for name in decides["row"]))
    yield Finding("E05.four_together", view.observation(rows[0]).origin, float(weights[CLAIMED]), trust, rows, text)


def _idle_findings(view: Dossier, found: pd.DataFrame) -> Iterator[Finding]:
    """One finding on the plants counted, as good as the weakest report needed, and one for each general account (older, so at
    one remove)."""
    bar = view.part("E29.idle").numbers["value"] / 100
    most, name = most_idle(found, bar)
    if name:
        weakest, age = view.observation(name), found["age_days"].max() // 7
        text = f"{found['idle'].sum()} of {formats.count(len(found), 'plant')} idle by the newest report on each"
        text += f", the oldest {formats.count(age, 'week')} before the day" if age else ""
        rows = (name, *found.loc[found["row"] != name, "row"])
        finding = Finding("E29.idle", PLANT_REPORTS, float(most), view.trust(weakest), rows, text)
        yield replace(standing(view, weakest, finding), speaker="")
    for row in view.rows(measure="most_plants_idle"):
        text = f"most plants {'idle' if row.value >= 0.5 else 'at work'}, {formats.period(row.start, row.end)}"
        finding = Finding("E29.idle", row.origin, row.value, view.trust(row, direct=False), (row.observation_id,), text)
        yield standing(view, row, finding, direct=False)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """Plants at work unseen, on which the label of the idle plants rests: those with the oldest reports first."""
    found = plants(view, parameters.max_age_weeks)
    oldest = found[found["idle"]].sort_values(["age_days", "plant"], ascending=[False, True])["plant"].tolist()

    def after(restarted: int) -> Iterator[Finding]:
        gone = found["plant"].isin(oldest[:restarted])
        return _idle_findings(view, found.assign(idle=found["idle"] & ~gone))

    def words(restarted: int) -> str:
        counted = formats.count(restarted, "plant")
        return f"had {counted} with the oldest reports been at work again unseen"

    if oldest:
        yield Knob(
            "E29.idle", "unseen restarts", 0, after, words, choices=tuple(range(1, len(oldest) + 1)), unit="plant"
        )


def shown_rows(dossier: Dossier) -> list[str]:
    """Reports on plants that newer ones have replaced: the notebook shows them."""
    return [row.observation_id for row in dossier.rows(measure="plant_idle")]
