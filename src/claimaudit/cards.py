"""Claim cards and verdict parts as HTML, for notebooks and reports alike; evidence tables are in ``evidence_view.py``.

A card shows a claim's best reading first, then its verdict at each as-of date side by side, its elements, what would
turn each label and how often it survives other settings of the method.
"""

from __future__ import annotations

from claimaudit import formats
from claimaudit.analysis import Audit
from claimaudit.dossier import Dossier
from claimaudit.evidence_view import (
    evidence_table,
    leave_one_out_table,
    method_table,
    parameters_table,
    reference,
    rows_table,
    table,
    voices_table,
)
from claimaudit.html import Html, join, tag
from claimaudit.method import Method
from claimaudit.model import Element, Label, Verdict, Vintage
from claimaudit.sensitivity import Sweep
from claimaudit.verdict import Voice, voices

__all__ = [
    "Html", "claim_card", "evidence_table", "interval_bar", "label_badge", "leave_one_out_table", "method_table",
    "parameters_table", "reference", "table", "verdict_part", "voices_table",
]  # fmt: skip

_ICONS = {
    Label.SUPPORTED: '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.5l2.5 2.5 4.5-5.5"/>',
    Label.REFUTED: '<rect x="1.5" y="1.5" width="13" height="13"/><path d="M5 5l6 6M11 5l-6 6"/>',
    Label.NOT_ENOUGH_EVIDENCE: '<circle cx="8" cy="8" r="7" stroke-dasharray="2 2"/><path d="M5 8h6"/>',
    Label.CONFLICTING: '<path d="M8 1l7 7-7 7-7-7z"/><path d="M8 1v14"/>',
}
"""A shape for each label: the words and the outline tell them apart without any colour."""


def label_badge(label: Label | str) -> Html:
    """A label as shape, word and colour."""
    label = Label(label)
    icon = Html(
        f'<svg class="ca-icon" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">{_ICONS[label]}</svg>'
    )
    return tag("span", icon, label.words, class_=f"ca-badge ca-{label.value.replace('_', '-')}")


def interval_bar(verdict: Verdict, method: Method) -> Html:
    """The probability on a line from 0 to 100% with its leave-one-origin-out range and the two bars of the method."""
    low, high = _range(verdict)
    words = f"Probability {formats.probability(verdict.probability)}"
    if verdict.low is not None:
        words += f"; {_spread(low, high)} when any one origin is left out"
    marks = [f"{200 * at:.1f}" for at in (method.refuted, method.supported)]
    parts = [
        '<line class="ca-bar-track" x1="0" x2="200" y1="9" y2="9"/>',
        *(f'<line class="ca-bar-mark" x1="{at}" x2="{at}" y1="1" y2="17"/>' for at in marks),
        f'<rect class="ca-bar-range" x="{200 * low:.1f}" y="6" width="{max(200 * (high - low), 0.1):.1f}" height="6"/>',
        f'<circle class="ca-bar-dot" cx="{200 * verdict.probability:.1f}" cy="9" r="4.5"/>',
    ]
    drawing = Html("".join(parts))
    return tag("svg", drawing, class_="ca-bar", viewBox="-5 0 210 18", role="img", aria_label=words)


def claim_card(audit: Audit, claim_id: str) -> Html:
    """A claim with all that the audit says on it; a link to ``#claim-M01`` leads here."""
    claim = audit.dossier.claim(claim_id)
    name = f"claim-{claim.claim_id}"
    head = tag("h3", tag("span", claim.claim_id, class_="ca-id"), " ", claim.paraphrase, id=f"{name}-title")
    said = tag("p", f"Said by {claim.speaker}, paragraph {claim.paragraph}; {claim.domain.value}.", class_="ca-said")
    best = tag("p", tag("strong", "Best reading. "), _sentence(claim.best_reading), class_="ca-best")
    parts = [verdict_part(audit, claim.claim_id, view.vintage) for view in audit.views]
    return tag(
        "section",
        tag("header", head, said),
        best,
        tag("div", *parts, class_="ca-verdicts"),
        _change(audit, claim.claim_id),
        _elements(audit, claim.elements),
        _stability(audit, claim.elements),
        id=name,
        class_="ca ca-claim",
        aria_labelledby=f"{name}-title",
    )


