"""What the index is told: the reports that are there, the notebooks that failed, and a row for each claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claimaudit import formats
from claimaudit.dossier.words import PLAIN, Words
from claimaudit.html import Html, tag
from claimaudit.inert import file_address
from claimaudit.model import Claim, Vintage
from claimaudit.outcome import Verdict
from claimaudit.rated import Badge, Rating
from claimaudit.show.badges import rating_badge


@dataclass(frozen=True)
class Report:
    """A report that is there: the file beside the index, its title and the topic it audits.

    ``parameters`` are those that were changed for it, ``kept`` marks one that an earlier build made, ``data_of`` is the
    day its evidence was closed where that is not the present dossier's. ``not_found`` are the gaps
    its notebook, its topic and its parts name.
    """

    href: str
    title: str
    topic: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    kept: bool = False
    data_of: date | None = None
    not_found: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """The file as an address."""
        return file_address(self.href)

    @property
    def remark(self) -> str:
        """What a reader must know before trusting that it fits the verdicts on this site; usually nothing."""
        parts = []
        if self.kept or self.data_of:
            when = f", with the evidence of {formats.day(self.data_of)}" if self.data_of else ""
            parts.append(f"kept from an earlier build{when}")
        if self.parameters:
            changed = ", ".join(f"{name} = {value}" for name, value in self.parameters)
            parts.append(f"built with other parameters: {changed}")
        return "; ".join(parts)


@dataclass(frozen=True)
class Failure:
    """A notebook that did not finish: its name, the cell (0: none ran) and its line (0: not known), the error."""

    notebook: str
    cell: int
    error: str
    line: int = 0


@dataclass(frozen=True)
class IndexRow:
    """A claim with its own verdicts at both dates, and the report that shows them, if there is one."""

    claim: Claim
    at_publication: Verdict | None = None
    hindsight: Verdict | None = None
    report: Report | None = None
    words: Words = PLAIN

    @property
    def anchor(self) -> str:
        """The row's place on the index."""
        return f"claim-{self.claim.claim_id}"

    @property
    def target(self) -> str:
        """Where the claim's card is: in its report, else the row itself."""
        return f"{self.report.link}#claim-{self.claim.claim_id}" if self.report else f"#{self.anchor}"

    @property
    def page(self) -> str:
        """Where the claim's own page is: there for each that could be judged, else the row itself."""
        return f"claims/{self.claim.claim_id}.html" if self.hindsight else f"#{self.anchor}"

    @property
    def topic(self) -> str:
        """The topic as a reader sees it."""
        words = self.words.words(self.claim.topic)
        return words[:1].upper() + words[1:]

    @property
    def rating(self) -> Rating | None:
        """The rating that is shown: in hindsight; ``None`` where the claim could not be judged."""
        return self.hindsight.rating if self.hindsight else None

    @property
    def badge(self) -> Badge | None:
        """Its badge."""
        return self.rating.badge if self.rating else None

    @property
    def changed(self) -> bool:
        """Whether badge or reason is another one than by what was public when the article appeared."""
        before, after = self.at_publication, self.hindsight
        return bool(before and after and before.rating.words != after.rating.words)


def slug(badge: Badge) -> str:
    """A badge as part of a class or a filter's value: ``right-but``."""
    return badge.name.lower().replace("_", "-")


def index_rows(
    claims: Iterable[Claim], verdicts: Iterable[Verdict], reports: Iterable[Report], words: Words = PLAIN
) -> list[IndexRow]:
    """A row a claim, in the article's order; a report serves the claims of its topic."""
    by_key = {(verdict.claim_id, verdict.vintage): verdict for verdict in verdicts if not verdict.part_id}
    by_topic = {report.topic: report for report in reports if report.topic}
    return [
        IndexRow(
            claim,
            by_key.get((claim.claim_id, Vintage.AT_PUBLICATION)),
            by_key.get((claim.claim_id, Vintage.HINDSIGHT)),
            by_topic.get(claim.topic),
            words,
        )
        for claim in sorted(claims, key=lambda claim: claim.paragraph)
    ]


BADGES = {
    Badge.RIGHT: "The point of the sentence holds, and nothing printed is wrong. A quotation or a detail that could not be "
    "confirmed is named.",
    Badge.RIGHT_BUT: "The point holds, but a printed detail or who said it is wrong, or a fact is left out that would change "
    "what a reader concludes. The badge says which.",
    Badge.UNPROVEN: "A part of the point is disputed between sources or not shown. That says something about the evidence, "
    "not that the sentence is wrong. Forecasts stand here too.",
    Badge.PARTLY_RIGHT: "Of the things the sentence is there to say, at least one holds and at least one is wrong.",
    Badge.WRONG: "A thing the sentence is there to say is wrong, and none of them is shown to hold.",
}
"""What each badge means, for readers."""


def badge_terms() -> list[Html]:
    """The badges with their meanings, best first, as entries of a list of terms that stands in a box of class ``ca``."""
    plain = {badge: Rating(badge, "…" if badge is Badge.RIGHT_BUT else "") for badge in BADGES}
    return [tag("div", tag("dt", rating_badge(plain[badge])), tag("dd", words)) for badge, words in BADGES.items()]
