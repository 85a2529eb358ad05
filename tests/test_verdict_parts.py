"""Ranges, independent sources and the part a claim hangs on, by hand where no verdict of the project's own would show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Claim, Label, Part, Role, TestKind, Vintage
from claimaudit.outcome import Finding, Grounds, Verdict
from claimaudit.rated import Badge, Open, Sources
from claimaudit.verdict.parts import (
    assess,
    assess_claim,
    from_findings,
    strongest,
)
from claimaudit.verdict.pooling import independent_sources, labels, pool
from claimaudit.verdict.wording import citation, conclusion_text, reason_text
from samples import OTHERS, RULE, write_dossier

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


def said(origin: str, probability: float, trust: float, *rows: str, **more: object) -> Finding:
    return Finding(
        "E01.number", origin, probability, trust, rows or ("fig.customs",), f"{origin} says", **{"grade": "A1", **more}
    )


def judged(dossier, *findings: Finding) -> Verdict:
    return from_findings(dossier, dossier.part("E01.number"), findings)


# -- ranges -----------------------------------------------------------------------------------------------------------


def test_the_range_is_what_any_one_independent_source_could_make_of_it(dossier):
    """q: a 0.9, b 0.8, c 0.3. Odds 9, 4, 3/7; dependence one half.

    All: 9 x 2 x 3/7 = 7.714, 0.88525. Without a: 4 x 3/7 = 1.714, 0.63158. Without b: 9 x 3/7 = 3.857, 0.79412. Without c:
    9 x 2 = 18, 0.94737.
    """
    verdict = judged(dossier, said("a", 1, 0.8), said("b", 1, 0.6), said("c", 0, 0.4))

    assert verdict.probability == pytest.approx(54 / 61)
    assert (verdict.low, verdict.high) == pytest.approx((12 / 19, 18 / 19))


def test_the_range_holds_the_verdict_itself(dossier):
    """A single independent source for it: without it the prior is left, with it 0.9."""
    verdict = judged(dossier, said("a", 1, 0.8))
    against = judged(dossier, said("a", 0, 0.8))

    assert (verdict.low, verdict.high) == pytest.approx((0.5, 0.9))
    assert (against.low, against.high) == pytest.approx((0.1, 0.5))


def test_where_nothing_is_heard_there_is_no_range(dossier):
    verdict = judged(dossier, said("a", 1, 0.0))

    assert (verdict.low, verdict.high, verdict.probability, verdict.origins) == (None, None, 0.5, ())
    assert (
        reason_text(verdict)
        == "No independent source was found that bears on it by then; 1 row shown carries no weight."
    )


def test_a_finding_that_is_sure_stays_finite(dossier):
    """Trust 1 would be an infinite weight: the pool stays within its cap."""
    assert judged(dossier, said("a", 1, 1.0)).probability == dossier.method.certainty_cap == 0.99
    assert judged(dossier, said("a", 0, 1.0)).probability == pytest.approx(0.01)


# -- independent sources -----------------------------------------------------------------------------------------------------------


def test_an_independent_source_counts_its_strongest_word_each_way_once(dossier):
    """a says q 0.9 and 0.7 for, 0.2 against: support log 9, doubt log 1/4, trust that of its best, rows strongest first."""
    heard = independent_sources(
        [said("a", 1, 0.4, "r3"), said("a", 1, 0.8, "r1", "r0"), said("a", 0, 0.6, "r2"), said("b", 1, 0.2, "r4")],
        dossier,
    )

    assert [one.origin for one in heard] == ["a", "b"]
    assert heard[0].support == pytest.approx(2.1972, abs=1e-4)
    assert heard[0].doubt == pytest.approx(-1.3863, abs=1e-4)
    assert heard[0].weight == pytest.approx(0.8109, abs=1e-4)
    assert heard[0].trust == 0.8
    assert heard[0].observations == ("r1", "r0", "r2", "r3")
    assert (heard[1].doubt, heard[1].observations) == (0.0, ("r4",))


def test_independent_sources_stand_strongest_first_whichever_way_they_lean_then_by_name(dossier):
    heard = independent_sources([said("b", 1, 0.5), said("z", 0, 0.9), said("a", 1, 0.5), said("c", 1, 0.6)], dossier)

    assert [one.origin for one in heard] == ["z", "c", "a", "b"]
    verdict = judged(
        dossier, said("b", 1, 0.5, "fig.named"), said("z", 0, 0.9, "fig.audit"), said("a", 1, 0.5, "fig.named")
    )
    assert (verdict.origins, verdict.observations) == (("z", "a", "b"), ("fig.audit", "fig.named"))


def test_an_origin_that_repeats_another_is_heard_with_it(tmp_path):
    origins = OTHERS["origins.csv"].replace(
        "gazette,voice,,the-gazette,,0,", "gazette,voice,customs,the-gazette,,0,It prints the yearbook's counts"
    )
    loaded = Dossier.load(write_dossier(tmp_path, origins=origins))
    (one,) = independent_sources([said("gazette", 1, 0.9, "g"), said("customs", 1, 0.5, "c")], loaded)

    assert (one.origin, one.trust, one.observations) == ("customs", 0.9, ("g", "c"))


def test_labels_under_many_methods_are_those_of_each(dossier):
    heard = independent_sources([said("a", 1, 0.7), said("b", 0, 0.3)], dossier)
    methods = [dossier.method, replace(dossier.method, prior=0.1), replace(dossier.method, supported=0.75)]
    methods += [replace(dossier.method, supported=0.99), replace(dossier.method, prior=0.1, refuted=0.3)]
    methods += [replace(dossier.method, conflict_share=0.3)]
    methods += [
        replace(dossier.method, prior=0.1, refuted=0.3, floor=replace(dossier.method.floor, alone="B2", sources=9))
    ]

    # odds 17/3 x 7/13 = 3.0513: 0.7532; with a prior of 0.1 a ninth of them: 0.2532; weights 1.7346 and 0.6190, a share of 0.357
    assert labels(heard, methods) == [N, N, S, N, R, C, R]
    assert labels(heard, methods) == [pool(heard, method).label for method in methods]


def test_a_bar_that_is_reached_is_passed(dossier):
    """Trust 0.6 gives q = 0.8 exactly: the bar is met, not passed."""
    heard = independent_sources([said("a", 1, 0.6)], dossier)

    assert pool(heard, replace(dossier.method, supported=0.8 - 1e-12)).label is S
    assert pool(heard, replace(dossier.method, supported=0.8 + 1e-12)).label is N


# -- what is said -----------------------------------------------------------------------------------------------------


def test_the_strongest_finding_each_way_and_none_where_nothing_leans(dossier):
    """A lean counts from a weight of 0.05: trust 0.02 gives log(0.51 / 0.49) = 0.04, trust 0.03 gives 0.06."""
    found = [said("a", 1, 0.5), said("b", 1, 0.7), said("c", 0, 0.3), said("d", 0, 0.2)]

    assert strongest(found, 1) is found[1]
    assert strongest(found, -1) is found[2]
    assert strongest(found[:2], -1) is None
    assert strongest([said("a", 1, 0.02)], 1) is None
    assert strongest([said("a", 1, 0.03)], 1) is not None
    assert strongest([], 1) is None


def test_a_finding_is_cited_by_publisher_and_day_or_by_its_number_of_rows(dossier):
    two = judged(dossier, said("a", 1, 1, "fig.gazette", "fig.customs"))
    three = judged(dossier, said("a", 1, 1, "fig.gazette", "fig.customs", "fig.audit"))

    assert citation(two.grounds.for_it) == "The Gazette, 2 March 2023"
    assert citation(three.grounds.for_it) == "from 3 rows"


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        (
            [("a", 1, 0.8), ("b", 1, 0.6), ("c", 0, 0.2)],
            "For it: a says (Customs house, 1 February 2023); against it: c says (Customs house, 1 February 2023)"
            " (2 independent sources for, 1 against).",
        ),
        (
            [("a", 0, 0.8)],
            "Against it: a says (Customs house, 1 February 2023) (no independent sources for, 1 against).",
        ),
        (
            [("a", 0.5, 0.8)],
            "Nothing found points either way (a says (Customs house, 1 February 2023)) (no independent source leans).",
        ),
        (
            [("a", 1, 0.8), ("a", 0, 0.7)],
            "For it: a says (Customs house, 1 February 2023); against it: a says (Customs house, 1 February 2023)"
            " (1 independent source for, 1 against, one of them both ways).",
        ),
        (
            [("a", 1, 0.8), ("a", 0, 0.7), ("b", 1, 0.8), ("b", 0, 0.7)],
            "For it: a says (Customs house, 1 February 2023); against it: a says (Customs house, 1 February 2023)"
            " (2 independent sources for, 2 against, 2 of them both ways).",
        ),
        (
            [("a", 0.5, 0.8), ("b", 0.5, 0.7)],
            "Nothing found points either way (a says (Customs house, 1 February 2023)) (no independent source leans).",
        ),
        (
            [("a", 1, 0.3), ("a", 0, 0.3)],  # it leans nowhere on balance
            "For it: a says (Customs house, 1 February 2023); against it: a says (Customs house, 1 February 2023)"
            " (1 independent source for, 1 against, one of them both ways).",
        ),
        (
            [("a", 1, 0.9, "C1")],
            "For it: a says (Customs house, 1 February 2023) (1 independent source for, none against, too little weight to judge).",
        ),
        (
            [("a", 1, 0.5)],
            "For it: a says (Customs house, 1 February 2023) (1 independent source for, none against).",
        ),
    ],
)
def test_the_reason_tallies_independent_sources(dossier, findings, reason):
    given = [said(*item[:3], grade=(*item, "A1")[3]) for item in findings]

    assert reason_text(judged(dossier, *given)) == reason


# -- parts and claims -------------------------------------------------------------------------------------------------


NOBODY = "No independent source was found that bears on it by then."


def part(key: str, role: Role = Role.CORE, **more: object) -> Part:
    return Part(f"E01.{key}", "E01", f"Part {key}", role, TestKind.EVENT, **more)


def claim(*parts: Part) -> Claim:
    return Claim("E01", 1, "economic", "figs", "s", "k", "p", "b", parts)


def outcome(asked: Part, label: Label, probability: float, count: int = 1, **more: object) -> Verdict:
    name = asked.part_id.partition(".")[2]
    return Verdict(
        "E01", asked.part_id, Vintage.HINDSIGHT, date(2024, 6, 1), label, probability, probability - 0.1,
        probability + 0.05, (f"o{name}", "shared"), (f"r{name}", "both"), grounds=Grounds(asked), sources=Sources(count), **more,
    )  # fmt: skip


POINT = [part("a"), part("b", Role.LINK), part("c")]


@pytest.mark.parametrize(
    ("outcomes", "badge", "deciding"),
    [
        ([(S, 0.9, 3), (S, 0.85, 2), (S, 0.95, 1)], Badge.RIGHT, "c"),  # as well evidenced as its weakest part
        (
            [(R, 0.1, 1), (R, 0.15, 2), (R, 0.1, 1)],
            Badge.WRONG,
            "b",
        ),  # one that is refuted suffices, so the best of them
        ([(S, 0.9, 3), (R, 0.15, 2), (N, 0.5, 9)], Badge.PARTLY_RIGHT, "b"),
        ([(C, 0.6, 1), (N, 0.3, 1), (S, 0.9, 1)], Badge.UNPROVEN, "a"),  # what is disputed goes before what is open
        ([(S, 0.9, 1), (N, 0.5, 1), (N, 0.5, 1)], Badge.UNPROVEN, "b"),  # equal ones by name
    ],
)
def test_the_part_a_rating_is_read_from(outcomes, badge, deciding):
    parts = [outcome(asked, *item) for asked, item in zip(POINT, outcomes, strict=True)]
    own = assess_claim(claim(*POINT), parts, RULE)

    assert own.rating.badge is badge
    assert own.deciding.part_id == f"E01.{deciding}"
    assert assess_claim(claim(*POINT), parts[::-1], RULE) == own


def test_a_claim_takes_its_figures_from_its_weakest_core_or_link_part_and_all_their_rows():
    asked = [part("a"), part("b", Role.LINK), part("c", Role.DETAIL), part("d", Role.CONTEXT)]
    parts = [
        outcome(asked[0], S, 0.9),
        outcome(asked[1], S, 0.85),
        outcome(asked[2], N, 0.2),
        outcome(asked[3], N, 0.1),
    ]
    own = assess_claim(claim(*asked), parts, RULE)

    assert (own.claim_id, own.part_id, own.role, own.label) == ("E01", "", "", S)
    assert (own.probability, own.low, own.high) == pytest.approx((0.85, 0.75, 0.9))
    assert (own.origins, own.observations) == (("oa", "shared", "ob"), ("ra", "both", "rb"))
    assert (own.vintage, own.as_of) == (Vintage.HINDSIGHT, date(2024, 6, 1))
    assert (own.rated.likelihood.low, own.rated.likelihood.high) == (0.75, 0.85)  # 0.9 x 0.85 = 0.765, and the lesser
    assert own.parts == tuple(parts)


def test_a_refuted_detail_leaves_the_point_right_and_the_sentence_as_printed_refuted():
    asked = [part("a"), part("b", Role.DETAIL, name="month", wrong="wrong month")]
    own = assess_claim(claim(*asked), [outcome(asked[0], S, 0.9), outcome(asked[1], R, 0.1)], RULE)

    assert (own.label, own.rating.words) == (R, "Right, but wrong month")
    assert conclusion_text(own) == "Part a, but not so: Part b (no independent source was found that bears on it)."


def test_context_that_misleads_is_part_of_the_conclusion_and_other_context_is_not():
    asked = [part("a"), part("b", Role.CONTEXT, misleads="it never opened"), part("c", Role.CONTEXT)]
    own = assess_claim(claim(*asked), [outcome(item, S, 0.9) for item in asked], RULE)

    assert own.rating.words == "Right, but needs context: it never opened"
    assert conclusion_text(own) == "Part a, but Part b."


def test_a_text_that_was_not_read_is_the_reason():
    asked = part("a", unread=True)
    own = assess_claim(claim(asked), [outcome(asked, N, 0.5, open=Open.UNREAD)], RULE)

    assert own.rating.words == "Unproven: text not read"
    assert own.rated.likelihood is None


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ((S, S, S), "Part a; Part b; Part c."),
        ((S, R, S), "Part a; Part c, but not so: Part b (no independent source was found that bears on it)."),
        (
            (S, N, R),
            "Part a, but not so: Part c (no independent source was found that bears on it); not established: Part b.",
        ),
        ((S, C, S), "Part a; Part c, but disputed: Part b."),
        ((N, N, N), "Not established: Part a; not established: Part b; not established: Part c."),
    ],
)
def test_the_conclusion_says_what_is_right_first_then_what_is_not_then_what_is_open(kinds, told):
    parts = [outcome(asked, kind, 0.5) for asked, kind in zip(POINT, kinds, strict=True)]

    assert conclusion_text(assess_claim(claim(*POINT), parts, RULE)) == told


def test_what_is_not_established_beside_the_point_is_named():
    asked = [part("a"), part("b", Role.QUOTE), part("c", Role.DETAIL, name="month")]
    own = assess_claim(
        claim(*asked), [outcome(asked[0], S, 0.9), outcome(asked[1], N, 0.5), outcome(asked[2], C, 0.5)], RULE
    )

    assert conclusion_text(own) == "Part a. Also open: month disputed, quotation not found."
    assert own.rated.relayed.value == "source not found"


def test_verdicts_come_claim_by_claim_each_before_its_parts(dossier):
    modelled = [Finding("M01.armed", "model", 0.0, 0.9, ("ferry.gun",), "a model")]
    found = assess(dossier, dossier.claims, iter(modelled))

    assert [verdict.key for verdict in found] == ["E01", "E01.number", "E01.said", "M01", "M01.armed"]
    assert found[-1].origins == ("model", "gazette")
    assert found[1].quantity.unit == "crate"
    assert found[2].quantity is None
