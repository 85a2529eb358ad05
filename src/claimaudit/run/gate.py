"""The gate: what a notebook's parameters are, and what may be given to them. Nothing here runs any code.

A notebook's cell tagged ``parameters`` is the single source of truth, one typed literal with a comment each::

    dossier: str = ""  # <folder> the dossier's folder; empty: the project's own
    as_of: str = ""  # <date> judge also as of this day; empty: the two standard dates only
    draws: int = 100_000  # [1_000, 1_000_000] Monte Carlo draws
    heavy_share: float = 0.25  # [0, 1] share of the shells that is of artillery calibre
    counted_by: str = "customs"  # {customs, port, union} whose count
    with_services: bool = False  # count services, too

The type is ``int``, ``float``, ``str`` or ``bool``. The comment may start with a range ``[lowest, highest]``, a list
of choices ``{a, b}``, or the kind of text ``<folder>``, ``<date>`` or ``<topic>``; what follows is the help. A ``str`` must have
choices or a kind, so that no free text from a command line ever reaches a notebook.
"""

from __future__ import annotations

import ast
import io
import json
import math
import os
import re
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimaudit.errors import ParameterError, nearest, unknown
from claimaudit.run.values import LONGEST_SHOWN, UNFIT, Value, convert, plain, short

TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
KINDS = ("folder", "date", "topic")
TAG, INJECTED_TAG = "parameters", "injected-parameters"

_SPEC = re.compile(r"(?:\[(?P<range>[^\]]*)\]|\{(?P<choices>[^}]*)\}|<(?P<kind>[^>]*)>)\s*(?P<help>.*)")
_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook: its type, its default, what it may be and what it means."""

    name: str
    type: type
    default: Value
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Value, ...] = ()
    kind: str = ""

    @property
    def allowed(self) -> str:
        """What it may be, as a reader sees it: ``1,000 to 1,000,000``, ``a, b or c``, ``a day``."""
        if self.low is not None and self.high is not None:
            return f"{plain(self.low)} to {plain(self.high)}"
        if self.choices:
            words = [str(choice) for choice in self.choices]
            return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
        if self.kind:
            return {"folder": "a dossier's folder", "date": "a day such as 2023-06-30", "topic": "a topic"}[self.kind]
        return _WORDS[self.type]


# -- reading the parameters cell ------------------------------------------------------------------------------------


def read_parameters(path: str | Path) -> tuple[Parameter, ...]:
    """The parameters a notebook declares, in its own order; ``ParameterError`` when its cell cannot be trusted."""
    path = Path(path)
    return parse_parameters(_parameters_source(path), path.name)


def _parameters_source(path: Path) -> str:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tagged = [(cell, cell.get("metadata", {}).get("tags", [])) for cell in cells]
        found = [cell for cell, tags in tagged if TAG in tags]
        injected = any(INJECTED_TAG in tags for _, tags in tagged)
        sources = ["".join(cell["source"]) for cell in found]
    except FileNotFoundError:
        raise ParameterError(f"{path.name}: there is no such notebook; name one that 'claimaudit list' shows") from None
    except OSError as error:
        raise ParameterError(f"{path.name}: it cannot be read ({error.strerror}); check the file") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ParameterError(f"{path.name}: it is not a notebook; save it again from JupyterLab") from None
    if len(found) != 1 or found[0].get("cell_type") != "code":
        how_many = f"{len(found)} cells are" if len(found) > 1 else "no code cell is"
        raise ParameterError(f"{path.name}: {how_many} tagged {TAG!r}; give exactly one code cell that tag")
    if injected:
        remedy = "delete that cell, it would silently override the defaults"
        raise ParameterError(f"{path.name}: a cell tagged {INJECTED_TAG!r} is left of an earlier run; {remedy}")
    return sources[0]


def parse_parameters(source: str, where: str) -> tuple[Parameter, ...]:
    """The parameters a cell's text declares; every fault of the cell is reported at once, with its line."""
    try:
        body = ast.parse(source).body
        comments = _comments(source)
    except (SyntaxError, tokenize.TokenError) as error:
        line = getattr(error, "lineno", None) or 1
        raise ParameterError(f"{where}, parameters cell, line {line}: it is not plain Python; {_EXAMPLE}") from None
    faults: list[str] = []
    found: dict[str, Parameter] = {}
    for statement in body:
        place = f"{where}, parameters cell, line {statement.lineno}"
        try:
            parameter = _parameter(statement, comments.get(statement.end_lineno or statement.lineno, ""))
            if parameter.name in found:
                raise ParameterError(f"{parameter.name!r} stands twice; keep one of the two")
            found[parameter.name] = parameter
        except ParameterError as error:
            faults.append(f"{place}: {error}")
    if faults:
        raise ParameterError("\n".join(faults))
    return tuple(found.values())


_EXAMPLE = "write lines such as: draws: int = 1_000  # [100, 10_000] Monte Carlo draws"


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT}


def _parameter(statement: ast.stmt, comment: str) -> Parameter:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name = statement.targets[0].id
        raise ParameterError(f"{name!r} has no type; write it as '{name}: int = ...' (int, float, str or bool)")
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        raise ParameterError(f"only parameters may stand here; {_EXAMPLE}")
    name = statement.target.id
    type_name = ast.unparse(statement.annotation)
    if type_name not in TYPES:
        raise ParameterError(f"{name!r} has the type {short(type_name)}; use int, float, str or bool")
    kind = TYPES[type_name]
    default = _default(name, kind, statement.value)
    spec, text = _specification(name, kind, comment)
    parameter = Parameter(name, kind, default, text, **spec)
    if kind is str and not parameter.choices and not parameter.kind:
        remedy = "start its comment with {a, b}, <folder>, <date> or <topic>"
        raise ParameterError(f"{name!r} is a text without a list of choices; {remedy}")
    problem = _unfit(parameter, default)
    if problem and not (parameter.kind and default == ""):
        raise ParameterError(f"{name!r}: the default {short(default)} {problem}; mend one of the two")
    return parameter


