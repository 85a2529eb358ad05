"""How many small faults does the net notice? Faults are put into modules one at a time, and each is judged.

Cosmic Ray's operators make the faults (another operator, another number, a condition turned round...); a sample of places is
drawn by seed, over the modules in proportion to their lines, and at each place one of its faults. Each is run in a process
of its own, forked from one that holds the libraries: first the accepted verdicts, then the module's own tests, at most 15
seconds of computing in all. No file is changed: the faulty source is only ever imported::

    make mutate                                        # 304 faults: a quarter of an hour on one core
    make mutate ARGS="--module claimaudit.verdict.pooling --count 40"
    make mutate ARGS="--again"                         # those that survived the run before, after new tests
"""

from __future__ import annotations

import argparse
import ast
import csv
import difflib
import importlib
import importlib.machinery
import importlib.util
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / ".cache" / "mutation.csv"
SECONDS = 15
"""Computing time a fault may take; one that takes longer has made something endless and counts as noticed."""
MEMORY = 6 * 2**30

MODULES = {
    "claimaudit.verdict.pooling": ("pooling", "floor", "verdict"),
    "claimaudit.verdict.parts": ("verdict", "without"),
    "claimaudit.verdict.labels": ("rating", "verdict"),
    "claimaudit.verdict.rating": ("rating",),
    "claimaudit.verdict.likelihood": ("likelihood",),
    "claimaudit.verdict.confidence": ("likelihood", "rating"),
    "claimaudit.analysis.floor": ("floor", "pooling"),
    "claimaudit.analysis.findings": ("findings", "verdict"),
    "claimaudit.analysis.steps": ("steps",),
    "claimaudit.analysis.degrees": ("steps",),
    "claimaudit.analysis.kinds.changes": ("kinds",),
    "claimaudit.analysis.kinds.heard": ("kinds",),
    "claimaudit.analysis.kinds.holders": ("kinds",),
    "claimaudit.analysis.kinds.lists": ("kinds",),
    "claimaudit.analysis.kinds.outcomes": ("kinds",),
    "claimaudit.analysis.kinds.rates": ("kinds",),
    "claimaudit.analysis.kinds.ratios": ("kinds",),
    "claimaudit.analysis.kinds.sizes": ("kinds",),
    "claimaudit.verdict.sensitivity": ("sensitivity",),
    "claimaudit.analysis.inference": ("inference",),
    "claimaudit.analysis.special": ("inference",),
    "claimaudit.analysis.uncertainty": ("uncertainty",),
    "claimaudit.analysis.monte_carlo": ("uncertainty",),
    "claimaudit.dossier.dossier": ("dossier",),
    "russia_iran.military.munitions": ("munitions",),
    "russia_iran.economic.trade": ("trade",),
}
"""The modules that get faults, each with its own tests: ``tests/test_<name>*.py``. The one place to mend after a move."""

PACKAGES = ("claimaudit", "russia_iran")
"""What is imported anew for each fault; all else is held by the process that forks."""

SURVIVED, BY_VERDICTS, BY_TESTS, ENDLESS = "survived", "accepted verdicts", "tests", "endless"


@dataclass(frozen=True)
class Fault:
    """One small fault: where, what Cosmic Ray calls it, the line before and after, and who noticed it."""

    module: str
    line: int
    operator: str
    occurrence: int
    was: str
    becomes: str
    outcome: str = ""
    seconds: float = 0.0


# -- making faults ------------------------------------------------------------------------------------------------------


def source_of(module: str) -> Path:
    """The file of a module, without importing it."""
    return ROOT.joinpath("src", *module.split(".")).with_suffix(".py")


def sample(modules: Sequence[str], count: int, seed: int) -> list[Fault]:
    """Faults drawn by seed, over the modules in proportion to their lines: each module has its own stream."""
    lines = {module: len(source_of(module).read_text(encoding="utf-8").splitlines()) for module in modules}
    total = sum(lines.values())
    return [
        fault
        for module in modules
        for fault in _drawn(module, max(1, round(count * lines[module] / total)), random.Random(f"{seed} {module}"))
    ]


