"""The command line: help, exit codes, messages, and what each command prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from claimaudit import cli
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
        "accept",
        "agree",
        "build",
        "clean",
        "coverage",
        "datapackage",
        "explain",
        "list",
        "sweep",
        "validate",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name):
    """And says its exit codes; ``--dossier`` works on each."""
    found = cli.main.commands[name]
    options = [item for item in found.params if isinstance(item, click.Option)]
    text = run(name, "--help").output

    assert found.help
    assert all(option.help for option in options)
    assert name == "clean" or "--dossier" in text
    assert "Exit codes: 0 done; 1 a notebook failed" in text
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
        (["build", "-p", "x=1;import os", "1"], "unknown parameter 'x=1;import os'"),
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
    for words in ("munitions", "heavy_share", "float", "0 to 1", "us-estimate"):
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
        "Likelihood: very likely, 95 %",
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
