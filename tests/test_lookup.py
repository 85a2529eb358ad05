"""What an analyst looks up in a cell: claims, evidence and sources, each as it stands in the dossier."""

from __future__ import annotations

import subprocess
import sys
from html import unescape

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError
from claimaudit.show.lab.lookup import article, claim, evidence, source
from samples import write_dossier


def test_the_article_is_shown_with_what_the_dossier_holds(tmp_path):
    shown = article(Dossier.load(write_dossier(tmp_path))).text

    assert 'href="https://example.org/figs"' in shown
    assert "A. Writer, The Harbour Post, 14 March 2023." in shown
    assert "The dossier of 1 June 2024: 2 claims, 3 parts, 6 observations, 3 sources." in shown


def test_a_claim_shows_its_card_with_its_rating(project, audited):
    shown = claim("e14", project).text

    assert 'id="claim-E14"' in shown
    rating = audited("trade").verdict("E14").rating
    assert f"{rating.badge.value}</span>" in shown
    assert rating.reason in unescape(shown)


def test_a_part_shows_who_says_what_on_it(project):
    shown = claim("E14.latest", project).text

    assert "Independent sources at publication" in shown
    assert "Independent sources in hindsight" in shown


def test_evidence_is_that_of_the_claim_alone(tmp_path):
    known = Dossier.load(write_dossier(tmp_path))

    assert 'id="row-fig.customs"' in evidence("E01", known).text
    assert 'id="row-ferry.gun"' not in evidence("E01", known).text
    assert 'id="row-fig.named"' not in evidence("E01.number", known).text
    assert 'id="row-ferry.gun"' in evidence("M01", known).text


def test_a_source_shows_what_it_is_and_every_figure_taken_from_it(tmp_path):
    shown = source("gazette-2023", Dossier.load(write_dossier(tmp_path))).text

    assert "Figs &amp; &lt;b&gt;fables&lt;/b&gt;" in shown
    assert 'href="https://example.org/gazette?a=1&amp;b=2"' in shown
    assert "reliability C, read as: excerpt" in shown
    for row in ("fig.gazette", "fig.named", "ferry.gun"):
        assert row in shown
    assert "fig.customs" not in shown


def test_words_lead_to_one_source_or_to_a_list_of_several(tmp_path):
    known = Dossier.load(write_dossier(tmp_path))

    assert "3 figures taken from it" in source("figs the gazette", known).text
    assert "Audit of the harbour" in source("2024", known).text
    shown = source("OF the", known).text
    assert "2 sources with &#x27;OF the&#x27;" in shown
    assert "audit-2024" in shown
    assert "customs-2022" in shown
    assert "gazette-2023" not in shown


def test_words_lead_to_the_rows_that_hold_them_all(tmp_path):
    known = Dossier.load(write_dossier(tmp_path))
    shown = evidence("recount FIRE", known).text

    assert "1 row with &#x27;recount FIRE&#x27;" in shown
    assert "fig.audit" in shown
    assert "Audit of the harbour" in shown


@pytest.mark.parametrize(
    ("look", "name", "said"),
    [
        (claim, "E114", "did you mean 'E14'"),
        (claim, "E14.lates", "did you mean 'E14.latest'"),
        (evidence, "M99", "unknown claim 'M99'"),
        (source, "moscowtimes-skynevs-20221109", "did you mean 'moscowtimes-skynews-20221109'"),
        (source, "xyzzy", "unknown source 'xyzzy'"),
        (evidence, "xyzzy", "no row holds 'xyzzy'"),
    ],
)
def test_an_unknown_name_suggests_near_ones(project, look, name, said):
    with pytest.raises(UnknownNameError) as caught:
        look(name, project)

    assert said in str(caught.value)


def test_importing_the_package_alone_loads_nothing_heavy():
    code = "import claimaudit, sys; sys.exit('pandas' in sys.modules or 'matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
