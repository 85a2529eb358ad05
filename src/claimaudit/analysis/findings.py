"""What each independent source says about a part: one function for each kind of test, from rows to findings.

A finding carries the probability that the part holds if its row is right, and the trust the row has by its Admiralty
grades. ``verdict.py`` pools findings; topics add findings of their own for parts of kind ``model``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.kinds.heard import Asked, Row
from claimaudit.analysis.kinds.table import KINDS
from claimaudit.analysis.uncertainty import Distribution, Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Method
from claimaudit.dossier.words import Words
from claimaudit.model import Basis, Observation, Part, Selector, Stake, TestKind
from claimaudit.outcome import Finding, Quantity


def extent_of(row: Observation | pd.Series, method: Method, width: float | None = None) -> Split:
    """The range a row (a record, or a row of the observations table) stands for, in its own unit.

    With low and high it is that range; with one of them the open end is read by ``open_bound_factor``; with none the
    half-width is half the row's last printed digit (``step``) where that is given, else ``width``, a share of the value, else
    that of the row's basis. ``ValueError`` unless low, value and high rise.
    """
    value: float = row.value
    low, high = (
        None if pd.isna(end) else end for end in (row.low, row.high)
    )  # a table has nan where a record has None
    stretch = abs(value) * (method.open_bound_factor - 1)
    if low is not None and high is not None:
        return Split(low, value, high)
    if low is not None:
        return Split(low, value, value + stretch)
    if high is not None:
        return Split(value - stretch / method.open_bound_factor, value, high)
    share: float = method.widths[Basis(row.basis)] if width is None else width
    half = abs(value) * share if row.step is None or pd.isna(row.step) else row.step / 2
    return Split(value - half, value, value + half)


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


def _rows(dossier: Dossier, part: Part, role: str = "") -> Iterator[tuple[Observation, Selector]]:
    """Rows of the part's selectors with the selector that names them; a row counts once."""
    seen: set[str] = set()
    for selector in part.evidence:
        if selector.role != role:
            continue
        for row in dossier.evidence.matching(selector):
            if row.observation_id not in seen:
                seen.add(row.observation_id)
                yield row, selector


def _converted(dossier: Dossier, part: Part, row: Observation) -> Split:
    """The row's range in the part's unit."""
    own = extent_of(row, dossier.method, part.numbers.get("width"))
    if not part.unit or part.unit == row.unit:
        return own
    factor = dossier.units.at[row.unit, "factor"] / dossier.units.at[part.unit, "factor"]
    return Split(own.low * factor, own.mid * factor, own.high * factor)


def describe(row: Observation, words: Words) -> str:
    """A row in a few words: the figure, whose it is and when."""
    when = formats.period(row.start, row.end)
    if row.unit in ("event", "flag"):
        said = words.words(row.measure)
        detail = f" ({words.words(row.variant)})" if row.variant else ""
        denied = ": no" if row.value < 0.5 else ""
        return f"{said}{detail}{denied}, {when}"
    low, high = row.low, row.high
    if low is not None and high is None and low == row.value:
        text = f"at least {formats.quantity(row.value, row.unit)}"
    elif high is not None and low is None and high == row.value:
        text = f"at most {formats.quantity(row.value, row.unit)}"
    else:
        text = formats.quantity(row.value, row.unit)
        if low is not None and high is not None:
            text += f" ({formats.span(low, high, row.unit)})"
    if row.unit in _BARE:
        text = f"{words.words(row.measure)} {text}"
    return f"{text}, {when}"


_BARE = ("year", "ratio", "rank")
"""Units that are not printed: such a figure is named by what it measures."""


def told(row: Observation, selector: Selector, words: Words) -> str:
    """What a row says on a part: the selector's own words with the row's period, else the row's figure."""
    return f"{selector.says}, {formats.period(row.start, row.end)}" if selector.says else describe(row, words)


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


