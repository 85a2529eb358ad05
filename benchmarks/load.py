"""How long a dossier takes to load as it grows: the project's own, and several copies of it in one folder.

A copy has claims, sources, origins, measures, observations, series, corrections and context of its own, under names of its
own, so that ten copies are ten times the work of one. Each is loaded in this process, whole, the first time not counted::

    python benchmarks/load.py                # one and ten copies, medians of five
    python benchmarks/load.py 1 3 10 30
    python benchmarks/load.py --rows         # the claims once, only their rows, sources and origins more often
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from claimaudit.dossier import toml_files
from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier

_IDS = {
    "observation_id": ".",
    "measure": "_",
    "origin": "-",
    "depends_on": "-",
    "source_id": "-",
    "publisher": "-",
    "copy_of": "-",
}
"""Columns whose names a copy changes, with what stands between its mark and the name."""
_NAMED = ("models", "notebooks")
"""The tables of ``topics.toml`` that name something for each topic."""


def write_copies(folder: Path, times: int) -> None:
    """Write the project's dossier ``times`` over into a folder."""
    for name in ("article.toml", "method.toml", "units.csv"):
        (folder / name).write_bytes((DEFAULT_DOSSIER / name).read_bytes())
    for path in (*DEFAULT_DOSSIER.glob("*.csv"), *(DEFAULT_DOSSIER / "observations").glob("*.csv")):
        if path.name not in ("units.csv", "sentences.csv"):  # the text has its sentences once
            copies = [_rows(path, mark) for mark in range(times)]
            _write_table(folder / path.relative_to(DEFAULT_DOSSIER), [row for rows in copies for row in rows])
    described = {}
    for name, entry in _toml("series.toml").items():
        for mark in range(times):
            described[_marked(name, mark, "-")] = entry
            rows = _rows(DEFAULT_DOSSIER / "series" / f"{name}.csv", mark)
            _write_table(folder / "series" / f"{_marked(name, mark, '-')}.csv", rows)
    kept = _toml("topics.toml")
    listed = {
        name: {_marked(topic, mark): of for topic, of in kept.pop(name).items() for mark in range(times)}
        for name in _NAMED
    }
    for topic, entry in kept.items():
        for mark in range(times):
            own = {"series": [_marked(name, mark, "-") for name in entry["series"]]} if "series" in entry else {}
            listed[_marked(topic, mark)] = entry | own
    write = {"series.toml": described, "topics.toml": listed}
    for name, change in (("claims", _claim), ("corrections", _correction), ("context", _context)):
        entries = _toml(f"{name}.toml")[name]
        write[f"{name}.toml"] = {name: [change(entry, mark) for mark in range(times) for entry in entries]}
    for name, table in write.items():
        (folder / name).write_text(
            "\n".join(f"{json.dumps(key)} = {_inline(item)}" for key, item in table.items()) + "\n"
        )


def write_rows(folder: Path, times: int) -> None:
    """Write the project's dossier with its observations, their sources and their origins ``times`` over."""
    shutil.copytree(DEFAULT_DOSSIER, folder, dirs_exist_ok=True)
    dropped = {entry["id"] for entry in _toml("corrections.toml")["corrections"] if entry.get("drop")}
    grown = [DEFAULT_DOSSIER / f"{name}.csv" for name in ("publishers", "sources", "origins")]
    for path in (*grown, *(DEFAULT_DOSSIER / "observations").glob("*.csv")):
        rows = _rows(path, 0)
        for mark in range(1, times):
            rows += [
                copy | ({"measure": row["measure"]} if "measure" in row else {})
                for copy, row in zip(_rows(path, mark), _rows(path, 0), strict=True)
                if row.get("observation_id") not in dropped
            ]
        _write_table(folder / path.relative_to(DEFAULT_DOSSIER), rows)


def seconds(folder: Path, repeat: int) -> float:
    """The median of the processor's seconds that loading a folder takes."""
    Dossier.load(folder)
    found = []
    for _ in range(repeat):
        toml_files.forget()  # each load parses its lists anew
        start = time.process_time()
        Dossier.load(folder)
        found.append(time.process_time() - start)
    return statistics.median(found)


def _marked(name: str, mark: int, between: str = "") -> str:
    return f"c{mark}{between}{name}" if mark else name


def _rows(path: Path, mark: int) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {name: _marked(row[name], mark, sign) for name, sign in _IDS.items() if row.get(name)}
    return rows


def _claim_id(name: str, mark: int) -> str:
    return f"{name[0]}{mark}{name[1:]}" if mark else name


def _claim(entry: Mapping[str, Any], mark: int) -> dict[str, Any]:
    parts = [
        part
        | {"id": _claim_id(part["id"], mark)}
        | ({"evidence": [_selector(item, mark) for item in part["evidence"]]} if "evidence" in part else {})
        for part in entry["parts"]
    ]
    own = {"id": _claim_id(entry["id"], mark), "topic": _marked(entry["topic"], mark), "parts": parts}
    related = [_selector(item, mark) for item in entry.get("related", [])]
    return dict(entry) | own | ({"related": related} if related else {})


def _selector(part: Mapping[str, Any], mark: int) -> dict[str, Any]:
    signs = {"ids": ".", "measure": "_", "origin": "-"}

    def changed(value: str | list[str], sign: str) -> str | list[str]:
        return _marked(value, mark, sign) if isinstance(value, str) else [_marked(item, mark, sign) for item in value]

    return dict(part) | {name: changed(part[name], sign) for name, sign in signs.items() if name in part}


def _correction(entry: Mapping[str, Any], mark: int) -> dict[str, Any]:
    column = entry.get("column", "")
    sign_of_id = "." if entry["file"].startswith("observations") else "-"
    cells = {name: entry[name] for name in ("expect", "value") if entry.get(name)}
    if column in _IDS:
        cells = {name: _marked(text, mark, _IDS[column]) for name, text in cells.items()}
    return dict(entry) | cells | {"id": _marked(entry["id"], mark, sign_of_id)}


def _context(entry: Mapping[str, Any], mark: int) -> dict[str, Any]:
    own = {"claim": _claim_id(entry["claim"], mark), "ids": [_marked(name, mark, ".") for name in entry["ids"]]}
    return dict(entry) | own


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DEFAULT_DOSSIER / name).read_text(encoding="utf-8"))


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def _write_table(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(show: Callable[[str], None] = print) -> None:
    """Print a table of copies, rows and seconds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("copies", type=int, nargs="*", default=[1, 10])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--rows", action="store_true", help="more rows for the same claims, instead of whole copies")
    asked = parser.parse_args()
    show("| copies | observations | processor seconds | times the first |")
    show("|---|---|---|---|")
    first = 0.0
    for times in asked.copies:
        with tempfile.TemporaryDirectory() as place:
            (write_rows if asked.rows else write_copies)(Path(place), times)
            took = seconds(Path(place), asked.repeat)
            rows = len(Dossier.load(place).observations)
        first = first or took
        show(f"| {times} | {rows:,} | {took:.2f} | {took / first:.1f} |")


if __name__ == "__main__":
    main()
