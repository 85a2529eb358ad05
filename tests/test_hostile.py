"""A dossier whose texts are hostile builds, shows them as text, and runs nothing in a real browser."""

from __future__ import annotations

import csv
import shutil
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError
from claimaudit.show.lab.explore import panel
from claimaudit.show.lab.lookup import article, claim, evidence, source
from hostile import SIGN, hostile_dossier
from pages import Page
from russia_iran.military.munitions import Parameters

REPORTS = ("munitions", "synthesis")
PAGES = (*REPORTS, "index", "method", "sources", "corrections")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return hostile_dossier(tmp_path_factory.mktemp("hostile") / "data")


@pytest.fixture(scope="module")
def built(dossier):
    """A topic's report, the synthesis and all pages around them."""
    out = dossier.parent / "site"
    arguments = ["build", *REPORTS, "--dossier", str(dossier), "--out", str(out), "--quiet"]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)

    assert done.exit_code == 0, done.output
    return out


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without-policy"])
def test_nothing_runs_loads_or_asks(built, browser, name, guarded):
    """With the page's policy and, to see that the escaping alone holds, without it."""
    context = browser.new_context(offline=True, bypass_csp=not guarded)
    page = context.new_page()
    asked, told = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto((built / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    page.mouse.move(300, 300)
    links = page.evaluate("[...document.querySelectorAll('a')].map(link => link.getAttribute('href')).filter(Boolean)")
    ran = page.evaluate("'ran' in window")
    text = page.evaluate("document.body.textContent")
    context.close()

    assert not ran
    assert told == []
    assert [url for url in asked if not url.startswith("data:")] == [(built / f"{name}.html").as_uri()]
    links = [
        link for link in links if not link.startswith("data:text/csv;base64,")
    ]  # a chart's figures, kept as a file
    assert not [link for link in links if urlsplit(link).scheme not in ("", "https", "http", "mailto")]
    assert SIGN in text or name in ("method", "corrections")  # these two quote no source


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_make_no_element_and_no_handler(built, name):
    page = Page((built / f"{name}.html").read_text(encoding="utf-8"))

    assert not {"iframe", "object", "embed", "form", "base"} & set(page.tags)
    for tag, found in page.elements:
        assert not [attribute for attribute in found if attribute.startswith("on")], tag
        assert "javascript:" not in found.get("href", ""), tag
        assert tag != "img" or found["src"].startswith("data:image/")


def test_hostile_texts_stay_in_their_cells_of_the_verdicts(built):
    with (built / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert {len(row) for row in csv.DictReader(file)} == {18}


def test_cells_of_a_notebook_show_them_as_text(dossier):
    known = Dossier.load(dossier)
    shown = [
        article(known).text,
        claim("M02", known).text,
        evidence("M02", known).text,
        source(str(known.sources.index[0]), known).text,
    ]
    left, right = panel("munitions", known, Parameters(), "M01.fits", {"containers": (50, 1000, 10)}).children
    shown += [child.value for child in (*left.children[-1:], *right.children)]

    for html in shown:
        page = Page(html)
        assert not {"script", "iframe"} & set(page.tags)
        assert not [name for _, found in page.elements for name in found if name.startswith("on")]
        assert not [found for _, found in page.elements if found.get("href", "").startswith("javascript:")]
    assert sum(SIGN in html for html in shown) >= 4


def test_an_address_that_is_code_is_refused_with_the_dossier(dossier, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(dossier, folder)
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    table[0]["url"] = "javascript:window.ran=1"
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)

    with pytest.raises(DossierError, match=r"sources\.csv:2: url: 'javascript:window\.ran=1' is no web address"):
        Dossier.load(folder)
