"""Is what is printed true as often as it says: `make calibration`, or `python benchmarks/calibration.py --help`.

Twelve invented worlds, 8,000 claims each (`worlds.py` tells exactly how each is made). Every claim's sources go as findings through
the project's own functions (`independent_sources`, `pool`, `leave_one_out`) with the numbers of `method.toml`, floor
included; each source is weighed by its grade, and the method is told which sources are parties, as a dossier's rows tell it. What
comes out is held against what is so:

- *calibration error*: claims sorted into ten equal bins of printed probability; the mean distance between the mean probability
  and the share of true claims of a bin, weighted by its claims, in points (hundredths);
- *surer than right*: how sure what is printed is on its side (the larger of p and 1 - p), less how often that side is right (one
  half where p is one half), in points: above 0 overconfident, below 0 underconfident;
- *Brier*: mean square of p less truth (0 or 1). *Log score*: mean of -ln of the probability given to what is so. Less is better;
- *range*: mean width of what is printed beside it, from the least to the largest probability with any one source left out, in
  points;
- *labelled*: how many claims are labelled supported or refuted; *error of these*: the calibration error among them alone;
- *wrong "holds"*: of the claims labelled supported, how many are false, by the number of independent sources heard (with weight).

Rivals get the same claims: *constant*, the share of true claims itself; *majority*, (sources for + 1) / (sources + 2); *best
grade*, the source of most trust alone, its p weighed by trust; *naive Bayes*, grades as accuracies: the odds of
a p + (1 - a)(1 - p) multiplied over sources, with a the trust and p what the source says. Their trust is by the worlds' ladder.
All are kept within the method's `certainty_cap`. The same seed gives the same figures, each world by itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from marks import put
from numpy.typing import NDArray
from worlds import WORLDS, Sample, Stock, World, draw

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Method
from claimaudit.model import Label, Stake
from claimaudit.outcome import Finding
from claimaudit.verdict.pooling import independent_sources, leave_one_out, pool

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SEED, CLAIMS = 20230314, 8000
WELL = 5.0
"""Up to so many points of calibration error, what is printed counts as true as often as it says."""
FEWEST = 50
"""A share of fewer claims than this is not shown."""


@dataclass(frozen=True)
class Printed:
    """What is printed for each claim: probability, its range, label, and how many sources were heard."""

    probability: Floats
    low: Floats
    high: Floats
    label: tuple[Label, ...]
    sources: NDArray[np.int_]


def judged(sample: Sample, dossier: Dossier) -> Printed:
    """Every claim of a sample by the project's own functions."""
    rows = [_judged(findings, dossier) for findings in _findings(sample, dossier.method)]
    probability, low, high, label, sources = zip(*rows, strict=True)
    return Printed(np.array(probability), np.array(low), np.array(high), label, np.array(sources))


def _findings(sample: Sample, method: Method) -> list[list[Finding]]:
    columns = (sample.says.tolist(), sample.grades.tolist(), sample.party.tolist(), sample.heard.tolist())
    return [
        [
            _finding(n, p, grade, party, method)
            for n, (p, grade, party, heard) in enumerate(zip(*row, strict=True))
            if heard
        ]
        for row in zip(*columns, strict=True)
    ]


def _finding(number: int, says: float, grade: str, party: bool, method: Method) -> Finding:
    stake = Stake.OWN if party else Stake.NONE
    return Finding("", f"s{number:02}", says, method.trust(*grade, stake), (), grade=grade, stake=stake)


def _judged(findings: Sequence[Finding], dossier: Dossier) -> tuple[float, float, float, Label, int]:
    heard = independent_sources(findings, dossier)
    outcome = pool(heard, dossier.method)
    reach = [other.probability for other in leave_one_out(heard, dossier.method).values()]
    reach.append(outcome.probability)
    return outcome.probability, min(reach), max(reach), outcome.label, len(heard)


# -- scores ------------------------------------------------------------------------------------------------------------


