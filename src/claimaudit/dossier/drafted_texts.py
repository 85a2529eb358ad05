"""The texts of a drafted dossier: tables as CSV, the article and the claims as TOML with what is still to do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from claimaudit import formats
from claimaudit.dossier.evidence_tables import COLUMNS, OPTIONAL
from claimaudit.dossier.tables import PASSED


def csv_text(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as a table of the dossier; optional columns stand only where a row fills them."""
    own = list(rows)
    extra = [column for column in OPTIONAL.get(name, ()) if any(row.get(column) for row in own)]
    passed = dict.fromkeys(column for row in own for column in row if column.startswith(PASSED))
    buffer = io.StringIO(newline="")
    table = csv.DictWriter(
        buffer, [*COLUMNS[name], *extra, *passed], restval="", extrasaction="ignore", lineterminator="\n"
    )
    table.writeheader()
    table.writerows(own)
    return buffer.getvalue()


def toml_text(words: str) -> str:
    """A text as TOML has it; JSON's form is one of TOML's."""
    return json.dumps(words, ensure_ascii=False)


def article_text(today: date, title: str) -> str:
    """``article.toml`` of a text nobody has named yet, closed ``today``."""
    return (
        "# The audited text; `compiled` is the day the dossier was closed.\n"
        f"title = {toml_text(title or 'To do: the title of the audited text')}\n"
        'author = ""\npublisher = "To do: who published it"\n'
        f"published = {today - timedelta(1)}  # to do: the day the text was published\n"
        f'url = ""\nlanguage = "en"\ncompiled = {today}\n'
    )


def claims_text(claims: Mapping[str, Sequence[str]], meanings: Mapping[str, str]) -> str:
    """``claims.toml``: a claim for each of the words, with its measures as related rows and a part that tests nothing."""
    texts = [
        "# Drafted from a sheet: each claim knows its rows and tests nothing yet. Give each part its test and evidence.\n"
    ]
    for number, (words, own) in enumerate(claims.items(), start=1):
        about = words if not words.startswith("\0") else ""
        said = about or f"To do: what the text says of {meanings[own[0]] or formats.words(own[0])}"
        name = f"C{number:02}"
        quoted = " ".join(about.split()[:25]) or "To do"
        texts.append(
            f'\n[[claims]]\nid = "{name}"\nparagraph = 1\ndomain = "to do"\ntopic = "claims"\nspeaker = "author"\nspeech = "own"\n'
            f'kind = "quantity"\nquotation = {toml_text(quoted)}\nparaphrase = {toml_text(said)}\nbest_reading = "To do"\n'
            f'split_note = "To do"\nrelated = [{{ measure = {_list(own)} }}]\n\n'
            f'  [[claims.parts]]\n  id = "{name}.main"\n  text = {toml_text(said)}\n  role = "core"\n  test = "event"\n'
            f'  note = "To do: choose the test, its numbers and its evidence"\n'
            f"  # evidence = [{{ measure = {_list(own)} }}]\n"
        )
    return "".join(texts)


def _list(names: Sequence[str]) -> str:
    return toml_text(names[0]) if len(names) == 1 else f"[{', '.join(map(toml_text, names))}]"
