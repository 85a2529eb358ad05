"""The short answers of a report: all claims of a topic at a glance, the sources line of a chart, the cards."""

from __future__ import annotations

from collections.abc import Iterable

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.model import Claim, Vintage
from claimaudit.show.badges import label_badge
from claimaudit.show.cards import claim_card, verdict_reason
from claimaudit.show.html_tables import rows_table
from claimaudit.show.provenance import claimed_words, computed_from, from_anchor
from claimaudit.verdict.audit import Audit


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
    cells.append(join([claimed_words(claim.paraphrase), tag("span", f" {claim.speaker}", class_="ca-soft")]))
    for vintage in vintages:
        verdict = audit.verdict(claim.claim_id, vintage)
        link = tag("a", formats.probability(verdict.probability), href=f"#{from_anchor(claim.claim_id)}")
        cells.append(join([label_badge(verdict.label), link], " "))
    cells.append(verdict_reason(audit, claim.claim_id))
    return cells


def computed_text(text: str, how: Html) -> Html:
    """A sentence with figures and what they were computed from."""
    return tag("div", tag("p", text), computed_from(None, how=how), class_="ca ca-part")


def claim_cards(audit: Audit) -> Html:
    """The cards of all the topic's claims, in the article's order."""
    return join([claim_card(audit, claim.claim_id) for claim in audit.claims])
