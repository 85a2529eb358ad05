"""How a report's run ends: whole, or with one sentence that says what happened; and nothing is left of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from builds import alive, run, within
from claimaudit.run.machine import can_fork
from engine_runs import terse
from notebooks_on_disk import write_notebook
from samples import write_dossier
from shared import made_once

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="needs forked kernels, which this system does not have"),
]

FLOOD = "import sys\nfor _ in range(20_000):\n    sys.stdout.write('0' * 50)\n    sys.stdout.flush()\nprint('end')"
NOTEBOOKS = {
    "flood": [FLOOD],
    "flood_again": [FLOOD],
    "flood_ordinary": ["%env SOME=1", FLOOD],
    "cut": [
        "import sys, time\nprint('a', flush=True)\ntime.sleep(0.3)\nprint('b')\nprint('c', file=sys.stderr)\nprint('d')"
    ],
    "own_timeout": ["raise TimeoutError('the server is slow')"],
    "own_iopub": ["raise RuntimeError('Timeout waiting for IOPub output')"],
    "widget_error": [
        "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    raise ValueError('shown in the widget')",
        "for number in range(30):\n    out = ipywidgets.Output()\n    with out:\n        print(number)",
        "print('goes on')",
    ],
    "environment": [
        "import os\nos.environ['MPLBACKEND'] = 'svg'\nimport matplotlib\nprint(matplotlib.get_backend())",
        "import sys\nprint('seaborn' in sys.modules)",
    ],
    "forked": ["import os, sys\nprint('seaborn' in sys.modules, os.environ['MPLBACKEND'])"],
    "handlers": [
        "import atexit, logging, os\nfrom pathlib import Path\nos.environ.get('HOME')",
        "here = Path.cwd()\natexit.register(lambda: (here / 'handled').write_text(str(os.getpid())))\nprint(os.getpid())",
    ],
}
ENDLESS = {
    "interrupts_ignored": "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)",
    "lock_held": "import ctypes\nctypes.PyDLL(None).sleep(60)",
    "printing": "while True:\n    print('again', flush=True)",
}
FAMILY = """\
import os, subprocess, sys, time
left = "import subprocess; print(subprocess.Popen(['sleep', '600'], stdout=2, start_new_session=True).pid)"
orphan = subprocess.run([sys.executable, "-c", left], stdout=-1, stderr=-3, text=True, check=True).stdout
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
open("../pids.new", "w").write(f"{os.getpid()} {os.getppid()} {child.pid} {orphan}")
os.rename("../pids.new", "../pids")
time.sleep(600)"""


def made(folder: Path, notebooks: dict[str, list[str]]) -> None:
    write_dossier(folder / "dossier")
    for name, cells in notebooks.items():
        write_notebook(folder / f"notebooks/{name}.ipynb", *cells)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of all; ``failures.json`` tells which failed and why."""

    def build(folder: Path) -> None:
        made(folder, NOTEBOOKS)
        outcomes = run(folder).outcomes
        failed = {outcome.name: str(outcome.failure) for outcome in outcomes if outcome.failure}
        (folder / "failures.json").write_text(json.dumps(failed))

    return made_once(tmp_path_factory.getbasetemp(), "ends", build)


def printed(built: Path, name: str) -> str:
    """What a notebook's last cell printed, when it is one piece."""
    outputs = nbformat.read(built / f"out/notebooks/{name}.ipynb", as_version=4).cells[-1].outputs
    assert [output.output_type for output in outputs] == ["stream"]
    return outputs[0].text


@pytest.mark.parametrize("name", ["flood", "flood_again", "flood_ordinary"])
def test_no_output_is_lost(built, name):
    """Twenty thousand pieces, written faster than they are read, in one."""
    assert printed(built, name) == "0" * 1_000_000 + "end\n"


def test_where_output_was_cut_is_not_to_be_seen(built):
    """Neighbouring pieces of a stream are one; another stream between them is not passed over."""
    failures = json.loads((built / "failures.json").read_text())
    assert "cut" not in failures, failures
    outputs = nbformat.read(built / "out/notebooks/cut.ipynb", as_version=4).cells[-1].outputs

    assert sorted((output.name, output.text) for output in outputs) == [("stderr", "c\n"), ("stdout", "a\nb\nd\n")]


def test_only_real_errors_fail(built):
    """Not one that an Output widget shows; and an error of the notebook's own is told as such, whatever it says."""
    assert json.loads((built / "failures.json").read_text()) == {
        "own_timeout": "cell 3, line 1: TimeoutError: the server is slow",
        "own_iopub": "cell 3, line 1: RuntimeError: Timeout waiting for IOPub output",
    }
    assert printed(built, "widget_error") == "goes on\n"


