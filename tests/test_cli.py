"""The command line: help, exit codes, messages, and what each command prints."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from claimaudit import cli
from claimaudit.command.patience import Patience
from notebooks_on_disk import write_notebook
from samples import write_dossier

COMMANDS = sorted(cli.main.commands)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dossier(tmp_path / "dossier")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, list(map(str, arguments)))


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "claimaudit", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


# -- help -----------------------------------------------------------------------------------------------------------


def test_commands():
    """Those the issue of the command asks for."""
    assert COMMANDS == [
        "accept", "add", "agree", "build", "check", "clean", "coverage", "datapackage", "diff", "explain", "export", "gather",
        "lab", "list", "new", "sweep", "timeline", "validate",
    ]  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name):
    """And says its exit codes; ``--dossier`` works on each."""
    found = cli.main.commands[name]
    options = [item for item in found.params if isinstance(item, click.Option)]
    text = run(name, "--help").output

    assert found.help
    assert all(option.help for option in options)
    assert name in ("clean", "gather", "new") or "--dossier" in text
    assert "Exit codes: 0 done; 1 a " in text
    assert "2 bad input" in text


def test_version():
    """The package's own."""
    assert run("--version").output == "claimaudit, version 0.1.0\n"


def test_help_imports_nothing_heavy():
    """The reason why it answers at once."""
    heavy = {"pandas", "numpy", "papermill", "nbconvert", "rich"}
    code = f"import sys, claimaudit.cli; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


# -- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "No such command 'bild'"),
        (["build", "--jobs", "many"], "'many' is not a valid integer"),
        (["build", "nosuch"], "unknown notebook 'nosuch'"),
        (["build", "-p", "x=1;import os"], "unknown parameter 'x'"),
        (["build", "-p", "as_of", "2023-01-01", "--as-of", "2024-01-01"], "parameter 'as_of' is given twice"),
        (["build", "--as-of", "soon"], "parameter 'as_of': 'soon' is not a day; give a day such as 2023-06-30"),
        (["build", "--dossier", "/no/such"], "parameter 'dossier': '/no/such' is not a folder"),
        (["validate", "--dossier", "/no/such"], "there is no such folder"),
        (["explain", "M99", "--dossier", "{dossier}"], "unknown claim 'M99'"),
        (["explain", "M01", "--as-of", "2023", "--dossier", "{dossier}"], "'2023' is not a day"),
        (["datapackage", "--check", "--dossier", "{dossier}"], "datapackage.json is not up to date"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(folder, arguments, message):
    """On stderr or in the table of faults, and never a traceback."""
    result = run(*(argument.replace("{dossier}", str(folder)) for argument in arguments))

    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_bad_parameter_touches_no_report(tmp_path, folder):
    """From a shell: exit 2, a message on stderr, nothing on disk."""
    notebook = write_notebook(tmp_path / "figs.ipynb")
    options = ["--dossier", folder, "--out", tmp_path / "out"]
    done = command("build", notebook, "-p", "size", "__import__('os').system('id')", *options)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "claimaudit: figs: parameter 'size': \"__import__('os').system('id')\" is not a whole number; give 1 to 10\n"
    )
    assert not (tmp_path / "out").exists()


def test_long_lists_of_faults_are_cut_short(folder):
    """Only ``validate`` shows them all."""
    with (folder / "units.csv").open("a") as file:
        file.writelines(f"u{number},,x,\n" for number in range(40))
    cut, whole = run("explain", "E01", "--dossier", folder), run("validate", "--dossier", folder)

    assert cut.exit_code == whole.exit_code == 2
    assert "more: run 'claimaudit validate'" in cut.output
    assert len(cut.output.splitlines()) == 26
    assert whole.output.count("units.csv") >= 120


# -- what is printed ------------------------------------------------------------------------------------------------


def test_validate_counts_what_it_read(folder):
    """One line, exit 0."""
    result = run("validate", "--dossier", folder)

    assert result.exit_code == 0
    assert result.output == ("no fault: 2 claims, 3 parts, 6 observations, 3 sources, no series, no corrections\n")


def test_validate_shows_every_fault(folder):
    """Each with its file and line."""
    text = (folder / "publishers.csv").read_text().replace(",A,", ",G,")
    (folder / "publishers.csv").write_text(text)
    result = run("validate", "--dossier", folder)

    assert result.exit_code == 2
    assert result.output.count("'G' is no Admiralty letter") == 2
    assert "2 faults in the dossier" in result.output


def test_list_shows_claims_and_parameters(folder):
    """The claims of the dossier, and the notebooks it names with type, default, range and help."""
    result, project = run("list", "--dossier", folder), run("list")

    assert result.exit_code == project.exit_code == 0
    for words in ("E01", "figs", "A ferry was armed", "Right: quotation not found", "Unproven: disputed"):
        assert words in result.output
    for words in ("munitions", "heavy_share", "float", "0 to 1", "bonbast"):
        assert words in project.output
        assert words not in result.output


