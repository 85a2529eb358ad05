"""Partnership before and after the invasion (M09, M11-M14, M16-M18): arms both ways, meetings, naval drills.

Arms in SIPRI's trend-indicator values (a volume, no money), contacts and drills as counts over years of exposure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import model_trust
from claimaudit.analysis.inference import chance_ratio_above, rate_ratio
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters, choice, number
from claimaudit.analysis.uncertainty import Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Basis, Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Partnership before and after the invasion"
SERIES = "arms-transfers"
WORKED_OUT = "worked-out-from-sipri-register"
"""The origin of sums made here from the register: they are not the register's own figures."""
INVASION = date(2022, 2, 24)
WINDOW = 4
"""Years in a row that make an earlier peak; the answer is the same from one to ten."""
DRILLS = ("ocean", "any-sea", "with-china")
ARMS_ROWS = (
    "asp.tiv.rus-irn.1990-1999",
    "asp.tiv.rus-irn.2000-2009",
    "asp.tiv.rus-irn.2010-2014",
    "asp.tiv.rus-irn.2015-2019",
    "asp.tiv.rus-irn.2016",
    "asp.tiv.rus-irn.2020-2021",
    "asp.tiv.rus-irn.2022-2025",
    "asp.tiv.irn-rus.1990-2021",
    "asp.tiv.irn-rus.2022-2025",
)


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    arms_since: int = number(2014, 1_992, 2_021, "first year of the time before the invasion for Russian deliveries")
    drills: str = choice("ocean", DRILLS, "naval drills to count")


def judged(dossier: Dossier, name: str) -> dict:
    """An assumption of ``[topics.partnership]`` in the method file."""
    return dossier.method.topics["partnership"][name]


def _known(dossier: Dossier, *names: str) -> list[str]:
    return [name for name in names if name in dossier.evidence.records]


def years_between(first: date, last: date) -> float:
    """Length of a period in years, both days counted; nothing when it ends before it begins."""
    return max(0.0, ((last - first).days + 1) / 365.25)


# -- arms -------------------------------------------------------------------------------------------------------------


def deals(dossier: Dossier) -> pd.DataFrame:
    """The register's deals by year, the Soviet years left out: columns year, supplier, volume, licensed (of it), in TIV."""
    frame = dossier.series[SERIES].frame
    names = {"tiv_equal_split": "volume", "of_which_licensed_production": "licensed"}
    frame = frame.assign(year=frame["year"].astype(int)).rename(columns=names)
    return frame.loc[frame["year"] >= 1992, ["year", "supplier", "volume", "licensed"]]


def yearly(sold: pd.DataFrame) -> pd.DataFrame:
    """Volume by year in TIV: index year, columns to_iran, to_russia; ``sold`` as of ``deals``.

    Licensed output is left out. The register gives none apart for Iranian deliveries.
    """
    volume = sold["volume"] - sold["licensed"]
    wide = volume.groupby([sold["year"], sold["supplier"]]).sum().unstack()
    return wide.rename(columns={"RUS": "to_iran", "IRN": "to_russia"})[["to_iran", "to_russia"]] if len(wide) else wide


def best_window(volumes: pd.Series, years: int) -> tuple[int, float]:
    """First year and mean of the highest run of so many years; ``volumes`` in TIV, indexed by year."""
    means = volumes.rolling(years).mean().dropna()
    if means.empty:
        return int(volumes.index[0]), float(volumes.mean())
    last = int(means.idxmax())
    return last - years + 1, float(means.max())


def since_and_before(volumes: pd.Series, since: int) -> tuple[float, float]:
    """Mean yearly volume since the year of the invasion, and from ``since`` to the year before it; indexed by year."""
    late = volumes.index >= INVASION.year
    return float(volumes[late].mean()), float(volumes[~late & (volumes.index >= since)].mean())


def _estimated(value: float, dossier: Dossier) -> Split:
    """A volume of the register with the width of an estimate."""
    half = value * dossier.method.widths[Basis.ESTIMATE]
    return Split(value - half, value, value + half)


# -- meetings ---------------------------------------------------------------------------------------------------------


class Period(NamedTuple):
    """A count of meetings over a period, by one counter: events, years of exposure, and the rows it rests on."""

    counter: str
    origin: str
    first: date
    last: date
    events: float
    rows: tuple[str, ...]

    @property
    def years(self) -> float:
        """Years of exposure."""
        return years_between(self.first, self.last)


def dated_meetings(dossier: Dossier) -> list[Observation]:
    """Meetings of the two presidents with a day of their own, in order."""
    rows = dossier.rows(measure="presidential_meetings", variant="one-dated-meeting")
    return sorted(rows, key=lambda row: row.start)


def before_invasion(dossier: Dossier) -> list[Period]:
    """Totals of whole periods that ended before the invasion and lie after the first break with the West."""
    rows = dossier.rows(measure="presidential_meetings")
    return [_total(row) for row in rows if date(2014, 1, 1) <= row.start and row.end < INVASION and _long(row)]


