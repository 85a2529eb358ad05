"""Iranian airlines (E15, E16): fatal accidents per departure against other countries, and before and after 2018.

Rates are accidents per million departures. Counts come from the series ``air-accidents`` (one scope at a time, never
added), departures from ``air-traffic``: of the releases known in a view the newest one for each country and year,
flagged errors left out. Only years with departures count, for accidents too. A country without a row in
``air-accidents`` had no accident in the scope: the countries' rows add up to the world's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from claimaudit import formats
from claimaudit.analysis.inference import chance_ratio_above, rank_chances, rate, rate_ratio
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, choice, number, switch
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Iranian airlines: accidents, fleet and orders"
OWN, PARTNER, WORLD = "IRN", "RUS", "WLD"
SCOPES = ("registry", "operator")
PRIORS = ("shared", "separate")
TURN = date(2018, 6, 1)
"""Accidents from this day on are after the sanctions of 2018, which were announced in May and in force from August."""
MILLION = 1e6
PART, FIRST = "E15.unsafe", 2000
"""The part that asks for Iran's place, and the first year it is counted from."""
COUNTED = ("irn.fatalacc.2000_2021", "irn.departures.2000_2015", "irn.departures.2000_2021")
"""Rows that state Iran's counts; those of other countries stand in the two series."""
# fmt: off
NAMES = {
    "AFG": "Afghanistan", "AGO": "Angola", "ARE": "United Arab Emirates", "ARG": "Argentina", "ARM": "Armenia",
    "ATG": "Antigua and Barbuda", "AUS": "Australia", "AUT": "Austria", "AZE": "Azerbaijan", "BEL": "Belgium",
    "BGD": "Bangladesh", "BHR": "Bahrain", "BHS": "Bahamas", "BLR": "Belarus", "BLZ": "Belize", "BOL": "Bolivia",
    "BRA": "Brazil", "CAN": "Canada", "CHE": "Switzerland", "CHL": "Chile", "CHN": "China", "COD": "Congo (Kinshasa)",
    "COL": "Colombia", "CRI": "Costa Rica", "CZE": "Czechia", "DEU": "Germany", "DZA": "Algeria", "ECU": "Ecuador",
    "EGY": "Egypt", "ESP": "Spain", "ETH": "Ethiopia", "FIN": "Finland", "FJI": "Fiji", "FRA": "France",
    "GBR": "United Kingdom", "GRC": "Greece", "HKG": "Hong Kong", "HRV": "Croatia", "HUN": "Hungary",
    "IDN": "Indonesia", "IND": "India", "IRL": "Ireland", "IRN": "Iran", "IRQ": "Iraq", "ISL": "Iceland",
    "ISR": "Israel", "ITA": "Italy", "JOR": "Jordan", "JPN": "Japan", "KAZ": "Kazakhstan", "KEN": "Kenya",
    "KGZ": "Kyrgyzstan", "KOR": "South Korea", "KWT": "Kuwait", "LBN": "Lebanon", "LBY": "Libya", "LKA": "Sri Lanka",
    "LUX": "Luxembourg", "LVA": "Latvia", "MAC": "Macao", "MAR": "Morocco", "MEX": "Mexico", "MLT": "Malta",
    "MMR": "Myanmar", "MNG": "Mongolia", "MYS": "Malaysia", "NGA": "Nigeria", "NLD": "Netherlands", "NPL": "Nepal",
    "NZL": "New Zealand", "OMN": "Oman", "PAK": "Pakistan", "PAN": "Panama", "PER": "Peru", "PHL": "Philippines",
    "PNG": "Papua New Guinea", "POL": "Poland", "PRT": "Portugal", "QAT": "Qatar", "ROU": "Romania", "RUS": "Russia",
    "SAU": "Saudi Arabia", "SDN": "Sudan", "SGP": "Singapore", "SLV": "El Salvador", "SRB": "Serbia",
    "SVN": "Slovenia", "SWE": "Sweden", "SYC": "Seychelles", "SYR": "Syria", "THA": "Thailand", "TJK": "Tajikistan",
    "TKM": "Turkmenistan", "TTO": "Trinidad and Tobago", "TUN": "Tunisia", "TUR": "Turkey", "TZA": "Tanzania",
    "UKR": "Ukraine", "USA": "United States", "UZB": "Uzbekistan", "VEN": "Venezuela", "VNM": "Vietnam",
    "WLD": "World", "YEM": "Yemen", "ZAF": "South Africa",
}
# fmt: on


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    scope: str = choice("registry", SCOPES, "whose accidents count: by the aircraft's register, or by the airline")
    prior: str = choice("shared", PRIORS, "rates share one prior (shrinkage), or each country stands alone")
    min_departures: int = number(300_000, 300_000, 5_000_000, "departures over the years to be ranked")
    worst_share: float = number(0.1, 0.02, 0.9, "what 'among the most unsafe' means, as a share of the countries")
    suspect_years: bool = switch(True, "count years whose departures look misreported (Iran 2000 to 2003)")


