"""What is found and judged, as data: what one row says about a part, and the verdict on a part or a claim.

The words of the dossier itself (claims, parts, observations, labels) stand in ``model.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claimaudit import looks
from claimaudit.model import Label, Part, Stake, Vintage


@dataclass(frozen=True)
class Quantity:
    """A figure with its range in ``unit``, for display: the pooled or modelled quantity behind a verdict."""

    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Finding:
    """What one independent source says about one part.

    ``probability`` (0-1) is that the part holds if the independent source is right; ``trust`` (0-1) is how far that source
    is believed before hearing the others. ``observations`` are the rows it rests on.

    ``grade`` is the Admiralty pair ("B2") of the weakest row it rests on, as graded; empty where none is known, which reaches
    no floor. ``stake`` whether the speaker is a party, ``direct`` whether it is on the part itself and not at one remove,
    ``named`` whether the source is: a publisher that vouches that something was said is named, whoever said it.
    """

    part_id: str
    origin: str
    probability: float
    trust: float
    observations: tuple[str, ...]
    text: str = ""
    quantity: Quantity | None = None
    grade: str = ""
    stake: Stake = Stake.NONE
    direct: bool = True
    named: bool = True


@dataclass(frozen=True)
class Cited:
    """A finding with who published the row it rests on and when; both empty where it rests on more than two rows, or none."""

    finding: Finding
    publisher: str = ""
    published: str = ""


@dataclass(frozen=True)
class Grounds:
    """What the verdict on a part rests on, beside all its findings.

    ``for_it`` and ``against`` weigh most on either side; ``first`` is the most trusted finding heard, to be named where
    none leans either way. ``independent_for`` and ``independent_against`` count independent sources that lean,
    ``both_ways`` those that do both; ``silent`` counts findings without weight; ``enough`` tells whether what was heard
    is trusted enough to judge.
    """

    part: Part
    for_it: Cited | None = None
    against: Cited | None = None
    first: Cited | None = None
    independent_for: int = 0
    independent_against: int = 0
    both_ways: int = 0
    silent: int = 0
    enough: bool = False


@dataclass(frozen=True)
class Outcomes:
    """Verdicts on parts of a claim by how they turned out, each in the claim's order."""

    holds: tuple[Verdict, ...] = ()
    refuted: tuple[Verdict, ...] = ()
    conflicting: tuple[Verdict, ...] = ()
    open: tuple[Verdict, ...] = ()

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Outcomes:
        """Parts sorted by their labels."""
        found: dict[Label, list[Verdict]] = {label: [] for label in Label}
        for verdict in verdicts:
            found[verdict.label].append(verdict)
        order = (Label.SUPPORTED, Label.REFUTED, Label.CONFLICTING, Label.NOT_ENOUGH_EVIDENCE)
        return cls(*(tuple(found[label]) for label in order))


@dataclass(frozen=True, repr=False)
class Verdict:
    """The outcome for a part (or, with ``part_id`` empty, for a claim) at an as-of date, with what it rests on as data.

    ``low``/``high`` bound the ``probability`` (all 0-1) when any one origin is left out; ``None`` where nothing was found.
    ``origins`` and ``observations`` list what was used, strongest first. A part has its ``findings`` and ``grounds``; a
    claim has the part its label hangs on as ``deciding``, its ``essential`` parts, and the ``details`` that the article
    prints, each a verdict of its own. ``wording.py`` makes sentences of it.
    """

    claim_id: str
    part_id: str
    aspect: str
    vintage: Vintage
    as_of: date
    label: Label
    probability: float
    low: float | None
    high: float | None
    origins: tuple[str, ...]
    observations: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    quantity: Quantity | None = None
    grounds: Grounds | None = None
    deciding: Verdict | None = None
    essential: Outcomes = Outcomes()
    details: Outcomes = Outcomes()

    @property
    def key(self) -> str:
        """The part's id, or the claim's on its own row."""
        return self.part_id or self.claim_id

    @property
    def text(self) -> str:
        """What the part says, in the dossier's words; empty for a claim."""
        return self.grounds.part.text if self.grounds else ""

    @property
    def also_in_conflict(self) -> tuple[Verdict, ...]:
        """The essential parts in conflict beside the one a claim hangs on: they, too, make the claim's label."""
        return tuple(
            part
            for part in self.essential.conflicting
            if self.deciding is None or part.part_id != self.deciding.part_id
        )

    @property
    def right_in_part(self) -> tuple[Verdict, ...]:
        """The essential parts that hold, where another is refuted."""
        return self.essential.holds if self.essential.refuted else ()

    def __repr__(self) -> str:
        return (
            f"<Verdict {self.key[:60]} {self.vintage.words} {self.as_of}: {self.label.words}, "
            f"probability {self.probability:.3f}>"
        )

    def _repr_html_(self) -> str:
        return looks.verdict(self)._repr_html_()
