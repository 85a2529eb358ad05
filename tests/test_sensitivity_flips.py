"""What would turn a label, by hand on a tiny dossier; leave-one-origin-out tables whole."""

from __future__ import annotations

import math

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Vintage
from claimaudit.verdict.parts import assess_part
from claimaudit.verdict.sensitivity import (
    flip_by_bound,
    flip_by_new_sources,
    flip_threshold,
    label_grid,
    leave_one_origin_out,
)
from samples import CLAIMS, OBSERVATIONS, PUBLISHERS, write_dossier

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING

# One independent source alone: the customs house, A1, counted 90 to 100 crates and wrote 95. Trust 0.95 x 0.98 = 0.931.
ALONE = "".join(
    row for row in OBSERVATIONS.splitlines(keepends=True) if not row.startswith(("fig.gazette", "fig.audit"))
)


def loaded(folder, test: str, value: float = 100, rows: str = ALONE, more: str = "") -> Dossier:
    """The sample dossier in which E01.number asks another question."""
    claims = CLAIMS.replace('test = "about"', f'test = "{test}"').replace("value = 100\n", f"value = {value}\n{more}")
    if test != "about":
        claims = claims.replace("  tolerance = 0.2\n", "")
    return Dossier.load(write_dossier(folder, harbour=rows, claims=claims))


# -- the claimed figure -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "becomes", "share"),
    [
        # q = 0.931 p + 0.0345, so q falls below 0.8 where p < 0.82223; the share of the range below the bound is p.
        ("at_most", N, 0.822234),
        ("less_than", N, 0.822234),
        ("at_least", N, 0.822234),
        ("more_than", N, 0.822234),
    ],
)
def test_how_far_a_bound_must_move(tmp_path, test, becomes, share):
    """90 to 100 with the median 95: 10 crates' width, so the share p lies at 90 + 10 p from below, 100 - 10 p from above."""
    upper = test in ("at_most", "less_than")
    dossier = loaded(tmp_path, test, 150 if upper else 50)
    flip = flip_by_bound(dossier, dossier.part("E01.number"))
    expected = 90 + 10 * share if upper else 100 - 10 * share

    assert (flip.label, flip.becomes) == (S, becomes)
    assert flip.threshold == pytest.approx(expected, rel=2e-3)
    assert flip.now == (150 if upper else 50)
    assert flip.unit == "crate"
    assert flip.source == "claimed figure"
    side = "below" if upper else "above"
    assert flip.words.startswith(f"had the claimed figure been {side} 9")
    assert flip.words.endswith("crates, the label would be not enough evidence")


def test_the_nearer_side_of_a_band_is_named(tmp_path):
    """About 110 within a fifth is 88 to 132, all of the range; v moves up until 0.8 v cuts 17.8% off: 0.8 v = 91.78."""
    dossier = loaded(tmp_path, "about", 110)
    flip = flip_by_bound(dossier, dossier.part("E01.number"))

    assert flip.threshold == pytest.approx((90 + 10 * (1 - 0.822234)) / 0.8, rel=2e-3)
    assert flip.words.startswith("had the claimed figure been above 11")


def test_without_a_unit_of_its_own_the_figure_is_in_that_of_its_rows(tmp_path):
    plain = CLAIMS.replace('  unit = "crate"\n', "").replace("  tolerance = 0.2\n", "").replace('"about"', '"at_most"')
    dossier = Dossier.load(write_dossier(tmp_path, harbour=ALONE, claims=plain))
    flip = flip_by_bound(dossier, dossier.part("E01.number"))

    assert flip.unit == "crate"
    assert "crates, the label would be" in flip.words


@pytest.mark.parametrize("value", [0, -3])
def test_a_figure_that_is_not_above_nothing_has_no_such_flip(tmp_path, value):
    dossier = loaded(tmp_path, "at_most", value)

    assert flip_by_bound(dossier, dossier.part("E01.number")) is None


def test_not_even_where_a_lesser_loss_would_turn_it(tmp_path):
    """A loss of 45 to 55 crates against "at most -100": it would hold from -45 on, but signs are not scaled."""
    losses = ALONE.replace("95,90,100", "-50,-55,-45")
    dossier = loaded(tmp_path, "at_most", -100, losses)

    assert assess_part(dossier, dossier.part("E01.number")).label is R
    assert flip_by_bound(dossier, dossier.part("E01.number")) is None


