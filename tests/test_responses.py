"""Who was asked for comment: what is read, what is refused, and where a reader is told."""

from __future__ import annotations

import json
from datetime import date

import nbformat
import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.responses import Response
from claimaudit.errors import DossierError
from claimaudit.publish import claimreview
from claimaudit.publish.index import index_page
from claimaudit.publish.index_rows import index_rows
from claimaudit.publish.page import Meta
from claimaudit.publish.report import export
from claimaudit.show import cards
from claimaudit.verdict.audit import audit
from samples import write_dossier

TOLD = """
[[responses]]
who = "the author"

[[responses]]
who = "the Harbour Post"
asked = 2024-05-02

[[responses]]
who = "the harbour master"
asked = 2024-05-02
answered = 2024-05-20
answer = '''The <crates> were
counted twice.'''
"""
WORDS = (
    "The author has not been asked for comment.",
    "The Harbour Post was asked for comment on 2 May 2024 and has not answered so far.",
    "The harbour master was asked for comment on 2 May 2024 and answered on 20 May 2024: "
    "“The <crates> were counted twice.”",
)


def load(folder, text=None):
    write_dossier(folder)
    if text is not None:
        (folder / "responses.toml").write_text(text, encoding="utf-8")
    return Dossier.load(folder)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return load(tmp_path_factory.mktemp("dossier"), TOLD)


def test_not_asked_asked_and_answered_are_told_in_words(dossier):
    assert tuple(response.words for response in dossier.responses) == WORDS
    assert dossier.responses[1] == Response("the Harbour Post", date(2024, 5, 2))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('asked = 2024-05-02', "entry 1: who: the text is missing"),
        ('who = "the author"\nasked = "May"', "the author: asked: 'May' is not a day"),
        ('who = "the author"\nanswer = "No"', "the author: an answer has a day and a text"),
        ('who = "the author"\nasked = 2024-05-02\nanswered = 2024-05-03', "the author: an answer has a day and a text"),
        ('who = "the author"\nanswered = 2024-05-03\nanswer = "No"', "the author: there is an answer, and no day of asking"),
        (
            'who = "the author"\nasked = 2024-05-09\nanswered = 2024-05-03\nanswer = "No"',
            "the author: answered: 2024-05-03 is before the question (2024-05-09)",
        ),
        ('who = "the author"\nasked = 2023-03-13', "asked: 2023-03-13 is before the article was published (2023-03-14)"),
        ('who = "the author"\nasked = 2024-06-02', "asked: 2024-06-02 is after the dossier was compiled (2024-06-01)"),
        ('who = "the author"\n[[responses]]\nwho = "The author"', "The author: it stands in the file twice"),
        ('who = "the author"\nreply = "No"', "the author: reply: the entry is not known"),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused_in_a_sentence(tmp_path, entry, said):
    with pytest.raises(DossierError) as refused:
        load(tmp_path, f"[[responses]]\n{entry}\n")

    assert "responses.toml:" in str(refused.value)
    assert said in str(refused.value)


def test_a_card_says_who_was_asked_and_the_rest_is_left_to_the_foot(dossier, tmp_path):
    """That nobody was asked stands once a page, not in a dozen cards."""
    told = audit(dossier, "figs")
    silent = str(cards.claim_card(audit(load(tmp_path), "figs"), "E01"))
    card = str(cards.claim_card(told, "E01"))

    for words in WORDS[1:]:
        assert f'<p class="ca-soft">{words.replace("<", "&lt;").replace(">", "&gt;")}</p>' in card
    assert WORDS[0] not in card
    assert "comment" not in silent


def test_index_and_reports_say_it_at_their_foot_and_reviews_do_not(dossier):
    audits = [audit(dossier, topic) for topic in ("figs", "ferries")]
    verdicts = [verdict for item in audits for verdict in item.verdicts]
    index = index_page(dossier, index_rows(dossier.claims, verdicts, []))
    foot = index.partition('<footer class="foot">')[2].partition("</footer>")[0]

    assert foot.count("comment") == 3
    assert f"<p>{WORDS[0]}</p>" in foot
    assert "comment" not in json.dumps(claimreview.reviews(audits, {}), default=str)


def test_a_report_has_the_foot_it_is_given():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Figs")])
    html = export(notebook, title="Figs", meta=Meta(foot=("Nobody <was> asked.",)))

    assert '<footer class="foot"><p>Nobody &lt;was&gt; asked.</p></footer>' in html
    assert "<footer" not in export(notebook, title="Figs")


def test_the_projects_own_author_has_not_been_asked(project):
    assert [response.words for response in project.responses] == ["The author has not been asked for comment."]
