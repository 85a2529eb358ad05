"""A view of the dossier that notes what it is asked for, so that what rests on it need be made anew only when that changes.

Whoever is a function of the view alone gives the same answer on a later day as long as nothing it has asked for changes until
then: it asks the same questions in the same order, and hears the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.evidence import Evidence, Names
from claimaudit.dossier.series import Series
from claimaudit.model import Observation, Selector

TABLES = ("observations", "sources")


@dataclass
class Reads:
    """What a view was asked for: selectors, single rows, series and tables by name; all rows; the day itself."""

    selectors: set[Selector] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    series: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    day: bool = False


class _Records(Mapping[str, Observation]):
    """The records knowable on a day; going through them all is noted as such."""

    def __init__(self, whole: Mapping[str, Observation], day: date, reads: Reads) -> None:
        self._whole, self._day, self._reads = whole, day, reads

    def __getitem__(self, name: str) -> Observation:
        self._reads.rows.add(name)
        if name not in self._whole or self._whole[name].knowable > self._day:
            raise KeyError(name)
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        self._reads.tables.add("observations")
        return (name for name, row in self._whole.items() if row.knowable <= self._day)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Evidence(Evidence):
    """Evidence of a day that notes the selectors it is asked; answers come from the whole, which keeps them."""

    _day: date
    _reads: Reads

    def __init__(self, whole: Evidence, day: date, reads: Reads) -> None:
        own = {"records": _Records(whole.records, day, reads), "whole": whole, "_answers": {}}
        self.__dict__.update(own, _day=day, _reads=reads)

    def matching(self, selector: Selector) -> tuple[Observation, ...]:
        """The records a selector names that were knowable, in file order."""
        self._reads.selectors.add(selector)
        if selector not in self._answers:
            assert self.whole
            found = self.whole.matching(selector)
            self._answers[selector] = tuple(row for row in found if row.knowable <= self._day)
        return self._answers[selector]

    def names(self, column: str) -> Names:
        """The names in a column; asks for all records."""
        self._reads.tables.add("observations")
        return super().names(column)


class _AllSeries(Mapping[str, Series]):
    """The series cut to a day, each when it is asked for."""

    def __init__(self, whole: Dossier, day: date, reads: Reads) -> None:
        self._whole, self._day, self._reads = whole, day, reads
        self._cut: dict[str, Series] = {}

    def __getitem__(self, name: str) -> Series:
        self._reads.series.add(name)
        if name not in self._cut:
            self._cut[name] = self._whole.series[name].as_of(self._day, hindsight=self._whole.article.compiled)
        return self._cut[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole.series)

    def __len__(self) -> int:
        return len(self._whole.series)


class Watched(Dossier):
    """A view as ``as_of`` gives it, that notes in ``reads`` what is asked and cuts its tables only then."""

    def __init__(self, whole: Dossier, day: date) -> None:
        whole = whole.whole or whole
        reads = Reads()
        own: dict[str, Any] = {item.name: getattr(whole, item.name) for item in fields(Dossier)}
        for name in (*TABLES, "day"):
            del own[name]
        own |= {"whole": whole, "evidence": _Evidence(whole.evidence, day, reads)}
        own |= {"series": _AllSeries(whole, day, reads), "reads": reads, "on": day}
        self.__dict__.update(own)

    on: date
    reads: Reads

    @property
    def day(self) -> date:
        """The day of the view."""
        self.reads.day = True
        return self.on

    @property
    def observations(self) -> pd.DataFrame:
        """The observations knowable on the day; rows and columns are those of ``Dossier.observations``."""
        self.reads.tables.add("observations")
        return self._table("observations")

    @property
    def sources(self) -> pd.DataFrame:
        """The sources knowable on the day; rows and columns are those of ``Dossier.sources``."""
        self.reads.tables.add("sources")
        return self._table("sources")

    def select(self, *selectors: Selector, **fields: str | tuple[str, ...]) -> pd.DataFrame:
        """Rows and columns as of ``Dossier.select``; the selectors are noted, not the whole table."""
        before = "observations" in self.reads.tables
        found = super().select(*selectors, **fields)
        if not before:
            self.reads.tables.discard("observations")
        return found

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            assert self.whole
            table: pd.DataFrame = getattr(self.whole, name)
            self._tables[name] = table[table["knowable"] <= pd.Timestamp(self.on)]
        return self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {}


class Calendar:
    """On which days what a view was asked for changes."""

    def __init__(self, dossier: Dossier) -> None:
        self._whole = dossier.whole or dossier
        self._known: dict[Any, frozenset[date]] = {}

    def days(self, reads: Reads) -> set[date]:
        """The days on which one of the answers changes; passing days themselves are not among them."""
        found: set[date] = set()
        for kind in ("selectors", "rows", "series", "tables"):
            for asked in getattr(reads, kind):
                found |= self._of(kind, asked)
        return found

    def of(self, selector: Selector) -> frozenset[date]:
        """The days on which rows of a selector become known."""
        return self._of("selectors", selector)

    def _of(self, kind: str, asked: Any) -> frozenset[date]:
        if (kind, asked) not in self._known:
            self._known[kind, asked] = frozenset(self._changes(kind, asked))
        return self._known[kind, asked]

    def _changes(self, kind: str, asked: Any) -> Iterator[date]:
        whole = self._whole
        if kind == "selectors":
            yield from (row.knowable for row in whole.evidence.matching(asked))
        elif kind == "rows":
            yield from (whole.evidence.records[asked].knowable for _ in range(asked in whole.evidence.records))
        elif kind == "series":
            if asked in whole.series:
                yield from whole.series[asked].frame["knowable"].dropna().dt.date
            yield whole.article.compiled  # from then on all of it counts
        else:
            yield from getattr(whole, asked)["knowable"].dropna().dt.date
