"""``Dossier.once``: what it shares between methods, what it never shares, and that no topic's key is too small."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from claimaudit.analysis import topic_module
from claimaudit.dossier import Dossier
from samples import write_dossier

TOPICS = (
    "munitions", "airpower", "drones", "space", "partnership", "trade", "energy", "industry", "aviation", "sanctions",
    "prices", "opinion", "synthesis",
)  # fmt: skip


def _ranges_moved(table, by):
    """A topic's assumptions with every range widened at its high end; all else as it is."""
    if not isinstance(table, dict):
        return table
    moved = {name: _ranges_moved(value, by) for name, value in table.items()}
    if isinstance(table.get("range"), list) and all(isinstance(end, int | float) for end in table["range"]):
        *others, high = table["range"]
        moved["range"] = [*others, high + 1 if isinstance(high, int) else high * by]
    return moved


CHANGES = {
    "wider": lambda method: method.varied({"width_scale": 3.0}),
    "stricter": lambda method: method.varied({"grade_power": 2.0}),
    "open": lambda method: replace(method, open_bound_factor=2 * method.open_bound_factor),
    "quoting": lambda method: replace(method, quoting=method.quoting / 2),
    "assumed": lambda method: replace(method, topics=_ranges_moved(method.topics, 1.05)),
}


@pytest.fixture
def dossier(tmp_path):
    return Dossier.load(write_dossier(tmp_path))


def test_it_is_worked_out_once_for_all_methods_of_a_view(dossier):
    numbers = count()
    view = dossier.hindsight()
    other = view.with_method(view.method.varied({"grade_power": 2.0}))

    assert view.once("a", lambda: next(numbers)) == 0
    assert other.once("a", lambda: next(numbers)) == 0
    assert other.once("b", lambda: next(numbers)) == view.once("b", lambda: next(numbers)) == 1
    assert dossier.hindsight().once("a", lambda: next(numbers)) == 0


def test_days_and_dossiers_share_nothing(dossier, tmp_path_factory):
    numbers = count()
    same_files = Dossier.load(write_dossier(tmp_path_factory.mktemp("twin")))
    views = [
        dossier,
        dossier.at_publication(),
        dossier.hindsight(),
        dossier.as_of("2023-06-30"),
        same_files.hindsight(),
    ]

    answers = [view.once("a", lambda: next(numbers)) for view in views]

    assert answers == list(range(len(views)))
    assert views[1].with_method(views[1].method).once("a", lambda: next(numbers)) == answers[1]


@pytest.mark.parametrize("topic", TOPICS)
def test_what_methods_share_does_not_depend_on_the_method(project, topic):
    """Findings under another method are those of a view that shares nothing, though the first method was asked first."""
    module = topic_module(topic)
    if module is None:
        pytest.skip("the topic has no model of its own")
    parameters = module.Parameters()
    for view in (project.at_publication(), project.hindsight()):
        first = tuple(module.findings(view, parameters))
        turned = 0
        for change in CHANGES.values():
            method = change(view.method)
            alone = tuple(module.findings(replace(view, method=method), parameters))
            assert tuple(module.findings(view.with_method(method), parameters)) == alone
            turned += alone != first
        assert turned, "no change of the method reaches the topic: the comparison would show nothing"


def test_every_topic_with_a_model_is_compared(project):
    assert set(TOPICS) == {claim.topic for claim in project.claims}
