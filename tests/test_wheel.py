"""Installed from the wheel, in a folder of one's own: the commands work without a project, and the installation stays as it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

import shared

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def call(*line, cwd, **more):
    kept = ("PATH", "LANG", "TMPDIR", "SYSTEMROOT")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env["JUPYTER_PATH"] = f"{sys.prefix}/share/jupyter"  # the packages beside it have their templates there
    env |= {"HOME": str(cwd), "PYTHONDONTWRITEBYTECODE": "1"} | more
    return subprocess.run(list(map(str, line)), cwd=cwd, env=env, capture_output=True, text=True, check=False)


def state(folder):
    """Every file of an installation with its time and size."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A clean environment that holds the wheel alone and sees the packages of this one, made once for all workers."""

    def make(place):
        made = call(sys.executable, "-m", "hatchling", "build", "-d", place / "dist", cwd=ROOT)
        assert made.returncode == 0, made.stderr
        venv.create(place / "env", with_pip=False, symlinks=True)
        python = place / "env/bin/python"
        wheel = next((place / "dist").glob("*.whl"))
        install = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel)
        done = call(sys.executable, "-m", "pip", "--python", python, *install, cwd=place)
        assert done.returncode == 0, done.stderr
        own = next((place / "env/lib").glob("python3*/site-packages"))
        (own / "others.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")

    return shared.made_once(tmp_path_factory.getbasetemp(), "wheel", make)


@pytest.fixture
def claimaudit(installed, tmp_path):
    """The command of the wheel, called in a folder of its own."""

    def run(*arguments, cwd=tmp_path):
        return call(installed / "env/bin/claimaudit", *arguments, cwd=cwd)

    return run


def test_new_validate_explain_and_build_work_anywhere_and_write_nothing_into_the_installation(
    installed, claimaudit, tmp_path
):
    own = installed / "env"
    before = state(own)
    where = call(own / "bin/python", "-c", "import claimaudit; print(claimaudit.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(own), "the wheel is what runs"

    assert claimaudit("new", "audit").returncode == 0
    audit = tmp_path / "audit"
    checked = claimaudit("validate", cwd=audit)
    assert checked.stdout == "no fault: 2 claims, 3 parts, 4 observations, 3 sources, no series, no corrections\n"
    explained = claimaudit("explain", "f01", "F02.stopped", cwd=audit)
    assert "In hindsight (1 June 2024): Wrong" in explained.stdout
    built = claimaudit("build", cwd=audit)
    assert built.returncode == 0, built.stderr
    assert "The ferry in winter" in (audit / "reports/ferries.html").read_text()
    again = claimaudit("build", cwd=audit)
    assert again.stdout == "nothing to do: reports/index.html is up to date\n"
    exported = claimaudit("export", "averitec", "--out", "averitec.json", cwd=audit)
    assert exported.returncode == 0, exported.stderr
    assert len(json.loads((audit / "averitec.json").read_text())) == 2
    assert claimaudit("clean", cwd=audit).returncode == 0
    assert not (audit / "reports/index.html").exists()

    assert state(own) == before


def test_a_sheet_is_built_at_once(claimaudit, tmp_path):
    rows = "measure;value;unit;start;title;publisher;published\nFigs;1,5;crate;2022;Yearbook;Customs;2023\n"
    (tmp_path / "figs.csv").write_text(rows)
    made = claimaudit("new", "audit", "--from", "figs.csv")
    assert made.returncode == 0, made.stderr
    built = claimaudit("build", "--dossier", "audit")

    assert built.returncode == 0, built.stderr
    assert (tmp_path / "audit/reports/claims.html").is_file()
    assert "To decide" in made.stdout


@pytest.mark.parametrize("command", [["validate"], ["build"], ["explain", "F01"], ["list"], ["lab"], ["add", "claim"]])
def test_without_a_dossier_one_sentence_says_what_to_do(claimaudit, tmp_path, command):
    done = claimaudit(*command)

    assert done.returncode == 2
    assert done.stderr == (
        "claimaudit: no dossier is named: go into a folder that holds claims.toml, name one with --dossier DIR, or make one with "
        "'claimaudit new DIR'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_lab_brings_a_notebook_that_finds_its_dossier(installed, claimaudit, tmp_path):
    """JupyterLab is asked for its version alone."""
    assert claimaudit("new", "audit").returncode == 0
    done = claimaudit("lab", "--version", cwd=tmp_path / "audit")

    assert done.returncode == 0, done.stderr
    notebook = json.loads((tmp_path / "audit/explore.ipynb").read_text())
    assert "ca.load(dossier)" in "".join("".join(cell["source"]) for cell in notebook["cells"])
    code = ["".join(cell["source"]) for cell in notebook["cells"][:2]]
    (tmp_path / "audit/explore.py").write_text("\n".join([*code, "print(topic, len(result.claims))"]))
    ran = call(installed / "env/bin/python", "explore.py", cwd=tmp_path / "audit")
    assert ran.stdout == "ferries 2\n", "beside the dossier it finds it by itself"


def test_the_source_archive_holds_what_readme_docs_and_tests_need(installed):
    """Every file a document links to, and every place a test looks at."""
    with tarfile.open(next((installed / "dist").glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"README.md", "LICENSE", "NOTICE", "pyproject.toml", "src/claimaudit/start/claims.toml"}
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                wanted.add((document.parent / target).resolve().relative_to(ROOT).as_posix())
    for test in (ROOT / "tests").glob("*.py"):
        wanted.add(f"tests/{test.name}")
        wanted |= set(re.findall(r'ROOT / "([^"]+)"', test.read_text(encoding="utf-8"))) - {".venv"}

    missing = [name for name in wanted if name not in held and not any(item.startswith(f"{name}/") for item in held)]
    assert sorted(name for name in missing if (ROOT / name).exists()) == []
