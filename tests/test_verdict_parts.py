"""Ranges, independent sources and the part a claim hangs on, by hand where no verdict of the project's own would show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Aspect, Claim, Domain, Label, Part, TestKind, Vintage
from claimaudit.outcome import Finding, Grounds, Verdict
from claimaudit.verdict.parts import (
    assess,
    assess_claim,
    deciding_part,
    from_findings,
    strongest,
)
from claimaudit.verdict.pooling import independent_sources, labels, pool
from claimaudit.verdict.wording import citation, reason_text
from samples import OTHERS, write_dossier

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
        reason_text(verdict) == "No independent source was found that bears on it by then; 1 row shown carry no weight."
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
    origins = OTHERS["origins.csv"].replace("gazette,voice,,", "gazette,voice,customs,It prints the yearbook's counts")
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

    assert citation(two.grounds.for_it) == "The Gazette, 2023-03-02"
    assert citation(three.grounds.for_it) == "from 3 rows"


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        (
            [("a", 1, 0.8), ("b", 1, 0.6), ("c", 0, 0.2)],
            "For it: a says (Customs house, 2023-02-01); against it: c says (Customs house, 2023-02-01)"
            " (2 independent sources for, 1 against).",
        ),
        ([("a", 0, 0.8)], "Against it: a says (Customs house, 2023-02-01) (no independent sources for, 1 against)."),
        (
            [("a", 0.5, 0.8)],
            "Nothing found points either way (a says (Customs house, 2023-02-01)) (no independent source leans).",
        ),
        (
            [("a", 1, 0.8), ("a", 0, 0.7)],
            "For it: a says (Customs house, 2023-02-01); against it: a says (Customs house, 2023-02-01)"
            " (1 independent source for, 1 against, one of them both ways).",
        ),
        (
            [("a", 1, 0.8), ("a", 0, 0.7), ("b", 1, 0.8), ("b", 0, 0.7)],
            "For it: a says (Customs house, 2023-02-01); against it: a says (Customs house, 2023-02-01)"
            " (2 independent sources for, 2 against, 2 of them both ways).",
        ),
        (
            [("a", 0.5, 0.8), ("b", 0.5, 0.7)],
            "Nothing found points either way (a says (Customs house, 2023-02-01)) (no independent source leans).",
        ),
        (
            [("a", 1, 0.3), ("a", 0, 0.3)],  # it leans nowhere on balance
            "For it: a says (Customs house, 2023-02-01); against it: a says (Customs house, 2023-02-01)"
            " (1 independent source for, 1 against, one of them both ways).",
        ),
        (
            [("a", 1, 0.9, "C1")],
            "For it: a says (Customs house, 2023-02-01) (1 independent source for, none against, too little weight to judge).",
        ),
        (
            [("a", 1, 0.5)],
            "For it: a says (Customs house, 2023-02-01) (1 independent source for, none against).",
        ),
    ],
)
def test_the_reason_tallies_independent_sources(dossier, findings, reason):
    given = [said(*item[:3], grade=(*item, "A1")[3]) for item in findings]

    assert reason_text(judged(dossier, *given)) == reason


# -- parts and claims -------------------------------------------------------------------------------------------------


NOBODY = "No independent source was found that bears on it by then."


def part(name: str, essential: bool = True, stated: bool = True) -> Part:
    return Part(f"E01.{name}", "E01", f"Part {name}", Aspect.SUBSTANCE, essential, TestKind.EVENT, stated=stated)


def claim(*said: tuple[str, bool, bool]) -> Claim:
    """A claim of parts: name, essential, stated."""
    parts = tuple(part(name, essential, stated) for name, essential, stated in said)
    return Claim("E01", 1, Domain.ECONOMIC, "figs", "s", "k", "p", "b", parts)


def outcome(name: str, label: Label, probability: float) -> Verdict:
    return Verdict(
        "E01", f"E01.{name}", "substance", Vintage.HINDSIGHT, date(2024, 6, 1), label, probability, probability - 0.1,
        probability + 0.05, (f"o{name}", "shared"), (f"r{name}", "both"), grounds=Grounds(part(name)),
    )  # fmt: skip


ESSENTIAL = claim(("a", True, True), ("b", True, True), ("c", True, True))


@pytest.mark.parametrize(
    ("outcomes", "deciding"),
    [
        ([(S, 0.9), (S, 0.85), (S, 0.95)], "b"),  # the weakest
        ([(S, 0.9), (R, 0.15), (R, 0.1)], "c"),  # the surest refuted
        ([(C, 0.05), (R, 0.15), (S, 0.9)], "b"),  # a refuted one goes before one in conflict
        ([(C, 0.6), (C, 0.5), (N, 0.3)], "b"),  # one in conflict before one that is open
        ([(S, 0.9), (N, 0.5), (N, 0.5)], "b"),  # equal ones by name
    ],
)
def test_the_part_a_claim_hangs_on(outcomes, deciding):
    parts = [outcome(name, *item) for name, item in zip("abc", outcomes, strict=True)]

    assert deciding_part(parts).part_id == f"E01.{deciding}"
    assert deciding_part(parts[::-1]).part_id == f"E01.{deciding}"
    assert assess_claim(ESSENTIAL, parts).deciding.part_id == f"E01.{deciding}"


def test_a_detail_decides_nothing():
    parts = claim(("a", True, False), ("b", False, True))

    own = assess_claim(parts, [outcome("a", S, 0.9), outcome("b", R, 0.01)])
    assert (own.deciding.part_id, own.label) == ("E01.a", S)


def test_other_parts_in_conflict_are_named_without_the_deciding_one():
    parts = [outcome("a", C, 0.6), outcome("b", C, 0.5), outcome("c", S, 0.9)]

    own, other = assess_claim(ESSENTIAL, parts), assess_claim(ESSENTIAL, [outcome("a", S, 0.9), *parts[1:]])
    assert [found.text for found in own.also_in_conflict] == ["Part a"]
    assert other.also_in_conflict == ()
    assert reason_text(own) == f"Part b: conflicting. {NOBODY} In conflict: Part a."


def test_a_claim_takes_its_figures_from_its_weakest_part_and_all_rows_of_essential_ones():
    given = claim(("a", True, False), ("b", True, False), ("c", False, False))
    parts = [outcome("a", S, 0.9), outcome("b", S, 0.85), outcome("c", N, 0.1)]
    own = assess_claim(given, parts)

    assert (own.claim_id, own.part_id, own.aspect, own.label) == ("E01", "", "", S)
    assert (own.probability, own.low, own.high) == pytest.approx((0.85, 0.75, 0.9))
    assert (own.origins, own.observations) == (("oa", "shared", "ob"), ("ra", "both", "rb"))
    assert (own.vintage, own.as_of) == (Vintage.HINDSIGHT, date(2024, 6, 1))
    assert reason_text(own) == f"Part b: supported. {NOBODY}"


def test_what_is_right_in_part_is_named_only_beside_a_refuted_part():
    mixed = [outcome("a", S, 0.9), outcome("b", R, 0.1), outcome("c", S, 0.8)]
    open_ = [outcome("a", S, 0.9), outcome("b", N, 0.4), outcome("c", S, 0.8)]

    right = f"Right in part: Part a; Part c. But: Part b: refuted. {NOBODY}"
    assert reason_text(assess_claim(ESSENTIAL, mixed)) == right
    assert reason_text(assess_claim(ESSENTIAL, open_)) == f"Part b: not enough evidence. {NOBODY}"


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ((R, S, S), " A detail that does not hold: Part b."),
        ((R, R, S), " Details that do not hold: Part b; Part c."),
        ((N, S, S), " Not established: Part b."),
        ((N, N, N), " Not established: Part b; and 2 more details."),
        ((S, N, R), " A detail that does not hold: Part d. Not established: Part c."),
        ((C, S, C), ""),
    ],
)
def test_details_the_article_prints_are_named_when_they_fail_or_stay_open(kinds, told):
    parts = claim(("a", True, True), ("b", False, True), ("c", False, True), ("d", False, True), ("e", False, False))
    details = [outcome(name, kind, 0.5) for name, kind in zip("bcd", kinds, strict=True)]
    own = assess_claim(parts, [outcome("a", S, 0.9), *details, outcome("e", R, 0.1)])

    assert reason_text(own) == f"Part a: supported. {NOBODY}{told}", "what is not stated is not named"


def test_verdicts_come_claim_by_claim_each_before_its_parts(dossier):
    modelled = [Finding("M01.armed", "model", 0.0, 0.9, ("ferry.gun",), "a model")]
    found = assess(dossier, dossier.claims, iter(modelled))

    assert [verdict.key for verdict in found] == ["E01", "E01.number", "E01.said", "M01", "M01.armed"]
    assert found[-1].origins == ("model", "gazette")
    assert found[1].quantity.unit == "crate"
    assert found[2].quantity is None
