"""Terms of what is passed on: what is read, what is refused, and that no table is offered more freely than it may be."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from claimaudit.dossier import datapackage
from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import DossierError
from claimaudit.publish.archive import package
from claimaudit.publish.sources_page import sources_page
from samples import write_dossier

SERIES = """\
[catches]
title = "Fish landed, yearly"
row = "year"
key = ["year"]
period = "year"
vintage = "unknown"
lag_days = 0
vintage_reason = "One release was kept"
numbers = { landed = "crate" }
"""
TERMS = """\
[dossier]
name = "CC0-1.0"
title = "Nobody's <rights>"

[[terms]]
of = "Yearbook"
name = "other-nc"
title = "free without profit"
path = "https://example.org/terms"
credit = "Source: customs <house>"
note = "Sums are ours."
sources = ["customs-*"]
"""
FIRST = {"name": "other-nc", "path": "https://example.org/terms"}


def load(folder, text=None):
    write_dossier(folder)
    (folder / "series.toml").write_text(SERIES)
    (folder / "series").mkdir()
    (folder / "series/catches.csv").write_text("year,landed,source_id\n2021,5,customs-2022\n2022,,audit-2024\n")
    if text is not None:
        (folder / "terms.toml").write_text(text, encoding="utf-8")
    return Dossier.load(folder)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return load(tmp_path_factory.mktemp("dossier"), TERMS)


@pytest.fixture(scope="module")
def described(dossier):
    return datapackage.describe(dossier)


def named(described, name):
    return next(item for item in described["resources"] if item["name"] == name)


def test_the_package_is_offered_under_the_dossiers_own_licence(described):
    assert described["licenses"] == [{"name": "CC0-1.0", "title": "Nobody's <rights>"}]
    assert "licenses" not in named(described, "sources")


def test_a_regular_table_with_rows_of_others_is_theirs_as_a_whole(described):
    series = named(described, "series-catches")

    assert series["licenses"] == [{**FIRST, "title": "Yearbook: free without profit"}]
    assert [source.get("credit") for source in series["sources"]] == [None, "Source: customs <house>"]


def test_among_observations_the_rows_of_others_are_set_apart_by_source(described):
    table = named(described, "observations-harbour")

    assert table["licenses"] == [
        {**FIRST, "title": "rows of Yearbook: free without profit"},
        {"name": "CC0-1.0", "title": "all other rows: Nobody's <rights>"},
    ]
    assert [source["credit"] for source in table["sources"]] == ["Source: customs <house>"]
    assert "credit line" in table["description"]


def test_a_dossier_without_the_file_names_no_licence(tmp_path):
    described = datapackage.describe(load(tmp_path))

    assert not [item for item in (described, *described["resources"]) if "licenses" in item]


def test_the_zip_carries_the_terms(dossier):
    with zipfile.ZipFile(io.BytesIO(package(dossier))) as archive:
        assert archive.read("terms.toml").decode() == TERMS
        inside = json.loads(archive.read("datapackage.json"))

    assert named(inside, "series-catches")["licenses"][0]["name"] == "other-nc"


def test_the_sources_page_states_terms_and_says_where_none_are_stated(dossier):
    page = sources_page(dossier, ())
    customs, gazette = (
        re.search(rf'<li id="source-{name}".*?</li>', page)[0] for name in ("customs-2022", "gazette-2023")
    )
    section = page.partition('id="terms"')[2]

    assert "terms: free without profit" in customs
    assert "terms:" not in gazette
    assert "states no terms of use" in page, "what a line leaves out is said once"
    assert "Credit: Source: customs &lt;house&gt;" in section
    assert 'href="https://example.org/terms"' in section
    assert "Nobody&#x27;s &lt;rights&gt;" in section or "Nobody's &lt;rights&gt;" in section


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"customs-*"', '"custom-2022"', "Yearbook: sources.1: unknown source 'custom-2022'; did you mean 'customs-2022'?"),
        ('name = "other-nc"\n', "", "Yearbook: name: the text is missing"),
        ('credit = "Source: customs <house>"\n', "", "Yearbook: credit: the text is missing"),
        ('"https://example.org/terms"', '"javascript:run()"', "'javascript:run()' is not of the form it must have"),
        ("[dossier]", "[package]", "package: the entry is not known"),
        ("Sums are ours.", "\\u001b[31m", "it holds the control character"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path, old, new, said):
    assert old in TERMS
    with pytest.raises(DossierError) as refused:
        load(tmp_path, TERMS.replace(old, new, 1))

    assert "terms.toml:" in str(refused.value)
    assert said in str(refused.value)


def test_a_source_has_one_set_of_terms(tmp_path):
    second = (
        TERMS.partition("[[terms]]")[2].replace('of = "Yearbook"', 'of = "Ledger"').replace("customs-*", "customs-2022")
    )
    with pytest.raises(DossierError, match="Ledger: sources: 'customs-2022' has the terms of 'Yearbook' already"):
        load(tmp_path, f"{TERMS}\n[[terms]]{second}")


# -- the project's own --------------------------------------------------------------------------------------------------

OPEN = ("CC-BY-4.0", "CC-BY", "ODC-BY-1.0")


@pytest.fixture(scope="module")
def own():
    return json.loads((DEFAULT_DOSSIER / datapackage.FILE).read_text(encoding="utf-8"))


def test_every_table_names_its_licence_or_falls_under_the_dossiers(own):
    assert own["licenses"][0]["name"] == "CC-BY-4.0"
    for item in own["resources"]:
        assert all(licence["name"] and licence["title"] for licence in item.get("licenses", own["licenses"]))
        if item["name"].startswith("series-"):
            assert item["licenses"], f"{item['name']} is taken from a data set and must name that data set's terms"
            assert [source for source in item["sources"] if "credit" in source]


@pytest.mark.parametrize("name", ["series-arms-transfers", "series-combat-fleets"])
def test_tables_from_the_arms_register_are_not_free(own, name):
    table = named(own, name)

    assert [licence["name"] for licence in table["licenses"]] == ["other-nc"]
    assert "Information from the SIPRI Arms Transfers Database" in json.dumps(table["sources"])


@pytest.mark.parametrize("name", ["series-usd-irr-monthly", "series-air-accidents"])
def test_tables_whose_terms_were_not_found_are_not_called_free(own, name):
    assert not [licence for licence in named(own, name)["licenses"] if licence["name"] in OPEN]


def test_rows_of_the_register_and_of_price_groups_are_set_apart(own):
    for name, of in (("air-space-partnership", "SIPRI"), ("sanctions-prices", "Iran Economy Dashboard")):
        first, *_, last = named(own, f"observations-{name}")["licenses"]
        titles = " ".join(licence["title"] for licence in named(own, f"observations-{name}")["licenses"])

        assert f"rows of {of}" in titles
        assert first["title"].startswith("rows of ")
        assert last == {**own["licenses"][0], "title": f"all other rows: {own['licenses'][0]['title']}"}


def test_what_is_worked_out_from_the_register_is_not_attributed_to_it(project):
    rows = project.observations
    sums = rows[rows["source_id"].str.startswith("sipri-trade-register") & (rows["basis"] == "derived")]

    assert {"asp.tiv.rus-irn.2010-2014", "asp.fleet.irn.new2000-2022"} <= set(sums.index)
    assert set(sums["origin"]) == {"worked-out-from-sipri-register"}
    assert project.independent("worked-out-from-sipri-register") == "sipri"
