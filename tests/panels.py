"""A panel's widgets by what they are called."""

from __future__ import annotations

import html
import re

import ipywidgets as widgets


def all_of(box):
    """Every widget inside, in order."""
    for child in getattr(box, "children", ()):
        yield child
        yield from all_of(child)


class Shown:
    """The controls by their descriptions, the card and chart, the line with the command, the reset button."""

    def __init__(self, box):
        self.box = box
        left, right = box.children
        self.line = left.children[-1]
        self.card, self.chart = right.children
        self.reset = next(item for item in all_of(left) if isinstance(item, widgets.Button))

    @property
    def controls(self):
        return {item.description: item for item in all_of(self.box) if getattr(item, "description", "")}

    @property
    def in_sight(self):
        """What is not put away because it does not bear on the part; what is folded under a title counts as in sight."""

        def walk(box):
            for child in getattr(box, "children", ()):
                if child.layout.display != "none":
                    yield child
                    yield from walk(child)

        return {item.description for item in walk(self.box) if getattr(item, "description", "")}

    @property
    def mark(self):
        """What stands above the card where it is not the audit's; empty where it is."""
        found = re.search(r'<p class="ca-if" role="note">(.*?)</p>', self.card.value)
        return html.unescape(re.sub("<[^>]*>", "", found[1])) if found else ""
