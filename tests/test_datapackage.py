"""The descriptor of the dossier's tables: what it says, that it is current, and that frictionless agrees."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from claimaudit.dossier import datapackage
from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import BuildError
from claimaudit.verdict.table import COLUMNS
from samples import write_dossier

SERIES = """\
[catches]
title = "Fish landed, yearly"
row = "year"
key = ["year"]
period = "year"
vintage = "unknown"
lag_days = 0
vintage_reason = "One release was kept"
numbers = { landed = "crate" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_dossier(tmp_path)
    (tmp_path / "series.toml").write_text(SERIES)
    (tmp_path / "series").mkdir()
    (tmp_path / "series/catches.csv").write_text("year,landed,source_id\n2021,5,customs-2022\n2022,,customs-2022\n")
    (tmp_path / "terms.toml").write_text('[dossier]\nname = "CC-BY-4.0"\ntitle = "Attribution"\n')
    datapackage.write(Dossier.load(tmp_path))
    return tmp_path


def frictionless(file: Path) -> tuple[bool, str]:
    command = [sys.executable, "-m", "frictionless", "validate", str(file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout


def resource(folder: Path, name: str) -> dict:
    package = json.loads((folder / datapackage.FILE).read_text())
    return next(item for item in package["resources"] if item["name"] == name)


def test_every_table_is_described(folder):
    """With its true size, hash and number of rows."""
    package = json.loads((folder / datapackage.FILE).read_text())
    described = {item["path"]: item for item in package["resources"]}

    assert set(described) == {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    for path, item in described.items():
        raw = (folder / path).read_bytes()
        assert (item["bytes"], item["hash"]) == (len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}")
        assert item["rows"] == len(list(csv.reader(raw.decode().splitlines()))) - 1
        assert all(field["description"] for field in item["schema"]["fields"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_series_carry_units_period_and_sources(folder):
    """What series.toml says of them."""
    series = resource(folder, "series-catches")
    by_name = {field["name"]: field for field in series["schema"]["fields"]}

    assert (by_name["landed"]["type"], by_name["landed"]["unit"]) == ("number", "crate")
    assert by_name["year"]["type"] == "year"
    assert series["schema"]["primaryKey"] == ["year"]
    assert series["sources"] == [
        {"title": "Customs house: Yearbook of the customs house", "path": "https://example.org/customs"}
    ]


def test_observations_lead_to_the_other_tables(folder):
    """A key to the sources, the measures, the origins and the units."""
    keys = resource(folder, "observations-harbour")["schema"]["foreignKeys"]

    assert {(key["fields"][0], key["reference"]["resource"]) for key in keys} == {
        ("source_id", "sources"),
        ("measure", "measures"),
        ("origin", "origins"),
        ("unit", "units"),
    }


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("observations/harbour.csv", "customs,customs-2022", "customs,customs-2023"),
        ("publishers.csv", ",A,Counts", ",G,Counts"),
        ("sources.csv", ",the-gazette,", ",the-gazete,"),
        ("observations/harbour.csv", ",crate,3,,,,", ",crate,3,,mine,,"),
    ],
)
def test_frictionless_refuses_what_the_schema_forbids(folder, file, old, new):
    """The schema is one that really checks: with the hash left out, each fault is still found."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    package = json.loads((folder / datapackage.FILE).read_text())
    for item in package["resources"]:
        del item["hash"], item["bytes"]
    (folder / datapackage.FILE).write_text(json.dumps(package))
    valid, _ = frictionless(folder / datapackage.FILE)

    assert not valid


def test_written_twice_is_the_same(folder):
    """Same tables, same bytes; and it is up to date then."""
    dossier = Dossier.load(folder)
    before = (folder / datapackage.FILE).read_bytes()
    datapackage.write(dossier)

    assert (folder / datapackage.FILE).read_bytes() == before
    assert not datapackage.is_stale(dossier)
    assert not list(folder.glob(".*"))


def test_changed_table_makes_it_stale(folder):
    """One more row is enough, and so is a missing file."""
    with (folder / "units.csv").open("a") as file:
        file.write("barrel,barrels,1,barrel\n")
    assert datapackage.is_stale(Dossier.load(folder))

    (folder / datapackage.FILE).unlink()
    assert datapackage.is_stale(Dossier.load(folder))


def test_accepted_verdicts_are_described_when_there(folder):
    """The table of accepted verdicts is optional."""
    values = {
        "claim_id": "E01", "vintage": "hindsight", "as_of": "2024-06-01", "label": "conflicting", "conflict": "sources",
        "rating": "Unproven", "rating_reason": "disputed", "probability": "0.4339", "low": "0.02", "high": "0.94",
        "origins": "customs;audit", "observations": "fig.customs", "reason": "Both ways",
    }  # fmt: skip
    header, row = ",".join(COLUMNS) + "\n", ",".join(values.get(name, "") for name in COLUMNS) + "\n"
    (folder / "verdicts.csv").write_text(header + row)
    datapackage.write(Dossier.load(folder))
    valid, report = frictionless(folder / datapackage.FILE)

    assert resource(folder, "verdicts")["rows"] == 1
    assert valid, report


def test_failing_write_is_one_clear_error(folder, monkeypatch):
    """Nothing half-written is left."""

    def full(self, target):
        raise OSError(28, "No space left on device")

    dossier = Dossier.load(folder)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BuildError, match=r"datapackage\.json cannot be written \(No space left on device\)"):
        datapackage.write(dossier)
    assert not list(folder.glob(".*"))


def test_projects_own_descriptor_is_up_to_date():
    """Run ``claimaudit datapackage`` and commit the file when this fails."""
    assert not datapackage.is_stale(Dossier.load())


def test_frictionless_accepts_the_projects_own():
    """The real tables against their schema."""
    valid, report = frictionless(DEFAULT_DOSSIER / datapackage.FILE)

    assert valid, report
