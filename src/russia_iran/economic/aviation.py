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
from numpy.typing import NDArray

from claimaudit import formats
from claimaudit.analysis.inference import Estimate, chance_ratio_above, rank_chances, rate, rate_ratio
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, choice, number, switch
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Iranian airlines: accidents, fleet and orders"
OWN, PARTNER, WORLD = "IRN", "RUS", "WLD"
SCOPES = ("registry", "operator")
PRIORS = ("shared", "separate")
BREAKS = {"announced": date(2018, 5, 8), "june": date(2018, 6, 1), "in-force": date(2018, 8, 6)}
PANDEMIC = (2020, 2021)
MILLION = 1e6
PART, FIRST = "E15.unsafe", 2000
"""The part that asks for Iran's place, and the first year it is counted from."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    scope: str = choice("registry", SCOPES, "whose accidents count: by the aircraft's register, or by the airline")
    prior: str = choice("shared", PRIORS, "rates share one prior (shrinkage), or each country stands alone")
    min_departures: int = number(300_000, 300_000, 5_000_000, "departures over the years to be ranked")
    worst_share: float = number(0.1, 0.02, 0.9, "what 'among the most unsafe' means, as a share of the countries")
    suspect_years: bool = switch(True, "count years whose departures look misreported (Iran 2000 to 2003)")
    break_day: str = choice("june", tuple(BREAKS), "when the sanctions of 2018 begin: 8 May, 1 June or 6 August")
    pandemic_years: bool = switch(True, "count 2020 and 2021 as years after the sanctions")
    military_707: bool = switch(False, "count the army-owned 707 of January 2019 as an airline's accident")


# -- counts and departures ---------------------------------------------------------------------------------------------


class Counts(NamedTuple):
    """Accidents, fatal accidents and departures of a country over some years."""

    accidents: float
    fatal: float
    departures: float
    years: int


def departures(view: Dossier, parameters: Parameters) -> dict[str, dict[int, float]]:
    """Country to year to departures: the newest release in the view for each year, without errors (and suspects)."""
    frame = view.series["air-traffic"].frame
    left_out = {"error"} if parameters.suspect_years else {"error", "suspect"}
    known = frame.dropna(subset=["departures"])
    oldest_first = known.iloc[np.argsort(known["knowable"].to_numpy(), kind="stable")]
    columns = (oldest_first[name].tolist() for name in ("country_iso3", "year", "departures", "flag"))
    newest = {(code, int(year)): (flights, flag) for code, year, flights, flag in zip(*columns, strict=True)}
    out: dict[str, dict[int, float]] = {}
    for (code, year), (flights, flag) in newest.items():
        if flag not in left_out:
            out.setdefault(code, {})[year] = flights
    return out


def accidents(view: Dossier, scope: str) -> dict[tuple[str, int], tuple[float, float]]:
    """(Country, year) to accidents and fatal accidents of airliners, whole years only.

    ``operator`` moves aircraft on foreign or military marks to the airline's country; it is known for Iran and Russia
    only, and all others stay with their register.
    """
    frame = view.series["air-accidents"].frame
    names = ("country_iso3", "year", "scope", "accidents", "fatal_accidents", "flag")
    found = {name: {} for name in SCOPES}
    for code, year, kind, ended, fatal, flag in zip(*(frame[name].tolist() for name in names), strict=True):
        short = kind.removeprefix("airliner_")
        if short in found and flag != "partial-year":
            found[short][code, int(year)] = (ended, fatal)
    return found["registry"] | (found["operator"] if scope == "operator" else {})


class Record(NamedTuple):
    """What a view knows: departures by country and year, accidents, and the last year with departures of Iran."""

    flights: dict[str, dict[int, float]]
    crashes: dict[tuple[str, int], tuple[float, float]]

    @property
    def last(self) -> int:
        """The last year for which Iran's departures are on record; 0 where none is."""
        return max(self.flights.get(OWN, {}), default=0)

    def counts(self, code: str, first: int, last: int) -> Counts:
        """A country's counts over the years with departures between two years, both included."""
        years = [year for year in self.flights.get(code, {}) if first <= year <= last]
        events = [self.crashes.get((code, year), (0.0, 0.0)) for year in years]
        flown = sum(self.flights[code][year] for year in years)
        return Counts(sum(n for n, _ in events), sum(f for _, f in events), flown, len(years))


