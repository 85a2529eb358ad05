"""One part judged again under another setting, fast enough for a slider: what panels in JupyterLab recompute.

A whole audit judges every part of a topic at every date. A panel shows one part at one date, so the views are cut
once and only that part and its claim are judged again. What has been judged is remembered: a slider that comes back costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from claimaudit.analysis.findings import find
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError, unknown
from claimaudit.model import Claim, Part, TestKind, Vintage
from claimaudit.outcome import Finding, Verdict
from claimaudit.verdict.audit import Audit, modelled, without_model
from claimaudit.verdict.models import missing_model, model_of
from claimaudit.verdict.parts import assess_claim, from_findings
from claimaudit.verdict.pooling import heard_as, independent_sources

_KEPT = 2_000
"""How many sets of findings are remembered before all are let go."""


@dataclass(frozen=True)
class Setting:
    """All that a what-if may change: the model's parameters, claimed figures, numbers of the method, a source left out.

    ``claimed`` holds (part, number, value), ``method`` (name in ``method.sweep``, value): only what differs from the dossier, in
    the order of names, so that equal settings are equal. ``without`` is an independent source as it is heard, or empty.
    """

    parameters: Any = None
    claimed: tuple[tuple[str, str, float], ...] = ()
    method: tuple[tuple[str, float], ...] = ()
    without: str = ""

    def claiming(self, part_id: str, name: str, value: float, printed: float) -> Setting:
        """With another figure claimed by a part; ``printed`` is the one it has."""
        kept = {item[:2]: item[2] for item in self.claimed if item[:2] != (part_id, name)}
        kept |= {(part_id, name): value} if value != printed else {}
        return replace(self, claimed=tuple((*key, kept[key]) for key in sorted(kept)))

    def judging(self, name: str, value: float, usual: float) -> Setting:
        """With another number of the method; ``usual`` is the one it has."""
        kept = {key: number for key, number in self.method if key != name} | ({name: value} if value != usual else {})
        return replace(self, method=tuple(sorted(kept.items())))


def usual_number(known: Dossier, name: str) -> float:
    """A swept number of the method as it is; those that scale a table are 1."""
    own = known.method.floor.sources if name == "floor_sources" else getattr(known.method, name, 1.0)
    return float(own)


class WhatIf:
    """Verdicts on a topic's parts under any setting, equal to those of ``audit`` with the same change.

    With a source left out they are those of ``Audit.leave_one_out``. Raises ``UnknownNameError`` for a topic without claims.
    """

    def __init__(self, known: Dossier, topic: str, as_of: str = "") -> None:
        self.topic = topic
        self.known = known
        self.claims: tuple[Claim, ...] = without_model(known.topic(topic), missing_model(known, topic))
        self._module = model_of(known, topic)
        days = [known.at_publication(), *([known.as_of(as_of)] if as_of else []), known.hindsight()]
        self._cut = {view.vintage: view for view in days}
        self._views: dict[tuple[Any, Any, Vintage], Dossier] = {}
        self._shown: dict[tuple[Any, Any, Vintage], Dossier] = {}
        self._findings: dict[Any, tuple[Finding, ...]] = {}
        self._read: dict[Any, set[str]] = {}
        self._verdicts: dict[Any, Verdict] = {}

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of the topic, in the article's order."""
        return tuple(part for claim in self.claims for part in claim.parts)

    @property
    def views(self) -> Mapping[Vintage, Dossier]:
        """The dossier at each date that may be asked for, by the dossier's own method."""
        return self._cut

    def part(self, part_id: str) -> Part:
        """One of ``parts`` by its id; ``UnknownNameError`` where it is none."""
        by_id = {part.part_id: part for part in self.parts}
        if part_id not in by_id:
            raise UnknownNameError(unknown(f"part of {self.topic!r}", part_id, by_id))
        return by_id[part_id]

    def spoken(self, setting: Setting, vintage: Vintage) -> frozenset[str]:
        """The parts that a model of the topic speaks on."""
        own = {part.part_id for part in self.parts if part.test is TestKind.MODEL} if self._module else set()
        return frozenset(own | {finding.part_id for finding in self._modelled(setting, vintage)})

    def view(self, setting: Setting, vintage: Vintage) -> Dossier:
        """The dossier at a date, with the claimed figures and the method of a setting."""
        key = setting.claimed, setting.method, vintage
        if key not in self._views:
            self._trim()
            self._views[key] = self._changed(self._cut[vintage], setting)
        return self._views[key]

    def verdict(self, setting: Setting, part_id: str, vintage: Vintage) -> Verdict:
        """The verdict on a part at a date."""
        return self._judged(setting, _claiming(self.part(part_id), setting), vintage)

    def claim(self, setting: Setting, part_id: str, vintage: Vintage) -> Verdict:
        """The verdict on the claim that a part belongs to."""
        own = next(claim for claim in self.claims if claim.claim_id == self.part(part_id).claim_id)
        claim = replace(own, parts=tuple(_claiming(part, setting) for part in own.parts))
        parts = [self._judged(setting, part, vintage) for part in claim.parts]
        return assess_claim(claim, parts, self.known.method.confidence)

    def heard(self, setting: Setting, part_id: str, vintage: Vintage) -> tuple[str, ...]:
        """The independent sources heard on a part, strongest first, were none left out."""
        whole = replace(setting, without="")
        findings = self.verdict(whole, part_id, vintage).findings
        return tuple(one.origin for one in independent_sources(findings, self.view(whole, vintage)))

    def knows(self, setting: Setting, vintage: Vintage) -> bool:
        """Whether the model has been asked this before, so that asking again costs next to nothing."""
        return self._key(setting, vintage) in self._findings

    def audit(self, setting: Setting, part_id: str, vintage: Vintage) -> Audit:
        """An audit that holds the verdict on this part and on its claim, for cards to show."""
        return Audit(
            topic=self.topic,
            title=self.known.topics.about(self.topic).title,
            parameters=setting.parameters,
            dossier=self._changed(self.known, setting),
            views=(self.view(setting, vintage),),
            verdicts=(self.claim(setting, part_id, vintage), self.verdict(setting, part_id, vintage)),
        )

    def _changed(self, dossier: Dossier, setting: Setting) -> Dossier:
        if setting.method:
            dossier = dossier.with_method(dossier.method.varied(dict(setting.method)))
        if not setting.claimed:
            return dossier
        claims = (
            replace(claim, parts=tuple(_claiming(part, setting) for part in claim.parts)) for claim in dossier.claims
        )
        return replace(dossier, claims=tuple(claims))

    def _judged(self, setting: Setting, part: Part, vintage: Vintage) -> Verdict:
        """Where no model speaks on a part, its verdict does not follow parameters, and is judged once for all of them."""
        found = tuple(item for item in self._modelled(setting, vintage) if item.part_id == part.part_id)
        own = tuple(item for item in setting.claimed if item[0] == part.part_id)
        key = part.part_id, vintage, own, setting.method, setting.without, found
        if key not in self._verdicts:
            view = self.view(setting, vintage)
            findings = find(view, part, found)
            if setting.without:
                findings = tuple(item for item in findings if heard_as(item, view) != setting.without)
            self._verdicts[key] = from_findings(view, part, findings)
        return self._verdicts[key]

    def _modelled(self, setting: Setting, vintage: Vintage) -> tuple[Finding, ...]:
        """What the model finds. It is asked anew for another claimed figure only where it has read that part's numbers."""
        if self._module is None:
            return ()
        if not self.knows(setting, vintage):
            self._trim()
            read = self._read.setdefault((setting.method, vintage), set())
            before = len(read)
            found = modelled(self.topic, self._watched(setting, vintage, read), setting.parameters)
            if len(read) > before:  # what was kept may hang on numbers that were not looked at then
                self._findings = {
                    key: kept for key, kept in self._findings.items() if key[:2] != (setting.method, vintage)
                }
            self._findings[self._key(setting, vintage)] = found
        return self._findings[self._key(setting, vintage)]

    def _key(self, setting: Setting, vintage: Vintage) -> Any:
        """All that the model reads: of the claimed figures those of parts whose numbers it has looked at."""
        read = self._read.get((setting.method, vintage), set())
        return setting.method, vintage, setting.parameters, tuple(item for item in setting.claimed if item[0] in read)

    def _watched(self, setting: Setting, vintage: Vintage, read: set[str]) -> Dossier:
        """The view for a model, made once, since models keep what they have worked out by the view."""
        key = setting.claimed, setting.method, vintage
        if key not in self._shown:
            view = self.view(setting, vintage)
            claims = (
                replace(claim, parts=tuple(_watched(part, read) for part in claim.parts)) for claim in view.claims
            )
            self._shown[key] = replace(view, claims=tuple(claims))
        return self._shown[key]

    def _trim(self) -> None:
        if max(len(self._findings), len(self._views), len(self._verdicts)) >= _KEPT:
            self._findings, self._read, self._views, self._shown, self._verdicts = {}, {}, {}, {}, {}


class _Watched(Mapping[str, float]):
    """The numbers of a part, telling when one is looked at."""

    def __init__(self, numbers: Mapping[str, float], tell: Callable[[], None]) -> None:
        self._numbers, self._tell = numbers, tell

    def __getitem__(self, name: str) -> float:
        self._tell()
        return self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        self._tell()
        return iter(self._numbers)

    def __len__(self) -> int:
        self._tell()
        return len(self._numbers)


def _watched(part: Part, read: set[str]) -> Part:
    return replace(part, numbers=_Watched(part.numbers, lambda: read.add(part.part_id)))


def _claiming(part: Part, setting: Setting) -> Part:
    own = {name: value for part_id, name, value in setting.claimed if part_id == part.part_id}
    return replace(part, numbers={**part.numbers, **own}) if own else part
