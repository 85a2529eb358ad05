"""A copy of the project's dossier whose texts try to run, load or restyle something wherever they are shown."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from samples import DATA

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
)
ADDRESSES = (
    'https://example.org/"><script>window.ran=1</script>',
    "https://example.org/'onclick='window.ran=1",
    "https://example.org/{{7*7}}?q=<b>&x=\u202e",
)


def hostile_dossier(folder: Path) -> Path:
    """Write the dossier into ``folder``: titles, publishers, addresses, notes, claims and the article are all hostile."""
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("datapackage.json"))
    _rewrite(folder / "sources.csv", {"title": TEXTS, "publisher": TEXTS, "url": ADDRESSES})
    for path in (folder / "observations").glob("*.csv"):
        _rewrite(path, {"note": TEXTS}, but=(DATA / "corrections.toml").read_text(encoding="utf-8"))
    _rewrite(folder / "measures.csv", {"meaning": TEXTS})
    _rewrite(folder / "origins.csv", {"note": TEXTS})
    claims = (folder / "claims.toml").read_text(encoding="utf-8")
    for number, field in enumerate(("paraphrase", "best_reading", "text", "speaker")):
        told = _toml(TEXTS[number])
        claims = re.sub(rf'^(\s*{field} = )".*"$', lambda found, told=told: found[1] + told, claims, flags=re.MULTILINE)
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    article = (folder / "article.toml").read_text(encoding="utf-8")
    for field, told in (("title", TEXTS[3]), ("author", TEXTS[1]), ("publisher", TEXTS[4])):
        article = re.sub(
            rf"^{field} = .*$", lambda _, f=field, t=told: f"{f} = {_toml(t)}", article, flags=re.MULTILINE
        )
    (folder / "article.toml").write_text(article, encoding="utf-8")
    return folder


def _toml(text: str) -> str:
    escaped = "".join(f"\\u{ord(letter):04x}" if ord(letter) > 126 else letter for letter in text)
    return '"' + escaped.replace('"', '\\"') + '"'


def _rewrite(path: Path, columns: dict[str, tuple[str, ...]], but: str = "") -> None:
    """Put hostile texts into columns of a table, in turn; empty cells stay so, and rows whose id stands in ``but``."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        for column, texts in columns.items():
            if row[column] and next(iter(row.values())) not in (but or ()):
                told = texts[number % len(texts)]
                row[column] = (
                    told if column == "url" else f"{row[column]} {told}"
                )  # rows must stay apart by their notes
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
