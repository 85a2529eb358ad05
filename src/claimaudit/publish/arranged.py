"""The order of a report: the answer as its title, a summary, the cards, then how each was tested, limits, gaps, evidence.

A notebook tells its story from question to answer; a page is read the other way round. Only cards are lifted out, each leaving a
line with its badge that leads to it; everything else stays in the notebook's order. A notebook without cards is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from claimaudit.html import Html, join, tag
from claimaudit.publish.clean import Heading
from claimaudit.publish.opening import forecast, headline_of
from claimaudit.rated import Badge, Rating
from claimaudit.show.badges import rating_badge

CLAIMS, CARDS, TESTED, MORE, CODE = (f"report-{name}" for name in ("claims", "cards", "tested", "more", "code"))
ANCHORS = (CLAIMS, CARDS, TESTED, MORE, CODE)
"""Anchors of the page's own parts; a notebook's own heading of that name gets another."""
CHARTS = 4
"""So many charts carry the argument; the sections after them are folded."""
SENTENCES = 3
"""So many sentences sum a report up."""
SECTIONS, SECTION_CHARTS = 3, 2
"""So many sections are shown whole; where there are more, those up to so many charts, the others opened by their headings."""
ROWS = 3
"""Rows of a table that are shown at once; a longer one is opened by its caption."""
_TABLED = re.compile(
    r'(<div class="ca ca-tabled"[^>]*>)(<div(?: tabindex="0")? class="ca-scroll"[^>]*>)(<table[^>]*>)'
    r"<caption>(.*?)</caption>(.*?</table></div>)",
    re.DOTALL,
)
_CARD = re.compile(r'<section id="claim-([^"]+)" class="ca ca-claim"([^>]*)>.*?</section>', re.DOTALL)
_ATTRIBUTE = re.compile(r'data-(badge|reason)="([^"]*)"')
_CONCLUSION = re.compile(r'<p class="ca-conclusion">(.*?)</p>', re.DOTALL)
_ASIDE = re.compile(r'<span class="ca-aside">.*?</span>', re.DOTALL)
_NOTE = re.compile(r'<span class="ca-note">.*?</span>', re.DOTALL)
_HEADING = re.compile(r'<h([1-4])((?: [^>]*)?) id="([^"]+)"([^>]*)>(.*?)</h\1>', re.DOTALL)
_H1 = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_OPENS = re.compile(r'<div class="text">\s*(<h2[^>]* id="([^"]+)"[^>]*>.*?</h2>)', re.DOTALL)
_OVERVIEW = re.compile(
    r'<div class="ca ca-tabled"><div class="ca-scroll"><table[^>]*><caption>Ratings of this report</caption>'
)
_CLOSING = ("Limits", "What-we-could-not-find")
"""Sections at a report's end by their anchors; from them on nothing is folded with what was tested."""


@dataclass(frozen=True)
class Card:
    """A claim's card as it stands in a cleaned page."""

    claim_id: str
    rating: Rating
    conclusion: str
    html: str

    @property
    def sentence(self) -> str:
        """The sentence that stands alone, without what is said after it."""
        return _ASIDE.sub("", self.conclusion)


def cards_of(html: str) -> list[Card]:
    """The cards in a piece of a cleaned page; what looks like one but carries no rating is none."""
    found = []
    for match in _CARD.finditer(html):
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[2])}
        conclusion = _CONCLUSION.search(match[0])
        if said.get("badge", "") in Badge.__members__ and conclusion:
            rating = Rating(Badge[said["badge"]], said.get("reason", ""))
            found.append(Card(unescape(match[1]), rating, _NOTE.sub("", conclusion[1]), match[0]))
    return found


