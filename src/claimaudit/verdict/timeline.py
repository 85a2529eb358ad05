"""The verdict on every claim on every day on which it could have changed, each day made of what the day before has left as it was.

A part can change when a row of its selectors becomes known, when what its model has asked for does (``watched.py``), and when it
falls due. Where passing days alone move a part (an exposure that grows), the last day before each of these is looked at too, and
where it prints another verdict the day is looked for from which it does, as such a part moves one way until a row comes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from claimaudit.analysis.findings import find
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Claim, Part, TestKind
from claimaudit.outcome import Finding, Verdict
from claimaudit.verdict.audit import modelled
from claimaudit.verdict.models import model_of
from claimaudit.verdict.parts import assess_claim, from_findings
from claimaudit.verdict.watched import Calendar, Reads, Watched

_DAILY = (TestKind.RATE,)
"""Declared kinds whose findings move with the passing days: time itself is their exposure."""
_DAY = timedelta(days=1)
_NEAR = 2
"""Decimals of a finding's probability that make a change."""


@dataclass(frozen=True)
class Step:
    """A claim's verdict from ``day`` on, until the next step; ``known`` are the rows of its parts that became known that day."""

    day: date
    verdict: Verdict
    known: tuple[str, ...] = ()


def timelines(dossier: Dossier, claims: Sequence[str] = ()) -> dict[str, tuple[Step, ...]]:
    """By claim in the article's order: the verdict on each day on which it could have changed, first to last.

    The first day is that of the claim's first row, the last at the latest the day the dossier was closed; the day of publication
    is always there. With ``claims`` only those; ``UnknownNameError`` where there is no such claim, ``ModelError`` as an audit.
    """
    whole = dossier.whole or dossier
    asked = {whole.claim(name).claim_id for name in claims} or {claim.claim_id for claim in whole.claims}
    views = _Views(whole)
    calendar = Calendar(whole)
    found: dict[str, tuple[Step, ...]] = {}
    for topic in dict.fromkeys(claim.topic for claim in whole.claims if claim.claim_id in asked):
        model = _Modelled(whole, topic, views, calendar)
        for claim in whole.topic(topic):
            if claim.claim_id in asked:
                found[claim.claim_id] = _steps(claim, model, views, calendar)
    return {claim.claim_id: found[claim.claim_id] for claim in whole.claims if claim.claim_id in found}


class _Views:
    """One watched view a day, shared by all claims; its notes are of no interest but to a model."""

    def __init__(self, whole: Dossier) -> None:
        self.whole = whole
        self._made: dict[date, Watched] = {}

    def on(self, day: date) -> Watched:
        if day not in self._made:
            self._made[day] = Watched(self.whole, day)
        return self._made[day]


class _Modelled:
    """The findings of a topic's own model on any day, made anew only where what it has read has changed."""

    def __init__(self, whole: Dossier, topic: str, views: _Views, calendar: Calendar) -> None:
        self.whole, self.topic, self.calendar = whole, topic, calendar
        module = model_of(whole, topic)
        self.parameters: Any = module.Parameters() if module else None
        self.daily = False
        self._found: dict[date, tuple[Finding, ...]] = {}
        self._days: list[date] = []
        if module:
            self._walk()

    def _walk(self) -> None:
        first = min(
            (row.knowable for row in self.whole.evidence.records.values()), default=self.whole.article.published
        )
        last, day = self.whole.article.compiled, min(first, self.whole.article.published)
        while day <= last:
            reads = self._look(day)
            after = min((item for item in self.calendar.days(reads) if item > day), default=last + _DAY)
            self.daily |= reads.day
            day = after
        self._days = sorted(self._found)

    def _look(self, day: date) -> Reads:
        view = Watched(self.whole, day)
        self._found[day] = modelled(self.topic, view, self.parameters)
        return view.reads

    def on(self, day: date) -> tuple[Finding, ...]:
        """The findings on a day: of a model that reads the day, made for that day; else those of the last change."""
        if not self._days:
            return ()
        if day in self._found:
            return self._found[day]
        if self.daily:
            self._look(day)
            return self._found[day]
        place = bisect_right(self._days, day)
        return self._found[self._days[place - 1]] if place else ()

    def changes(self, part_id: str) -> list[date]:
        """The days on which the findings on a part are others than before."""
        days: list[date] = []
        before: tuple[Any, ...] = ()
        for day in self._days:
            own: tuple[Any, ...] = tuple(finding for finding in self._found[day] if finding.part_id == part_id)
            own = _shape(own) if self.daily else own  # else what is only shown of a finding is a change, too
            if own != before:
                days.append(day)
            before = own
        return days


