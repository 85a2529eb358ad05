"""The short answers of a report."""

from __future__ import annotations

from claimaudit.show import cards, evidence_html, provenance, summary
from claimaudit.verdict.wording import conclusion


def test_overview_gives_every_claim_its_rating_and_the_same_sentence_as_its_card(audited):
    result = audited("trade")
    html = str(summary.overview(result))

    for claim in result.claims:
        sentence = str(provenance.linked(result.dossier, conclusion(result.verdict(claim.claim_id))))
        assert f'href="#claim-{claim.claim_id}"' in html
        assert sentence in html
        assert f'<p class="ca-conclusion">{sentence}</p>' in str(cards.claim_card(result, claim.claim_id))
    assert html.count("ca-badge") == len(result.claims)


def test_sources_line_leads_to_rows_and_folds_what_is_beyond_a_few(project):
    rows = [row.observation_id for row in project.rows(measure="trade_turnover", entity="RUS-IRN")]
    html = str(provenance.sources_of(project, rows, most=3))

    publishers = {project.sources.at[project.observation(name).source_id, "publisher"] for name in rows}
    assert html.count('href="#row-') == 3
    assert html.endswith(f" and {len(publishers) - 3} more, in the evidence"), "too many to read are a number"
    few = str(provenance.sources_of(project, rows[:9], most=3))
    shown, folded = few.split("<details")
    told = {project.sources.at[project.observation(name).source_id, "publisher"] for name in rows[:9]}
    assert shown.count('href="#row-') == 3
    assert folded.count('href="#row-') == len(told) - 3
    assert "<details" not in str(provenance.sources_of(project, rows[:1]))


def test_context_table_gives_the_reason_for_rows_without_weight(audited):
    html = str(evidence_html.context_table(audited("munitions")))

    assert "Kept without weight" in html
    assert "Papers of September 2022 that could not be verified" in html
