"""Executed notebooks without what differs from run to run or tells of the machine: same inputs, same bytes."""

from __future__ import annotations

import re
import site
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_TEMPORARY = "temporary"
_CELL_FILE = re.compile(_TEMPORARY + r"[/\\]ipykernel_\d+[/\\]\d+\.py")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_TIMED = ("papermill", "execution")
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
    """A text with the machine's paths shortened and the kernel's temporary file names left out."""
    for path, short in shown:
        if path in text:
            text = re.sub(re.escape(path) + r"(?![\w.-])", lambda _, short=short: short, text)
    return _CELL_FILE.sub("<cell>", text)


def tidy(notebook: Any, shown: Shown) -> Any:
    """The notebook, changed in place: no run times, random ids, widget state or absolute paths."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for number, cell in enumerate(notebook.cells):
        for name in _TIMED:
            cell.metadata.pop(name, None)
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags or "papermill-error-cell-tag" in tags:
            cell["id"] = f"added-{number}"
            cell.source = tidy_text(cell.source, shown)
        if cell.cell_type == "code":
            cell.outputs = list(_outputs(cell.outputs, shown))
    return notebook


def _outputs(outputs: Iterable[Any], shown: Shown) -> Iterable[Any]:
    for output in outputs:
        if output.output_type == "stream":
            output.text = tidy_text(output.text, shown)
        elif output.output_type == "error":
            output.evalue = tidy_text(output.evalue, shown)
            output.traceback = [tidy_text(line, shown) for line in output.traceback]
        else:
            if _WIDGET in output.data:  # its state lives in the kernel that is gone
                continue
            for kind, content in output.data.items():
                if kind.startswith("text/") and isinstance(content, str):
                    output.data[kind] = tidy_text(content, shown)
        yield output
