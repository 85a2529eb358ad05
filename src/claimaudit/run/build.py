"""The build: notebooks run in worker processes, verdicts computed meanwhile, files put into place whole.

Files of a build: ``<name>.html`` and ``notebooks/<name>.ipynb`` for each notebook, ``index.html``, ``verdicts.csv``,
``verdicts.json`` and ``manifest.json``. Each is written beside its place and moved there, so it is there whole or not
at all. A notebook that fails keeps its last good files; how far it came stands in ``notebooks/<name>.failed.ipynb``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from claimaudit import formats
from claimaudit.analysis import audit
from claimaudit.errors import BuildError
from claimaudit.model import Verdict
from claimaudit.publish import index, outputs
from claimaudit.publish.page import Meta
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
            verdicts, unjudged = _verdicts(plan)
        outcomes = tuple(outcome_of(future, task.name) for future, task in zip(futures, tasks, strict=True))
        for task, outcome in zip(tasks, outcomes, strict=True):
            _put_into_place(task, outcome, plan.out)
        record = manifest.manifest(plan, outcomes, started, datetime.now(UTC))
        rows = outputs.verdict_rows(verdicts)
        texts = {
            "verdicts.csv": outputs.csv_text(rows),
            "verdicts.json": outputs.json_text(rows, plan.dossier.article),
            "index.html": _index(plan, verdicts, record["notebooks"], unjudged, folder),
            manifest.FILE: manifest.render(record),
        }
        for name, text in texts.items():
            (workplace / name).write_text(text, encoding="utf-8", newline="")
        for name in texts:
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


def _verdicts(plan: Plan) -> tuple[list[Verdict], tuple[Outcome, ...]]:
    """Every verdict on the dossier's claims, by the parameters of its topic's notebook; and the topics that failed."""
    verdicts: list[Verdict] = []
    unjudged: list[Outcome] = []
    for topic, parameters in plan.topics.items():
        try:
            verdicts += audit(plan.dossier, topic, parameters).verdicts
        except Exception as error:
            text = f"its verdicts could not be computed: {failure_text(error)}"
            unjudged.append(Outcome(topic, 0.0, Failure(0, text)))
    return verdicts, tuple(unjudged)


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


def _index(
    plan: Plan,
    verdicts: Sequence[Verdict],
    entries: dict[str, dict],
    unjudged: Sequence[Outcome],
    folder: Path | None,
) -> str:
    """The index page: reports of this build and those of earlier builds that are still there, and what failed."""
    known = {notebook.name: notebook for notebook in (*all_notebooks(folder), *plan.notebooks)}
    there = [notebook for notebook in known.values() if (plan.out / PAGE.format(notebook.name)).exists()]
    reports = [_report(notebook, plan) for notebook in there]
    failures = []
    for name, entry in entries.items():
        if name in known and entry["state"] == "failed":
            kept = "; its report is that of an earlier build" if known[name] in there else ""
            failures.append(index.Failure(name, entry.get("cell", 0), f"{entry.get('error', '')}{kept}"))
    failures += [index.Failure(item.name, 0, item.failure.error) for item in unjudged if item.failure]
    rows = index.index_rows(plan.dossier.claims, verdicts, reports)
    meta = Meta(language=plan.dossier.article.language)
    return index.index_page(plan.dossier.article, rows, failures, meta, reports=reports)


def _report(notebook: Notebook, plan: Plan) -> index.Report:
    topic = notebook.name if notebook.name in plan.topics else ""
    return index.Report(PAGE.format(notebook.name), notebook.title, topic)
