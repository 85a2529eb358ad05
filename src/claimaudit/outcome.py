"""What is found and judged, as data: what one row says about a part, and the verdict on a part or a claim.

The words of the dossier itself (claims, parts, observations, labels) stand in ``model.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claimaudit import looks
from claimaudit.model import Label, Part, Stake, Vintage
from claimaudit.rated import Confidence, Conflict, Open, Rated, Rating, Sources


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
    ``named`` whether the source is: a publisher that vouches that something was said is named, whoever said it. ``speaker`` is
    whom it is one voice with where that is not its origin: organs of one state that speak in its cause.
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
    speaker: str = ""


@dataclass(frozen=True)
class Cited:
    """A finding with who published the row it rests on and when; both empty where it rests on more than two rows, or none.

    ``when`` is the period of its first row in words.
    """

    finding: Finding
    publisher: str = ""
    published: str = ""
    when: str = ""


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


NO_SOURCES = Sources()


@dataclass(frozen=True, repr=False)
class Verdict:
    """The outcome for a part (or, with ``part_id`` empty, for a claim) at an as-of date, with what it rests on as data.

    ``low``/``high`` bound the ``probability`` (all 0-1) when any one origin is left out; ``None`` where nothing was found.
    ``origins`` and ``observations`` list what was used, strongest first. A part has its ``findings``, ``grounds`` and the
    ``sources`` that decide it with how good they are (``certainty``), and ``open`` says why it has no answer; a claim has its
    ``parts`` in the claim's order, the one that decides it (``deciding``) and how it is ``rated``. ``wording.py`` makes sentences
    of it.
    """

    claim_id: str
    part_id: str
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
    sources: Sources = NO_SOURCES
    certainty: Confidence | None = None
    open: Open = Open.EVIDENCE
    parts: tuple[Verdict, ...] = ()
    deciding: Verdict | None = None
    rated: Rated | None = None

    @property
    def key(self) -> str:
        """The part's id, or the claim's on its own row."""
        return self.part_id or self.claim_id

    @property
    def part(self) -> Part:
        """The part that is judged; ``ValueError`` on a claim's own verdict."""
        if self.grounds is None:
            raise ValueError(f"{self.key} is a claim; ask one of its parts")
        return self.grounds.part

    @property
    def text(self) -> str:
        """What the part says, in the dossier's words; empty for a claim."""
        return self.grounds.part.text if self.grounds else ""

    @property
    def role(self) -> str:
        """The part's role; empty for a claim."""
        return self.grounds.part.role.value if self.grounds else ""

    @property
    def conflict(self) -> Conflict | None:
        """Why the label is conflicting, where it is."""
        if self.label is not Label.CONFLICTING:
            return None
        return self.rated.printed.conflict if self.rated else Conflict.SOURCES

    @property
    def rating(self) -> Rating:
        """A claim's rating; ``ValueError`` on a part, which has a label alone."""
        if self.rated is None:
            raise ValueError(f"{self.key} is a part; ask its claim for the rating")
        return self.rated.rating

    def __repr__(self) -> str:
        said = self.rated.rating.words if self.rated else self.label.words
        return f"<Verdict {self.key[:60]} {self.vintage.words} {self.as_of}: {said[:60]}, probability {self.probability:.3f}>"

    def _repr_html_(self) -> str:
        return looks.verdict(self)._repr_html_()
