"""The index page: every claim with both verdicts, links that lead somewhere, failures in sight."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from claimaudit.analysis import audit
from claimaudit.dossier import Dossier
from claimaudit.publish.index import Failure, Report, index_page, index_rows
from claimaudit.publish.report import broken_links
from pages import assert_self_contained
from samples import write_dossier


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


@pytest.fixture(scope="module")
def rows(dossier):
    verdicts = chain.from_iterable(audit(dossier, topic).verdicts for topic in ("figs", "ferries"))
    return index_rows(dossier.claims, verdicts, [Report("figs.html", "Figs of the harbour", "figs")])


def test_the_page_is_complete_in_itself(dossier, rows):
    page = index_page(dossier.article, rows)

    assert_self_contained(page)
    assert broken_links(page) == []
    assert page == index_page(dossier.article, rows)


def test_claims_stand_in_the_articles_order_under_their_domain(dossier, rows):
    page = index_page(dossier.article, rows)

    assert [row.claim.paragraph for row in rows] == sorted(row.claim.paragraph for row in rows)
    assert page.index("Economic claims</h2>") < page.index("The harbour sold") < page.index("Military claims</h2>")
    assert page.index("Military claims</h2>") < page.index("A ferry was armed")


def test_each_claim_shows_both_labels_and_leads_to_its_report(dossier, rows):
    page = index_page(dossier.article, rows)
    row = re.search(r"<tr><th scope=\"row\"><a href=\"figs\.html#claim-E01\">E01</a>.*?</tr>", page)[0]

    assert "supported" in row
    assert "conflicting" in row
    assert "the author, paragraph 2" in row
    assert '<td data-label="Origins" class="ca-number">3</td>' in row


def test_a_claim_without_a_report_or_verdict_says_so(dossier):
    page = index_page(dossier.article, index_rows(dossier.claims, [], []))

    assert page.count("no report</span>") == 2
    assert "no verdict" in page
    assert "No report was written." in page


def test_the_result_is_counted_at_both_dates(dossier, rows):
    page = index_page(dossier.article, rows)

    assert "At publication (14 March 2023)</strong>: 1 supported, 1 not enough evidence" in page
    assert "In hindsight (1 June 2024)</strong>: 1 not enough evidence, 1 conflicting" in page


def test_failed_notebooks_are_marked_with_cell_and_error(dossier, rows):
    failures = [Failure("ferries.ipynb", 4, "ValueError: <b>no ferry</b>"), Failure("gone.ipynb", 0, "not found")]
    page = index_page(dossier.article, rows, failures)

    assert "ferries.ipynb</strong>, cell 4: <code>ValueError: &lt;b&gt;no ferry&lt;/b&gt;</code>" in page
    assert "before the first cell" in page


def test_further_reports_and_data_are_listed(dossier, rows):
    page = index_page(dossier.article, rows, reports=[Report("synthesis.html", "All in all")])

    for link in ("figs.html", "synthesis.html", "verdicts.csv", "verdicts.json"):
        assert f'href="{link}"' in page
