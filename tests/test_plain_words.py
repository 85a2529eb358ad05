"""What a reader meets is written as an editor would print it: no names of tables, codes, mixed units or foreign spellings."""

from __future__ import annotations

import pytest

from plain_words import prose, slips


def page(body: str) -> str:
    return f"<html><body><header>9999-01-01</header><main>{body}</main></body></html>"


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("The rows cargo_mass say so.", "a name of the tables", "cargo_mass"),
        ("It came on 2022-08-09.", "an ISO date", "2022-08-09"),
        ("It began in 2,022.", "a year with a comma", "in 2,022"),
        ("Two independent voices say so.", "voice", "voices"),
        ("The rating hangs on one row.", "a phrase to be said plainly", "hangs on"),
        ("A share of 0.5761 per day.", "more than three significant digits", "0.5761"),
        ("It took 37.25 aircraft.", "more than three significant digits", "37.25"),
        ("It cost USD 1.4 billion.", "a sum in code", "USD 1"),
        ("It cost 1.4 billion dollars.", "a sum in code", "4 billion dollars"),
        ("It rose by 5 per cent.", "per cent after a figure", "5 per cent"),
        ("A range of 65 to 70 %.", "a space before %", "0 %"),
        ("A full defense pact.", "an American spelling", "defense"),
        ("It is 0.00291 times the other.", "a ratio with more than two digits", "0.00291 times"),
        ("It is 1.04 times the other.", "a ratio with more than two digits", "1.04 times"),
        ("It is 1 times the other.", "one of what are many", "1 times"),
        ("Here 1 rows says so.", "one of what are many", "1 rows"),
        ("Here 1 row shown carry nothing.", "one of what are many", "1 row shown carry"),
        ("It fell. then it rose.", "a sentence with a small first letter", "then"),
        ("month: it stays the same.", "a sentence with a small first letter", "month: it stays the same."),
        ("It fell fell.", "a word twice", "fell fell"),
        ("Asked: is it so: or not.", "two colons in a sentence", "Asked: is it so: or not"),
        ("The best reading is this.", "a phrase to be said plainly", "best reading"),
    ],
)
@pytest.mark.parametrize("name", ["p", "h2", "li", "summary"])
def test_each_form_is_found_in_prose(text, form, words, name):
    assert [(slip.form, slip.words) for slip in slips(page(f"<{name}>{text}</{name}>"))] == [(form, words)]


def test_both_ways_to_write_a_percentage_on_one_page_are_found():
    (slip,) = slips(page("<p>It rose by 5%.</p><p>What per cent means.</p>"))

    assert slip.form == "% and per cent on one page"
    assert slips(page("<p>What per cent means.</p>")) == []


def test_a_slip_says_where_it_stands():
    assert str(slips(page("<p>Then 2022-08-09 came.</p>"))[0]) == "an ISO date: '2022-08-09' in 'Then 2022-08-09 came.'"


@pytest.mark.parametrize(
    "body",
    [
        "<pre>cargo_mass = 0.12345</pre><p>Code: <code>cargo_mass</code>.</p>",
        "<table><caption>Mass</caption><tr><td>2022-08-09</td><td>0.12345</td></tr></table>",
        '<p>The article writes of a “defense partnership” and "body armor".</p><blockquote><p>USD 5</p></blockquote>',
        '<p>It held<span class="ca-note">Gazette, 2022-08-09; 5 per cent</span> 95%.</p>',
        '<p><a href="2022-08-09_file.csv">the file</a> of 9 August 2022, 2,000 rows, 300,000 rounds, $1.4bn, 0.58%, 18.3%</p>',
        "<p>In 2022 it sold 1,500 of 2,000 crates, version 0.1.0.</p>",
        "<p>It was 1.1 times as much, 120 times in all; 1 row carries it, 21 rows say so.</p>",
        "<p>Run it. <code>make</code> is the word. claimaudit reads it.</p><li>month: A</li>",
        "<p>Looked for: lists (pages: two). Found: one; left: none.</p><summary>Gas: oil: 15 entries</summary>",
    ],
)
def test_what_is_no_prose_of_the_page_or_well_written_is_left_alone(body):
    assert slips(page(body)) == []


def test_a_text_belongs_to_its_innermost_block():
    assert list(prose(page("<ul><li>One <p>two</p></li></ul>"))) == ["One", "two"]


def test_every_page_of_the_site_is_written_plainly(site):
    pages = sorted(site.rglob("*.html"))
    found = {f"{path.relative_to(site)}: {slip}" for path in pages for slip in slips(path.read_text(encoding="utf-8"))}

    assert len(pages) > 60
    assert sorted(found) == []
