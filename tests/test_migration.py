"""Tables of the old form, written anew by ``tools/migrate_evidence.py``."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from claimaudit.dossier.dossier import Dossier
from samples import OBSERVATIONS, OTHERS, SOURCES, write_dossier

TOOL = Path(__file__).parents[1] / "tools" / "migrate_evidence.py"
NAMES = {"customs-house": "Customs house", "the-gazette": "The Gazette", "audit-office": "Audit office"}
LETTERS = {"customs-house": "A", "the-gazette": "C", "audit-office": "A"}
BEARS = {"fig.gazette": "E01;M01", "fig.named": "E01", "ferry.gun": "M01", "ferry.rumour": "M01"}


def without(text: str, *columns: str, **more: object) -> str:
    """A table without some columns, and with others made from its rows."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row |= {name: make(row) for name, make in more.items()}
        for column in columns:
            del row[column]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def old(tmp_path):
    """The small dossier in the old form: rows name their claims, sources their publisher and letter."""
    folder = write_dossier(
        tmp_path / "old",
        sources=without(
            SOURCES, "departure", "copy_of",
            reliability=lambda row: LETTERS[row["publisher"]], publisher=lambda row: NAMES[row["publisher"]],
        ),
        harbour=without(
            OBSERVATIONS, "said", "stake", "step", claims=lambda row: BEARS.get(row["observation_id"], "E01"),
        ),
        origins=without(OTHERS["origins.csv"], "publisher", "state", "unnamed"),
    )  # fmt: skip
    (folder / "publishers.csv").unlink()
    claims = folder / "claims.toml"
    claims.write_text(claims.read_text().replace("  tolerance = 0.2\n", "  tolerance = 0.2\n  width = 0.0\n"))
    return folder


def migrated(folder: Path, *options: str) -> str:
    done = subprocess.run([sys.executable, TOOL, folder, *options], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("options", [(), ("--in-place",)])
def test_old_tables_load_in_the_new_form_with_all_they_said(old, options):
    before = (old / "sources.csv").read_text()
    log = migrated(old, *options)
    loaded = Dossier.load(old if options else old.with_name("old-migrated"))

    assert options or (old / "sources.csv").read_text() == before
    assert list(loaded.sources["reliability"]) == ["A", "C", "A"]
    assert list(loaded.sources["publisher_name"]) == list(NAMES.values())
    for name, row in loaded.evidence.records.items():
        assert row.claims == tuple(BEARS.get(name, "E01").split(";")), "no row is lost to a claim it was shown with"
    assert "width" not in loaded.part("E01.number").numbers
    steps = {row.observation_id: row.step for row in loaded.rows(measure="figs_sold")}
    assert steps == {"fig.customs": None, "fig.gazette": 1.0, "fig.audit": None}, "where no range is printed"
    assert "publishers: 3" in log


def test_what_is_of_the_new_form_is_left_alone(tmp_path):
    folder = write_dossier(tmp_path)
    done = subprocess.run([sys.executable, TOOL, folder, "--in-place"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "it is of the new form already" in done.stderr
