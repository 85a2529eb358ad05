"""A dossier broken in any way is refused with faults, or is accepted and audits: never a traceback.

``make fuzz`` tries thousands; ``CLAIMAUDIT_FUZZ=2000`` sets how many each test tries.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broken_dossiers import break_one, outcome, real, small

TRIES = int(os.environ.get("CLAIMAUDIT_FUZZ", "120"))
MANY = settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", params=[small, real], ids=["small", "real"])
def sound(request, tmp_path_factory):
    """A sound dossier to break."""
    folder = request.param(tmp_path_factory.mktemp("sound") / "data")
    assert outcome(folder) == "accepted"
    return folder


@given(data=st.data())
@MANY
def test_a_broken_dossier_is_refused_or_audits(sound, data):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        shutil.copytree(sound, folder)
        (Path(place) / "outside.csv").write_text("secret\n")
        for _ in range(data.draw(st.integers(1, 2))):
            break_one(data.draw, folder)

        assert outcome(folder) in ("refused", "accepted")
