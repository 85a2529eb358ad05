"""Pages as PDF: printed by a real Chromium, whole or not at all, and one sentence where there is none."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from browser import find_browser
from claimaudit.cli import main
from claimaudit.errors import BuildError
from claimaudit.publish.pdf import print_pages, printer, without_neighbours

PAGE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{0}</title><h1>{0}</h1>'
    '<p><a href="b.html#x">On</a> <a href="https://example.org/">Out</a>'
)


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_text(PAGE.format(name), encoding="utf-8")
    return tmp_path


def names(folder):
    return {path.name for path in folder.iterdir()}


def printed_now(folder, browser):
    """Print the folder's pages, and move the PDFs beside them; their names."""
    put = []

    def move(made):
        put.extend(file.replace(folder / name).name for name, file in made.items())

    print_pages(folder, ["a.html", "b.html", "gone.html"], browser, move)
    return put


@pytest.mark.browser
def test_each_page_is_printed_once_without_a_path_of_this_machine(folder):
    browser = find_browser()

    assert printed_now(folder, browser) == ["a.pdf", "b.pdf"]
    assert names(folder) == {"a.html", "a.pdf", "b.html", "b.pdf"}
    for name in ("a.pdf", "b.pdf"):
        printed = (folder / name).read_bytes()
        assert printed.startswith(b"%PDF-")
        assert b"https://example.org/" in printed
        assert b"file:" not in printed
    assert printed_now(folder, browser) == []

    os.utime(folder / "a.html", (2e9, 2e9))
    assert printed_now(folder, browser) == ["a.pdf"]


def test_a_browser_that_fails_leaves_nothing_behind(folder, tmp_path_factory):
    broken = tmp_path_factory.mktemp("bin") / "chromium"
    broken.write_text(
        '#!/bin/sh\nfor part in "$@"; do case $part in *a.pdf) printf %%PDF-1 > "${part#*=}";; esac; done\n'
    )
    broken.chmod(0o755)

    with pytest.raises(BuildError, match=r"b\.html could not be printed by chromium; open it there"):
        printed_now(folder, str(broken))
    assert names(folder) == {"a.html", "b.html"}


def test_without_chromium_the_command_says_so_and_builds_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("CLAIMAUDIT_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(main, ["build", "--pdf", "--out", str(tmp_path / "out")])

    assert done.exit_code == 2
    assert done.output.strip() == (
        "claimaudit: --pdf needs Chromium to print with, but no Chromium was found; install it, or set "
        "CLAIMAUDIT_BROWSER to its path"
    )
    assert not (tmp_path / "out").exists()


def test_a_browser_named_but_not_there_is_told(monkeypatch):
    monkeypatch.setenv("CLAIMAUDIT_BROWSER", "/nowhere/chromium")

    with pytest.raises(BuildError, match="names '/nowhere/chromium', which cannot be run"):
        printer()


def test_only_links_to_neighbours_are_taken_out():
    html = '<a class="x" href="b.html">b</a><a href="#here">h</a><a href="https://example.org">w</a>'

    assert without_neighbours(html) == '<a class="x">b</a><a href="#here">h</a><a href="https://example.org">w</a>'
