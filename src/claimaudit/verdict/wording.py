"""Sentences about verdicts, made once from what a verdict carries, for page, terminal and file.

A sentence is a sequence of pieces: plain text, words of the claim (``Claimed``), or words that rest on rows
(``Mention``). ``plain`` and ``as_html`` write the same sentence as text and with links, so neither is searched again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.model import Label, Templates, TestKind
from claimaudit.outcome import Cited, Grounds, Verdict

_USUAL = Templates(holds="{finding}", fails="against it {finding}")
_FIGURE = replace(_USUAL, fails="found instead: {finding}")
DEFAULTS = {kind: _FIGURE if kind.is_quantity else _USUAL for kind in TestKind}
"""How the short sentence about a part begins, by kind of test, where the part has no template; ``{finding}`` is what the
strongest finding on that side says. A part that is open names both sides."""


@dataclass(frozen=True)
class Claimed:
    """Words of the article or of a claim: their figures are what is audited, not what was found."""

    text: str


@dataclass(frozen=True)
class Mention:
    """Words that rest on rows of the evidence, the first of which they lead to."""

    text: str
    rows: tuple[str, ...]


Piece = str | Claimed | Mention
Sentence = tuple[Piece, ...]


@dataclass(frozen=True)
class Remark:
    """What must be said beside the deciding fact: what leads it in, and the parts it names."""

    lead: str
    parts: tuple[Verdict, ...]

    @property
    def words(self) -> Sentence:
        """The parts in one sentence."""
        return (*_named(self.parts), ".")


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
    return link(piece) if isinstance(piece, Mention) and piece.rows else plain([piece])


# -- sentences ---------------------------------------------------------------------------------------------------------


def reason(verdict: Verdict) -> Sentence:
    """Why a verdict is what it is: the strongest evidence each way on a part; what decides a claim, and what else stands."""
    return _part(verdict.grounds, verdict.label) if verdict.grounds else _claim(verdict)


def reason_text(verdict: Verdict) -> str:
    """The reason as text, as files and the terminal show it."""
    return plain(reason(verdict))


def fact(claim: Verdict) -> Sentence:
    """What decides a claim, in short: its deciding part, and what was found on the side the label takes (or on both)."""
    part = claim.deciding
    if part is None or part.grounds is None:
        return ()
    return (Claimed(_bare(part.text)), " – ", *_short(part.grounds, part.label), ".")


def remarks(claim: Verdict) -> tuple[Remark, ...]:
    """What must be said beside the fact: what is right, in conflict, wrong or not established."""
    details = claim.details
    named = (
        Remark("Right in part", claim.right_in_part),
        Remark("In conflict", claim.also_in_conflict),
        Remark(detail_lead(details.refuted), details.refuted),
        Remark("Not established", details.open),
    )
    return tuple(remark for remark in named if remark.parts)


def detail_lead(items: Sequence[Verdict]) -> str:
    """What stands before details that are refuted."""
    return "Details that do not hold" if len(items) > 1 else "A detail that does not hold"


def summary_text(claim: Verdict) -> str:
    """Fact and remarks of a claim as text."""
    return " ".join([plain(fact(claim)), *(f"{remark.lead}: {plain(remark.words)}" for remark in remarks(claim))])


def citation(cited: Cited) -> str:
    """Where a finding was read: publisher and date, or how many rows."""
    if cited.publisher:
        return f"{cited.publisher}, {cited.published}"
    return f"from {formats.count(len(cited.finding.observations), 'row')}"


def mention(cited: Cited, words: str = "") -> Mention:
    """What a finding says (or other words that rest on it), leading to its rows."""
    rows = cited.finding.observations
    return Mention(words or cited.finding.text or next(iter(rows), ""), rows)


def _claim(verdict: Verdict) -> Sentence:
    part = verdict.deciding
    if part is None or part.grounds is None:
        return ()
    said: list[Piece] = []
    if verdict.right_in_part:
        said += ["Right in part: ", *_named(verdict.right_in_part), ". But: "]
    said += [Claimed(_bare(part.text)), f": {part.label.words}. ", *_part(part.grounds, part.label)]
    loose, wrong = verdict.details.open, verdict.details.refuted
    more = f"; and {formats.count(len(loose) - 1, 'more detail')}" if len(loose) > 1 else ""
    for lead, parts, rest in (
        ("In conflict", verdict.also_in_conflict, ""),
        (detail_lead(wrong), wrong, ""),
        ("Not established", loose[:1], more),
    ):
        if parts:
            said += [f" {lead}: ", *_named(parts), f"{rest}."]
    return tuple(said)


def _part(grounds: Grounds, label: Label) -> Sentence:
    """The strongest finding each way and how many independent sources lean; a template of the part's own stands before them."""
    own, used = _own(grounds, label)
    if not grounds.first:
        shown = f"; {formats.count(grounds.silent, 'row')} shown carry no weight" if grounds.silent else ""
        return _capital(
            (*own, ". " if own else "", f"No independent source was found that bears on it by then{shown}.")
        )
    sides = (("for it: ", grounds.for_it), ("against it: ", grounds.against))
    said = [(lead, *_cited(found)) for lead, found in sides if found and found is not used]
    if not (said or used):
        said = [("nothing found points either way (", *_cited(grounds.first), ")")]
    return _capital((*_joined([part for part in (own, *said) if part], "; "), f" ({_tally(grounds)})."))


