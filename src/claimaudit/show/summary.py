"""The short answers of a report: all claims of a topic at a glance, the sources line of a chart, the cards."""

from __future__ import annotations

from claimaudit.html import Html, join, tag
from claimaudit.model import Claim
from claimaudit.show.badges import rating_badge
from claimaudit.show.cards import claim_card, said_then
from claimaudit.show.html_tables import rows_table
from claimaudit.show.provenance import claimed_words, computed_from, linked
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.wording import conclusion


def overview(audit: Audit) -> Html:
    """One row a claim: the article's words, the rating with its reason (and the earlier one where it differs), the sentence."""
    heads = ["Claim", "The article says", "Rating", "In one sentence"]
    rows = [_row(audit, claim) for claim in audit.claims]
    return rows_table(heads, rows, caption="Ratings of this report", kind="stack")


def _row(audit: Audit, claim: Claim) -> list[Html | str]:
    verdict = audit.verdict(claim.claim_id, audit.views[-1].vintage)
    words = f"\N{LEFT DOUBLE QUOTATION MARK}{claim.quotation}\N{RIGHT DOUBLE QUOTATION MARK}" if claim.quotation else ""
    earlier = [
        tag("div", f"{day}: ", one.rating.words, class_="ca-soft") for day, one in said_then(audit, claim.claim_id)
    ]
    return [
        tag("a", claim.claim_id, href=f"#claim-{claim.claim_id}"),
        claimed_words(words or claim.paraphrase),
        join([rating_badge(verdict.rating), *earlier]),
        linked(audit.dossier, conclusion(verdict)),
    ]


def computed_text(text: str, how: Html) -> Html:
    """A sentence with figures and what they were computed from."""
    return tag("div", tag("p", text), computed_from(None, how=how), class_="ca ca-part")


def claim_cards(audit: Audit) -> Html:
    """The cards of all the topic's claims, in the article's order."""
    return join([claim_card(audit, claim.claim_id) for claim in audit.claims])
