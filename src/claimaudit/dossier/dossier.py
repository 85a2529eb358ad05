"""The dossier: one audited text with its claims and evidence. The only reader of ``data/``.

``Dossier.load`` reads and checks everything and reports every fault at once; ``Dossier.as_of`` cuts it back to what was
knowable on a day. All tables are DataFrames; nothing is changed in place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from claimaudit import looks, places
from claimaudit.dossier import loading
from claimaudit.dossier.changelog import Acceptance
from claimaudit.dossier.context import Context
from claimaudit.dossier.corrections import Correction
from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.method import Method
from claimaudit.dossier.responses import Response
from claimaudit.dossier.series import Series
from claimaudit.dossier.terms import Offer
from claimaudit.dossier.topics import Topics
from claimaudit.dossier.words import Words
from claimaudit.errors import DossierError, Fault, UnknownNameError, unknown
from claimaudit.model import Article, Claim, Observation, OriginKind, Part, Selector, Stake, Vintage

DEFAULT_DOSSIER = Path(__file__).resolve().parents[3] / "data"
"""The project's own dossier, used where none is named."""
PRIMARY = ("official-statistics", "official-statement", "dataset")
"""Kinds of source that are their maker's own record."""


@dataclass(frozen=True, repr=False)
class Dossier:
    """Claims and evidence as they stand on ``day``.

    ``sources`` is indexed by source_id, ``observations`` by observation_id (values in the measure's canonical unit,
    with the source's ``reliability`` and the day the row became ``knowable``) and again as records in ``evidence``;
    ``measures``, ``units``, ``publishers`` and ``origins`` by their names (columns: ``evidence_tables.py``, ``publishers.py``);
    ``series`` holds the regular tables, ``words`` how the dossier's own words are written, ``responses`` who was asked for
    comment, ``terms`` under which licence what is offered, ``changelog`` what
    was changed in accepted verdicts, ``sentences`` every sentence of the text with its claims or the
    reason why it has none (no row where the dossier has no ``sentences.csv``).
    """

    path: Path
    article: Article
    claims: tuple[Claim, ...]
    publishers: pd.DataFrame
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
    responses: tuple[Response, ...]
    terms: Offer
    sentences: pd.DataFrame
    day: date
    whole: Dossier | None = None
    changelog: tuple[Acceptance, ...] = ()

    @classmethod
    def load(cls, path: str | Path | None = None, *, topic: str = "") -> Dossier:
        """Read and check a dossier folder (default: see ``places.dossier``), as known in hindsight.

        With a ``topic`` that ``topics.toml`` lists, only its tables are opened. Raises ``DossierError`` with
        every fault found: file, line, column, what is wrong, what to do.
        """
        folder = places.dossier(path)
        if not folder.is_dir():
            remedy = "name the folder that holds article.toml"
            raise DossierError([Fault(str(path), 0, "", "there is no such folder", remedy)])
        faults: list[Fault] = []
        parts = loading.read(folder, topic, faults)
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
        follow their own vintage capability. Raises ``UnknownNameError`` when a text is no ISO day.
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
        other = replace(self, method=method)
        # A sweep asks for hundreds: what follows from the tables alone is taken over.
        other.__dict__.update({name: self.__dict__[name] for name in _OF_TABLES if name in self.__dict__})
        return other

    @property
    def vintage(self) -> Vintage:
        """Which of the standard as-of dates this view is, if one of them."""
        if self.day == self.article.published:
            return Vintage.AT_PUBLICATION
        return Vintage.HINDSIGHT if self.day >= self.article.compiled else Vintage.AS_OF

    # -- looking things up ------------------------------------------------------------------------------------------

    def claim(self, claim_id: str) -> Claim:
        """One claim by its id, in any case; ``UnknownNameError`` with the nearest id when there is none."""
        by_id = {claim.claim_id: claim for claim in self.claims}
        return by_id[_as_written("claim", claim_id, by_id)]

    def topic(self, topic: str) -> tuple[Claim, ...]:
        """The claims of one topic, in the article's order; ``UnknownNameError`` when no claim has it."""
        found = tuple(claim for claim in self.claims if claim.topic == topic)
        if not found:
            raise UnknownNameError(unknown("topic", topic, {claim.topic for claim in self.claims}))
        return found

    def part(self, part_id: str) -> Part:
        """One part by its id, in any case; ``UnknownNameError`` with the nearest id when there is none."""
        return self._parts[_as_written("part", part_id, self._parts)]

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.part_id: part for claim in self.claims for part in claim.parts}

    def observation(self, observation_id: str) -> Observation:
        """One observation as a record, looked up in the whole dossier; ``UnknownNameError`` when there is none."""
        records = (self.whole or self).evidence.records
        if observation_id not in records:
            raise UnknownNameError(unknown("observation", observation_id, records))
        return records[observation_id]

    def independent(self, origin: str) -> str:
        """The origin an origin is counted with: itself, unless it is known to repeat another."""
        return (self.whole or self)._repeats.get(origin, origin)

    def speaker(self, observation: Observation | pd.Series) -> str:
        """Who a row is one voice with: organs of one state that speak in its cause are one; else its independent origin."""
        state = (self.whole or self)._states.get(observation.origin, "")
        return f"state:{state}" if observation.stake and state else self.independent(observation.origin)

    def select(self, *selectors: Selector, **fields: str | tuple[str, ...]) -> pd.DataFrame:
        """Observations any of the selectors matches, in file order; or by fields, ``select(measure="shell_output")``.

        Rows and columns are those of ``observations``, of this view alone; a name that matches nothing gives no row.
        """
        if fields:
            selectors = (*selectors, _selector(fields))
        chosen = {row.observation_id for selector in selectors for row in self.evidence.matching(selector)}
        return self.observations[self.observations.index.isin(chosen)]

    def rows(self, **fields: str | tuple[str, ...]) -> tuple[Observation, ...]:
        """The same as records, for code that walks them one by one: much faster than the rows of a DataFrame."""
        return self.evidence.matching(_selector(fields))

    def trust(self, observation: Observation | pd.Series, *, direct: bool = True) -> float:
        """How far a row is believed, 0-1, by its Admiralty pair; rows that are no independent source get 0.

        What a party says in its own cause, or against its opponent, counts with digit 3 at best; what stands at one remove
        (not ``direct``), one digit worse.
        """
        if not self.counts(observation):
            return 0.0
        return self.method.trust(observation.reliability, observation.credibility, Stake(observation.stake), direct)

    def named(self, observation: Observation | pd.Series) -> bool:
        """Whether anybody names the source a row goes back to."""
        return not (self.whole or self)._unnamed.get(observation.origin, False)

    @cached_property
    def factors(self) -> dict[str, float]:
        """How many of its dimension's base unit each unit is."""
        return {str(name): float(factor) for name, factor in self.units["factor"].items()}

    @cached_property
    def _repeats(self) -> dict[str, str]:
        return {name: first for name, first in self.origins["depends_on"].items() if first}

    @cached_property
    def _states(self) -> dict[str, str]:
        return {name: state for name, state in self.origins["state"].items() if state}

    @cached_property
    def _unnamed(self) -> dict[str, bool]:
        return {name: bool(flag) for name, flag in self.origins["unnamed"].items()}

    def heard_from(self, source_id: str) -> str:
        """The name of the publisher that heard or quotes what a source prints: of a copy, the original's."""
        sources = (self.whole or self)._sources
        copied = sources[source_id]["copy_of"]
        return str(sources[copied or source_id]["publisher_name"]).replace(";", ",")

    def printed_by(self, origin: str) -> tuple[str, ...]:
        """The names of the publishers that print an origin, or what repeats it, the one with most rows first."""
        return (self.whole or self)._printers.get(origin, ())

    @cached_property
    def _printers(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, Counter[str]] = {}
        for row in self.evidence.records.values():
            name = self.heard_from(row.source_id)
            for origin in {row.origin, self.independent(row.origin)}:
                found.setdefault(origin, Counter())[name] += 1
        return {origin: tuple(name for name, _ in names.most_common()) for origin, names in found.items()}

    def is_primary(self, observation: Observation) -> bool:
        """Whether a row is a record by its maker: a statistic, a data set, a signature, an order, the speaker's own words."""
        kind = (self.whole or self)._sources[observation.source_id]["kind"]
        return (kind in PRIMARY or self.words.source_kinds.get(kind, False)) and not observation.stake

    @cached_property
    def _sources(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.sources.to_dict("index")
        return found

    def counts(self, observation: Observation | pd.Series) -> bool:
        """False for rows that restate the article, are worked out from other rows, or are revised by one known in this view."""
        return not self.revised_by(observation) and (self.whole or self)._kinds[observation.origin] is OriginKind.VOICE

    def revised_by(self, observation: Observation | pd.Series) -> tuple[str, ...]:
        """The later prints of a row that are known in this view."""
        name = str(observation.observation_id if isinstance(observation, Observation) else observation.name)
        return tuple(new for new in (self.whole or self)._revisers.get(name, ()) if new in self.evidence.records)

    @cached_property
    def _revisers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.evidence.records.values():
            for name in row.revises:
                found.setdefault(name, []).append(row.observation_id)
        return found

    @cached_property
    def _kinds(self) -> dict[str, OriginKind]:
        return {name: OriginKind(kind) for name, kind in self.origins["kind"].items()}


_OF_TABLES = ("factors", "_parts", "_repeats", "_states", "_unnamed", "_sources", "_revisers", "_kinds")
"""What a dossier keeps of what it has worked out from its tables."""


def _restored(own: Mapping[str, Any]) -> Dossier:
    """A pickled dossier."""
    return Dossier(evidence=Evidence.of(own["observations"]), **own)


def _cut_again(whole: Dossier, day: date, changed: Mapping[str, Any]) -> Dossier:
    """A pickled view, with what had been replaced in it."""
    view = whole.as_of(day)
    return replace(view, **changed) if changed else view


def _as_written(kind: str, name: str, known: Mapping[str, Any]) -> str:
    """An id as the dossier writes it, however it was typed; ``UnknownNameError`` where there is none, or more than one."""
    found = [name] if name in known else [item for item in known if item.casefold() == name.casefold()]
    if len(found) > 1:
        raise UnknownNameError(
            f"{name!r} may be {' or '.join(map(repr, found))}: write the {kind} as it stands in the dossier"
        )
    if not found:
        raise UnknownNameError(unknown(kind, name, known))
    return found[0]


def _selector(fields: Mapping[str, str | tuple[str, ...]]) -> Selector:
    lists: dict[str, Any] = {n: (value,) if isinstance(value, str) else tuple(value) for n, value in fields.items()}
    return Selector(**lists)