def verdict_part(audit: Audit, key: str, vintage: Vintage) -> Html:
    """One verdict on a claim or element at one as-of date: label, probability with its range, origins, reason."""
    verdict = audit.verdict(key, vintage)
    method = audit.view(vintage).method
    low, high = _range(verdict)
    figures = [tag("strong", formats.probability(verdict.probability)), " likely to hold"]
    if verdict.low is not None:
        figures.append(tag("span", f" ({_spread(low, high)} with any one origin left out)", class_="ca-soft"))
    return tag(
        "div",
        tag("p", tag("strong", _capital(vintage.words)), f", {formats.day(verdict.as_of)}", class_="ca-when"),
        tag("p", label_badge(verdict.label)),
        tag("p", interval_bar(verdict, method), tag("span", *figures), class_="ca-probability"),
        tag("p", _origins(verdict), class_="ca-soft"),
        tag("p", verdict.reason, class_="ca-reason"),
        class_="ca-verdict",
    )


# -- parts of a card ---------------------------------------------------------------------------------------------------


def _change(audit: Audit, claim_id: str) -> Html:
    """One sentence where the label at publication is not the one in hindsight."""
    before, after = (audit.verdict(claim_id, view.vintage) for view in (audit.views[0], audit.views[-1]))
    if before.label is after.label:
        return Html("")
    words = f"The label changed after publication: {before.label.words} then, {after.label.words} now."
    return tag("p", words, class_="ca-change")


def _elements(audit: Audit, elements: tuple[Element, ...]) -> Html:
    """The elements with their labels at every date, and the voices heard on them in hindsight."""
    newest = audit.views[-1]
    heads = ["Element", "Asks", *(_when(view) for view in audit.views), "Voices for, against"]
    rows = []
    for element in elements:
        verdicts = [audit.verdict(element.element_id, view.vintage) for view in audit.views]
        labels = [
            join([label_badge(verdict.label), formats.probability(verdict.probability)], " ") for verdict in verdicts
        ]
        asks = f"{element.aspect.value}, {'essential' if element.essential else 'detail'}"
        rows.append([element.text, asks, *labels, _tally(voices(verdicts[-1].findings, newest))])
    return rows_table(heads, rows, caption="Elements: what the claim says, part by part", kind="stack ca-elements")


def _stability(audit: Audit, elements: tuple[Element, ...]) -> Html:
    """What would turn each label and how often it survives the grid of methods; dates that agree stand once."""
    items = []
    for element in elements:
        said: dict[str, list[str]] = {}
        for view in audit.views:
            key = element.element_id, view.vintage
            sweep = audit.sweeps[key]
            flips = _capital("; ".join(flip.words for flip in audit.flips[key]))
            kept = _survival(sweep, audit.verdict(*key).label)
            said.setdefault(f"{flips}. Under {sweep.variants} settings of the method it is {kept}.", []).append(
                _when(view)
            )
        lines = [tag("em", element.text)]
        for words, when in said.items():
            stamp = f"{_capital(' and '.join(map(_small, when)))}: " if len(said) > 1 else ""
            lines.append(tag("span", tag("strong", stamp), words, class_="ca-line"))
        items.append(tag("li", *lines))
    return join([tag("h4", "What would turn each label, and how firm it is"), tag("ul", *items)])


def _survival(sweep: Sweep, own: Label) -> str:
    """``supported in 93% (not enough evidence in 7%)``."""
    others = sorted(sweep.labels.items(), key=lambda item: (-item[1], item[0].value))
    rest = [f"{label.words} in {_share(many, sweep.variants)}" for label, many in others if label is not own]
    return f"{own.words} in {_share(sweep.labels.get(own, 0), sweep.variants)}" + (
        f" ({', '.join(rest)})" if rest else ""
    )


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "all"
    return formats.probability(part / whole)


def _tally(heard: tuple[Voice, ...]) -> str:
    sides = sum(voice.support > 0.05 for voice in heard), sum(voice.doubt < -0.05 for voice in heard)
    return f"{sides[0]}, {sides[1]}"


def _origins(verdict: Verdict) -> str:
    if not verdict.origins:
        return "No origin that counts."
    return f"Rests on {formats.count(len(verdict.origins), 'independent origin')}."


def _range(verdict: Verdict) -> tuple[float, float]:
    low = verdict.probability if verdict.low is None else verdict.low
    return low, verdict.probability if verdict.high is None else verdict.high


def _spread(low: float, high: float) -> str:
    ends = formats.probability(low), formats.probability(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


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
