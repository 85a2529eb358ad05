"""The dossier: one audited text with its claims and evidence. The only reader of ``data/``.

``Dossier.load`` reads and checks everything and reports every fault at once; ``Dossier.as_of`` cuts it back to what was
knowable on a day. All tables are DataFrames; nothing is changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from claimaudit import looks
from claimaudit.dossier.claims import check_units as check_part_units
from claimaudit.dossier.claims import load_article, load_claims
from claimaudit.dossier.context import Context, load_context, match_context
from claimaudit.dossier.corrections import Correction, apply_corrections, load_corrections
from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.evidence_tables import (
    COLUMNS,
    KEYS,
    Lists,
    check_measures,
    check_observations,
    check_origins,
    check_sources,
    check_units,
)
from claimaudit.dossier.files import check_plain, check_sizes, tables
from claimaudit.dossier.method import Method, load_method
from claimaudit.dossier.series import Series, load_series
from claimaudit.dossier.tables import read_table
from claimaudit.dossier.topics import Topics, check_tables, check_topics, load_topics
from claimaudit.dossier.words import Words, load_words
from claimaudit.errors import SUMMED, DossierError, Fault, UnknownNameError, summed, unknown
from claimaudit.model import Article, Claim, Observation, OriginKind, Part, Selector, TestKind, Vintage

DEFAULT_DOSSIER = Path(__file__).resolve().parents[3] / "data"
"""The project's own dossier, used where none is named."""
BESIDE = ("README.md", "datapackage.json", "verdicts.csv")
"""Files of a dossier that are published with it, but that no audit reads."""


