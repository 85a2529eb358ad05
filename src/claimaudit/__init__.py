"""claimaudit: the claims of a text, tested by code against cited evidence.

Data flows one way: ``data/`` -> dossier -> analysis -> verdict -> show -> notebook -> report.

A notebook asks through a few functions (``docs/api.md``)::

    import claimaudit as ca

    ca.claim("E14")

They stand in ``api.py`` and ``notebook.py``, loaded when the first of them is used: ``import claimaudit`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimaudit.api import (
        Audited,
        Tables,
        audit,
        band,
        claim,
        evidence,
        figure,
        intervals,
        load,
        observations,
        source,
        style,
        table,
        threshold,
        timeline,
    )
    from claimaudit.notebook import appendix, overview, panel, parameters, words

__version__ = "0.1.0"
_IN_NOTEBOOKS = ["appendix", "overview", "panel", "parameters", "words"]
__all__ = [
    "Audited", "Tables", "appendix", "audit", "band", "claim", "evidence", "figure", "intervals", "load", "observations",
    "overview", "panel", "parameters", "source", "style", "table", "threshold", "timeline", "words",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("claimaudit.notebook" if name in _IN_NOTEBOOKS else "claimaudit.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