def arranged(pieces: Sequence[str], title: str, facts: Html) -> str:
    """The body of a report from its cleaned cells; ``title`` is the topic's, for a notebook that has no heading of its own."""
    cards = [card for piece in pieces for card in cards_of(piece)]
    if not cards:
        return _plain(pieces, title, facts)
    lifted = [_lifted(piece) for piece in pieces]
    named = next((found for piece in lifted if (found := _H1.search(piece))), None)
    kicker = Html(named[1]) if named else title
    name = unescape(re.sub(r"<[^>]+>", "", named[1])) if named else title
    first, *sections = _sections([piece.replace(named[0], "", 1) if named else piece for piece in lifted])
    closing = next((place for place, item in enumerate(sections) if _closes(item)), len(sections))
    first = [_tables_folded(piece) for piece in first]
    shown, folded = _by_charts([[_down(_tables_folded(piece)) for piece in item] for item in sections[:closing]])
    top = tag(
        "header",
        *([tag("p", kicker, class_="kicker")] if ":" in name else []),  # the heading has the rest
        tag("h1", tag("a", _headline(cards, name), href=f"#{CARDS}")),
        facts,
        _summary(cards),
        class_="opening opening-report",
    )
    parts = [
        top,
        tag("section", tag("h2", "The claims", id=CLAIMS), *(Html(f"\n{card.html}") for card in cards), id=CARDS),
        tag("h2", "How each was tested", id=TESTED),
        *(Html(_down(piece)) for piece in first),
        *_opened(shown),
        *([tag("h2", "More evidence", id=MORE), *map(_folded, folded)] if folded else []),
        *(Html(piece) for item in sections[closing:] for piece in item),
    ]
    return join(parts, Html("\n")).text


def contents_of(html: str, headings: Sequence[Heading]) -> list[Heading]:
    """The headings of a page as they stand in it now, with their texts."""
    texts: Mapping[str, str] = {heading.anchor: heading.text for heading in headings}
    found = []
    for level, _, anchor, _, inner in _HEADING.findall(html):
        name = unescape(anchor)
        plain = " ".join(unescape(re.sub(r"<[^>]+>", "", inner)).split())
        if int(level) <= 3:
            found.append(Heading(int(level), name, texts.get(name, plain)))
    return found


def code_switch() -> Html:
    """One box that shows or hides all code of a page, by the stylesheet alone."""
    box = tag("input", type="checkbox", id=CODE, class_="code-switch")
    return tag("p", box, " ", tag("label", "Show the code of this page", for_=CODE), class_="code-line")


def _plain(pieces: Sequence[str], title: str, facts: Html) -> str:
    whole = "".join(pieces)
    if not re.search(r"<h1[ >]", whole):
        whole = f"{tag('h1', title)}\n{whole}"
    return whole.replace("</h1>", f"</h1>\n{facts}", 1) if facts.text else whole


def _lifted(piece: str) -> str:
    """A cell without its cards: a line with a badge leads to each."""
    if _OVERVIEW.search(piece):
        return ""
    own = {card.html: card for card in cards_of(piece)}

    def line(match: re.Match[str]) -> str:
        card = own.get(match[0])
        if card is None:
            return match[0]
        link = tag("a", f"Claim {card.claim_id}", href=f"#claim-{card.claim_id}", class_="ca-from")
        return tag("p", link, " ", rating_badge(card.rating), class_="ca ca-part card-line").text

    return _CARD.sub(line, piece)


def _summary(cards: Sequence[Card]) -> Html:
    """At most three sentences, of one claim each, that give a figure where any does: what is wrong, what holds, what is open.

    Where a report has not all three, more of its claims fill the places.
    """
    chosen: list[Card] = []
    for badges in ((Badge.WRONG, Badge.PARTLY_RIGHT, Badge.RIGHT_BUT), (Badge.RIGHT,), (Badge.UNPROVEN,)):
        own = [card for card in cards if card.rating.badge in badges]
        chosen += [min(own, key=_telling)] if own else []
    chosen += sorted((card for card in cards if card not in chosen), key=_telling)[: SENTENCES - len(chosen)]
    said = [
        tag(
            "li",
            rating_badge(Rating(card.rating.badge, "")),
            " ",
            tag("a", card.claim_id, href=f"#claim-{card.claim_id}", class_="ca-from"),
            " ",
            Html(card.sentence),
            class_="ca-part",
        )
        for card in chosen
    ]
    return tag("ul", *said, class_="ca summary")


