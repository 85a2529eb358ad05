"""The index page: what was found in a sentence, a bar and three lines, each claim with its words and rating, failures."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Role
from claimaudit.publish.annotated import without_claim
from claimaudit.publish.index import index_page
from claimaudit.publish.index_rows import Failure, Report, index_rows
from claimaudit.publish.opening import bar, headline, short_lists, three_lines
from claimaudit.publish.report import broken_links
from claimaudit.rated import Badge, RatedPart, Rating
from claimaudit.verdict.audit import audit
from claimaudit.verdict.wording import conclusion_text
from pages import Page, assert_self_contained
from samples import write_dossier


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


@pytest.fixture(scope="module")
def rows(dossier):
    audits = [audit(dossier, topic) for topic in ("figs", "ferries")]
    verdicts = [verdict for item in audits for verdict in item.verdicts]
    return index_rows(dossier.claims, verdicts, [Report("figs.html", "Figs of the harbour", "figs")])


def rated(row, badge, reason=""):
    """A row whose claim has a badge, at both dates."""
    now = replace(row.hindsight, rated=replace(row.hindsight.rated, rating=Rating(badge, reason)))
    return replace(row, hindsight=now, at_publication=now)


def words(html) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(html))).split())


def part_of(page: str, claim: str) -> str:
    return re.search(rf'<li id="claim-{claim}".*?</li>', page, re.DOTALL)[0]


def test_the_page_is_complete_in_itself(dossier, rows):
    page = index_page(dossier, rows)

    assert_self_contained(page)
    assert broken_links(page) == []
    assert page == index_page(dossier, rows)


# -- the opening --------------------------------------------------------------------------------------------------------

R, B, U, P, W = Badge.RIGHT, Badge.RIGHT_BUT, Badge.UNPROVEN, Badge.PARTLY_RIGHT, Badge.WRONG


@pytest.mark.parametrize(
    ("badges", "said"),
    [
        (
            [R, R, R, B, B, U, P, W],
            "3 of the article’s 8 claims are right; 2 are right but for a slip, 1 is right only in part, 1 is wrong, and 1 could "
            "not be proven",
        ),
        ([R, B], "1 of the article’s 2 claims is right; 1 is right but for a slip"),
        ([R, R], "All of the article’s 2 claims are right"),
        ([W, U], "None of the article’s 2 claims is right; 1 is wrong and 1 could not be proven"),
        ([P, P], "None of the article’s 2 claims is right; 2 are right only in part"),
        ([R, None], "1 of the article’s 2 claims is right; 1 could not be judged"),
        ([U], "The article’s only claim is unproven"),
        ([B], "The article’s only claim is right, but for a detail or missing context"),
        ([None, None], "2 claims; no verdict could be computed"),
    ],
)  # fmt: skip
def test_the_headline_counts_the_ratings(rows, badges, said):
    made = [rated(rows[0], badge) if badge else replace(rows[0], hindsight=None) for badge in badges]

    assert headline(made) == said


def test_the_headline_is_the_title_of_the_page(dossier, rows):
    page = index_page(dossier, rows)

    assert f"<h1>{headline(rows)}</h1>" in page
    assert f'<meta name="description" content="{headline(rows)}.">' in page


def test_the_bar_is_as_long_as_the_shares_and_says_them_in_words(rows):
    made = [rated(rows[0], badge) for badge in (R, R, R, B, W, U)]
    drawn = str(bar(made))

    assert re.findall(r'class="stretch rated-([\w-]+)" style="flex-grow:(\d)"', drawn) == [
        ("right", "3"), ("right-but", "1"), ("unproven", "1"), ("wrong", "1"),
    ]  # fmt: skip
    assert 'aria-label="Claims by rating: 3 right, 1 right, but, 1 unproven, 1 wrong"' in drawn
    assert "3 Right 1 Right, but with a slip or missing context 1 Unproven 1 Wrong" in words(drawn)
    assert str(bar([replace(rows[0], hindsight=None)])) == ""


def test_three_lines_say_what_is_right_what_slips_and_what_could_not_be_checked(rows):
    made = [
        rated(rows[0], R),
        rated(rows[1], B, "wrong month; needs context: it sank"),
        rated(rows[0], P, "1 of 2 holds"),
        rated(rows[0], W),
        rated(rows[0], U, "text not read"),
        rated(rows[0], U, "disputed"),
        rated(rows[0], U, "agreement shown, sum not"),
        rated(rows[0], U, "nothing shown"),
        rated(rows[0], U, "forecast, open"),
        rated(rows[0], U, "forecast, came true; wrong year"),
        rated(rows[0], U, "forecast, not by the review day"),
        rated(rows[0], U, "forecast, came true"),
    ]
    said = words(three_lines(made))

    assert "What is right 1 claim (1 economic)." in said
    told = f"{_in_words(made[2])} (E01)"
    assert f"Wrong: {told} Right in part: {told} Right but for a slip: {_in_words(made[1])} (M01)" in said
    assert "What could not be checked 4 claims: 1 in a text that could not be read, 1 disputed between sources" in said
    assert "1 shown in part, and 1 not shown by open sources." in said
    assert "Forecasts 4 claims: 1 not yet due, 2 came true, and 1 not in time." in said
    assert headline(made).endswith("and 8 could not be proven, 4 of them forecasts")
    assert words(three_lines([rated(rows[0], R)])) == "What is right 1 claim (1 economic)."


def test_the_short_lists_name_the_claims_to_look_at_first_and_empty_ones_are_left_out(rows):
    month = rows[0].hindsight.parts[0]
    slip = rated(rows[0], B, "wrong month")
    refuted = replace(
        slip,
        hindsight=replace(
            slip.hindsight,
            rated=replace(slip.hindsight.rated, rating=Rating(B, "wrong month", refuted=(month,))),
        ),
    )
    misled = replace(
        rated(rows[1], B, "needs context: it sank"),
        hindsight=replace(
            rows[1].hindsight,
            rated=replace(
                rows[1].hindsight.rated,
                rating=Rating(B, "needs context: it sank", context=(rows[1].hindsight.parts[0],)),
            ),
        ),
    )
    lists = str(short_lists([refuted, replace(misled, at_publication=misled.hindsight)]))

    assert re.findall(r'<h2 id="([\w-]+)">([^<]+)</h2>', lists) == [
        ("wrong", "What it gets wrong (1)"), ("context", "What needs context (1)"),
    ]  # fmt: skip
    assert '<a href="claims/E01.html">E01</a>' in lists
    assert '<a href="claims/M01.html">M01</a>' in lists
    assert conclusion_text(refuted.hindsight) in words(lists)
    assert str(short_lists([rated(rows[0], R)])) == ""


def test_an_unproven_claim_is_among_the_wrong_where_its_reason_names_the_slip(rows):
    year = RatedPart("E01.year", Role.DETAIL, Label.REFUTED, name="year")

    def lists(reason):
        row = rated(rows[0], U, reason)
        now = replace(row.hindsight, rated=replace(row.hindsight.rated, rating=Rating(U, reason, refuted=(year,))))
        return re.findall(r'<h2 id="([\w-]+)">', str(short_lists([replace(row, hindsight=now, at_publication=now)])))

    assert lists("not shown; wrong year") == ["wrong", "unproven"]
    assert lists("not shown") == ["unproven"]
    assert lists("forecast, came true; wrong year") == ["wrong", "forecasts"]


def test_a_long_list_is_folded_and_loses_nothing(rows):
    drawn = str(short_lists([rated(rows[0], U, "not shown")] * 9))
    shown, folded = drawn.split("</summary>")

    assert (shown.count("<li>"), folded.count("<li>")) == (0, 9)
    assert '<details class="more"><summary>' in shown
    assert "What could not be checked (9)" in shown


def test_what_changed_since_says_how_it_was_rated_at_first(dossier, rows):
    before, after = rows[0].at_publication.rating.words, rows[0].hindsight.rating.words
    page = index_page(dossier, rows)
    then = f"Rated “{before}” using only what was public on 14 March 2023."

    assert before != after
    assert '<h2 id="changed">What changed since publication (1)</h2>' in page
    assert page.count(then) == 2  # in its list and beside the claim
    assert then in words(part_of(page, "E01"))
    assert "Rated “" not in words(part_of(page, "M01"))


# -- the article in its order -------------------------------------------------------------------------------------------


def test_claims_stand_in_the_articles_order_by_paragraph(dossier, rows):
    page = index_page(dossier, rows)

    assert re.findall(r'Paragraph (\d)<|<li id="claim-(\w+)"', page) == [("2", ""), ("", "E01"), ("3", ""), ("", "M01")]


def test_each_claim_shows_its_words_its_rating_and_its_sentence_and_leads_to_its_card(dossier, rows):
    row = part_of(index_page(dossier, rows), "E01")

    assert "The harbour sold about 100 crates of figs in 2022" in row
    assert "E01 · the author · economic" in row
    rating = rows[0].hindsight.rating
    assert f"{rating.badge.value} {rating.reason}" in words(row)
    assert words(conclusion_text(rows[0].hindsight)).replace(" ", "") in words(row).replace(" ", "")
    assert '<a href="figs.html#claim-E01">E01 in the Figs report</a>' in row
    assert '<a href="claims/E01.html">E01 on one page</a>' in row


def test_a_quotation_stands_as_the_articles_own_words(dossier, rows):
    quoted = replace(rows[0], claim=replace(rows[0].claim, quotation="a hundred crates of <figs>"))
    row = part_of(index_page(dossier, [quoted]), "E01")

    assert "<blockquote>“a hundred crates of &lt;figs&gt;”</blockquote>" in row
    assert "in our words" not in row
    plain = replace(rows[0], claim=replace(rows[0].claim, quotation=""))
    assert "E01 · the author · economic · in our words" in part_of(index_page(dossier, [plain]), "E01")


def test_the_evidence_leads_to_its_row_in_a_report_of_this_build(project, audited):
    report = Report("space.html", "Satellites", "space")
    rows = index_rows([project.claim("M07")], audited("space").verdicts, [report])
    kept = [replace(rows[0], report=replace(report, kept=True))]

    assert re.search(r'<a href="space.html#row-[^"]+">[^<]*9 August 2022', part_of(index_page(project, rows), "M07"))
    assert 'href="space.html#row-' not in index_page(project, kept)
    assert "9 August 2022" in part_of(index_page(project, kept), "M07")


def test_a_claim_without_a_report_or_verdict_says_so(dossier):
    page = index_page(dossier, index_rows(dossier.claims, [], []))

    assert page.count(": no report") == 2
    assert page.count("this claim could not be judged") == 2
    assert "No report was written." in page
    assert "no verdict could be computed" in page


def test_sentences_without_a_claim_are_listed_with_the_reason():
    columns = ["paragraph", "number", "digest", "claims", "reason"]
    table = pd.DataFrame(
        [
            (1, 1, "", (), "opinion"),
            (1, 2, "", ("E01",), ""),
            (2, 1, "", ("M01",), "rhetoric"),
            (2, 2, "", (), "opinion: a <b>"),
            (3, 1, "", (), "claim to come: E02"),
        ],
        columns=columns,
    )
    shown = str(without_claim(table))

    assert re.findall("<li>(.*?)</li>", shown) == [
        "Paragraph 1, sentence 1: no claim (opinion)",
        "Paragraph 2, sentence 2: no claim (opinion: a &lt;b&gt;)",
        "Paragraph 3, sentence 1: not audited yet (E02)",
    ]
    assert "Sentences without an audited claim: 3 of 5" in shown
    assert str(without_claim(None)) == str(without_claim(table[1:3])) == str(without_claim(table[:0])) == ""


# -- the rest -----------------------------------------------------------------------------------------------------------


def test_how_to_read_it_names_the_five_badges_and_what_they_rest_on(dossier, rows):
    page = index_page(dossier, rows)
    terms = re.search(r'<h2 id="reading">.*?</section>', page, re.DOTALL)[0]

    assert re.findall(r'class="ca-badge ca-([\w-]+)"', terms) == [
        "right",
        "right-but",
        "unproven",
        "partly-right",
        "wrong",
    ]
    assert "not yet been tested with human readers" in terms
    assert "6 figures and events; 1 of 3 sources was read as an excerpt only." in page


def test_no_link_stands_alone_as_a_sign(dossier, rows):
    """Every link says by itself where it leads, or carries a claim's id."""
    page = Page(index_page(dossier, rows))

    assert page.tags["h1"] == 1
    links = re.findall(r"<a [^>]*>(.*?)</a>", index_page(dossier, rows))
    assert [link for link in links if not re.search(r"\w", words(link))] == []


