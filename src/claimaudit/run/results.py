"""What the site is told of a build: the reports that are there, what changed for each, and what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.publish import index_rows
from claimaudit.publish.claim_page import claim_pictures
from claimaudit.publish.notfound import looked_for, not_found
from claimaudit.publish.site import Site, earlier_files
from claimaudit.run.notebooks import PAGE
from claimaudit.run.plan import Plan
from claimaudit.run.worker import Failure, Outcome
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.timeline import Step


def site_of(
    plan: Plan,
    dossier: Dossier,
    audits: Mapping[str, Audit],
    entries: Mapping[str, Mapping[str, Any]],
    unjudged: Sequence[Outcome],
    pages: Mapping[str, str],
    timelines: Mapping[str, tuple[Step, ...]],
    drawn: Mapping[str, bytes],
) -> Site:
    """What the site is made from. ``entries`` are the manifest's, of this build and of earlier ones into its folder.

    ``drawn`` are pictures that were made while the notebooks ran, as by ``pictures``.
    """
    paths = {notebook.name: notebook.path for notebook in plan.beside}  # variants share the gaps of their notebook
    reports, failures = [], []
    for name in [*(name for name in paths if name in entries), *(name for name in entries if name not in paths)]:
        entry = entries[name]
        there = entry["state"] == "built" or (plan.out / PAGE.format(name)).exists()
        if there:
            told = dossier.topics.about(name).not_found
            sought = looked_for(claim for claim in dossier.claims if claim.topic == name)
            gaps = (*(not_found(paths[name]) if name in paths else ()), *told, *sought)
            reports.append(_report(name, dossier, entry, gaps))
        if entry["state"] == "failed":
            kept = "; its report is that of an earlier build" if there else ""
            failures.append(_failure(name, entry, kept))
    failures += [index_rows.Failure(item.name, 0, item.failure.error) for item in unjudged if item.failure]
    before = earlier_files(plan.out, (report.href for report in reports if report.href not in pages)) | drawn
    return Site(
        dossier, audits, tuple(reports), tuple(failures), pages, before, timelines=timelines, what_if=plan.what_if
    )


def pictures(plan: Plan, audits: Mapping[str, Audit]) -> dict[str, bytes]:
    """The pictures of all claims: slow to draw, and made of nothing that a notebook gives."""
    before = {} if plan.what_if else earlier_files(plan.out)
    judged = () if plan.what_if else audits.values()
    return {name: raw for audit in judged for name, raw in claim_pictures(audit, before).items()}


def _failure(name: str, entry: Mapping[str, Any], kept: str) -> index_rows.Failure:
    failure = Failure(entry.get("cell", 0), str(entry.get("error", "")), entry.get("line", 0))
    return index_rows.Failure(name, failure.cell, f"{failure.error}{kept}", failure.line)


def _report(name: str, dossier: Dossier, entry: Mapping[str, Any], gaps: tuple[str, ...]) -> index_rows.Report:
    """A report with what a reader must know of it: other parameters, an earlier build, other evidence."""
    kept = entry["state"] == "failed"
    made = entry.get("kept", {}) if kept else entry
    changed = {name: value for name, value in made.get("parameters", {}).items() if name not in ("dossier", "as_of")}
    closed = made.get("data", "")
    other = closed and closed != dossier.article.compiled.isoformat()
    return index_rows.Report(
        PAGE.format(name),
        str(entry.get("title") or name),
        name if name in {claim.topic for claim in dossier.claims} else "",
        parameters=tuple((name, str(value)) for name, value in changed.items()),
        kept=kept,
        data_of=date.fromisoformat(closed) if (kept and closed) or other else None,
        not_found=gaps,
    )
