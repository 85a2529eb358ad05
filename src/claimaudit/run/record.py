"""The record of a build for its manifest: when it ran, with what, and how each notebook fared."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from claimaudit import __version__
from claimaudit.model import Article
from claimaudit.run import manifest
from claimaudit.run.plan import Plan
from claimaudit.run.worker import Outcome

_PACKAGES = ("ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn")


def mark_of(article: Article, what_if: str = "") -> dict[str, str]:
    """What marks a folder as an audit's: the article it judges, who answers for the audit where that is told, and a what-if."""
    mark = {"title": article.title, "url": article.url, "published": article.published.isoformat()}
    mark |= {"audit": who} if (who := article.imprint.publisher) else {}
    return mark | ({"what_if": "yes"} if what_if else {})


def record(
    plan: Plan, article: Article, outcomes: Iterable[Outcome], started: datetime, finished: datetime
) -> dict[str, Any]:
    """The record of a build. Notebooks built earlier into the same folder keep the entry they had."""
    entries = manifest.read(plan.out).notebooks
    titles = {notebook.name: notebook.title for notebook in plan.notebooks}
    for outcome in outcomes:
        if not outcome.kept:
            entries[outcome.name] = _entry(plan, article, outcome, titles[outcome.name], started, entries)
    return {
        "article": mark_of(article, plan.what_if),
        "started": _moment(started),
        "finished": _moment(finished),
        "seconds": round((finished - started).total_seconds(), 3),
        "jobs": plan.jobs,
        "claimaudit": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "notebooks": dict(sorted(entries.items())),
    }


def _entry(
    plan: Plan,
    article: Article,
    outcome: Outcome,
    title: str,
    started: datetime,
    entries: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    entry = {
        "title": title,
        "state": "failed" if outcome.failure else "built",
        "recipe": plan.recipes.get(outcome.name, ""),
        "started": _moment(started),
        "seconds": round(outcome.seconds, 3),
        "parameters": _portable(plan, plan.given.get(outcome.name, {})),
        "data": article.compiled.isoformat(),
    }
    if not outcome.failure:
        return entry
    before = entries.get(outcome.name, {})
    failure = outcome.failure
    kept = before.get("kept", {}) if before.get("state") == "failed" else _kept(before)
    return {**entry, "cell": failure.cell, "line": failure.line, "error": failure.error, "kept": kept}


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the report that stays in place was made from and when; nothing when there is none."""
    return {name: entry[name] for name in ("started", "parameters", "data") if name in entry}


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _portable(plan: Plan, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without the path of this machine's dossier."""
    return {name: plan.dossier.name if name == "dossier" and value else value for name, value in parameters.items()}
