"""Reports kept by content: never run without need, never served when something they depend on has changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builds import run, texts
from claimaudit.run import cache, unchanged
from claimaudit.run.pool import can_fork
from claimaudit.run.trace import Trace, note_reads, read_trace
from notebooks_on_disk import write_notebook
from samples import DATA, OBSERVATIONS, write_dossier

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="needs forked kernels, which this system does not have"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A notebook that reads the dossier, one that reads a table of its own, one that reads nothing."""
    write_dossier(tmp_path / "dossier")
    load = "from claimaudit.dossier import Dossier\nprint(len(Dossier.load(dossier).observations), 'rows')"
    write_notebook(tmp_path / "notebooks/figs.ipynb", load)
    write_notebook(tmp_path / "notebooks/ferries.ipynb", "print(open('ferries.csv').read())")
    write_notebook(tmp_path / "notebooks/quiet.ipynb", "print(size)")
    (tmp_path / "notebooks/ferries.csv").write_text("one ferry")
    return tmp_path


def build(folder: Path, *names: str, **more) -> dict[str, bool]:
    """Which reports came from the cache."""
    time.sleep(0.1)  # what was written while a notebook ran is not trusted
    built = run(folder, *names, cache=folder / "cache", **more)
    assert not built.failed
    return {outcome.name: outcome.cached for outcome in built.outcomes}


ALL, NONE = dict.fromkeys(("figs", "ferries", "quiet"), True), dict.fromkeys(("figs", "ferries", "quiet"), False)


def test_nothing_changed_nothing_runs(folder):
    """The same bytes, also in another folder; ``force`` runs all the same."""
    assert build(folder) == NONE
    first = texts(folder / "out")
    assert build(folder) == ALL
    assert build(folder, out="other") == ALL
    assert texts(folder / "out") == texts(folder / "other") == first
    assert build(folder, force=True) == NONE
    assert texts(folder / "out") == first


def test_only_what_a_change_touches_is_run(folder):
    """A table, a folder, a parameter, a notebook, a dossier: each for itself, and back again."""
    build(folder)
    (folder / "notebooks/ferries.csv").write_text("two ferries")
    assert build(folder) == {**ALL, "ferries": False}
    assert "two ferries" in (folder / "out/ferries.html").read_text()
    (folder / "notebooks/ferries.csv").write_text("one ferry")
    assert build(folder) == ALL
    assert "one ferry" in (folder / "out/ferries.html").read_text()

    table = folder / "dossier/observations/harbour.csv"
    table.write_text(
        OBSERVATIONS
        + "fig.more,E01,figs_sold,HRB,2021-01-01,2021-12-31,91,,,crate,1,official,,customs,customs-2022,A year before\n"
    )
    assert build(folder) == {**ALL, "figs": False}
    assert "7 rows" in (folder / "out/figs.html").read_text()

    rows = OBSERVATIONS.splitlines()
    (folder / "dossier/observations/more.csv").write_text(
        "\n".join([rows[0], rows[1].replace("fig.customs", "fig.x").replace("2022-", "2020-", 2), ""])
    )
    assert build(folder) == {**ALL, "figs": False}
    assert "8 rows" in (folder / "out/figs.html").read_text()

    assert build(folder, size="4") == NONE
    write_notebook(folder / "notebooks/quiet.ipynb", "print(size + 1)")
    assert build(folder, size="4") == {**ALL, "quiet": False}


def test_changed_program_runs_all(folder, monkeypatch):
    """The package's source, the lock, the installed packages and the Python are one part of every recipe."""
    build(folder)
    monkeypatch.setattr(cache, "program_digest", lambda: "another program")

    assert build(folder) == NONE


@pytest.mark.parametrize("damage", ["cut", "garbled", "emptied", "no list"])
def test_damaged_entry_is_not_served(folder, damage):
    """It is run again, and the entry mended."""
    build(folder, "quiet")
    good = texts(folder / "out")
    (entry,) = [path.parent for path in (folder / "cache").rglob("entry.json")]
    page = entry / "html.gz"
    if damage == "cut":
        page.write_bytes(page.read_bytes()[:-50])
    elif damage == "garbled":
        page.write_bytes(b"\x1f\x8b" + os.urandom(200))
    elif damage == "emptied":
        (entry / "ipynb.gz").write_bytes(b"")
    else:
        (entry / "entry.json").write_text('{"reads": {}}')

    assert build(folder, "quiet") == {"quiet": False}
    assert texts(folder / "out") == good
    assert build(folder, "quiet") == {"quiet": True}


def test_cache_may_be_deleted(folder):
    """At any time; it is made again."""
    build(folder)
    shutil.rmtree(folder / "cache")

    assert build(folder) == NONE
    assert build(folder) == ALL


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("import subprocess\nprint(subprocess.run(['true']).returncode)", "it starts a program"),
        ("!true", "it starts a program"),
        ("open('left.txt', 'w').write('x')", "it writes 'left.txt'"),
        (
            "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError:\n    pass",
            "network",
        ),
    ],
)
def test_what_cannot_be_followed_is_never_kept(folder, cell, why):
    """A program or a network may give something else next time, and a file that was written would be missing."""
    write_notebook(folder / "notebooks/quiet.ipynb", cell)
    built = run(folder, "quiet", cache=folder / "cache")

    assert why in built.outcomes[0].unkept
    assert build(folder, "quiet") == {"quiet": False}


