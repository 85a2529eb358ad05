"""Fixtures shared by all tests: the project's own dossier is read once a process."""

from __future__ import annotations

import pytest

from claimaudit.analysis import audit
from claimaudit.dossier import Dossier


@pytest.fixture(scope="session")
def project():
    """The project's own dossier, as known in hindsight."""
    return Dossier.load()


@pytest.fixture(scope="session")
def audited(project):
    """``audited("munitions")``: the audit of a topic with its default parameters, made once a process."""
    made = {}

    def of(topic):
        if topic not in made:
            made[topic] = audit(project, topic)
        return made[topic]

    return of
