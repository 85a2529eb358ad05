"""Where a page keeps what is measured: between two marks, so that the prose around them stays."""

from __future__ import annotations

from pathlib import Path

_FROM, _TO = "<!-- measured: from here -->", "<!-- measured: to here -->"


def put(file: Path, text: str) -> None:
    """Put the table between the two marks of a page, or make the page of it; what else stands there stays."""
    page = file.read_text(encoding="utf-8") if file.exists() else f"{_FROM}\n{_TO}\n"
    before, _, rest = page.partition(_FROM)
    _, _, after = rest.partition(_TO)
    file.write_text(f"{before}{_FROM}\n\n{text}\n{_TO}{after}", encoding="utf-8")
