"""Everything a build can refuse before the dossier is opened, and which reports it would run. Nothing is written here.

The plan is made from notebooks, parameters and digests alone, so that a build with nothing to do says so at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from claimaudit import inert, places
from claimaudit.dossier.judgements import label_files
from claimaudit.errors import BuildError, ParameterError, unknown
from claimaudit.run import manifest
from claimaudit.run.gate import Parameter, check, gate, read_parameters
from claimaudit.run.machine import can_fork, cores
from claimaudit.run.notebooks import EXECUTED, PAGE, Notebook, find_notebooks, folders_of, reports_of
from claimaudit.run.up_to_date import Tables, digest_of, file_digest, input_files, program_digest, recipe
from claimaudit.run.values import Value
from claimaudit.run.worker import FORK, MEGABYTES, ORDINARY, SECONDS

WHAT_IF = "what-if"
"""The folder in it for builds with changed parameters: a what-if is never the audit."""

MANY, MOST = 10_000, 1_000_000
"""Reports a build makes only when told to, and those it never makes."""
LONGEST_NAME = 255 - len(".failed.ipynb")
"""Bytes a report's name may have on usual disks."""

OWN = (
    Parameter("dossier", str, "", "the dossier's folder", kind="folder"),
    Parameter("as_of", str, "", "judge also as of this day", kind="date"),
)
"""Parameters the build itself follows, and hands to every notebook that knows them."""


@dataclass(frozen=True)
class Plan:
    """A build that can be asked for: what each notebook is given, and what each report is made from.

    ``own`` are the build's own parameters; ``recipes`` tell by report what it would be made from, empty where that is not
    declared; ``unusable`` notebooks will fail for the reason given; ``beside`` are all that could be built, ``folder``
    where they were looked for; ``engine``, ``seconds`` and ``megabytes`` are those of ``worker.Task``.
    """

    dossier: Path
    own: Mapping[str, Value]
    notebooks: tuple[Notebook, ...]
    given: Mapping[str, Mapping[str, Value]]
    recipes: Mapping[str, str]
    tables: Tables
    out: Path
    folder: Path
    jobs: int
    unusable: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[Notebook, ...] = ()
    engine: str = FORK
    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    what_if: str = ""
    """What was changed, in words, where a parameter is not as usual: then the build is no audit."""

    @property
    def sources(self) -> list[Path]:
        """The files reports are made from, beside the dossier."""
        notebooks = {notebook.path: None for notebook in (*self.notebooks, *self.beside)}
        return [*notebooks, *(path for notebook in notebooks for path in input_files(notebook))]

    def site(self, entries: Mapping[str, Mapping[str, Any]]) -> str:
        """The recipe of the pages around the reports, whose entries in the manifest are given."""
        shown = ("title", "state", "recipe", "parameters", "data", "error")
        return digest_of(
            {
                "program": program_digest(),
                "dossier": [self.dossier.name, self.tables.all()],
                "labels": {path.name: file_digest(path) for path in label_files(self.dossier)},
                "given": {item.name: given for item in self.beside if (given := self._judged_by(item.name))},
                "notebooks": [[item.name, file_digest(item.path)] for item in self.beside],
                "reports": {name: {key: entry.get(key) for key in shown} for name, entry in entries.items()},
            }
        )

    def _judged_by(self, topic: str) -> dict[str, Value]:
        """The parameters that were given for a topic's verdicts."""
        given = {**self.own, **self.given.get(topic, {})}
        return {name: value for name, value in given.items() if name != "dossier"}

    def is_up_to_date(self, name: str, found: manifest.Manifest) -> bool:
        """Whether a report is what it would be now, and lies in the folder as it was left."""
        entry, wanted = found.notebooks.get(name, {}), self.recipes.get(name, "")
        return (
            wanted != ""
            and (entry.get("state"), entry.get("recipe")) == ("built", wanted)
            and all(found.is_there(self.out, file) for file in (PAGE.format(name), EXECUTED.format(name)))
        )

    def is_done(self, found: manifest.Manifest) -> bool:
        """Whether the whole build would change nothing."""
        return (
            bool(found.site)
            and not self.unusable
            and all(self.is_up_to_date(notebook.name, found) for notebook in self.notebooks)
            and all(found.is_there(self.out, name) for name in found.files)
            and found.site == self.site(found.notebooks)
        )


