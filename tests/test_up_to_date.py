"""What a report is made from: never run without need, never served when something it is made from has changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from builds import run, texts
from claimaudit.errors import BuildError
from claimaudit.run import manifest, up_to_date
from claimaudit.run.plan import plan
from notebooks_on_disk import write_notebook
from samples import DATA, OBSERVATIONS, write_dossier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two notebooks of the audit's own topics, and one that names a file, a glob and a variable of its own."""
    write_dossier(tmp_path / "dossier")
    named = 'figs = "figs.ipynb"\nferries = "ferries.ipynb"\n'
    (tmp_path / "dossier/topics.toml").write_text(f"[notebooks]\n{named}")
    write_notebook(tmp_path / "notebooks/figs.ipynb", "print(size)")
    write_notebook(tmp_path / "notebooks/ferries.ipynb", "print(size)")
    write_notebook(tmp_path / "notebooks/other.ipynb", "print(size)")
    declare(tmp_path / "notebooks/other.ipynb", {"files": ["rates.csv"], "globs": ["daily/*.csv"], "env": ["REGION"]})
    return tmp_path


def declare(path: Path, named: object) -> None:
    """Name a notebook's inputs in its metadata."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["claimaudit"] = {"inputs": named}
    nbformat.write(notebook, path)


def echo(task, tell):
    """Stands in for papermill: the notebook as it is, and its parameters."""
    notebook = nbformat.read(task.path, as_version=4)
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", name="stdout", text=str(dict(task.parameters)))]
    return notebook, None


def figs_fails(task, tell):
    """One of them does not go well."""
    if task.name == "figs":
        raise ValueError("not today")
    return echo(task, tell)


def ran(folder: Path, *names: str, **more) -> list[str]:
    """Which reports a build has run."""
    built = run(folder, *names, execute=echo, **more)
    assert not built.failed
    return [outcome.name for outcome in built.outcomes if not outcome.kept]


ALL = ["ferries", "figs", "other"]


def test_nothing_changed_nothing_runs(folder):
    """The same bytes; ``force`` runs all the same, another folder is another matter."""
    assert ran(folder) == ALL
    first = texts(folder / "out")
    assert ran(folder) == []
    assert texts(folder / "out") == first
    assert ran(folder, force=True) == ALL
    assert texts(folder / "out") == first
    assert ran(folder, out="else") == ALL


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda f: os.utime(f / "dossier/sources.csv"), []),
        (lambda f: edit(f / "dossier/article.toml", "\n", "\n# more\n"), ["ferries", "figs", "other"]),
        (lambda f: edit(f / "dossier/observations/harbour.csv", "fig.customs", '"fig.customs"'), ALL),
        (lambda f: (f / "dossier/observations/more.csv").write_text(more_rows()), ALL),
        (lambda f: write_notebook(f / "notebooks/figs.ipynb", "print(size + 1)"), ["figs"]),
        (lambda f: (f / "notebooks/helper.py").write_text("X = 1"), ALL),
        (lambda f: (f / "notebooks/rates.csv").write_text("1"), ["other"]),
        (lambda f: write(f / "notebooks/daily/a.csv", "1"), ["other"]),
        (lambda f: (f / "notebooks/unnamed.csv").write_text("1"), []),
        (lambda f: (f / "out/figs.html").unlink(), ["figs"]),
        (lambda f: (f / "out/notebooks/figs.ipynb").write_text("{}"), ["figs"]),
    ],
)  # fmt: skip
def test_only_what_a_change_touches_is_run(folder, change, expected):
    """A table, a notebook, a module beside it, a declared file: each touches the reports made from it, and no others."""
    ran(folder)
    change(folder)

    assert ran(folder) == expected
    assert ran(folder) == []


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def write(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)


def more_rows() -> str:
    rows = OBSERVATIONS.splitlines()
    return "\n".join([rows[0], rows[1].replace("fig.customs", "fig.x").replace("2022-", "2020-", 2), ""])


def test_a_change_taken_back_runs_again(folder):
    """Nothing is kept but what lies in the folder: what was replaced is made anew."""
    ran(folder)
    assert ran(folder, as_of="2023-06-30") == ALL
    assert "'as_of': '2023-06-30'" in (folder / "out/figs.html").read_text().replace("&#39;", "'")
    assert ran(folder) == ALL
    assert "'as_of': '2023-06-30'" not in (folder / "out/figs.html").read_text().replace("&#39;", "'")


def test_variables_that_are_named_count(folder, monkeypatch):
    """Set, changed, gone."""
    monkeypatch.delenv("REGION", raising=False)
    ran(folder)
    monkeypatch.setenv("REGION", "north")
    assert ran(folder) == ["other"]
    monkeypatch.setenv("REGION", "south")
    assert ran(folder) == ["other"]
    monkeypatch.delenv("REGION")
    assert ran(folder) == ["other"]
    monkeypatch.setenv("UNNAMED", "x")
    assert ran(folder) == []


def test_changed_program_runs_all(folder, monkeypatch):
    """The package's source, the lock, the installed packages and the Python are one part of every recipe."""
    ran(folder)
    monkeypatch.setattr(up_to_date, "program_digest", lambda: "another program")

    assert ran(folder) == ALL