def record(view: Dossier, parameters: Parameters) -> Record:
    """Departures and accidents as the view knows them."""
    return Record(departures(view, parameters), accidents(view, parameters.scope))


def ranked(known: Record, first: int, last: int, parameters: Parameters, coverage: float) -> dict[str, Counts]:
    """The countries that fly enough to be ranked: departures over the window and share of its years on record."""
    counts = {code: known.counts(code, first, last) for code in known.flights if code != WORLD}
    needed = coverage * (last - first + 1)
    if not parameters.suspect_years and OWN in counts:  # the years left out on purpose are no gap of the record
        needed = min(needed, counts[OWN].years)
    enough = parameters.min_departures
    return {code: item for code, item in sorted(counts.items()) if item.departures >= enough and item.years >= needed}


# -- rates with a shared prior -----------------------------------------------------------------------------------------


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


def prior_of(counts: dict[str, Counts], parameters: Parameters) -> tuple[float, float]:
    """Shape and rate (in millions of departures) of the gamma prior: shared by all, or Jeffreys' (0.5, 0) for each."""
    if parameters.prior == "separate" or not counts:
        return 0.5, 0.0
    return shared_prior(
        tuple(item.fatal for item in counts.values()), tuple(item.departures / MILLION for item in counts.values())
    )


def fatal_rate(counts: Counts, prior: tuple[float, float] = (0.5, 0.0)) -> Estimate:
    """Fatal accidents per million departures: posterior median and 95% interval."""
    return rate(counts.fatal, counts.departures / MILLION + prior[1], prior=prior[0])


class Standing(NamedTuple):
    """Where Iran stands in a window: the ranked countries' counts, the prior and the chance of each rank."""

    first: int
    last: int
    counts: dict[str, Counts]
    prior: tuple[float, float]
    chances: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many countries are ranked."""
        return len(self.counts)

    def chance_worst(self, share: float) -> float:
        """Posterior probability of standing in the worst ``share`` of the countries."""
        return float(self.chances[: int(share * self.size + 1e-9)].sum())

    def place(self, q: float) -> int:
        """The q-quantile of the rank."""
        return 1 + int(np.searchsorted(np.cumsum(self.chances), q - 1e-12))


@lru_cache(maxsize=256)
def _rank_chances(
    own: tuple[float, float], others: tuple[tuple[float, float], ...], prior: float
) -> NDArray[np.float64]:
    return rank_chances(own, others, prior=prior)


def standing(
    view: Dossier, parameters: Parameters, first: int, *, known: Record | None = None, fatal: float | None = None
) -> Standing | None:
    """Iran's rank from ``first`` to the last year with departures; ``None`` where Iran cannot be ranked.

    ``fatal`` asks for Iran with another number of fatal accidents, all else as it is.
    """
    known = known or record(view, parameters)
    coverage = float(view.method.topics["aviation"]["coverage"]["range"][1])
    counts = ranked(known, first, known.last, parameters, coverage)
    if OWN not in counts or len(counts) < 2:
        return None
    prior = prior_of(counts, parameters)
    own, others = counts[OWN], [item for code, item in counts.items() if code != OWN]
    chances = _rank_chances(
        (own.fatal if fatal is None else fatal, own.departures / MILLION + prior[1]),
        tuple((item.fatal, item.departures / MILLION + prior[1]) for item in others),
        prior[0],
    )
    return Standing(first, known.last, counts, prior, chances)


def pair(known: Record, code: str, first: int, last: int) -> tuple[Counts, Counts] | None:
    """Counts of Iran and another (the world includes Iran) over the years both have on record; ``None`` if none."""
    shared = set(known.flights.get(OWN, {})) & set(known.flights.get(code, {}))
    years = sorted(year for year in shared if first <= year <= last)
    if not years:
        return None
    return known.counts(OWN, years[0], years[-1]), known.counts(code, years[0], years[-1])


def against(known: Record, code: str, first: int, last: int) -> Estimate | None:
    """Iran's fatal accident rate over another's on the same years: posterior median and 95% interval."""
    found = pair(known, code, first, last)
    if found is None:
        return None
    own, other = found
    return rate_ratio(own.fatal, own.departures, other.fatal, other.departures)


# -- before and after 2018 ---------------------------------------------------------------------------------------------


class Split2018(NamedTuple):
    """Accidents of Iran's airliners before and after the break, with the departures of the same days."""

    before: Counts
    after: Counts

    def change(self, *, fatal: bool = False) -> Estimate:
        """Rate after over rate before, a ratio: posterior median and 95% interval."""
        new, old = (side.fatal if fatal else side.accidents for side in (self.after, self.before))
        return rate_ratio(new, self.after.departures, old, self.before.departures)

    def chance_of_rise(self, extra: float = 0.0) -> float:
        """Posterior probability that the rate rose, with ``extra`` further accidents after the break."""
        new = self.after.accidents + extra
        return chance_ratio_above(1.0, new, self.after.departures, self.before.accidents, self.before.departures)


