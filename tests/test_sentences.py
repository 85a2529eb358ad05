"""Every sentence accounted for: cutting a text, the table of sentences, and the two held against each other."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from claimaudit import cli
from claimaudit.dossier import datapackage
from claimaudit.dossier.coverage import coverage, digest_lines
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.plain_text import count_words, digest, paragraphs, plain, sentences
from claimaudit.errors import DossierError
from samples import CLAIMS, write_dossier

TEXT = """\
Figs and Ferries

The harbour is a lovely place. It sold “about 100 crates” of figs in 2022, said the master – Dr. Writer.

One ferry was armed. Not that anybody minds.
"""
"""Three paragraphs of one, two and two sentences; an invented text for the dossier of the tests."""
QUOTING = CLAIMS.replace("about 100 crates of figs", "about 100 crates", 1).replace("a ferry was", "One ferry was")
"""The claims of the tests' dossier, with words of this text."""
WHY = [
    ("", "heading"),
    ("", "opinion: nobody can count it"),
    ("E01", ""),
    ("M01", "claim to come: M02"),
    ("", "rhetoric"),
]


def table(text: str = TEXT, why=WHY) -> str:
    lines = [
        f"{line},{claims},{reason}" for line, (claims, reason) in zip(list(digest_lines(text))[1:], why, strict=True)
    ]
    return "\n".join(["paragraph,number,digest,claims,reason", *lines, ""])


@pytest.fixture
def folder(tmp_path):
    write_dossier(tmp_path / "dossier", claims=QUOTING)
    (tmp_path / "dossier/sentences.csv").write_text(table(), encoding="utf-8")
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "dossier"


def run(*arguments):
    return CliRunner().invoke(cli.main, list(map(str, arguments)))


# -- cutting a text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("It cost 3.5 crates. 7 were left.", ["It cost 3.5 crates.", "7 were left."]),
        (
            "Dr. Writer met J. Smith of the U.S. Navy. He left.",
            ["Dr. Writer met J. Smith of the U.S. Navy.", "He left."],
        ),
        ("Figs vs. dates, e.g. in Spain. Both sell.", ["Figs vs. dates, e.g. in Spain.", "Both sell."]),
        ("He said “Stop. Go away.” Then he left.", ["He said “Stop. Go away.”", "Then he left."]),
        ('It is called "Figs." The rest is silence.', ['It is called "Figs."', "The rest is silence."]),
        ('"Stop!" he cried. Nobody did.', ['"Stop!" he cried.', "Nobody did."]),
        ("All sold (see the list. It is long). Good.", ["All sold (see the list. It is long).", "Good."]),
        ("So it was (or not.) But why?", ["So it was (or not.)", "But why?"]),
        ("He asked “why. Nobody knew. Why?", ["He asked “why.", "Nobody knew.", "Why?"]),
        ("So do I. They left.", ["So do I.", "They left."]),
        ("Это так. Да.", ["Это так.", "Да."]),
        ("A heading", ["A heading"]),
    ],
)
def test_a_paragraph_is_cut_into_sentences(paragraph, expected):
    assert list(sentences(paragraph)) == expected


def test_paragraphs_are_the_lines_that_are_not_blank():
    found = paragraphs("\nOne. Two.\n  \nThree.\n")

    assert [(item.number, item.line, item.sentences) for item in found] == [
        (1, 2, ("One.", "Two.")),
        (2, 4, ("Three.",)),
    ]


def test_a_digest_does_not_depend_on_how_a_text_was_typed_or_set():
    """But on every word and on capitals; the figure is that of ``printf %s "it's \"a\" - b..." | sha256sum``."""
    assert plain("It’s  «a» —\u00a0b…") == 'It\'s "a" - b...'
    assert digest("it’s “a” – b…") == digest('it\'s "a"  - b...') == "2922b061850f027e"
    assert digest("It’s “a” – b…") != digest("it’s “a” – b…")


def test_words_are_what_holds_a_letter_or_a_digit():
    assert count_words("So – 10-15 crates, “of” figs & more …") == 6


