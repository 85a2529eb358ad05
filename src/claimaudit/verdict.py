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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claimaudit import formats
from claimaudit.dossier import Dossier
from claimaudit.findings import find
from claimaudit.method import Method
from claimaudit.model import Claim, Element, Finding, Label, Verdict


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
        reason=_reason(outcome, findings, dossier),
        findings=findings,
        quantity=_central(findings),
    )


def _central(findings: Sequence[Finding]):
    """The quantity of the most trusted finding that has one, for display."""
    return next((finding.quantity for finding in findings if finding.quantity and finding.trust > 0), None)


def strongest(findings: Iterable[Finding], sign: int) -> Finding | None:
    """The finding that weighs most for (``sign`` 1) or against (-1); ``None`` where nothing leans that way."""
    weighed = [finding for finding in findings if sign * weight_of_evidence(finding) > 0.05]
    return max(weighed, key=lambda finding: (sign * weight_of_evidence(finding), finding.observations), default=None)


def _reason(outcome: Pool, findings: Sequence[Finding], dossier: Dossier) -> str:
    """One sentence from the facts: the strongest voice each way, and how many there are."""
    if not outcome.voices:
        shown = [finding for finding in findings if finding.trust == 0]
        tail = f"; {formats.count(len(shown), 'row')} shown carry no weight" if shown else ""
        return f"No voice was found that bears on it by then{tail}."
    for_it, against = strongest(findings, 1), strongest(findings, -1)
    parts = []
    if for_it:
        parts.append(f"for it: {cite(for_it, dossier)}")
    if against:
        parts.append(f"against it: {cite(against, dossier)}")
    if not parts:
        parts.append(f"nothing found points either way ({cite(findings[0], dossier)})")
    agree = sum(voice.support > 0.05 for voice in outcome.voices)
    deny = sum(voice.doubt < -0.05 for voice in outcome.voices)
    both = sum(voice.support > 0.05 and voice.doubt < -0.05 for voice in outcome.voices)
    tally = f"{formats.count(agree, 'voice')} for, {deny or 'none'} against" if agree or deny else "no voice leans"
    if both:
        tally += f", {'one of them' if both == 1 else f'{both} of them'} both ways"
    sentence = "; ".join(parts)
    weight = "" if outcome.trust >= dossier.method.minimum_trust else ", too little weight to judge"
    return f"{sentence[0].upper()}{sentence[1:]} ({tally}{weight})."


def cite(finding: Finding, dossier: Dossier) -> str:
    """What a finding says with where it was read: publisher and date, or how many rows."""
    if len(finding.observations) > 2:
        return f"{finding.text} (from {len(finding.observations)} rows)"
    source = dossier.observation(finding.observations[0]).source_id
    return f"{finding.text} ({dossier.sources.at[source, 'publisher']}, {dossier.sources.at[source, 'published']})"


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


def deciding_element(claim: Claim, elements: Sequence[Verdict]) -> Verdict:
    """The verdict on the essential element that a claim's label hangs on (all of one dossier view).

    The surest refuted one, else the one in conflict, else the weakest: the claim's probability is that of its weakest
    part, so what is named is what is printed.
    """
    essential = _essential(claim, elements)
    refuted, torn = ([verdict for verdict in essential if verdict.label is label] for label in _TURNING)
    return _weakest(refuted or torn or essential)


_TURNING = (Label.REFUTED, Label.CONFLICTING)


def also_in_conflict(claim: Claim, elements: Sequence[Verdict]) -> tuple[str, ...]:
    """The essential parts in conflict beside the one a claim hangs on: they, too, make the claim's label."""
    deciding, words = deciding_element(claim, elements), {item.element_id: item.text for item in claim.elements}
    torn = [verdict for verdict in _essential(claim, elements) if verdict.label is Label.CONFLICTING]
    return tuple(words[verdict.element_id] for verdict in torn if verdict.element_id != deciding.element_id)


def _essential(claim: Claim, elements: Sequence[Verdict]) -> list[Verdict]:
    by_id = {verdict.element_id: verdict for verdict in elements}
    return [by_id[element.element_id] for element in claim.elements if element.essential]


def _weakest(essential: Sequence[Verdict]) -> Verdict:
    return min(essential, key=lambda verdict: (verdict.probability, verdict.element_id))


def assess_claim(claim: Claim, elements: Sequence[Verdict]) -> Verdict:
    """The claim's own verdict from its elements' (all of one dossier view).

    Its probability is that of its weakest essential element: the claim holds at most as surely as that.
    """
    by_id = {verdict.element_id: verdict for verdict in elements}
    essential = _essential(claim, elements)
    label = claim_label([verdict.label for verdict in essential])
    weakest = _weakest(essential)
    deciding = deciding_element(claim, elements)
    text = next(element.text for element in claim.elements if element.element_id == deciding.element_id)
    return Verdict(
        claim_id=claim.claim_id,
        element_id="",
        aspect="",
        vintage=weakest.vintage,
        as_of=weakest.as_of,
        label=label,
        probability=weakest.probability,
        low=weakest.low,
        high=weakest.high,
        origins=tuple(dict.fromkeys(name for verdict in essential for name in verdict.origins)),
        observations=tuple(dict.fromkeys(name for verdict in essential for name in verdict.observations)),
        reason=f"{_split(essential, claim)}{text}: {deciding.label.words}. {deciding.reason}"
        f"{_listed('In conflict', also_in_conflict(claim, elements))}{_wrong_details(claim, by_id)}",
    )


def _split(essential: Sequence[Verdict], claim: Claim) -> str:
    """For a claim of which some essential parts hold and others do not: which hold, in one sentence."""
    labels = {verdict.label for verdict in essential}
    if not {Label.SUPPORTED, Label.REFUTED} <= labels:
        return ""
    words = {element.element_id: element.text for element in claim.elements}
    right = [words[verdict.element_id] for verdict in essential if verdict.label is Label.SUPPORTED]
    return f"Right in part: {'; '.join(right)}. But: "


def _wrong_details(claim: Claim, by_id: Mapping[str, Verdict]) -> str:
    """Sentences on details the article prints that are refuted or not established, though the claim does not fall with them."""
    wrong = [
        element.text
        for element in claim.elements
        if element.stated and not element.essential and by_id[element.element_id].label is Label.REFUTED
    ]
    open_ = [
        element.text
        for element in claim.elements
        if element.stated and not element.essential and by_id[element.element_id].label is Label.NOT_ENOUGH_EVIDENCE
    ]
    more = [f"and {formats.count(len(open_) - 1, 'more detail')}"] if len(open_) > 1 else []
    return _listed(detail_lead(wrong), wrong) + _listed("Not established", [*open_[:1], *more])


def detail_lead(items: Sequence[str]) -> str:
    """What stands before details that are refuted: as they follow in the article's sense, that they do not hold."""
    return "Details that do not hold" if len(items) > 1 else "A detail that does not hold"


def _listed(lead: str, items: Sequence[str]) -> str:
    return f" {lead}: {'; '.join(items)}." if items else ""


def assess(dossier: Dossier, claims: Iterable[Claim], modelled: Iterable[Finding] = ()) -> tuple[Verdict, ...]:
    """Verdicts on claims in a dossier view: each claim's own row, then its elements."""
    modelled = tuple(modelled)
    out: list[Verdict] = []
    for claim in claims:
        elements = [assess_element(dossier, element, modelled) for element in claim.elements]
        out += [assess_claim(claim, elements), *elements]
    return tuple(out)