def test_nor_has_one_that_no_hundredfold_turns(tmp_path):
    """At least 0.5 of some 95: fifty times as much is 25, and a hundred times 50: still supported; 1/100 is less yet."""
    dossier = loaded(tmp_path, "at_least", 0.5)
    turned = loaded(tmp_path / "other", "at_least", 1.0)

    assert flip_by_bound(dossier, dossier.part("E01.number")) is None
    assert flip_by_bound(turned, turned.part("E01.number")).threshold == pytest.approx(91.78, rel=2e-3)


def test_nor_has_an_event(tmp_path):
    dossier = loaded(tmp_path, "about")

    assert flip_by_bound(dossier, dossier.part("M01.armed")) is None


# -- any input --------------------------------------------------------------------------------------------------------


def test_a_threshold_is_found_to_a_share_of_the_range():
    """From 0 to 1000 in 60 steps a scan sees 500 + 8.33 k; the bisection then closes in to 0.1 (1e-4 of 1000)."""
    found = flip_threshold(lambda x: S if x < 613.7 else R, 500.0, 0.0, 1000.0)
    rough = flip_threshold(lambda x: S if x < 613.7 else R, 500.0, 0.0, 1000.0, steps=5, tolerance=0.05)

    assert 613.7 <= found[0] <= 613.8
    assert found[1] is R
    assert 613.7 <= rough[0] <= 663.7


def test_the_far_side_is_not_taken_where_both_turn():
    def label_at(x: float) -> Label:
        return C if x < 2 else R if x > 9 else S

    assert flip_threshold(label_at, 4.0, 0.0, 10.0) == (pytest.approx(2, abs=0.002), C)
    assert flip_threshold(label_at, 6.0, 0.0, 10.0) == (pytest.approx(9, abs=0.002), R)
    assert flip_threshold(label_at, 10.0, 0.0, 10.0)[1] is S


def test_an_end_of_the_range_is_a_place_to_stand():
    assert flip_threshold(lambda x: S if x < 3 else R, 0.0, 0.0, 10.0) == (pytest.approx(3, abs=0.002), R)
    assert flip_threshold(lambda x: S if x < 10 else R, 10.0, 0.0, 10.0) == (pytest.approx(10, abs=0.002), S)
    with pytest.raises(ValueError, match="the present value 11 lies outside 0 to 10"):
        flip_threshold(lambda x: S, 11.0, 0.0, 10.0)
    with pytest.raises(ValueError, match="the present value -1 lies outside 0 to 10"):
        flip_threshold(lambda x: S, -1.0, 0.0, 10.0)


# -- new independent sources -------------------------------------------------------------------------------------------------------


def test_new_independent_sources_are_counted_on_the_side_that_needs_fewer(tmp_path):
    """B2 is trusted 0.85 x 0.85 = 0.7225, a weight of log(1.7225 / 0.2775) = 1.826.

    The customs house says q = 0.9655, 3.332. One independent source against it: 1.826 passes 0.85 and half of 3.332: conflicting.
    """
    dossier = loaded(tmp_path, "about")
    flip = flip_by_new_sources(assess_part(dossier, dossier.part("E01.number")), dossier)

    assert (flip.label, flip.becomes, flip.threshold, flip.now) == (S, C, 1, 0)
    assert flip.words == "1 further independent source of grade B2 against it would make it conflicting"
    assert (flip.part_id, flip.source) == ("E01.number", "new independent sources")


def test_weaker_independent_sources_are_needed_in_numbers(tmp_path):
    """C3 is trusted 0.7 x 0.65 = 0.455, a weight of log(1.455 / 0.545) = 0.982: the first counts whole, the rest half.

    Two reach the floor. Against 3.332 of the customs house: the odds for 0.8 are 1.386, so the doubt must pass 1.945 to end the
    support, but at 0.982 + 0.491 (n - 1) >= 1.666 (half of the stronger side) it is a conflict: n = 3 (1.964; 2 give 1.473).
    """
    dossier = loaded(tmp_path, "about")
    verdict = assess_part(dossier, dossier.part("E01.number"))
    flip = flip_by_new_sources(verdict, dossier, grade=("C", "3"))

    assert (flip.threshold, flip.becomes) == (3, C)
    assert flip.words == "3 further independent sources of grade C3 against it would make it conflicting"
    assert flip_by_new_sources(verdict, dossier, grade=("C", "3"), most=3) == flip
    few = flip_by_new_sources(verdict, dossier, grade=("C", "3"), most=2)
    assert few.threshold == math.inf
    assert few.becomes is few.label is S
    assert few.words == "no 2 further independent sources of grade C3 on one side would turn it"
    assert flip_by_new_sources(verdict, dossier, grade=("D", "4")).threshold == math.inf, "doubtful items weigh nothing"


