"""Dossiers broken in every way a file can be: the small one of the tests, and one cut from the project's real tables."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from claimaudit.dossier import datapackage
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import usual_text
from claimaudit.errors import ClaimAuditError, DossierError
from claimaudit.publish.site import Site, site_files
from claimaudit.verdict.audit import audit
from samples import DATA, write_dossier

NASTY = (
    "", " ", "0", "-1", "1e400", "1e308", "1e-320", "-1e30", "nan", "inf", "١٢", "２０２３-01-01", "0000-00-00", "0001-01-01",
    "9999-12-31", "2023", "2023-13", "2023-02-30", "<script>", "../../outside", "/etc/passwd", "a/b", "..", "=1+1", "\x00",
    "\x1b[31m", "a\nb", 'a"b', "a;b", ";", "*", "a*", "**", "[", "\ufeff", "\u202e", "é", "x" * 200, "x" * 20_000, "true", "E01",
    "M01", "voice", "flag", "F", "6", "1,5", "+5", "5.", ".5", "0x10", "1_000", "1e5", "00012",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    "", "x", "../x", "\x00", "é" * 300, "x" * 20_000, 0, 1, -1, 10**40, 0.0, 0.5, -0.5, 1e308, 1e-320, float("inf"),
    float("nan"), True, False, date(2023, 3, 14), date(1, 1, 1), date(9999, 12, 31),
    datetime.fromisoformat("2023-03-14T12:00"), time(12), [], [[]], [1], ["x"], [{}], {}, {"x": 1}, {"x": {}},
    [[[[[[[[1]]]]]]]], ["*"], "*", "E01", "2023-03-14",
)  # fmt: skip
"""A value of every type, and of every odd size of it."""


def real(folder: Path) -> Path:
    """A sound dossier of a few claims of the project's own, without their models: all kinds of file are in it."""
    keep = ("M05", "M06", "M09", "E05", "E20")
    folder.mkdir(parents=True)
    for name in ("article.toml", "units.csv", "method.toml"):
        shutil.copy(DATA / name, folder / name)
    claims = tomllib.loads((DATA / "claims.toml").read_text(encoding="utf-8"))["claims"]
    claims = [claim | {"topic": "first", "related": []} for claim in claims if claim["id"] in keep]
    for claim in claims:
        claim["parts"] = [item for item in claim["parts"] if item["test"] != "model"]
        for item in claim["parts"]:
            if item["role"] == "context":
                item["role"] = "core"  # whatever was core may be gone with the models
                item.pop("misleads", "")
                item.pop("also", "")
    (folder / "claims.toml").write_text(toml({"claims": claims}), encoding="utf-8")
    method = tomllib.loads(usual_text()) | tomllib.loads((DATA / "method.toml").read_text(encoding="utf-8"))
    method["topics"] = {
        "first": method["topics"]["space"],
        "second": {"promises": method["topics"]["synthesis"]["promises"]},
    }
    (folder / "method.toml").write_text(toml(method), encoding="utf-8")
    whole = Dossier.load()
    tested = [whole.part(item["id"]) for claim in claims for item in claim["parts"]]
    ids = {
        row.observation_id
        for part in tested
        for selector in part.evidence
        for row in whole.evidence.matching(selector)[:4]
    }
    used = [whole.observation(name) for name in sorted(ids)]
    for path in sorted((DATA / "observations").glob("*.csv")):
        rows(path, folder / "observations" / path.name, lambda row: row["observation_id"] in ids)
    series = tomllib.loads((DATA / "series.toml").read_text(encoding="utf-8"))
    series = {name: entry for name, entry in series.items() if name in ("usd-irr-monthly", "arms-transfers")}
    (folder / "series.toml").write_text(toml(series), encoding="utf-8")
    sources = {row.source_id for row in used}
    for name in series:
        path = DATA / "series" / f"{name}.csv"
        rows(
            path, folder / "series" / path.name, lambda row: int(row["month" if "month" in row else "year"][:4]) > 2022
        )
        with path.open(encoding="utf-8", newline="") as file:
            sources |= {row["source_id"] for row in csv.DictReader(file)}
    sources |= {first for first in whole.sources.loc[sorted(sources), "copy_of"] if first}
    rows(DATA / "sources.csv", folder / "sources.csv", lambda row: row["source_id"] in sources)
    rows(DATA / "measures.csv", folder / "measures.csv", lambda row: row["measure"] in {item.measure for item in used})
    origins = {row.origin for row in used}
    origins |= {whole.independent(origin) for origin in origins}
    shutil.copy(DATA / "publishers.csv", folder / "publishers.csv")
    rows(DATA / "origins.csv", folder / "origins.csv", lambda row: row["origin"] in origins)
    first = used[0]
    table = next(
        path for path in (folder / "observations").glob("*.csv") if f"\n{first.observation_id}," in path.read_text()
    )
    corrected = {
        "file": f"observations/{table.name}",
        "id": first.observation_id,
        "column": "note",
        "expect": first.note,
    }
    corrected |= {"value": "As corrected", "reason": "Shown"}
    (folder / "corrections.toml").write_text(toml({"corrections": [corrected]}), encoding="utf-8")
    context = {
        "claim": next(name for name in first.claims if name in keep),
        "ids": [first.observation_id],
        "reason": "Shown",
    }
    (folder / "context.toml").write_text(toml({"context": [context]}), encoding="utf-8")
    names = [path.stem for path in sorted((folder / "observations").glob("*.csv"))]
    (folder / "topics.toml").write_text(
        toml({"first": {"observations": names, "series": list(series)}}), encoding="utf-8"
    )
    return folder


