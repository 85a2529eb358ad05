"""The site around the reports, from a small dossier: what each file holds, and that nothing in it runs or varies."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Vintage
from claimaudit.publish import claimreview, feed
from claimaudit.publish.index_rows import Failure, Report
from claimaudit.publish.notfound import looked_for, not_found
from claimaudit.publish.page import with_data
from claimaudit.publish.report import broken_links
from claimaudit.publish.site import Site, earlier_files, site_files
from claimaudit.rated import Badge, Rating
from claimaudit.run.judging import AsOf
from claimaudit.show.changed import changed
from claimaudit.verdict.audit import audit
from claimaudit.verdict.wording import conclusion_text
from notebooks_on_disk import write_notebook
from pages import SAMPLE_FILES, SITE_FILES, Page, assert_self_contained
from samples import ARTICLE, CLAIMS, OBSERVATIONS, PUBLISHERS, write_dossier

PAGES = ("index.html", "codebook.html", "method.html", "sources.html", "corrections.html")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</script></title><img src=x onerror=alert(1)> {{ 7*7 }} & \u202e"
CORRECTION = """\
[[corrections]]
file = "observations/harbour.csv"
id = "fig.gazette"
column = "value"
expect = "140"
value = "120"
reason = "The gazette printed a <correction>"
"""
CONTEXT = """\
[[context]]
claim = "E01"
ids = ["fig.gazette"]
reason = "A count of <one> stall"
"""
REPORTS = (
    Report("figs.html", "Figs of the harbour", "figs", not_found=("The first ledger", "a second <count>")),
    Report("ferries.html", "Armed ferries", "ferries"),
)


def load(folder: Path, **changed: str) -> Dossier:
    write_dossier(folder, **changed)
    for name in ("corrections", "context"):
        if name in changed:
            (folder / f"{name}.toml").write_text(changed[name], encoding="utf-8")
    return Dossier.load(folder)


def site_of(dossier: Dossier, **more) -> Site:
    audits = {topic: audit(dossier, topic) for topic in ("figs", "ferries")}
    return Site(dossier, audits, more.pop("reports", REPORTS), **more)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return site_of(load(tmp_path_factory.mktemp("dossier"), corrections=CORRECTION, context=CONTEXT))


@pytest.fixture(scope="module")
def files(site):
    return site_files(site)


def text(files, name):
    return files[name].decode()


# -- the whole ----------------------------------------------------------------------------------------------------------


def test_every_file_is_there_and_the_index_leads_to_each(files):
    links = set(re.findall(r'href="([^"#]+)', text(files, "index.html")))

    assert {*files, "manifest.json"} == set(SAMPLE_FILES)
    assert {"claims/E01.html", "claims/M01.html"} <= links
    assert set(SITE_FILES) - {"index.html"} <= links


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_complete_in_themselves(files, name):
    page = assert_self_contained(text(files, name))

    assert broken_links(text(files, name)) == []
    assert page.tags["main"] == 1
    assert [found["aria-current"] for tag, found in page.elements if "aria-current" in found] == ["page"]
    assert "onerror" not in text(files, name)


def test_links_between_the_pages_lead_to_anchors_that_exist(files):
    ids = {name: set(Page(text(files, name)).ids) for name in PAGES}

    for name in PAGES:
        for target, anchor in re.findall(r'href="(\w+\.html)#([^"]+)"', text(files, name)):
            assert target not in ids or anchor in ids[target], f"{name}: {target}#{anchor}"


def test_the_same_inputs_give_the_same_bytes(site, files, tmp_path):
    again = site_files(site_of(load(tmp_path / "again", corrections=CORRECTION, context=CONTEXT)))

    assert {name: hashlib.sha256(raw).hexdigest() for name, raw in again.items()} == {
        name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A dossier whose every free text tries to break out of its place."""
    quoted = HOSTILE.replace('"', "'")
    dossier = load(
        tmp_path_factory.mktemp("hostile"),
        article=ARTICLE.replace("Figs and Ferries", quoted).replace("A. Writer", quoted),
        claims=CLAIMS.replace("The harbour sold about 100 crates of figs in 2022", quoted)
        .replace("the author", quoted)
        .replace("A ferry carried a gun by March 2023", quoted),
        publishers=PUBLISHERS.replace("The Gazette", quoted),
        observations=OBSERVATIONS.replace("The counted crates", quoted),
        corrections=CORRECTION.replace("The gazette printed a <correction>", quoted),
        context=CONTEXT.replace("A count of <one> stall", quoted),
    )
    sources = dossier.sources.copy()
    sources.loc["customs-2022", "url"] = "javascript:alert(1)"  # the reader refuses it; the page must as well
    dossier = replace(dossier, sources=sources)
    report = Report("figs.html", quoted, "figs", parameters=((quoted, quoted),), not_found=(quoted,))
    failures = (Failure(quoted, 1, quoted),)
    page = {"figs.html": "<html><head><title>x</title></head><body></body></html>"}
    return site_files(site_of(dossier, reports=(report,), failures=failures, pages=page))


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_are_shown_as_text(hostile, name):
    page = assert_self_contained(text(hostile, name))

    assert page.tags["img"] == 0
    assert "{{ 7*7 }}" in text(hostile, name) or name in ("method.html", "codebook.html")
    assert "javascript:" not in text(hostile, name)