# -- the table --------------------------------------------------------------------------------------------------------


def test_a_dossier_knows_its_sentences(folder):
    found = Dossier.load(folder).sentences

    assert list(zip(found["paragraph"], found["number"], strict=True)) == [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]
    assert list(found["claims"]) == [(), (), ("E01",), ("M01",), ()]
    assert found["reason"][1] == "opinion: nobody can count it"
    assert found["digest"][4] == digest("Not that anybody minds.")


def test_a_dossier_may_leave_the_table_out(tmp_path):
    found = Dossier.load(write_dossier(tmp_path)).sentences

    assert found.empty
    assert list(found.columns) == ["paragraph", "number", "digest", "claims", "reason"]


CASES = {
    "unknown claim": (2, ("E011", ""), "sentences.csv:4: claims: unknown claim 'E011'; did you mean 'E01'?"),
    "claim twice": (2, ("E01;E01", ""), "sentences.csv:4: claims: 'E01' stands twice"),
    "stray ;": (2, ("E01;", ""), "sentences.csv:4: claims: a name between two ; is blank"),
    "neither": (1, ("", ""), "sentences.csv:3: reason: the sentence has neither a claim nor a reason"),
    "unknown reason": (1, ("", "boring: it is"), "sentences.csv:3: reason: unknown reason 'boring'"),
    "repeats nothing": (4, ("", "repeats M011"), "sentences.csv:6: reason: unknown claim 'M011'; did you mean 'M01'?"),
    "claim has come": (4, ("", "claim to come: M01"), "sentences.csv:6: reason: the claim 'M01' has come"),
    "no id to come": (4, ("", "claim to come"), "sentences.csv:6: reason: '' is no id of a claim to come"),
    "in no sentence": (2, ("M01", ""), "sentences.csv: claims: E01 stands at no sentence of its paragraph 2"),
    "in another paragraph": (3, ("E01", ""), "sentences.csv: claims: M01 stands at no sentence of its paragraph 3"),
}  # fmt: skip


