"""Tools and benchmarks, which no other module imports: they start, and name modules and tests that are there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from claimaudit.dossier.dossier import Dossier

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

import load

ROOT = Path(__file__).parents[1]
SCRIPTS = [
    path.relative_to(ROOT).as_posix()
    for folder in ("benchmarks", "tools")
    for path in sorted((ROOT / folder).glob("*.py"))
    if "ArgumentParser(" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_starts_and_says_what_it_is(script):
    done = subprocess.run([sys.executable, script, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")


def test_the_dossier_twice_over_loads_and_holds_all_of_it_twice(tmp_path, project):
    load.write_copies(tmp_path, 2)
    twice = Dossier.load(tmp_path)

    assert [len(twice.claims), len(twice.observations), len(twice.sources), len(twice.series)] == [
        2 * len(whole) for whole in (project.claims, project.observations, project.sources, project.series)
    ]


def test_more_rows_for_the_same_claims_load(tmp_path, project):
    load.write_rows(tmp_path, 2)
    grown = Dossier.load(tmp_path)

    assert len(grown.claims) == len(project.claims)
    assert len(grown.observations) == 2 * len(project.observations)


def test_faults_are_put_into_modules_that_have_tests():
    text = (ROOT / "tools/mutate.py").read_text(encoding="utf-8")
    (modules,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MODULES"
    )

    assert "claimaudit.verdict.rating" in modules
    for module, tests in modules.items():
        assert ROOT.joinpath("src", *module.split(".")).with_suffix(".py").is_file(), module
        for name in tests:
            assert list(ROOT.glob(f"tests/test_{name}*.py")), f"{module}: {name}"