def calibration_error(probability: Floats, truth: Flags, bins: int = 10) -> float:
    """Expected calibration error over equal bins, weighted by their claims, in points."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = np.bincount(place, probability - truth, minlength=bins)
    return 100 * float(np.abs(gaps).sum()) / len(truth)


def surer_than_right(probability: Floats, truth: Flags) -> float:
    """Mean sureness less the share of claims where the likelier side is so, in points."""
    right = np.where(probability == 0.5, 0.5, (probability > 0.5) == truth)
    return 100 * float(np.mean(np.maximum(probability, 1 - probability) - right))


def brier(probability: Floats, truth: Flags) -> float:
    """Mean square of the probability less what is so."""
    return float(np.mean((probability - truth) ** 2))


def log_score(probability: Floats, truth: Flags) -> float:
    """Mean of minus the natural logarithm of the probability given to what is so."""
    return float(-np.mean(np.log(np.where(truth, probability, 1 - probability))))


def wrong_holds(printed: Printed, truth: Flags, least: int, most: float) -> tuple[int, int]:
    """How many claims heard from so many sources are labelled supported, and how many of these are false."""
    supported = np.array([label is Label.SUPPORTED for label in printed.label])
    held = supported & (printed.sources >= least) & (printed.sources <= most)
    return int(held.sum()), int((held & ~truth).sum())


# -- rivals ------------------------------------------------------------------------------------------------------------


def _constant(sample: Sample) -> Floats:
    return np.full(len(sample.truth), sample.truth.mean())


def _majority(sample: Sample) -> Floats:
    votes = np.where(sample.heard, np.sign(sample.says - 0.5) / 2 + 0.5, 0).sum(axis=1)
    return (votes + 1) / (sample.heard.sum(axis=1) + 2)


def _best_grade(sample: Sample) -> Floats:
    best = np.where(sample.heard, sample.trust, -1).argmax(axis=1)[:, None]
    trust, says = (np.take_along_axis(of, best, axis=1)[:, 0] for of in (sample.trust, sample.says))
    return trust * says + (1 - trust) / 2


def _naive_bayes(sample: Sample) -> Floats:
    chance = sample.trust * sample.says + (1 - sample.trust) * (1 - sample.says)
    odds = np.where(sample.heard, np.log(chance / (1 - chance)), 0).sum(axis=1)
    return 1 / (1 + np.exp(-odds))


RIVALS: Mapping[str, Callable[[Sample], Floats]] = {
    "constant": _constant,
    "majority": _majority,
    "best grade": _best_grade,
    "naive Bayes": _naive_bayes,
}


# -- the table ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """One world: its claims, what the method prints on them, what rivals would."""

    world: World
    sample: Sample
    printed: Printed
    rivals: Mapping[str, Floats]

    @property
    def error(self) -> float:
        """Calibration error of what is printed, in points."""
        return calibration_error(self.printed.probability, self.sample.truth)


def measure(world: World, stock: Stock, dossier: Dossier, rng: np.random.Generator, claims: int) -> Measured:
    """Make the claims of one world, judge them, let the rivals judge them."""
    sample = draw(world, stock, dossier.method, rng, claims)
    cap = dossier.method.certainty_cap
    rivals = {name: np.clip(rival(sample), 1 - cap, cap) for name, rival in RIVALS.items()}
    return Measured(world, sample, judged(sample, dossier), rivals)


def measure_all(dossier: Dossier, claims: int, seed: int) -> list[Measured]:
    """All worlds, each with a generator of its own."""
    stock = Stock.of(dossier)
    return [
        measure(world, stock, dossier, np.random.default_rng([seed, number]), claims)
        for number, world in enumerate(WORLDS, 1)
    ]


def table(worlds: Sequence[Measured], claims: int, seed: int) -> str:
    """The figures of all worlds as Markdown."""
    well = sum(one.error <= WELL for one in worlds)
    lines = [
        f"Seed {seed}, {claims:,} claims a world. "
        f"Calibration error of at most {WELL:.0f} points in {well} of the {len(worlds)} worlds.",
        "",
        "| | world | calibration error | surer than right | Brier | log score | range | labelled | error of these |"
        " wrong of those that hold, by sources: 1 | 2 | 3 | 4 or more |",
        "|---:|---|" + "---:|" * 11,
    ]
    figures = np.array([_figures(one) for one in worlds])
    for number, (one, row) in enumerate(zip(worlds, figures, strict=True), 1):
        bounds = ((1, 1), (2, 2), (3, 3), (4, np.inf))
        wrong = [_share(*wrong_holds(one.printed, one.sample.truth, *ends)) for ends in bounds]
        lines.append(f"| {number} | {one.world.name} | {_row(row)} | {' | '.join(wrong)} |")
    lines.append(f"| | mean | {_row(figures.mean(axis=0))} | | | | |")
    lines += [
        "",
        "Brier and log score beside those of the rivals, on the same claims:",
        "",
        f"| | world | this method | {' | '.join(RIVALS)} |",
        "|---:|---|" + "---:|" * (1 + len(RIVALS)),
    ]
    for number, one in enumerate(worlds, 1):
        truth = one.sample.truth
        cells = [
            f"{brier(p, truth):.3f}, {log_score(p, truth):.3f}" for p in (one.printed.probability, *one.rivals.values())
        ]
        lines.append(f"| {number} | {one.world.name} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _figures(one: Measured) -> tuple[float, ...]:
    """The scores of one world in the table's order."""
    p, truth = one.printed.probability, one.sample.truth
    labelled = np.isin(one.printed.label, (Label.SUPPORTED, Label.REFUTED))
    wide = 100 * float(np.mean(one.printed.high - one.printed.low))
    own = calibration_error(p[labelled], truth[labelled])
    scores = brier(p, truth), log_score(p, truth)
    return one.error, surer_than_right(p, truth), *scores, wide, 100 * float(labelled.mean()), own


def _row(figures: Sequence[float]) -> str:
    return "{:.1f} | {:+.1f} | {:.3f} | {:.3f} | {:.1f} | {:.0f} % | {:.1f}".format(*figures)


def _share(held: int, wrong: int) -> str:
    return f"{100 * wrong / held:.1f} %" if held >= FEWEST else "-"


def main() -> None:
    """Make, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=CLAIMS, help="how many claims a world")
    parser.add_argument("--seed", type=int, default=SEED, help="where the draws begin")
    parser.add_argument("--write", type=Path, help="page for the tables, between its marks")
    given = parser.parse_args()
    text = table(measure_all(Dossier.load(), given.claims, given.seed), given.claims, given.seed)
    if given.write:
        put(given.write, text)
    print(text)


if __name__ == "__main__":
    main()
