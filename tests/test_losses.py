"""Nothing is lost: whatever happens to one report, the others are built, and every file is whole or not there."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from builds import alive, run, texts, within
from claimaudit.errors import BuildError
from claimaudit.run import manifest
from claimaudit.run.folder import clean
from claimaudit.run.machine import can_fork
from notebooks_on_disk import write_notebook
from samples import write_dossier

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="needs forked kernels, which this system does not have"),
]

START = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nopen('../child', 'w').write(str(child.pid))\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dossier, one good notebook, and its report of an earlier build beside that of another."""
    write_dossier(tmp_path / "dossier")
    write_notebook(tmp_path / "notebooks/ferries.ipynb", "print('a ferry')")
    write_notebook(tmp_path / "notebooks/figs.ipynb", "print('first figs')")
    assert not run(tmp_path).failed
    return tmp_path


def assert_only_figs_failed(folder: Path, built, error: str, cell: int) -> None:
    """One failure, told everywhere; the other report is new, the last good one stands, nothing is half-written."""
    assert [outcome.name for outcome in built.failed] == ["figs"]
    failure = built.failed[0].failure
    assert error in failure.error
    assert failure.cell == cell
    index = (built.out / "index.html").read_text()
    assert error.split("'", maxsplit=1)[0] in index
    assert "its report is that of an earlier build" in index
    assert "kept from an earlier build, with the evidence of 1 June 2024" in index
    assert "first figs" in (built.out / "figs.html").read_text()
    assert "first figs" in (built.out / "notebooks/figs.ipynb").read_text()
    assert "a ferry" in (built.out / "ferries.html").read_text()
    record = json.loads((built.out / "manifest.json").read_text())["notebooks"]
    assert (record["figs"]["state"], record["ferries"]["state"]) == ("failed", "built")
    assert record["figs"]["kept"]["data"] == "2024-06-01"
    assert not list(built.out.glob(".*"))
    assert str(folder) not in "".join(texts(built.out).values())


def break_figs(folder: Path, *cells: str) -> None:
    write_notebook(folder / "notebooks/figs.ipynb", "print('so far')", *cells)


def so_far(folder: Path) -> list[str]:
    """What the partly run notebook holds: streams as text, errors by name."""
    cells = nbformat.read(folder / "out/notebooks/figs.failed.ipynb", as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output.get("text", "").strip() or output.get("ename", "") for output in outputs]


def test_exception_in_a_cell(folder):
    """With the cell and its line."""
    break_figs(folder, "x = 1\n\nx / 0")
    built = run(folder)

    assert_only_figs_failed(folder, built, "ZeroDivisionError: division by zero", 4)
    assert built.failed[0].failure.line == 3
    assert "cell 4, line 3" in (built.out / "index.html").read_text()
    assert so_far(folder) == ["so far", "ZeroDivisionError"]


def test_long_message_of_an_error(folder):
    """Told in a line; the executed notebook holds it whole."""
    break_figs(folder, "raise ValueError('x' * 100_000)")
    built = run(folder)

    assert_only_figs_failed(folder, built, "ValueError: xxx", 4)
    assert len(str(built.failed[0].failure)) < 400
    assert "x" * 1000 not in (built.out / "index.html").read_text()
    assert "x" * 100_000 in (built.out / "notebooks/figs.failed.ipynb").read_text()


@pytest.mark.parametrize("cell", ["while True: pass", "import time\ntime.sleep(600)"])
def test_cell_that_never_ends(folder, cell):
    """The notebook is ended at its time limit, with the program its cell has started."""
    mark = folder / "child"
    break_figs(folder, START + cell)
    built = run(folder, options={"seconds": 3})

    assert_only_figs_failed(folder, built, "Timeout: the notebook took longer than 3 seconds", 4)
    assert built.failed[0].seconds < 15
    assert within(5, lambda: not alive(int(mark.read_text())))
    assert so_far(folder) == ["so far", "Timeout"]


