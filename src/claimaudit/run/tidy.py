# ruff: noqa: PLC0415 (nbformat is slow to import, and not needed where paths are)
"""Executed notebooks without what differs from run to run or tells of the machine: same inputs, same bytes."""

from __future__ import annotations

import json
import re
import site
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from claimaudit.inert import utf8
from claimaudit.publish.displays import WIDGET, without_view

_TEMPORARY = "temporary"
_CELL_FILE = re.compile(_TEMPORARY + r"[/\\]ipykernel_\d+[/\\]\d+\.py")
_ADDRESS = re.compile(r"(?<= at 0x)[0-9a-fA-F]{6,16}(?=>|&gt;)")
_STYLED = re.compile(r'id="(T_[0-9a-f]{5})"')
"""The random name that pandas gives a table with styles."""
_TIMED = ("papermill", "execution")
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""What nbformat takes for the id of a cell."""
Shown = tuple[tuple[str, str], ...]
"""Pairs of an absolute path and what stands in its place, longest path first."""


def machine_paths(folders: Iterable[tuple[str, Path]]) -> Shown:
    """What is written instead of the machine's own paths; ``folders`` are names to show and where they are."""
    pairs: dict[str, str] = {}
    for shown, folder in folders:
        pairs.setdefault(str(folder.absolute()), shown)
        pairs.setdefault(str(folder.resolve()), shown)
    library = sysconfig.get_paths()
    for path in (*site.getsitepackages(), library["purelib"], library["platlib"]):
        pairs.setdefault(path, "site-packages")
    pairs.setdefault(library["stdlib"], "python")
    pairs.setdefault(sys.prefix, "environment")
    pairs |= {str(path): _TEMPORARY for path in (Path(tempfile.gettempdir()), Path(tempfile.gettempdir()).resolve())}
    home = str(Path.home())
    pairs |= {f"~{path[len(home) :]}": shown for path, shown in list(pairs.items()) if path.startswith(f"{home}/")}
    pairs.setdefault(home, "~")
    usable = [(path, shown) for path, shown in pairs.items() if len(path) > 1]
    return tuple(sorted(usable, key=lambda pair: (-len(pair[0]), pair[0])))


def tidy_text(text: str, shown: Shown) -> str:
    """A text with the machine's paths shortened, without the kernel's temporary file names and places in memory."""
    for path, short in shown:
        if path in text:
            text = re.sub(re.escape(path) + r"(?![\w.-])", lambda _, short=short: short, text)
    return _ADDRESS.sub("...", _CELL_FILE.sub("<cell>", text))


def tidy(notebook: Any, shown: Shown) -> Any:
    """The notebook, changed in place: no run times, random ids, widget state or absolute paths."""
    known = {cell.get("id") for cell in notebook.cells}
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for number, cell in enumerate(notebook.cells):
        for name in _TIMED:
            cell.metadata.pop(name, None)
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags or "papermill-error-cell-tag" in tags:
            cell["id"] = _free(f"added-{number}", known)
            cell.source = tidy_text(cell.source, shown)
        if cell.cell_type == "code":
            cell.outputs = list(_outputs(cell.outputs, shown))
    return notebook


def read_notebook(path: Path) -> Any:
    """A notebook of any format as one of the newest, with ids that are the same each time it is read."""
    import nbformat

    text = path.read_text(encoding="utf-8")
    try:
        raw = json.loads(text)
        if raw["nbformat"] == 4:
            whole = utf8(json.dumps(with_ids(raw), ensure_ascii=False)).decode()  # no halves of characters
            return nbformat.reads(whole, as_version=4)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return nbformat.reads(text, as_version=4)  # which says what is wrong
    notebook = nbformat.reads(text, as_version=4)  # gives random ids to the cells of older formats
    for cell in notebook.cells:
        cell.pop("id", None)
    return with_ids(notebook)


def with_ids(notebook: Any) -> Any:
    """A copy of a notebook (of format 4) in which each cell has an id of its own.

    Ids that are there stay; a missing or malformed one becomes ``cell-3`` by the cell's place, and of two that are the
    same the second ``name-2``: so the same notebook always gets the same ids.
    """
    cells = notebook["cells"]
    known = {name for cell in cells if (name := _id(cell))}
    seen: set[str] = set()
    made = []
    for number, cell in enumerate(cells, start=1):
        name = _id(cell)
        if not name or name in seen:
            name = _free(f"{name[:56]}-2" if name else f"cell-{number}", known)
        seen.add(name)
        known.add(name)
        made.append(type(cell)({**cell, "id": name}))
    minor = max(5, notebook.get("nbformat_minor", 0))
    return type(notebook)({**notebook, "cells": made, "nbformat_minor": minor})


def _id(cell: Any) -> str:
    name = cell.get("id")
    return name if isinstance(name, str) and _ID.fullmatch(name) else ""


def _free(name: str, known: set[str]) -> str:
    """A name that is not taken: the given one, or the next number after it."""
    stem, dash, number = name.rpartition("-")
    while name in known:
        number = str(int(number) + 1)
        name = f"{stem}{dash}{number}"
    return name


def _named_by_place(html: str) -> str:
    """Styled tables named by their order instead of by chance."""
    for number, name in enumerate(dict.fromkeys(_STYLED.findall(html))):
        html = html.replace(name, f"T_{number:05}")
    return html


def _outputs(outputs: Iterable[Any], shown: Shown) -> Iterable[Any]:
    for output in outputs:
        if output.output_type == "stream":
            output.text = tidy_text(output.text, shown)
        elif output.output_type == "error":
            output.evalue = tidy_text(output.evalue, shown)
            output.traceback = [tidy_text(line, shown) for line in output.traceback]
        else:
            if WIDGET in output.data:  # its state lives in the kernel that is gone, and its id is random
                output.data = type(output.data)(without_view(output.data))
            for kind, content in output.data.items():
                if kind.startswith("text/") and isinstance(content, str):
                    output.data[kind] = _named_by_place(tidy_text(content, shown))
        yield output
