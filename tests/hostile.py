"""A dossier whose texts try to run, load or restyle something, to steer a terminal or to be reckoned by a spreadsheet."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from samples import DATA, write_dossier

SIGN = "hostile-sign"
"""Stands in every hostile text, so that a test can see that the texts were shown at all."""
TEXTS = (
    f"{SIGN} <script>window.ran=1</script>",
    f"{SIGN} <img src=x onerror=window.ran=1>",
    f"{SIGN} \"><svg onload=window.ran=1> ' onmouseover='window.ran=1",
    f"{SIGN} </style></title></script><iframe src=javascript:window.ran=1></iframe>",
    f"{SIGN} {{{{ 7*7 }}}} {{% for x in y %}} ${{window.ran=1}} </script><!-- ]]>",
    f"{SIGN} \u202etxet desrever\u202c \u2066isolated\u2069 \u200b\ufeff\u2028",
    f"{SIGN} [link](javascript:window.ran=1) `code` **bold** <a href=javascript:window.ran=1>x</a>",
    f"=cmd|'/c calc'!A1 {SIGN}",
    f"@SUM(1+1) {SIGN}; -1+1",
    f"{SIGN} [bold red]marked[/bold red] [link=https://example.org]up[/link] [/] :skull:",
    f"{SIGN} $\\frac{{1}}{{0$ and $\\unknown$ \\ % # _ ^ & ~ --> -- '); DROP TABLE claims; --",
)
CONTROLS = f"+{SIGN} \x1b[31m\x1b]0;owned\x07\x1b[2J \x9b1m \x08\x7f \ufffe"
"""Signs that no table holds, but TOML may spell."""
ADDRESSES = (
    'https://example.org/"><script>window.ran=1</script>',
    "https://example.org/'onclick='window.ran=1",
    "https://example.org/{{7*7}}?q=<b>&x=\u202e",
)
_TABLES = {
    "publishers.csv": {"name": TEXTS[::-1], "reason": TEXTS},
    "sources.csv": {"title": TEXTS, "url": ADDRESSES},
    "measures.csv": {"meaning": TEXTS},
    "units.csv": {"meaning": TEXTS},
    "origins.csv": {"note": TEXTS},
}
_PROSE = {
    "article.toml": ("title", "author", "publisher"),
    "claims.toml": ("paraphrase", "best_reading", "text", "speaker", "note"),
    "context.toml": ("reason",),
    "corrections.toml": ("reason",),
    "series.toml": ("title", "vintage_reason"),
    "responses.toml": ("who", "answer"),
    "terms.toml": ("title", "of", "credit", "note"),
}
"""Texts of the TOML files, by key."""


def hostile_dossier(folder: Path) -> Path:
    """The project's dossier with hostile texts, in ``folder``."""
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("datapackage.json"))
    return made_hostile(folder)


def hostile_sample(folder: Path) -> Path:
    """The small dossier of the tests with hostile texts, in ``folder``."""
    return made_hostile(write_dossier(folder))


def made_hostile(folder: Path) -> Path:
    """A dossier, changed in place: every text that a reader may see is hostile, in tables and in TOML files."""
    for name, columns in _TABLES.items():
        _rewrite(folder / name, columns)
    corrections = folder / "corrections.toml"
    but = corrections.read_text(encoding="utf-8") if corrections.exists() else ""
    for path in (folder / "observations").glob("*.csv"):
        _rewrite(path, {"note": TEXTS}, but=but)
    for name, fields in _PROSE.items():
        if (folder / name).exists():
            _retell(folder / name, fields)
    return folder


def _retell(path: Path, fields: tuple[str, ...]) -> None:
    """Every text that stands under one of these keys becomes a hostile one, in turn."""
    told = [*TEXTS]  # the loader refuses control characters
    text = path.read_text(encoding="utf-8")
    for start, field in enumerate(fields):
        places = iter(range(start * 3, 10**6))

        def hostile(found: re.Match[str], places=places) -> str:
            return found[1] + _toml(told[next(places) % len(told)])

        text = re.sub(rf'^(\s*{field} = )".*"$', hostile, text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    plain = range(32, 127)
    return '"' + "".join(sign if ord(sign) in plain else f"\\u{ord(sign):04x}" for sign in escaped) + '"'


def _rewrite(path: Path, columns: dict[str, tuple[str, ...]], but: str = "") -> None:
    """Put hostile texts into columns of a table, in turn; empty cells stay so, and rows whose id stands in ``but``."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        for column, texts in columns.items():
            if row[column] and next(iter(row.values())) not in (but or ()):
                told = texts[number % len(texts)]
                row[column] = told if column == "url" else f"{told} {row[column]}"  # rows stay apart by their notes
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
