"""Texts as values, strictly: numbers, true or false, days and folders. Nothing is ever evaluated."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

Value = int | float | str | bool
"""What a parameter can be."""

LONGEST_SHOWN = 60
"""Longer texts are shortened in messages."""

_INT = re.compile(r"[+-]?[0-9]+(_[0-9]+)*")
_FLOAT = re.compile(r"[+-]?([0-9]+(_[0-9]+)*(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def convert(text: str, kind: type) -> Value | None:
    """The text as a value of a type; ``None`` when it is none."""
    if kind is str:
        return text
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower())
    if not (_INT if kind is int else _FLOAT).fullmatch(text):
        return None
    try:
        value = kind(text)
    except ValueError:  # more digits than Python converts
        return None
    return value if kind is int or math.isfinite(value) else None


def unfit_day(text: str) -> str:
    """What is wrong with a day written as text; empty when nothing is."""
    if not _DAY.fullmatch(text):
        return "is not a day"
    try:
        date.fromisoformat(text)
    except ValueError:
        return "is not in the calendar"
    return ""


def unfit_folder(text: str) -> str:
    """What is wrong with a dossier's folder; empty when nothing is."""
    try:
        if not Path(text).is_dir():
            return "is not a folder"
        return "" if (Path(text) / "article.toml").is_file() else "holds no article.toml"
    except (OSError, ValueError):
        return "is not a folder"


def unfit_topic(text: str) -> str:
    """What is wrong with the name of a topic; empty when nothing is."""
    return "" if _NAME.fullmatch(text) else "is no name of a topic"


UNFIT = {"date": unfit_day, "folder": unfit_folder, "topic": unfit_topic}
"""The check of each kind of text."""


def plain(number: float) -> str:
    """A bound as a reader sees it: ``1,000,000``, ``0.25``."""
    if 1500 <= number <= 2100 and float(number).is_integer():
        return f"{number:.0f}"  # a year
    return f"{number:,}" if isinstance(number, int) else f"{number:,g}" if number < 1e6 else f"{number:g}"


def short(value: object, *, quoted: bool = True) -> str:
    """A value as it may stand in a message, never longer than a line bears."""
    text = repr(value) if quoted else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 4]}...{text[-1]}"
