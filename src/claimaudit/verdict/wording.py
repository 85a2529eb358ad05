"""Sentences about verdicts, made once from what a verdict carries, for page, terminal and file.

A sentence is a sequence of pieces (``pieces.py``), so that text and page say the same and neither is searched again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from string import Formatter

from claimaudit import formats
from claimaudit.model import Label, Part, PartialDate, Templates, TestKind
from claimaudit.outcome import Cited, Grounds, Verdict
from claimaudit.rated import Badge, Open
from claimaudit.verdict.certainty import NOT_SO, SLOT, Told, surely, told
from claimaudit.verdict.lengths import DECIDING, LONGEST, length
from claimaudit.verdict.pieces import (
    Aside,
    Claimed,
    Mention,
    Piece,
    Sentence,
    capital,
    gathered,
    joined,
    lists,
    plain,
)
from claimaudit.verdict.rating import unsettled_words

_USUAL = Templates(holds="{finding}", fails="against it {finding}")
_FIGURE = replace(_USUAL, fails="found instead: {finding}")
DEFAULTS = {kind: _FIGURE if kind.is_quantity else _USUAL for kind in TestKind}
"""How the short sentence about a part begins, by kind of test, where the part has no template; ``{finding}`` is what the
strongest finding on that side says. A part that is open names both sides."""


# -- sentences ---------------------------------------------------------------------------------------------------------


def reason(verdict: Verdict) -> Sentence:
    """Why a verdict is what it is: the strongest evidence each way on a part; a claim's conclusion, and on what it hangs."""
    return _part(verdict.grounds, verdict.label) if verdict.grounds else _claim(verdict)


def reason_text(verdict: Verdict) -> str:
    """The reason as text, as files and the terminal show it."""
    return plain(reason(verdict))


def conclusion(claim: Verdict) -> Sentence:
    """The one sentence about a claim that stands alone: what is right in it, what is not with what was found instead, what is open.

    It is made of a clause a part, by the parts' own templates where they have any, without the sources, which its words lead to.
    Core and link parts come first; of details and quotes those that are refuted; context only where it misleads. What holds or is
    refuted is told as surely as the evidence on it allows (``certainty.py``). An ``Aside`` tells which details and quotes are not
    confirmed.
    """
    rating = claim.rating
    point = [part for part in claim.parts if part.part.role.is_point]
    named = {part.part_id for part in (*rating.refuted, *rating.context)}
    right = [part for part in point if part.label is Label.SUPPORTED]
    wrong = [part for part in claim.parts if part.part_id in named]
    open_ = [part for part in point if part.label in (Label.CONFLICTING, Label.NOT_ENOUGH_EVIDENCE)]
    against = [*open_, *wrong] if rating.badge is Badge.UNPROVEN else [*wrong, *open_]
    clauses = _told(right)
    if rest := _told(against):
        clauses += [replace(rest[0], before=", but " if clauses else ""), *rest[1:]]
    said = capital((*surely(clauses), "."))
    return (*said, *_not_confirmed(claim, said))


def _told(parts: Sequence[Verdict]) -> list[Told]:
    """Clauses about parts, those that make a list told as one, each as surely as its evidence allows."""
    found = lists([clause(part, cited=False, slot=SLOT) for part in parts])
    return [
        told(words, [parts[place] for place in places if parts[place].label in _SETTLED], "; " if number else "")
        for number, (words, places) in enumerate(found)
    ]


def _not_confirmed(claim: Verdict, said: Sentence) -> Sentence:
    """The details and quotes that are open, each by its own words where it has any, else by its name.

    All by their names, as the badge has them, where the whole would be longer than a reader is to be asked for. What is said
    of the point in the same words is not said again.
    """
    loose = {part.part_id: unsettled_words(part) for part in claim.rating.unsettled}
    told_so = {plain(clause(part, cited=False)) for part in claim.parts if part.part.role.is_point}
    own = [part for part in claim.parts if part.part_id in loose and part.grounds and part.part.templates.open]
    new = [part for part in own if plain(clause(part, cited=False)) not in told_so]
    named = [words for key, words in loose.items() if key not in {part.part_id for part in own}]
    words = "; ".join(
        [plain(joined(gathered([clause(part, cited=False) for part in new]), "; "))] * bool(new) + _also_open(named)
    )
    if length(said) + length(words) > LONGEST:
        words = "; ".join(_also_open([loose[part.part_id] for part in new] + named))
    return (Aside(f" {plain(capital((words,)))}."),) if words else ()


def _also_open(named: Sequence[str]) -> list[str]:
    return [f"also open: {', '.join(dict.fromkeys(named))}"] if named else []


def conclusion_text(claim: Verdict) -> str:
    """The same as text."""
    return plain(conclusion(claim))


_SETTLED = (Label.SUPPORTED, Label.REFUTED)
_CAME = {Open.CAME_TRUE: Label.SUPPORTED, Open.NOT_IN_TIME: Label.REFUTED}


def clause(verdict: Verdict, *, cited: bool = True, slot: str = "") -> Sentence:
    """What is to be said of a part, without capital and full stop: its template filled in, else its text and what was found.

    ``cited`` names after a template where it was read. A forecast whose review day has passed is told by what came of it, though it
    is neither right nor wrong. ``slot`` stands where its author has put ``{probably}``.
    """
    grounds, label = verdict.grounds, _CAME.get(verdict.open, verdict.label)
    assert grounds
    own, _ = _own(grounds, label, cited=cited, slot=slot)
    if own:
        return own
    text = Claimed(_bare(verdict.text))
    if verdict.open is Open.UNJUDGED:
        return (text, f": {grounds.part.unjudged or verdict.open.value}")
    if label is Label.SUPPORTED:
        return (text,)
    lead = {Label.REFUTED: NOT_SO, Label.CONFLICTING: "disputed: "}.get(label, "not established: ")
    found = _usual(grounds, label) if label is Label.REFUTED else ()
    return (lead, text, *((" (", *found, ")") if found else ()))