def standing(dossier: Dossier, row: Observation, finding: Finding, direct: bool = True) -> Finding:
    """A finding with what the floor asks of the row that bears it (of several, the weakest): grade, stake, name, directness.

    Its speaker is the state, where the row's origin is an organ of one and speaks in its cause.
    """
    speaker = dossier.speaker(row)
    return replace(
        finding,
        grade=f"{row.reliability}{row.credibility}",
        stake=row.stake,
        direct=direct,
        named=dossier.named(row),
        speaker=speaker if row.stake and row.origin == finding.origin and speaker != row.origin else "",
    )


def of_a_model(dossier: Dossier, finding: Finding) -> Finding:
    """A model's finding with the standing of its weakest input: the best row that is trusted no further than the finding."""
    if finding.grade or not finding.observations or finding.trust <= 0:
        return finding
    rows = [dossier.observation(name) for name in finding.observations]
    ranked = sorted(rows, key=lambda row: (-dossier.trust(row), row.observation_id))
    weakest = next((row for row in ranked if dossier.trust(row) <= finding.trust + 1e-9), ranked[-1])
    return standing(dossier, weakest, finding, finding.direct)


def witness(dossier: Dossier, row: Observation, *, direct: bool = True) -> tuple[str, float, str]:
    """Who vouches that something was said, how far they are believed (0-1), and the grade of their word.

    For "did the speaker say so" each publisher that quotes the words is a witness of its own, and who prints a copy is heard with
    the publisher of the original. The item's digit grades what was said, not the quoting: the witness is trusted by its
    letter and the row's ``said``, or where that is blank by how well outlets quote (``quoting``), which stands for a digit
    of 2. At one remove (not ``direct``) they are trusted one digit worse. Rows that are no independent source vouch for nothing.
    """
    publisher = dossier.heard_from(row.source_id)
    if not dossier.counts(row):
        return publisher, 0.0, ""
    digit = row.said or "2"
    quoting = dossier.method.credibility[row.said] if row.said else dossier.method.quoting
    if not direct:
        quoting = min(quoting, dossier.method.credibility[str(dossier.method.floor.counted(int(digit), direct=False))])
    return publisher, dossier.method.reliability[row.reliability] * quoting, f"{row.reliability}{digit}"


def _quantity(dossier: Dossier, part: Part) -> Iterator[Finding]:
    for row, selector in _rows(dossier, part):
        if selector.side != "auto":  # the row speaks for or against by what it says, not by its figure
            yield _finding(dossier, part, row, selector, float(selector.side == "for"))
            continue
        extent = _converted(dossier, part, row)
        yield _finding(dossier, part, row, selector, chance_of(part, extent), extent)


def _event(dossier: Dossier, part: Part) -> Iterator[Finding]:
    for row, selector in _rows(dossier, part):
        chance = {"auto": float(row.value >= 0.5), "for": 1.0, "against": 0.0}[selector.side]
        yield _finding(dossier, part, row, selector, chance)


