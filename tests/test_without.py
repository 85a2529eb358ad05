"""What a claim is rated without each source in turn, and with a part judged otherwise, by hand on the sample dossier."""

from __future__ import annotations

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from claimaudit.verdict.without import rated_with, ratings_without_each
from samples import CLAIMS, write_dossier

THEN = Vintage.AT_PUBLICATION


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs")


def test_without_the_source_it_rests_on_a_claim_is_unproven(figs):
    """At publication the customs house (A1) counts 95 crates; the gazette's 140 (C3) cannot decide alone."""
    table = ratings_without_each(figs.dossier.claim("E01"), figs.verdict("E01", THEN), figs.view(THEN))

    assert figs.verdict("E01", THEN).rating.badge.value == "Right"
    first = table.iloc[0]
    assert (first["origin"], first["parts"], first["badge"], first["turns"]) == (
        "customs",
        "E01.number",
        "Unproven",
        True,
    )
    others = table.iloc[1:]
    assert others["origin"].tolist() == [
        "The Gazette",
        "gazette",
    ]  # who quotes the harbour master, and the reporter's own count
    assert not others["turns"].any()
    assert (others["badge"] == "Right").all()


def test_the_confidence_under_stricter_and_looser_rules(figs):
    """E01 at publication rests on one primary record of A1, which the C3 of the gazette contradicts without deciding: moderate.

    One source beside a record makes it strong only where one suffices (2 - 1), and the rating must survive without it: it does not.
    """
    table = figs.confidences("E01", THEN)

    assert table[["strong", "strong_with_record", "moderate"]].values.tolist() == [[2, 1, 1], [3, 2, 2], [4, 3, 3]]
    assert table["level"].tolist() == ["moderate", "moderate", "moderate"]
    assert set(table["sources"]) == {1}
    assert figs.confidences("E01")["level"].tolist() == ["", "", ""], "disputed in hindsight"


def test_the_audit_asks_for_claims_and_parts_alike(figs):
    assert list(figs.leave_one_out("E01", THEN).columns) == ["origin", "parts", "badge", "reason", "turns"]
    assert list(figs.leave_one_out("E01.number", THEN).columns) == ["origin", "probability", "change", "label", "turns"]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({}, "Right: quotation not found"),
        ({"E01.said": Label.SUPPORTED}, "Right"),
        ({"E01.said": Label.REFUTED}, "Right, but not said so"),
        ({"E01.number": Label.REFUTED}, "Wrong"),
        ({"E01.number": Label.CONFLICTING, "E01.said": Label.REFUTED}, "Unproven: disputed; not said so"),
    ],
)
def test_the_rating_with_parts_judged_otherwise(figs, labels, words):
    assert (
        rated_with(figs.dossier.claim("E01"), figs.verdict("E01", THEN), labels, figs.dossier.method.confidence).words
        == words
    )


def test_no_label_makes_a_forecast_right(tmp_path):
    part = '  test = "event"\n  evidence = [{ measure = "ferry_armed" }]'
    forecast = '  test = "forecast"\n  review = 2030-01-01\n  evidence = [{ measure = "ferry_armed" }]'
    assert part in CLAIMS
    found = audit(Dossier.load(write_dossier(tmp_path, claims=CLAIMS.replace(part, forecast))), "ferries")
    own = found.verdict("M01", THEN)

    assert own.rating.words == "Unproven: forecast, open"
    assert (
        rated_with(
            found.dossier.claim("M01"), own, {"M01.armed": Label.SUPPORTED}, found.dossier.method.confidence
        ).words
        == own.rating.words
    )
