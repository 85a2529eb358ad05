"""The vocabulary of the audit: one meaning each, as enums and frozen dataclasses.

Nothing here reads a file or needs pandas; every other module speaks in these words.
``docs/design.md`` explains them, ``dossier.py`` is the only place that builds them from files.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from claimaudit import formats

ADMIRALTY_RELIABILITY = "ABCDEF"
"""Source reliability: A completely reliable ... E unreliable, F cannot be judged."""
ADMIRALTY_CREDIBILITY = "123456"
"""Item credibility: 1 confirmed ... 5 improbable, 6 cannot be judged."""


class Label(StrEnum):
    """AVeriTeC's four verdict labels."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    CONFLICTING = "conflicting"

    @property
    def words(self) -> str:
        """The label as a file names it."""
        return self.value.replace("_", " ")

    @property
    def mark(self) -> str:
        """How a part turned out, as a reader sees it."""
        return {"supported": "holds", "refuted": "wrong", "conflicting": "disputed"}.get(self.value, "open")


class Role(StrEnum):
    """What a part is to its sentence. ``core`` and ``link`` make its point; all but ``context`` are printed."""

    CORE = "core"
    LINK = "link"
    DETAIL = "detail"
    QUOTE = "quote"
    CONTEXT = "context"

    @property
    def is_point(self) -> bool:
        """Whether the sentence is there to say it. A link weighs as core, so every rule on core parts is one on both."""
        return self in (Role.CORE, Role.LINK)

    @property
    def is_printed(self) -> bool:
        """Whether the sentence says it at all."""
        return self is not Role.CONTEXT


class Speech(StrEnum):
    """Who says what a sentence says: its author, somebody it relays and argues from, or somebody whose saying is the news."""

    OWN = "own"
    RELAYED = "relayed"
    SAYING = "saying"


class Basis(StrEnum):
    """How a figure came about; sets its width where the source gives no range."""

    MEASURED = "measured"
    OFFICIAL = "official"
    ESTIMATE = "estimate"
    REPORTED = "reported"
    DERIVED = "derived"


class TestKind(StrEnum):
    """The kinds of test a part can name; ``analysis/findings.py`` and ``analysis/kinds/`` hold one function for each."""

    __test__ = False  # the name starts with Test, but this is no pytest class

    ABOUT = "about"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    MORE_THAN = "more_than"
    BETWEEN = "between"
    EVENT = "event"
    STATEMENT = "statement"
    DATE = "date"
    RANK = "rank"
    TREND = "trend"
    ORDER = "order"
    SIZE = "size"
    OF_THAT_SIZE = "of_that_size"
    PRINTED_FIGURE = "printed_figure"
    HELD_BY = "held_by"
    RATIO = "ratio"
    CHANGE = "change"
    RATE = "rate"
    TWO_SHARES = "two_shares"
    LIST_STATE = "list_state"
    PROMISE = "promise"
    PRODUCT = "product"
    FORECAST = "forecast"
    MODEL = "model"

    @property
    def is_quantity(self) -> bool:
        """Whether it holds a figure against a bound or a band."""
        quantities = (
            "about",
            "at_most",
            "at_least",
            "less_than",
            "more_than",
            "between",
            "of_that_size",
            "printed_figure",
        )
        return self.value in quantities

    @property
    def gives_figure(self) -> bool:
        """Whether its findings carry a figure, that a template can name as ``{value}``."""
        return self.is_quantity or self.value in ("ratio", "product", "model")


class Stake(StrEnum):
    """Whether the speaker of a row is a party to what it says: in its own cause, or against its opponent.

    An admission against interest is neither, and is graded as it deserves.
    """

    NONE = ""
    OWN = "own"
    AGAINST = "against"


class OriginKind(StrEnum):
    """Whether an origin counts as an independent source when evidence is pooled."""

    VOICE = "voice"
    AUDITED_ARTICLE = "audited-article"
    OWN_CALCULATION = "own-calculation"


