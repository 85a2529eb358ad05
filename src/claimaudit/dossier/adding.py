"""A row added to a dossier in memory, checked as a file's row is: what a notebook tries a figure out with. No file changes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.evidence_tables import COLUMNS, Lists, check_observations
from claimaudit.dossier.kinds import check_kinds
from claimaudit.dossier.loading import unmatched
from claimaudit.dossier.publishers import check_origins, check_publishers, check_sources
from claimaudit.dossier.tables import Row
from claimaudit.errors import Fault, ParameterError, unknown
from claimaudit.model import Claim, OriginKind, PartialDate, Selector

OBSERVATION, SOURCE = COLUMNS["observations"], COLUMNS["sources.csv"]
_ROW, _SOURCE = "the row", "its source"
_LIKE = ("measure", "entity", "start", "end", "unit", "variant", "basis")
"""What a row has from the one it is like, unless it says otherwise: what is measured, never who says it nor how well."""


def with_row(
    dossier: Dossier,
    row: Mapping[str, Any],
    *,
    like: str = "",
    part: str = "",
    source: Mapping[str, Any] | None = None,
) -> Dossier:
    """A new dossier with one more row, as known in hindsight; the files and the dossier given stay as they are.

    ``row`` gives cells of the tables of observations: what is left out is taken from the row ``like`` (what it measures,
    where, when and in what unit), else left blank. A row ``like`` another is heard wherever that one is; ``part`` names a
    part that hears it, too. ``source`` gives cells of ``sources.csv`` where its source is new (``title``, ``publisher`` by id or
    name, ``published``); a publisher that is new needs the source's ``reliability``. Without an ``origin`` the row has
    that of all its source tells, else one of its own. A source published after the dossier was compiled moves that day.

    Raises ``ParameterError``, one sentence with all that is wrong, and ``UnknownNameError`` for a ``like`` or ``part`` unknown.
    """
    whole = dossier.whole or dossier
    cells = _cells(row, OBSERVATION, _ROW)
    model = whole.observation(like) if like else None
    if part:
        whole.part(part)
    if model is not None:
        cells = {name: _text(getattr(model, name)) for name in _LIKE} | cells
    faults: list[Fault] = []
    if source is not None:
        whole, cells["source_id"] = _with_source(whole, source, cells.get("source_id", ""), faults)
        _refuse(faults)
    filled = dict.fromkeys(OBSERVATION, "") | {"basis": "reported", "note": "Added by hand."} | cells
    filled["observation_id"] = filled["observation_id"] or _free("added.row", whole.observations.index)
    name = filled["observation_id"]
    if not filled["source_id"]:
        raise ParameterError("the row cannot be added: it has no source; give its source_id, or source, a new one")
    if not filled["origin"]:
        whole, filled["origin"] = _with_origin(whole, filled, faults)
    if not filled["unit"] and filled["measure"] in whole.measures.index:
        filled["unit"] = str(whole.measures.at[filled["measure"], "unit"])
    lists = Lists(whole.sources, whole.measures, whole.units, whole.origins)
    added = check_observations([Row(_ROW, 0, filled, faults)], lists, faults)
    _refuse(faults)
    if name in whole.observations.index:
        raise ParameterError(f"the row cannot be added: the dossier has a row {name!r} already; give it another id")
    _refuse_twin(whole.observations, added)
    return _judgeable(whole, added, model.observation_id if model else "", part)


def _judgeable(whole: Dossier, added: pd.DataFrame, like: str, part: str) -> Dossier:
    """The dossier with the checked row, heard where it is to be; refused where no claim would know of it."""
    name = str(added.index[0])
    known = whole.observations.drop(columns="claims")
    added["topic"] = known.at[like, "topic"] if like else ""
    table = pd.concat([known, added.astype(known.dtypes.to_dict())])
    evidence = Evidence.of(table)
    claims = tuple(_hearing(claim, evidence, name, like, part) for claim in whole.claims)
    evidence = evidence.borne_on(claims)
    if not evidence.records[name].claims:
        raise ParameterError(
            f"the row cannot be added: no claim asks for {evidence.records[name].measure!r} of "
            f"{evidence.records[name].entity!r}; give like, a row that is heard, or part, the part that is to hear it"
        )
    faults = unmatched(claims, evidence, whole.units)
    check_kinds(claims, evidence, whole.units, whole.method, faults)
    _refuse(faults)
    table.insert(0, "claims", [record.claims for record in evidence.records.values()])
    return replace(whole, claims=claims, observations=table, evidence=evidence, day=whole.article.compiled, whole=None)


def _hearing(claim: Claim, evidence: Evidence, name: str, like: str, part: str) -> Claim:
    """The claim with selectors of the new row beside those that pick the row it is like, where they do not pick it too."""

    def more(selectors: Iterable[Selector]) -> tuple[Selector, ...]:
        found = []
        for selector in selectors:
            heard = {row.observation_id for row in evidence.matching(selector)}
            if like in heard and name not in heard:
                none: tuple[str, ...] = ()
                found.append(
                    replace(
                        selector,
                        ids=(name,),
                        measure=none,
                        entity=none,
                        variant=none,
                        origin=none,
                        start=None,
                        end=None,
                    )
                )
        return tuple(dict.fromkeys(found))

    parts = []
    for one in claim.parts:
        added = more(one.evidence)
        picked = any(name in {row.observation_id for row in evidence.matching(item)} for item in one.evidence)
        if one.part_id == part and not added and not picked:
            added = (Selector(ids=(name,)),)
        parts.append(replace(one, evidence=(*one.evidence, *added)))
    return replace(claim, parts=tuple(parts), related=(*claim.related, *more(claim.related)))


# -- its source --------------------------------------------------------------------------------------------------------


def _with_source(whole: Dossier, source: Mapping[str, Any], name: str, faults: list[Fault]) -> tuple[Dossier, str]:
    """The dossier with a source more, and the source's id."""
    defaults = {"kind": "press", "language": whole.article.language, "seen": "full"}
    cells = dict.fromkeys(SOURCE, "") | defaults | _cells(source, SOURCE, _SOURCE)
    name = cells["source_id"] = cells["source_id"] or name or _free("added-source", whole.sources.index)
    if name in whole.sources.index:
        faults.append(
            Fault(_SOURCE, 0, "source_id", f"the dossier has {name!r} already", "name it in the row, or give another")
        )
    whole = _with_publisher(whole, cells, faults)
    _refuse(faults)
    published = _day(cells["published"])
    if published and published > date.today():  # noqa: DTZ011 (a day of the reader's calendar)
        faults.append(Fault(_SOURCE, 0, "published", f"{cells['published']} is still to come", "mend the day"))
    compiled = max(whole.article.compiled, published or whole.article.compiled)
    added = check_sources([Row(_SOURCE, 0, cells, faults)], whole.publishers, compiled, faults)
    sources = pd.concat([whole.sources, added.astype(whole.sources.dtypes.to_dict())])
    return replace(whole, sources=sources, article=replace(whole.article, compiled=compiled)), name