def plan(
    names: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    vary: Mapping[str, Sequence[str]] | None = None,
    engine: str | None = None,
    seconds: float | None = None,
    megabytes: int | None = None,
    many: bool = False,
) -> Plan:
    """Check what a build was asked for: notebooks and every parameter.

    ``given`` are parameters as texts; ``dossier`` and ``as_of`` among them are followed by the build itself too.
    ``vary`` gives parameters several values: then there is a report for each combination, beyond ``MANY`` only where
    ``many`` says so. Raises one of the project's errors; nothing has been touched
    then. A notebook that cannot be used is an error only when there is no other.
    """
    given, vary = given or {}, vary or {}
    count_variants(vary, many=many)
    own = check(OWN, {name: text for name, text in given.items() if name in {parameter.name for parameter in OWN}})
    dossier = places.dossier(str(own.get("dossier") or ""))
    for path in (dossier.absolute(), *([Path(out).absolute()] if out else [])):
        _check_text(path)
    tables = Tables.of(dossier)
    folder = folders_of(dossier, tables.notebooks)[0]
    ours = reports_of(dossier, tables)
    asked = find_notebooks(names, ours, folder)
    declared, unusable = _declared(asked)
    known = {parameter.name for parameters in declared.values() for parameter in parameters}
    shared = {name: text for name, text in given.items() if name in known or name not in own}
    _own_topic(asked, {**shared, **vary})
    variants = _variants(asked, declared, shared, vary)
    values = gate(declared, shared)
    for variant, (base, texts) in variants.items():
        values |= gate({variant.name: declared[base]}, texts)
    limits = _limits(jobs, engine, seconds, megabytes)
    beside = {notebook.name: notebook for notebook in ours} | {item.name: item for item in asked}
    notebooks = tuple(variants) if vary else asked
    changed = _changed(notebooks, declared, values)
    recipes = {
        item.name: recipe(
            item.path, item.name, values[item.name], limits["engine"], item.topic, tables if item.topic else None
        )
        for item in notebooks
        if item.name not in unusable
    }
    return Plan(
        dossier,
        own,
        notebooks,
        values,
        recipes,
        tables,
        Path(out) if out else _usual_out(dossier, changed),
        folder,
        unusable=unusable,
        beside=tuple(beside.values()),
        what_if="; ".join(changed),
        **limits,
    )


def _changed(
    notebooks: Sequence[Notebook],
    declared: Mapping[str, Sequence[Parameter]],
    values: Mapping[str, Mapping[str, Value]],
) -> list[str]:
    """Each parameter that is given another value than its notebook's own, once. What is read, and a day, change no rule."""
    own = {parameter.name for parameter in OWN}
    found = [
        f"{item.name} = {values[item_of.name][item.name]}"
        for item_of in notebooks
        for item in declared.get(item_of.path.stem, ())
        if item.name not in own and values[item_of.name].get(item.name, item.default) != item.default
    ]
    return list(dict.fromkeys(found))


def _check_text(path: Path) -> None:
    """Refuse a path that no notebook can hold, as an archive unpacked from elsewhere may leave one."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        problem = f"the name of the folder {inert.line(str(path))} is not written in UTF-8, and notebooks and pages are"
        raise BuildError(f"{problem}; rename it") from None


def _usual_out(dossier: Path, changed: Sequence[str]) -> Path:
    """Where reports go that were given no folder: ``reports`` beside ``data``, and in the folder of any other dossier.

    A what-if goes into a folder in it that is named after what was changed.
    """
    usual = places.reports(dossier)
    if not changed:
        return usual
    name = re.sub(r"[^\w.+-]+", "-", "-".join(changed))
    return usual / WHAT_IF / (name if len(name) <= 80 else f"{name[:60]}-{digest_of(list(changed))[:12]}")


def _own_topic(asked: Sequence[Notebook], given: Mapping[str, Any]) -> None:
    """Refuse another topic for a report that is one's own."""
    if "topic" in given and (own := [item.name for item in asked if item.own]):
        raise ParameterError(
            f"the report {own[0]!r} shows its own topic; name the report of the other instead of -p topic"
        )


def count_variants(vary: Mapping[str, Sequence[str]], *, many: bool = False) -> None:
    """Refuse a sweep that is larger than anybody asks for unawares, before it is made."""
    count = math.prod(len(values) for values in vary.values())
    if count > MOST:
        raise BuildError(f"that would make {count:,} reports; vary fewer values ({MOST:,} are the most)")
    if count > MANY and not many:
        raise BuildError(f"that would make {count:,} reports; vary fewer values, or say --yes")


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
) -> dict[Notebook, tuple[str, dict[str, str]]]:
    """A notebook of its own name for each combination of values, with the name it has without and the texts it is given."""
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
    out: dict[Notebook, tuple[str, dict[str, str]]] = {}
    taken: set[str] = set()
    for notebook in able:
        own = {parameter.name for parameter in declared[notebook.name]}
        for values in product(*vary.values()):
            chosen = dict(zip(vary, values, strict=True))
            ending = ".".join(re.sub(r"[^\w.+-]", "-", f"{name}-{value}") for name, value in chosen.items())
            texts = {name: text for name, text in given.items() if name in own}
            name = f"{notebook.name}.{ending}"
            if len(name.encode()) > LONGEST_NAME:
                raise BuildError(
                    f"a report would be called {name[:40]!r}..., which is too long a name; vary less at once"
                )
            if name in taken:
                raise BuildError(f"two reports would be called {name!r}; vary values that differ in letters or digits")
            taken.add(name)
            out[replace(notebook, name=name)] = notebook.name, {**texts, **chosen}
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
