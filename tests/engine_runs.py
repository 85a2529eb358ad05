"""Runs notebooks of a folder in both ways: by papermill alone, or as a build runs its reports, but not tidied.

``python -c "import engine_runs; engine_runs.main()" papermill|build FOLDER NAME...`` writes ``NAME.out.ipynb`` and
``errors.json`` (why a notebook failed).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat

from claimaudit.run import client, worker


def kept(task: worker.Task, tell: worker.Tell):
    """``worker.execute``, with the notebook put aside as it is."""
    notebook, failure = worker.execute(task, tell)
    nbformat.write(notebook, task.path.with_suffix(".out.ipynb"))
    return notebook, failure


def terse(task: worker.Task, tell: worker.Tell):
    """``worker.execute`` with a small limit of output."""
    client.PRINTED = 1
    return worker.execute(task, tell)


def by_build(folder: Path, names: list[str]) -> dict[str, str]:
    from claimaudit.run.pool import running
    from claimaudit.run.progress import Progress

    work = folder / "work"
    work.mkdir(exist_ok=True)
    tasks = [worker.Task(name, folder / f"{name}.ipynb", name, {}, work, seconds=60) for name in names]
    with running(tasks, 1, kept, Progress()) as futures:
        pass
    found = {future.result().name: future.result().failure for future in futures}
    return {name: failure.error for name, failure in found.items() if failure}


def by_papermill(folder: Path, names: list[str]) -> dict[str, str]:
    import papermill
    from nbclient.exceptions import CellTimeoutError

    errors = {}
    for name in names:
        paths = [f"{folder}/{name}.ipynb", f"{folder}/{name}.out.ipynb"]
        for tries in range(5):
            try:
                papermill.execute_notebook(*paths, progress_bar=False, cwd=str(folder), execution_timeout=20)
            except papermill.PapermillExecutionError as error:
                message = next(iter(error.evalue.splitlines()), "")
                errors[name] = f"{error.ename}: {message}" if message else error.ename
            except CellTimeoutError:  # it hangs now and then on an Output widget; the build may not
                if tries == 4:
                    raise
                continue
            break
    return errors


def main() -> None:
    way, folder, *names = sys.argv[1:]
    run = by_build if way == "build" else by_papermill
    (Path(folder) / "errors.json").write_text(json.dumps(run(Path(folder), names)))