def test_hostile_texts_cannot_end_a_data_block(hostile):
    page = Page(text(hostile, "figs.html"))

    assert len(page.scripts) == len(page.data) == 1
    assert page.tags["img"] == 0
    assert page.data[0]["@graph"][0]["claimReviewed"] == HOSTILE.replace('"', "'")
    assert "\u202e" not in text(hostile, "figs.html")


def test_a_second_data_block_takes_the_place_of_the_first():
    once = with_data("<head></head><body>", {"a": "</script>"})
    twice = with_data(once, {"b": 2})

    assert "</script>" not in once.replace("}</script>", "")
    assert '"a"' not in twice
    assert Page(twice).data == [{"b": 2}]


# -- pages ----------------------------------------------------------------------------------------------------------


def test_sources_say_grade_date_and_use(files):
    page = text(files, "sources.html")
    row = re.search(r'<li id="source-gazette-2023".*?</li>', page)[0]

    assert row.endswith(" · 2 March 2023 · C · 3 figures · 3 weighed · E01 M01</li>")
    assert "Figs &amp; &lt;b&gt;fables&lt;/b&gt;" in row
    audit = re.search(r'<li id="source-audit-2024".*?</li>', page)[0]
    assert " · May 2024 · A · read in full · 2 figures · 1 weighed · E01 M01</li>" in audit
    assert page.index("<details") < page.index("source-audit-2024")


def test_corrections_and_gaps_are_listed_with_reasons(files):
    page = text(files, "corrections.html")

    assert "<del>140</del> <ins>120</ins>" in page
    assert "The gazette printed a &lt;correction&gt;" in page
    assert "<summary>Figs of the harbour: 2 entries</summary><ul><li data-row>The first ledger</li>" in page
    assert '<a href="figs.html">The report “Figs of the harbour”</a>' in page
    assert "A second &lt;count&gt;" in page
    assert "A count of &lt;one&gt; stall" in page


def test_gaps_are_read_from_the_notebook(tmp_path):
    path = write_notebook(tmp_path / "figs.ipynb")
    document = json.loads(path.read_text())
    document["cells"][0]["source"] = (
        "# Figs\n\n**Not found.** The ledger (one; or two); a `count`\nof crates.\n\nMore; text."
    )
    path.write_text(json.dumps(document))

    assert not_found(path) == ("The ledger (one; or two)", "a `count` of crates")
    assert not_found(tmp_path / "none.ipynb") == ()


def test_what_parts_say_was_looked_for_is_told_once_with_the_claims(tmp_path):
    claim = Dossier.load(write_dossier(tmp_path)).claim("E01")
    notes = ("Looked for: the ledger; none found. It burned.", "A row. Looked for: the ledger; none found.", "Nothing.")
    parts = tuple(replace(claim.parts[0], part_id=f"E01.{number}", note=note) for number, note in enumerate(notes))

    assert looked_for([replace(claim, parts=parts)]) == ("Looked for: the ledger; none found (E01)",)


def test_method_page_opens_with_limits_and_gives_every_number_with_its_reason(files, site):
    page = text(files, "method.html")
    plain = " ".join(re.sub(r"<[^>]+>", "", page).split())
    method = site.dossier.method

    assert re.findall(r'<h2 id="([^"]+)"', page)[0] == "limits"
    for name in ("prior", "dependence", "certainty_cap", "quoting", "supported", "conflict_share"):
        assert re.search(rf"<code>{name}</code></th>(?:(?!</tr>).)*>{getattr(method, name):g}<", page), name
    for name, reason in method.reasons.items():
        if not name:
            continue  # what the file says of itself
        shown = " ".join(reason.replace("`", "").split())[1:]
        escaped = (
            shown.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&quot;")
            .replace("'", "&#x27;")
        )
        assert escaped in plain, name


