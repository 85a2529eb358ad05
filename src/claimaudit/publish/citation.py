"""How to cite the audit, from ``CITATION.cff``: one place says it, for people and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from claimaudit import formats

FILE = Path(__file__).resolve().parents[3] / "CITATION.cff"


@dataclass(frozen=True)
class Citation:
    """Who made the audit, what it is called, which version it is and under which licence."""

    authors: tuple[str, ...]
    title: str
    version: str
    license: str

    def line(self, compiled: date) -> str:
        """The citation in a line; ``compiled`` is the day the evidence was closed."""
        parts = [" and ".join(self.authors), self.title, f"Version {self.version}"]
        return f"{'. '.join(parts)}. Evidence as of {formats.day(compiled)}."


def read_citation(path: Path = FILE) -> Citation | None:
    """The citation file; ``None`` where there is none (the package alone does not carry it)."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        names = tuple(_name(author) for author in raw["authors"])
        return Citation(names, str(raw["title"]), str(raw["version"]), str(raw["license"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return None


def _name(author: dict[str, str]) -> str:
    return author.get("name") or " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))
