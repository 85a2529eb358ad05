"""The short answers of a report: all claims of a topic at a glance, and the sources line of a chart."""

from __future__ import annotations

from collections.abc import Iterable

from claimaudit import formats
from claimaudit.analysis import Audit
from claimaudit.cards import claim_card, label_badge
from claimaudit.dossier import Dossier
from claimaudit.evidence_view import reference, rows_table
from claimaudit.html import Html, join, tag
from claimaudit.model import Claim, Vintage


def overview(audit: Audit) -> Html:
    """One row a claim: what it says, who says it, label and probability at each as-of date, and what decides it."""
    vintages = [view.vintage for view in audit.views]
    heads = ["Claim", "What it says", *(_when(audit, vintage) for vintage in vintages), "What decides it"]
    rows = [_row(audit, claim, vintages) for claim in audit.claims]
    return rows_table(heads, rows, caption="Verdicts of this report", kind="stack")


def _when(audit: Audit, vintage: Vintage) -> str:
    if vintage is Vintage.AS_OF:
        return f"As of {formats.day(audit.view(vintage).day)}"
    return vintage.words.capitalize()


def _row(audit: Audit, claim: Claim, vintages: Iterable[Vintage]) -> list[Html | str]:
    cells: list[Html | str] = [tag("a", claim.claim_id, href=f"#claim-{claim.claim_id}")]
    cells.append(join([claim.paraphrase, tag("span", f" {claim.speaker}", class_="ca-soft")]))
    for vintage in vintages:
        verdict = audit.verdict(claim.claim_id, vintage)
        cells.append(join([label_badge(verdict.label), f" {formats.probability(verdict.probability)}"]))
    cells.append(audit.verdict(claim.claim_id, Vintage.HINDSIGHT).reason)
    return cells


def sources_of(dossier: Dossier, rows: Iterable[str], most: int = 6) -> Html:
    """The publishers behind some observations, each leading to its row in the evidence table; a long list is cut short.

    ``rows`` are observation ids, or groups of them.
    """
    names = [name for item in rows for name in ([item] if isinstance(item, str) else item)]
    first: dict[str, str] = {}
    for name in names:
        source = dossier.observation(name).source_id
        first.setdefault(str((dossier.whole or dossier).sources.at[source, "publisher"]), name)
    shown = [reference(dossier, name, publisher) for publisher, name in list(first.items())[:most]]
    rest = len(first) - len(shown)
    tail = [f"and {rest} more"] if rest > 0 else []
    return join([*shown, *tail], ", ")


def context_table(audit: Audit) -> Html:
    """Rows that name a claim of the topic but weigh nothing, grouped by the reason; an empty piece where there are none."""
    own = {claim.claim_id for claim in audit.claims}
    entries = [item for item in audit.dossier.context if item.claim_id in own]
    rows: list[list[Html | str]] = [
        [item.claim_id, str(len(item.observations)), item.reason]
        for item in sorted(entries, key=lambda item: item.claim_id)
    ]
    return (
        rows_table(["Claim", "Rows", "Why they weigh nothing"], rows, caption="Kept without weight")
        if rows
        else Html("")
    )


def claim_cards(audit: Audit) -> Html:
    """The cards of all the topic's claims, in the article's order."""
    return join([claim_card(audit, claim.claim_id) for claim in audit.claims])
