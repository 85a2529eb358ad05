"""Text stays text in every medium: pages, drawings, spreadsheets, terminal, feed, JSON, JSON-LD, SQLite."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook, new_output
from rich.console import Console

from claimaudit import inert, terminal
from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError, Fault, ParameterError
from claimaudit.publish import feed
from claimaudit.publish.index_rows import Failure, Report
from claimaudit.publish.outputs import csv_text
from claimaudit.publish.page import with_data
from claimaudit.publish.report import export
from claimaudit.publish.site import Site, site_files
from claimaudit.run.progress import Bars, Lines, line
from claimaudit.run.worker import Failure as Stop
from claimaudit.run.worker import Outcome
from claimaudit.show import evidence_html, settings_html, summary
from claimaudit.show.charts.figures import chart, finish
from claimaudit.show.charts.forms import bars
from claimaudit.show.evidence_html import source_link
from claimaudit.verdict.audit import audit
from claimaudit.verdict.table import verdict_rows
from hostile import CONTROLS, SIGN, TEXTS, hostile_sample
from pages import Page, assert_self_contained

REPORTS = (
    Report("figs.html", f"Figs {TEXTS[0]}", "figs", (("crates", TEXTS[1]),), kept=True, not_found=(TEXTS[2], TEXTS[5])),
    Report("ferries.html", f"Ferries {CONTROLS}", "ferries"),
)
PAGES = ("index.html", "method.html", "sources.html", "corrections.html", "figs.html")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What must reach neither a page nor a terminal."""
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(hostile_sample(tmp_path_factory.mktemp("inert") / "data"))


@pytest.fixture(scope="module")
def audits(dossier):
    return {topic: audit(dossier, topic) for topic in ("figs", "ferries")}


@pytest.fixture(scope="module")
def files(dossier, audits):
    figs = audits["figs"]
    pieces = [
        summary.overview(figs),
        summary.claim_cards(figs),
        evidence_html.evidence_table(figs),
        settings_html.settings(figs),
    ]
    cells = [
        new_code_cell("x", outputs=[new_output("execute_result", data={"text/html": piece._repr_html_()})])
        for piece in pieces
    ]
    pages = {"figs.html": export(new_notebook(cells=cells), title=CONTROLS)}
    failures = (Failure(CONTROLS, 1, TEXTS[3], 2),)
    return site_files(Site(dossier, audits, REPORTS, failures, pages))


def prose(dossier: Dossier) -> str:
    return "".join(f"{claim.paraphrase}{claim.speaker}{claim.best_reading}" for claim in dossier.claims)


def test_the_sample_is_hostile(dossier):
    """Else the tests below show nothing."""
    assert "<" in prose(dossier)
    assert any("\u202e" in row.note for row in dossier.evidence.records.values())


# -- pages ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_pages_show_it_and_take_no_markup_from_it(files, name):
    text = files[name].decode()
    page = assert_self_contained(text)

    assert not STEERING.search(text)
    assert SIGN in text or name == "method.html"
    assert len(page.programs) <= 1
    assert not {"iframe", "object", "embed", "form", "base"} & set(page.tags)
    for tag, found in page.elements:
        assert "onload" not in found, tag
        assert re.match(r"#|https?://|mailto:|[\w./-]+(#|$)", found.get("href", "#")), found


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///etc/passwd", "//x.org",
     "https:", "http://[", "https://a.org/\x1b", "java\nscript:x", "vbscript:x", ""],
)  # fmt: skip
def test_an_address_that_leads_not_to_the_web_is_no_link(url):
    assert inert.web_address(url) == ""
    assert "href" not in source_link("Title", url).text


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c='<", "http://example.org", "mailto:a@example.org"])
def test_an_address_of_the_web_is_a_link(url):
    assert inert.web_address(url) == url
    assert "href" in source_link("Title", url).text


@pytest.mark.parametrize("name", ["javascript:alert(1).html", "a#b?c.html", "100%.html", "//x.org.html", "a b.html"])
def test_a_report_of_any_name_is_linked_as_the_file_it_is(dossier, audits, name):
    reports = (Report(name, "Figs", "figs", not_found=("x",)),)
    made = site_files(Site(dossier, audits, reports))
    links = [
        found["href"].partition("#")[0]
        for page in ("index.html", "corrections.html")
        for tag, found in Page(made[page].decode()).elements
        if tag == "a" and SIGN not in found["href"]
    ]
    own = {link for link in links if link.endswith(".html") and unquote(link) == name}

    assert len(own) == 1
    found = urlsplit(own.pop())
    assert not found.scheme + found.netloc + found.query
    assert not any(link.startswith("javascript:") for link in links)


