"""A dossier begun: from the commented example, and from a sheet of one row an observation."""

from __future__ import annotations

import csv
import io
import sys
import types
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.cli import main
from claimaudit.dossier import placing
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.drafting import draft
from claimaudit.dossier.sheet_rows import sheet_text
from claimaudit.dossier.sheets import COLUMNS, REQUIRED, read_sheet
from claimaudit.errors import BuildError, DossierError
from claimaudit.model import Label
from claimaudit.verdict.audit import audit
from samples import DATA, OBSERVATIONS, write_dossier

TODAY = date(2024, 6, 1)
SHEET = """\
measure;value;unit;start;title;publisher;published;reliability;credibility
Crates of figs;1.234,5;crate;2022;Yearbook;Customs house;01.02.2023;A;1
Crates of figs;90,25;crate;2022;Figs and fables;The Gazette;2023-03;;
Ferries;3;ferry;2022-05;Figs and fables;The Gazette;2023-03;;3
"""


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def sheet(tmp_path, text=SHEET, name="figs.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def told(path, decimal=""):
    with pytest.raises(DossierError) as caught:
        read_sheet(path, decimal)
    return "\n".join(map(str, caught.value.faults))


# -- the example ------------------------------------------------------------------------------------------------------


def test_the_example_is_sound_short_and_commented(tmp_path):
    done = run("new", tmp_path / "audit")

    assert done.exit_code == 0, done.output
    made = Dossier.load(tmp_path / "audit")
    files = [path for path in (tmp_path / "audit").rglob("*") if path.is_file()]
    assert "no fault: 2 claims" in done.output
    assert len(files) <= 12
    assert sum(len(path.read_text().split()) for path in files) < 1200, "five minutes of reading"
    for path in (tmp_path / "audit").glob("*.toml"):
        assert path.read_text().startswith("# "), path.name
    readme = (tmp_path / "audit/README.md").read_text()
    assert all(path.name in readme for path in files if path.name != "README.md")
    assert len(made.claims) == 2


def test_the_example_can_be_replaced_as_its_readme_says(tmp_path):
    """Source, row and claim are added, then what was there before is deleted: nothing of the example is left."""
    folder = tmp_path / "audit"
    assert run("new", folder).exit_code == 0
    tables = [*folder.glob("*.csv"), *folder.glob("observations/*.csv")]
    before = {path: path.read_text() for path in (*tables, folder / "claims.toml")}
    for kind, options in {
        "source": {
            "title": "Yearbook", "publisher": "Customs", "published": "2023-02", "seen": "full",
            "publisher-reliability": "B", "publisher-reason": "Counts",
        },
        "row": {
            "measure": "figs", "meaning": "Figs sold", "value": "97", "unit": "crate", "dimension": "crates", "start": "2022",
            "entity": "town", "source-id": "customs-2023-02", "credibility": "2", "note": "A count",
        },
        "claim": {
            "paragraph": "1", "topic": "figs", "kind": "quantity", "quotation": "over 50 crates", "paraphrase": "Over 50 sold",
            "best-reading": "In 2022", "split-note": "One number", "test": "more_than", "value": "50", "measure": "figs",
        },
    }.items():  # fmt: skip
        done = run("add", kind, "--dossier", folder, *(f"--{name}={text}" for name, text in options.items()))
        assert done.exit_code == 0, done.output
    for path, text in before.items():
        header = text.splitlines(keepends=True)[0] if path.suffix == ".csv" else ""
        path.write_text(header + path.read_text().removeprefix(text))
    (folder / "topics.toml").unlink()

    made = Dossier.load(folder)
    assert (list(made.sources.index), list(made.observations.index)) == (["customs-2023-02"], ["figs.1"])
    assert [(claim.topic, claim.domain) for claim in made.claims] == [("figs", "figs")]


def test_the_example_shows_what_the_two_dates_are_for(tmp_path):
    """One claim holds, of the other it came out later that it does not."""
    result = audit(placing.place(tmp_path / "audit", placing.example()), "ferries")
    labels = [(view.vintage.value, result.verdict("F02.stopped", view.vintage).label) for view in result.views]

    assert result.verdict("F01").label is Label.SUPPORTED
    assert labels == [("at_publication", Label.NOT_ENOUGH_EVIDENCE), ("hindsight", Label.REFUTED)]


def test_a_folder_that_is_not_empty_is_refused_and_stays(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    done = run("new", tmp_path / "mine")

    assert done.exit_code == 2
    assert "is not empty (it holds 'notes.txt'); name a folder that is new or empty" in done.output
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert run("new", tmp_path / "mine/notes.txt").exit_code == 2
    assert (tmp_path / "mine/notes.txt").read_text() == "mine"


def test_an_empty_folder_is_filled_where_one_stands_in_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("new", ".").exit_code == 0
    assert (Path.cwd() / "claims.toml").is_file()


def test_nothing_is_left_of_a_dossier_at_fault(tmp_path):
    texts = placing.example() | {"units.csv": "unit,dimension\n"}
    with pytest.raises(DossierError):
        placing.place(tmp_path / "audit", texts)

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_where_the_disk_fails_half_way(tmp_path, monkeypatch):
    """The empty folder that was there is empty again."""
    folder, moved = tmp_path / "audit", []
    folder.mkdir()
    rename = Path.rename

    def failing(path, target):
        if len(moved) == 3:
            raise OSError(28, "No space left on device")
        moved.append(target)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(BuildError, match="No space left on device"):
        placing.place(folder, placing.example())

    assert len(moved) == 3
    assert list(tmp_path.iterdir()) == [folder]
    assert list(folder.iterdir()) == []


def test_the_workflow_goes_into_the_repository(tmp_path):
    """It names the dossier as seen from there; where there is one already, nothing is written."""
    (tmp_path / ".git").mkdir()
    done = run("new", tmp_path / "audits/harbour", "--ci")

    assert done.exit_code == 0, done.output
    text = (tmp_path / ".github/workflows/audit.yml").read_text()
    assert "claimaudit validate --dossier audits/harbour" in text
    again = run("new", tmp_path / "audits/second", "--ci")
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert not (tmp_path / "audits/second").exists()


# -- a sheet is read --------------------------------------------------------------------------------------------------


def test_semicolons_and_decimal_commas_are_read_and_told(tmp_path):
    read = read_sheet(sheet(tmp_path))

    assert read.told == (
        "figs.csv was read as CSV parted by semicolons, 3 rows, figures with decimal commas ('1.234,5' is 1234.5)."
    )
    assert [row["value"] for _, row in read.rows] == ["1234.5", "90.25", "3"]
    assert [row["published"] for _, row in read.rows] == ["2023-02-01", "2023-03", "2023-03"]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (["1,5", "2"], ["1.5", "2"]),
        (["0,125"], ["0.125"]),
        (["1,234,567"], ["1234567"]),
        (["1.234.567", "2,5"], ["1234567", "2.5"]),
        (["1,234", "0.5"], ["1234", "0.5"]),
        (["1,234", "2,25"], ["1.234", "2.25"]),
        (["1.234", "12"], ["1.234", "12"]),
        (["1 234,5"], ["1234.5"]),
        (["-1,5", "+2,5"], ["-1.5", "+2.5"]),
        (["1.5e-3"], ["1.5e-3"]),
    ],
)
def test_figures_are_read_by_the_sign_that_they_show(tmp_path, figures, expected):
    rows = "".join(f"figs;{figure};2022;t;p;2023\n" for figure in figures)
    read = read_sheet(sheet(tmp_path, f"measure;value;start;title;publisher;published\n{rows}"))

    assert [row["value"] for _, row in read.rows] == expected


