"""Panels: they follow their controls at once, judge as the audit does, mark what is not it, reset, and say how to build it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from xml.etree import ElementTree

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claimaudit as ca
from claimaudit.errors import ParameterError, UnknownNameError
from claimaudit.model import Vintage
from claimaudit.run.gate import read_parameters
from claimaudit.run.notebooks import notebooks_of
from claimaudit.show import cards
from claimaudit.show.lab import levers
from claimaudit.show.lab.explore import changes, command, control, panel
from claimaudit.show.lab.levers import controls_of, parameter, step_of
from claimaudit.show.lab.what_if import Setting, WhatIf
from claimaudit.show.lab.what_if_chart import finding
from claimaudit.verdict.audit import audit
from claimaudit.verdict.models import model_of
from panels import Shown
from russia_iran.economic.trade import COUNTS
from russia_iran.military.munitions import Parameters
from samples import DATA

P = Parameters()
NOTEBOOKS = {notebook.name: notebook for notebook in notebooks_of(DATA)}
BOXES = (50, 1000, 10)
DATES = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


@pytest.fixture
def shown(project):
    return Shown(
        panel("munitions", project, P, "M02.fits_as_reported", {"containers": BOXES, "heavy_share": (0, 1, 0.01)})
    )


def likely(shown):
    return re.search(r"<strong>([^<]*\d%)</strong> likely", shown.card.value).group(1)


def test_card_chart_and_command_follow_a_slider_and_reset(shown):
    before = shown.card.value, shown.chart.value, shown.line.value
    assert "<code>claimaudit build munitions</code>" in shown.line.value
    assert "now 200" in shown.chart.value

    shown.controls["Containers"].value = 1000
    assert "<code>claimaudit build munitions -p containers 1000</code>" in shown.line.value
    assert "now 1,000" in shown.chart.value
    assert shown.card.value != before[0]

    shown.controls["Heavy share"].value = 0.3
    assert "-p heavy_share 0.3 -p containers 1000</code>" in shown.line.value
    assert "By heavy share" in shown.chart.value or "Heavy share: " in shown.chart.value

    shown.reset.click()
    assert (shown.card.value, shown.line.value) == (before[0], before[2])
    assert "now 200" in shown.chart.value


def test_the_charts_shapes_are_closed_so_that_each_is_drawn(shown):
    """An open shape would swallow all that follows it."""
    drawing = re.search(r"<svg.*?</svg>", shown.chart.value, re.DOTALL).group(0)
    root = ElementTree.fromstring(drawing)

    marks = [item for item in root if item.tag in ("circle", "rect")]
    assert len(marks) >= 2
    assert not [item for item in root if len(item)]


def test_another_part_and_the_other_date_can_be_chosen(shown, audited):
    shown.controls["Part"].value = "M01.fits"
    shown.controls["Judged"].value = Vintage.AT_PUBLICATION

    assert cards.verdict_part(audited("munitions"), "M01.fits", Vintage.AT_PUBLICATION).text in shown.card.value
    assert "14 March 2023" in shown.card.value


def test_the_claims_badge_and_its_parts_follow_the_panel(shown, audited):
    """As the audit rates it, and by the same rules where a control was moved."""
    usual = cards.claim_part(audited("munitions"), "M02", Vintage.HINDSIGHT).text
    assert usual in shown.card.value

    shown.controls["Part"].value = "M01.fits"
    assert usual not in shown.card.value
    assert cards.claim_part(audited("munitions"), "M01", Vintage.HINDSIGHT).text in shown.card.value


def test_the_command_tells_what_was_set_in_the_parameters_cell_and_another_dossier(project):
    elsewhere = replace(project, path=DATA.parent / "my data")
    line = Shown(panel("munitions", elsewhere, Parameters(shells=400_000), "M01.fits", {"containers": BOXES})).line

    assert "-p shells 400000 --dossier &#x27;" in line.value
    assert "my data&#x27;" in line.value


def test_parameters_that_contradict_each_other_are_told_and_not_raised(project):
    years = {"from_year": (1396, 1401, 1), "to_year": (1397, 1402, 1)}
    shown = Shown(panel("prices", project, model_of(project, "prices").Parameters(), "E21.groups", years))
    shown.controls["From year"].value = 1401

    assert "year" in shown.card.value
    assert shown.chart.value == ""


def test_names_that_do_not_exist_are_refused_with_near_ones(project):
    with pytest.raises(ParameterError, match="unknown parameter 'container': did you mean 'containers'"):
        panel("munitions", project, P, "M01.fits", {"container": BOXES})
    with pytest.raises(UnknownNameError, match=r"did you mean 'M01\.fits'"):
        panel("munitions", project, P, "M01.fit", {"containers": BOXES})


def test_controls_keep_the_parameters_type_and_never_change_a_value_unasked():
    assert type(control(parameter("containers", 200, (1, 10_000, 1))).value) is int
    assert type(control(parameter("heavy_share", 0.1, (0.0, 1.0, 0.1))).value) is float
    assert control(parameter("counts", "russian", COUNTS)).value == "russian"
    assert control(parameter("suspect_years", True, (False, True))).value is True
    assert control(parameter("containers", 2000, BOXES)).value == 2000


def test_a_slider_shows_its_value_as_it_is_and_years_without_comma():
    assert control(parameter("tolerance", 0.125, (0.0, 1.0, 0.005))).readout_format == ",.3f"
    assert control(parameter("containers", 2000, BOXES)).readout_format == ",d"
    assert control(parameter("from_year", 1396, (1390, 1402, 1))).readout_format == "d"
    assert parameter("from_year", 1396, (1390, 1402, 1)).written(1396) == "1396"


@pytest.mark.parametrize("now", [0.67, 1 / 3, 0.25, 7.0, 123.456789])
def test_a_sliders_steps_meet_the_value_it_opens_with(now):
    step = step_of(0.0, 10 * now, now)
    assert now / step == pytest.approx(round(now / step))
    assert step <= now


def test_the_command_names_only_what_was_changed():
    assert changes(P, Parameters(containers=300)) == {"containers": 300}
    assert command("munitions", {}) == "claimaudit build munitions"


def test_a_chart_shows_the_ends_first_and_stays_on_the_sliders_steps():
    points = parameter("share", 0.3, (0.0, 1.6, 0.1)).values(0.3)

    assert points[:3] == (0.0, 1.6, 0.8)
    assert len(points) == 17
    assert parameter("counts", "b", ("a", "b")).values("b") == ("a", "b")
    assert sorted(parameter("year", 2, (1, 4, 1)).values(2)) == [1, 2, 3, 4]


def test_the_charts_sentence_tells_where_the_label_turns(project):
    what_if = WhatIf(project, "trade")
    lever = parameter("threshold", 1.0, (0.1, 3.0, 0.1))
    start = Setting(model_of(project, "trade").Parameters())
    judged = {
        value: what_if.verdict(lever.put(start, value), "E14.latest", Vintage.HINDSIGHT) for value in (0.1, 0.2, 3.0)
    }

    assert finding(lever, judged) == "By threshold: wrong from 0.1 to 0.2, holds at 3."


# -- any topic, with or without a model ------------------------------------------------------------------------------


def test_the_menu_has_every_part_and_what_does_not_bear_on_one_is_put_away(project):
    shown = Shown(ca.panel(ca.audit("munitions", project), "M02"))
    menu = shown.controls["Part"]
    assert [value for _, value in menu.options] == [
        part.part_id for claim in project.topic("munitions") for part in claim.parts
    ]
    assert {"Leave out", "Before any evidence", "Bar for holding"} <= shown.in_sight

    menu.value = "M02.fits_as_reported"
    assert "Containers" in shown.in_sight
    assert not any(name.startswith("Claimed") for name in shown.in_sight)
    menu.value = "M01.size"
    assert "Containers" not in shown.in_sight
    assert shown.controls["Claimed figure (rounds)"].value == 100_000_000


def test_a_claim_opens_with_the_part_that_decides_it_in_any_case(project, audited):
    result = audited("trade")
    shown = Shown(ca.panel(result, "e14"))
    assert shown.controls["Part"].value == result.verdict("E14").deciding.part_id
    with pytest.raises(UnknownNameError, match="did you mean 'E14'"):
        ca.panel(result, "E144")
    with pytest.raises(UnknownNameError, match=r"unknown part of 'trade' 'm01\.fits'"):
        ca.panel(result, "M01.fits")


def test_the_rating_its_sentence_and_its_parts_stand_above_the_part(audited):
    result = audited("opinion")
    shown = Shown(ca.panel(result, "E24.majority"))
    for vintage in DATES:
        shown.controls["Judged"].value = vintage
        card = shown.card.value
        rating, part = (
            cards.claim_part(result, "E24", vintage).text,
            cards.verdict_part(result, "E24.majority", vintage).text,
        )
        assert card.index(rating) < card.index(part)
        assert "ca-conclusion" in rating


def test_what_differs_is_marked_at_once_and_the_command_says_what_it_cannot(project):
    shown = Shown(ca.panel(ca.audit("opinion", project), "E24.majority"))
    start = shown.card.value, shown.chart.value, shown.line.value
    assert shown.mark == ""
    assert "No command line" not in shown.line.value
    turned = {
        "Bar for holding": (0.85, "bar for holding: 85% likely instead of 75% likely", "the method"),
        "Claimed figure (percent)": (30.0, "claimed figure of E24.majority: 30% instead of 50%", "claimed figure"),
    }
    for name, (value, told, beyond) in turned.items():
        shown.controls[name].value = value
        assert shown.mark.startswith("What if, not the audit. ")
        assert told in shown.mark.replace("Bar", "bar").replace("Claimed", "claimed")
        assert beyond in shown.line.value
        shown.reset.click()
        assert (shown.card.value, shown.chart.value, shown.line.value) == start
    menu = shown.controls["Leave out"]
    menu.value = menu.options[1][1]
    assert f"Without {menu.options[1][0]}." in shown.mark
    assert "No command line sets the source left out" in shown.line.value
    shown.reset.click()
    assert shown.card.value == start[0]


def test_a_panel_on_changed_parameters_says_so_from_the_start(project):
    shown = Shown(ca.panel(ca.audit("trade", project, threshold=0.5), "E14.latest"))
    assert "0.5 instead of 1.0" in shown.mark
    assert "-p threshold 0.5" in shown.line.value
    shown.controls["Threshold"].value = 1.0
    assert shown.mark == ""
    assert "As audited. This notebook sets" in shown.card.value


def test_a_row_that_is_in_no_file_is_told(project):
    found = {"value": 9.5e9, "credibility": 2}
    source = {"title": "A count found today", "publisher": "Financial Tribune", "published": "2026-11-28"}
    more = ca.load().with_row(found, like="ri.2022.prelim", source=source)
    shown = Shown(ca.panel(more.audit("trade"), "E14.latest"))
    assert f"The row {more.added[0]} added" in shown.mark


def test_a_day_that_was_asked_for_is_among_the_dates(project):
    result = ca.audit("trade", project, as_of="2024-01-01")
    shown = Shown(ca.panel(result, "E14.latest", vintage=Vintage.AS_OF))
    assert cards.verdict_part(result, "E14.latest", Vintage.AS_OF).text in shown.card.value
    assert shown.mark == ""


def test_sources_to_leave_out_are_those_heard_on_the_part(project, audited):
    result = audited("trade")
    shown = Shown(ca.panel(result, "E22.fall" if "E22.fall" in [v.key for v in result.verdicts] else "E14.latest"))
    for key in [value for _, value in shown.controls["Part"].options]:
        shown.controls["Part"].value = key
        heard = result.verdict(key).origins
        assert tuple(value for _, value in shown.controls["Leave out"].options) == ("", *heard)


# -- equal to the audit with the same change -------------------------------------------------------------------------


def some(data, project, topic):
    """A setting made by drawing for some levers of a part: parameters, claimed figures, the method."""
    what_if = WhatIf(project, topic)
    module = model_of(project, topic)
    start = Setting(module.Parameters() if module else None)
    part = data.draw(st.sampled_from(what_if.parts))
    given = controls_of(start.parameters)
    known = [parameter(name, getattr(start.parameters, name), spec) for name, spec in given.items()]
    known += [*levers.claimed(part, project), *levers.of_method(project)]
    setting = start
    for lever in data.draw(st.lists(st.sampled_from(known), max_size=3, unique_by=lambda item: item.key)):
        value = data.draw(st.sampled_from(lever.values(lever.now)))
        try:
            setting = lever.put(setting, value)
        except ParameterError:  # two that depend on each other
            continue
    return what_if, setting, part


def really(project, topic, setting):
    """The audit of a dossier that was changed as the setting says."""
    printed = {(part, name): value for part, name, value in setting.claimed}

    def changed(part):
        own = {name: printed.get((part.part_id, name), value) for name, value in part.numbers.items()}
        return replace(part, numbers=own)

    claims = tuple(replace(claim, parts=tuple(changed(part) for part in claim.parts)) for claim in project.claims)
    method = project.method.varied(dict(setting.method))
    return audit(replace(project, claims=claims, method=method), topic, setting.parameters)


@settings(max_examples=25)
@given(data=st.data(), topic=st.sampled_from(["trade", "opinion", "energy", "prices", "space", "industry"]))
def test_any_setting_is_judged_as_the_audit_with_the_same_change(data, topic):
    project = ca.load().dossier
    what_if, setting, part = some(data, project, topic)
    # Asked before, so that nothing remembered of another setting is taken for this one's.
    what_if.claim(Setting(setting.parameters), part.part_id, Vintage.HINDSIGHT)
    what_if.claim(replace(setting, method=()), part.part_id, Vintage.HINDSIGHT)
    result = really(project, topic, setting)
    for vintage in DATES:
        assert what_if.verdict(setting, part.part_id, vintage) == result.verdict(part.part_id, vintage)
        assert what_if.claim(setting, part.part_id, vintage) == result.verdict(part.claim_id, vintage)


@pytest.mark.parametrize("name", ["E11.amount", "E29.idle", "E21.groups"])
def test_a_figure_that_a_model_reads_reaches_the_model(name, project):
    """The model is asked again where it has looked at a part's numbers, and only there."""
    topic, part = project.claim(project.part(name).claim_id).topic, project.part(name)
    number = next(iter(part.numbers))
    what_if, start = WhatIf(project, topic), Setting(model_of(project, topic).Parameters())
    what_if.verdict(start, name, Vintage.HINDSIGHT)
    for factor in (0.5, 0.8, 1.2):
        value = part.numbers[number] * factor
        setting = start.claiming(name, number, value, part.numbers[number])
        assert not what_if.knows(setting, Vintage.HINDSIGHT)
        expected = really(project, topic, setting).verdict(name)
        assert what_if.verdict(setting, name, Vintage.HINDSIGHT) == expected