def test_file_changed_while_it_was_read_is_not_trusted(folder):
    """Nobody knows which of the two states the report shows."""
    cell = "text = open('ferries.csv').read()\nimport os\nos.utime('ferries.csv')"
    write_notebook(folder / "notebooks/quiet.ipynb", cell)

    assert "changed while it ran" in run(folder, "quiet", cache=folder / "cache").outcomes[0].unkept


def test_file_that_was_missing_counts(folder):
    """A report made without an optional file is not served once it is there."""
    cell = "import pathlib\ntry:\n    print(open('extra.csv').read())\nexcept FileNotFoundError:\n    print('none')"
    write_notebook(folder / "notebooks/quiet.ipynb", cell)
    build(folder, "quiet")
    assert build(folder, "quiet") == {"quiet": True}
    (folder / "notebooks/extra.csv").write_text("there now")

    assert build(folder, "quiet") == {"quiet": False}
    assert "there now" in (folder / "out/quiet.html").read_text()


def test_ordinary_kernels_neither_read_nor_fill_the_cache(folder):
    """They are the reference; their reports are the same to the byte."""
    build(folder, "figs")
    kept = texts(folder / "out")

    assert build(folder, "figs", options={"engine": "kernel"}, out="ordinary") == {"figs": False}
    assert texts(folder / "ordinary") == kept


def test_oldest_entries_go_first(folder):
    """When the cache is larger than it may be."""
    build(folder, "quiet")
    build(folder, "figs")
    assert build(folder, "quiet") == {"quiet": True}
    (entry,) = (path.parent for path in (folder / "cache").rglob("entry.json") if "harbour.csv" not in path.read_text())
    cache.prune(folder / "cache", sum(path.stat().st_size for path in entry.iterdir()) + 100)

    assert build(folder, "quiet", "figs") == {"quiet": True, "figs": False}


def requoted(text: str) -> str:
    """A table that says the same in other bytes: the first cell of its last row in quotation marks."""
    lines = text.splitlines()
    cell, comma, rest = lines[-1].partition(",")
    return "\n".join([*lines[:-1], f'"{cell}"{comma}{rest}', ""])


def test_change_in_one_table_runs_only_the_reports_that_read_it(tmp_path):
    """The project's own notebooks: a source's table touches all, a table of observations those of its topics."""
    data = shutil.copytree(DATA, tmp_path / "dossier")
    shutil.copytree(DATA.parent / "notebooks/military", tmp_path / "notebooks")
    names = ("munitions", "space")
    assert build(tmp_path, *names) == {"munitions": False, "space": False}

    for table, touched in (
        ("observations/air-space-partnership.csv", ["space"]),
        ("observations/trade-energy.csv", ["munitions"]),
        ("observations/sanctions-prices.csv", []),
        ("series/air-traffic.csv", []),
        ("method.toml", ["munitions", "space"]),
    ):
        text = (data / table).read_text()
        (data / table).write_text(f"{text}# more\n" if table.endswith("toml") else requoted(text))
        assert [name for name, cached in build(tmp_path, *names).items() if not cached] == touched, table


# -- what a process is seen to read ---------------------------------------------------------------------------------

READS = """\
import sys
from claimaudit.run.trace import note_reads
note_reads(sys.argv[1])
import os, pathlib, sqlite3
import pandas as pd
pd.read_csv("a.csv"); pathlib.Path("b.txt").read_text(); os.close(os.open("c.bin", os.O_RDONLY))
sqlite3.connect("d.sqlite").close(); os.listdir("sub"); list(pathlib.Path("sub2").glob("*"))
"""


def test_reads_are_noted(tmp_path):
    """By pandas, pathlib, file handles and SQLite; folders that are listed; nothing of Python's own."""
    for name in ("a.csv", "b.txt", "c.bin", "d.sqlite"):
        (tmp_path / name).write_text("x\n1\n" if name == "a.csv" else "")
    for name in ("sub", "sub2", "trace"):
        (tmp_path / name).mkdir()
    command = [sys.executable, "-c", READS, str(tmp_path / "trace/of")]
    subprocess.run(command, cwd=tmp_path, check=True)
    found = read_trace(tmp_path / "trace/of", [Path(cache.__file__).parents[1]])

    assert [path.name for path in found.files] == ["a.csv", "b.txt", "c.bin", "d.sqlite"]
    assert [path.name for path in found.folders] == ["sub", "sub2"]
    assert found.opaque == ""


def test_no_trace_is_no_knowledge(tmp_path):
    """Then nothing may be kept."""
    assert read_trace(tmp_path / "none") == Trace(opaque="what it reads was not recorded")
    assert note_reads.__doc__


# -- a build with nothing to do -------------------------------------------------------------------------------------


