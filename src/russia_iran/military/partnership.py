"""Partnership before and after the invasion (M09, M11-M14, M16-M18): arms both ways, meetings, naval drills, what was said.

Arms in SIPRI's trend-indicator values (a volume, no money), contacts and drills as counts over years of exposure. Words
and tables for the notebook are in ``partnership_report.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import model_trust
from claimaudit.analysis.inference import Estimate, chance_ratio_above, change_point, rate, rate_ratio
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import DrawnParameters, choice, number
from claimaudit.analysis.uncertainty import Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Basis, Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Partnership before and after the invasion"
SERIES = "arms-transfers"
WORKED_OUT = "worked-out-from-sipri-register"
"""The origin of sums made here from the register: they are not the register's own figures."""
INVASION = date(2022, 2, 24)
LICENSED = ("without", "with")
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
REPORTS = (
    "asp.kirby.partnership.bbc",
    "asp.kirby.partnership.ap",
    "asp.kirby.partnership.belga",
    "asp.drone.jointproduction.kirby",
    "asp.kirby.threat.bombo",
)
"""Reports of the briefing of 9 December 2022, none of which names a naval item in the part read."""
STEPS = {
    "asp.ties.2015.agreement": ("steps", "Military cooperation agreement"),
    "asp.soleimani.syria2015": ("steps", "Soleimani said to have won Moscow for Syria"),
    "asp.ties.2016.s300": ("steps", "S-300 air defence delivered"),
    "asp.ties.2016.hamadan": ("steps", "Russian bombers fly from Hamadan"),
    "asp.naval.drill.2019.reuters": ("drills", "First drill of three navies"),
    "asp.soleimani.mfa": ("statements", "Moscow condemns the killing of Soleimani"),
    "asp.naval.drill.2021.anadolu": ("drills", "Drill of two navies"),
    "asp.ties.2022.raisi": ("steps", "Draft treaty for twenty years handed over"),
    "asp.naval.drill.2022.reuters": ("drills", "Drill of three navies"),
    "asp.naval.parade.2022": ("drills", "Iranian boats at the Russian Navy Day"),
    "asp.drone.iran.admits": ("statements", "Iran admits a limited number of drones"),
    "asp.kirby.partnership.bbc": ("statements", "Kirby: full defence partnership"),
    "asp.partnership.russia.denial": ("statements", "Russia denies it needs arms"),
    "asp.naval.drill.2023": ("drills", "Drill of three navies, a day after the article"),
    "asp.naval.drill.2024": ("drills", "Drill of three navies"),
    "asp.missile.fath360.us": ("statements", "US: Russia has Iranian missiles"),
    "asp.treaty.signed": ("steps", "Treaty signed, without a duty to defend"),
    "asp.naval.drill.2025": ("drills", "Drill of three navies"),
    "asp.war2025.nohelp": ("statements", "No offer of military help in June 2025"),
    "asp.naval.drill.2025.caspian": ("drills", "Rescue drill in the Caspian"),
    "asp.treaty.inforce": ("steps", "Treaty in force"),
    "asp.naval.drill.2026": ("drills", "Joint drill off Iran"),
    "asp.war2026.norequest": ("statements", "Kremlin: Iran has asked for no arms"),
}
"""Rows of the timeline with their group and what happened."""


@dataclass(frozen=True, kw_only=True)
class Parameters(DrawnParameters):
    """What an analyst may vary."""

    arms_since: int = number(2014, 1_992, 2_021, "first year of the time before the invasion for Russian deliveries")
    window: int = number(4, 1, 10, "years in a row that make an earlier peak")
    licensed: str = choice("without", LICENSED, "licensed output in Iran")
    mention_chance: float = number(0.15, 0.01, 0.9, "chance that a report names a naval item, had there been one")
    independent_reports: int = number(6, 1, 14, "reports of the briefing that count as independent")
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


