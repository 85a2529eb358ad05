"""Charts: the same call gives the same bytes, labels stay apart and inside, and alt text is asked for."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

from claimaudit.model import Label
from claimaudit.show.charts import figures, forms, palette
from claimaudit.show.charts.layout import apart

YEARS = pd.DataFrame(
    {
        "year": [2020, 2021, 2022] * 3,
        "value": [1e6, 2e6, 3e6, 1.1e6, 1.9e6, 3.05e6, 0.5e6, 0.6e6, np.nan],
        "country": ["Aland"] * 3 + ["Borduria"] * 3 + ["Syldavia"] * 3,
    }
)
RANGES = pd.DataFrame(
    {
        "what": ["spring", "spring", "winter"],
        "low": [20_000, 40_000, np.nan],
        "mid": [40_000, 60_000, 16_000],
        "high": [60_000, 70_000, np.nan],
        "who": ["one counter", "another counter", "one counter"],
    }
)
EVENTS = pd.DataFrame(
    {
        "date": ["2022-07-19", "2022-02-24", "2023-03-14"],
        "label": ["leaders meet and sign " + "many papers " * 8, "invasion", "printed"],
    }
)


def draw(form: str):
    figure, ax = figures.chart("A finding that is stated in a whole sentence, long enough for two lines", "unit, 2022")
    match form:
        case "lines":
            forms.lines(ax, YEARS, "year", "value", "country")
            forms.threshold(ax, 2.9e6, "the article", axis="y")
            forms.threshold(ax, 2021.9, "one event")
            forms.threshold(ax, 2022, "another event")
        case "intervals":
            forms.intervals(ax, RANGES, "what", "low", "mid", "high", rival="who", unit="round/day", log=True)
            forms.threshold(ax, 30_000, "the article")
        case "bars":
            frame = pd.DataFrame({"name": ["a", "b", "a much longer name of a partner"], "value": [5e9, 1e9, -2e9]})
            forms.bars(ax, frame, "name", "value", highlight="b", unit="USD")
        case "curve":
            x = np.linspace(0, 1, 20)
            forms.curve(ax, x, {"first": x, "second": x**2}, bands={"first": (x - 0.1, x + 0.1)})
        case "timeline":
            forms.timeline(ax, EVENTS)
        case "heat":
            forms.heat(ax, pd.DataFrame([[1, np.nan], [3, 4]], index=["M01", "M02"], columns=["low", "high"]))
    return figure, ax


FORMS = ("lines", "intervals", "bars", "curve", "timeline", "heat")


@pytest.mark.parametrize("form", FORMS)
def test_two_renders_have_the_same_bytes(form):
    first, second = (figures.finish(draw(form)[0], alt="what it shows") for _ in range(2))

    assert first == second


@pytest.mark.parametrize("form", FORMS)
def test_texts_do_not_meet_and_nothing_is_cut(form):
    figure, ax = draw(form)
    html = figures.finish(figure, alt="what it shows")

    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text for text in [*ax.texts, *figure.texts] if text.get_text()]
    low, high = sorted(ax.get_ylim())
    texts += [text for text in ax.get_yticklabels() if text.get_text() and low <= text.get_position()[1] <= high]
    boxes = [(text.get_text(), Bbox(text.get_window_extent(renderer))) for text in texts]
    met = [
        (one, other)
        for place, (one, box) in enumerate(boxes)
        for other, rival in boxes[place + 1 :]
        if min(box.x1, rival.x1) - max(box.x0, rival.x0) > 1 and min(box.y1, rival.y1) - max(box.y0, rival.y0) > 1
    ]
    width, height = (int(number) / 96 * figure.dpi for number in re.findall(r'(?:width|height)="(\d+)"', str(html)))

    assert met == []
    assert all(box.width <= width and box.height <= height for _, box in boxes)


def test_a_finished_figure_is_an_svg_without_a_date_behind_its_alt_text():
    html = str(figures.finish(draw("bars")[0], alt='a "quoted" <text>', sources="Customs", note="rounded"))
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]).decode()

    assert 'alt="a &quot;quoted&quot; &lt;text&gt;"' in html
    assert "Sources: Customs" in html
    assert "Note: rounded" in html
    assert "<dc:date>" not in svg
    assert "<text" not in svg


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_chart_needs_alt_text(alt):
    with pytest.raises(ValueError, match="alt text"):
        figures.finish(draw("bars")[0], alt=alt)


def test_a_threshold_stands_on_x_or_y():
    _, ax = figures.chart("Title")

    with pytest.raises(ValueError, match="'x' or 'y'"):
        forms.threshold(ax, 1, "text", axis="z")


def test_years_are_not_written_as_quantities():
    figure, ax = draw("lines")
    figures.finish(figure, alt="x")

    assert {text.get_text() for text in ax.get_xticklabels()} >= {"2020", "2021", "2022"}
    assert "2 million" in {text.get_text() for text in ax.get_yticklabels()}


def test_days_name_the_year_once():
    figure, ax = figures.chart("Title")
    days = pd.date_range("2022-01-01", "2023-03-01", freq="MS")
    forms.lines(ax, pd.DataFrame({"day": days, "value": range(len(days))}), "day", "value")
    figures.finish(figure, alt="x")
    shown = [text.get_text() for text in ax.get_xticklabels()]

    assert [text for text in shown if "\n" in text] == ["Jan\n2022", "Jan\n2023"]


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(1, 20)), min_size=1, max_size=8),
)
def test_labels_pushed_apart_never_overlap(labels):
    wanted, sizes = zip(*labels, strict=True)
    placed = apart(wanted, sizes, 0, 400)
    edges = sorted((centre - size / 2, centre + size / 2) for centre, size in zip(placed, sizes, strict=True))

    assert all(after[0] >= before[1] - 1e-6 for before, after in pairwise(edges))
    assert edges[0][0] >= -1e-6


def test_labels_with_room_stay_where_they_are():
    assert apart([10, 50], [5, 5], 0, 100) == [10, 50]


def test_labels_have_one_colour_in_charts_cards_and_pages():
    """The stylesheets cannot import the palette: a colour changed in one of the three must be changed in all."""
    package = Path(palette.__file__).parents[2]
    cards, pages = (package.joinpath(name).read_text(encoding="utf-8") for name in ("cards.css", "publish/page.css"))

    for label, mark in ((Label.SUPPORTED, "for"), (Label.REFUTED, "against"), (Label.CONFLICTING, "both")):
        fill = palette.LABELS[label]
        assert re.search(rf"\.ca-{label.value} {{[^}}]*background: [^;}}]*{fill}\b", cards), label
        assert f"--mark-{mark}: {fill};" in pages, label
