"""What the process that all reports are forked from holds already: importing this module imports it all, and uses once
what is slow the first time. No figure is drawn and no random number taken: every report would start with it.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from claimaudit.run.engine_server import preload

REPORTS = ("claimaudit.publish.report", "claimaudit.run.client", "claimaudit.run.engine_kernel", "papermill.iorw")
"""Beyond what notebooks need: executing them and writing their reports."""


def rehearse() -> None:
    """Write a report of nothing, and read the dossier's larger files: templates, patterns and parsed text stay."""
    import nbformat  # noqa: PLC0415

    from claimaudit.dossier.dossier import DEFAULT_DOSSIER  # noqa: PLC0415
    from claimaudit.dossier.forms import read_toml  # noqa: PLC0415
    from claimaudit.publish.report import export  # noqa: PLC0415

    cell = nbformat.v4.new_code_cell("print(1)  # nothing", outputs=[nbformat.v4.new_output("stream", text="1")])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    export(nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_markdown_cell("# Nothing")]), title="Nothing")
    for path in sorted(DEFAULT_DOSSIER.glob("*.toml")):
        read_toml(path, [])


@contextmanager
def left_out(module: str) -> Iterator[None]:
    """Imports meanwhile do without a module, as if it were not installed."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


# jsonschema, which nbformat imports, takes a second to make a grammar of web addresses that no notebook is checked by.
with left_out("rfc3987_syntax"):
    importlib.import_module("nbformat")
for _name in REPORTS:
    importlib.import_module(_name)
with suppress(Exception):  # whoever does it in earnest will say what is wrong
    rehearse()
preload()
# Reports are short-lived: looking for garbage often costs an eighth of their time and finds little.
gc.set_threshold(50_000, 20, 50)
