"""Reports: a notebook becomes one page that runs nothing, loads nothing and never varies."""

from __future__ import annotations

import base64
import copy
import io
import re

import nbformat
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from claimaudit.dossier.dossier import Dossier
from claimaudit.publish import displays
from claimaudit.publish.clean import Cleaner
from claimaudit.publish.page import Meta
from claimaudit.publish.report import broken_links, export
from claimaudit.show import cards, evidence_html, settings_html
from claimaudit.verdict.audit import audit
from pages import assert_self_contained
from samples import write_dossier


def shown(html: str) -> dict:
    return new_output("execute_result", data={"text/html": html, "text/plain": "<Html>"}, execution_count=1)


def code(source: str, *outputs, tags=()) -> nbformat.NotebookNode:
    cell = new_code_cell(source, outputs=list(outputs), execution_count=7)
    cell.metadata["tags"] = list(tags)
    cell.metadata["papermill"] = {"start_time": "2020-01-01T00:00:00"}
    return cell


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs")


@pytest.fixture
def notebook(figs):
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "abc"}, "text/plain": "IntSlider(value=0)"}
    return new_notebook(
        cells=[
            new_markdown_cell("# Figs\n\nAre the *figs* counted?"),
            code("crates = 100  # int: crates", tags=["parameters"]),
            code("crates = 90", tags=["injected-parameters"]),
            new_markdown_cell("## Evidence\n\nSee below."),
            code("print('seen')", new_output("stream", name="stdout", text="seen\n")),
            code("warn()", new_output("stream", name="stderr", text="a warning of the machine\n")),
            code("slider_code()", tags=["explore"]),
            code("slider", new_output("display_data", data=widget)),
            code("card", shown(cards.claim_card(figs, "E01")._repr_html_())),
            new_markdown_cell("## Evidence"),
            code("table", shown(evidence_html.evidence_table(figs)._repr_html_())),
            code("table", shown(evidence_html.evidence_table(figs)._repr_html_())),
            code("settings", shown(settings_html.settings(figs)._repr_html_())),
        ],
        metadata={"papermill": {"input_path": "/somewhere/figs.ipynb", "start_time": "2020-01-01T00:00:00"}},
    )


def test_a_report_is_complete_in_itself(notebook):
    page = assert_self_contained(export(notebook, title="Figs"))

    assert page.tags["details"] >= 3


def test_the_same_notebook_gives_the_same_bytes_whenever_it_ran(notebook):
    later = copy.deepcopy(notebook)
    later.metadata["papermill"]["start_time"] = "2031-05-05T00:00:00"
    for cell in later.cells:
        cell["id"] = f"x{cell['id']}"
        if cell.cell_type == "code":
            cell.execution_count = 99
            cell.metadata["papermill"] = {"duration": 3}

    assert export(later, title="Figs") == export(notebook, title="Figs")


def test_exporting_leaves_the_notebook_alone(notebook):
    before = copy.deepcopy(notebook)
    export(notebook, title="Figs")

    assert notebook == before


def test_exploring_cells_warnings_and_widgets_are_left_out(notebook):
    html = export(notebook, title="Figs")

    for words in ("slider_code", "a warning of the machine", "IntSlider", "model_id", "/somewhere", "2020-01-01"):
        assert words not in html
    assert "seen" in html


def test_code_and_parameters_are_folded(notebook):
    html = export(notebook, title="Figs")

    assert '<p class="code-name">Code</p>' in html
    assert '<p class="code-name">Default parameters</p>' in html
    assert '<p class="code-name">Parameters of this run</p>' in html
    assert "<details open" not in html


def test_contents_list_sections_and_claims_with_anchors_that_exist(notebook):
    html = export(notebook, title="Figs")

    assert '<a href="#claim-E01-title">E01 “about 100 crates of figs”</a>' in html
    assert '<a href="#Evidence">Evidence</a>' in html
    assert '<a href="#Evidence-2">Evidence</a>' in html
    assert broken_links(html) == []


def test_the_style_of_cards_stands_once(notebook):
    assert export(notebook, title="Figs").count("<style") == 1


def test_a_notebook_without_a_title_gets_the_given_one():
    html = export(new_notebook(cells=[new_markdown_cell("## Part")]), title="A & B")

    assert_self_contained(html)
    assert "<h1>A &amp; B</h1>" in html
    assert "<title>A &amp; B</title>" in html


