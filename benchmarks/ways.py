"""The ways to turn notebooks into HTML reports that ``benchmarks/build.py`` holds against each other.

Each way takes a list of jobs (notebook, parameters, name) and an empty folder, and leaves one HTML file a job there.
Those that need other packages are run by the interpreter ``make bench`` prepares for them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
OTHERS = PROJECT / ".venv-bench" / "bin"
"""Where ploomber-engine and marimo are: they slow papermill's own start, so they stay out of the project's packages."""


@dataclass(frozen=True)
class Job:
    """One report: the notebook, its name and the parameters it is given."""

    notebook: Path
    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


Way = Callable[[Sequence[Job], Path], None]


def call(*words: object, folder: Path, quiet: bool = True) -> None:
    """Run a command to its end in a folder."""
    subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        check=True,
        capture_output=quiet,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def ours(jobs: Sequence[Job], out: Path, *more: str) -> None:
    """``claimaudit build``: all jobs in one command; a sweep of seeds where they have parameters."""
    names = list(dict.fromkeys(job.notebook.stem for job in jobs))
    seeds = list(dict.fromkeys(job.parameters["seed"] for job in jobs if job.parameters))
    sweep = ["--vary", "seed", ",".join(map(str, seeds))] if seeds else []
    options = ["--out", out, "--quiet"]
    call(BIN / "claimaudit", "build", *names, *sweep, *options, *more, folder=PROJECT)


def shell_loop(jobs: Sequence[Job], out: Path) -> None:
    """The usual way: the papermill command, then the nbconvert command, a notebook after the other."""
    for job in jobs:
        given = [word for name, value in job.parameters.items() for word in ("-p", name, value)]
        ran = out / f"{job.name}.ipynb"
        call(
            BIN / "papermill",
            job.notebook,
            ran,
            *given,
            "--no-progress-bar",
            "-k",
            "python3",
            folder=job.notebook.parent,
        )
        call(BIN / "jupyter", "nbconvert", "--to", "html", ran, folder=out)


def nbconvert_execute(jobs: Sequence[Job], out: Path) -> None:
    """``jupyter nbconvert --execute``, which takes no parameters."""
    for job in jobs:
        command = (BIN / "jupyter", "nbconvert", "--to", "html", "--execute", job.notebook, "--output-dir", out)
        call(*command, "--output", job.name, folder=job.notebook.parent)


def papermill_pool(jobs: Sequence[Job], out: Path) -> None:
    """papermill's own engine and nbconvert from Python, in a pool of two processes."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_by_papermill, jobs, [out] * len(jobs)))


def _by_papermill(job: Job, out: Path) -> None:
    import papermill  # noqa: PLC0415 (each worker's own)
    from nbconvert import HTMLExporter  # noqa: PLC0415

    ran = out / f"{job.name}.ipynb"
    options = {"progress_bar": False, "kernel_name": "python3", "cwd": str(job.notebook.parent)}
    notebook = papermill.execute_notebook(str(job.notebook), str(ran), parameters=dict(job.parameters), **options)
    (out / f"{job.name}.html").write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")


_PLOOMBER = """\
import json, sys
from pathlib import Path
from nbconvert import HTMLExporter
from ploomber_engine import execute_notebook
notebook, out, name, given, folder = sys.argv[1:]
import os
os.chdir(folder)
ran = execute_notebook(notebook, f"{out}/{name}.ipynb", parameters=json.loads(given), verbose=False, progress_bar=False)
Path(out, f"{name}.html").write_text(HTMLExporter().from_notebook_node(ran)[0])
"""


def ploomber(jobs: Sequence[Job], out: Path) -> None:
    """ploomber-engine (the shell in process) and nbconvert, a process a notebook."""
    for job in jobs:
        words = (job.notebook, out, job.name, json.dumps(dict(job.parameters)), job.notebook.parent)
        call(OTHERS / "python", "-c", _PLOOMBER, *words, folder=out)


def marimo(jobs: Sequence[Job], out: Path) -> None:
    """``marimo convert`` and ``marimo export html``; a notebook whose cells fail there counts as not converted."""
    for job in jobs:
        script = out / f"{job.name}.py"
        call(OTHERS / "marimo", "convert", job.notebook, "-o", script, folder=out)
        call(
            OTHERS / "marimo", "export", "html", script, "-o", out / f"{job.name}.html", "--no-include-code", folder=out
        )


def ours_again(jobs: Sequence[Job], out: Path) -> None:
    """``claimaudit build`` when nothing has changed since the last."""
    ours(jobs, out)


def ours_ordinary(jobs: Sequence[Job], out: Path) -> None:
    """``claimaudit build`` with ordinary kernels, for comparison."""
    ours(jobs, out, "--engine", "kernel")


def cleared(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