def small(folder: Path) -> Path:
    """The dossier of the other tests with a series, a correction, rows without weight and a list of topics."""
    write_dossier(folder)
    write = {
        "series.toml": toml({"catches": {
            "title": "Fish landed", "row": "year", "key": ["year"], "period": "year", "vintage": "native", "lag_days": 3,
            "vintage_reason": "Printed at once", "numbers": {"landed": "crate"},
        }}),
        "series/catches.csv": "year,landed,source_id\n2021,5,customs-2022\n2022,,customs-2022\n",
        "corrections.toml": toml({"corrections": [{
            "file": "observations/harbour.csv", "id": "fig.gazette", "column": "value", "expect": "140", "value": "104",
            "reason": "Digits swapped",
        }]}),
        "context.toml": toml({"context": [{"claim": "E01", "ids": ["fig.n*"], "reason": "No count"}]}),
        "topics.toml": toml({
            "figs": {"observations": ["harbour"], "series": ["catches"]}, "ferries": {"observations": ["harbour"], "series": []}
        }),
        "responses.toml": toml({"responses": [
            {"who": "the author"},
            {"who": "the publisher", "asked": date(2024, 5, 2), "answered": date(2024, 5, 3), "answer": "No comment"},
        ]}),
        "terms.toml": toml({
            "dossier": {"name": "CC-BY-4.0", "title": "Attribution", "path": "https://example.org/by"},
            "terms": [{
                "of": "Yearbook", "name": "other-nc", "title": "without profit", "credit": "Customs house", "note": "Sums are ours",
                "sources": ["customs-*"],
            }],
        }),
        "sentences.csv": (
            "paragraph,number,digest,claims,reason\n1,1,0123456789abcdef,,heading: of the whole\n2,1,123456789abcdef0,E01,\n"
            "3,1,23456789abcdef01,M01,claim to come: M02\n3,2,3456789abcdef012,,repeats M01\n"
        ),
        "README.md": "# Figs\n",
    }  # fmt: skip
    for name, text in write.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows(source: Path, target: Path, wanted: Callable[[dict], bool]) -> None:
    """Copy the rows of a table that are wanted."""
    with source.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if wanted(row)]
    if not found:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


# -- TOML as text -----------------------------------------------------------------------------------------------------


def toml(table: Mapping[str, Any]) -> str:
    """A TOML file of these tables: lists of tables with a heading each, all else in a line."""
    lines = []
    for key, value in table.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            for item in value:
                lines += [
                    f"[[{json.dumps(key)}]]",
                    *(f"{json.dumps(name)} = {inline(part)}" for name, part in item.items()),
                ]
        elif isinstance(value, dict):
            lines += [f"[{json.dumps(key)}]", *(f"{json.dumps(name)} = {inline(part)}" for name, part in value.items())]
        else:
            lines.insert(0, f"{json.dumps(key)} = {inline(value)}")
    return "\n".join(lines) + "\n"


def inline(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, date | time) else repr(value)


