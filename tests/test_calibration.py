"""The calibration benchmark: its scores by hand, worlds whose outcome is known beforehand, its page."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from claimaudit.model import Basis, Label

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

import calibration
import worlds
from worlds import WORLDS, Stock, World, draw

ROOT = Path(__file__).parents[1]
TRUTH = np.array([True, True, False, False])
SAID = np.array([0.9, 0.6, 0.6, 0.2])
STOCK = Stock(numbers=(1, 1, 2, 4), grades=("A1", "B2", "C3", "D3"), bases=(Basis.OFFICIAL, Basis.REPORTED))


def rng(seed=7):
    return np.random.default_rng(seed)


@pytest.fixture
def even(project):
    """The project's dossier with grades read as the worlds read them."""
    letters, digits = worlds.LADDER
    return project.with_method(replace(project.method, reliability=letters, credibility=digits))


# -- scores by hand ------------------------------------------------------------------------------------------------------


def test_calibration_error_weighs_the_gap_of_each_bin_by_its_claims():
    # 0.9 of which all are true: gap 0.1; two at 0.6 of which half are: 0.1 for two; 0.2 of which none: 0.2
    assert calibration.calibration_error(SAID, TRUTH) == pytest.approx(100 * (0.1 + 2 * 0.1 + 0.2) / 4)
    assert calibration.calibration_error(np.full(4, 0.5), TRUTH) == pytest.approx(0)
    assert calibration.calibration_error(np.array([1.0, 1.0, 0.0, 0.0]), TRUTH) == 0
    assert calibration.calibration_error(np.array([0.0, 0.0, 1.0, 1.0]), TRUTH) == 100


def test_brier_and_log_score():
    assert calibration.brier(SAID, TRUTH) == pytest.approx((0.01 + 0.16 + 0.36 + 0.04) / 4)
    expected = -(math.log(0.9) + math.log(0.6) + math.log(0.4) + math.log(0.8)) / 4
    assert calibration.log_score(SAID, TRUTH) == pytest.approx(expected)


def test_surer_than_right_is_above_0_where_what_is_printed_is_too_sure():
    # sureness 0.9, 0.6, 0.6, 0.8; right three times in four
    assert calibration.surer_than_right(SAID, TRUTH) == pytest.approx(100 * (2.9 - 3) / 4)
    assert calibration.surer_than_right(np.array([0.9, 0.9, 0.9, 0.9]), TRUTH) == pytest.approx(40)
    assert calibration.surer_than_right(np.full(4, 0.5), TRUTH) == 0


def test_wrong_holds_counts_supported_claims_that_are_false_by_their_sources():
    labels = (Label.SUPPORTED, Label.SUPPORTED, Label.SUPPORTED, Label.REFUTED)
    printed = calibration.Printed(SAID, SAID, SAID, labels, np.array([1, 2, 2, 2]))

    assert calibration.wrong_holds(printed, TRUTH, 1, 1) == (1, 0)
    assert calibration.wrong_holds(printed, TRUTH, 2, 2) == (2, 1)
    assert calibration.wrong_holds(printed, TRUTH, 3, math.inf) == (0, 0)


# -- worlds whose outcome is known ---------------------------------------------------------------------------------------


def test_one_source_each_is_calibrated_where_grades_mean_what_the_method_takes_them_for(even):
    """What is printed is then the chance by which the world was made; 6,000 claims leave about half a point of noise."""
    one = calibration.measure(World("one"), Stock((1,), STOCK.grades), even, rng(), 6000)

    assert one.error < 2
    other = World("other", grades="accuracy")
    assert calibration.measure(other, Stock((1,), STOCK.grades), even, rng(), 6000).error > 10


def test_sources_that_are_always_right_are_never_labelled_wrong(even, monkeypatch):
    """What is printed is then short of certain by the grade alone: (1 + 0.95 x 0.98) / 2 = 0.9655 for one source."""
    monkeypatch.setitem(worlds.WORDS, "1", 1.0)
    one = calibration.measure(World("perfect", grades="words"), Stock((1,), ("A1",)), even, rng(), 200)

    assert one.printed.probability[one.sample.truth] == pytest.approx(0.9655)
    assert one.error == pytest.approx(3.45)
    assert set(one.printed.label) == {Label.SUPPORTED, Label.REFUTED}
    assert calibration.wrong_holds(one.printed, one.sample.truth, 1, math.inf)[1] == 0


def test_copies_repeat_and_parties_assert_and_counter_evidence_is_missed(project):
    three = Stock((3,), ("C3",))
    copies = draw(World("", copies=1.0), three, project.method, rng(), 400)
    parties = draw(World("", parties=1.0), three, project.method, rng(), 4000)
    missed = draw(World("", found=0.0), three, project.method, rng(), 400)

    assert (copies.says == copies.says[:, :1]).all()
    assert parties.party.all()
    assert (parties.says == parties.says[:, :1]).all()
    assert np.mean(parties.says[:, 0] == parties.truth) == pytest.approx(0.5, abs=0.03)
    assert missed.says[missed.heard].all()
    assert missed.heard.any(axis=1).all()
    assert missed.truth.mean() > 0.55


