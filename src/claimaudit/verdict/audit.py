"""A topic's whole audit: claims in, verdicts at both dates out. Every topic, notebook, test and command calls this.

What a topic's own model adds is looked up in ``models.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from claimaudit import formats, looks
from claimaudit.analysis.knobs import Knob
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ClaimAuditError, ModelError, UnknownNameError, unknown
from claimaudit.lazily import Lazily
from claimaudit.model import Claim, Part, TestKind, Vintage
from claimaudit.outcome import Finding, Verdict
from claimaudit.verdict.confidence import confidence
from claimaudit.verdict.models import NOT_INSTALLED, missing_model, model_of
from claimaudit.verdict.parts import assess, rated_part
from claimaudit.verdict.readings import badge_counts, specifications
from claimaudit.verdict.sensitivity import (
    Flip,
    Grid,
    Sweep,
    flip_by_bound,
    flip_by_new_sources,
    flips_of,
    label_grid,
    leave_one_origin_out,
)
from claimaudit.verdict.without import ratings_without_each


@dataclass(frozen=True, repr=False)
class Audit:
    """The audit of one topic: the dossier as known in hindsight, the views it was judged on, and the verdicts.

    The topic's model is looked up by name, so that an audit can be copied and pickled; a pickled one holds the dossier
    once, and cuts its views anew.
    """

    topic: str
    title: str
    parameters: Any
    dossier: Dossier
    views: tuple[Dossier, ...]
    verdicts: tuple[Verdict, ...]

    def __repr__(self) -> str:
        """Topic, days and how many claims: one line."""
        days = ", ".join(f"{view.day}" for view in self.views)
        judged = len({verdict.claim_id for verdict in self.verdicts})
        return looks.shortened(f"<Audit {self.topic}: {judged} of its claims judged as of {days}>", looks.LONGEST)

    def _repr_html_(self) -> str:
        return looks.audit(self)._repr_html_()

    def prepare(self, view: Dossier) -> Any:
        """What the topic's findings need that no grade changes; ``None`` where it offers nothing.

        Raises ``ModelError`` as ``modelled`` does.
        """
        return prepared(self.topic, view, self.parameters)

    def modelled(self, view: Dossier, ready: Any = None) -> tuple[Finding, ...]:
        """The findings of the topic's own model on a view; ``ready`` is what ``prepare`` gave for one of the same rows.

        Raises ``ModelError`` when the model cannot judge the view.
        """
        return modelled(self.topic, view, self.parameters, ready)

    def knobs(self, view: Dossier) -> tuple[Knob, ...]:
        """The topic's own inputs that may be turned; ``ModelError`` when its model cannot say."""
        module = model_of(self.dossier, self.topic)
        with _as_model_error(self.topic):
            return tuple(module.knobs(view, self.parameters)) if module else ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The topic's claims in the article's order."""
        return self.dossier.topic(self.topic)

    def view(self, vintage: Vintage) -> Dossier:
        """The dossier as judged at a vintage; ``UnknownNameError`` when the audit has no view of it."""
        found = {view.vintage: view for view in self.views}
        if vintage not in found:
            raise UnknownNameError(unknown("vintage of this audit", vintage.value, [item.value for item in found]))
        return found[vintage]

    def verdict(self, key: str, vintage: Vintage = Vintage.HINDSIGHT) -> Verdict:
        """The verdict on a claim (``M01``) or a part (``M01.number``) at a vintage.

        Raises ``UnknownNameError`` with the nearest id when there is none.
        """
        found = {(verdict.key, verdict.vintage): verdict for verdict in self.verdicts}
        if (key, vintage) not in found:
            raise UnknownNameError(unknown("claim or part", key, {name for name, _ in found}))
        return found[key, vintage]

    def of(self, claim_id: str, vintage: Vintage) -> tuple[Verdict, tuple[Verdict, ...]]:
        """A claim's own verdict and its parts' at a vintage; ``UnknownNameError`` when there is no such claim."""
        parts = tuple(
            verdict
            for verdict in self.verdicts
            if verdict.claim_id == claim_id and verdict.part_id and verdict.vintage is vintage
        )
        return self.verdict(claim_id, vintage), parts

    @cached_property
    def flips(self) -> Mapping[tuple[str, Vintage], tuple[Flip, ...]]:
        """What would turn each part's label at each vintage: the topic's own inputs, the bound, new independent sources.

        Worked out for a part when it is asked for: it is the costliest question of an audit, and cards ask it of few.
        """
        parts = [part.part_id for claim in self.claims for part in claim.parts]
        return Lazily([(name, view.vintage) for view in self.views for name in parts], self._flips)

    def _flips(self, key: tuple[str, Vintage]) -> tuple[Flip, ...]:
        part_id, vintage = key
        view, part = self.view(vintage), self.dossier.part(part_id)
        own = flips_of([knob for knob in self._knobs[vintage] if knob.part_id == part_id], view)
        bound = flip_by_bound(view, part) if part.test is not TestKind.MODEL else None
        return (*own, *([bound] if bound else []), flip_by_new_sources(self.verdict(part_id, vintage), view))

    @cached_property
    def _knobs(self) -> Mapping[Vintage, tuple[Knob, ...]]:
        return Lazily([view.vintage for view in self.views], self._knobs_at)

    def _knobs_at(self, vintage: Vintage) -> tuple[Knob, ...]:
        return self.knobs(self.view(vintage))

    @cached_property
    def sweeps(self) -> Mapping[tuple[str, Vintage], Sweep]:
        """How each part's label fares over the method's grid at each vintage."""
        parts = [part.part_id for claim in self.claims for part in claim.parts]
        return Lazily([(name, view.vintage) for view in self.views for name in parts], self._sweep)

    def _sweep(self, key: tuple[str, Vintage]) -> Sweep:
        return self.grids[key[1]].sweep(key[0], self.verdict(*key).label)

    @cached_property
    def grids(self) -> Mapping[Vintage, Grid]:
        """The labels of every part under every method of the sweep, at each vintage; worked out for one that is asked for."""
        return Lazily([view.vintage for view in self.views], self._grid)

    def _grid(self, vintage: Vintage) -> Grid:
        parts = [part for claim in self.claims for part in claim.parts]
        return label_grid(self.view(vintage), parts, self.modelled, self.prepare)

    def specifications(self, claim_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> pd.DataFrame:
        """The badge of a claim under every method of the sweep and every reading of its roles: a specification curve.

        One row a specification; columns: the numbers of the sweep, ``reading``, ``badge``. ``UnknownNameError`` when there is no
        such claim.
        """
        return specifications(self.dossier.claim(claim_id), self.grids[vintage])

    def firmness(self, claim_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> float:
        """The share (0-1) of the methods, and of the roles readers gave its parts, in which the claim has the badge it has."""
        badge = self.verdict(claim_id, vintage).rating.badge
        return badge_counts(self.dossier.claim(claim_id), self.grids[vintage]).get(badge, 0.0)

    def confidences(self, claim_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> pd.DataFrame:
        """The confidence in a claim's rating under the method's rule and its neighbours: one row a rule, from loose to strict.

        Columns: strong, strong_with_record, moderate (the rule's numbers), level (empty where the badge is Unproven), part (that it
        is read from), sources. ``UnknownNameError`` when there is no such claim.
        """
        parts = [rated_part(part) for part in self.verdict(claim_id, vintage).parts]
        rows = []
        for rule in self.dossier.method.confidence.varied():
            found = confidence(parts, rule)
            own = (found.level.value, found.part_id, found.sources) if found else ("", "", 0)
            rows.append((rule.strong, rule.strong_with_record, rule.moderate, *own))
        return pd.DataFrame(rows, columns=["strong", "strong_with_record", "moderate", "level", "part", "sources"])

    def leave_one_out(self, key: str, vintage: Vintage = Vintage.HINDSIGHT) -> pd.DataFrame:
        """A claim's rating, or a part's probability and label, without each origin in turn: one row an origin.

        Columns of a claim (``E11``): origin, parts (whose label turns), badge, reason, turns. Of a part (``E11.date``): origin,
        probability (0-1), change, label, turns. Raises ``UnknownNameError`` when there is no such claim or part.
        """
        verdict = self.verdict(key, vintage)
        if verdict.part_id:
            return leave_one_origin_out(verdict, self.view(vintage))
        return ratings_without_each(self.dossier.claim(key), verdict, self.view(vintage))


@contextmanager
def _as_model_error(topic: str) -> Iterator[None]:
    """A model is code for one text's rows: what it meets in a dossier without them is an error of the dossier."""
    try:
        yield
    except ClaimAuditError:
        raise
    except Exception as error:
        raise ModelError(
            f"the model of topic {topic!r} cannot judge this dossier ({type(error).__name__}: {error}); "
            "restore the rows and assumptions it reads, or take the model out of topics.toml"
        ) from error