@dataclass(frozen=True, repr=False)
class Dossier:
    """Claims and evidence as they stand on ``day``.

    ``sources`` is indexed by source_id, ``observations`` by observation_id (values in the measure's canonical unit,
    with the source's ``reliability`` and the day the row became ``knowable``) and again as records in ``evidence``;
    ``measures``, ``units`` and ``origins`` by their names; ``series`` holds the regular tables, ``words`` how
    the dossier's own words are written.
    """

    path: Path
    article: Article
    claims: tuple[Claim, ...]
    sources: pd.DataFrame
    observations: pd.DataFrame
    evidence: Evidence
    measures: pd.DataFrame
    units: pd.DataFrame
    origins: pd.DataFrame
    series: Mapping[str, Series]
    method: Method
    corrections: tuple[Correction, ...]
    context: tuple[Context, ...]
    topics: Topics
    words: Words
    day: date
    whole: Dossier | None = None

    @classmethod
    def load(cls, path: str | Path | None = None, *, topic: str = "") -> Dossier:
        """Read and check a dossier folder (default: the project's ``data/``), as known in hindsight.

        With a ``topic`` that ``topics.toml`` lists, only its tables are opened. Raises ``DossierError`` with
        every fault found: file, line, column, what is wrong, what to do.
        """
        folder = Path(path) if path else DEFAULT_DOSSIER
        if not folder.is_dir():
            remedy = "name the folder that holds article.toml"
            raise DossierError([Fault(str(path), 0, "", "there is no such folder", remedy)])
        faults: list[Fault] = []
        parts = _read(folder, topic, faults)
        if faults:
            raise DossierError(faults)
        return cls(path=folder, **parts)

    def __repr__(self) -> str:
        """Title, day and how much is held: one line."""
        about = f"<Dossier {looks.shortened(repr(self.article.title))} as of {self.day}: {looks.held(self)}>"
        return looks.shortened(about, looks.LONGEST)

    def _repr_html_(self) -> str:
        return looks.dossier(self)._repr_html_()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled and copied without what follows from the rest: records, and the rows of a view."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.whole is None:
            del own["evidence"]
            return _restored, (own,)
        cut = self.whole.as_of(self.day)
        return _cut_again, (self.whole, self.day, {k: v for k, v in own.items() if v is not getattr(cut, k)})

    # -- time -----------------------------------------------------------------------------------------------------

    def as_of(self, day: date | str) -> Dossier:
        """The dossier as it was knowable on ``day``.

        A row counts from the day its source was published; a source dated by month or year only counts once that
        whole period has passed (at the latest on the day the dossier was compiled, when it had been read). Series
        follow their own vintage capability.
        """
        if isinstance(day, str):
            try:
                day = date.fromisoformat(day)
            except ValueError:
                raise UnknownNameError(f"{day!r} is not a day: write it as 2023-03-14") from None
        whole = self.whole or self
        if day not in whole._views:
            whole._views[day] = whole._cut(day)
        return whole._views[day]

    @cached_property
    def _views(self) -> dict[date, Dossier]:
        """The views asked for so far: whoever asks for a day again gets the same, with all it has answered."""
        return {}

    def _cut(self, day: date) -> Dossier:
        stamp = pd.Timestamp(day)
        return replace(
            self,
            sources=self.sources[self.sources["knowable"] <= stamp],
            observations=self.observations[self.observations["knowable"] <= stamp],
            evidence=self.evidence.as_of(day),
            series={name: series.as_of(day, hindsight=self.article.compiled) for name, series in self.series.items()},
            day=day,
            whole=self,
        )

    def at_publication(self) -> Dossier:
        """What was knowable on the day the article was printed."""
        return self.as_of(self.article.published)

    def hindsight(self) -> Dossier:
        """All that is known now."""
        return self.as_of(self.article.compiled)

    def with_method(self, method: Method) -> Dossier:
        """The same evidence to be judged by another method."""
        return replace(self, method=method)

    @property
    def vintage(self) -> Vintage:
        """Which of the standard as-of dates this view is, if one of them."""
        if self.day == self.article.published:
            return Vintage.AT_PUBLICATION
        return Vintage.HINDSIGHT if self.day >= self.article.compiled else Vintage.AS_OF

    # -- looking things up ------------------------------------------------------------------------------------------

    def claim(self, claim_id: str) -> Claim:
        """One claim; ``UnknownNameError`` with the nearest id when there is none."""
        by_id = {claim.claim_id: claim for claim in self.claims}
        name = claim_id if claim_id in by_id else claim_id.upper()
        if name not in by_id:
            raise UnknownNameError(unknown("claim", claim_id, by_id))
        return by_id[name]

    def topic(self, topic: str) -> tuple[Claim, ...]:
        """The claims of one topic, in the article's order."""
        found = tuple(claim for claim in self.claims if claim.topic == topic)
        if not found:
            raise UnknownNameError(unknown("topic", topic, {claim.topic for claim in self.claims}))
        return found

    def part(self, part_id: str) -> Part:
        """One part by its id."""
        if part_id not in self._parts:
            raise UnknownNameError(unknown("part", part_id, self._parts))
        return self._parts[part_id]

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.part_id: part for claim in self.claims for part in claim.parts}

    def observation(self, observation_id: str) -> Observation:
        """One observation as a record, looked up in the whole dossier."""
        records = (self.whole or self).evidence.records
        if observation_id not in records:
            raise UnknownNameError(unknown("observation", observation_id, records))
        return records[observation_id]

    def independent(self, origin: str) -> str:
        """The origin an origin is counted with: itself, unless it is known to repeat another."""
        return (self.whole or self)._repeats.get(origin, origin)

    def select(self, *selectors: Selector, **fields: str | tuple[str, ...]) -> pd.DataFrame:
        """Observations any of the selectors matches, in file order; or by fields, ``select(measure="shell_output")``."""
        if fields:
            selectors = (*selectors, _selector(fields))
        chosen = {row.observation_id for selector in selectors for row in self.evidence.matching(selector)}
        return self.observations[self.observations.index.isin(chosen)]

    def rows(self, **fields: str | tuple[str, ...]) -> tuple[Observation, ...]:
        """The same as records, for code that walks them one by one: much faster than the rows of a DataFrame."""
        return self.evidence.matching(_selector(fields))

    def trust(self, observation: Observation | pd.Series) -> float:
        """How far a row is believed, 0-1, by its Admiralty pair; rows that are no independent source get 0."""
        if not self.counts(observation):
            return 0.0
        return self.method.trust(observation.reliability, observation.credibility)

    @cached_property
    def _repeats(self) -> dict[str, str]:
        return {name: first for name, first in self.origins["depends_on"].items() if first}

    def counts(self, observation: Observation | pd.Series) -> bool:
        """False for rows that restate the article or are worked out from other rows."""
        return (self.whole or self)._kinds[observation.origin] is OriginKind.VOICE

    @cached_property
    def _kinds(self) -> dict[str, OriginKind]:
        return {name: OriginKind(kind) for name, kind in self.origins["kind"].items()}


