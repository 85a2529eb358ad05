"""Dossiers from strangers: nothing outside the folder is read or published, and every fault of form is told with its place.

Each case breaks a small sound dossier (or the project's own) in one way; ``test_fuzz.py`` breaks it in thousands.
"""

# ruff: noqa: E501
from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from broken_dossiers import small
from claimaudit.cli import main
from claimaudit.dossier import datapackage, files, forms, tables
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError, Fault, ModelError
from claimaudit.model import PartialDate, Vintage
from claimaudit.publish import archive
from claimaudit.verdict.audit import audit
from samples import DATA

TABLES = ("sources.csv", "measures.csv", "units.csv", "origins.csv", "observations/harbour.csv", "series/catches.csv")
LISTS = ("article.toml", "claims.toml", "method.toml", "series.toml", "corrections.toml", "context.toml", "topics.toml")


@pytest.fixture
def folder(tmp_path):
    """A sound dossier with a file of every kind, and a file outside it."""
    (tmp_path / "outside.csv").write_text("secret\n")
    return small(tmp_path / "data")


def faults(folder: Path) -> list[str]:
    """The faults of a dossier, a line each."""
    with pytest.raises(DossierError) as caught:
        Dossier.load(folder)
    return list(map(str, caught.value.faults))


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_dossier_to_break_is_sound(folder):
    dossier = Dossier.load(folder)

    assert len(dossier.observations) == 6
    assert len(dossier.series) == len(dossier.corrections) == len(dossier.context) == 1
    assert audit(dossier, "figs").verdict("E01", Vintage.HINDSIGHT)


# -- nothing outside the folder ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TABLES, *LISTS, "README.md"])
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("folder", "it is a folder, no file"),
        ("loop", "it cannot be reached"),
        ("pipe", "it is a named pipe, no file"),
        ("socket", "it is a socket, no file"),
        ("out", "it is a link that leads out of the folder"),
        ("device", "it is a link that leads out of the folder"),
        ("nowhere", "it is a link to nothing"),
    ],
)
def test_what_is_no_file_of_the_folder_is_refused(folder, name, kind, told, monkeypatch):
    """By one fault of the file itself, and none that follows from it."""
    path = folder / name
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        monkeypatch.chdir(path.parent)  # the name of a socket must be short
        with socket.socket(socket.AF_UNIX) as own:
            own.bind(path.name)
    else:
        targets = {"loop": path, "out": folder.parent / "outside.csv", "device": Path("/dev/zero")}
        path.symlink_to(targets.get(kind, Path("nowhere")))

    (only,) = faults(folder)

    assert only.startswith(f"{name}: {told}")


def test_a_folder_of_tables_that_leads_out_is_refused(folder):
    shutil.move(folder / "observations", folder.parent / "elsewhere")
    (folder / "observations").symlink_to(folder.parent / "elsewhere")

    assert faults(folder) == [
        "observations: it is a link that leads out of the folder; put the file itself there",
    ]


def test_a_link_within_the_folder_is_followed(folder):
    (folder / "observations/harbour.csv").rename(folder / "rows.csv")
    (folder / "observations/harbour.csv").symlink_to("../rows.csv")

    assert len(Dossier.load(folder).observations) == 6


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/hosts", "a/b", "..", ".", "", ".hidden", "a\\\\b", "a b", "x" * 200]
)
def test_names_that_lead_elsewhere_are_refused(folder, name):
    """In series.toml and topics.toml, which name tables; corrections.toml names only tables that were read."""
    listing = (folder / "series.toml").read_text().replace('["catches"]', f'["{name}"]')
    (folder / "series.toml").write_text(listing)
    assert [line for line in faults(folder) if line.startswith("series.toml:") and "is no name of a table" in line]
    shutil.rmtree(folder)
    small(folder)
    change(folder, "topics.toml", '["harbour"]', f'["{name}"]')
    assert [line for line in faults(folder) if line.startswith("topics.toml:")]
    shutil.rmtree(folder)
    small(folder)
    change(folder, "corrections.toml", '"observations/harbour.csv"', f'"{name}"')
    assert [line for line in faults(folder) if line.startswith("corrections.toml:")]


