"""What each independent source says about a part: one function for each kind of test, from rows to findings.

A finding carries the probability that the part holds if its row is right, and the trust the row has by its Admiralty
grades. ``verdict.py`` pools findings; topics add findings of their own for parts of kind ``model``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import product

from claimaudit import formats
from claimaudit.analysis.hearing import converted, describe, heard, of_a_model, rows_of, standing, told, witness
from claimaudit.analysis.kinds.table import KINDS
from claimaudit.analysis.uncertainty import Distribution, Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation, Part, Selector, TestKind
from claimaudit.outcome import Finding, Quantity


def tolerance(part: Part) -> float:
    """Half-width of the band an ``about`` test accepts, in the part's unit: ``within``, else ``tolerance`` times the value."""
    numbers = part.numbers
    return numbers.get("within", numbers.get("tolerance", 0.0) * abs(numbers["value"]))


def holds(part: Part, extent: Distribution) -> float:
    """Probability that a figure meets a quantity test (about, at most, at least, less than, more than, between).

    ``extent`` is in the part's unit. Raises ``ValueError`` for a part of another kind of test.
    """
    numbers, test = part.numbers, part.test
    if test is TestKind.ABOUT:
        half = tolerance(part)
        return _between(extent, numbers["value"] - half, numbers["value"] + half)
    if test is TestKind.BETWEEN:
        return _between(extent, numbers["low"], numbers["high"])
    if test is TestKind.AT_MOST:
        return extent.cdf(numbers["value"])
    if test is TestKind.LESS_THAN:
        return 1.0 - _at_least(extent, numbers["value"])
    if test is TestKind.AT_LEAST:
        return _at_least(extent, numbers["value"])
    if test is TestKind.MORE_THAN:
        return 1.0 - extent.cdf(numbers["value"])
    raise ValueError(f"{test.value!r} is no quantity test")


def chance_of(part: Part, extent: Split) -> float:
    """``holds``, but a row whose printed figure meets the test never leans against it, nor one that fails it for it.

    The printed figure is the middle of the range; that of a bound ("over x", "x or more") is its end, or what lies just beyond.
    """
    chance, printed = holds(part, extent), [extent.mid]
    if extent.low < extent.high and extent.mid in (extent.low, extent.high):
        beyond = 1e-9 * abs(extent.mid)
        printed.append(extent.mid + (beyond if extent.mid == extent.low else -beyond))
    meets = any(holds(part, Split(figure, figure, figure)) == 1.0 for figure in printed)
    return max(chance, 0.5) if meets else min(chance, 0.5)


def _point(extent: Distribution) -> float | None:
    low, high = extent.quantile([0.0, 1.0])
    return float(low) if low == high else None


def _at_least(extent: Distribution, bound: float) -> float:
    point = _point(extent)
    return float(point >= bound) if point is not None else 1.0 - extent.cdf(bound)


def _between(extent: Distribution, low: float, high: float) -> float:
    point = _point(extent)
    if point is not None:
        slack = 1e-9 * max(abs(low), abs(high))
        return float(low - slack <= point <= high + slack)
    return extent.cdf(high) - extent.cdf(low)


# -- one function a kind of test ------------------------------------------------------------------------------------


def _finding(
    dossier: Dossier, part: Part, row: Observation, selector: Selector, chance: float, extent: Split | None = None
) -> Finding:
    unit = part.unit or row.unit
    shown = Quantity(extent.mid, extent.low, extent.high, unit) if extent else None
    text, rows = told(row, selector, dossier.words), (row.observation_id,)
    if part.asks_saying:
        origin, trust, grade = witness(dossier, row, direct=selector.direct)
        return Finding(part.part_id, origin, chance, trust, rows, text, shown, grade, direct=selector.direct)
    trust = dossier.trust(row, direct=selector.direct)
    return standing(dossier, row, Finding(part.part_id, row.origin, chance, trust, rows, text, shown), selector.direct)


def _quantity(dossier: Dossier, part: Part) -> Iterator[Finding]:
    for row, selector in rows_of(dossier, part):
        if selector.side != "auto":  # the row speaks for or against by what it says, not by its figure
            yield _finding(dossier, part, row, selector, float(selector.side == "for"))
            continue
        extent = converted(dossier, part, row)
        yield _finding(dossier, part, row, selector, chance_of(part, extent), extent)


def _event(dossier: Dossier, part: Part) -> Iterator[Finding]:
    for row, selector in rows_of(dossier, part):
        chance = {"auto": float(row.value >= 0.5), "for": 1.0, "against": 0.0}[selector.side]
        yield _finding(dossier, part, row, selector, chance)