# -- counts over departures: plain frames in and out --------------------------------------------------------------------


def by_year(flights: pd.DataFrame, accidents: pd.DataFrame) -> pd.DataFrame:
    """Departures and accidents by country and year; a year without a row of accidents had none.

    ``flights`` has country, year, departures; ``accidents`` has country, year, accidents, fatal. So has the answer: all five.
    """
    years = flights.merge(accidents, how="left", on=["country", "year"])
    return years.fillna({"accidents": 0.0, "fatal": 0.0})


def totals(years: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Sums over the years first..last by country; columns departures, accidents, fatal, and ``years``, how many there are."""
    inside = years[years["year"].between(first, last)].groupby("country")
    return inside[["departures", "accidents", "fatal"]].sum().assign(years=inside.size())


def ranked(sums: pd.DataFrame, min_departures: float, min_years: float) -> pd.DataFrame:
    """The countries that fly enough and report enough years to be ranked; the world is none. Columns as ``totals``."""
    enough = (sums["departures"] >= min_departures) & (sums["years"] >= min_years)
    return sums[enough & (sums.index != WORLD)]


def on_the_same_years(years: pd.DataFrame, one: str, other: str, first: int, last: int) -> pd.DataFrame:
    """Totals of two countries over the years that both have on record; no row where there is none."""
    pair = years[years["country"].isin([one, other]) & years["year"].between(first, last)]
    return totals(pair[pair.groupby("year")["country"].transform("size") == 2], first, last)


def around(own: pd.DataFrame, turn: date, late: float, *, first: int) -> pd.DataFrame:
    """A country's accidents before and after a day of 2018, a row each: columns accidents, fatal, departures.

    ``own`` has year, departures, accidents, fatal. Departures of 2018 are divided by days; ``late`` of its accidents came after,
    none of the fatal ones.
    """
    at = own.set_index("year")[["accidents", "fatal", "departures"]]
    old, year, new = at.loc[first:2017].sum(), at.loc[2018], at.loc[2019:].sum()
    share = (date(2019, 1, 1) - turn).days / 365
    moved = pd.Series({"accidents": late, "fatal": 0.0, "departures": share * year["departures"]})
    return pd.DataFrame({"before": old + year - moved, "after": new + moved}).T


def with_rates(counts: pd.DataFrame, column: str, prior: tuple[float, float] = (0.5, 0.0)) -> pd.DataFrame:
    """The counts with accidents of ``column`` per million departures: mid (posterior median), low and high (95% interval).

    ``prior`` is the shape and rate, in millions of departures, of the gamma prior: Jeffreys' where none is given.
    """
    exposure = counts["departures"] / MILLION + prior[1]
    found = [rate(events, flown, prior=prior[0]) for events, flown in zip(counts[column], exposure, strict=True)]
    ends = {
        "low": [item.low for item in found],
        "mid": [item.value for item in found],
        "high": [item.high for item in found],
    }
    return counts.assign(**ends)


@lru_cache(maxsize=64)
def shared_prior(events: tuple[float, ...], exposure: tuple[float, ...]) -> tuple[float, float]:
    """Shape and rate of the gamma that rates of many countries share, by maximum marginal likelihood.

    Counts are then negative binomial (Clayton and Kaldor, Biometrics 43, 1987; Gelman and others, Bayesian Data
    Analysis, third edition, section 2.6). The likelihood is searched on a grid of shapes and means, then a finer one.
    """
    y, t = np.asarray(events, dtype=int), np.asarray(exposure, dtype=float)
    overall = max(float(y.sum()), 0.5) / float(t.sum())

    def best(shapes: NDArray[np.float64], means: NDArray[np.float64]) -> tuple[float, float]:
        steps = np.log(shapes[:, None] + np.arange(max(int(y.max()), 1)))
        rising = np.concatenate([np.zeros((len(shapes), 1)), np.cumsum(steps, axis=1)], axis=1)[:, y].sum(axis=1)
        rates = shapes[:, None] / means
        inner = len(y) * shapes[:, None] * np.log(rates)
        inner = inner - ((shapes[:, None] + y)[:, None, :] * np.log(rates[:, :, None] + t)).sum(axis=2)
        row, column = np.unravel_index(int(np.argmax(rising[:, None] + inner)), rates.shape)
        return float(shapes[row]), float(means[column])

    shape, mean = best(np.geomspace(0.05, 20, 40), overall * np.geomspace(0.2, 10, 40))
    shape, mean = best(shape * np.geomspace(0.85, 1.18, 21), mean * np.geomspace(0.9, 1.11, 21))
    return shape, shape / mean


def prior_of(counts: pd.DataFrame, prior: str) -> tuple[float, float]:
    """Shape and rate (in millions of departures) of the gamma prior: shared by all, or Jeffreys' (0.5, 0) for each."""
    if prior == "separate" or counts.empty:
        return 0.5, 0.0
    return shared_prior(tuple(counts["fatal"]), tuple(counts["departures"] / MILLION))


def chances_of_place(
    counts: pd.DataFrame, prior: tuple[float, float], fatal: float | None = None
) -> NDArray[np.float64]:
    """Posterior chance that Iran takes each place, 1 the worst, among the countries of ``counts``: shape ``(countries,)``.

    ``fatal`` asks for Iran with another number of fatal accidents, all else as it is. Empty where Iran is none of them.
    """
    if OWN not in counts.index:
        return np.zeros(0)
    exposure = counts["departures"] / MILLION + prior[1]
    others = counts.index != OWN
    own = float(counts.at[OWN, "fatal"]) if fatal is None else fatal
    rivals = tuple(zip(counts["fatal"][others], exposure[others], strict=True))
    return _rank_chances((own, exposure[OWN]), rivals, prior[0])


@lru_cache(maxsize=256)
def _rank_chances(
    own: tuple[float, float], others: tuple[tuple[float, float], ...], prior: float
) -> NDArray[np.float64]:
    return rank_chances(own, others, prior=prior)


def chance_worst(chances: NDArray[np.float64], share: float) -> float:
    """Probability of a place in the worst ``share`` of the countries; whole countries count."""
    return float(chances[: int(share * len(chances) + 1e-9)].sum())


def place(chances: NDArray[np.float64], q: float = 0.5) -> int:
    """The q-quantile of the place; 0 where Iran is not ranked."""
    return min(1, len(chances)) + int(np.searchsorted(np.cumsum(chances), q - 1e-12))


# -- from the dossier ----------------------------------------------------------------------------------------------------


def departures(view: Dossier, suspect_years: bool = True) -> pd.DataFrame:
    """Departures, columns country, year, departures: the newest release known for each year, without errors or suspects."""
    known = view.series["air-traffic"].frame.dropna(subset=["departures"])
    newest = known.sort_values("knowable", kind="stable").drop_duplicates(["country_iso3", "year"], keep="last")
    kept = newest[~newest["flag"].isin(["error"] if suspect_years else ["error", "suspect"])]
    return kept.rename(columns={"country_iso3": "country"})[["country", "year", "departures"]].astype({"year": int})


def accidents(view: Dossier, scope: str) -> pd.DataFrame:
    """Accidents of airliners, whole years only: columns country, year, accidents, fatal.

    ``operator`` moves aircraft on foreign or military marks to the airline's country; it is known for Iran and Russia
    only, and all others stay with their register.
    """
    frame = view.series["air-accidents"].frame
    frame = frame[frame["flag"] != "partial-year"].assign(kind=lambda rows: rows["scope"].str.removeprefix("airliner_"))
    chosen = frame[frame["kind"].isin(["registry", scope])].sort_values("kind", key=lambda kind: kind != scope)
    chosen = chosen.drop_duplicates(["country_iso3", "year"])  # of a country with both, the scope asked for
    names = {"country_iso3": "country", "fatal_accidents": "fatal"}
    return chosen.rename(columns=names)[["country", "year", "accidents", "fatal"]].astype({"year": int})


def record(view: Dossier, scope: str = "registry", suspect_years: bool = True) -> pd.DataFrame:
    """Departures and accidents by country and year, as the view knows them; columns as ``by_year`` says."""
    return by_year(departures(view, suspect_years), accidents(view, scope))


def last_year(years: pd.DataFrame) -> int:
    """The last year for which Iran's departures are on record; 0 where none is."""
    return int(years.loc[years["country"] == OWN, "year"].max() if (years["country"] == OWN).any() else 0)


def to_rank(view: Dossier, parameters: Parameters, years: pd.DataFrame, first: int = FIRST) -> pd.DataFrame:
    """Totals of the countries to be ranked from ``first`` to Iran's last year; no row where Iran cannot be ranked."""
    last = last_year(years)
    sums = totals(years, first, last)
    needed = float(view.method.topics["aviation"]["coverage"]["range"][1]) * (last - first + 1)
    if not parameters.suspect_years and OWN in sums.index:  # the years left out on purpose are no gap of the record
        needed = min(needed, sums.at[OWN, "years"])
    found = ranked(sums, parameters.min_departures, needed)
    return found if OWN in found.index and len(found) > 1 else found.iloc[:0]


def around_2018(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Iran's accidents by register before and after the break; columns as ``around``, no row without departures after 2018.

    Which accidents of 2018 came after May says the row ``irn.acc.post2018`` less the later years (the others, and the one
    fatal accident, are dated in February).
    """
    years = record(view, "registry", parameters.suspect_years)
    own, last = years[years["country"] == OWN], last_year(years)
    counted = [row for row in view.rows(ids="irn.acc.post2018") if row.end.year <= last]
    if not counted or last <= 2018 or 2018 not in set(own["year"]):
        return pd.DataFrame(columns=["accidents", "fatal", "departures"])
    later = own.loc[own["year"].between(2019, counted[0].end.year), "accidents"].sum()
    first = int(view.method.topics["aviation"]["before_from"]["range"][1])
    late = max(0.0, counted[0].value - later)
    return around(own.sort_values("year"), TURN, late, first=first)


# -- findings and knobs ------------------------------------------------------------------------------------------------


class Prepared(NamedTuple):
    """What no grade changes: counts by year, the countries ranked with their prior, and both sides of 2018."""

    years: pd.DataFrame
    counts: pd.DataFrame
    prior: tuple[float, float]
    sides: pd.DataFrame


def prepare(view: Dossier, parameters: Parameters) -> Prepared:
    """Counts, countries to rank, their prior and both sides of 2018, as the view knows them."""
    years = record(view, parameters.scope, parameters.suspect_years)
    counts = to_rank(view, parameters, years)
    return Prepared(years, counts, prior_of(counts, parameters.prior), around_2018(view, parameters))


def series_trust(view: Dossier) -> float:
    """Trust of what rests on both series: the letter of the weaker source, and "probably true"."""
    frames = [view.series[name].frame for name in ("air-accidents", "air-traffic")]
    used = {name for frame in frames for name in frame["source_id"].unique()}
    letters = (view.whole or view).sources["reliability"]
    return min((view.method.trust(str(letters[name]), "2") for name in used), default=0.0)


def _rows(view: Dossier, first: int, last: int) -> tuple[str, ...]:
    """The observations that state Iran's counts, departures, rate or rank for a window, as far as they are known."""
    measures = ("fatal_accident_rate", "fatal_accident_rate_rank", "fatal_accidents", "departures")
    rows = view.rows(measure=measures, entity=OWN, origin=("asn", "world-bank-wdi"))
    own = [row for row in rows if (row.start.year, row.end.year) == (first, last)]
    return tuple(row.observation_id for row in own or rows[:3])


def findings(view: Dossier, parameters: Parameters, prepared: Prepared | None = None) -> Iterator[Finding]:
    """Iran against the world, its place over all years, its accidents after 2018 against before."""
    years, counts, prior, sides = prepared or prepare(view, parameters)
    trust, last = series_trust(view), last_year(years)
    yield from _against_world(view, years, trust)(1.0)
    rows = _rows(view, FIRST, last)
    if len(counts) and rows:
        chances = chances_of_place(counts, prior)
        yield _rank_finding(chances, last, trust=trust, rows=rows, share=parameters.worst_share)
    if len(sides):
        yield _change_finding(sides, trust)


def _against_world(view: Dossier, years: pd.DataFrame, trust: float) -> Callable[[float], list[Finding]]:
    """Is Iran's fatal accident rate more than so many times the world's, on all years that both have: the sums are made once."""
    both = on_the_same_years(years, OWN, WORLD, FIRST, last_year(years))
    if both.empty:
        return lambda _: []
    events = tuple(float(both.at[code, name]) for code in (OWN, WORLD) for name in ("fatal", "departures"))
    ratio = rate_ratio(*events)
    last = int(years.loc[(years["country"] == WORLD) & (years["year"] <= last_year(years)), "year"].max())
    rows = [row for row in view.rows(measure="fatal_accident_rate_ratio", entity="IRN-WLD") if row.end.year == last]
    ids = tuple(row.observation_id for row in rows if row.start.year == FIRST)
    text = (
        f"{events[0]:.0f} fatal accidents on {formats.number(events[1])} departures against {events[2]:.0f} on "
        f"{formats.number(events[3])} of the world to {last}: {formats.number(ratio.value, 2)} times its rate "
        f"({formats.span(ratio.low, ratio.high, 'ratio', 2)})"
    )
    extent = Quantity(ratio.value, ratio.low, ratio.high, "ratio")
    ids = ids or _rows(view, FIRST, last_year(years))
    return lambda times: [
        Finding("E15.above_world", "asn", chance_ratio_above(times, *events), trust, ids, text, extent)
    ]


def _rank_finding(
    chances: NDArray[np.float64], last: int, *, trust: float, rows: tuple[str, ...], share: float
) -> Finding:
    low, mid, high = (place(chances, q) for q in (0.025, 0.5, 0.975))
    chance = chance_worst(chances, share)
    worst, sure = formats.number(100 * share, 2), formats.probability(chance)
    text = (
        f"place {mid} ({low} to {high}) of {len(chances)} by fatal accidents per departure, {FIRST}-{last}, "
        f"in the worst {worst}% with a probability of {sure}"
    )
    return Finding(PART, "asn", chance, trust, rows, text, Quantity(mid, low, high, "rank"))


def _change_finding(sides: pd.DataFrame, trust: float) -> Finding:
    events = tuple(float(sides.at[side, name]) for side in ("after", "before") for name in ("accidents", "departures"))
    change = rate_ratio(*events)
    text = (
        f"{events[0]:.0f} accidents on {formats.number(events[1])} departures after the "
        f"break, {events[2]:.0f} on {formats.number(events[3])} before: a ratio of "
        f"{formats.number(change.value, 2)} ({formats.span(change.low, change.high, 'ratio', 2)})"
    )
    extent = Quantity(change.value, change.low, change.high, "ratio")
    ids = ("irn.acc.pre2018", "irn.acc.post2018")
    return Finding("E16.worse", "asn", chance_ratio_above(1.0, *events), trust, ids, text, extent)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The readings of "most unsafe", and the number of fatal accidents, on which the labels rest."""
    years, counts, prior, _ = prepare(view, parameters)
    trust, last = series_trust(view), last_year(years)
    rows = _rows(view, FIRST, last)
    if len(counts) and rows:
        again = partial(_rank_finding, last=last, trust=trust, rows=rows)
        yield _worst_share(parameters.worst_share, again, chances_of_place(counts, prior))
        asked = partial(chances_of_place, counts, prior)
        yield _fatal_accidents(int(counts.at[OWN, "fatal"]), partial(again, share=parameters.worst_share), asked)
    against_world = _against_world(view, years, trust)
    if against_world(1.0):
        yield Knob(
            "E15.above_world",
            "times",
            1.0,
            against_world,
            phrase("had it been more than {} times the world's rate", partial(formats.number, digits=2)),
            (0.1, 20.0),
            unit="ratio",
            tolerance=1e-3,
        )


def _worst_share(now: float, again: Callable[..., Finding], chances: NDArray[np.float64]) -> Knob:
    """Which share of countries counts as the most unsafe."""
    return Knob(
        PART,
        "worst_share",
        now,
        lambda share: [again(chances, share=share)],
        phrase("if it meant the worst {} of countries", percent),
        (0.02, 0.9),
        unit="ratio",
        tolerance=1e-3,
    )


def _fatal_accidents(now: int, again: Callable[..., Finding], asked: Callable[..., NDArray[np.float64]]) -> Knob:
    """How many fatal accidents Iran had, all else as it is."""

    def found(number: int) -> list[Finding]:
        return [again(asked(fatal=float(number)))]

    def words(number: int) -> str:
        return f"with {formats.count(number, 'fatal accident')} of Iran instead of {now}"

    return Knob(PART, "fatal_accidents", now, found, words, choices=tuple(_nearest(now)), unit="accident")


def _nearest(now: int) -> Sequence[int]:
    """Whole numbers around ``now``, nearest first, fewer before more."""
    steps = [(now - step, now + step) for step in range(1, 13)]
    return [number for pair in steps for number in pair if number >= 0]
