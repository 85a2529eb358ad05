"""The build: notebooks run in worker processes, verdicts computed meanwhile, files put into place whole.

Files of a build: ``<name>.html`` and ``notebooks/<name>.ipynb`` for each notebook, the site around them
(``publish/site.py``) and ``manifest.json``. Each is written beside its place and moved there, so it is there whole or not
at all. A notebook that fails keeps its last good files; how far it came stands in ``notebooks/<name>.failed.ipynb``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from claimaudit import formats
from claimaudit.analysis import Audit, audit
from claimaudit.errors import BuildError
from claimaudit.publish import index
from claimaudit.publish.notfound import not_found
from claimaudit.publish.page import Meta
from claimaudit.publish.site import Site, earlier_files, site_files
from claimaudit.run import manifest
from claimaudit.run.notebooks import Notebook, all_notebooks
from claimaudit.run.plan import Plan
from claimaudit.run.pool import outcome_of, running
from claimaudit.run.progress import Progress, Quiet
from claimaudit.run.tidy import machine_paths
from claimaudit.run.worker import Execute, Failure, Outcome, Task, execute, failure_text

PAGE, EXECUTED = "{}.html", "notebooks/{}.ipynb"


@dataclass(frozen=True)
class Built:
    """What a build came to: the notebooks' outcomes, and the topics whose verdicts could not be computed."""

    out: Path
    outcomes: tuple[Outcome, ...]
    unjudged: tuple[Outcome, ...]
    seconds: float

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The notebooks that did not finish, and the topics without verdicts."""
        return tuple(outcome for outcome in self.outcomes + self.unjudged if outcome.failure)


def build(
    plan: Plan, *, progress: Progress | None = None, execute: Execute = execute, folder: Path | None = None
) -> Built:
    """Run a plan and write its files; ``execute`` is how one notebook is executed, ``folder`` where others are found.

    A failing notebook does not stop the others. Raises ``BuildError`` when nothing can be written.
    """
    started = datetime.now(UTC)
    with _workplace(plan.out) as workplace:
        tasks = _tasks(plan, workplace)
        with running(tasks, plan.jobs, execute, progress or Quiet()) as futures:
            audits, unjudged = _audits(plan)
        outcomes = tuple(outcome_of(future, task.name) for future, task in zip(futures, tasks, strict=True))
        pages = {
            PAGE.format(task.name): task.page.read_text(encoding="utf-8")
            for task, outcome in zip(tasks, outcomes, strict=True)
            if not outcome.failure
        }
        for task, outcome in zip(tasks, outcomes, strict=True):
            _put_into_place(task, outcome, plan.out)
        record = manifest.manifest(plan, outcomes, started, datetime.now(UTC))
        files = site_files(_site(plan, audits, record["notebooks"], unjudged, folder, pages))
        files[manifest.FILE] = manifest.render(record).encode()
        for name, raw in files.items():
            (workplace / name).write_bytes(raw)
        for name in files:
            (workplace / name).replace(plan.out / name)
    return Built(plan.out, outcomes, unjudged, record["seconds"])


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """A folder for unfinished files, on the same disk as the finished ones; gone afterwards."""
    try:
        (out / "notebooks").mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=".build-", dir=out))
    except OSError as error:
        raise BuildError(
            f"reports cannot be written into {out.name!r} ({error.strerror}); choose another --out"
        ) from None
    try:
        yield workplace.absolute()
    except OSError as error:
        raise BuildError(f"a report could not be written ({error.strerror}); make room and build again") from error
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _tasks(plan: Plan, workplace: Path) -> list[Task]:
    """One task a notebook. Paths of this machine are shown by the names readers know the folders by."""
    article, dossier = plan.dossier.article, plan.dossier.path
    project = Path(__file__).resolve().parents[3]
    source = f"“{article.title}”, {article.publisher}, {formats.day(article.published)}"
    tasks = []
    for notebook in plan.notebooks:
        given = plan.given[notebook.name]
        changed = ", ".join(f"{name} = {value}" for name, value in given.items() if name != "dossier")
        facts = [("Article", source), *([("Parameters changed", changed)] if changed else [])]
        folders = [(dossier.name, dossier), ("reports", plan.out), ("notebooks", notebook.path.parent)]
        tasks.append(
            Task(
                notebook.name,
                notebook.path.absolute(),
                notebook.title,
                given,
                workplace,
                Meta(language=article.language, facts=tuple(facts)),
                machine_paths([*folders, ("project", project)]),
            )
        )
    return tasks


def _audits(plan: Plan) -> tuple[dict[str, Audit], tuple[Outcome, ...]]:
    """Every topic's audit by the parameters of its notebook; and the topics that failed."""
    audits: dict[str, Audit] = {}
    unjudged: list[Outcome] = []
    for topic, parameters in plan.topics.items():
        try:
            audits[topic] = audit(plan.dossier, topic, parameters)
        except Exception as error:
            text = f"its verdicts could not be computed: {failure_text(error)}"
            unjudged.append(Outcome(topic, 0.0, Failure(0, text)))
    return audits, tuple(unjudged)


def _put_into_place(task: Task, outcome: Outcome, out: Path) -> None:
    """Move a finished notebook's files to their names; of a failed one only how far it came."""
    failed = out / EXECUTED.format(f"{task.name}.failed")
    if outcome.failure:
        if task.executed.exists():
            task.executed.replace(failed)
        return
    task.executed.replace(out / EXECUTED.format(task.name))
    task.page.replace(out / PAGE.format(task.name))
    failed.unlink(missing_ok=True)


def _site(
    plan: Plan,
    audits: Mapping[str, Audit],
    entries: Mapping[str, dict],
    unjudged: Sequence[Outcome],
    folder: Path | None,
    pages: Mapping[str, str],
) -> Site:
    """What the site is made from: reports of this build and those of earlier builds that are still there, what failed."""
    known = {notebook.name: notebook for notebook in (*all_notebooks(folder), *plan.notebooks)}
    there = [notebook for notebook in known.values() if (plan.out / PAGE.format(notebook.name)).exists()]
    failures = []
    for name, entry in entries.items():
        if name in known and entry["state"] == "failed":
            kept = "; its report is that of an earlier build" if known[name] in there else ""
            failures.append(index.Failure(name, entry.get("cell", 0), f"{entry.get('error', '')}{kept}"))
    failures += [index.Failure(item.name, 0, item.failure.error) for item in unjudged if item.failure]
    reports = tuple(_report(notebook, plan, entries.get(notebook.name, {})) for notebook in there)
    return Site(plan.dossier, audits, reports, tuple(failures), pages, earlier_files(plan.out))


def _report(notebook: Notebook, plan: Plan, entry: Mapping) -> index.Report:
    topic = notebook.name if notebook.name in plan.topics else ""
    changed = {name: value for name, value in entry.get("parameters", {}).items() if name not in ("dossier", "as_of")}
    return index.Report(
        PAGE.format(notebook.name),
        notebook.title,
        topic,
        parameters=tuple((name, str(value)) for name, value in changed.items()),
        kept=entry.get("state") == "failed",
        not_found=not_found(notebook.path),
    )
