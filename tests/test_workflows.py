"""The workflows: what they may do, what they run, and that the steps of a desk's own run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.errors import BuildError, ParameterError
from claimaudit.run.desk_ci import REQUIREMENTS, WORKFLOW, workflow, write_ci
from samples import OBSERVATIONS, PUBLISHERS, write_dossier

ROOT = Path(__file__).parents[1]
OWN = (ROOT / ".github/workflows/reports.yml").read_text(encoding="utf-8")
BOTH = {"own": OWN, "desk": workflow()}
MAIN_ONLY = "github.event_name == 'push' && github.ref == 'refs/heads/main'"


def jobs(text):
    return yaml.safe_load(text)["jobs"]


@pytest.mark.parametrize("text", BOTH.values(), ids=BOTH)
def test_nothing_is_allowed_that_a_job_does_not_need(text):
    assert yaml.safe_load(text)["permissions"] == {}
    allowed = {name: job["permissions"] for name, job in jobs(text).items()}

    assert {name: own for name, own in allowed.items() if "write" in own.values()} == {
        "comment": {"actions": "read", "pull-requests": "write"},
        "publish": {"pages": "write", "id-token": "write"},
    }


@pytest.mark.parametrize("text", BOTH.values(), ids=BOTH)
def test_only_main_is_published_and_only_after_all_else(text):
    found = jobs(text)

    assert found["publish"]["if"] == MAIN_ONLY
    assert set(found["publish"]["needs"]) == set(found) - {"publish", "comment"}


@pytest.mark.parametrize("text", BOTH.values(), ids=BOTH)
def test_the_job_that_writes_the_comment_runs_nothing_of_the_pull_request(text):
    comment = jobs(text)["comment"]

    assert not [step for step in comment["steps"] if "uses" in step]
    assert "head.repo.full_name == github.repository" in comment["if"]
    for step in comment["steps"]:
        assert "${{" not in step["run"], "a text of the event would be run by the shell"


@pytest.mark.parametrize("text", BOTH.values(), ids=BOTH)
def test_actions_are_pinned_and_leave_no_credentials(text):
    for use in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v[0-9.]+", use), use
    for job in jobs(text).values():
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_both_use_the_same_versions():
    assert set(re.findall(r"uses: (.*)", BOTH["desk"])) <= set(re.findall(r"uses: (.*)", OWN))


def test_what_the_own_workflow_makes_are_targets():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = set(re.findall(r"\bmake ([a-z-]+)", OWN))

    assert {"validate", "review", "reports", "wheel", "test"} <= made <= targets


# -- a desk's repository ----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path):
    folder = write_dossier(tmp_path / "desk" / "texts" / "figs")
    CliRunner().invoke(main, ["accept", "--dossier", str(folder)], catch_exceptions=False)
    write_ci(tmp_path / "desk", "texts/figs")
    return tmp_path / "desk"


def steps(desk):
    """The commands of a desk's workflow that are its own, by the name of the step."""
    text = (desk / WORKFLOW).read_text(encoding="utf-8")
    found = [step for name in ("review", "reports") for step in jobs(text)[name]["steps"] if "run" in step]
    return {
        step["name"]: step["run"] for step in found if "pip install" not in step["run"] and "gh run" not in step["run"]
    }


def run(desk, command):
    """As a runner runs a step: by bash, which ends at the first failure."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(desk / "summary.md")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=desk,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_every_step_of_a_desks_workflow_runs(desk):
    for name, command in steps(desk).items():
        done = run(desk, command)
        assert done.returncode == 0, (name, done.stdout, done.stderr)

    assert (desk / "reports/index.html").is_file()
    assert (desk / "summary.md").read_text(encoding="utf-8") == "**Every verdict is as accepted.**\n"
    assert (desk / "reports.tar").stat().st_size > 100_000


@pytest.mark.slow
def test_reports_that_were_kept_are_known_again(desk, tmp_path):
    commands = steps(desk)
    build = next(command for command in commands.values() if "claimaudit build" in command)
    pack = next(command for command in commands.values() if "tar --create" in command)
    run(desk, build)
    run(desk, pack)
    (desk / "reports").rename(tmp_path / "gone")
    run(desk, "tar --extract --file reports.tar --directory .")

    assert run(desk, build).stdout.startswith("nothing to do")


def test_a_verdict_that_moved_fails_the_step_and_shows_on_the_page_and_in_the_comment(desk):
    commands = steps(desk)
    write_dossier(desk / "texts/figs", publishers=PUBLISHERS.replace("Gazette,C", "Gazette,B"))
    checked = run(desk, next(command for command in commands.values() if "claimaudit check" in command))
    run(desk, next(command for command in commands.values() if "SUMMARY" in command))

    assert checked.returncode == 1
    for name in ("summary.md", "review/review.md"):
        text = (desk / name).read_text(encoding="utf-8")
        assert "| M01 | in hindsight | rating | Unproven: not shown | Right |" in text
        assert "accept --note" in text


def test_a_dossier_at_fault_fails_the_first_step(desk):
    (desk / "texts/figs/observations/harbour.csv").write_text(OBSERVATIONS.replace(",95,", ",many,"), encoding="utf-8")
    done = run(desk, next(command for command in steps(desk).values() if "claimaudit validate" in command))

    assert done.returncode == 2
    assert "harbour.csv:2" in done.stdout


def test_nothing_of_a_desk_is_written_over(desk):
    (desk / REQUIREMENTS).write_text("claimaudit==9\n", encoding="utf-8")
    before = (desk / WORKFLOW).read_text(encoding="utf-8")

    with pytest.raises(BuildError, match="is there already"):
        write_ci(desk)
    assert (desk / WORKFLOW).read_text(encoding="utf-8") == before
    assert (desk / REQUIREMENTS).read_text(encoding="utf-8") == "claimaudit==9\n"


@pytest.mark.parametrize("place", ["", "../x", "a b", "$(reboot)", "a/../b", "/etc", "-x"])
def test_a_place_that_a_shell_would_read_otherwise_is_refused(place):
    with pytest.raises(ParameterError, match="no place in a repository"):
        workflow(place)
