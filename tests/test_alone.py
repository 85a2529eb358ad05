"""A dossier alone: a folder of tables is a full audit, with its own words and nothing of another audit's."""

from __future__ import annotations

import io
import json
import zipfile
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import claimaudit as ca
import foreign
import shared
from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import load_method, usual_text
from claimaudit.errors import BuildError, DossierError, UnknownNameError
from claimaudit.model import Label, TestKind, Vintage
from claimaudit.publish import feed
from claimaudit.publish.archive import package
from claimaudit.publish.citation import citation_line
from claimaudit.publish.claimreview import reviews
from claimaudit.publish.report import broken_links
from claimaudit.publish.sources_page import sources_page
from claimaudit.run import manifest
from claimaudit.run.gathering import gather
from claimaudit.run.notebooks import PACKAGED, reports_of
from claimaudit.run.plan import plan
from claimaudit.show import standard_charts
from claimaudit.show.evidence_html import evidence_table
from claimaudit.verdict.audit import audit
from pages import SITE_FILES
from panels import Shown
from provenance_walk import loose_figures
from samples import DATA, write_dossier

TOPICS = ["trade", "energy", "opinion"]
ATOM = "{http://www.w3.org/2005/Atom}"


def build(folder, out):
    return CliRunner().invoke(main, ["build", "--dossier", str(folder), "--out", str(out), "--quiet"])


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The foreign dossier and its site, built once for all workers."""

    def make(place):
        run = build(foreign.write(place / "harbour"), place / "out")
        assert run.exit_code == 0, run.output

    return shared.made_once(tmp_path_factory.getbasetemp(), "foreign", make)


@pytest.fixture
def dossier(tmp_path):
    return Dossier.load(foreign.write(tmp_path / "harbour"))


def page(built, name):
    return (built / "out" / f"{name}.html").read_text(encoding="utf-8")


def faults(folder):
    with pytest.raises(DossierError) as caught:
        Dossier.load(folder)
    return list(map(str, caught.value.faults))


# -- built for real ---------------------------------------------------------------------------------------------------


def test_a_report_a_topic_and_no_other(built):
    """Though this project has notebooks of these names: they are this project's."""
    record = json.loads((built / "out/manifest.json").read_text())
    assert sorted(record["notebooks"]) == sorted(TOPICS)
    assert {entry["state"] for entry in record["notebooks"].values()} == {"built"}
    assert record["notebooks"]["energy"]["title"] == "Coal for the ferry"
    site = {name.removesuffix(".html") for name in SITE_FILES if name.endswith(".html")}
    assert {path.stem for path in (built / "out").glob("*.html")} == {*TOPICS, *site}


def test_nothing_of_this_projects_article_is_in_it(built, project):
    """In no file, packed or not: neither its title, author and publisher, nor its claims, nor a heading of its notebooks."""
    texts = [path.read_bytes() for path in sorted((built / "out").rglob("*")) if path.is_file()]
    with zipfile.ZipFile(built / "out/datapackage.zip") as packed:
        texts += [packed.read(name) for name in packed.namelist()]
    whole = b"\n".join(texts).decode(errors="replace").casefold()
    article = project.article
    words = [article.title, article.author, article.publisher, "iran", "russia", "claimaudit contributors"]
    words += [claim.paraphrase for claim in project.claims]
    words += [notebook.title for notebook in reports_of(DATA) if notebook.name != "synthesis"]
    assert len(words) > 60
    assert [word for word in words if word.casefold() in whole] == []


def test_the_verdicts_are_those_worked_out_by_hand(built):
    """One exact record within the band and a guess too weak to stand against it; a quotation; a model that is not there."""
    rows = json.loads((built / "out/verdicts.json").read_text())["verdicts"]
    now = {row["part_id"] or row["claim_id"]: row for row in rows if row["vintage"] == "hindsight"}
    assert {name: row["label"] for name, row in now.items() if row["part_id"]} == {
        "E14.latest": "supported",
        "M02.said": "supported",
        "E22.fall": "supported",
        "E22.hidden": "not_enough_evidence",
    }
    assert {name: row["rating"] for name, row in now.items() if not row["part_id"]} == {
        "E14": "Right",
        "M02": "Right",
        "E22": "Unproven",
    }


