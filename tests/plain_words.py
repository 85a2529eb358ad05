"""Finds in the visible prose of a built page the forms that an editor would not print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

_UNSEEN = (
    "script, style, code, pre, svg, table, textarea, q, blockquote, cite, .ca-note, .ca-claimed, .ca-evidence, .code, "
    "details.ca-from > ul, [id^='source-']"
)
"""Code, tables of data, words of the article and words that lead to a source; lists of sources."""
_BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, summary, figcaption, caption"
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FORMS = {
    "a name of the tables": r"\b[a-z]+_[a-z_]+\b",
    "an ISO date": r"\b\d{4}-\d{2}-\d{2}\b",
    "a year with a comma": rf"\b(?:in|of|since|until|by|from|{_MONTHS}) [12],\d{{3}}\b(?![,.]?\d| [a-z])",
    "voice": r"\b[Vv]oices?\b",
    "a phrase to be said plainly": r"\b(?:hangs? on|kindly|stands for|lies in|dear to)\b",
    "more than three significant digits": (
        r"(?<![\d.,/])(?:[1-9]\d*\.\d{3,}|0\.0*[1-9]\d{3,}|\d{2,}\.\d{2,}|\d{3,}\.\d+)(?![\d.]*\d)"
    ),
    "a sum in code": r"\b(?:USD|EUR|RUB) ?\d|\d (?:USD|EUR)\b|\d (?:million|billion|trillion) (?:US )?(?:dollars|euros)\b",
    "per cent after a figure": r"\d per cent\b|\bpercent\b",
    "a space before %": r"\d %",
    "an American spelling": (
        r"\b(?:colors?|favor\w*|centers?|defense|analyz\w+|organiz\w+|labor|armor|behavior|neutraliz\w+|recogniz\w+|"
        r"emphasiz\w+|traveled|fueled|catalog|aluminum)\b"
    ),
}
_PATTERNS = {name: re.compile(form) for name, form in _FORMS.items()}


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
    told = [text for text in texts if "per cent" in text]
    if told and any("%" in text for text in texts):
        found.append(Slip("% and per cent on one page", "per cent", told[0][:100]))
    return found


def _is_block(item: Tag) -> bool:
    return item.name in _BLOCKS.split(", ")
