"""What a notebook shows of a dossier, an audit or a verdict typed alone in a cell: a line or a small table, escaped.

Only text and HTML: nothing here needs pandas, so that the vocabulary can be shown without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from claimaudit import formats
from claimaudit.html import Html, join, tag

if TYPE_CHECKING:
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.outcome import Verdict as VerdictRecord
    from claimaudit.verdict.audit import Audit

LONGEST = 200
"""How many characters the plain form of an object may take."""


def shortened(text: str, most: int = 70) -> str:
    """A text cut to so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def held(dossier: Dossier) -> str:
    """How much a dossier holds, in words."""
    counts = (
        (len(dossier.claims), "claim"),
        (sum(len(claim.parts) for claim in dossier.claims), "part"),
        (len(dossier.observations), "observation"),
        (len(dossier.sources), "source"),
    )
    return ", ".join(formats.count(*pair) for pair in counts)


def dossier(shown: Dossier) -> Html:
    """Article, day and how much is held."""
    about = shown.article
    title = tag("p", tag("strong", about.title))
    written = tag("p", f"{about.author}, {about.publisher}, {formats.day(about.published)}.")
    return tag("div", title, written, tag("p", f"The dossier of {formats.day(shown.day)}: {held(shown)}."), class_="ca")


def audit(shown: Audit) -> Html:
    """One row a claim, with its badge and the reason at each date."""
    whens = [f"{view.vintage.words.capitalize()}, {formats.day(view.day)}" for view in shown.views]
    claims = {claim.claim_id: claim.paraphrase for claim in shown.claims}
    own = {(verdict.key, verdict.as_of): verdict for verdict in shown.verdicts}
    keys = dict.fromkeys(key for key, _ in own if key in claims) or dict.fromkeys(key for key, _ in own)
    rows = [
        [key, claims.get(key, ""), *(_said(own.get((key, view.day))) for view in shown.views)] for key in keys
    ]  # fmt: skip
    return _table(f"Audit of {shown.title}", ("Claim", "What it says", *whens), rows)


def verdict(shown: VerdictRecord) -> Html:
    """What is said of it, what it rests on and which part decides it."""
    part = shown.deciding or shown
    sides = part.grounds and (("Strongest for", part.grounds.for_it), ("Strongest against", part.grounds.against))
    rows: list[list[Html | str]] = [["Rating" if shown.rated else "Verdict", _said(shown)]]
    if shown.rated and shown.rated.likelihood:
        rows.append(["Likelihood", shown.rated.likelihood.words])
    if shown.rated and shown.rated.confidence:
        rows.append(["Evidence", shown.rated.confidence.words])
    rows += (
        [["Deciding question" if shown.deciding else "Part", tag("span", part.text, class_="ca-claimed")]]
        if part.text
        else []
    )
    rows += [[name, cited.finding.text] for name, cited in sides or () if cited]
    return _table(f"{shown.key}, {shown.vintage.words}, {formats.day(shown.as_of)}", ("", ""), rows)


def _said(shown: VerdictRecord | None) -> Html | str:
    """A claim's badge with its reason, or a part's own verdict."""
    if shown is None:
        return "–"
    if shown.rated:
        rating = shown.rated.rating
        kind = rating.badge.name.lower().replace("_", "-")
        return join([tag("span", rating.badge.value, class_=f"ca-badge ca-{kind}"), rating.reason], " ")
    return tag("span", shown.label.mark, class_=f"ca-badge ca-{shown.label.value.replace('_', '-')}")


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Html | str]]) -> Html:
    head = [tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))] if any(heads) else []
    body = [tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest)) for first, *rest in rows]
    return tag("div", tag("table", tag("caption", caption), *head, tag("tbody", *body), class_="ca-table"), class_="ca")
