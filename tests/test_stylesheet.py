"""A page's stylesheet holds the rules for what the page holds, and no others."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from claimaudit.html import card_style
from claimaudit.publish.stylesheet import style

BADGE = '<p class="ca"><span class="ca-badge ca-right">Right</span></p>'
WHOLE = card_style() + resources.files("claimaudit.publish").joinpath("page.css").read_text(encoding="utf-8")


def test_rules_for_classes_of_the_page_stay_and_those_for_others_go():
    found = style(BADGE)

    assert ".ca .ca-badge {" in found
    assert ".ca .ca-right, .ca .ca-supported {" in found, "one of several selectors is enough"
    assert ".ca .ca-plot svg" not in found
    assert ".listing table" not in found


@pytest.mark.parametrize("kept", [":root {", "body {", "a {", ":focus-visible {", ".what-if {", "@media print {"])
def test_rules_for_any_page_stay(kept):
    assert kept in style("")


def test_what_stands_in_brackets_is_not_held_against_a_rule():
    assert ".ca :is(.ca-right, .ca-right-but, .ca-unproven, .ca-partly-right, .ca-wrong) .ca-icon {" in style(
        '<p class="ca"><svg class="ca-icon"></svg></p>'
    )


def test_a_page_with_every_class_has_every_rule():
    """Nothing is lost or moved: the declarations of both files, in their order."""
    every = " ".join(sorted(set(re.findall(r"\.([A-Za-z][\w-]*)", WHOLE))))
    plain = re.sub(r"\s+", "", re.sub(r"/\*.*?\*/", "", WHOLE, flags=re.DOTALL))

    assert re.sub(r"\s+", "", style(f'<p class="{every}">')) == plain
