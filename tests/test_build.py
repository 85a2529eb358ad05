"""The build: real papermill runs of tiny notebooks, and what is left on disk whatever happens."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from builds import alive, files, run, texts, within
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError, DossierError, ParameterError, UnknownNameError
from claimaudit.run import worker
from claimaudit.run.build import Built
from claimaudit.run.notebooks import all_notebooks, find_notebooks, notebooks_of
from claimaudit.run.plan import plan
from claimaudit.run.tidy import machine_paths, tidy_text
from claimaudit.verdict.audit import audit
from notebooks_on_disk import write_notebook
from pages import SAMPLE_FILES, SITE_FILES
from samples import write_dossier

SHOW = "import os\nprint(f'{size} figs as of {as_of!r} from {dossier} in {os.getcwd()}')"


def project(folder: Path) -> Path:
    """Three notebooks, one of which fails, and a dossier."""
    write_dossier(folder / "dossier")
    (folder / "dossier/responses.toml").write_text('[[responses]]\nwho = "the author"\n')
    write_notebook(folder / "notebooks/trade/figs.ipynb", SHOW, "{'b', 'a', 'c'}")
    write_notebook(folder / "notebooks/ferries.ipynb", "print('a ferry')", title="Armed ferries")
    _add_exploring(folder / "notebooks/ferries.ipynb")
    write_notebook(
        folder / "notebooks/bad.ipynb", "print('so far')", "import pathlib\nopen(pathlib.Path.cwd() / 'missing')"
    )
    return folder


def _add_exploring(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    notebook.cells.append(nbformat.v4.new_code_cell("raise ValueError('a panel')", metadata={"tags": ["explore"]}))
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def built(folder: Path) -> Built:
    return run(folder, as_of="2023-06-30", size="7")


# -- a build with one failing notebook ------------------------------------------------------------------------------


@pytest.mark.slow
def test_others_are_built_when_one_fails(built):
    """Two reports, how far the third came, and nothing unfinished."""
    assert [outcome.name for outcome in built.failed] == ["bad"]
    reports = ["ferries.html", "figs.html"]
    executed = ["notebooks/bad.failed.ipynb", "notebooks/ferries.ipynb", "notebooks/figs.ipynb"]
    site = set(SITE_FILES) - {"claimreview.json", "feed.xml"}  # it was given another size: a what-if
    assert files(built.out) == sorted([*site, *reports, *executed])
    assert not list(built.out.glob(".*"))


@pytest.mark.parametrize("part", ["dossier", "out"])
def test_a_folder_whose_name_is_no_text_is_refused(tmp_path, part):
    """A name in another encoding, as an archive unpacked from elsewhere leaves it: no notebook can hold it."""
    write_dossier(tmp_path / "dossier")
    write_notebook(tmp_path / "notebooks/ferries.ipynb", "print('a ferry')")
    odd = tmp_path / os.fsdecode(b"caf\xe9")
    if part == "dossier":
        (tmp_path / "dossier").rename(odd)
    before = files(tmp_path)

    with pytest.raises(BuildError, match="is not written in UTF-8, and notebooks and pages are; rename it"):
        run(tmp_path, out=odd.name) if part == "out" else run(tmp_path, dossier=str(odd))
    assert files(tmp_path) == before


@pytest.mark.slow
def test_exploring_cells_are_not_run(built):
    """They are for JupyterLab: no report shows them, and panels cost a tenth of a notebook's time."""
    cells = nbformat.read(built.out / "notebooks/ferries.ipynb", 4).cells
    last = cells[-1]

    assert (last.source, last.outputs) == ("raise ValueError('a panel')", [])
    assert [cell.outputs[0].text for cell in cells if cell.source == "print('a ferry')"] == ["a ferry\n"]


@pytest.mark.slow
def test_index_marks_the_failed_notebook(built):
    """With its cell's number in the notebook as stored, and the error."""
    page = (built.out / "index.html").read_text()

    assert "<strong>bad</strong>, cell 4, line 2: " in page
    assert "FileNotFoundError: [Errno 2] No such file or directory" in page
    assert 'href="figs.html"' in page
    assert 'href="bad.html"' not in page


