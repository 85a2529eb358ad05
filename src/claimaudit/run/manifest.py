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
    titles = {notebook.name: notebook.title for notebook in plan.notebooks}
    for outcome in outcomes:
        before = entries.get(outcome.name, {})
        entries[outcome.name] = {
            "title": titles[outcome.name],
            "state": "failed" if outcome.failure else "built",
            "started": _stamp(started),
            "seconds": seconds(before) if outcome.cached else round(outcome.seconds, 3),
            "parameters": _portable(plan, plan.given.get(outcome.name, {})),
            "data": plan.dossier.article.compiled.isoformat(),
        }
        if outcome.failure:
            entries[outcome.name] |= {
                "cell": outcome.failure.cell,
                "line": outcome.failure.line,
                "error": outcome.failure.error,
                "kept": before.get("kept", {}) if before.get("state") == "failed" else _kept(before),
            }
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


def files(out: Path) -> dict[str, str]:
    """The digests of the files builds have put into a folder, by name."""
    try:
        return {str(name): str(digest) for name, digest in json.loads((out / FILE).read_text("utf-8"))["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def seconds(entry: Mapping[str, Any] | None) -> float:
    """How long a notebook took when it last ran to its end; 0 when that is not known."""
    taken = (entry or {}).get("seconds", 0.0)
    return float(taken) if isinstance(taken, int | float) and (entry or {}).get("state") == "built" else 0.0


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the report that stays in place was made from and when; nothing when there is none."""
    return {name: entry[name] for name in ("started", "parameters", "data") if name in entry}


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
