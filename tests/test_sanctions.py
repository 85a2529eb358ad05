"""Rank, interest, cost and chain of E01, E30, E10, E36, E19 and E20 against figures worked out by hand from the rows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis.hearing import extent_of
from claimaudit.analysis.uncertainty import Split
from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.show.cards import claim_card
from claimaudit.verdict.audit import audit, unused
from notebooks_on_disk import cells_run
from russia_iran.economic import sanctions

P = sanctions.Parameters(draws=20_000)


# -- rank --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leader", "rival", "percent"), [(3616, 2608, 38.65), (3616 + 451, 2608, 55.94), (5000, 2608, 91.72)]
)
def test_growth_needed_is_the_memos(leader, rival, percent):
    assert sanctions.growth_needed(leader, rival) == pytest.approx(percent, abs=0.01)


def test_most_the_third_state_can_have_gained_by_hand(project):
    """451 designations, times 11,327 over 20 x 451 (both on Russia), times 372 of 365 days, over 2,608."""
    found = sanctions.room(project.at_publication(), P)

    assert found.third.entity == "SYR"
    assert found.most == pytest.approx(100 * 451 * 11_327 / (20 * 451) * 372 / 365 / 2608)
    assert list(found.needed.values()) == pytest.approx([38.65, 55.94], abs=0.01), (
        "Iran's count of 2025 was not yet known"
    )
    assert found.chance == 1


def test_designations_become_sanctions_as_they_did_on_russia():
    """451 designations, where 9,020 on Russia were 11,327 sanctions, are 566; in 372 days that is 22% of 2,608."""
    assert sanctions.sanctions_of(451, 11_327, 9_020) == pytest.approx(566.35)
    assert sanctions.most_growth(566.35, 372, 2608) == pytest.approx(22.13, abs=0.01)


def test_rank_model_needs_its_rows(project):
    assert sanctions.room(project.as_of("2022-06-01"), P) is None


def test_unseen_growth_turns_the_rank(project):
    result = audit(project, "sanctions", replace(P, slack=10))

    assert result.verdict("E01.stability").label is not Label.SUPPORTED
    flip = next(
        flip for flip in audit(project, "sanctions", P).flips["E01.stability", Vintage.HINDSIGHT] if flip.threshold > 0
    )
    assert flip.threshold > 1.5
    assert "Syria" in flip.words


# -- cost --------------------------------------------------------------------------------------------------------------


def test_bank_cost_by_hand():
    """90% of 150 billion at 5.5% is 7.425 billion."""
    assert sanctions.bank_cost(150e9, 0.9, 5.5) == pytest.approx(7.425e9)


def test_trade_year_is_the_one_the_article_could_speak_of(project):
    """At publication the latest year counted was 1400; 1401 began before the article, 1403 is no base for the claim."""
    then = sanctions.latest_year(project.at_publication(), "nonoil_trade_turnover")
    now = sanctions.latest_year(project.hindsight(), "nonoil_trade_turnover")

    assert (then.value, now.value) == (101.6e9, 112.821e9)


def test_oil_sales_by_hand(project):
    """900,000 barrels a day at 100 less 7 dollars are 30.55 billion; the counts in hindsight stay apart."""
    then, now = sanctions.oil_sales(project.at_publication()), sanctions.oil_sales(project.hindsight())

    assert list(then.values()) == pytest.approx([0.9e6 * 365 * 93])
    assert set(now.values()) >= {38e9, 42.6e9, 54e9}


def test_rival_counts_become_a_range_not_a_mean():
    assert sanctions.spread([30.0, 54.0, 42.0], 0.25) == Split(30, 42, 54)
    assert sanctions.spread([40.0], 0.25) == Split(30, 40, 50)


@pytest.mark.parametrize("vintage", ["at_publication", "hindsight"])
def test_no_draw_can_reach_twenty_billion_at_the_chambers_charge(project, vintage):
    """The kindest corner, all trade and oil at its highest, all of it through proxies at 8%, stays below 15 billion."""
    view = getattr(project, vintage)()
    oil = max(sanctions.oil_sales(view).values()) * 1.25
    corner = (sanctions.latest_year(view, "nonoil_trade_turnover").value * 1.05 + oil) * 0.08

    found = {item.origin: item for item in sanctions.findings(view, P) if item.part_id == "E19.banking"}
    assert corner < 15e9
    assert found["iran-chamber-soltani-2016"].probability == 0
    assert found["hemmati-20210530"].probability == 0, "15 to 16 billion for the whole bound the part"
    assert all(item.probability < 0.05 for item in found.values())
    assert "akhoundi-ilna-202104" not in found, "re-routing, relabelling and insurance say nothing on banks alone"


def test_each_independent_source_stands_by_itself_and_russian_charges_only_if_asked(project):
    own = {item.origin for item in sanctions.findings(project, P) if item.part_id == "E19.banking"}
    every = {
        item.origin for item in sanctions.findings(project, replace(P, charges="all")) if item.part_id == "E19.banking"
    }

    assert own == {"iran-chamber-soltani-2016", "wall-street-journal-201204", "adnkronos-20080509", "hemmati-20210530"}
    assert every > own
    assert "reuters-2025" in every


def test_the_charge_with_sanctions_lifted_is_no_charge_of_evasion(project):
    assert "sp.transfer-cost-chamber.irn.2016-01-17" not in {
        row.observation_id for row in sanctions.charges(project, P)
    }


def test_before_any_trade_figure_there_is_no_cost(project):
    assert sanctions.inputs(project.as_of("2021-01-01"), P).empty
    assert not [item for item in sanctions.findings(project.as_of("2021-01-01"), P) if item.part_id == "E19.banking"]


def banking(project, parameters):
    found = sanctions.findings(project, parameters)
    return max(item.probability for item in found if item.part_id == "E19.banking")


@given(st.floats(1, 200), st.floats(0.01, 1))
@settings(max_examples=15, deadline=None)
def test_a_larger_claim_is_never_likelier(project, target, routed):
    small = replace(P, target=target, routed=routed, draws=1000)
    large = replace(small, target=min(200, 2 * target))

    assert banking(project, large) <= banking(project, small)


# -- chain -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fee", "banks", "charge"), [(0.005, 10, 0.0511), (0.01, 15, 0.161), (0.02, 10, 0.219)])
def test_chain_charge_is_the_memos(fee, banks, charge):
    assert sanctions.chain_charge(fee, banks) == pytest.approx(charge, abs=0.0005)


def test_fee_for_25_billion_of_the_years_non_oil_trade_is_the_memos():
    """25 of 112.8 billion is 22.2%: 2.0% each with ten banks, 1.3 to 1.4% with fifteen."""
    assert 100 * sanctions.fee_per_bank(25 / 112.821, 10) == pytest.approx(2.02, abs=0.01)
    assert 100 * sanctions.fee_per_bank(25 / 112.821, 15) == pytest.approx(1.34, abs=0.01)


@given(st.floats(0.0001, 0.5), st.integers(1, 30))
def test_fee_and_charge_invert_each_other(charge, banks):
    assert sanctions.chain_charge(sanctions.fee_per_bank(charge, banks), banks) == pytest.approx(charge)


@given(st.floats(0, 20), st.floats(0, 20))
def test_chance_in_band_is_a_chance_and_grows_with_the_band(low, extra):
    charge = Split(3, 5.5, 8)
    narrow = sanctions.chance_in_band(charge, 0.1, 0.1 + extra / 10, sanctions.BANKS)
    wide = sanctions.chance_in_band(charge, 0.1, 0.1 + (extra + low) / 10, sanctions.BANKS)

    assert 0 <= narrow <= wide <= 1


def test_every_charge_on_record_fits_ten_to_fifteen_banks(audited):
    """3% over 15 banks is 0.197% each, 20% over 10 is 1.84%: all within 0.1 to 3%."""
    verdict = audited("sanctions").verdict("E20.arithmetic")

    assert verdict.label is Label.SUPPORTED
    assert all(finding.probability == 1 for finding in verdict.findings)


# -- verdicts, data, notebook ------------------------------------------------------------------------------------------


def test_verdicts(audited):
    result = audited("sanctions")

    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        labels = {claim.claim_id: result.verdict(claim.claim_id, vintage).label for claim in result.claims}
        assert labels["E01"] is Label.SUPPORTED
        assert labels["E30"] is Label.SUPPORTED
        assert labels["E10"] is Label.NOT_ENOUGH_EVIDENCE, "one article on shell companies is no special attention"
        assert labels["E36"] is Label.NOT_ENOUGH_EVIDENCE, "one holder ranks nobody"
        assert labels["E20"] is Label.NOT_ENOUGH_EVIDENCE, "no length of a payment chain is on record"
        assert result.verdict("E19.banking", vintage).label is Label.REFUTED
        assert result.verdict("E19.said", vintage).origins == ()
        assert result.verdict("E20.chain", vintage).label is Label.SUPPORTED
        assert result.verdict("E36.questionable", vintage).label is Label.SUPPORTED


def test_two_insiders_on_either_side_leave_the_size_open(audited):
    """20 to 25 billion lies in 20 to 27.5, 15.5 does not; both are C3, so neither side has two."""
    verdict = audited("sanctions").verdict("E19.size")
    chances = {finding.origin: finding.probability for finding in verdict.findings if finding.trust}

    assert chances == {"akhoundi-ilna-202104": 1, "hemmati-20210530": 0}
    assert verdict.label is Label.NOT_ENOUGH_EVIDENCE


def test_leading_papers_are_counted_by_their_own_print(audited):
    """The gazette and Kommersant are of letter B; the two mass-market dailies, of D, do not count beside another."""
    found = audited("sanctions").verdict("E10.articles").findings
    grades = {finding.origin: finding.grade for finding in found}

    assert grades == {"Rossiyskaya Gazeta": "B2", "Kommersant": "B2"}


def test_one_holder_is_none_for_a_word_that_asks_for_two(audited):
    """The only paper on shell companies is of letter D: it is not even counted."""
    for part, heard in (("E30.especially", [0.5]), ("E36.leader", [0.5]), ("E10.shell_companies", [])):
        verdict = audited("sanctions").verdict(part)
        assert [finding.probability for finding in verdict.findings] == heard, part
        assert verdict.label is Label.NOT_ENOUGH_EVIDENCE


def test_the_jibe_about_eight_links_weighs_nothing_on_the_length(audited, project):
    row = project.observation("sp.chain-length-cited.irn.2018-10-16")

    assert row.credibility == "4"
    assert row.observation_id not in audited("sanctions").verdict("E20.size").observations


def test_an_open_bound_is_no_point(project):
    """ "Up to 12 percent" is read as 6 to 12, not as 12."""
    row = project.observation("sp.payment-agent-fee.rus.2024-01-01")

    assert extent_of(row, project.method) == Split(6, 12, 12)


def test_model_findings_rest_on_knowable_rows(audited):
    result = audited("sanctions")
    view = result.view(Vintage.AT_PUBLICATION)

    for verdict in result.verdicts:
        if verdict.vintage is Vintage.AT_PUBLICATION:
            assert set(verdict.observations) <= set(view.evidence.records)


def test_every_row_is_used_or_has_a_reason(audited):
    assert unused(audited("sanctions")) == []


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("sanctions")


def test_the_notebook_shows_the_growth_that_decides(audited, shown):
    (finding,) = audited("sanctions").verdict("E01.stability").findings
    needed, most = shown["growth"]["percent"]

    assert needed == pytest.approx(finding.quantity.value) == pytest.approx(100 * (3616 / 2608 - 1))
    assert most == pytest.approx(100 * (11_327 / 20) * 372 / 365 / 2608)
    assert set(finding.observations) == set(shown["listed"].index)


def test_the_notebook_shows_the_bank_part_that_decides(audited, shown):
    """From the visible draws alone: trade and oil, the share of it, a charge; then the share of draws at 20 billion or more."""
    judged = {item.observations[0]: item for item in audited("sanctions").verdict("E19.banking").findings}
    sample, frame = shown["sample"], shown["bank"]

    assert set(frame.index) == set(judged) - {"sp.evasion-cost-per-year.irn.2020-01-01"}
    for name in frame.index:
        cost = (sample["nonoil"] + sample["oil"]) * sample["routed"] * sample[name] / 100
        assert judged[name].probability == pytest.approx((cost >= 20e9).mean(), abs=1e-12)
        assert judged[name].probability == pytest.approx(frame.loc[name, "chance"], abs=1e-12)
        assert judged[name].quantity.value == pytest.approx(frame.loc[name, "middle"])


def test_the_notebook_shows_the_fees_that_decide(audited, shown):
    judged = {item.observations[0]: item.quantity for item in audited("sanctions").verdict("E20.arithmetic").findings}
    fee = shown["fee"]

    assert fee["least"].to_dict() == pytest.approx({name: item.low for name, item in judged.items()})
    assert fee["most"].to_dict() == pytest.approx({name: item.high for name, item in judged.items()})


def test_the_charge_that_the_sum_would_take_is_above_all_on_record(shown):
    """25 of 112.821 + 39.99 billion, nine tenths of it through proxies: 18%; the highest found is 12."""
    assert shown["needed"] == pytest.approx(100 * 25 / (0.9 * (112.821 + 39.99)))
    assert shown["moving"]["high"].max() == 12


@pytest.mark.parametrize("change", [{"target": 200}, {"target": 1}, {"slack": 0}, {"slack": 20}, {"routed": 0.01}])
def test_ends_of_the_ranges_are_audited_with_their_flips(project, change):
    assert dict(audit(project, "sanctions", replace(P, draws=2000, **change)).flips)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": 0}, "target = 0 is out of range"),
        ({"base": "export"}, "base = 'export' is not known"),
        ({"routed": 1.2}, "routed = 1.2 is out of range"),
        ({"charges": "iran"}, "did you mean 'iranian'"),
        ({"slack": -1}, "slack = -1 is out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        sanctions.Parameters(**change)


def test_a_card_names_the_refuted_detail_and_the_deciding_question(project):
    card = re.sub(r"<[^>]+>", "", str(claim_card(audit(project, "sanctions", P), "E19")))

    assert "Unproven" in card
    assert "not banking alone" in card
    assert re.search(r"The deciding question:\s*Such efforts cost Iran up to", card)
