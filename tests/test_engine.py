"""The same notebooks by papermill alone and by a build: its forked kernels must give what ordinary ones give, cell by cell."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import zmq
import zmq.asyncio
from jupyter_client.kernelspec import get_kernel_spec
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_client.session import Session

from claimaudit.run.kernel import WakingChannel, settings, split_command
from claimaudit.run.machine import can_fork
from claimaudit.run.worker import needs_ordinary_kernel
from shared import made_once

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only")

# Cells by case, each case a notebook of its own. A list stands for a cell with tags: the source, then the tags.
PAUSE = "import time\ntime.sleep(0.3)"
"""Lets what is printed below Python arrive before the cell ends: it comes through a pipe of its own."""
CASES: dict[str, list[str | list[str]]] = {
    "shown": [
        "import sys\nfrom IPython.display import display\nprint('a')\nsys.stdout.flush()\ndisplay(1)\nprint('b')\n"
        "display('c')\nprint('d')\n5",
        "print('out')\nprint('err', file=sys.stderr)\nprint('out again')",
        "for number in range(3):\n    print(number, end='\\r')",
        "7;",
        "None",
        "from IPython.display import HTML, JSON, Image, Latex, Markdown, SVG, display",
        "display(HTML('<b>b</b>'), Markdown('# m'), Latex('$x$'), JSON({'a': [1]}), SVG('<svg/>'))",
        "display({'text/plain': 'p', 'text/html': '<i>p</i>'}, raw=True, metadata={'text/html': {'isolated': True}})",
        "display(Image(bytes.fromhex('89504e470d0a1a0a'), format='png', width=7))",
        "class Both:\n    def _repr_html_(self):\n        return '<p>'\n    def __repr__(self):\n        return 'both'\nBoth()",
        "class Bad:\n    def _repr_html_(self):\n        raise ValueError('no')\n"
        "    def __repr__(self):\n        return 'bad'\nBad()",
        "import pandas as pd\npd.DataFrame({'x': [1, 2.5], 'y': ['ä', None]})",
        "from IPython.display import clear_output, display, update_display\nhandle = display(1, display_id='here')",
        "handle.update(2)",
        "update_display({'text/plain': '3'}, display_id='here', raw=True)\ndisplay(4, display_id='here')",
        "print('gone')\nclear_output()\nprint('kept')",
        "print('gone too')\nclear_output(wait=True)\nprint('kept too')",
        "print('stays')\nclear_output(wait=True)",
        "import warnings\nwarnings.warn('careful')",
        "warnings.warn('old', DeprecationWarning)\nwarnings.warn('new', FutureWarning)",
        "import logging\nlogging.getLogger('x').warning('logged')\nlogging.warning('and again')",
        "eval('1 is 1')",
        "import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')",
        "async def later(x):\n    await asyncio.sleep(0)\n    return x\nawait asyncio.gather(later(1), later(2))",
        "task = asyncio.create_task(later(3))\nawait task",
        "import threading\nthread = threading.Thread(target=print, args=['from a thread'])\nthread.start()\nthread.join()",
        "print('žluťoučký 🐎 \\u202e \\x1b[31mred\\x1b[0m \\x00')\n'é' * 3",
        "print('x' * 200_000)",
        "for line in range(5000):\n    print(f'line {line}')",
        "list(range(2000))",
        "print('no newline', end='')",
    ],
    "traceback": [
        "def inner(x):\n    return 1 / x\n\n\ndef outer(x):\n    return inner(x)",
        "print('so far')\nouter(0)",
        "1",
    ],
    "chained": ["try:\n    {}['x']\nexcept KeyError as error:\n    raise RuntimeError('two\\nlines — ü') from error"],
    "syntax": ["print(1)", "x = = 2"],
    "input": ["input('name? ')"],
    "tags": [
        ["1 / 0", "raises-exception"],
        ["print('never')", "skip-execution"],
        "print('after')",
        ["import sys\nsys.exit(3)", "raises-exception"],
        "print('still here')",
        ["import json\njson.loads('{')", "raises-exception"],
        ["raise ExceptionGroup('many', [ValueError(1), TypeError('2')])", "raises-exception"],
        ["import getpass\ngetpass.getpass()", "raises-exception"],
    ],
    "magics": [
        "%pwd\n%cd -q .\nx = %pwd\nprint(x.rpartition('/')[2] != '')",
        "%%capture caught\nprint('hidden')",
        "caught.stdout",
        "!echo from the shell; echo and its errors >&2; exit 3",
        "_exit_code",
        "lines = !printf 'a\\nb'\nlines",
        "%%bash\necho in bash\necho wrong >&2",
        "%%writefile written.txt\nhello",
        "%who",
        "%matplotlib --list",
        "%config InlineBackend.figure_formats",
        "print?",
        "%nosuchmagic",
    ],
    "low_level": [
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.puts(b'from C')\nlibc.fflush(None)\n" + PAUSE,
        "import os\nos.write(1, b'straight to the file\\n')\n" + PAUSE,
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(6 * 7)'])\n" + PAUSE,
        "subprocess.run([sys.executable, '-c', 'print(\"captured\")'], capture_output=True, text=True).stdout",
        "os.system('echo system')\n" + PAUSE,
        "from concurrent.futures import ProcessPoolExecutor\nimport multiprocessing\n"
        "with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('fork')) as pool:\n"
        "    print(pool.submit(abs, -3).result())",
        "import signal\n[signal.getsignal(number) for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)]",
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])",
        "figure, axes = plt.subplots()\naxes.bar(['a', 'b'], [1, 2])\nplt.show()\nprint('shown')",
        "for number in range(3):\n    plt.figure(figsize=(1, 1))\n    plt.plot([number, 1])",
        "figure",
        "import seaborn as sns\nsns.set_theme()\nsns.lineplot(x=[1, 2], y=[2, 1])",
        "plt.get_backend(), plt.get_fignums(), plt.isinteractive()",
        "import matplotlib\nmatplotlib.rcParams['figure.dpi'], matplotlib.rcParams['figure.figsize']",
        "for number in range(22):\n    plt.figure(figsize=(0.2, 0.2))\nplt.close('all')",
    ],
    "widgets": [
        "import ipywidgets as widgets\nwidgets.IntSlider(value=3, description='n')",
        "output = widgets.Output()\nwith output:\n    print('inside')\noutput",
    ],
    "exit": ["print('before')\nimport sys\nsys.exit()", "print('after')"],
    "exit_code": ["import sys\nsys.exit('bye')", "print('after')"],
    "interrupt": ["raise KeyboardInterrupt"],
    "state": [
        "import os, sys\n__name__, '__file__' in globals(), sys.argv[0].rpartition('/')[2], sys.path[3]",
        "sorted(name for name in globals() if not name.startswith('_'))",
        "import __main__\n__main__.sys is sys, sys.flags, sys.stdout.encoding, sys.stdin.isatty()",
        "sorted(set(os.environ) - {'JPY_PARENT_PID'}), os.environ['MPLBACKEND']",
        "get_ipython().__class__, get_ipython().kernel.__class__, len(get_ipython().events.callbacks['post_execute'])",
        "import threading\nos.getsid(0) == os.getpid() == os.getpgid(0), threading.current_thread().name",
        "import random\nimport numpy as np\nnp.random.seed(1)\nrandom.seed(1)\nnp.random.rand(), random.random()",
        "import pickle\nclass Here: pass\npickle.loads(pickle.dumps(Here())).__class__ is Here",
        "sorted(hash(text) % 97 for text in 'abc')",
        "import asyncio, gc\nasyncio.get_running_loop().__class__, gc.isenabled(), In[1][:9], Out[1][0]",
        "import multiprocessing\nmultiprocessing.current_process().name, multiprocessing.parent_process()",
    ],
    "end": [
        "import atexit, tempfile\natexit.register(lambda: open('atexit.txt', 'a').write('ran'))\nNone",
        "import concurrent.futures\npool = concurrent.futures.ThreadPoolExecutor(1)\npool.submit(abs, -2).result()",
        "left = tempfile.TemporaryDirectory(dir='.', prefix='left-')\nNone",
    ],
}
WAYS = ("papermill", "build")
VOLATILE = [(re.compile(pattern), shown) for pattern, shown in (
    (r"ipykernel_\d+/\d+", "ipykernel"),
    (r"0x[0-9a-f]+", "0x"),
    (r"IPY_MODEL_[0-9a-f]+|[0-9a-f]{32}", "id"),
    (r"/(?:papermill|build)/", "/way/"),
)]  # fmt: skip

LEAVE = """\
import os, sys, warnings
import matplotlib, pandas as pd, numpy as np
os.chdir('/'); os.umask(0o77); sys.path.append('/left'); matplotlib.rcParams['figure.dpi'] = 7
pd.set_option('display.max_rows', 3); warnings.simplefilter('error'); pd.DataFrame.left = 1; np.random.seed(5)"""
FIND = """\
import os, sys, warnings
import matplotlib, pandas as pd, numpy as np
print(os.getcwd() == '/', os.umask(0o22) == 0o77, '/left' in sys.path, matplotlib.rcParams['figure.dpi'] == 7,
      pd.get_option('display.max_rows') == 3, ('error', None, Warning, None, 0) in warnings.filters,
      hasattr(pd.DataFrame, 'left'), np.random.rand() == 0.22199317108973948)