@pytest.mark.parametrize("name", ["a b.csv", "é.csv", ".harbour.csv", "MORE.CSV", "x\ny.csv"])
def test_tables_of_odd_names_are_refused(folder, name):
    (folder / "observations" / name).write_text("a\n1\n")

    assert [
        line for line in faults(folder) if "the name is not of the form of a table's" in line and line.isprintable()
    ]


def test_the_archive_holds_plain_files_of_the_folder_only(folder):
    """What was put in a file's place after loading is not followed either."""
    dossier = Dossier.load(folder)
    with zipfile.ZipFile(io.BytesIO(archive.package(dossier))) as made:
        names = made.namelist()
    assert "README.md" in names
    assert all(files.NAME.fullmatch(part) for name in names for part in name.split("/"))

    for name in ("README.md", "observations/harbour.csv"):
        (folder / name).unlink()
        (folder / name).symlink_to(folder.parent / "outside.csv")
        with pytest.raises(DossierError, match="leads out of the folder"):
            archive.package(dossier)


def test_a_link_in_place_of_the_descriptor_is_not_followed(folder):
    dossier = Dossier.load(folder)
    (folder / datapackage.FILE).symlink_to(folder.parent / "outside.csv")

    with pytest.raises(DossierError, match=r"datapackage\.json: it is a link that leads out"):
        datapackage.is_stale(dossier)
    datapackage.write(dossier)
    assert (folder.parent / "outside.csv").read_text() == "secret\n"


# -- sizes ------------------------------------------------------------------------------------------------------------


def test_sizes_are_limited(folder, monkeypatch):
    """A file, all tables together, rows, a cell, a text, columns."""
    with (folder / "sources.csv").open("r+b") as file:
        file.truncate(files.MOST_BYTES + 1)
    assert faults(folder)[0] == "sources.csv: it is larger than 64 MB; split it, or leave rows out"
    monkeypatch.setattr(files, "MOST_IN_ALL", 10)
    assert "its tables hold" in faults(folder)[0]
    monkeypatch.undo()
    small(folder)
    monkeypatch.setattr(tables, "MOST_ROWS", 4)
    assert faults(folder)[0].startswith("observations/harbour.csv:6: the table has more than 4 rows; split it")
    monkeypatch.undo()
    change(folder, "sources.csv", "Yearbook", "Yearbook" * 2000)
    assert faults(folder) == ["sources.csv:2: title: the cell holds more than 10,000 characters; shorten it"]
    small(folder)
    change(folder, "article.toml", "A. Writer", "A. Writer" * 2000)
    assert "author: it is longer than 10,000 characters" in faults(folder)[0]
    small(folder)
    change(folder, "units.csv", "unit,", "," * 300 + "unit,")
    assert "units.csv:1: the header has more than 200 columns" in faults(folder)[0]


# -- form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_column_that_stands_twice_is_a_fault(folder, name):
    """With cells of its own in every row, and in the header alone."""
    whole = (folder / name).read_text().splitlines()
    first = whole[0].split(",")[0]
    for doubled in (
        [f"{line},{line.split(',')[0]}" for line in whole],
        [f"{whole[0]},{first}", *whole[1:]],
    ):
        (folder / name).write_text("\n".join(doubled) + "\n")
        assert faults(folder) == [f"{name}:1: {first}: the column stands twice; take one of the two out"]


@pytest.mark.parametrize("name", TABLES)
def test_a_column_without_a_name_is_a_fault(folder, name):
    whole = (folder / name).read_text().splitlines()
    (folder / name).write_text("\n".join(f"{line}," for line in whole) + "\n")

    assert [line for line in faults(folder) if line.startswith(f"{name}:1: column ") and "has no name" in line]


