"""From findings to labels: pooling by hand, its properties, the tests of each kind, and a claim's label."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis.findings import find, holds
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError
from claimaudit.model import Label, Observation, Part, Role, TestKind, Vintage
from claimaudit.outcome import Finding
from claimaudit.verdict.audit import audit
from claimaudit.verdict.parts import assess, assess_part, from_findings
from claimaudit.verdict.pooling import independent_sources, leave_one_out, logit, pool, weight_of_evidence
from claimaudit.verdict.wording import reason_text
from samples import CLAIMS, OBSERVATIONS, OTHERS, write_dossier

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


def said(origin: str, probability: float, trust: float, grade: str = "A1") -> Finding:
    return Finding("E01.number", origin, probability, trust, (origin,), grade=grade)


findings = st.lists(
    st.builds(said, st.sampled_from("abcdef"), st.floats(0, 1), st.floats(0, 0.95), st.sampled_from(["B2", "C3", "D4"])),
    max_size=8,
)  # fmt: skip


# -- pooling ----------------------------------------------------------------------------------------------------------


def test_weight_of_evidence_by_hand():
    assert weight_of_evidence(said("a", 1.0, 0.6)) == pytest.approx(math.log(0.8 / 0.2))
    assert weight_of_evidence(said("a", 0.5, 0.9)) == pytest.approx(0)
    assert weight_of_evidence(said("a", 0.0, 0.0)) == 0, "trust 0 moves nothing"


def test_pool_by_hand(dossier):
    """Two independent sources for, one against: strongest whole, the second at half, the other side whole."""
    heard = independent_sources([said("a", 1, 0.8), said("b", 1, 0.6), said("c", 0, 0.4)], dossier)
    odds = math.log(0.9 / 0.1) + 0.5 * math.log(0.8 / 0.2) - math.log(0.7 / 0.3)

    assert pool(heard, dossier.method).probability == pytest.approx(1 / (1 + math.exp(-odds)))


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ([], N),
        ([said("a", 1, 0.7, "C1")], N),  # likely enough, but below the floor
        ([said("a", 1, 0.55)], N),  # at the floor, but not likely enough
        ([said("a", 1, 0.7)], S),
        ([said("a", 0, 0.7)], R),
        ([said("a", 0.5, 0.9)], N),  # trusted, but it leans nowhere
        ([said("a", 1, 0.8), said("b", 0, 0.8)], C),
        ([said("a", 1, 0.9), said("b", 1, 0.9), said("c", 1, 0.9), said("d", 0, 0.3)], S),  # weak dissent
        (
            [said("a", 1, 0.5), said("b", 1, 0.5), said("c", 1, 0.5)],
            S,
        ),  # three fair independent sources make one good one
    ],
)
def test_labels(dossier, given, label):
    assert pool(independent_sources(given, dossier), dossier.method).label is label


@given(findings, findings)
@settings(max_examples=200)
def test_more_support_never_lowers_a_probability(dossier, base, extra):
    support = [
        replace(finding, probability=max(finding.probability, 0.5), origin=f"x{finding.origin}") for finding in extra
    ]
    before = pool(independent_sources(base, dossier), dossier.method).probability

    assert pool(independent_sources([*base, *support], dossier), dossier.method).probability >= before - 1e-12


@given(findings, st.floats(0.5, 1), st.floats(0, 0.95), st.sampled_from("abcdef"))
@settings(max_examples=200)
def test_support_from_an_independent_source_already_heard_never_lowers_it_either(
    dossier, base, probability, trust, origin
):
    before = pool(independent_sources(base, dossier), dossier.method).probability

    after = pool(independent_sources([*base, said(origin, probability, trust)], dossier), dossier.method).probability
    assert after >= before - 1e-12


@given(findings, st.randoms())
@settings(max_examples=100)
def test_order_is_irrelevant(dossier, base, random):
    shuffled = list(base)
    random.shuffle(shuffled)

    one, two = (pool(independent_sources(items, dossier), dossier.method) for items in (base, shuffled))
    assert one.probability == pytest.approx(two.probability)
    assert one.label is two.label


@given(findings)
@settings(max_examples=100)
def test_repetition_adds_nothing(dossier, base):
    one, two = (pool(independent_sources(items, dossier), dossier.method) for items in (base, base * 3))

    assert one.probability == pytest.approx(two.probability)


@given(findings)
@settings(max_examples=100)
def test_probability_mirrors_when_every_finding_does(dossier, base):
    mirrored = [replace(finding, probability=1 - finding.probability) for finding in base]
    one, two = (pool(independent_sources(items, dossier), dossier.method) for items in (base, mirrored))

    assert one.probability + two.probability == pytest.approx(1)


def test_origins_known_to_repeat_each_other_are_one_independent_source(tmp_path):
    origins = OTHERS["origins.csv"].replace(
        "gazette,voice,,the-gazette,,0,", "gazette,voice,customs,the-gazette,,0,It prints the yearbook's counts"
    )
    dossier = Dossier.load(write_dossier(tmp_path, origins=origins))
    pair = [said("customs", 1, 0.7), said("gazette", 1, 0.7)]

    assert len(independent_sources(pair, dossier)) == 1
    assert pool(independent_sources(pair, dossier), dossier.method).probability == pytest.approx(0.85)


def test_certainty_is_capped(dossier):
    heard = independent_sources([said(name, 1, 0.95) for name in "abcdefgh"], dossier)

    assert pool(heard, dossier.method).probability == dossier.method.certainty_cap


def test_leave_one_out_by_hand(dossier):
    heard = independent_sources([said("a", 1, 0.8), said("b", 0, 0.8)], dossier)
    without = leave_one_out(heard, dossier.method)

    assert without["a"].probability == pytest.approx(0.1)
    assert without["b"].probability == pytest.approx(0.9)
    assert (without["a"].label, without["b"].label) == (R, S)


def test_logit():
    assert logit(0.5) == 0
    assert logit(0.8) == pytest.approx(math.log(4))


# -- the tests of each kind -------------------------------------------------------------------------------------------


def part(test: TestKind, **fields) -> Part:
    return Part("E01.x", "E01", "text", Role.CORE, test, **fields)


@pytest.mark.parametrize(
    ("test", "numbers", "figure", "chance"),
    [
        (TestKind.ABOUT, {"value": 100, "tolerance": 0.2}, Split(90, 95, 100), 1.0),
        (TestKind.ABOUT, {"value": 100, "tolerance": 0.2}, Split(70, 80, 90), 0.5),
        (TestKind.ABOUT, {"value": 64.2, "within": 0.05}, Split(64.2, 64.2, 64.2), 1.0),
        (TestKind.ABOUT, {"value": 64.2, "within": 0.05}, Split(64.5, 64.5, 64.5), 0.0),
        (TestKind.ABOUT, {"value": -64.2, "tolerance": 0.1}, Split(-66, -64, -62), 1.0),
        (TestKind.AT_MOST, {"value": 5}, Split(5, 5, 5), 1.0),
        (TestKind.LESS_THAN, {"value": 5}, Split(5, 5, 5), 0.0),
        (TestKind.AT_LEAST, {"value": 5}, Split(5, 5, 5), 1.0),
        (TestKind.MORE_THAN, {"value": 5}, Split(5, 5, 5), 0.0),
        (TestKind.LESS_THAN, {"value": 5}, Split(0, 4, 8), 0.5 + 0.5 * 0.25),
        (TestKind.MORE_THAN, {"value": 5}, Split(0, 4, 8), 0.5 * 0.75),
        (TestKind.BETWEEN, {"low": 10, "high": 15}, Split(0, 10, 20), 0.25),
    ],
)
def test_quantity_tests_by_hand(test, numbers, figure, chance):
    assert holds(part(test, numbers=numbers), figure) == pytest.approx(chance)


def row(**fields) -> Observation:
    base = {
        "observation_id": "o", "claims": ("E01",), "said": "", "stake": "", "step": None,
        "measure": "m", "entity": "e", "start": date(2022, 1, 1),
        "end": date(2022, 12, 31), "value": 100.0, "low": None, "high": None, "unit": "crate", "credibility": "2",
        "basis": "estimate", "variant": "", "origin": "audit", "source_id": "audit-2024", "note": "n",
        "knowable": date(2023, 1, 1), "reliability": "B",
    }  # fmt: skip
    return Observation(**(base | fields))


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({"low": 80.0, "high": 150.0}, (80, 150)),
        ({}, (75, 125)),  # an estimate: a quarter each way
        ({"basis": "measured"}, (98, 102)),
        ({"low": 100.0}, (100, 200)),  # "at least": up to twice
        ({"high": 100.0}, (50, 100)),  # "at most": down to half
        ({"value": -10.0}, (-12.5, -7.5)),
        ({"value": 0.0}, (0, 0)),
    ],
)
def test_the_range_a_row_stands_for(dossier, fields, ends):
    found = extent_of(row(**fields), dossier.method)

    assert (found.low, found.high) == pytest.approx(ends)


def with_rows(tmp_path, rows: str, part_text: str) -> tuple[Dossier, Part]:
    """The sample dossier with more rows and one more part of E01."""
    claims = CLAIMS.replace('\n[[claims]]\nid = "M01"', f'\n{part_text}\n\n[[claims]]\nid = "M01"')
    loaded = Dossier.load(write_dossier(tmp_path, harbour=OBSERVATIONS + rows, claims=claims))
    return loaded, loaded.claim("E01").parts[-1]


HEAD = '  [[claims.parts]]\n  id = "E01.more"\n  text = "t"\n  role = "context"\n'


def test_date_test_takes_the_share_of_the_period(tmp_path):
    rows = "d1,ferry_armed,HRB,2022-08-09,2022-08-09,1,,,event,1,,,,official,,audit,audit-2024,n\n"
    rows += "d2,ferry_armed,HRB,2022-08-17,2022-09-15,1,,,event,1,,,,official,,customs,customs-2022,n\n"
    text = HEAD + '  test = "date"\n  from = 2022-09-01\n  to = 2022-09-30\n  evidence = [{ ids = "d*" }]\n'
    found = {finding.observations[0]: finding.probability for finding in find(*with_rows(tmp_path, rows, text))}

    assert found == {"d1": 0.0, "d2": 0.5}


def test_rank_test_compares_within_one_count_only_and_hears_an_origin_once(tmp_path):
    line = "{0},figs_sold,{1},2021-01-01,2021-12-31,{2},,,crate,1,,,,official,{3},audit,audit-2024,n\n"
    rows = "".join(
        line.format(*cells)
        for cells in [("r1", "AAA", 50, "a"), ("r2", "BBB", 90, "a"), ("r3", "AAA", 70, "b"), ("r4", "BBB", 60, "b")]
    )
    text = (
        HEAD + '  test = "rank"\n  rank = 1\n  entity = "AAA"\n  direction = "highest"\n  evidence = [{ ids = "r*" }]\n'
    )
    (found,) = find(*with_rows(tmp_path, rows, text))

    assert (found.probability, found.observations) == (0.5, ("r1", "r2", "r3", "r4")), (
        "second by one count, first by the other"
    )
    assert found.text.startswith("in 1 of 2 windows within the rank: ")


def test_trend_test_by_hand(tmp_path):
    line = "{0},figs_sold,HRB,{1}-01-01,{1}-12-31,{2},{3},{4},crate,1,,,,official,v,audit,audit-2024,n\n"
    rows = line.format("t1", 2019, 100, 90, 110) + line.format("t2", 2020, 80, 70, 90)
    text = (
        HEAD
        + '  test = "trend"\n  direction = "fall"\n'
        + '  evidence = [{ ids = "t1", role = "before" }, { ids = "t2", role = "after" }]\n'
    )
    loaded, trend = with_rows(tmp_path, rows, text)
    (found,) = find(loaded, trend)
    (steep,) = find(loaded, replace(trend, numbers={"at_least": 0.4}))

    assert found.probability == 1.0
    assert steep.probability == 0.0, "from 90-110 to 70-90 is no fall of 40% in any pairing"


def test_order_and_size_tests_by_hand(tmp_path):
    rows = "o1,ferry_armed,HRB,2022-01-05,2022-01-10,1,,,event,1,,,,official,,audit,audit-2024,n\n"
    rows += "o2,ferry_armed,HRB,2022-02-05,2022-02-06,1,,,event,1,,,,official,x,customs,customs-2022,n\n"
    order = HEAD + '  test = "order"\n  evidence = [{ ids = "o1", role = "first" }, { ids = "o2", role = "then" }]\n'
    size = HEAD.replace("more", "size") + (
        '  test = "size"\n  share = 0.5\n'
        '  evidence = [{ ids = "fig.audit", role = "part" }, { ids = "fig.customs", role = "whole" }]\n'
    )
    loaded, sized = with_rows(tmp_path, rows, order + "\n" + size)

    (then,) = find(loaded, loaded.part("E01.more"))
    assert then.probability == 1.0
    (half,) = find(loaded, sized)
    assert half.probability == 1.0, "55-65 is at least half of 90-100 in every pairing"
    assert set(half.observations) == {"fig.audit", "fig.customs"}


def test_attribution_counts_publishers_and_their_letter(dossier):
    """For 'was it said' the outlet is the witness: letter times quoting, not the item's digit."""
    verdict = assess_part(dossier, dossier.part("E01.said"))

    assert verdict.origins == ("The Gazette",)
    assert verdict.findings[0].trust == pytest.approx(0.70 * dossier.method.quoting)


