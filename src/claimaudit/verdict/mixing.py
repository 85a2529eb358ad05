"""Where two dossiers of one text differ, piece by piece, and one of them with single pieces as the other has them.

A piece is a row, a letter, a source, an origin, a series, a part, a split, a number of the method: what an editor changes
at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pandas as pd

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.evidence import Evidence
from claimaudit.model import Claim

_MISSING = object()
_OF_SOURCE = ("reliability", "knowable")
"""What a row has from its source."""


@dataclass(frozen=True)
class Piece:
    """One thing that differs: its kind, its name, how it changed ("added", "gone", "changed"), and the claims it surely touches.

    ``claims`` is ``None`` where it may touch any.
    """

    kind: str
    name: str
    how: str
    path: tuple[Any, ...] = ()
    claims: frozenset[str] | None = None

    @property
    def words(self) -> str:
        """ "row fig.audit added"."""
        return f"{self.kind} {self.name} {self.how}"


def pieces(old: Dossier, new: Dossier) -> tuple[Piece, ...]:
    """Every piece in which two whole dossiers differ, as far as a verdict can rest on it."""
    found = [*_rows(old, new), *_letters(old, new), *_sources(old, new), *_parts(old, new)]
    found += [Piece("origin", name, how) for name, how in _frame(old.origins, new.origins)]
    for name in dict.fromkeys([*old.series, *new.series]):
        how = _how(old.series.get(name), new.series.get(name), _same_series)
        found += [Piece("series", name, how)] if how else []
    before, now = dict(_leaves(old.method)), dict(_leaves(new.method))
    for path in dict.fromkeys([*before, *now]):
        if before.get(path, _MISSING) != now.get(path, _MISSING):
            told = f"changed from {_shown(before.get(path, _MISSING))} to {_shown(now.get(path, _MISSING))}"
            found.append(Piece("method number", ".".join(map(_name, path)), told, path))
    found += [Piece("table", name, "changed") for name in ("units", "measures") if not _equal(old, new, name)]
    if (old.article.published, old.article.compiled) != (new.article.published, new.article.compiled):
        found.append(Piece("days of", "article", "changed"))
    return tuple(found)


def put_back(new: Dossier, old: Dossier, back: Iterable[Piece]) -> Dossier:
    """The new dossier with some pieces as the old one has them; neither is touched."""
    mixed = new
    for piece in back:
        mixed = _PUT[piece.kind](mixed, old, piece)
    return replace(mixed, day=mixed.article.compiled, whole=None)


# -- rows, letters, sources -------------------------------------------------------------------------------------------


def _plain(row: Any) -> Any:
    """A row without what it has from its source, and from the claims that select it."""
    return replace(row, claims=(), reliability="", knowable=row.start)


def _rows(old: Dossier, new: Dossier) -> Iterator[Piece]:
    before, now = old.evidence.records, new.evidence.records
    for name in dict.fromkeys([*before, *now]):
        a, b = before.get(name), now.get(name)
        how = "added" if a is None else "gone" if b is None else "changed" if _plain(a) != _plain(b) else ""
        if how:
            yield Piece("row", name, how, claims=frozenset((*(a.claims if a else ()), *(b.claims if b else ()))))


def _letters(old: Dossier, new: Dossier) -> Iterator[Piece]:
    """Publishers of whose sources the letter of reliability is another."""
    shared = old.sources.index.intersection(new.sources.index)
    differ = old.sources.loc[shared, "reliability"] != new.sources.loc[shared, "reliability"]
    for name in new.sources.loc[shared[differ], "publisher"].unique():
        yield Piece("letter of", str(name), "changed")


def _sources(old: Dossier, new: Dossier) -> Iterator[Piece]:
    """Sources of which something else is another, that a verdict can rest on; one that came or went does so by its rows."""
    columns = [name for name in ("publisher", "kind", "copy_of", "published", "knowable") if name in new.sources]
    shared = old.sources.index.intersection(new.sources.index)
    differ = (old.sources.loc[shared, columns] != new.sources.loc[shared, columns]).any(axis=1)
    for name in shared[differ]:
        yield Piece("source", str(name), "changed")


def _put_row(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    name = piece.name
    table, records = mixed.observations, dict(mixed.evidence.records)
    if piece.how == "added":
        records.pop(name, None)
        return replace(mixed, observations=table.drop(index=name), evidence=Evidence(records))
    row, own = old.evidence.records[name], old.observations.loc[[name]]
    sources = mixed.sources
    if row.source_id not in sources.index:
        sources = pd.concat([sources, old.sources.loc[[row.source_id]]])
    origins = mixed.origins
    if row.origin not in origins.index:
        origins = pd.concat([origins, old.origins.loc[[row.origin]]])
    records[name] = row
    rest = table.drop(index=name) if name in table.index else table
    table = pd.concat([rest, own[rest.columns]]).astype(rest.dtypes.to_dict())
    return replace(mixed, observations=table, evidence=Evidence(records), sources=sources, origins=origins)


def _put_letter(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    own = mixed.sources.index[mixed.sources["publisher"] == piece.name].intersection(old.sources.index)
    return _with_sources(mixed, old, list(own), ["reliability"])


def _put_source(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    return _with_sources(mixed, old, [piece.name], [name for name in mixed.sources if name != "reliability"])


def _with_sources(mixed: Dossier, old: Dossier, names: list[str], columns: list[str]) -> Dossier:
    """Cells of sources as the old dossier has them, and with them what their rows have from their source."""
    sources = mixed.sources.copy()
    sources.loc[names, columns] = old.sources.loc[names, columns]
    table, records = mixed.observations.copy(), dict(mixed.evidence.records)
    for taken in set(columns) & set(_OF_SOURCE):
        mine = table.index[table["source_id"].isin(names)]
        table.loc[mine, taken] = table.loc[mine, "source_id"].map(old.sources[taken])
        for name in mine:
            value = table.at[name, taken]
            records[name] = replace(records[name], **{taken: value.date() if taken == "knowable" else value})
    return replace(mixed, sources=sources, observations=table, evidence=Evidence(records))


# -- claims -----------------------------------------------------------------------------------------------------------


def _parts(old: Dossier, new: Dossier) -> Iterator[Piece]:
    """Claims that came or went, claims split otherwise, parts of another form."""
    before, now = ({claim.claim_id: claim for claim in one.claims} for one in (old, new))
    for name in dict.fromkeys([*before, *now]):
        touched = frozenset([name])
        if name not in before or name not in now:
            yield Piece("claim", name, "gone" if name in before else "added", claims=touched)
            continue
        a, b = ({part.part_id: part for part in one.parts} for one in (before[name], now[name]))
        if list(a) != list(b):
            yield Piece("split of", name, "changed", claims=touched)
            continue
        for part in a:
            if a[part] != b[part]:
                keys = [
                    item.name for item in fields(a[part]) if getattr(a[part], item.name) != getattr(b[part], item.name)
                ]
                yield Piece("part", part, f"changed ({', '.join(keys)})", claims=touched)


def _put_claim(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    """A claim as it was: out where it was added, back where it is gone or was split otherwise."""
    was = {claim.claim_id: claim for claim in old.claims}.get(piece.name)
    rest = [was if was and claim.claim_id == piece.name else claim for claim in mixed.claims]
    if was is None:
        rest = [claim for claim in rest if claim.claim_id != piece.name]
    elif was not in rest:
        rest.append(was)
    return replace(mixed, claims=tuple(rest))


def _put_part(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    was = old.part(piece.name)

    def mended(claim: Claim) -> Claim:
        return replace(claim, parts=tuple(was if part.part_id == was.part_id else part for part in claim.parts))

    return replace(mixed, claims=tuple(mended(claim) for claim in mixed.claims))


# -- origins, series, method, tables ----------------------------------------------------------------------------------


def _put_origin(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    rest = mixed.origins.drop(index=piece.name, errors="ignore")
    if piece.name in old.origins.index:
        return replace(mixed, origins=pd.concat([rest, old.origins.loc[[piece.name]]]))
    used = any(row.origin == piece.name for row in mixed.evidence.records.values())
    return mixed if used else replace(mixed, origins=rest)  # a row without its origin could not be heard


def _put_series(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    series = {name: one for name, one in mixed.series.items() if name != piece.name}
    return replace(mixed, series=series | {name: one for name, one in old.series.items() if name == piece.name})


def _put_number(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    value = dict(_leaves(old.method)).get(piece.path, _MISSING)
    return replace(mixed, method=_set(mixed.method, piece.path, value))


def _put_table(mixed: Dossier, old: Dossier, piece: Piece) -> Dossier:
    return replace(mixed, **{piece.name: getattr(old, piece.name)})


_PUT = {
    "row": _put_row, "letter of": _put_letter, "source": _put_source, "claim": _put_claim, "split of": _put_claim,
    "part": _put_part, "origin": _put_origin, "series": _put_series, "method number": _put_number, "table": _put_table,
    "days of": _put_table,
}  # fmt: skip


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The numbers of a method, each with the way to it; reasons are no numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        items = [
            (item.name, getattr(value, item.name)) for item in fields(value) if item.name not in ("reasons", "sweep")
        ]
    elif isinstance(value, Mapping):
        items = [(key, item) for key, item in value.items() if key != "why"]
    else:
        yield path, value
        return
    for key, item in items:
        yield from _leaves(item, (*path, key))


def _set(value: Any, path: tuple[Any, ...], leaf: Any) -> Any:
    first, *rest = path
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{first: _set(getattr(value, first), tuple(rest), leaf) if rest else leaf})
    inner = _set(value.get(first, {}), tuple(rest), leaf) if rest else leaf
    kept = {key: item for key, item in value.items() if key != first}
    return kept if inner is _MISSING else {**kept, first: inner}


def _name(key: Any) -> str:
    return str(key.value) if isinstance(key, Enum) else str(key)


def _shown(value: Any) -> str:
    return "none" if value is _MISSING else f"{value:g}" if isinstance(value, float) else str(value)[:60]


def _how(a: Any, b: Any, same: Any) -> str:
    if a is None or b is None:
        return "added" if a is None else "gone"
    return "" if same(a, b) else "changed"


def _same_series(a: Any, b: Any) -> bool:
    return bool(a.frame.equals(b.frame)) and (a.vintage, a.units) == (b.vintage, b.units)


def _equal(old: Dossier, new: Dossier, name: str) -> bool:
    return bool(getattr(old, name).equals(getattr(new, name)))


def _frame(a: pd.DataFrame, b: pd.DataFrame) -> Iterator[tuple[str, str]]:
    before, now = ({name: tuple(row) for name, row in zip(one.index, one.to_numpy(), strict=True)} for one in (a, b))
    for name in dict.fromkeys([*before, *now]):
        if before.get(name) != now.get(name):
            yield str(name), "added" if name not in before else "gone" if name not in now else "changed"
