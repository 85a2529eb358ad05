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
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.evidence_tables import KEYS, SEEN, SOURCE_KINDS
from claimaudit.dossier.series import Series
from claimaudit.dossier.terms import Licence
from claimaudit.errors import BuildError, DossierError, Fault
from claimaudit.model import (
    ADMIRALTY_CREDIBILITY,
    ADMIRALTY_RELIABILITY,
    Basis,
    Label,
    OriginKind,
    Role,
    Stake,
    Vintage,
)
from claimaudit.rated import Badge, Confidence, Conflict

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
_PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"

Field = dict[str, Any]


def _field(name: str, meaning: str, kind: str = "string", **rest: Any) -> Field:
    """A field; keywords are constraints, except those of the field itself."""
    own = {key: rest.pop(key) for key in ("unit", "delimiter", "itemType") if key in rest}
    return {"name": name, "type": kind, "description": meaning} | own | ({"constraints": rest} if rest else {})


def _needed(name: str, meaning: str, kind: str = "string", **rest: Any) -> Field:
    return _field(name, meaning, kind, required=True, **rest)


def _key(table: str, column: str, own: str = "") -> dict[str, Any]:
    return {"fields": [own or column], "reference": {"resource": table, "fields": [column]}}


_FIELDS: dict[str, tuple[Field, ...]] = {
    "publishers.csv": (
        _needed("publisher", "id of the publisher", unique=True),
        _needed("name", "its name"),
        _needed("reliability", "Admiralty letter, A best, F cannot be judged", enum=[*ADMIRALTY_RELIABILITY]),
        _needed("reason", "why it has that letter"),
    ),
    "sources.csv": (
        _needed("source_id", "id of the source", unique=True),
        _needed("title", "title of the document or data set"),
        _needed("publisher", "who published it: an id of publishers.csv"),
        _field("url", "web address"),
        _needed("published", "day, month or year of publication", pattern=_PARTIAL_DATE),
        _needed("kind", "kind of source", enum=list(SOURCE_KINDS)),
        _field("language", "language, ISO 639-1"),
        _field("license", "terms the source states for itself"),
        _field("reliability", "Admiralty letter where it departs from its publisher's", enum=[*ADMIRALTY_RELIABILITY]),
        _field("departure", "why it departs"),
        _field("copy_of", "the source it reprints"),
        _needed("seen", "how much of it was read", enum=list(SEEN)),
    ),
    "measures.csv": (
        _needed("measure", "name of the measure", unique=True),
        _needed("unit", "unit its figures are compared in"),
        _needed("forward", "1: its period may lie ahead of its source (a plan or a forecast)", enum=["0", "1"]),
        _needed("meaning", "what is measured"),
    ),
    "units.csv": (
        _needed("unit", "name of the unit", unique=True),
        _needed("dimension", "what can be converted into each other"),
        _needed("factor", "size in the base unit of its dimension", "number", minimum=0),
        _needed("meaning", "what it is"),
    ),
    "origins.csv": (
        _needed("origin", "who first measured or said it", unique=True),
        _needed("kind", "whether it counts as an independent source", enum=[kind.value for kind in OriginKind]),
        _field("depends_on", "the origin it is known to repeat"),
        _field("publisher", "the publisher whose own reporting it is"),
        _field("state", "the state whose organ it is, ISO 3166-1 alpha-3", pattern="[A-Z]{3}"),
        _needed("unnamed", "1: one source that nobody names", enum=["0", "1"]),
        _field("note", "how it is known what it repeats"),
    ),
    "observations": (
        _needed("observation_id", "id of the row", unique=True),
        _needed("measure", "what is measured"),
        _needed("entity", "whose figure it is"),
        _needed("start", "first day of the period", "date"),
        _needed("end", "last day of the period", "date"),
        _needed("value", "the figure, in the row's unit; 1 and 0 for events and flags", "number"),
        _field("low", "lower end of the range the source gives, in the row's unit", "number"),
        _field("high", "upper end of the range the source gives, in the row's unit", "number"),
        _needed("unit", "unit of value, low and high"),
        _needed("credibility", "that it is so: Admiralty digit, 1 best, 6 cannot be judged", enum=[*ADMIRALTY_CREDIBILITY]),
        _field("said", "that it was said: Admiralty digit", enum=[*ADMIRALTY_CREDIBILITY]),
        _field("stake", "a party speaks in its own cause, or against its opponent", enum=[stake.value for stake in Stake if stake]),
        _field("step", "last printed digit, in the row's unit; 0: an exact count", "number", minimum=0),
        _needed("basis", "how the figure came about", enum=[basis.value for basis in Basis]),
        _field("variant", "which of several counts or readings"),
        _needed("origin", "where it was first measured or said"),
        _needed("source_id", "the source that gives it"),
        _needed("note", "what the row says, in words"),
    ),
    "sentences.csv": (
        _needed("paragraph", "paragraph of the text, from 1", "integer", minimum=1),
        _needed("number", "sentence in the paragraph, from 1", "integer", minimum=1),
        _needed("digest", "first 16 digits of the SHA-256 of the sentence, made plain", pattern="[0-9a-f]{16}"),
        _field("claims", "claim ids of claims.toml, with ; between", "list", delimiter=";", itemType="string"),
        _field("reason", "why it makes no claim, or what of it no claim covers"),
    ),
    "verdicts.csv": (
        _needed("claim_id", "claim of claims.toml"),
        _field("part_id", "part of the claim; empty on the claim's own row"),
        _field("role", "what the part is to its sentence; empty on the claim's own row", enum=[role.value for role in Role]),
        _needed("vintage", "which as-of date", enum=[vintage.value for vintage in Vintage]),
        _needed("as_of", "the day whose knowledge is used", "date"),
        _needed("label", "the strict label, of a claim as printed", enum=[label.value for label in Label]),
        _field("conflict", "why it is conflicting", enum=[conflict.value for conflict in Conflict]),
        _field("rating", "the claim's badge; empty on a part's row", enum=[badge.value for badge in Badge]),
        _field("rating_reason", "the reason in the badge"),
        _needed("probability", "that it holds, of a claim by its weakest part", "number", minimum=0, maximum=1),
        _field("low", "lowest probability without any one origin", "number", minimum=0, maximum=1),
        _field("high", "highest probability without any one origin", "number", minimum=0, maximum=1),
        _field("likelihood_low", "least likelihood of the claim's point, to 5 %", "number", minimum=0, maximum=1),
        _field("likelihood_high", "largest likelihood of the claim's point, to 5 %", "number", minimum=0, maximum=1),
        _field("confidence", "how good the deciding evidence is", enum=[level.value for level in Confidence]),
        _field("origins", "origins used, strongest first", "list", delimiter=";", itemType="string"),
        _field("observations", "observations used, strongest first", "list", delimiter=";", itemType="string"),
        _field("reason", "why, in a sentence"),
    ),
}  # fmt: skip
_FOREIGN: dict[str, tuple[dict[str, Any], ...]] = {
    "measures.csv": (_key("units", "unit"),),
    "sources.csv": (_key("publishers", "publisher"), _key("", "source_id", "copy_of")),
    "origins.csv": (_key("", "origin", "depends_on"), _key("publishers", "publisher")),
    "observations": tuple(
        _key(table, column)
        for table, column in (
            ("sources", "source_id"), ("measures", "measure"), ("origins", "origin"), ("units", "unit"),
        )
    ),
}  # fmt: skip
_TITLES = {
    "publishers.csv": "Publishers, with one letter each and its reason",
    "sources.csv": "Published documents and data sets cited",
    "measures.csv": "Controlled list of measures",
    "units.csv": "Controlled list of units with their conversions",
    "origins.csv": "Where observations were first measured or said",
    "sentences.csv": "Sentences of the article, with their claims or the reason why they have none",
    "verdicts.csv": "Accepted verdicts",
}
_PERIODS = {"year": "year", "month": "yearmonth"}


