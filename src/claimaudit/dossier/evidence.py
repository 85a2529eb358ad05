"""Observations as records, and the selectors that pick them: the part of a dossier the tests of parts read."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pandas as pd

from claimaudit.model import Basis, Claim, Observation, Selector, Stake

_COPIED = (
    "measure", "entity", "unit", "credibility", "said", "variant", "origin", "source_id", "note", "reliability",
)  # fmt: skip
_MATCHED = {"ids": "observation_id", "measure": "measure", "entity": "entity", "variant": "variant", "origin": "origin"}
"""What selectors ask for, and the field of an observation it stands in."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Observations by id, in file order; ``whole`` is what an as-of view was cut from.

    Answers of ``matching`` are kept: the records never change.
    """

    records: Mapping[str, Observation]
    whole: Evidence | None = None
    _answers: dict[Selector, tuple[Observation, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, observations: pd.DataFrame) -> Evidence:
        """The records of an observations table: indexed by observation_id, columns as ``check_observations`` gives them.

        Without the column ``claims`` no record has any.
        """
        days = {name: observations[name].dt.date.tolist() for name in ("start", "end", "knowable")}
        others = ("value", "low", "high", "basis", "stake", "step")
        columns = {name: observations[name].tolist() for name in (*_COPIED, *others)} | days
        claims = observations["claims"].tolist() if "claims" in observations else [()] * len(observations)
        revised = observations["revises"].tolist() if "revises" in observations else [""] * len(observations)
        records = {}
        for number, name in enumerate(observations.index):
            cells = {column: values[number] for column, values in columns.items()}
            records[name] = Observation(
                observation_id=name,
                claims=claims[number],
                value=cells["value"],
                low=_given(cells["low"]),
                high=_given(cells["high"]),
                step=_given(cells["step"]),
                stake=Stake(cells["stake"]),
                start=cells["start"],
                end=cells["end"],
                knowable=cells["knowable"],
                basis=Basis(cells["basis"]),
                revises=tuple(filter(None, map(str.strip, revised[number].split(";")))),
                **{column: cells[column] for column in _COPIED},
            )
        return cls(records)

    def borne_on(self, claims: Iterable[Claim]) -> Evidence:
        """The same records, each with those of the claims that select it: for a part, or as ``related``."""
        bears: dict[str, dict[str, None]] = {}
        for claim in claims:
            for selector in (*claim.related, *(selector for part in claim.parts for selector in part.evidence)):
                for row in self.matching(selector):
                    bears.setdefault(row.observation_id, {})[claim.claim_id] = None
        return Evidence(
            {
                name: replace(row, claims=tuple(bears[name])) if name in bears else row
                for name, row in self.records.items()
            }
        )

    def as_of(self, day: date) -> Evidence:
        """The records that were knowable on a day."""
        return Evidence({name: row for name, row in self.records.items() if row.knowable <= day}, self)

    def matching(self, selector: Selector) -> tuple[Observation, ...]:
        """The records a selector names, in file order."""
        if selector not in self._answers and self.whole:
            self._answers[selector] = tuple(
                row for row in self.whole.matching(selector) if row.observation_id in self.records
            )
        elif selector not in self._answers:
            self._answers[selector] = tuple(
                row
                for row in self._candidates(selector)
                if (selector.start is None or row.start >= selector.start)
                and (selector.end is None or row.end <= selector.end)
            )
        return self._answers[selector]

    def _candidates(self, selector: Selector) -> Iterable[Observation]:
        """Rows of the names asked for, in file order: the rarest name leads, and the others are looked up."""
        asked = [
            (name, set(self.names(name).matching(patterns)))
            for name in _MATCHED
            if (patterns := getattr(selector, name)) and "*" not in patterns
        ]
        if not asked:
            return self.records.values()
        sizes = {name: sum(len(self._groups[name][key]) for key in keys) for name, keys in asked}
        first, keys = min(asked, key=lambda item: sizes[item[0]])
        rest = [(name, found) for name, found in asked if name != first]
        rows = [
            row
            for key in keys
            for row in self._groups[first][key]
            if all(getattr(row, _MATCHED[name]) in found for name, found in rest)
        ]
        return sorted(rows, key=lambda row: self._places[row.observation_id])

    def names(self, column: str) -> Names:
        """The names that stand in one of the columns selectors ask for (ids, measure, entity, variant, origin)."""
        return self._names[column]

    @cached_property
    def _places(self) -> dict[str, int]:
        """The place of each id in file order."""
        return {name: place for place, name in enumerate(self.records)}

    @cached_property
    def _groups(self) -> dict[str, dict[str, list[Observation]]]:
        groups: dict[str, dict[str, list[Observation]]] = {name: {} for name in _MATCHED}
        for row in self.records.values():
            for name, group in groups.items():
                group.setdefault(getattr(row, _MATCHED[name]), []).append(row)
        return groups

    @cached_property
    def _names(self) -> dict[str, Names]:
        return {name: Names(group) for name, group in self._groups.items()}


def _given(figure: float) -> float | None:
    """A figure of a table, which has nan where a record has ``None``."""
    return None if math.isnan(figure) else figure


class Names:
    """A list of names that is asked by patterns: ``*`` stands for any text, nothing else is special.

    What stands before the first ``*`` is looked up in the sorted names, so that a pattern looks at few of them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}
        self._sorted = sorted(self.places)

    def matching(self, patterns: Iterable[str]) -> list[str]:
        """The names any of the patterns matches, in the order of the list."""
        found: set[str] = set()
        for pattern in patterns:
            start, star, _ = pattern.partition("*")
            if not star:
                found |= {pattern} & self.places.keys()
                continue
            parts = pattern.split("*")
            for place in range(bisect.bisect_left(self._sorted, start), len(self._sorted)):
                name = self._sorted[place]
                if not name.startswith(start):
                    break
                if _fits(name, parts):
                    found.add(name)
        return sorted(found, key=self.places.__getitem__)


def _fits(text: str, parts: Sequence[str]) -> bool:
    """Is the text these parts in order, the first at its start and the last at its end, with anything between."""
    first, *middle, last = parts
    place, end = len(first), len(text) - len(last)
    if place > end or not text.startswith(first) or not text.endswith(last):
        return False
    for part in middle:
        place = text.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True
