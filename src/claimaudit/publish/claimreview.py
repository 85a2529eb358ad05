"""ClaimReview (schema.org) for search engines and fact-check collections: each claim with its rating, as JSON-LD.

The rating is badge and reason in words, so that a review that travels alone names every printed part that is wrong. The number
is the badge's place from worst to best. "Unproven" is no place between wrong and right, so it carries none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from claimaudit import formats
from claimaudit.model import Article, Claim, Vintage
from claimaudit.rated import Badge, Rating
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.wording import conclusion_text

ORGANISATION = "claimaudit"
"""Who reviews, where a dossier does not name who answers for its audit."""
AUTHOR = ("author", "the author")
"""How the claims name the article's own author as their speaker."""
_EXPLAINED = (
    "1 Wrong, 2 Partly right, 4 Right but for a named slip or missing context, 5 Right; "
    "Unproven claims have no number, and 3 is not used"
)
_CONTEXT = "https://schema.org"


def organisation(article: Article) -> str:
    """Who answers for the audit of an article."""
    return article.imprint.publisher or ORGANISATION


def review(audit: Audit, claim: Claim, page: str) -> dict[str, Any]:
    """One claim's review by its rating in hindsight; ``page`` is the report's file, read from where the site stands.

    Addresses are whole where the dossier says where its pages stand.
    """
    article, verdict = audit.dossier.article, audit.verdict(claim.claim_id)
    place = article.imprint.address(f"{page}#claim-{claim.claim_id}")
    return {
        "@type": "ClaimReview",
        "@id": place,
        "url": place,
        "identifier": claim.claim_id,
        "inLanguage": article.imprint.language,
        "datePublished": verdict.as_of.isoformat(),
        "author": {"@type": "Organization", "name": organisation(article)},
        "claimReviewed": claim.paraphrase,
        "reviewBody": _body(audit, claim),
        "reviewRating": review_rating(verdict.rating),
        "itemReviewed": {
            "@type": "Claim",
            "author": _speaker(claim, article),
            "datePublished": article.published.isoformat(),
            "appearance": _appearance(article),
        },
    }


def review_rating(rating: Rating) -> dict[str, Any]:
    """Badge and reason in words, with the badge's place from 1 to 5 where it has one; a claim with a slip is never 5."""
    words = {"@type": "Rating", "alternateName": rating.words}
    if rating.badge is Badge.UNPROVEN:
        return words
    return {
        **words,
        "ratingValue": rating.badge.rank + 1,
        "worstRating": 1,
        "bestRating": 5,
        "ratingExplanation": _EXPLAINED,
    }


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
    """The claim's one sentence; how it was rated at first only where that differs."""
    before, after = (audit.verdict(claim.claim_id, vintage) for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT))
    said = conclusion_text(after)
    if before.rating.words == after.rating.words:
        return said
    then = (
        f"Using only what was public on {formats.day(before.as_of)}: {before.rating.words}. {conclusion_text(before)}"
    )
    return f"{said} {then}"


def _speaker(claim: Claim, article: Article) -> dict[str, str]:
    """The article's author, a person or an organisation; of other speakers the dossier does not say which, so nor do we."""
    return _author(article) if claim.speaker in AUTHOR else {"name": claim.speaker}


def _author(article: Article) -> dict[str, str]:
    """Who wrote the article; its publisher where no author is named."""
    if not article.author:
        return {"@type": "Organization", "name": article.publisher}
    return {"@type": "Person" if article.author_is == "person" else "Organization", "name": article.author}


def _appearance(article: Article) -> dict[str, Any]:
    about = {
        "@type": "Article",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "author": _author(article),
        "publisher": {"@type": "Organization", "name": article.publisher},
    }
    return {**about, "url": article.url} if article.url.startswith(("http://", "https://")) else about