def _short(grounds: Grounds, label: Label) -> Sentence:
    """What was found on the side the label takes, or on each side where it takes none; a template of its own before it."""
    own, used = _own(grounds, label)
    return own if used else _joined([part for part in (own, _usual(grounds, label)) if part], "; ")


def _usual(grounds: Grounds, label: Label) -> Sentence:
    if not grounds.first:
        return ("no independent source was found that bears on it",)
    side = {Label.SUPPORTED: grounds.for_it, Label.REFUTED: grounds.against}.get(label)
    if side:
        kind = DEFAULTS[grounds.part.test] if side.finding.quantity else _USUAL
        return _filled(kind.of(label), "finding", _cited(side))
    sides = (("for it ", grounds.for_it), ("against it ", grounds.against))
    said = [(lead, *_cited(found)) for lead, found in sides if found]
    return _joined(said or [("nothing points either way (", *_cited(grounds.first), ")")], "; ")


# -- templates ---------------------------------------------------------------------------------------------------------


def _own(grounds: Grounds, label: Label) -> tuple[Sentence, Cited | None]:
    """The part's own template filled in, with where it was read, and the finding it used; empty where it cannot be filled.

    What holds or is refuted rests on the strongest finding of that side: a template that names no figure leads to it as a
    whole. A part that is open rests on none; the figure it names is that of the strongest for it, else against it.
    """
    text = grounds.part.templates.of(label).rstrip(".")
    side = {Label.SUPPORTED: grounds.for_it, Label.REFUTED: grounds.against}.get(label)
    if not text:
        return (), None
    if "{value}" not in text:
        words = text.format()
        return ((mention(side, words), f" ({citation(side)})") if side else (words,)), side
    sides = (side,) if label in (Label.SUPPORTED, Label.REFUTED) else (grounds.for_it, grounds.against)
    for used in sides:
        if used and used.finding.quantity:
            shown = formats.quantity(used.finding.quantity.value, used.finding.quantity.unit)
            return (*_filled(text, "value", (mention(used, shown),)), f" ({citation(used)})"), used
    return (), None


def _filled(template: str, name: str, value: Sentence) -> Sentence:
    """A template with its one placeholder filled, wherever it stands."""
    pieces: list[Piece] = []
    for words, field, _, _ in Formatter().parse(template):
        pieces += [words] if words else []
        pieces += value if field == name else ()
    return tuple(pieces)


# -- pieces ------------------------------------------------------------------------------------------------------------


def _cited(cited: Cited) -> Sentence:
    return mention(cited), f" ({citation(cited)})"


def _tally(grounds: Grounds) -> str:
    agree, deny, both = grounds.independent_for, grounds.independent_against, grounds.both_ways
    said = (
        f"{formats.count(agree, 'independent source')} for, {deny or 'none'} against"
        if agree or deny
        else "no independent source leans"
    )
    if both:
        said += f", {'one of them' if both == 1 else f'{both} of them'} both ways"
    return said if grounds.enough else f"{said}, too little weight to judge"


def _named(parts: Sequence[Verdict]) -> Sentence:
    """Parts by their own words, without the full stop."""
    return _joined([(Claimed(_bare(part.text)),) for part in parts], "; ")


def _bare(text: str) -> str:
    return text.rstrip().rstrip(".")


def _joined(sentences: Sequence[Sentence], between: str) -> Sentence:
    pieces: list[Piece] = []
    for number, sentence in enumerate(sentences):
        pieces += [between, *sentence] if number else sentence
    return tuple(pieces)


def _capital(sentence: Sentence) -> Sentence:
    """A sentence with a capital at its beginning."""
    first, *rest = (piece for piece in sentence if piece)
    text = plain([first])
    large = text[:1].upper() + text[1:]
    return (large if isinstance(first, str) else replace(first, text=large), *rest)