def shell(folder: Path, *more: str) -> str:
    paths = [str(folder / f"notebooks/{name}.ipynb") for name in ("figs", "quiet")]
    options = ["--dossier", str(folder / "dossier"), "--out", str(folder / "out"), "--cache", str(folder / "cache")]
    command = [sys.executable, "-X", "importtime", "-m", "claimaudit.cli", "build", *paths, *options, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout + ("pandas" if "pandas" in done.stderr else "")


def test_nothing_to_do_opens_nothing(folder):
    """Until a file of the build, an input or what was asked for is another."""
    assert "2 reports in" in shell(folder)
    idle = shell(folder)
    assert idle.startswith("nothing to do")
    assert "pandas" not in idle

    (folder / "out/quiet.html").write_text("spoilt")
    assert "kept quiet: nothing it reads has changed" in shell(folder)
    assert "spoilt" not in (folder / "out/quiet.html").read_text()
    assert "built quiet" in shell(folder, "--force")
    assert done(folder)


def done(folder: Path, *names: str, **given: str) -> bool:
    """Whether the command would find nothing to do, with the notebooks and the dossier that ``shell`` gives it."""
    paths = [str(folder / "notebooks" / f"{name}.ipynb") for name in names or ("figs", "quiet")]
    asked = unchanged.Asked(paths, {**given, "dossier": str(folder / "dossier")}, {}, str(folder / "out"))
    return unchanged.is_done(asked, unchanged.inputs(asked))


def test_what_counts_as_a_change(folder):
    """Touching a file is none, other bytes of the same length are, of outputs and of inputs alike."""
    shell(folder)
    page, sources = folder / "out/quiet.html", folder / "dossier/sources.csv"
    assert done(folder)
    assert not done(folder, size="4")
    assert not done(folder, "figs")

    text = page.read_text()
    for path in (page, sources):
        before = path.read_text()
        path.write_text(before)
        assert done(folder)
        path.write_text(before[:-2] + "?\n")
        assert not done(folder)
        path.write_text(before)
        assert done(folder)
    page.unlink()
    assert not done(folder)
    page.write_text(text)
    manifest = folder / "out/manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "stamps": "spoilt"}))
    assert done(folder)
    page.write_text(text)
    (folder / "notebooks/more.csv").write_text("a file beside the notebooks")
    assert not done(folder)


def test_a_file_from_elsewhere_is_looked_at(folder):
    """What no digest of the inputs covers is left to the cache, which knows what each notebook has read."""
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere/note.txt").write_text("first")
    write_notebook(folder / "notebooks/quiet.ipynb", "print(open('../elsewhere/note.txt').read())")
    shell(folder)
    assert not done(folder)
    assert "kept quiet" in shell(folder)

    (folder / "elsewhere/note.txt").write_text("other")
    said = shell(folder)
    assert "built quiet" in said
    assert "kept figs" in said
    assert "other" in (folder / "out/quiet.html").read_text()


def test_what_the_look_at_inputs_covers(folder, monkeypatch):
    """The dossier and the project's notebooks with all below, folders of notebooks named by path; not where one stands."""
    monkeypatch.chdir(folder)
    asked = unchanged.Asked(["space", "notebooks/figs.ipynb"], {"dossier": "dossier"})
    inside = [folder / "dossier/observations/harbour.csv", folder / "notebooks/ferries.csv", folder / "notebooks"]
    outside = [folder / "note.txt", folder / "notebooks/sub/note.txt", DATA / "sources.csv"]

    assert [unchanged.covers(asked, path) for path in inside] == [True] * 3
    assert [unchanged.covers(asked, path) for path in outside] == [False] * 3
    assert unchanged.covers(unchanged.Asked(["space"]), DATA / "series/air-traffic.csv")


def test_what_killed_builds_left_in_the_cache_is_cleared(folder):
    """An entry that was never finished, once it is old; a fresh one may be another build's."""
    for name in (".made-old", ".made-new"):
        (folder / "cache" / name).mkdir(parents=True)
    os.utime(folder / "cache/.made-old", (time.time() - 7200,) * 2)
    cache.prune(folder / "cache")

    assert [path.name for path in (folder / "cache").iterdir()] == [".made-new"]


def test_an_entry_that_goes_meanwhile_is_only_not_used(folder, monkeypatch):
    """Another build may prune it between the look at what it rests on and the copying."""
    build(folder, "quiet")
    fits = cache._fits

    def fits_and_goes(entry):
        found = fits(entry)
        shutil.rmtree(entry)
        return found

    monkeypatch.setattr(cache, "_fits", fits_and_goes)
    assert build(folder, "quiet") == {"quiet": False}


def test_clean_removes_what_builds_wrote(folder):
    """And nothing else."""
    shell(folder)
    (folder / "out/mine.txt").write_text("")

    assert unchanged.remove(folder / "out") > 6
    assert [path.name for path in (folder / "out").rglob("*")] == ["mine.txt"]
    assert cache.clean(folder / "cache") == 2
    assert not (folder / "cache").exists()