def found(verdict: Verdict) -> Sentence:
    """What was found on a part, beside its own text: its template filled in, else the strongest finding; or why it is open."""
    grounds, label = verdict.grounds, verdict.label
    assert grounds
    if verdict.open is Open.UNJUDGED:
        return (verdict.part.unjudged or verdict.open.value,)
    if verdict.open is not Open.EVIDENCE:
        return (verdict.open.value,)
    own, _ = _own(grounds, label)
    return own or _usual(grounds, label)


def right_value(verdict: Verdict) -> str:
    """What is right where a part is refuted, in words; empty where it is not."""
    return plain(clause(verdict)) if verdict.label is Label.REFUTED else ""


def citation(cited: Cited) -> str:
    """Where a finding was read: publisher and date, or how many rows."""
    if cited.publisher:
        return f"{cited.publisher}, {PartialDate.parse(cited.published).words}"
    return f"from {formats.count(len(cited.finding.observations), 'row')}"


def mention(cited: Cited, words: str = "") -> Mention:
    """What a finding says (or other words that rest on it), leading to its rows."""
    rows = cited.finding.observations
    return Mention(words or cited.finding.text or next(iter(rows), ""), rows)


def _claim(verdict: Verdict) -> Sentence:
    part = verdict.deciding
    if part is None or part.grounds is None:
        return ()
    return (
        *conclusion(verdict),
        DECIDING,
        Claimed(_bare(part.text)),
        ". ",
        *_part(part.grounds, part.label),
    )


def _part(grounds: Grounds, label: Label) -> Sentence:
    """The strongest finding each way and how many independent sources lean; a template of the part's own stands before them."""
    if grounds.part.unjudged and label is Label.NOT_ENOUGH_EVIDENCE:
        return capital((f"{grounds.part.unjudged}.",))
    own, used = _own(grounds, label)
    if not grounds.first:
        shown = (
            f"; {formats.count(grounds.silent, 'row')} shown {'carries' if grounds.silent == 1 else 'carry'} no weight"
            if grounds.silent
            else ""
        )
        return capital((*own, ". " if own else "", f"No independent source was found that bears on it by then{shown}."))
    sides = (("for it: ", grounds.for_it), ("against it: ", grounds.against))
    said = [(lead, *_cited(found)) for lead, found in sides if found and found is not used]
    if not (said or used):
        said = [("nothing found points either way (", *_cited(grounds.first), ")")]
    return capital((*joined([part for part in (own, *said) if part], "; "), f" ({_tally(grounds)})."))


def _usual(grounds: Grounds, label: Label) -> Sentence:
    if not grounds.first:
        return ("no independent source was found that bears on it",)
    side = {Label.SUPPORTED: grounds.for_it, Label.REFUTED: grounds.against}.get(label)
    if side:
        kind = DEFAULTS[grounds.part.test] if side.finding.quantity else _USUAL
        return _filled(kind.of(label), "finding", _cited(side))
    sides = (("for it ", grounds.for_it), ("against it ", grounds.against))
    said = [(lead, *_cited(found)) for lead, found in sides if found]
    return joined(said or [("nothing points either way (", *_cited(grounds.first), ")")], "; ")


# -- templates ---------------------------------------------------------------------------------------------------------


def _own(grounds: Grounds, label: Label, *, cited: bool = True, slot: str = "") -> tuple[Sentence, Cited | None]:
    """The part's own template filled in, with where it was read, and the finding it used; empty where it cannot be filled.

    What holds or is refuted rests on the strongest finding of that side: a template that names no figure leads to it as a
    whole. A part that is open rests on none; the figure it names is that of the strongest for it, else against it.
    """
    text = grounds.part.templates.of(label).rstrip(".").replace("{probably} ", f"{slot} " if slot else "")
    side = {Label.SUPPORTED: grounds.for_it, Label.REFUTED: grounds.against}.get(label)
    if not text:
        return (), None
    name = next((field for _, field, _, _ in Formatter().parse(text) if field), "")
    if not name:
        words = text.format()
        source = (f" ({citation(side)}{_others(grounds, label)})",) if side and cited else ()
        return (mention(side, words) if side else words, *source), side
    sides = (side,) if label in (Label.SUPPORTED, Label.REFUTED) else (grounds.for_it, grounds.against)
    for used in sides:
        if used and (shown := _found(used, grounds.part, fall=name == "fall")):
            source = (f" ({citation(used)})",) if cited else ()
            return (*_filled(text, name, (mention(used, shown),)), *source), used
    return (), None


def _others(grounds: Grounds, label: Label) -> str:
    """How many independent sources stand beside the one that is cited for words that sum them up."""
    more = (grounds.independent_for if label is Label.SUPPORTED else grounds.independent_against) - 1
    return f", and {more} more" if more > 0 else ""


def _found(cited: Cited, part: Part, *, fall: bool = False) -> str:
    """The figure a finding gives, or for a date its day or period; empty where it gives none.

    It has two significant digits, or as many as the printed figure it is held against. A ``fall`` is told without its minus
    sign; a figure that is none leaves the usual words.
    """
    if part.test is TestKind.DATE:
        return cited.when
    quantity = cited.finding.quantity
    if quantity is None or (fall and quantity.value >= 0):
        return ""
    digits = max(2, min(3, formats.significant(part.numbers.get("value", 0.0))))
    return formats.quantity(-quantity.value if fall else quantity.value, quantity.unit, digits)


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


def _bare(text: str) -> str:
    return text.rstrip().rstrip(".")
