"""What a build judges beside its notebooks: every topic of the dossier, by the parameters its notebook is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ClaimAuditError, ParameterError
from claimaudit.run.gate import read_parameters
from claimaudit.run.notebooks import Notebook
from claimaudit.run.plan import Plan
from claimaudit.run.values import Value
from claimaudit.run.worker import Failure, Outcome, failure_text
from claimaudit.verdict import timeline
from claimaudit.verdict.audit import Audit, audit
from claimaudit.verdict.models import model_of
from claimaudit.verdict.timeline import Step


@dataclass(frozen=True)
class AsOf:
    """The parameters of a topic that has no module of its own."""

    as_of: str = ""


def topic_parameters(dossier: Dossier, topic: str, notebook: Notebook | None, given: Mapping[str, Value]) -> Any:
    """What a topic is audited with: its notebook's defaults, then what was given, where the topic knows the name.

    Raises ``ParameterError``, naming the topic, where its model refuses a value.
    """
    module = model_of(dossier, topic)
    kind = module.Parameters if module else AsOf
    names = {field.name for field in fields(kind)}
    defaults = {parameter.name: parameter.default for parameter in read_parameters(notebook.path)} if notebook else {}
    try:
        return kind(**{name: value for name, value in {**defaults, **given}.items() if name in names})
    except ParameterError as error:
        raise ParameterError(f"{topic}: {error}") from None


def topics_of(plan: Plan, dossier: Dossier) -> dict[str, Any]:
    """The parameters of every topic of the dossier; ``ParameterError`` where a topic refuses them."""
    beside = {notebook.name: notebook for notebook in plan.beside}
    out = {}
    for topic in dict.fromkeys(claim.topic for claim in dossier.claims):
        usable = None if topic in plan.unusable else beside.get(topic)
        out[topic] = topic_parameters(dossier, topic, usable, {**plan.own, **plan.given.get(topic, {})})
    return out


def timelines(dossier: Dossier, topics: Iterable[str]) -> dict[str, tuple[Step, ...]]:
    """The claims of some topics over time, by default parameters; a topic whose model cannot judge a past day is left out."""
    found: dict[str, tuple[Step, ...]] = {}
    for topic in topics:
        with suppress(ClaimAuditError):
            found |= timeline.timelines(dossier, [claim.claim_id for claim in dossier.topic(topic)])
    return found


def audits(dossier: Dossier, topics: Mapping[str, Any]) -> tuple[dict[str, Audit], tuple[Outcome, ...]]:
    """Every topic's audit by its parameters; and the topics that failed."""
    judged: dict[str, Audit] = {}
    unjudged: list[Outcome] = []
    for topic, parameters in topics.items():
        try:
            judged[topic] = audit(dossier, topic, parameters)
        except Exception as error:
            text = f"its verdicts could not be computed: {failure_text(error)}"
            unjudged.append(Outcome(topic, 0.0, Failure(0, text)))
    return judged, tuple(unjudged)
