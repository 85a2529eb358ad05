"""JupyterLab itself in a real browser: every cell runs, a slider moves the verdict, cards look as on pages, a reader judges.

``make lab-check`` runs every notebook here (``CLAIMAUDIT_LAB=all``); the suite those that differ most in what they show.
"""

from __future__ import annotations

import csv
import json
import os
import re
import time

import pytest
from playwright.sync_api import expect

from browser import chromium, find_browser
from claimaudit.rated import Badge
from lab_server import ROOT, lab

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAIT = 240_000
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"
ALL = sorted(str(path.relative_to(ROOT)) for path in [*(ROOT / "notebooks").rglob("*.ipynb"), ROOT / "overview.ipynb"])
IN_SUITE = ("trade", "judge", "questions", "synthesis")
RUN = [
    name
    for name in ALL
    if os.environ.get("CLAIMAUDIT_LAB") == "all" or name.endswith(tuple(f"{n}.ipynb" for n in IN_SUITE))
]


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


def run_all(page, path):
    """Run, Run All Cells; then the saved notebook has run to its end without an error or a warning."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("#jp-mainmenu-run").get_by_text("Run All Cells", exact=True).click()
    until, code, failed = time.monotonic() + WAIT / 1000, [], []
    while time.monotonic() < until:
        page.wait_for_timeout(1000)
        page.keyboard.press("Control+s")
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except ValueError:  # read while it was written
            continue
        code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
        outputs = [(out, "".join(cell["source"])) for cell in code for out in cell["outputs"]]
        failed = [(out["evalue"], source) for out, source in outputs if out["output_type"] == "error"]
        failed += [(out["text"], source) for out, source in outputs if out.get("name") == "stderr"]
        if failed or all(cell["execution_count"] for cell in code):
            break
    assert failed == []
    assert all(cell["execution_count"] for cell in code), "not every cell was run in time"
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def test_the_overview_leads_to_a_notebook_whose_slider_moves_the_verdict(opened):
    server, page, asked, wrong = opened
    page.goto(server.open("overview.ipynb"))
    page.get_by_role("heading", name="An article audited").wait_for()
    run_all(page, server.files / "overview.ipynb")
    assert page.locator(f"{SHOWN} #claim-E14").count() == 1

    page.get_by_role("link", name="Trade with Iran and the corridor", exact=True).click()
    page.locator(f"{SHOWN} h1", has_text="Trade with Iran and the corridor").wait_for()
    run_all(page, server.files / "notebooks/economic/trade.ipynb")
    slider = page.locator(f"{SHOWN} .noUi-handle").first
    slider.scroll_into_view_if_needed()
    card = page.locator(f"{SHOWN} .jp-OutputArea:has(.noUi-handle) .ca-verdict:has(.ca-likely)").first
    before = card.text_content()
    assert re.search(r"\d% likely to hold", before)

    slider.focus()
    slider.press("Home")  # the lowest threshold: no share of trade is below it
    expect(card).not_to_have_text(before, timeout=WAIT)  # the widget draws a new card: a handle would be of the old
    after = card.text_content()
    label = re.compile(r"holds|wrong|disputed|open")
    assert label.search(before).group() != label.search(after).group()
    expect(page.locator(f"{SHOWN} .jp-OutputArea:has(.noUi-handle) code").last).to_have_text(
        "claimaudit build trade -p threshold 0.05", timeout=10_000
    )

    page.get_by_role("button", name="Reset").last.click()
    page.get_by_text("claimaudit build trade", exact=True).last.wait_for()
    expect(card).to_have_text(before, timeout=WAIT)

    assert wrong == []
    here = (server.address, server.address.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(here)] == []


@pytest.mark.parametrize("name", RUN)
def test_every_cell_of_a_notebook_runs(opened, name):
    server, page, _, _ = opened
    server.stop_kernels()
    page.goto(server.open(name))
    page.locator(f"{SHOWN} h1").first.wait_for()
    run_all(page, server.files / name)


LOOKS = """() => {
  const shown = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const look = (where, ...names) => {
    const style = getComputedStyle(shown.querySelector(where));
    return names.map((name) => style.getPropertyValue(name));
  };
  return {
    term: look(".ca-claim .ca-lines dt", "float"), answer: look(".ca-claim .ca-lines dd", "float", "padding-left", "margin-left"),
    marks: look(".ca-claim .ca-marks", "padding-left", "margin-left", "list-style-type"),
    words: look(".ca-claim", "color"), paper: look(".ca-claim", "background-color"),
    chart: look(".ca-turns svg text:last-of-type", "fill"), panel: look(".jp-OutputArea .ca-verdict", "color"),
  };
}"""


def test_cards_and_panels_look_as_on_pages_in_both_themes(opened):
    """JupyterLab has rules of its own for lists and terms; its dark theme turns words and paper about, in the panel's chart too."""
    server, page, _, _ = opened
    page.goto(server.open("notebooks/economic/trade.ipynb"))
    page.locator(f"{SHOWN} h1", has_text="Trade with Iran and the corridor").wait_for()
    run_all(page, server.files / "notebooks/economic/trade.ipynb")
    page.locator(f"{SHOWN} .ca-turns svg").wait_for(state="attached")
    light = page.evaluate(LOOKS)
    assert light["term"] == ["none"]
    assert light["answer"] == ["none", "0px", "0px"]
    assert light["marks"] == ["0px", "0px", "none"]
    assert light["chart"] == light["panel"] == light["words"]

    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator("#jp-mainmenu-settings").get_by_text("Theme", exact=True).hover()
    page.get_by_text("JupyterLab Dark", exact=True).click()
    page.locator("body[data-jp-theme-light='false']").wait_for(state="attached")
    page.wait_for_function(f"({LOOKS})().words[0] !== {json.dumps(light['words'][0])}")
    dark = page.evaluate(LOOKS)
    assert dark["chart"] == dark["panel"] == dark["words"]
    bright = {
        name: sum(map(int, re.findall(r"\d+", value[0])[:3]))
        for name, value in dark.items()
        if name in ("words", "paper")
    }
    assert bright["words"] > 500
    assert bright["paper"] < 200


