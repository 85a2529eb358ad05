"""A claim's timeline as readers are told it: a sentence, rows of a table, and what falls due when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Article
from claimaudit.rated import Badge
from claimaudit.verdict.timeline import Step

COLUMNS = (
    "claim_id", "day", "changed", "rating", "rating_reason", "likelihood_low", "likelihood_high", "confidence", "known",
)  # fmt: skip
_MOST = 4
"""Runs of one badge that a sentence tells one by one."""


@dataclass(frozen=True)
class Run:
    """A badge with the reason it last had, and the days it stood from first to last; ``until`` is ``None`` for the present one."""

    badge: Badge
    words: str
    since: date
    until: date | None

    @property
    def said(self) -> str:
        """The badge in a sentence; its reason only where the badge says that there is one."""
        return self.words if self.badge is Badge.RIGHT_BUT else self.badge.value

    @property
    def lower(self) -> str:
        """The same within a sentence."""
        return self.said[:1].lower() + self.said[1:]


def runs(steps: Sequence[Step]) -> tuple[Run, ...]:
    """The badges a claim had, each for as long as it stood, whatever its reasons."""
    groups = [list(group) for _, group in groupby(steps, key=lambda step: step.verdict.rating.badge)]
    ends = [*(group[0].day for group in groups[1:]), *([None] if groups else [])]
    return tuple(
        Run(group[-1].verdict.rating.badge, group[-1].verdict.rating.words, group[0].day, end)
        for group, end in zip(groups, ends, strict=True)
    )


def sentence(steps: Sequence[Step], article: Article) -> str:
    """When a claim became what it is, for its card: "Unproven until 24 April 2023, then right"; empty without steps.

    Told from the day of publication on; of a badge that has stood since then, from when it could be known before.
    """
    found = [run for run in runs(steps) if run.until is None or run.until > article.published]
    if not found:
        return ""
    first, *later = found
    if not later:
        if first.since < article.published and first.badge is not Badge.UNPROVEN:
            return f"{first.said} since {formats.day(first.since)}, before the article appeared"
        return f"{first.said} from the day of publication on"
    if len(found) > _MOST:
        last = found[-1]
        return f"Changed {len(later)} times from {formats.day(later[0].since)} on; {last.lower} since {formats.day(last.since)}"
    told = [f"{first.said} until {formats.day(later[0].since)}"]
    told += [f"then {run.lower} until {formats.day(after.since)}" for run, after in pairwise(later)]
    return ", ".join([*told, f"then {later[-1].lower}"])


def table(timelines: Mapping[str, Sequence[Step]]) -> list[dict[str, str]]:
    """One row a claim and day, in the article's order and in time; ``COLUMNS``, every cell text.

    ``changed`` names what is not as before (``rating``, ``reason``, ``likelihood``, ``confidence``; joined by ``;``), the first
    day of a claim has ``first``; ``known`` the rows of its parts that became known that day.
    """
    return [
        _row(claim, before, step)
        for claim, steps in timelines.items()
        for before, step in zip([None, *steps], steps, strict=False)
    ]


def _row(claim_id: str, before: Step | None, step: Step) -> dict[str, str]:
    rated = step.verdict.rated
    assert rated
    likely, sure = rated.likelihood, rated.confidence
    changed = [name for name, now in _told(step).items() if before and _told(before)[name] != now]
    return {
        "claim_id": claim_id,
        "day": step.day.isoformat(),
        "changed": ";".join(changed) if before else "first",
        "rating": rated.rating.badge.value,
        "rating_reason": rated.rating.reason,
        "likelihood_low": repr(likely.low) if likely else "",
        "likelihood_high": repr(likely.high) if likely else "",
        "confidence": sure.level.value if sure else "",
        "known": ";".join(step.known),
    }


def _told(step: Step) -> dict[str, object]:
    rated = step.verdict.rated
    assert rated
    return {
        "rating": rated.rating.badge,
        "reason": rated.rating.reason,
        "likelihood": rated.likelihood,
        "confidence": rated.confidence and rated.confidence.level,
    }


@dataclass(frozen=True)
class Due:
    """A promise or a forecast: the part, what it says, the day on which it falls due, and whether that has come."""

    part_id: str
    kind: str
    text: str
    day: date
    passed: bool

    @property
    def words(self) -> str:
        """One line: "31 March 2026 (a forecast of E09 was due): ..."."""
        state = "was due" if self.passed else "is due"
        return f"{formats.day(self.day)} (a {self.kind} of {self.part_id.split('.')[0]} {state}): {self.text}"


def dues(dossier: Dossier) -> tuple[Due, ...]:
    """Every promise and forecast with its day, what is due next first, then what has been, newest first."""
    closed = dossier.article.compiled
    found = [
        Due(part.part_id, "promise" if part.due else "forecast", part.text, day, day <= closed)
        for claim in dossier.claims
        for part in claim.parts
        if (day := part.due or part.review)
    ]
    coming = sorted((item for item in found if not item.passed), key=lambda item: (item.day, item.part_id))
    return (
        *coming,
        *sorted((item for item in found if item.passed), key=lambda item: (item.day, item.part_id), reverse=True),
    )


def moved(timelines: Mapping[str, Sequence[Step]], article: Article) -> Iterable[str]:
    """The claims whose badge changed after the day of publication."""
    for claim, steps in timelines.items():
        if any(run.since > article.published for run in runs(steps)):
            yield claim
