"""A dossier drafted from a sheet: tables of sources, publishers, origins, measures and units, and claims still to be written.

Nothing is decided that is a judgement. What the sheet does not grade is graded "cannot be judged" and weighs nothing, claims have
no test yet, and all of that is listed for whoever goes on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claimaudit import formats
from claimaudit.dossier.drafted_texts import article_text, claims_text, csv_text, toml_text
from claimaudit.dossier.evidence_tables import COLUMNS, KEYS, SOURCE_KINDS
from claimaudit.dossier.forms import ID, UNIT
from claimaudit.dossier.sheets import Sheet
from claimaudit.dossier.tables import PASSED
from claimaudit.errors import DossierError, Fault
from claimaudit.model import PartialDate

UNGRADED_LETTER, UNGRADED_DIGIT = "F", "6"
"""Cannot be judged: weighs nothing until somebody grades it."""
_UNGRADED = "To do: grade it; the sheet gives no letter"
_LISTED = 12
_OF_SOURCE = ("url", "published", "kind", "language", "license", "departure", "copy_of", "seen", "archived")


@dataclass(frozen=True)
class Draft:
    """The texts of a drafted dossier by file, and what a person must decide, a sentence each."""

    texts: Mapping[str, str]
    decisions: tuple[str, ...]


@dataclass
class _Table:
    """A table in the making: its rows by key, each with the line of the sheet it was first named on."""

    name: str
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, cells: Mapping[str, str], line: int, sheet: str, faults: list[Fault]) -> None:
        """A row more, or what a later line says of one that is there: a blank is filled, another text is a fault."""
        own = self.rows.setdefault(key, {})
        first = self.lines.setdefault(key, line)
        for column, text in cells.items():
            if text and own.get(column) and own[column] != text:
                problem = f"{key!r} has {text!r} here and {own[column]!r} on line {first}"
                faults.append(Fault(sheet, line, column, problem, "give it the same on every line, or once"))
            elif text or column not in own:
                own[column] = text


def draft(sheet: Sheet, today: date, title: str = "") -> Draft:
    """The dossier of a sheet's rows, closed ``today``.

    Raises ``DossierError`` where lines of the sheet contradict each other.
    """
    faults: list[Fault] = []
    tables = {
        name: _Table(name) for name in ("publishers.csv", "sources.csv", "origins.csv", "measures.csv", "units.csv")
    }
    rows: dict[str, list[dict[str, str]]] = {}
    names = _Names()
    claims: dict[str, list[str]] = {}
    houses = _houses(sheet, names)
    taken: set[str] = {row["observation_id"] for _, row in sheet.rows if row.get("observation_id")}
    for line, row in sheet.rows:
        cell = _reader(row)
        found = _row(sheet.name, line, cell, tables, names, houses, faults)
        found["observation_id"] = cell("observation_id") or _free(f"{found['measure']}.{len(taken) + 1}", taken)
        taken.add(found["observation_id"])
        found |= {column: text for column, text in row.items() if column.startswith(PASSED)}
        rows.setdefault(names.id("table", cell("table") or _stem(sheet.name)), []).append(found)
        measures = claims.setdefault(cell("claim") or f"\0{found['measure']}", [])
        measures += [found["measure"]] * (found["measure"] not in measures)
    if faults:
        raise DossierError(faults)
    spoken = {measure for words, own in claims.items() if not words.startswith("\0") for measure in own}
    claims = {words: own for words, own in claims.items() if not (words.startswith("\0") and spoken.issuperset(own))}
    decisions = _decisions(tables, rows, sheet)
    _settle(tables)
    kinds = sorted({row["kind"] for row in tables["sources.csv"].rows.values()} - set(SOURCE_KINDS))
    texts = {
        "article.toml": article_text(today, title),
        "claims.toml": claims_text(claims, {name: row["meaning"] for name, row in tables["measures.csv"].rows.items()}),
        **{name: csv_text(name, table.rows.values()) for name, table in tables.items()},
        **{f"observations/{name}.csv": csv_text("observations", own) for name, own in rows.items()},
    }
    if kinds:
        texts["words.toml"] = "[source_kinds]\n" + "".join(f"{toml_text(kind)} = false\n" for kind in kinds)
        decisions.append(
            f"words.toml: kinds of source beside the usual ones ({', '.join(kinds)}): say true where such a source is its "
            "maker's own record."
        )
    texts["TODO.md"] = _todo(sheet, decisions)
    return Draft(texts, tuple(decisions))


# -- a row of the sheet --------------------------------------------------------------------------------------------------


@dataclass
class _Names:
    """Ids made of words: the same words have one id, others another."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def id(self, kind: str, words: str, between: str = "-") -> str:
        """The id of some words; words that are an id already stay as they are."""
        key = kind, _folded(words)
        if key not in self.known:
            form = UNIT if kind == "unit" else ID
            wanted = words if form.fullmatch(words) else slug(words, between)
            self.known[key] = _free(wanted, {name for (other, _), name in self.known.items() if other == kind})
        return self.known[key]


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _houses(sheet: Sheet, names: _Names) -> dict[str, str]:
    """The sheet's publishers by their names in words: an origin of that name is the publisher itself, not another voice."""
    found: dict[str, str] = {}
    for _, row in sheet.rows:
        publisher = names.id("publisher", row["publisher"])
        for words in (row["publisher"], row.get("publisher_name", "")):
            if words and not ID.fullmatch(words):
                found.setdefault(_folded(words), publisher)
    return found


