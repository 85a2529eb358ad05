"""The claims over time: when each became what it is, what falls due, and the same as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from claimaudit import formats, inert
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.publish.clean import Heading
from claimaudit.publish.foot import foot
from claimaudit.publish.page import Meta, page
from claimaudit.show.step_line import step_line
from claimaudit.verdict.history import COLUMNS, Due, dues, moved, runs, sentence, table
from claimaudit.verdict.timeline import Step

FILE, CSV = "timeline.html", "timeline.csv"
_SECTIONS = (
    ("since", "Ratings that changed after publication"),
    ("all", "All other claims"),
    ("due", "Promises and forecasts"),
)


def timeline_page(dossier: Dossier, timelines: Mapping[str, Sequence[Step]]) -> str:
    """The page; a claim whose topic could not be judged is left out."""
    whole = dossier.whole or dossier
    article = whole.article
    late = set(moved(timelines, article))
    days = len({step.day for steps in timelines.values() for step in steps})
    lead = (
        f"Each claim judged on every day on which its verdict could have changed: {formats.count(days, 'day')} on which a row "
        "became public or something fell due, all with the evidence of that day and by the same method. "
        f"After the article appeared on {formats.day(article.published)}, {formats.count(len(late), 'claim')} came to "
        "another rating."
    )
    names = [claim.claim_id for claim in whole.claims if claim.claim_id in timelines]
    bodies = (
        _listing(whole, timelines, [name for name in names if name in late]),
        _listing(whole, timelines, [name for name in names if name not in late]),
        _due(dues(whole)),
    )
    sections = [
        tag("section", tag("h2", title, id=anchor), body)
        for (anchor, title), body in zip(_SECTIONS, bodies, strict=True)
    ]
    more = tag("p", "Every day as a table: ", tag("a", CSV, href=CSV), ".")
    body = join([tag("h1", "Over time"), tag("p", lead, class_="lead"), more, *sections], Html("\n"))
    headings = [Heading(2, anchor, title) for anchor, title in _SECTIONS]
    meta = Meta(description="When each claim came to its rating, day by day.", foot=foot(dossier))
    return page("Over time", body, meta=meta, headings=headings, here=FILE)


def _listing(dossier: Dossier, timelines: Mapping[str, Sequence[Step]], names: Sequence[str]) -> Html:
    if not names:
        return tag("p", "None.")
    rows = []
    for name in names:
        claim, steps = dossier.claim(name), timelines[name]
        head = [tag("a", name, href=f"index.html#claim-{name}"), tag("span", claim.paraphrase, class_="soft")]
        why = [tag("span", words, class_="soft") for words in _whys(steps, dossier)]
        rows.append(
            tag(
                "tr",
                tag("th", *head, scope="row"),
                tag("td", sentence(steps, dossier.article), *why, data_label="When"),
                tag("td", step_line(steps, dossier.article)),
            )
        )
    heads = [tag("th", words, scope="col") for words in ("Claim", "When", "From wrong (low) to right (high)")]
    caption = "When each claim came to its rating; the dashed line is the day of publication"
    shown = tag("table", tag("caption", caption), tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    return tag("div", shown, class_="listing listing-timeline")


def _whys(steps: Sequence[Step], dossier: Dossier) -> list[str]:
    """What became known on each day since publication on which the badge changed."""
    by_day = {step.day: step for step in steps}
    told = []
    for run in runs(steps):
        known = by_day[run.since].known if run.since > dossier.article.published else ()
        if known:
            source = dossier.observation(known[0]).source_id
            publisher = dossier.heard_from(source)
            more = f", and {formats.count(len(known) - 1, 'more source')}" if len(known) > 1 else ""
            told.append(f"{formats.day(run.since)}: {publisher}{more}")
    return told


def _due(found: Sequence[Due]) -> Html:
    if not found:
        return tag("p", "No claim holds a promise or a forecast with a day.")
    coming = [item for item in found if not item.passed]
    lead = f"Next: {coming[0].words}" if coming else "Nothing is due after the day the dossier was closed."
    return join([tag("p", lead), tag("ul", *(tag("li", item.words) for item in found))])


def timeline_csv(timelines: Mapping[str, Sequence[Step]]) -> str:
    """Every claim on every day on which its verdict could have changed; columns are ``history.COLUMNS``."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: inert.cell(value) for name, value in row.items()} for row in table(timelines))
    return buffer.getvalue()