def test_a_part_without_its_model_says_so_on_its_card_and_the_rest_is_judged(built, dossier):
    said = "not judged: model quay.stocks is not installed"
    assert said in page(built, "trade")
    result = audit(dossier, "trade")
    assert result.verdict("E22.fall").label is Label.SUPPORTED
    assert result.verdict("E22").rated.likelihood is None
    assert ca.audit("trade", dossier).verdict("e22.hidden").part.unjudged == said
    assert result.specifications("E22")["badge"].unique().tolist() == ["Unproven"]


def test_a_report_shows_what_the_dossier_says_of_its_topic(built):
    energy = page(built, "energy")
    for text in (
        "Coal for the ferry",
        "Was as much coal burned as printed?",
        "Coal is weighed wet.",
        "stoker's own book",
    ):
        assert text in energy, text
    assert "within what is claimed" in energy
    gaps = page(built, "corrections")
    assert "stoker" in gaps
    assert '">Opinion: ' in page(built, "opinion")
    assert "Looked for: his own log; a witness (M02)" in gaps


@pytest.mark.parametrize("name", TOPICS)
def test_every_figure_of_such_a_report_leads_to_its_row(built, name):
    assert broken_links(page(built, name)) == []
    assert [str(item) for item in loose_figures(page(built, name), {"sources.html": set()})] == []


def test_the_index_leads_to_the_topics_in_the_dossiers_order_and_cites_its_own(built):
    index = page(built, "index")
    places = [index.index(f'href="{name}.html"', index.index('id="reports"')) for name in TOPICS]
    assert places == sorted(places)
    assert "Quay Desk. The harbour, audited. Version 2." in index


def test_addresses_of_reviews_and_feed_are_whole_where_the_dossier_says_where_they_stand(built):
    reviews = json.loads((built / "out/claimreview.json").read_text())["@graph"]
    by_id = {item["identifier"]: item for item in reviews}
    assert by_id["E14"]["url"] == "https://checks.example/harbour/energy.html#claim-E14"
    assert {item["author"]["name"] for item in reviews} == {"Quay Desk Checks"}
    assert by_id["E14"]["itemReviewed"]["author"] == {"@type": "Organization", "name": "Harbour Council"}
    root = ET.fromstring((built / "out/feed.xml").read_bytes())
    links = [item.get("href") for item in root.iter(f"{ATOM}link")]
    assert links
    assert all(link.startswith("https://checks.example/harbour/") for link in links)
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Quay Desk Checks"


def test_built_again_nothing_is_to_do(built):
    again = plan((), {"dossier": str(built / "harbour")}, out=built / "out")
    assert again.is_done(manifest.read(built / "out"))


# -- one audit and another --------------------------------------------------------------------------------------------


def test_another_audit_is_refused_in_the_same_folder(built, tmp_path):
    """Also one of a text of the same title and address: another day, or another desk."""
    before = {path: path.read_bytes() for path in (built / "out").rglob("*") if path.is_file()}
    later = foreign.ARTICLE.replace("2022-05-04", "2022-05-05")
    desk = foreign.ARTICLE.replace("Quay Desk Checks", "Another Desk")
    for number, folder in enumerate(
        [
            write_dossier(tmp_path / "figs"),
            foreign.write(tmp_path / "later", article=later),
            foreign.write(tmp_path / "desk", article=desk),
        ]
    ):
        run = build(folder, built / "out")
        assert run.exit_code == 2, number
        assert "holds the reports of another audit" in run.output
    assert {path: path.read_bytes() for path in (built / "out").rglob("*") if path.is_file()} == before


