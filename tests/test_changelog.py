"""The audit's public changelog: read with faults told, added to whole or not at all, shown on a page and in the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from claimaudit.dossier.changelog import Acceptance, Moved, add, check_note
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError, DossierError, ParameterError
from claimaudit.publish import changes_page
from claimaudit.publish.site import Site, site_files
from claimaudit.run.up_to_date import Tables
from samples import write_dossier

MOVED = Moved("E01", "hindsight", "rating", "Right", "Wrong")
PART = Moved("E01", "hindsight", "label", "holds", "wrong", "E01.number")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def folder(tmp_path):
    return write_dossier(tmp_path / "dossier")


def test_what_is_added_is_read_again(folder):
    odd = 'Because "quoted" \\ back <b>, a tab no\u2028line'
    entries = [Acceptance(date(2024, 5, 20), odd, (MOVED, PART)), Acceptance(date(2024, 5, 20), "Weights alone")]
    for entry in entries:
        add(folder, entry)

    assert list(Dossier.load(folder).changelog) == entries
    assert sorted(path.name for path in folder.iterdir() if "changelog" in path.name) == ["changelog.toml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[changes]]\nday = 2023-01-01\nnote = 'x'\nmoved = []\n", "before the article was published"),
        (
            "[[changes]]\nday = 2024-02-02\nnote = 'x'\nmoved = []\n[[changes]]\nday = 2024-01-01\nnote = 'y'\nmoved = []\n",
            "before the entry above",
        ),
        ("[[changes]]\nday = 2024-02-02\nnote = ' '\nmoved = []\n", "the text is blank"),
        ("[[changes]]\nday = 2024-02-02\nnote = 'x'\nmoved = [{ claim = 'E01' }]\n", "the text is missing"),
        ("changes = 1\n", "it is no list"),
    ],
)
def test_a_file_at_fault_is_told_with_its_line(folder, text, told):
    (folder / "changelog.toml").write_text(text, encoding="utf-8")

    with pytest.raises(DossierError, match=told) as refused:
        Dossier.load(folder)
    assert {fault.file for fault in refused.value.faults} == {"changelog.toml"}
    assert all(fault.row for fault in refused.value.faults)


def test_a_link_out_of_the_folder_is_not_written_through(folder, tmp_path):
    outside = tmp_path / "outside.toml"
    outside.write_text("mine", encoding="utf-8")
    (folder / "changelog.toml").symlink_to(outside)

    with pytest.raises(BuildError, match="leads out of the folder"):
        add(folder, Acceptance(date(2024, 5, 20), "x"))
    assert outside.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("note", ["", "  \n ", "bell \x07", "x" * 10_001])
def test_a_note_that_readers_cannot_follow_is_refused(note):
    with pytest.raises(ParameterError, match="--note"):
        check_note(note)


def test_a_note_is_told_on_one_line():
    assert check_note(" The office\n recounted ") == "The office recounted"


def test_readers_find_it_on_the_page_and_in_the_feed(folder):
    add(folder, Acceptance(date(2024, 5, 20), "The office <recounted>", (MOVED, PART)))
    add(folder, Acceptance(date(2024, 6, 2), "Another rule"))
    files = site_files(Site(Dossier.load(folder), {}, ()))
    html = files["changes.html"].decode()
    feed = ET.fromstring(files["feed.xml"])

    assert html.index("2 June 2024") < html.index("20 May 2024")
    assert "The office &lt;recounted&gt;" in html
    assert "in hindsight: rating, from “Right” to “Wrong”" in html
    entry = next(
        item for item in feed.iter(f"{ATOM}entry") if item.findtext(f"{ATOM}title") == "Changed after review: E01"
    )
    assert entry.findtext(f"{ATOM}summary").startswith(
        "The office <recounted>. E01, in hindsight: rating, from “Right”"
    )
    assert entry.findtext(f"{ATOM}updated") == "2024-05-20T00:00:00Z"
    place, _, anchor = entry.find(f"{ATOM}link").get("href").partition("#")
    assert place == "changes.html"
    assert f'id="{anchor}"' in html[html.index("20 May 2024") - 400 :]


def test_without_changes_the_page_says_so(folder):
    assert "No accepted verdict has been changed so far." in changes_page.changes_page(Dossier.load(folder))


def test_a_part_and_its_claim_lead_to_the_claim(folder):
    dossier = replace(Dossier.load(folder), changelog=(Acceptance(date(2024, 5, 20), "x", (MOVED, PART)),))

    assert changes_page.changes_page(dossier).count('href="index.html#claim-E01"') == 2


def test_no_report_is_made_anew_for_it_and_the_pages_around_are(folder):
    before = Tables.of(folder)
    topic, whole = before.of_topic("figs"), before.all()
    add(folder, Acceptance(date(2024, 5, 20), "x"))

    assert Tables.of(folder).of_topic("figs") == topic
    assert Tables.of(folder).all() != whole
