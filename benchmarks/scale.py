"""What a cluster makes of many dossiers and of many settings: throughput, the share of workers' time in the work, memory.

Dossiers are invented: 200 of 10 to 1,000 claims, most of them small (reciprocals drawn evenly by a seeded generator), with small
tables. Every one is judged once at both dates; then one under 5,000 settings (by one worker, a quarter of them); by one and by two
workers of this machine::

    python benchmarks/scale.py                       # print it
    python benchmarks/scale.py --write docs/scale.md # and put it between the marks of that page
    python benchmarks/scale.py --dossiers 20 --settings 200   # a quick look
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import psutil
from marks import put

from claimaudit.cluster.client import connected
from claimaudit.cluster.progress import Counting
from claimaudit.cluster.sweep import read_sweep
from claimaudit.cluster.sweeping import Swept, run_sweep
from claimaudit.dossier.dossier import DEFAULT_DOSSIER
from claimaudit.run.machine import cores

SEED = 20230314
SMALLEST, LARGEST = 10, 1_000
_PUBLISHERS = 12
_PUBLISHED = date(2023, 3, 14)


# -- invented dossiers -----------------------------------------------------------------------------------------------------


def write_dossier(folder: Path, claims: int, rng: np.random.Generator) -> None:
    """A dossier of so many claims: each a figure (two to four rows) and an event (one to three), and half of them who said so."""
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in ("sources", "origins", "measures", "rows")}
    publishers = [
        {
            "publisher": f"p{number}",
            "name": f"Publisher {number}",
            "reliability": "ABCD"[number % 4],
            "reason": "Invented",
        }
        for number in range(_PUBLISHERS)
    ]
    for number in range(max(4, claims // 4)):
        letter = publishers[number % _PUBLISHERS]
        published = _PUBLISHED - timedelta(int(rng.integers(1, 400))) + timedelta(500 * int(rng.random() < 0.2))
        tables["sources"].append(
            {
                "source_id": f"s{number}", "title": f"Source {number}", "publisher": letter["publisher"],
                "url": f"https://example.org/{number}", "published": published.isoformat(), "kind": "press",
                "language": "en", "seen": "full",
            }
        )  # fmt: skip
        tables["origins"].append({"origin": f"o{number}", "kind": "voice", "unnamed": 0})
    said = [_claim(number, tables, rng) for number in range(claims)]
    folder.mkdir(parents=True)
    (folder / "article.toml").write_text(
        f'title = "Invented"\nauthor = "A"\npublisher = "B"\npublished = {_PUBLISHED}\nurl = "https://example.org/"\n'
        'language = "en"\ncompiled = 2024-12-01\n',
        encoding="utf-8",
    )
    (folder / "claims.toml").write_text("\n".join(said), encoding="utf-8")
    (folder / "method.toml").write_bytes((DEFAULT_DOSSIER / "method.toml").read_bytes())
    _write(folder / "publishers.csv", ("publisher", "name", "reliability", "reason"), publishers)
    _write(folder / "sources.csv", _SOURCES, tables["sources"])
    _write(
        folder / "origins.csv",
        ("origin", "kind", "depends_on", "publisher", "state", "unnamed", "note"),
        tables["origins"],
    )
    _write(folder / "measures.csv", ("measure", "unit", "forward", "meaning"), tables["measures"])
    _write(folder / "observations" / "rows.csv", _ROWS, tables["rows"])
    units = [{"unit": name, "dimension": name, "factor": 1, "meaning": name} for name in ("crate", "flag", "event")]
    _write(folder / "units.csv", ("unit", "dimension", "factor", "meaning"), units)


_SOURCES = (
    "source_id", "title", "publisher", "url", "published", "kind", "language", "license", "reliability", "departure",
    "copy_of", "seen",
)  # fmt: skip
_ROWS = (
    "observation_id", "measure", "entity", "start", "end", "value", "low", "high", "unit", "credibility", "said", "stake",
    "step", "basis", "variant", "origin", "source_id", "note",
)  # fmt: skip


def _claim(number: int, tables: dict[str, list[dict[str, object]]], rng: np.random.Generator) -> str:
    """A claim's TOML; its measures and rows are added to the tables."""
    name = f"C{number:04}"
    figure = round(float(np.exp(rng.normal(5, 1))), 1)
    parts = [
        _part(name, "number", "core", f'test = "about"\nunit = "crate"\nvalue = {figure}\ntolerance = 0.2', tables),
        _part(name, "happened", "core", 'test = "event"', tables),
    ]
    figures = figure * np.exp(rng.normal(0, 0.3, rng.integers(2, 5)))
    _add(f"{name}.number", [round(float(value), 1) for value in figures], "crate", tables, rng)
    _add(f"{name}.happened", [int(share < 0.7) for share in rng.random(rng.integers(1, 4))], "event", tables, rng)
    if rng.random() < 0.5:
        parts.append(_part(name, "said", "quote", 'test = "statement"', tables))
        _add(f"{name}.said", [1], "flag", tables, rng)
    head = (
        f'[[claims]]\nid = "{name}"\nparagraph = {number % 90 + 1}\ndomain = "economic"\ntopic = "t{number // 20}"\n'
        f'speaker = "the author"\nspeech = "own"\nkind = "quantity"\nquotation = "about {figure} crates"\n'
        f'split_note = "Invented"\nparaphrase = "About {figure} crates were sold"\nbest_reading = "As many"\n'
    )
    return head + "".join(parts)


