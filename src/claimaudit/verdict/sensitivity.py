"""How far a verdict can be trusted: flip thresholds, leave-one-origin-out, sweeps of the method.

What can be turned is declared as knobs, so that a topic's model and a plain part are treated alike.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.findings import find
from claimaudit.analysis.floor import Graded
from claimaudit.analysis.hearing import of_a_model
from claimaudit.analysis.knobs import Knob
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Part, TestKind
from claimaudit.outcome import Finding, Verdict
from claimaudit.verdict.parts import answer
from claimaudit.verdict.pooling import IndependentSource, independent_sources, labels, leave_one_out, pool

_QUANTITY_TESTS = (TestKind.AT_MOST, TestKind.AT_LEAST, TestKind.LESS_THAN, TestKind.MORE_THAN)
_POOLING = ("prior", "dependence", "supported", "conflict_share", "floor_sources")
"""What changes only how findings are pooled, not the findings."""
_GRADES = ("grade_power",)
"""What changes only how far rows are trusted, not what is worked out from them."""
_NEAR = ("tolerance_scale",)
"""What changes only how near is near, and so only parts that ask for a size, a word of degree or a cause."""
_TOLERANT = (TestKind.OF_THAT_SIZE, TestKind.PRINTED_FIGURE, TestKind.RATIO)


@dataclass(frozen=True)
class Flip:
    """The smallest change of one input that turns a label: ``words`` says it in plain language.

    ``either``: as small a change to the other side turns it to the opposite, as where nothing was heard.
    """

    part_id: str
    source: str
    label: Label
    becomes: Label
    now: float
    threshold: float
    unit: str
    words: str
    either: bool = False


def flip_threshold(
    label_at: Callable[[float], Label], now: float, low: float, high: float, *, steps: int = 60, tolerance: float = 1e-4
) -> tuple[float, Label] | None:
    """The value nearest to ``now`` within [low, high] at which the label is another, and that label.

    Scans outwards on ``steps`` points a side, then bisects to ``tolerance`` (a share of the range). ``None`` when no value
    in the range turns the label. Raises ``ValueError`` when ``now`` lies outside the range.
    """
    if not low <= now <= high:
        raise ValueError(f"the present value {now:g} lies outside {low:g} to {high:g}")
    label = label_at(now)
    found: list[tuple[float, Label]] = []
    for end in (low, high):
        inside = now
        for outside in np.linspace(now, end, steps + 1)[1:] if end != now else ():
            if found and abs(inside - now) >= abs(found[0][0] - now):
                break  # the other side turns nearer
            if label_at(float(outside)) is not label:
                found.append(_bisect(label_at, label, inside, float(outside), tolerance * (high - low)))
                break
            inside = float(outside)
    return min(found, key=lambda item: abs(item[0] - now), default=None)


def _bisect(
    label_at: Callable[[float], Label], label: Label, inside: float, outside: float, width: float
) -> tuple[float, Label]:
    """Narrow down where between ``inside`` (still the label) and ``outside`` (another) the label turns."""
    while abs(outside - inside) > width:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if label_at(middle) is label else (inside, middle)
    return outside, label_at(outside)


def flips_of(knobs: Iterable[Knob], view: Dossier) -> Iterator[Flip]:
    """The flips of knobs in their order: none of a knob whose values leave the label as it is.

    Of a reach the value nearest to the present one is told; of choices the first that turns the label, or every one.
    """
    for knob in knobs:
        label_at = cache(partial(_label_at, knob, view))
        label = label_at(knob.now)
        for value, becomes in _turning(knob, label, label_at):
            words = f"{knob.words(value)}, the label would be {becomes.words}"
            now, threshold = knob.place(knob.now), knob.place(value)
            yield Flip(knob.part_id, knob.name, label, becomes, now, threshold, knob.unit, words)


def _label_at(knob: Knob, view: Dossier, value: float | str) -> Label:
    found = (of_a_model(view, finding) for finding in knob.findings(value))
    return pool(independent_sources(found, view), view.method).label


def _turning(knob: Knob, label: Label, label_at: Callable[[float | str], Label]) -> Iterator[tuple[float | str, Label]]:
    """The values of a knob that are told as turning the label, each with the label it makes."""
    if knob.reach:
        low, high = map(float, knob.reach)
        found = flip_threshold(label_at, float(knob.now), low, high, steps=knob.steps, tolerance=knob.tolerance)
        if found:
            yield round(found[0]) if knob.whole else found[0], found[1]
        return
    turned = ((choice, becomes) for choice in knob.choices if (becomes := label_at(choice)) is not label)
    yield from turned if knob.every else itertools.islice(turned, 1)


def pooled(found: pd.DataFrame, view: Dossier) -> pd.DataFrame:
    """A table whose cells hold findings of one part each: the probabilities they pool to, in percent; same rows and columns."""
    return found.map(lambda findings: 100 * pool(independent_sources(findings, view), view.method).probability)


def leave_one_origin_out(verdict: Verdict, dossier: Dossier) -> pd.DataFrame:
    """One row an origin: the probability and label without it, and whether the label turns. Strongest effect first.

    Columns: origin, probability (0-1), change (against the verdict's own), label, turns (bool). No row where nothing is heard.
    """
    heard = independent_sources(verdict.findings, dossier)
    rows = [
        {
            "origin": origin,
            "probability": outcome.probability,
            "change": outcome.probability - verdict.probability,
            "label": outcome.label.value,
            "turns": outcome.label is not verdict.label,
        }
        for origin, outcome in leave_one_out(heard, dossier.method).items()
    ]
    frame = pd.DataFrame(rows, columns=["origin", "probability", "change", "label", "turns"])
    order = frame["change"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


@dataclass(frozen=True)
class Sweep:
    """How a label fares over the method's grid: the share of variants (0-1) that keep it, and how many give each label."""

    variants: int
    survives: float
    labels: Mapping[Label, int]


@dataclass(frozen=True)
class Grid:
    """The labels of parts under every method of ``[sweep]``: ``labels[part_id][n]`` is the label under ``settings[n]``."""

    settings: tuple[Mapping[str, float], ...]
    labels: Mapping[str, tuple[Label, ...]]

    def sweep(self, part_id: str, now: Label) -> Sweep:
        """How a part's present label fares."""
        counts = Counter(self.labels[part_id])
        return Sweep(len(self.settings), counts[now] / len(self.settings), dict(counts))


def label_grid(
    dossier: Dossier,
    parts: Sequence[Part],
    modelled: Callable[[Dossier, Any], Iterable[Finding]] | None = None,
    prepare: Callable[[Dossier], Any] = lambda view: None,
) -> Grid:
    """Judge parts under every method of ``[sweep]``.

    ``modelled`` gives the topic's findings for a dossier under a changed method, with what ``prepare`` made for the same
    dossier under other grades. Widths, grades and tolerances change the findings; the other numbers only their pooling, so
    findings are made once for each of the former, and pooled once where they change nothing. No model reads tolerances.
    """
    grid = dict(dossier.method.sweep)
    inner = {name: grid.pop(name) for name in _POOLING if name in grid}
    grades = {name: grid.pop(name) for name in _GRADES if name in grid}
    near = {name: grid.pop(name) for name in _NEAR if name in grid}
    # Pooling reads neither widths nor grades: the same methods pool what every pair of those has given.
    pooling = _settings(inner)
    methods = [dossier.method.varied(setting) for setting in pooling]
    pooled: dict[tuple[IndependentSource, ...], list[Label]] = {}
    settings: list[Mapping[str, float]] = []
    found: dict[str, list[Label]] = {part.part_id: [] for part in parts}

    def judged(view: Dossier, part: Part, extra: tuple[Finding, ...]) -> list[Label]:
        heard = independent_sources(find(view, part, extra), view)
        if heard not in pooled:
            pooled[heard] = labels(heard, methods)
        answers = {label: answer(part, label, view.day)[0] for label in set(pooled[heard])}
        return [answers[label] for label in pooled[heard]]

    for outer in _settings(grid):
        ready = prepare(dossier.with_method(dossier.method.varied(outer)))
        for graded in _settings(grades):
            own = dossier.with_method(dossier.method.varied({**outer, **graded}))
            extra = tuple(modelled(own, ready)) if modelled else ()
            usual = {part.part_id: judged(own, part, extra) for part in parts}
            for nearer in _settings(near):
                view = dossier.with_method(dossier.method.varied({**outer, **graded, **nearer}))
                settings += [{**outer, **graded, **nearer, **setting} for setting in pooling]
                for part in parts:
                    asks = part.word or part.test in _TOLERANT
                    found[part.part_id] += judged(view, part, extra) if asks else usual[part.part_id]
    return Grid(tuple(settings), {name: tuple(given) for name, given in found.items()})


def _settings(grid: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """Every combination of the grid's values."""
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def flip_by_bound(dossier: Dossier, part: Part) -> Flip | None:
    """For a bound or a band: how far the claimed figure would have to move for the label to turn, in the part's unit.

    Looked for from a hundredth to a hundred times the figure, in equal steps of its logarithm; ``None`` when it turns nowhere
    there, or when the part names no figure above 0.
    """
    name = "value"
    if part.test not in (*_QUANTITY_TESTS, TestKind.ABOUT, TestKind.OF_THAT_SIZE) or part.numbers.get(name, 0.0) <= 0:
        return None
    now = part.numbers[name]

    def findings(factor: float) -> tuple[Finding, ...]:
        return find(dossier, replace(part, numbers={**part.numbers, name: now * float(np.exp(factor))}))

    def words(factor: float) -> str:
        side = "below" if factor < 0 else "above"
        return f"had the claimed figure been {side} {formats.quantity(now * float(np.exp(factor)), unit)}"

    unit = part.unit or _unit(dossier, part)
    reach = float(np.log(100.0))
    knob = Knob(part.part_id, "claimed figure", 0.0, findings, words, (-reach, reach), unit=unit)
    for flip in flips_of([knob], dossier):
        return replace(flip, now=now, threshold=now * float(np.exp(flip.threshold)))
    return None


def _unit(dossier: Dossier, part: Part) -> str:
    rows = [row for selector in part.evidence for row in dossier.evidence.matching(selector)]
    return rows[0].unit if rows else ""


def flip_by_new_sources(
    verdict: Verdict, dossier: Dossier, grade: tuple[str, str] = ("B", "2"), most: int = 20
) -> Flip:
    """How many further independent sources of a grade, all on one side, would turn the label (the side that needs fewer).

    ``grade`` is a letter and a digit of the Admiralty scale. ``threshold`` is infinite where ``most`` of them would not do.
    """
    heard = independent_sources(verdict.findings, dossier)
    trust = dossier.method.trust(*grade)
    weight = float(np.log((1 + trust) / (1 - trust)))
    options: list[tuple[int, str, Label]] = []
    for side, support, doubt in (("for", weight, 0.0), ("against", 0.0, -weight)):
        for extra in range(1, most + 1):
            added = [
                IndependentSource(name, support, doubt, trust, (), (Graded(name, grade[0], int(grade[1])),))
                for name in (f"new-{number}" for number in range(extra))
            ]
            label = pool([*heard, *added], dossier.method).label
            if label is not verdict.label:
                options.append((extra, side, label))
                break
    if not options:
        words = f"no {most} further independent sources of grade {''.join(grade)} on one side would turn it"
        return Flip(verdict.key, "new independent sources", verdict.label, verdict.label, 0, float("inf"), "", words)
    needed, side, becomes = min(options, key=lambda option: (option[0], option[1]))
    kind = "independent source" if needed == 1 else "independent sources"
    words = f"{needed} further {kind} of grade {''.join(grade)} {side} it would make it {becomes.words}"
    either = len({(extra, label) for extra, _, label in options if extra == needed}) > 1
    return Flip(verdict.key, "new independent sources", verdict.label, becomes, 0, needed, "", words, either)