def _read(folder: Path, topic: str, faults: list[Fault]) -> dict[str, Any]:
    """All that is read from the folder, by the names of ``Dossier``; what is wrong is added to the faults.

    A file at fault is not held against others: what would follow from its fault is not told.
    """
    check_plain(folder, BESIDE, faults)
    article = load_article(folder / "article.toml", faults)
    claims, claim_ids = load_claims(folder / "claims.toml", faults)
    method = load_method(folder / "method.toml", faults)
    corrections = load_corrections(folder / "corrections.toml", faults)
    entries = load_context(folder / "context.toml", claim_ids, faults)
    listed = load_topics(folder, faults)
    words = load_words(folder, faults)
    there = {
        name: [item.removesuffix(".csv") for item in found]
        for name in ("observations", "series")
        if (found := tables(folder, name, faults)) is not None
    }
    check_tables(listed, there, faults)
    only = listed.tables.get(topic)
    read, regular = (
        [item for item in there.get(name, ()) if only is None or item in getattr(only, name)]
        for name in ("observations", "series")
    )
    if there.get("observations") == []:
        faults.append(Fault("observations", 0, "", "the folder holds no table", "give at least one CSV file"))
    names = [*_LISTS, *(f"observations/{name}.csv" for name in read)]
    if not check_sizes(folder, [*names, *(f"series/{name}.csv" for name in regular)], faults):
        return {}
    sheets = {name: read_table(folder / name, COLUMNS[name.split("/")[0]], faults, shown=name) for name in names}
    rows = {name: sheet.rows for name, sheet in sheets.items()}
    at_fault = {name for name, sheet in sheets.items() if not sheet.sound}
    at_fault |= {fault.file for fault in faults if fault.file not in rows and not fault.row}
    at_fault |= {fault.file for fault in faults if fault.file == "corrections.toml"}
    applied = corrections if only is None else tuple(entry for entry in corrections if entry.file in rows)
    apply_corrections(rows, {name: KEYS[name.split("/")[0]] for name in rows}, applied, faults, at_fault=at_fault)
    units = check_units(rows["units.csv"])
    unit_names = () if "units.csv" in at_fault else frozenset(units.index)
    measures = check_measures(rows["measures.csv"], unit_names, faults)
    origins = check_origins(rows["origins.csv"], faults, whole="origins.csv" not in at_fault)
    sources = check_sources(rows["sources.csv"], article.compiled if article else date.max)
    lists = Lists(claim_ids, sources, measures, units, origins, at_fault)
    observations = check_observations([row for name in names[len(_LISTS) :] for row in rows[name]], lists, faults)
    known = {
        name: frame.head(0) if file in at_fault else frame
        for name, file, frame in (("sources", "sources.csv", sources), ("units", "units.csv", units))
    }
    series = load_series(folder, known["sources"], known["units"], faults, tables=regular, whole=only is None)
    check_part_units(claims, unit_names, faults)
    if faults:
        return {}
    evidence = Evidence.of(observations)
    own = None if only is None else {claim.claim_id for claim in claims if claim.topic == topic}
    context = match_context(entries, evidence, faults, only=own)
    faults += _unmatched([claim for claim in claims if own is None or claim.claim_id in own], evidence, units)
    if not faults and only is None:
        table_of = {row["observation_id"]: Path(name).stem for name in names[len(_LISTS) :] for row in rows[name]}
        faults += check_topics(listed, claims, evidence, table_of)
    assert article  # without a fault there are both
    assert method
    return {
        "article": article,
        "claims": claims,
        "sources": sources,
        "observations": observations,
        "evidence": evidence,
        "measures": measures,
        "units": units,
        "origins": origins,
        "series": series,
        "method": method,
        "corrections": corrections,
        "context": context,
        "topics": listed,
        "words": words,
        "day": article.compiled,
    }


_LISTS = ("units.csv", "measures.csv", "origins.csv", "sources.csv")
"""The tables observations refer to."""


def _restored(own: Mapping[str, Any]) -> Dossier:
    """A pickled dossier."""
    return Dossier(evidence=Evidence.of(own["observations"]), **own)


def _cut_again(whole: Dossier, day: date, changed: Mapping[str, Any]) -> Dossier:
    """A pickled view, with what had been replaced in it."""
    view = whole.as_of(day)
    return replace(view, **changed) if changed else view


def _selector(fields: Mapping[str, str | tuple[str, ...]]) -> Selector:
    lists = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in fields.items()}
    return Selector(**lists)  # type: ignore[arg-type]


def _unmatched(claims: Iterable[Claim], evidence: Evidence, units: pd.DataFrame) -> list[Fault]:
    """Selectors that name nothing and units that do not fit: a test that silently tests nothing is a fault."""
    faults, empty = [], []
    dimension = units["dimension"].to_dict()
    for part in (part for claim in claims for part in claim.parts):
        key = f"{part.part_id}: evidence"
        for selector in part.evidence:
            found = evidence.matching(selector)
            if not found:
                # The nearest name takes a search through all: worth it only where the selectors are told one by one.
                hint = _hint(selector, evidence) if len(empty) <= SUMMED else ""
                empty.append(Fault("claims.toml", 0, key, "a selector matches no observation", hint))
            elif part.unit and selector.side == "auto" and part.test is not TestKind.MODEL:
                odd = {unit for row in found if dimension[unit := row.unit] != dimension[part.unit]}
                if odd:
                    problem = f"{min(odd)!r} cannot be converted to {part.unit!r}"
                    faults.append(Fault("claims.toml", 0, key, problem, "test rows of one dimension only"))
    return faults + summed(empty, "selectors match no observation", "restore the observations, or mend the selectors")


def _hint(selector: Selector, evidence: Evidence) -> str:
    """What may be wrong with a selector that matches nothing."""
    for column, words in (
        ("measure", "measure"),
        ("entity", "entity"),
        ("variant", "variant"),
        ("origin", "origin"),
        ("ids", "id"),
    ):
        names = evidence.names(column).places
        for pattern in getattr(selector, column):
            if "*" not in pattern and pattern not in names:
                return unknown(words, pattern, names)
    return "loosen the selector: its parts match rows, but no row matches them all"
