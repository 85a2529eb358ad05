"""The project's notebooks: their form, and that they run as they are with odd parameters too."""

from __future__ import annotations

import ast

import nbformat
import papermill
import pytest

from claimaudit.analysis.parameters import declared
from claimaudit.model import TestKind
from claimaudit.run import worker
from claimaudit.run.gate import read_parameters
from claimaudit.run.notebooks import notebooks_of
from claimaudit.run.pool import running
from claimaudit.run.progress import Progress
from claimaudit.verdict.models import model_of
from samples import DATA
from shared import made_once

NOTEBOOKS = {notebook.name: notebook for notebook in notebooks_of(DATA)}
FIRST = ("dossier", "as_of")


def odd(name):
    """A set of parameters as far from the defaults as the notebook allows: upper ends, last choices, an early day."""
    given = {"as_of": "2022-06-30"}
    for parameter in read_parameters(NOTEBOOKS[name].path):
        if parameter.name in ("dossier", "as_of", "seed"):
            continue
        if parameter.name == "draws":
            given["draws"] = 1_000
        elif parameter.choices:
            given[parameter.name] = parameter.choices[-1]
        elif parameter.type is bool:
            given[parameter.name] = not parameter.default
        elif parameter.high is not None:
            given[parameter.name] = parameter.type(parameter.high)
    return given


def cells(name, kind="code"):
    return [cell for cell in nbformat.read(NOTEBOOKS[name].path, 4).cells if cell.cell_type == kind]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_form(name, project):
    """No outputs, no logic, short cells, one parameters cell; where a model judges, a panel that reports leave out."""
    code = cells(name)
    tags = [cell.metadata.get("tags", []) for cell in code]
    shown = [cell for cell, mark in zip(code, tags, strict=True) if "parameters" not in mark]

    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in mark for mark in tags) == 1
    modelled = any(part.test is TestKind.MODEL for claim in project.topic(name) for part in claim.parts)
    assert sum("explore" in mark for mark in tags) == modelled
    assert len({cell.id for cell in nbformat.read(NOTEBOOKS[name].path, 4).cells}) >= 12
    for cell in shown:
        assert len(cell.source.splitlines()) <= 15, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While), cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_literal_figure_in_prose(name):
    """Figures in the text come from evaluated output: prose holds no digits but claim ids and years of sources."""
    for cell in cells(name, "markdown"):
        words = cell.source.replace("(", " ").replace(")", " ").replace(",", " ").split()
        odd = [word for word in words if any(letter.isdigit() for letter in word) and not _allowed(word.strip(".:;?!"))]
        assert not odd, f"{odd} in: {cell.source[:200]}"


def _allowed(word: str) -> bool:
    claim = len(word) == 3 and word[0] in "ME" and word[1:].isdigit()
    claims = "-" in word and all(_allowed(part) for part in word.split("-"))
    year = word[:4].isdigit() and 1900 <= int(word[:4]) <= 2030 and not word[4:].strip("s'’-/0123456789")
    type_name = any(letter.isalpha() for letter in word) and word[0].isalpha()  # Su-35, A330, B2
    return claim or claims or year or type_name


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_parameters_cell_says_what_the_topic_declares(name, project):
    """The same names in order, defaults, ranges, choices and words: papermill needs the text, all else reads the class."""
    cell = {parameter.name: parameter for parameter in read_parameters(NOTEBOOKS[name].path)}
    module = model_of(project, name)
    given = list(cell)[len(FIRST) :]

    assert tuple(cell)[: len(FIRST)] == FIRST
    assert module is not None
    known = declared(module.Parameters)
    assert given == list(known)
    usual = module.Parameters()
    for key in given:
        item, said = known[key], cell[key]
        assert said.default == getattr(usual, key)
        assert said.help.replace('"', "'") == item.help
        assert said.choices == item.choices
        assert (said.low, said.high) == (item.low, item.high)


def kept(task, tell):
    """A report's run as in a build, its notebook put aside as it is."""
    notebook, failure = worker.execute(task, tell)
    nbformat.write(notebook, task.folder / f"{task.name}.out.ipynb")
    return notebook, failure


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Every notebook with odd parameters, run as a build runs them, but not tidied."""

    def run(folder):
        folder.mkdir()
        tasks = [worker.Task(name, item.path, name, odd(name), folder) for name, item in NOTEBOOKS.items()]
        with running(tasks, 2, kept, Progress()) as futures:
            pass
        assert [outcome.failure for outcome in (future.result() for future in futures) if outcome.failure] == []

    return made_once(tmp_path_factory.getbasetemp(), "odd", run)


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_runs_with_odd_parameters(name, executed):
    assert_whole(nbformat.read(executed / f"{name}.out.ipynb", 4))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["trade", "synthesis"])
def test_runs_under_plain_papermill(name, tmp_path):
    """From any folder; the engine's own tests tell that a build's kernels give what ordinary ones give."""
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        NOTEBOOKS[name].path, out, parameters=odd(name), kernel_name="python3", progress_bar=False, cwd=tmp_path
    )

    assert_whole(nbformat.read(out, 4))


def assert_whole(notebook):
    """It ran to its end without an error, drew its figures, and shows no missing number; panels are not run."""
    code = [
        cell for cell in notebook.cells if cell.cell_type == "code" and "explore" not in cell.metadata.get("tags", [])
    ]
    outputs = [output for cell in code for output in cell.outputs]
    assert all(cell.execution_count for cell in code if cell.source.strip())
    assert not [output for output in outputs if output.output_type == "error"]
    shown = [
        output.data.get("text/html", "")
        for output in outputs
        if output.output_type in ("execute_result", "display_data")
    ]
    assert sum("<figure" in html for html in shown) >= 2
    assert not [html for html in shown if ">nan<" in html.casefold() or "Traceback" in html]
