"""Marks of charts in a real browser, by keyboard and by pointer: what they tell is seen, whole, at its mark; then it is gone."""

from __future__ import annotations

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from claimaudit.publish.report import export
from claimaudit.show.charts import figures, forms
from marked import bars, told_by
from page_checks import accessibility_faults

LONG = "\nQuarterly bulletin of the harbour board (repost), 14 December 2023; grade C3" * 3
WIDTHS = {"phone": 390, "desk": 1280}

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chart-pages")]


def ranges():
    figure, ax = figures.chart("Ranges by season", "crates")
    frame = pd.DataFrame({"what": ["spring", "winter"], "low": [5.0, 91], "mid": [6.0, 95], "high": [7.0, 99]})
    forms.intervals(ax, frame, "what", "low", "mid", "high")
    told_by(ax, lambda n: f"row-fig.{n}\n{frame['what'][n]}: {frame['mid'][n]:.0f} crates{LONG}")
    return figure


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A page with a chart of 14 bars, one of two ranges at the edges with long words, and the rows that they lead to."""
    shown = [figures.finish(figure, alt=alt, sources=links("Customs house")).text for figure, alt in drawn()]
    shown.append("".join(f'<p id="row-fig.{n}">row {n}</p>' for n in range(14)))
    cells = [new_code_cell("x", outputs=[new_output("display_data", {"text/html": html})]) for html in shown]
    found = tmp_path_factory.mktemp("marks") / "marks.html"
    found.write_text(export(new_notebook(cells=cells), title="Marks"), encoding="utf-8")
    return found


def drawn():
    return (bars(14), "Bars of crates"), (ranges(), "Ranges of crates")


def links(text):
    from claimaudit.html import tag

    return tag("a", text, href="#row-fig.0")


@pytest.fixture
def opened(browser, path):
    contexts = []

    def open_(width="desk", scheme="light", style="", page_path=path):
        size = {"width": WIDTHS[width], "height": 800}
        context = browser.new_context(offline=True, viewport=size, color_scheme=scheme, bypass_csp=True)
        contexts.append(context)
        page = context.new_page()
        page.goto(page_path.as_uri())
        page.evaluate("document.fonts.ready.then(() => 0)")
        if style:
            page.add_style_tag(content=style)
        return page

    yield open_
    for context in contexts:
        context.close()


SEEN = """plot => {
  const own = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.ca-told span')].map((item, place) => [item, place]).filter(([item]) => {
    const style = getComputedStyle(item);
    return style.opacity > 0.99 && style.visibility === 'visible' && item.checkVisibility();
  }).map(([item, place]) => {
    const box = item.getBoundingClientRect(), link = item.parentElement.getBoundingClientRect();
    const pile = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const above = pile.slice(0, pile.indexOf(item)); // links alone, of which nothing is seen
    const rest = [box.left - own.left, own.right - box.right, box.top, innerHeight - box.bottom];
    const apart = Math.max(link.top - box.bottom, box.top - link.bottom);
    const over = pile.includes(item) && above.every(one => one.matches('.ca-told a'));
    return {
      place, words: item.innerText, over, rest: Math.min(...rest), apart: Math.abs(apart),
      cut: item.scrollWidth > item.clientWidth + 1 || item.scrollHeight > item.clientHeight + 1,
      ring: getComputedStyle(item.parentElement).outlineStyle,
    };
  });
}"""
"""What is seen of what the marks of a plot tell, and how far within the plot and the window."""


def faults_by_keyboard(page, number):
    """What goes wrong as a reader tabs through the marks of a chart: blank where each in turn is told, whole, at its mark."""
    plot = page.locator(".ca-plot").nth(number)
    names = plot.locator(".ca-told a").all_text_contents()
    plot.evaluate("plot => { plot.tabIndex = -1; plot.focus({preventScroll: true}); }")
    wrong, reached = [], []
    for _ in range(len(names) + 2):
        page.keyboard.press("Tab")
        seen = plot.evaluate(SEEN)
        active = page.evaluate("document.activeElement.closest('.ca-told') && document.activeElement.textContent")
        if not active:
            wrong += [f"still seen: {one['words']}" for one in seen]
            continue
        reached.append(active)
        if [" ".join(one["words"].split()) for one in seen] != [" ".join(active.split())]:
            wrong.append(f"at {active!r} is seen {seen}")
        wrong += [f"not whole or not at its mark: {one}" for one in seen if not whole(one)]
        wrong += [f"no ring: {active}" for one in seen if one["ring"] != "solid"]
    return wrong if reached == names else [*wrong, f"reached {reached} of {names}"]


def whole(one):
    return one["rest"] >= -1 and one["apart"] <= 1 and one["over"] and not one["cut"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("number", [0, 1])
def test_tab_goes_from_mark_to_mark_and_each_is_told(opened, width, number):
    assert faults_by_keyboard(opened(width), number) == []


@pytest.mark.parametrize(
    "planted",
    [
        ".ca .ca-told span { opacity: 0 !important; }",  # never seen
        ".ca .ca-told span { opacity: 1 !important; }",  # always seen
        ".ca .ca-told span { max-width: none !important; white-space: pre !important; }",  # too wide for the plot
        ".ca .ca-told span { position-area: none !important; inset: auto 0 -4000px auto !important; }",  # elsewhere
        ".ca .ca-told span { height: 1rem; overflow: hidden; }",  # cut off
        ".ca .ca-told a { outline: 0 !important; }",  # no ring
        ".ca .ca-told li:nth-child(2) { visibility: hidden; }",  # a mark that cannot be reached
        ".ca .ca-plot .ca-told { z-index: -1; }",  # beneath what is drawn
        ".ca .ca-told span { position-try-fallbacks: none; margin-top: -3rem; }",  # over its own mark
    ],
)
def test_a_fault_in_what_is_told_would_be_found(opened, planted):
    assert faults_by_keyboard(opened("phone", style=planted), 1) != []


POINTS = """number => {
  const shown = [...document.querySelectorAll('.ca-plot')][number].querySelectorAll('svg');
  const own = [...shown].find(item => item.checkVisibility());
  return [...own.querySelectorAll('text')].filter(item => /^1\\d\\d|^200/.test(item.textContent.trim())).map(item => {
    const box = item.getBoundingClientRect();
    return [item.textContent.trim(), box.left - 12, box.top + box.height / 2];
  });
}"""
"""Where the bars end, by the figures that stand beside them."""


def told_under_pointer(page):
    """The figure of each bar, and what is seen while the pointer is at its end."""
    page.locator(".ca-plot").first.scroll_into_view_if_needed()
    found = []
    for figure, x, y in page.evaluate(POINTS, 0):
        page.mouse.move(x, y)
        seen = page.locator(".ca-plot").first.evaluate(SEEN)
        found.append((figure, [one["words"] for one in seen if whole(one)]))
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pointer_on_a_bar_shows_what_that_bar_tells(opened, width):
    found = told_under_pointer(opened(width))

    assert len(found) == 14
    assert [figure for figure, words in found if len(words) != 1 or f": {figure} crates." not in words[0]] == []


@pytest.mark.parametrize(
    "planted", [".ca .ca-told li { padding: 0 !important; }", ".ca .ca-told a { pointer-events: none; }"]
)
def test_a_link_that_is_not_at_its_mark_would_be_found(opened, planted):
    found = told_under_pointer(opened("desk", style=planted))

    assert [figure for figure, words in found if len(words) != 1 or f": {figure} crates." not in words[0]] != []


def test_what_is_told_stays_while_the_pointer_goes_onto_it_and_leaves_with_it(opened):
    page = opened()
    plot = page.locator(".ca-plot").nth(1)
    link, words = plot.locator(".ca-told a").first, plot.locator(".ca-told span").first
    link.hover()
    at, box = link.bounding_box(), words.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, box["y"] + box["height"] - 5, steps=8)
    assert [one["place"] for one in plot.evaluate(SEEN)] == [0]

    page.mouse.move(2, 2)
    assert plot.evaluate(SEEN) == []


def test_enter_on_a_mark_leads_to_its_row(opened):
    page = opened()
    page.locator(".ca-told a").nth(5).focus()
    page.keyboard.press("Enter")

    assert page.url.endswith("#row-fig.5")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_chart_can_be_skipped_and_a_short_one_has_no_more_stops_than_marks(opened, width):
    """No stop is in a drawing, shown or hidden."""
    page = opened(width)
    stops = """number => [...document.querySelectorAll('figure')][number].querySelectorAll('a, [tabindex]').length"""
    assert page.evaluate(stops, 0) == 1 + 14 + 1  # the way past it, its marks, its source
    assert page.evaluate(stops, 1) == 2 + 1
    assert page.locator("svg a, svg [tabindex]").count() == 0

    skip = page.get_by_role("link", name="Skip 14 marks of the chart")
    assert skip.bounding_box()["width"] <= 1
    skip.focus()
    assert skip.bounding_box()["width"] > 100
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Customs house"


def test_who_listens_hears_the_finding_then_each_mark_as_a_link(opened):
    page = opened()

    assert page.get_by_role("img", name="Ranges of crates").count() == 1
    marks = page.get_by_role("list", name="Marks and their sources").last.get_by_role("link")
    assert marks.count() == 2
    name = f"spring: 6 crates {' '.join(LONG.split())}"
    assert page.get_by_role("link", name=name, exact=True).count() == 1
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_told_stands_on_a_ground_of_its_own(opened, scheme):
    page = opened("phone", scheme)
    page.locator(".ca-told a").first.focus()
    ink, ground = page.locator(".ca-told span").first.evaluate(
        "item => { const style = getComputedStyle(item); return [style.color, style.backgroundColor]; }"
    )

    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 28, 34)"}[scheme]
    assert contrast(ink, ground) >= 7


def contrast(one, other):
    def light(colour):
        parts = [float(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_on_paper_nothing_of_it_is_left(opened):
    page = opened()
    page.locator(".ca-told a").first.focus()
    page.emulate_media(media="print")

    assert page.locator(".ca-told:visible").count() == 0
    assert page.locator(".ca-plot [role=img]:visible").count() == 2


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["industry", "drones", "prices"])
def test_every_mark_of_a_report_is_told_within_its_plot(site, opened, name, width):
    page = opened(width, page_path=site / f"{name}.html")
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    told = page.evaluate(
        "[...document.querySelectorAll('.ca-plot')].map(plot => plot.querySelector('.ca-told') !== null)"
    )

    assert sum(told) >= 2
    for number, holds in enumerate(told):
        assert not holds or faults_by_keyboard(page, number) == []