print(os.getpid(), np.random.rand())"""


def notebook(cells: list[str | list[str]]) -> nbformat.NotebookNode:
    document = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for cell in cells:
        source, *tags = [cell] if isinstance(cell, str) else cell
        document.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    for number, cell in enumerate(document.cells):
        cell["id"] = f"cell-{number}"
    return document


def environment() -> dict[str, str]:
    """Ours, without what tells a kernel that it is tested: it would not capture the output of C code then."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "", "PYTHONPATH": str(Path(__file__).parent)}


def run_all(folder: Path, way: str, cases: dict[str, list[str | list[str]]]) -> Path:
    """Every case in one way, in a process of its own."""
    into = folder / way
    into.mkdir(exist_ok=True)
    for name, cells in cases.items():
        nbformat.write(notebook(cells), into / f"{name}.ipynb")
    command = [sys.executable, "-c", "import engine_runs; engine_runs.main()", way, str(into), *cases]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert way == "papermill" or done.stderr == ""
    return into


def steady(value: object) -> object:
    """A value without what differs from run to run."""
    if isinstance(value, str):
        for pattern, shown in VOLATILE:
            value = pattern.sub(shown, value)
        return value
    if isinstance(value, dict):
        return {steady(name): steady(item) for name, item in value.items()}
    return [steady(item) for item in value] if isinstance(value, list) else value