def _telling(card: Card) -> tuple[int, bool, int]:
    """Worst badge first, then what gives a figure, then the shorter sentence."""
    text = re.sub(r"<[^>]+>", "", card.sentence)
    return card.rating.badge.rank, not re.search(r"\d", text), len(text)


def _headline(cards: Sequence[Card], title: str) -> str:
    of = "the only claim" if len(cards) == 1 else f"{len(cards)} claims"
    said = headline_of([card.rating.badge for card in cards], of, sum(bool(forecast(card.rating)) for card in cards))
    return f"{title.split(':', maxsplit=1)[0]}: {said[:1].lower()}{said[1:]}"


def _sections(pieces: Sequence[str]) -> list[list[str]]:
    """The cells by section: what stands before the first heading, then a list for each cell that begins with one."""
    sections: list[list[str]] = [[]]
    for piece in pieces:
        if _OPENS.match(piece):
            sections.append([])
        sections[-1].append(piece)
    return [sections[0], *(item for item in sections[1:] if not _is_empty(item))]


def _is_empty(section: Sequence[str]) -> bool:
    """Whether a section is a heading alone: what stood under it stands on the cards."""
    found = _OPENS.match(section[0])
    return (
        found is not None
        and not section[0][found.end() :].replace("</div>", "").strip()
        and not "".join(section[1:]).strip()
    )


def _closes(section: Sequence[str]) -> bool:
    """Whether a section stands at the end: limits, gaps, evidence."""
    found = _OPENS.match(section[0])
    named = unescape(found[2]).startswith(_CLOSING) if found else False
    return named or any("ca-evidence" in piece for piece in section)


def _down(html: str) -> str:
    """Headings one level lower, since they stand in a part of the page."""
    return _HEADING.sub(lambda m: f'<h{(n := min(int(m[1]) + 1, 4))}{m[2]} id="{m[3]}"{m[4]}>{m[5]}</h{n}>', html)


def _tables_folded(html: str) -> str:
    """Long tables behind their captions: charts and text carry the argument."""

    def fold(found: re.Match[str]) -> str:
        box, scroll, table, caption, rest = found.groups()
        if rest.count("<tr") <= ROWS + 1:
            return found[0]
        inside = f'{scroll}{table}<caption class="ca-unseen">{caption}</caption>{rest}'
        return f'{box}<details class="ca-more"><summary>{caption}</summary>{inside}</details>'

    return _TABLED.sub(fold, html)


def _by_charts(sections: Sequence[Sequence[str]]) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """The sections up to the last of the charts that are shown, and those to be folded."""
    seen, shown, folded = 0, [], []
    for item in sections:
        many = sum(piece.count("<figure") for piece in item)
        if (folded or (seen and seen + many > CHARTS)) and not any("card-line" in piece for piece in item):
            folded.append(item)
        else:
            shown.append(item)
            seen += many
    return shown, folded


def _opened(sections: Sequence[Sequence[str]]) -> list[Html]:
    """The sections as they stand; of many, only those with the first charts, the others opened by their headings."""
    parts, seen = [], 0
    for section in sections:
        many = sum(piece.count("<figure") for piece in section)
        whole = len(sections) <= SECTIONS or (many and seen < SECTION_CHARTS)
        parts += [Html(piece) for piece in section] if whole else [_folded(section)]
        seen += many
    return parts


def _folded(section: Sequence[str]) -> Html:
    """A section under its heading, to be opened."""
    first, *rest = section
    heading = _HEADING.search(first)
    assert heading
    inside = first.replace(heading[0], "", 1)
    return Html(f'<details class="more"><summary>{heading[0]}</summary>{inside}{"".join(rest)}</details>')
