"""From a part's findings to its verdict, and from the parts of a claim to the claim's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from claimaudit import formats
from claimaudit.analysis.findings import find
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.rules import ConfidenceRule
from claimaudit.model import Claim, Label, Part
from claimaudit.outcome import Cited, Finding, Grounds, Quantity, Verdict
from claimaudit.rated import Open, Rated, RatedPart
from claimaudit.verdict.confidence import confidence, deciding, level
from claimaudit.verdict.evidenced import sources_of
from claimaudit.verdict.labels import in_order, label_as_printed
from claimaudit.verdict.likelihood import likelihood
from claimaudit.verdict.pooling import LEANS, Pool, independent_sources, leave_one_out, pool, weight_of_evidence
from claimaudit.verdict.rating import rating, relayed
from claimaudit.verdict.wording import right_value


def assess_part(dossier: Dossier, part: Part, modelled: Iterable[Finding] = ()) -> Verdict:
    """The verdict on one part in a dossier view; ``modelled`` are findings that a topic's model adds."""
    return from_findings(dossier, part, find(dossier, part, modelled))


def from_findings(dossier: Dossier, part: Part, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that a set of findings gives on a part: probability 0-1, with its range when any one origin is left out."""
    heard = independent_sources(findings, dossier)
    outcome = pool(heard, dossier.method)
    reach = [other.probability for other in leave_one_out(heard, dossier.method).values()]
    reach.append(outcome.probability)
    label, open_ = answer(part, outcome.label, dossier.day)
    sources = sources_of(outcome, dossier)
    return Verdict(
        claim_id=part.claim_id,
        part_id=part.part_id,
        vintage=dossier.vintage,
        as_of=dossier.day,
        label=label,
        probability=outcome.probability,
        low=min(reach) if heard else None,
        high=max(reach) if heard else None,
        origins=tuple(one.origin for one in heard),
        observations=tuple(dict.fromkeys(name for one in heard for name in one.observations)),
        findings=findings,
        quantity=_central(findings),
        grounds=_grounds(part, outcome, findings, dossier),
        sources=sources,
        certainty=level(sources, dossier.method.confidence),
        open=open_,
    )


def answer(part: Part, label: Label, day: date) -> tuple[Label, Open]:
    """A part's label on a day, and why it has none where it has none.

    A forecast is never right or wrong: open before its review day, and after it what came of it. A text that was looked for and
    not read is the reason where nothing else settles the part.
    """
    if part.review is not None:
        came = {Label.SUPPORTED: Open.CAME_TRUE, Label.REFUTED: Open.NOT_IN_TIME} if day >= part.review else {}
        return Label.NOT_ENOUGH_EVIDENCE, came.get(label, Open.FORECAST)
    if label is Label.NOT_ENOUGH_EVIDENCE and part.unjudged:
        return label, Open.UNJUDGED
    if label is Label.NOT_ENOUGH_EVIDENCE and part.unread:
        return label, Open.UNREAD
    return label, Open.EVIDENCE


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
    if not finding.observations:
        return Cited(finding)
    row = dossier.observation(finding.observations[0])
    when = formats.period(row.start, row.end)
    if len(finding.observations) > 2:
        return Cited(finding, when=when)
    source = (dossier.whole or dossier).sources.loc[row.source_id]
    return Cited(finding, str(source["publisher_name"]), str(source["published"]), when)


def rated_part(verdict: Verdict) -> RatedPart:
    """A part's verdict as the rules of rating read it."""
    part = verdict.part
    return RatedPart(
        part.part_id,
        part.role,
        verdict.label,
        name=part.name,
        wrong=part.wrong,
        right=right_value(verdict),
        misleads=part.misleads,
        open=verdict.open,
        probability=verdict.probability if verdict.low is not None else None,
        sources=verdict.sources,
    )


def rate(parts: Iterable[RatedPart], rule: ConfidenceRule) -> Rated:
    """All that is said of a claim at one date, from its parts."""
    parts = in_order(parts)
    return Rated(label_as_printed(parts), rating(parts), likelihood(parts), confidence(parts, rule), relayed(parts))


def assess_claim(claim: Claim, parts: Sequence[Verdict], rule: ConfidenceRule) -> Verdict:
    """The claim's own verdict from its parts' (all of one dossier view), with how each part turned out.

    Its probability is that of its weakest core or link part: the claim holds at most as surely as that (Fréchet's upper bound,
    Fundamenta Mathematicae 25, 1935). A verdict on each part of the claim is needed.
    """
    by_id = {verdict.part_id: verdict for verdict in parts}
    own = tuple(by_id[part.part_id] for part in claim.parts)
    point = [verdict for verdict in own if verdict.part.role.is_point]
    weakest = min(point, key=lambda verdict: (verdict.probability, verdict.part_id))
    brought = tuple(rated_part(verdict) for verdict in own)
    rated = rate(brought, rule)
    return Verdict(
        claim_id=claim.claim_id,
        part_id="",
        vintage=weakest.vintage,
        as_of=weakest.as_of,
        label=rated.printed.label,
        probability=weakest.probability,
        low=weakest.low,
        high=weakest.high,
        origins=tuple(dict.fromkeys(name for verdict in point for name in verdict.origins)),
        observations=tuple(dict.fromkeys(name for verdict in point for name in verdict.observations)),
        parts=own,
        deciding=by_id[deciding(brought, rule).part_id],
        rated=rated,
    )


def assess(dossier: Dossier, claims: Iterable[Claim], modelled: Iterable[Finding] = ()) -> tuple[Verdict, ...]:
    """Verdicts on claims in a dossier view: each claim's own row, then its parts."""
    modelled = tuple(modelled)
    out: list[Verdict] = []
    for claim in claims:
        parts = [assess_part(dossier, part, modelled) for part in claim.parts]
        out += [assess_claim(claim, parts, dossier.method.confidence), *parts]
    return tuple(out)
