"""Flip thresholds, leave-one-origin-out, and method sweeps, each by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError
from claimaudit.model import Label, TestKind, Vintage
from claimaudit.verdict.audit import audit
from claimaudit.verdict.models import model_of
from claimaudit.verdict.parts import assess_part
from claimaudit.verdict.sensitivity import flip_by_bound, flip_by_new_sources, flip_threshold, label_grid
from samples import write_dossier

VINTAGES = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)
S, R, N = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


def test_flip_threshold_finds_the_nearest_side():
    found = flip_threshold(lambda x: S if 2 <= x < 7 else R, 6.0, 0.0, 20.0)

    assert found is not None
    assert found[0] == pytest.approx(7, abs=0.01)
    assert found[1] is R
    assert flip_threshold(lambda x: S, 6.0, 0.0, 20.0) is None
    with pytest.raises(ValueError, match="outside"):
        flip_threshold(lambda x: S, 30.0, 0.0, 20.0)


@given(st.floats(0.5, 9.5), st.floats(0, 10))
@settings(max_examples=80)
def test_flip_threshold_is_where_the_label_turns(at, start):
    def label_at(x):
        return S if x < at else R

    found = flip_threshold(label_at, start, 0.0, 10.0)

    assert found is not None
    assert found[0] == pytest.approx(at, abs=0.01)
    assert label_at(start) is not found[1]


def test_flip_by_bound_moves_the_claimed_figure(dossier):
    """At publication 90-100 crates stand for 'about 100': the band of a fifth must lose them for the label to turn."""
    flip = flip_by_bound(dossier.at_publication(), dossier.part("E01.number"))

    assert flip is not None
    assert flip.label is S
    assert flip.becomes is not S
    assert "the claimed figure been" in flip.words


def test_flip_by_new_independent_sources_counts_them(dossier):
    part = dossier.part("M01.armed")
    verdict = assess_part(dossier, part)
    flip = flip_by_new_sources(verdict, dossier)

    assert verdict.label is N
    assert flip.threshold == 1
    assert "1 further independent source of grade B2" in flip.words


def test_leave_one_origin_out_lists_each_origin(dossier):
    result = audit(dossier, "figs")
    table = result.leave_one_out("E01.number", Vintage.HINDSIGHT)

    assert set(table["origin"]) == {"customs", "gazette", "audit"}
    assert table["change"].abs().is_monotonic_decreasing
    assert table.set_index("origin").loc["audit", "probability"] > result.verdict("E01.number").probability


def test_label_grid_covers_the_grid(dossier):
    part = dossier.part("E01.number")
    sweep = label_grid(dossier, [part]).sweep("E01.number", assess_part(dossier, part).label)
    grid = 1
    for values in dossier.method.sweep.values():
        grid *= len(values)

    assert sweep.variants == grid
    assert sum(sweep.labels.values()) == grid
    assert sweep.survives == sweep.labels[assess_part(dossier, part).label] / grid


def test_sweep_agrees_with_judging_under_each_method(dossier):
    """The short cut of the sweep (findings once, pooling often) gives what the long way gives."""
    part = dossier.part("E01.number")
    grid = label_grid(dossier, [part])
    long_way = [
        assess_part(dossier.with_method(dossier.method.varied(setting)), part).label for setting in grid.settings
    ]

    assert grid.labels["E01.number"] == tuple(long_way)
    assert len({tuple(setting.items()) for setting in grid.settings}) == len(list(dossier.method.variants()))


GRADES = {
    "stricter": lambda method: method.varied({"grade_power": 2.0}),
    "quoting": lambda method: replace(method, quoting=method.quoting / 2),
    "prior": lambda method: method.varied({"prior": 0.3, "dependence": 0.1}),
}


def prepared_topics(project):
    """The topics whose findings rest on something that a sweep makes once for all grades."""
    topics = dict.fromkeys(claim.topic for claim in project.claims)
    return [topic for topic in topics if hasattr(model_of(project, topic), "prepare")]


def test_what_a_sweep_prepares_does_not_depend_on_grades(project):
    """Findings with what was prepared under other grades are those of a view that prepares its own."""
    topics = prepared_topics(project)
    assert topics

    for topic in topics:
        module = model_of(project, topic)
        parameters = module.Parameters()
        for view in (project.at_publication(), project.hindsight()):
            ready, first = module.prepare(view, parameters), tuple(module.findings(view, parameters))
            assert tuple(module.findings(view, parameters, ready)) == first
            turned = 0
            for change in GRADES.values():
                other = view.with_method(change(view.method))
                alone = tuple(module.findings(other, parameters))
                assert tuple(module.findings(other, parameters, ready)) == alone
                turned += alone != first
            assert turned, f"no grade reaches {topic}: the comparison would show nothing"


@pytest.mark.parametrize("topic", ["munitions", "trade", "sanctions", "aviation"])
def test_a_topics_sweep_agrees_with_judging_under_each_method(project, audited, topic):
    """Widths, grades and pooling all vary: what was prepared for one width never serves another."""
    result = audited(topic)
    parts = [part for claim in result.claims for part in claim.parts if part.test is TestKind.MODEL]
    view = result.view(Vintage.HINDSIGHT)
    for scale in (0.5, 2.0):
        for power in (0.5, 1.5):
            few = {"width_scale": [scale], "grade_power": [power]}
            swept = label_grid(
                view.with_method(replace(view.method, sweep=few)), parts, result.modelled, result.prepare
            )
            alone = view.with_method(view.method.varied({"width_scale": scale, "grade_power": power}))
            for part in parts:
                label = assess_part(alone, part, result.modelled(alone)).label
                assert swept.labels[part.part_id] == (label,)


def test_a_sweep_hands_on_what_was_prepared_for_the_same_widths(dossier):
    seen = []

    def modelled(view, ready):
        seen.append((ready, view.method.widths))
        return ()

    label_grid(dossier, [dossier.part("E01.number")], modelled, lambda view: view.method.widths)

    assert len(seen) == len(dossier.method.sweep["width_scale"]) * len(dossier.method.sweep["grade_power"])
    assert all(ready == widths for ready, widths in seen)
    assert len({id(ready) for ready, _ in seen}) == len(dossier.method.sweep["width_scale"])


def test_an_audits_sweep_asks_after_the_label_of_its_own_date(dossier):
    result = audit(dossier, "figs")
    labels = {vintage: result.verdict("E01.number", vintage).label for vintage in VINTAGES}

    assert len(set(labels.values())) == 2
    for vintage, label in labels.items():
        sweep = result.sweeps["E01.number", vintage]
        assert sweep.survives == sweep.labels[label] / sweep.variants


def test_an_audit_judges_at_both_dates_and_at_a_chosen_day(dossier):
    result = audit(dossier, "figs")

    assert [view.vintage for view in result.views] == [Vintage.AT_PUBLICATION, Vintage.HINDSIGHT]
    claim, parts = result.of("E01", Vintage.AT_PUBLICATION)
    assert claim.label is S
    assert [verdict.part_id for verdict in parts] == ["E01.number", "E01.said"]
    with pytest.raises(UnknownNameError, match=r"did you mean 'E01\.number'"):
        result.verdict("E01.numbers")