def test_kernel_killed_in_mid_cell(folder):
    """Told as such, with the cell; what it had started ends too."""
    mark = folder / "child"
    break_figs(folder, f"{START}import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    built = run(folder)

    assert_only_figs_failed(folder, built, "KernelDied: its process was ended from outside", 4)
    assert within(5, lambda: not alive(int(mark.read_text())))
    assert so_far(folder) == ["so far", "KernelDied"]


def test_report_process_killed_in_mid_cell(folder):
    """The process that talks to the kernel: the kernel does not outlive it."""
    mark = folder / "pid"
    kill = (
        "import os, psutil, time\nopen('../pid', 'w').write(str(os.getpid()))\n"
        "psutil.Process().parent().kill()\ntime.sleep(600)"
    )
    break_figs(folder, kill)
    built = run(folder)

    assert_only_figs_failed(folder, built, "its process was ended from outside", 0)
    assert within(5, lambda: not alive(int(mark.read_text())))


def test_memory_beyond_the_limit(folder):
    """The cell that asks for too much fails like any other."""
    break_figs(folder, "import numpy\nfull = numpy.ones(300_000_000)")
    built = run(folder, options={"megabytes": 1500})

    assert_only_figs_failed(folder, built, "MemoryError: Unable to allocate", 4)
    assert built.failed[0].failure.line == 2


def test_disk_full_while_writing_a_report(folder, tmp_path):
    """A file that finds no room is not put into place; the small ones are."""
    break_figs(folder, "import random\nprint(''.join(random.choices('abcdef', k=3_000_000)))")
    done = build_with_room(folder, 2_000_000)

    assert done.returncode == 1
    assert "claimaudit: figs failed: OSError: [Errno 27] File too large" in done.stderr
    assert "first figs" in (folder / "out/figs.html").read_text()
    assert "a ferry" in (folder / "out/ferries.html").read_text()
    assert "File too large" in (folder / "out/index.html").read_text()
    assert not list((folder / "out").glob(".*"))


def test_disk_full_while_writing_the_index(folder):
    """Nothing of the new build is put into place, and the old one stands."""
    before = texts(folder / "out")
    break_figs(folder)
    done = build_with_room(folder, 6_000)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("claimaudit: a report could not be written (File too large)")
    assert texts(folder / "out") == before
    assert not list((folder / "out").glob(".*"))


def build_with_room(folder: Path, room: int) -> subprocess.CompletedProcess[str]:
    """A build from a shell in which no file may grow beyond so many bytes."""
    return subprocess.run(
        command(folder),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )


def command(folder: Path, *names: str) -> list[str]:
    paths = [str(folder / f"notebooks/{name}.ipynb") for name in names or ("figs", "ferries")]
    options = ["--dossier", str(folder / "dossier"), "--out", str(folder / "out")]
    return [sys.executable, "-m", "claimaudit", "build", *paths, *options]


@pytest.mark.parametrize(("end", "code", "said"), [(">/dev/full", 2, "output cannot be written"), (">&- 2>&-", 0, "")])
def test_output_that_nobody_takes(folder, end, code, said):
    """A full or closed standard output is answered by a sentence at most, and the reports are there."""
    write_notebook(folder / "notebooks/figs.ipynb", "print('new figs')")
    done = subprocess.run(
        ["bash", "-c", f'"$@" {end}', "-", *command(folder)], capture_output=True, text=True, check=False
    )

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "new figs" in (folder / "out/figs.html").read_text()


def test_clean_where_files_cannot_be_deleted(folder, monkeypatch):
    """They are named, and the mark stays, so that a later clean knows them."""
    there = list(manifest.read(folder / "out").files)
    monkeypatch.setattr(Path, "unlink", refuses)
    done = clean(folder / "out")

    assert (done.deleted, sorted(done.left)) == ((), sorted(there))
    monkeypatch.undo()
    assert sorted(clean(folder / "out").deleted) == sorted([*there, "manifest.json"])


def refuses(path: Path, missing_ok: bool = False) -> None:
    """Stands in for a folder without the right to write."""
    if not missing_ok:
        raise PermissionError(13, "Permission denied", str(path))


def test_unwritable_folder(folder):
    """Refused in a sentence before anything runs."""
    with pytest.raises(BuildError, match="reports cannot be written into"):
        run(folder, out="/proc/claimaudit/reports")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{not json", "figs.ipynb: it is not a notebook; save it again from JupyterLab"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no code cell is tagged 'parameters'"),
    ],
)
def test_notebook_that_cannot_be_used(folder, text, error):
    """Not JSON, or without a parameters cell."""
    (folder / "notebooks/figs.ipynb").write_text(text)

    assert_only_figs_failed(folder, run(folder), error, 0)


