"""The pieces of a sentence: plain text, words of the claim, words that rest on rows, and what is said after it.

``plain`` and ``as_html`` write the same sentence as text and with links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from claimaudit.html import Html, join, tag


@dataclass(frozen=True)
class Claimed:
    """Words of the article or of a claim: their figures are what is audited, not what was found."""

    text: str


@dataclass(frozen=True)
class Mention:
    """Words that rest on rows of the evidence, the first of which they lead to."""

    text: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Aside:
    """A sentence after the one that must stand alone: what else is not confirmed."""

    text: str


Piece = str | Claimed | Mention | Aside
Sentence = tuple[Piece, ...]


# -- writing a sentence ------------------------------------------------------------------------------------------------


def plain(sentence: Iterable[Piece]) -> str:
    """A sentence as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in sentence)


def as_html(sentence: Iterable[Piece], link: Callable[[Mention], Html | str]) -> Html:
    """A sentence with the claim's own words marked, and each mention as ``link`` writes it."""
    return join(_written(piece, link) for piece in sentence)


def _written(piece: Piece, link: Callable[[Mention], Html | str]) -> Html | str:
    if isinstance(piece, Claimed):
        return tag("span", piece.text, class_="ca-claimed")
    if isinstance(piece, Aside):
        return tag("span", piece.text, class_="ca-aside")
    return link(piece) if isinstance(piece, Mention) and piece.rows else plain([piece])


def joined(sentences: Sequence[Sentence], between: str) -> Sentence:
    """Sentences one after the other with words between them."""
    pieces: list[Piece] = []
    for number, sentence in enumerate(sentences):
        pieces += [between, *sentence] if number else sentence
    return tuple(pieces)


def capital(sentence: Sentence) -> Sentence:
    """A sentence with a capital at its beginning."""
    first, *rest = (piece for piece in sentence if piece)
    text = plain([first])
    large = text[:1].upper() + text[1:]
    return (large if isinstance(first, str) else replace(first, text=large), *rest)


# -- a list said once --------------------------------------------------------------------------------------------------

_LOOSE = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "at",
        "by",
        "did",
        "do",
        "does",
        "for",
        "had",
        "has",
        "have",
        "he",
        "in",
        "is",
        "it",
        "no",
        "not",
    }
    | {"of", "on", "or", "she", "that", "the", "they", "to", "was", "were", "will", "with"}
)
"""Words an item of a list neither begins nor ends with."""


def gathered(clauses: Iterable[Sentence]) -> list[Sentence]:
    """Neighbours that differ in one place told once: ``A stopped``, ``B stopped`` and ``C stopped`` read ``A, B and C stopped``.

    Only clauses of one piece are that share half of their words; each item leads to its own rows. A verb in the singular after
    the items keeps them apart. What is said twice in the same words is said once; what could not be confirmed of two things, once
    of both.
    """
    return [sentence for sentence, _ in lists(clauses)]


def lists(clauses: Iterable[Sentence]) -> list[tuple[Sentence, tuple[int, ...]]]:
    """The same, each with the places that its clauses had."""
    runs: list[list[Sentence]] = []
    said: dict[str, Sentence] = {}
    places: dict[str, tuple[int, ...]] = {}
    for place, clause in enumerate(clauses):
        said.setdefault(plain(clause), clause)
        places[plain(clause)] = (*places.get(plain(clause), ()), place)
    for clause in said.values():
        if runs and (_listed([*runs[-1], clause]) or _once_not([*runs[-1], clause])):
            runs[-1].append(clause)
        else:
            runs.append([clause])
    return [
        (_listed(run) or _once_not(run) or run[0], tuple(place for clause in run for place in places[plain(clause)]))
        for run in runs
    ]


def _once_not(run: Sequence[Sentence]) -> Sentence:
    """Clauses that begin ``we could not confirm that`` with that said once; nothing where they do not."""
    if len(run) < 2 or any(len(clause) != 1 or not isinstance(clause[0], str) for clause in run):
        return ()
    texts = [plain(clause).split() for clause in run]
    opening = texts[0][: _common(texts)]
    ends = [place for place, word in enumerate(opening, start=1) if word in ("that", "whether")]
    if not ends or "not" not in opening[: ends[0]] or any(";" in word for text in texts for word in text):
        return ()
    again = f" or {opening[ends[0] - 1]} "
    return (again.join([" ".join(texts[0]), *(" ".join(text[ends[0] :]) for text in texts[1:])]),)


def _listed(run: Sequence[Sentence]) -> Sentence:
    """The clauses as one with a list in it; nothing where they do not make one."""
    if len(run) < 2 or any(len(clause) != 1 or not isinstance(clause[0], str | Mention) for clause in run):
        return ()
    texts = [plain(clause).split() for clause in run]
    before = _common(texts)
    after = _common([words[before:][::-1] for words in texts])
    items = [words[before : len(words) - after] for words in texts]
    closing = texts[0][len(texts[0]) - after :]
    if 2 * (before + after) < max(map(len, texts)) or not all(items):
        return ()
    if closing and closing[0].endswith("s") and closing[0].islower():
        return ()
    if any("," in word or ";" in word for item in items for word in item):
        return ()
    if any({item[0].casefold(), item[-1].casefold()} & _LOOSE for item in items):
        return ()
    parts = gathered(
        (replace(whole, text=words) if isinstance(whole, Mention) else words,)
        for (whole,), words in zip(run, (" ".join(item) for item in items), strict=True)
    )
    pieces: list[Piece] = [" ".join([*texts[0][:before], ""])] if before else []
    last = " or " if "not" in texts[0][:before] else " and "
    for number, part in enumerate(parts):
        pieces += [last if number == len(parts) - 1 else ", ", *part] if number else part
    return (*pieces, f" {' '.join(closing)}") if closing else tuple(pieces)


def _common(texts: Sequence[Sequence[str]]) -> int:
    """How many words all begin with."""
    many = 0
    for words in zip(*texts, strict=False):
        if len(set(words)) > 1:
            break
        many += 1
    return many
