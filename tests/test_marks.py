"""Marks of a chart as a list of links over both drawings: each once, in order, where its mark stands, none in the picture."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from matplotlib.transforms import Bbox

from claimaudit.show.charts import figures, forms
from claimaudit.show.charts.marks import marks_told
from claimaudit.show.charts.svg import APART, TELL, Drawing
from marked import bars, told_by
from pages import Page


def test_each_mark_is_one_link_to_its_row_named_by_its_words():
    html = figures.finish(bars(3), alt="Bars", sources="Customs").text

    assert re.findall(r'<a href="#([^"]*)"><span>([^<]*)</span></a>', html) == [
        (f"row-fig.{place}", f"Port {place}: {200 - place} crates. Customs house, 2 March 2023; grade B2")
        for place in range(3)
    ]
    assert html.count("200 crates. Customs") == 1
    assert "<title>" not in html


def test_the_picture_holds_nothing_that_can_be_focused_and_the_list_stands_outside_it():
    """What is in an image is not told by a screen reader: a link in it would be a stop without a name."""
    html = figures.finish(bars(3), alt="Bars of crates", sources="Customs").text
    picture, _, rest = html.partition('<ul class="ca-told"')

    assert 'role="img" aria-label="Bars of crates"' in picture
    assert "<a " not in picture
    assert picture.count("<div") == picture.count("</div>") + 1  # the plot alone is still open
    assert rest.count("<li ") == 3


def test_marks_that_tell_the_same_are_one_link_around_all():
    figure, ax = figures.chart("Two points")
    ax.plot([0, 10], [0, 10], "o", gid=f"{TELL}row-a\nboth")
    html = figures.finish(figure, alt="x").text
    top, right, bottom, left = insets(html)[0]

    assert html.count("<li ") == 1
    assert right + left < 30
    assert top + bottom < 30


def test_of_many_points_each_has_its_own_link_from_left_to_right():
    figure, ax = figures.chart("Three points")
    told = APART.join(f"row-{name}\n{name}" for name in "cab")
    ax.plot([3, 1, 2], [1, 2, 3], "o", gid=TELL + told)
    html = figures.finish(figure, alt="x").text
    lefts = [left for _, _, _, left in insets(html)]

    assert re.findall(r"<span>(\w)</span>", html) == ["a", "b", "c"]
    assert lefts == sorted(lefts)


def test_a_mark_that_is_beyond_the_plot_has_no_link():
    figure, ax = figures.chart("One within")
    ax.plot([1, 9], [1, 1], "o", gid=TELL + APART.join(["row-in\nwithin", "row-out\nbeyond"]))
    ax.set_xlim(0, 2)
    html = figures.finish(figure, alt="x").text

    assert "within" in html
    assert "beyond" not in html


def test_rows_are_gone_through_from_top_to_bottom():
    figure, ax = figures.chart("Ranges")
    frame = pd.DataFrame({"what": list("abc"), "low": [5.0, 1, 3], "mid": [6.0, 2, 4], "high": [7.0, 3, 5]})
    forms.intervals(ax, frame, "what", "low", "mid", "high")
    told_by(ax, lambda index: f"row-{index}\n{frame['what'][index]}")

    assert re.findall(r"<span>(\w)</span>", figures.finish(figure, alt="x").text) == ["a", "b", "c"]


@pytest.mark.parametrize("number", [10, 11])
def test_a_chart_of_more_than_ten_marks_can_be_skipped(number):
    html = figures.finish(bars(number), alt="x", sources="Customs").text
    skip = re.search(r'<a href="#([^"]*)" class="ca-skip">Skip (\d+) marks', html)

    assert bool(skip) == (number > 10)
    assert not skip or (skip[2] == "11" and f'<figcaption id="{skip[1]}">' in html)
    assert html.count("<figcaption id=") == bool(skip)


def test_what_is_aimed_at_is_large_enough_and_stays_within_the_drawing():
    told = {"row-a\ncorner": Bbox([[0, 0], [2, 2]]), "row-b\nwide": Bbox([[50, 90], [180, 98]])}
    (shown,) = marks_told([Drawing("", 200, 100, told)], by_rows=True)
    (first, second) = insets(shown.text, "w")

    assert [200 - (first[1] + first[3]) * 2, 100 - (first[0] + first[2]) * 2] == pytest.approx([24, 24], abs=0.5)
    assert min(first + second) >= 0
    assert second[3] * 2 <= 50
    assert 200 - second[1] * 2 >= 180


def test_a_small_mark_lies_above_a_large_one_it_stands_in():
    told = {"row-a\nsmall": Bbox([[90, 40], [100, 50]]), "row-b\nlarge": Bbox([[0, 0], [200, 100]])}
    (shown,) = marks_told([Drawing("", 200, 100, told)], by_rows=False)
    layers = {found[2]: found[1] for found in re.findall(r'(z-index:(\d+))?"><a [^>]*><span>(\w+)', shown.text)}

    assert layers == {"small": "1", "large": ""}


def test_words_of_a_mark_are_escaped_and_lead_only_within_the_page():
    figure, ax = figures.chart("x")
    ax.plot([1], [1], "o", gid=f'{TELL}row-"><script>\n<b>5</b> & more')
    page = Page(figures.finish(figure, alt="x").text)

    assert "script" not in page.tags
    assert "b" not in page.tags
    assert [found["href"] for name, found in page.elements if name == "a"] == ['#row-"><script>']


def insets(html: str, name: str = "w") -> list[tuple[float, ...]]:
    found = re.findall(rf"--{name}:([^;\"]*)", html)
    return [tuple(float(part.rstrip("%")) for part in one.split()) for one in found]