def arms(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Volume by year in TIV, the Soviet years left out: index year, columns to_iran, to_russia.

    Licensed output in Iran is left out unless asked for; Iranian deliveries keep licensed output in Russia, which the
    register does not give apart. Deals over several years are split evenly (the series holds no other split).
    """
    frame = dossier.series[SERIES].frame
    frame = frame[frame["year"].astype(int) >= 1992]
    less = frame["of_which_licensed_production"] if parameters.licensed == "without" else 0.0
    by = [frame["year"].astype(int), frame["supplier"]]
    wide = (frame["tiv_equal_split"] - less).groupby(by).sum().unstack()
    return wide.rename(columns={"RUS": "to_iran", "IRN": "to_russia"})[["to_iran", "to_russia"]] if len(wide) else wide


def best_window(volumes: pd.Series, years: int) -> tuple[int, float]:
    """First year and mean of the highest run of so many years; ``volumes`` in TIV, indexed by year."""
    means = volumes.rolling(years).mean().dropna()
    if means.empty:
        return int(volumes.index[0]), float(volumes.mean())
    last = int(means.idxmax())
    return last - years + 1, float(means.max())


class Volumes(NamedTuple):
    """Mean yearly volumes from Russia to Iran: since the invasion, before it, in the earlier peak (its first year)."""

    after: float
    before: float
    peak: float
    peak_from: int


def volumes(dossier: Dossier, parameters: Parameters) -> Volumes | None:
    """The three means; ``None`` where the register was not knowable."""
    table = arms(dossier, parameters)
    if table.empty:
        return None
    own = table["to_iran"]
    earlier = own[own.index < INVASION.year]
    first, peak = best_window(earlier, parameters.window)
    before = earlier[earlier.index >= parameters.arms_since].mean()
    return Volumes(float(own[own.index >= INVASION.year].mean()), float(before), peak, first)


def asymmetry(dossier: Dossier, parameters: Parameters) -> float:
    """Iranian deliveries to Russia over Russian ones to Iran since the invasion: a ratio of volumes (TIV).

    Infinite where Russia delivered nothing.
    """
    table = arms(dossier, parameters)
    late = table[table.index >= INVASION.year].sum()
    return float(late["to_russia"] / late["to_iran"]) if late["to_iran"] else float("inf")


def break_year(yearly: pd.Series, rng: np.random.Generator, shuffles: int = 200) -> tuple[int, float]:
    """Year from which the level is another, and how often (0-1) the years in random order show as sharp a break.

    The year is that of the Poisson change point, which does not depend on the unit. Its likelihood does, so its weight
    is a permutation's: the real order counts as one of the draws (Phipson and Smyth 2010). ``yearly`` is indexed by year.
    """
    scaled = yearly.to_numpy(dtype=float) / max(float(yearly.max()), 1.0)
    at, gain, _ = change_point(scaled)
    as_sharp = sum(change_point(rng.permutation(scaled))[1] >= gain - 1e-12 for _ in range(shuffles))
    return int(yearly.index[at]), (as_sharp + 1) / (shuffles + 1)


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

    @property
    def rate(self) -> Estimate:
        """Meetings a year with the 95% interval."""
        return rate(self.events, self.years)


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


def all_periods(dossier: Dossier) -> list[Period]:
    """Every counted period from 2000 on, in time, the two rows of one president added."""
    rows = [row for row in dossier.rows(measure="presidential_meetings") if _long(row) and row.end < INVASION]
    return sorted([*map(_total, rows), *after_invasion(dossier)], key=lambda period: (period.first, period.counter))


def chance_no_rise(before: Period, after: Period, times: float = 1.0) -> float:
    """Probability that the rate after is at most so many times the rate before."""
    return 1.0 - chance_ratio_above(times, after.events, after.years, before.events, before.years)


# -- naval drills -----------------------------------------------------------------------------------------------------


def drills(dossier: Dossier, parameters: Parameters) -> dict[tuple[int, str], list[Observation]]:
    """Drills held, one for each year and sea, with the rows that report it (a total of several years is left out).

    ``ocean`` takes the series that began in 2019, ``any-sea`` also the Caspian, ``with-china`` only those of three
    navies.
    """
    seas = {"any-sea": ("RUS-IRN:ocean", "RUS-IRN:Caspian")}.get(parameters.drills, ("RUS-IRN:ocean",))
    found: dict[tuple[int, str], list[Observation]] = {}
    for row in dossier.rows(measure="joint_naval_exercises", entity=seas):
        if row.value < 1 or (row.end - row.start).days > 366:
            continue
        if parameters.drills == "with-china" and row.variant != "with-china":
            continue
        found.setdefault((row.start.year, row.entity), []).append(row)
    return dict(sorted(found.items()))


class Drills(NamedTuple):
    """Drills before and after the invasion with years of exposure and rows."""

    before: int
    years_before: float
    after: int
    years_after: float
    rows_before: tuple[str, ...]
    rows_after: tuple[str, ...]

    @property
    def ratio(self) -> Estimate:
        """Rate after over rate before, a ratio, with the 95% interval."""
        return rate_ratio(self.after, self.years_after, self.before, self.years_before)

    @property
    def chance_more(self) -> float:
        """Probability that the rate after is above the rate before."""
        return chance_ratio_above(1.0, self.after, self.years_after, self.before, self.years_before)


def drill_counts(dossier: Dossier, parameters: Parameters) -> Drills:
    """Drills before and after the invasion; exposure starts with the year of the first kind of drill on record."""
    held = drills(dossier, parameters)
    sides: dict[bool, list[list[Observation]]] = {True: [], False: []}
    for rows in held.values():
        sides[min(row.start for row in rows) >= INVASION].append(rows)
    first = date(2015 if parameters.drills == "any-sea" else 2019, 1, 1)
    last = min(dossier.day, date.fromisoformat(judged(dossier, "drills_listed_to")["value"]))
    ids = {late: tuple(row.observation_id for rows in found for row in rows) for late, found in sides.items()}
    return Drills(
        len(sides[False]),
        years_between(first, date(2022, 2, 23)),
        len(sides[True]),
        years_between(INVASION, last),
        ids[False],
        ids[True],
    )


# -- the silence of the reports ---------------------------------------------------------------------------------------


def chance_despite_silence(mention_chance: float, reports: float) -> float:
    """Probability that it was said although no report mentions it, from an even prior, by Bayes' rule.

    Silence of ``reports`` independent ones has the chance (1 - mention_chance) ** reports had it been said, and 1 had
    it not.
    """
    silent = (1 - mention_chance) ** reports
    return silent / (silent + 1)


def silence_grid() -> pd.DataFrame:
    """The chance over both assumptions in percent: rows are chances of a mention, columns independent reports."""
    mention, reports = (0.05, 0.1, 0.15, 0.2, 0.3), (2, 4, 6, 10, 14)
    cells = [[100 * chance_despite_silence(chance, count) for count in reports] for chance in mention]
    rows = [f"{100 * chance:.0f}% would mention it" for chance in mention]
    return pd.DataFrame(cells, index=rows, columns=[f"{count} reports" for count in reports])


# -- findings and knobs -----------------------------------------------------------------------------------------------


def series_trust(dossier: Dossier, name: str, digit: str = "2") -> float:
    """Trust (0-1) of a series: the letter of its source with the credibility ``digit``; the least of several."""
    sources = (dossier.whole or dossier).sources
    letters = {sources.at[row, "reliability"] for row in dossier.series[name].frame["source_id"].unique()}
    return min((dossier.method.trust(letter, digit) for letter in letters), default=0.0)


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Arms against earlier times, who calls the support unprecedented, meetings and drills before and after."""
    yield from _arms_findings(view, parameters)
    yield from _said_findings(view)
    yield from _meeting_findings(view)
    yield from _drill_findings(view, parameters)


def _arms_findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    found, trust = volumes(view, parameters), series_trust(view, SERIES)
    if found is None:
        return
    after, before = (_estimated(value, view) for value in (found.after, found.before))
    late, early = (formats.quantity(part.mid, "TIV") for part in (after, before))
    rows = tuple(_known(view, "asp.tiv.rus-irn.2022-2025", *ARMS_ROWS[:6]))
    when = f"{parameters.arms_since} to 2021"
    text = f"{late} a year since 2022 against {early} a year in {when}"
    yield Finding("M12.arms", WORKED_OUT, chance_of_order(after, before), trust, rows, text)
    chance, text = unprecedented(view, parameters)
    yield Finding("M16.unprecedented", WORKED_OUT, chance, trust, tuple(_known(view, *ARMS_ROWS)), text)


def unprecedented(view: Dossier, parameters: Parameters) -> tuple[float, str]:
    """The chance (0-1) that both directions are above their earlier peak, which is that of the lesser one, and the two in words."""
    table = arms(view, parameters)
    chances, texts = [], []
    for column, way in (("to_russia", "to Russia"), ("to_iran", "to Iran")):
        own = table[column].fillna(0.0)
        first, peak = best_window(own[own.index < INVASION.year], parameters.window)
        after = _estimated(float(own[own.index >= INVASION.year].mean()), view)
        chances.append(1 - chance_of_order(after, _estimated(peak, view)) if peak else float(after.mid > 0))
        late, early = (formats.quantity(value, "TIV") for value in (after.mid, peak))
        texts.append(f"{way} {late} a year since 2022 against {early} in {first} to {first + parameters.window - 1}")
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
        yield Finding("M12.contacts", after.origin, chance_no_rise(before, after), trust, rows, text, extent)


def _drill_findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    found = drill_counts(view, parameters)
    if not found.rows_before or not found.years_after:
        return
    late = f"{formats.count(found.after, 'drill')} in {formats.number(found.years_after)} years"
    text = f"{late} since the invasion against {found.before} in {formats.number(found.years_before)} years before it"
    groups = [rows for rows in (found.rows_before, found.rows_after) if rows]
    trust = model_trust(view, *groups)
    ratio = found.ratio
    extent = Quantity(ratio.value, ratio.low, ratio.high, "ratio")
    rows = (*found.rows_after, *found.rows_before)
    yield Finding("M11.more", "drills-by-year", found.chance_more, trust, rows, text, extent)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The first year and the number of drills on which the labels rest."""

    def found(x: float) -> list[Finding]:
        moved = replace(parameters, arms_since=round(x))
        return [item for item in _arms_findings(view, moved) if item.part_id == "M12.arms"]

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


# -- rows the notebook shows ------------------------------------------------------------------------------------------

_SHOWN = (
    "joint_naval_exercises",
    "naval_visit",
    "presidential_meetings",
    "presidential_meeting_rate",
    "presidential_calls",
    "praise_voiced",
    "military_help_given",
    "mutual_defence_clause",
    "agreement_in_force",
    "agreement_drafted",
    "foreign_base_used",
    "defence_partnership_stated",
    "two_way_support_stated",
    "global_threat_stated",
    "arms_supply_admitted",
)


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    own = {"M09", "M11", "M12", "M13", "M14", "M16", "M17", "M18"}
    rows = [row.observation_id for name in _SHOWN for row in dossier.rows(measure=name) if own & set(row.claims)]
    rows += [*ARMS_ROWS, *REPORTS, *STEPS, "asp.naval.inreports", "asp.treaty.signed", "asp.missile.fath360.number"]
    return [row for row in dict.fromkeys(rows) if row in dossier.evidence.records]
