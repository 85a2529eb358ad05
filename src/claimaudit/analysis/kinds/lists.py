"""How many of the listed items are in a state: k of n."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from claimaudit.analysis.degrees import degree_of, of_the_whole
from claimaudit.analysis.floor import Graded, reached
from claimaudit.analysis.kinds.figures import Bounds, bounds_of
from claimaudit.analysis.kinds.heard import Asked, Row, finding
from claimaudit.analysis.uncertainty import Floats
from claimaudit.dossier.method import Floor
from claimaudit.model import Stake
from claimaudit.outcome import Finding


def list_state(asked: Asked) -> Iterator[Finding]:
    """Are so many of the items (one an entity; a flag of 1 is in the state) in it: one finding on all of them.

    Asked is ``count`` (at least so many), a bound on their share (0-1), or a word of degree. ``items`` says how many the list has,
    where rows are not knowable for each: an item nobody tells of may be either. Where rows on an item differ, each independent
    one counts by its trust. The finding is as good as the weakest item that is needed for its side; where the rows on each
    item that is needed reach the floor by themselves, so does the finding, however many sources they come from.
    """
    items: dict[str, list[Row]] = {}
    for row in asked.of(""):
        if row.trust > 0:
            items.setdefault(row.entity, []).append(row)
    if not items:
        return
    n = max(len(items), int(asked.number("items")))
    chances = {entity: _in_state(rows) for entity, rows in sorted(items.items())}
    enough = _enough(asked, n)
    met = np.array([enough(k) for k in range(n + 1)])
    chance = float(how_many([*chances.values(), *[0.5] * (n - len(items))])[met].sum())
    ins, outs = ([entity for entity in chances if (chances[entity] > 0.5) is side] for side in (True, False))
    outs = [entity for entity in outs if chances[entity] < 0.5]
    side = ins if chance >= 0.5 else outs
    best = {entity: max(items[entity], key=lambda row: (row.trust, row.row_id)) for entity in items}
    needed = _needed([best[entity] for entity in side], n, met, chance >= 0.5)
    weakest = min(needed or best.values(), key=lambda row: (row.trust, row.row_id))
    open_ = n - len(ins) - len(outs)
    text = f"{len(ins)} of {n} {_be(len(ins))} in that state, {len(outs)} {_be(len(outs))} not"
    text += f", {open_} {_be(open_)} not known" if open_ else ""
    used = sorted((row for rows in items.values() for row in rows), key=lambda row: row.row_id)
    found = finding(asked, used, chance, text, weakest=weakest)
    if asked.floor and needed and all(_established(items[row.entity], row.so, asked.floor) for row in needed):
        found = replace(found, grade=asked.floor.alone, stake=Stake.NONE, direct=True, named=True)
    yield found


def _be(items: int) -> str:
    return "is" if items == 1 else "are"


def how_many(chances: list[float]) -> Floats:
    """The probability of each number of successes among independent trials with these chances: shape ``(n + 1,)``, from 0 to n."""
    found = np.array([1.0])
    for chance in chances:
        found = np.append(found * (1 - chance), 0.0) + np.insert(found * chance, 0, 0.0)
    return found


def _in_state(rows: list[Row]) -> float:
    """The chance that an item is in the state: independent rows for it over all, by trust."""
    best: dict[tuple[str, bool], float] = {}
    for row in rows:
        key = row.holder, row.so
        best[key] = max(best.get(key, 0.0), row.trust)
    for_it = sum(trust for (_, so), trust in best.items() if so)
    return for_it / sum(best.values())


def _enough(asked: Asked, n: int) -> Callable[[int], bool]:
    part = asked.part
    bounds = bounds_of(asked) or Bounds()
    degree = degree_of(part.word, asked.degrees) if part.word else None

    def enough(k: int) -> bool:
        share = k / n
        return (
            k >= asked.number("count")
            and bool(bounds.has(np.array(share)))
            and (degree is None or of_the_whole(degree, share))
        )

    return enough


def _needed(side: list[Row], n: int, met: Floats, holds: bool) -> list[Row]:
    """The items needed: with them on their side, and all others on the other, the answer stands; none where it never does."""
    ranked = sorted(side, key=lambda row: (-row.trust, row.row_id))
    for known in range(1, len(ranked) + 1):
        k = known if holds else n - known
        if bool(met[k]) is holds:
            return ranked[:known]
    return []


def _established(rows: list[Row], so: bool, floor: Floor) -> bool:
    """Whether the rows that put one item on a side reach the floor."""
    own = [row for row in rows if row.so is so and row.grade]
    return reached(
        (Graded(row.holder, row.grade[0], int(row.grade[1:]), row.stake, row.direct, row.named) for row in own), floor
    )
