"""What a sweep asks of one dossier under one setting, and the verdicts that gives, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError, unknown
from claimaudit.model import Claim
from claimaudit.outcome import Verdict
from claimaudit.run.judging import AsOf
from claimaudit.verdict.audit import modelled
from claimaudit.verdict.models import model_of
from claimaudit.verdict.parts import assess_claim, assess_part
from claimaudit.verdict.readings import AS_SPLIT, BEST, STRICTEST, Reading, readings
from claimaudit.verdict.table import COLUMNS, verdict_rows

DOSSIER, READING = "dossier", "reading"
"""Columns of a sweep's table beside those of its settings and of the verdicts."""
EVERY = "every"
"""In place of names of readings: all that each claim has."""
KNOWN_READINGS = (AS_SPLIT, BEST, STRICTEST, EVERY)


@dataclass(frozen=True)
class Setting:
    """Numbers of the method, and parameters by topic, that are not as usual."""

    method: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def cells(self) -> dict[str, Any]:
        """By column: ``dependence``, and ``figs.draws`` for a parameter of a topic."""
        given = {f"{topic}.{name}": value for topic, own in self.parameters.items() for name, value in own.items()}
        return {**self.method, **given}

    @property
    def words(self) -> str:
        """As it can be said: ``dependence = 0.3, figs.draws = 1000``."""
        return ", ".join(f"{name} = {value}" for name, value in self.cells.items()) or "as usual"


@dataclass(frozen=True)
class Asked:
    """What is asked under every setting: topics (all where none is named), days (both standard dates), readings (as split)."""

    topics: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    readings: tuple[str, ...] = ()


def columns(names: Sequence[str], asked: Asked) -> tuple[str, ...]:
    """The columns of a sweep's table: the dossier, one a setting, the reading where any is asked for, those of the verdicts."""
    return (DOSSIER, *names, *[READING] * bool(asked.readings), *COLUMNS)


def rows(dossier: Dossier, name: str, setting: Setting, asked: Asked) -> list[dict[str, Any]]:
    """The verdicts under a setting, by reading, claim, part and day; keys are of ``columns``.

    Raises one of the project's errors where a topic cannot be judged so.
    """
    by_reading: dict[str, list[Verdict]] = {}
    for reading, verdict in _judged(dossier, setting, asked):
        by_reading.setdefault(reading, []).append(verdict)
    return [
        {DOSSIER: name, **setting.cells, READING: reading, **row}
        for reading, verdicts in by_reading.items()
        for row in verdict_rows(verdicts)
    ]


def _judged(dossier: Dossier, setting: Setting, asked: Asked) -> Iterator[tuple[str, Verdict]]:
    """Each verdict with the reading it is under. Findings do not rest on a reading, so each part is judged once."""
    method = dossier.method.varied(setting.method)
    days = [dossier.as_of(day) for day in asked.days] or [dossier.at_publication(), dossier.hindsight()]
    for topic in _topics(dossier, asked.topics):
        parameters = parameters_of(dossier, topic, setting.parameters.get(topic, {}))
        for day in days:
            view = day.with_method(method)  # cut once, whatever the method
            found = modelled(topic, view, parameters)
            for claim in dossier.topic(topic):
                parts = [assess_part(view, part, found) for part in claim.parts]
                for reading in _readings(claim, asked.readings):
                    read, own = _under(reading, claim, parts)
                    yield reading.name, assess_claim(read, own, method.confidence)
                    yield from ((reading.name, verdict) for verdict in own)


def _topics(dossier: Dossier, asked: Sequence[str]) -> list[str]:
    own = list(dict.fromkeys(claim.topic for claim in dossier.claims))
    found = [topic for topic in own if topic in asked] if asked else own
    if not found:
        raise UnknownNameError(unknown("topic", asked[0], own))
    return found


def parameters_of(dossier: Dossier, topic: str, given: Mapping[str, Any]) -> Any:
    """A topic's parameters, with some of them given; ``ParameterError`` where its model refuses one."""
    module = model_of(dossier, topic)
    return module.Parameters(**given) if module else AsOf()


def _readings(claim: Claim, asked: Sequence[str]) -> list[Reading]:
    """The readings asked for; where a claim has none of a name, since it would change no role, as it is split under that name."""
    own = {reading.name: reading for reading in readings(claim)}
    if EVERY in asked:
        return list(own.values())
    return [own.get(name) or replace(own[AS_SPLIT], name=name) for name in asked or (AS_SPLIT,)]


def _under(reading: Reading, claim: Claim, parts: Sequence[Verdict]) -> tuple[Claim, list[Verdict]]:
    """A claim and the verdicts on its parts, with the roles of a reading."""
    if reading.misleads and all(reading.roles[part.part_id] is part.role for part in claim.parts):
        return claim, list(parts)
    own = [
        replace(
            part,
            role=reading.roles[part.part_id],
            misleads=part.misleads if reading.misleads else "",
            saying=part.asks_saying,  # what was found does not rest on the role
        )
        for part in claim.parts
    ]
    judged = [
        replace(verdict, grounds=replace(verdict.grounds, part=part)) if verdict.grounds else verdict
        for verdict, part in zip(parts, own, strict=True)
    ]
    return replace(claim, parts=tuple(own)), judged