def split_2018(view: Dossier, parameters: Parameters, *, known: Record | None = None) -> Split2018 | None:
    """Counts by register from a year of the method file to the break, and from it to the last year with departures.

    Departures of 2018 are divided by days. Which accidents of 2018 came after May says the row ``irn.acc.post2018``
    less the later years (the others are dated in February). ``None`` when the view knows no departures after 2018.
    """
    first = int(view.method.topics["aviation"]["before_from"]["range"][1])
    flights = known.flights if known else departures(view, parameters)
    by_register = known.crashes if known and parameters.scope == "registry" else accidents(view, "registry")
    known = Record(flights, by_register)
    counted = [row for row in view.rows(ids="irn.acc.post2018") if row.end.year <= known.last]
    if not counted or known.last <= 2018 or 2018 not in known.flights[OWN]:
        return None
    old, turn, new = known.counts(OWN, first, 2017), known.counts(OWN, 2018, 2018), known.counts(OWN, 2019, known.last)
    late = max(0.0, counted[0].value - known.counts(OWN, 2019, counted[0].end.year).accidents)
    share = (date(2019, 1, 1) - BREAKS[parameters.break_day]).days / 365
    before = Counts(
        old.accidents + turn.accidents - late,
        old.fatal + turn.fatal,  # the one fatal accident of 2018 is dated 18 February
        old.departures + (1 - share) * turn.departures,
        old.years + 1,
    )
    if not parameters.pandemic_years:
        new = known.counts(OWN, 2019, min(known.last, PANDEMIC[0] - 1))
    extra = float(parameters.military_707 and bool(view.rows(ids="irn.crash.20190114")))
    after = Counts(
        late + new.accidents + extra, new.fatal + extra, share * turn.departures + new.departures, new.years + 1
    )
    return Split2018(before, after)


