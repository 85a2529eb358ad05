"""Tiny notebooks on disk, for tests that run real ones, and what the project's own leave in a reader's hands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import pandas as pd

from claimaudit.run.notebooks import notebooks_of
from samples import DATA

PARAMETERS = """\
dossier: str = ""  # <folder> the dossier's folder
as_of: str = ""    # <date> judge also as of this day
size: int = 3      # [1, 10] how many"""


def write_notebook(path: Path, *cells: str, title: str = "", parameters: str = PARAMETERS) -> Path:
    """Write a notebook: a heading, the parameters cell, then code cells. The first code cell is number 3."""
    document = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    document.cells = [
        nbformat.v4.new_markdown_cell(f"# {title or path.stem.capitalize()}"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(cell) for cell in cells),
    ]
    for number, cell in enumerate(document.cells):
        cell["id"] = f"cell-{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(document, path)
    return path


def cells_run(name: str) -> dict[str, Any]:
    """The names a reader has after Run All in a notebook of the project, its panel left out."""
    (path,) = (notebook.path for notebook in notebooks_of(DATA) if notebook.name == name)
    names: dict[str, Any] = {}
    with mpl.rc_context(), pd.option_context("display.max_colwidth", 50):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code" and "explore" not in cell.metadata.get("tags", []):
                exec(compile(cell.source, f"{name}:{cell.id}", "exec"), names)
    return names