def _part(claim: str, name: str, role: str, test: str, tables: dict[str, list[dict[str, object]]]) -> str:
    unit = {"number": "crate", "happened": "event", "said": "flag"}[name]
    tables["measures"].append({"measure": f"{claim}.{name}", "unit": unit, "forward": 0, "meaning": "Invented"})
    return (
        f'[[claims.parts]]\nid = "{claim}.{name}"\ntext = "Part {name}"\nrole = "{role}"\n{test}\n'
        f'evidence = [{{ measure = "{claim}.{name}" }}]\n'
    )


def _add(
    measure: str,
    values: Sequence[float],
    unit: str,
    tables: dict[str, list[dict[str, object]]],
    rng: np.random.Generator,
) -> None:
    """Rows of a measure, each from a source of its own."""
    origins = rng.choice(len(tables["origins"]), size=len(values), replace=False)
    for origin, value in zip(origins, values, strict=True):
        tables["rows"].append(
            {
                "observation_id": f"r{len(tables['rows'])}", "measure": measure, "entity": "HRB", "start": "2022-01-01",
                "end": "2022-12-31", "value": value, "unit": unit, "credibility": int(rng.integers(1, 5)),
                "basis": "reported", "origin": f"o{origin}", "source_id": f"s{origin}", "note": "Invented",
            }
        )  # fmt: skip


def _write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


# -- what a run costs ------------------------------------------------------------------------------------------------------


@dataclass
class Measured(Counting):
    """When each piece came, and the peak sizes of the processes meanwhile, in MB."""

    came: list[tuple[float, int]] = field(default_factory=list)

    def done(self, many: int) -> None:
        """Note it."""
        self.came.append((time.perf_counter(), many))


