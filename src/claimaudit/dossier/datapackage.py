"""``data/datapackage.json``: the dossier's tables described by Data Package v2, generated and checked.

Each CSV file is a resource with its size, sha256, number of rows, and a schema: types, constraints, units, keys between
tables. Anyone can read the data with it, and ``frictionless validate data/datapackage.json`` checks it without this
package. Same tables, same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from claimaudit.dossier import files
from claimaudit.dossier.columns import FIELDS, FOREIGN, TITLES, Field, column, key, needed
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.evidence_tables import KEYS, SOURCE_KINDS
from claimaudit.dossier.series import Series
from claimaudit.dossier.tables import PASSED
from claimaudit.dossier.terms import Licence
from claimaudit.errors import BuildError, DossierError, Fault

FILE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DESCRIPTION = (
    "Claims of one article and the evidence on them: facts compiled from cited sources, each row with its source. The "
    "licence of the package covers this compilation. It does not cover a resource that names licences of its own, nor among "
    "observations the rows of the sources such a resource names; terms.toml says more of them."
)
_ROWS_APART = (
    "Rows of the sources named here keep the terms of these, with the credit line given; all other rows fall under the "
    "licence of the package."
)
_PERIODS = {"year": "year", "month": "yearmonth"}


def describe(dossier: Dossier) -> dict[str, Any]:
    """The descriptor of a dossier's tables, by Data Package v2 (https://datapackage.org/standard/data-package/).

    Raises ``DossierError`` when a table has gone or changed its form since the dossier was loaded.
    """
    article = dossier.article
    faults: list[Fault] = []
    observations = files.tables(dossier.path, "observations", faults)
    if faults or observations is None:
        raise DossierError(faults)
    names = sorted(TITLES) + [f"observations/{name}" for name in observations]
    tables = [_table(dossier, name) | _apart(dossier, name) for name in names if files.exists(dossier.path, name)]
    return {
        "$schema": PROFILE,
        "name": "claimaudit-dossier",
        "title": f"Evidence on the claims of “{article.title}”",
        "description": _DESCRIPTION,
        "created": f"{article.compiled}T00:00:00Z",
        **({"licenses": [_licence(offered)]} if (offered := dossier.terms.licence) else {}),
        "contributors": [
            {
                "title": article.author or article.publisher,
                "organization": article.publisher,
                "roles": ["author of the article" if article.author else "publisher of the article"],
            }
        ],
        "sources": [{"title": article.title, **({"path": article.url} if article.url else {})}],
        "resources": tables + [_series(dossier, series) for _, series in sorted(dossier.series.items())],
    }


def _resource(folder: Path, file: str, title: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    raw = content(folder, file)
    return {
        "name": file.removesuffix(".csv").replace("/", "-"),
        "title": title,
        "path": file,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "rows": sum(1 for _ in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) - 1,
        "schema": {**schema, "missingValues": [""]},
    }


def content(folder: Path, name: str) -> bytes:
    """The bytes of a plain file of the dossier; ``DossierError`` when it is none, or stands outside."""
    try:
        return files.read(folder, name)
    except files.RefusedError as error:
        raise DossierError([error.fault]) from None


def _header(folder: Path, file: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(content(folder, file).decode("utf-8-sig"), newline="")), [])
    except (UnicodeDecodeError, csv.Error):
        raise DossierError([Fault(file, 1, "", "the header cannot be read", "save it as CSV in UTF-8")]) from None


def _table(dossier: Dossier, file: str) -> dict[str, Any]:
    """One of the tables every dossier has; its fields in the file's own order, with the dossier's own columns as texts."""
    folder, kind = dossier.path, file.partition("/")[0]
    header = _header(folder, file)
    by_name = {field["name"]: field for field in FIELDS[kind]}
    by_name |= {name: column(name, "the dossier's own, not checked") for name in header if name.startswith(PASSED)}
    if kind == "sources.csv" and dossier.words.source_kinds:
        kinds = [*SOURCE_KINDS, *(name for name in dossier.words.source_kinds if name not in SOURCE_KINDS)]
        by_name["kind"] = needed("kind", "kind of source", enum=kinds)
    if len(set(header)) < len(header) or not set(header) <= set(by_name):
        problem = "the header is not the one of this table"
        raise DossierError([Fault(file, 1, "", problem, f"use the columns {', '.join(by_name)}, each once")])
    schema: dict[str, Any] = {"fields": [by_name[name] for name in header]}
    if kind != "verdicts.csv":  # there a claim's own row has no part
        schema["primaryKey"] = [KEYS[kind]] if kind in KEYS else ["paragraph", "number"]
    if kind in FOREIGN:
        schema["foreignKeys"] = list(FOREIGN[kind])
    topic = file.removeprefix("observations/").removesuffix(".csv").replace("-", " ")
    return _resource(folder, file, TITLES.get(kind, f"Observations on {topic}"), schema)


def _series(dossier: Dossier, series: Series) -> dict[str, Any]:
    """A regular table: its units, period and key from ``series.toml``, its sources with their own terms."""
    file = f"series/{series.name}.csv"
    fields = [_series_field(name, series) for name in _header(dossier.path, file)]
    schema = {
        "fields": fields,
        "primaryKey": list(series.key),
        "foreignKeys": [key("sources", "source_id")],
    }
    used = sorted(series.frame["source_id"].unique())
    resource = _resource(dossier.path, file, series.title, schema)
    resource["description"] = f"A row is a {series.row}. Vintage: {series.vintage.value} ({series.vintage_reason})."
    kept = [_licence(terms.licence, terms.of) for terms in dossier.terms.among(used)]
    return resource | ({"licenses": kept} if kept else {}) | {"sources": _sources(dossier, used)}


# -- terms --------------------------------------------------------------------------------------------------------------


def _licence(licence: Licence, of: str = "") -> dict[str, str]:
    """A licence as Data Package has it; ``of`` says what it is the licence of, where that is not the whole."""
    own = {"name": licence.name, "title": f"{of}: {licence.title}" if of else licence.title, "path": licence.path}
    return {key: text for key, text in own.items() if text}


def _apart(dossier: Dossier, file: str) -> dict[str, Any]:
    """What a table of observations says of its rows that the dossier's licence does not cover; nothing where it has none."""
    folder, _, name = file.partition("/")
    rows = (dossier.whole or dossier).observations
    used = sorted(rows.loc[rows["topic"] == name.removesuffix(".csv"), "source_id"].unique()) if name else []
    kept = dossier.terms.among(used)
    if folder != "observations" or not kept:
        return {}
    licences = [_licence(terms.licence, f"rows of {terms.of}") for terms in kept]
    rest = [_licence(dossier.terms.licence, "all other rows")] if dossier.terms.licence else []
    sources = _sources(dossier, [name for name in used if dossier.terms.of(name)])
    return {"description": _ROWS_APART, "licenses": [*licences, *rest], "sources": sources}


