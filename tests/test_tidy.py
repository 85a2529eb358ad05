"""Executed notebooks: stable ids whatever the notebook brought, nothing by chance, a note for what is gone."""

from __future__ import annotations

import copy
import json
import warnings

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from claimaudit.run.tidy import read_notebook, tidy, with_ids

WIDGET = "application/vnd.jupyter.widget-view+json"


def notebook(*ids, minor=5):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "x", "id": name} for name in ids]
    for cell in cells:
        if cell["id"] is None:
            del cell["id"]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


def ids(found):
    return [cell["id"] for cell in found["cells"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((None, None), ["cell-1", "cell-2"]),
        (("a", None, "b"), ["a", "cell-2", "b"]),
        (("cell-2", None), ["cell-2", "cell-3"]),
        (("a", "a", "a"), ["a", "a-2", "a-3"]),
        (("a", "a", "a-2"), ["a", "a-3", "a-2"]),
        (("", "b c", 7, "ü", "x" * 65), ["cell-1", "cell-2", "cell-3", "cell-4", "cell-5"]),
        (("x" * 64, "x" * 64), ["x" * 64, "x" * 56 + "-2"]),
    ],
)
def test_every_cell_gets_an_id_of_its_own_and_keeps_a_good_one(before, after):
    given = notebook(*before)
    kept = copy.deepcopy(given)

    assert ids(with_ids(given)) == after
    assert given == kept  # the notebook itself is left alone
    assert ids(with_ids(with_ids(given))) == after


@pytest.mark.parametrize(("names", "minor"), [((None, None), 4), ((None, None), 5), (("a", "a"), 5), (("a", None), 2)])
def test_a_notebook_without_ids_is_read_the_same_each_time_without_a_warning(tmp_path, names, minor):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(*names, minor=minor)), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = read_notebook(path), read_notebook(path)
        nbformat.validate(first)

    assert first == second
    assert len(set(ids(first))) == 2
    assert first.nbformat_minor >= 5


def test_a_notebook_of_format_3_gets_them_too(tmp_path):
    path = tmp_path / "old.ipynb"
    cell = {
        "cell_type": "code",
        "input": ["1"],
        "outputs": [],
        "language": "python",
        "metadata": {},
        "collapsed": False,
    }
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": [cell], "metadata": {}}],
    }
    path.write_text(json.dumps(old), encoding="utf-8")

    assert ids(read_notebook(path)) == ["cell-1"]
    assert read_notebook(path) == read_notebook(path)


def test_half_a_character_in_a_cell_does_not_stop_it_from_being_written(tmp_path):
    path = tmp_path / "a.ipynb"
    given = notebook("a")
    given["cells"][0]["source"] = "half \ud800 sign, whole \U0001f600"
    path.write_text(json.dumps(given), encoding="utf-8")
    found = read_notebook(path)
    nbformat.write(found, tmp_path / "b.ipynb")

    assert found.cells[0].source == "half ? sign, whole \U0001f600"


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"nbformat": 4}', '{"nbformat": 4, "cells": 3}'])
def test_what_is_no_notebook_is_an_error_as_nbformat_words_it(tmp_path, text):
    path = tmp_path / "a.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Exception) as ours:  # noqa: PT011
        read_notebook(path)
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        nbformat.read(path, as_version=4)

    assert type(ours.value) is type(theirs.value)


def test_added_cells_get_ids_that_no_other_cell_has():
    added = new_code_cell("x = 1", metadata={"tags": ["injected-parameters"]})
    other = new_markdown_cell("x")
    other["id"] = "added-0"

    assert ids(tidy(new_notebook(cells=[added, other]), ())) == ["added-1", "added-0"]


def test_a_widgets_view_goes_and_a_note_stays():
    data = {WIDGET: {"model_id": "random"}, "text/plain": "IntSlider(value=0)"}
    told = {WIDGET: {"model_id": "random"}, "text/plain": "3 of 4 rows match"}
    cell = new_code_cell("x", outputs=[new_output("display_data", data=one) for one in (data, told)])
    first, second = tidy(new_notebook(cells=[cell]), ()).cells[0].outputs

    assert "random" not in json.dumps([first, second])
    assert "kind widget cannot be shown" in first.data["text/html"]
    assert "kind widget cannot be shown" in first.data["text/plain"]
    assert second.data == {"text/plain": "3 of 4 rows match"}


def test_other_displays_are_kept_in_the_executed_notebook():
    data = {"application/vnd.plotly.v1+json": {"data": [1]}, "application/javascript": "x"}
    cell = new_code_cell("x", outputs=[new_output("display_data", data=data)])

    assert tidy(new_notebook(cells=[cell]), ()).cells[0].outputs[0].data == data


def test_places_in_memory_and_names_by_chance_are_not_kept():
    def run(place, name):
        html = f'<style>#T_{name}_row0 {{}}</style><table id="T_{name}"><td id="T_{name}_row0">&lt;X at 0x{place}&gt;</td></table>'
        outputs = [
            new_output("execute_result", data={"text/plain": f"<X object at 0x{place}>", "text/html": html}),
            new_output("stream", name="stdout", text=f"<bound method Y.z of <Y at 0x{place}>>\n0x{place} stays"),
        ]
        return tidy(new_notebook(cells=[new_code_cell("x", id="a", outputs=outputs)]), ())

    first, second = run("7f00deadbeef", "0a1b2"), run("7f0012345678", "fffff")
    assert first.cells[0].outputs[0] == second.cells[0].outputs[0]
    assert first.cells[0].outputs[0].data["text/plain"] == "<X object at 0x...>"
    assert "0x7f00deadbeef stays" in first.cells[0].outputs[1].text
