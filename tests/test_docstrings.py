"""Public docstrings tell what a signature cannot: shapes or columns of what comes back, and the errors raised.

That there is a docstring at all is ruff's to say (pydocstyle's D1 rules in ``pyproject.toml``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
CHECKED = (
    "russia_iran",
    "claimaudit/__main__.py",
    "claimaudit/terminal.py",
    "claimaudit/arguments.py",
    "claimaudit/cli.py",
    "claimaudit/run",
    "claimaudit/publish",
    "claimaudit/show",
    "claimaudit/dossier",
    "claimaudit/analysis",
    "claimaudit/verdict",
    "claimaudit/model.py",
    "claimaudit/outcome.py",
    "claimaudit/errors.py",
    "claimaudit/formats.py",
    "claimaudit/inert.py",
    "claimaudit/html.py",
    "claimaudit/looks.py",
)
"""The folders and modules whose docstrings are held to it."""
ARRAYS = re.compile(r"\b(DataFrame|Series|ndarray|NDArray|Floats)\b")
SHAPE = re.compile(r"\b(columns?|rows?|shapes?|index(ed)?)\b", re.IGNORECASE)
ERRORS = re.compile(r"\b(errors?|refuse[sd]?|faults?)\b", re.IGNORECASE)
OWN_SERIES = "claimaudit/dossier/series.py"
"""There ``Series`` is a table of the dossier, a dataclass that says itself what it holds."""


@dataclass(frozen=True)
class Public:
    """A public function, method or property, with what a reader of its documentation is told."""

    name: str
    told: str
    returns: str
    raises: frozenset[str]


def modules(*patterns: str) -> list[Path]:
    found = {
        path for pattern in patterns for path in SRC.glob(pattern if pattern.endswith(".py") else f"{pattern}/**/*.py")
    }
    return sorted(found)


def raised(function: ast.FunctionDef) -> Iterator[str]:
    """The errors a function raises itself, not those of functions defined within it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = ast.unparse(node.exc.func).rpartition(".")[2]
            if name.endswith("Error"):
                yield name
        waiting += ast.iter_child_nodes(node)


def public(path: Path) -> Iterator[Public]:
    """What a module offers; a property is told by its class too, and so is what its construction raises."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in module.body:
        match node:
            case ast.FunctionDef(name=name) if not name.startswith("_"):
                yield described(node, name)
            case ast.ClassDef(name=name) if not name.startswith("_"):
                about = ast.get_docstring(node) or ""
                for inner in node.body:
                    if not isinstance(inner, ast.FunctionDef):
                        continue
                    made = inner.name in ("__init__", "__post_init__")
                    by_class = made or any("property" in ast.unparse(item) for item in inner.decorator_list)
                    if made or not inner.name.startswith("_"):
                        yield described(inner, f"{name}.{inner.name}", about if by_class else "")


def described(node: ast.FunctionDef, name: str, about: str = "") -> Public:
    told = f"{ast.get_docstring(node) or ''} {about}"
    return Public(name, told, ast.unparse(node.returns) if node.returns else "", frozenset(raised(node)))


def gives_array(item: Public, path: Path) -> bool:
    """Does it return numbers or a table whose form the annotation leaves open."""
    kinds = set(ARRAYS.findall(item.returns))
    if "from claimaudit.dossier.series import Series" in path.read_text(encoding="utf-8") or path.match(OWN_SERIES):
        kinds -= {} if "pd.Series" in item.returns else {"Series"}
    return bool(kinds)


CASES = [pytest.param(path, id=path.relative_to(SRC).as_posix()) for path in modules(*CHECKED)]


@pytest.mark.parametrize("path", CASES)
def test_docstrings_of_arrays_and_tables_give_shape_or_columns(path):
    silent = [item.name for item in public(path) if gives_array(item, path) and not SHAPE.search(item.told)]

    assert not silent, "say the columns, the rows or the shape of what they return"


@pytest.mark.parametrize("path", CASES)
def test_docstrings_name_the_errors_raised(path):
    silent = [
        f"{item.name}: {', '.join(sorted(item.raises))}"
        for item in public(path)
        if item.raises and not ERRORS.search(item.told) and not any(name in item.told for name in item.raises)
    ]

    assert not silent, "say what is raised, and when"


@pytest.mark.parametrize("path", CASES)
def test_what_the_type_checker_is_told_to_ignore_has_its_reason(path):
    """Behind the code, as a comment of its own: ``# type: ignore[arg-type] # the stub forgets None``."""
    bare = re.findall(r"^.*# type: ignore(?!\[[\w, -]+\] +# \w).*$", path.read_text(encoding="utf-8"), re.MULTILINE)

    assert not bare


def test_every_entry_of_the_list_names_modules():
    for pattern in CHECKED:
        assert modules(pattern), pattern


def test_the_check_sees_what_is_missing(tmp_path):
    """A function without shape, one that hides its error, and good twins of both."""
    path = tmp_path / "module.py"
    path.write_text(
        'def bare() -> pd.DataFrame:\n    """All of them."""\n    raise BuildError("no")\n'
        'def told() -> Floats:\n    """Draws of shape ``(n,)``; ``BuildError`` when there are none."""\n'
        '    raise errors.BuildError("no")\n'
        'def outer() -> int:\n    """Calls."""\n    def inner():\n        raise BuildError("no")\n    return inner\n',
        encoding="utf-8",
    )
    bare, told, outer = public(path)

    assert gives_array(bare, path)
    assert bare.raises == {"BuildError"}
    assert not SHAPE.search(bare.told)
    assert not ERRORS.search(bare.told)
    assert gives_array(told, path)
    assert SHAPE.search(told.told)
    assert told.raises == {"BuildError"}
    assert not outer.raises