def _sources(dossier: Dossier, used: Iterable[str]) -> list[dict[str, str]]:
    """Sources with the terms they state for themselves, and the line to credit them by."""
    found = []
    for name in used:
        row, terms = dossier.sources.loc[name], dossier.terms.of(name)
        source = {"title": f"{row['publisher_name']}: {row['title']}", "path": row["url"], "license": row["license"]}
        source["credit"] = terms.credit if terms else ""
        found.append({key: text for key, text in source.items() if text})
    return found


def _series_field(name: str, series: Series) -> Field:
    if name in series.units:
        return column(name, f"in {series.units[name]}", "number", unit=series.units[name])
    if name == series.period:
        return needed(name, "the period of the row", _PERIODS.get(name, "string"))
    meaning = {"source_id": "the source that gives it", "flag": "marks rows to treat with care"}.get(name)
    text = name.replace("_", " ")
    return needed(name, meaning or text) if name in series.key else column(name, meaning or text)


# -- the file ---------------------------------------------------------------------------------------------------------


def render(dossier: Dossier) -> str:
    """The descriptor as the text of its file; raises ``DossierError`` as ``describe`` does."""
    return json.dumps(describe(dossier), ensure_ascii=False, indent=2) + "\n"


def is_stale(dossier: Dossier) -> bool:
    """True when the file on disk is missing or is not what would be written now; ``DossierError`` as ``describe``."""
    return not files.exists(dossier.path, FILE) or content(dossier.path, FILE) != render(dossier).encode()


def write(dossier: Dossier) -> Path:
    """Write the descriptor beside the tables it describes, whole or not at all.

    Raises ``BuildError`` when it cannot be written, ``DossierError`` as ``describe`` does.
    """
    path = dossier.path / FILE
    unfinished = path.with_name(f".{FILE}.{os.getpid()}")
    text = render(dossier)
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as file:  # never through a link that waits there
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        raise BuildError(f"{FILE} cannot be written ({error.strerror}); check the dossier's folder") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return path
