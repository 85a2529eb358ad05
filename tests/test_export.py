"""An audit in the forms of others: ClaimReview and AVeriTeC. The sheet goes there and back in ``test_new.py``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.publish import averitec, claimreview
from claimaudit.verdict.audit import audit
from samples import CLAIMS, write_dossier


@pytest.fixture
def folder(tmp_path):
    return write_dossier(tmp_path / "dossier")


def export(folder, form, *arguments):
    done = CliRunner().invoke(main, ["export", form, "--dossier", str(folder), *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


def test_claimreview_is_that_of_the_site(folder):
    loaded = Dossier.load(folder)
    audits = [audit(loaded, topic) for topic in ("figs", "ferries")]
    found = json.loads(export(folder, "claimreview"))

    assert found["@context"] == "https://schema.org"
    assert found["@graph"] == claimreview.reviews(audits, {"figs": "figs.html", "ferries": "ferries.html"})


def test_averitec_has_its_labels_questions_and_answers_with_addresses(folder):
    found = {entry["claim_id"]: entry for entry in json.loads(export(folder, "averitec"))}
    figs = found["E01"]

    assert set(found) == {"E01", "M01"}
    assert (figs["label"], figs["label_at_publication"]) == (
        "Conflicting Evidence/Cherrypicking",
        "Supported",
    )
    assert figs["claim_date"] == "14-3-2023"
    assert figs["speaker"] == "A. Writer"
    assert figs["claim_types"] == ["Numerical Claim"]
    number, said = figs["questions"]
    assert number["question"] == "Does this hold: Sales in 2022 were about 100 crates?"
    first = next(answer for answer in number["answers"] if answer["observations"] == ["fig.customs"])
    assert first["answer"].startswith("95 crates (90 to 100 crates), 2022")
    assert (first["source_url"], first["answer_type"], first["observations"]) == (
        "https://example.org/customs", "Abstractive", ["fig.customs"],
    )  # fmt: skip
    assert said["role"] == "quote"


def test_every_label_of_averitec_is_one_of_its_four(project):
    audits = [audit(project, topic) for topic in ("opinion", "space")]
    found = averitec.entries(audits)

    assert {entry["label"] for entry in found} <= set(averitec.LABELS.values())
    assert len(averitec.LABELS) == 4
    assert len(found) == sum(len(one.claims) for one in audits)
    assert all(question["answers"] for entry in found for question in entry["questions"])


def test_a_part_nobody_answers_is_unanswerable(tmp_path):
    claims = CLAIMS.replace('evidence = [{ measure = "ferry_armed" }]', 'note = "Nothing was found"')
    found = json.loads(export(write_dossier(tmp_path / "dossier", claims=claims), "averitec"))

    assert found[1]["label"] == "Not Enough Evidence"
    assert found[1]["questions"][0]["answers"] == [
        {"answer": "No answer could be found.", "answer_type": "Unanswerable"}
    ]


def test_a_file_is_written_whole(folder, tmp_path):
    export(folder, "sheet", "--out", tmp_path / "sheet.csv")
    assert (tmp_path / "sheet.csv").read_text() == export(folder, "sheet")

    refused = CliRunner().invoke(
        main, ["export", "sheet", "--dossier", str(folder), "--out", str(tmp_path / "no/such/sheet.csv")]
    )
    assert refused.exit_code == 2
    assert "cannot be written (No such file or directory); name another with --out" in refused.output
