"""From a part's findings to its verdict, and from the parts of a claim to the claim's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claimaudit.analysis.findings import find
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Claim, Label, Part
from claimaudit.outcome import Cited, Finding, Grounds, Outcomes, Quantity, Verdict
from claimaudit.verdict.pooling import LEANS, Pool, independent_sources, leave_one_out, pool, weight_of_evidence


def assess_part(dossier: Dossier, part: Part, modelled: Iterable[Finding] = ()) -> Verdict:
    """The verdict on one part in a dossier view; ``modelled`` are findings that a topic's model adds."""
    return from_findings(dossier, part, find(dossier, part, modelled))


def from_findings(dossier: Dossier, part: Part, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that a set of findings gives on a part: probability 0-1, with its range when any one origin is left out."""
    heard = independent_sources(findings, dossier)
    outcome = pool(heard, dossier.method)
    reach = [other.probability for other in leave_one_out(heard, dossier.method).values()]
    reach.append(outcome.probability)
    return Verdict(
        claim_id=part.claim_id,
        part_id=part.part_id,
        aspect=part.aspect.value,
        vintage=dossier.vintage,
        as_of=dossier.day,
        label=outcome.label,
        probability=outcome.probability,
        low=min(reach) if heard else None,
        high=max(reach) if heard else None,
        origins=tuple(one.origin for one in heard),
        observations=tuple(dict.fromkeys(name for one in heard for name in one.observations)),
        findings=findings,
        quantity=_central(findings),
        grounds=_grounds(part, outcome, findings, dossier),
    )


def _central(findings: Sequence[Finding]) -> Quantity | None:
    """The quantity of the most trusted finding that has one, for display."""
    return next((finding.quantity for finding in findings if finding.quantity and finding.trust > 0), None)


def strongest(findings: Iterable[Finding], sign: int) -> Finding | None:
    """The finding that weighs most for (``sign`` 1) or against (-1); ``None`` where nothing leans that way."""
    weighed = [finding for finding in findings if sign * weight_of_evidence(finding) > LEANS]
    return max(weighed, key=lambda finding: (sign * weight_of_evidence(finding), finding.observations), default=None)


def _grounds(part: Part, outcome: Pool, findings: Sequence[Finding], dossier: Dossier) -> Grounds:
    """The strongest finding each way, and how many independent sources lean."""
    for_it, against = strongest(findings, 1), strongest(findings, -1)
    first = next((finding for finding in findings if finding.trust > 0), None)
    leans = [(one.support > LEANS, one.doubt < -LEANS) for one in outcome.heard]
    return Grounds(
        part,
        for_it=_cited(for_it, dossier),
        against=_cited(against, dossier),
        first=_cited(first, dossier),
        independent_for=sum(agrees for agrees, _ in leans),
        independent_against=sum(denies for _, denies in leans),
        both_ways=sum(agrees and denies for agrees, denies in leans),
        silent=sum(finding.trust == 0 for finding in findings),
        enough=outcome.enough,
    )


def _cited(finding: Finding | None, dossier: Dossier) -> Cited | None:
    """A finding with publisher and date of its first row, where it rests on one or two."""
    if finding is None:
        return None
    if not 0 < len(finding.observations) <= 2:
        return Cited(finding)
    whole = dossier.whole or dossier
    source = whole.sources.loc[dossier.observation(finding.observations[0]).source_id]
    return Cited(finding, str(source["publisher"]), str(source["published"]))


def claim_label(labels: Sequence[Label]) -> Label:
    """A claim's label from its essential parts' labels, by the one stated rule.

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
    return min(essential, key=lambda verdict: (verdict.probability, verdict.part_id))


def assess_claim(claim: Claim, parts: Sequence[Verdict]) -> Verdict:
    """The claim's own verdict from its parts' (all of one dossier view), with how each part turned out.

    Its probability is that of its weakest essential part: the claim holds at most as surely as that (Fréchet's upper bound,
    Fundamenta Mathematicae 25, 1935). A verdict on each part of the claim is needed.
    """
    by_id = {verdict.part_id: verdict for verdict in parts}
    essential = [by_id[part.part_id] for part in claim.parts if part.essential]
    printed = [by_id[part.part_id] for part in claim.parts if part.stated and not part.essential]
    weakest = _weakest(essential)
    return Verdict(
        claim_id=claim.claim_id,
        part_id="",
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
    """Verdicts on claims in a dossier view: each claim's own row, then its parts."""
    modelled = tuple(modelled)
    out: list[Verdict] = []
    for claim in claims:
        parts = [assess_part(dossier, part, modelled) for part in claim.parts]
        out += [assess_claim(claim, parts), *parts]
    return tuple(out)