class Vintage(StrEnum):
    """The two standard as-of dates, and any other."""

    AT_PUBLICATION = "at_publication"
    HINDSIGHT = "hindsight"
    AS_OF = "as_of"

    @property
    def words(self) -> str:
        """The vintage as a reader sees it."""
        return {"at_publication": "at publication", "hindsight": "in hindsight", "as_of": "as of"}[self.value]


class VintageCapability(StrEnum):
    """How far a series can be cut back to what was knowable on a day.

    ``native``: every row became public with its own period; ``by_publication``: a row counts from the
    day its source was published; ``unknown``: the table counts in hindsight only.
    """

    NATIVE = "native"
    BY_PUBLICATION = "by_publication"
    UNKNOWN = "unknown"


_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A day, a month or a year, as printed by a source: ``2023-03-14``, ``2023-03`` or ``2023``."""

    first: date
    last: date
    text: str = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read an ISO 8601 date of full or partial precision; ``ValueError`` when it is none."""
        match = _PARTIAL_DATE.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a date of the form 2023, 2023-03 or 2023-03-14")
        year, month, day = (int(part or 0) for part in match.groups())
        if match[2] is None:
            return cls(date(year, 1, 1), date(year, 12, 31), text)
        if not 1 <= month <= 12:
            raise ValueError(f"{text!r} has no month {month:02d}")
        if match[3] is None:
            return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), text)
        return cls(date(year, month, day), date(year, month, day), text)

    @property
    def is_day(self) -> bool:
        """True when the day itself is known."""
        return self.first == self.last

    @property
    def words(self) -> str:
        """The date as a reader sees it: ``9 August 2022``, ``August 2022``, ``2022``."""
        return formats.period(self.first, self.last)

    def __str__(self) -> str:
        return self.text


def dated(text: str) -> str:
    """A text that is nothing but a date, as a reader sees it; any other as it stands."""
    try:
        return PartialDate.parse(text).words
    except ValueError:
        return text


