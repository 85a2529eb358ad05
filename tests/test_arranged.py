"""The order of a report: answer, summary, cards, how it was tested, more evidence folded, limits, gaps, evidence."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook

from claimaudit.dossier.dossier import Dossier
from claimaudit.publish import arranged as arranged_page
from claimaudit.publish.arranged import Card, cards_of
from claimaudit.publish.page import Meta
from claimaudit.publish.report import broken_links, export
from claimaudit.rated import Badge, Rating
from claimaudit.show import cards, evidence_html, settings_html, summary
from claimaudit.verdict.audit import audit
from pages import assert_self_contained
from samples import write_dossier
from test_report import code, shown

CHART = "<figure class='ca ca-figure'><p>A chart</p></figure>"


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs")


@pytest.fixture(scope="module")
def html(figs):
    cells = [
        new_markdown_cell("# Figs of the harbour\n\n**The question.** How many?"),
        new_markdown_cell("## The verdicts"),
        code("overview", shown(str(summary.overview(figs)))),
        new_markdown_cell("## First look"),
        *(code("chart", shown(CHART)) for _ in range(3)),
        new_markdown_cell("## Second look"),
        *(code("chart", shown(CHART)) for _ in range(3)),
        new_markdown_cell("## Claim by claim"),
        code("cards", shown(str(summary.claim_cards(figs)))),
        new_markdown_cell("**Caveats.** one office counts.\n\n**Not found.** The ledger; a stamp."),
        new_markdown_cell("## Evidence and settings"),
        code("table", shown(str(evidence_html.evidence_table(figs)))),
        code("settings", shown(str(settings_html.settings(figs)))),
    ]
    return export(new_notebook(cells=cells), title="x", meta=Meta(facts=(("Article", "Figs"),)))


def test_the_answer_is_the_title_after_the_topic(html):
    assert '<header class="opening opening-report"><h1><a href="#report-cards">' in html
    assert '">Figs of the harbour: the only claim is unproven</a></h1>' in html
    assert_self_contained(html)
    assert broken_links(html) == []


def test_the_parts_stand_in_the_order_of_the_guide(html):
    body = html.partition("<main")[2]
    marks = (
        "<h1>", 'class="ca summary"', 'id="report-claims"', 'id="claim-E01"', 'id="report-tested"', "The question.",
        'id="First-look"', 'id="report-more"', 'id="Second-look"', 'id="Claim-by-claim"', 'id="Limits"',
        'id="What-we-could-not-find"', 'id="Evidence-and-settings"', "ca-evidence",
    )  # fmt: skip
    places = {mark: body.index(mark) for mark in marks}
    order = [*sorted(places, key=places.__getitem__)]
    order.remove('id="Claim-by-claim"')  # its place is the notebook's, before or after what is folded

    assert order == [mark for mark in marks if mark != 'id="Claim-by-claim"']


def test_a_card_leaves_a_line_with_its_badge(html):
    assert html.count('<section id="claim-E01"') == 1
    assert re.search(r'<a href="#claim-E01" class="ca-from">Claim E01</a> <span class="ca-rating">', html)


def test_the_sections_after_the_first_charts_are_folded(html):
    folded = re.search(r'<details class="more"><summary><h3 id="Second-look">.*?</details>', html, re.DOTALL)[0]

    assert folded.count("<figure") == 3
    assert '<details class="more"><summary><h3 id="First-look">' not in html


def test_headings_go_down_one_by_one_and_the_contents_lead_to_each(html):
    body = html.partition("<main")[2]
    levels = [int(level) for level in re.findall(r"<h(\d)", body)]

    assert max(after - before for before, after in pairwise(levels)) == 1
    assert '<a href="#Second-look">Second look</a>' in html
    assert '<a href="#report-claims">The claims</a>' in html
    assert "The verdicts" not in html


def test_one_box_shows_the_code_and_there_is_none_without_code(html):
    assert html.count('type="checkbox"') == 1
    assert '<label for="report-code">' in html
    assert (
        "<details" not in str(export(new_notebook(cells=[new_markdown_cell("# A")]), title="A")).partition("<main")[2]
    )
    assert 'type="checkbox"' not in export(new_notebook(cells=[new_markdown_cell("# A")]), title="A")


def test_parameters_are_told_where_they_differ(figs):
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Parameters:
        crates: int = 100

    same, other = (str(settings_html.changed_parameters(Parameters(many))) for many in (100, 90))

    assert "All parameters are at their defaults." in same
    assert "away from their defaults: crates = 90." in other


def test_what_only_looks_like_a_card_is_none():
    fake = '<section id="claim-X" class="ca ca-claim" data-badge="GREAT" data-reason=""><p class="ca-conclusion">x</p></section>'

    assert cards_of(fake) == []
    assert len(cards_of(fake.replace("GREAT", "RIGHT"))) == 1
    assert "GREAT" in export(new_notebook(cells=[code("x", shown(fake))]), title="x")


def test_names_of_the_pages_own_parts_are_not_taken_from_it(figs):
    cells = [
        code("x", shown('<h2 id="report-claims">Mine</h2>')),
        code("card", shown(str(cards.claim_card(figs, "E01")))),
    ]

    assert_self_contained(export(new_notebook(cells=cells), title="x"))


def summed(*cards):
    """The claims a summary names, by badge and sentence as given."""
    made = [Card(name, Rating(badge, ""), sentence, "") for name, badge, sentence in cards]
    return BeautifulSoup(str(arranged_page._summary(made)), "html.parser")


def test_the_summary_gives_figures_and_fills_three_places():
    shown = summed(
        ("A", Badge.RIGHT, "It rose."),
        ("B", Badge.RIGHT, 'It rose by <a href="#x">5%</a>.<span class="ca-aside"> Its text could not be read.</span>'),
        ("C", Badge.UNPROVEN, "It may fall."),
        ("D", Badge.RIGHT, "It rose by 7% and more."),
    )

    assert [item.select_one(".ca-from").text for item in shown.select("li")] == ["B", "C", "D"]
    assert "could not be read" not in shown.text
