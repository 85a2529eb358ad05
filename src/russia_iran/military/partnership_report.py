"""Tables, titles and text alternatives of the partnership notebook; the model is in ``partnership.py``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.military.partnership import (
    INVASION,
    STEPS,
    Parameters,
    Period,
    all_periods,
    arms,
    asymmetry,
    break_year,
    drill_counts,
    drills,
    silence_grid,
)

_COUNTERS = {
    "sputnik-count": "Sputnik",
    "sputnik-count-putin": "Sputnik, Putin",
    "sputnik-count-medvedev": "Sputnik, Medvedev",
    "iranian-ambassador": "Iran's ambassador",
    "tass-count": "TASS",
    "dated-meetings": "meetings dated one by one",
}
_SPEAKERS = {
    "RUS:defence ministry": "Defence Ministry",
    "RUS:retired general": "Retired general",
    "RUS:military blogger": "Military blogger",
    "RUS:pro-Kremlin newspaper": "Newspaper, by way of an expert",
}
_THEATRES = ("Syria", "Iraq", "Lebanon")
_SAID = {
    "defence_partnership_stated": "the ties are (becoming) a full defence partnership",
    "two_way_support_stated": "unprecedented support flows both ways",
    "global_threat_stated": "the partnership threatens or harms the world",
    "arms_supply_admitted": "arms went to Russia",
    "military_help_given": "Russia helps Iran in war",
    "mutual_defence_clause": "the treaty binds each to defend the other",
}


def plain(text: str) -> str:
    """A variant as a reader wants it: spaces, and names as they are written."""
    words = text.replace("-", " ").split()
    names = {
        "us": "US",
        "un": "UN",
        "uk": "UK",
        "russia": "Russia",
        "russian": "Russian",
        "iran": "Iran",
        "united": "United",
    }
    names |= {"kingdom": "Kingdom", "kremlin": "Kremlin", "china": "China"}
    return " ".join(names.get(word, word) for word in words)


# -- arms ------------------------------------------------------------------------------------------------------------


def arms_lines(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Volume by year and direction for the chart: columns year, tiv, way."""
    table = arms(dossier, parameters).rename(columns={"to_iran": "Russia to Iran", "to_russia": "Iran to Russia"})
    return table.reset_index().melt("year", var_name="way", value_name="tiv")


def arms_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the arms chart."""
    times = formats.number(asymmetry(dossier, parameters), 2)
    return f"Since 2022 Iran has sent Russia {times} times the volume of arms it got"


def arms_alt(dossier: Dossier, parameters: Parameters) -> str:
    """What the arms chart shows, in words: sums of five years."""
    table = arms(dossier, parameters)
    sums = table.groupby(5 * (table.index // 5)).sum()
    figures = sums.map(formats.number)
    parts = [f"from {row.Index} {row.to_iran} to Iran, {row.to_russia} to Russia" for row in figures.itertuples()]
    return f"Yearly volume of arms in trend-indicator values, sums of five years: {'; '.join(parts)}."


def breaks(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Where the level of each direction changes, a row a direction; volumes in SIPRI's trend-indicator value (TIV).

    Columns: Direction, New level from, A year before, A year since, and how often shuffled years break as sharply
    (percent, as text).
    """
    rng = np.random.default_rng(parameters.seed)
    records = []
    for name, yearly in arms(dossier, parameters).items():
        year, luck = break_year(yearly, rng)
        early, late = yearly[yearly.index < year].mean(), yearly[yearly.index >= year].mean()
        records.append(
            {
                "Direction": "Russia to Iran" if name == "to_iran" else "Iran to Russia",
                "New level from": str(year),
                "A year before, TIV": early,
                "A year since, TIV": late,
                "Years shuffled show as sharp a break": formats.probability(luck),
            }
        )
    return pd.DataFrame(records)


# -- what was said ---------------------------------------------------------------------------------------------------


