"""What is folded at the foot of a claim card: the sources, how sure it is, what is related, how the sentence was read."""

from __future__ import annotations

from collections.abc import Iterable

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.model import Claim, Label
from claimaudit.outcome import Verdict
from claimaudit.show.badges import part_mark
from claimaudit.show.evidence_html import independent_sources_table
from claimaudit.show.provenance import METHOD, claimed_words, from_anchor, linked
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.pieces import capital
from claimaudit.verdict.sensitivity import Flip
from claimaudit.verdict.wording import found

CALIBRATION = (
    "Tried on invented claims whose truth is known, such figures came out too sure where sources were worse than their grades. "
    "On this article they cannot be checked, so read them as a rank, not as a measurement."
)
_ROLES = {
    "core": "the point of the sentence",
    "link": "a cause, purpose or result the sentence asserts",
    "detail": "a detail",
    "quote": "that it was said",
    "context": "not printed",
}
LOOKED_FOR = "Looked for: "
"""With these words a part's note begins to tell what was searched."""


def part_list(audit: Audit, parts: Iterable[Verdict]) -> Html:
    """Parts, each with its mark and what was found."""
    items, parts = [], list(parts)
    for part in parts:
        text = claimed_words(part.text.rstrip("."))
        held = part.label is Label.SUPPORTED and len(parts) > 1
        said = tag("div", linked(audit.dossier, capital((*found(part), ".")), noted=not held), class_="ca-found")
        inside = tag("div", text, said, *_looked(part))
        if held:  # the sentence above says it
            inside = tag("details", tag("summary", text), said, class_="ca-held")
        items.append(tag("li", part_mark(part.label), inside))
    return tag("ul", *items, class_="ca-marks")


def _looked(part: Verdict) -> list[Html]:
    """What was searched for an open part, to be opened."""
    looked = looked_for(part).removeprefix(LOOKED_FOR)
    summary = tag("summary", "What was looked for", tag("span", f", {part.text}", class_="ca-unseen"))
    return [tag("details", summary, f"{LOOKED_FOR}{looked}", class_="ca-found")] if looked else []


def looked_for(part: Verdict) -> str:
    """What was searched for a part that stays open or disputed, as its note in the dossier tells it; empty where it does not."""
    if part.label in (Label.SUPPORTED, Label.REFUTED):
        return ""
    _, sign, rest = part.part.note.partition(LOOKED_FOR)
    return f"{sign}{rest}" if sign else ""


def folds(audit: Audit, claim: Claim, verdict: Verdict) -> Html:
    """All that is folded, each under a line that says what it holds."""
    printed = [part for part in verdict.parts if part.part.role.is_printed]
    related = [part for part in verdict.parts if not part.part.role.is_printed]
    sources = tag("div", *(_part(audit, part) for part in printed), _by_the_method(), id=from_anchor(claim.claim_id))
    parts = [_fold("Sources and how they weigh", sources), _fold("How sure", *_sure(audit, verdict))]
    if related:
        shown = [part_list(audit, related), *(_part(audit, part) for part in related)]
        parts.append(_fold("Related facts, not in the text", *shown))
    return join([*parts, _fold("The sentence, and how it was split", *_read(claim))])


def _fold(title: str | Html, *inside: Html) -> Html:
    return tag("details", tag("summary", title), *inside, class_="ca-more ca-part ca-from")


def _by_the_method() -> Html:
    return tag("p", "By the ", tag("a", "numbers of the method", href=f"#{METHOD}"), ".", class_="ca-soft")


# -- sources -----------------------------------------------------------------------------------------------------------


def _part(audit: Audit, verdict: Verdict) -> Html:
    """Who says what on one part; the anchor stands inside, as browsers open what is around a link's target."""
    key = verdict.part_id
    role = tag("span", f" ({_ROLES[verdict.role]})", class_="ca-soft")
    shown = (
        independent_sources_table(audit, key, verdict.vintage)
        if verdict.findings
        else tag("p", "No row on record bears on it.")
    )
    summary = join([part_mark(verdict.label), " ", claimed_words(verdict.text), role])
    told = verdict.part.note.removesuffix(looked_for(verdict)).strip()  # what was looked for stands beside the part
    note = [tag("p", told, class_="ca-soft")] if told else []
    return _fold(summary, tag("div", shown, *note, id=from_anchor(key), class_="ca-inside"))


