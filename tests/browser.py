"""A real Chromium for tests that open pages: found on this machine, never downloaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from claimaudit.publish.pdf import find_chromium

_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_browser() -> str:
    """The path of a Chromium; skips the test where there is none, fails it where one is required."""
    found = find_chromium()
    if found:
        return found
    message = "no Chromium was found: install the package 'chromium', or set CLAIMAUDIT_BROWSER to its path"
    if os.environ.get("CLAIMAUDIT_REQUIRE_BROWSER"):
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def chromium() -> Iterator:
    """A running headless browser."""
    path = find_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(_ARGS))
        try:
            yield browser
        finally:
            browser.close()