def test_rows_graded_f_or_6_and_rows_that_are_no_independent_source_carry_no_weight(dossier):
    verdict = assess_part(dossier, dossier.part("M01.armed"))

    rumour = next(finding for finding in verdict.findings if finding.observations == ("ferry.rumour",))
    assert rumour.trust == 0
    assert verdict.origins == ("gazette",)
    assert verdict.observations == ("ferry.gun",)


def test_model_trust_is_the_weakest_input_each_by_its_best_row(dossier):
    customs, gazette = (dossier.trust(dossier.observation(name)) for name in ("fig.customs", "fig.gazette"))

    assert model_trust(dossier, ["fig.customs", "fig.gazette"]) == max(customs, gazette)
    assert model_trust(dossier, ["fig.customs"], ["fig.gazette"]) == min(customs, gazette)
    assert model_trust(dossier, ["fig.customs"], []) == 0


def test_a_later_day_never_removes_evidence(dossier):
    seen: set[str] = set()
    for day in ("2023-01-01", "2023-02-15", "2023-03-14", "2024-06-01"):
        now = set(dossier.as_of(day).observations.index)
        assert seen <= now
        seen = now


# -- claims -----------------------------------------------------------------------------------------------------------


def test_a_claim_is_rated_from_its_parts_and_says_so_in_one_sentence(dossier):
    verdicts = assess(dossier.hindsight(), dossier.claims)
    claim, *parts = [verdict for verdict in verdicts if verdict.claim_id == "E01"]

    assert claim.part_id == ""
    assert claim.probability == parts[0].probability
    assert claim.rating.words == "Unproven: disputed"
    assert reason_text(claim).startswith("Disputed: Sales in 2022 were about 100 crates.")
    assert [verdict.vintage.value for verdict in parts] == ["hindsight", "hindsight"]