def slug(words: str, between: str = "-") -> str:
    """An id that reads like the words: plain letters and digits, at most 60."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", between, plain).strip("-_")[:60].strip("-_") or "unnamed"


def _free(name: str, taken: Iterable[str]) -> str:
    known = set(taken)
    number, found = 1, name
    while found in known:
        number += 1
        found = f"{name}.{number}"
    return found


def _stem(name: str) -> str:
    return slug(name.rpartition(".")[0])


def _reader(row: Mapping[str, str]) -> Callable[[str], str]:
    return lambda column: row.get(column, "")


def _row(
    sheet: str,
    line: int,
    cell: Callable[[str], str],
    tables: Mapping[str, _Table],
    names: _Names,
    houses: Mapping[str, str],
    faults: list[Fault],
) -> dict[str, str]:
    """A row of observations; what it says of its source, publisher, origin, measure and unit goes to their tables."""

    def add(table: str, key: str, **cells: str) -> None:
        tables[table].add(key, {KEYS[table]: key, **cells}, line, sheet, faults)

    publisher = names.id("publisher", cell("publisher"))
    add(
        "publishers.csv", publisher, name=cell("publisher_name") or _known(tables["publishers.csv"], publisher, cell),
        reliability=cell("reliability"), reason=cell("reason"),
    )  # fmt: skip
    told = f"{cell('publisher')} {cell('published')}"
    titled = "\0".join((cell("title"), cell("publisher"), cell("published")))
    source = cell("source_id") or names.known.get(("source", titled.casefold()), "")
    if not source:
        source = names.known["source", titled.casefold()] = _free(slug(told), tables["sources.csv"].rows)
    add(
        "sources.csv", source, title=cell("title"), publisher=publisher, reliability=cell("source_reliability"),
        **{name: cell(name) for name in _OF_SOURCE},
    )  # fmt: skip
    own = houses.get(_folded(cell("origin")), "") if cell("origin") else publisher
    origin = names.id("origin", own or cell("origin"))
    add(
        "origins.csv", origin, kind=cell("origin_kind"), depends_on=cell("depends_on"), publisher=cell("origin_publisher") or own,
        state=cell("state"), unnamed=cell("unnamed"), note=cell("origin_note"),
    )  # fmt: skip
    unit = names.id("unit", cell("unit") or "number")
    add("units.csv", unit, dimension=cell("dimension"), factor=cell("factor"), meaning=cell("unit_meaning"))
    measure = names.id("measure", cell("measure"), "_")
    own_measure = tables["measures.csv"].rows.get(measure)
    if own_measure and own_measure["unit"] != unit and not cell("dimension"):
        first = tables["measures.csv"].lines[measure]
        problem = f"{measure!r} is in {unit!r} here and in {own_measure['unit']!r} on line {first}"
        faults.append(
            Fault(
                sheet, line, "unit", problem, "convert it, or give both units' size in the columns dimension and factor"
            )
        )
    given = cell("meaning") or ("" if ID.fullmatch(cell("measure")) else cell("measure"))
    add(
        "measures.csv",
        measure,
        unit=own_measure["unit"] if own_measure else unit,
        forward=cell("forward"),
        meaning=given,
    )
    start, end = _period(cell("start"), cell("end"))
    return {
        "measure": measure, "entity": cell("entity") or "all", "start": start, "end": end,
        "value": cell("value"), "low": cell("low"), "high": cell("high"), "unit": unit,
        "credibility": cell("credibility") or UNGRADED_DIGIT, "said": cell("said"), "stake": cell("stake"), "step": cell("step"),
        "basis": cell("basis") or "reported", "variant": cell("variant"), "origin": origin,
        "revises": cell("revises"), "source_id": source,
        "note": cell("note") or f"As {cell('publisher_name') or cell('publisher')} has it.",
    }  # fmt: skip


def _known(table: _Table, key: str, cell: Callable[[str], str]) -> str:
    """The name a publisher has already, however it is spelt here; else as it is spelt here."""
    return table.rows.get(key, {}).get("name", "") or cell("publisher")


def _period(start: str, end: str) -> tuple[str, str]:
    """First and last day of what may be given as a month or a year; what is no date stays, and is told by its own check."""
    try:
        first = PartialDate.parse(start)
        last = PartialDate.parse(end) if end else first
    except ValueError:
        return start, end or start
    return first.first.isoformat(), last.last.isoformat()


def _settle(tables: Mapping[str, _Table]) -> None:
    """What a table needs and the sheet does not say; none of it makes a row weigh."""
    for row in tables["publishers.csv"].rows.values():
        row["reason"] = row["reason"] or ("As the sheet has it." if row["reliability"] else _UNGRADED)
        row["reliability"] = row["reliability"] or UNGRADED_LETTER
    sources = tables["sources.csv"].rows
    for row in sources.values():
        for column, usual in (("kind", "press"), ("language", "en"), ("seen", "excerpt")):
            row[column] = row[column] or usual
        row["copy_of"] = row["copy_of"] if row["copy_of"] in sources else ""
    origins = tables["origins.csv"].rows
    for name in [row["depends_on"] for row in origins.values() if row["depends_on"]]:
        origins.setdefault(name, dict.fromkeys(COLUMNS["origins.csv"], "") | {"origin": name})
    for row in origins.values():
        row["kind"] = row["kind"] or "voice"
        row["unnamed"] = row["unnamed"] or "0"
        row["note"] = row["note"] or ("As the sheet has it." if row["depends_on"] else "")
    for name, row in tables["measures.csv"].rows.items():
        row["forward"] = row["forward"] or "0"
        row["meaning"] = row["meaning"] or formats.words(name)
    for name, row in tables["units.csv"].rows.items():
        row["dimension"] = row["dimension"] or name
        row["factor"] = row["factor"] or "1"
        row["meaning"] = row["meaning"] or name


# -- what is left to a person --------------------------------------------------------------------------------------------


def _decisions(
    tables: Mapping[str, _Table], rows: Mapping[str, Sequence[Mapping[str, str]]], sheet: Sheet
) -> list[str]:
    """What the sheet leaves open, a sentence each; asked before the gaps are filled."""
    every = [row for own in rows.values() for row in own]
    letters = [row["name"] for row in tables["publishers.csv"].rows.values() if not row["reliability"]]
    digits = [row["observation_id"] for row in every if row["credibility"] == UNGRADED_DIGIT]
    sources = tables["sources.csv"].rows
    kinds = [name for name, row in sources.items() if not row["kind"]]
    lost = [
        f"{name} ({row['copy_of']})"
        for name, row in sources.items()
        if row["copy_of"] and row["copy_of"] not in sources
    ]
    alone = [name for name, row in tables["origins.csv"].rows.items() if not row["depends_on"]]
    bare = not any("unit" in row for _, row in sheet.rows)
    told = [
        "article.toml: say which text is audited: title, author, publisher, the day it was published, address.",
        "claims.toml: for each claim the text's words, what it says, its parts with role and test; drafted claims test nothing.",
    ]
    for items, words in (
        (letters, "publishers.csv: grade {} A to F, with the reason; until then what they publish weighs nothing: {}."),
        (digits, "observations: grade {} 1 to 6; until then they weigh nothing: {}."),
        (
            kinds,
            "sources.csv: {} are called press for want of a kind, and read as excerpts where that is not said: {}.",
        ),
        (lost, "sources.csv: {} reprint a source that the sheet does not hold; add it and fill copy_of: {}."),
    ):
        if items:
            told.append(words.format(len(items), _few(items)))
    if len(alone) > 1:
        told.append(
            f"origins.csv: {len(alone)} origins count as independent of each other; where one repeats another (an agency's text, "
            f"one study, one spokesman) name that in depends_on: {_few(alone)}."
        )
    if bare:
        told.append("units.csv: the sheet names no unit; every figure is a plain number.")
    return told


def _few(items: Sequence[str]) -> str:
    more = f" and {len(items) - _LISTED} more" if len(items) > _LISTED else ""
    return f"{', '.join(items[:_LISTED])}{more}"


def _todo(sheet: Sheet, decisions: Sequence[str]) -> str:
    lines = [
        "# To do", "", sheet.told, "", "Grade before you look at a verdict. What a person must decide:", "",
        *(f"- [ ] {decision}" for decision in decisions), "",
        "`claimaudit validate` shows every fault, `claimaudit build` makes the reports; `claimaudit new DIR` without a sheet",
        "writes a commented example.", "",
    ]  # fmt: skip
    return "\n".join(lines)