def test_failed_notebooks_are_marked_with_cell_and_error(dossier, rows):
    failures = [Failure("ferries.ipynb", 4, "ValueError: <b>no ferry</b>"), Failure("gone.ipynb", 0, "not found")]
    page = index_page(dossier, rows, failures)

    assert "ferries.ipynb</strong>, cell 4: <code>ValueError: &lt;b&gt;no ferry&lt;/b&gt;</code>" in page
    assert "before the first cell" in page


def test_further_reports_data_and_how_to_cite_are_listed(dossier, rows):
    report = Report("synthesis.html", "All in all")
    page = index_page(dossier, rows, reports=[report], downloads=["verdicts.csv", "feed.xml"], cite="We. 2024.")

    for link in ("figs.html", "synthesis.html", "verdicts.csv", "feed.xml"):
        assert f'href="{link}"' in page
    assert '<p class="cite">We. 2024.</p>' in page
    assert f"as in: claim {dossier.claims[0].claim_id}, as of the day above" in page


def test_a_slip_in_the_opening_is_told_in_the_articles_words_with_what_is_so(rows):
    """Whole: cut at its colon, a claim that is wrong after it would have what is right called wrong."""
    said = "The figs were not picked at random: they are the ripest"
    bare = rated(replace(rows[0], claim=replace(rows[0].claim, quotation="", paraphrase=said)), W)
    quoted = rated(replace(rows[0], claim=replace(rows[0].claim, quotation="the ripest ... of figs")), W)

    assert f"Wrong: {said}. {conclusion_text(bare.hindsight)} (E01)" in words(three_lines([bare]))
    assert f"Wrong: “the ripest ... of figs”. {conclusion_text(quoted.hindsight)} (E01)" in words(three_lines([quoted]))


def _in_words(row):
    said = row.claim.quotation
    return f"{f'“{said}”' if said else row.claim.paraphrase}. {conclusion_text(row.hindsight)}"
