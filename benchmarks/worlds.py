"""Twelve invented worlds in which it is known what is true, for `calibration.py`: claims, their sources, what each says.

How one world makes one claim. Every draw is independent of every other unless it says so; the numbers in brackets are the
fields of `World`; a world changes only what its row in `WORLDS` names.

1. **Truth.** The claim is true with chance `base` (0.5).
2. **How many sources.** Drawn from `Stock.numbers`: how many independent sources each part of the project's dossier has, in
   hindsight (parts of substance judged by rows, not by a topic's model; parts with none are left out).
3. **Grades.** Each source gets a pair of letter and digit from `Stock.grades`: the pairs of exactly those sources, by the row
   that weighs most in each. Letter and digit are drawn together. The worlds read grades by `LADDER`, evenly stepped, and not
   by the method's own numbers: they stay as they are whatever the method comes to make of a grade. A source's trust, here,
   is letter times digit by that ladder.
4. **What a source says** is "so" or "not so". By `grades`, it says the truth with chance
   - `trust`: (1 + trust) / 2. It knows with chance trust, otherwise it says either with even chance;
   - `accuracy`: trust. A source of trust below one half is more often wrong than right;
   - `words`: that of the digit's word alone, as the middle of ICD 203's range for the nearest word: 1 "confirmed" 0.97 (almost
     certain, 95-99 %), 2 "probably" 0.675 (likely, 55-80), 3 "possibly" 0.5 (even chance, 45-55), 4 "doubtful" 0.325
     (unlikely, 20-45), 5 "improbable" 0.125 (very unlikely, 5-20). The letter changes nothing.
5. **Parties.** Each claim has one interest, that it be so or that it be not so, with even chance whatever is true. Each source
   is a party with chance `parties` (0) and then asserts that interest instead of 4. Its grades are drawn as any other's.
6. **Copies.** In order of the sources, each but the first copies with chance `copies` (0): it says what one of those before it
   says (with even chance which, itself perhaps a copy) instead of 4 and 5, and is no party. Its grades stay its own, and it is
   counted as independent.
7. **Finding.** A source that speaks for the claim is found; one that speaks against it is found with chance `found` (1). What is
   not found is not heard. A claim of which no source is found is left out and another made in its place, so that the share of
   true claims among those heard is higher than `base`.

**Figures.** With `figures`, 4 is replaced. The claim is that a figure is about 100 (within a tenth; one claim in four), at least
100 or at most 100 (three in eight each). A figure *on a side* is drawn so: with z half-normal of scale `SPREAD` = 0.4 (so that the
middle one lies 27 % off, as the dossier's rows do from what is claimed), at least 100 is met by 100 exp(z) and missed by
100 exp(-z); at most 100 the other way round; about 100 is met by a figure even from 90 to 110 and missed by 110 exp(z) or
90 exp(-z), with even chance. The true figure is on the side of the truth. A source knows it with chance trust; otherwise it has a
figure on a side drawn evenly. A party has a figure on the side of its interest. What it prints is that figure times 1 + e, with e
even within the width of its basis, drawn from `Stock.bases` (the bases of the rows that the dossier's quantity parts hear); a copy
prints the figure that it copies, with a basis of its own. What a printed figure says is the project's own: `extent_of` by that
basis, then `holds`. It speaks against the claim, for 7, when that chance is below one half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from claimaudit.analysis.findings import find, holds
from claimaudit.analysis.hearing import extent_of
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Method
from claimaudit.model import Basis, Part, Role, TestKind
from claimaudit.verdict.pooling import independent_sources

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SPREAD = 0.4
"""Scale of the distance of figures from the claimed one, in natural logarithms."""
LADDER = (
    {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.50, "E": 0.25, "F": 0.0},
    {"1": 0.98, "2": 0.85, "3": 0.65, "4": 0.35, "5": 0.10, "6": 0.0},
)
"""How the worlds read letters and digits: the scale's words, evenly stepped. The method's first reading, too."""
WORDS = {"1": 0.97, "2": 0.675, "3": 0.5, "4": 0.325, "5": 0.125}
"""Chance that an item of each digit is true, by the middle of ICD 203's range for its word."""