def _drawn(module: str, count: int, rng: random.Random) -> list[Fault]:
    """Places in random order, one fault at each, until there are enough that mean something else than before."""
    text = source_of(module).read_text(encoding="utf-8")
    meant = _meaning(text)
    assert meant is not None
    places = sorted(_places(text).items())
    rng.shuffle(places)
    found: list[Fault] = []
    for (_, (line, _)), faults in places:
        operator, occurrence = rng.choice(faults)
        changed = mutated(text, operator, occurrence)
        if changed is not None and _meaning(changed) not in (None, meant):
            found.append(Fault(module, line, operator, occurrence, *_changed_line(text, changed)))
        if len(found) == count:
            break
    return sorted(found, key=lambda fault: fault.line)


def mutated(text: str, operator: str, occurrence: int) -> str | None:
    """The source with one fault; ``None`` where the operator finds no such place."""
    from cosmic_ray.mutating import mutate_code  # noqa: PLC0415 (a child needs the text only)
    from cosmic_ray.plugins import get_operator  # noqa: PLC0415

    return mutate_code(text, get_operator(operator)(), occurrence)


def _places(text: str) -> dict[tuple[str, tuple[int, int]], list[tuple[str, int]]]:
    """Kind of operator and position to the faults possible there."""
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415
    from cosmic_ray.plugins import get_operator, operator_names  # noqa: PLC0415

    nodes = list(ast_nodes(get_ast(text)))
    places = defaultdict(list)
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if kind.arguments() or name.endswith("NoOp"):
            continue
        family, operator = name.split("/")[1].split("_")[0], kind()
        positions = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(positions):
            places[family, start].append((name, occurrence))
    return places


class _Bare(ast.NodeTransformer):
    """Without what no run can tell: annotations, and ``is`` from ``==`` (enums and ``None`` are compared by ``is`` here)."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        alike = {ast.Is: ast.Eq, ast.IsNot: ast.NotEq}
        node.ops = [alike.get(type(operator), type(operator))() for operator in node.ops]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def _meaning(text: str) -> str | None:
    """The syntax tree as text, without annotations; ``None`` where it is no Python."""
    try:
        return ast.dump(_Bare().visit(ast.parse(text)))
    except SyntaxError:
        return None


def _changed_line(before: str, after: str) -> tuple[str, str]:
    """What stood and stands there, as far as the lines differ."""
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]
    old, new = ([" ".join(line[2:].split()) for line in changes if line[0] == sign] for sign in "-+")
    return " / ".join(old), " / ".join(new)


# -- judging them -------------------------------------------------------------------------------------------------------


class _Faulty(importlib.machinery.SourceFileLoader):
    """Finds and loads one module from a text instead of its file."""

    def __init__(self, module: str, text: str) -> None:
        super().__init__(module, str(source_of(module)))
        self.text = text

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """The finder's part: only the one module is ours."""
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str):
        """The loader's part: the faulty source, whatever bytecode is kept."""
        return compile(self.text, self.path, "exec")


def _judge(module: str, text: str, result: Connection) -> None:
    """In a process of its own: who notices the fault?"""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.meta_path.insert(0, _Faulty(module, text))
    if _drifts():
        result.send(BY_VERDICTS)
        return
    # "test_x_parts.py" before "test_x.py": worked figures are quicker than properties tried on hundreds of examples
    own = [str(path) for name in MODULES[module] for path in sorted(ROOT.glob(f"tests/test_{name}*.py"), reverse=True)]
    plain = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "timeout=0", "--tb=no"]
    plain += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what is held already
    result.send(BY_TESTS if pytest.main([*plain, *own]) else SURVIVED)


def _drifts() -> bool:
    try:
        accepted = importlib.import_module("claimaudit.verdict.accepted")
        dossier = importlib.import_module("claimaudit.dossier.dossier").Dossier.load()
        kept = accepted.read(accepted.default_file(dossier.path))
        return bool(accepted.drift(accepted.compare(kept, accepted.of_dossier(dossier))))
    except Exception:  # whatever a fault breaks is noticed
        return True


