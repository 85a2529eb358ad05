"""Knobs by hand: where one source turns a label, choices, whole numbers; and every topic's."""

from __future__ import annotations

import pandas as pd
import pytest

from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.topics import load_topics
from claimaudit.model import Label, TestKind
from claimaudit.outcome import Finding
from claimaudit.verdict.models import model_of
from claimaudit.verdict.sensitivity import flips_of, pooled
from samples import DATA, write_dossier

MODELS = load_topics(DATA, []).models


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


def said(holds, trust=0.8):
    """One independent source on the crates: it holds, or it does not."""
    return [Finding("E01.number", "customs", float(holds), trust, ("fig.customs",), grade="A1")]


def knob(now, holds, words="with {:.2f} crates".format, **more):
    return Knob("E01.number", "crates", now, lambda value: said(holds(value)), words, **more)


def flips(dossier, *knobs):
    return [
        (flip.part_id, flip.source, flip.label, flip.becomes, flip.now, flip.threshold, flip.words)
        for flip in flips_of(knobs, dossier)
    ]


# -- by hand -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "turns"), [(6.0, 7.0), (2.5, 2.0)])
def test_the_nearest_threshold_within_reach(dossier, now, turns):
    """An independent source of trust 0.8 makes odds of nine to one: supported from 2 to 7 crates, refuted elsewhere."""
    (flip,) = flips_of([knob(now, lambda x: 2 <= x < 7, reach=(0, 10), unit="crate")], dossier)

    assert (flip.part_id, flip.source, flip.unit, flip.now) == ("E01.number", "crates", "crate", now)
    assert (flip.label, flip.becomes) == (Label.SUPPORTED, Label.REFUTED)
    assert flip.threshold == pytest.approx(turns, abs=0.001)
    assert flip.words == f"with {turns:.2f} crates, the label would be refuted"


def test_nothing_in_reach_is_no_flip_and_the_others_keep_their_order(dossier):
    still = knob(3.0, lambda x: x < 7, reach=(0, 6))
    first, last = (knob(now, lambda x: x < 7, reach=(0, 10)) for now in (3.0, 6.5))

    assert flips(dossier, still) == []
    assert [flip[4] for flip in flips(dossier, first, still, last)] == [3.0, 6.5]


def test_a_whole_number_is_told_as_one(dossier):
    """Turned at 6.6: told as 7, in words and as a figure."""
    (flip,) = flips_of([knob(3, lambda x: x < 6.6, "with {} crates".format, reach=(0, 10), whole=True)], dossier)

    assert (flip.threshold, flip.words) == (7, "with 7 crates, the label would be refuted")


def test_a_finer_tolerance_comes_nearer(dossier):
    coarse, fine = (knob(3.0, lambda x: x < 7.07, reach=(0, 10), steps=4, tolerance=width) for width in (0.1, 1e-6))
    (rough,), (close,) = flips(dossier, coarse), flips(dossier, fine)

    assert 7.07 < close[5] < 7.0701
    assert rough[5] > close[5]


def test_of_choices_the_first_that_turns_the_label_is_told(dossier):
    counted = knob(2, lambda x: x < 4, "with {} crates".format, choices=(1, 3, 5, 4, 9))

    assert flips(dossier, counted) == [
        ("E01.number", "crates", Label.SUPPORTED, Label.REFUTED, 2, 5, "with 5 crates, the label would be refuted")
    ]


def test_every_choice_where_each_is_told(dossier):
    """Names stand for their places: from the second, to the first and to the third."""
    kinds = ("fresh", "dried", "candied")
    named = knob("dried", lambda kind: kind == "dried", "if only {} figs counted".format, choices=kinds, every=True)

    assert [(flip[4], flip[5], flip[6]) for flip in flips(dossier, named)] == [
        (1, 0, "if only fresh figs counted, the label would be refuted"),
        (1, 2, "if only candied figs counted, the label would be refuted"),
    ]
    assert flips(dossier, knob("dried", lambda kind: True, choices=kinds, every=True)) == []


def test_the_label_follows_the_views_method(dossier):
    """Trust of 0.7 makes 0.85 of it: enough by a bar of 0.75, and not by one of 0.9."""
    weak = Knob("E01.number", "crates", 3.0, lambda x: said(x < 7, trust=0.7), str, (0, 10))
    strict = dossier.with_method(dossier.method.varied({"supported": 0.9}))

    assert [flip.becomes for flip in flips_of([weak], dossier)] == [Label.REFUTED]
    assert list(flips_of([weak], strict)) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({}, "needs either a reach or choices"),
        ({"reach": (0, 10), "choices": (1, 2)}, "needs either a reach or choices"),
        ({"reach": (5, 10)}, r"'crates' of E01\.number is 3 now, outside 5 to 10"),
        (
            {"now": "dried", "reach": (5, 10)},
            r"'crates' of E01\.number has a reach, but is 'dried' now, which is no number",
        ),
    ],
)
def test_what_cannot_be_turned_is_refused(more, fault):
    with pytest.raises(ValueError, match=fault):
        knob(holds=bool, **{"now": 3.0} | more)


def test_conditions_are_made_from_words_and_a_way_to_show_values():
    assert phrase("had it been {} of a crate", percent)(0.256) == "had it been 26% of a crate"


def test_a_table_of_findings_pools_cell_by_cell(dossier):
    """Trust 0.8 makes odds of 1.8 to 0.2, nine to one; nothing found leaves the prior of one half."""
    table = pd.DataFrame({"yes": [said(True), []], "no": [said(False), said(True)]}, index=["fresh", "dried"])
    sure = pooled(table, dossier)

    assert sure.loc["fresh"].tolist() == pytest.approx([90, 10])
    assert sure.loc["dried"].tolist() == pytest.approx([50, 90])


# -- the topics' own ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_every_topic_declares_knobs_of_its_own_parts(project, name):
    """A knob of a part that is not the topic's would be dropped without a word."""
    module, view = model_of(project, name), project.hindsight()
    parts = [part for claim in project.topic(name) for part in claim.parts]
    own = {part.part_id for part in parts}
    declared = list(module.knobs(view, module.Parameters()))

    assert bool(declared) == any(part.test is TestKind.MODEL for part in parts)
    assert {item.part_id for item in declared} <= own
    for flip in flips_of(declared, view):
        assert flip.becomes is not flip.label
        assert flip.words.endswith(f", the label would be {flip.becomes.words}")
        assert ",," not in flip.words
