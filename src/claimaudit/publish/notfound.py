"""What a notebook's author looked for and did not find: kept in the notebook alone, read from there."""

from __future__ import annotations

import json
import re
from pathlib import Path

_PARAGRAPH = re.compile(r"^\*\*Not found\.\*\*\s*(.+?)(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)


def not_found(notebook: Path) -> tuple[str, ...]:
    """The items of the paragraphs that open with **Not found.**; none where the notebook has no such list."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    found = [match[1] for text in texts for match in _PARAGRAPH.finditer(text)]
    items = [item for paragraph in found for item in _items(" ".join(paragraph.split()))]
    return tuple(items)


def _items(text: str) -> list[str]:
    """``a (b; c); d.`` as ``a (b; c)`` and ``d``: semicolons part items, but not within brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == ";" and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [part.strip().rstrip(".") for part in parts if part.strip(" .")]