def test_explain_shows_what_carries_a_verdict(folder):
    """Both dates, independent sources with weights, what would turn it, the sweep and the sources."""
    result = run("explain", "e01", "--dossier", folder)
    text = " ".join(result.output.split())

    assert result.exit_code == 0
    for words in (
        "How we read it: Sales of figs were near 100 crates",
        "At publication (14 March 2023): Right: quotation not found",
        "Likelihood: very likely, 95%",
        "Relayed faithfully? source not found",
        "In hindsight (1 June 2024): Unproven: disputed",
        "In hindsight (1 June 2024): disputed (conflicting)",
        "E01.number Sales in 2022 were about 100 crates (core; test: about)",
        "customs 0.93 +3.33 95 crates (90 to 100 crates), 2022 fig.customs",
        "audit 0.93 -3.33 60 crates (55 to 65 crates), 2022 fig.audit",
        "What would change it: Had the claimed figure been above 114 crates, it would be wrong.",
        "variants of the method",
        "gazette-2023 C 2 March 2023 Figs & <b>fables</b> https://example.org/gazette?a=1&b=2",
    ):
        assert words in text


def test_explain_takes_claims_and_parts_in_any_case(folder):
    """Of a claim all parts, of a part that part alone; an id that is none is told with the nearest."""
    several = run("explain", "e01.NUMBER", "m01", "--dossier", folder)
    near, far = (run("explain", name, "--dossier", folder) for name in ("E01.numbr", "E1"))

    assert several.exit_code == 0
    assert "E01.number  Sales in 2022" in several.output
    assert "E01.said" not in several.output
    assert "M01.armed" in several.output
    assert "unknown part 'E01.numbr': did you mean 'E01.number'?" in near.output
    assert "unknown claim 'E1': did you mean 'E01'?" in far.output


def test_json_of_what_is_asked(folder):
    """The same figures as elsewhere, not rounded; faults with their places, and exit 2."""
    listed = json.loads(run("list", "--json", "--dossier", folder).output)
    assert listed["claims"][0]["ratings"] == {
        "at_publication": "Right: quotation not found",
        "hindsight": "Unproven: disputed",
    }
    assert {item["name"] for item in listed["notebooks"][0]["parameters"]} >= {"as_of", "dossier"}

    explained = json.loads(run("explain", "e01.number", "m01", "--json", "--dossier", folder).output)
    assert [[part["part_id"] for part in claim["parts"]] for claim in explained] == [["E01.number"], ["M01.armed"]]
    now = explained[0]["parts"][0]["verdicts"][1]
    assert (now["vintage"], now["label"]) == ("hindsight", "conflicting")
    assert [one["origin"] for one in now["heard"]][:2] == ["customs", "audit"]
    assert now["heard"][0]["weight"] == pytest.approx(3.33, abs=0.01)

    sound = json.loads(run("validate", "--json", "--dossier", folder).output)
    assert (sound["sound"], sound["faults"], sound["counts"]["observations"]) == (True, [], 6)
    text = (folder / "publishers.csv").read_text().replace(",A,", ",G,", 1)
    (folder / "publishers.csv").write_text(text)
    broken = run("validate", "--json", "--dossier", folder)
    assert broken.exit_code == 2
    assert json.loads(broken.stdout)["faults"] == [
        {
            "file": "publishers.csv",
            "line": 2,
            "column": "reliability",
            "problem": "'G' is no Admiralty letter",
            "remedy": "grade it A to F",
        }
    ]


def test_explain_as_of_another_day(folder):
    """A third date between the two."""
    result = run("explain", "E01", "--as-of", "2023-06-30", "--dossier", folder)

    assert "As of (30 June 2023): Right: quotation not found" in result.output


def test_datapackage_is_written_and_checked(folder):
    """Stale before, current after."""
    assert run("datapackage", "--check", "--dossier", folder).exit_code == 2
    assert run("datapackage", "--dossier", folder).exit_code == 0
    assert (folder / "datapackage.json").exists()
    assert run("datapackage", "--check", "--dossier", folder).output == "datapackage.json is up to date\n"


# -- building -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["-p", "size", "77"],
        ["-p", "size=77"],
        ["-psize", "77"],
        ["--parameter", "size=77"],
        ["--parameter=size=77"],
        ["--vary", "size=77"],
    ],
)
def test_a_parameter_is_two_words_or_one(tmp_path, folder, words):
    """77 is out of the notebook's range: it was read, as the value of ``size``."""
    notebook = write_notebook(tmp_path / "figs.ipynb")
    result = run("build", notebook, "--dossier", folder, "--out", tmp_path / "out", *words)

    assert result.exit_code == 2
    assert "parameter 'size': '77' is above 10" in result.output