def test_another_engine_is_another_recipe(folder):
    """Who asks for ordinary kernels gets them."""
    ran(folder)

    assert ran(folder, options={"engine": "kernel"}) == ALL


@pytest.mark.parametrize("where", ["elsewhere", "notebooks"])
def test_notebook_that_names_no_inputs_runs_every_time(folder, where):
    """One that is named by path, and one among the audit's that is no topic of the dossier."""
    path = write_notebook(folder / where / "loose.ipynb", "print(size)")

    assert ran(folder, str(path)) == ["loose"]
    assert ran(folder, str(path)) == ["loose"]
    declare(path, {})
    assert ran(folder, str(path)) == ["loose"]
    assert ran(folder, str(path)) == []


def test_topic_named_elsewhere_is_not_the_audits_own(folder):
    """A notebook by path that happens to be called as a topic reads whatever it likes."""
    path = write_notebook(folder / "elsewhere/ships.ipynb", "print(size)")
    path = path.rename(path.with_name("figs.ipynb"))

    assert ran(folder, str(path)) == ["figs"]
    assert ran(folder, str(path)) == ["figs"]


@pytest.mark.parametrize(
    "named",
    [[], {"file": ["a"]}, {"files": "a"}, {"env": [1]}, {"globs": ["/etc/*"]}, {"globs": [""]}, {"files": ["a\0"]}],
)
def test_inputs_of_another_form_are_refused(folder, named):
    """In one sentence that shows the form."""
    declare(folder / "notebooks/other.ipynb", named)

    with pytest.raises(BuildError, match=r"other.ipynb: its metadata 'claimaudit.inputs' is not of the form"):
        run(folder, execute=echo)


def test_glob_that_cannot_be_used_is_refused(folder):
    """With the pattern."""
    declare(folder / "notebooks/other.ipynb", {"globs": ["**foo"]})

    if sys.version_info < (3, 13):  # which takes it as a name with stars
        with pytest.raises(BuildError, match=r"other.ipynb: .* holds the glob '\*\*foo', which cannot be used"):
            run(folder, execute=echo)


@pytest.mark.parametrize(
    "named", [{"globs": ["**"]}, {"globs": ["su*"]}, {"files": ["sub"]}, {"files": ["../notebooks/sub"]}]
)
def test_folder_that_is_named_stands_for_all_files_below_it(folder, named):
    """By a pattern or as a file: a changed one and a new one count."""
    file = folder / "notebooks/sub/deep/rates.csv"
    file.parent.mkdir(parents=True)
    file.write_text("1")
    declare(folder / "notebooks/other.ipynb", named)
    ran(folder)
    assert ran(folder) == []

    file.write_text("2")
    assert ran(folder) == ["other"]
    file.with_name("new.csv").write_text("3")
    assert ran(folder) == ["other"]