def statements(dossier: Dossier) -> pd.DataFrame:
    """Who said or denied what about the partnership: columns Date, Who, What, Says, Reported by, rows.

    ``Says`` is yes or no; no figures.
    """
    rows = [row for row in dossier.rows(measure=tuple(_SAID)) if "M09" in row.claims and row.credibility < "6"]
    rows = sorted(rows, key=lambda row: (row.start, row.measure, row.observation_id))
    return pd.DataFrame(
        {
            "Date": [formats.period(row.start, row.end) for row in rows],
            "Who": [plain(row.variant) for row in rows],
            "What": [
                _SAID[row.measure] + (f" ({row.entity.partition(':')[2]})" if "admitted" in row.measure else "")
                for row in rows
            ],
            "Says": ["yes" if row.value >= 0.5 else "no" for row in rows],
            "Reported by": [str(dossier.sources.at[row.source_id, "publisher_name"]) for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )


def checklist(dossier: Dossier) -> pd.DataFrame:
    """Features of an alliance: rows are features, columns the years 2015 to 2026.

    Cells: 1 there, 0 not, 0.5 disputed, nothing where unknown.
    """
    years = range(2015, 2027)
    volumes = arms(dossier, Parameters())
    held = {year for year, _ in drills(dossier, Parameters(drills="any-sea"))}
    built = _years(dossier.rows(measure=("drones_produced", "drone_output_rate"), entity="RUS:*"))
    in_force = _years(dossier.rows(measure="agreement_in_force", entity="RUS-IRN:*"))
    clauses = dossier.rows(measure="mutual_defence_clause", entity="RUS-IRN:*")
    since = min((row.start.year for row in clauses), default=9999)
    helped: dict[int, list[float]] = {}
    for row in dossier.rows(measure="military_help_given", entity="RUS-IRN"):
        helped.setdefault(row.start.year, []).append(row.value)
    last = dossier.day.year
    table = {
        "Iranian arms to Russia": [_volume(volumes, "to_russia", year) for year in years],
        "Russian arms to Iran": [_volume(volumes, "to_iran", year) for year in years],
        "Drones of Iranian design built in Russia": [
            float(year in built) if year <= max(built, default=0) else np.nan for year in years
        ],
        "Joint naval drill": [
            float(year in held) if year <= min(last, max(held, default=0)) else np.nan for year in years
        ],
        "Strategic partnership treaty in force": [
            float(bool(in_force) and year >= min(in_force)) if year <= last else np.nan for year in years
        ],
        "Duty to defend each other": [
            float(min(row.value for row in clauses) >= 0.5) if since <= year <= last else np.nan for year in years
        ],
        "Military help in the other's war": [_verdict(helped.get(year)) for year in years],
    }
    return pd.DataFrame.from_dict(table, orient="index", columns=[str(year) for year in years])


def _years(rows: tuple[Observation, ...]) -> set[int]:
    return {year for row in rows if row.value for year in range(row.start.year, row.end.year + 1)}


def _volume(volumes: pd.DataFrame, way: str, year: int) -> float:
    return float(volumes.at[year, way] > 0) if year in volumes.index else np.nan


def _verdict(values: list[float] | None) -> float:
    if not values:
        return np.nan
    return float(values[0]) if min(values) == max(values) else 0.5


def mark(value: float) -> str:
    """A cell of the checklist: yes, no or disputed."""
    return {1.0: "yes", 0.0: "no"}.get(value, "disputed")


def checklist_title(dossier: Dossier) -> str:
    """The finding of the checklist: how many features in 2021 and in 2025."""
    table = checklist(dossier)
    counts = [int((table[year] == 1).sum()) for year in ("2021", "2025")]
    return f"From {counts[0]} feature of an alliance of {len(table)} in 2021 to {counts[1]} in 2025, no duty to defend"


def checklist_alt(dossier: Dossier) -> str:
    """What the checklist shows, in words."""
    rows = [
        f"{name}: yes in {', '.join(row.index[row == 1]) or 'no year'}" for name, row in checklist(dossier).iterrows()
    ]
    return f"Features of an alliance by year. {'; '.join(rows)}."


# -- meetings and drills ---------------------------------------------------------------------------------------------


def meeting_rates(dossier: Dossier) -> pd.DataFrame:
    """Meetings a year with their 95% interval: columns label, low, mid, high, row."""
    periods = all_periods(dossier)
    return pd.DataFrame(
        {
            "label": [_period_label(period) for period in periods],
            "low": [period.rate.low for period in periods],
            "mid": [period.rate.value for period in periods],
            "high": [period.rate.high for period in periods],
            "row": [list(period.rows) for period in periods],
        }
    )


def _period_label(period: Period) -> str:
    counter = _COUNTERS.get(period.counter, plain(period.counter))
    return f"{period.first.year}-{period.last.year}, {counter} ({period.events:.0f})"


def meetings_title(dossier: Dossier) -> str:
    """The finding of the meetings chart: rates of the years before and since the invasion."""
    periods = all_periods(dossier)
    before = [p.rate.value for p in periods if p.last < INVASION and p.first.year >= 2014]
    since = [p.rate.value for p in periods if p.first >= INVASION]
    if not before or not since:
        return "Meetings of the two presidents a year"
    ends = [f"{formats.number(min(x), 2)} to {formats.number(max(x), 2)}" for x in (since, before)]
    return f"The presidents met {ends[0]} times a year since the invasion, {ends[1]} before it"


def meetings_alt(table: pd.DataFrame) -> str:
    """What the meetings chart shows, in words."""
    parts = [
        f"{row.label}: {formats.number(row.mid, 2)} ({formats.span(row.low, row.high, 'ratio', 2)})"
        for row in table.itertuples()
    ]
    return f"Meetings a year with 95% interval, number of meetings in brackets. {'; '.join(parts)}."


def steps_line(dossier: Dossier) -> pd.DataFrame:
    """Steps towards each other and words about it in time: columns date, end (days), label, group, row."""
    rows = [dossier.evidence.records[name] for name in STEPS if name in dossier.evidence.records]
    return pd.DataFrame(
        {
            "date": pd.to_datetime([row.start for row in rows]),
            "end": pd.to_datetime([row.start if row.unit in ("flag", "exercise") else row.end for row in rows]),
            "label": [STEPS[row.observation_id][1] for row in rows],
            "group": [STEPS[row.observation_id][0] for row in rows],
            "row": [row.observation_id for row in rows],
        }
    )


def steps_title(dossier: Dossier) -> str:
    """The finding of the timeline: how many steps are dated before the invasion."""
    table = steps_line(dossier)
    early = int((table["date"] < pd.Timestamp(INVASION)).sum())
    return f"{early} of {len(table)} steps and statements shown lie before the invasion"


def steps_alt(dossier: Dossier) -> str:
    """What the timeline shows, in words."""
    return "; ".join(f"{formats.day(row.date)}: {row.label}" for row in steps_line(dossier).itertuples()) + "."


def drill_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Drills one by one: columns Year, Sea, Partners, Began, Reports."""
    held = drills(dossier, parameters)
    return pd.DataFrame(
        {
            "Began": [formats.period(rows[0].start, rows[0].end) for rows in held.values()],
            "Sea": [sea.partition(":")[2] for _, sea in held],
            "Partners": [plain(rows[0].variant) for rows in held.values()],
            "Reports": [len(rows) for rows in held.values()],
            "rows": [tuple(row.observation_id for row in rows) for rows in held.values()],
        }
    )


def drill_words(dossier: Dossier, parameters: Parameters) -> str:
    """Caption of the drill table: both rates and their ratio."""
    found = drill_counts(dossier, parameters)
    ratio = found.ratio
    return (
        f"Joint naval drills: {found.before} in {formats.number(found.years_before)} years before the invasion, "
        f"{found.after} in {formats.number(found.years_after)} years since; ratio of the rates "
        f"{formats.number(ratio.value, 2)} ({formats.span(ratio.low, ratio.high, 'ratio', 2)})"
    )


def percent(value: float) -> str:
    """A cell of a heat map in whole percent."""
    return formats.probability(value / 100)


def silence_title(parameters: Parameters, chance: float) -> str:
    """The finding of the silence chart."""
    reports = formats.count(parameters.independent_reports, "independent report")
    return f"With {reports} silent, the chance that a naval item was named is {formats.probability(chance)}"


def silence_alt() -> str:
    """What the silence chart shows, in words."""
    rows = [
        f"{name}: {', '.join(f'{column} {value:.0f}%' for column, value in row.items())}"
        for name, row in silence_grid().iterrows()
    ]
    return f"Chance that naval cooperation was named although no report says so. {'; '.join(rows)}."


# -- praise ----------------------------------------------------------------------------------------------------------


def praise(dossier: Dossier) -> pd.DataFrame:
    """Statements of praise by speaker and theatre named: rows speakers, columns theatres, counts."""
    rows = dossier.rows(measure="praise_voiced", entity="RUS:*")
    names = [name for entity, name in _SPEAKERS.items() if any(row.entity == entity for row in rows)]
    grid = pd.DataFrame(0, index=names, columns=[*_THEATRES, "none named"])
    for row in rows:
        named = [theatre for theatre in _THEATRES if theatre in row.variant] or ["none named"]
        for theatre in named:
            grid.loc[_SPEAKERS[row.entity], theatre] += 1
    return grid


def praise_title(dossier: Dossier) -> str:
    """The finding of the praise table."""
    grid = praise(dossier)
    military = grid.loc[grid.index.isin(["Defence Ministry", "Retired general"])].sum()
    named = [theatre for theatre in _THEATRES if military.get(theatre, 0)]
    return f"The military praise found names {' and '.join(named)}; no text on a hybrid war was found"


def praise_alt(dossier: Dossier) -> str:
    """What the praise table shows, in words."""
    rows = [
        f"{name}: {', '.join(f'{theatre} {count}' for theatre, count in row.items())}"
        for name, row in praise(dossier).iterrows()
    ]
    return f"Reports of praise by speaker and theatre. {'; '.join(rows)}."
