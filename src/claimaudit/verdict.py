"""From findings to verdicts: pooling over origins, labels, and a claim's label from its elements.

How findings are pooled (every number from ``method.toml``):

1. A finding with probability ``p`` and trust ``r`` moves the odds as ``q = r p + (1 - r) / 2``: with trust ``r`` its voice
   knows, otherwise it tells nothing. Its weight of evidence is ``log(q / (1 - q))`` (I. J. Good, "Probability and the
   Weighing of Evidence", 1950). Trust 0 (grades F or 6, or a row that is no voice) moves nothing.
2. Findings of one origin, or of origins known to repeat each other, are one voice: its strongest finding for and its
   strongest against count, once each.
3. On each side the strongest voice counts whole and every further one by ``dependence``.
4. Prior log-odds plus the side for, minus the side against, give the probability, within ``certainty_cap``.

So more support never lowers a probability, the order of rows is irrelevant, and repetition adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimaudit.dossier import Dossier
from claimaudit.findings import find
from claimaudit.method import Method
from claimaudit.model import Cited, Claim, Element, Finding, Grounds, Label, Outcomes, Quantity, Verdict

LEANS = 0.05
"""From what weight of evidence on a voice or finding counts as leaning to a side."""


@dataclass(frozen=True)
class Voice:
    """One origin's say: weight of evidence for (0 or more) and against (0 or less), with the rows that carry it."""

    origin: str
    support: float
    doubt: float
    trust: float
    observations: tuple[str, ...]

    @property
    def weight(self) -> float:
        """What it adds to the log-odds on balance."""
        return self.support + self.doubt


@dataclass(frozen=True)
class Pool:
    """The pooled outcome: probability, label, the weights of both sides and the voices, strongest first."""

    probability: float
    label: Label
    support: float
    doubt: float
    trust: float
    voices: tuple[Voice, ...]


def logit(probability: float) -> float:
    """Log-odds of a probability."""
    return math.log(probability / (1 - probability))


def weight_of_evidence(finding: Finding) -> float:
    """How far one finding moves the log-odds, by its probability and trust."""
    believed = finding.trust * finding.probability + (1 - finding.trust) / 2
    return logit(min(max(believed, 1e-9), 1 - 1e-9))


def voices(findings: Iterable[Finding], dossier: Dossier) -> tuple[Voice, ...]:
    """One voice an origin (with the origins that repeat it), strongest first."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.trust > 0:
            groups.setdefault(dossier.voice(finding.origin), []).append(finding)
    found = []
    for origin, members in groups.items():
        weights = [weight_of_evidence(member) for member in members]
        ranked = sorted(zip(weights, members, strict=True), key=lambda pair: (-abs(pair[0]), pair[1].observations))
        rows = dict.fromkeys(name for _, member in ranked for name in member.observations)
        trust = max(member.trust for member in members)
        found.append(Voice(origin, max(0.0, *weights), min(0.0, *weights), trust, tuple(rows)))
    return tuple(sorted(found, key=lambda voice: (-max(voice.support, -voice.doubt), voice.origin)))


def _side(weights: Iterable[float], dependence: float) -> float:
    strongest, *rest = sorted(weights, reverse=True) or [0.0]
    return strongest + dependence * sum(rest)


def _weighed(heard: Sequence[Voice], prior: float, dependence: float, cap: float) -> tuple[float, float, float]:
    """The weights of both sides and the probability they give."""
    support = _side([voice.support for voice in heard], dependence)
    doubt = _side([-voice.doubt for voice in heard], dependence)
    odds = logit(prior) + support - doubt
    likely = 1 / (1 + math.exp(-min(max(odds, -700.0), 700.0)))  # beyond, the exponential overflows
    return support, doubt, min(max(likely, 1 - cap), cap)


def pool(heard: Sequence[Voice], method: Method) -> Pool:
    """Pool voices into a probability and a label."""
    support, doubt, probability = _weighed(heard, method.prior, method.dependence, method.certainty_cap)
    trust = sum(voice.trust for voice in heard)
    return Pool(probability, _label(probability, support, doubt, trust, method), support, doubt, trust, tuple(heard))


def labels(heard: Sequence[Voice], methods: Iterable[Method]) -> list[Label]:
    """The label that ``pool`` gives under each of many methods; what several of them share is worked out once."""
    trust = sum(voice.trust for voice in heard)
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


def leave_one_out(heard: Sequence[Voice], method: Method) -> dict[str, Pool]:
    """The pool without each voice in turn."""
    return {left.origin: pool([voice for voice in heard if voice is not left], method) for left in heard}


def assess_element(dossier: Dossier, element: Element, modelled: Iterable[Finding] = ()) -> Verdict:
    """The verdict on one element in a dossier view."""
    return from_findings(dossier, element, find(dossier, element, modelled))


def from_findings(dossier: Dossier, element: Element, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that a set of findings gives on an element."""
    heard = voices(findings, dossier)
    outcome = pool(heard, dossier.method)
    reach = [other.probability for other in leave_one_out(heard, dossier.method).values()]
    reach.append(outcome.probability)
    return Verdict(
        claim_id=element.claim_id,
        element_id=element.element_id,
        aspect=element.aspect.value,
        vintage=dossier.vintage,
        as_of=dossier.day,
        label=outcome.label,
        probability=outcome.probability,
        low=min(reach) if heard else None,
        high=max(reach) if heard else None,
        origins=tuple(voice.origin for voice in heard),
        observations=tuple(dict.fromkeys(name for voice in heard for name in voice.observations)),
        findings=findings,
        quantity=_central(findings),
        grounds=_grounds(element, outcome, findings, dossier),
    )


