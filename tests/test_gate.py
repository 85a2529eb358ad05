"""The gate: what a parameters cell may hold, and what may be given to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimaudit.errors import ParameterError
from claimaudit.run.gate import Parameter, check, gate, parse_parameters, read_parameters

CELL = """\
dossier: str = ""            # <folder> the dossier's folder; empty: the project's own
as_of: str = ""              # <date> judge also as of this day; empty: the two standard dates only
draws: int = 100_000         # [1_000, 1_000_000] Monte Carlo draws
heavy_share: float = 0.25    # [0, 1] share of the shells that is of artillery calibre
offset: float = -1           # degrees; any number will do
firing_rate: str = "us-estimate"  # {us-estimate, ukrainian-claim, eu-memo} whose rate of fire
ships: int = 2               # {1, 2, 3} how many ships
with_services: bool = False  # count services as trade
"""


def notebook(path: Path, *cells: tuple[str, list[str]], kind: str = "code") -> Path:
    document = [{"cell_type": kind, "metadata": {"tags": tags}, "source": [text]} for text, tags in cells]
    path.write_text(json.dumps({"cells": document, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


@pytest.fixture(scope="module")
def declared() -> tuple[Parameter, ...]:
    return parse_parameters(CELL, "munitions.ipynb")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "article.toml").write_text("")
    return tmp_path


def test_cell_is_read_in_its_own_order(declared):
    """Every type, range, list of choices and kind, in one cell."""
    expected = (
        Parameter("dossier", str, "", "the dossier's folder; empty: the project's own", kind="folder"),
        Parameter("as_of", str, "", "judge also as of this day; empty: the two standard dates only", kind="date"),
        Parameter("draws", int, 100_000, "Monte Carlo draws", low=1_000, high=1_000_000),
        Parameter("heavy_share", float, 0.25, "share of the shells that is of artillery calibre", low=0, high=1),
        Parameter("offset", float, -1.0, "degrees; any number will do"),
        Parameter(
            "firing_rate", str, "us-estimate", "whose rate of fire",
            choices=("us-estimate", "ukrainian-claim", "eu-memo"),
        ),
        Parameter("ships", int, 2, "how many ships", choices=(1, 2, 3)),
        Parameter("with_services", bool, False, "count services as trade"),
    )  # fmt: skip

    assert declared == expected


def test_source_may_be_a_list_of_lines(tmp_path):
    """Notebooks keep a cell's text as one string or as a list of lines."""
    path = notebook(tmp_path / "a.ipynb", ("# nothing", []), ("x: int = 1  # a number", ["parameters"]))

    assert read_parameters(path) == (Parameter("x", int, 1, "a number"),)


def test_allowed_is_said_in_words(declared):
    """What the list of parameters shows for each."""
    expected = [
        "a dossier's folder", "a day such as 2023-06-30", "1,000 to 1,000,000", "0 to 1", "a number",
        "us-estimate, ukrainian-claim or eu-memo", "1, 2 or 3", "true or false",
    ]  # fmt: skip

    assert [parameter.allowed for parameter in declared] == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x = 1  # a number", "'x' has no type"),
        ("x: int = 1", "'x' has no comment"),
        ("x: int = 1  #", "'x' has no comment"),
        ("x: int = 1  # [0, 2]", "'x' has no help"),
        ("x: int = 3  # [0, 2] size", "the default 3 is above 2"),
        ("x: float = -0.5  # [0, 1] share", "the default -0.5 is below 0"),
        ("x: str = 'c'  # {a, b} which", "the default 'c' is not one of its choices"),
        ("x: str = 'free'  # any text", "a text without a list of choices"),
        ("x: str = '2023-02-30'  # <date> day", "is not in the calendar"),
        ("x: str = '/no/such'  # <folder> where", "is not a folder"),
        ("x: str = ''  # <file> where", "unknown kind <file>"),
        ("x: int = 1  # <date> day", "unknown kind <date>"),
        ("x: list = []  # things", "has the type 'list'"),
        ("x: int | None = 1  # a number", "has the type 'int | None'"),
        ("x: int = '1'  # a number", "the default '1' is not a whole number"),
        ("x: int = True  # a number", "the default True is not a whole number"),
        ("x: int = 1.0  # a number", "the default 1.0 is not a whole number"),
        ("x: bool = 1  # a switch", "the default 1 is not true or false"),
        ("x: float = 1e999  # a number", "not a finite number"),
        ("x: float = float('nan')  # a number", "the default is not a literal"),
        ("x: int = 2 * 3  # a number", "the default is not a literal"),
        ("x: int = __import__('os').getpid()  # a number", "the default is not a literal"),
        ("x: int  # a number", "the default None is not a whole number"),
        ("x: int = 1  # [2, 0] size", "[2, 0] is no range"),
        ("x: int = 1  # [0, inf] size", "[0, inf] is no range"),
        ("x: int = 1  # [0] size", "[0] is no range"),
        ("x: int = 1  # [0.5, 2] size", "[0.5, 2] is no range"),
        ("x: str = 'a'  # [a, b] which", "[a, b] is no range"),
        ("x: bool = True  # {True} switch", "is no list of choices"),
        ("x: str = 'a'  # {a, a} which", "is no list of choices"),
        ("x: str = 'a'  # {a, } which", "is no list of choices"),
        ("import os", "only parameters may stand here"),
        ("x.y: int = 1  # a number", "only parameters may stand here"),
        ("print('hello')", "only parameters may stand here"),
        ("%matplotlib inline", "it is not plain Python"),
        ("x: int = (", "it is not plain Python"),
        ("x: int = 1  # a number\nx: int = 2  # again", "'x' stands twice"),
    ],
)
def test_faulty_cell_is_one_clear_error(line, message):
    """Each fault names the notebook and the line, and what to do."""
    with pytest.raises(ParameterError) as caught:
        parse_parameters(line, "munitions.ipynb")

    assert message in str(caught.value)
    assert str(caught.value).startswith("munitions.ipynb, parameters cell, line ")
    assert "\n" not in str(caught.value)


