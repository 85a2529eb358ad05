"""Claim cards and verdict parts as HTML, for notebooks and reports alike; evidence tables are in ``evidence_html.py``.

A card answers at a glance: the claim's best reading, its verdict at each date side by side, the strongest evidence for
and against, what would turn the label and how often it survives other settings. The parts of it are folded below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.model import Claim, Label, Part, Vintage
from claimaudit.outcome import Cited, Grounds, Verdict
from claimaudit.show.badges import interval_bar, label_badge, range_of, spread
from claimaudit.show.evidence_html import independent_sources_table
from claimaudit.show.html_tables import rows_table
from claimaudit.show.provenance import (
    METHOD,
    claimed_words,
    from_anchor,
    linked,
)
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.sensitivity import Sweep
from claimaudit.verdict.wording import Claimed, Mention, citation, mention, reason


def claim_card(audit: Audit, claim_id: str) -> Html:
    """A claim with all that the audit says on it; a link to ``#claim-M01`` leads here."""
    claim = audit.dossier.claim(claim_id)
    name = f"claim-{claim.claim_id}"
    words = claimed_words(claim.paraphrase)
    head = tag("h3", tag("span", claim.claim_id, class_="ca-id"), " ", words, id=f"{name}-title")
    best = tag("p", tag("strong", "Best reading. "), claimed_words(_sentence(claim.best_reading)), class_="ca-best")
    parts = [_answer(audit, claim.claim_id, view.vintage) for view in audit.views]
    return tag(
        "section",
        tag("header", head, _said(audit.dossier, claim)),
        best,
        tag("div", *parts, class_="ca-verdicts"),
        _change(audit, claim.claim_id),
        _glance(audit, claim),
        _details(audit, claim),
        id=name,
        class_="ca ca-claim",
        aria_labelledby=f"{name}-title",
    )


def verdict_part(audit: Audit, key: str, vintage: Vintage) -> Html:
    """One verdict on a claim or part at one as-of date: label, probability with its range, origins, reason."""
    return tag("div", _answer(audit, key, vintage), tag("p", verdict_reason(audit, key, vintage), class_="ca-reason"))