def judged(module: str, text: str) -> tuple[str, float]:
    """The outcome of one source in place of a module's own, and the seconds it took."""
    started = time.monotonic()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_judge, args=(module, text, theirs), daemon=False)
    child.start()
    theirs.close()
    child.join(10 * SECONDS)  # one that waits takes no computing time
    if child.is_alive():
        child.kill()
        child.join()
    seconds = time.monotonic() - started
    if ours.poll():
        try:
            return ours.recv(), seconds
        except EOFError:
            pass
    endless = child.exitcode in (-signal.SIGKILL, -signal.SIGXCPU)
    return (ENDLESS if endless else BY_TESTS), seconds  # a fault that ends the process ends the tests


def warm() -> None:
    """Import all that tests use, and forget the project's own modules again: each child imports them anew."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    os.chdir(ROOT)
    os.environ["CI"] = "1"  # hypothesis tries the same examples for every fault
    for name in (
        "pandas",
        "hypothesis",
        "click.testing",
        "claimaudit.show.card_folds",
        "claimaudit.show.cards",
        "claimaudit.show.charts.forms",
        "shared",
    ):
        importlib.import_module(name)
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES or name == "shared"]:
        del sys.modules[name]


# -- telling ------------------------------------------------------------------------------------------------------------


def table(faults: Iterable[Fault]) -> Iterator[str]:
    """Markdown: by module who noticed how many."""
    kinds = (BY_VERDICTS, BY_TESTS, ENDLESS, SURVIVED)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for fault in faults:
        counts[fault.module.split(".")[-1]][fault.outcome] += 1
    counts["all"] = sum(counts.values(), Counter())
    yield f"| module | faults | {' | '.join(kinds)} | noticed |"
    yield f"|---{'|---:' * (len(kinds) + 2)}|"
    for module, count in counts.items():
        cells = " | ".join(str(count[kind]) for kind in kinds)
        yield f"| `{module}` | {count.total()} | {cells} | {100 - 100 * count[SURVIVED] / count.total():.0f} % |"


def told(fault: Fault) -> str:
    """One fault in a line: where, and what stood and stands there."""
    return f"{fault.module.split('.')[-1]}:{fault.line}  {fault.was}  ->  {fault.becomes}"


def read(path: Path) -> list[Fault]:
    """The faults of a run before."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Fault(
                **{
                    **row,
                    "line": int(row["line"]),
                    "occurrence": int(row["occurrence"]),
                    "seconds": float(row["seconds"]),
                }
            )
            for row in csv.DictReader(file)
        ]


def write(path: Path, faults: Sequence[Fault]) -> None:
    """Keep the faults and their outcomes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Fault)], lineterminator="\n")
        rows.writeheader()
        rows.writerows(map(asdict, faults))


def main() -> None:
    """Draw faults (or take those that survived), judge them one after the other, print who noticed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=304, help="faults in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", action="append", choices=MODULES, help="only this one; repeat for more")
    parser.add_argument(
        "--again", action="store_true", help="judge again what survived the run before, and what it left"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="where the faults are kept")
    asked = parser.parse_args()
    modules = asked.module or list(MODULES)
    faults = read(asked.out) if asked.again else sample(modules, asked.count, asked.seed)
    warm()
    sound = set()
    for number, fault in enumerate(faults):
        if fault.module not in modules or fault.outcome not in ("", SURVIVED):
            continue
        plain = source_of(fault.module).read_text(encoding="utf-8")
        if fault.module not in sound and judged(fault.module, plain)[0] != SURVIVED:
            sys.exit(f"the net must let {fault.module} pass before faults are put into it")
        sound.add(fault.module)
        text = mutated(plain, fault.operator, fault.occurrence)
        if text is None or _changed_line(plain, text) != (fault.was, fault.becomes):
            sys.exit(f"{fault.module} has changed since {asked.out} was made: draw anew")
        outcome, seconds = judged(fault.module, text)
        faults[number] = replace(fault, outcome=outcome, seconds=round(seconds, 2))
        write(asked.out, faults)  # a run that is broken off goes on with --again
        print(f"{number + 1}/{len(faults)} {outcome}, {seconds:.1f} s: {told(fault)}", flush=True)
    print("\n".join(["", *table(faults), "", *(told(fault) for fault in faults if fault.outcome == SURVIVED)]))


if __name__ == "__main__":
    main()
