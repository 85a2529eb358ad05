"""A page for each claim: its card whole, how to cite it, its data; with what a site shows of it where it is shared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.inert import utf8
from claimaudit.model import Article, Claim
from claimaudit.outcome import Verdict
from claimaudit.publish import outputs
from claimaudit.publish.arranged import cards_of
from claimaudit.publish.foot import foot
from claimaudit.publish.page import Meta, Shared, page
from claimaudit.publish.picture import claim_picture
from claimaudit.rated import Badge, Rating
from claimaudit.show.cards import citation, claim_address, claim_card
from claimaudit.show.step_line import step_line
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.history import sentence as sentence_of
from claimaudit.verdict.rating import wrong_words
from claimaudit.verdict.timeline import Step
from claimaudit.verdict.wording import conclusion_text

FOLDER = "claims"
_LINK = re.compile(r'<a href="#([^"]*)"([^>]*)>')
_TOLD = re.compile(
    r'<h3.*?</h3>|<a [^>]*class="ca-here"[^>]*>link</a>|<details class="ca-citing">.*?</details>', re.DOTALL
)
"""What of a card the page around it says already: the words judged, the way to the page, how to cite."""
_DESCRIBED = re.compile(r' aria-describedby="[^"]*"')


def claim_href(claim_id: str) -> str:
    """The file of a claim's page, from the folder of the reports."""
    return f"{FOLDER}/{claim_id}.html"


def claim_files(
    audit: Audit,
    report: str,
    rows: Sequence[Mapping[str, Any]],
    earlier: Mapping[str, bytes],
    html: str = "",
    timelines: Mapping[str, Sequence[Step]] | None = None,
) -> dict[str, bytes]:
    """The page, picture, JSON and CSV of every claim of a topic.

    ``report`` is the address of its report, blank where none is there; ``html`` that report's text: a card that stands in it, with
    the rating it has here, need not be worked out again. ``timelines`` are the claims over time.
    """
    made = {card.claim_id: card for card in cards_of(html)}
    article, files = audit.dossier.article, claim_pictures(audit, earlier)
    for claim in audit.claims:
        verdict, own = audit.verdict(claim.claim_id), [dict(row) for row in rows if row["claim_id"] == claim.claim_id]
        stem = f"{FOLDER}/{claim.claim_id}"
        data = outputs.json_text(own, article, schema=f"../{outputs.SCHEMA_FILE}")
        files[f"{stem}.json"], files[f"{stem}.csv"] = utf8(data), utf8(outputs.csv_text(own))
        card = made.get(claim.claim_id)
        known = card.html if card and card.rating.words == verdict.rating.words else ""
        files[f"{stem}.html"] = utf8(
            claim_page(audit, claim, verdict, report, known, (timelines or {}).get(claim.claim_id, ()))
        )
    return files


def claim_pictures(audit: Audit, earlier: Mapping[str, bytes]) -> dict[str, bytes]:
    """The picture of every claim of a topic by its file; those among the ``earlier`` files that show just this are taken over."""
    article, files = audit.dossier.article, {}
    kicker = f"Fact-check of “{article.title}”, {article.publisher}"
    for claim in audit.claims:
        name, verdict = f"{FOLDER}/{claim.claim_id}.png", audit.verdict(claim.claim_id)
        shown = verdict.rating, _said(claim), conclusion_text(verdict)
        files[name] = claim_picture(kicker, *shown, earlier=earlier.get(name, b""))
    return files


