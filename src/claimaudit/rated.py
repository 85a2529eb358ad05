"""How a part and a claim are rated, as data: what a part brings to its claim, badge, likelihood and confidence.

The rules that make these of each other stand in ``verdict/``: ``labels.py``, ``rating.py``, ``likelihood.py``, ``confidence.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claimaudit import formats
from claimaudit.model import Label, Role


class Open(StrEnum):
    """Why a part has no answer, in the words of a badge.

    A forecast is never right or wrong, whatever came of it: its part stays without a label, and what came of it stands here.
    """

    EVIDENCE = "not shown"
    UNREAD = "text not read"
    FORECAST = "forecast, open"
    CAME_TRUE = "forecast, came true"
    NOT_IN_TIME = "forecast, not by the review day"
    UNJUDGED = "not judged"

    @property
    def is_forecast(self) -> bool:
        """Whether the part is a forecast, before or after its review day."""
        return self in (Open.FORECAST, Open.CAME_TRUE, Open.NOT_IN_TIME)


class Conflict(StrEnum):
    """Why a label is conflicting: sources contradict each other, or what is left out misleads."""

    SOURCES = "sources"
    MISLEADING = "misleading"


@dataclass(frozen=True)
class Sources:
    """The evidence that decides a part: its independent sources, counted.

    ``parties`` are those of ``count`` that are parties; ``primary`` tells of a primary record among the others or of its maker;
    ``direct`` that the evidence is on the part itself, not at one remove; ``survives`` that the part's label is the same
    without any one of the sources. Raises ``ValueError`` where the counts do not fit each other.
    """

    count: int = 0
    parties: int = 0
    primary: bool = False
    direct: bool = True
    survives: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.parties <= self.count:
            raise ValueError(f"{self.parties} of {self.count} sources cannot be parties; count each party as a source")
        if self.primary and not self.count:
            raise ValueError("a primary record is a source; count it")

    @property
    def free(self) -> int:
        """Sources that are no party."""
        return self.count - self.parties

    @property
    def parties_only(self) -> bool:
        """Whether nobody but parties says so."""
        return self.count > 0 and self.free == 0


@dataclass(frozen=True)
class RatedPart:
    """A part with its verdict, and the words its claim's badge may need of it.

    ``name`` is what it is about in a word or two ("sum", "month"). ``wrong`` stands in the badge where it is refuted ("wrong
    month"), ``right`` is the right value. ``misleads`` says, on context alone, why a reader who is told it would no longer draw the
    conclusion. ``open`` counts only where the label is not enough evidence. ``probability`` is ``None`` where nothing was found.
    Raises ``ValueError`` where role, label and these do not fit each other.
    """

    part_id: str
    role: Role
    label: Label
    name: str = ""
    wrong: str = ""
    right: str = ""
    misleads: str = ""
    open: Open = Open.EVIDENCE
    probability: float | None = None
    sources: Sources = Sources()

    def __post_init__(self) -> None:
        if self.misleads and self.role is not Role.CONTEXT:
            raise ValueError(f"{self.part_id}: only context misleads; a printed part is right or wrong")
        if self.open is not Open.EVIDENCE and self.label is not Label.NOT_ENOUGH_EVIDENCE:
            raise ValueError(
                f"{self.part_id}: {self.label.words}, but {self.open.value}; a forecast or a text that was not read has no label"
            )
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"{self.part_id}: a probability of {self.probability}; give one from 0 to 1")

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return self.label is Label.SUPPORTED

    @property
    def refuted(self) -> bool:
        """Whether it is not so."""
        return self.label is Label.REFUTED

    @property
    def disputed(self) -> bool:
        """Whether independent sources contradict each other on it."""
        return self.label is Label.CONFLICTING

    @property
    def is_open(self) -> bool:
        """Whether there is no answer yet; what is disputed has two."""
        return self.label is Label.NOT_ENOUGH_EVIDENCE


@dataclass(frozen=True)
class Printed:
    """The strict label of a sentence, and why where it is conflicting."""

    label: Label
    conflict: Conflict | None = None


class Badge(StrEnum):
    """How a claim is rated, from worst to best."""

    WRONG = "Wrong"
    PARTLY_RIGHT = "Partly right"
    UNPROVEN = "Unproven"
    RIGHT_BUT = "Right, but"
    RIGHT = "Right"

    @property
    def rank(self) -> int:
        """Its place from worst (0) to best (4)."""
        return list(Badge).index(self)


class Relayed(StrEnum):
    """Whether the sentence relays faithfully what somebody said.

    Yes, no, or its source was not found; where witnesses of the saying contradict each other none of the three is true.
    """

    YES = "yes"
    NO = "no"
    DISPUTED = "disputed"
    NOT_FOUND = "source not found"


@dataclass(frozen=True)
class Rating:
    """A badge with its reason, and the parts a page may not leave out.

    ``refuted`` are all printed parts that are not so, with their right values; ``unsettled`` the details and quotes that are
    open or disputed; ``context`` what is so and would change a reader's conclusion.
    """

    badge: Badge
    reason: str
    refuted: tuple[RatedPart, ...] = ()
    unsettled: tuple[RatedPart, ...] = ()
    context: tuple[RatedPart, ...] = ()

    @property
    def words(self) -> str:
        """Badge and reason in one line."""
        if not self.reason:
            return self.badge.value
        return f"{self.badge.value}{'' if self.badge is Badge.RIGHT_BUT else ':'} {self.reason}"


@dataclass(frozen=True)
class Likelihood:
    """From least to most, each a multiple of 5 %, with the word."""

    low: float
    high: float
    word: str

    @property
    def words(self) -> str:
        """The range with its word: "likely, 65 to 70%"; open sources make nobody surer than "over 95%"."""
        low, high = (formats.number(100 * end) for end in (self.low, self.high))
        if self.low == 1 or self.high == 0:
            return f"{self.word}, {'over 95' if self.high else 'under 5'}%"
        if self.high == 1 or self.low == 0:
            return f"{self.word}, {f'{low}% or more' if self.high == 1 else f'{high}% or less'}"
        return f"{self.word}, {low}%" if low == high else f"{self.word}, {low} to {high}%"


class Confidence(StrEnum):
    """How good the deciding evidence is, from worst to best."""

    THIN = "thin"
    MODERATE = "moderate"
    STRONG = "strong"

    @property
    def rank(self) -> int:
        """Its place from worst (0) to best (2)."""
        return list(Confidence).index(self)


@dataclass(frozen=True)
class Evidenced:
    """The confidence in a rating, the part it is read from, and how many independent sources decide that part."""

    level: Confidence
    part_id: str
    sources: int

    @property
    def words(self) -> str:
        """Level and count as a card prints them."""
        return f"{self.level.value} ({formats.count(self.sources, 'independent source')})"


@dataclass(frozen=True)
class Rated:
    """All that is said of a claim at one date, beside its parts.

    ``printed`` is the strict label, for exports alone. ``likelihood`` and ``confidence`` are ``None`` where none may be given;
    ``relayed`` where the sentence relays nobody.
    """

    printed: Printed
    rating: Rating
    likelihood: Likelihood | None = None
    confidence: Evidenced | None = None
    relayed: Relayed | None = None
