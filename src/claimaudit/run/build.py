"""The build: notebooks run in worker processes, verdicts computed meanwhile, files put into place whole.

Files of a build: ``<name>.html`` and ``notebooks/<name>.ipynb`` for each notebook, the site around them
(``publish/site.py``) and ``manifest.json``. Each is written beside its place and moved there, so it is there whole or not
at all. A notebook that fails keeps its last good files; how far it came stands in ``notebooks/<name>.failed.ipynb``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from claimaudit import formats, places
from claimaudit.dossier.dossier import Dossier
from claimaudit.publish.foot import foot
from claimaudit.publish.page import SITE, Meta
from claimaudit.publish.site import site_files
from claimaudit.run import folder, manifest
from claimaudit.run.judging import audits, timelines, topics_of
from claimaudit.run.notebooks import EXECUTED, PAGE
from claimaudit.run.plan import Plan
from claimaudit.run.pool import Running, running
from claimaudit.run.progress import Progress
from claimaudit.run.record import mark_of, record
from claimaudit.run.results import pictures, site_of
from claimaudit.run.tidy import machine_paths
from claimaudit.run.up_to_date import PROJECT
from claimaudit.run.worker import Execute, Failure, Outcome, Task, execute
from claimaudit.run.workplace import one_at_a_time, workplace_in


@dataclass(frozen=True)
class Built:
    """What a build came to, and how many seconds it took."""

    out: Path
    outcomes: tuple[Outcome, ...]
    unjudged: tuple[Outcome, ...]
    seconds: float
    kept: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The notebooks that did not finish, and the topics without verdicts."""
        return tuple(outcome for outcome in self.outcomes + self.unjudged if outcome.failure)


def build(
    plan: Plan,
    *,
    progress: Progress | None = None,
    execute: Execute = execute,
    force: bool = False,
    running: Running = running,
) -> Built:
    """Run a plan and write its files; ``execute`` is how one notebook is executed, ``running`` how all are side by side.

    A report that is up to date stays as it is, unless ``force`` says to run it. A failing notebook does not stop the
    others. Raises one of the project's errors, with nothing touched, when the dossier is at fault, a topic refuses its
    parameters, or the folder is not this audit's; ``BuildError`` when nothing can be written.
    """
    started = datetime.now(UTC)
    progress = progress or Progress()
    dossier = Dossier.load(plan.dossier)
    topics = topics_of(plan, dossier)
    _check_out(plan, dossier)
    with workplace_in(plan.out, mark_of(dossier.article, plan.what_if)) as workplace:
        before = manifest.read(plan.out)
        tasks = _tasks(plan, dossier, workplace, before)
        current = set() if force else {task.name for task in tasks if plan.is_up_to_date(task.name, before)}
        progress.started(tasks)
        to_run = sorted((task for task in tasks if task.name not in current), key=lambda task: -task.expected)
        with running(to_run, plan.jobs, execute, progress) as futures:
            for task in tasks:
                if task.name in current:
                    progress.finished(Outcome(task.name, 0.0, kept=True))
            judged, unjudged = audits(dossier, topics)
            over_time = timelines(dossier, judged)
            drawn = pictures(plan, judged)
        found = {task.name: future.result() for task, future in zip(to_run, futures, strict=True)}
        found |= {name: Outcome(name, 0.0, kept=True) for name in current}
        found |= {name: Outcome(name, 0.0, Failure(0, error)) for name, error in plan.unusable.items()}
        outcomes = tuple(found[notebook.name] for notebook in plan.notebooks)
        with one_at_a_time(plan.out):
            made_of = record(plan, dossier.article, outcomes, started, datetime.now(UTC))
            pages = {
                PAGE.format(task.name): task.page.read_text(encoding="utf-8") for task in _done(to_run, found, topics)
            }
            site = site_of(plan, dossier, judged, made_of["notebooks"], unjudged, pages, over_time, drawn)
            made = {place: file for task in to_run for place, file in _made(task, found[task.name])}
            for name, raw in site_files(site).items():
                (workplace / name).parent.mkdir(exist_ok=True)
                (workplace / name).write_bytes(raw)
                made[name] = workplace / name
            whole = not unjudged and not any(outcome.failure for outcome in outcomes)
            made_of["site"] = plan.site(made_of["notebooks"]) if whole else ""
            mended = [_failed(task.name) for task in tasks if not found[task.name].failure]
            older = [Path(name).with_suffix(".pdf").name for name in made if name.endswith(".html")]
            kept = folder.place(plan.out, made, made_of, gone=[*mended, *older])
    return Built(plan.out, outcomes, unjudged, made_of["seconds"], tuple(kept))


def _check_out(plan: Plan, dossier: Dossier) -> None:
    """Refuse a folder that is not this audit's, or in which an output would fall on what it is made from."""
    folder.check_folder(plan.out, mark_of(dossier.article, plan.what_if))
    names = [notebook.name for notebook in plan.notebooks]
    files = [place for name in names for place in (PAGE.format(name), EXECUTED.format(name), _failed(name))]
    among = {"the dossier": plan.dossier, "the folder of notebooks": plan.folder}
    if plan.out.resolve() == (plan.dossier / places.REPORTS).resolve():  # nothing reads its own folder of reports
        del among["the dossier"]
    folder.check_sources(plan.out, [*SITE, manifest.FILE, *files], plan.sources, among)


def _failed(name: str) -> str:
    return EXECUTED.format(f"{name}.failed")


def _done(tasks: Sequence[Task], found: Mapping[str, Outcome], topics: Mapping[str, object]) -> list[Task]:
    """The new reports of topics, whose pages are given their verdicts as data; others stay on the disk."""
    return [task for task in tasks if task.name in topics and not found[task.name].failure]


def _tasks(plan: Plan, dossier: Dossier, workplace: Path, before: manifest.Manifest) -> list[Task]:
    """One task a notebook. Paths of this machine are shown by the names readers know the folders by."""
    article = dossier.article
    source = f"“{article.title}”, {article.publisher}, {formats.day(article.published)}"
    tasks = []
    for notebook in plan.notebooks:
        if notebook.name in plan.unusable:
            continue
        given = plan.given[notebook.name]
        changed = ", ".join(f"{name} = {value}" for name, value in given.items() if name != "dossier")
        facts = [("Article", source), *([("Parameters changed", changed)] if changed else [])]
        folders = [(dossier.path.name, dossier.path), ("reports", plan.out), ("notebooks", notebook.path.parent)]
        tasks.append(
            Task(
                notebook.name,
                notebook.path.absolute(),
                notebook.title,
                {**given, **notebook.own},
                workplace,
                Meta(language=article.imprint.language, facts=tuple(facts), foot=foot(dossier)),
                machine_paths([*folders, ("project", PROJECT)]),
                engine=plan.engine,
                seconds=plan.seconds,
                megabytes=plan.megabytes,
                expected=manifest.seconds(before.notebooks.get(notebook.name)),
                dossier=str(plan.dossier.absolute()),
            )
        )
    return tasks


def _made(task: Task, outcome: Outcome) -> list[tuple[str, Path]]:
    """A finished notebook's files by their names in the folder of the reports; of a failed one only how far it came."""
    if outcome.failure:
        return [(_failed(task.name), task.executed)] * task.executed.exists()
    return [(EXECUTED.format(task.name), task.executed), (PAGE.format(task.name), task.page)]