CELLS = {
    "id with markup": ("observations/harbour.csv", "ferry.rumour,", "<script>,", ":7: observation_id: '<script>' is not of the form of an id"),
    "id of a formula": ("origins.csv", "audit,voice", "=cmd|calc!A1,voice", "origins.csv:4: origin: '=cmd|calc!A1' is not of the form"),
    "id with a space": ("sources.csv", "audit-2024,", "audit 2024,", "sources.csv:4: source_id: 'audit 2024' is not of the form"),
    "id of full-width letters": ("measures.csv", "ferry_armed,", "ｆerry_armed,", "measures.csv:4: measure: "),
    "unit with a semicolon": ("units.csv", "flag,flag", "fl;ag,flag", "units.csv:3: unit: 'fl;ag' is not of the form of a unit"),
    "Arabic digits": ("observations/harbour.csv", ",140,", ",١٤٠,", ":3: value: '١٤٠' is not a number"),
    "full-width digits": ("observations/harbour.csv", ",95,90,100,", ",95,９０,100,", ":2: low: '９０' is not a number"),
    "date in Arabic digits": ("observations/harbour.csv", "2022-01-01,2022-12-31,140", "٢٠٢٢-01-01,2022-12-31,140", ":3: start: "),
    "published in full-width digits": ("sources.csv", "2023-02-01", "２０２３-02-01", "sources.csv:2: published: "),
    "period of a series in Arabic digits": ("series/catches.csv", "2021,", "٢٠٢١,", "series/catches.csv:2: year: "),
    "number with a space": ("observations/harbour.csv", ",140,", ", 140,", ":3: value: ' 140' is not a number"),
    "number with an underscore": ("observations/harbour.csv", ",140,", ",1_40,", ":3: value: '1_40' is not a number"),
    "number that overflows": ("observations/harbour.csv", ",140,", ",1e400,", ":3: value: '1e400' is not a finite number"),
    "number too large to reckon with": ("observations/harbour.csv", ",140,", ",1e300,", ":3: value: 1e300 is out of range"),
    "number that vanishes": ("observations/harbour.csv", ",140,", ",1e-400,", ":3: value: 1e-400 is out of range"),
    "number of a series": ("series/catches.csv", ",5,", ",inf,", "series/catches.csv:2: landed: 'inf' is not a finite number"),
    "kind with a space": ("origins.csv", "audit,voice", "audit, voice", "origins.csv:4: kind: unknown kind ' voice'"),
    "factor 0": ("units.csv", "crates,1,", "crates,0,", "units.csv:2: factor: 0 is not above 0"),
    "factor below 0": ("units.csv", "crates,1,", "crates,-1,", "units.csv:2: factor: -1 is not above 0"),
    "factor too large": ("units.csv", "crates,1,", "crates,1e31,", "units.csv:2: factor: 1e31 is out of range"),
    "NUL": ("sources.csv", "Yearbook", "Year\x00book", r"sources.csv:2: it holds the control character '\x00'"),
    "escape sequence": ("observations/harbour.csv", "A gun", "A \x1b[31mgun", r"harbour.csv:6: it holds the control character '\x1b'"),
    "line ends of carriage returns": ("units.csv", "factor,meaning\n", "factor,meaning\r", "units.csv:1: it holds a lone carriage return"),
    "series column of the loader's own": ("series/catches.csv", "year,landed,source_id\n2021,5,customs-2022\n2022,,customs-2022\n", "year,landed,source_id,knowable\n2021,5,customs-2022,x\n", "knowable: the name is taken"),
    "series column with markup": ("series/catches.csv", "year,", "<b>,", "series/catches.csv:1: <b>: '<b>' is no name of a column"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), CELLS.values(), ids=CELLS)
def test_cells_have_their_form(folder, name, old, new, told):
    raw = (folder / name).read_bytes()
    assert old.encode() in raw
    (folder / name).write_bytes(raw.replace(old.encode(), new.encode(), 1))

    assert told in faults(folder)[0]


