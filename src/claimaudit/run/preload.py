"""What the process that all reports are forked from holds already: it imports it all, and uses once what is slow the first
time. No figure is drawn and no random number taken: every report would start with it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

NOTEBOOKS = (
    "claimaudit.run.kernel_app",
    "ipykernel.debugger",
    "matplotlib.pyplot",
    "pandas",
    "seaborn",
    "claimaudit.notebook",
    "claimaudit.show.lab.explore",
)
"""What notebooks need."""
REPORTS = ("claimaudit.publish.report", "claimaudit.run.client", "claimaudit.run.worker", "papermill.iorw")
"""Beyond that: executing them and writing their reports."""
_handlers: list[Any] = []
"""Exit handlers of what was imported, but for those of Python itself, which a kernel has too."""


def preload() -> None:
    """Import what notebooks need, as they would find it in a kernel, and what reports need."""
    backend = os.environ.get("MPLBACKEND")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as a kernel has it
    with noted_exit_handlers():
        # jsonschema, which nbformat imports, takes a second to make a grammar of web addresses that no notebook is
        # checked by.
        with left_out("rfc3987_syntax"):
            importlib.import_module("nbformat")
        for name in (*REPORTS, *NOTEBOOKS):
            with suppress(ImportError):  # the notebook that needs it will say so
                importlib.import_module(name)
        with suppress(Exception):  # whoever does it in earnest will say what is wrong
            rehearse()
    if backend is None:
        del os.environ["MPLBACKEND"]
    platform.processor()  # Python asks a program once, and a kernel would
    gc.collect()
    gc.freeze()
    # Reports are short-lived: looking for garbage often costs an eighth of their time and finds little.
    gc.set_threshold(50_000, 20, 50)


def read_ahead(folder: str) -> None:
    """Read the dossier that reports are about: their kernels ask for it again, and get it if no file has changed since."""
    with suppress(Exception):  # the notebook that asks for it will say what is wrong
        _ = importlib.import_module("claimaudit.api").load(folder).observations
    gc.collect()
    gc.freeze()


def as_if_new() -> None:
    """In a kernel's process: what was imported before it began leaves no trace that an ordinary kernel has not."""
    for handler in _handlers:
        atexit.unregister(handler)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


@contextmanager
def noted_exit_handlers() -> Iterator[None]:
    """Modules imported meanwhile have their exit handlers noted."""
    register = atexit.register

    def noted(handler: Any, *arguments: Any, **more: Any) -> Any:
        if sys._getframe(1).f_globals.get("__name__", "").partition(".")[0] not in sys.stdlib_module_names:
            _handlers.append(handler)
        return register(handler, *arguments, **more)

    atexit.register = noted
    try:
        yield
    finally:
        atexit.register = register


def rehearse() -> None:
    """Write a report of nothing: templates, patterns and the font stay."""
    import nbformat  # noqa: PLC0415

    from claimaudit.publish.fonts import chart_font  # noqa: PLC0415
    from claimaudit.publish.report import export  # noqa: PLC0415

    cell = nbformat.v4.new_code_cell("print(1)  # nothing", outputs=[nbformat.v4.new_output("stream", text="1")])
    chart_font('<svg class="ca-wide"><text>0</text></svg>')
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    export(nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_markdown_cell("# Nothing")]), title="Nothing")


@contextmanager
def left_out(module: str) -> Iterator[None]:
    """Imports meanwhile do without a module, as if it were not installed."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment] # Python's own sign for a module not to be had
    try:
        yield
    finally:
        del sys.modules[module]