def places(value: Any, way: tuple = ()) -> Iterator[tuple]:
    """The way to every value of a TOML file, at any depth."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*way, key)
        yield from places(item, (*way, key))


# -- breaking ---------------------------------------------------------------------------------------------------------


def broken_toml(draw: Callable, text: str) -> str:
    """One value replaced, taken out, or put under another name."""
    data = deepcopy(tomllib.loads(text))
    ways = list(places(data))
    if not ways:
        return text
    way = draw(st.sampled_from(ways))
    holder = data
    for key in way[:-1]:
        holder = holder[key]
    action = draw(st.sampled_from(["replace", "replace", "replace", "drop", "rename", "double"]))
    if action == "replace":
        holder[way[-1]] = draw(st.sampled_from(VALUES))
    elif action == "drop":
        del holder[way[-1]]
    elif isinstance(holder, list):
        holder.append(holder[way[-1]])
    else:
        holder[draw(st.sampled_from(["x", "", "id", "../x", "a b", "from", "range", "rows", "why"]))] = holder[way[-1]]
    return toml(data)


def broken_csv(draw: Callable, text: str) -> str:
    """A cell, a heading, a column or a row changed, doubled or dropped."""
    table = list(csv.reader(text.splitlines(keepends=True)))
    if len(table) < 2 or not table[0]:  # it was broken before
        return text
    column, other = (draw(st.integers(0, len(table[0]) - 1)) for _ in range(2))
    row = draw(st.integers(1, len(table) - 1))
    action = draw(
        st.sampled_from(["cell", "cell", "cell", "heading", "double", "drop", "row", "gone", "swap", "short", "copy"])
    )
    if action == "cell":
        table[row][column] = draw(st.sampled_from(NASTY))
    elif action == "copy":
        table[row][column] = table[row][other]
    elif action == "heading":
        table[0][column] = draw(st.sampled_from([*NASTY, table[0][other], "knowable"]))
    elif action == "double":
        for line in table:
            line.append(line[column])
    elif action == "drop":
        for line in table:
            del line[column]
    elif action == "row":
        table.append(table[row])
    elif action == "gone":
        del table[row]
    elif action == "swap":
        table[row][column], table[row][other] = table[row][other], table[row][column]
    else:
        table[row] = table[row][:column]
    out = []
    for line in table:
        cells = (
            '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\n\r') else cell for cell in line
        )
        out.append(",".join(cells))
    return "\n".join(out) + "\n"


def broken_bytes(draw: Callable, raw: bytes) -> bytes:
    """Bytes flipped, cut off, put in; lines doubled, dropped or ended otherwise."""
    action = draw(st.sampled_from(["flip", "cut", "insert", "lines", "ends", "bom", "none"]))
    at = draw(st.integers(0, max(0, len(raw) - 1)))
    if action == "flip" and raw:
        return raw[:at] + bytes([draw(st.integers(0, 255))]) + raw[at + 1 :]
    if action == "cut":
        return raw[:at]
    if action == "insert":
        junk = draw(
            st.sampled_from(
                [b"\x00", b"\r", b"\xff", b"\xc2\x85", b"\n", b'"', b",", b"[", b"x = 1\n", b"\xef\xbb\xbf"]
            )
        )
        return raw[:at] + junk + raw[at:]
    if action == "lines":
        lines = raw.splitlines(keepends=True)
        number = draw(st.integers(0, max(0, len(lines) - 1)))
        return b"".join(
            lines[:number] + lines[number : number + 1] * draw(st.sampled_from([0, 2])) + lines[number + 1 :]
        )
    if action == "ends":
        return raw.replace(b"\n", draw(st.sampled_from([b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xe2\x80\xa8"])))
    return b"\xef\xbb\xbf" + raw if action == "bom" else b""


def break_place(draw: Callable, folder: Path, path: Path) -> None:
    """Something else stands in a file's place, or beside it."""
    kind = draw(st.sampled_from(["folder", "loop", "pipe", "out", "device", "nothing", "gone", "inside", "beside"]))
    if kind == "beside":
        name = draw(st.sampled_from(["a b.csv", "é.csv", ".hidden.csv", "UP.CSV", "new.csv", "x\ny.csv"]))
        (path.parent / name).write_text("a,b\n1,2\n")
        return
    path.unlink()
    targets = {
        "loop": path,
        "out": folder.parent / "outside.csv",
        "device": Path("/dev/zero"),
        "nothing": Path("nowhere"),
    }
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "inside":
        path.symlink_to(draw(st.sampled_from(sorted(item for item in folder.rglob("*") if item.is_file()))))
    elif kind in targets:
        path.symlink_to(targets[kind])


def break_one(draw: Callable, folder: Path) -> None:
    """Break one file of a dossier in one way."""
    path = draw(st.sampled_from(sorted(item for item in folder.rglob("*") if item.is_file() and not item.is_symlink())))
    how = draw(st.sampled_from(["form", "form", "form", "form", "bytes", "bytes", "place"]))
    if how == "place":
        break_place(draw, folder, path)
        return
    raw = path.read_bytes()
    try:
        if how == "form" and path.suffix == ".toml":
            path.write_bytes(broken_toml(draw, raw.decode()).encode())
            return
        if how == "form" and path.suffix == ".csv":
            path.write_bytes(broken_csv(draw, raw.decode()).encode())
            return
    except (ValueError, csv.Error, IndexError, UnicodeError):  # it was broken before
        pass
    path.write_bytes(broken_bytes(draw, raw))


# -- the outcome ------------------------------------------------------------------------------------------------------


def outcome(folder: Path) -> str:
    """``refused`` with faults in words, or ``accepted``: then everything that is made of it is made; else it raises."""
    try:
        dossier = Dossier.load(folder)
    except DossierError as error:
        refused = error
    else:
        refused = None
    if refused:
        assert refused.faults
        for fault in refused.faults:
            assert fault.file
            assert fault.problem
            assert fault.remedy
            assert str(fault).isprintable()
        return "refused"
    audits = {}
    for topic in dict.fromkeys(claim.topic for claim in dossier.claims):
        assert Dossier.load(folder, topic=topic).topic(topic)
        with suppress(ClaimAuditError):
            audits[topic] = audit(dossier, topic)
            assert dict(audits[topic].flips)
    for found in audits.values():
        assert all(0 < verdict.probability < 1 for verdict in found.verdicts)
    assert json.loads(datapackage.render(dossier))["resources"]
    assert site_files(Site(dossier, audits, ()))["index.html"]
    return "accepted"