def _long(row: Observation) -> bool:
    return (row.end - row.start).days > 300


def _total(row: Observation) -> Period:
    return Period(row.variant, row.origin, row.start, row.end, row.value, (row.observation_id,))


def after_invasion(dossier: Dossier) -> list[Period]:
    """Counts since the invasion: totals that reach over it less meetings dated before it, and the dated meetings."""
    dated = dated_meetings(dossier)
    out = []
    for row in dossier.rows(measure="presidential_meetings"):
        if _long(row) and row.start < INVASION <= row.end:
            early = [item for item in dated if row.start <= item.start < INVASION]
            ids = (row.observation_id, *(item.observation_id for item in early))
            out.append(Period(row.variant, row.origin, INVASION, row.end, row.value - len(early), ids))
    since = [item for item in dated if item.start >= INVASION]
    if since:
        last = min(dossier.day, date.fromisoformat(judged(dossier, "meetings_listed_to")["value"]))
        ids = tuple(item.observation_id for item in since)
        out.append(Period("dated-meetings", "dated-meetings", INVASION, last, len(since), ids))
    return out


def chance_no_rise(before: float, years_before: float, after: float, years_after: float) -> float:
    """Probability that events came at most as often a year after as before, by their numbers and the years of exposure."""
    return 1.0 - chance_ratio_above(1.0, after, years_after, before, years_before)


# -- naval drills -----------------------------------------------------------------------------------------------------


def drills(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    """Drills held, a row for each year and sea: columns year, sea, began, rows (those that report it).

    ``rows`` are observations of drills (columns entity, variant, start, end, value); a total of several years is left out.
    ``which``: "ocean" takes the series that began in 2019, "any-sea" also the Caspian, "with-china" those of three navies.
    """
    seas = ("RUS-IRN:ocean", "RUS-IRN:Caspian") if which == "any-sea" else ("RUS-IRN:ocean",)
    short = (rows["end"] - rows["start"]).dt.days <= 366
    held = rows[rows["entity"].isin(seas) & (rows["value"] >= 1) & short]
    if which == "with-china":
        held = held[held["variant"] == "with-china"]
    held = held.assign(year=held["start"].dt.year, sea=held["entity"].str.split(":").str[-1], row=held.index)
    return held.groupby(["year", "sea"]).agg(began=("start", "min"), rows=("row", tuple)).reset_index()


@lru_cache(maxsize=64)  # days and methods ask for the same rows again and again
def _held(rows: tuple[Observation, ...], which: str) -> pd.DataFrame:
    names = ("entity", "variant", "start", "end", "value")
    found = pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=[*names])
    days = {name: pd.to_datetime(found[name]) for name in ("start", "end")}
    return drills(found.assign(**days).set_axis([row.observation_id for row in rows]), which)


def drill_years(dossier: Dossier, which: str) -> tuple[float, float]:
    """Years of exposure before and since the invasion: from the year of the first drill of a kind to the last day looked at."""
    first = date(2015 if which == "any-sea" else 2019, 1, 1)
    last = min(dossier.day, date.fromisoformat(judged(dossier, "drills_listed_to")["value"]))
    return years_between(first, date(2022, 2, 23)), years_between(INVASION, last)


class Drills(NamedTuple):
    """Drills before and since the invasion with years of exposure and rows."""

    before: int
    years_before: float
    after: int
    years_after: float
    rows_before: tuple[str, ...]
    rows_after: tuple[str, ...]

    @property
    def chance_more(self) -> float:
        """Probability that the rate after is above the rate before."""
        return 1.0 - chance_no_rise(self.before, self.years_before, self.after, self.years_after)


def drill_counts(dossier: Dossier, parameters: Parameters) -> Drills:
    """Drills before and since the invasion, by the parameters' choice of drills."""
    held = _held(dossier.rows(measure="joint_naval_exercises"), parameters.drills)
    late = held["began"] >= pd.Timestamp(INVASION)
    years_before, years_after = drill_years(dossier, parameters.drills)
    before, after = (tuple(row for names in held.loc[side, "rows"] for row in names) for side in (~late, late))
    return Drills(int((~late).sum()), years_before, int(late.sum()), years_after, before, after)


# -- findings and knobs -----------------------------------------------------------------------------------------------


def series_trust(dossier: Dossier, name: str, digit: str = "2") -> float:
    """Trust (0-1) of a series: the letter of its source with the credibility ``digit``; the least of several."""
    sources = (dossier.whole or dossier).sources
    letters = {sources.at[row, "reliability"] for row in dossier.series[name].frame["source_id"].unique()}
    return min((dossier.method.trust(letter, digit) for letter in letters), default=0.0)