def test_facts_language_and_the_way_back_are_shown(notebook):
    html = export(
        notebook, title="Figs", meta=Meta(language="de", index="../index.html", facts=(("Stand", "<heute>"),))
    )

    assert '<html lang="de">' in html
    assert 'href="../index.html"' in html
    assert "<dt>Stand</dt><dd>&lt;heute&gt;</dd>" in html


def test_an_error_is_one_sentence_without_a_path():
    failed = new_output("error", ename="ValueError", evalue="no <figs>", traceback=["/home/someone/x.py line 3"])
    html = export(new_notebook(cells=[code("x", failed)]), title="Figs")

    assert "ValueError: no &lt;figs&gt;" in html
    assert "/home/someone" not in html


def test_whatever_a_notebook_shows_nothing_runs_or_loads():
    hostile = (
        '<script>alert(1)</script><img src="https://example.org/x.png"><img src="data:image/png;base64,AA==">'
        '<a href="javascript:alert(1)" onclick="x()">a</a><a href=" JavaScript:alert(1)">b</a><iframe src="x"></iframe>'
        '<p style="background:url(https://example.org)">p</p><link rel="stylesheet" href="x.css"><h1>Second</h1>'
        '<svg><image href="https://example.org/x.svg" xlink:href="y"/><script>1</script></svg><div id="a"></div>'
        '<div id="a">kept</div><meta http-equiv="refresh" content="0"><form action="x"><input></form>tail'
    )
    cells = [new_markdown_cell("# One\n\n<script>alert(3)</script>"), code("x", shown(hostile))]
    html = export(new_notebook(cells=cells), title="One")

    assert_self_contained(html)
    for words in ("alert(", "javascript:", "JavaScript:", "example.org"):
        assert words not in html
    assert "kept" in html
    assert "tail" in html


def test_cleaning_changes_nothing_that_is_harmless():
    text = '<p class="a">1 &lt; 2 &amp; 3<br>x</p><table><tr><td>y</td></tr></table>'
    text += '<svg viewbox="0 0 1 1"><path d="M0 0"></path></svg>'

    assert Cleaner().clean(text) == text


@pytest.mark.parametrize(
    ("body", "cleaned"),
    [
        ("<div><b>bold</div>after", "<div><b>bold</b></div>after"),
        ("</main></div>text</section>", "text"),
        ("<section><em>open", "<section><em>open</em></section>"),
        ("<ul><li>one<li>two</ul>", "<ul><li>one<li>two</ul>"),
        ("<p>a<p>b<svg><path d='M0 0'/></svg><br>", '<p>a<p>b<svg><path d="M0 0"></path></svg><br></p></p>'),
    ],
)
def test_elements_are_balanced(body, cleaned):
    """An output cannot end what stands around it, nor stay open."""
    assert Cleaner().clean(body) == cleaned


# -- displays that a report cannot show -----------------------------------------------------------------------------------

NOTE = "A display of the kind {} cannot be shown in a report: save it as a picture."
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WIDGET = "application/vnd.jupyter.widget-view+json"


def display(**more) -> nbformat.NotebookNode:
    return new_output("display_data", data={name.replace("__", "/"): content for name, content in more.items()})