def _default(name: str, kind: type, node: ast.expr | None) -> Value:
    try:
        value = ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ParameterError(f"{name!r}: the default is not a literal; write the value itself") from None
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ParameterError(f"{name!r}: the default {short(value)} is not {_WORDS[kind]}; mend it or the type")
    if kind is float and not math.isfinite(value):
        raise ParameterError(f"{name!r}: the default is not a finite number; give a finite one")
    return value


def _specification(name: str, kind: type, comment: str) -> tuple[dict[str, Any], str]:
    """The range, choices or kind a comment starts with, and the help that follows."""
    if not comment:
        raise ParameterError(f"{name!r} has no comment; say after # what it means")
    match = _SPEC.fullmatch(comment)
    spec: dict[str, Any] = {}
    text = comment
    if match:
        text = match["help"]
        if match["range"] is not None:
            spec = _range(name, kind, match["range"])
        elif match["choices"] is not None:
            spec = {"choices": _choices(name, kind, match["choices"])}
        elif kind is str and match["kind"] in KINDS:
            spec = {"kind": match["kind"]}
        else:
            remedy = "a str may be a <folder>, a <date> or a <topic>, other types have no kind"
            raise ParameterError(f"{name!r}: unknown kind <{short(match['kind'], quoted=False)}>; {remedy}")
    if not text:
        raise ParameterError(f"{name!r} has no help; say in its comment what it means")
    return spec, text


def _range(name: str, kind: type, text: str) -> dict[str, Any]:
    ends = [part.strip() for part in text.split(",")]
    if kind not in (int, float) or len(ends) != 2:
        raise ParameterError(f"{name!r}: [{text}] is no range for it; write [lowest, highest], for a number only")
    low, high = (convert(end, kind) for end in ends)
    if low is None or high is None or low > high:
        raise ParameterError(f"{name!r}: [{text}] is no range; write [lowest, highest] in digits")
    return {"low": low, "high": high}


def _choices(name: str, kind: type, text: str) -> tuple[Value, ...]:
    parts = [part.strip() for part in text.split(",")]
    values = [convert(part, kind) for part in parts]
    if kind is bool or not all(parts) or None in values or len(set(values)) < len(values):
        raise ParameterError(f"{name!r}: {{{text}}} is no list of choices; write {{a, b, c}}, each once")
    return tuple(value for value in values if value is not None)


# -- checking what is given -----------------------------------------------------------------------------------------


def check(parameters: Iterable[Parameter], given: Mapping[str, str]) -> dict[str, Value]:
    """What was given on the command line, converted by each parameter's declared type.

    Nothing is evaluated: a text is a number, a day, a folder or one of the choices, or it is refused. Raises
    ``ParameterError`` with every fault, one a line.
    """
    known = {parameter.name: parameter for parameter in parameters}
    faults: list[str] = []
    values: dict[str, Value] = {}
    for name, text in given.items():
        if name not in known:
            faults.append(_unknown(name, known))
            continue
        value = convert(text, known[name].type)
        problem = f"is not {_WORDS[known[name].type]}" if value is None else _unfit(known[name], value)
        if problem:
            faults.append(f"parameter {name!r}: {short(text)} {problem}{_remedy(known[name], text)}")
        elif value is not None:
            values[name] = os.path.abspath(text) if known[name].kind == "folder" and text else value  # noqa: PTH100
    if faults:
        raise ParameterError("\n".join(faults))
    return values


def gate(declared: Mapping[str, Sequence[Parameter]], given: Mapping[str, str]) -> dict[str, dict[str, Value]]:
    """What each notebook gets of what was given; ``declared`` holds each notebook's parameters.

    A name that only some notebooks know goes to those; a name that none knows is refused.
    """
    everywhere = {parameter.name for parameters in declared.values() for parameter in parameters}
    faults = [_unknown(name, everywhere) for name in given if name not in everywhere]
    values: dict[str, dict[str, Value]] = {}
    for notebook, parameters in declared.items():
        names = {parameter.name for parameter in parameters}
        try:
            values[notebook] = check(parameters, {name: text for name, text in given.items() if name in names})
        except ParameterError as error:
            faults += [f"{notebook}: {line}" for line in str(error).splitlines()]
    if faults:
        raise ParameterError("\n".join(faults))
    return values


def _unknown(name: str, known: Iterable[str]) -> str:
    if len(name) > LONGEST_SHOWN:
        return f"unknown parameter {short(name)}: 'claimaudit list' shows all"
    return unknown("parameter", name, known)


def _unfit(parameter: Parameter, value: Value) -> str:
    """What is wrong with a value of the right type; empty when nothing is."""
    if parameter.low is not None and parameter.high is not None and not isinstance(value, str):
        if value < parameter.low:
            return f"is below {plain(parameter.low)}"
        return f"is above {plain(parameter.high)}" if value > parameter.high else ""
    if parameter.choices:
        return "" if value in parameter.choices else "is not one of its choices"
    if isinstance(value, str) and parameter.kind and not (value == "" and parameter.default == ""):
        return UNFIT[parameter.kind](value)
    return ""


def _remedy(parameter: Parameter, text: str) -> str:
    hint = nearest(text, map(str, parameter.choices)) if len(text) <= LONGEST_SHOWN else ""
    return f"; {hint or 'give ' + parameter.allowed}"