def _central(findings: Sequence[Finding]) -> Quantity | None:
    """The quantity of the most trusted finding that has one, for display."""
    return next((finding.quantity for finding in findings if finding.quantity and finding.trust > 0), None)


def strongest(findings: Iterable[Finding], sign: int) -> Finding | None:
    """The finding that weighs most for (``sign`` 1) or against (-1); ``None`` where nothing leans that way."""
    weighed = [finding for finding in findings if sign * weight_of_evidence(finding) > LEANS]
    return max(weighed, key=lambda finding: (sign * weight_of_evidence(finding), finding.observations), default=None)


def _grounds(element: Element, outcome: Pool, findings: Sequence[Finding], dossier: Dossier) -> Grounds:
    """The strongest finding each way, and how many voices lean."""
    for_it, against = strongest(findings, 1), strongest(findings, -1)
    first = next((finding for finding in findings if finding.trust > 0), None)
    leans = [(voice.support > LEANS, voice.doubt < -LEANS) for voice in outcome.voices]
    return Grounds(
        element,
        *(_cited(finding, dossier) if finding else None for finding in (for_it, against, first)),
        voices_for=sum(agrees for agrees, _ in leans),
        voices_against=sum(denies for _, denies in leans),
        both_ways=sum(agrees and denies for agrees, denies in leans),
        silent=sum(finding.trust == 0 for finding in findings),
        enough=outcome.trust >= dossier.method.minimum_trust,
    )


def _cited(finding: Finding, dossier: Dossier) -> Cited:
    """A finding with publisher and date of its first row, where it rests on one or two."""
    if not 0 < len(finding.observations) <= 2:
        return Cited(finding)
    whole = dossier.whole or dossier
    source = whole.sources.loc[dossier.observation(finding.observations[0]).source_id]
    return Cited(finding, str(source["publisher"]), str(source["published"]))


def claim_label(labels: Sequence[Label]) -> Label:
    """A claim's label from its essential elements' labels, by the one stated rule.

    All supported: supported. One refuted and none supported: refuted. Some supported and some refuted, or any
    conflicting: conflicting. Otherwise not enough evidence.
    """
    kinds = set(labels)
    if kinds == {Label.SUPPORTED}:
        return Label.SUPPORTED
    if Label.CONFLICTING in kinds or {Label.SUPPORTED, Label.REFUTED} <= kinds:
        return Label.CONFLICTING
    return Label.REFUTED if Label.REFUTED in kinds else Label.NOT_ENOUGH_EVIDENCE


def deciding_part(essential: Sequence[Verdict]) -> Verdict:
    """The verdict on the essential part that a claim's label hangs on (all of one dossier view).

    The surest refuted one, else the one in conflict, else the weakest: the claim's probability is that of its weakest
    part, so what is named is what is printed.
    """
    refuted, torn = ([verdict for verdict in essential if verdict.label is label] for label in _TURNING)
    return _weakest(refuted or torn or essential)


_TURNING = (Label.REFUTED, Label.CONFLICTING)


def _weakest(essential: Sequence[Verdict]) -> Verdict:
    return min(essential, key=lambda verdict: (verdict.probability, verdict.element_id))


def assess_claim(claim: Claim, elements: Sequence[Verdict]) -> Verdict:
    """The claim's own verdict from its elements' (all of one dossier view), with how each part turned out.

    Its probability is that of its weakest essential element: the claim holds at most as surely as that.
    """
    by_id = {verdict.element_id: verdict for verdict in elements}
    essential = [by_id[element.element_id] for element in claim.elements if element.essential]
    printed = [by_id[element.element_id] for element in claim.elements if element.stated and not element.essential]
    weakest = _weakest(essential)
    return Verdict(
        claim_id=claim.claim_id,
        element_id="",
        aspect="",
        vintage=weakest.vintage,
        as_of=weakest.as_of,
        label=claim_label([verdict.label for verdict in essential]),
        probability=weakest.probability,
        low=weakest.low,
        high=weakest.high,
        origins=tuple(dict.fromkeys(name for verdict in essential for name in verdict.origins)),
        observations=tuple(dict.fromkeys(name for verdict in essential for name in verdict.observations)),
        deciding=deciding_part(essential),
        essential=Outcomes.of(essential),
        details=Outcomes.of(printed),
    )


def assess(dossier: Dossier, claims: Iterable[Claim], modelled: Iterable[Finding] = ()) -> tuple[Verdict, ...]:
    """Verdicts on claims in a dossier view: each claim's own row, then its elements."""
    modelled = tuple(modelled)
    out: list[Verdict] = []
    for claim in claims:
        elements = [assess_element(dossier, element, modelled) for element in claim.elements]
        out += [assess_claim(claim, elements), *elements]
    return tuple(out)
