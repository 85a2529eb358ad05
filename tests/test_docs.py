"""The documents say what the code does: commands, columns, modules, test kinds, links, reports."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from claimaudit.cli import main
from claimaudit.dossier.evidence_tables import COLUMNS
from claimaudit.model import TestKind
from claimaudit.run.notebooks import notebooks_of
from claimaudit.verdict.table import COLUMNS as VERDICT_COLUMNS
from samples import DATA

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "data/README.md",
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
    "labels/README.md",
]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_to_files_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#]+)\)", text(name)):
        if not target.startswith(("http://", "https://")):
            assert (ROOT / name).parent.joinpath(target).exists(), target


def test_readme_shows_every_command_with_options_that_exist():
    readme = text("README.md")

    for name, command in main.commands.items():
        assert f"claimaudit {name}" in readme, name
        known = {option for parameter in command.params for option in parameter.opts}
        for line in re.findall(rf"^claimaudit {name}(.*)$", readme, re.MULTILINE):
            used = set(re.findall(r"(?<!\S)(--?[a-z-]+)", line.split("#")[0]))
            assert used <= known, f"{name}: {used - known}"


def test_every_command_and_option_has_help():
    for name, command in main.commands.items():
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"


def test_readme_lists_every_report_and_the_columns_of_the_verdicts():
    readme = text("README.md")

    for notebook in notebooks_of(DATA):
        assert notebook.name in readme, notebook.name
    assert f"`{', '.join(VERDICT_COLUMNS)}`" in " ".join(readme.split())


def test_readme_names_every_claim_beside_its_report(project):
    """As "E03-E09, E17": whoever looks for a claim finds its report."""
    readme = text("README.md")

    for topic in {claim.topic for claim in project.claims}:
        named = set()
        for first, last in re.findall(r"([EM]\d\d)(?:-[EM](\d\d))?", re.search(rf"\b{topic} \(([^)]*)\)", readme)[1]):
            named |= {f"{first[0]}{number:02}" for number in range(int(first[1:]), int(last or first[1:]) + 1)}
        assert {claim.claim_id for claim in project.topic(topic)} <= named, topic


def test_make_targets_named_in_the_documents_exist():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))

    for name in DOCUMENTS:
        assert set(re.findall(r"`make ([a-z-]+)`", text(name))) <= targets, name


def test_method_names_every_kind_of_test_and_every_number():
    method = text("docs/method.md")
    numbers = tomllib.loads(text("src/claimaudit/dossier/method.toml"))

    for kind in TestKind:
        assert f"`{kind.value}`" in method, kind
    for section in ("pool", "labels", "floor"):
        for name in numbers[section]:
            assert f"`{name}`" in method or name in ("prior",), name


def test_data_readme_names_every_file_of_the_dossier():
    described = text("data/README.md")

    for path in (ROOT / "data").iterdir():
        if path.name not in ("README.md", "observations", "series"):
            assert f"`{path.name}`" in described, path.name
    for column in ("reliability", "credibility", "published", "seen", "variant", "start"):
        assert column in described
        assert any(column in columns for columns in COLUMNS.values())


def test_changelog_opens_with_what_is_not_released():
    assert re.search(r"^## Unreleased$", text("CHANGELOG.md"), re.MULTILINE)


def test_nothing_needs_scipy():
    """scipy slows `import seaborn`: no module of the project imports it and the lock does not hold it."""
    for path in (ROOT / "src").rglob("*.py"):
        assert not re.search(r"^\s*(import|from) scipy", path.read_text(encoding="utf-8"), re.MULTILINE), path
    for lock in ("requirements.lock", "requirements-test.lock"):
        assert "\nscipy==" not in text(lock)
