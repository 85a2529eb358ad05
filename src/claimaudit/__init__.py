"""claimaudit: the claims of a text, tested by code against cited evidence.

Data flows one way: ``data/`` -> dossier -> analysis -> verdict -> show -> notebook -> report.

A notebook asks through a few functions (``docs/api.md``)::

    import claimaudit as ca

    ca.claim("E14")

They stand in ``api.py`` and are loaded when the first of them is used, so that ``import claimaudit`` stays light.
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

__version__ = "0.1.0"
__all__ = [
    "Audited", "Tables", "audit", "band", "claim", "evidence", "figure", "intervals", "load", "observations", "source", "style",
    "table", "threshold", "timeline",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("claimaudit.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
