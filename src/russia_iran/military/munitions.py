"""The Caspian ammunition cargo (M01-M03): does it fit, how long does it last, what share and worth is it.

Masses in kg or tonnes as named, counts in rounds, rates in rounds a day. The cargo model: crated mass of cartridges plus
a lot of which ``heavy_share`` is of artillery calibre (122-155 mm class) and the rest light (grenades, mortar bombs, anti-tank
rounds), against the room of the containers (payload) and of the ships (deadweight less the containers' own mass).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, tornado
from claimaudit.analysis.monte_carlo import interval, share_true, simulate
from claimaudit.analysis.parameters import CommonParameters, check_choice, check_range
from claimaudit.analysis.uncertainty import Floats, Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Ammunition over the Caspian"
SPEAKER = "sky-news-20230308"
INPUTS = ("packed_kg_per_cartridge", "light_kg", "heavy_kg", "payload_tonnes", "deadweight_tonnes", "tare_tonnes")
ACCOUNTS = ("as_reported", "all_artillery", "spread_over_months", "inflated")
RATES = ("us-estimate", "ukrainian-claim", "ukrainian-press-estimate", "estonian-estimate", "eu-memo")


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary: counts, and ``heavy_share`` (0-1); the defaults are the report's own figures."""

    bullets: int = 100_000_000
    shells: int = 300_000
    heavy_share: float = 0.1
    containers: int = 200
    ships: int = 2
    firing_rate: str = "us-estimate"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("bullets", self.bullets, 0, 1_000_000_000)
        check_range("shells", self.shells, 1, 5_000_000)
        check_range("heavy_share", self.heavy_share, 0, 1)
        check_range("containers", self.containers, 1, 2_000)
        check_range("ships", self.ships, 1, 20)
        check_choice("firing_rate", self.firing_rate, RATES)


# -- the cargo model -------------------------------------------------------------------------------------------------


def cargo_tonnes(
    bullets: float,
    shells: float,
    heavy_share: float,
    packed_kg_per_cartridge: Floats | float,
    light_kg: Floats | float,
    heavy_kg: Floats | float,
) -> Floats | float:
    """Crated mass of the whole cargo in tonnes, of the inputs' common shape.

    ``bullets`` and ``shells`` are counts, ``heavy_share`` a share (0-1), masses of a packed round in kg.
    """
    lot_kg = shells * ((1 - heavy_share) * light_kg + heavy_share * heavy_kg)
    return (bullets * packed_kg_per_cartridge + lot_kg) / 1000


def ship_room(ships: float, deadweight: Floats | float, containers: float, tare: Floats | float) -> Floats | float:
    """Cargo the ships take, in tonnes: their deadweight less the empty containers; of the inputs' common shape.

    ``deadweight`` and ``tare`` in tonnes, each.
    """
    return ships * deadweight - containers * tare


def input_ranges(dossier: Dossier) -> dict[str, Split]:
    """The model's uncertain inputs, from ``[topics.munitions]`` of the method file; units stand in the names (tonnes, kg)."""
    topic = dossier.method.topics["munitions"]
    return {name: Split(*map(float, topic[name]["range"])) for name in INPUTS}


def draw(dossier: Dossier, parameters: Parameters) -> dict[str, Floats]:
    """Draws of every uncertain input by name, from the parameters' own seed: shape ``(draws,)`` each.

    Units stand in the names (tonnes, kg).
    """
    ranges, seed, size = input_ranges(dossier), parameters.seed, parameters.draws
    return simulate(ranges, np.random.default_rng(seed), size)


def _mass(draws: Mapping[str, Floats], parameters: Parameters) -> Floats:
    inputs = [draws[name] for name in ("packed_kg_per_cartridge", "light_kg", "heavy_kg")]
    return np.asarray(cargo_tonnes(parameters.bullets, parameters.shells, parameters.heavy_share, *inputs))


def fit_chances(draws: Mapping[str, Floats], parameters: Parameters) -> tuple[float, float]:
    """Share (0-1) of draws in which the cargo fits the containers, and in which it fits the ships; ``draws`` as of ``draw``."""
    mass = _mass(draws, parameters)
    boxes = parameters.containers * draws["payload_tonnes"]
    room = ship_room(parameters.ships, draws["deadweight_tonnes"], parameters.containers, draws["tare_tonnes"])
    return share_true(mass <= boxes)[0], share_true(mass <= room)[0]


def fit_curve(dossier: Dossier, parameters: Parameters, points: int = 41) -> pd.DataFrame:
    """P(fits) over the heavy share: columns heavy_share, containers, ships, both."""
    draws = draw(dossier, parameters)
    rows = []
    for share in np.linspace(0, 1, points):
        moved = replace(parameters, heavy_share=float(share))
        in_boxes, in_ships = fit_chances(draws, moved)
        rows.append({"heavy_share": float(share), "containers": in_boxes, "ships": in_ships})
    return pd.DataFrame(rows)