@dataclass(frozen=True)
class Imprint:
    """Who made an audit, who publishes it and where; what is blank is not told.

    ``base_url`` is the address of the folder its pages stand in, with a slash at its end; ``contact`` where errors
    are reported; ``language`` that of its pages.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    version: str = ""
    base_url: str = ""
    contact: str = ""
    language: str = "en"

    def address(self, place: str) -> str:
        """A page of the audit by its full address, where the dossier tells where it stands; else as it is."""
        return f"{self.base_url}{place}" if self.base_url and ":" not in place.partition("#")[0] else place


@dataclass(frozen=True)
class Article:
    """The audited text. ``compiled`` is the day the dossier was closed: hindsight means that day.

    ``author`` and ``url`` are blank where there is none; an author may be an organisation. ``imprint`` is the audit's own.
    """

    title: str
    author: str
    publisher: str
    published: date
    url: str
    language: str
    compiled: date
    author_is: str = "person"
    imprint: Imprint = Imprint()

    @property
    def by(self) -> tuple[str, ...]:
        """Author and publisher, as far as they are told, each once."""
        return tuple(dict.fromkeys(filter(None, (self.author, self.publisher))))


@dataclass(frozen=True)
class Observation:
    """One figure or event from one source.

    ``value``/``low``/``high`` are in ``unit``, the measure's canonical unit; ``start``..``end`` is the period
    measured (inclusive); ``knowable`` the first day on which it counts as public. ``claims`` are those whose parts, or whose
    ``related`` selectors, name it. ``credibility`` grades that it is so, ``said`` (blank, or 1-6) that it was said; ``step`` is the
    last printed digit (0: an exact count). ``revises`` are earlier prints of the figure that weigh nothing once it is knowable.
    """

    observation_id: str
    claims: tuple[str, ...]
    measure: str
    entity: str
    start: date
    end: date
    value: float
    low: float | None
    high: float | None
    unit: str
    credibility: str
    said: str
    stake: Stake
    step: float | None
    basis: Basis
    variant: str
    origin: str
    source_id: str
    note: str
    knowable: date
    reliability: str
    revises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selector:
    """Which observations bear on a part. Empty fields match all; ``*`` matches any text.

    ``side``: ``auto`` reads the row itself (a flag of 0 speaks against), ``for`` and ``against`` set it.
    ``role`` names the part the rows play in tests of two parts (``first``/``then``, ``before``/``after``,
    ``part``/``whole``). ``says`` words what the rows say on the part, where the figure alone would not tell.
    ``start``/``end`` keep rows whose period lies within them. ``direct`` is False for evidence at one remove (a proxy).
    """

    measure: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    variant: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    side: str = "auto"
    role: str = ""
    says: str = ""
    start: date | None = None
    end: date | None = None
    direct: bool = True


@dataclass(frozen=True)
class Templates:
    """How the sentence about a part begins when it holds, when it is refuted and when it is open; empty: the usual words.

    ``{value}`` is the figure of the strongest finding on that side; in ``open``, of the strongest for it, else against it.
    ``{fall}`` is the same without its minus sign. ``{probably}`` is the place of that word, told on moderate evidence.
    """

    holds: str = ""
    fails: str = ""
    open: str = ""

    def of(self, label: Label) -> str:
        """The template for a label."""
        return {Label.SUPPORTED: self.holds, Label.REFUTED: self.fails}.get(label, self.open)


@dataclass(frozen=True)
class Part:
    """One checkable part of a claim with its own test.

    ``role`` is what it is to its sentence, ``also`` the role another careful reader would give it; ``why`` tells why a detail is
    one, or why a date is core. For badges, ``name`` is what it is about in a word or two and ``wrong`` what is said where it
    is refuted; ``misleads`` says of context why it changes what a reader concludes. ``unread``: the text that would
    settle it was looked for and not read. ``numbers`` holds the test's own figures (``value``, ``tolerance``, ``low``,
    ``high``, ``rank``, ``share``...) in the part's unit; ``window`` the dates of a date test; ``word`` a word of degree, ``hedge``
    how the sentence makes its figure less exact; ``due`` the day a promise falls due, ``review`` the day from which a
    forecast is reviewed; ``templates`` the words of its own for the sentence about it. ``unjudged``: why nothing could judge it.
    """

    part_id: str
    claim_id: str
    text: str
    role: Role
    test: TestKind
    unit: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    window: tuple[date, date] | None = None
    direction: str = ""
    entity: str = ""
    evidence: tuple[Selector, ...] = ()
    note: str = ""
    templates: Templates = Templates()
    name: str = ""
    wrong: str = ""
    misleads: str = ""
    why: str = ""
    also: Role | None = None
    unread: bool = False
    saying: bool = False
    word: str = ""
    hedge: str = ""
    due: date | None = None
    review: date | None = None
    unjudged: str = ""

    @property
    def asks_saying(self) -> bool:
        """Whether it asks if something was said (then those who heard or quote it are the witnesses), not if it is so."""
        return self.saying or self.role is Role.QUOTE or self.test is TestKind.STATEMENT


@dataclass(frozen=True)
class Claim:
    """One statement of the article: its words, a paraphrase, where it stands and who makes it.

    ``quotation`` are the words that carry it; ``split_note`` tells that the sentence entails its printed parts and they together
    entail the sentence. ``related`` names rows that are shown with it and test no part of it. ``mapped``: the roles of its parts
    were taken over from an older form, and no reader has settled them.
    """

    claim_id: str
    paragraph: int
    domain: str
    topic: str
    speaker: str
    kind: str
    paraphrase: str
    best_reading: str
    parts: tuple[Part, ...]
    speech: Speech = Speech.OWN
    quotation: str = ""
    split_note: str = ""
    mapped: bool = False
    related: tuple[Selector, ...] = ()