VALUES = {
    "a time where a day is due": ("article.toml", "2023-03-14", "2023-03-14T12:00:00", "article.toml:4: published: 2023-03-14 12:00:00 is not a day"),
    "a day as text": ("article.toml", "2023-03-14", '"2023-03-14"', "article.toml:4: published: '2023-03-14' is not a day"),
    "published after compiled": ("article.toml", "2023-03-14", "2025-01-01", "article.toml:4: published: it was published (2025-01-01) after"),
    "an address that is code": ("article.toml", "https://example.org/figs", "javascript:alert(1)", "article.toml:5: url: 'javascript:alert(1)' is no web address"),
    "a language that is none": ("article.toml", '"en"', '"../x"', "article.toml:6: language: '../x' is not of the form it must have"),
    "a blank text": ("article.toml", '"A. Writer"', '" "', "article.toml:2: author: the text is blank"),
    "a control character by its number": ("article.toml", "A. Writer", "A. \\u0000", r"author: it holds the control character '\x00'"),
    "a number for a text": ("claims.toml", '"the author"', "3", "claims.toml:6: E01: speaker: 3 is not a text"),
    "a text for a flag": ("claims.toml", 'unit = "crate"', 'unread = "yes"\n  unit = "crate"', "claims.toml:19: E01.number: unread: 'yes' is not true or false"),
    "a flag for a number": ("claims.toml", "value = 100", "value = true", "claims.toml:20: E01.number: value: true is not a number"),
    "infinity": ("claims.toml", "tolerance = 0.2", "tolerance = inf", "claims.toml:21: E01.number: tolerance: inf is out of range"),
    "an overflow": ("claims.toml", "tolerance = 0.2", "tolerance = 0.2\n  width = 1e400", "claims.toml:22: E01.number: width: inf is out of range"),
    "a number of many digits": ("claims.toml", "value = 100", f"value = 1{'0' * 400}", "E01.number: value: a number of many digits is out of range"),
    "a number for a list": ("claims.toml", '[{ measure = "figs_sold" }]', "3", "E01.number: evidence: 3 is no list"),
    "a text for a table": ("claims.toml", '[{ measure = "figs_sold" }]', '["figs_sold"]', "E01.number: evidence.1: 'figs_sold' is no table"),
    "a number deep in a selector": ("claims.toml", '"figs_sold"', '["figs_sold", 3]', "E01.number: evidence.1.measure.2: 3 is not a text"),
    "a time in a selector": ("claims.toml", '"figs_sold"', '"figs_sold", start = 2023-01-01T00:00:00', "evidence.1.start: 2023-01-01 00:00:00 is not a day"),
    "a selector that ends first": ("claims.toml", '"figs_sold"', '"figs_sold", start = 2023-01-01, end = 2022-01-01', "E01.number: evidence.1.end: it ends before it starts"),
    "an empty list of names": ("claims.toml", '"figs_sold"', "[]", "evidence.1.measure: it has 0 entries"),
    "from after to": ("claims.toml", 'test = "event"', 'test = "date"\n  why_core = "x"\n  from = 2023-02-01\n  to = 2023-01-01', "M01.armed: from: from 2023-02-01 is above to 2023-01-01"),
    "low above high": ("claims.toml", 'test = "about"', 'test = "between"\n  low = 3\n  high = 2', "E01.number: low: low 3 is above high 2"),
    "a claim that nothing decides": ("claims.toml", 'role = "core"\n  test = "event"', 'role = "detail"\n  why_detail = "x"\n  test = "event"', "M01: parts: the claim has no core part"),
    "a paragraph below 1": ("claims.toml", "paragraph = 2", "paragraph = 0", "E01: paragraph: 0 is out of range"),
    "an id with markup": ("claims.toml", '"M01.armed"', '"M01.<b>"', "id: 'M01.<b>' is not of the form of an id"),
    "a topic that is a path": ("claims.toml", '"ferries"', '"../ferries"', "M01: topic: '../ferries' is not of the form of an id"),
    "an unknown unit without evidence": ("claims.toml", 'test = "event"', 'test = "event"\n  unit = "crat"', "M01.armed: unit: unknown unit 'crat'; did you mean 'crate'?"),
    "claims as a table": ("claims.toml", None, "[claims]\nid = 3\n", "claims.toml:1: claims: it is no list; write each entry under [[claims]]"),
    "claims of texts": ("claims.toml", None, 'claims = ["x"]\n', "claims.toml:1: entry 1: 'x' is no table"),
    "corrections: a number to expect": ("corrections.toml", '"140"', "140", "fig.gazette: expect: 140 is not a text"),
    "corrections: a text for a flag": ("corrections.toml", '"expect"', '"drop" = "yes"\n"expect"', "fig.gazette: drop: 'yes' is not true or false"),
    "corrections: a text": ("corrections.toml", None, 'corrections = "x"\n', "corrections.toml:1: corrections: it is no list; write each entry under [[corrections]]"),
    "context: a text for a list": ("context.toml", '["fig.n*"]', '"fig.n*"', "entry 1: ids: 'fig.n*' is no list"),
    "context: numbers": ("context.toml", '["fig.n*"]', "[3]", "entry 1: ids.1: 3 is not a text"),
    "topics: a number": ("topics.toml", '["catches"]', "[1]", "topics.toml:3: figs.series.1: 1 is not a text"),
    "topics: no table": ("topics.toml", None, "figs = 3\n", "topics.toml:1: figs: 3 is no table"),
    "series: a text for a list": ("series.toml", '["year"]', '"year"', "series.toml:4: catches: key: 'year' is no list"),
    "series: no key": ("series.toml", '["year"]', "[]", "series.toml:4: catches: key: it has 0 entries"),
    "series: numbers as list": ("series.toml", '{"landed" = "crate"}', '["landed"]', "catches: numbers: a list is no table"),
    "series: a unit that is a number": ("series.toml", '"landed" = "crate"', '"landed" = 3', "catches: numbers.landed: 3 is not a text"),
    "series: a lag without end": ("series.toml", "= 3", "= 99999999999", "catches: lag_days: 99999999999 is out of range"),
    "series: a lag of a fraction": ("series.toml", "= 3", "= 0.5", "catches: lag_days: 0.5 is not a whole number"),
    "series: native without period": ("series.toml", '"period" = "year"', '"period" = ""', "catches: period: a native series counts from its period"),
    "series: no table": ("series.toml", None, "catches = 3\n", "series.toml:1: catches: 3 is no table"),
    "method: a list of tables": ("method.toml", "[pool]", "[[pool]]", "pool: a list is no table"),
    "method: a text": ("method.toml", "\nprior = 0.5", '\nprior = "even"', "pool.prior: 'even' is not a number"),
    "method: certain beforehand": ("method.toml", "\nprior = 0.5", "\nprior = 1.0", "pool.prior: 1.0 is out of range"),
    "method: no number": ("method.toml", "\nprior = 0.5", "\nprior = nan", "pool.prior: nan is out of range"),
    "method: a sweep of texts": ("method.toml", "prior = [0.35, 0.5, 0.65]", 'prior = ["x"]', "sweep.prior.1: 'x' is not a number"),
    "method: an empty sweep": ("method.toml", "prior = [0.35, 0.5, 0.65]", "prior = []", "sweep.prior: it has 0 entries"),
    "method: a range that falls": ("method.toml", "range = [0.5, 3.0, 6.0]", "range = [3.0, 0.5, 6.0]", "topics.munitions.light_kg.range: the range does not rise"),
    "method: a range of texts": ("method.toml", "range = [0.5, 3.0, 6.0]", 'range = ["a", "b"]', "light_kg.range.1: 'a' is not a number"),
    "method: an infinite assumption": ("method.toml", "range = [0.5, 3.0, 6.0]", "range = [0.5, 3.0, inf]", "light_kg.range.3: inf is out of range"),
    "nested without end": ("context.toml", None, f"x = {'[' * 5000}{']' * 5000}\n", "context.toml: it cannot be read as TOML (nested too deep)"),
    "digits without end": ("context.toml", None, f"x = {'1' * 5000}\n", "context.toml: it cannot be read as TOML"),
    "two keys of one name": ("article.toml", "title =", 'title = "x"\ntitle =', "article.toml:2: it is not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), VALUES.values(), ids=VALUES)
def test_values_of_toml_have_their_form(folder, name, old, new, told):
    if old is None:
        (folder / name).write_text(new)
    else:
        change(folder, name, old, new)

    assert told in faults(folder)[0]


@pytest.mark.parametrize("name", [*TABLES, *LISTS])
@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_file_is_one_fault(folder, name, text):
    (folder / name).write_text(text)

    (only,) = faults(folder)

    assert only.startswith(f"{name}: the {'table' if name.endswith('csv') else 'file'} is empty; ")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(folder, mark, end):
    """Spreadsheets write both."""
    before = Dossier.load(folder)
    for name in (*TABLES, *LISTS):
        (folder / name).write_bytes(mark + (folder / name).read_bytes().replace(b"\n", end))

    after = Dossier.load(folder)

    assert after.observations.equals(before.observations)
    assert after.claims == before.claims
    assert archive.package(after)


def test_ids_of_the_project_have_the_stated_form(project):
    ids = [
        *project.sources.index,
        *project.measures.index,
        *project.origins.index,
        *project.evidence.records,
        *project.series,
    ]
    for claim in project.claims:
        ids += [claim.claim_id, claim.topic, *(part.part_id for part in claim.parts)]

    assert [name for name in ids if not forms.ID.fullmatch(name)] == []
    assert [name for name in project.units.index if not forms.UNIT.fullmatch(name)] == []
    assert forms.ID.pattern in (DATA / "README.md").read_text(encoding="utf-8")
    assert forms.UNIT.pattern in (DATA / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["٢٠٢٣", "２０２３-03", "2023-０3-14", " 2023", "2023\n"])
def test_dates_have_ascii_digits_alone(text):
    with pytest.raises(ValueError, match="is not a date"):
        PartialDate.parse(text)


def test_a_conversion_that_leaves_the_range_is_a_fault(folder):
    change(folder, "units.csv", "crate,crates,1,", "crate,crates,1e-20,")
    with (folder / "units.csv").open("a") as file:
        file.write("heap,crates,1e20,a heap\n")
    change(folder, "observations/harbour.csv", "95,90,100,crate", "95,90,100,heap")

    assert "value: in 'crate' it is out of range; mend the value or the factor of 'heap'" in faults(folder)[0]


def test_fifty_independent_sources_on_one_side_do_not_overflow(folder):
    """The weights of evidence add up beyond what an exponential holds."""
    head, first, *rest = (folder / "observations/harbour.csv").read_text().splitlines()
    many = [
        first.replace("fig.customs", f"more.{n}").replace(",customs,", f",o{n},").replace("95,90,100", "900,890,910")
        for n in range(60)
    ]
    (folder / "observations/harbour.csv").write_text("\n".join([head, first, *rest, *many]) + "\n")
    with (folder / "origins.csv").open("a") as file:
        file.writelines(f"o{n},voice,,,,0,\n" for n in range(60))
    method = (folder / "method.toml").read_text().replace("dependence = 0.5", "dependence = 1.0")
    for grade, weight in (("A", "0.95"), ("1", "0.98")):
        method = method.replace(f"\n{grade} = {weight}", f"\n{grade} = 1.0")
    (folder / "method.toml").write_text(method)

    assert audit(Dossier.load(folder), "figs").verdict("E01.number").probability == pytest.approx(0.01)


def test_a_model_without_its_rows_says_so(folder):
    """A dossier of another text that names a model of the project's for its own topic."""
    names = (folder / "topics.toml").read_text()
    (folder / "topics.toml").write_text(f'{names}[models]\nferries = "russia-iran.aviation"\n')

    with pytest.raises(ModelError, match="the model of topic 'ferries' cannot judge this dossier"):
        audit(Dossier.load(folder), "ferries")


# -- order ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    """A copy of the project's own dossier."""
    return shutil.copytree(DATA, tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "lines", "column", "told"),
    [
        (
            "measures.csv",
            2,
            "measure",
            " entries name a measure that it does not list (first: observations/air-space-partnership.csv:",
        ),
        ("sources.csv", 2, "source_id", " entries name a source that it does not list"),
        ("origins.csv", 2, "origin", " entries name an origin that it does not list"),
        ("units.csv", 2, "", "entries name a unit that it does not list"),
        ("claims.toml", 60, "", "entries name a claim that it does not list"),
    ],
)
def test_a_table_cut_short_comes_first_and_once(own, project, name, lines, column, told):
    """Whoever refers to it is summed up in a line for each table, and nothing that follows is told.

    Of the tables that observations refer to, one row is left: every observation that names another is counted.
    """
    whole = (own / name).read_text(encoding="utf-8").splitlines(keepends=True)
    while name.endswith(".toml") and whole[lines - 1].strip():
        lines -= 1  # between two entries: one cut in two would have faults of its own
    (own / name).write_text("".join(whole[:lines]), encoding="utf-8")

    found = faults(own)

    assert len(found) <= 4
    assert found[0].startswith(f"{name}: ")
    if column:
        left = whole[1].partition(",")[0]
        told = f" {sum(project.observations[column] != left):,}{told}"
    assert told in found[0]
    assert {line.partition(":")[0] for line in found} == {name}


@pytest.mark.parametrize("name", ["observations/munitions.csv", "series/air-traffic.csv"])
def test_a_table_that_is_gone_is_named(own, name):
    (own / name).unlink()

    assert faults(own) == [f"{name}: the file is missing; restore it, or take it out of the list that names it"]


def test_corrections_at_fault_make_no_fault_in_the_tables(own):
    """One of them drops a row that would else stand twice."""
    change(own, "corrections.toml", 'expect = "1"', "expect = 1")

    (only,) = faults(own)

    assert only.startswith("corrections.toml:6: sazhin.interview.date: expect: 1 is not a text")


def test_one_name_missing_in_many_rows_is_one_fault(folder):
    change(folder, "sources.csv", "gazette-2023,", "gazete-2023,")

    assert faults(folder) == [
        "observations/harbour.csv:3: source_id: unknown source 'gazette-2023' (and in 2 more); did you mean 'gazete-2023'?"
    ]


def test_faults_come_in_the_order_of_causes():
    """Whatever their names: the article first, then what rows refer to, rows, claims, and what refers to those."""
    order = [
        "article.toml",
        "units.csv",
        "measures.csv",
        "origins.csv",
        "sources.csv",
        "observations/a.csv",
        "series.toml",
    ]
    order += ["series/a.csv", "claims.toml", "context.toml", "corrections.toml", "topics.toml", "method.toml"]
    error = DossierError(Fault(name, line, "", "x", "y") for name in reversed(order) for line in (9, 0))

    assert [fault.file for fault in error.faults[::2]] == order
    assert [fault.row for fault in error.faults[:2]] == [0, 9]


# -- what is printed --------------------------------------------------------------------------------------------------


def test_validate_prints_a_line_a_fault_into_a_pipe(folder):
    """Unfolded however long, and printable whatever stands in the dossier."""
    change(folder, "observations/harbour.csv", "ferry.rumour,", f"{'<b>' * 60},")
    change(folder, "sources.csv", "2023-03-02", "\u202e2023")
    change(folder, "units.csv", "unit,", '"a\nb",')
    done = subprocess.run(
        [sys.executable, "-m", "claimaudit", "validate", "--dossier", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "40"},
    )
    lines = done.stdout.splitlines()

    assert done.returncode == 2
    assert done.stderr == f"claimaudit: {len(lines)} faults in the dossier\n"
    assert all(line.isprintable() and "; " in line for line in lines)
    assert lines[0] == r"units.csv:1: a\nb: the column is not known; take it out, or let its name begin with x_"
    assert any(line.startswith("observations/harbour.csv:7: observation_id: '<b><b>") for line in lines)


def test_validate_shows_a_table_in_a_terminal(folder, monkeypatch):
    change(folder, "units.csv", "crates,1,", "crates,0,")
    piped = CliRunner().invoke(main, ["validate", "--dossier", str(folder)])
    assert piped.output.startswith(
        "units.csv:2: factor: 0 is not above 0; give the size in the dimension's base unit\n"
    )

    monkeypatch.setattr("claimaudit.command.asking.is_terminal", lambda: True)
    shown = CliRunner().invoke(main, ["validate", "--dossier", str(folder)])
    assert shown.exit_code == 2
    assert "what is wrong" in shown.output
