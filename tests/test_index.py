"""The index page: the result at a glance, every claim with both verdicts, links that lead somewhere, failures in sight."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label
from claimaudit.outcome import Outcomes
from claimaudit.publish.index import index_page
from claimaudit.publish.index_rows import Failure, Report, index_rows
from claimaudit.publish.report import broken_links
from claimaudit.verdict.audit import audit
from pages import Page, assert_self_contained
from samples import write_dossier


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


@pytest.fixture(scope="module")
def rows(dossier):
    audits = [audit(dossier, topic) for topic in ("figs", "ferries")]
    verdicts = [verdict for item in audits for verdict in item.verdicts]
    return index_rows(dossier.claims, verdicts, [Report("figs.html", "Figs of the harbour", "figs")])


def named(claim, *texts):
    """Parts of a claim called so."""
    grounds = claim.deciding.grounds
    return tuple(
        replace(claim.deciding, part_id=text, grounds=replace(grounds, part=replace(grounds.part, text=text)))
        for text in texts
    )


def test_the_page_is_complete_in_itself(dossier, rows):
    page = index_page(dossier, rows)

    assert_self_contained(page)
    assert broken_links(page) == []
    assert page == index_page(dossier, rows)


def test_claims_stand_in_the_articles_order(dossier, rows):
    page = index_page(dossier, rows)

    assert [row.claim.paragraph for row in rows] == sorted(row.claim.paragraph for row in rows)
    assert re.findall(r'<tr id="claim-(\w+)"', page) == ["E01", "M01"]
    assert page.index("Economic claims</h3>") < page.index("Military claims</h3>")


def test_each_claim_shows_both_labels_and_leads_to_its_report(dossier, rows):
    page = index_page(dossier, rows)
    row = re.search(r'<tr id="claim-E01".*?</tr>', page)[0]

    assert '<th scope="row"><a href="figs.html#claim-E01">E01</a></th>' in row
    assert re.findall(r'class="ca-badge ca-([\w-]+)"', row) == [
        rows[0].at_publication.label.value.replace("_", "-"),
        rows[0].hindsight.label.value.replace("_", "-"),
    ]
    assert "the author, paragraph 2" in row
    assert f'<td data-label="Origins" class="number">{len(rows[0].hindsight.origins)}</td>' in row
    assert rows[0].hindsight.deciding.text in row


def test_the_picture_has_a_column_a_claim_that_leads_to_it_and_says_what_it_shows(dossier, rows):
    page = index_page(dossier, rows)
    columns = [found for tag, found in Page(page).elements if tag == "a" and "data-mark" in found]

    assert [found["href"] for found in columns] == ["#claim-E01", "#claim-M01"]
    for found, row in zip(columns, rows, strict=True):
        assert f"{row.at_publication.label.words} " in found["aria-label"]
        assert f"{row.hindsight.label.words} " in found["aria-label"]
        assert row.claim.paraphrase in found["aria-label"]
    assert "relabelled" in columns[0]["class"]
    assert "relabelled" not in columns[1]["class"]


@pytest.mark.parametrize(
    ("refuted", "loose", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 has a detail that does not hold; each row names it."),
        (0, 2, "2 have a detail that is not established; each row names it."),
        (1, 1, "1 has a detail that does not hold and 1 more has one that is not established; each row names it."),
    ],
)
def test_the_opening_counts_supported_claims_with_details_that_do_not_stand(dossier, rows, refuted, loose, words):
    """A claim with both counts once; one that is not supported does not count."""
    held = replace(
        next(row for row in rows if row.hindsight.label is not Label.SUPPORTED).hindsight, label=Label.SUPPORTED
    )
    date, name = named(held, "A date"), named(held, "A name")
    both = replace(held, details=Outcomes(refuted=date, open=name))
    wrong = [replace(rows[0], hindsight=both)] * refuted
    open_ = [replace(rows[0], hindsight=replace(held, details=Outcomes(open=name)))] * loose
    not_held = replace(rows[0], hindsight=replace(both, label=Label.REFUTED))
    page = index_page(dossier, [*wrong, *open_, not_held])

    assert (f"Of the supported claims, {words}" in page) is bool(words)
    assert ("Of the supported claims" in page) is bool(words)


def test_the_deciding_evidence_leads_to_its_row_in_a_report_of_this_build(dossier, rows):
    link = '<a href="figs.html#row-fig.customs">95 crates (90 to 100 crates), 2022</a> (Customs house, 2023-02-01)'
    kept = replace(rows[0], report=replace(rows[0].report, kept=True))

    assert link in index_page(dossier, rows)
    assert 'href="figs.html#row-' not in index_page(dossier, [kept])
    assert "95 crates (90 to 100 crates), 2022 (Customs house, 2023-02-01)" in index_page(dossier, [kept])


def test_details_that_do_not_hold_are_named(dossier, rows):
    own = rows[0].hindsight
    parts = Outcomes(holds=named(own, "A part."), refuted=(own.deciding,), conflicting=named(own, "A sum"))
    details = Outcomes(refuted=named(own, "A date"), open=named(own, "A name", "A place"))
    page = index_page(dossier, [replace(rows[0], hindsight=replace(own, essential=parts, details=details))])
    words = re.sub("<[^>]*>", "", page)

    assert "Right in part: A part." in words
    assert "In conflict: A sum." in words
    assert "A detail that does not hold: A date." in words
    assert "Not established: A name; A place." in words


def test_a_claim_without_a_report_or_verdict_says_so(dossier):
    page = index_page(dossier, index_rows(dossier.claims, [], []))

    assert page.count("no report</span>") == 2
    assert page.count("no verdict</td>") == 4
    assert "No report was written." in page
    assert "no verdict could be computed" in page


def test_the_result_is_counted_at_both_dates(dossier, rows):
    page = index_page(dossier, rows)
    tally = re.search(r'<table class="tally">.*?</table>', page.replace("\n", ""))[0] if 'class="tally"' in page else ""
    counts = dict(re.findall(r"</svg> ([\w ]+)</th><td>(\d)</td><td>\d</td>", tally))

    assert counts == {"Supported": "1", "Refuted": "0", "Not enough evidence": "1", "Conflicting": "0"}
    assert (
        "In hindsight none of 2 claims is supported, none is refuted and 1 is conflicting; for 1 the evidence" in page
    )
    assert "1 label changed after publication." in page


def test_failed_notebooks_are_marked_with_cell_and_error(dossier, rows):
    failures = [Failure("ferries.ipynb", 4, "ValueError: <b>no ferry</b>"), Failure("gone.ipynb", 0, "not found")]
    page = index_page(dossier, rows, failures)

    assert "ferries.ipynb</strong>, cell 4: <code>ValueError: &lt;b&gt;no ferry&lt;/b&gt;</code>" in page
    assert "before the first cell" in page


def test_further_reports_data_and_how_to_cite_are_listed(dossier, rows):
    report = Report("synthesis.html", "All in all")
    page = index_page(dossier, rows, reports=[report], downloads=["verdicts.csv", "feed.xml"], cite="We. 2024.")

    for link in ("figs.html", "synthesis.html", "verdicts.csv", "feed.xml"):
        assert f'href="{link}"' in page
    assert '<p class="cite">We. 2024.</p>' in page