@pytest.mark.parametrize("topic", ["trade", "opinion", "munitions"])
def test_a_source_left_out_is_as_leave_one_out_has_it(topic, project, audited):
    result = audited(topic)
    what_if, start = WhatIf(project, topic), Setting(result.parameters)
    for vintage in DATES:
        for part in what_if.parts:
            without = result.leave_one_out(part.part_id, vintage).set_index("origin")
            claims = result.leave_one_out(part.claim_id, vintage).set_index("origin")
            heard = what_if.heard(start, part.part_id, vintage)
            assert sorted(heard) == sorted(without.index)
            for origin in heard:
                setting = replace(start, without=origin)
                verdict = what_if.verdict(setting, part.part_id, vintage)
                assert verdict.probability == without.at[origin, "probability"]
                if part.review is None:
                    assert verdict.label.value == without.at[origin, "label"]
                rating = what_if.claim(setting, part.part_id, vintage).rating
                assert rating.badge.value == claims.at[origin, "badge"]


def test_equal_settings_are_equal_however_they_were_reached():
    one = Setting().judging("prior", 0.35, 0.5).judging("dependence", 1.0, 0.75).claiming("A.b", "value", 2.0, 1.0)
    other = Setting().claiming("A.b", "value", 3.0, 1.0).judging("dependence", 1.0, 0.75).judging("prior", 0.35, 0.5)
    assert one == other.claiming("A.b", "value", 2.0, 1.0)
    assert one.judging("prior", 0.5, 0.5).judging("dependence", 0.75, 0.75).claiming("A.b", "value", 1, 1) == Setting()