@pytest.mark.slow
def test_parameters_reach_the_notebook(built, folder):
    """Those it was given, and the folder it runs in; of a path only its last name is shown."""
    executed = nbformat.read(built.out / "notebooks/figs.ipynb", as_version=4)
    printed = executed.cells[3].outputs[0].text

    assert printed == "7 figs as of '2023-06-30' from dossier in notebooks\n"
    assert "7 figs as of" in (built.out / "figs.html").read_text()
    assert not (folder / "notebooks/trade/figs.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["index.html", "figs.html", "ferries.html"])
def test_pages_say_at_their_foot_who_was_asked(built, name):
    page = (built.out / name).read_text()

    assert "<p>The author has not been asked for comment.</p>" in page.partition('<footer class="foot">')[2]


@pytest.mark.slow
def test_nothing_tells_of_the_machine(built, folder):
    """No file holds an absolute path of the project or of the person who ran it."""
    for name, text in {**texts(built.out), "manifest": (built.out / "manifest.json").read_text()}.items():
        assert str(folder) not in text, name
        assert str(Path.home()) + "/" not in text, name
        assert not re.search(r"ipykernel_\d+", text), name


@pytest.mark.slow
def test_verdicts_are_those_of_the_audit(built, folder):
    """All topics of the dossier, at both standard dates and the one asked for."""
    dossier = Dossier.load(folder / "dossier")
    expected = {
        (verdict.claim_id, verdict.part_id, verdict.vintage.value): verdict.label.value
        for topic in ("figs", "ferries")
        for verdict in audit(dossier, topic).verdicts
    }
    rows = list(csv.DictReader((built.out / "verdicts.csv").read_text().splitlines()))
    found = {(row["claim_id"], row["part_id"], row["vintage"]): row["label"] for row in rows}

    assert {key: label for key, label in found.items() if key[2] != "as_of"} == expected
    assert {row["as_of"] for row in rows if row["vintage"] == "as_of"} == {"2023-06-30"}
    assert json.loads((built.out / "verdicts.json").read_text())["verdicts"][0]["claim_id"] == rows[0]["claim_id"]


@pytest.mark.slow
def test_manifest_says_how_each_notebook_fared(built):
    """Times, versions, parameters and the error; the only file that differs from build to build."""
    record = json.loads((built.out / "manifest.json").read_text())

    assert {name: entry["state"] for name, entry in record["notebooks"].items()} == {
        "bad": "failed",
        "ferries": "built",
        "figs": "built",
    }
    assert record["notebooks"]["bad"]["cell"] == 4
    assert record["notebooks"]["figs"]["parameters"] == {"as_of": "2023-06-30", "dossier": "dossier", "size": 7}
    assert record["notebooks"]["figs"]["seconds"] > 0
    assert record["packages"]["papermill"]


@pytest.mark.slow
def test_partly_run_notebook_is_kept(built):
    """What the cells before the failing one gave, and the error itself."""
    cells = nbformat.read(built.out / "notebooks/bad.failed.ipynb", as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]

    assert outputs[0].text == "so far\n"
    assert outputs[1].ename == "FileNotFoundError"


@pytest.mark.slow
def test_same_inputs_give_the_same_bytes(built, folder):
    """Every file but the manifest, built again into another folder."""
    again = run(folder, out="again", as_of="2023-06-30", size="7")

    assert texts(again.out) == texts(built.out)


# -- builds one after the other -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_failed_notebook_keeps_its_last_good_report(tmp_path):
    """Built, then broken, then mended: the report stands throughout."""
    write_dossier(tmp_path / "dossier")
    notebook = tmp_path / "notebooks/figs.ipynb"
    write_notebook(notebook, "print('first')")
    good = run(tmp_path)
    before = texts(good.out)

    write_notebook(notebook, "print('second')", "1 / 0")
    broken = run(tmp_path)

    assert broken.failed
    assert {
        name: text for name, text in texts(broken.out).items() if "figs.h" in name or name.endswith("figs.ipynb")
    } == {name: before[name] for name in ("figs.html", "notebooks/figs.ipynb")}
    assert "its report is that of an earlier build" in (broken.out / "index.html").read_text()
    assert 'href="figs.html"' in (broken.out / "index.html").read_text()
    assert (broken.out / "notebooks/figs.failed.ipynb").exists()

    write_notebook(notebook, "print('third')")
    mended = run(tmp_path)

    assert not mended.failed
    assert "third" in (mended.out / "figs.html").read_text()
    assert "figs.failed.ipynb" not in "".join(files(mended.out))
    assert "What failed" not in (mended.out / "index.html").read_text()


def echo(task: worker.Task, tell):
    """Stands in for papermill: the notebook as it is; some names misbehave."""
    if task.name == "bad":
        os.kill(os.getpid(), signal.SIGKILL)
    notebook = nbformat.read(task.path, as_version=4)
    if task.name == "ferries":
        notebook.cells[1].outputs = [nbformat.NotebookNode(output_type="unheard-of")]
    return notebook, None


def test_build_of_one_notebook_lists_earlier_reports(tmp_path):
    """The index leads to the report that was built before, too."""
    project(tmp_path)
    write_notebook(tmp_path / "notebooks/ships.ipynb")
    run(tmp_path, "figs", execute=echo)
    page = (run(tmp_path, "ships", execute=echo).out / "index.html").read_text()

    assert 'href="figs.html"' in page
    assert 'href="ships.html"' in page
    assert "What failed" not in page


def test_failing_export_is_the_notebooks_failure(tmp_path):
    """No cell is to blame; the others are built."""
    built = run(project(tmp_path), "figs", "ferries", execute=echo)

    assert [(outcome.name, outcome.failure.cell) for outcome in built.failed] == [("ferries", 0)]
    assert "figs.html" in files(built.out)
    assert "ferries.html" not in files(built.out)


def test_killed_worker_is_a_failure_not_a_hang(tmp_path):
    """Its notebook is marked on the index, and nothing unfinished is left."""
    built = run(project(tmp_path), "bad", execute=echo)

    assert "ended from outside" in built.failed[0].failure.error
    assert "ended from outside" in (built.out / "index.html").read_text()
    assert files(built.out) == sorted(SAMPLE_FILES)


def test_topic_that_cannot_be_judged_is_marked(tmp_path, monkeypatch):
    """Its report is built, the other topic has verdicts, and the index says what is missing."""

    def one_fails(dossier, topic, parameters):
        if topic == "figs":
            raise KeyError("crates")
        return audit(dossier, topic, parameters)

    monkeypatch.setattr("claimaudit.run.judging.audit", one_fails)
    built = run(project(tmp_path), "figs", execute=echo)

    assert [(item.name, item.failure.error) for item in built.failed] == [
        ("figs", "its verdicts could not be computed: KeyError: 'crates'")
    ]
    assert "figs.html" in files(built.out)
    assert "its verdicts could not be computed" in (built.out / "index.html").read_text()
    assert {line.split(",")[0] for line in (built.out / "verdicts.csv").read_text().splitlines()[1:]} == {"M01"}


# -- what a build refuses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "given", "error", "message"),
    [
        ((), {"sise": "3"}, ParameterError, "unknown parameter 'sise': did you mean 'size'?"),
        ((), {"size": "11"}, ParameterError, "figs: parameter 'size': '11' is above 10; give 1 to 10"),
        ((), {"size": "__import__('os')"}, ParameterError, "is not a whole number"),
        ((), {"x=1;import os": "1"}, ParameterError, "unknown parameter 'x=1;import os'"),
        ((), {"as_of": "soon"}, ParameterError, "parameter 'as_of': 'soon' is not a day"),
        ((), {"dossier": "/no/such"}, ParameterError, "parameter 'dossier': '/no/such' is not a folder"),
        (("fig",), {}, UnknownNameError, "unknown notebook 'fig': did you mean 'figs'?"),
        (("no/fig.ipynb",), {}, UnknownNameError, "there is no notebook at 'no/fig.ipynb': did you mean 'figs'?"),
    ],
)
def test_refused_before_anything_is_touched(tmp_path, names, given, error, message):
    """Each is one clear error, and the folder of the reports is not even made."""
    project(tmp_path)
    with pytest.raises(error) as caught:
        run(tmp_path, *names, **given)

    assert message in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_faulty_dossier_is_refused(tmp_path):
    """Before a notebook runs."""
    project(tmp_path)
    (tmp_path / "dossier/sources.csv").write_text("")

    with pytest.raises(DossierError):
        run(tmp_path)
    assert not (tmp_path / "out").exists()


