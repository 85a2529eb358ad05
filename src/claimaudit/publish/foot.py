"""The foot of every page: what the badges mean, what all rests on, who answers for it, how to object and how to cite."""

from __future__ import annotations

from claimaudit import __version__, formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, tag
from claimaudit.inert import web_address
from claimaudit.publish.citation import citation_line
from claimaudit.rated import Badge, Rating
from claimaudit.show.badges import rating_badge

SHORT = {
    Badge.RIGHT: "the point of the sentence holds, and nothing printed is wrong",
    Badge.RIGHT_BUT: "the point holds, but a printed detail is wrong or needed context is left out",
    Badge.UNPROVEN: "a part of the point is disputed or not shown; not that it is wrong",
    Badge.PARTLY_RIGHT: "part of the point holds, part is wrong",
    Badge.WRONG: "a part of the point is wrong, and none is shown to hold",
}
"""What each badge means, in a line."""


def foot(dossier: Dossier, up: str = "", *, cite: bool = True) -> tuple[Html, ...]:
    """The paragraphs; ``up`` leads from the page to the folder of the reports. A page that says itself how to ``cite`` need not."""
    parts = [_badges(up), _rests(dossier, up), _answers(dossier, up)]
    parts += [tag("p", response.words) for response in dossier.responses]
    return (*parts, *([_cite(dossier)] if cite else []))


def excerpts(dossier: Dossier) -> str:
    """How many of all sources were read as excerpts only."""
    sources = (dossier.whole or dossier).sources
    read = int((sources["seen"] == "excerpt").sum())
    verb = "was read as an excerpt" if read == 1 else "were read as excerpts"
    return f"{read:,} of {formats.count(len(sources), 'source')} {verb} only"


def _badges(up: str) -> Html:
    plain = {badge: Rating(badge, "…" if badge is Badge.RIGHT_BUT else "") for badge in SHORT}
    items = [tag("li", rating_badge(plain[badge], words=False), f" {words}") for badge, words in SHORT.items()]
    more = tag("p", tag("a", "The codebook, on one page", href=f"{up}codebook.html"))
    return tag(
        "details", tag("summary", "What the badges mean"), tag("ul", *items, class_="ca"), more, class_="meanings"
    )


def _rests(dossier: Dossier, up: str) -> Html:
    whole, article = dossier.whole or dossier, dossier.article
    count = f"{len(whole.evidence.records):,} figures and events; {excerpts(dossier)}"
    rests = tag("a", count, href=f"{up}sources.html")
    return tag("p", "It rests on ", rests, f". Evidence as of {formats.day(article.compiled)}. Version {__version__}.")


def _answers(dossier: Dossier, up: str) -> Html:
    own = dossier.article.imprint
    who = " and ".join(own.authors) or own.publisher or "whoever publishes this page"
    verb = "answer" if len(own.authors) > 1 or who.endswith("contributors") else "answers"
    address = web_address(own.contact)
    shown = address.removeprefix("mailto:")
    to = tag("a", shown, href=address, rel="noopener") if address else "whoever sent or published this page"
    gaps = tag("a", "corrections and gaps", href=f"{up}corrections.html")
    words = (
        f"{who[:1].upper()}{who[1:]} {verb} for it. To report an error, or to reply as one concerned, write to ", to,
        ", naming the claim and the source. Corrections are listed under ", gaps, ", replies are printed here.",
    )  # fmt: skip
    return tag("p", *words)


def _cite(dossier: Dossier) -> Html:
    line = citation_line(dossier.article) or f"claimaudit, version {__version__}."
    return tag("p", "To cite: ", tag("span", line, class_="cite-line"))