# -- how sure ----------------------------------------------------------------------------------------------------------


def _sure(audit: Audit, verdict: Verdict) -> list[Html]:
    """Likelihood and how it is calibrated, the deciding question, how firm its answer is, and what would change it."""
    rated, part = verdict.rated, verdict.deciding
    lines = []
    if rated and rated.likelihood:
        lines.append(_line("How likely the point is so", f"{rated.likelihood.words}. {CALIBRATION}"))
    else:
        lines.append(_line("How likely the point is so", "no likelihood is given for this rating."))
    if rated and rated.confidence:
        lines.append(_line("Evidence on the deciding question", f"{rated.confidence.words}."))
    if part:
        lines.append(_line("The deciding question", claimed_words(part.text)))
        lines.append(_line("Firmness", firmness(audit.firmness(part.claim_id, verdict.vintage))))
        changes = tag("ul", *(tag("li", change_words(flip)) for flip in audit.flips[part.part_id, verdict.vintage]))
        lines += [tag("p", "What would change the answer:"), changes]
    return [*lines, _by_the_method()]


def _line(name: str, words: Html | str) -> Html:
    return tag("p", tag("strong", f"{name}: "), words)


def firmness(share: float) -> str:
    """In how many of ten variants of the method and of the roles of parts the rating is the same, with a word for it."""
    tenths = int(10 * share)
    word = "high" if tenths >= 9 else "fair" if tenths >= 6 else "low"
    every = "every variant" if share == 1 else f"{tenths} of 10 variants"
    return f"{word} (same rating in {every} of our method)."


def change_words(flip: Flip) -> str:
    """What would change the answer on a part, in a sentence, and what the answer would be."""
    becomes = {Label.NOT_ENOUGH_EVIDENCE: "it would be open", Label.SUPPORTED: "it would hold"}.get(
        flip.becomes, f"it would be {flip.becomes.mark}"
    )
    if flip.source != "new independent sources":
        words = flip.words.removesuffix(f", the label would be {flip.becomes.words}")
        return f"{words[:1].upper()}{words[1:]}, {becomes}."
    if flip.becomes is flip.label:
        return "No number of further reliable sources that is likely to be found."
    more = {1: "One more reliable source", 2: "Two more reliable sources", 3: "Three more reliable sources"}.get(
        int(flip.threshold), f"{int(flip.threshold)} more reliable sources"
    )
    if flip.label in (Label.SUPPORTED, Label.REFUTED):
        return f"{more} to the contrary: {becomes}."
    if flip.either:
        return f"{more} on one side: it would hold, or be wrong, as {'it says' if flip.threshold == 1 else 'they say'}."
    return f"{more}{side_words(flip)}: {becomes}."


def side_words(flip: Flip) -> str:
    """Which way the sources would speak that turn an open or disputed part; nothing where it may be either."""
    return "" if flip.either else {Label.SUPPORTED: " for it", Label.REFUTED: " against it"}.get(flip.becomes, "")


# -- how it was read ---------------------------------------------------------------------------------------------------


def _read(claim: Claim) -> list[Html]:
    """How we read it, what the article says in other words, and how the sentence was split."""
    lines = [_line("How we read it", claimed_words(_sentence(claim.best_reading)))]
    if claim.quotation:
        lines.insert(0, _line("In other words", claimed_words(_sentence(claim.paraphrase))))
    if claim.split_note:
        lines.append(_line("How it was split", claimed_words(_sentence(claim.split_note))))
    whys = [part for part in claim.parts if part.why]
    return lines + [
        _line(f"Why “{part.name or part.text}” is {_AS[part.role]}", claimed_words(_sentence(part.why)))
        for part in whys
    ]


_AS = {
    "core": "the point",
    "link": "part of the point",
    "detail": "a detail",
    "quote": "only that it was said",
    "context": "context",
}


def _sentence(text: str) -> str:
    text = formats.capital(text)
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."