def test_a_feed_takes_nothing_from_another_text(dossier, project):
    entry = feed.Entry(
        feed._id(project.article, "E14:rating:hindsight:x"), "2024-01-01", "E14 changed", "Text", "index.html"
    )
    earlier = feed.render(project.article, [entry], "We")
    assert [item.id for item in feed.kept_entries(earlier, project.article)] == [entry.id]
    assert feed.kept_entries(earlier, dossier.article) == []


def test_a_site_of_several_audits_has_an_index(built, tmp_path):
    site = tmp_path / "site"
    assert build(foreign.write(tmp_path / "harbour"), site / "harbour").exit_code == 0
    assert build(write_dossier(tmp_path / "figs"), site / "figs").exit_code == 0
    (site / "other").mkdir()
    (site / "other/verdicts.json").write_text("{}")
    run = CliRunner().invoke(main, ["gather", str(site)])
    assert run.exit_code == 0, run.output
    html = (site / "index.html").read_text()
    assert "2 texts audited" in html
    assert 'href="harbour/index.html"' in html
    assert "3 claims: 2 right, 1 unproven" in html
    assert "other/" not in html
    gather(site)  # again, over its own
    with pytest.raises(BuildError, match="is the folder of one audit"):
        gather(site / "figs")
    (site / "index.html").write_text("<p>ours</p>")
    with pytest.raises(BuildError, match=r"holds an index\.html that is no index of audits"):
        gather(site)
    assert (site / "index.html").read_text() == "<p>ours</p>"


# -- its own words ----------------------------------------------------------------------------------------------------


def test_own_columns_and_archived_copies_pass_through(dossier):
    assert dossier.sources.loc["log-2021", ["archived", "x_shelf"]].tolist() == ["https://archive.example/log", "7b"]
    assert dossier.observations.loc[["coal.log", "coal.news"], "x_page"].tolist() == ["12", ""]
    assert dossier.publishers.loc["ferry-line", "x_seen_by"] == "Ana"
    with zipfile.ZipFile(io.BytesIO(package(dossier))) as packed:
        tables = json.loads(packed.read("datapackage.json"))["resources"]
    names = {table["name"]: [field["name"] for field in table["schema"]["fields"]] for table in tables}
    assert {"archived", "x_shelf"} <= set(names["sources"])
    link = '(<a href="https://archive.example/log" rel="noopener">archived</a>)'
    assert sources_page(dossier, []).count(link) == 1
    assert str(evidence_table(audit(dossier, "trade"))).count(link) == 1  # the two counts at the crane stand under it
    assert "archived" not in str(evidence_table(audit(dossier, "opinion")))


def test_an_own_kind_of_source_counts_as_a_record_only_where_the_dossier_says_so(tmp_path):
    own = Dossier.load(foreign.write(tmp_path / "a"))
    assert own.is_primary(own.observation("coal.log"))
    assert not own.is_primary(own.observation("coal.news"))
    not_so = Dossier.load(foreign.write(tmp_path / "b", words="[source_kinds]\nlogbook = false\n"))
    assert not not_so.is_primary(not_so.observation("coal.log"))
    (fault,) = faults(foreign.write(tmp_path / "c", words='acronyms = ["uk"]\n'))
    assert fault.startswith("sources.csv:2: kind: unknown kind of source 'logbook'")


def test_semicolons_are_told_in_one_sentence(tmp_path):
    folder = foreign.write(tmp_path)
    path = folder / "publishers.csv"
    path.write_text(path.read_text().replace(",", ";"))
    assert faults(folder) == ["publishers.csv:1: it is separated by semicolons; use commas or --from sheet"]


@pytest.mark.parametrize("name", ["e14", "E14"])
def test_claims_and_parts_are_known_in_any_case(dossier, name):
    assert dossier.claim(name).claim_id == "E14"
    assert dossier.part("e14.LATEST").part_id == "E14.latest"