def test_figures_that_can_be_read_in_two_ways_are_refused_unless_told(tmp_path):
    path = sheet(tmp_path, 'measure,value,start,title,publisher,published\nfigs,"1,234",2022,t,p,2023\n')

    assert "line" not in told(path).partition(":")[0]
    assert "'1,234' may be 1234 or 1.234; say --decimal comma or --decimal point" in told(path)
    assert read_sheet(path, "comma").rows[0][1]["value"] == "1.234"
    assert read_sheet(path, "point").rows[0][1]["value"] == "1234"
    mixed = sheet(tmp_path, "measure;value;start;title;publisher;published\nf;1,5;2022;t;p;2023\nf;1.5;2022;t;p;2023\n")
    assert "'1,5' (line 2) and '1.5' (line 3) have different decimal signs" in told(mixed)
    assert "'1.5' has no decimal comma" in told(mixed, "comma")
    days = sheet(tmp_path, "measure;value;start;title;publisher;published\nf;1;3/4/2022;t;p;2023\n")
    assert "'3/4/2022' can be read as two days" in told(days)


def test_near_names_of_columns_are_suggested(tmp_path):
    path = sheet(tmp_path, "measure,vlaue,start,source,publisher,published,colour\nfigs,1,2022,t,p,2023,red\n")
    text = told(path)

    assert "figs.csv:1: vlaue: the column is not known; did you mean 'value'?" in text
    assert "figs.csv:1: value: the column is missing; is it 'vlaue'? Call it 'value'" in text
    assert "figs.csv:1: source: the column is not known; did you mean 'title'?" in text
    assert "colour: the column is not known; call it x_colour to keep it as it is, or take it out" in text


