"""JupyterLab itself in a real browser: the overview opens and leads on, a notebook runs, a slider moves the verdict."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser import chromium, find_browser
from lab_server import lab

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAIT = 240_000
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The server, and a page that keeps what it asked for and what it complained about."""
    find_browser()
    with lab(tmp_path_factory.mktemp("lab")) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(WAIT)
        asked, wrong = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield server, page, asked, wrong


def run_all(page):
    """Run, Run All Cells; then every output is there, and none of them is an error."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    failed = f"{SHOWN} [data-mime-type='application/vnd.jupyter.error']"
    page.locator(f"{SHOWN} .noUi-handle, {failed}").first.wait_for(state="attached")
    assert page.locator(failed).all_text_contents() == []
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    assert page.locator(f"{SHOWN} [data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def test_the_overview_leads_to_a_notebook_whose_slider_moves_the_verdict(opened):
    server, page, asked, wrong = opened
    page.goto(server.open("overview.ipynb"))
    page.get_by_role("heading", name="An article audited").wait_for()
    run_all(page)
    assert page.locator(f"{SHOWN} #claim-E14").count() == 1

    page.get_by_role("link", name="Trade with Iran and the corridor", exact=True).click()
    page.locator(f"{SHOWN} h1", has_text="Trade with Iran and the corridor").wait_for()
    run_all(page)
    slider = page.locator(f"{SHOWN} .noUi-handle").first
    slider.scroll_into_view_if_needed()
    card = page.locator(f"{SHOWN} .jp-OutputArea:has(.noUi-handle) .ca-verdict").first
    before = card.text_content()
    assert re.search(r"\d% likely to hold", before)

    slider.focus()
    slider.press("Home")  # the lowest threshold: no share of trade is below it
    expect(card).not_to_have_text(before, timeout=WAIT)  # the widget draws a new card: a handle would be of the old
    after = card.text_content()
    label = re.compile(r"holds|wrong|disputed|open")
    assert label.search(before).group() != label.search(after).group()
    assert page.get_by_text("claimaudit build trade -p threshold 0.1", exact=True).is_visible()

    page.get_by_role("button", name="Reset").last.click()
    page.get_by_text("claimaudit build trade", exact=True).last.wait_for()
    expect(card).to_have_text(before, timeout=WAIT)

    assert wrong == []
    here = (server.address, server.address.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(here)] == []
