"""``manifest.json``: when a build ran, with what, and how each notebook fared. Times live here and nowhere else."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from claimaudit import __version__
from claimaudit.run.plan import Plan
from claimaudit.run.worker import Outcome

FILE = "manifest.json"
_PACKAGES = ("ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn")


def manifest(plan: Plan, outcomes: Iterable[Outcome], started: datetime, finished: datetime) -> dict[str, Any]:
    """The record of a build. Notebooks built earlier into the same folder keep the entry they had."""
    entries = earlier(plan.out)
    for outcome in outcomes:
        entries[outcome.name] = {
            "state": "failed" if outcome.failure else "built",
            "started": _stamp(started),
            "seconds": round(outcome.seconds, 3),
            "parameters": _portable(plan, plan.given[outcome.name]),
        }
        if outcome.failure:
            entries[outcome.name] |= {"cell": outcome.failure.cell, "error": outcome.failure.error}
    return {
        "started": _stamp(started),
        "finished": _stamp(finished),
        "seconds": round((finished - started).total_seconds(), 3),
        "jobs": plan.jobs,
        "article": plan.dossier.article.title,
        "claimaudit": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "notebooks": dict(sorted(entries.items())),
    }


def earlier(out: Path) -> dict[str, dict[str, Any]]:
    """The notebooks' entries of the last manifest; none when there is no manifest that can be read."""
    try:
        entries = json.loads((out / FILE).read_text(encoding="utf-8"))["notebooks"]
        return {name: entry for name, entry in entries.items() if entry["state"] in ("built", "failed")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def render(record: Mapping[str, Any]) -> str:
    """The manifest as the text of its file."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _portable(plan: Plan, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without the path of this machine's dossier."""
    return {
        name: plan.dossier.path.name if name == "dossier" and value else value for name, value in parameters.items()
    }
