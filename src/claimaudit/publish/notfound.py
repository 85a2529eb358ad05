"""What was looked for and not found: by a notebook's author, told there alone, and for a part, told in its note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from claimaudit.model import Claim

_PARAGRAPH = re.compile(r"^\*\*Not found\.\*\*\s*(.+?)(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)


_LOOKED_FOR = re.compile(r"Looked for(?:, and not found)?: (.+?)(?=\.\s|\.?$)", re.DOTALL)


def looked_for(claims: Iterable[Claim]) -> tuple[str, ...]:
    """What the notes of parts say was looked for, each once, with the claims it was looked for: no reader knows a part's name."""
    found: dict[str, dict[str, None]] = {}
    for claim in claims:
        for match in (match for part in claim.parts for match in _LOOKED_FOR.finditer(part.note)):
            found.setdefault(match[1], {})[claim.claim_id] = None
    return tuple(f"Looked for: {text} ({', '.join(ids)})" for text, ids in found.items())


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
