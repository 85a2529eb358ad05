"""The sentence "not yet tested with human readers" stands until the first sound file of one lies in ``labels/``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.judgements import by_humans
from claimaudit.publish import tested
from claimaudit.publish.index import index_page
from claimaudit.publish.method_page import method_page
from claimaudit.run.plan import plan
from claimaudit.verdict.agreement import RULES
from samples import DATA, write_dossier

ROOT = Path(__file__).parents[1]
UNTESTED = "hese rules have not yet been tested with human readers."


@pytest.fixture
def dossier(tmp_path):
    return Dossier.load(write_dossier(tmp_path / "data"))


def label(tmp_path, name, rows):
    (tmp_path / "labels").mkdir(exist_ok=True)
    (tmp_path / "labels" / name).write_text(f"claim_id,badge,reader\n{rows}", encoding="utf-8")


def test_the_first_human_file_changes_the_sentence_of_both_pages(tmp_path, dossier):
    for page in (index_page(dossier, []), method_page(dossier)):
        assert UNTESTED in page

    label(tmp_path, "ann.csv", "E01,Right,Ann\nM01,Wrong,Ann\n")
    for page in (index_page(dossier, []), method_page(dossier)):
        assert "not yet been tested" not in page
        assert "1 human reader has judged 2 claims by these rules" in page


def test_readers_of_several_files_are_counted_and_unsound_files_are_not(tmp_path, dossier):
    label(tmp_path, "bad.csv", "E01,Rihgt,Ann\n")
    assert "not yet" in tested.tested_words(dossier)

    label(tmp_path, "two.csv", "E01,Right,Ann\nE01,Wrong,Ben\n")
    label(tmp_path, "one.csv", "E01,Right,\n")
    assert tested.tested_words(dossier).startswith("3 human readers have judged 1 claim by these rules")


def test_a_new_file_of_labels_makes_the_pages_anew(tmp_path, dossier):
    given = {"dossier": str(dossier.path)}
    (tmp_path / "notebooks").mkdir()
    before = plan((), given, out=tmp_path / "out").site({})
    label(tmp_path, "ann.csv", "E01,Right,Ann\n")

    assert plan((), given, out=tmp_path / "out").site({}) != before


def test_documents_and_the_folder_of_labels_say_the_same(project):
    """Whoever adds the first file is told which documents to mend; every file that lies there is sound."""
    found = by_humans(DATA, [claim.claim_id for claim in project.claims])
    documents = [(ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("method", "splits")]

    assert len(found) == len(list((ROOT / "labels").glob("*.csv")))
    for text in documents:
        assert bool(re.search(r"not\s+(yet\s+)?been\s+tested with human readers", text)) is not bool(found)


def test_the_codebook_is_one_page_and_has_the_rules_that_decide():
    text = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")

    assert len(text.split()) <= 650
    for badge, rule in RULES.items():
        assert f"| {badge.value} | {rule} |" in text
