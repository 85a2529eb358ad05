"""Lines appended by ``claimaudit add``: asked for, checked with the whole dossier, written as the file is, or not at all."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.dossier import appending
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.entries import CLAIM as CLAIM_ASKED
from claimaudit.errors import BuildError
from samples import write_dossier

SOURCE = ["--title", "Quay, a diary", "--published", "2023-03-05", "--seen", "full"]
ROW = [
    "--measure",
    "figs_sold",
    "--value",
    "97",
    "--start",
    "2022",
    "--source-id",
    "gazette-2023",
    "--credibility",
    "2",
]
CLAIM = [
    "--paragraph", "4", "--topic", "figs", "--kind", "quantity", "--quotation", "at least 50 crates", "--paraphrase",
    "At least 50 crates were sold", "--best-reading", "In 2022", "--split-note", "The number is all",
    "--measure", "figs_sold",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return write_dossier(tmp_path / "dossier")


def add(folder, kind, *arguments):
    return CliRunner().invoke(main, ["add", kind, "--dossier", str(folder), *arguments])


def held(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_source_of_a_known_publisher_is_one_line(folder):
    before = held(folder)
    done = add(folder, "source", *SOURCE, "--publisher", "the gazette")

    assert done.exit_code == 0, done.output
    after = held(folder)
    changed = [path for path in after if after[path] != before.get(path)]
    assert changed == [Path("sources.csv")]
    line = b'the-gazette-2023-03-05,"Quay, a diary",the-gazette,,2023-03-05,press,en,,,,,full\n'
    assert after[Path("sources.csv")] == before[Path("sources.csv")] + line
    assert "the-gazette-2023-03-05" in Dossier.load(folder).sources.index


def test_a_publisher_that_is_new_is_asked_its_letter_and_one_that_is_near_is_named(folder):
    near = add(folder, "source", *SOURCE, "--publisher", "The Gazete")
    assert near.exit_code == 2
    assert "did you mean 'The Gazette'?" in near.output

    asked = add(folder, "source", *SOURCE, "--publisher", "Quay Radio", "--publisher-reliability", "C")
    assert asked.exit_code == 2
    assert "give --publisher-reason too" in asked.output

    letter = ["--publisher-reliability", "C", "--publisher-reason", "Hears it at the quay"]
    assert add(folder, "source", *SOURCE, "--publisher", "Quay Radio", *letter).exit_code == 0
    assert Dossier.load(folder).publishers.loc["quay-radio", "reliability"] == "C"


def test_a_row_has_its_measures_unit_entity_and_table_and_its_sources_origin(folder):
    done = add(folder, "row", *ROW, "--note", "A recount")

    assert done.exit_code == 0, done.output
    row = Dossier.load(folder).observation("figs_sold.4")
    assert (row.unit, row.entity, row.origin, str(row.start), str(row.end)) == (
        "crate", "HRB", "gazette", "2022-01-01", "2022-12-31",
    )  # fmt: skip
    assert row.claims == ("E01",), "it is heard at once"


ROPES = [
    "--measure", "ropes", "--meaning", "Ropes sold", "--unit", "rope", "--dimension", "ropes", "--value", "3", "--start", "2022",
    "--credibility", "2", "--note", "n", "--entity", "HRB",
]  # fmt: skip


def test_a_measure_that_is_new_comes_with_the_row(folder):
    assert add(folder, "source", *SOURCE, "--publisher", "The Gazette").exit_code == 0
    done = add(folder, "row", *ROPES, "--source-id", "the-gazette-2023-03-05")

    assert done.exit_code == 0, done.output
    made = Dossier.load(folder)
    assert made.measures.loc["ropes", "unit"] == "rope"
    assert made.observation("ropes.1").origin == "gazette", "another document of a publisher is no second voice"
    assert "independent" not in done.output


def test_a_publisher_that_is_first_heard_is_told_to_count_as_independent(folder):
    letter = ["--publisher-reliability", "C", "--publisher-reason", "Hears it at the quay"]
    assert add(folder, "source", *SOURCE, "--publisher", "Quay Radio", *letter).exit_code == 0
    done = add(folder, "row", *ROPES, "--source-id", "quay-radio-2023-03-05")

    assert done.exit_code == 0, done.output
    made = Dossier.load(folder)
    assert made.observation("ropes.1").origin == "quay-radio"
    assert made.origins.loc["quay-radio", "publisher"] == "quay-radio"
    assert "'quay-radio' is new: Quay Radio counts as an independent source; where it repeats another" in done.output


def test_of_a_source_that_tells_what_several_said_the_origin_is_asked(folder):
    assert add(folder, "row", *ROPES, "--source-id", "gazette-2023", "--origin", "customs").exit_code == 0
    assert len(set(Dossier.load(folder).observations.query("source_id == 'gazette-2023'")["origin"])) > 1
    before = held(folder)
    done = add(folder, "row", *ROPES, "--source-id", "gazette-2023", "--start", "2021")

    assert done.exit_code == 2
    assert "give --origin too" in done.output
    assert held(folder) == before


def test_a_claim_is_tested_at_once(folder):
    done = add(folder, "claim", *CLAIM, "--test", "at_least", "--value", "50")

    assert done.exit_code == 0, done.output
    claim = Dossier.load(folder).claim("M02")
    assert [(part.test.value, part.unit, dict(part.numbers)) for part in claim.parts] == [
        ("at_least", "crate", {"value": 50.0})
    ]
    explained = CliRunner().invoke(main, ["explain", "m02", "--dossier", str(folder)])
    assert "Right" in explained.output


MORE = {
    "about": ["--value", "100", "--within", "5"],
    "between": ["--low", "50", "--high", "150"],
    "date": ["--from", "2022-01-01", "--to", "2022-12-31", "--why-core", "The sale is dated by it"],
    "rank": ["--rank", "1", "--entity", "HRB", "--direction", "highest"],
    "of_that_size": ["--value", "100"],
    "printed_figure": ["--value", "100", "--step", "1"],
    "held_by": ["--word", "several"],
    "list_state": ["--word", "most"],
    "forecast": ["--review", "2023-06-01"],
}
"""What a test needs beside a measure; of the others a value, where they compare one."""


@pytest.mark.parametrize("test", next(item for item in CLAIM_ASKED if item.name == "test").choices)
def test_every_test_that_is_offered_can_be_added(folder, test):
    measure = "figure_named" if test in ("event", "statement", "held_by", "list_state", "forecast") else "figs_sold"
    more = MORE.get(test, [] if test in ("event", "statement") else ["--value", "50"])
    done = add(folder, "claim", *CLAIM, "--test", test, "--measure", measure, *more)

    assert done.exit_code == 0, done.output
    assert Dossier.load(folder).claims[-1].parts[0].test.value == test


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("source", [], "the source cannot be added: give --title, --publisher, --published, --seen"),
        ("row", ROW, "the row cannot be added: give --note"),
        ("row", [*ROW, "--note", "n", "--start", "soon"], "'soon' is not a date"),
        ("row", [*ROW, "--note", "n", "--value", "many"], "'many' is not a number"),
        ("row", [*ROW, "--note", "n", "--source-id", "gazette-2032"], "unknown source 'gazette-2032'"),
        ("row", [*ROW, "--note", "n", "--measure", "figs_sould"], "did you mean 'figs_sold'?"),
        ("row", [*ROW, "--note", "n", "--start", "2024"], "the period begins after its source was published"),
        ("row", [*ROW, "--note", "n", "--observation-id", "fig.audit"], "stands already"),
        ("row", [*ROW, "--note", "n", "--table", "quay"], "observations/quay.csv"),
        ("claim", [*CLAIM, "--test", "about"], "give --value too"),
        ("claim", [*CLAIM, "--test", "about", "--value", "5"], "give --tolerance too"),
        ("claim", [*CLAIM, "--test", "about"], "the figure of the test; give --tolerance too"),
        ("claim", [*CLAIM, "--test", "printed_figure", "--value", "5"], "give --step too"),
        ("claim", [*CLAIM, "--test", "held_by"], "give --word too"),
        ("claim", [*CLAIM, "--test", "ratio"], "'ratio' is not one of"),
        ("row", [*ROW, "--note", "n", "--measure", "ropes"], "what it is, in words; give --unit too"),
        ("claim", [*CLAIM, "--test", "at_least", "--value", "5; x = 1"], "'5; x = 1' is no number"),
        ("claim", [*CLAIM, "--test", "event", "--measure", "figs"], "matches no observation"),
        ("claim", [*CLAIM, "--test", "event", "--speech", "relayed"], "give --said-measure too"),
        ("source", [*SOURCE, "--publisher", "The Gazette", "--archived", "https://a.example/1"], "has no column 'archived'"),
    ],
)  # fmt: skip
def test_nothing_is_written_that_would_be_at_fault(folder, kind, arguments, message):
    before = held(folder)
    done = add(folder, kind, *arguments)

    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
    assert "Traceback" not in done.output
    assert held(folder) == before


def test_text_that_is_markup_of_the_file_stays_text(folder):
    note = 'He said "no", then\nleft; = 1'
    words = 'evidence = [] # "quoted" \\ back'
    assert add(folder, "row", *ROW, "--note", note).exit_code == 0
    assert add(folder, "claim", *CLAIM, "--test", "event", "--paraphrase", words).exit_code == 0

    made = Dossier.load(folder)
    assert made.observation("figs_sold.4").note == note
    assert made.claims[-1].paraphrase == words


def test_order_line_ends_and_columns_of_the_file_are_kept(folder):
    for path in (folder / "sources.csv", folder / "claims.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    header, *rows = (folder / "sources.csv").read_text().splitlines()
    turned = "\r\n".join(",".join(reversed(row.split(","))) for row in (header, *rows)) + "\r\n"
    (folder / "sources.csv").write_bytes(turned.encode())
    before = held(folder)
    assert add(folder, "source", *SOURCE, "--publisher", "The Gazette").exit_code == 0
    assert add(folder, "claim", *CLAIM, "--test", "event").exit_code == 0

    after = held(folder)
    own = after[Path("sources.csv")].removeprefix(before[Path("sources.csv")])
    assert own == b'full,,,,,en,press,2023-03-05,,the-gazette,"Quay, a diary",the-gazette-2023-03-05\r\n'
    added = after[Path("claims.toml")].removeprefix(before[Path("claims.toml")])
    assert added.count(b"\n") == added.count(b"\r\n") > 10


def test_files_written_before_a_disk_fails_are_put_back(folder, monkeypatch):
    before, replace = held(folder), appending._replace

    def failing(path, raw):
        if path.name == "sources.csv":
            raise OSError(28, "No space left on device")
        replace(path, raw)

    monkeypatch.setattr(appending, "_replace", failing)
    rows = {
        "publishers.csv": {"publisher": "radio", "name": "Radio", "reliability": "C", "reason": "r"},
        "sources.csv": {
            "source_id": "s", "title": "t", "publisher": "radio", "published": "2023", "kind": "press", "seen": "full",
        },
    }  # fmt: skip
    with pytest.raises(BuildError, match=r"sources\.csv cannot be written"):
        appending.append(folder, rows)

    assert held(folder) == before


def test_a_terminal_is_asked_for_what_is_missing(folder):
    """In the order of the table; a choice that is none is asked for again."""
    main_end, other = pty.openpty()
    line = [sys.executable, "-m", "claimaudit", "add", "source", "--dossier", str(folder), "--published", "2023-03-05"]
    with subprocess.Popen(line, stdin=other, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        os.close(other)
        os.write(main_end, b"Diary\nThe Gazette\nhalf\nfull\n")
        output = started.communicate(timeout=120)[0]
        os.close(main_end)

    assert started.returncode == 0, output
    assert "title (its title)" in output
    assert "added the-gazette-2023-03-05: " in output
    assert Dossier.load(folder).sources.loc["the-gazette-2023-03-05", "seen"] == "full"