# -- the panels of the notebooks -------------------------------------------------------------------------------------


def panel_cells(name):
    """The cells of a notebook that hold a panel: none where no model judges."""
    cells = nbformat.read(NOTEBOOKS[name].path, 4).cells
    return [cell for cell in cells if "explore" in cell.metadata.get("tags", [])]


def from_cell(project, name):
    """The controls of a notebook's panel, and the part it opens with."""
    (cell,) = panel_cells(name)
    module = model_of(project, name)
    *made, call = ast.parse(cell.source).body
    if not made:
        return controls_of(module.Parameters()), call.value.args[1].value
    controls = eval(
        compile(ast.Expression(made[0].value), name, "eval"), {"topic": module, "dict": dict, "tuple": tuple}
    )
    return controls, call.value.args[3].value


@pytest.mark.parametrize("topic", dict.fromkeys(claim.topic for claim in ca.load().dossier.claims))
def test_a_panel_opens_as_the_audit_is(topic, audited):
    result = audited(topic)
    what_if, start = WhatIf(result.dossier, topic), Setting(result.parameters)
    shown = Shown(ca.panel(result))
    assert shown.mark == ""

    for part in what_if.parts:
        shown.controls["Part"].value = part.part_id
        assert shown.mark == ""
        for vintage in DATES:
            assert what_if.verdict(start, part.part_id, vintage) == result.verdict(part.part_id, vintage)
            assert what_if.claim(start, part.part_id, vintage) == result.verdict(part.claim_id, vintage)


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if panel_cells(name)])
def test_every_control_moves_a_verdict_within_the_range_the_gate_allows(name, project):
    declared = {parameter.name: parameter for parameter in read_parameters(NOTEBOOKS[name].path)}
    controls, _ = from_cell(project, name)
    what_if, defaults = WhatIf(project, name), model_of(project, name).Parameters()
    start = Setting(defaults)

    def moves(lever, part, vintage):
        own = what_if.verdict(start, part.part_id, vintage).probability
        return any(
            what_if.verdict(setting, part.part_id, vintage).probability != own
            for _, setting in lever.moved(start, lever.now)
        )

    for knob, spec in controls.items():
        allowed, usual = declared[knob], getattr(defaults, knob)
        if allowed.choices:
            assert set(spec) == set(allowed.choices), knob
        elif allowed.low is not None:
            assert allowed.low <= spec[0] <= usual <= spec[1] <= allowed.high, knob
        lever = parameter(knob, usual, spec)
        assert any(moves(lever, part, vintage) for part in what_if.parts for vintage in DATES[::-1]), (
            f"{knob} changes no verdict"
        )