def test_a_reader_judges_ten_claims_and_sees_where_we_differ(opened):
    """Played through: nothing is told before all are judged, nothing is overwritten unasked, answers stay as they were given."""
    server, page, _, wrong = opened
    folder = server.files / "notebooks"
    (folder / "labels.csv").write_text("mine\n")
    server.stop_kernels()
    page.goto(server.open("notebooks/judge.ipynb"))
    page.locator(f"{SHOWN} h1", has_text="Judge it yourself").wait_for()
    run_all(page, folder / "judge.ipynb")
    shown = page.locator(SHOWN)
    badges, levels = (shown.get_by_label(name, exact=True) for name in ("Badge", "Confidence"))
    expect(badges).to_have_count(10)
    expect(levels).to_have_count(10)
    assert shown.locator(".ca-badge, .ca-mark").count() == 0  # no rating of ours is on the page
    assert shown.get_by_text("claimaudit agree labels.csv").count() == 1  # what to do without widgets
    go, status = page.get_by_role("button", name="Save and compare"), shown.get_by_role("status")

    shown.locator(".widget-html").get_by_text(re.compile("^The evidence on ")).first.click()
    expect(shown.locator(".widget-html .ca-table").first).to_be_visible()
    for number in range(9):
        badges.nth(number).select_option("Unproven")
    expect(status).to_have_text("9 of 10 have a badge; the button waits for the rest.")
    expect(go).to_be_disabled()
    expect(levels.first).to_be_disabled()
    badges.nth(0).select_option("Right")
    levels.nth(0).select_option("strong")
    badges.nth(9).select_option("Right, but")
    shown.get_by_label("Your name").fill("Reader one")
    expect(go).to_be_enabled()

    go.click()
    expect(status).to_contain_text("labels.csv is there already and was not touched")
    assert (folder / "labels.csv").read_text() == "mine\n"
    assert shown.locator(".widget-html caption", has_text="Where we differ").count() == 0
    page.get_by_role("button", name="Replace it").click()
    expect(shown.locator(".widget-html caption", has_text="Where we differ")).to_be_visible()
    expect(shown.get_by_text(re.compile(r"\d+ of 10 claims alike"))).to_be_visible()
    expect(badges.first).to_be_disabled()

    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["badge"] for row in rows] == ["Right", *["Unproven"] * 8, "Right, but"]
    assert {row["reader"] for row in rows} == {"Reader one"}
    assert (rows[0]["confidence"], rows[1]["confidence"]) == ("strong", "")
    differing = shown.locator(".widget-html .ca-tabled", has_text="Where we differ").locator("tbody tr")
    assert 0 < differing.count() < 10
    for row in differing.all():
        assert any(badge.value in row.text_content() for badge in Badge)
    assert wrong == []