def verdict_fields() -> tuple[Field, ...]:
    """The columns of ``verdicts.csv`` with their meaning, type and limits."""
    return _FIELDS["verdicts.csv"]


def describe(dossier: Dossier) -> dict[str, Any]:
    """The descriptor of a dossier's tables, by Data Package v2 (https://datapackage.org/standard/data-package/).

    Raises ``DossierError`` when a table has gone or changed its form since the dossier was loaded.
    """
    article = dossier.article
    faults: list[Fault] = []
    observations = files.tables(dossier.path, "observations", faults)
    if faults or observations is None:
        raise DossierError(faults)
    names = sorted(_TITLES) + [f"observations/{name}" for name in observations]
    tables = [_table(dossier.path, name) | _apart(dossier, name) for name in names if files.exists(dossier.path, name)]
    return {
        "$schema": PROFILE,
        "name": "claimaudit-dossier",
        "title": f"Evidence on the claims of “{article.title}”",
        "description": _DESCRIPTION,
        "created": f"{article.compiled}T00:00:00Z",
        **({"licenses": [_licence(offered)]} if (offered := dossier.terms.licence) else {}),
        "contributors": [
            {"title": article.author, "organization": article.publisher, "roles": ["author of the article"]}
        ],
        "sources": [{"title": article.title, "path": article.url}],
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


def _table(folder: Path, file: str) -> dict[str, Any]:
    """One of the tables every dossier has; its fields in the file's own order."""
    kind = file.partition("/")[0]
    by_name = {field["name"]: field for field in _FIELDS[kind]}
    header = _header(folder, file)
    if len(set(header)) < len(header) or not set(header) <= set(by_name):
        problem = "the header is not the one of this table"
        raise DossierError([Fault(file, 1, "", problem, f"use the columns {', '.join(by_name)}, each once")])
    schema: dict[str, Any] = {"fields": [by_name[name] for name in header]}
    if kind != "verdicts.csv":  # there a claim's own row has no part
        schema["primaryKey"] = [KEYS[kind]] if kind in KEYS else ["paragraph", "number"]
    if kind in _FOREIGN:
        schema["foreignKeys"] = list(_FOREIGN[kind])
    topic = file.removeprefix("observations/").removesuffix(".csv").replace("-", " ")
    return _resource(folder, file, _TITLES.get(kind, f"Observations on {topic}"), schema)


def _series(dossier: Dossier, series: Series) -> dict[str, Any]:
    """A regular table: its units, period and key from ``series.toml``, its sources with their own terms."""
    file = f"series/{series.name}.csv"
    fields = [_series_field(name, series) for name in _header(dossier.path, file)]
    schema = {
        "fields": fields,
        "primaryKey": list(series.key),
        "foreignKeys": [_key("sources", "source_id")],
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
        return _field(name, f"in {series.units[name]}", "number", unit=series.units[name])
    if name == series.period:
        return _needed(name, "the period of the row", _PERIODS.get(name, "string"))
    meaning = {"source_id": "the source that gives it", "flag": "marks rows to treat with care"}.get(name)
    text = name.replace("_", " ")
    return _needed(name, meaning or text) if name in series.key else _field(name, meaning or text)


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