def test_ids_that_differ_in_case_alone_are_not_guessed(tmp_path):
    both = foreign.CLAIMS.replace("M02", "e14")
    known = Dossier.load(foreign.write(tmp_path, claims=both))
    assert (known.claim("E14").topic, known.claim("e14").topic) == ("energy", "opinion")
    twice = Dossier.load(foreign.write(tmp_path, claims=both.replace("E14", "Ea").replace("e14", "eA")))
    with pytest.raises(UnknownNameError, match="may be 'Ea' or 'eA'"):
        twice.claim("EA")


def test_explain_takes_an_id_in_any_case(built):
    run = CliRunner().invoke(main, ["explain", "e22", "--dossier", str(built / "harbour")])
    assert run.exit_code == 0, run.output
    assert "quay.stocks" in " ".join(run.output.split())


def test_an_author_may_be_an_organisation_and_a_blank_text_is_still_a_fault(tmp_path):
    text = foreign.ARTICLE.replace('author = ""', 'author = "Ferry Line"\nauthor_is = "organisation"')
    known = Dossier.load(foreign.write(tmp_path, article=text))
    (found,) = reviews([audit(known, "energy")], {})
    assert found["itemReviewed"]["author"] == {"@type": "Organization", "name": "Ferry Line"}
    blank = foreign.ARTICLE.replace('author = ""', 'author = "  "')
    assert faults(foreign.write(tmp_path, article=blank)) == [
        "article.toml:2: author: the text is blank; give it, or leave the entry out where it may be"
    ]


def test_a_dossier_that_does_not_say_who_made_it_is_cited_as_nobodys(tmp_path):
    own = foreign.ARTICLE.partition("\n[audit]")[0] + "\n"
    assert citation_line(Dossier.load(foreign.write(tmp_path, article=own)).article) == ""


def test_the_projects_own_citation_is_that_of_its_file(project):
    cff = (DATA.parent / "CITATION.cff").read_text(encoding="utf-8")
    imprint = project.article.imprint
    assert f'title: "{imprint.title}"' in cff
    assert f"version: {imprint.version}" in cff
    assert [f'- name: "{name}"' in cff for name in imprint.authors] == [True]


# -- the method -------------------------------------------------------------------------------------------------------


def test_a_method_holds_only_what_differs(tmp_path):
    """A number, a group of words, the sweep; all else is the package's, with its reasons."""
    usual = load_method(tmp_path / "method.toml", [])
    (tmp_path / "method.toml").write_text(
        "[pool]\nprior = 0.4  # ours\n[degrees.most]\nwords = ['nearly all']\nmore_than = 0.8\nwhy = 'as we say'\n"
        "[sweep]\nprior = [0.3, 0.4]\n"
    )
    own = load_method(tmp_path / "method.toml", [])
    assert (own.prior, own.dependence) == (0.4, usual.dependence)
    assert own.degrees["most"].words == ("nearly all",)
    assert own.degrees["many"] == usual.degrees["many"]
    assert own.sweep == {"prior": (0.3, 0.4)}
    assert own.reasons["pool.prior"] == "ours"
    assert own.reasons["labels"] == usual.reasons["labels"]
    assert "[topics" not in usual_text()


def test_a_wrong_number_beside_the_usual_ones_is_told_with_its_place(tmp_path):
    found = []
    (tmp_path / "method.toml").write_text("[pool]\n\nprior = 2\n")
    assert load_method(tmp_path / "method.toml", found) is None
    assert list(map(str, found)) == ["method.toml:3: pool.prior: 2 is out of range; give a number from 0.001 to 0.999"]


# -- the plan ---------------------------------------------------------------------------------------------------------


