"""A page for each claim: card, title, description, picture, citation and data; nothing leads nowhere."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError
from claimaudit.publish.claim_page import claim_files
from claimaudit.publish.index_rows import Report
from claimaudit.publish.picture import HEIGHT, WIDTH, claim_picture
from claimaudit.publish.report import broken_links, export
from claimaudit.publish.site import Site, site_files
from claimaudit.rated import Badge, Rating
from claimaudit.show import cards
from claimaudit.verdict.audit import audit
from claimaudit.verdict.history import sentence
from claimaudit.verdict.table import verdict_rows
from claimaudit.verdict.timeline import timelines
from claimaudit.verdict.wording import conclusion_text
from pages import assert_self_contained
from samples import ARTICLE, write_dossier
from test_report import code, shown

BASE = '[audit]\nbase_url = "https://figs.example.org/audit/"\n'


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs")


@pytest.fixture(scope="module")
def files(figs):
    return claim_files(figs, "figs.html", verdict_rows(figs.verdicts), {})


def test_a_claim_has_its_card_title_sentence_picture_and_citation(figs, files):
    html = files["claims/E01.html"].decode()
    verdict = figs.verdict("E01")
    page = assert_self_contained(html)
    meta = {
        found.get("property") or found.get("name"): found.get("content")
        for tag, found in page.elements
        if tag == "meta"
    }

    assert f'<h1 id="claim-E01-title">{verdict.rating.badge.value}: “about 100 crates of figs”</h1>' in html
    assert meta["description"] == meta["og:description"] == conclusion_text(verdict)
    assert (meta["og:title"], meta["og:image"]) == (f"{verdict.rating.words}: “about 100 crates of figs”", "E01.png")
    assert "og:url" not in meta
    assert f"rated “{verdict.rating.words}”. Evidence as of 1 June 2024." in html
    assert 'id="claim-E01"' in html
    assert "version 0.1.0" in html
    assert broken_links(html) == []
    assert 'href="../figs.html#row-fig.customs"' in html
    assert [f'href="E01.{kind}"' in html for kind in ("json", "csv", "png")] == [True] * 3


def test_its_data_are_its_own_rows(figs, files):
    data = json.loads(files["claims/E01.json"])
    rows = list(csv.DictReader(io.StringIO(files["claims/E01.csv"].decode())))

    assert {row["claim_id"] for row in data["verdicts"]} == {"E01"}
    assert len(rows) == len(data["verdicts"]) == 2 * (1 + len(figs.dossier.claim("E01").parts))
    assert data["$schema"] == "../verdicts.schema.json"


def test_headings_go_down_one_by_one(files):
    levels = [int(level) for level in re.findall(r"<h(\d)", files["claims/E01.html"].decode())]

    assert levels[0] == 1
    assert max(after - before for before, after in pairwise(levels)) == 1


def test_an_address_of_the_dossier_makes_the_pages_address_whole(tmp_path):
    found = audit(Dossier.load(write_dossier(tmp_path, article=ARTICLE + BASE)), "figs")
    html = claim_files(found, "figs.html", [], {})["claims/E01.html"].decode()
    where = "https://figs.example.org/audit/claims/E01"

    assert f'<link rel="canonical" href="{where}.html">' in html
    assert f'<meta property="og:url" content="{where}.html">' in html
    assert f'<meta property="og:image" content="{where}.png">' in html
    assert f"Evidence as of 1 June 2024. {where}.html" in html


@pytest.mark.parametrize("line", ['base_url = "figs.example.org/"\n', 'contact = "javascript:alert(1)"\n'])
def test_an_address_that_is_none_is_a_fault(tmp_path, line):
    with pytest.raises(DossierError, match="write an address"):
        Dossier.load(write_dossier(tmp_path, article=f"{ARTICLE}[audit]\n{line}"))


def test_without_a_report_its_links_go_and_none_leads_nowhere(figs):
    html = claim_files(figs, "", [], {})["claims/E01.html"].decode()

    assert broken_links(html) == []
    assert "#row-" not in html


def test_a_card_of_the_report_is_taken_over_only_with_the_same_rating(figs):
    report = export(_notebook(figs), title="Figs")
    marked = report.replace('<p class="ca-conclusion">', '<p class="ca-conclusion">From the report: ')
    other = marked.replace('data-badge="UNPROVEN"', 'data-badge="WRONG"')

    assert b"From the report: " in claim_files(figs, "figs.html", [], {}, marked)["claims/E01.html"]
    assert b"From the report: " not in claim_files(figs, "figs.html", [], {}, other)["claims/E01.html"]


def test_index_cards_and_feed_lead_to_it(figs):
    ferries = audit(figs.dossier, "ferries")
    report = Report("figs.html", "Figs", "figs")
    pages = {"figs.html": export(_notebook(figs), title="Figs")}
    found = site_files(Site(figs.dossier, {"figs": figs, "ferries": ferries}, (report,), pages=pages))

    assert 'href="claims/E01.html"' in found["index.html"].decode()
    assert '<a href="claims/E01.html" class="ca-here"' in found["figs.html"].decode()
    assert 'href="claims/E01.html"' in found["feed.xml"].decode()


def _notebook(figs):
    from nbformat.v4 import new_notebook

    return new_notebook(cells=[code("card", shown(cards.claim_card(figs, "E01")._repr_html_()))])


def test_the_picture_is_drawn_again_only_when_what_it_says_has_changed():
    rating = Rating(Badge.RIGHT_BUT, "wrong month")
    first = claim_picture("Figs", rating, "“a quotation”", "It was so.")
    size = Image.open(io.BytesIO(first)).size

    assert size == (WIDTH, HEIGHT)
    assert len(first) < 60_000
    assert claim_picture("Figs", rating, "“a quotation”", "It was so.") == first
    kept = first + b"kept"
    assert claim_picture("Figs", rating, "“a quotation”", "It was so.", earlier=kept) is kept
    year = replace(rating, reason="wrong year")
    for other in (
        (year, "“a quotation”", "It was so."),
        (rating, "“b”", "It was so."),
        (rating, "“a quotation”", "No."),
    ):
        assert claim_picture("Figs", *other, earlier=kept) not in (kept, first)


def test_a_page_tells_when_the_claim_became_what_it_is(figs):
    steps = timelines(figs.dossier, ["E01"])
    html = claim_files(figs, "", [], {}, "", steps)["claims/E01.html"].decode()

    said = sentence(steps["E01"], figs.dossier.article)
    assert f'<h2 id="time">Over time</h2><p>{said}. <a href="../timeline.html">' in html
    assert f'aria-label="{said}"' in html
    assert "the dashed mark is" in html
    level = {"E01": steps["E01"][-1:]}
    assert "the dashed mark is" not in claim_files(figs, "", [], {}, "", level)["claims/E01.html"].decode()
    assert 'id="time"' not in claim_files(figs, "", [], {})["claims/E01.html"].decode()