def test_grades_of_one_independent_source_are_worked_out_by_the_method(files):
    """B2: trust 0.85 x 0.85 = 0.7225, so (1 + 0.7225) / 2 = 86 per cent, enough by itself; C2: 0.70 x 0.85 gives 79.75."""
    row = {
        letter: re.search(rf'<tr><th scope="row">{letter}<span>.*?</tr>', text(files, "method.html"))[0]
        for letter in "BC"
    }

    assert '<td class="settles"><strong>86%</strong></td>' in row["B"]
    assert "<td>79.8%</td>" in row["C"]


# -- data -----------------------------------------------------------------------------------------------------------


def test_verdicts_fit_their_schema_and_the_schema_is_one(files):
    schema = json.loads(text(files, "verdicts.schema.json"))
    Draft202012Validator.check_schema(schema)
    document = json.loads(text(files, "verdicts.json"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())

    assert list(validator.iter_errors(document)) == []
    assert all("description" in column for column in schema["properties"]["verdicts"]["items"]["properties"].values())
    for change in (
        {"label": "true"},
        {"probability": 1.2},
        {"vintage": ""},
        {"claim_id": ""},
        {"extra": 1},
        {"as_of": "soon"},
    ):
        broken = {**document, "verdicts": [{**document["verdicts"][0], **change}]}
        assert list(validator.iter_errors(broken)), change
    assert len(document["verdicts"]) == len(list(csv.DictReader(io.StringIO(text(files, "verdicts.csv")))))


def test_claim_reviews_fit_their_schema(files):
    schema = json.loads((Path(__file__).parent / "schemas/claimreview.schema.json").read_text())
    document = json.loads(text(files, "claimreview.json"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())

    assert list(validator.iter_errors(document)) == []
    by_id = {item["identifier"]: item for item in document["@graph"]}
    assert by_id["E01"]["url"] == "figs.html#claim-E01"
    assert by_id["E01"]["datePublished"] == "2024-06-01"
    assert by_id["E01"]["itemReviewed"]["author"] == {"@type": "Person", "name": "A. Writer"}
    assert by_id["M01"]["itemReviewed"]["author"] == {"name": "a harbour source"}
    assert by_id["E01"]["itemReviewed"]["appearance"]["url"] == "https://example.org/figs"
    del document["@graph"][0]["reviewRating"]
    assert list(validator.iter_errors(document))


def test_ratings_in_figures_follow_the_badge_and_what_is_unproven_has_none():
    rated = {badge: claimreview.review_rating(Rating(badge, "wrong month")) for badge in Badge}
    figures = {badge: found["ratingValue"] for badge, found in rated.items() if "ratingValue" in found}

    assert figures == {Badge.WRONG: 1, Badge.PARTLY_RIGHT: 2, Badge.RIGHT_BUT: 4, Badge.RIGHT: 5}
    assert rated[Badge.RIGHT_BUT]["alternateName"] == "Right, but wrong month"
    assert rated[Badge.UNPROVEN] == {"@type": "Rating", "alternateName": "Unproven: wrong month"}
    assert "3 is not used" in rated[Badge.RIGHT]["ratingExplanation"]


def test_a_review_tells_of_both_dates_only_where_they_differ(site):
    bodies = {item["identifier"]: item["reviewBody"] for item in claimreview.reviews(site.audits.values(), {})}
    own = {
        name: site.audits[topic].of(name, Vintage.HINDSIGHT)[0] for name, topic in (("E01", "figs"), ("M01", "ferries"))
    }

    assert bodies["M01"] == conclusion_text(own["M01"])
    assert bodies["E01"].startswith(f"{conclusion_text(own['E01'])} Using only what was public on 14 March 2023: ")


def test_the_database_holds_the_dossier_and_its_keys_hold(files, site):
    with sqlite3.connect(":memory:") as connection:
        connection.deserialize(files["evidence.sqlite"])

        def ask(query):
            return connection.execute(query).fetchall()

        assert ask("PRAGMA foreign_key_check") == []
        assert ask("PRAGMA integrity_check") == [("ok",)]
        counts = {name: ask(f"SELECT count(*) FROM {name}")[0][0] for (name,) in ask(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )}  # fmt: skip
        keys = {(row[2], row[3]) for row in ask("PRAGMA foreign_key_list(observations)")}
        e01 = ask(
            "SELECT rating, rating_reason FROM verdicts WHERE claim_id='E01' AND part_id IS NULL AND vintage='hindsight'"
        )
        weight = ask("SELECT trust FROM observations WHERE observation_id = 'fig.customs'")
        corrected = ask("SELECT value FROM observations WHERE observation_id = 'fig.gazette'")
        changes = ask("SELECT claim_id FROM verdict_changes WHERE part_id IS NULL")
    verdict = site.audits["figs"].verdict("E01")

    assert (counts["sources"], counts["observations"], counts["claims"], counts["parts"]) == (3, 6, 2, 3)
    assert counts["verdicts"] == len(site.verdicts)
    assert counts["findings"] == sum(len(item.findings) for item in site.verdicts) > 0
    assert keys == {("measures", "measure"), ("origins", "origin"), ("sources", "source_id")}
    assert e01 == [(verdict.rating.badge.value, verdict.rating.reason)]
    assert weight == [(0.931,)]  # A1: 0.95 x 0.98
    assert corrected == [(120.0,)]
    assert changes == [("E01",)]


def test_the_package_holds_what_its_descriptor_names(files):
    with zipfile.ZipFile(io.BytesIO(files["datapackage.zip"])) as archive:
        described = json.loads(archive.read("datapackage.json"))
        for resource in described["resources"]:
            digest = hashlib.sha256(archive.read(resource["path"])).hexdigest()
            assert resource["hash"] == f"sha256:{digest}"
        names = archive.namelist()

    assert len(described["resources"]) == 6
    assert {"claims.toml", "method.toml", "article.toml"} <= set(names)
    assert not [name for name in names if name.startswith(("/", ".."))]


# -- the feed ------------------------------------------------------------------------------------------------------


def entries(raw):
    root = ET.fromstring(raw)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    found = root.findall(f"{ATOM}entry")
    for entry in found:
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "summary"))
    return [entry.findtext(f"{ATOM}title") for entry in found]


