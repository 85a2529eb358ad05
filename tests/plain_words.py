"""Finds in the visible prose of a built page the forms that an editor would not print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

_UNSEEN = (
    "script, style, code, pre, svg, table, textarea, q, blockquote, cite, .ca-note, .ca-claimed, .ca-evidence, .ca-told, .code, "
    "details.ca-from > ul, [id^='source-']"
)
"""Code, tables of data and what marks of charts tell, words of the article and words that lead to a source; lists of sources."""
_BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, summary, figcaption, caption"
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FORMS = {
    "a name of the tables": r"(?<![\w/])[a-z]+_[a-z_]+\b",
    "an ISO date": r"\b\d{4}-\d{2}-\d{2}\b",
    "a year with a comma": rf"\b(?:in|of|since|until|by|from|{_MONTHS}) [12],\d{{3}}\b(?![,.]?\d| [a-z])",
    "voice": r"\b[Vv]oices?\b",
    "a phrase to be said plainly": (
        r"\b(?:hangs? on|kindly|kind enough|stands for|lies in|dear to|best reading|stays by itself|"
        r"by what could be known|one less (?:one|the)|was not found\. A word|does not hold: the)\b"
    ),
    "more than three significant digits": (
        r"(?<![\d.,/])(?:[1-9]\d*\.\d{3,}|0\.0*[1-9]\d{3,}|\d{2,}\.\d{2,}|\d{3,}\.\d+)(?![\d.]*\d)"
    ),
    "a sum in code": r"\b(?:USD|EUR|RUB) ?\d|\d (?:USD|EUR)\b|\d (?:million|billion|trillion) (?:US )?(?:dollars|euros)\b",
    "per cent after a figure": r"\d per cent\b|\bpercent\b",
    "a space before %": r"\d %",
    "a ratio with more than two digits": r"\b(?:0\.0*[1-9]\d{2,}|[1-9]\d*\.\d{2,}|[1-9]\d{2,}\.\d+) times\b",
    "one of what are many": (
        r"(?<![\d.,/-])1 (?:times|(?:[a-z]+ )?(?:rows|sources|claims|parts|words|days|months|years|reports|variants))\b|"
        r"(?<![\d.,/-])1 (?:row|source|claim|part) (?:\w+ )?(?:carry|are|were|have|say|show)\b"
    ),
    "a sentence with a small first letter": (
        r"(?<=[a-z]{3}[.!?] )(?!claimaudit\b)[a-z]\w+|^(?!claimaudit\b|cite\b|and \d)[a-z][\w' ]+[:,]? [^.]*\.$"
    ),
    "a word twice": r"\b(?!that\b|had\b)([A-Za-z]{2,}) \1\b",
    "an American spelling": (
        r"\b(?:colors?|favor\w*|centers?|defense|analyz\w+|organiz\w+|labor|armor|behavior|neutraliz\w+|recogniz\w+|"
        r"emphasiz\w+|traveled|fueled|catalog|aluminum)\b"
    ),
}
_PATTERNS = {name: re.compile(form) for name, form in _FORMS.items()}


_COLON = re.compile(r"\w: (?=\w)")


def _colons(text: str) -> Iterator[str]:
    """Sentences that open a second colon after the first; apart from what is in brackets, a note's name and a count of entries."""
    for sentence in re.split(
        r"[.!?;·…](?:\s|$|(?=[A-Z]))|…", re.sub(r"\([^()]*\)|: \d+ entr\w+$|^Note: |(?<=needs context): ", "", text)
    ):
        if len(_COLON.findall(sentence)) > 1:
            yield sentence.strip()


@dataclass(frozen=True)
class Slip:
    """A form that should not be printed, where it stands."""

    form: str
    words: str
    around: str

    def __str__(self) -> str:
        return f"{self.form}: {self.words!r} in '{self.around}'"


def prose(page: str) -> Iterator[str]:
    """The sentences of a page that are its own: no code, no tables, no quotations, no titles of sources."""
    soup = BeautifulSoup(page, "html.parser")
    main = soup.find("main") or soup
    for code in main.select(":is(p, li, dd, summary) code"):
        code.replace_with("…")
    for item in main.select(_UNSEEN):
        item.decompose()
    for block in main.select(_BLOCKS):
        own = "".join(
            text
            for text in block.find_all(string=True)
            if next((up for up in text.parents if _is_block(up)), None) is block
        )
        if words := " ".join(own.split()):
            yield _QUOTED.sub("…", words)


def slips(page: str) -> list[Slip]:
    """Every form of the list that a page's prose holds, and that it writes both ``%`` and "per cent"."""
    texts = list(dict.fromkeys(prose(page)))
    found = [
        Slip(form, match[0], text[max(0, match.start() - 60) : match.end() + 40])
        for text in texts
        for form, pattern in _PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    found += [Slip("two colons in a sentence", words[:60], words) for text in texts for words in _colons(text)]
    told = [text for text in texts if "per cent" in text]
    if told and any("%" in text for text in texts):
        found.append(Slip("% and per cent on one page", "per cent", told[0][:100]))
    return found


def _is_block(item: Tag) -> bool:
    return item.name in _BLOCKS.split(", ")
