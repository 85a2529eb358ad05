"""A dossier's evidence as a sheet: one row an observation with all that is known of its source, origin, measure and unit."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.sheets import COLUMNS, kept
from claimaudit.dossier.tables import PASSED

_OWN = (
    "observation_id", "measure", "entity", "value", "low", "high", "step", "unit", "credibility", "said", "stake", "basis",
    "revises", "variant", "origin", "source_id", "note",
)  # fmt: skip
_SOURCE = (
    "title",
    "publisher",
    "url",
    "published",
    "kind",
    "language",
    "license",
    "departure",
    "copy_of",
    "seen",
    "archived",
)


def sheet_text(dossier: Dossier) -> str:
    """The sheet as CSV, which ``drafting.draft`` makes the same evidence of.

    Figures stand in their measures' units. What no row names (a source, an origin) is not in it, nor are claims.
    """
    parts = {
        name: getattr(dossier, name).to_dict("index")
        for name in ("sources", "publishers", "origins", "measures", "units")
    }
    table = dossier.observations.reset_index()
    passed = [column for column in table.columns if str(column).startswith(PASSED)]
    rows = []
    for record in table.to_dict("records"):
        source = parts["sources"][record["source_id"]]
        publisher, origin = parts["publishers"][source["publisher"]], parts["origins"][record["origin"]]
        measure, unit = parts["measures"][record["measure"]], parts["units"][record["unit"]]
        rows.append(
            {name: record[name] for name in (*_OWN, *passed)}
            | {name: source.get(name, "") for name in _SOURCE}
            | {
                "start": record["start"].date(), "end": record["end"].date(), "table": record["topic"],
                "source_reliability": source["reliability"] if source["departure"] else "",
                "publisher_name": publisher["name"], "reliability": publisher["reliability"], "reason": publisher["reason"],
                "origin_kind": origin["kind"], "depends_on": origin["depends_on"], "origin_publisher": origin["publisher"],
                "state": origin["state"], "unnamed": int(origin["unnamed"]), "origin_note": origin["note"],
                "meaning": measure["meaning"], "forward": int(measure["forward"]),
                "dimension": unit["dimension"], "factor": unit["factor"], "unit_meaning": unit["meaning"],
            }
        )  # fmt: skip
    columns = [name for name in COLUMNS if name != "claim"] + passed
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return kept(value) if isinstance(value, str) else str(value)
