"""Dossiers, audits and verdicts typed in a cell, pickled and copied."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Vintage
from claimaudit.verdict.audit import audit
from samples import ARTICLE, CLAIMS, write_dossier

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Titles, claims and parts that hold markup and are long."""
    article = ARTICLE.replace("Figs and Ferries", HOSTILE + "x" * 500)
    claims = CLAIMS.replace("The harbour sold about", f"{HOSTILE} sold about").replace("Sales in 2022", HOSTILE)
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"), article=article, claims=claims))


def shown(dossier):
    result = audit(dossier, "figs")
    return [dossier, dossier.at_publication(), result, *result.verdicts]


def test_what_is_typed_alone_prints_a_line(project, audited, hostile):
    for item in (*shown(hostile), project, audited("trade"), *audited("trade").verdicts):
        assert 0 < len(repr(item)) <= 200
        assert "\n" not in repr(item)


def test_the_line_says_what_it_is(project, audited):
    line = "<Dossier 'Russia and Iran: A Confederacy of Rogues' as of 2026-11-23: {} claims, {} parts, "
    assert repr(project).startswith(line.format(len(project.claims), sum(len(claim.parts) for claim in project.claims)))
    own = len(project.topic("trade"))
    assert repr(audited("trade")) == f"<Audit trade: {own} of its claims judged as of 2023-03-14, 2026-11-23>"
    verdict = audited("trade").verdict("E14")
    assert repr(verdict).startswith(f"<Verdict E14 in hindsight 2026-11-23: {verdict.rating.words}, probability 0.9")


def test_a_cell_shows_a_short_summary_in_the_style_of_cards_escaped(hostile):
    for item in shown(hostile):
        style, body = item._repr_html_().split("</style>")

        assert ".ca" in style
        assert body.startswith('<div class="mathjax_ignore"><div class="ca">')
        assert "<script" not in body
        assert len(body) < 3_000


def test_an_audit_shows_each_claim_with_its_badges_and_a_verdict_the_deciding_question(hostile):
    result = audit(hostile, "figs")

    assert "Right</span> quotation not found" in result._repr_html_()
    assert "Unproven</span> disputed" in result._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; were about 100 crates" in result.verdict("E01")._repr_html_()
    assert "95 crates (90 to 100 crates), 2022" in result.verdict("E01")._repr_html_()


# -- pickled and copied ------------------------------------------------------------------------------------------------


@pytest.fixture(params=[lambda item: pickle.loads(pickle.dumps(item)), copy.deepcopy], ids=["pickled", "copied"])
def again(request):
    return request.param


@pytest.mark.parametrize("topic", ["trade", "munitions", "sanctions"])
def test_an_audit_judges_as_before_when_it_comes_back(audited, again, topic):
    result = audited(topic)
    other = again(result)

    assert other.verdicts == result.verdicts
    assert other.flips == result.flips
    assert other.sweeps == result.sweeps
    assert other.view(Vintage.AT_PUBLICATION).rows(ids="*") == result.view(Vintage.AT_PUBLICATION).rows(ids="*")


def test_a_verdict_comes_back_whole(audited, again):
    for verdict in audited("trade").verdicts:
        assert again(verdict) == verdict


def test_a_view_comes_back_with_what_was_replaced_in_it(tmp_path, again):
    dossier = Dossier.load(write_dossier(tmp_path))
    method = dossier.method.varied({"grade_power": 2.0})
    view = dossier.at_publication().with_method(method)
    moved = replace(view, article=replace(dossier.article, title="Other"))

    assert again(view).method == method
    assert again(view).day == view.day
    assert again(view).whole.method == dossier.method
    assert again(moved).article.title == "Other"
    assert list(again(moved).observations.index) == list(view.observations.index)


def test_a_pickled_audit_holds_the_dossier_once_and_little_beside(project, audited):
    result = replace(audited("trade"))
    known, whole = len(pickle.dumps(project)), len(pickle.dumps(result))

    assert whole < 1.05 * known
    assert len(pickle.dumps(result.verdicts)) < 50_000