# -- findings and knobs ------------------------------------------------------------------------------------------------


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


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Iran against the world, its place over all years, its accidents after 2018 against before."""
    known, trust = record(view, parameters), series_trust(view)
    yield from _world_finding(view, known, trust)
    stand, rows = standing(view, parameters, FIRST, known=known), _rows(view, FIRST, known.last)
    if stand and rows:
        yield _rank_finding(stand, trust=trust, rows=rows, share=parameters.worst_share)
    split = split_2018(view, parameters, known=known)
    if split:
        yield _change_finding(view, split, split.chance_of_rise(), trust)


def _world_finding(view: Dossier, known: Record, trust: float, times: float = 1.0) -> Iterator[Finding]:
    """Is Iran's fatal accident rate more than ``times`` the world's, on all years that both have."""
    found = pair(known, WORLD, FIRST, known.last)
    if not found:
        return
    own, other = found
    ratio = rate_ratio(own.fatal, own.departures, other.fatal, other.departures)
    last = max(year for year in known.flights[WORLD] if year <= known.last)
    rows = [row for row in view.rows(measure="fatal_accident_rate_ratio", entity="IRN-WLD") if row.end.year == last]
    ids = tuple(row.observation_id for row in rows if row.start.year == FIRST)
    chance = chance_ratio_above(times, own.fatal, own.departures, other.fatal, other.departures)
    text = (
        f"{own.fatal:.0f} fatal accidents on {formats.number(own.departures)} departures against {other.fatal:.0f} on "
        f"{formats.number(other.departures)} of the world to {last}: {formats.number(ratio.value, 2)} times its rate "
        f"({formats.span(ratio.low, ratio.high, 'ratio', 2)})"
    )
    extent = Quantity(ratio.value, ratio.low, ratio.high, "ratio")
    yield Finding("E15.above_world", "asn", chance, trust, ids or _rows(view, 2000, known.last), text, extent)


def _rank_finding(stand: Standing, *, trust: float, rows: tuple[str, ...], share: float) -> Finding:
    low, mid, high = (stand.place(q) for q in (0.025, 0.5, 0.975))
    chance = stand.chance_worst(share)
    worst, sure = formats.number(100 * share, 2), formats.probability(chance)
    text = (
        f"place {mid} ({low} to {high}) of {stand.size} by fatal accidents per departure, {stand.first}-{stand.last}, "
        f"in the worst {worst}% with a probability of {sure}"
    )
    return Finding(PART, "asn", chance, trust, rows, text, Quantity(mid, low, high, "rank"))


def _change_finding(view: Dossier, split: Split2018, chance: float, trust: float) -> Finding:
    change = split.change()
    text = (
        f"{split.after.accidents:.0f} accidents on {formats.number(split.after.departures)} departures after the "
        f"break, {split.before.accidents:.0f} on {formats.number(split.before.departures)} before: a ratio of "
        f"{formats.number(change.value, 2)} ({formats.span(change.low, change.high, 'ratio', 2)})"
    )
    extent = Quantity(change.value, change.low, change.high, "ratio")
    return Finding("E16.worse", "asn", chance, trust, ("irn.acc.pre2018", "irn.acc.post2018"), text, extent)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The readings of "most unsafe", and the number of fatal accidents, on which the labels rest."""
    known, trust = record(view, parameters), series_trust(view)
    stand, rows = standing(view, parameters, FIRST, known=known), _rows(view, FIRST, known.last)
    if stand and rows:
        again = partial(_rank_finding, trust=trust, rows=rows)
        yield _worst_share(parameters.worst_share, again, stand)
        asked = partial(standing, view, parameters, FIRST, known=known)
        yield _fatal_accidents(int(stand.counts[OWN].fatal), partial(again, share=parameters.worst_share), asked)
    if list(_world_finding(view, known, trust)):
        yield Knob(
            "E15.above_world",
            "times",
            1.0,
            partial(_world_finding, view, known, trust),
            phrase("had it been more than {} times the world's rate", partial(formats.number, digits=2)),
            (0.1, 20.0),
            unit="ratio",
            tolerance=1e-3,
        )


def _worst_share(now: float, again: Callable[..., Finding], stand: Standing) -> Knob:
    """Which share of countries counts as the most unsafe."""
    return Knob(
        PART,
        "worst_share",
        now,
        lambda share: [again(stand, share=share)],
        phrase("if it meant the worst {} of countries", percent),
        (0.02, 0.9),
        unit="ratio",
        tolerance=1e-3,
    )


def _fatal_accidents(now: int, again: Callable[[Standing], Finding], asked: Callable[..., Standing | None]) -> Knob:
    """How many fatal accidents Iran had, all else as it is."""

    def found(number: int) -> list[Finding]:
        stand = asked(fatal=float(number))
        return [again(stand)] if stand else []

    def words(number: int) -> str:
        return f"with {formats.count(number, 'fatal accident')} of Iran instead of {now}"

    return Knob(PART, "fatal_accidents", now, found, words, choices=tuple(_nearest(now)), unit="accident")


def _nearest(now: int) -> Sequence[int]:
    """Whole numbers around ``now``, nearest first, fewer before more."""
    steps = [(now - step, now + step) for step in range(1, 13)]
    return [number for pair in steps for number in pair if number >= 0]


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    chosen = [
        ("fatal_accident_rate", ("IRN", "RUS", "WLD", "PAK", "NGA", "IDN", "TUR", "UKR", "KAZ", "KEN")),
        ("fatal_accident_rate_ratio", ("IRN-WLD", "IRN-RUS")),
        ("fatal_accident_rate_rank", "IRN"),
        ("fatal_accidents", "IRN"),
        ("accidents", ("IRN", "IRN:*")),
        ("accident_rate_change_ratio", "IRN"),
        ("fleet_active_share", "IRN"),
        ("fleet_average_age", ("IRN", "WLD", "IRN:A340")),
        ("aircraft_imported", "IRN*"),
        ("aircraft_ordered", "*"),
        ("aircraft_delivered", "*"),
        ("eu_air_safety_listed", "*"),
    ]
    rows = [row for measure, entity in chosen for row in dossier.rows(measure=measure, entity=entity)]
    crashes = dossier.rows(ids=("irn.crash.*", "ps752.excluded"))
    return list(dict.fromkeys(row.observation_id for row in (*rows, *crashes)))
