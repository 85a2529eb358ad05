"""A topic loaded with its own tables alone is judged, and shown, as with all of them."""

from __future__ import annotations

import dataclasses

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.topics import load_topics
from claimaudit.errors import DossierError
from claimaudit.verdict.audit import audit, unused
from claimaudit.verdict.models import model_of
from claimaudit.verdict.table import verdict_rows
from samples import DATA, write_dossier

LISTED = list(load_topics(DATA, []).tables)


@pytest.mark.parametrize("topic", LISTED)
def test_topic_is_judged_alike_on_its_own_tables(topic, audited):
    """Verdicts, flips, sweeps, the rows it shows and the reasons for those it leaves out."""
    small = audit(Dossier.load(topic=topic), topic)
    whole = audited(topic)

    assert verdict_rows(small.verdicts) == verdict_rows(whole.verdicts)
    assert small.flips == whole.flips
    assert {key: dataclasses.astuple(sweep) for key, sweep in small.sweeps.items()} == {
        key: dataclasses.astuple(sweep) for key, sweep in whole.sweeps.items()
    }
    assert unused(small) == []
    module = model_of(whole.dossier, topic)
    if hasattr(module, "shown_rows"):
        assert list(module.shown_rows(small.dossier)) == list(module.shown_rows(whole.dossier))


def test_every_topic_but_the_last_is_listed(project):
    """The synthesis looks at every claim, so it reads everything."""
    topics = {claim.topic for claim in project.claims}

    assert set(LISTED) == topics - {"synthesis"}
    assert len(Dossier.load(topic="synthesis").observations) == len(project.observations)
    assert len(Dossier.load(topic="space").observations) < len(project.observations) / 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[fig]\nobservations = []\nseries = []", "topics.toml: fig: no claim has this topic; did you mean 'figs'?"),
        ('[figs]\nobservations = ["harbor"]\nseries = []', "there is no table 'harbor'; did you mean 'harbour'?"),
        (
            '[figs]\nobservations = []\nseries = ["x"]',
            "series/x.csv: the file is missing; restore it, or take it out of the list",
        ),
        (
            "[figs]\nobservations = []\nseries = []",
            "a row of 'harbour' bears on its claims; add that table to the list",
        ),
        ("[figs]\nobservations = 3\nseries = []", "figs.observations: 3 is no list"),
    ],
)
def test_wrong_list_is_a_fault(tmp_path, text, message):
    """Found when the whole dossier is read."""
    folder = write_dossier(tmp_path)
    (folder / "topics.toml").write_text(text)

    with pytest.raises(DossierError, match=r"^\d fault") as caught:
        Dossier.load(folder)
    assert message in str(caught.value)


def test_other_tables_are_not_opened(tmp_path):
    """A broken one does not matter to a topic that does not read it."""
    folder = write_dossier(tmp_path)
    (folder / "topics.toml").write_text('[figs]\nobservations = ["harbour"]\nseries = []')
    (folder / "observations/broken.csv").write_text("no table")

    assert len(Dossier.load(folder, topic="figs").observations) == 6
    with pytest.raises(DossierError):
        Dossier.load(folder, topic="ferries")
