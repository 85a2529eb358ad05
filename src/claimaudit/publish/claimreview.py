"""ClaimReview (schema.org) for search engines and fact-check collections: each claim with its verdict, as JSON-LD.

The rating is the label in words. A number is given only where the evidence leans clearly (supported, refuted): the
probability that the claim holds, on a scale that says so. "Not enough evidence" and "conflicting" are no places between
true and false, so they carry no number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from claimaudit import formats
from claimaudit.model import Article, Claim, Label, Vintage
from claimaudit.outcome import Verdict
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.wording import summary_text

ORGANISATION = "claimaudit"
"""Who reviews: the project."""
AUTHOR = ("author", "the author")
"""How the claims name the article's own author as their speaker."""
_RATED = (Label.SUPPORTED, Label.REFUTED)
_CONTEXT = "https://schema.org"


def review(audit: Audit, claim: Claim, page: str) -> dict[str, Any]:
    """One claim's review by its verdict in hindsight; ``page`` is the report's file, read from where the site stands."""
    article, verdict = audit.dossier.article, audit.verdict(claim.claim_id)
    place = f"{page}#claim-{claim.claim_id}"
    return {
        "@type": "ClaimReview",
        "@id": place,
        "url": place,
        "identifier": claim.claim_id,
        "inLanguage": "en",
        "datePublished": verdict.as_of.isoformat(),
        "author": {"@type": "Organization", "name": ORGANISATION},
        "claimReviewed": claim.paraphrase,
        "reviewBody": _body(audit, claim),
        "reviewRating": rating(verdict),
        "itemReviewed": {
            "@type": "Claim",
            "author": _speaker(claim, article),
            "datePublished": article.published.isoformat(),
            "appearance": _appearance(article),
        },
    }


def rating(verdict: Verdict) -> dict[str, Any]:
    """The label in words, with the probability where the label takes a side."""
    words = {"@type": "Rating", "alternateName": verdict.label.words.capitalize()}
    if verdict.label not in _RATED:
        return words
    explained = "Probability that the claim holds, from 0 to 1, by its weakest essential part"
    scale = {"ratingValue": round(verdict.probability, 4), "worstRating": 0, "bestRating": 1}
    return {**words, **scale, "ratingExplanation": explained}


def reviews(audits: Iterable[Audit], pages: dict[str, str]) -> list[dict[str, Any]]:
    """All claims of some audits; ``pages`` names the report of each topic (the index stands in where there is none)."""
    return [
        review(audit, claim, pages.get(audit.topic, "index.html"))
        for audit in audits
        for claim in sorted(audit.claims, key=lambda claim: claim.paragraph)
    ]


def graph(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Several reviews as one JSON-LD document."""
    return {"@context": _CONTEXT, "@graph": list(items)}


def json_text(items: Iterable[dict[str, Any]]) -> str:
    """The reviews as the text of a file."""
    return json.dumps(graph(items), ensure_ascii=False, indent=1) + "\n"


def _body(audit: Audit, claim: Claim) -> str:
    said = [
        f"{view.vintage.words.capitalize()} ({formats.day(view.day)}): {verdict.label.words}, "
        f"{formats.probability(verdict.probability)} likely to hold."
        for view in audit.views
        if view.vintage is not Vintage.AS_OF
        for verdict in [audit.verdict(claim.claim_id, view.vintage)]
    ]
    return " ".join([*said, summary_text(audit.verdict(claim.claim_id))])


def _speaker(claim: Claim, article: Article) -> dict[str, str]:
    """The article's author is a person; of other speakers the dossier does not say whether they are one, so nor do we."""
    return {"@type": "Person", "name": article.author} if claim.speaker in AUTHOR else {"name": claim.speaker}


def _appearance(article: Article) -> dict[str, Any]:
    about = {
        "@type": "Article",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": article.publisher},
    }
    return {**about, "url": article.url} if article.url.startswith(("http://", "https://")) else about
