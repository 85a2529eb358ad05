"""Observations as records, and the selectors that pick them: the part of a dossier the tests of elements read."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from claimaudit.model import Basis, Observation, Selector

_COPIED = (
    "claims", "measure", "entity", "unit", "credibility", "variant", "origin", "source_id", "note", "reliability",
)  # fmt: skip
_MATCHED = ("measure", "entity", "variant", "origin")


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
        """The records of an observations table as ``dossier.py`` holds it."""
        days = {name: observations[name].dt.date.tolist() for name in ("start", "end", "knowable")}
        columns = {name: observations[name].tolist() for name in (*_COPIED, "value", "low", "high", "basis")} | days
        records = {}
        for number, name in enumerate(observations.index):
            cells = {column: values[number] for column, values in columns.items()}
            records[name] = Observation(
                observation_id=name,
                value=cells["value"],
                low=None if math.isnan(cells["low"]) else cells["low"],
                high=None if math.isnan(cells["high"]) else cells["high"],
                start=cells["start"],
                end=cells["end"],
                knowable=cells["knowable"],
                basis=Basis(cells["basis"]),
                **{column: cells[column] for column in _COPIED},
            )
        return cls(records)

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
            tests = [(name, _matcher(getattr(selector, name))) for name in _MATCHED if getattr(selector, name)]
            ids = _matcher(selector.ids) if selector.ids else None
            self._answers[selector] = tuple(
                row
                for row in self._candidates(selector)
                if all(test(getattr(row, column)) for column, test in tests)
                and (ids is None or ids(row.observation_id))
                and (selector.start is None or row.start >= selector.start)
                and (selector.end is None or row.end <= selector.end)
            )
        return self._answers[selector]

    def _candidates(self, selector: Selector) -> Iterable[Observation]:
        """Rows worth a look, in file order: those named without a pattern, or those of the measures named."""
        if selector.ids and not any("*" in name for name in selector.ids):
            wanted = frozenset(selector.ids)
            return (self.records[name] for name in sorted(wanted & self.records.keys(), key=self._places.__getitem__))
        if selector.measure:
            named = _matcher(selector.measure)
            groups = [rows for measure, rows in self._by_measure.items() if named(measure)]
            if len(groups) < 2:
                return groups[0] if groups else ()
            return sorted((row for rows in groups for row in rows), key=lambda row: self._places[row.observation_id])
        return self.records.values()

    @cached_property
    def _places(self) -> dict[str, int]:
        """The place of each id in file order."""
        return {name: place for place, name in enumerate(self.records)}

    @cached_property
    def _by_measure(self) -> dict[str, list[Observation]]:
        groups: dict[str, list[Observation]] = {}
        for row in self.records.values():
            groups.setdefault(row.measure, []).append(row)
        return groups


def _matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test whether a text is one of the patterns; ``*`` stands for any text, nothing else is special."""
    exact = frozenset(pattern for pattern in patterns if "*" not in pattern)
    wild = [pattern.replace("[", "[[]").replace("?", "[?]") for pattern in patterns if pattern not in exact]
    if not wild:
        return exact.__contains__
    return lambda text: text in exact or any(fnmatch.fnmatchcase(text, pattern) for pattern in wild)