def test_all_faults_of_a_cell_at_once():
    """Two faults are two lines, each with its own line number."""
    with pytest.raises(ParameterError) as caught:
        parse_parameters("a = 1\nb: int = 2", "a.ipynb")

    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "a.ipynb, parameters cell, line 1",
        "a.ipynb, parameters cell, line 2",
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path, "there is no such notebook"),
        (lambda path: path.mkdir() or path, "it cannot be read"),
        (lambda path: path.write_text("{") and path, "it is not a notebook"),
        (lambda path: path.write_text("[]") and path, "it is not a notebook"),
        (lambda path: path.write_bytes(b"\xff") and path, "it is not a notebook"),
        (notebook, "no code cell is tagged 'parameters'"),
        (lambda path: notebook(path, ("x: int = 1", [])), "no code cell is tagged 'parameters'"),
        (lambda path: notebook(path, ("x", ["parameters"]), kind="markdown"), "no code cell is tagged 'parameters'"),
        (lambda path: notebook(path, ("", ["parameters"]), ("", ["parameters"])), "2 cells are tagged"),
        (lambda path: notebook(path, ("", ["parameters"]), ("", ["injected-parameters"])), "left of an earlier run"),
    ],
)
def test_faulty_notebook_is_one_clear_error(make, message, tmp_path):
    """A notebook without one parameters cell is refused before anything runs."""
    with pytest.raises(ParameterError, match=message):
        read_parameters(make(tmp_path / "a.ipynb"))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("draws", "100000", 100_000),
        ("draws", "100_000", 100_000),
        ("draws", "+2000", 2_000),
        ("heavy_share", "1", 1.0),
        ("heavy_share", "0.5", 0.5),
        ("heavy_share", ".5", 0.5),
        ("heavy_share", "5e-1", 0.5),
        ("offset", "-12.25", -12.25),
        ("firing_rate", "eu-memo", "eu-memo"),
        ("ships", "3", 3),
        ("with_services", "true", True),
        ("with_services", "False", False),
        ("as_of", "2023-06-30", "2023-06-30"),
        ("as_of", "", ""),
        ("dossier", "", ""),
    ],
)
def test_text_becomes_the_declared_type(name, text, value, declared):
    """What is accepted, by type."""
    found = check(declared, {name: text})

    assert found == {name: value}
    assert type(found[name]) is type(value)


def test_folder_becomes_absolute(declared, folder, monkeypatch):
    """A notebook runs elsewhere, so a relative folder would mean another one there."""
    monkeypatch.chdir(folder.parent)

    assert check(declared, {"dossier": folder.name}) == {"dossier": str(folder)}


