"""Readings of a claim: which roles they change, the badge each gives, and the specification curve over methods and readings."""

from __future__ import annotations

import pytest

from claimaudit.model import Claim, Label, Part, Role, TestKind
from claimaudit.rated import Badge
from claimaudit.verdict.readings import AS_SPLIT, BEST, STRICTEST, badge_counts, badge_under, readings, specifications
from claimaudit.verdict.sensitivity import Grid

S, R, N = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE


def part(key: str, role: Role, **more: object) -> Part:
    return Part(f"E01.{key}", "E01", key, role, TestKind.EVENT, name=key, **more)


def claim(*parts: Part) -> Claim:
    return Claim("E01", 1, "economic", "figs", "s", "k", "p", "b", parts)


LAUNCH = claim(
    part("launch", Role.CORE), part("month", Role.DETAIL), part("fate", Role.CONTEXT, misleads="it never flew")
)
DISPUTED = claim(part("launch", Role.CORE), part("month", Role.DETAIL, also=Role.CORE))


def test_a_claim_that_is_its_point_alone_has_one_reading():
    assert [reading.name for reading in readings(claim(part("a", Role.CORE), part("b", Role.CONTEXT)))] == [AS_SPLIT]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((S, R, N), (Badge.RIGHT_BUT, Badge.RIGHT, Badge.PARTLY_RIGHT)),
        ((S, S, S), (Badge.RIGHT_BUT, Badge.RIGHT, Badge.RIGHT_BUT)),  # the best reading lets no context mislead
        ((S, N, N), (Badge.RIGHT, Badge.RIGHT, Badge.UNPROVEN)),
        ((R, S, S), (Badge.WRONG, Badge.WRONG, Badge.PARTLY_RIGHT)),
    ],
)
def test_the_badge_under_the_best_and_the_strictest_reading(labels, expected):
    found = dict(zip((part.part_id for part in LAUNCH.parts), labels, strict=True))
    given = {reading.name: badge_under(reading, LAUNCH, found) for reading in readings(LAUNCH)}

    assert given == dict(zip((AS_SPLIT, BEST, STRICTEST), expected, strict=True))


def test_a_role_that_readers_gave_otherwise_is_a_reading_of_its_own():
    names = [reading.name for reading in readings(DISPUTED)]

    assert names == [AS_SPLIT, BEST, STRICTEST, "month as core"]


GRID = Grid(({"prior": 0.4}, {"prior": 0.5}, {"prior": 0.6}), {"E01.launch": (N, S, S), "E01.month": (R, R, N)})


def test_a_specification_curve_has_every_method_under_every_reading():
    curve = specifications(DISPUTED, GRID)

    assert list(curve.columns) == ["prior", "reading", "badge"]
    assert len(curve) == 3 * 4
    as_split = curve[curve["reading"] == AS_SPLIT]
    assert as_split["badge"].tolist() == ["Unproven", "Right, but", "Right"]
    assert curve[curve["reading"] == "month as core"]["badge"].tolist() == ["Wrong", "Partly right", "Unproven"]


def test_how_firm_a_badge_is_counts_the_roles_readers_gave_and_no_bound():
    """As split: Unproven, Right but, Right; with the month as core: Wrong, Partly right, Unproven."""
    shares = badge_counts(DISPUTED, GRID)

    assert shares[Badge.UNPROVEN] == pytest.approx(2 / 6)
    assert shares[Badge.RIGHT] == pytest.approx(1 / 6)
    assert sum(shares.values()) == pytest.approx(1)
