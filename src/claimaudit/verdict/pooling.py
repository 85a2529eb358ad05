"""From findings to verdicts: pooling over origins, labels, and a claim's label from its parts.

How findings are pooled (every number from ``method.toml``):

1. A finding with probability ``p`` and trust ``r`` moves the odds as ``q = r p + (1 - r) / 2``: with trust ``r`` its source
   knows, otherwise it tells nothing. Its weight of evidence is ``log(q / (1 - q))`` (I. J. Good, "Probability and the
   Weighing of Evidence", 1950). Trust 0 (grades F or 6, or a row that is no independent source) moves nothing.
2. Findings of one origin, or of origins known to repeat each other, are one independent source: its strongest finding for and its
   strongest against count, once each.
3. On each side the strongest independent source counts whole and every further one by ``dependence``.
4. Prior log-odds plus the side for, minus the side against, give the probability, within ``certainty_cap``.
5. A label needs the bar and the floor: at or above ``supported`` with the floor (``analysis/floor.py``) reached by sources
   that lean for it, at or below ``refuted`` with the floor reached against it. Conflicting: the floor is reached on both sides, and
   the weaker side has ``conflict_share`` of the weight of the stronger.

So more support never lowers a probability nor turns a label against the part, the order of rows is irrelevant, and repetition
adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimaudit.analysis.floor import Graded, reached
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Floor, Method
from claimaudit.model import Label
from claimaudit.outcome import Finding

LEANS = 0.05
"""From what weight of evidence on an independent source or finding counts as leaning to a side."""


@dataclass(frozen=True)
class IndependentSource:
    """One origin's say: weight of evidence for (0 or more) and against (0 or less), with the rows that carry it.

    ``graded`` are the grades of what it says on the side to which it leans on balance, as the floor sees them.
    """

    origin: str
    support: float
    doubt: float
    trust: float
    observations: tuple[str, ...]
    graded: tuple[Graded, ...] = ()

    @property
    def weight(self) -> float:
        """What it adds to the log-odds on balance, in natural units."""
        return self.support + self.doubt


@dataclass(frozen=True)
class Weighed:
    """Both sides' weights of evidence (0 or more, in natural units) and the probability (0-1) they give."""

    support: float
    doubt: float
    probability: float


@dataclass(frozen=True)
class Reached:
    """Whether what leans for a part reaches the floor, and what leans against it."""

    by_support: bool = False
    by_doubt: bool = False


@dataclass(frozen=True)
class Pool:
    """The pooled outcome: what both sides weigh, which reach the floor, the label, the independent sources, strongest first."""

    weighed: Weighed
    reached: Reached
    label: Label
    heard: tuple[IndependentSource, ...]

    @property
    def probability(self) -> float:
        """That the part holds, 0-1, within the method's cap."""
        return self.weighed.probability

    @property
    def enough(self) -> bool:
        """False where nothing is heard, and where sources lean but neither side reaches the floor: that alone leaves it open."""
        leaning = any(abs(one.weight) > LEANS for one in self.heard)
        return bool(self.heard) and (not leaning or self.reached.by_support or self.reached.by_doubt)


def logit(probability: float) -> float:
    """Log-odds of a probability above 0 and below 1, in natural units (Berkson 1944); the ends are errors."""
    return math.log(probability / (1 - probability))


def weight_of_evidence(finding: Finding) -> float:
    """How far one finding moves the log-odds, in natural units: ``log(q / (1 - q))`` (Good 1950).

    ``q = trust x probability + (1 - trust) / 2`` is the chance that the part holds by this finding alone.
    """
    believed = finding.trust * finding.probability + (1 - finding.trust) / 2
    return logit(min(max(believed, 1e-9), 1 - 1e-9))


def independent_sources(findings: Iterable[Finding], dossier: Dossier) -> tuple[IndependentSource, ...]:
    """One independent source an origin (with the origins that repeat it), strongest first."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.trust > 0:
            groups.setdefault(heard_as(finding, dossier), []).append(finding)
    found = []
    for origin, members in groups.items():
        weights = [weight_of_evidence(member) for member in members]
        ranked = sorted(zip(weights, members, strict=True), key=lambda pair: (-abs(pair[0]), pair[1].observations))
        rows = dict.fromkeys(name for _, member in ranked for name in member.observations)
        trust = max(member.trust for member in members)
        support, doubt = max(0.0, *weights), min(0.0, *weights)
        graded = _leaning(origin, ranked, support + doubt)
        found.append(IndependentSource(origin, support, doubt, trust, tuple(rows), graded))
    return tuple(sorted(found, key=lambda one: (-max(one.support, -one.doubt), one.origin)))


def heard_as(finding: Finding, dossier: Dossier) -> str:
    """The independent source a finding is heard from: whom its speaker is one voice with, else its origin's."""
    return finding.speaker or dossier.independent(finding.origin)