def _shape(findings: Iterable[Finding]) -> tuple[Any, ...]:
    """What makes a change of findings that move day by day; probabilities to a hundredth."""
    return tuple(
        (one.part_id, one.origin, round(one.probability, _NEAR), round(one.trust, 9), one.grade, one.observations)
        for one in findings
    )


def _steps(claim: Claim, model: _Modelled, views: _Views, calendar: Calendar) -> tuple[Step, ...]:
    whole = views.whole
    stirs = {part.part_id: _stirs(part, model, calendar) for part in claim.parts}
    article = whole.article
    days = sorted(
        day for day in {article.published, article.compiled}.union(*stirs.values()) if day <= article.compiled
    )
    at: dict[date, list[str]] = {}
    for selector in (selector for part in claim.parts for selector in part.evidence):
        for row in whole.evidence.matching(selector):
            at.setdefault(row.knowable, []).append(row.observation_id)
    standing: dict[str, Verdict] = {}
    daily: set[str] = set()

    def on(day: date) -> Verdict:
        view, extra = views.on(day), model.on(day)
        for part in claim.parts:
            name = part.part_id
            if _daily(part, model, extra):
                daily.add(name)
            if day in stirs[name] or name in daily or name not in standing:
                standing[name] = from_findings(view, part, find(view, part, extra))
        own = assess_claim(claim, tuple(standing.values()), whole.method.confidence)
        return replace(own, as_of=day, vintage=view.vintage)

    found: dict[date, Verdict] = {}
    for day, after in pairwise([*days, article.compiled + _DAY]):
        found[day] = on(day)
        if daily and after - day > _DAY:
            found |= _between(on, (day, found[day]), (after - _DAY, on(after - _DAY)))
    return tuple(Step(day, found[day], tuple(dict.fromkeys(at.get(day, ())))) for day in sorted(found))


def _between(
    on: Callable[[date], Verdict], first: tuple[date, Verdict], last: tuple[date, Verdict]
) -> dict[date, Verdict]:
    """The days after the first, up to the last, from which another verdict is printed."""
    if printed(first[1]) == printed(last[1]):
        return {}
    if last[0] - first[0] <= _DAY:
        return {last[0]: last[1]}
    day = first[0] + (last[0] - first[0]) // 2
    middle = (day, on(day))
    return _between(on, first, middle) | _between(on, middle, last)


def printed(verdict: Verdict) -> tuple[Any, ...]:
    """What a page prints of a claim's verdict: rating, likelihood, confidence, and the marks of its parts."""
    rated = verdict.rated
    assert rated
    sure = rated.confidence and (rated.confidence.level, rated.confidence.sources)
    return rated.rating.words, rated.likelihood, sure, tuple((part.label, part.open) for part in verdict.parts)


def _stirs(part: Part, model: _Modelled, calendar: Calendar) -> set[date]:
    """The days on which a part could change."""
    rows = {day for selector in part.evidence for day in calendar.of(selector)}
    return rows | {day for day in (part.due, part.review) if day} | set(model.changes(part.part_id))


def _daily(part: Part, model: _Modelled, found: Iterable[Finding]) -> bool:
    return part.test in _DAILY or (model.daily and any(finding.part_id == part.part_id for finding in found))
