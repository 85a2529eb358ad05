"""What decides a claim, in one sentence from the findings; and which printed details are wrong or not established."""

from __future__ import annotations

from dataclasses import dataclass

from claimaudit.analysis import Audit
from claimaudit.dossier import Dossier
from claimaudit.model import Claim, Finding, Label, Verdict, Vintage
from claimaudit.verdict import also_in_conflict, cite, deciding_element, detail_lead, strongest


@dataclass(frozen=True)
class Deciding:
    """The deciding fact of a claim at a vintage, what is right where a claim is so only in part, and details that do not hold.

    ``torn`` are further essential parts on which strong voices stand against each other.
    """

    fact: str
    right: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """What must be said beside the fact, each with what leads it in: what is right, in conflict, wrong, not established."""
        named = (
            ("Right in part", self.right),
            ("In conflict", self.torn),
            (detail_lead(self.refuted), self.refuted),
            ("Not established", self.open),
        )
        return tuple((lead, f"{'; '.join(items)}.") for lead, items in named if items)


def deciding(audit: Audit, claim_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> Deciding:
    """What decides a claim's label at a vintage."""
    claim, view = audit.dossier.claim(claim_id), audit.view(vintage)
    _, elements = audit.of(claim_id, vintage)
    verdict = deciding_element(claim, elements)
    text = next(element.text for element in claim.elements if element.element_id == verdict.element_id)
    return Deciding(
        f"{text.rstrip('.')} – {_said(verdict, view)}.",
        right=_right(claim, elements),
        refuted=_details(claim, elements, Label.REFUTED),
        open=_details(claim, elements, Label.NOT_ENOUGH_EVIDENCE),
        torn=tuple(text.rstrip(".") for text in also_in_conflict(claim, elements)),
    )


def _said(verdict: Verdict, view: Dossier) -> str:
    """The strongest voice on the side the label takes, or on each side where it takes none."""
    heard = [finding for finding in verdict.findings if finding.trust > 0]
    for_it, against = strongest(heard, 1), strongest(heard, -1)
    if not heard:
        return "no voice was found that bears on it"
    if verdict.label is Label.SUPPORTED and for_it:
        return cite(for_it, view)
    if verdict.label is Label.REFUTED and against:
        return f"against it {cite(against, view)}"
    sides = [("for it", for_it), ("against it", against)]
    said = [f"{side} {cite(finding, view)}" for side, finding in sides if isinstance(finding, Finding)]
    return "; ".join(said) or f"nothing points either way ({cite(heard[0], view)})"


def _right(claim: Claim, elements: tuple[Verdict, ...]) -> tuple[str, ...]:
    """The essential parts that hold, where another is refuted."""
    labels = {verdict.element_id: verdict.label for verdict in elements}
    essential = [element for element in claim.elements if element.essential]
    if Label.REFUTED not in {labels[element.element_id] for element in essential}:
        return ()
    return tuple(element.text.rstrip(".") for element in essential if labels[element.element_id] is Label.SUPPORTED)


def _details(claim: Claim, elements: tuple[Verdict, ...], label: Label) -> tuple[str, ...]:
    labels = {verdict.element_id: verdict.label for verdict in elements}
    return tuple(
        element.text.rstrip(".")
        for element in claim.elements
        if element.stated and not element.essential and labels[element.element_id] is label
    )