def test_a_value_may_hold_what_parts_names_and_values(tmp_path, folder):
    """Only the first sign parts them, and a word after the value is none of it."""
    notebook = write_notebook(tmp_path / "figs.ipynb")
    result = run("build", "--dossier", folder, "-p", "size=a=b", notebook)

    assert "parameter 'size': 'a=b' is not a whole number" in result.output


# -- where one stands, and on what ----------------------------------------------------------------------------------


def test_the_dossier_is_the_folder_one_stands_in(folder, tmp_path, monkeypatch):
    """A dossier named comes first; elsewhere it is the project's own."""
    own = run("validate").output
    monkeypatch.chdir(folder)
    assert run("validate").output.startswith("no fault: 2 claims")
    monkeypatch.chdir(tmp_path)
    assert run("validate").output == own
    assert run("validate", "--dossier", folder).output.startswith("no fault: 2 claims")


def terminal(columns, *arguments):
    """What the command prints in a terminal so wide, and the line that comes on standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    line = [sys.executable, "-m", "claimaudit", *map(str, arguments)]
    env = {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "LINES")} | {"TERM": "dumb"}
    with subprocess.Popen(line, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as started:
        os.close(theirs)
        read = bytearray()
        with suppress(OSError):  # the terminal is gone with its last process
            while found := os.read(ours, 65536):
                read += found
        assert started.wait() == 0
    os.close(ours)
    return read.decode().replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize(("columns", "widest"), [(60, 60), (40, 60), (90, 90)])
def test_tables_follow_the_terminal_down_to_60_columns(folder, columns, widest):
    """And use it."""
    lines = [line for line in terminal(columns, "list", "--dossier", folder) if not line.startswith("claimaudit: ")]

    assert max(map(len, lines)) == widest


def test_whoever_waits_in_a_terminal_is_told_once(capsys, monkeypatch):
    """On standard error, when nothing else was said for as long; and never where nobody looks."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Patience(seconds=0) as waiting:
        waiting._over.wait(10)
        waiting.ends(said=True)
    assert capsys.readouterr().err == "claimaudit: reading and judging; the first time takes longer\n"

    with Patience(seconds=60) as waiting:
        waiting.ends()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with Patience(seconds=0) as waiting:
        waiting.ends(said=True)
    assert capsys.readouterr().err == ""


def test_lab_opens_the_dossier_with_a_notebook_of_its_own(folder, monkeypatch):
    """Copied once, and never over what somebody has made of it; options are handed on."""
    called = []
    monkeypatch.setattr(subprocess, "call", lambda line, cwd: called.append((line, cwd)) or 0)
    for _ in range(2):
        assert run("lab", "--dossier", folder, "--no-browser", "--port=8899").exit_code == 0
        (folder / "explore.ipynb").write_text("mine")

    line, cwd = called[1]
    assert (folder / "explore.ipynb").read_text() == "mine"
    assert line[1:] == [
        "-m", "jupyterlab", f"--notebook-dir={folder}", str(folder / "explore.ipynb"), "--no-browser", "--port=8899",
    ]  # fmt: skip
    assert cwd == folder


@pytest.mark.slow
def test_build_from_a_shell(tmp_path, folder):
    """A good and a failing notebook: a line each, the failure on stderr, exit 1; then all well, quietly, exit 0."""
    good = write_notebook(tmp_path / "figs.ipynb", "print(size)")
    bad = write_notebook(tmp_path / "bad.ipynb", "1 / 0")
    options = ["--dossier", folder, "--out", tmp_path / "out", "-p", "size", "5"]
    done = command("build", good, bad, *options)

    assert done.returncode == 1
    assert done.stderr == "claimaudit: bad failed: cell 3, line 1: ZeroDivisionError: division by zero\n"
    lines = done.stdout.splitlines()
    assert [line[:6] for line in lines[:2]] == ["[1/2] ", "[2/2] "]
    assert any("built figs in" in line for line in lines)
    assert lines[2].startswith("1 report in ")
    assert lines[2].endswith("out/index.html")

    quiet = command("build", good, "--quiet", *options)

    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_the_list_of_commands_cuts_none_short():
    told = CliRunner().invoke(cli.main, ["--help"], terminal_width=80).output
    listed = told.partition("Commands:")[2].partition("Exit codes")[0]

    assert "..." not in listed
    assert all(f"  {name} " in listed for name in cli.main.commands)
    assert len([line for line in listed.splitlines() if line.strip()]) == len(cli.main.commands)
