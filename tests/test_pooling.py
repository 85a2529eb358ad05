"""From weights to a label: the bars and the floor by hand, what always holds, and that the bars are what their reason says."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis.floor import Graded
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError
from claimaudit.model import Label, Stake
from claimaudit.outcome import Finding
from claimaudit.verdict.pooling import Reached, Weighed, independent_sources, label_of, labels, pool
from samples import write_dossier

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING
FOR, AGAINST, BOTH, NEITHER = Reached(True, False), Reached(False, True), Reached(True, True), Reached()
RANK = {R: 0, C: 1, N: 1, S: 2}
"""From worst to best for the part."""


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    """The samples' method has bars of 0.8 and 0.2."""
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


def said(origin: str, probability: float, grade: str = "B2", trust: float = 0.8, **more: object) -> Finding:
    return Finding("E01.number", origin, probability, trust, (f"{origin}.{grade}",), grade=grade, **more)


def label(dossier, *findings: Finding) -> Label:
    return pool(independent_sources(findings, dossier), dossier.method).label


# -- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weighed", "reached", "expected"),
    [
        (Weighed(2.0, 0.0, 0.80), FOR, S),
        (Weighed(2.0, 0.0, 0.79), FOR, N),
        (Weighed(9.0, 0.0, 0.99), NEITHER, N),
        (Weighed(9.0, 0.0, 0.99), AGAINST, N),
        (Weighed(0.0, 2.0, 0.20), AGAINST, R),
        (Weighed(0.0, 2.0, 0.21), AGAINST, N),
        (Weighed(0.0, 9.0, 0.01), NEITHER, N),
        (Weighed(0.0, 9.0, 0.01), FOR, N),
        (Weighed(2.0, 1.0, 0.90), BOTH, C),
        (Weighed(1.0, 2.0, 0.10), BOTH, C),
        (Weighed(2.0, 0.99, 0.90), BOTH, S),
        (Weighed(0.99, 2.0, 0.10), BOTH, R),
        (Weighed(2.0, 2.0, 0.50), BOTH, C),
        (Weighed(2.0, 2.0, 0.50), FOR, N),
        (Weighed(0.0, 0.0, 0.95), NEITHER, N),
    ],
)
def test_a_label_needs_the_bar_and_the_floor(dossier, weighed, reached, expected):
    assert label_of(weighed, reached, dossier.method) is expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], N),
        ([said("a", 1)], S),
        ([said("a", 0)], R),
        ([said("a", 1, "B3")], N),
        ([said("a", 1, "C1"), said("a", 1, "C1")], N),
        ([said("a", 1, "C3"), said("b", 1, "C3")], S),
        ([said("a", 1, "C3"), said("b", 1, "C4")], N),
        ([said("a", 1, "")], N),
        ([said("a", 1, named=False)], N),
        ([said("a", 1, stake=Stake.OWN)], N),
        ([said("a", 1, direct=False), said("b", 1, direct=False)], N),
        ([said("a", 1, direct=False), said("b", 1, "C3")], S),
        ([said("a", 1), said("b", 0)], C),
        ([said("a", 1), said("b", 0, "C3")], N),
        ([said("a", 1), said("b", 0, "C3"), said("c", 0, "C3")], C),
        ([said("a", 1), said("b", 0, stake=Stake.AGAINST)], N),
        ([said("a", 1), said("a", 0)], N),
        ([said("a", 1), said("a", 0), said("b", 0)], N),
        ([said("a", 1, trust=0.9), said("a", 0, trust=0.4), said("b", 0)], C),
        ([said("a", 0.51), said("b", 1, "D1", trust=0.95)], N),
    ],
    ids=lambda given: (
        ", ".join(f"{one.origin} {one.grade} {one.probability}" for one in given) if isinstance(given, list) else ""
    ),
)
def test_labels_of_findings_by_hand(dossier, findings, expected):
    """Trust 0.8 alone makes 0.9; what stands on both sides equally stands on neither; 0.51 of it leans too little to count."""
    assert label(dossier, *findings) is expected


def test_a_source_stands_on_the_side_to_which_it_leans(dossier):
    """0.9 for is log(19), 0.4 against is log(7/3): on balance for, by the row that says so."""
    (one,) = independent_sources([said("a", 1, "A1", 0.9), said("a", 0, "B2", 0.4), said("a", 1, "D3", 0.2)], dossier)
    (other,) = independent_sources([said("a", 1, "A1", 0.4), said("a", 0, "B2", 0.9)], dossier)

    assert one.graded == (Graded("a", "A", 1), Graded("a", "D", 3))
    assert other.graded == (Graded("a", "B", 2),)


@pytest.mark.parametrize("grade", ["B", "2", "BB", "B22", "B7", "G1"])
def test_a_grade_that_is_none_is_refused(dossier, grade):
    with pytest.raises(ValueError, match="Admiralty"):
        independent_sources([said("a", 1, grade)], dossier)


# -- what always holds -------------------------------------------------------------------------------------------------

