"""The short answers of a report."""

from __future__ import annotations

from claimaudit.show import evidence_html, provenance, summary


def test_overview_names_every_claim_with_both_labels(audited):
    html = str(summary.overview(audited("trade")))

    assert 'href="#claim-E14"' in html
    assert 'href="#claim-E18"' in html
    assert html.count("ca-badge") == 4


def test_sources_line_leads_to_rows_and_folds_what_is_beyond_a_few(project):
    rows = [row.observation_id for row in project.rows(measure="trade_turnover", entity="RUS-IRN")]
    html = str(provenance.sources_of(project, rows, most=3))

    shown, folded = html.split("<details")
    publishers = {project.sources.at[project.observation(name).source_id, "publisher"] for name in rows}
    assert shown.count('href="#row-') == 3
    assert folded.count('href="#row-') == len(publishers) - 3
    assert "<details" not in str(provenance.sources_of(project, rows[:1]))


def test_context_table_gives_the_reason_for_rows_without_weight(audited):
    html = str(evidence_html.context_table(audited("munitions")))

    assert "Kept without weight" in html
    assert "Papers of September 2022 that could not be verified" in html
