"""How long reports take, by every way side by side in one run: ``make bench``, or ``python benchmarks/build.py --help``.

Totals are medians of ``--repeat`` runs in turn (so that a slow minute of the machine hits all ways), memory is sampled
meanwhile: resident size of the process that was started, proportional size of all it has started. Writes a table in
Markdown, with machine and versions, to standard output, and between the marks of a page with ``--write FILE``.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent))

import ways
from compute import floor_seconds
from marks import put

from claimaudit.run.notebooks import notebooks_of

LIGHT = ("space", "opinion")
"""Notebooks of the large sweeps, each with its own seeds."""
ALL = {
    "claimaudit build, cold": ways.ours,
    "papermill + nbconvert commands, one after the other": ways.shell_loop,
    "jupyter nbconvert --execute": ways.nbconvert_execute,
    "papermill and nbconvert from Python, two processes": ways.papermill_pool,
    "ploomber-engine": ways.ploomber,
    "marimo export": ways.marimo,
    "claimaudit build --engine kernel": ways.ours_ordinary,
}


@dataclass(frozen=True)
class Measured:
    """Seconds in all, peak megabytes of the started process and of all below it, and how many reports came out."""

    seconds: float
    parent: float
    children: float
    reports: int


def notebooks() -> list[Path]:
    """The notebooks of the project's topics, by name: those that a plain ``claimaudit build`` makes into reports."""
    return sorted((found.path for found in notebooks_of(ways.PROJECT / "data")), key=lambda path: path.stem)


def jobs(count: int) -> list[ways.Job]:
    """So many reports: one notebook, each notebook once, or sweeps of seeds over the light ones."""
    found = {path.stem: path for path in notebooks()}
    if count == 1:
        return [ways.Job(found["munitions"], "munitions")]
    if count <= len(found):
        return [ways.Job(path, name) for name, path in found.items()][:count]
    seeds = range(1, count // len(LIGHT) + 1)
    return [ways.Job(found[name], f"{name}.seed-{seed}", {"seed": seed}) for name in LIGHT for seed in seeds]


def measure(way: ways.Way, work: Sequence[ways.Job], out: Path) -> Measured:
    """Run one way in a process of its own and watch it."""
    began = time.perf_counter()
    number = os.fork()
    if number == 0:
        status = 1
        try:
            way(work, out)
            status = 0
        finally:
            os._exit(status)
    peaks = [0.0, 0.0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(number, peaks, done))
    watcher.start()
    _, status = os.waitpid(number, 0)
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    reports = sum((out / f"{job.name}.html").exists() for job in work) if status == 0 else 0
    return Measured(seconds, *peaks, reports)


def _watch(number: int, peaks: list[float], done: threading.Event) -> None:
    """Peak sizes in megabytes: the command that was started, and the sum of all below it.

    The second is looked at seldom: it makes the kernel walk all pages of these processes, which slows them.
    """
    looks = 0
    while not done.wait(0.5):
        looks += 1
        try:
            commands = psutil.Process(number).children()
            peaks[0] = max([peaks[0], *(command.memory_info().rss / 2**20 for command in commands)])
            if looks % 8 == 4:
                below = [child for command in commands for child in command.children(recursive=True)]
                peaks[1] = max(peaks[1], sum(map(_share, below)) / 2**20)
        except psutil.Error:
            continue


def _share(process: psutil.Process) -> float:
    try:
        return process.memory_full_info().pss
    except (psutil.Error, AttributeError):
        return 0.0


def compare(count: int, names: Sequence[str], repeat: int) -> dict[str, list[Measured]]:
    """All ways on the same reports, in turn."""
    work = jobs(count)
    results: dict[str, list[Measured]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        for _ in range(repeat):
            for name in names:
                folder = ways.cleared(Path(place) / "work")
                out = ways.cleared(folder / "out")
                results.setdefault(name, []).append(measure(ALL[name], work, out))
                print(f"{count} reports, {name}: {results[name][-1]}", file=sys.stderr, flush=True)
                if name == "claimaudit build, cold":
                    again = measure(ways.ours_again, work, out)
                    results.setdefault("claimaudit build, nothing to do", []).append(again)
    return results


def table(count: int, results: dict[str, list[Measured]], floor: float) -> list[str]:
    """A Markdown table: medians, and how many times as long as ours each way takes."""
    ours = statistics.median(item.seconds for item in results["claimaudit build, cold"])
    lines = [
        f"### {count:,} report{'s' * (count > 1)}",
        "",
        "| way | total, s | a report, s | times ours | started process, MB | below it, MB | reports |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, runs in results.items():
        seconds = statistics.median(run.seconds for run in runs)
        parent, children = (max(getattr(run, side) for run in runs) for side in ("parent", "children"))
        cells = f"{seconds:.2f} | {seconds / count:.3f} | {seconds / ours:.1f} | {parent:.0f} | {children:.0f}"
        lines.append(f"| {name} | {cells} | {min(run.reports for run in runs)} |")
    cells = f"{floor:.2f} | {floor / count:.3f} | {floor / ours:.1f} | | "
    lines.append(f"| the notebooks' code alone, one warm process | {cells} | |")
    return [*lines, ""]


def machine() -> str:
    """What it was measured on."""
    packages = ("ipykernel", "jupyter_client", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}; {versions}. "
        f"Load when it began: {os.getloadavg()[0]:.1f}."
    )


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 13, 100, 1000], help="how many reports")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each way")
    parser.add_argument("--others-up-to", type=int, default=13, help="the slow ways are run up to so many reports")
    parser.add_argument("--write", type=Path, help="file for the table")
    given = parser.parse_args()
    lines = [machine(), ""]
    here = [name for name in ALL if (name not in ("ploomber-engine", "marimo export") or ways.OTHERS.exists())]
    for count in given.counts:
        few = count <= given.others_up_to
        results = compare(count, here if few else here[:1], given.repeat)
        names = Counter(job.notebook.stem for job in jobs(count))
        once = [floor_seconds(list(names)) for _ in range(given.repeat)]
        floor = statistics.median(sum(run[name] * many for name, many in names.items()) for run in once)
        lines += table(count, results, floor)
        text = "\n".join(lines)
        if given.write:
            put(given.write, text)
    print(text)


if __name__ == "__main__":
    main()