def test_blank_cells_that_are_needed_are_told_by_line(tmp_path):
    path = sheet(
        tmp_path, "measure,value,start,title,publisher,published\nfigs,1,2022,t,,2023\n,,,,,\nfigs,,2022,t,p,2023\n"
    )

    assert told(path).splitlines() == [
        "figs.csv:2: publisher: it is blank; give who publishes the source, by name",
        "figs.csv:4: value: it is blank; give the figure; 1 or 0 where something happened or did not",
    ]


def test_a_workbook_needs_its_library_and_is_read_with_it(tmp_path, monkeypatch):
    path = tmp_path / "figs.xlsx"
    path.write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    refused = run("new", tmp_path / "audit", "--from", path)
    assert refused.exit_code == 2
    assert refused.output.startswith("claimaudit: figs.xlsx cannot be read here, as openpyxl is not installed")

    cells = [
        ("Measure", "Value", "Start", "Title", "Publisher", "Published", None),
        ("figs", 1234.0, datetime(2022, 5, 1), "t", "p", "2023", None),  # noqa: DTZ001
        ("figs", 0.1, 2022, "t", "p", "2023", None),
        (None, None, None, None, None, None, None),
    ]
    page = types.SimpleNamespace(iter_rows=lambda values_only: iter(cells))
    book = types.SimpleNamespace(worksheets=[page], close=lambda: None)
    monkeypatch.setitem(sys.modules, "openpyxl", types.SimpleNamespace(load_workbook=lambda *_, **__: book))
    rows = [row for _, row in read_sheet(path).rows]
    assert [(row["value"], row["start"]) for row in rows] == [("1234", "2022-05-01"), ("0.1", "2022")]


@pytest.mark.parametrize("name", ["figs.csv", "figs.xlsx", "figs.ods"])
def test_a_sheet_that_is_not_there_is_one_sentence(tmp_path, name):
    done = run("new", tmp_path / "audit", "--from", tmp_path / name)

    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1
    assert not (tmp_path / "audit").exists()


# -- a dossier is drafted ---------------------------------------------------------------------------------------------


def test_a_sheet_makes_sources_publishers_origins_and_measures_and_lists_what_to_decide(tmp_path):
    done = run("new", tmp_path / "audit", "--from", sheet(tmp_path))
    assert done.exit_code == 0, done.output
    made = Dossier.load(tmp_path / "audit")

    assert list(made.publishers["name"]) == ["Customs house", "The Gazette"]
    assert list(made.sources["title"]) == ["Yearbook", "Figs and fables"]
    assert list(made.origins.index) == ["customs-house", "the-gazette"]
    assert made.measures["meaning"].to_dict() == {"crates_of_figs": "Crates of figs", "Ferries": "Ferries"}
    assert list(made.observations["start"].dt.date.map(str)) == ["2022-01-01", "2022-01-01", "2022-05-01"]
    assert list(made.observations["end"].dt.date.map(str)) == ["2022-12-31", "2022-12-31", "2022-05-31"]
    assert list(made.publishers["reliability"]) == ["A", "F"]
    assert list(made.observations["credibility"]) == ["1", "6", "3"]
    todo = (tmp_path / "audit/TODO.md").read_text()
    for words in (
        "publishers.csv: grade 1 A to F, with the reason; until then what they publish weighs nothing: The Gazette.",
        "observations: grade 1 1 to 6; until then they weigh nothing: crates_of_figs.2.",
        "origins.csv: 2 origins count as independent of each other; where one repeats another",
        "claims.toml: for each claim",
    ):
        assert words in done.output
        assert words in todo