def joined(outputs: list | None) -> list | None:
    """Outputs with neighbouring pieces of one stream as one: what C code prints comes through a pipe in any pieces."""
    out: list = []
    for output in outputs or []:
        before = out[-1] if out else {}
        if output["output_type"] == "stream" and before.get("name") == output["name"]:
            out[-1] = {**before, "text": before["text"] + output["text"]}
        else:
            out.append(output)
    return outputs if outputs is None else out


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of all cases, by papermill alone and by a build."""

    def run_both(folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda way: run_all(folder, way, CASES), WAYS))

    folder = made_once(tmp_path_factory.getbasetemp(), "engines", run_both)
    return [folder / way for way in WAYS]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_outputs_are_those_of_a_kernel(both, case):
    """Cell by cell: outputs, execution counts, papermill's marks; and the error papermill raises."""
    ordinary, forked = (nbformat.read(folder / f"{case}.out.ipynb", as_version=4) for folder in both)

    assert len(forked.cells) == len(ordinary.cells)
    for theirs, ours in zip(ordinary.cells, forked.cells, strict=True):
        assert ours.source == theirs.source
        assert steady(joined(ours.get("outputs"))) == steady(joined(theirs.get("outputs")))
        assert ours.get("execution_count") == theirs.get("execution_count")
        assert ours.metadata.get("tags") == theirs.metadata.get("tags")
        marks = [(cell.metadata.get("papermill") or {}) for cell in (theirs, ours)]
        assert marks[1].get("status") == marks[0].get("status")
        assert marks[1].get("exception") == marks[0].get("exception")
    assert steady(forked.metadata.get("language_info")) == steady(ordinary.metadata.get("language_info"))


@pytest.mark.slow
def test_errors_are_those_of_a_kernel(both):
    """The same notebooks fail, with the same error."""
    theirs, ours = (json.loads((folder / "errors.json").read_text()) for folder in both)

    assert ours == theirs
    assert set(ours) >= {"traceback", "chained", "input", "syntax", "exit_code"}
    assert "exit" not in ours


@pytest.mark.slow
def test_exit_handlers_of_the_notebook_run(both):
    """Once, before the report is done; and what Python tidies at the end is tidied."""
    assert [(folder / "atexit.txt").read_text() for folder in both] == ["ran", "ran"]
    assert [list(folder.glob("left-*")) for folder in both] == [[], []]


@pytest.mark.slow
def test_nothing_leaks_to_the_next(tmp_path):
    """Each notebook gets a fresh process: folder, options, patches and random numbers are its own."""
    into = run_all(tmp_path, "build", {"first": [LEAVE, FIND], "second": [FIND], "third": [FIND]})
    found = [nbformat.read(into / f"{name}.out.ipynb", as_version=4).cells[-1].outputs[0].text.splitlines()
             for name in ("first", "second", "third")]  # fmt: skip

    assert found[0][0] == " ".join(["True"] * 8)
    assert found[1][0] == found[2][0] == " ".join(["False"] * 8)
    assert found[1][1].split()[0] != found[2][1].split()[0]
    assert found[1][1].split()[1] != found[2][1].split()[1]