def test_notebook_without_parameters_is_refused(tmp_path):
    """Named, with what to do, when nothing else was asked for."""
    project(tmp_path)
    write_notebook(tmp_path / "notebooks/loose.ipynb", parameters="size = 3")

    with pytest.raises(ParameterError, match=r"loose\.ipynb, parameters cell, line 1: 'size' has no type"):
        run(tmp_path, "loose")


def test_folder_that_cannot_be_made_is_refused(tmp_path):
    """A file in the way of the folder for the reports."""
    project(tmp_path)
    (tmp_path / "taken").write_text("")

    with pytest.raises(BuildError, match="is a file; name a folder"):
        run(tmp_path, out="taken")
    with pytest.raises(BuildError, match="reports cannot be written into 'below'"):
        run(tmp_path, out="taken/below", execute=echo)


def test_no_jobs_is_refused(tmp_path):
    """At least one worker is needed."""
    project(tmp_path)
    with pytest.raises(BuildError, match="0 jobs"):
        plan((), {"dossier": str(tmp_path / "dossier")}, jobs=0)


# -- what is left out of an executed notebook -----------------------------------------------------------------------


def test_paths_are_shortened(tmp_path):
    """The longest known folder first, whole names only, also where a traceback writes ~ for the home folder."""
    shown = machine_paths([("data", tmp_path / "real"), ("project", tmp_path), ("audit", Path.home() / "audit")])
    text = f"{tmp_path}/real/a.csv {tmp_path}/realm {tmp_path}-2/x {Path.home()}/audit/a.py ~/audit/a.py"

    assert tidy_text(text, shown) == "data/a.csv project/realm " + f"{tmp_path}-2/x audit/a.py audit/a.py".replace(
        tempfile.gettempdir(), "temporary"
    )