def test_a_dossier_closed_on_the_day_of_its_text_is_told(tmp_path):
    """It has no hindsight to show; a drafted one is never so."""
    texts = placing.example()
    texts["article.toml"] = texts["article.toml"].replace("compiled = 2024-06-01", "compiled = 2023-03-14")
    with pytest.raises(
        DossierError, match=r"article\.toml:8: compiled: the dossier was compiled on the day it was published"
    ):
        placing.place(tmp_path / "audit", texts)
    made = placing.place(tmp_path / "audit", draft(read_sheet(sheet(tmp_path)), TODAY).texts)

    assert made.article.published < made.article.compiled == TODAY


def test_ungraded_rows_weigh_nothing_and_drafted_claims_decide_nothing(tmp_path):
    drafted = draft(read_sheet(sheet(tmp_path)), TODAY)
    made = placing.place(tmp_path / "audit", drafted.texts)
    result = audit(made, "claims")

    assert [made.trust(row) > 0 for row in made.evidence.records.values()] == [True, False, False]
    assert {verdict.label for verdict in result.verdicts} == {Label.NOT_ENOUGH_EVIDENCE}
    assert all(row.claims for row in made.evidence.records.values()), "each row is shown with a claim"


def test_a_column_of_claims_makes_the_claims(tmp_path):
    text = (
        SHEET.replace("credibility\n", "credibility;claim\n")
        .replace(";1\n", ';1;"sold ""figs""; many"\n')
        .replace(";;\n", ";;;Figs\n")
    )
    made = placing.place(
        tmp_path / "audit", draft(read_sheet(sheet(tmp_path, text.replace(";3\n", ";3;Figs\n"))), TODAY).texts
    )

    assert [claim.quotation for claim in made.claims] == ['sold "figs"; many', "Figs"]
    assert made.claims[1].related[0].measure == ("crates_of_figs", "Ferries")


def test_rows_without_a_claim_belong_to_the_claim_of_their_measure(tmp_path):
    """As in a sheet that writes the claim once, above its rows."""
    text = SHEET.replace("credibility\n", "credibility;claim\n").replace(";A;1\n", ";A;1;sold many\n")
    made = placing.place(
        tmp_path / "audit",
        draft(read_sheet(sheet(tmp_path, text.replace(";;\n", ";;;\n").replace(";;3\n", ";;3;\n"))), TODAY).texts,
    )

    assert [claim.related[0].measure for claim in made.claims] == [("crates_of_figs",), ("Ferries",)]
    assert [claim.quotation for claim in made.claims] == ["sold many", "To do"]


def test_an_origin_called_like_a_publisher_is_that_publisher(tmp_path):
    """A paper that relays the customs house is no second voice beside it, whichever row comes first."""
    text = (
        SHEET.replace("credibility\n", "credibility;origin\n")
        .replace(";A;1\n", ";A;1;\n")
        .replace(";;\n", ";;;customs  House\n")
    )
    lines = text.replace(";;3\n", ";;3;\n").splitlines(keepends=True)
    for order in (lines, [lines[0], *reversed(lines[1:])]):
        made = placing.place(
            tmp_path / str(order is lines), draft(read_sheet(sheet(tmp_path, "".join(order))), TODAY).texts
        )
        figs = made.observations.query("measure == 'crates_of_figs'")
        assert set(figs["origin"]) == {"customs-house"}
        assert made.origins.loc["customs-house", "publisher"] == "customs-house"


def test_lines_that_contradict_each_other_are_told(tmp_path):
    text = SHEET.replace("2023-03;;3", "2023-03;C;3").replace("90,25;crate", "90,25;box") + (
        "Ferries;4;ferry;2022-06;Figs;The Gazette;2023-03;D;3\n"
    )
    with pytest.raises(DossierError) as caught:
        draft(read_sheet(sheet(tmp_path, text)), TODAY)

    assert list(map(str, caught.value.faults)) == [
        "figs.csv:3: unit: 'crates_of_figs' is in 'box' here and in 'crate' on line 2; convert it, or give both units' size in the "
        "columns dimension and factor",
        "figs.csv:5: reliability: 'the-gazette' has 'D' here and 'C' on line 3; give it the same on every line, or once",
    ]