def prepared(topic: str, view: Dossier, parameters: Any) -> Any:
    """What a topic's ``prepare`` gives on a view; ``None`` where it has none. Raises ``ModelError`` as ``modelled`` does."""
    prepare = getattr(model_of(view, topic), "prepare", None)
    with _as_model_error(topic):
        return prepare(view, parameters) if prepare else None


def modelled(topic: str, view: Dossier, parameters: Any, ready: Any = None) -> tuple[Finding, ...]:
    """The findings of a topic's own model on a view, with what was prepared for it if anything was.

    Raises ``ModelError`` when the model meets a dossier without the rows and assumptions it reads.
    """
    module = model_of(view, topic)
    if module is None:
        return ()
    with _as_model_error(topic):
        return tuple(module.findings(view, parameters) if ready is None else module.findings(view, parameters, ready))


def audit(dossier: Dossier, topic: str, parameters: Any = None) -> Audit:
    """Audit one topic at publication and in hindsight (and at ``parameters.as_of``, when it names another day).

    Without ``parameters`` the model's own defaults are used. Where the model is not installed, its parts say so and are open; the
    rest is judged. Raises ``UnknownNameError`` when no claim has the topic, ``ModelError`` when its model cannot judge.
    """
    claims = without_model(dossier.topic(topic), missing_model(dossier, topic))
    module = model_of(dossier, topic)
    if module and parameters is None:
        parameters = module.Parameters()

    views = [dossier.at_publication(), dossier.hindsight()]
    asked = getattr(parameters, "as_of", "")
    if asked:
        extra = dossier.as_of(asked)
        if extra.vintage is Vintage.AS_OF:
            views.insert(1, extra)
    verdicts = [verdict for view in views for verdict in assess(view, claims, modelled(topic, view, parameters))]
    title = dossier.topics.about(topic).title or (
        module.TITLE if module else formats.capital(dossier.words.words(topic))
    )
    return Audit(topic, title, parameters, dossier, tuple(views), tuple(verdicts))


