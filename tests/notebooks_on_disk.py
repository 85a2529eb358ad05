"""Tiny notebooks on disk, for tests that run real ones."""

from __future__ import annotations

from pathlib import Path

import nbformat

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