@dataclass(frozen=True)
class World:
    """What is so in one world, by the points of the module's docstring."""

    name: str
    base: float = 0.5
    copies: float = 0.0
    parties: float = 0.0
    found: float = 1.0
    grades: str = "trust"
    figures: bool = False


WORLDS = (
    World("independent witnesses"),
    World("base rate 0.7", base=0.7),
    World("copies unseen 0.3", copies=0.3),
    World("copies unseen 0.6", copies=0.6),
    World("parties 0.15", parties=0.15),
    World("parties 0.3", parties=0.3),
    World("counter-evidence found 0.6", found=0.6),
    World("counter-evidence found 0.3", found=0.3),
    World("grades read as accuracy", grades="accuracy"),
    World("grades read as the scale's words", grades="words"),
    World("figures only", figures=True),
    World("figures, copies 0.3, parties 0.15, found 0.7", copies=0.3, parties=0.15, found=0.7, figures=True),
)


@dataclass(frozen=True)
class Stock:
    """What is drawn from: numbers of sources a part, pairs of grades ("B2") and bases of figures, each as often as it occurs."""

    numbers: tuple[int, ...]
    grades: tuple[str, ...]
    bases: tuple[Basis, ...] = (Basis.OFFICIAL,)

    @classmethod
    def of(cls, dossier: Dossier) -> Stock:
        """The dossier's own, in hindsight; which rows are heard is by ``LADDER``."""
        letters, digits = LADDER
        dossier = dossier.with_method(replace(dossier.method, reliability=letters, credibility=digits))
        numbers: list[int] = []
        grades: list[str] = []
        bases: list[Basis] = []
        for part in (part for claim in dossier.claims for part in claim.parts):
            if part.asks_saying or part.test is TestKind.MODEL:
                continue
            heard = independent_sources(find(dossier, part), dossier)
            rows = [dossier.observation(one.observations[0]) for one in heard]
            numbers += [len(rows)] if rows else []
            grades += [row.reliability + row.credibility for row in rows]
            bases += [row.basis for row in rows if part.test.is_quantity]
        return cls(tuple(numbers), tuple(grades), tuple(bases))