GRADES = ("A1", "B2", "B3", "C3", "D2", "")
found = st.builds(
    said,
    st.sampled_from("abcd"),
    st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]),
    st.sampled_from(GRADES),
    st.floats(0, 0.95),
    stake=st.sampled_from(Stake),
    direct=st.booleans(),
    named=st.booleans(),
)
FINDINGS = st.lists(found, max_size=7)


@given(base=FINDINGS, extra=FINDINGS)
@settings(max_examples=400)
def test_more_support_never_turns_a_label_against_the_part(dossier, base, extra):
    support = [replace(one, probability=max(one.probability, 0.5)) for one in extra]

    assert RANK[label(dossier, *base, *support)] >= RANK[label(dossier, *base)]


@given(base=FINDINGS, random=st.randoms())
def test_order_and_repetition_do_not_matter(dossier, base, random):
    shuffled = base * 2
    random.shuffle(shuffled)

    assert label(dossier, *shuffled) is label(dossier, *base)


@given(base=FINDINGS)
def test_mirrored_evidence_gives_the_mirrored_label(dossier, base):
    mirrored = [replace(one, probability=1 - one.probability) for one in base]

    assert label(dossier, *mirrored) is {S: R, R: S}.get(label(dossier, *base), label(dossier, *base))


@given(base=st.lists(found, max_size=12))
def test_below_the_floor_there_is_never_a_label_whatever_the_odds(dossier, base):
    """One origin of letter C, and any number of letter D, each believed nearly fully."""
    low = [replace(one, origin="a", grade="C1", trust=0.95) for one in base]
    low += [replace(one, grade="D1", trust=0.95) for one in base]

    assert label(dossier, *low) is N


@given(base=FINDINGS)
@settings(max_examples=50)
def test_many_methods_at_once_give_the_label_of_each(dossier, base):
    heard = independent_sources(base, dossier)
    floors = (dossier.method.floor, replace(dossier.method.floor, alone="C2"), replace(dossier.method.floor, sources=3))
    methods = [
        replace(dossier.method, prior=prior, supported=bar, floor=floor)
        for prior, bar, floor in product((0.3, 0.6), (0.7, 0.9), floors)
    ]

    assert labels(heard, methods) == [pool(heard, method).label for method in methods]


# -- the project's own numbers -------------------------------------------------------------------------------------------


def test_the_bars_are_the_highest_that_the_least_evidence_of_the_floor_meets(project):
    """One row at `alone`, or as many as it takes at `together`: else the floor would be idle; no lower, or the bars would."""
    method = project.method

    def least(pair, sources, says):
        trust = method.trust(*pair)
        heard = independent_sources([said(f"o{n}", says, pair, trust) for n in range(sources)], project)
        return pool(heard, method)

    for_it = [least(method.floor.alone, 1, 1.0), least(method.floor.together, method.floor.sources, 1.0)]
    against = [least(method.floor.alone, 1, 0.0), least(method.floor.together, method.floor.sources, 0.0)]
    met = min(outcome.probability for outcome in for_it)

    assert method.supported == pytest.approx(math.floor(met / 0.05) * 0.05)
    assert method.refuted == pytest.approx(1 - method.supported)
    assert [outcome.label for outcome in for_it + against] == [S, S, R, R]
    assert [f"{outcome.probability:.2f}" for outcome in for_it] == ["0.82", "0.76"]
    assert all(words in method.reasons["labels"] for words in ("0.82 and 0.76", "largest multiple"))


def test_grades_fall_along_the_scale_and_what_is_doubtful_weighs_nothing(project):
    letters, digits = (list(table.values()) for table in (project.method.reliability, project.method.credibility))

    assert letters == sorted(letters, reverse=True)
    assert digits == sorted(digits, reverse=True)
    assert digits[3:] == [0, 0, 0]


def test_a_party_and_a_proxy_are_trusted_by_the_digit_that_counts(project):
    method = project.method

    assert method.trust("A", "1", Stake.OWN) == method.trust("A", "1", Stake.AGAINST) == method.trust("A", "3")
    assert method.trust("A", "1", direct=False) == method.trust("A", "2")
    assert method.trust("A", "1", Stake.OWN, direct=False) == method.trust("A", "4") == 0
    assert method.trust("B", "5", Stake.OWN) == method.trust("B", "5")


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ('alone = "B2"', 'alone = "B"', "floor.alone"),
        ('alone = "B2"', 'alone = "F6"', "floor.alone"),
        ('together = "C3"', "together = 3", "floor.together"),
        ("sources = 2", "sources = 1", "floor.sources"),
        ("sources = 2", "sources = 2.5", "floor.sources"),
        ("party_digit = 3", "party_digit = 7", "floor.party_digit"),
        ("[floor]", "[ceiling]", "ceiling: the entry is not known"),
        ("conflict_share = 0.50", "minimum_trust = 0.5\nconflict_share = 0.50", "minimum_trust"),
    ],
)
def test_a_floor_that_is_none_is_told_where_it_stands(tmp_path, line, instead, fault):
    folder = write_dossier(tmp_path)
    path = folder / "method.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{line}") == 1
    path.write_text(text.replace(f"\n{line}", f"\n{instead}"), encoding="utf-8")

    with pytest.raises(DossierError, match=fault) as told:
        Dossier.load(folder)
    assert "method.toml" in str(told.value)
