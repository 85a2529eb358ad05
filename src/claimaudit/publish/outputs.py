"""Verdicts as data: one row each, the same columns in CSV and JSON, in an order that never depends on the run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from claimaudit.model import Article, Verdict, Vintage

COLUMNS = (
    "claim_id", "element_id", "aspect", "vintage", "as_of", "label", "probability", "low", "high", "origins",
    "observations", "reason",
)  # fmt: skip
SCHEMA = "claimaudit/verdicts"
SCHEMA_VERSION = 1

_VINTAGES = (Vintage.AT_PUBLICATION, Vintage.AS_OF, Vintage.HINDSIGHT)


def verdict_rows(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """One row a verdict, sorted by claim, element (a claim's own row first) and as-of date.

    Probabilities are rounded to four digits; ``low`` and ``high`` are ``None`` where nothing was found; lists are
    joined by ``;``.
    """
    ordered = sorted(
        verdicts, key=lambda item: (item.claim_id, item.element_id, _VINTAGES.index(item.vintage), item.as_of)
    )
    return [
        {
            "claim_id": verdict.claim_id,
            "element_id": verdict.element_id,
            "aspect": verdict.aspect,
            "vintage": verdict.vintage.value,
            "as_of": verdict.as_of.isoformat(),
            "label": verdict.label.value,
            "probability": _rounded(verdict.probability),
            "low": _rounded(verdict.low),
            "high": _rounded(verdict.high),
            "origins": ";".join(verdict.origins),
            "observations": ";".join(verdict.observations),
            "reason": verdict.reason,
        }
        for verdict in ordered
    ]


def csv_text(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as CSV; a missing number is a blank."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def json_text(rows: Sequence[dict[str, Any]], article: Article) -> str:
    """The rows as JSON, with the article they judge and the version of this form."""
    about = {
        "title": article.title,
        "author": article.author,
        "publisher": article.publisher,
        "published": article.published.isoformat(),
        "url": article.url,
        "language": article.language,
        "compiled": article.compiled.isoformat(),
    }
    document = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, "article": about, "verdicts": list(rows)}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows as CSV."""
    path.write_text(csv_text(rows), encoding="utf-8", newline="")


def write_json(path: Path, rows: Sequence[dict[str, Any]], article: Article) -> None:
    """Write the rows as JSON."""
    path.write_text(json_text(rows, article), encoding="utf-8", newline="")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
