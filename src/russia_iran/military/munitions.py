"""The Caspian ammunition cargo (M01-M03): what it would weigh, and whether it fits the containers the report names.

Masses in kg or tonnes as named, counts in rounds. The cargo: crated mass of cartridges plus a lot of which ``heavy_share`` is
of artillery calibre (122-155 mm class) and the rest light (grenades, mortar bombs, anti-tank rounds), against the cargo that
the containers carry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import model_trust
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.monte_carlo import interval, share_true, simulate
from claimaudit.analysis.parameters import DrawnParameters, number
from claimaudit.analysis.uncertainty import Floats, Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Ammunition over the Caspian"
INPUTS = {
    "packed_kg_per_cartridge": "crated cartridge, kg",
    "light_kg": "crated light item, kg",
    "heavy_kg": "crated artillery round, kg",
    "payload_tonnes": "cargo of a container, tonnes",
}
"""The uncertain inputs, in the order in which they are drawn, with a reader's words for each."""
Number = TypeVar("Number", float, pd.Series)


@dataclass(frozen=True, kw_only=True)
class Parameters(DrawnParameters):
    """What an analyst may vary."""

    bullets: int = number(100_000_000, 0, 1_000_000_000, "cartridges in the cargo")
    shells: int = number(300_000, 1, 5_000_000, "shells of all kinds in the cargo")
    heavy_share: float = number(0.1, 0, 1, "share of the shells that is of artillery calibre (122 to 155 mm)")
    containers: int = number(200, 1, 2_000, "twenty-foot containers")


# -- the cargo model -------------------------------------------------------------------------------------------------


def inputs(dossier: Dossier) -> pd.DataFrame:
    """The uncertain inputs, a row each by name, from ``[topics.munitions]`` of the method file.

    Columns: input (in words, with its unit), low, middle, high, why, rows (the observations known in this view that it leans on).
    """
    topic = dossier.method.topics["munitions"]
    ends = pd.DataFrame([topic[name]["range"] for name in INPUTS], list(INPUTS), ["low", "middle", "high"], dtype=float)
    ends.insert(0, "input", pd.Series(INPUTS))
    return ends.assign(why=[topic[name]["why"] for name in INPUTS], rows=[_known(dossier, name) for name in INPUTS])


