"""The pages beside the reports in a real browser, network off: filters, keyboard, no script, phone and desktop, light and dark."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from claimaudit.html import Html
from claimaudit.model import Vintage
from claimaudit.publish.index_rows import Report, slug
from claimaudit.publish.page import Meta, page, with_data
from claimaudit.publish.site import Site, site_files

PAGES = ("index", "codebook", "claims/M07", "method", "sources", "corrections")

pytestmark = [pytest.mark.xdist_group("site-pages")]


@pytest.fixture(scope="module")
def audits(project, audited):
    return {topic: audited(topic) for topic in dict.fromkeys(claim.topic for claim in project.claims)}


@pytest.fixture(scope="module")
def files(project, audits):
    reports = tuple(Report(f"{topic}.html", item.title, topic) for topic, item in audits.items())
    return site_files(Site(project, audits, reports))


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    (out / "claims").mkdir()
    for name, raw in files.items():
        (out / name).write_bytes(raw)
    return out


@pytest.fixture
def opened(browser, folder):
    """``opened("index", width=360)``: a page with its console and its requests watched."""
    contexts = []

    def open_(name, *, width=1280, scheme="light", script=True, anchor=""):
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        found = context.new_page()
        found.messages, found.asked = [], []
        found.on("console", lambda message: found.messages.append(message.text))
        found.on("pageerror", lambda error: found.messages.append(str(error)))
        found.on("request", lambda request: found.asked.append(request.url))
        found.goto((folder / f"{name}.html").as_uri() + anchor)
        return found

    yield open_
    for context in contexts:
        context.close()


def shown(found) -> list[str]:
    return [row.get_attribute("id") for row in found.locator("[data-row]:visible").all()]


def test_the_site_is_light_and_holds_every_row(project, files):
    assert len(files["index.html"]) < 150_000
    assert len(files["sources.html"]) < 350_000
    assert files["index.html"].count(b'<li id="claim-') == len(project.claims) > 0
    assert files["sources.html"].count(b'<li id="source-') == len(project.sources)
    assert files["corrections.html"].count(b"<del>") + files["corrections.html"].count(b"Row left out") == len(
        project.corrections
    )


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_pages_open_quietly_at_every_width(opened, name, width, scheme):
    found = opened(name, width=width, scheme=scheme)
    wide = found.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    moved = found.evaluate(
        "new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value })"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 200) })"
    )

    assert found.messages == []
    assert len(found.asked) == 1
    assert wide <= 0
    assert moved < 0.01


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "sources"])
def test_pages_are_complete_without_script(opened, name, project):
    found = opened(name, script=False)

    shut = found.locator("details:not([open]) > summary")
    while name == "sources" and shut.count():
        shut.first.click()
    assert found.locator("[data-row]:visible").count() == len(project.claims if name == "index" else project.sources)
    assert not found.locator("[data-filter]").is_visible()
    assert not found.locator("[role=status]").is_visible()


@pytest.mark.browser
def test_claims_are_filtered_by_rating_domain_speaker_and_change(opened, project, audits):
    found = opened("index")
    verdicts = {claim.claim_id: audits[claim.topic].verdict(claim.claim_id) for claim in project.claims}
    before = {name: audits[project.claim(name).topic].verdict(name, Vintage.AT_PUBLICATION) for name in verdicts}
    status = found.get_by_role("status")

    total = len(project.claims)
    assert status.inner_text() == f"Showing {total} of {total} claims"
    for badge, count in Counter(verdict.rating.badge for verdict in verdicts.values()).items():
        found.get_by_label("Rating", exact=True).select_option(slug(badge))
        assert len(shown(found)) == count
        assert status.inner_text() == f"Showing {count} of {total} claims"
    found.get_by_role("button", name="Show all").click()
    assert len(shown(found)) == total
    found.get_by_label("Domain").select_option("military")
    speaker = project.claim("M09").speaker
    found.get_by_label("Speaker").select_option(speaker)
    both = [claim.claim_id for claim in project.claims if claim.speaker == speaker and claim.domain == "military"]
    assert shown(found) == [f"claim-{name}" for name in both]
    assert found.locator("[data-group]:visible").count() == len({project.claim(name).paragraph for name in both})
    found.get_by_role("button", name="Show all").click()
    found.get_by_label("Changed since").select_option("rating changed")
    changed = [name for name in verdicts if verdicts[name].rating.words != before[name].rating.words]
    assert 0 < len(changed) < total
    assert sorted(shown(found)) == sorted(f"claim-{name}" for name in changed)
    assert found.messages == []


@pytest.mark.browser
@pytest.mark.parametrize("name", ["sources", "corrections", "codebook"])
def test_long_lists_are_short_on_a_phone_and_a_search_opens_what_it_finds(opened, name):
    found = opened(name, width=390)

    assert found.evaluate("document.documentElement.scrollHeight") < 10 * 844
    if name == "codebook":
        return
    assert found.locator("[data-row]:visible").count() == 0
    row = found.locator("[data-row]").last
    row_text = row.evaluate("row => row.textContent.trim().split(/\\s+/).slice(0, 6).join(' ')")
    found.get_by_label("Search").fill(row_text)
    assert row.is_visible()
    found.get_by_role("button", name="Show all").click()
    assert not row.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "sources", "corrections"])
def test_the_search_box_is_a_few_stops_away(opened, name):
    found, stops = opened(name), 0
    while found.evaluate("document.activeElement.id") != "filter-search" and stops < 40:
        found.keyboard.press("Tab")
        stops += 1

    assert stops <= (22 if name == "sources" else 15)


def test_links_with_one_name_lead_to_one_place(files):
    """On the pages beside the reports, where no table around a link tells it from another."""
    for name in ("index.html", "codebook.html", "method.html", "corrections.html"):
        targets = {}
        for target, inner in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', files[name].decode(), re.DOTALL):
            targets.setdefault(" ".join(re.sub(r"<[^>]+>", "", inner).split()), set()).add(target)
        assert [said for said, found in targets.items() if len(found) > 2] == [], name


@pytest.mark.browser
def test_search_needs_all_words_and_no_capitals(opened, project):
    found = opened("index")
    found.get_by_label("Search").fill("IRAN  satellite launched")

    assert "claim-M07" in shown(found)
    assert 0 < len(shown(found)) < 5
    found.get_by_label("Search").fill("no such words anywhere")
    assert shown(found) == []
    assert (
        found.get_by_role("status").inner_text()
        == f"Showing 0 of {len(project.claims)} claims. Nothing fits: change the search or show all."
    )


@pytest.mark.browser
def test_filters_work_by_keyboard_alone(opened, project):
    found = opened("index")
    found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.textContent") == "Skip to the text"
    found.get_by_label("Search").focus()
    found.keyboard.type("bullets")
    assert shown(found) == ["claim-M01"]
    for _ in range(5):
        found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.textContent") == "Show all"
    found.keyboard.press("Enter")
    assert len(shown(found)) == len(project.claims)
    assert found.evaluate("document.activeElement.id") == "filter-search"


@pytest.mark.browser
def test_a_link_to_a_hidden_claim_shows_it_again(opened):
    found = opened("index")
    found.get_by_label("Domain").select_option("economic")
    assert not found.locator("#claim-M07").is_visible()
    found.evaluate("location.hash = '#claim-M07'")
    found.locator("#claim-M07").wait_for(state="visible")

    assert found.locator("#claim-M07").is_visible()
    assert found.url.endswith("#claim-M07")
    assert found.get_by_label("Domain").input_value() == ""


@pytest.mark.browser
def test_sources_are_filtered_and_empty_kinds_leave(opened, project):
    found = opened("sources")
    counts = Counter(project.sources["reliability"])
    found.get_by_label("Grade", exact=True).select_option("E")

    assert len(shown(found)) == counts["E"]
    groups = found.locator("[data-group]:visible")
    assert groups.count() < found.locator("[data-group]").count()
    kept = (
        "groups => groups.filter(group => ![...group.querySelectorAll('[data-row]')].some(row => !row.hidden)).length"
    )
    assert groups.evaluate_all(kept) == 0, "a group without a row that is shown leaves"


@pytest.mark.browser
def test_no_other_script_may_run(opened):
    found = opened("index")
    found.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )

    assert found.evaluate("window.ran") is None
    assert "Content Security Policy" in found.messages[0]


@pytest.mark.browser
def test_a_data_block_is_neither_run_nor_complained_of(browser, tmp_path):
    html = page("A report", Html("<h1>A report</h1>"), meta=Meta())
    (tmp_path / "report.html").write_text(with_data(html, {"name": "</script><script>document.title = 'ran'</script>"}))
    found = browser.new_page()
    messages = []
    found.on("console", lambda message: messages.append(message.text))
    found.goto((tmp_path / "report.html").as_uri())
    data = found.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).name")
    title = found.title()
    found.close()

    assert messages == []
    assert title == "A report"
    assert data == "</script><script>document.title = 'ran'</script>"