def test_the_reason_counts_independent_sources_and_names_the_strongest(dossier):
    verdict = assess_part(dossier.at_publication(), dossier.part("E01.number"))

    assert verdict.label is S
    assert "Customs house, 1 February 2023" in reason_text(verdict)
    assert reason_text(verdict).endswith("(1 independent source for, 1 against).")
    nothing = assess_part(dossier.as_of("2020-01-01"), dossier.part("E01.number"))
    assert reason_text(nothing) == "No independent source was found that bears on it by then."
    assert (nothing.probability, nothing.low, nothing.label) == (0.5, None, N)


DAY = '  test = "date"\n  from = 2021-01-01\n  to = 2021-01-31\n  evidence = [{ ids = "fig.customs" }]\n'


def test_a_refuted_detail_is_in_the_badge_and_its_right_value_in_the_sentence(tmp_path):
    own = '  name = "month"\n  wrong = "wrong month"\n  why_detail = "w"\n  fails = "they were sold in {value}"\n'
    head = HEAD.replace("context", "detail").replace('"t"', '"The figs were sold in January 2021"')
    loaded, _ = with_rows(tmp_path, "", head + own + DAY)
    claim = next(verdict for verdict in assess(loaded.at_publication(), loaded.claims) if verdict.claim_id == "E01")

    assert claim.rating.words == "Right, but wrong month"
    assert claim.label is R
    assert claim.rating.refuted[0].right == "they were sold in 2022 (Customs house, 1 February 2023)"
    assert reason_text(claim).startswith(
        "Probably: Sales in 2022 were about 100 crates, but probably they were sold in 2022. "
    )


