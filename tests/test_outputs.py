"""Verdicts as CSV and JSON: fixed columns, fixed order, nothing lost."""

from __future__ import annotations

import csv
import io
import json
from itertools import chain

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.publish.outputs import csv_text, json_text, write_csv, write_json
from claimaudit.verdict.audit import audit
from claimaudit.verdict.table import COLUMNS, verdict_rows
from samples import write_dossier

EXPECTED = (  # the contract
    "claim_id,part_id,role,vintage,as_of,label,conflict,rating,rating_reason,probability,low,high,likelihood_low,"
    "likelihood_high,confidence,origins,observations,reason"
)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


@pytest.fixture(scope="module")
def verdicts(dossier):
    return list(chain.from_iterable(audit(dossier, topic).verdicts for topic in ("figs", "ferries")))


def test_columns_are_the_contract(verdicts):
    assert ",".join(COLUMNS) == EXPECTED
    assert csv_text(verdict_rows(verdicts)).splitlines()[0] == EXPECTED


def test_order_does_not_depend_on_the_order_of_the_verdicts(verdicts):
    assert verdict_rows(verdicts) == verdict_rows(reversed(verdicts))


def test_a_claims_own_row_comes_first_and_has_no_part(verdicts):
    rows = verdict_rows(verdicts)

    assert [(row["claim_id"], row["part_id"], row["vintage"]) for row in rows[:3]] == [
        ("E01", "", "at_publication"),
        ("E01", "", "hindsight"),
        ("E01", "E01.number", "at_publication"),
    ]


def test_lists_are_joined_and_probabilities_are_those_of_the_verdict(verdicts):
    row = next(
        row for row in verdict_rows(verdicts) if row["part_id"] == "E01.number" and row["vintage"] == "hindsight"
    )

    assert set(row["origins"].split(";")) == {"customs", "gazette", "audit"}
    assert row["observations"].count(";") == 2
    own = next(item for item in verdicts if item.part_id == "E01.number" and item.vintage.value == "hindsight")
    assert row["probability"] == own.probability


def test_a_claim_has_a_rating_and_a_part_has_a_label_alone(verdicts):
    for row in verdict_rows(verdicts):
        assert bool(row["rating"]) is not bool(row["part_id"])
        assert row["label"]


def test_csv_reads_back(verdicts, tmp_path):
    write_csv(tmp_path / "verdicts.csv", verdict_rows(verdicts))
    raw = (tmp_path / "verdicts.csv").read_bytes()
    read = list(csv.DictReader(io.StringIO(raw.decode())))

    assert b"\r" not in raw
    assert [row["label"] for row in read] == [row["label"] for row in verdict_rows(verdicts)]


def test_json_names_its_schema_and_the_article(verdicts, dossier, tmp_path):
    write_json(tmp_path / "verdicts.json", verdict_rows(verdicts), dossier.article)
    document = json.loads((tmp_path / "verdicts.json").read_text())

    assert document["schema_version"] == 3
    assert document["article"]["title"] == "Figs and Ferries"
    assert document["article"]["published"] == "2023-03-14"
    assert document["verdicts"] == verdict_rows(verdicts)
    assert json_text(verdict_rows(verdicts), dossier.article) == json_text(verdict_rows(verdicts), dossier.article)