def test_data_in_a_page_cannot_end_its_block():
    told = {"x": [*TEXTS, CONTROLS, "</script><script>alert(1)</script>", "\u2028\u2029", "<!--", "\ud800"]}
    page = Page(with_data("<html><head></head></html>", told))

    assert page.tags["script"] == 1
    assert page.data == [told]
    assert with_data("<html><head></head></html>", told).isascii()


# -- drawings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*TEXTS, CONTROLS, "$", "$x", "a $5 and $6", r"\$\frac{1}{0}$", "--", "]]>"])
def test_a_drawing_takes_a_text_literally(text):
    figure, axes = chart(text, text)
    bars(axes, pd.DataFrame({"name": [f"{text} one", f"{text} two"], "crates": [1.0, 2.0]}), "name", "crates")
    axes.annotate(text, (0.5, 0.5))
    html = finish(figure, alt=text, note=text).text
    page = Page(html)
    plot = next(found for _, found in page.elements if found.get("role") == "img")

    assert not STEERING.search(html)
    assert set(page.tags) <= {"figure", "figcaption", "p", "div", "svg", "path", "text", "tspan"}
    assert set(plot) == {"role", "aria-label"}
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]
    for drawn in re.findall("<svg.*?</svg>", html, re.DOTALL):
        ET.fromstring(drawn)


def test_every_sign_of_a_title_is_shown():
    """As mathematics two dollars would vanish."""
    figure, ax = chart("from $5 to $6")
    ax.text(0, 0, "from $7 to $8")
    html = finish(figure, alt="x").text

    assert ">from $5 to $6</p>" in html
    assert html.count(">from $7 to $8</text>") == 2


# -- spreadsheets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "\uff1d1", "-", "=", "\tx"]
)
def test_a_text_that_looks_like_a_formula_is_made_one_no_more(text):
    assert inert.cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["plain", "a=b", "1-2", "", "'=1", -0.5, 3, None, "2023-01-01", "E-1"])
def test_other_cells_stay_as_they_are(value):
    assert inert.cell(value) == value


def test_no_cell_of_the_verdicts_is_a_formula_and_numbers_are_numbers(audits):
    verdicts = [verdict for own in audits.values() for verdict in own.verdicts]
    evil = replace(verdicts[0], origins=("a", "=cmd|calc!A1"), observations=("+b", "c"), low=-0.5)
    told = [row | {"reason": "@SUM(1)\r\n=2"} for row in verdict_rows([evil])]
    rows = list(csv.DictReader(io.StringIO(csv_text(told), newline=""), strict=True))

    assert rows[0]["origins"] == "a;'=cmd|calc!A1"
    assert rows[0]["observations"] == "'+b;c"
    assert rows[0]["reason"] == "'@SUM(1)\r\n=2"
    assert float(rows[0]["low"]) == -0.5


def test_the_table_of_verdicts_reads_back_whole(files):
    rows = list(csv.DictReader(io.StringIO(files["verdicts.csv"].decode(), newline=""), strict=True))
    same = json.loads(files["verdicts.json"])["verdicts"]

    assert len(rows) == len(same)
    for row, other in zip(rows, same, strict=True):
        assert None not in row
        assert not any(re.match(r"[\s=+\-@]", cell) for name, cell in row.items() if name not in ("low", "high"))
        assert row["reason"].removeprefix("'") == other["reason"]
        assert float(row["probability"]) == other["probability"]


# -- the terminal -------------------------------------------------------------------------------------------------------------


def printed(*shown) -> str:
    """What a terminal of colours is sent, without the colours themselves."""
    console = Console(file=io.StringIO(), force_terminal=True, width=400, highlight=False, color_system="standard")
    for item in shown:
        console.print(item)
    return re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue())


def test_a_terminal_is_told_texts_and_no_commands(dossier, audits):
    claims = terminal.claims_table(dossier.claims, {})
    figs = terminal.explanation(audits["figs"], audits["figs"].claims[0])
    ferries = terminal.explanation(audits["ferries"], audits["ferries"].claims[0])
    text = printed(claims, figs, ferries)

    assert not STEERING.search(text)
    assert text.count(SIGN) > 10
    assert "[bold red]marked" in text
    assert "\x1b" not in "".join(TEXTS)  # so what is printed in colour below is the house's own


@pytest.mark.parametrize("command", [["explain", "E01"], ["explain", "M01"], ["validate"]])
def test_commands_print_no_escape_sequence(dossier, command):
    done = CliRunner().invoke(main, [*command, "--dossier", str(dossier.path)])

    assert done.exit_code == 0, done.output
    assert not STEERING.search(done.output)