def test_kernels_are_started_by_a_declared_provisioner(tmp_path):
    """jupyter_client finds it by its entry point, and takes it for kernels that name none."""
    KernelProvisionerFactory.clear_instance()  # another test may have made it with other settings
    settings(tmp_path)
    try:
        made = KernelProvisionerFactory.instance().create_provisioner_instance("id", get_kernel_spec("python3"), None)
    finally:
        KernelProvisionerFactory.clear_instance()

    assert type(made).__name__ == "ForkProvisioner"


def test_sockets_have_names_that_fit(tmp_path, monkeypatch):
    """In no folder on Linux; elsewhere in the report's, if its path is short; else on the loopback device."""
    monkeypatch.setattr(KernelProvisionerFactory, "instance", lambda **_: None)
    long = tmp_path / ("x" * 100)

    assert settings(long).KernelManager.ip.startswith("@claimaudit-")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert settings(Path("/tmp/short")).KernelManager.ip == "/tmp/short/k"
    assert "transport" not in settings(long).KernelManager


@pytest.mark.parametrize(
    ("code", "ordinary"),
    [
        ("import os\nos.environ['OMP_NUM_THREADS'] = '1'", True),
        ("from os import environ\nenviron.update(MPLBACKEND='svg')", True),
        ("os.environ |= {'A': '1'}", True),
        ("os.putenv('A', '1')", True),
        ("%env OMP_NUM_THREADS=1", True),
        ("%set_env A 1", True),
        ("del os.environ['A']", True),
        ("region = os.environ['REGION']", False),
        ("if os.environ['REGION'] == 'north':\n    pass", False),
        ("os.environ.get('REGION', 'none')", False),
        ("%env", False),
    ],
)
def test_notebook_that_changes_the_environment_has_an_ordinary_kernel(tmp_path, code, ordinary):
    """Modules that are imported already would not see it; to read it does no harm."""
    assert needs_ordinary_kernel(notebook([code]), tmp_path) is ordinary


def test_notebook_beside_a_module_of_a_known_name_has_an_ordinary_kernel(tmp_path):
    """The one beside it is meant, not the one that is imported already."""
    (tmp_path / "helpers.py").touch()
    assert not needs_ordinary_kernel(notebook(["1"]), tmp_path)
    (tmp_path / "zmq.py").touch()
    assert needs_ordinary_kernel(notebook(["1"]), tmp_path)


def test_other_kernels_start_the_usual_way():
    """Only a command of this very Python can be forked."""
    ours = [sys.executable, "-X", "frozen_modules=off", "-m", "ipykernel_launcher", "-f", "file"]

    assert split_command(ours) == (ours[:3], ["-f", "file"])
    assert split_command(["/usr/bin/other", "-m", "ipykernel_launcher", "-f", "file"]) == ([], [])
    assert split_command([sys.executable, "-m", "other_kernel", "-f", "file"]) == ([], [])


@pytest.mark.timeout(30)
@pytest.mark.parametrize("first", [True, False], ids=["reply-before-send", "reply-after-send"])
def test_sending_loses_no_reply_that_is_waited_for(first):
    """The reply has come, the socket has told so, and before anybody looks something else is sent."""

    async def talk() -> str:
        with zmq.asyncio.Context() as context, context.socket(zmq.ROUTER) as kernel, context.socket(zmq.DEALER) as ours:
            kernel.bind("inproc://kernel")
            ours.connect("inproc://kernel")
            channel = WakingChannel(ours, Session())
            theirs = zmq.Socket.shadow(kernel.underlying)
            channel.send(channel.session.msg("hello"))
            route = theirs.recv_multipart()[0]
            waiting = asyncio.ensure_future(channel.get_msg(timeout=None))
            await asyncio.sleep(0.01)

            def reply() -> None:
                channel.session.send(theirs, "reply", ident=route)
                while not zmq.Socket.shadow(ours.underlying).get(zmq.EVENTS) & zmq.POLLIN:
                    pass

            if first:
                reply()
            channel.send(channel.session.msg("meanwhile"))
            if not first:
                reply()
                channel.send(channel.session.msg("again"))
            return (await asyncio.wait_for(waiting, 5))["msg_type"]

    assert asyncio.run(talk()) == "reply"
