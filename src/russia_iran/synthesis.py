"""E26: promises kept or broken, and two countries under sanctions.

Shares and rates in percent, probabilities 0-1. The table of all claims is made in ``whole.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

import pandas as pd

from claimaudit import formats
from claimaudit.analysis import inference
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, choice, number
from claimaudit.analysis.uncertainty import Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding

TITLE = "The whole article"
GROUPS = ("domain", "topic", "speaker", "kind")
# What recovered and what did not: name, is it consumption, the row of 2021, the later full years.
_CAR_YEARS = tuple(f"rus.cars.fy{year}.units" for year in (2022, 2023, 2024, 2025))
RECOVERY = (
    ("car sales", True, "rus.sales.fy2021.units", tuple(f"rus.sales.fy{year}.units" for year in (2023, 2024, 2025))),
    ("air passengers", True, "rus.pax.2021", ("rus.pax.2022", "rus.pax.2023", "rus.pax.2024", "rus.pax.2025")),
    ("cars built", False, "rus.cars.fy2021.units", _CAR_YEARS),
    ("airliners built", False, "aircraft.built.2021", ("aircraft.built.2022_2024", "aircraft.delivered.2025")),
)


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    recovery_share: float = number(0.9, 0.5, 1.2, "how much of 2021 counts as come back")
    window: int = number(5, 2, 8, "years of a country's own past to compare with")
    group: str = choice("domain", GROUPS, "what the scorecard is split by")


# -- promises ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Promise:
    """One promise as judged on a day: ``reached`` is the outcome over what was promised, where both are figures."""

    name: str
    made: date
    due: date
    reached: float | None
    state: str
    rows: tuple[str, ...]


def promises(view: Dossier) -> list[Promise]:
    """The promises made by the view's day: kept, broken, due (no outcome known yet) or open (not yet due)."""
    found = []
    for entry in view.method.topics["synthesis"]["promises"]:
        promised = view.evidence.records.get(entry["promised"])
        if promised is None:
            continue
        outcome = [view.evidence.records[name] for name in entry["outcome"] if name in view.evidence.records]
        reached, kept = _reached(promised, outcome, entry)
        if kept:
            state = "kept"
        elif entry["due"] > view.day:
            state = "open"
        else:
            state = "broken" if outcome else "due, outcome unknown"
        rows = (entry["promised"], *(row.observation_id for row in outcome))
        found.append(Promise(entry["name"], promised.knowable, entry["due"], reached, state, rows))
    return sorted(found, key=lambda promise: (promise.due, promise.name))


def _reached(promised: Observation, outcome: Sequence[Observation], entry: Mapping) -> tuple[float | None, bool]:
    if not outcome:
        return None, False
    if "needs" in entry:
        best = max(row.value for row in outcome)
        return None, best >= entry["needs"]
    ratio = max(row.value for row in outcome) / promised.value
    return ratio, ratio >= entry["enough"]


def promise_table(view: Dossier) -> pd.DataFrame:
    """The promises in words: columns promise, made public, due, reached (percent), state, rows."""
    return pd.DataFrame(
        [
            {
                "promise": item.name,
                "made public": formats.day(item.made),
                "due": formats.day(item.due),
                "reached": "–" if item.reached is None else f"{100 * item.reached:.0f}%",
                "state": item.state,
                "rows": item.rows,
            }
            for item in promises(view)
        ]
    )


def kept_share(view: Dossier) -> inference.Estimate:
    """Share of the promises decided by the view's day that were kept, with its 95% interval."""
    decided = [item.state for item in promises(view) if item.state in ("kept", "broken")]
    return inference.share(decided.count("kept"), len(decided)) if decided else inference.Estimate(0.5, 0.0, 1.0)


# -- two countries under sanctions -------------------------------------------------------------------------------------


def yearly(view: Dossier, country: str, indicator: str) -> dict[int, tuple[float, tuple[str, ...]]]:
    """An indicator of a country by year with the rows behind it, by the latest release knowable in the view.

    ``growth``: real GDP, percent. ``inflation``: consumer prices, percent (Iran: yearly mean; Russia: December on December).
    ``currency``: loss of dollar value of the yearly mean rate, percent (Iran: free market; Russia: European Central Bank,
    then the Tehran cross rate).
    """
    if indicator == "currency":
        return _currency(view, country)
    measure = {"growth": "gdp_growth", "inflation": "cpi_yoy" if country == "RUS" else "cpi_inflation_annual"}[
        indicator
    ]
    out: dict[int, tuple[float, tuple[str, ...]]] = {}
    rows = [
        row for row in view.rows(measure=measure, entity=country) if row.end.month == 12 and row.origin != "imf-weo"
    ]
    for row in sorted(rows, key=lambda row: row.knowable):
        out[row.end.year] = (row.value, (row.observation_id,))
    return out


