"""Everything a build can refuse, decided before anything runs or is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

from claimaudit.analysis import topic_module
from claimaudit.dossier import Dossier
from claimaudit.errors import BuildError, ParameterError, unknown
from claimaudit.run.notebooks import Notebook, all_notebooks, find_notebooks
from claimaudit.run.parameters import Parameter, check, gate, read_parameters
from claimaudit.run.pool import can_fork, cores
from claimaudit.run.values import Value
from claimaudit.run.worker import FORK, MEGABYTES, ORDINARY, SECONDS

DEFAULT_OUT = Path(__file__).resolve().parents[3] / "reports"
"""Where the project's own reports go."""

OWN = (
    Parameter("dossier", str, "", "the dossier's folder", kind="folder"),
    Parameter("as_of", str, "", "judge also as of this day", kind="date"),
)
"""Parameters the build itself follows, and hands to every notebook that knows them."""


@dataclass(frozen=True)
class AsOf:
    """The parameters of a topic that has no module of its own."""

    as_of: str = ""


@dataclass(frozen=True)
class Plan:
    """A build that can start: what each notebook is given, and what each topic is audited with.

    ``unusable`` notebooks will fail for the reason given; ``beside`` are all that could be built; ``engine``, ``seconds``
    and ``megabytes`` are those of ``worker.Task``.
    """

    dossier: Dossier
    notebooks: tuple[Notebook, ...]
    given: Mapping[str, Mapping[str, Value]]
    topics: Mapping[str, Any]
    out: Path
    jobs: int
    unusable: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[Notebook, ...] = ()
    engine: str = FORK
    seconds: float = SECONDS
    megabytes: int = MEGABYTES


def plan(
    names: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    folder: Path | None = None,
    vary: Mapping[str, Sequence[str]] | None = None,
    engine: str | None = None,
    seconds: float | None = None,
    megabytes: int | None = None,
) -> Plan:
    """Check a build whole: notebooks, every parameter, the dossier, the folder for the reports.

    ``given`` are parameters as texts; ``dossier`` and ``as_of`` among them are followed by the build itself too.
    ``vary`` gives parameters several values: then there is a report for each combination. ``folder`` is searched for
    notebooks. Raises one of the project's errors; nothing has been touched then. A notebook that cannot be used is an
    error only when there is no other.
    """
    given, vary = given or {}, vary or {}
    asked = find_notebooks(names, folder)
    declared, unusable = _declared(asked)
    own = check(OWN, {name: text for name, text in given.items() if name in {parameter.name for parameter in OWN}})
    known = {parameter.name for parameters in declared.values() for parameter in parameters}
    shared = {name: text for name, text in given.items() if name in known or name not in own}
    variants = _variants(asked, declared, shared, vary)
    values = gate(declared, shared)
    for variant, texts in variants.items():
        values |= gate({variant.name: declared[variant.path.stem]}, texts)
    limits = _limits(jobs, engine, seconds, megabytes)
    target = Path(out) if out else DEFAULT_OUT
    if target.exists() and not target.is_dir():
        raise BuildError(f"{str(out)!r} is a file; name a folder for the reports")
    dossier = Dossier.load(own.get("dossier") or None)
    beside = {notebook.name: notebook for notebook in all_notebooks(folder)} | {item.name: item for item in asked}
    topics = {}
    for topic in dict.fromkeys(claim.topic for claim in dossier.claims):
        usable = None if topic in unusable else beside.get(topic)
        topics[topic] = topic_parameters(topic, usable, {**own, **values.get(topic, {})})
    notebooks = tuple(variants) if vary else asked
    return Plan(dossier, notebooks, values, topics, target, unusable=unusable, beside=tuple(beside.values()), **limits)


def _declared(notebooks: Sequence[Notebook]) -> tuple[dict[str, tuple[Parameter, ...]], dict[str, str]]:
    """The parameters of each notebook, and why those without them cannot be used."""
    declared, unusable = {}, {}
    for notebook in notebooks:
        try:
            declared[notebook.name] = read_parameters(notebook.path)
        except ParameterError as error:
            if len(notebooks) == 1:
                raise
            unusable[notebook.name] = str(error).splitlines()[0]
    return declared, unusable


def _variants(
    notebooks: Sequence[Notebook],
    declared: Mapping[str, Sequence[Parameter]],
    given: Mapping[str, str],
    vary: Mapping[str, Sequence[str]],
) -> dict[Notebook, dict[str, str]]:
    """A notebook of its own name for each combination of values, with the texts it is given."""
    if not vary:
        return {}
    able = [item for item in notebooks if set(vary) <= {parameter.name for parameter in declared.get(item.name, ())}]
    if not able:
        known = {parameter.name for parameters in declared.values() for parameter in parameters}
        for name in vary:
            if name not in known:
                raise ParameterError(unknown("parameter", name, known))
        raise ParameterError(f"no notebook knows {' and '.join(vary)} together; vary what one of them knows")
    twice = sorted(set(vary) & set(given))
    if twice:
        raise ParameterError(f"parameter {twice[0]!r} is given and varied; do one of the two")
    out = {}
    for notebook in able:
        own = {parameter.name for parameter in declared[notebook.name]}
        for values in product(*vary.values()):
            chosen = dict(zip(vary, values, strict=True))
            ending = ".".join(re.sub(r"[^\w.+-]", "-", f"{name}-{value}") for name, value in chosen.items())
            texts = {name: text for name, text in given.items() if name in own}
            out[replace(notebook, name=f"{notebook.name}.{ending}")] = {**texts, **chosen}
    return out


def _limits(jobs: int | None, engine: str | None, seconds: float | None, megabytes: int | None) -> dict[str, Any]:
    """How a build is run, with what is usual here where nothing is said."""
    if jobs is not None and jobs < 1:
        raise BuildError(f"{jobs} jobs cannot build anything; give 1 or more")
    if engine == FORK and not can_fork():
        raise BuildError(f"this system cannot fork kernels; use --engine {ORDINARY}")
    if seconds is not None and not seconds >= 1:
        raise BuildError(f"no notebook can end within {seconds:g} seconds; give --timeout 1 or more")
    if megabytes is not None and megabytes < 256:
        raise BuildError(f"no notebook can run in {megabytes} megabytes; give --memory 256 or more")
    return {
        "jobs": jobs or cores(),
        "engine": engine or (FORK if can_fork() else ORDINARY),
        "seconds": seconds or SECONDS,
        "megabytes": megabytes or MEGABYTES,
    }


def topic_parameters(topic: str, notebook: Notebook | None, given: Mapping[str, Value]) -> Any:
    """What a topic is audited with: its notebook's defaults, then what was given, where the topic knows the name."""
    module = topic_module(topic)
    kind = module.Parameters if module else AsOf
    names = {field.name for field in fields(kind)}
    defaults = {parameter.name: parameter.default for parameter in read_parameters(notebook.path)} if notebook else {}
    try:
        return kind(**{name: value for name, value in {**defaults, **given}.items() if name in names})
    except ParameterError as error:
        raise ParameterError(f"{topic}: {error}") from None
