"""Every page as people open it: phone and desk, light and dark, keyboard alone, on paper; checked by axe and Nu."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from claimaudit.publish.clean import CONTENT
from claimaudit.run.notebooks import notebooks_of
from page_checks import accessibility_faults, html_faults
from samples import DATA

PAGES = [
    "index",
    "codebook",
    "claims/M07",
    "method",
    "sources",
    "corrections",
    "changes",
    "timeline",
    *(notebook.name for notebook in notebooks_of(DATA)),
]
WIDTHS = {"phone": 360, "desk": 1280}

pytestmark = pytest.mark.slow


@contextmanager
def opened(browser, path, width=1280, **options):
    """A page opened with the network off, and what it asked for and complained about."""
    context = browser.new_context(offline=True, viewport={"width": width, "height": 800}, **options)
    page = context.new_page()
    page.wrong = []
    page.on("console", lambda message: page.wrong.append(message.text))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("dialog", lambda dialog: page.wrong.append(dialog.message))
    page.on("request", lambda request: None if request.url.startswith("data:") else page.wrong.append(request.url))
    try:
        page.goto(path.as_uri())
        assert page.wrong.pop(0) == path.as_uri()
        yield page
    finally:
        context.close()


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [("phone", "dark"), ("desk", "light")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site, browser, name, width, scheme):
    path = site / f"{name}.html"
    with opened(browser, path, WIDTHS[width], color_scheme=scheme, bypass_csp=True) as page:
        assert too_wide(page) <= 0
        assert accessibility_faults(page) == []
        assert page.wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_other_widths_and_schemes_and_paper(site, browser, name):
    """The two pairs axe does not see, and the layout for print: nothing wider than its page, folded parts open or left out."""
    with opened(browser, site / f"{name}.html", WIDTHS["phone"], color_scheme="light") as page:
        assert too_wide(page) <= 0
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 800})
        page.emulate_media(color_scheme="dark")
        assert too_wide(page) <= 0
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        page.set_viewport_size({"width": 720, "height": 1000})  # a sheet of A4 less its margins
        page.emulate_media(media="print", color_scheme="light")
        assert too_wide(page) <= 0
        assert page.locator("h1").is_visible()
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 800})  # a wide sheet
        left = "name => document.querySelector(name).getBoundingClientRect().left"
        assert page.evaluate(left, ".foot > p") == page.evaluate(left, "h1")
        assert page.wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_the_heads_of_cards_stand_on_a_line(site, browser, name):
    """What leads on from a card stays beside its rating on a desk, however long the reason."""
    with opened(browser, site / f"{name}.html") as page:
        astray = page.evaluate("""() => [...document.querySelectorAll('.ca-claim .ca-head')].filter(head => {
          const seen = [...head.children].filter(item => item.getBoundingClientRect().height);
          const middles = seen.map(item => item.getBoundingClientRect()).map(box => (box.top + box.bottom) / 2);
          return Math.max(...middles) - Math.min(...middles) > 6;
        }).map(head => head.innerText)""")
        assert astray == []


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "trade"])
def test_the_keyboard_reaches_what_can_be_used(site, browser, name):
    """The first stop skips to the text; every stop is seen and marked; no stop is a trap."""
    with opened(browser, site / f"{name}.html") as page:
        stops = []
        for _ in range(25):
            page.keyboard.press("Tab")
            stops.append(
                page.evaluate("""() => {
                  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
                  return [at.outerHTML.slice(0, 120), style.outlineStyle !== 'none' || style.boxShadow !== 'none',
                          box.width > 0 && box.height > 0, at.getAttribute('href')];
                }""")
            )
        assert stops[0][3] == f"#{CONTENT}"
        assert len({stop[0] for stop in stops}) >= 20
        assert [stop for stop in stops if not (stop[1] and stop[2])] == []
        page.goto((site / f"{name}.html").as_uri())
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith(f"#{CONTENT}")


def test_the_nu_checker_finds_no_error(site, tmp_path):
    assert html_faults([site / f"{name}.html" for name in PAGES]) == []

    planted = tmp_path / "planted.html"
    planted.write_text('<!DOCTYPE html><html lang="en"><title>x</title><p><div role="nothing"></p>', encoding="utf-8")
    assert len(html_faults([planted])) >= 2


@pytest.mark.browser
def test_axe_would_find_a_fault(browser, tmp_path):
    planted = tmp_path / "planted.html"
    planted.write_text(
        '<!DOCTYPE html><html><title>x</title><img src="data:,"><p style="color:#ccc">Too faint to read</p>',
        encoding="utf-8",
    )
    with opened(browser, planted, bypass_csp=True) as page:
        found = " ".join(accessibility_faults(page))

    for rule in ("html-has-lang", "image-alt", "color-contrast"):
        assert rule in found