def test_as_many_are_needed_for_what_is_refuted(tmp_path):
    """The mirror image: 3.332 against it, so three of C3 for it."""
    dossier = loaded(tmp_path, "at_least", 500)
    verdict = assess_part(dossier, dossier.part("E01.number"))
    flip = flip_by_new_sources(verdict, dossier, grade=("C", "3"))

    assert (flip.label, flip.becomes, flip.threshold) == (R, C, 3)
    assert flip.words == "3 further independent sources of grade C3 for it would make it conflicting"


def test_where_nothing_is_known_one_good_independent_source_for_it_is_named_first_or_against_it_when_refuted(tmp_path):
    dossier = loaded(tmp_path, "about")
    nothing = assess_part(dossier.as_of("2020-01-01"), dossier.part("E01.number"))

    assert flip_by_new_sources(nothing, dossier).words.startswith("1 further independent source of grade B2 against it")
    refuted = loaded(tmp_path / "other", "at_least", 500)
    flip = flip_by_new_sources(assess_part(refuted, refuted.part("E01.number")), refuted)
    assert (flip.label, flip.becomes) == (R, C)
    assert "independent source of grade B2 for it" in flip.words


# -- leave-one-out ----------------------------------------------------------------------------------------------------


def test_leave_one_origin_out_by_hand(tmp_path):
    """Customs A1 says q = 0.9655, the gazette C3 (0.455) has none of 105-175 within 80-120 but 105-120: p = 15/70.

    p: 0.5 x 15/35 = 0.21429, q = 0.455 p + 0.2725 = 0.37; the pool of both is 0.9426.
    """
    dossier = Dossier.load(write_dossier(tmp_path)).at_publication()
    verdict = assess_part(dossier, dossier.part("E01.number"))
    table = leave_one_origin_out(verdict, dossier)
    both = 1 / (1 + (0.0345 / 0.9655) * (0.63 / 0.37))

    assert verdict.probability == pytest.approx(both)
    assert (verdict.low, verdict.high) == pytest.approx((0.37, 0.9655))
    assert list(table.columns) == ["origin", "probability", "change", "label", "turns"]
    assert list(table["origin"]) == ["customs", "gazette"], "the strongest effect first"
    assert list(table["probability"]) == pytest.approx([0.37, 0.9655])
    assert list(table["change"]) == pytest.approx([0.37 - both, 0.9655 - both])
    assert list(table["label"]) == ["not_enough_evidence", "supported"]
    assert list(table["turns"]) == [True, False]


def test_without_any_independent_source_the_table_is_empty_but_has_its_columns(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path)).as_of("2020-01-01")
    table = leave_one_origin_out(assess_part(dossier, dossier.part("E01.number")), dossier)

    assert table.empty
    assert list(table.columns) == ["origin", "probability", "change", "label", "turns"]


# -- sweeps -----------------------------------------------------------------------------------------------------------


def test_a_sweep_by_hand(tmp_path):
    """The gun has one source, here of B2: 0.7225 ^ g, which is at the floor. It is supported where the probability passes the bar.

    g = 0.5: trust 0.85, q 0.925; g = 1: 0.7225, 0.86125; g = 1.5: 0.6141, 0.8071. Odds with the prior 0.35: x 0.5385, with
    0.65: x 1.857. g 0.5 gives 0.8691, 0.925, 0.9582; g 1 gives 0.7697, 0.8613, 0.9202; g 1.5 gives 0.6926, 0.8071, 0.8860.
    Bars 0.7, 0.75, 0.85: g 0.5: 3 + 3 + 3; g 1: 2 + 3 + 3; g 1.5: 0 + 2 + 3. So 22 of 27, times 3 dependences, 2 floors,
    3 widths and 3 tolerances, which change nothing: 1,188 of 1,458.
    """
    gazette = PUBLISHERS.replace("gazette,The Gazette,C", "gazette,The Gazette,B")
    assert gazette != PUBLISHERS
    dossier = Dossier.load(write_dossier(tmp_path, publishers=gazette))
    sweep = label_grid(dossier, [dossier.part("M01.armed")]).sweep("M01.armed", S)

    assert sweep.variants == 1458
    assert sweep.labels == {S: 1188, N: 270}
    assert sweep.survives == pytest.approx(1188 / 1458)
    assert assess_part(dossier, dossier.part("M01.armed")).vintage is Vintage.HINDSIGHT