def claim_page(
    audit: Audit, claim: Claim, verdict: Verdict, report: str, card: str = "", steps: Sequence[Step] = ()
) -> str:
    """The page of one claim; ``card`` is its card where that is made already, ``steps`` the claim over time."""
    article, name = audit.dossier.article, claim.claim_id
    there = f"../{report}" if report else ""
    card = _outward(card or claim_card(audit, name).text, there)
    title = f"{verdict.rating.words}: {_said(claim)}"
    whole = [tag("a", f"In the report “{audit.title}”", href=f"{there}#claim-{name}")] if there else []
    whole += [tag("a", "In the article, claim by claim", href=f"../index.html#claim-{name}")]
    files = [
        tag("li", tag("a", f"{name}.{kind}", href=f"{name}.{kind}", download=True), f": {words}")
        for kind, words in _FILES.items()
    ]
    cite = tag(
        "section",
        tag("h2", "Cite and reuse", id="cite"),
        tag("p", citation(article, verdict), class_="cite"),
        tag("ul", *files),
        tag("p", tag("a", "Under which terms", href="../sources.html#terms"), " the data are offered."),
    )
    parts = [
        tag("p", f"Fact-check of one claim in “{article.title}”, {article.publisher}", class_="kicker"),
        tag("h1", f"{_in_short(verdict.rating)}: {_said(claim)}", id=f"claim-{name}-title"),
        Html(card),
        _over_time(steps, article),
        tag("p", join(whole, " · "), class_="ways"),
        cite,
    ]
    sentence = conclusion_text(verdict)
    shared = Shared(title, sentence, claim_address(article, name), _picture(audit, name))
    meta = Meta(
        description=sentence, index="../index.html", foot=foot(audit.dossier, "../", cite=False), shared=shared,
    )  # fmt: skip
    return page(f"{name}: {title}", join(parts, "\n"), meta=meta)


def _over_time(steps: Sequence[Step], article: Article) -> Html:
    """When the claim became what it is: a sentence and its line of steps; nothing where it was not worked out."""
    said = sentence_of(steps, article)
    if not said:
        return Html("")
    more = tag("a", "All claims over time", href="../timeline.html")
    line = step_line(steps, article)
    key = f"The line goes up towards right and down towards wrong; the dashed mark is {formats.day(article.published)}."
    drawn = [line, tag("p", key, class_="soft")] if line.text else []
    return tag("section", tag("h2", "Over time", id="time"), tag("p", f"{said}. ", more, "."), *drawn)


_FILES = {
    "json": "the verdicts on this claim and its parts, at each date",
    "csv": "the same as a table",
    "png": "a picture to share",
}


def _picture(audit: Audit, name: str) -> str:
    address = claim_address(audit.dossier.article, name)
    return f"{address.removesuffix('.html')}.png" if address else f"{name}.png"


def _said(claim: Claim) -> str:
    return f"“{claim.quotation}”" if claim.quotation else claim.paraphrase


def _in_short(rating: Rating) -> str:
    """The badge, with its reason only where that names what is wrong; all of it stands in the card below."""
    slips = [wrong_words(part) for part in rating.refuted]
    told = rating.badge is Badge.RIGHT_BUT or any(slip in rating.reason.split("; ") for slip in slips)
    return rating.words if told else rating.badge.value


def _outward(card: str, report: str) -> str:
    """A card whose links to rows and settings lead to the report, or go where there is none."""
    card = _TOLD.sub("", card.replace(f'href="{FOLDER}/', 'href="'))
    inside = set(re.findall(r'\sid="([^"]*)"', card))

    def link(match: re.Match[str]) -> str:
        anchor, rest = match[1], _DESCRIBED.sub("", match[2])
        if anchor in inside:
            return f'<a href="#{anchor}"{rest}>'
        return f'<a href="{report}#{anchor}"{rest}>' if report else f"<a{rest}>"

    return _LINK.sub(link, card)


def linked_cards(html: str, names: Sequence[str], up: str = "") -> str:
    """A report whose cards lead to their claims' pages."""
    for name in names:
        html = html.replace(
            f'<a href="#claim-{name}" class="ca-here" aria-label="Link to claim {name}">',
            f'<a href="{up}{claim_href(name)}" class="ca-here" aria-label="Page of claim {name}, to link to">',
        )
    return html