@pytest.mark.parametrize(("place", "cells", "fault"), CASES.values(), ids=CASES)
def test_what_is_wrong_in_a_row_is_told_with_its_place(folder, place, cells, fault):
    why = [*WHY]
    why[place] = cells
    (folder / "sentences.csv").write_text(table(why=why), encoding="utf-8")
    with pytest.raises(DossierError) as error:
        Dossier.load(folder)

    assert len(error.value.faults) == 1
    assert str(error.value.faults[0]).startswith(fault)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2,2,", "2,1,", "sentences.csv:4: number: paragraph 2, sentence 1 stands already on line 3"),
        ("2,2,", "2,3,", "sentences.csv:4: number: paragraph 2, sentence 3 does not follow paragraph 2, sentence 1"),
        ("3,1,", "4,1,", "sentences.csv:5: number: paragraph 4, sentence 1 does not follow paragraph 2, sentence 2"),
        ("1,1,", "1,2,", "sentences.csv:2: number: paragraph 1, sentence 2 does not follow the header"),
        ("2,2,", "2,x,", "sentences.csv:4: number: 'x' is no number from 1"),
        ("2,2,", "0,2,", "sentences.csv:4: paragraph: '0' is no number from 1"),
        (digest("One ferry was armed."), "ABC", "sentences.csv:5: digest: 'ABC' is not of the form of a digest"),
        ("reason\n", "why\n", "sentences.csv:1: reason: the column is missing"),
    ],
)
def test_rows_stand_in_the_texts_order_each_once_in_the_right_form(folder, old, new, fault):
    text = table()
    assert text.count(f"\n{old}" if old[1:2] == "," else old) == 1
    (folder / "sentences.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DossierError) as error:
        Dossier.load(folder)

    assert str(error.value.faults[0]).startswith(fault)


def test_a_sentence_may_make_a_claim_of_another_paragraph_too_and_repeat_one(folder):
    """A claim that runs on into the next paragraph stands at both."""
    why = [*WHY[:3], ("M01;E01", ""), ("", "repeats M01: the same gun")]
    (folder / "sentences.csv").write_text(table(why=why), encoding="utf-8")

    assert Dossier.load(folder).sentences["claims"][3] == ("M01", "E01")


def test_a_claim_at_fault_is_not_missed_in_the_table(folder):
    """Its own fault is told alone."""
    claims = (folder / "claims.toml").read_text(encoding="utf-8")
    (folder / "claims.toml").write_text(claims.replace("value = 100", "value = true"), encoding="utf-8")
    with pytest.raises(DossierError) as error:
        Dossier.load(folder)

    assert [fault.file for fault in error.value.faults] == ["claims.toml"]


def test_the_data_package_describes_the_table(folder):
    datapackage.write(Dossier.load(folder))
    package = json.loads((folder / datapackage.FILE).read_text(encoding="utf-8"))
    found = next(item for item in package["resources"] if item["path"] == "sentences.csv")

    assert found["rows"] == 5
    assert found["schema"]["primaryKey"] == ["paragraph", "number"]


# -- a text against its dossier ---------------------------------------------------------------------------------------


def test_a_text_that_is_accounted_for(folder):
    """Five sentences: two with a claim, three with a reason; "about 100 crates" and "One ferry was armed" are 7 of 28 words."""
    result = run("coverage", folder.parent / "text.txt", "--dossier", folder)

    assert result.exit_code == 0
    assert result.output == (
        "every sentence is accounted for: 5 sentences in 3 paragraphs, 2 with a claim, 3 with a reason why not; "
        "2 quotations, 7 of 28 words\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("2022", "2021", ["t:3: paragraph 2, sentence 2: it is not the sentence sentences.csv has there"]),
        (
            "lovely place. ",
            "lovely place. So quiet. ",
            ["t:3: paragraph 2, sentence 2: sentences.csv has no row for it"],
        ),
        ("The harbour is a lovely place. ", "", ["sentences.csv: paragraph 2, sentence 1: t has no such sentence"]),
        (
            "place. It",
            "place.\nIt",
            [
                "t:4: paragraph 3, sentence 1: sentences.csv has it as paragraph 2, sentence 2",
                "claims.toml: E01: quotation: 'about 100 crates' does not stand in paragraph 2",
                "claims.toml: M01: quotation: 'One ferry was armed' does not stand in paragraph 3",
            ],
        ),
        ("“about 100 crates”", '"about  100 crates"', []),
    ],
)
def test_a_changed_text_is_told_where_it_changed(folder, old, new, faults):
    """There alone: what a sentence more or less has moved is no fault of its own, but a claim in another paragraph is."""
    assert old in TEXT
    found = coverage(TEXT.replace(old, new), Dossier.load(folder), "t")

    assert [str(fault).split("; ")[0] for fault in found.faults] == faults


def test_another_text_is_one_fault_and_exit_1(folder):
    other = folder.parent / "other.txt"
    other.write_text("\n".join(f"Line {number} of another text." for number in range(9)), encoding="utf-8")
    claims = QUOTING.replace('"about 100 crates"', '"Line 1"').replace('"One ferry was armed"', '"Line 2"')
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    result = run("coverage", other, "--dossier", folder)

    assert result.exit_code == 1
    assert "9 sentences are not those of sentences.csv (first: line 1, paragraph 1, sentence 1: " in result.output
    assert result.output.splitlines()[-1].startswith("1 fault: 9 sentences in 9 paragraphs")


def test_a_dossier_without_the_table_accounts_for_nothing(tmp_path):
    found = coverage(TEXT, Dossier.load(write_dossier(tmp_path, claims=QUOTING)))

    assert [str(fault) for fault in found.faults] == [
        "sentences.csv: the dossier accounts for no sentence; "
        "make the table: take the lines of 'claimaudit coverage TEXT --digests'"
    ]