def _currency(view: Dossier, country: str) -> dict[int, tuple[float, tuple[str, ...]]]:
    if country == "IRN":
        frame = view.series["usd-irr-monthly"].frame
        frame = frame[frame["source_id"].str.startswith("bonbast")]
        months = {str(month): (value, ()) for month, value in zip(frame["month"], frame["mean"], strict=True)}
    else:
        months = {}
        rows = [row for row in view.rows(measure="rouble_rate", entity="RUS") if (row.end - row.start).days < 31]
        for row in sorted(rows, key=lambda row: row.origin != "ecb"):  # the central bank first, the cross where it ends
            months.setdefault(f"{row.start:%Y-%m}", (row.value, (row.observation_id,)))
    by_year: dict[int, list[tuple[float, tuple[str, ...]]]] = {}
    for month, cell in months.items():
        by_year.setdefault(int(month[:4]), []).append(cell)
    means = {
        year: (fmean(value for value, _ in cells), tuple(name for _, names in cells for name in names))
        for year, cells in by_year.items()
        if len(cells) >= 11
    }
    return {
        year: (100 * (1 - means[year - 1][0] / rate), names)
        for year, (rate, names) in means.items()
        if year - 1 in means
    }


def aligned(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Both countries from their year 0: columns country, indicator, year, offset, value, usual, worse, rows.

    ``usual`` is the mean of the country's own ``window`` years before year 0, as far as they are on record; ``worse`` says
    whether growth lies below, or inflation and loss of value above it.
    """
    starts = {"IRN": "iran_start", "RUS": "russia_start"}
    records = []
    for country, name in starts.items():
        start = view.method.topics["synthesis"][name]["value"]
        for indicator in ("growth", "inflation", "currency"):
            values = yearly(view, country, indicator)
            past = [values[year][0] for year in values if start - parameters.window <= year < start]
            usual = fmean(past) if past else float("nan")
            for year, (value, rows) in sorted(values.items()):
                worse = value < usual if indicator == "growth" else value > usual
                records.append(
                    {
                        "country": {"IRN": "Iran", "RUS": "Russia"}[country],
                        "indicator": indicator,
                        "year": year,
                        "offset": year - start,
                        "value": value,
                        "usual": usual,
                        "worse": bool(past) and worse,
                        "rows": rows,
                    }
                )
    columns = ["country", "indicator", "year", "offset", "value", "usual", "worse", "rows"]
    return pd.DataFrame(records, columns=columns)


def years(row: Observation) -> int:
    """The years a row's period covers, to the nearest whole one, one at least."""
    return max(1, round(((row.end - row.start).days + 1) / 365.25))


def per_year(row: Observation, view: Dossier) -> Split:
    """A row's range as a yearly mean over its period."""
    extent = extent_of(row, view.method)
    return Split(*(end / years(row) for end in (extent.low, extent.mid, extent.high)))


def recovery(view: Dossier) -> pd.DataFrame:
    """Best later full year over 2021 by series: columns series, consumption, ratio, low, high, year, rows."""
    records = []
    for name, consumption, base_id, later_ids in RECOVERY:
        base = view.evidence.records.get(base_id)
        later = [view.evidence.records[item] for item in later_ids if item in view.evidence.records]
        if base is None or not later:
            continue
        best = max(later, key=lambda row: row.value / years(row))
        part, whole = per_year(best, view), extent_of(base, view.method)
        records.append(
            {
                "series": name,
                "consumption": consumption,
                "ratio": 100 * part.mid / whole.mid,
                "low": 100 * part.low / whole.high,
                "high": 100 * part.high / whole.low,
                "year": best.end.year,
                "rows": (best.observation_id, base.observation_id),
            }
        )
    return pd.DataFrame(records, columns=["series", "consumption", "ratio", "low", "high", "year", "rows"])


# -- findings and knobs --------------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """E26's model part: what came back in Russia."""
    yield from _recovery_findings(view, parameters.recovery_share)


def _recovery_findings(view: Dossier, share: float) -> Iterator[Finding]:
    for _, row in recovery(view).iterrows():
        best, base = (view.observation(name) for name in row["rows"])
        below = chance_of_order(per_year(best, view), extent_of(base, view.method), share, points=200)
        chance = 1 - below if row["consumption"] else below
        text = f"{row['series']} at best {formats.quantity(row['ratio'], 'percent', 2)} of 2021, in {row['year']}"
        trust = model_trust(view, *([name] for name in row["rows"]))
        yield Finding("E26.rus_recovery", best.origin, chance, trust, row["rows"], text)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The share of 2021 that counts as recovered, on which the label of E26.rus_recovery rests."""
    yield Knob(
        "E26.rus_recovery",
        "recovery_share",
        parameters.recovery_share,
        lambda share: _recovery_findings(view, share),
        phrase("if {} of the output of 2021 counted as recovered", percent),
        (0.5, 1.2),
        steps=35,
    )


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    rows = [name for item in promises(dossier) for name in item.rows]
    for names in aligned(dossier, Parameters())["rows"]:
        rows += names
    for names in recovery(dossier)["rows"]:
        rows += names
    return list(dict.fromkeys(rows))