def body(*outputs, tags=()) -> str:
    html = export(new_notebook(cells=[code("x", *outputs, tags=tags), new_markdown_cell("## After")]), title="Report")
    page = assert_self_contained(html)
    assert "After" in html.partition("<main")[2]
    assert all(found.get("src", "").startswith("data:image/") for tag, found in page.elements if tag == "img")
    return html.partition("<main")[2]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"application/vnd.plotly.v1+json": {"data": []}}, "plotly"),
        ({"application/vnd.plotly.v1+json": {}, "text/plain": "Figure({\n    'data': []\n})"}, "plotly"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<div id='p'></div><script>draw()</script>"}, "plotly"),
        ({"application/vnd.vegalite.v5+json": {}, "text/plain": "<VegaLite 5 object>"}, "vega-lite"),
        ({"application/vnd.vega.v5+json": {}, "text/plain": "alt.Chart(...)"}, "vega"),
        ({WIDGET: {"model_id": "abc"}, "text/plain": "IntSlider(value=0)"}, "widget"),
        ({WIDGET: {"model_id": "abc"}, "text/plain": "interactive(children=(IntSlider(value=2, …"}, "widget"),
        ({WIDGET: {"model_id": "abc"}, "text/plain": "  0%|          | 0/3 [00:00<?, ?it/s]"}, "widget"),
        ({"application/javascript": "alert(1)", "text/plain": "<IPython.core.display.Javascript object>"}, "JavaScript"),
        ({"text/html": "<script>draw()</script>", "text/plain": "<IPython.core.display.HTML object>"}, "script"),
        ({"text/html": "<script>never closed"}, "script"),
        ({"text/html": "<p> &nbsp;<iframe src='x'>fallback</iframe></p>"}, "iframe"),
        ({"text/html": "<form><input><button>Go</button></form>"}, "form"),
        ({"text/html": "<canvas></canvas><style>x</style>"}, "canvas"),
        ({"text/markdown": "<video src='x.mp4'></video>", "text/plain": "<Markdown object>"}, "video"),
        ({"application/x-own+json": {}}, "application/x-own+json"),
        ({"image/svg+xml": "<svg><g>&nbsp;</svg>", "text/plain": "<SVG object>"}, "broken SVG"),
    ],
)  # fmt: skip
def test_a_display_that_cannot_be_shown_leaves_a_note(data, kind):
    html = body(new_output("display_data", data=data))

    assert html.count(NOTE.format(kind)) == 1
    assert "<pre" not in html.partition('class="output"')[2]


@pytest.mark.parametrize(
    "data",
    [
        {"application/vnd.vegalite.v5+json": {}, "text/plain": "alt.Chart(...)", "image/png": PIXEL},
        {"application/vnd.plotly.v1+json": {}, "text/html": "<script>x</script>", "image/svg+xml": "<svg></svg>"},
        {WIDGET: {"model_id": "abc"}, "image/jpeg": PIXEL},
        {WIDGET: {"model_id": "abc"}, "image/gif": PIXEL},
    ],
)
def test_a_picture_stands_in_for_it_where_there_is_one(data):
    html = body(new_output("display_data", data=data))

    assert '<img alt="' in html
    assert "cannot be shown" not in html


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({WIDGET: {"model_id": "abc"}, "text/plain": "3 of 4 rows match"}, "3 of 4 rows match"),
        ({"application/json": {"a": 1}, "text/plain": "<IPython.core.display.JSON object>"}, "&#34;a&#34;: 1"),
        ({"text/plain": "<Figure at 0x7f>"}, "&lt;Figure at 0x7f&gt;"),
        ({"text/html": "<b>kept</b><script>x</script>"}, "<b>kept</b>"),
        ({"text/html": "<!DOCTYPE html><html><head><title>t</title></head><body class='x'>kept</body></html>"}, ">kept<"),
    ],
)  # fmt: skip
def test_a_text_that_says_something_is_shown(data, words):
    html = body(new_output("display_data", data=data))

    assert words in html
    assert "cannot be shown" not in html
    assert "<body" not in html


@pytest.mark.parametrize("data", [{"image/png": 3, "text/plain": "<Image object>"}, {"text/html": None}])
def test_a_form_that_is_none_leaves_a_note(data):
    """nbformat would not take it, but a kernel may send it."""
    assert f"A display of the kind {next(iter(data))} cannot be shown" in displays.shown(data)["text/html"]


def test_what_shows_nothing_by_intent_leaves_no_note():
    html = body(shown(""), shown("<style>p { color: red }</style>"), new_output("display_data", data={}))

    assert "not-shown" not in html


def test_exploring_cells_leave_no_note():
    assert "not-shown" not in body(new_output("display_data", data={WIDGET: {}}), tags=["explore"])


@pytest.mark.parametrize(
    "broken",
    [
        "<iframe>", "<script>", "<!-- ", '<a href="', "<table><tr><td>", "</div></main>", "<plaintext>", "<textarea>",
        "<select>", "<svg><g>", "<h2>", "\0", "<![CDATA[", "<?",
    ],
)  # fmt: skip
def test_a_piece_that_is_broken_off_takes_nothing_of_what_follows(broken):
    html = body(shown(f"before {broken}"), shown("<b>next</b>"))

    assert "before" in html
    assert "<b>next</b>" in html
    text = export(new_notebook(cells=[new_markdown_cell(f"a\n\n{broken}"), new_markdown_cell("## Next")]), title="x")
    assert '<h2 id="Next">Next</h2>' in text