@contextmanager
def watched(peaks: dict[str, float]) -> Iterator[None]:
    """Note the peak proportional size of this process (client and scheduler) and of its largest worker, every second."""
    stop = threading.Event()

    def look() -> None:
        own = psutil.Process()
        while not stop.wait(1.0):
            sizes = [size for child in own.children(recursive=True) if (size := _megabytes(child))]
            peaks["client"] = max(peaks.get("client", 0.0), _megabytes(own))
            peaks["worker"] = max(peaks.get("worker", 0.0), max(sizes, default=0.0))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _megabytes(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 2**20
    except (psutil.Error, AttributeError):
        return 0.0


@dataclass(frozen=True)
class Run:
    """One sweep by so many workers: audits, seconds, the seconds that workers spent judging, peak sizes in MB."""

    workers: int
    swept: Swept
    seconds: float
    peaks: dict[str, float]

    @property
    def share(self) -> float:
        """The share of the workers' time in the work."""
        return self.swept.seconds / (self.workers * self.seconds)


def run(spec: Path, workers: int, out: Path) -> Run:
    """Carry out a sweep by workers that are there and warm: a start of workers is no part of it."""
    peaks: dict[str, float] = {}
    asked = read_sweep(spec)
    warm = spec.with_name("warm.toml")
    warm.write_text(f"dossiers = ['{asked.dossiers[0].name}', '{asked.dossiers[-1].name}']\n", encoding="utf-8")
    with connected("local", workers) as cluster:
        run_sweep(read_sweep(warm), out, cluster=cluster)
        with watched(peaks):
            start = time.perf_counter()
            swept = run_sweep(asked, out, cluster=cluster)
            seconds = time.perf_counter() - start
    if swept.failed:
        raise SystemExit(f"{len(swept.failed)} failed: {swept.failed[0]}")
    return Run(workers, swept, seconds, peaks)


def by_size(folder: Path, names: Sequence[tuple[str, int]], out: Path) -> list[tuple[int, float]]:
    """Seconds that one dossier takes to be read and judged, by its claims: of the smallest, the largest and some between."""
    found = []
    for name, claims in names:
        spec = folder / "one.toml"
        spec.write_text(f"dossiers = ['{name}']\n", encoding="utf-8")
        found.append((claims, min(run_sweep(read_sweep(spec), out).seconds for _ in range(2))))
    return found


def exponent(sizes: Sequence[tuple[int, float]]) -> float:
    """The power of the size that the cost grows with: 1 is linear."""
    claims, seconds = np.log(np.array(sizes, dtype=float)).T
    return float(np.polyfit(claims, seconds, 1)[0])


# -- told -------------------------------------------------------------------------------------------------------------------


def told(
    dossiers: Sequence[int],
    first: Sequence[Run],
    second: Sequence[Run],
    sizes: Sequence[tuple[int, float]],
    load: float,
) -> str:
    """The tables, as Markdown."""
    lines = [
        f"{cores()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}. "
        f"Load when it began: {load:.1f}; load when it ended: {os.getloadavg()[0]:.1f}.",
        "",
        f"{len(dossiers):,} dossiers of {min(dossiers):,} to {max(dossiers):,} claims ({sum(dossiers):,} in all, "
        f"{statistics.median(dossiers):,.0f} in the middle one), each judged once at both dates:",
        "",
        *_table(first, sum(dossiers)),
        "",
        f"One dossier of {SMALLEST} claims under {second[1].swept.audits:,} settings (by one worker, a quarter of them):",
        "",
        *_table(second, 0),
        "",
        "One dossier read and judged at both dates, by its size (in one process, without Dask):",
        "",
        "| claims | seconds | ms a claim |",
        "|---:|---:|---:|",
        *(f"| {claims:,} | {seconds:.2f} | {1000 * seconds / claims:.1f} |" for claims, seconds in sizes),
        "",
        f"From {sorted(sizes)[-3:][0][0]:,} claims on the cost grows with the power {exponent(sorted(sizes)[-3:]):.2f} of "
        "the claims (1 is linear).",
    ]
    return "\n".join(lines) + "\n"


def _table(runs: Sequence[Run], claims: int) -> list[str]:
    memory = "client and scheduler, MB | largest worker, MB"
    return [
        f"| workers | seconds | audits a second | claims a second | in the work | {memory} | rows |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.workers} | {one.seconds:.1f} | {one.swept.audits / one.seconds:.1f} | "
            f"{f'{claims / one.seconds:,.0f}' if claims else ''} | {100 * one.share:.0f} % | {one.peaks.get('client', 0):.0f} | "
            f"{one.peaks.get('worker', 0):.0f} | {one.swept.rows:,} |"
            for one in runs
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the dossiers, run all, print it."""
    parser = argparse.ArgumentParser(
        description="What a cluster of one and of two workers makes of many dossiers and settings."
    )
    parser.add_argument("--dossiers", type=int, default=200, metavar="N")
    parser.add_argument("--settings", type=int, default=5_000, metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables between the marks of a page")
    asked = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    rng = np.random.default_rng(SEED)
    drawn = 1 / rng.uniform(1 / LARGEST, 1 / SMALLEST, asked.dossiers - 2)
    sizes = [SMALLEST, *(round(float(size)) for size in drawn), LARGEST]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number, size in enumerate(sizes):
            write_dossier(folder / "desk" / f"d{number:04}", size, rng)
        every, settings = folder / "every.toml", folder / "settings.toml"
        every.write_text("dossiers = ['desk/*']\n", encoding="utf-8")
        steps = ", ".join(f"{step / asked.settings:.6f}" for step in range(asked.settings // 4))
        write_dossier(folder / "small", SMALLEST, rng)
        few = folder / "few.toml"
        for spec, bars in ((settings, "[0.75, 0.8, 0.85, 0.9]"), (few, "[0.8]")):
            text = f"dossiers = ['small']\n[method]\nsupported = {bars}\ndependence = [{steps}]\n"
            spec.write_text(text, encoding="utf-8")
        out = folder / "table.csv"
        first = [run(every, workers, out) for workers in (1, 2)]
        second = [run(few, 1, out), run(settings, 2, out)]
        chosen = sorted((size, f"desk/d{number:04}") for number, size in enumerate(sizes))
        some = [chosen[round(share * (len(chosen) - 1))] for share in (0, 0.25, 0.5, 0.75, 0.9, 1)]
        text = told(sizes, first, second, by_size(folder, [(name, size) for size, name in some], out), load)
    print(text)
    if asked.write:
        put(asked.write, text)


if __name__ == "__main__":
    main()
