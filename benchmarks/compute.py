"""The floor under a build: seconds that the code cells of the notebooks take as plain scripts in one warm process.

No kernel is started and no page is written: what a build needs beyond this is its own machinery. Cells run in an IPython
shell in this process, and figures are flushed after each as a kernel would. Imports that all notebooks share are made
first and not counted::

    python benchmarks/compute.py                     # every notebook
    python benchmarks/compute.py trade space --repeat 5  # two of them, medians of five runs
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib as mpl

mpl.use("module://matplotlib_inline.backend_inline")  # the backend of a kernel, chosen before anything draws

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib_inline.backend_inline import flush_figures

from claimaudit.dossier.dossier import DEFAULT_DOSSIER
from claimaudit.run.notebooks import Notebook, find_notebooks, folders_of, notebooks_of


def floor_seconds(notebooks: Sequence[str], parameters: Mapping[str, Any] | None = None) -> dict[str, float]:
    """Wall seconds by notebook, each run once; ``notebooks`` are names or paths, all where none is named.

    ``parameters`` are set after the notebook's parameters cell, as papermill sets them. Raises what a cell raises.
    """
    shell = InteractiveShell.instance()
    seconds = {}
    for notebook in find_notebooks(notebooks, notebooks_of(DEFAULT_DOSSIER), folders_of(DEFAULT_DOSSIER)[0]):
        cells = list(_sources(notebook, parameters or {}))
        shell.reset(new_session=True)
        with contextlib.chdir(notebook.path.parent), capture_output():
            start = time.perf_counter()
            for source in cells:
                result = shell.run_cell(source)
                flush_figures()
                result.raise_error()
            seconds[notebook.name] = time.perf_counter() - start
    return seconds


def _sources(notebook: Notebook, parameters: Mapping[str, Any]) -> Iterable[str]:
    """The notebook's code, the parameters set where papermill would set them."""
    for cell in nbformat.read(notebook.path, as_version=4).cells:
        if cell.cell_type == "code":
            yield cell.source
            if "parameters" in cell.metadata.get("tags", []):
                yield "\n".join(f"{name} = {value!r}" for name, value in parameters.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Print seconds by notebook and their sum."""
    parser = argparse.ArgumentParser(description="Seconds the notebooks' own code takes in one warm process.")
    parser.add_argument("notebooks", nargs="*", help="names or paths; all where none is given")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="print medians of N runs (default 1)")
    asked = parser.parse_args(arguments)
    if asked.repeat < 1:
        parser.error("--repeat: give 1 or more")
    runs = [floor_seconds(asked.notebooks) for _ in range(asked.repeat)]
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    width = max(map(len, medians))
    for name, seconds in medians.items():
        print(f"{name:{width}} {seconds:6.2f} s")
    print(f"{'total':{width}} {sum(medians.values()):6.2f} s")


if __name__ == "__main__":
    main()
