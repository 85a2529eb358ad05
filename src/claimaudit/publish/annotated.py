"""The article in its order on the index: each claim with its words, badge and sentence, and the sentences without a claim."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from claimaudit.html import Html, join, tag
from claimaudit.model import Claim
from claimaudit.outcome import Verdict
from claimaudit.publish.claimreview import AUTHOR
from claimaudit.publish.filtered import Choice, controls
from claimaudit.publish.index_rows import IndexRow, Report, slug
from claimaudit.publish.opening import then_line
from claimaudit.rated import Badge, Relayed
from claimaudit.show.badges import rating_badge
from claimaudit.show.provenance import row_anchor
from claimaudit.verdict.pieces import Mention, as_html
from claimaudit.verdict.wording import conclusion


def article_in_order(rows: Sequence[IndexRow], sentences: pd.DataFrame | None = None) -> Html:
    """The claims by paragraph, with what narrows them above and the sentences without a claim folded below."""
    bar = controls(_choices(rows), total=len(rows), noun="claims")
    groups = [
        tag(
            "li",
            tag("span", f"Paragraph {number}", class_="paragraph-number"),
            tag("ol", *map(_row, own), class_="claims-of-paragraph"),
            data_group=True,
        )
        for number, found in groupby(rows, key=lambda row: row.claim.paragraph)
        for own in [list(found)]
    ]
    body = tag("ol", *groups, class_="ca annotated")
    title = tag("h2", "The article, claim by claim", id="claims")
    return tag("section", title, bar, body, without_claim(sentences))


def without_claim(sentences: pd.DataFrame | None) -> Html:
    """The sentences that make no claim, each with the reason, folded; nothing where the dossier does not list its sentences.

    ``sentences`` has the columns paragraph, number, claims (ids) and reason.
    """
    if sentences is None or sentences.empty:
        return Html("")
    items = [
        tag("li", f"Paragraph {row.paragraph}, sentence {row.number}: {_unclaimed(row.reason)}")
        for row in sentences.itertuples()
        if not row.claims
    ]
    if not items:
        return Html("")
    words = f"Sentences without an audited claim: {len(items)} of {len(sentences)}"
    return tag("details", tag("summary", words), tag("ul", *items), class_="without-claim", id="no-claim")


def _unclaimed(reason: str) -> str:
    """Why a sentence has no claim; one whose claim is still to be written is not passed off as one that makes none."""
    kind, _, names = reason.partition(":")
    return f"not audited yet ({names.strip()})" if kind == "claim to come" else f"no claim ({reason})"


def _choices(rows: Sequence[IndexRow]) -> list[Choice]:
    badges = {row.badge for row in rows}
    domains = dict.fromkeys(row.claim.domain for row in rows)
    speakers = sorted({_speaker(row.claim) for row in rows}, key=str.casefold)
    return [
        Choice("badge", "Rating", [(slug(badge), _plain(badge)) for badge in reversed(Badge) if badge in badges]),
        Choice("domain", "Domain", [(domain, domain) for domain in domains]),
        Choice("speaker", "Speaker", [(_value(speaker), speaker) for speaker in speakers]),
        Choice("change", "Changed since", [("yes", "rating changed"), ("no", "rating the same")]),
    ]


def _plain(badge: Badge) -> str:
    return "Right, but …" if badge is Badge.RIGHT_BUT else badge.value


def _row(row: IndexRow) -> Html:
    claim = row.claim
    values = {
        "data_badge": slug(row.badge) if row.badge else "",
        "data_domain": claim.domain,
        "data_speaker": _value(_speaker(claim)),
        "data_change": "yes" if row.changed else "no",
    }
    cells = [tag("div", *_words(claim), class_="printed"), tag("div", *_judged(row), class_="judged")]
    return tag("li", *cells, id=row.anchor, data_row=True, **values)


def _words(claim: Claim) -> list[Html]:
    """What is judged: the article's own words where the dossier quotes them, else the claim in ours."""
    if not claim.quotation:
        return [tag("p", claim.paraphrase, class_="said")]
    return [tag("blockquote", f"“{claim.quotation}”")]


def _about(claim: Claim) -> Html:
    """Who says it and on what, with the claim in our words where the article's own stand above."""
    said = f"{claim.claim_id} · {_speaker(claim)} · {claim.domain}"
    own = [claim.paraphrase, Html("<br>"), said] if claim.quotation else [f"{said} · in our words"]
    return tag("p", *own, class_="soft")


def _judged(row: IndexRow) -> list[Html | str]:
    newest: Verdict | None = row.hindsight
    if newest is None:
        return [
            tag("p", "No verdict: this claim could not be judged.", class_="said"),
            _report(row),
            " ",
            _folded(row, _more(row)),
        ]
    sentence = as_html(conclusion(newest), lambda said: _evidence(said, row.report))
    then = then_line(row)
    more = [tag("p", then, class_="soft")] if then else []
    return [
        tag("p", rating_badge(newest.rating)),
        tag("p", sentence, class_="said"),
        _report(row),
        " ",
        _folded(row, *more, _more(row, _sure(newest))),
    ]


def _report(row: IndexRow) -> Html:
    """The way to the claim's card in its report."""
    about = f"{row.claim.claim_id} in the {row.topic} report"
    card = tag("a", about, href=row.target) if row.report else f"{row.claim.claim_id}, {row.topic}: no report"
    return tag("span", card, class_="soft")


def _folded(row: IndexRow, *lines: Html) -> Html:
    """The second lines of a claim, on opening it."""
    summary = tag("summary", "More", tag("span", f" on {row.claim.claim_id}", class_="unseen"))
    return tag("details", summary, _about(row.claim), *lines, class_="of-claim")


def _sure(verdict: Verdict) -> list[str]:
    """How good the evidence is; how likely the point is, and whether it was relayed faithfully, only where that says more."""
    rated, said = verdict.rated, []
    if rated is None:
        return said
    if rated.confidence and rated.confidence.sources:
        said.append(f"Evidence: {rated.confidence.words}")
    if rated.likelihood and (word := rated.likelihood.words.partition(",")[0]) not in _SURE:
        said.append(f"{word[:1].upper()}{word[1:]}")
    if rated.relayed and rated.relayed is not Relayed.YES:
        said.append(f"Relayed faithfully: {rated.relayed.value}")
    return said


_SURE = ("very likely", "almost certain")
"""Likelihoods that add nothing to a badge."""


def _more(row: IndexRow, said: Sequence[str] = ()) -> Html:
    page = [tag("a", f"{row.claim.claim_id} on one page", href=row.page)] if row.hindsight else []
    remark = f"Its report was {row.report.remark}." if row.report and row.report.remark else ""
    remarks = [tag("span", remark, class_="remark")] if remark else []
    return tag("p", join([*said, *page, *remarks], " · "), class_="soft")


def _evidence(said: Mention, report: Report | None) -> Html | str:
    """Words that lead to their row in a report; one that is not of this build or its settings may not hold the row."""
    if report is None or report.remark:
        return said.text
    return tag("a", said.text, href=f"{report.link}#{row_anchor(said.rows[0])}")


def _speaker(claim: Claim) -> str:
    return "the author" if claim.speaker in AUTHOR else claim.speaker


def _value(text: str) -> str:
    """A text as a filter's value: the sign that parts several values must not stand in it."""
    return text.replace("|", "/")