def test_a_notebook_that_the_dossier_names_goes_before_the_packaged_one(tmp_path):
    folder = foreign.write(tmp_path, topics='[notebooks]\nenergy = "coal.ipynb"\n')
    (folder / "notebooks").mkdir()
    (folder / "notebooks/coal.ipynb").write_text('{"cells": [{"cell_type": "markdown", "source": ["# Coal"]}]}')
    found = {item.name: (item.path == PACKAGED, item.title) for item in reports_of(folder)}
    assert found == {"energy": (False, "Coal"), "opinion": (True, "Opinion"), "trade": (True, "Trade")}


def test_this_projects_notebooks_are_not_found_by_name_in_a_dossier_that_names_none(tmp_path):
    folder = foreign.write(tmp_path)
    with pytest.raises(UnknownNameError, match="unknown notebook 'munitions'"):
        plan(["munitions"], {"dossier": str(folder)})
    assert [item.path for item in plan(["energy"], {"dossier": str(folder)}).notebooks] == [PACKAGED]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[coal]\ntitle = 'Coal'\n", "topics.toml: coal: no claim has this topic"),
        ("[energy]\nobservations = ['winter']\n", "topics.toml:1: energy.series: the entry is missing; give it beside"),
        ("[energy]\ntittle = 'x'\n", "topics.toml:2: energy.tittle: the entry is not known; did you mean 'title'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_topic_is_told(tmp_path, text, told):
    (fault,) = faults(foreign.write(tmp_path, topics=text))
    assert fault.startswith(told)


# -- charts and panel -------------------------------------------------------------------------------------------------

CHARTED = {
    TestKind.OF_THAT_SIZE: "within what is claimed",
    TestKind.RANK: "in place",
    TestKind.TWO_SHARES: "from 55% to 40%",
    TestKind.LIST_STATE: "listed are in the state",
    TestKind.RATIO: "of the second",
    TestKind.EVENT: "saying so",
    TestKind.DATE: "on record within",
}


@pytest.mark.parametrize("kind", CHARTED)
def test_a_kind_of_test_has_its_chart(project, audited, kind):
    """With its rows as sources, on a part of the project that has rows of that kind."""
    parts = [part for claim in project.claims for part in claim.parts if part.test is kind]
    for part in parts:
        result = audited(project.claim(part.claim_id).topic)
        rows = standard_charts.rows(result, part.part_id)
        if not rows.empty:
            break
    drawn = standard_charts.chart(result, part.part_id, rows).text
    assert CHARTED[kind] in drawn
    assert "Sources" in drawn


def test_a_trend_is_drawn_as_slopes_and_a_part_without_rows_not_at_all(dossier):
    result = audit(dossier, "trade")
    rows = standard_charts.rows(result, "E22.fall")
    assert rows["role"].tolist() == ["before", "after"]
    ax = standard_charts.slopes(rows)
    assert [list(line.get_ydata()) for line in ax.lines if len(line.get_xdata()) == 2] == [[900, 500]]
    assert "from 900 crates to 500 crates" in standard_charts.chart(result, "E22.fall", rows).text
    assert standard_charts.chart(result, "E22.hidden").text == ""


def test_figures_are_counted_against_the_claimed_band_as_of_the_day(dossier):
    result = audit(dossier, "energy")
    assert standard_charts.claimed(dossier.part("E14.latest"), dossier) == (32, 48)
    assert "1 of 2 figures on record within what is claimed" in standard_charts.chart(result, "E14.latest").text
    early = ca.audit("energy", dossier, as_of="2022-02-01")
    rows = standard_charts.rows(early, "E14.latest", Vintage.AS_OF)
    assert rows.index.tolist() == ["coal.log"]


def test_the_panel_follows_the_methods_numbers(dossier):
    """One outlet does not reach a higher bar, unless sources are doubted less."""
    shown = Shown(ca.panel(audit(dossier, "opinion")))
    menus = shown.controls
    assert "Unproven" not in shown.card.value
    menus["Bar for holding"].value = 0.85
    assert "Unproven" in shown.card.value
    menus["Sources are trusted"].value = 0.5
    assert "Unproven" not in shown.card.value
