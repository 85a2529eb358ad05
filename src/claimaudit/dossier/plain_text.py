"""A text as paragraphs and sentences, by few rules that anybody can follow by hand, and the digest of a sentence.

- A paragraph is a line that is not blank, counted from 1.
- A sentence ends at ``.``, ``!``, ``?`` or an ellipsis, with the quotation marks and brackets that close right after it,
  where the next word begins, after marks that open, with a digit or a letter that is not small. What is left of a
  paragraph is its last sentence, so a heading is one.
- It does not end after an abbreviation (``ABBREVIATIONS``, or a single letter: ``J. Writer``, ``the U.S. Navy``), nor within double
  quotation marks or brackets that close in the same paragraph.
- Before sentences are compared they are made plain: NFKC, curly quotation marks and every dash as typed on a
  keyboard, single spaces between words. The digest is the first 16 hexadecimal digits of the SHA-256 of that.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

ABBREVIATIONS = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "st", "gen", "col", "capt", "lt", "sgt", "sen", "rep", "gov", "rev", "hon", "jr", "sr",
    "vs", "cf", "pp", "vol", "approx", "inc", "ltd", "corp",
    "jan", "feb", "aug", "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip
"""Words after whose full stop a sentence goes on, in lower case."""
_SINGLE, _DOUBLE = "\u2018\u2019\u201a\u201b\u2032\u00b4`", "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_PLAIN = str.maketrans(dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_DASHES, "-"))
_END = re.compile(r"(?:[.!?]|\u2026)+[\"'\u2019\u201d\u00bb)\]]*(?=\s+[\"'\u2018\u201c\u00ab(\[]*([^\W_]))")
_ENCLOSED = re.compile(r"\u201c[^\u201c\u201d]*\u201d|\u00ab[^\u00ab\u00bb]*\u00bb|\"[^\"]*\"|\([^()]*\)|\[[^\[\]]*\]")
_LAST_WORD = re.compile(r"([^\W\d_]+)\.$")
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a text: its number from 1, the line of the file it stands on, its sentences as printed."""

    number: int
    line: int
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph, made plain."""
        return plain(" ".join(self.sentences))


def plain(text: str) -> str:
    """A text as it is compared: NFKC, quotation marks and dashes as typed on a keyboard, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_PLAIN)).split())


def digest(sentence: str) -> str:
    """The mark by which a sentence is known where its text is not kept: 16 hexadecimal digits."""
    return hashlib.sha256(plain(sentence).encode()).hexdigest()[:16]


def count_words(text: str) -> int:
    """How many words a text has: what stands between spaces and holds a letter or a digit."""
    return len(_WORD.findall(text))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text: its lines that are not blank."""
    lines = [(line, words) for line, words in enumerate(text.split("\n"), 1) if words.strip()]
    return tuple(Paragraph(number, line, sentences(words)) for number, (line, words) in enumerate(lines, 1))


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of one paragraph as printed, by the rules above."""
    # An end that is the last sign of what is enclosed closes the sentence with it: only what stands before is inside.
    inside = [found.span() for found in _ENCLOSED.finditer(paragraph)]
    starts = [0]
    for end in _END.finditer(paragraph):
        enclosed = any(first < end.start() and end.end() < last for first, last in inside)
        if not enclosed and not end[1].islower() and not _is_abbreviated(paragraph[starts[-1] : end.end()]):
            starts.append(end.end())
    cut = (paragraph[first:last].strip() for first, last in zip(starts, [*starts[1:], len(paragraph)], strict=True))
    return tuple(filter(None, cut))


def _is_abbreviated(text: str) -> bool:
    """Does it end in an abbreviation; a single letter is one, but the word "I"."""
    found = _LAST_WORD.search(text)
    last = found[1] if found else ""
    return (len(last) == 1 and last != "I") or last.casefold() in ABBREVIATIONS
