"""Fixtures shared by all tests: the project's own dossier is read once a process."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from claimaudit.analysis import audit
from claimaudit.dossier import Dossier
from shared_site import built_once

# A busy machine must not fail a property for being slow; CI tries the same examples every time.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")


@pytest.fixture(scope="session")
def project():
    """The project's own dossier, as known in hindsight."""
    return Dossier.load()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Every report and page, built by the command once for all workers."""
    return built_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def audited(project):
    """``audited("munitions")``: the audit of a topic with its default parameters, made once a process."""
    made = {}

    def of(topic):
        if topic not in made:
            made[topic] = audit(project, topic)
        return made[topic]

    return of