def test_columns_of_ones_own_pass_and_kinds_of_ones_own_are_listed(tmp_path):
    text = "measure,value,start,title,publisher,published,kind,x_page\nfigs,1,2022,t,p,2023,logbook,12\n"
    drafted = draft(read_sheet(sheet(tmp_path, text)), TODAY)
    made = placing.place(tmp_path / "audit", drafted.texts)

    assert made.observations["x_page"].iloc[0] == "12"
    assert made.words.source_kinds == {"logbook": False}
    assert any("logbook" in decision for decision in drafted.decisions)


def test_every_column_is_documented():
    text = (Path(__file__).parents[1] / "docs/data.md").read_text(encoding="utf-8")

    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
    assert f"needs {', '.join(f'`{name}`' for name in REQUIRED[:-1])} and `{REQUIRED[-1]}`" in " ".join(text.split())


# -- there and back ---------------------------------------------------------------------------------------------------


TABLES = ("observations", "sources", "publishers", "origins", "measures", "units")
_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).map(
    str.strip
)
_FIGURE = st.one_of(st.integers(-(10**9), 10**9), st.floats(1e-6, 1e12), st.floats(-1e6, -1e-6))


def there_and_back(dossier, folder):
    path = folder / "sheet.csv"
    path.write_text(sheet_text(dossier), encoding="utf-8", newline="")
    return placing.place(folder / "again", draft(read_sheet(path), dossier.article.compiled).texts)


def same(first, second):
    """What is not the same of the tables, beside rows that no observation names and what only a place tells."""
    used = {"sources": set(first.observations["source_id"]), "origins": set(first.observations["origin"])}
    for name in TABLES:
        one, other = getattr(first, name), getattr(second, name)
        columns = [column for column in one.columns if column not in ("claims", "file_line")]
        one = one.loc[[key for key in one.index if key in used.get(name, one.index) and key in other.index]]
        if name in used or name == "observations":
            assert set(used.get(name, one.index)) <= set(other.index), name
        assert one[columns].map(str).equals(other.loc[one.index, columns].map(str)), name


@settings(max_examples=20)
@given(rows=st.lists(st.tuples(_TEXT.filter(bool), _FIGURE, _TEXT, _TEXT), min_size=1, max_size=5))
def test_a_sheet_exported_is_read_back_the_same(tmp_path_factory, rows):
    """Whatever texts and figures the rows hold: formulas, quotes, separators, tiny and huge numbers."""
    folder = tmp_path_factory.mktemp("sheet")
    header, *lines = csv.reader(io.StringIO(OBSERVATIONS))
    for number, (note, value, variant, own) in enumerate(rows):
        cells = dict(zip(header, lines[0], strict=True)) | {
            "observation_id": f"n{number}",
            "note": note,
            "variant": variant,
        }
        cells |= {"value": repr(value), "low": "", "high": "", "entity": own or "HRB", "start": f"20{number:02}-01-01"}
        lines.append([cells[column] for column in header])
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([header, *lines])
    dossier = Dossier.load(write_dossier(folder / "dossier", harbour=buffer.getvalue()))

    same(dossier, there_and_back(dossier, folder))


def test_the_example_goes_there_and_back(tmp_path):
    """Which print of a figure revises which, too."""
    example = Dossier.load(DATA.parent / "examples/december-jobs")
    again = there_and_back(example, tmp_path)

    same(example, again)
    assert list(again.observations["revises"]) == list(example.observations["revises"])
    assert any(again.observations["revises"])


def test_the_projects_own_evidence_goes_there_and_back(project, tmp_path):
    """2,500 rows with all their sources, voices and units."""
    again = there_and_back(project, tmp_path)

    same(project, again)
    assert len(again.observations) == len(project.observations) > 2000


def test_sheet_columns_are_those_that_are_read(project):
    header = next(csv.reader(io.StringIO(sheet_text(project))))

    assert set(header) == set(COLUMNS) - {"claim"}
