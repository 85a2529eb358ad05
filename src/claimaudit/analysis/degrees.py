"""What words of degree ask for, as a table that a method file can hold, and the small tests that read it.

Direction is a part of its own: here only how far something moved, how much of the whole it is, or who says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class Degree(TypedDict, total=False):
    """What a group of words asks for; the words that are in it, what suffices (each by itself), and why.

    ``points`` and ``share_of_before`` are least changes, ``times`` a least ratio; ``least`` and ``more_than`` and ``less_than``
    bound a share of the whole (0-1); ``holders`` is how many competent holders who say so suffice; ``named_first`` whether
    the holder's naming it first or alone does.
    """

    words: list[str]
    points: float
    share_of_before: float
    times: float
    least: float
    more_than: float
    less_than: float
    holders: int
    named_first: bool
    why: str


DEGREES: Mapping[str, Degree] = {
    "sharp": {
        "words": ["sharply", "plummeted"],
        "points": 10.0,
        "share_of_before": 0.2,
        "why": "a change that whoever looks at the series sees untold: of a percentage ten points, of any figure a fifth",
    },
    "leap": {
        "words": ["skyrocketed"],
        "times": 2.0,
        "why": "the strongest word for a rise asks for more than a sharp one: doubled within the time the sentence speaks of",
    },
    "many": {
        "words": ["many"],
        "least": 0.25,
        "holders": 2,
        "why": "less than most, more than some: a quarter by poll or count; uncounted, two competent holders who say so",
    },
    "most": {"words": ["most"], "more_than": 0.5, "why": "more than half, as the word means"},
    "little": {
        "words": ["little", "limited"],
        "less_than": 0.05,
        "why": "so small a part of the need or of the whole that leaving it out would change nothing a reader cares for",
    },
    "special": {
        "words": ["special", "particularly"],
        "named_first": True,
        "holders": 2,
        "why": "set apart by those who know: named first or alone by the holder, or by two competent holders",
    },
    "other": {
        "words": [],
        "holders": 2,
        "why": "a word of degree without a usual measure is as good as those who use it: two competent holders",
    },
}
"""Groups of words by name; ``other`` is for every word that stands in none."""


def degree_of(word: str, table: Mapping[str, Degree] = DEGREES) -> Degree:
    """What a word asks for: its group's entry, else that of ``other``."""
    return next((degree for degree in table.values() if word.lower() in degree["words"]), table["other"])


def moved_enough(degree: Degree, before: float, after: float, percentage: bool = False) -> bool:
    """Whether a change is of the degree, in either direction: one of what it asks for suffices.

    Points count for percentages alone. A ratio (``times``) asks for a rise from a figure above 0. ``ValueError`` where the
    words are not of a change.
    """
    if not {"points", "share_of_before", "times"} & set(degree):
        raise ValueError("the degree is not of a change; ask for a share or for holders")
    change = abs(after - before)
    slack = 1e-9 * max(abs(before), abs(after))
    far = percentage and "points" in degree and change >= degree["points"] - slack
    much = "share_of_before" in degree and before != 0 and change >= degree["share_of_before"] * abs(before) - slack
    grown = "times" in degree and before > 0 and after >= degree["times"] * before - slack
    return far or much or grown


def of_the_whole(degree: Degree, share: float) -> bool:
    """Whether a share of the whole (or of the need), 0-1, is of the degree; ``ValueError`` where it asks for no share."""
    if "least" in degree:
        return share >= degree["least"]
    if "more_than" in degree:
        return share > degree["more_than"]
    if "less_than" in degree:
        return share < degree["less_than"]
    raise ValueError("the degree is not of a share; ask for a change or for holders")


def held(degree: Degree, holders: int, named_first: bool = False) -> bool:
    """Whether independent competent holders who say so suffice, or the holder's naming it first or alone.

    ``ValueError`` where the degree is measured and no saying suffices.
    """
    if "holders" not in degree:
        raise ValueError("the degree is measured; ask for a change or for a share")
    return holders >= degree["holders"] or (named_first and degree.get("named_first", False))