def test_digests_of_a_new_text_are_the_beginning_of_its_table(tmp_path):
    (tmp_path / "new.txt").write_text("One ferry.\n\nTwo? Three.\n", encoding="utf-8")
    result = run("coverage", tmp_path / "new.txt", "--digests")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "paragraph,number,digest",
        f"1,1,{digest('One ferry.')}",
        f"2,1,{digest('Two?')}",
        f"2,2,{digest('Three.')}",
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (None, "there is no such file; name the text's file, plain text with a paragraph a line"),
        (b"\xff\xfe", "byte 0xff is not UTF-8; save the file as UTF-8"),
        (b" \n. \n", "it holds no word; name the text's file"),
        (b"a\x07b", "it holds the control character '\\x07'; save it as plain text"),
    ],
)
def test_a_file_that_is_no_text_is_one_message_and_exit_2(tmp_path, raw, message):
    if raw is not None:
        (tmp_path / "text.txt").write_bytes(raw)
    result = run("coverage", tmp_path / "text.txt")

    assert result.exit_code == 2
    assert message in result.output


# -- quotations -------------------------------------------------------------------------------------------------------


def quoting(folder, quotation: str, paragraph: int = 2) -> Dossier:
    """The dossier with one claim, which quotes."""
    dossier = Dossier.load(folder)
    claim = SimpleNamespace(claim_id="E01", paragraph=paragraph, quotation=quotation)
    return replace(dossier, claims=(claim,))


LONG = f"{TEXT}\n{' '.join(f'word{number}' for number in range(90))}.\n"
"""With a fourth paragraph of 90 words: a third of it and of the text's own 28 is more than 26."""


@pytest.mark.parametrize(
    ("quotation", "paragraph", "fault"),
    [
        ('It sold "about 100 crates" of figs', 2, ""),
        ("a lovely place ... about 100 crates… the master - Dr. Writer", 2, ""),
        ("about 200 crates", 2, "E01: quotation: 'about 200 crates' does not stand in paragraph 2"),
        ("about 10", 2, "E01: quotation: 'about 10' does not stand in paragraph 2"),
        ("about 100 crates", 3, "E01: quotation: 'about 100 crates' does not stand in paragraph 3"),
        ("of figs ... It sold", 2, "E01: quotation: 'It sold' does not stand in paragraph 2 after the piece before it"),
        ("about 100 crates", 9, "E01: quotation: the text has no paragraph 9"),
        (" ".join(f"word{n}" for n in range(25)), 4, ""),
        (" ".join(f"word{n}" for n in range(26)), 4, "E01: quotation: it has 26 words, more than 25"),
    ],
)
def test_a_quotation_is_the_texts_own_words_and_short(folder, quotation, paragraph, fault):
    (folder / "sentences.csv").write_text(table(LONG, [*WHY, ("", "rhetoric")]), encoding="utf-8")
    found = coverage(LONG, quoting(folder, quotation, paragraph))

    assert [str(item).removeprefix("claims.toml: ").split("; ")[0] for item in found.faults] == [fault] * bool(fault)


@pytest.mark.parametrize(("words", "faults"), [(9, 0), (10, 1)])
def test_all_quotations_together_are_at_most_a_third_of_the_text(folder, words, faults):
    """27 words, the heading's three left out: "The harbour ... place" 6, "It sold ... master" 12, in the last line 4 and 5."""
    text = TEXT.replace("the master – Dr. Writer", "the master").replace(
        "Not that anybody minds", "Not that anybody minds it"
    )
    (folder / "sentences.csv").write_text(table(text), encoding="utf-8")
    own = "It sold about 100 crates of figs in 2022 said".replace("about 100 crates", '"about 100 crates"').split()
    quotation = " ... ".join(word.strip(",") for word in own[:words])
    found = coverage(text, quoting(folder, quotation))

    assert found.words == 27
    assert found.quoted == words
    assert len(found.faults) == faults
    assert all("more than a third of the text's 27" in fault.problem for fault in found.faults)
    assert f"; 1 quotation, {words} of 27 words" in found.summary
