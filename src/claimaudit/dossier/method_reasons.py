"""Why each number of ``method.toml`` is what it is: the file's own comments, which a TOML reader drops.

A comment under a table's heading (or right above it) speaks of the whole table, one above a key or behind a value of that
key alone. Lines that begin with ``# --`` only divide the file.
"""

from __future__ import annotations

import re

_TABLE = re.compile(r"\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?")
_ENTRY = re.compile(r"""("[^"]*"|[\w.-]+)\s*=((?:"[^"]*"|'[^']*'|[^"'#])*)(?:#\s*(.*))?""")


def reasons(text: str) -> dict[str, str]:
    """Comments by what they explain: ``pool`` (a table), ``sweep.supported`` (a key); the file's own under ``""``."""
    found: dict[str, str] = {}
    table, waiting, opened = "", [], True
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            words = line.lstrip("#").strip()
            waiting += [words] if words and not words.startswith("--") else []
        elif match := _TABLE.fullmatch(line):
            if opened and table == "" and waiting:
                found[""] = " ".join(waiting)
                waiting = []
            table, opened = match[1].strip(), True
        elif match := _ENTRY.fullmatch(line):
            key = f"{table}.{match[1].strip(chr(34))}"
            if waiting:
                where = table if opened else key
                found[where] = " ".join([*filter(None, [found.get(where)]), *waiting])
            if match[3]:
                found[key] = " ".join(filter(None, [found.get(key), match[3].strip()]))
            waiting, opened = [], False
    return found
