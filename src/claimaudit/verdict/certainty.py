"""How surely a sentence says a thing: its form follows the strength of the evidence, as the statements of GRADE do.

GRADE tells a finding plainly where the evidence is of high certainty, with "probably" where it is moderate, with "may" or "the
evidence suggests" where it is low, and as very uncertain below that (Santesso and others, Journal of Clinical Epidemiology 119,
2020). Here the strength is that of the part a clause is about (``confidence.py``); what is open has words of its own and no form.
The form speaks of the evidence and never of odds, which stand beside it as a percentage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from claimaudit.model import Label
from claimaudit.outcome import Verdict
from claimaudit.rated import Confidence, Sources
from claimaudit.verdict.pieces import Claimed, Piece, Sentence, plain

SLOT = "\ue000"
"""Stands in a clause where its author has put ``{probably}``, until it is known how surely the clause is told."""
NOT_SO = "not so: "
"""How the usual words begin about a part that is refuted."""


@dataclass(frozen=True)
class Form:
    """What a strength of evidence does to a clause: ``lead`` stands before it, ``word`` at the place its author has named.

    Where a part has no clause of its own, ``bare`` stands before the article's words, ``not_so`` where they are refuted.
    """

    lead: str = ""
    word: str = ""
    bare: str = ""
    not_so: str = "not so"


PLAIN = Form()
PROBABLY = Form(word="probably", bare="probably", not_so="probably not so")
SUGGESTED = Form(
    lead="the evidence suggests that", bare="the evidence suggests", not_so="not so, as the evidence suggests"
)
ONE_SOURCE = Form(
    lead="according to one independent source,",
    bare="according to one independent source",
    not_so="not so, according to one independent source",
)
FORMS = {Confidence.STRONG: PLAIN, Confidence.MODERATE: PROBABLY, Confidence.THIN: SUGGESTED}


def form(level: Confidence | None, sources: Sources) -> Form:
    """The form for evidence of a level; thin evidence that is one source, direct and no party, is called that."""
    if level is None:
        return PLAIN
    alone = level is Confidence.THIN and sources.count == sources.free == 1 and sources.direct
    return ONE_SOURCE if alone else FORMS[level]


@dataclass(frozen=True)
class Told:
    """A clause with its form, how it is joined to what is before it, and the source where it rests on one alone."""

    words: Sentence
    form: Form = PLAIN
    source: str = ""
    before: str = ""


def told(words: Sentence, parts: Sequence[Verdict], before: str = "") -> Told:
    """A clause about one part, or a list that says several at once, which is as sure as the least sure of them."""
    forms = [form(part.certainty, part.sources) for part in parts]
    sources = {_leading(part) for part in parts}
    if set(forms) == {ONE_SOURCE} and len(sources) == 1:
        return Told(words, ONE_SOURCE, sources.pop(), before)
    weakest = max((SUGGESTED if one is ONE_SOURCE else one for one in forms), key=_UNSURE.index, default=PLAIN)
    return Told(words, weakest, "", before)


_UNSURE = [PLAIN, PROBABLY, SUGGESTED]


def _leading(part: Verdict) -> str:
    """The origin that weighs most on the side a part is told on."""
    assert part.grounds
    side = part.grounds.against if part.label is Label.REFUTED else part.grounds.for_it
    return side.finding.origin if side else ""


def surely(clauses: Iterable[Told]) -> Sentence:
    """Clauses one after the other, each in its form; neighbours of one form, or from one source, share their lead."""
    pieces: list[Piece] = []
    last: Told | None = None
    for clause in clauses:
        if last and _shares(last, clause):
            pieces += [_going_on(clause), *_with_word(clause.words, "")]
        else:
            pieces += [clause.before, *_in_form(clause)]
        last = clause
    return tuple(piece for piece in pieces if piece)


def _shares(last: Told, clause: Told) -> bool:
    """Whether a lead goes for this clause, too; what follows a colon has its own."""
    same = (last.form, last.source) == (clause.form, clause.source)
    return bool(clause.form.lead) and same and not _bare(last.words) and not _bare(clause.words)


def _going_on(clause: Told) -> str:
    if clause.form is ONE_SOURCE:
        return clause.before
    return f"{', and ' if clause.before == '; ' else clause.before}that "


def _bare(words: Sentence) -> bool:
    """Whether a clause is the article's own words, which follow a colon."""
    return words[0] == NOT_SO or isinstance(words[0], Claimed)


def _in_form(clause: Told) -> Sentence:
    how, words = clause.form, clause.words
    if words[0] == NOT_SO:
        return (f"{how.not_so}: ", *words[1:])
    if isinstance(words[0], Claimed):
        return (f"{how.bare}: ", *words) if how.bare else words
    if how.word and SLOT not in plain(words):
        return (f"{how.word} ", *words)
    return (f"{how.lead} " if how.lead else "", *_with_word(words, how.word))


def _with_word(words: Sentence, word: str) -> Sentence:
    """A clause with the word in its place, or nothing there."""
    filled = f"{word} " if word else ""
    return tuple(
        piece.replace(f"{SLOT} ", filled)
        if isinstance(piece, str)
        else replace(piece, text=piece.text.replace(f"{SLOT} ", filled))
        for piece in words
    )