def test_a_fault_is_one_line_whatever_it_quotes():
    fault = Fault(f"a{CONTROLS}.csv", 3, "x\ny", f"{CONTROLS}\nclaimaudit: no fault", "write\r\nanother")

    for text in (str(fault), *fault.cells):
        assert not re.search(r"[\r\n]", text)
        assert not STEERING.search(text)
    assert not STEERING.search(str(DossierError([fault])))


def test_an_error_that_quotes_a_value_is_harmless(dossier):
    assert not STEERING.search(str(ParameterError(f"parameter {CONTROLS} is unknown")))

    done = CliRunner().invoke(main, ["explain", f"E01{CONTROLS}", "--dossier", str(dossier.path)])
    assert done.exit_code == 2
    assert not STEERING.search(done.output)
    done = CliRunner().invoke(main, ["validate", "--dossier", str(dossier.path.parent / "\x1b[31mnone")])
    assert done.exit_code == 2
    assert not STEERING.search(done.output)


def test_progress_shows_names_and_errors_as_text():
    outcome = Outcome(f"[bold]a[/bold]{CONTROLS}", 1.0, Stop(2, f"ValueError: {CONTROLS}\nsecond line"))
    console = Console(file=io.StringIO(), width=300)
    Lines(console).finished(outcome)
    said = console.file.getvalue()

    assert not STEERING.search(str(outcome.failure))
    assert "\n" not in line(outcome)
    assert not STEERING.search(said)
    assert "[bold]a[/bold]" in said


def test_bars_show_names_as_text():
    console = Console(file=io.StringIO(), force_terminal=True, width=200, color_system=None)
    shown = Bars(console)
    shown.started([])
    shown.began("[bold]a[/bold]\x1b]0;owned\x07")
    shown.bars.refresh()
    shown.closed()
    said = console.file.getvalue()

    assert "[bold]a[/bold]" in said
    assert "\x1b]" not in said


# -- feed, JSON, SQLite, package ----------------------------------------------------------------------------------------------


def test_the_feed_is_strict_xml_whatever_it_tells(dossier):
    told = [*TEXTS, CONTROLS, "]]>", "\ud800", "\x00", "&amp;", "\r\n"]
    entries = [feed.Entry(f"urn:x:{number}", "2024-01-01", text, text, text) for number, text in enumerate(told)]
    article = replace(dossier.article, title=CONTROLS)
    root = ET.fromstring(feed.render(article, entries, CONTROLS))

    assert len(root.findall(f"{ATOM}entry")) == len(told)
    assert {element.tag.rpartition("}")[0] for element in root.iter()} == {ATOM.rstrip("}")}
    assert not any(STEERING.search(text) for text in root.itertext())


def test_a_foreign_feed_brings_in_no_address_that_runs(dossier):
    def kept(href):
        entry = feed.Entry("urn:claimaudit:figs:2023-03-14:E01:rating:1", "2024-01-01", "Title", "Text", href)
        return feed.kept_entries(feed.render(dossier.article, [entry], "We"))

    assert kept("javascript:alert(1)") == []
    assert [entry.href for entry in kept("figs.html#claim-E01")] == ["figs.html#claim-E01"]


@pytest.mark.parametrize("name", ["verdicts.json", "claimreview.json", "verdicts.schema.json"])
def test_json_files_are_json_and_keep_the_text(files, dossier, name):
    document = json.loads(files[name].decode("utf-8", "strict"))

    assert name != "verdicts.json" or document["article"]["title"] == dossier.article.title
    told = {item["claimReviewed"] for item in document.get("@graph", ())}
    assert name != "claimreview.json" or told == {claim.paraphrase for claim in dossier.claims}


def test_sqlite_keeps_texts_as_texts_and_numbers_as_numbers(files, dossier):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files["evidence.sqlite"])
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        told = dict(connection.execute("SELECT claim_id, paraphrase FROM claims"))
        kinds = set(connection.execute("SELECT typeof(value), typeof(trust), typeof(note) FROM observations"))
        titles = {title for (title,) in connection.execute("SELECT title FROM sources")}
        whole = connection.execute("PRAGMA integrity_check").fetchone()

    assert {"claims", "observations", "sources", "verdicts", "findings"} <= tables
    assert told == {claim.claim_id: claim.paraphrase for claim in dossier.claims}
    assert kinds == {("real", "real", "text")}
    assert titles == set(dossier.sources["title"])
    assert whole == ("ok",)


def test_the_package_holds_the_tables_as_they_are(files, dossier):
    with zipfile.ZipFile(io.BytesIO(files["datapackage.zip"])) as archive:
        descriptor = json.loads(archive.read("datapackage.json"))
        sources = archive.read("sources.csv")

    assert sources == (dossier.path / "sources.csv").read_bytes()
    assert descriptor["resources"]
