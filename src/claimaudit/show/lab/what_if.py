"""One part judged again under other parameters, fast enough for a slider: what panels in JupyterLab recompute.

A whole audit judges every part of a topic at every date. A panel shows one part at one date, so the view is cut
once and only that part is pooled again. What has been judged is remembered: a slider that comes back costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError, unknown
from claimaudit.model import Part, TestKind, Vintage
from claimaudit.outcome import Finding, Verdict
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.models import model_of
from claimaudit.verdict.parts import assess_claim, assess_part

POINTS = 17
"""On how many points of a slider's range the chart shows the verdict: ends, middle, quarters and so on."""
_KEPT = 2_000
"""How many sets of findings are remembered before all are let go."""

Range = tuple[float, float, float]
Control = Range | tuple[str, ...] | tuple[bool, ...]
"""A slider's (low, high, step), or the choices of a menu; (False, True) makes a box to tick."""


class WhatIf:
    """Verdicts on a topic's modelled parts under any parameters, equal to those of ``audit``.

    Raises ``UnknownNameError`` for a topic without a model.
    """

    def __init__(self, known: Dossier, topic: str) -> None:
        module = model_of(known, topic)
        if module is None:
            raise UnknownNameError(f"topic {topic!r} has no parameters to explore: topics.toml names no model for it")
        self.topic = topic
        self.known = known
        self._module = module
        self._views = {view.vintage: view for view in (known.at_publication(), known.hindsight())}
        self._findings: dict[tuple[Any, Vintage], tuple[Finding, ...]] = {}
        self._verdicts: dict[tuple[Any, str, Vintage], Verdict] = {}
        self._fixed: dict[tuple[str, Vintage], Verdict] = {}

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts whose verdicts may follow parameters: those a model of the topic speaks on."""
        return tuple(
            part for claim in self.known.topic(self.topic) for part in claim.parts if part.test is TestKind.MODEL
        )

    def view(self, vintage: Vintage) -> Dossier:
        """The dossier at one of the two standard dates."""
        return self._views[vintage]

    def part(self, part_id: str) -> Part:
        """One of ``parts`` by its id; ``UnknownNameError`` where it is none."""
        by_id = {part.part_id: part for part in self.parts}
        if part_id not in by_id:
            raise UnknownNameError(unknown("part with a model", part_id, by_id))
        return by_id[part_id]

    def verdict(self, parameters: Any, part_id: str, vintage: Vintage) -> Verdict:
        """The verdict on a part at a date, under these parameters."""
        key = parameters, part_id, vintage
        if key not in self._verdicts:
            part = self.part(part_id)
            self._verdicts[key] = assess_part(self.view(vintage), part, self._modelled(parameters, vintage))
        return self._verdicts[key]

    def claim(self, parameters: Any, part_id: str, vintage: Vintage) -> Verdict:
        """The verdict on the claim that a part belongs to, under these parameters."""
        claim = self.known.claim(self.part(part_id).claim_id)
        modelled = self._modelled(parameters, vintage)
        parts = [
            self.verdict(parameters, part.part_id, vintage)
            if part.test is TestKind.MODEL
            else self._plain(part, vintage, modelled)
            for part in claim.parts
        ]
        return assess_claim(claim, parts, self.known.method.confidence)

    def _plain(self, part: Part, vintage: Vintage, modelled: tuple[Finding, ...]) -> Verdict:
        """The verdict on a part with a test of its own; judged once, unless a model speaks on it as well."""
        if any(finding.part_id == part.part_id for finding in modelled):
            return assess_part(self.view(vintage), part, modelled)
        if (part.part_id, vintage) not in self._fixed:
            self._fixed[part.part_id, vintage] = assess_part(self.view(vintage), part)
        return self._fixed[part.part_id, vintage]

    def knows(self, parameters: Any, vintage: Vintage) -> bool:
        """Whether these parameters have been judged before, so that asking again costs next to nothing."""
        return (parameters, vintage) in self._findings

    def audit(self, parameters: Any, part_id: str, vintage: Vintage) -> Audit:
        """An audit that holds the verdict on this part and on its claim, for cards to show."""
        return Audit(
            topic=self.topic,
            title=self._module.TITLE,
            parameters=parameters,
            dossier=self.known,
            views=(self.view(vintage),),
            verdicts=(self.claim(parameters, part_id, vintage), self.verdict(parameters, part_id, vintage)),
        )

    def _modelled(self, parameters: Any, vintage: Vintage) -> tuple[Finding, ...]:
        key = parameters, vintage
        if key not in self._findings:
            if len(self._findings) >= _KEPT:
                self._findings.clear()
                self._verdicts.clear()
            self._findings[key] = tuple(self._module.findings(self.view(vintage), parameters))
        return self._findings[key]


def moved(parameters: Any, name: str, values: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Each value of one parameter with the parameters it makes; values the topic refuses are left out."""
    for value in values:
        try:
            yield value, replace(parameters, **{name: value})
        except ValueError:  # two parameters that depend on each other, such as a first and a last year
            continue


def values_of(spec: Control, now: Any) -> tuple[Any, ...]:
    """The values of a control a chart shows, coarse before fine: all choices, or points on the slider's own steps."""
    if is_choice(spec):
        return tuple(spec)
    low, high, step = (float(item) for item in spec)  # type: ignore[arg-type] # no choices here
    places = [low + step * round((at - low) / step) for at in np.linspace(low, high, POINTS)]
    ordered = [places[at] for at in _coarse_first(POINTS)]
    return tuple(dict.fromkeys(round(at) if isinstance(now, int) else round(at, 10) for at in ordered))


def is_choice(values: Iterable[Any]) -> bool:
    """Whether values are picked from a list, not from a range."""
    return all(isinstance(value, str | bool) for value in values)


def _coarse_first(many: int) -> list[int]:
    """0 to ``many`` - 1, ends first, then the middle, then the middles of what is left."""
    order, gaps = [0, many - 1], [(0, many - 1)]
    while gaps:
        low, high = gaps.pop(0)
        middle = (low + high) // 2
        if low < middle < high:
            order.append(middle)
            gaps += [(low, middle), (middle, high)]
    return order