@pytest.mark.parametrize(
    "hostile",
    [
        '<div style="position: fixed; inset: 0">x</div>', '<div style="p\\6fsition:fixed">x</div>',
        '<p style="background: image-set(\'https://example.org/x\' 1x)">x</p>', '<svg><rect fill="url(//example.org)"/></svg>',
        '<svg><a><set attributeName="href" to="javascript:x"/><text>x</text></a></svg>', '<body style="display:none">x',
        '<a href="//example.org">x</a>', '<svg><a xlink:href="javascript:x"><text>x</text></a></svg>', '<p x"y=1>x</p>',
    ],
)  # fmt: skip
def test_nothing_covers_restyles_or_leads_astray(hostile):
    html = body(shown(hostile))

    for words in ("position", "6fsition", "example.org", "javascript", "<set", "<body", "image-set", 'x"y'):
        assert words not in html.partition('class="output"')[2].partition("After")[0]


def test_drawings_within_html_keep_their_own_references():
    drawing = '<svg><defs><path id="g" d="M0 0"/></defs><use xlink:href="#g"/><rect fill="url(#g)"/></svg>'
    html = export(new_notebook(cells=[code("x", shown(drawing))]), title="x")

    assert '<use xlink:href="#g">' in html
    assert 'fill="url(#g)"' in html


@pytest.mark.parametrize(
    "hostile",
    [
        '<svg><foreignObject><body><iframe src="https://example.org"></iframe></body></foreignObject></svg>',
        '<svg><title><script>alert(1)</script></title><path d="M0 0"/></svg>', "<svg onload=alert(1)><path d='M0 0'/></svg>",
        '<svg><image href="https://example.org/x.png"/><use href="https://example.org/x.svg#a"/></svg>',
        '<svg><style>@import "https://example.org"</style><a href="data:text/html,alert(1)"><text>x</text></a></svg>',
        '<a href="data:text/html;base64,QUxFUlQ=">alert</a>', "<title>x</title>",
    ],
)  # fmt: skip
def test_a_hostile_drawing_stays_inert(hostile):
    html = body(shown(hostile)).partition('class="output"')[2].partition("After")[0]

    for words in ("<foreign", "iframe", "<script", "alert(", "onload", "example.org", "<style", "data:text/html"):
        assert words not in html
    assert "<title" not in html.replace("<svg><title></title>", "")


def test_marks_of_a_drawing_keep_their_titles_and_figures_stay_a_file():
    drawing = '<svg viewbox="0 0 1 1"><path d="M0 0h1"><title>60 crates &amp; more</title></path></svg>'
    link = '<a download="x.csv" href="data:text/csv;base64,YQ==">Data</a>'

    assert Cleaner().clean(drawing + link) == drawing + link


def test_plain_tables_have_no_border_no_empty_head_and_named_cells():
    table = pd.DataFrame({"year": [2020], "crates & boxes": ['<a href="#x">60</a>'], "who": ["Customs"]}, index=["fig"])
    html = export(new_notebook(cells=[code("x", shown(table.to_html(escape=False)))]), title="x")

    assert "border=" not in html
    assert "<th></th>" not in html
    assert '<table class="dataframe stacked">' in html
    assert '<td data-label="crates &amp; boxes"><a href="#x">60</a></td>' in html
    named = export(new_notebook(cells=[code("x", shown(table.rename_axis("row").to_html(escape=False)))]), title="x")
    assert '<tr><th scope="col">row</th><th scope="col">year</th>' in named
    small = export(new_notebook(cells=[code("x", shown("<table border=1><tr><td>y</td></tr></table>"))]), title="x")
    assert "<table><tr><td>y</td></tr></table>" in small


def test_the_font_of_charts_travels_once_with_the_letters_they_use():
    drawing = '<svg class="ca-wide"><text>ab</text></svg><svg class="ca-narrow"><text>b<tspan>c</tspan></text></svg>'
    html = export(new_notebook(cells=[code("x", shown(drawing))]), title="x")
    font = TTFont(io.BytesIO(base64.b64decode(re.search(r"font/woff;base64,([^)]*)\)", html)[1])))

    assert set(font.getBestCmap()) == set(map(ord, "abc"))
    assert html == export(new_notebook(cells=[code("x", shown(drawing))]), title="x")
    assert "@font-face" not in export(new_notebook(cells=[code("x", shown("<p>text</p>"))]), title="x")


