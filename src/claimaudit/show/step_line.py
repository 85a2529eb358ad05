"""A claim's badges over time as one small step line, for a card or a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from claimaudit.html import Html, tag
from claimaudit.model import Article
from claimaudit.rated import Badge
from claimaudit.verdict.history import runs, sentence
from claimaudit.verdict.timeline import Step

_WIDE, _HIGH, _EDGE = 240, 40, 4


def step_line(steps: Sequence[Step], article: Article, first: date | None = None) -> Html:
    """From ``first`` (else the claim's first day, at most a year before publication) to the day the dossier was closed.

    The higher the better the badge, five steps; a thin upright line marks the day of publication. What it shows is said in words as
    its label. Empty where the badge was the same throughout: that is said in words.
    """
    found = runs(steps)
    if not found:
        return Html("")
    begin = first or max(found[0].since, article.published.replace(year=article.published.year - 1, day=1))
    end = max(article.compiled, begin)
    whole = max((end - begin).days, 1)

    def place(day: date) -> float:
        return round(_EDGE + (_WIDE - 2 * _EDGE) * min(max((day - begin).days / whole, 0.0), 1.0), 1)

    def height(badge: Badge) -> float:
        return round(_HIGH - _EDGE - (_HIGH - 2 * _EDGE) * badge.rank / (len(Badge) - 1), 1)

    corners = []
    for run in found:
        until = run.until or end
        if until > begin or run.until is None:
            corners += [f"{place(run.since)},{height(run.badge)}", f"{place(until)},{height(run.badge)}"]
    if len({corner.partition(",")[2] for corner in corners}) < 2:
        return Html("")
    line = tag("polyline", points=" ".join(corners), fill="none", stroke="currentColor", stroke_width="2")
    x = place(article.published)
    mark = tag("line", x1=x, x2=x, y1=0, y2=_HIGH, stroke="currentColor", stroke_width="1", stroke_dasharray="2 3")
    return tag(
        "svg", mark, line, viewBox=f"0 0 {_WIDE} {_HIGH}", width=_WIDE, height=_HIGH, role="img",
        aria_label=sentence(steps, article),
    )  # fmt: skip
