"""Pages printed to PDF by the Chromium that is installed: ``claimaudit build --pdf``.

A page is printed from a copy whose links to its neighbours are text: in a file that is mailed they would lead to folders
of the machine that printed it. PDFs are moved into place together, once all are printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from claimaudit.errors import BuildError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHOICE = "CLAIMAUDIT_BROWSER"
"""The environment variable that names a browser to use instead."""
_OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--no-pdf-header-footer",
)  # fmt: skip
_SECONDS = 180
_AT_ONCE = 2
_NEIGHBOUR = re.compile(r'(<a\b[^>]*?)\shref="(?!https?:|mailto:|#)[^"]*"')


def find_chromium() -> str:
    """The path of the installed Chromium, or an empty string."""
    return os.environ.get(CHOICE) or next(filter(None, map(shutil.which, BROWSERS)), "")


def printer() -> str:
    """The Chromium that prints; ``BuildError`` where there is none, before anything is built."""
    found = find_chromium()
    if not found or not shutil.which(found):
        named = f"{CHOICE} names {found!r}, which cannot be run" if found else "no Chromium was found"
        raise BuildError(f"--pdf needs Chromium to print with, but {named}; install it, or set {CHOICE} to its path")
    return found


def print_pages(folder: Path, pages: Iterable[str], browser: str, put: Callable[[Mapping[str, Path]], Any]) -> None:
    """Print those pages of a folder whose PDF is missing or older; ``put`` is given the PDFs by name, to move them there.

    Raises ``BuildError`` when a page cannot be printed; no PDF has been written or replaced then.
    """
    due = [page for page in (folder / name for name in sorted(pages)) if page.is_file() and _is_due(page)]
    if not due:
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".print-", dir=folder) as name:
            workplace = Path(name).absolute()
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                printed = list(pool.map(partial(_print, browser, workplace), due))
            put({file.name: file for file in printed})
    except OSError as error:
        raise BuildError(
            f"PDFs cannot be written into {folder.name!r} ({error.strerror}); make room and try again"
        ) from None


def without_neighbours(html: str) -> str:
    """A page whose links to other files of the site are plain text; those to itself and to the web stay."""
    return _NEIGHBOUR.sub(r"\1", html)


def _is_due(page: Path) -> bool:
    made = page.with_suffix(".pdf")
    return not made.exists() or made.stat().st_mtime < page.stat().st_mtime


def _print(browser: str, workplace: Path, page: Path) -> Path:
    copy, target = workplace / page.name, workplace / f"{page.stem}.pdf"
    copy.write_text(without_neighbours(page.read_text(encoding="utf-8")), encoding="utf-8")
    command = [browser, *_OPTIONS, f"--user-data-dir={workplace / page.stem}", f"--print-to-pdf={target}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium does not start as root otherwise
    try:
        subprocess.run([*command, copy.as_uri()], capture_output=True, check=True, timeout=_SECONDS)
    except (subprocess.SubprocessError, OSError):
        target.unlink(missing_ok=True)
    if not target.exists() or not target.read_bytes().startswith(b"%PDF-"):
        raise BuildError(
            f"{page.name} could not be printed by {Path(browser).name}; open it there and print it by hand"
        )
    return target
