"""The example dossiers: audits of other texts that are folders of tables, without a line of code."""

from __future__ import annotations

import csv
import math
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.verdict import accepted
from plain_words import slips

EXAMPLES = sorted(path.parent for path in (Path(__file__).parents[1] / "examples").glob("*/article.toml"))
JOBS = Path(__file__).parents[1] / "examples" / "december-jobs"


def rows(name, key):
    with (JOBS / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def stored(part, vintage):
    """The accepted verdict on a part of the jobs example."""
    return next(
        row for row in accepted.read(JOBS / "accepted.csv") if (row["part_id"], row["vintage"]) == (part, vintage)
    )


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_has_no_fault_and_its_verdicts_are_those_accepted(folder):
    valid = CliRunner().invoke(main, ["validate", "--dossier", str(folder)])
    same = CliRunner().invoke(main, ["check", "--dossier", str(folder)])

    assert (valid.exit_code, valid.output[:9]) == (0, "no fault:"), valid.output
    assert same.exit_code == 0, same.output


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_is_tables_and_words_only(folder):
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file() and folder / "reports" not in path.parents}
    topics = tomllib.loads((folder / "topics.toml").read_text(encoding="utf-8"))
    claims = tomllib.loads((folder / "claims.toml").read_text(encoding="utf-8"))["claims"]

    assert kinds <= {".csv", ".toml", ".md"}
    assert not {"models", "notebooks"} & set(topics)
    assert not [part["id"] for claim in claims for part in claim["parts"] if part["test"] == "model"]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_pages_of_an_example_are_written_plainly(folder, tmp_path):
    built = CliRunner().invoke(main, ["build", "--dossier", str(folder), "--out", str(tmp_path / "out"), "--quiet"])
    pages = sorted((tmp_path / "out").rglob("*.html"))
    found = [f"{path.name}: {slip}" for path in pages for slip in slips(path.read_text(encoding="utf-8"))]

    assert built.exit_code == 0, built.output
    assert len(pages) > 15
    assert found == []


def trust(row):
    """Letter times digit, by the numbers of the method for the grades that occur below."""
    source = rows("sources.csv", "source_id")[row["source_id"]]
    letter = source["reliability"] or rows("publishers.csv", "publisher")[source["publisher"]]["reliability"]
    return {"A": 0.95, "B": 0.85, "C": 0.70}[letter] * {"1": 0.95, "2": 0.75}[row["credibility"]]


def test_petrol_recomputed_by_hand():
    """Two counts of pump prices: one could be read on the day; with the second the probability reaches its cap."""
    table = rows("observations/living-costs.csv", "observation_id")
    aaa, eia = (
        [table[f"gas.{day}.{origin}"] for day in days]
        for origin, days in (("aaa", ["jun", "jan3"]), ("eia", ["jun", "jan"]))
    )
    weights = []
    for before, after in (aaa, eia):
        assert float(after["value"]) < float(before["value"])
        believed = 0.5 + min(trust(before), trust(after)) / 2  # all of the trust on one side, the rest split evenly
        weights.append(math.log(believed / (1 - believed)))
    together = weights[1] + 0.75 * weights[0]  # the stronger source whole, the other by the method's dependence

    then, now = stored("P02.down", "at_publication"), stored("P02.down", "hindsight")
    assert float(then["probability"]) == pytest.approx(1 / (1 + math.exp(-weights[0])))
    assert float(now["probability"]) == pytest.approx(min(0.99, 1 / (1 + math.exp(-together))))
    assert (then["label"], now["label"]) == ("supported", "supported")
    assert (then["origins"], now["origins"]) == ("aaa", "eia;aaa")


def test_monthly_gains_recomputed_by_hand():
    """One source of C2 does not decide, though above the bar; in hindsight the newest print alone counts, beyond the band."""
    table = rows("observations/jobs.csv", "observation_id")
    inside = {
        name: 150_000 <= float(row["value"]) <= 250_000
        for name, row in table.items()
        if name.startswith("gain.q4.2022")
    }
    first = table["gain.q4.2022.cea"]
    believed = 0.5 + trust(first) / 2

    assert inside == {
        "gain.q4.2022.cea": True, "gain.q4.2022.dol": True, "gain.q4.2022.odh": False, "gain.q4.2022.codex": False,
    }  # fmt: skip
    assert {table[name]["origin"] for name in inside} == {"bls"}
    assert max(trust(table[name]) for name in inside if inside[name]) == max(
        trust(table[name]) for name in inside if not inside[name]
    )
    assert (table["gain.q4.2022.codex"]["revises"], table["gain.q4.2022.odh"]["revises"]) == (
        "gain.q4.2022.odh", "gain.q4.2022.cea;gain.q4.2022.dol",
    )  # fmt: skip
    newest = 0.5 - trust(table["gain.q4.2022.codex"]) / 2
    then, now = stored("J05.to", "at_publication"), stored("J05.to", "hindsight")
    assert 0.75 < believed < 0.77
    assert (then["label"], float(then["probability"])) == ("not_enough_evidence", pytest.approx(believed))
    assert (now["label"], float(now["probability"])) == ("refuted", pytest.approx(newest))
    assert now["observations"] == "gain.q4.2022.codex"


def test_the_year_that_is_wrong_is_named_once_it_is_shown():
    whole = {
        row["vintage"]: row
        for row in accepted.read(JOBS / "accepted.csv")
        if row["claim_id"] == "J05" and not row["part_id"]
    }

    assert (whole["at_publication"]["rating"], whole["hindsight"]["rating"]) == ("Unproven", "Partly right")
    assert whole["hindsight"]["rating_reason"].endswith("; wrong year")
    assert "wrong year" not in whole["at_publication"]["rating_reason"]


def test_what_came_of_a_forecast_is_told_once_its_review_day_has_passed():
    told = " ".join(CliRunner().invoke(main, ["explain", "J06", "--dossier", str(JOBS)]).output.split())

    assert "Unproven: forecast, open Whether growth stays below the average of 2022 is open;" in told
    assert "Unproven: forecast, came true Growth stayed below the average of 2022; employment went on growing." in told


WRONG = {
    "a rank of nobody": (
        "claims.toml", 'entity = "2022"', 'entity = "Year 2022"',
        "claims.toml: J02.y2022: entity: no row ranks 'Year 2022'; did you mean '2022'?",
    ),
    "no claims": (
        "claims.toml", None, None, "claims.toml: the file is missing; restore it, or begin with a copy of another dossier's",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), WRONG.values(), ids=WRONG)
def test_a_slip_in_a_copy_of_an_example_is_told(tmp_path, name, old, new, told):
    own = shutil.copytree(JOBS, tmp_path / "own")
    if old:
        text = (own / name).read_text(encoding="utf-8")
        assert old in text
        (own / name).write_text(text.replace(old, new), encoding="utf-8")
    else:
        (own / name).unlink()

    run = CliRunner().invoke(main, ["validate", "--dossier", str(own)])

    assert run.exit_code == 2
    assert told in run.output
    assert "1 fault in the dossier" in run.output