def test_missing_kernel(folder):
    """Named in the message."""
    path = folder / "notebooks/figs.ipynb"
    path.write_text(path.read_text().replace('"name": "python3"', '"name": "julia-9"'))

    assert_only_figs_failed(folder, run(folder), "No such kernel named julia-9", 0)


def broken_export(task, tell):
    """Stands in for papermill: one notebook's output is of a kind no page can show."""
    notebook = nbformat.read(task.path, as_version=4)
    kind = nbformat.NotebookNode(output_type="unheard-of")
    notebook.cells[2].outputs = [
        kind if task.name == "figs" else nbformat.v4.new_output("stream", name="stdout", text="a ferry")
    ]
    return notebook, None


def test_export_that_fails(folder):
    """No cell is to blame."""
    built = run(folder, execute=broken_export, force=True)

    assert_only_figs_failed(folder, built, "", 0)


def test_two_builds_into_one_folder_at_once(folder):
    """Both end well, and the folder holds both reports, whole, and a record of both."""
    for name in ("figs", "ferries"):
        write_notebook(folder / f"notebooks/{name}.ipynb", f"print('new {name}')")
    builds = [subprocess.Popen(command(folder, name), stderr=subprocess.PIPE) for name in ("figs", "ferries")]

    assert [(build.communicate()[1], build.returncode) for build in builds] == [(b"", 0), (b"", 0)]
    for name in ("figs", "ferries"):
        page = (folder / f"out/{name}.html").read_text()
        assert f"new {name}" in page
        assert page.endswith("</html>\n")
        assert f'href="{name}.html"' in (folder / "out/index.html").read_text()
    record = json.loads((folder / "out/manifest.json").read_text())
    assert {name: entry["state"] for name, entry in record["notebooks"].items()} == {
        "figs": "built",
        "ferries": "built",
    }
    assert not list((folder / "out").glob(".*"))


def test_next_build_clears_what_a_killed_one_left(folder):
    """But not the folder of a build that still runs."""
    break_figs(folder, "open('../mark', 'w').close()\nimport time\ntime.sleep(600)")
    killed = subprocess.Popen(command(folder, "figs"), stderr=subprocess.DEVNULL)
    try:
        assert within(60, (folder / "mark").exists)
        assert not run(folder, "ferries").failed
        assert len(list((folder / "out").glob(".claimaudit-build-*"))) == 1
    finally:
        killed.kill()
        killed.wait()

    assert not run(folder, "ferries").failed
    assert not list((folder / "out").glob(".*"))


def test_no_file_tells_of_the_environment(folder, monkeypatch):
    """Neither in a report nor in the message of a failure."""
    secret = "hunter2-of-the-environment"
    break_figs(folder, "import os\nos.environ['MISSING_NAME']")
    done = subprocess.run(
        command(folder), capture_output=True, text=True, check=False, env={**os.environ, "SECRET": secret}
    )

    everything = done.stdout + done.stderr + "".join(texts(folder / "out").values())
    assert done.returncode == 1
    assert "KeyError: 'MISSING_NAME'" in done.stderr
    assert secret not in everything
    assert str(folder / "notebooks") not in everything
