"""Charts and tables in a real browser, network off: phone and desk, light and dark, on paper."""

from __future__ import annotations

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from claimaudit.publish.report import export
from claimaudit.show.charts import figures
from claimaudit.show.html_tables import table
from test_charts import FORMS, draw

WIDE = pd.DataFrame(
    {
        name: ["a cell with some words in it", "and another"]
        for name in ("spring", "summer", "autumn", "winter", "the whole year", "the year before")
    }
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chart-pages")]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    shown = [figures.finish(draw(form)[0], alt=f"what {form} show", data="a\n1\n").text for form in FORMS]
    shown += [table(WIDE, "A wide table").text, WIDE.to_html(), WIDE.iloc[:, :2].to_html()]
    cells = [new_code_cell("x", outputs=[new_output("display_data", {"text/html": html})]) for html in shown]
    found = tmp_path_factory.mktemp("charts") / "charts.html"
    found.write_text(export(new_notebook(cells=cells), title="Charts"), encoding="utf-8")
    return found


@pytest.fixture
def opened(browser, path):
    contexts = []

    def open_(width, scheme="light"):
        context = browser.new_context(offline=True, viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.messages = []
        page.on("console", lambda message: page.messages.append(message.text))
        page.goto(path.as_uri())
        page.evaluate("document.fonts.ready.then(() => 0)")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "shown"), [(390, "ca-narrow"), (1280, "ca-wide")])
def test_one_drawing_is_shown_with_every_text_inside_it(opened, width, shown):
    page = opened(width)
    beyond = page.evaluate(
        """shown => [...document.querySelectorAll(`svg.${shown}`)].flatMap(svg => {
          const own = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text, path')].filter(item => {
            const box = item.getBoundingClientRect();
            return box.left < own.left - 1 || box.right > own.right + 1 || box.top < own.top - 1 || box.bottom > own.bottom + 1;
          }).map(item => item.outerHTML.slice(0, 120));
        })""",
        shown,
    )

    assert page.locator(f"svg.{shown}:visible").count() == len(FORMS)
    assert page.locator("figure svg:visible").count() == len(FORMS)
    assert beyond == []
    assert page.messages == []


@pytest.mark.parametrize("width", [390, 700, 1280])
def test_nothing_scrolls_sideways(opened, width):
    page = opened(width)
    wide = page.evaluate(
        """[...document.querySelectorAll('html, .output, .ca-scroll, .ca-plot')]
             .filter(item => item.scrollWidth > item.clientWidth + 1).map(item => item.outerHTML.slice(0, 120))"""
    )

    assert wide == []


def test_on_a_phone_cells_of_wide_tables_are_named(opened):
    page = opened(390)
    named = """[...document.querySelectorAll('table')].map(item => {
      const cell = item.querySelector('tbody td');
      return getComputedStyle(cell).display === 'block' && getComputedStyle(cell, '::before').content;
    })"""

    ours, plain, small = page.evaluate(named)
    assert ours == '"Summer: "'
    assert plain == '"spring: "'
    assert small is False


def test_a_figure_that_heads_its_row_is_named_and_set_as_its_column():
    """Alone on a phone's line it would say nothing; under a head set flush right it would stand apart from it."""
    html = table(pd.DataFrame({"before": [55.0], "after": [40.0], "fall": [15.0], "sure": [97.0]}), "The fall").text
    named = table(pd.DataFrame({"who": ["One"], "after": [40.0], "fall": [15.0], "sure": [97.0]}), "The fall").text

    assert '<th scope="row" data-label="Before" class="ca-number">55</th>' in html
    assert '<th scope="row">One</th>' in named


def test_text_of_a_chart_is_found_on_the_page_and_set_in_its_font(opened):
    page = opened(1280)

    assert page.evaluate("window.find('a much longer name of a partner')")
    assert page.evaluate("window.find('$5bn')")
    assert page.evaluate("[...document.fonts].map(font => font.family + ' ' + font.status)") == ["ca-chart loaded"]


def test_in_the_dark_nothing_light_is_large_and_words_are_read(opened):
    page = opened(1280, "dark")
    found = page.evaluate(
        """() => {
          const light = colour => {
            const part = colour.match(/[\\d.]+/g).map(Number);
            const linear = part.slice(0, 3).map(n => { n /= 255; return n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
          };
          const words = [...document.querySelectorAll('svg.ca-wide text')];
          const shapes = [...document.querySelectorAll('svg.ca-wide path')];
          const fill = item => getComputedStyle(item).fill;
          const area = item => { const box = item.getBBox(); return box.width * box.height; };
          return [
            shapes.filter(item => fill(item) !== 'none' && area(item) > 3000 && light(fill(item)) > 0.6).length,
            words.map(item => light(fill(item))),
          ];
        }"""
    )
    grounds = page.evaluate(
        "[...document.querySelectorAll('figure, .ca-plot, svg.ca-wide')].map(item => getComputedStyle(item).backgroundColor)"
    )

    assert found[0] == 0
    assert set(grounds) == {"rgba(0, 0, 0, 0)"}
    assert len([light for light in found[1] if light > 0.2]) > 0.9 * len(found[1])


def test_on_paper_charts_are_wide_dark_on_white(opened):
    page = opened(1280, "dark")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})

    assert page.locator("svg.ca-wide:visible").count() == len(FORMS)
    assert page.evaluate("getComputedStyle(document.querySelector('svg.ca-wide .s1')).stroke") == "rgb(20, 64, 107)"
