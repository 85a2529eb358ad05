"""Fixtures shared by all tests: the project's own dossier is read once a process."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

import shared
from browser import chromium
from claimaudit.dossier.dossier import Dossier
from claimaudit.verdict.audit import audit

# A busy machine must not fail a property for being slow; CI tries the same examples every time.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")


def pytest_collection_finish():
    """Looking for garbage among what all tests import would take a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter):
    """Say plainly what a run without a browser left out, and how to get it."""
    left_out = [item for item in terminalreporter.stats.get("skipped", []) if "browser" in item.keywords]
    if left_out:
        terminalreporter.section("left out")
        terminalreporter.write_line(
            f"{len(left_out)} checks in a real browser (pages, keyboard, accessibility, JupyterLab, PDF) were left out, as "
            "no Chromium was found. To run them: apt-get install chromium, or set CLAIMAUDIT_BROWSER to the path of one."
        )


@pytest.fixture(scope="module")
def browser():
    """A real Chromium for the tests of a file."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def project():
    """The project's own dossier, as known in hindsight."""
    return Dossier.load()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Every report and page, built by the command once for all workers."""
    return shared.site(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def audited(project):
    """``audited("munitions")``: the audit of a topic with its default parameters, made once a process."""
    made = {}

    def of(topic):
        if topic not in made:
            made[topic] = audit(project, topic)
        return made[topic]

    return of