def test_sources_are_right_as_often_as_their_grades_say(project):
    """C3 is 0.7 x 0.65 = 0.455 on the worlds' ladder: right with (1 + 0.455) / 2, or 0.455, or as "possibly" 0.5."""
    for grades, expected in (("trust", 0.7275), ("accuracy", 0.455), ("words", 0.5)):
        sample = draw(World("", grades=grades), Stock((1,), ("C3",)), project.method, rng(), 6000)

        assert np.mean(sample.says[:, 0] == sample.truth) == pytest.approx(expected, abs=0.025), grades


def test_worlds_stay_as_they_are_whatever_the_method_makes_of_a_grade(project, even):
    assert Stock.of(project) == Stock.of(even)
    one, other = (draw(World("", parties=0.2), STOCK, of.method, rng(), 50) for of in (project, even))
    assert (one.trust == other.trust).all()
    assert (one.says == other.says).all()


def test_a_party_counts_with_the_digit_a_party_has_and_never_decides_alone(even):
    """A1 of a party counts as A3: (1 + 0.95 x 0.65) / 2 = 0.80875, above the bar, but below the floor."""
    one = calibration.measure(World("", parties=1.0), Stock((1,), ("A1",)), even, rng(), 50)

    assert set(one.printed.probability.round(5)) == {0.80875, 0.19125}
    assert set(one.printed.label) == {Label.NOT_ENOUGH_EVIDENCE}
    free = calibration.measure(World(""), Stock((1,), ("A1",)), even, rng(), 50)
    assert set(free.printed.label) == {Label.SUPPORTED, Label.REFUTED}


def test_figures_say_what_their_extents_do(project):
    sample = draw(World("", figures=True), Stock((1,), ("A1",), (Basis.REPORTED,)), project.method, rng(), 2000)
    says = sample.says[:, 0]

    assert ((says >= 0) & (says <= 1)).all()
    assert ((says > 0.05) & (says < 0.95)).mean() > 0.2  # a quarter either way straddles many a bound
    assert says[sample.truth].mean() > 0.6
    assert says[~sample.truth].mean() < 0.4


def test_the_same_seed_gives_the_same_figures_and_another_gives_others(project, monkeypatch):
    monkeypatch.setattr(calibration, "WORLDS", (WORLDS[0], WORLDS[-1]))

    def figures(seed):
        return calibration.table(calibration.measure_all(project, 150, seed), 150, 0)

    assert figures(1) == figures(1)
    assert figures(1) != figures(2)


# -- the page ------------------------------------------------------------------------------------------------------------


def test_the_page_has_all_twelve_worlds_and_counts_them_as_its_table_does():
    page = (ROOT / "docs/calibration.md").read_text(encoding="utf-8")
    tables = page.partition("<!-- measured: from here -->")[2].partition("<!-- measured: to here -->")[0]
    rows = re.findall(r"^\| \d+ \| ([^|]+) \| ([\d.]+) \| [-+]", tables, re.MULTILINE)

    assert len(WORLDS) == 12
    assert [name for name, _ in rows] == [world.name for world in WORLDS]
    well = sum(float(error) <= calibration.WELL for _, error in rows)
    assert f"in {well} of the 12 worlds" in tables
    assert f"In {COUNTS[well]} of the twelve" in page


def test_the_method_page_promises_no_more_than_the_table_shows():
    """The worlds it counts as well calibrated, the mean range, how far off the worst is, and one source alone."""
    page = (ROOT / "docs/calibration.md").read_text(encoding="utf-8")
    shown = (ROOT / "src/claimaudit/publish/templates/site/method.html.j2").read_text(encoding="utf-8")
    errors = sorted(float(error) for error in re.findall(r"^\| \d+ \| [^|]+ \| ([\d.]+) \| [-+]", page, re.MULTILINE))
    mean = re.search(r"^\| \| mean \|(?: [^|]+ \|){4} ([\d.]+) \|", page, re.MULTILINE)
    promised = re.search(r"within five points in (\w+) of them", shown)
    worst = re.search(r"off by up to (\w+) points", shown)
    alone = [float(share) for share in re.findall(r"^\| \d+ \|(?: [^|]+ \|){8} ([\d.]+) % \|", page, re.MULTILINE)]

    assert mean
    assert promised
    assert worst
    assert float(mean[1]) <= 25
    assert COUNTS.index(promised[1]) <= sum(error <= calibration.WELL for error in errors)
    assert errors[-1] <= COUNTS.index(worst[1]) + 0.5
    assert len(alone) == 12
    assert max(alone) <= 27, "about once in four"


COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
