"""The build: notebooks run in worker processes, verdicts computed meanwhile, files put into place whole.

Files of a build: ``<name>.html`` and ``notebooks/<name>.ipynb`` for each notebook, the site around them
(``publish/site.py``) and ``manifest.json``. Each is written beside its place and moved there, so it is there whole or not
at all. A notebook that fails keeps its last good files; how far it came stands in ``notebooks/<name>.failed.ipynb``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from claimaudit import formats
from claimaudit.analysis import Audit, audit
from claimaudit.publish.page import Meta
from claimaudit.publish.site import site_files
from claimaudit.run import manifest
from claimaudit.run.cache import fetch, prune, recipe, rests_on
from claimaudit.run.inputs import file_digest
from claimaudit.run.listing import EXECUTED, PAGE, site_of
from claimaudit.run.plan import Plan
from claimaudit.run.pool import running
from claimaudit.run.progress import Progress, Quiet
from claimaudit.run.tidy import machine_paths
from claimaudit.run.unchanged import stamp
from claimaudit.run.worker import FORK, Execute, Failure, Outcome, Task, execute, failure_text
from claimaudit.run.workplace import one_at_a_time, workplace_in


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
    plan: Plan,
    *,
    progress: Progress | None = None,
    execute: Execute = execute,
    cache: Path | None = None,
    force: bool = False,
    inputs: str = "",
    covers: Callable[[Path], bool] = lambda _: True,
) -> Built:
    """Run a plan and write its files; ``execute`` is how one notebook is executed.

    Reports come from ``cache`` where nothing they depend on has changed, unless ``force`` says to run them; new ones
    are kept there. ``inputs`` is what ``unchanged.py`` knows the build by, and ``covers`` says of a file whether that
    looks at it: a build that rests on others is not known by it. A failing notebook does not stop the others.
    Raises ``BuildError`` when nothing can be written.
    """
    started = datetime.now(UTC)
    progress = progress or Quiet()
    with workplace_in(plan.out) as workplace:
        tasks = _tasks(plan, workplace, cache)
        kept = [] if force else [task for task in tasks if fetch(task)]
        progress.started(tasks)
        to_run = sorted((task for task in tasks if task not in kept), key=lambda task: -task.expected)
        with running(to_run, plan.jobs, execute, progress) as futures:
            for task in kept:
                progress.finished(Outcome(task.name, 0.0, cached=True))
            audits, unjudged = _audits(plan)
        found = {task.name: future.result() for task, future in zip(to_run, futures, strict=True)}
        found |= {task.name: Outcome(task.name, 0.0, cached=True) for task in kept}
        found |= {name: Outcome(name, 0.0, Failure(0, error)) for name, error in plan.unusable.items()}
        outcomes = tuple(found[notebook.name] for notebook in plan.notebooks)
        with one_at_a_time(plan.out):
            record = manifest.manifest(plan, outcomes, started, datetime.now(UTC))
            site = site_of(plan, audits, record["notebooks"], unjudged, _pages(tasks, found, plan))
            made = {place: file for task in tasks for place, file in _made(task, found[task.name])}
            for name, raw in site_files(site).items():
                (workplace / name).write_bytes(raw)
                made[name] = workplace / name
            whole = not unjudged and not any(item.failure or item.unkept for item in outcomes)
            sound = inputs if whole and all(_covered(task, covers) for task in tasks) else ""
            files = _digests(plan.out, made)
            stamps = {name: stamp(made.get(name, plan.out / name)) for name in files}
            record |= {"inputs": sound, "files": files, "stamps": stamps}
            (workplace / manifest.FILE).write_text(manifest.render(record), encoding="utf-8", newline="")
            for place, file in [*made.items(), (manifest.FILE, workplace / manifest.FILE)]:
                file.replace(plan.out / place)
            for task in tasks:
                if not found[task.name].failure:
                    (plan.out / EXECUTED.format(f"{task.name}.failed")).unlink(missing_ok=True)
    if cache:
        prune(cache)
    return Built(plan.out, outcomes, unjudged, record["seconds"])


def _pages(tasks: Sequence[Task], found: Mapping[str, Outcome], plan: Plan) -> dict[str, str]:
    """The new reports of topics, whose pages are given their verdicts as data; others stay on the disk."""
    made = [task for task in tasks if task.name in plan.topics and not found[task.name].failure]
    return {PAGE.format(task.name): task.page.read_text(encoding="utf-8") for task in made}


def _tasks(plan: Plan, workplace: Path, cache: Path | None) -> list[Task]:
    """One task a notebook. Paths of this machine are shown by the names readers know the folders by."""
    article, dossier = plan.dossier.article, plan.dossier.path
    project = Path(__file__).resolve().parents[3]
    source = f"“{article.title}”, {article.publisher}, {formats.day(article.published)}"
    before = manifest.earlier(plan.out)
    tasks = []
    for notebook in plan.notebooks:
        if notebook.name in plan.unusable:
            continue
        given = plan.given[notebook.name]
        changed = ", ".join(f"{name} = {value}" for name, value in given.items() if name != "dossier")
        facts = [("Article", source), *([("Parameters changed", changed)] if changed else [])]
        folders = [(dossier.name, dossier), ("reports", plan.out), ("notebooks", notebook.path.parent)]
        task = Task(
            notebook.name,
            notebook.path.absolute(),
            notebook.title,
            given,
            workplace,
            Meta(language=article.language, facts=tuple(facts)),
            machine_paths([*folders, ("project", project)]),
            engine=plan.engine,
            seconds=plan.seconds,
            megabytes=plan.megabytes,
            expected=manifest.seconds(before.get(notebook.name)),
            cache=cache if plan.engine == FORK else None,
        )
        tasks.append(replace(task, recipe=recipe(task)) if task.cache else task)
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


def _made(task: Task, outcome: Outcome) -> list[tuple[str, Path]]:
    """A finished notebook's files by their names in the folder of the reports; of a failed one only how far it came."""
    if outcome.failure:
        return [(EXECUTED.format(f"{task.name}.failed"), task.executed)] * task.executed.exists()
    return [(EXECUTED.format(task.name), task.executed), (PAGE.format(task.name), task.page)]


def _covered(task: Task, covers: Callable[[Path], bool]) -> bool:
    """Whether all that a report was made from is looked at before the next build."""
    paths = rests_on(task)
    return paths is not None and all(covers(path) for path in paths)


def _digests(out: Path, made: Mapping[str, Path]) -> dict[str, str]:
    """The digest of every file a build has ever put into the folder and that is still there, by its name."""
    new = {name: file_digest(file) for name, file in made.items()}
    old = {name: digest for name, digest in manifest.files(out).items() if (out / name).is_file()}
    return dict(sorted({**old, **new}.items()))