def test_environment_set_before_an_import_counts(built):
    """Such a notebook has an ordinary kernel; others have one that holds the imports."""
    cells = nbformat.read(built / "out/notebooks/environment.ipynb", as_version=4).cells[-2:]

    assert [cell.outputs[0].text for cell in cells] == ["svg\n", "False\n"]
    assert printed(built, "forked") == "True module://matplotlib_inline.backend_inline\n"


def test_exit_handlers_run_in_the_kernel_that_registered_them(built):
    """And have run when the build is done."""
    assert (built / "notebooks/handled").read_text() + "\n" == printed(built, "handlers")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Notebooks that never end, in a build that gives them three seconds."""

    def build(folder: Path) -> None:
        made(folder, {name: [cell] for name, cell in ENDLESS.items()})
        outcomes = run(folder, options={"seconds": 3}).outcomes
        (folder / "outcomes.json").write_text(
            json.dumps({item.name: [str(item.failure), item.seconds] for item in outcomes})
        )

    return made_once(tmp_path_factory.getbasetemp(), "ended", build)


@pytest.mark.parametrize("name", ENDLESS)
def test_time_limit_ends_whatever_runs(ended, name):
    """A cell that ignores interrupts, one in which Python cannot run, one that keeps the reader busy."""
    failure, seconds = json.loads((ended / "outcomes.json").read_text())[name]

    assert failure == "cell 3: Timeout: the notebook took longer than 3 seconds"
    assert seconds < 15


def test_output_has_a_limit(tmp_path):
    """Beyond it the report fails and says so; what was printed until then is kept."""
    made(tmp_path, {"printing": ["while True:\n    print('again and again')"]})
    failure = run(tmp_path, execute=terse).outcomes[0].failure

    assert str(failure) == (
        "cell 3: TooMuchOutput: the notebook printed more than 1 megabytes; print less, or write it to a file"
    )
    assert "again and again" in (tmp_path / "out/notebooks/printing.failed.ipynb").read_text()


def command(folder: Path, *options: str) -> list[str]:
    paths = [str(path) for path in sorted((folder / "notebooks").glob("*.ipynb"))]
    places = ["--dossier", str(folder / "dossier"), "--out", str(folder / "out")]
    return [sys.executable, "-m", "claimaudit", "build", *paths, *places, *options]


@pytest.mark.parametrize(("engine", "home"), [("fork", "/proc/1/nowhere"), ("fork", "/proc"), ("kernel", "/proc")])
def test_no_home_and_a_temporary_folder_of_a_long_name(tmp_path, engine, home):
    """The report is built, nothing is said beside it, and nothing is left."""
    made(tmp_path, {"plain": ["import matplotlib.pyplot as plt\nplt.plot([1, 2])", "print(1)"]})
    temporary = tmp_path / ("t" * 115)
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "HOME": home}
    done = subprocess.run(
        command(tmp_path, "--engine", engine), env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert printed(tmp_path, "plain") == "1\n"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 130), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_build_ended_in_mid_cell(tmp_path, number, code):
    """The kernel, the report's process and all that the cell has started end with it, and no temporary folder stays."""
    made(tmp_path, {"family": [FAMILY]})
    (tmp_path / "tmp").mkdir()
    build = subprocess.Popen(
        command(tmp_path), env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, stderr=subprocess.PIPE, text=True
    )
    assert within(30, (tmp_path / "pids").exists)
    build.send_signal(number)
    said = build.communicate(timeout=60)[1]

    assert build.returncode == code
    assert "Traceback" not in said
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 4
    assert within(5, lambda: not any(map(alive, pids)))
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("who", ["parent()", "parent().parent()"], ids=["report", "fork-server"])
def test_process_of_the_build_killed_in_mid_cell(tmp_path, who):
    """That report fails and says so, the next is built, and nothing of the killed one runs on."""
    kill = FAMILY.replace("time.sleep(600)", f"import psutil\npsutil.Process().{who}.kill()\ntime.sleep(600)")
    made(tmp_path, {"family": [kill], "later": ["print('later')"]})
    outcomes = run(tmp_path, options={"jobs": 1}).outcomes

    assert {item.name: item.failure and item.failure.error.partition(";")[0] for item in outcomes} == {
        "family": "its process was ended from outside",
        "later": None,
    }
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert within(5, lambda: not any(map(alive, pids[:2])))
    if who == "parent()":
        assert within(5, lambda: not any(map(alive, pids)))
    else:
        for pid in filter(alive, pids):
            os.kill(pid, signal.SIGKILL)