def verdict_reason(audit: Audit, key: str, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """Why the verdict is what it is, every finding linked to its row."""
    return linked(audit.dossier, reason(audit.verdict(key, vintage)))


# -- the card at a glance ----------------------------------------------------------------------------------------------


def _said(dossier: Dossier, claim: Claim) -> Html:
    """Who said it and where; the paragraph leads to the article."""
    place = tag("a", f"paragraph {claim.paragraph}", href=dossier.article.url, rel="noopener")
    return tag("p", f"Speaker: {claim.speaker}, ", place, f"; {claim.domain.value}.", class_="ca-said")


def _answer(audit: Audit, key: str, vintage: Vintage) -> Html:
    """Label, probability with its picture, and what it rests on, at one date."""
    verdict = audit.verdict(key, vintage)
    low, high = range_of(verdict)
    rests = [_origins(verdict), " ", _computed(verdict, key)]
    if verdict.low is not None:
        rests.append(f" With any one origin left out: {spread(low, high)}.")
    likely = tag("span", tag("strong", formats.probability(verdict.probability)), " likely to hold", class_="ca-likely")
    return tag(
        "div",
        tag("p", tag("strong", _capital(vintage.words)), f", {formats.day(verdict.as_of)}", class_="ca-when"),
        tag("p", label_badge(verdict.label), " ", likely, class_="ca-probability"),
        interval_bar(verdict, audit.view(vintage).method),
        tag("p", *rests, class_="ca-soft"),
        class_="ca-verdict ca-part",
    )


def _computed(verdict: Verdict, key: str) -> Html:
    """The link from a probability to what it was computed from."""
    rows = formats.count(len(verdict.observations), "row")
    words = f"Computed from {rows}." if verdict.observations else "How it is judged."
    return tag("a", words, href=f"#{from_anchor(key)}", class_="ca-from")


def _change(audit: Audit, claim_id: str) -> Html:
    """One sentence where the label at publication is not the one in hindsight."""
    before, after = (audit.verdict(claim_id, view.vintage) for view in (audit.views[0], audit.views[-1]))
    if before.label is after.label:
        return Html("")
    words = f"The label changed after publication: {before.label.words} then, {after.label.words} now."
    return tag("p", words, class_="ca-change")


def _glance(audit: Audit, claim: Claim) -> Html:
    """In hindsight, in a line each: the part it hangs on, the strongest evidence for and against, what turns it, how firm."""
    essential = [part for part in claim.parts if part.essential]
    verdict, judged = audit.of(claim.claim_id, audit.views[-1].vintage)
    first = verdict.deciding or judged[0]
    order = [first, *(other for other in judged if _is_essential(other) and other.key != first.key)]
    lines: list[tuple[str, Html | str]] = [("Hangs on", _hangs_on(audit, verdict, first))] if order[1:] else []
    lines += [
        ("Strongest for", _strongest(audit, order, lambda grounds: grounds.for_it)),
        ("Strongest against", _strongest(audit, order, lambda grounds: grounds.against)),
        (
            "What would turn that part" if order[1:] else "What would turn it",
            _flips(audit, first.key, first.vintage, 2),
        ),
        ("How firm it is", _firm(audit, essential, first.vintage)),
    ]
    pairs = [tag("div", tag("dt", name), tag("dd", words)) for name, words in lines]
    return tag("dl", *pairs, class_="ca-glance ca-part")


def _is_essential(part: Verdict) -> bool:
    return part.grounds is not None and part.grounds.part.essential


def _hangs_on(audit: Audit, verdict: Verdict, part: Verdict) -> Html:
    """The part that decides the claim with its own label, and the parts in conflict beside it."""
    torn = [piece for other in verdict.also_in_conflict for piece in (" In conflict: ", Claimed(_sentence(other.text)))]
    return linked(audit.dossier, [Claimed(part.text.rstrip(".")), f": {part.label.words}.", *torn])


def _strongest(audit: Audit, parts: Sequence[Verdict], side: Callable[[Grounds], Cited | None]) -> Html | str:
    """The finding that weighs most on one side of the first part that has any, linked, with who published it."""
    for place, part in enumerate(parts):
        cited = side(part.grounds) if part.grounds else None
        if cited:
            said = mention(cited)
            words = [Mention(_capital(said.text), said.rows), f" ({citation(cited)})."]
            other = tag("span", " On: ", claimed_words(_sentence(part.text)), class_="ca-soft")
            return join([linked(audit.dossier, words), *([other] if place else [])])
    return "Nothing that weighs was found."


def _flips(audit: Audit, key: str, vintage: Vintage, most: int | None = None) -> Html:
    """What would turn a part's label, in plain words, leading to what it was worked out from."""
    words = _capital("; ".join(flip.words for flip in audit.flips[key, vintage][:most]))
    return join([f"{words}. ", tag("a", "Worked out from these rows.", href=f"#{from_anchor(key)}", class_="ca-from")])


def _firm(audit: Audit, essential: Sequence[Part], vintage: Vintage) -> Html:
    """The least share of the method's settings under which an essential part keeps its label."""
    sweep = min((audit.sweeps[part.part_id, vintage] for part in essential), key=lambda item: item.survives)
    label = "The label" if len(essential) == 1 else "The label of its least firm part"
    share = "all" if sweep.survives == 1 else f"{formats.probability(sweep.survives)} of"
    words = f"{label} is the same under {share} {sweep.variants} settings of the method. "
    return join([words, tag("a", "The method's numbers.", href=f"#{METHOD}", class_="ca-from")])


# -- the card in detail ------------------------------------------------------------------------------------------------


def _details(audit: Audit, claim: Claim) -> Html:
    """Folded: the reasons at each date, the parts with their labels, and for each what it was computed from."""
    count = formats.count(len(claim.parts), "part")
    summary = tag("summary", f"Why, part by part: {count} with their evidence, and what would turn each")
    reasons = []
    for view in audit.views:
        words = verdict_reason(audit, claim.claim_id, view.vintage)
        reasons.append(tag("p", tag("strong", f"{_when(view)}. "), words, class_="ca-reason"))
    folded = [_part(audit, part) for part in claim.parts]
    how = tag("a", "numbers of the method", href=f"#{METHOD}")
    pooled = tag("p", "Independent sources are weighed and pooled by the ", how, ".", class_="ca-soft")
    return _fold(claim.claim_id, summary, *reasons, _parts(audit, claim.parts), *folded, pooled)


def _fold(key: str, summary: Html, *parts: Html) -> Html:
    """What a verdict was computed from, folded; the anchor stands inside, as browsers open what is around a link's target."""
    inside = tag("div", *parts, id=from_anchor(key), class_="ca-inside")
    return tag("details", summary, inside, class_="ca-more ca-part ca-from")


def _parts(audit: Audit, parts: tuple[Part, ...]) -> Html:
    """The parts with their labels at every date, and the independent sources heard on them in hindsight."""
    heads = ["Part", "Asks", *(_when(view) for view in audit.views), "Independent sources for, against"]
    rows = []
    for part in parts:
        verdicts = [audit.verdict(part.part_id, view.vintage) for view in audit.views]
        labels = [
            join([label_badge(verdict.label), formats.probability(verdict.probability)], " ") for verdict in verdicts
        ]
        asks = f"{part.aspect.value}, {'essential' if part.essential else 'detail'}"
        tally = tag("a", _tally(verdicts[-1]), href=f"#{from_anchor(part.part_id)}")
        rows.append([claimed_words(part.text), asks, *labels, tally])
    return rows_table(heads, rows, caption="Parts: what the claim says, one by one", kind="stack ca-parts")


def _part(audit: Audit, part: Part) -> Html:
    """Folded: the independent sources on one part, each leading to its rows, what would turn its label and how firm it is."""
    key = part.part_id
    said: dict[str, list[str]] = {}
    for view in audit.views:
        sweep = audit.sweeps[key, view.vintage]
        flips = _capital("; ".join(flip.words for flip in audit.flips[key, view.vintage]))
        kept = _survival(sweep, audit.verdict(key, view.vintage).label)
        words = f"{flips}. Under {sweep.variants} settings of the method it is {kept}."
        said.setdefault(words, []).append(_when(view))
    lines = []
    for words, when in said.items():
        stamp = f"{_capital(' and '.join(map(_small, when)))}: " if len(said) > 1 else ""
        lines.append(tag("p", tag("strong", stamp), words))
    heard = audit.verdict(key).findings
    shown = independent_sources_table(audit, key) if heard else tag("p", "No row on record bears on it.")
    how = tag("p", tag("a", "Numbers of the method", href=f"#{METHOD}"), class_="ca-soft")
    summary = tag("summary", claimed_words(part.text))
    return _fold(key, summary, *lines, shown, how)


def _survival(sweep: Sweep, own: Label) -> str:
    """``supported in 93% (not enough evidence in 7%)``."""
    others = sorted(sweep.labels.items(), key=lambda item: (-item[1], item[0].value))
    rest = [f"{label.words} in {_share(many, sweep.variants)}" for label, many in others if label is not own]
    return f"{own.words} in {_share(sweep.labels.get(own, 0), sweep.variants)}" + (
        f" ({', '.join(rest)})" if rest else ""
    )


def _share(part: float, of: int) -> str:
    return "all" if part == of else formats.probability(part / of)


def _tally(part: Verdict) -> str:
    return f"{part.grounds.independent_for}, {part.grounds.independent_against}" if part.grounds else "0, 0"


def _origins(verdict: Verdict) -> str:
    if not verdict.origins:
        return "No origin that counts."
    return f"Rests on {formats.count(len(verdict.origins), 'independent origin')}."


def _when(view: Dossier) -> str:
    """A date as a column's name: the two standard ones by their words, any other with its day."""
    words = _capital(view.vintage.words)
    return f"{words} {formats.day(view.day)}" if view.vintage is Vintage.AS_OF else words


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