def _date(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """The share of the row's own period that lies in the claimed window."""
    assert part.window
    first, last = part.window
    for row, selector in rows_of(dossier, part):
        days = (row.end - row.start).days + 1
        inside = (min(row.end, last) - max(row.start, first)).days + 1
        chance = {"auto": max(0, inside) / days, "for": 1.0, "against": 0.0}[selector.side]
        yield _finding(dossier, part, row, selector, chance)


def _rank(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """Rank of the entity by one count: rows of one origin, variant and period are compared with each other only.

    An origin that counts in several windows is heard once, with the share of them in which the entity has the rank: entities
    are compared, not windows.
    """
    origins: dict[str, dict[tuple[str, date, date], list[Observation]]] = {}
    for row, _ in rows_of(dossier, part):
        origins.setdefault(row.origin, {}).setdefault((row.variant, row.start, row.end), []).append(row)
    for origin, windows in origins.items():
        placed = [item for _, group in sorted(windows.items()) if (item := _placed(dossier, part, group))]
        if not placed:
            continue
        within = [place <= part.numbers["rank"] for place, _, _ in placed]
        text = "; ".join(said for _, said, _ in placed[:_MOST_WINDOWS])
        if len(placed) > 1:
            text = f"in {sum(within)} of {len(placed)} windows within the rank: {text}"
            text += f"; and {len(placed) - _MOST_WINDOWS} more" if len(placed) > _MOST_WINDOWS else ""
        rows = [row for _, _, group in placed for row in group]
        weakest = min(rows, key=lambda row: (dossier.trust(row), row.observation_id))
        ids = tuple(row.observation_id for row in rows)
        found = Finding(part.part_id, origin, sum(within) / len(within), dossier.trust(weakest), ids, text)
        yield standing(dossier, weakest, found)


_MOST_WINDOWS = 3
"""Windows of one origin that a text tells one by one."""


def _placed(dossier: Dossier, part: Part, group: list[Observation]) -> tuple[int, str, list[Observation]] | None:
    """The entity's place in one window, in words, with the rows compared; ``None`` where it or all others are missing."""
    sign = 1 if part.direction == "highest" else -1
    group = sorted(group, key=lambda row: row.observation_id)
    own = [row for row in group if row.entity == part.entity]
    others = [row for row in group if row.entity != part.entity]
    if not own or not others:
        return None
    place = 1 + sum(sign * other.value > sign * own[0].value for other in others)
    who = dossier.words.country(part.entity)
    said = f"{who} stands at place {place} of {1 + len(others)} with {describe(own[0], dossier.words)}"
    return place, said, [own[0], *others]


def _pairs(dossier: Dossier, part: Part, roles: tuple[str, str]) -> Iterator[tuple[Observation, Observation]]:
    first, second = ([row for row, _ in rows_of(dossier, part, role)] for role in roles)
    return product(first, second)


def _paired(dossier: Dossier, part: Part, left: Observation, right: Observation, chance: float, text: str) -> Finding:
    """A finding that rests on two rows is trusted as far as the weaker of them, and counts with its origin."""
    weaker = min((left, right), key=dossier.trust)
    ids = (left.observation_id, right.observation_id)
    return standing(dossier, weaker, Finding(part.part_id, weaker.origin, chance, dossier.trust(weaker), ids, text))


def _trend(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """Rise or fall from ``before`` to ``after`` within one count of one measure; ``at_least`` is the smallest change as a share."""
    step = part.numbers.get("at_least", 0.0)
    for before, after in _pairs(dossier, part, ("before", "after")):
        if _count(before) != _count(after):
            continue
        old, new = converted(dossier, part, before), converted(dossier, part, after)
        fall = part.direction == "fall"
        chance = chance_of_order(new, old, 1 - step) if fall else 1.0 - chance_of_order(new, old, 1 + step)
        digits = formats.apart(before.value, after.value)
        text = f"from {describe(before, dossier.words, digits)}, to {describe(after, dossier.words, digits)}"
        yield _paired(dossier, part, before, after, chance, text)


def _count(row: Observation) -> tuple[str, str, str, str]:
    return row.measure, row.origin, row.variant, row.entity


def _order(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """Did what had to come first come first: 1 if it ended before the other began, one half where they overlap."""
    for first, then in _pairs(dossier, part, ("first", "then")):
        chance = 1.0 if first.end < then.start else 0.0 if first.start > then.end else 0.5
        text = f"{describe(first, dossier.words)}, against {describe(then, dossier.words)}"
        yield _paired(dossier, part, first, then, chance, text)


def _size(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """Is the part at least ``share`` of the whole."""
    share = part.numbers["share"]
    for share_of, whole in _pairs(dossier, part, ("part", "whole")):
        numerator, denominator = converted(dossier, part, share_of), converted(dossier, part, whole)
        chance = 1.0 - chance_of_order(numerator, denominator, share)
        ratio = formats.number(100 * numerator.mid / denominator.mid) if denominator.mid else "an unknown share"
        text = f"{describe(share_of, dossier.words)}, is {ratio}% of {describe(whole, dossier.words)}"
        yield _paired(dossier, part, share_of, whole, chance, text)


_TESTS: dict[TestKind, Callable[[Dossier, Part], Iterator[Finding]]] = {
    TestKind.ABOUT: _quantity,
    TestKind.AT_MOST: _quantity,
    TestKind.AT_LEAST: _quantity,
    TestKind.LESS_THAN: _quantity,
    TestKind.MORE_THAN: _quantity,
    TestKind.BETWEEN: _quantity,
    TestKind.EVENT: _event,
    TestKind.STATEMENT: _event,
    TestKind.DATE: _date,
    TestKind.RANK: _rank,
    TestKind.TREND: _trend,
    TestKind.ORDER: _order,
    TestKind.SIZE: _size,
}


def find(dossier: Dossier, part: Part, modelled: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """All findings on a part in a dossier view; ``modelled`` are those a topic's own model adds.

    A part of kind ``model`` has only those. Findings come most trusted first, in an order that does not depend on the file's.
    """
    test = _TESTS.get(part.test)
    kind = KINDS.get(part.test)
    own = test(dossier, part) if test else kind(heard(dossier, part)) if kind else ()
    extra = (of_a_model(dossier, finding) for finding in modelled if finding.part_id == part.part_id)
    return tuple(sorted((*own, *extra), key=lambda finding: (-finding.trust, finding.origin, finding.observations)))
