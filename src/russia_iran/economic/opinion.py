"""What Iranians think of Russia (E24) and of its imperial past (E25); what the Kremlin wants to lead (E37).

Shares of answers and falls in percent and percentage points, sample sizes in persons. Polls that ask different questions (a view
of the country, of its leaders, of what Iran should do) are never averaged. Every part is tested by a declared kind of test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding

TITLE = "Iranian opinion of Russia"
POLLS = {
    "iranpoll-cissm": "IranPoll for Maryland",
    "gallup": "Gallup, on its leaders",
    "gallup-country-median": "Gallup, on its leaders, median country",
    "dpi-web-panel": "Web panel",
}
"""Who asked, and of what, by the variant of a row."""
ANSWERS = {
    "favourable_view_of_russia": "favourable",
    "unfavourable_view_of_russia": "unfavourable",
    "approval_of_russian_leadership": "favourable",
    "disapproval_of_russian_leadership": "unfavourable",
}
"""Which side an answer is of, by measure: a view of the country, or of its leaders."""
DEEDS = {
    "russian_intervention_in_iran": "armed force",
    "russian_concession_in_iran": "resources",
    "russian_concessions_renounced": "given up",
}
"""What Russia or the Soviet Union did in Iran, by measure."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """No model of this topic judges a part, so there is nothing to vary but the day."""


def standard_error(before: Any, after: Any, sample: float, design_effect: float) -> Any:
    """Standard error, in points, of the change between two shares in percent: numbers, or columns of them.

    Both are of ``sample`` persons; each sample is as good as one ``design_effect`` times smaller (Kish 1965).
    """
    variance = sum(share / 100 * (1 - share / 100) / sample for share in (before, after))
    return 100 * np.sqrt(design_effect * variance)


def chance_of_fall(fall: float, error: float, least: float) -> float:
    """Chance (0-1) that a share of all people fell by at least ``least``, from a fall seen and its error, all in points."""
    return 1 - NormalDist(fall, error).cdf(least)


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """None: every part of this topic is tested by a kind of test."""
    yield from ()


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """None: no part rests on this topic's own calculation."""
    yield from ()