def without_model(claims: tuple[Claim, ...], missing: str) -> tuple[Claim, ...]:
    """The claims of a topic whose parts of kind ``model`` say that a model is missing, where one is."""
    if not missing:
        return claims
    why = NOT_INSTALLED.format(missing)

    def told(part: Part) -> Part:
        return replace(part, unjudged=why) if part.test is TestKind.MODEL else part

    return tuple(replace(claim, parts=tuple(map(told, claim.parts))) for claim in claims)


def verdicts_by_claim(dossier: Dossier) -> dict[str, dict[str, Verdict]]:
    """Every claim's own verdict by claim id and vintage, each topic judged with its default parameters.

    A topic whose model cannot judge (a dossier of another text without its assumptions) is left out.
    """
    out: dict[str, dict[str, Verdict]] = {}
    for topic in dict.fromkeys(claim.topic for claim in dossier.claims):
        try:
            result = audit(dossier, topic)
        except (ClaimAuditError, LookupError):
            continue
        for verdict in result.verdicts:
            if not verdict.part_id:
                out.setdefault(verdict.claim_id, {})[verdict.vintage.value] = verdict
    return out


def unused(result: Audit) -> list[tuple[str, str]]:
    """Pairs (claim, observation) of a topic that nothing uses: no part, no model, no table, no stated reason.

    A row that names a claim of the topic must be selected by one of its parts, rest in a finding, be ``related`` to the claim, be
    shown by the notebook (``shown_rows``) or be listed in ``context.toml``. Rows that count for nothing have their reason in
    ``origins.csv``.
    """
    dossier = result.dossier
    module = model_of(dossier, result.topic)
    shown = set(module.shown_rows(dossier)) if module and hasattr(module, "shown_rows") else set()
    pairs = []
    for claim in result.claims:
        selectors = [*(selector for part in claim.parts for selector in part.evidence), *claim.related]
        used = {row.observation_id for selector in selectors for row in dossier.evidence.matching(selector)} | shown
        used |= {name for item in dossier.context if item.claim_id == claim.claim_id for name in item.observations}
        for verdict in result.verdicts:
            if verdict.claim_id == claim.claim_id:
                used.update(name for finding in verdict.findings for name in finding.observations)
        for name, row in dossier.evidence.records.items():
            if claim.claim_id in row.claims and name not in used and dossier.counts(row):
                pairs.append((claim.claim_id, name))
    return pairs