def test_a_selector_can_say_in_words_what_its_rows_mean(tmp_path):
    text = (
        HEAD
        + '  test = "event"\n  evidence = [{ ids = "fig.customs", side = "for", says = "the harbour kept books" }]\n'
    )
    (finding,) = find(*with_rows(tmp_path, "", text))

    assert finding.text == "the harbour kept books, 2022"


# -- what a verdict rests on -------------------------------------------------------------------------------------------

EVENT = '  test = "event"\n  evidence = [{{ ids = "{row}", side = "{side}" }}]\n'


def event(name: str, text: str, side: str, role: str = "core", row="fig.customs") -> str:
    """A further part of E01 that one row of a customs house speaks for or against."""
    why = '  why_detail = "w"\n' if role == "detail" else ""
    head = f'  [[claims.parts]]\n  id = "E01.{name}"\n  text = "{text}"\n  role = "{role}"\n{why}'
    return head + EVENT.format(row=row, side=side)


def test_a_claim_carries_its_parts_in_order_and_names_all_that_is_refuted_as_printed(tmp_path):
    text = "\n".join(
        (
            event("rich", "The harbour was rich", "against"),
            event("open", "The harbour was open", "for", "link"),
            event("day", "In January", "against", "detail"),
            event("gun", "With a gun", "for", "detail", row="ferry.rumour"),
            event("unprinted", "Nobody said so", "against", "context"),
        )
    )
    loaded, _ = with_rows(tmp_path, "", text)
    claim = next(verdict for verdict in assess(loaded.hindsight(), loaded.claims) if verdict.key == "E01")

    assert [part.key.partition(".")[2] for part in claim.parts] == [
        "number",
        "said",
        "rich",
        "open",
        "day",
        "gun",
        "unprinted",
    ]
    assert claim.rating.words == "Partly right: 1 of 3 holds, 1 disputed; wrong detail"
    assert [part.part_id for part in claim.rating.refuted] == ["E01.rich", "E01.day"]
    assert [part.part_id for part in claim.rating.unsettled] == ["E01.gun", "E01.said"]