def test_prints_show_colours_and_the_last_state_of_a_line():
    text = "\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\n 0%\r50%\r100%\r\nend\x00\n"
    html = body(new_output("stream", name="stdout", text=text))

    assert '<span class="ansi-red-fg">red</span> link\n100%\nend\ufffd' in html
    assert "\x1b" not in html


# -- pictures in text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("image.png", "![alt](attachment:image.png)"),
        ("image.png", '<img src="attachment:image.png" alt="alt">'),
        ("image.png", "<p>\n<IMG alt=alt width=20 src='attachment:image.png'>\n</p>"),
        ("image.png", "![alt][ref]\n\n[ref]: attachment:image.png"),
        ("my pic (1).png", "![alt](attachment:my%20pic%20%281%29.png)"),
        ("my pic (1).png", "![alt](attachment:my pic (1).png)"),
        ("my pic (1).png", "![alt](<attachment:my pic (1).png>)"),
        ("my pic (1).png", '<img alt="alt" src="attachment:my pic (1).png">'),
        ("Übersicht & 100%.png", "![alt](attachment:%C3%9Cbersicht%20%26%20100%25.png)"),
        ("Übersicht & 100%.png", '<img alt="alt" src="attachment:Übersicht &amp; 100%.png">'),
        ("a$b$_c_.png", "![alt](attachment:a$b$_c_.png)"),
    ],
)
def test_attached_pictures_are_shown(name, source):
    cell = new_markdown_cell(source)
    cell["attachments"] = {name: {"image/png": PIXEL}}
    page = assert_self_contained(export(new_notebook(cells=[cell]), title="x"))

    images = [found for tag, found in page.elements if tag == "img"]
    assert [(found["src"], found["alt"]) for found in images] == [(f"data:image/png;base64,{PIXEL}", "alt")]


def test_cells_have_pictures_of_the_same_name_of_their_own():
    cells = []
    for letter in "ABC":
        cell = new_markdown_cell("![x](attachment:image.png)")
        cell["attachments"] = {"image.png": {"image/png": letter * 8}}
        cells += [cell, code("x", shown("<b>between</b>"))]
    page = assert_self_contained(export(new_notebook(cells=cells), title="x"))

    images = [found["src"][-8:] for tag, found in page.elements if tag == "img"]
    assert images == ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("![A map](pic.png)", "[The picture “A map” (pic.png) is not part of this report"),
        ('<img src="figs/pic.png">', "[The picture (figs/pic.png) is not part of this report"),
        ("![A map](../../etc/pic.png)", "(../../etc/pic.png)"),
        ("![gone](attachment:none.png)", "[The picture “gone” (none.png) is not part of this report"),
        ("![web](https://example.org/x.png)", "[The picture “web” is not part of this report, which loads nothing"),
        ("![<b>](file:///etc/x.png)", "is not part of this report"),
        ('<img alt="no source">', "[The picture “no source” is not part of this report"),
    ],
)
def test_a_picture_that_would_have_to_be_loaded_leaves_a_note(source, told):
    html = export(new_notebook(cells=[new_markdown_cell(source)]), title="x")
    page = assert_self_contained(html)

    assert page.tags["img"] == 0
    assert told in html
    assert "example.org" not in html


def test_an_attachment_that_is_no_picture_is_not_shown_as_one():
    cell = new_markdown_cell("![x](attachment:a)")
    cell["attachments"] = {"a": {"text/html": "<script>1</script>", 'image/"><script>': "x"}}

    assert assert_self_contained(export(new_notebook(cells=[cell]), title="x")).tags["img"] == 0


@pytest.mark.parametrize(
    "source",
    [
        "**Change this.** Set `crates` to nothing and run all cells.",
        "## Change this\n\nSet `crates` to nothing and run all cells.",
        "It says so. Change a line and run it again: nothing here writes a file.",
    ],
)
def test_what_a_reader_of_a_page_cannot_try_out_is_left_out(source):
    html = export(new_notebook(cells=[new_markdown_cell(f"# Figs\n\nRipe.\n\n{source}")]), title="Figs")

    assert "Ripe." in html
    assert "Change this" not in html
    assert "Change a line" not in html
    assert "run all cells" not in html
