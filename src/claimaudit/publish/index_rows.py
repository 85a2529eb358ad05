"""What the index is told: the reports that are there, the notebooks that failed, and a row for each claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claimaudit import formats
from claimaudit.dossier.words import PLAIN, Words
from claimaudit.inert import file_address
from claimaudit.model import Claim, Vintage
from claimaudit.outcome import Verdict
from claimaudit.publish.picture import Mark


@dataclass(frozen=True)
class Report:
    """A report that is there: the file beside the index, its title and the topic it audits.

    ``parameters`` are those that were changed for it, ``kept`` marks one that an earlier build made, ``data_of`` is the
    day its evidence was closed where that is not the present dossier's. ``not_found`` are the gaps its notebook names.
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
    """A claim with its verdicts, and the report that shows them, if there is one."""

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
    def mark(self) -> Mark:
        """The row in the picture."""
        topic = self.words.words(self.claim.topic)
        title = topic[:1].upper() + topic[1:]
        return Mark(self.claim, title, self.at_publication, self.hindsight, f"#{self.anchor}")


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
