"""How a row is heard on a part: the range it stands for, what it says in words, who vouches for it, how far it is trusted.

``findings.py`` makes findings of it; the kinds of test over several rows (``kinds/``) are asked what ``heard`` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.kinds.heard import Asked, Row
from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Method
from claimaudit.dossier.words import Words
from claimaudit.model import Basis, Observation, Part, Selector, Stake, TestKind
from claimaudit.outcome import Finding


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


def rows_of(dossier: Dossier, part: Part, role: str = "") -> Iterator[tuple[Observation, Selector]]:
    """Rows of the part's selectors with the selector that names them; a row counts once."""
    seen: set[str] = set()
    for selector in part.evidence:
        if selector.role != role:
            continue
        for row in dossier.evidence.matching(selector):
            if row.observation_id not in seen:
                seen.add(row.observation_id)
                yield row, selector


def converted(dossier: Dossier, part: Part, row: Observation) -> Split:
    """The row's range in the part's unit."""
    own = extent_of(row, dossier.method, part.numbers.get("width"))
    if not part.unit or part.unit == row.unit:
        return own
    factor = dossier.factors[row.unit] / dossier.factors[part.unit]
    return Split(own.low * factor, own.mid * factor, own.high * factor)


def describe(row: Observation, words: Words, digits: int = 3) -> str:
    """A row in a few words: the figure, whose it is and when."""
    when = formats.period(row.start, row.end)
    if row.unit in ("event", "flag"):
        said = words.words(row.measure)
        detail = f" ({words.words(row.variant)})" if row.variant else ""
        denied = ": no" if row.value < 0.5 else ""
        return f"{said}{detail}{denied}, {when}"
    low, high = row.low, row.high
    if low is not None and high is None and low == row.value:
        text = f"at least {formats.quantity(row.value, row.unit, digits)}"
    elif high is not None and low is None and high == row.value:
        text = f"at most {formats.quantity(row.value, row.unit, digits)}"
    else:
        text = formats.quantity(row.value, row.unit, digits)
        if low is not None and high is not None:
            text += f" ({formats.span(low, high, row.unit, digits)})"
    if row.unit in _BARE:
        text = f"{words.words(row.measure)} {text}"
    return f"{text}, {when}"


_BARE = ("year", "ratio", "rank")
"""Units that are not printed: such a figure is named by what it measures."""


def told(row: Observation, selector: Selector, words: Words, digits: int = 3) -> str:
    """What a row says on a part: the selector's own words with the row's period, else the row's figure."""
    return f"{selector.says}, {formats.period(row.start, row.end)}" if selector.says else describe(row, words, digits)


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


def heard(dossier: Dossier, part: Part) -> Asked:
    """A part as the kinds of ``kinds/`` are asked it: the rows its selectors name in this view, in base units."""
    method, factors = dossier.method, dossier.factors
    roles = dict.fromkeys(selector.role for selector in part.evidence)
    named = [pair for role in roles for pair in rows_of(dossier, part, role)]
    digits = formats.apart(*(row.value for row, _ in named)) if part.test in _COMPARED else 3
    rows = [_as_heard(dossier, part, row, selector, digits) for row, selector in named]
    factor = factors[part.unit] if part.unit else 1.0
    return Asked(part, tuple(rows), dossier.day, method.size, method.degrees, factor, method.floor, method.cause)


_COMPARED = (TestKind.CHANGE, TestKind.TWO_SHARES)
"""Kinds whose sentence sets one figure against another of the same count."""


def _as_heard(dossier: Dossier, part: Part, row: Observation, selector: Selector, digits: int) -> Row:
    factor = dossier.factors[row.unit]
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
        text=told(row, selector, dossier.words, digits),
        side=selector.side,
        step=(row.step or 0.0) * factor,
        grade=said_grade if saying else f"{row.reliability}{row.credibility}",
        said_grade=said_grade,
        stake=Stake.NONE if saying else row.stake,
        direct=selector.direct,
        speaker=speaker if not saying and speaker != dossier.independent(row.origin) else "",
    )


def model_trust(dossier: Dossier, *inputs: Iterable[str]) -> float:
    """Trust of a model's outcome, 0-1: the weakest of its inputs, each input as good as its best row.

    ``inputs`` are groups of observation ids, one group for each uncertain input. Rows that are no independent source give
    nothing. An id the dossier view does not hold is a ``KeyError``.
    """
    groups = [[dossier.trust(dossier.evidence.records[name]) for name in group] for group in inputs]
    return min((max(group, default=0.0) for group in groups), default=0.0)
