"""Exploring panels: they follow their controls at once, judge as the audit does, reset, and print how to build the same."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from xml.etree import ElementTree

import nbformat
import pytest

from claimaudit.errors import ParameterError, UnknownNameError
from claimaudit.model import TestKind, Vintage
from claimaudit.run.gate import read_parameters
from claimaudit.run.notebooks import notebooks_of
from claimaudit.show import cards
from claimaudit.show.lab.explore import changes, command, control, controls_of, panel
from claimaudit.show.lab.what_if import WhatIf, moved, values_of
from claimaudit.show.lab.what_if_chart import finding
from claimaudit.verdict.models import model_of
from russia_iran.economic.trade import COUNTS
from russia_iran.military.munitions import Parameters
from samples import DATA

P = Parameters()
NOTEBOOKS = {notebook.name: notebook for notebook in notebooks_of(DATA)}
BOXES = (50, 1000, 10)


class Shown:
    """A panel's widgets by what they are called."""

    def __init__(self, box):
        left, right = box.children
        *controls, self.reset, self.line = left.children
        self.controls = {item.description: item for item in controls}
        self.card, self.chart = right.children


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
    assert "By heavy share" in shown.chart.value or "Whatever the heavy share" in shown.chart.value

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
    assert type(control("containers", 200, (1, 10_000, 1)).value) is int
    assert type(control("heavy_share", 0.1, (0.0, 1.0, 0.1)).value) is float
    assert control("counts", "russian", COUNTS).value == "russian"
    assert control("suspect_years", True, (False, True)).value is True
    assert control("containers", 2000, BOXES).value == 2000


def test_the_command_names_only_what_was_changed():
    assert changes(P, Parameters(containers=300)) == {"containers": 300}
    assert command("munitions", {}) == "claimaudit build munitions"


def test_a_chart_shows_the_ends_first_and_stays_on_the_sliders_steps():
    points = values_of((0.0, 1.6, 0.1), 0.3)

    assert points[:3] == (0.0, 1.6, 0.8)
    assert len(points) == 17
    assert values_of(("a", "b"), "b") == ("a", "b")
    assert sorted(values_of((1, 4, 1), 2)) == [1, 2, 3, 4]


def test_the_charts_sentence_tells_where_the_label_turns(project):
    what_if = WhatIf(project, "trade")
    defaults = model_of(project, "trade").Parameters()
    judged = {
        value: what_if.verdict(parameters, "E14.latest", Vintage.HINDSIGHT)
        for value, parameters in moved(defaults, "threshold", (0.1, 0.2, 3.0))
    }

    assert finding("threshold", judged) == "By threshold: wrong from 0.1 to 0.2, holds at 3."


# -- the panels of the notebooks -------------------------------------------------------------------------------------


def panel_cells(name):
    """The cells of a notebook that hold a panel: none where no model judges."""
    cells = nbformat.read(NOTEBOOKS[name].path, 4).cells
    return [cell for cell in cells if "explore" in cell.metadata.get("tags", [])]


def given(project, name):
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


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_panel_judges_exactly_as_the_audit_does(name, audited):
    result = audited(name)
    what_if = WhatIf(result.dossier, name)

    for part in what_if.parts:
        assert part.test is TestKind.MODEL
        for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
            got = what_if.verdict(result.parameters, part.part_id, vintage)
            assert got == result.verdict(part.part_id, vintage)
            assert what_if.claim(result.parameters, part.part_id, vintage) == result.verdict(part.claim_id, vintage)


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if panel_cells(name)])
def test_every_control_moves_a_verdict_within_the_range_the_gate_allows(name, project):
    declared = {parameter.name: parameter for parameter in read_parameters(NOTEBOOKS[name].path)}
    controls, _ = given(project, name)
    what_if, defaults = WhatIf(project, name), model_of(project, name).Parameters()

    for knob, spec in controls.items():
        allowed, usual = declared[knob], getattr(defaults, knob)
        if allowed.choices:
            assert set(spec) == set(allowed.choices), knob
        elif allowed.low is not None:
            assert allowed.low <= spec[0] <= usual <= spec[1] <= allowed.high, knob
        assert any(
            what_if.verdict(parameters, part.part_id, vintage).probability
            != what_if.verdict(defaults, part.part_id, vintage).probability
            for _, parameters in moved(defaults, knob, values_of(spec, usual))
            for part in what_if.parts
            for vintage in (Vintage.HINDSIGHT, Vintage.AT_PUBLICATION)
        ), f"{knob} changes no verdict"