def _leaning(origin: str, ranked: Iterable[tuple[float, Finding]], balance: float) -> tuple[Graded, ...]:
    """The distinct grades of a source's findings on the side to which it leans on balance; none where it leans nowhere.

    What it says on the other side is in its weights. That it stands on one side only keeps it from contradicting itself.
    """
    if abs(balance) <= LEANS:
        return ()
    own = (one for weight, one in ranked if one.grade and (weight > LEANS if balance > 0 else weight < -LEANS))
    return tuple(dict.fromkeys(_graded(origin, one) for one in own))


def _graded(origin: str, finding: Finding) -> Graded:
    letter, digit = finding.grade[:1], finding.grade[1:]
    if not digit.isdecimal():
        raise ValueError(
            f"{finding.grade!r} is no pair of the Admiralty scale; give a letter and a digit, such as 'B2'"
        )
    return Graded(origin, letter, int(digit), finding.stake, finding.direct, finding.named)


def _side(weights: Iterable[float], dependence: float) -> float:
    strongest, *rest = sorted(weights, reverse=True) or [0.0]
    return strongest + dependence * sum(rest)


def _weighed(heard: Sequence[IndependentSource], prior: float, dependence: float, cap: float) -> Weighed:
    support = _side([one.support for one in heard], dependence)
    doubt = _side([-one.doubt for one in heard], dependence)
    odds = logit(prior) + support - doubt
    likely = 1 / (1 + math.exp(-min(max(odds, -700.0), 700.0)))  # beyond, the exponential overflows
    return Weighed(support, doubt, min(max(likely, 1 - cap), cap))


def _reached(heard: Sequence[IndependentSource], floor: Floor) -> Reached:
    sides: tuple[list[Graded], list[Graded]] = [], []
    for one in heard:
        sides[one.weight < 0].extend(one.graded)
    return Reached(*(reached(side, floor) for side in sides))


def label_of(weighed: Weighed, floor: Reached, method: Method) -> Label:
    """The label by the method's bars; the side it takes, and both for a conflict, must reach the floor whatever the odds."""
    weaker, stronger = sorted((weighed.support, weighed.doubt))
    if floor.by_support and floor.by_doubt and weaker >= method.conflict_share * stronger:
        return Label.CONFLICTING
    if floor.by_support and weighed.probability >= method.supported:
        return Label.SUPPORTED
    if floor.by_doubt and weighed.probability <= method.refuted:
        return Label.REFUTED
    return Label.NOT_ENOUGH_EVIDENCE


def pool(heard: Sequence[IndependentSource], method: Method) -> Pool:
    """Pool independent sources into a probability (0-1, within the method's cap) and a label.

    Weights of evidence add up as log-odds (Good 1950), by the steps this module opens with; weights are in natural units.
    """
    weighed = _weighed(heard, method.prior, method.dependence, method.certainty_cap)
    floor = _reached(heard, method.floor)
    return Pool(weighed, floor, label_of(weighed, floor, method), tuple(heard))


def labels(heard: Sequence[IndependentSource], methods: Iterable[Method]) -> list[Label]:
    """The label that ``pool`` gives under each of many methods; what several of them share is worked out once."""
    weighed: dict[tuple[float, float, float], Weighed] = {}
    floors: dict[Floor, Reached] = {}
    out = []
    for method in methods:
        key = method.prior, method.dependence, method.certainty_cap
        if key not in weighed:
            weighed[key] = _weighed(heard, *key)
        if method.floor not in floors:
            floors[method.floor] = _reached(heard, method.floor)
        out.append(label_of(weighed[key], floors[method.floor], method))
    return out


def leave_one_out(heard: Sequence[IndependentSource], method: Method) -> dict[str, Pool]:
    """The pool without each independent source in turn, by origin."""
    return {left.origin: pool([one for one in heard if one is not left], method) for left in heard}
