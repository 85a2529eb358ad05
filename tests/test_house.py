"""The house of docs/design.md: folders in one order, no circle, the instrument free of the case, every module named."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
ORDER = ("words", "dossier", "analysis", "verdict", "show", "publish", "run", "cluster", "command")
"""The folders of the instrument in the order of docs/design.md; a module imports from its own and those before."""
WORDS = ("__init__", "model", "outcome", "rated", "errors", "formats", "inert", "html", "looks", "places")
COMMAND = ("arguments", "api", "cli", "moved_text", "notebook", "reviewing", "terminal", "terminal_json", "__main__")
MODULES = sorted(path for path in SRC.rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    """The folder a module of the instrument stands in; of the case, its package."""
    parts = module.split(".")
    if parts[0] != "claimaudit":
        return parts[0]
    if len(parts) > 1 and (SRC / "claimaudit" / parts[1]).is_dir():
        return parts[1]
    return "command" if parts[-1] in COMMAND else "words"


def imports(path: Path) -> Iterator[str]:
    """The modules a module imports, wherever in it; what only a type checker reads is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    names = {dotted(module) for module in MODULES}
    for node in ast.walk(tree):
        if node in typing:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in names else node.module for name in below if node.module.split(".")[0] in NAMES)


NAMES = ("claimaudit", "russia_iran")


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_flow_one_way(path):
    """No module of the instrument imports what stands later; the case's models judge nothing."""
    own = dotted(path)
    for other in imports(path):
        if room(own) == "russia_iran":
            shows = own.endswith(("_report", "_charts"))
            free = ("words", "dossier", "analysis", "russia_iran", *(["show"] if shows else []))
            assert room(other) in free, f"{own} imports {other}"
        else:
            assert room(other) in ORDER, f"{own} imports {other}"
            assert ORDER.index(room(other)) <= ORDER.index(room(own)), f"{own} imports {other}"


def test_no_modules_import_each_other_in_a_circle():
    """Not by an import within a function either."""
    graph = {dotted(path): set(imports(path)) - {dotted(path)} for path in MODULES}
    packages = {dotted(path) for path in MODULES if path.name == "__init__.py"}
    while free := [name for name, others in graph.items() if not (others - packages) & set(graph)]:
        for name in free:
            del graph[name]

    assert not graph, {name: sorted(others & set(graph)) for name, others in graph.items()}


@pytest.mark.parametrize("document", ["README.md", "docs/design.md"])
def test_documents_name_the_same_order(document):
    """One line of folders, as this test holds them."""
    text = " ".join((ROOT / document).read_text(encoding="utf-8").split())

    assert " -> ".join(ORDER[:-1]) in text


def test_design_names_every_folder_and_every_module_of_the_words():
    """So that a reader can guess the rest."""
    design = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    folders = {path.parent.relative_to(SRC).as_posix() for path in MODULES}

    for folder in folders - {"claimaudit", "russia_iran"}:
        assert f"`{folder.removeprefix('claimaudit/').removeprefix('russia_iran/')}/`" in design, folder
    for name in (*WORDS[1:], *COMMAND):
        assert f"`{name}.py`" in design, name


CASE = re.compile(r"iran|russia|ukrain|tehran|moscow|kremlin|shahed|caspian|gazprom|cepa|kirillova", re.IGNORECASE)
ORDINARY = {"sentences.py": {"opinion"}}
"""A topic's name where it is an ordinary word: a reason why a sentence makes no claim."""


@pytest.mark.parametrize(
    "path", sorted(path for path in (SRC / "claimaudit").rglob("*.*") if path.suffix != ".pyc"), ids=str
)
def test_the_instrument_does_not_know_the_case(path):
    """No place, name or topic of the article in any file of the package."""
    text = path.read_text(encoding="utf-8")
    topics = {
        module.stem for folder in ("economic", "military") for module in (SRC / "russia_iran" / folder).glob("*.py")
    }
    topics -= {"__init__", *(name for name in topics if name.endswith(("_report", "_charts")))}

    assert not CASE.search(text)
    for topic in topics - ORDINARY.get(path.name, set()) if path.suffix == ".py" else ():
        assert not re.search(rf"\b{topic}\b", text), topic


def defined(path: Path) -> set[str]:
    """What a module itself makes: its definitions and assignments, and imports under a name of its own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.ImportFrom(names=names):
                found |= {alias.asname for alias in names if alias.asname}
    return found


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_every_name_is_imported_from_the_module_that_makes_it(path):
    """So that a name has one home, and moving it leaves no second."""
    modules = {dotted(module): module for module in MODULES}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            for alias in node.names:
                if f"{node.module}.{alias.name}" not in modules:
                    assert alias.name in defined(modules[node.module]), f"{node.module} does not make {alias.name}"


@pytest.mark.parametrize("package", NAMES)
def test_both_packages_ship_their_types(package):
    """Without the mark a type checker takes everything imported from them for untyped."""
    assert (SRC / package / "py.typed").is_file()