CODE = "__import__('os').system('id')"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("draw", "1000", "unknown parameter 'draw': did you mean 'draws'?"),
        ("colour", "red", "unknown parameter 'colour': name one of as_of, dossier, draws"),
        ("", "1", "unknown parameter ''"),
        ("x=1;import os", "1", "unknown parameter 'x=1;import os'"),
        ("draws=1\nimport os\nx", "1", r"unknown parameter 'draws=1\nimport os\nx'"),
        ("{draws.__class__}", "1", "unknown parameter '{draws.__class__}'"),
        ("__builtins__", "1", "unknown parameter '__builtins__'"),
        ("x" * 5000, "1", "unknown parameter 'xxx"),
        ("draws", "1e5", "'1e5' is not a whole number; give 1,000 to 1,000,000"),
        ("draws", "1000.0", "is not a whole number"),
        ("draws", "1,000", "is not a whole number"),
        ("draws", "1__000", "is not a whole number"),
        ("draws", " 1000", "is not a whole number"),
        ("draws", "٣٠٠٠", "is not a whole number"),
        ("draws", "0x1000", "is not a whole number"),
        ("draws", "True", "is not a whole number"),
        ("draws", "", "'' is not a whole number"),
        ("draws", "9" * 5000, "is not a whole number"),
        ("draws", "9" * 400, "is above 1,000,000"),
        ("draws", "999", "'999' is below 1,000; give 1,000 to 1,000,000"),
        ("draws", CODE, "is not a whole number"),
        ("heavy_share", "1.01", "is above 1; give 0 to 1"),
        ("heavy_share", "-0.01", "is below 0"),
        ("heavy_share", "nan", "is not a number"),
        ("heavy_share", "inf", "is not a number"),
        ("offset", "-Infinity", "is not a number"),
        ("offset", "1e999", "is not a number"),
        ("heavy_share", "1/2", "is not a number"),
        ("heavy_share", "{0.__class__}", "is not a number"),
        ("firing_rate", "us-estimat", "is not one of its choices; did you mean 'us-estimate'?"),
        ("firing_rate", "zzz", "give us-estimate, ukrainian-claim or eu-memo"),
        ("firing_rate", "us-estimate\n", "is not one of its choices"),
        ("firing_rate", CODE, "is not one of its choices"),
        ("firing_rate", '"; import os; "', "is not one of its choices"),
        ("firing_rate", "{pm.__class__}", "is not one of its choices"),
        ("ships", "4", "is not one of its choices; give 1, 2 or 3"),
        ("with_services", "1", "is not true or false"),
        ("with_services", "yes", "is not true or false"),
        ("as_of", "2023-02-30", "is not in the calendar; give a day such as 2023-06-30"),
        ("as_of", "2023-06", "is not a day"),
        ("as_of", "20230630", "is not a day"),
        ("as_of", "2023-W26-5", "is not a day"),
        ("as_of", CODE, "is not a day"),
        ("dossier", "/no/such/folder", "is not a folder"),
        ("dossier", "a\0b", "is not a folder"),
        ("dossier", CODE, "is not a folder"),
    ],
)
def test_what_is_refused(name, text, message, declared):
    """Each refusal is one line that names the parameter, what was given and what to give."""
    with pytest.raises(ParameterError) as caught:
        check(declared, {name: text})

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_folder_without_article_is_refused(declared, tmp_path):
    """A folder is a dossier's when it holds article.toml."""
    with pytest.raises(ParameterError, match="holds no article"):
        check(declared, {"dossier": str(tmp_path)})


def test_all_refusals_at_once(declared):
    """Two faults on a command line are two lines."""
    with pytest.raises(ParameterError) as caught:
        check(declared, {"draws": "1", "ships": "9"})

    assert len(str(caught.value).splitlines()) == 2


def test_gate_passes_a_name_to_the_notebooks_that_know_it():
    """One notebook knows both names, the other one of them."""
    both = parse_parameters("a: int = 1  # one\nb: int = 2  # two", "both")
    one = parse_parameters("a: int = 1  # one", "one")

    assert gate({"both": both, "one": one}, {"a": "3", "b": "4"}) == {"both": {"a": 3, "b": 4}, "one": {"a": 3}}


def test_gate_refuses_a_name_no_notebook_knows():
    """It is named once, not once a notebook."""
    one = parse_parameters("alpha: int = 1  # one", "one")
    two = parse_parameters("beta: int = 1  # two", "two")

    with pytest.raises(ParameterError) as caught:
        gate({"one": one, "two": two}, {"alpa": "3"})

    assert str(caught.value) == "unknown parameter 'alpa': did you mean 'alpha'?"


def test_gate_names_the_notebook_that_refuses():
    """The same name may have another range elsewhere."""
    narrow = parse_parameters("a: int = 1  # [0, 5] one", "narrow")
    wide = parse_parameters("a: int = 1  # [0, 50] one", "wide")

    with pytest.raises(ParameterError, match=r"^narrow: parameter 'a': '9' is above 5; give 0 to 5$"):
        gate({"narrow": narrow, "wide": wide}, {"a": "9"})
