"""What a topic's notebook shows around its own calculation, one call each: ``import claimaudit as ca``.

A notebook reads its parameters, tells the article's words, shows rows, calculates and draws in the open, then shows the card::

    result = ca.audit("figs", known, **ca.parameters("figs", globals()))
    ca.words("E01", result)
    ...
    ca.claim("E01", result)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from claimaudit.analysis.parameters import chosen
from claimaudit.api import Tables, parameters_of, tables_of
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.model import Vintage
from claimaudit.show import evidence_html, settings_html, summary
from claimaudit.show.charts import finishing
from claimaudit.show.lab import explore, lookup
from claimaudit.show.provenance import claimed_words
from claimaudit.verdict.audit import Audit


def parameters(topic: str, names: Mapping[str, Any], known: Tables | Dossier | None = None) -> dict[str, Any]:
    """The parameters of a topic that a notebook has set: give it ``globals()``. Names the topic does not know are left out.

    Raises ``UnknownNameError`` for a topic that the dossier does not have.
    """
    return chosen(parameters_of(tables_of(known).dossier, topic), names)


def overview(result: Audit) -> Html:
    """All claims of the topic at a glance: the article's words, the rating, one sentence."""
    return summary.overview(result)


def words(name: str, known: Tables | Dossier | Audit | None = None) -> Html:
    """What the article says in a claim: its words, who says it, in which paragraph, and what was made of an ambiguous word.

    Raises ``UnknownNameError`` with the nearest id where there is no such claim.
    """
    dossier = tables_of(known).dossier
    claim = dossier.claim(lookup.resolved(name, dossier)[0])
    marks = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
    said = claim.quotation.join(marks) if claim.quotation else claim.paraphrase
    speaker = dossier.article.author if claim.speaker == "author" else claim.speaker
    by = tag("footer", tag("strong", claim.claim_id), f", {speaker}, paragraph {claim.paragraph}", class_="ca-soft")
    read = [tag("p", "How we read it: ", claimed_words(claim.best_reading))] if claim.best_reading else []
    return tag("blockquote", tag("p", claimed_words(said)), *read, by, class_="ca ca-words")


def panel(result: Audit, part_or_claim: str = "", *, vintage: Vintage = Vintage.HINDSIGHT) -> widgets.Box:
    """Sliders and menus over all that the verdict on a part rests on, with the claim's rating; it opens as ``result`` is.

    Of a claim it opens with the part that decides its rating; blank: of the first claim. There are the parameters of the
    topic's model where one speaks on the part, the figure it claims, each source to leave out, and the method's numbers.
    Raises ``UnknownNameError`` where the topic has no such part or claim.
    """
    added = getattr(result, "added", ())
    return explore.panel(result.topic, result.dossier, result.parameters, part_or_claim, vintage=vintage, added=added)


def appendix(result: Audit, *shown: pd.DataFrame | Iterable[str]) -> Html:
    """The evidence, with the rows of all frames that were ``shown`` beside what the verdicts rest on, and the settings."""
    also = [name for frame in shown if len(frame) for name in finishing.row_ids(frame, result.dossier)]  # type: ignore[arg-type]
    pieces = [
        evidence_html.evidence_table(result, also=also),
        evidence_html.context_table(result),
        settings_html.settings(result),
    ]
    return join(pieces)
