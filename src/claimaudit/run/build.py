"""The build: notebooks run in worker processes, verdicts computed meanwhile, files put into place whole.

Files of a build: ``<name>.html`` and ``notebooks/<name>.ipynb`` for each notebook, ``index.html``, ``verdicts.csv``,
``verdicts.json`` and ``manifest.json``. Each is written beside its place and moved there, so it is there whole or not
at all. A notebook that fails keeps its last good files; how far it came stands in ``notebooks/<name>.failed.ipynb``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from claimaudit import formats
from claimaudit.analysis import audit
from claimaudit.errors import BuildError
from claimaudit.model import Verdict
from claimaudit.publish import index, outputs
from claimaudit.publish.page import Meta
from claimaudit.run import manifest
from claimaudit.run.cache import fetch, prune, recipe
from claimaudit.run.inputs import file_digest
from claimaudit.run.notebooks import Notebook, all_notebooks
from claimaudit.run.plan import Plan
from claimaudit.run.pool import running
from claimaudit.run.progress import Progress, Quiet
from claimaudit.run.tidy import machine_paths
from claimaudit.run.worker import FORK, Execute, Failure, Outcome, Task, execute, failure_text

PAGE, EXECUTED = "{}.html", "notebooks/{}.ipynb"
_WORKPLACE = ".build-"


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
    folder: Path | None = None,
    cache: Path | None = None,
    force: bool = False,
    inputs: str = "",
) -> Built:
    """Run a plan and write its files; ``execute`` is how one notebook is executed, ``folder`` where others are found.

    Reports come from ``cache`` where nothing they depend on has changed, unless ``force`` says to run them; new ones
    are kept there. ``inputs`` is what ``unchanged.py`` knows the build by. A failing notebook does not stop the others.
    Raises ``BuildError`` when nothing can be written.
    """
    started = datetime.now(UTC)
    progress = progress or Quiet()
    with _workplace(plan.out) as workplace:
        tasks = _tasks(plan, workplace, cache)
        kept = [] if force else [task for task in tasks if fetch(task)]
        to_run = sorted((task for task in tasks if task not in kept), key=lambda task: -task.expected)
        with running(to_run, plan.jobs, execute, progress) as futures:
            for task in kept:
                progress.finished(Outcome(task.name, 0.0, cached=True))
            verdicts, unjudged = _verdicts(plan)
        found = {task.name: future.result() for task, future in zip(to_run, futures, strict=True)}
        found |= {task.name: Outcome(task.name, 0.0, cached=True) for task in kept}
        found |= {name: Outcome(name, 0.0, Failure(0, error)) for name, error in plan.unusable.items()}
        outcomes = tuple(found[notebook.name] for notebook in plan.notebooks)
        with _one_at_a_time(plan.out):
            record = manifest.manifest(plan, outcomes, started, datetime.now(UTC))
            rows = outputs.verdict_rows(verdicts)
            texts = {
                "verdicts.csv": outputs.csv_text(rows),
                "verdicts.json": outputs.json_text(rows, plan.dossier.article),
                "index.html": _index(plan, verdicts, record["notebooks"], unjudged, folder, found),
            }
            for name, text in texts.items():
                (workplace / name).write_text(text, encoding="utf-8", newline="")
            moves = [move for task in tasks for move in _moves(task, found[task.name], plan.out)]
            moves += [(workplace / name, plan.out / name) for name in texts]
            sound = inputs if not unjudged and not any(item.failure or item.unkept for item in outcomes) else ""
            record |= {"inputs": sound, "files": _digests(plan.out, moves)}
            (workplace / manifest.FILE).write_text(manifest.render(record), encoding="utf-8", newline="")
            for made, place in [*moves, (workplace / manifest.FILE, plan.out / manifest.FILE)]:
                made.replace(place)
            for task in tasks:
                if not found[task.name].failure:
                    (plan.out / EXECUTED.format(f"{task.name}.failed")).unlink(missing_ok=True)
    if cache:
        prune(cache)
    return Built(plan.out, outcomes, unjudged, record["seconds"])


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """A folder for unfinished files, on the same disk as the finished ones; gone afterwards.

    It is locked as long as its build lives, so that the next build can tell one that a killed build has left.
    """
    try:
        (out / "notebooks").mkdir(parents=True, exist_ok=True)
        for left in out.glob(f"{_WORKPLACE}*"):
            with suppress(BlockingIOError, OSError), _locked(left, wait=False):
                shutil.rmtree(left, ignore_errors=True)
        workplace = Path(tempfile.mkdtemp(prefix=_WORKPLACE, dir=out)).absolute()
    except OSError as error:
        raise BuildError(
            f"reports cannot be written into {out.name!r} ({error.strerror}); choose another --out"
        ) from None
    try:
        with _locked(workplace):
            yield workplace
    except OSError as error:
        raise BuildError(f"a report could not be written ({error.strerror}); make room and build again") from error
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


@contextmanager
def _one_at_a_time(out: Path) -> Iterator[None]:
    """Two builds into one folder put their files into place one after the other."""
    with _locked(out / "notebooks"):
        yield


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a folder's lock, where the system has such locks; they end with the process that holds them."""
    try:
        import fcntl  # noqa: PLC0415 (not every system has it)
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


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


def _moves(task: Task, outcome: Outcome, out: Path) -> list[tuple[Path, Path]]:
    """A finished notebook's files and their places; of a failed one only how far it came."""
    if outcome.failure:
        return [(task.executed, out / EXECUTED.format(f"{task.name}.failed"))] * task.executed.exists()
    return [(task.executed, out / EXECUTED.format(task.name)), (task.page, out / PAGE.format(task.name))]


def _digests(out: Path, moves: Sequence[tuple[Path, Path]]) -> dict[str, str]:
    """The digest of every file a build has ever put into the folder and that is still there, by its name."""
    new = {place.relative_to(out).as_posix(): file_digest(made) for made, place in moves}
    old = {name: digest for name, digest in manifest.files(out).items() if (out / name).is_file()}
    return dict(sorted({**old, **new}.items()))


def _index(
    plan: Plan,
    verdicts: Sequence[Verdict],
    entries: dict[str, dict],
    unjudged: Sequence[Outcome],
    folder: Path | None,
    found: Mapping[str, Outcome],
) -> str:
    """The index page: reports of this build and those of earlier builds that are still there, and what failed."""
    known = {notebook.name: notebook for notebook in (*all_notebooks(folder), *plan.notebooks)}
    made = {name for name, outcome in found.items() if not outcome.failure}
    there = [item for item in known.values() if item.name in made or (plan.out / PAGE.format(item.name)).exists()]
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
