"""The exploring panel: it follows its sliders, resets, and prints the command that reproduces its state."""

from __future__ import annotations

import pytest

from claimaudit.errors import ParameterError
from claimaudit.explore import changes, command, control, panel
from claimaudit.html import tag
from claimaudit.military.munitions import RATES, Parameters

P = Parameters()


def made(**controls):
    return panel("munitions", P, lambda now: tag("p", f"{now.containers} boxes, {now.firing_rate}"), controls)


def test_the_panel_follows_its_controls_and_resets():
    box = made(containers=(50, 1000, 10), firing_rate=RATES)
    slider, menu, row, view = box.children
    reset, line = row.children
    assert "200 boxes, us-estimate" in view.value

    slider.value, menu.value = 300, "eu-memo"
    assert "300 boxes, eu-memo" in view.value
    assert "claimaudit build munitions -p containers 300 -p firing_rate eu-memo" in line.value

    reset.click()
    assert "200 boxes, us-estimate" in view.value
    assert line.value == "<code>claimaudit build munitions</code>"


def test_an_error_is_shown_and_not_raised():
    def show(now):
        raise ParameterError("containers <b>too many</b>")

    view = panel("munitions", P, show, {"containers": (50, 1000, 10)}).children[-1]

    assert view.value == "<p>containers &lt;b&gt;too many&lt;/b&gt;</p>"


def test_what_is_shown_stands_in_the_box_its_stylesheet_is_bound_to():
    view = made(containers=(50, 1000, 10)).children[-1]

    assert view.value.startswith('<div class="ca"><style>')


def test_a_control_for_an_unknown_parameter_is_refused():
    with pytest.raises(ParameterError, match="unknown parameter 'container': did you mean 'containers'"):
        made(container=(1, 2, 1))


def test_controls_keep_the_parameters_type():
    assert type(control("containers", 200, (1, 10_000, 1)).value) is int
    assert type(control("heavy_share", 0.1, (0.0, 1.0, 0.1)).value) is float
    assert control("firing_rate", "eu-memo", RATES).value == "eu-memo"


def test_the_command_names_only_what_was_changed():
    assert changes(P, Parameters(containers=300)) == {"containers": 300}
    assert command("munitions", {}) == "claimaudit build munitions"