def test_the_feed_tells_what_hindsight_changed(files, site):
    before, after = (
        site.audits["figs"].verdict("E01", vintage).rating.words
        for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)
    )

    assert before != after
    assert entries(files["feed.xml"]) == [f"E01: “{before}” at publication, “{after}” in hindsight"]
    assert ET.fromstring(files["feed.xml"]).findtext(f"{ATOM}updated") == "2024-06-01T00:00:00Z"


@pytest.mark.parametrize(
    ("change", "was"),
    [({"rating": "Wrong", "rating_reason": ""}, "Wrong"), ({"rating_reason": "in another month"}, None)],
    ids=["badge", "reason alone"],
)
def test_the_feed_tells_what_changed_since_an_earlier_build_and_goes_on_telling(files, site, change, was):
    before = json.loads(files["verdicts.json"])
    row = next(
        row
        for row in before["verdicts"]
        if row["claim_id"] == "M01" and not row["part_id"] and row["vintage"] == "hindsight"
    )
    now = Rating(Badge(row["rating"]), row["rating_reason"])
    row |= change
    was = was or replace(now, reason="in another month").words
    changed = site_files(replace(site, earlier={"verdicts.json": json.dumps(before).encode()}))
    expected = f"M01, in hindsight: changed from “{was}” to “{now.words}”"

    assert expected in entries(changed["feed.xml"])
    again = site_files(replace(site, earlier=changed))
    assert again == changed


def test_verdicts_of_another_form_are_read_as_none(files, site):
    before = json.loads(files["verdicts.json"])
    for row in before["verdicts"]:
        if row["rating"]:
            row.update(rating="Wrong", rating_reason="")
    older = {**before, "schema_version": 2}

    assert feed.earlier_rows(json.dumps(before).encode(), {"E01": "figs", "M01": "ferries"})
    assert feed.earlier_rows(json.dumps(older).encode(), {"E01": "figs", "M01": "ferries"}) == []
    assert site_files(replace(site, earlier={"verdicts.json": json.dumps(older).encode()})) == files


def test_changes_of_labels_in_a_feed_of_the_form_before_are_left_out(files, site):
    old = files["feed.xml"].replace(b":hindsight:", b":edition:hindsight:2024-01-01:")

    assert old != files["feed.xml"]
    assert site_files(replace(site, earlier={"feed.xml": old})) == files