def test_a_part_carries_its_strongest_evidence_each_way_with_where_it_was_read(dossier):
    part = assess_part(dossier.hindsight(), dossier.part("E01.number"))
    grounds = part.grounds

    assert grounds.part is dossier.part("E01.number")
    assert grounds.for_it.finding in part.findings
    assert (grounds.for_it.finding.observations, grounds.for_it.publisher) == (("fig.customs",), "Customs house")
    assert (grounds.against.finding.observations, grounds.against.published) == (("fig.audit",), "2024-05")
    assert (grounds.independent_for, grounds.independent_against, grounds.both_ways, grounds.silent) == (1, 2, 0, 0)
    assert grounds.enough


def test_a_part_nobody_speaks_on_has_no_strongest_evidence(dossier):
    grounds = assess_part(dossier.as_of("2020-01-01"), dossier.part("E01.number")).grounds

    assert (grounds.for_it, grounds.against, grounds.first) == (None, None, None)
    assert not grounds.enough


def test_rows_without_weight_are_counted_apart(dossier):
    part = assess_part(dossier.hindsight(), dossier.part("M01.armed"))

    assert part.grounds.silent == 1
    assert part.grounds.against is None


@pytest.mark.parametrize(
    ("rows", "source"),
    [
        (("fig.customs",), ("Customs house", "2023-02-01")),
        (("fig.audit", "fig.customs"), ("Audit office", "2024-05")),
        (("fig.audit", "fig.customs", "fig.gazette"), ("", "")),
    ],
)
def test_a_finding_is_cited_by_its_first_row_unless_it_rests_on_many(dossier, rows, source):
    found = Finding("E01.number", "customs", 0.9, 0.9, rows, "so many")
    cited = from_findings(dossier.hindsight(), dossier.part("E01.number"), (found,)).grounds.for_it

    assert (cited.publisher, cited.published) == source


def test_an_audit_says_which_days_and_parts_it_has(dossier):
    """Asked for another, it names the nearest, as every look-up does."""
    figs = audit(dossier, "figs")

    assert figs.view(Vintage.HINDSIGHT).day == dossier.article.compiled
    with pytest.raises(UnknownNameError, match="'as_of': name one of at_publication, hindsight"):
        figs.view(Vintage.AS_OF)
    with pytest.raises(UnknownNameError, match=r"did you mean 'E01\.number'"):
        figs.verdict("E01.nunber")
