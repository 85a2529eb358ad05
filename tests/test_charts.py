"""Charts: the same call gives the same bytes, labels stay apart and inside, and alt text is asked for."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib import rc_context, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox

from chart_faults import charts, faults
from claimaudit.cli import main
from claimaudit.model import Label
from claimaudit.run.notebooks import notebooks_of
from claimaudit.show.charts import figures, finishing, forms, naming, paint, palette
from claimaudit.show.charts.layout import apart, lay_out
from claimaudit.show.charts.ruler import DPI, RULER
from samples import DATA

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


def drawn(html, name):
    """A drawing of a finished figure as XML."""
    found = re.search(rf'<svg class="{name}".*?</svg>', str(html), re.DOTALL)
    assert found, f"the figure has no drawing {name}"
    return ElementTree.fromstring(found[0])


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_the_wide_drawing_do_not_meet(form):
    figure, ax = draw(form)
    figure.set_dpi(DPI)
    lay_out(figure)
    texts = [text for text in ax.texts if text.get_text()]
    low, high = sorted(ax.get_ylim())
    texts += [text for text in ax.get_yticklabels() if text.get_text() and low <= text.get_position()[1] <= high]

    assert meeting(texts, FigureCanvasAgg(figure).get_renderer()) == []


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_the_narrow_drawing_do_not_meet(form):
    figure, ax = draw(form)
    figures.finish(figure, alt="what it shows")  # leaves it as it was drawn for the phone
    texts = [text for text in ax.texts if text.get_text()]

    assert meeting(texts, FigureCanvasAgg(figure).get_renderer()) == []


def meeting(texts, renderer):
    boxes = [(text.get_text(), Bbox(text.get_window_extent(renderer))) for text in texts]
    return [
        (one, other)
        for place, (one, box) in enumerate(boxes)
        for other, rival in boxes[place + 1 :]
        if min(box.x1, rival.x1) - max(box.x0, rival.x0) > 1 and min(box.y1, rival.y1) - max(box.y0, rival.y0) > 1
    ]


@pytest.mark.parametrize("name", ["ca-wide", "ca-narrow"])
@pytest.mark.parametrize("form", FORMS)
def test_every_text_and_mark_is_inside_its_picture(form, name):
    svg = drawn(figures.finish(draw(form)[0], alt="what it shows"), name)
    left, top, width, height = map(float, svg.get("viewBox").split())
    assert width <= (360 if name == "ca-narrow" else 800)
    for text in svg.iter("text"):
        size, anchor = float(text.get("font-size")), text.get("text-anchor", "start")
        for line in [text, *text]:
            x, y = float(line.get("x")), float(line.get("y"))
            font = FontProperties(family="DejaVu Sans", size=size * 72 / DPI)
            said = (line.text or "").strip()
            long = 0 if text.get("transform") else RULER.get_text_width_height_descent(said, font, False)[0]
            start = x - {"start": 0, "middle": long / 2, "end": long}[anchor]
            assert start >= left - 3, line.text
            assert start + long <= left + width + 3, line.text
            assert top <= y <= top + height, line.text
    starts = [
        map(float, found)
        for path in svg.iter("path")
        for found in re.findall(r"M(-?[\d.]+) ?(-?[\d.]+)", path.get("d"))
    ]
    assert all(left - 1 <= x <= left + width + 1 and top - 1 <= y <= top + height + 1 for x, y in starts)


def test_a_finished_figure_is_text_and_marks_behind_its_alt_text():
    html = str(figures.finish(draw("bars")[0], alt='a "quoted" <text>', sources="Customs", note="rounded"))
    svg = drawn(html, "ca-wide")

    assert 'aria-label="a &quot;quoted&quot; &lt;text&gt;"' in html
    assert "Sources: Customs" in html
    assert "Note: rounded" in html
    assert "A finding that is stated in a whole sentence, long enough for two lines</p>" in html
    assert "a much longer name of a partner" in " ".join("".join(text.itertext()) for text in svg.iter("text"))
    assert {element.tag for element in svg.iter()} <= {"svg", "text", "tspan", "path"}
    assert "url(" not in html
    assert ' id="chart-a-finding-that-is-stated-in-a-whole"' in html


def test_texts_are_escaped_in_a_drawing():
    figure, ax = figures.chart("<b>x</b>")
    ax.text(0.5, 0.5, "</text><script>alert(1)</script> & $x$")
    html = str(figures.finish(figure, alt="x"))

    assert "<script>" not in html
    assert "&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; $x$" in html
    assert "<b>" not in html


def test_every_colour_of_the_house_is_a_class_with_a_value_for_light_and_dark():
    """What a chart draws in our colours follows the page; the stylesheets hold each value, and it is read on its ground."""
    package = Path(palette.__file__).parents[2]
    cards, pages = (package.joinpath(name).read_text(encoding="utf-8") for name in ("cards.css", "publish/page.css"))
    for place, colour in enumerate(palette.COLOURS, 1):
        dark = paint.on_dark(colour)
        assert paint.painted(tuple(to_rgb(colour)))[0] == str(place)
        assert f"--c{place}: var(--page-c{place}, {colour});" in cards
        assert f"--c{place}: {dark};" in cards
        assert f"--page-c{place}: {dark};" in pages
        assert contrast(colour, "#ffffff") >= 4.5
        assert contrast(dark, "#171c22") >= 4.5
    assert contrast(palette.PALE, "#ffffff") >= 3
    assert contrast(paint.on_dark(palette.PALE), "#171c22") >= 3
    assert f"--cp: var(--page-cp, {palette.PALE});" in cards
    assert f"--page-cp: {paint.on_dark(palette.PALE)};" in pages
    for name in paint.CLASSES:
        assert f".ca .f{name} {{" in cards
        assert f".ca .s{name} {{" in cards


def contrast(one, other):
    def light(colour):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_a_drawing_has_no_ground_of_its_own():
    for form in FORMS:
        svg = drawn(figures.finish(draw(form)[0], alt="x"), "ca-wide")
        first = next(iter(svg.iter("path")))
        assert "fw" not in first.get("class", "").split(), form


def test_seaborns_paler_colours_are_ours():
    assert paint.painted(tuple(sns.desaturate(palette.COLOURS[1], 0.75)))[0] == "2"
    assert paint.painted((0.2, 0.9, 0.1))[0] == ""


def test_a_chart_carries_its_figures_where_they_are_few():
    figure = draw("bars")[0]
    html = str(figures.finish(figure, alt="x", data="a,b\n1,2\n"))
    link = re.search(r'download="([^"]*)" href="data:text/csv;base64,([^"]*)"', html)

    assert link[1] == "chart-a-finding-that-is-stated-in-a-whole.csv"
    assert base64.b64decode(link[2]) == b"a,b\n1,2\n"
    assert "data:text/csv" not in str(figures.finish(draw("bars")[0], alt="x", data="a" * 100_000))


def test_what_a_notebook_has_set_changes_nothing():
    before = figures.finish(draw("lines")[0], alt="x")
    with rc_context({"lines.linewidth": 9, "font.size": 30, "axes.facecolor": "red", "text.color": "lime"}):
        after = figures.finish(draw("lines")[0], alt="x")
        assert rcParams["font.size"] == 30

    assert before == after


def test_lines_are_cut_off_at_the_edge_of_the_plot_and_pictures_are_kept():
    figure, ax = figures.chart("Title")
    ax.plot([0, 1], [-1000, 1000], color="#14406b")
    ax.fill_between([0, 1], [-1000, -1000], [1000, 1000], color="#14406b", alpha=0.2)
    ax.imshow(np.arange(4).reshape(2, 2), extent=(0.2, 0.4, 0.2, 0.4), aspect="auto")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    html = figures.finish(figure, alt="x")
    svg = drawn(html, "ca-wide")
    height = float(svg.get("height"))
    moves = [float(y) for path in svg.iter("path") for y in re.findall(r"M-?[\d.]+ ?(-?[\d.]+)", path.get("d"))]

    assert moves
    assert all(-2 <= y <= height + 2 for y in moves)
    assert next(svg.iter("image")).get("href").startswith("data:image/png;base64,")


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
    lay_out(figure)

    assert {text.get_text() for text in ax.get_xticklabels()} >= {"2020", "2021", "2022"}
    assert "2 million" in {text.get_text() for text in ax.get_yticklabels()}


def test_days_name_the_year_once():
    figure, ax = figures.chart("Title")
    days = pd.date_range("2022-01-01", "2023-03-01", freq="MS")
    forms.lines(ax, pd.DataFrame({"day": days, "value": range(len(days))}), "day", "value")
    lay_out(figure)
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


# -- faults that a program can find -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", [notebook.name for notebook in notebooks_of(DATA)])
def test_no_chart_of_a_report_has_a_fault_that_a_program_can_find(site, name):
    """On desk and phone: no text meets another, lies on a mark or line, is cut or begins small; no pale mark, few rows."""
    found = charts((site / f"{name}.html").read_text(encoding="utf-8"))

    assert all(len(drawings) == 2 for _, drawings in found)
    assert len(found) >= 2
    assert [(title, fault) for title, drawings in found for svg in drawings for fault in faults(svg)] == []


@pytest.mark.slow
def test_the_charts_of_a_dossier_without_notebooks_have_none_either(tmp_path):
    """Long names of rows and figures with words, as strangers write them."""
    folder = Path(__file__).parents[1] / "examples" / "december-jobs"
    asked = ["build", "--dossier", str(folder), "--out", str(tmp_path), "--quiet"]
    run = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert run.exit_code == 0, run.output
    found = [chart for path in tmp_path.glob("*.html") for chart in charts(path.read_text(encoding="utf-8"))]

    assert len(found) > 20
    assert [(title, fault) for title, drawings in found for svg in drawings for fault in faults(svg)] == []


def planted(fault):
    """A chart with one fault."""
    figure, ax = figures.chart("Title")
    ax.barh(range(3), [3, 2, 1], color=palette.COLOURS[0])
    ax.set_yticks(range(3), ["One", "Two", "Three"])
    ax.set(xlim=(0, 5), xticks=[0, 2, 4], xticklabels=["0", "2", "4"])
    match fault:
        case "lies on a mark":
            ax.text(0.2, 0, "Words")
        case "lies on a line":
            ax.axvline(3.5, color=palette.INK)
            ax.text(3.4, 1, "Words")
        case "meets":
            ax.text(3.5, 1, "Words")
            ax.text(3.52, 1.02, "Others")
        case "begins small":
            ax.set_yticks(range(3), ["One", "two", "Three"])
        case "is cut off":
            ax.text(9, 1, "Words").set_in_layout(False)
        case "a nought too many":
            ax.set_xticks([1], ["1.000"])
        case "16 rows":
            ax.set_yticks(range(16), [f"Row {name}" for name in "abcdefghijklmnop"])
        case "ends a scale that goes on":
            ax.set(xlim=(0, 5), xticks=[0, 1, 2], xticklabels=["0", "1", "2"])
        case "is pale":
            ax.barh(3, 1, color="0.85")
    return figure


@pytest.mark.parametrize(
    "fault",
    [
        "lies on a mark",
        "lies on a line",
        "meets",
        "begins small",
        "is cut off",
        "a nought too many",
        "16 rows",
        "ends a scale that goes on",
        "is pale",
    ],
)
def test_a_planted_fault_is_found(fault):
    svg = re.search(r"<svg.*?</svg>", str(figures.finish(planted(fault), alt="x")), re.DOTALL)[0]
    found = faults(svg)

    assert found
    assert all(fault.replace("a line", "a mark") in words for words in found)


def test_a_sound_chart_has_no_fault():
    assert faults(re.search(r"<svg.*?</svg>", str(figures.finish(planted(""), alt="x")), re.DOTALL)[0]) == []


def test_a_drawing_wider_than_a_phone_is_found():
    svg = re.search(r'<svg class="ca-narrow".*?</svg>', str(figures.finish(planted(""), alt="x")), re.DOTALL)[0]
    left, top, _, height = re.search(r'viewBox="([^"]*)"', svg)[1].split()

    assert faults(re.sub(r'viewBox="[^"]*"', f'viewBox="{left} {top} 420 {height}"', svg)) == [
        "420 pixels are wider than a phone"
    ]


def test_a_long_name_of_an_axis_does_not_make_a_phones_drawing_smaller():
    figure, ax = draw("intervals")
    ax.set_xlabel("Metres on the ground, logarithmic, of which the further left is the sharper one")
    svg = drawn(figures.finish(figure, alt="x"), "ca-narrow")

    assert float(svg.get("width")) <= 360


def test_lines_that_end_together_are_named_there_and_others_in_a_legend():
    with figures.house_style():
        for last, named in ((3, True), (2, False)):
            frame = pd.DataFrame(
                {"x": [1, 2, 3] + [1, 2, last][: 3 if last == 3 else 2] + [1.5] * (last == 2), "y": range(6)}
            ).assign(which=["first"] * 3 + ["second"] * 3)
            ax = sns.lineplot(frame, x="x", y="y", hue="which", ax=plt.subplots()[1])
            naming.capitals(ax)
            naming.legend_outside(ax)
            said = {text.get_text() for text in (ax.texts if named else ax.get_legend().get_texts())}
            assert said == {"First", "Second"}
            assert (ax.get_legend() is None) == named
            plt.close(ax.figure)


def test_names_begin_with_a_capital_unless_they_hold_one():
    with figures.house_style():
        ax = sns.barplot(x=[1, 2, 3], y=["motor vehicles", "iPhone", "2021"], ax=plt.subplots()[1])
        finishing.threshold(ax, 2, "the claim")
        naming.capitals(ax)

        assert [text.get_text() for text in ax.get_yticklabels()] == ["Motor vehicles", "iPhone", "2021"]
        assert [text.get_text() for text in ax.texts] == ["The claim"]
        plt.close(ax.figure)
