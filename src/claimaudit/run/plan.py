"""Everything a build can refuse, decided before anything runs or is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from claimaudit.analysis import topic_module
from claimaudit.dossier import Dossier
from claimaudit.errors import BuildError, ParameterError
from claimaudit.run.notebooks import Notebook, all_notebooks, find_notebooks
from claimaudit.run.parameters import Parameter, check, gate, read_parameters
from claimaudit.run.pool import cores
from claimaudit.run.values import Value

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
    """A build that can start: what each notebook is given, and what each topic is audited with."""

    dossier: Dossier
    notebooks: tuple[Notebook, ...]
    given: Mapping[str, Mapping[str, Value]]
    topics: Mapping[str, Any]
    out: Path
    jobs: int


def plan(
    names: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    folder: Path | None = None,
) -> Plan:
    """Check a build whole: notebooks, every parameter, the dossier, the folder for the reports.

    ``given`` are parameters as texts; ``dossier`` and ``as_of`` among them are followed by the build itself too.
    ``folder`` is searched for notebooks. Raises one of the project's errors; nothing has been touched then.
    """
    given = given or {}
    notebooks = find_notebooks(names, folder)
    declared = {notebook.name: read_parameters(notebook.path) for notebook in notebooks}
    own = check(OWN, {name: text for name, text in given.items() if name in {parameter.name for parameter in OWN}})
    known = {parameter.name for parameters in declared.values() for parameter in parameters}
    values = gate(declared, {name: text for name, text in given.items() if name in known or name not in own})
    if jobs is not None and jobs < 1:
        raise BuildError(f"{jobs} jobs cannot build anything; give 1 or more")
    target = Path(out) if out else DEFAULT_OUT
    if target.exists() and not target.is_dir():
        raise BuildError(f"{str(out)!r} is a file; name a folder for the reports")
    dossier = Dossier.load(own.get("dossier") or None)
    beside = {notebook.name: notebook for notebook in all_notebooks(folder)} | {item.name: item for item in notebooks}
    topics = {}
    for topic in dict.fromkeys(claim.topic for claim in dossier.claims):
        topics[topic] = topic_parameters(topic, beside.get(topic), {**own, **values.get(topic, {})})
    return Plan(dossier, notebooks, values, topics, target, jobs or cores())


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
