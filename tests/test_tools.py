"""Tools and benchmarks, which no other module imports: they start, and name modules and tests that are there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

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
