"""The whole site, built once for real, then parsed and opened in a real browser with the network off."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.publish.report import broken_links
from claimaudit.run.notebooks import notebooks_of
from pages import SITE_FILES, Page, assert_self_contained
from samples import DATA

NAMES = [notebook.name for notebook in notebooks_of(DATA)]
PAGES = ["index", "codebook", "method", "sources", "corrections", *NAMES]

HEAVIEST = {"index": 133_600, "sources": 339_400, "method": 72_100, "codebook": 18_850, "corrections": 122_300}
"""Bytes of a page at most; of a report 439,800."""
SCREENS = {"index": 18, "method": 12, "codebook": 6, "sources": 10, "corrections": 8}
"""Screens of a phone that a page takes at most with its folds closed; a report 24."""

pytestmark = pytest.mark.slow


def test_every_file_is_there(site):
    pages = {f"{name}.html" for name in NAMES}
    assert {path.name for path in site.iterdir()} == {*SITE_FILES, "notebooks", "claims", *pages}
    assert {path.stem for path in (site / "notebooks").iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_complete_in_itself(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")

    assert_self_contained(html)
    assert broken_links(html) == []
    assert len(html.encode()) < HEAVIEST.get(name, 439_800)
    for path in (site, Path.home(), Path(__file__).parents[1]):
        assert f"{path}/" not in html


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_figure_leads_to_its_source(site, name):
    from provenance_walk import anchors, loose_figures

    pages = {path.name: anchors(path.read_text(encoding="utf-8")) for path in site.glob("*.html")}
    found = loose_figures((site / f"{name}.html").read_text(encoding="utf-8"), pages)

    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("name", NAMES)
def test_report_holds_what_a_reader_needs(site, name, project):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    page = Page(html)

    reviewed = [item["identifier"] for block in page.data for item in block["@graph"]]
    assert sorted(reviewed) == sorted(claim.claim_id for claim in project.topic(name))
    assert page.programs == []
    assert html.count("<figure") >= 2
    assert "explore.panel" not in html
    for claim in project.topic(name):
        assert f'id="claim-{claim.claim_id}"' in html


def test_index_lists_all_claims_and_leads_to_their_reports(site, project):
    html = (site / "index.html").read_text(encoding="utf-8")

    for claim in project.claims:
        assert claim.claim_id in html
        if claim.topic in NAMES:
            assert f'href="{claim.topic}.html#claim-{claim.claim_id}"' in html


def test_verdicts_are_complete(site, project):
    with (site / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    same = json.loads((site / "verdicts.json").read_text(encoding="utf-8"))

    assert list(rows[0]) == [
        "claim_id", "part_id", "role", "vintage", "as_of", "label", "conflict", "rating", "rating_reason", "probability",
        "low", "high", "likelihood_low", "likelihood_high", "confidence", "origins", "observations", "reason",
    ]  # fmt: skip
    keys = {(row["claim_id"], row["part_id"], row["vintage"]) for row in rows}
    for claim in project.claims:
        for vintage in ("at_publication", "hindsight"):
            assert (claim.claim_id, "", vintage) in keys
            for part in claim.parts:
                assert (claim.claim_id, part.part_id, vintage) in keys
    assert len(keys) == len(rows) == len(same["verdicts"])
    known = set(project.observations.index)
    assert {name for row in rows for name in row["observations"].split(";") if name} <= known


def test_the_same_inputs_give_the_same_bytes(site, tmp_path):
    name = NAMES[0]
    done = CliRunner().invoke(main, ["build", name, "--out", str(tmp_path), "--quiet"], catch_exceptions=False)

    assert done.exit_code == 0
    for file in (f"{name}.html", f"notebooks/{name}.ipynb", "verdicts.csv", "verdicts.json"):
        assert _digest(tmp_path / file) == _digest(site / file), file


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_opens_offline_without_a_request_or_an_error(site, browser, name):
    """No request but the file itself, no console message, nothing wider than a phone, every picture drawn."""
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    requests, messages = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto((site / f"{name}.html").as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    screens = page.evaluate("document.documentElement.scrollHeight") / 844
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    sideways = page.evaluate(
        """[...document.querySelectorAll("body *")].filter(item => item.scrollWidth > item.clientWidth + 1 && item.clientWidth > 0
        && item.checkVisibility() && /auto|scroll/.test(getComputedStyle(item).overflowX))
        .map(item => item.outerHTML.slice(0, 80))"""
    )
    drawn = page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    title = page.locator("h1").inner_text()
    context.close()

    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in requests) == 1
    assert messages == []
    assert wide <= 0
    assert sideways == []
    assert 1 < screens <= SCREENS.get(name, 24)
    assert drawn
    assert title


@pytest.mark.browser
def test_index_leads_to_the_claim_in_its_report(site, browser):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator('a[href="munitions.html#claim-M02"]').first.click()

    assert page.url.endswith("munitions.html#claim-M02")
    assert page.locator("#claim-M02").is_visible()
    page.close()


NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1280, "height": 800}


@pytest.mark.browser
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desktop"])
@pytest.mark.parametrize("way", ["focus", "hover"])
def test_a_figure_shows_its_source_whole_and_beside_itself(site, browser, size, way):
    page = browser.new_page(viewport=size)
    page.goto((site / "munitions.html").as_uri())
    cite = page.locator(".ca-conclusion .ca-cite").first
    link, note = cite.locator("a"), cite.locator(".ca-note")
    assert not note.is_visible()

    link.scroll_into_view_if_needed()
    getattr(link, way)()

    box = note.bounding_box()
    assert note.is_visible()
    assert "grade " in note.inner_text()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size["height"]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desktop"])
def test_activating_a_figure_lands_on_its_row_in_an_opened_fold(site, browser, size):
    page = browser.new_page(viewport=size)
    page.goto((site / "munitions.html").as_uri())
    link = page.locator(".ca-conclusion .ca-cite a").first
    target = page.locator(f'[id="{link.get_attribute("href")[1:]}"]')
    assert not target.is_visible()

    link.focus()
    page.keyboard.press("Enter")
    target.wait_for(state="visible")

    box = target.bounding_box()
    assert target.is_visible()
    assert 0 <= box["y"] < size["height"]
    source = target.locator("xpath=../tr/th[@scope='rowgroup']//a").first
    assert source.get_attribute("href").startswith("https://")
    page.close()


@pytest.mark.browser
def test_a_rating_opens_what_it_was_worked_out_from(site, browser, project):
    """A click shows the printed parts, one more on a part the independent sources on it."""
    part = project.claim("M02").parts[0].part_id
    page = browser.new_page(viewport=WIDE)
    page.goto((site / "munitions.html").as_uri())
    parts, independent_sources = page.locator("#from-M02"), page.locator(f"[id='from-{part}'] table")
    assert not parts.is_visible()

    page.locator("#claim-M02").get_by_role("link", name="How likely it is so").click()
    parts.wait_for(state="visible")
    assert not independent_sources.is_visible()
    parts.locator("summary").first.click()
    independent_sources.wait_for(state="visible")

    assert independent_sources.locator("a[href^='#row-']").first.is_visible()
    page.close()


@pytest.mark.browser
def test_on_paper_notes_and_code_are_hidden_and_folds_stay_as_the_reader_left_them(site, browser):
    page = browser.new_page(viewport=WIDE)
    page.goto((site / "munitions.html").as_uri())
    page.locator(".ca-conclusion .ca-cite a").first.focus()
    page.emulate_media(media="print")

    assert not page.locator(".ca-conclusion .ca-note").first.is_visible()
    row = page.locator("tr[id^='row-']").first
    assert not row.is_visible()
    assert not page.locator(".code").first.is_visible()
    row.evaluate(
        "row => { for (let at = row; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true }"
    )
    assert row.is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_the_first_card_stands_within_two_screens_and_code_is_hidden_until_asked_for(site, browser, name):
    page = browser.new_page(viewport=WIDE)
    page.goto((site / f"{name}.html").as_uri())
    top = page.evaluate("document.querySelector('.ca-claim').getBoundingClientRect().top + scrollY")
    assert top < 2 * WIDE["height"]
    assert page.locator(".code:visible").count() == 0
    page.get_by_label("Show the code of this page").check()
    assert page.locator(".code:visible").count() > 0
    page.close()


@pytest.mark.browser
def test_the_longest_report_prints_on_twenty_sheets(site, browser):
    page = browser.new_page()
    page.goto((site / "industry.html").as_uri())
    sheets = len(re.findall(rb"/Type /Page\b", page.pdf(format="A4")))
    page.close()

    assert 5 < sheets <= 20


@pytest.mark.browser
def test_the_longest_report_is_short_to_scan_on_a_phone(site, browser):
    page = browser.new_page(viewport=NARROW)
    page.goto((site / "prices.html").as_uri())

    assert page.evaluate("document.documentElement.scrollHeight") < 20_000
    page.close()
