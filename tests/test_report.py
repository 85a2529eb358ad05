"""Reports: a notebook becomes one page that runs nothing, loads nothing and never varies."""

from __future__ import annotations

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from claimaudit import cards
from claimaudit.analysis import audit
from claimaudit.dossier import Dossier
from claimaudit.publish.page import Cleaner, Meta
from claimaudit.publish.report import broken_links, export
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
            code("table", shown(cards.evidence_table(figs)._repr_html_())),
            code("table", shown(cards.evidence_table(figs)._repr_html_())),
            code("settings", shown(cards.settings(figs)._repr_html_())),
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

    assert "<summary>Show the code</summary>" in html
    assert "<summary>Show the default parameters</summary>" in html
    assert "<summary>Show the parameters of this run</summary>" in html
    assert "<details open" not in html


def test_contents_list_sections_and_claims_with_anchors_that_exist(notebook):
    html = export(notebook, title="Figs")

    assert '<a href="#claim-E01-title">E01 The harbour sold about 100 crates of figs in 2022</a>' in html
    assert '<a href="#Evidence">Evidence</a>' in html
    assert '<a href="#Evidence-2">Evidence</a>' in html
    assert broken_links(html) == []


def test_the_style_of_cards_stands_once(notebook):
    assert export(notebook, title="Figs").count(".ca-badge {") == export(new_notebook(), title="x").count(".ca-badge {")


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
