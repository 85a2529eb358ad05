"""Every figure leads to its source: the links as HTML, and the walk that finds figures that do not."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.show import cards, evidence_html, html_tables, provenance, settings_html, summary
from claimaudit.verdict.audit import audit
from claimaudit.verdict.wording import reason_text
from provenance_walk import figures, loose_figures
from samples import write_dossier


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs")


@pytest.fixture(scope="module")
def ends(figs):
    """What links lead to: the evidence and the settings."""
    return join([evidence_html.evidence_table(figs), settings_html.settings(figs)])


def walked(*parts: Html) -> list[str]:
    return [item.figure for item in loose_figures(f"<body>{join(parts)}</body>")]


# -- the links ---------------------------------------------------------------------------------------------------------


def test_rows_behind_a_table_are_listed_with_how_and_by_what_settings(figs):
    shown = provenance.computed_from(
        figs.dossier, ["fig.customs", ("fig.audit", "fig.customs")], "Added.", given=["draws"]
    )

    assert str(shown) == (
        '<details class="ca-from"><summary>Computed from 2 rows</summary><p>Added.</p><ul>'
        '<li>Customs house: <a href="#row-fig.customs">95 crates (90 to 100), 2022</a></li>'
        '<li>Audit office: <a href="#row-fig.audit">60 crates (55 to 65), 2022</a></li></ul>'
        '<p>Settings: <a href="#parameter-draws"><code>draws</code></a>; <a href="#method">numbers of the method</a>.</p>'
        "</details>"
    )


def test_a_reason_links_what_it_cites_and_marks_the_claims_words(figs):
    shown = str(cards.verdict_reason(figs, "E01"))

    assert shown.startswith('Disputed: <span class="ca-claimed">Sales in 2022 were about 100 crates</span>.')
    assert shown.count('class="ca-ref"') == 2
    assert 'href="#row-fig.customs"' in shown
    assert 'href="#row-fig.audit"' in shown


def test_marked_reasons_say_the_same_words_as_the_verdict(audited):
    from bs4 import BeautifulSoup

    result = audited("munitions")
    for verdict in result.verdicts:
        shown = BeautifulSoup(str(cards.verdict_reason(result, verdict.key, verdict.vintage)), "html.parser")
        for note in shown.select(".ca-note"):
            note.decompose()

        assert shown.get_text() == reason_text(verdict)


def test_the_card_names_the_strongest_evidence_on_both_sides_of_a_disputed_part(figs):
    card = str(cards.claim_card(figs, "E01"))
    parts = card[card.index('<ul class="ca-marks') : card.index("</ul>")]

    assert 'For it <span class="ca-cite"><a href="#row-fig.customs"' in parts
    assert 'against it <span class="ca-cite"><a href="#row-fig.audit"' in parts


def test_every_reference_is_described_by_the_row_it_leads_to(figs, ends):
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(str(cards.claim_card(figs, "E01") + ends), "html.parser")
    links = soup.select("a.ca-ref")

    assert links
    for link in links:
        row = soup.find(id=link["aria-describedby"])
        assert link["href"] == f"#{row['id']}"
        assert "grade" not in link.get_text()
        assert link.parent.select_one(".ca-note").get_text()


@pytest.mark.parametrize("name", ["row", "rows"])
def test_a_tables_rows_lead_to_the_evidence_they_name(figs, name):
    frame = pd.DataFrame({"who": ["a", "b"], "crates": [95, 60], name: ["fig.customs", ("fig.audit", "fig.gazette")]})
    shown = str(html_tables.table(frame, "Crates", of=figs.dossier))

    assert '<th scope="col">Source</th>' in shown
    assert f'<th scope="col">{name.capitalize()}</th>' not in shown
    assert shown.count('<a href="#row-') == 3
    assert '<td class="ca-number">95</td>' in shown


def test_a_table_indexed_by_observations_needs_no_further_word(figs):
    frame = pd.DataFrame({"crates": [95.0]}, index=["fig.customs"])

    assert 'href="#row-fig.customs"' in str(html_tables.table(frame, "Crates", of=figs.dossier))


# -- the walk ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sold 300,000 rounds", ["300,000"]),
        ("about 0.54% of it", ["0.54%"]),
        ("between <1% and >99%", ["<1%", ">99%"]),
        ("on 14 March 2023, in 2022, from 2000-2015", []),
        ("January 2023 to 5 May 2024; seen 2023-03-14", []),
        ("claim E14, part M01.fits, paragraph 3", []),
        ("a Su-35 and a Boeing 707", []),
        ("12 of 2,022", ["12", "2,022"]),
        ("in 2022 it was 7", ["7"]),
        ("$4.6bn.", ["4.6"]),
    ],
)
def test_what_counts_as_a_figure(text, found):
    assert figures(text) == found


def test_a_bare_number_is_caught_with_its_section(ends):
    page = f"<body><h2>Trade</h2><p>It came to 4.6 billion.</p>{ends}</body>"
    (loose,) = loose_figures(page)

    assert (loose.section, loose.figure) == ("Trade", "4.6")
    assert "It came to" in str(loose)


def test_a_card_and_an_overview_hold_no_bare_number(figs, ends):
    assert walked(summary.overview(figs), summary.claim_cards(figs), ends) == []


@pytest.mark.parametrize("topic", ["energy", "space", "munitions"])
def test_no_figure_of_a_card_is_loose(audited, topic):
    """Unproven claims, whose cards have no line on the strength of the evidence, among them."""
    result = audited(topic)
    ends = join([evidence_html.evidence_table(result), settings_html.settings(result)])

    assert walked(summary.overview(result), summary.claim_cards(result), ends) == []


def test_without_the_evidence_table_the_same_card_leads_nowhere(figs):
    assert "95" in walked(cards.claim_card(figs, "E01"))


def test_a_table_without_sources_is_caught_and_with_them_is_not(figs, ends):
    frame = pd.DataFrame({"who": ["a", "b"], "crates": [95, 60]})

    assert walked(html_tables.table(frame, "Crates"), ends) == ["95", "60"]
    assert (
        walked(html_tables.table(frame, "Crates", of=figs.dossier, rows=["fig.customs"], how="Read off."), ends) == []
    )


def test_one_sourced_row_does_not_vouch_for_another(figs, ends):
    frame = pd.DataFrame({"who": ["a", "b"], "crates": [95, 61], "rows": ["fig.customs", None]})

    assert walked(html_tables.table(frame, "Crates", of=figs.dossier), ends) == ["61"]


def test_links_that_lead_nowhere_do_not_count(ends):
    assert walked(tag("p", tag("a", "7", href="#row-none")), ends) == ["7"]
    assert walked(tag("p", tag("a", "7", href="other.html")), ends) == ["7"]
    assert walked(tag("p", tag("a", "7", href="#row-fig.audit")), ends) == []


def test_the_line_above_folded_evidence_must_count_its_rows(ends):
    wrong = str(ends).replace("Evidence: 4 observations", "Evidence: 5 observations")

    assert [item.figure for item in loose_figures(f"<body>{wrong}</body>")] == ["5"]


def test_the_checker_overlooks_newer_style_and_nothing_else(tmp_path):
    from page_checks import html_faults

    page = tmp_path / "page.html"
    style = "<style>a { anchor-name: --x; position-area: top; colour: red }</style>"
    page.write_text(f'<!DOCTYPE html><html lang="en"><head><title>x</title>{style}</head><body><p>x</body></html>')
    (fault,) = html_faults([page])

    assert "colour" in fault


@pytest.mark.parametrize("topic", ["munitions", "space", "sanctions"])
def test_a_finding_a_reason_cites_leads_to_the_row_of_the_publisher_it_names(audited, topic):
    found = audited(topic)
    cited = [
        pair
        for claim in found.claims
        for view in found.views
        for pair in re.findall(
            r'<span class="ca-note"><b>[^<]*</b><br>([^<]*); grade(?:(?!ca-note).)*?</span></span> \(([^;]*?, [\w ]*?\d{4})\)',
            str(cards.verdict_reason(found, claim.claim_id, view.vintage)),
        )
    ]

    assert cited
    assert [pair for pair in cited if pair[0] != pair[1]] == []