def draw(ranges: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """``size`` draws of every input (a column each, in its unit): half of them below its middle, evenly on either side.

    ``ranges`` as of ``inputs``: low, middle and high by name.
    """
    spread = {row.Index: Split(row.low, row.middle, row.high) for row in ranges.itertuples()}
    return pd.DataFrame(simulate(spread, np.random.default_rng(seed), size))


def cargo_tonnes(
    bullets: float,
    shells: float,
    heavy_share: float,
    packed_kg_per_cartridge: Number,
    light_kg: Number,
    heavy_kg: Number,
) -> Number:
    """Crated mass of the whole cargo in tonnes, of the inputs' common shape.

    ``bullets`` and ``shells`` are counts, ``heavy_share`` a share (0-1), masses of a packed round in kg.
    """
    lot_kg = shells * ((1 - heavy_share) * light_kg + heavy_share * heavy_kg)
    return (bullets * packed_kg_per_cartridge + lot_kg) / 1000


def largest_heavy_share(sample: pd.DataFrame, bullets: float, shells: float, containers: float) -> pd.Series:
    """The share of artillery rounds up to which the cargo fits by mass: shape ``(draws,)``, from ``sample`` as of ``draw``.

    Below 0 where it does not fit without any, above 1 where it fits with nothing else.
    """
    room_kg = containers * sample["payload_tonnes"] * 1000 - bullets * sample["packed_kg_per_cartridge"]
    return (room_kg / shells - sample["light_kg"]) / (sample["heavy_kg"] - sample["light_kg"])


# -- findings and knobs ----------------------------------------------------------------------------------------------


def _known(view: Dossier, name: str) -> list[str]:
    """The rows an input leans on that were knowable in this view."""
    rows = view.method.topics["munitions"][name]["rows"]
    return [row for row in rows if row in view.evidence.records]


Fits = dict[str, tuple[float, tuple[float, float, float]]]
"""By part: the chance that the cargo fits, and the interval of its mass."""
_NEEDED = {
    "M01.fits": ("packed_kg_per_cartridge", "payload_tonnes"),
    "M02.fits_as_reported": ("packed_kg_per_cartridge", "payload_tonnes", "light_kg"),
}
"""By part, the inputs it leans on: M01 is of the bullets alone, M02 of the shells beside them."""


def _sample(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    return draw(inputs(view), parameters.draws, parameters.seed)


def _mass(sample: pd.DataFrame, part_id: str, parameters: Parameters) -> pd.Series:
    shells = 0 if part_id == "M01.fits" else parameters.shells
    masses = (sample[name] for name in ("packed_kg_per_cartridge", "light_kg", "heavy_kg"))
    return cargo_tonnes(parameters.bullets, shells, parameters.heavy_share, *masses)


def prepare(view: Dossier, parameters: Parameters) -> Fits:
    """The fit of every case, which no grade changes: its chance, and low, middle and high of its mass in tonnes."""
    sample = _sample(view, parameters)
    room = parameters.containers * sample["payload_tonnes"]
    masses = {part_id: _mass(sample, part_id, parameters) for part_id in _NEEDED}
    return {
        part_id: (share_true((mass <= room).to_numpy())[0], interval(mass.to_numpy()))
        for part_id, mass in masses.items()
    }


def findings(view: Dossier, parameters: Parameters, prepared: Fits | None = None) -> Iterator[Finding]:
    """Do the bullets, and the lot as described beside them, fit the reported containers.

    The test is of the report against itself, so its own figures are taken as said; trust is that of the physical inputs
    (the weakest of them, each by its best row knowable then). ``prepared`` is what ``prepare`` gave for the same rows and
    ranges.
    """
    fits = prepare(view, parameters) if prepared is None else prepared
    for part_id, needed in _NEEDED.items():
        rows = tuple(row for name in needed for row in _known(view, name))
        if not rows:
            continue
        chance, (low, mid, high) = fits[part_id]
        text = (
            f"it would weigh {formats.span(low, high, 'tonne', 2)} crated and fits {parameters.containers} containers "
            f"in {formats.probability(chance)} of draws"
        )
        trust = model_trust(view, *(_known(view, name) for name in needed))
        yield Finding(part_id, "cargo-model", chance, trust, rows, text, Quantity(mid, low, high, "tonne"))


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The containers of each fit test, and the heavy share of the lot as reported.

    In each draw the cargo needs a number of containers, and fits up to a heavy share: their sorted values are the whole
    curve of the chance to fit, so nothing is drawn again.
    """
    sample = _sample(view, parameters)
    for own in findings(view, parameters):
        part_id = own.part_id

        def found(chance: float, own: Finding = own) -> list[Finding]:
            return [replace(own, probability=chance)]

        yield _containers(sample, parameters, part_id, found)
        if part_id == "M02.fits_as_reported":
            yield _heavy_share(sample, parameters, part_id, found)


def _containers(
    sample: pd.DataFrame, parameters: Parameters, part_id: str, found: Callable[[float], list[Finding]]
) -> Knob:
    needed = np.sort(_mass(sample, part_id, parameters) / sample["payload_tonnes"])

    def words(number: float) -> str:
        return f"with {'more' if number > parameters.containers else 'fewer'} than {number:,} containers"

    return Knob(
        part_id,
        "containers",
        parameters.containers,
        lambda number: found(_share_below(needed, number)),
        words,
        (1, 2000),
        unit="container",
        whole=True,
    )


def _heavy_share(
    sample: pd.DataFrame, parameters: Parameters, part_id: str, found: Callable[[float], list[Finding]]
) -> Knob:
    p = parameters
    largest = np.sort(largest_heavy_share(sample, p.bullets, p.shells, p.containers))

    def words(share: float) -> str:
        side = "above" if share > parameters.heavy_share else "below"
        return f"with {side} {formats.number(100 * share, 2)}% of artillery calibre"

    return Knob(
        part_id,
        "heavy_share",
        parameters.heavy_share,
        lambda share: found(1 - _share_below(largest, share)),
        words,
        (0, 1),
        unit="ratio",
    )


def _share_below(ordered: Floats, bound: float) -> float:
    return float(np.searchsorted(ordered, bound, side="right") / len(ordered))