@dataclass(frozen=True)
class Sample:
    """Claims with their sources: ``truth`` of shape (claims,), all else (claims, most sources); only ``heard`` ones count.

    ``says`` is the chance that the claim holds if the source is right, ``trust`` the ladder's; ``grades`` are pairs
    such as "B2"; ``party`` marks sources that assert their interest, which a method may or may not be told.
    """

    truth: Flags
    heard: Flags
    says: Floats
    trust: Floats
    grades: NDArray[np.str_]
    party: Flags

    def __getitem__(self, chosen: Flags | slice) -> Sample:
        return Sample(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def __add__(self, other: Sample) -> Sample:
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return Sample(*(np.concatenate(pair) for pair in pairs))


def draw(world: World, stock: Stock, method: Method, rng: np.random.Generator, claims: int) -> Sample:
    """So many claims of a world, each with at least one source heard."""
    kept = _heard(_batch(world, stock, method, rng, claims))
    while len(kept.truth) < claims:
        kept += _heard(_batch(world, stock, method, rng, claims))
    return kept[:claims]


def _heard(sample: Sample) -> Sample:
    return sample[sample.heard.any(axis=1)]


def _batch(world: World, stock: Stock, method: Method, rng: np.random.Generator, claims: int) -> Sample:
    shape = claims, max(stock.numbers)
    truth = rng.random(claims) < world.base
    there = np.arange(shape[1]) < rng.choice(stock.numbers, claims)[:, None]
    grades = rng.choice(stock.grades, shape)
    trust = _by_pair(grades, lambda pair: LADDER[0][pair[0]] * LADDER[1][pair[1]])
    interest = rng.random(claims) < 0.5
    party = rng.random(shape) < world.parties
    copied = _copied(world.copies, rng, shape)
    party &= copied == np.arange(shape[1])
    if world.figures:
        says = _figures(truth, interest, party, copied, trust, stock, method, rng)
    else:
        right = rng.random(shape) < _accuracy(world, grades, trust)
        own = np.where(party, interest[:, None], right == truth[:, None])
        says = np.take_along_axis(own, copied, axis=1).astype(float)
    found = (says >= 0.5) | (rng.random(shape) < world.found)
    return Sample(truth, there & found, says, trust, grades, party)


def _by_pair(grades: NDArray[np.str_], of: Callable[[str], float]) -> Floats:
    pairs, index = np.unique(grades, return_inverse=True)
    return np.array([of(str(pair)) for pair in pairs])[index].reshape(grades.shape)


def _accuracy(world: World, grades: NDArray[np.str_], trust: Floats) -> Floats:
    """The chance that each source says what is so."""
    if world.grades == "trust":
        return (1 + trust) / 2
    return trust if world.grades == "accuracy" else _by_pair(grades, lambda pair: WORDS[pair[1]])


def _copied(share: float, rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.intp]:
    """Whose statement each source gives: its own place, or that of the first source of a chain of copies."""
    copied = np.tile(np.arange(shape[1]), (shape[0], 1))
    for place in range(1, shape[1]):
        earlier = rng.integers(0, place, shape[0])
        copies = rng.random(shape[0]) < share
        copied[copies, place] = copied[copies, earlier[copies]]
    return copied


# -- figures -----------------------------------------------------------------------------------------------------------

_CLAIMED = {"value": 100.0, "tolerance": 0.1}
_KINDS = (TestKind.ABOUT, TestKind.AT_LEAST, TestKind.AT_MOST)
_PARTS = tuple(Part("part", "claim", "", Role.CORE, kind, numbers=_CLAIMED) for kind in _KINDS)


class Printed(NamedTuple):
    """A figure as a row prints it, for ``extent_of``."""

    value: float
    basis: Basis
    low: float | None = None
    high: float | None = None
    step: float | None = None


def on_side(meets: Flags, kind: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """Figures that meet the test (by its place in ``_KINDS``) or miss it."""
    away = np.abs(rng.normal(0, SPREAD, meets.shape))
    within = rng.uniform(90, 110, meets.shape)
    up = rng.random(meets.shape) < 0.5
    missed = np.where(up, 110 * np.exp(away), 90 * np.exp(-away))
    above = meets == (kind == 1)
    return np.where(kind == 0, np.where(meets, within, missed), 100 * np.exp(np.where(above, away, -away)))


def _figures(
    truth: Flags,
    interest: Flags,
    party: Flags,
    copied: NDArray[np.intp],
    trust: Floats,
    stock: Stock,
    method: Method,
    rng: np.random.Generator,
) -> Floats:
    """The chance that the claim holds by each source's printed figure."""
    kind = rng.choice(3, len(truth), p=(0.25, 0.375, 0.375))
    each = np.broadcast_to(kind[:, None], party.shape)
    true = on_side(truth, kind, rng)[:, None]
    side = np.where(party, interest[:, None], rng.random(party.shape) < 0.5)
    knows = ~party & (rng.random(party.shape) < trust)
    figure = np.where(knows, true, on_side(side, each, rng))
    basis = rng.integers(0, len(stock.bases), party.shape)
    width = np.array([method.widths[name] for name in stock.bases])[basis]
    figure *= 1 + width * rng.uniform(-1, 1, party.shape)
    figure = np.take_along_axis(figure, copied, axis=1)
    return _held(figure, kind, basis, stock.bases, method)


def _held(
    figure: Floats, kind: NDArray[np.intp], basis: NDArray[np.intp], bases: Sequence[Basis], method: Method
) -> Floats:
    says = np.empty(figure.shape)
    for row, (values, names) in enumerate(zip(figure.tolist(), basis.tolist(), strict=True)):
        part = _PARTS[kind[row]]
        says[row] = [holds(part, extent_of(Printed(v, bases[b]), method)) for v, b in zip(values, names, strict=True)]
    return says
