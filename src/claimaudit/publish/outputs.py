"""Verdicts as data: one row each, the same columns in CSV and JSON, in an order that never depends on the run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from claimaudit import inert
from claimaudit.dossier.columns import verdict_fields
from claimaudit.model import Article
from claimaudit.verdict.table import COLUMNS, LISTS

SCHEMA = "claimaudit/verdicts"
SCHEMA_VERSION = 3
SCHEMA_FILE = "verdicts.schema.json"


def csv_text(rows: Sequence[dict[str, Any]], changed: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """The rows as CSV; a missing number is a blank, and no text is a formula to a spreadsheet.

    ``changed`` are parameters by claim that are not as usual: where there are any, a last column ``parameters`` tells each row's.
    """
    given = {
        claim: "; ".join(f"{name} = {value}" for name, value in own.items()) for claim, own in (changed or {}).items()
    }
    more = ["parameters"] if any(given.values()) else []
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, [*COLUMNS, *more], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        told = {**row, **{name: given.get(row["claim_id"], "") for name in more}}
        writer.writerow({name: _cell(name, value) for name, value in told.items()})
    return buffer.getvalue()


def json_text(
    rows: Sequence[dict[str, Any]],
    article: Article,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    schema: str = "",
) -> str:
    """The rows as JSON, with the article they judge, the parameters that were changed, and the version of this form.

    ``schema`` is where the schema's file lies, where that is not beside it.
    """
    about = {
        "title": article.title,
        "author": article.author,
        "publisher": article.publisher,
        "published": article.published.isoformat(),
        "url": article.url,
        "language": article.language,
        "compiled": article.compiled.isoformat(),
    }
    document = {
        "$schema": schema or SCHEMA_FILE,
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "article": about,
        "parameters": {topic: dict(values) for topic, values in (parameters or {}).items()},
        "verdicts": list(rows),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of ``verdicts.json``, made from the same fields that describe the table."""
    columns = {field["name"]: _column(field) for field in verdict_fields()}
    article = {name: {"type": "string"} for name in ("title", "author", "publisher", "url", "language")}
    article |= {
        "published": {"type": "string", "format": "date", "description": "the day of the first verdict"},
        "compiled": {"type": "string", "format": "date", "description": "the day the evidence was closed: hindsight"},
    }
    top = {
        "$schema": {"enum": [SCHEMA_FILE, f"../{SCHEMA_FILE}"]},
        "schema": {"const": SCHEMA},
        "schema_version": {"const": SCHEMA_VERSION, "description": "rises when a column changes its meaning or goes"},
        "article": _object(article, "the audited article"),
        "parameters": {
            "type": "object",
            "description": "parameters of a topic that were not left at their defaults, by topic; empty for an edition",
            "additionalProperties": {"type": "object"},
        },
        "verdicts": {"type": "array", "items": _object(columns, "one verdict at one date")},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:claimaudit:verdicts:{SCHEMA_VERSION}",
        "title": "Verdicts on the claims of one article",
        **_object(top, "every verdict on every claim and part, at each date"),
    }


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _object(properties: Mapping[str, Any], meaning: str) -> dict[str, Any]:
    about = {"type": "object", "description": meaning, "required": list(properties)}
    return {**about, "properties": dict(properties), "additionalProperties": False}


def _column(field: Mapping[str, Any]) -> dict[str, Any]:
    """A table field as a JSON Schema property; cells that may be blank are ``null`` (numbers) or empty (texts)."""
    limits, kind = field.get("constraints", {}), field["type"]
    needed = limits.get("required", False)
    shown: dict[str, Any] = {"description": field["description"]}
    if kind == "number":
        shown["type"] = "number" if needed else ["number", "null"]
        shown |= {name: limits[name] for name in ("minimum", "maximum") if name in limits}
    else:
        shown["type"] = "string"
        if kind == "date":
            shown["format"] = "date"
        if kind == "list":
            shown["description"] += f", joined by {field['delimiter']}"
        if "enum" in limits:
            shown["enum"] = [*limits["enum"], *([] if needed else [""])]
        elif needed:
            shown["minLength"] = 1
    return shown


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows as CSV."""
    path.write_text(csv_text(rows), encoding="utf-8", newline="")


def write_json(path: Path, rows: Sequence[dict[str, Any]], article: Article) -> None:
    """Write the rows as JSON."""
    path.write_text(json_text(rows, article), encoding="utf-8", newline="")


def _cell(name: str, value: Any) -> Any:
    if name in LISTS:  # where a semicolon parts cells, each item is one
        return ";".join(map(inert.cell, value.split(";")))
    return inert.cell(value)