def test_file_names_of_cells_are_left_out():
    """They hold the kernel's process id."""
    text = f"{tempfile.gettempdir()}/ipykernel_123/456.py:3: UserWarning"

    assert tidy_text(text, machine_paths([])) == "<cell>:3: UserWarning"


@pytest.mark.timeout(10)
def test_long_outputs_take_no_time():
    """A picture inside HTML is one word of a million letters."""
    assert tidy_text("a/b" * 1_000_000, machine_paths([])) == "a/b" * 1_000_000


# -- finding notebooks ----------------------------------------------------------------------------------------------


def test_notebooks_are_found_by_name_and_path(folder, monkeypatch):
    """With their group and title; the same notebook named twice is one, and one in the folder has a name too."""
    monkeypatch.chdir(folder)
    own = notebooks_of(folder / "dossier", {"figs": "trade/figs.ipynb"})
    found = find_notebooks(["figs", "notebooks/trade/figs.ipynb", "ferries"], own, folder / "notebooks")

    assert [(item.name, item.group, item.title) for item in found] == [
        ("figs", "trade", "Figs"),
        ("ferries", "", "Armed ferries"),
    ]


def test_without_a_name_the_dossiers_own_are_meant(folder):
    """Those it names, called as their topics; a notebook that merely lies there is not run."""
    own = notebooks_of(folder / "dossier", {"harbour": "ferries.ipynb"})

    assert [item.name for item in find_notebooks((), own, folder / "notebooks")] == ["harbour"]
    with pytest.raises(BuildError, match=r"topics.toml names the notebook 'gone.ipynb', which is not in notebooks/"):
        notebooks_of(folder / "dossier", {"harbour": "gone.ipynb"})


def test_checkpoints_are_no_notebooks(tmp_path):
    """JupyterLab's copies are left out."""
    write_notebook(tmp_path / "figs.ipynb")
    write_notebook(tmp_path / ".ipynb_checkpoints/figs-checkpoint.ipynb")

    assert [item.name for item in all_notebooks(tmp_path)] == ["figs"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("a/figs", "b/Figs"), "two notebooks are called"),
        (("Index",), "is called 'index'"),
        (("sources",), "is called 'sources'"),
    ],
)
def test_names_that_clash_are_refused(tmp_path, names, message):
    """Reports are named after their notebooks, on disks that may not tell capitals apart."""
    for name in names:
        write_notebook(tmp_path / f"{name}.ipynb")

    with pytest.raises(BuildError, match=message):
        all_notebooks(tmp_path)


# -- Ctrl-C and worse ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(tmp_path: Path):
    """A build from a shell whose kernel is busy, and the ids of its kernel and its worker."""
    write_dossier(tmp_path / "dossier")
    mark = tmp_path / "pids"
    cell = f"import os, time\nopen({str(mark)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}\\n')\ntime.sleep(600)"
    notebook = write_notebook(tmp_path / "busy.ipynb", cell)
    command = [sys.executable, "-m", "claimaudit", "build", str(notebook)]
    options = ["--dossier", str(tmp_path / "dossier"), "--out", str(tmp_path / "out")]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert within(90, lambda: mark.exists() and mark.read_text().endswith("\n"))
    yield process, [int(word) for word in mark.read_text().split()]
    process.kill()
    process.communicate()


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("how", ["Ctrl-C", "terminated"])
def test_interrupt_leaves_no_process_and_no_half_file(busy, tmp_path, how):
    """Ctrl-C goes to all of a terminal's processes, a polite end to the one that was started."""
    process, started = busy
    if how == "Ctrl-C":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "interrupted" in errors
    assert not [pid for pid in started if alive(pid)]
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
@needs_proc
def test_killed_build_leaves_no_process(busy):
    """Workers and kernels do not outlive the build, even when it cannot say goodbye."""
    process, started = busy
    process.kill()

    assert within(30, lambda: not any(alive(pid) for pid in started))


@pytest.mark.slow
def test_output_widgets_do_not_stall_a_run(tmp_path):
    """``interact`` in a kernel without a page: nbclient alone stops for ever in one of a few such cells."""
    write_dossier(tmp_path / "dossier")
    cell = "import ipywidgets\nipywidgets.interact(lambda a: print(a, 'figs'), a=ipywidgets.IntSlider(value=3))"
    write_notebook(tmp_path / "notebooks/figs.ipynb", *[cell] * 40)
    built = run(tmp_path)
    text = (built.out / "notebooks/figs.ipynb").read_text()

    assert not built.failed
    assert "widget-view" not in text
    assert "widget-state" not in text