def test_an_unchanged_edition_changes_no_byte(files, site):
    assert site_files(replace(site, earlier=files)) == files


@pytest.mark.parametrize(
    "earlier",
    [
        {"verdicts.json": b"{", "feed.xml": b"<"},
        {"verdicts.json": b"[]", "feed.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><feed/>"},
        {"verdicts.json": b'{"verdicts": [{"claim_id": "E01"}]}', "feed.xml": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>"},
        {"verdicts.json": b"\xff\xfe", "feed.xml": b""},
    ],
)  # fmt: skip
def test_earlier_files_that_cannot_be_read_are_no_hindrance(files, site, earlier):
    assert site_files(replace(site, earlier=earlier)) == files


def test_verdicts_by_other_parameters_are_no_edition(files):
    document = json.loads(files["verdicts.json"])
    topics = {"E01": "figs", "M01": "ferries"}
    document["parameters"] = {"figs": {"size": 7}}

    assert {row["claim_id"] for row in feed.earlier_rows(json.dumps(document).encode(), topics)} == {"M01"}


def test_earlier_files_are_those_that_are_there(files, tmp_path):
    (tmp_path / "feed.xml").write_bytes(files["feed.xml"])

    assert earlier_files(tmp_path) == {"feed.xml": files["feed.xml"]}


# -- reports that do not fit the rest ----------------------------------------------------------------------------------


def test_reports_of_earlier_builds_and_other_parameters_are_marked(site):
    kept = replace(REPORTS[0], kept=True, data_of=date(2023, 5, 1))
    other = replace(REPORTS[1], parameters=(("size", "7"),))
    page = text(site_files(replace(site, reports=(kept, other))), "index.html")

    assert page.count("ept from an earlier build, with the evidence of 1 May 2023.") == 2
    assert page.count("uilt with other parameters: size = 7.") == 2
    assert "earlier build" not in text(site_files(site), "index.html")


def test_changed_parameters_are_those_away_from_their_defaults(project):
    from russia_iran.military import munitions

    result = audit(project, "munitions", munitions.Parameters(heavy_share=0.25))

    assert changed(result.parameters) == {"heavy_share": 0.25}
    assert changed(audit(project, "munitions").parameters) == {}


def test_verdicts_by_other_parameters_are_announced(site, monkeypatch):
    """A what-if tells what was changed in every file and on every page, and publishes no review and no feed."""
    turned = AsOf()
    site = replace(site, audits={**site.audits, "figs": replace(site.audits["figs"], parameters=turned)})
    monkeypatch.setattr("claimaudit.publish.site.changed", lambda given: {"size": 7} if given is turned else {})
    usual, found = site_files(site), site_files(replace(site, what_if="size = 7"))

    gone = {name for name in set(usual) - set(found) if not name.startswith("claims/")}
    assert gone == {"claimreview.json", "feed.xml"}
    assert not [name for name in found if name.startswith("claims/")]
    assert json.loads(found["verdicts.json"])["parameters"] == {"figs": {"size": 7}}
    assert "<strong>figs: </strong>size = 7" in text(found, "index.html")
    topics = {claim.claim_id: claim.topic for claim in site.dossier.claims}
    for row in csv.DictReader(io.StringIO(text(found, "verdicts.csv"))):
        assert row["parameters"] == ("size = 7" if topics[row["claim_id"]] == "figs" else "")
    with closing(sqlite3.connect(":memory:")) as known:
        known.deserialize(found["evidence.sqlite"])
        assert known.execute("select value from about where name = 'what if: figs'").fetchall() == [("size = 7",)]
    for name in (name for name in found if name.endswith(".html")):
        page = text(found, name)
        assert '<p class="what-if" role="note"><strong>What if, not the audit: </strong>size = 7</p>' in page, name
        assert "<title>What if: " in page, name
        assert '<meta name="robots" content="noindex">' in page, name
        assert "application/ld+json" not in page, name
        assert "What if" not in text(usual, name), name


def test_a_review_that_travels_alone_says_what_is_right_and_which_detail_is_not(audited):
    own = audited("space")
    found = claimreview.review(own, own.dossier.claim("M07"), "report.html")

    assert found["reviewRating"]["alternateName"].startswith("Right, but wrong ")
    assert "9 August 2022" in found["reviewBody"]
