"""Reports made on a cluster: each in a fresh process of a worker, its files put where a local one would have left them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from claimaudit.cluster.client import Call, Cluster, Lost, gathered
from claimaudit.cluster.folders import common_root, dossier_files, notebook_files, packed
from claimaudit.cluster.tasks import Report, Reported, reported
from claimaudit.run.plan import Plan
from claimaudit.run.pool import Running
from claimaudit.run.progress import Progress
from claimaudit.run.up_to_date import PROJECT, declared
from claimaudit.run.worker import Execute, Failure, Outcome, Task


def running_on(cluster: Cluster, plan: Plan) -> Running:
    """What ``build`` takes in place of ``pool.running``, to have a plan's reports made on a cluster."""

    @contextmanager
    def running(tasks: Sequence[Task], _: int, execute: Execute, progress: Progress) -> Iterator[list[Future[Outcome]]]:
        futures: list[Future[Outcome]] = [Future() for _ in tasks]
        stop = threading.Event()
        keeper = threading.Thread(target=_keep, args=(cluster, plan, tasks, futures, execute, progress, stop))
        keeper.start()
        try:
            yield futures
            while keeper.is_alive():
                keeper.join(0.2)
        finally:
            stop.set()
            keeper.join()
            progress.closed()

    return running


def _keep(
    cluster: Cluster,
    plan: Plan,
    tasks: Sequence[Task],
    futures: Sequence[Future[Outcome]],
    execute: Execute,
    progress: Progress,
    stop: threading.Event,
) -> None:
    """Hand the reports out, and put what comes back in its place."""
    by_name = {task.name: (task, future) for task, future in zip(tasks, futures, strict=True)}
    try:
        calls = iter(_calls(plan, tasks, execute)) if tasks else iter(())
        for (report, _), result in gathered(cluster, reported, lambda: next(calls, None), stop):
            task, future = by_name[report.task.name]
            outcome = _placed(task, result)
            progress.began(task.name)
            progress.cell(task.name, 1, 1)  # nothing is heard of its cells: it counts when it is there
            progress.finished(outcome)
            future.set_result(outcome)
    except BaseException as error:  # the build waits for the futures, and says what went wrong
        for future in futures:
            if not future.done():
                future.set_exception(error)
    finally:
        for future in futures:
            future.cancel()


def _placed(task: Task, result: Reported | Lost) -> Outcome:
    if isinstance(result, Lost):
        return Outcome(task.name, 0.0, Failure(0, result.why))
    for path, raw in ((task.executed, result.executed), (task.page, result.page)):
        if raw is not None:
            path.write_bytes(raw)
    return result.outcome


def _calls(plan: Plan, tasks: Sequence[Task], execute: Execute) -> list[Call]:
    """Each report with the folder it needs: the dossier and what all notebooks are run from, as they lie to each other."""
    names = {task.name for task in tasks}
    notebooks = [notebook for notebook in plan.notebooks if notebook.name in names]
    dossier = plan.dossier.absolute()
    paths = [*dossier_files(dossier), *(path for notebook in notebooks for path in notebook_files(notebook))]
    root = common_root([dossier, *(path.parent for path in paths)])
    folder = packed(root, dict.fromkeys(paths))
    place = dossier.relative_to(root).as_posix()
    own = not plan.own.get("dossier")
    return [(_report(task, root, place, own=own, execute=execute), folder) for task in tasks]


def _report(task: Task, root: Path, dossier: str, *, own: bool, execute: Execute) -> Report:
    named = declared(task.path) or {}
    return Report(
        replace(task, path=Path(task.path.name), folder=Path(), shown=()),
        task.path.relative_to(root).as_posix(),
        dossier,
        own,
        root.resolve() == PROJECT,
        {name: os.environ[name] for name in named.get("env", ()) if name in os.environ},
        execute,
    )