def prepare(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What no grade changes: arms by year, columns as of ``yearly``."""
    return yearly(deals(view))


def findings(view: Dossier, parameters: Parameters, prepared: pd.DataFrame | None = None) -> Iterator[Finding]:
    """Arms against earlier times, who calls the support unprecedented, meetings and drills before and after."""
    yield from _arms_findings(view, parameters, prepare(view, parameters) if prepared is None else prepared)
    yield from _said_findings(view)
    yield from _meeting_findings(view)
    yield from _drill_findings(view, parameters)


def _arms_findings(view: Dossier, parameters: Parameters, table: pd.DataFrame) -> Iterator[Finding]:
    trust = series_trust(view, SERIES)
    if table.empty:
        return
    after, before = (_estimated(value, view) for value in since_and_before(table["to_iran"], parameters.arms_since))
    late, early = (formats.quantity(part.mid, "TIV") for part in (after, before))
    rows = tuple(_known(view, "asp.tiv.rus-irn.2022-2025", *ARMS_ROWS[:6]))
    text = f"{late} a year since 2022 against {early} a year in {parameters.arms_since} to 2021"
    yield Finding("M12.arms", WORKED_OUT, chance_of_order(after, before), trust, rows, text)
    chance, text = unprecedented(view, table)
    yield Finding("M16.unprecedented", WORKED_OUT, chance, trust, tuple(_known(view, *ARMS_ROWS)), text)


def unprecedented(view: Dossier, table: pd.DataFrame) -> tuple[float, str]:
    """The chance (0-1) that both directions are above their earlier peak, which is that of the lesser one, and the two in words."""
    chances, texts = [], []
    for column, way in (("to_russia", "to Russia"), ("to_iran", "to Iran")):
        own = table[column].fillna(0.0)
        first, peak = best_window(own[own.index < INVASION.year], WINDOW)
        after = _estimated(float(own[own.index >= INVASION.year].mean()), view)
        chances.append(1 - chance_of_order(after, _estimated(peak, view)) if peak else float(after.mid > 0))
        late, early = (formats.quantity(value, "TIV") for value in (after.mid, peak))
        texts.append(f"{way} {late} a year since 2022 against {early} in {first} to {first + WINDOW - 1}")
    return min(chances), "; ".join(texts)


def _said_findings(view: Dossier) -> Iterator[Finding]:
    """Who calls the support of both unprecedented: at one remove, as nobody says how it was measured."""
    for row in view.rows(measure="unprecedented_support_stated", entity="RUS-IRN"):
        if row.variant.endswith("of-both"):
            text = f"called unprecedented, {formats.period(row.start, row.end)}"
            trust = view.trust(row, direct=False)
            yield Finding("M16.unprecedented", row.origin, row.value, trust, (row.observation_id,), text, direct=False)


def _meeting_findings(view: Dossier) -> Iterator[Finding]:
    for before, after in product(before_invasion(view), after_invasion(view)):
        ratio = rate_ratio(after.events, after.years, before.events, before.years)
        late, early = (f"{part.events:.0f} in {formats.number(part.years)} years" for part in (after, before))
        text = f"meetings: {late} since the invasion against {early} before it"
        trust = model_trust(view, before.rows, after.rows)
        extent = Quantity(ratio.value, ratio.low, ratio.high, "ratio")
        rows = (*after.rows, *before.rows)
        yield Finding(
            "M12.contacts",
            after.origin,
            chance_no_rise(before.events, before.years, after.events, after.years),
            trust,
            rows,
            text,
            extent,
        )


def _drill_findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    found = drill_counts(view, parameters)
    if not found.rows_before or not found.years_after:
        return
    late = f"{formats.count(found.after, 'drill')} in {formats.number(found.years_after)} years"
    text = f"{late} since the invasion against {found.before} in {formats.number(found.years_before)} years before it"
    groups = [rows for rows in (found.rows_before, found.rows_after) if rows]
    trust = model_trust(view, *groups)
    ratio = rate_ratio(found.after, found.years_after, found.before, found.years_before)
    extent = Quantity(ratio.value, ratio.low, ratio.high, "ratio")
    rows = (*found.rows_after, *found.rows_before)
    yield Finding("M11.more", "drills-by-year", found.chance_more, trust, rows, text, extent)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The first year and the number of drills on which the labels rest."""

    table = prepare(view, parameters)

    def found(x: float) -> list[Finding]:
        moved = replace(parameters, arms_since=round(x))
        return [item for item in _arms_findings(view, moved, table) if item.part_id == "M12.arms"]

    yield Knob(
        "M12.arms",
        "arms_since",
        float(parameters.arms_since),
        found,
        lambda x: f"had the time before begun in {round(x)}",
        (1992, 2021),
        steps=29,
        tolerance=5e-3,
    )
    yield from _drills(view, parameters)


def _drills(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """How many drills there were since the invasion."""
    own = drill_counts(view, parameters)
    for base in _drill_findings(view, parameters):
        yield Knob(
            "M11.more",
            "drills since",
            own.after,
            lambda x, base=base: [replace(base, probability=own._replace(after=round(x)).chance_more)],
            lambda count: f"with {formats.count(int(count), 'drill')} since the invasion",
            (0, 40),
            unit="exercise",
            whole=True,
            steps=40,
            tolerance=5e-3,
        )