def heavy_rounds_that_fit(dossier: Dossier, parameters: Parameters) -> Floats:
    """Rounds of artillery calibre that fit beside the bullets, by mass, a count: shape ``(draws,)``.

    0 where the bullets fill the containers.
    """
    draws = draw(dossier, parameters)
    left = (
        parameters.containers * draws["payload_tonnes"] - parameters.bullets * draws["packed_kg_per_cartridge"] / 1000
    )
    return np.maximum(0.0, left) * 1000 / draws["heavy_kg"]


def mass_budget(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Masses and rooms in tonnes with their 5th, 50th and 95th percentiles: columns part, low, mid, high, kind."""
    draws = draw(dossier, parameters)
    p, kg = parameters, 1000
    parts = {
        f"{formats.number(p.bullets)} cartridges": p.bullets * draws["packed_kg_per_cartridge"] / kg,
        f"{formats.number(p.shells)} light items": p.shells * draws["light_kg"] / kg,
        f"{formats.number(p.shells)} artillery rounds": p.shells * draws["heavy_kg"] / kg,
        f"Room in {p.containers} containers": p.containers * draws["payload_tonnes"],
        f"Room on {p.ships} ships": ship_room(p.ships, draws["deadweight_tonnes"], p.containers, draws["tare_tonnes"]),
    }
    rows = [
        {"part": name, **dict(zip(("low", "mid", "high"), np.quantile(values, [0.05, 0.5, 0.95]), strict=True))}
        for name, values in parts.items()
    ]
    frame = pd.DataFrame(rows)
    frame["kind"] = ["cargo", "cargo", "cargo", "room", "room"]
    return frame


def by_count(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Room by counted rounds: what the containers hold by each published rounds-a-container figure.

    Columns: entity, value, low, high (rounds a container), origin, rounds_value, rounds_low, rounds_high (in all),
    containers_needed; indexed by observation.
    """
    rows = dossier.select(measure="rounds_per_container")
    frame = rows[["entity", "value", "low", "high", "origin"]].copy()
    for column in ("value", "low", "high"):
        frame[f"rounds_{column}"] = parameters.containers * frame[column]
    frame["containers_needed"] = parameters.shells / frame["value"]
    return frame


# -- what the cargo would mean -----------------------------------------------------------------------------------------


def days_of_fire(rounds: float, rate: Floats | float) -> Floats | float:
    """Days a number of rounds lasts at a rate of fire (rounds a day), of the shape of ``rate``."""
    return rounds / rate


def firing_rates(dossier: Dossier) -> pd.DataFrame:
    """Published Russian rates of fire with the days the heavy part of the lot lasts; peaks and ceilings left out.

    Rival counts differ three- to sevenfold and probably count different calibres: each row stays by itself, no mean is taken.
    """
    rows = dossier.select(measure="artillery_fire_rate", entity="RUS")
    means = ~rows["variant"].str.contains("peak|ceiling")
    frame = rows[means & (rows["start"] <= pd.Timestamp(2023, 12, 31))].copy()
    ends = [extent_of(row, dossier.method) for _, row in frame.iterrows()]
    frame["rate_low"], frame["rate_high"] = [end.low for end in ends], [end.high for end in ends]
    return frame.sort_values(["start", "variant"])


def duration_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Days the heavy part lasts at each published rate: columns who, when, rate, days, days_low, days_high, chosen."""
    rates = firing_rates(dossier)
    rounds = parameters.heavy_share * parameters.shells
    return pd.DataFrame(
        {
            "who": rates["variant"].map(dossier.words.words),
            "when": [formats.period(row.start, row.end) for row in rates.itertuples()],
            "rate": rates["value"],
            "days": days_of_fire(rounds, rates["value"]),
            "days_low": days_of_fire(rounds, rates["rate_high"]),
            "days_high": days_of_fire(rounds, rates["rate_low"]),
            "days_if_all_heavy": days_of_fire(parameters.shells, rates["value"]),
            "chosen": rates["variant"] == parameters.firing_rate,
        },
        index=rates.index,
    )


def supply_shares(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The lot as a share of yearly output and of fire: columns against, total, share (percent), for all and heavy."""
    output = dossier.select(measure="shell_output", entity="RUS")
    fire = dossier.select(ids=("mun.rate.ru_2022_year_rusi", "mun.rate.ru_2022_year_reuters"))
    parts = [(row, row["value"], "output") for _, row in output.iterrows()]
    parts += [(row, row["value"] * 365, "fire of a year") for _, row in fire.iterrows()]
    rows = [
        {
            "against": f"{kind}, {formats.period(row['start'], row['end'])}, {dossier.words.words(row['variant'])}",
            "total": total,
            "share": 100 * parameters.shells / total,
            "share_heavy": 100 * parameters.heavy_share * parameters.shells / total,
            "row": row.name,
        }
        for row, total, kind in parts
    ]
    return pd.DataFrame(rows, columns=["against", "total", "share", "share_heavy", "row"])


def value_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Worth in USD at each published price: columns lot, price, usd, usd_low, usd_high.

    Cartridge prices for the bullets, prices of artillery rounds for the lot if it were all artillery; no price of a light lot
    was found. The quotient of a planned quantity over a sample sum (grade 5) is left out.
    """
    rows = dossier.select(measure="price_per_round")
    rows = rows[rows["credibility"] < "5"]
    cartridge = rows["entity"].str.contains("cartridge|ammunition for Iraq")
    count = np.where(cartridge, parameters.bullets, parameters.shells)
    ends = [extent_of(row, dossier.method) for _, row in rows.iterrows()]
    return pd.DataFrame(
        {
            "lot": np.where(cartridge, "the bullets", "the shells, if all were artillery"),
            "price of": rows["entity"].map(dossier.words.country),
            "price": rows["value"],
            "usd": rows["value"] * count,
            "usd_low": [end.low for end in ends] * count,
            "usd_high": [end.high for end in ends] * count,
        },
        index=rows.index,
    ).sort_values(["lot", "usd"])


def posterior(prior: Mapping[str, float], likelihoods: pd.DataFrame) -> pd.Series:
    """Bayes' rule over rival accounts: prior times the product of each row's likelihoods, scaled to one."""
    weights = pd.Series(prior, dtype=float) * likelihoods.prod(axis=1)
    return weights / weights.sum()


def accounts(dossier: Dossier, parameters: Parameters, prior: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Which account of the cargo is likelier: a row an account, all columns probabilities (0-1).

    Columns: the likelihood of each piece of evidence, prior, posterior (Bayes' rule). The chance to fit is computed; how
    likely the expert's doubt and the later count would be under each account are judgements of the method file. The later
    count enters only once it was knowable. Even prior unless given.
    """
    judged = dossier.method.topics["munitions"]["accounts"]
    draws = draw(dossier, parameters)
    fits = {
        "as_reported": fit_chances(draws, parameters)[0],
        "all_artillery": fit_chances(draws, replace(parameters, heavy_share=1.0))[0],
        "spread_over_months": 1.0,
        "inflated": 1.0,
    }
    table = pd.DataFrame({"fits the containers": pd.Series(fits)})
    if len(dossier.select(ids=("mun.sky.expert_doubt",))):
        table["expert doubts the volumes"] = [judged[name]["doubt"] for name in ACCOUNTS]
    if len(dossier.select(ids=("mun.wsj.rounds",))):
        table["a count a hundredth as large"] = [judged[name]["gap"] for name in ACCOUNTS]
    prior = prior or dict.fromkeys(ACCOUNTS, 1 / len(ACCOUNTS))
    result = posterior(prior, table)
    return table.assign(prior=pd.Series(prior), posterior=result)


# -- findings and knobs ----------------------------------------------------------------------------------------------


def _known(view: Dossier, name: str) -> list[str]:
    """The rows an input leans on that were knowable in this view."""
    rows = view.method.topics["munitions"][name]["rows"]
    return [row for row in rows if row in view.observations.index]


Fits = dict[str, tuple[float, tuple[float, float, float]]]
"""By part: the chance that the cargo fits, and the interval of its mass."""
_CASES = {
    "M01.fits": {"shells": 1, "heavy_share": 0.0},
    "M02.fits_as_reported": {},
}


def _case(part_id: str, parameters: Parameters) -> Parameters:
    return replace(parameters, **_CASES[part_id])


def prepare(view: Dossier, parameters: Parameters) -> Fits:
    """The fit of every case, which no grade changes: its chance, and low, middle and high of its mass in tonnes."""
    draws = draw(view, parameters)
    cases = {part_id: _case(part_id, parameters) for part_id in _CASES}
    return {name: (fit_chances(draws, case)[0], interval(_mass(draws, case))) for name, case in cases.items()}


def findings(view: Dossier, parameters: Parameters, prepared: Fits | None = None) -> Iterator[Finding]:
    """Do the bullets, and the lot as described beside them, fit the reported containers.

    The test is of the report against itself, so its own figures are taken as said; trust is that of the physical inputs
    (the weakest of them, each by its best row knowable then). ``prepared`` is what ``prepare`` gave for the same rows and
    ranges.
    """
    fits = prepare(view, parameters) if prepared is None else prepared
    for part_id in _CASES:
        case = _case(part_id, parameters)
        needed = ["packed_kg_per_cartridge", "payload_tonnes"]
        if part_id != "M01.fits":
            needed.append("light_kg")
        rows = tuple(row for name in needed for row in _known(view, name))
        if not rows:
            continue
        chance, (low, mid, high) = fits[part_id]
        text = (
            f"it would weigh {formats.span(low, high, 'tonne', 2)} crated and fits {case.containers} containers "
            f"in {formats.probability(chance)} of draws"
        )
        trust = model_trust(view, *(_known(view, name) for name in needed))
        yield Finding(part_id, "cargo-model", chance, trust, rows, text, Quantity(mid, low, high, "tonne"))


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The containers of each fit test, and the heavy share of the lot as reported.

    In each draw the cargo needs a number of containers, and fits up to a heavy share: their sorted values are the whole
    curve of the chance to fit, so nothing is drawn again.
    """
    draws = draw(view, parameters)
    for own in findings(view, parameters):
        part_id = own.part_id
        case = _case(part_id, parameters)

        def found(chance: float, own: Finding = own) -> list[Finding]:
            return [replace(own, probability=chance)]

        yield _containers(draws, case, part_id, found)
        if part_id == "M02.fits_as_reported":
            yield _heavy_share(draws, case, part_id, found)


def _containers(
    draws: Mapping[str, Floats], case: Parameters, part_id: str, found: Callable[[float], list[Finding]]
) -> Knob:
    needed = np.sort(_mass(draws, case) / draws["payload_tonnes"])

    def words(number: float) -> str:
        return f"with {'more' if number > case.containers else 'fewer'} than {number:,} containers"

    return Knob(
        part_id,
        "containers",
        case.containers,
        lambda number: found(_share_below(needed, number)),
        words,
        (1, 2000),
        unit="container",
        whole=True,
    )


def _heavy_share(
    draws: Mapping[str, Floats], case: Parameters, part_id: str, found: Callable[[float], list[Finding]]
) -> Knob:
    room = case.containers * draws["payload_tonnes"] * 1000 - case.bullets * draws["packed_kg_per_cartridge"]
    light, heavy = case.shells * draws["light_kg"], case.shells * draws["heavy_kg"]
    largest = np.sort((room - light) / (heavy - light))

    def words(share: float) -> str:
        side = "above" if share > case.heavy_share else "below"
        return f"with {side} {formats.number(100 * share, 2)}% of artillery calibre"

    return Knob(
        part_id,
        "heavy_share",
        case.heavy_share,
        lambda share: found(1 - _share_below(largest, share)),
        words,
        (0, 1),
        unit="ratio",
    )


def _share_below(ordered: Floats, bound: float) -> float:
    return float(np.searchsorted(ordered, bound, side="right") / len(ordered))


def fit_tornado(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Spare container room in tonnes (room less mass) as each input moves through its range, a row an input.

    Columns as of ``uncertainty.tornado``.
    """
    ranges = input_ranges(dossier)
    ends = {
        name: (part.low, part.high) for name, part in ranges.items() if name not in ("deadweight_tonnes", "tare_tonnes")
    }
    ends["heavy_share"] = (0.0, 0.25)
    ends["containers"] = (100.0, 300.0)
    central = {name: part.mid for name, part in ranges.items()}
    central |= {"heavy_share": parameters.heavy_share, "containers": float(parameters.containers)}

    def spare(inputs: Mapping[str, float]) -> float:
        mass = cargo_tonnes(
            parameters.bullets,
            parameters.shells,
            inputs["heavy_share"],
            inputs["packed_kg_per_cartridge"],
            inputs["light_kg"],
            inputs["heavy_kg"],
        )
        return float(inputs["containers"] * inputs["payload_tonnes"] - mass)

    return tornado(spare, central, ends)


def input_rows(dossier: Dossier) -> list[str]:
    """The observations the model's ranges lean on, as far as they are in this view."""
    return list(dict.fromkeys(row for name in INPUTS for row in _known(dossier, name)))


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    shown = [*input_rows(dossier), *firing_rates(dossier).index]
    for measure in ("rounds_per_container", "shell_output", "price_per_round"):
        shown += [row.observation_id for row in dossier.rows(measure=measure)]
    shown += ["mun.rate.ru_2022_year_rusi", "mun.rate.ru_2022_year_reuters", "mun.iran.denial", "mun.wsj.rounds"]
    return list(dict.fromkeys(map(str, shown)))