def test_file_of_a_name_no_disk_holds_is_missing(folder):
    """It is no reason to stop."""
    declare(folder / "notebooks/other.ipynb", {"files": ["x" * 5000]})
    ran(folder)

    assert ran(folder) == []


def test_failed_report_is_never_up_to_date(folder):
    """It runs again until it is good."""

    assert run(folder, execute=figs_fails).failed
    assert ran(folder) == ["figs"]
    assert ran(folder) == []


def test_change_in_one_table_touches_only_the_reports_that_read_it(tmp_path):
    """The project's own notebooks: a shared table touches all, a table of observations those of its topics."""
    data = shutil.copytree(DATA, tmp_path / "dossier")
    names = ("munitions", "space", "synthesis")

    def recipes() -> dict[str, str]:
        return dict(plan(names, {"dossier": str(data)}).recipes)

    for table, touched in (
        ("observations/air-space-partnership.csv", ["space", "synthesis"]),
        ("observations/trade-energy.csv", ["munitions", "synthesis"]),
        ("series/air-traffic.csv", ["synthesis"]),
        ("sources.csv", list(names)),
        ("method.toml", list(names)),
        ("README.md", []),
    ):
        before = recipes()
        with (data / table).open("a") as file:
            file.write("more\n")
        after = recipes()
        assert [name for name in names if before[name] != after[name]] == touched, table


# -- a build with nothing to do -------------------------------------------------------------------------------------


def idle(folder: Path, *names: str, **given: str) -> bool:
    """Whether a build would find nothing to do."""
    given = {"dossier": str(folder / "dossier"), **given}
    names = names or [str(folder / f"notebooks/{name}.ipynb") for name in ALL]
    asked = plan(names, given, out=folder / "out")
    return asked.is_done(manifest.read(folder / "out"))


def test_nothing_to_do_is_known_from_files_alone(folder):
    """Until a file of the build, an input, or what was asked for is another."""
    assert not idle(folder)
    ran(folder)
    assert idle(folder)
    assert not idle(folder, size="4")
    assert not idle(folder, as_of="2023-06-30")

    for change in ("out/index.html", "out/evidence.sqlite", "dossier/article.toml", "dossier/README.md"):
        with (folder / change).open("a") as file:
            file.write("\n")
        assert not idle(folder), change
        run(folder, execute=echo)
        assert idle(folder), change


def test_one_of_the_dossiers_own_is_nothing_to_do_beside_the_others(folder):
    ran(folder, "figs", "ferries")

    assert idle(folder, "figs")
    assert idle(folder, "figs", "ferries")


def test_failures_are_never_nothing_to_do(folder):
    """A build in which something failed is tried again."""
    ran(folder)
    write_notebook(folder / "notebooks/bad.ipynb", parameters="size = 3")
    assert run(folder, execute=echo).failed

    assert not idle(folder)


@pytest.mark.parametrize("damage", ["{", "[]", '{"form": "claimaudit/manifest-2", "files": 3, "notebooks": []}'])
def test_damaged_manifest_is_not_believed(folder, damage):
    """Whatever it holds, nothing is taken as up to date."""
    ran(folder)
    (folder / "out/manifest.json").write_text(damage)

    assert not idle(folder)


def test_nothing_to_do_opens_nothing(folder):
    """No library is imported for it, in the command as users call it."""
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "claimaudit",
        "build",
        str(folder / "notebooks/other.ipynb"),
    ]
    command += ["--dossier", str(folder / "dossier"), "--out", str(folder / "out")]

    def said() -> tuple[str, set[str]]:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
        return done.stdout, loaded & {"pandas", "numpy", "papermill", "rich", "jinja2"}

    assert "1 report in" in said()[0]
    text, loaded = said()
    assert text.startswith("nothing to do: ")
    assert loaded == set()
    record = json.loads((folder / "out/manifest.json").read_text())
    assert str(folder) not in json.dumps(record)