def _with_publisher(whole: Dossier, cells: dict[str, str], faults: list[Fault]) -> Dossier:
    """The publisher by its id or name; one that is new is added with the letter the source is given."""
    names = {str(name).casefold(): str(item) for item, name in whole.publishers["name"].items()}
    given = cells["publisher"]
    cells["publisher"] = given if given in whole.publishers.index else names.get(given.casefold(), given)
    if cells["publisher"] in whole.publishers.index or not given:
        return whole
    if not cells["reliability"]:
        hint = unknown("publisher", given, [*whole.publishers["name"], *whole.publishers.index])
        faults.append(Fault(_SOURCE, 0, "publisher", hint, "for a new one give the source's reliability, A to F"))
        return whole
    cells["publisher"] = _free(
        re.sub(r"[^a-z0-9]+", "-", given.casefold()).strip("-") or "added", whole.publishers.index
    )
    values = {
        "publisher": cells["publisher"],
        "name": given,
        "reliability": cells["reliability"],
        "reason": "Added by hand.",
    }
    added = check_publishers([Row(_SOURCE, 0, values, faults)])
    cells["reliability"] = cells["departure"] = ""
    return replace(whole, publishers=pd.concat([whole.publishers, added]))


def _with_origin(whole: Dossier, cells: Mapping[str, str], faults: list[Fault]) -> tuple[Dossier, str]:
    """The one origin of all that its source tells; else the dossier with an origin of the row's own."""
    known = whole.observations.loc[whole.observations["source_id"] == cells["source_id"], "origin"].unique()
    if len(known) == 1:
        return whole, str(known[0])
    name = _free(cells["source_id"] or cells["observation_id"], whole.origins.index)
    values = dict.fromkeys(COLUMNS["origins.csv"], "") | {
        "origin": name,
        "kind": OriginKind.VOICE.value,
        "unnamed": "0",
    }
    added = check_origins([Row(_ROW, 0, values, faults)], whole.publishers, faults)
    return replace(whole, origins=pd.concat([whole.origins, added.astype(whole.origins.dtypes.to_dict())])), name


# -- small parts -------------------------------------------------------------------------------------------------------


def _cells(given: Mapping[str, Any], columns: tuple[str, ...], what: str) -> dict[str, str]:
    """What was given as the texts a table would hold; ``ParameterError`` for a column that is none."""
    for name in given:
        if name not in columns:
            raise ParameterError(f"{what} cannot be added: {unknown('column', str(name), columns)}")
    return {name: _text(value) for name, value in given.items()}


def _text(value: Any) -> str:
    """A figure, a day or a text as a table holds it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value).strip()


def _day(text: str) -> date | None:
    try:
        return PartialDate.parse(text).first
    except ValueError:
        return None  # its own check tells


def _free(name: str, taken: Iterable[Any]) -> str:
    """The name, or the first of it with a number that is free."""
    known = set(taken)
    places = (name if number == 1 else f"{name}.{number}" for number in range(1, len(known) + 2))
    return next(place for place in places if place not in known)


def _refuse(faults: Iterable[Fault]) -> None:
    """One sentence for all that is wrong."""
    told = [
        " ".join(filter(None, (fault.column, fault.problem, f"({fault.remedy})"))) for fault in dict.fromkeys(faults)
    ]
    if told:
        raise ParameterError(f"the row cannot be added: {'; '.join(told)}")


_SAME = ("measure", "entity", "start", "end", "value", "variant", "origin", "source_id")


def _refuse_twin(known: pd.DataFrame, added: pd.DataFrame) -> None:
    """A row that says again what one source already says in every figure would count for nothing."""
    row = added.iloc[0]
    same = known[(known[list(_SAME)] == row[list(_SAME)]).all(axis=1)]
    if len(same):
        raise ParameterError(
            f"the row cannot be added: it repeats {same.index[0]!r} in every figure; change what differs"
        )