def _date(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """The share of the row's own period that lies in the claimed window."""
    assert part.window
    first, last = part.window
    for row, selector in _rows(dossier, part):
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
    for row, _ in _rows(dossier, part):
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
    first, second = ([row for row, _ in _rows(dossier, part, role)] for role in roles)
    return product(first, second)


def _paired(dossier: Dossier, part: Part, left: Observation, right: Observation, chance: float, text: str) -> Finding:
    """A finding that rests on two rows is trusted as far as the weaker of them, and counts with its origin."""
    weaker = min((left, right), key=dossier.trust)
    ids = (left.observation_id, right.observation_id)
    return standing(dossier, weaker, Finding(part.part_id, weaker.origin, chance, dossier.trust(weaker), ids, text))


def _trend(dossier: Dossier, part: Part) -> Iterator[Finding]:
    """Rise or fall from ``before`` to ``after`` within one count; ``at_least`` is the smallest change as a share."""
    step = part.numbers.get("at_least", 0.0)
    for before, after in _pairs(dossier, part, ("before", "after")):
        if (before.origin, before.variant, before.entity) != (after.origin, after.variant, after.entity):
            continue
        old, new = _converted(dossier, part, before), _converted(dossier, part, after)
        fall = part.direction == "fall"
        chance = chance_of_order(new, old, 1 - step) if fall else 1.0 - chance_of_order(new, old, 1 + step)
        text = f"from {describe(before, dossier.words)}, to {describe(after, dossier.words)}"
        yield _paired(dossier, part, before, after, chance, text)


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
        numerator, denominator = _converted(dossier, part, share_of), _converted(dossier, part, whole)
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


# -- the kinds of ``kinds/`` ----------------------------------------------------------------------------------------


def heard(dossier: Dossier, part: Part) -> Asked:
    """A part as the kinds of ``kinds/`` are asked it: the rows its selectors name in this view, in base units."""
    method, units = dossier.method, dossier.units["factor"]
    roles = dict.fromkeys(selector.role for selector in part.evidence)
    rows = [_as_heard(dossier, part, row, selector) for role in roles for row, selector in _rows(dossier, part, role)]
    factor = float(units[part.unit]) if part.unit else 1.0
    return Asked(part, tuple(rows), dossier.day, method.size, method.degrees, factor, method.floor, method.cause)


def _as_heard(dossier: Dossier, part: Part, row: Observation, selector: Selector) -> Row:
    factor = float(dossier.units.at[row.unit, "factor"])
    own = extent_of(row, dossier.method, part.numbers.get("width"))
    publisher, vouched, said_grade = witness(dossier, row, direct=selector.direct)
    saying, speaker = part.asks_saying, dossier.speaker(row)
    ends = (row.value,) * 3 if row.unit in ("event", "flag") else (own.low, own.mid, own.high)
    return Row(
        row_id=row.observation_id,
        role=selector.role,
        origin=publisher if saying else row.origin,
        holder=publisher if saying else speaker,
        publisher=publisher,
        named=saying or dossier.named(row),
        entity=row.entity,
        variant=row.variant,
        start=row.start,
        end=row.end,
        unit=row.unit,
        extent=Split(*(end * factor for end in ends)),
        ranged=row.low is not None or row.high is not None,
        trust=vouched if saying else dossier.trust(row, direct=selector.direct),
        said=vouched,
        text=told(row, selector, dossier.words),
        side=selector.side,
        step=(row.step or 0.0) * factor,
        grade=said_grade if saying else f"{row.reliability}{row.credibility}",
        said_grade=said_grade,
        stake=Stake.NONE if saying else row.stake,
        direct=selector.direct,
        speaker=speaker if not saying and speaker != dossier.independent(row.origin) else "",
    )


def find(dossier: Dossier, part: Part, modelled: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """All findings on a part in a dossier view; ``modelled`` are those a topic's own model adds.

    A part of kind ``model`` has only those. Findings come most trusted first, in an order that does not depend on the file's.
    """
    test = _TESTS.get(part.test)
    kind = KINDS.get(part.test)
    own = test(dossier, part) if test else kind(heard(dossier, part)) if kind else ()
    extra = (of_a_model(dossier, finding) for finding in modelled if finding.part_id == part.part_id)
    return tuple(sorted((*own, *extra), key=lambda finding: (-finding.trust, finding.origin, finding.observations)))


def model_trust(dossier: Dossier, *inputs: Iterable[str]) -> float:
    """Trust of a model's outcome, 0-1: the weakest of its inputs, each input as good as its best row.

    ``inputs`` are groups of observation ids, one group for each uncertain input. Rows that are no independent source give
    nothing. An id the dossier view does not hold is a ``KeyError``.
    """
    groups = [[dossier.trust(dossier.evidence.records[name]) for name in group] for group in inputs]
    return min((max(group, default=0.0) for group in groups), default=0.0)
