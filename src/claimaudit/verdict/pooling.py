"""From findings to verdicts: pooling over origins, labels, and a claim's label from its parts.

How findings are pooled (every number from ``method.toml``):

1. A finding with probability ``p`` and trust ``r`` moves the odds as ``q = r p + (1 - r) / 2``: with trust ``r`` its source
   knows, otherwise it tells nothing. Its weight of evidence is ``log(q / (1 - q))`` (I. J. Good, "Probability and the
   Weighing of Evidence", 1950). Trust 0 (grades F or 6, or a row that is no independent source) moves nothing.
2. Findings of one origin, or of origins known to repeat each other, are one independent source: its strongest finding for and its
   strongest against count, once each.
3. On each side the strongest independent source counts whole and every further one by ``dependence``.
4. Prior log-odds plus the side for, minus the side against, give the probability, within ``certainty_cap``.

So more support never lowers a probability, the order of rows is irrelevant, and repetition adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Method
from claimaudit.model import Label
from claimaudit.outcome import Finding

LEANS = 0.05
"""From what weight of evidence on an independent source or finding counts as leaning to a side."""


@dataclass(frozen=True)
class IndependentSource:
    """One origin's say: weight of evidence for (0 or more) and against (0 or less), with the rows that carry it."""

    origin: str
    support: float
    doubt: float
    trust: float
    observations: tuple[str, ...]

    @property
    def weight(self) -> float:
        """What it adds to the log-odds on balance, in natural units."""
        return self.support + self.doubt


@dataclass(frozen=True)
class Pool:
    """The pooled outcome: probability, label, the weights of both sides and the independent sources, strongest first."""

    probability: float
    label: Label
    support: float
    doubt: float
    trust: float
    heard: tuple[IndependentSource, ...]


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
            groups.setdefault(dossier.independent(finding.origin), []).append(finding)
    found = []
    for origin, members in groups.items():
        weights = [weight_of_evidence(member) for member in members]
        ranked = sorted(zip(weights, members, strict=True), key=lambda pair: (-abs(pair[0]), pair[1].observations))
        rows = dict.fromkeys(name for _, member in ranked for name in member.observations)
        trust = max(member.trust for member in members)
        found.append(IndependentSource(origin, max(0.0, *weights), min(0.0, *weights), trust, tuple(rows)))
    return tuple(sorted(found, key=lambda one: (-max(one.support, -one.doubt), one.origin)))


def _side(weights: Iterable[float], dependence: float) -> float:
    strongest, *rest = sorted(weights, reverse=True) or [0.0]
    return strongest + dependence * sum(rest)


def _weighed(
    heard: Sequence[IndependentSource], prior: float, dependence: float, cap: float
) -> tuple[float, float, float]:
    """The weights of both sides and the probability they give."""
    support = _side([one.support for one in heard], dependence)
    doubt = _side([-one.doubt for one in heard], dependence)
    odds = logit(prior) + support - doubt
    likely = 1 / (1 + math.exp(-min(max(odds, -700.0), 700.0)))  # beyond, the exponential overflows
    return support, doubt, min(max(likely, 1 - cap), cap)


def pool(heard: Sequence[IndependentSource], method: Method) -> Pool:
    """Pool independent sources into a probability (0-1, within the method's cap) and a label.

    Weights of evidence add up as log-odds (Good 1950), by the steps this module opens with; weights are in natural units.
    """
    support, doubt, probability = _weighed(heard, method.prior, method.dependence, method.certainty_cap)
    trust = sum(one.trust for one in heard)
    return Pool(probability, _label(probability, support, doubt, trust, method), support, doubt, trust, tuple(heard))


def labels(heard: Sequence[IndependentSource], methods: Iterable[Method]) -> list[Label]:
    """The label that ``pool`` gives under each of many methods; what several of them share is worked out once."""
    trust = sum(one.trust for one in heard)
    weighed: dict[tuple[float, float, float], tuple[float, float, float]] = {}
    out = []
    for method in methods:
        key = method.prior, method.dependence, method.certainty_cap
        if key not in weighed:
            weighed[key] = _weighed(heard, *key)
        support, doubt, probability = weighed[key]
        out.append(_label(probability, support, doubt, trust, method))
    return out


def _label(probability: float, support: float, doubt: float, trust: float, method: Method) -> Label:
    if trust < method.minimum_trust:
        return Label.NOT_ENOUGH_EVIDENCE
    weaker, stronger = sorted((support, doubt))
    if weaker >= method.conflict_strength and weaker >= method.conflict_share * stronger:
        return Label.CONFLICTING
    if probability >= method.supported:
        return Label.SUPPORTED
    return Label.REFUTED if probability <= method.refuted else Label.NOT_ENOUGH_EVIDENCE


def leave_one_out(heard: Sequence[IndependentSource], method: Method) -> dict[str, Pool]:
    """The pool without each independent source in turn, by origin."""
    return {left.origin: pool([one for one in heard if one is not left], method) for left in heard}
