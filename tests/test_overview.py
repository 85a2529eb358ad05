"""The notebook `make lab` opens: it runs, leads to every other one, and is no report itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest

from claimaudit.run.notebooks import notebooks_of
from samples import DATA

ROOT = Path(__file__).parents[1]
OVERVIEW = ROOT / "overview.ipynb"


@pytest.fixture(scope="module")
def cells():
    return nbformat.read(OVERVIEW, 4).cells


def test_make_lab_opens_it():
    assert re.search(
        r"^lab:.*\n(?:\t.*\n)*\t.*jupyter lab .*overview\.ipynb$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )


def test_it_leads_to_every_notebook_by_its_title_and_claims(cells, project):
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")

    for notebook in notebooks_of(DATA):
        path = notebook.path.relative_to(ROOT).as_posix()
        found = re.search(rf"\[{re.escape(notebook.title)}\]\({re.escape(path)}\) \(([^)]*)\)", text)
        assert found, path
        assert set(_named(found.group(1))) == {claim.claim_id for claim in project.topic(notebook.name)}


def test_its_links_lead_somewhere(cells):
    for cell in cells:
        for target in re.findall(r"\]\(([^)#]+)\)", cell.source) if cell.cell_type == "markdown" else ():
            assert target.startswith("https://") or (ROOT / target).exists(), target


def test_it_holds_no_logic_and_no_output(cells):
    for cell in cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert len(cell.source.splitlines()) <= 15
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While)


@pytest.mark.slow
def test_it_runs_and_shows_picture_card_evidence_source_and_panel(tmp_path):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(OVERVIEW, out, kernel_name="python3", progress_bar=False, cwd=ROOT)

    outputs = [output for cell in nbformat.read(out, 4).cells for output in cell.get("outputs", [])]
    shown = " ".join(output.data.get("text/html", "") for output in outputs if "data" in output)
    assert not [output for output in outputs if output.output_type == "error"]
    for piece in ("<figure", 'id="claim-E14"', "Evidence: ", "taken from it", "A Confederacy of Rogues"):
        assert piece in shown, piece
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)


def _named(text):
    """``E02, E11-E13``: the four claims."""
    for part in text.split(", "):
        first, _, last = part.partition("-")
        for number in range(int(first[1:]), int((last or first)[1:]) + 1):
            yield f"{first[0]}{number:02d}"
