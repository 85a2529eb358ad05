# ruff: noqa: PLC0415 (rich is slow to import and not always needed)
"""What a build tells while it runs: a bar in a terminal, plain lines elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from claimaudit import inert

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from claimaudit.run.worker import Outcome, Task


class Progress:
    """Told of each step of a build, and says nothing. All but ``started`` and ``closed`` may be called from another thread."""

    def started(self, tasks: Sequence[Task]) -> None:
        """These notebooks will be run, or are kept from an earlier build."""

    def began(self, name: str) -> None:
        """One of them starts."""

    def cell(self, name: str, cell: int, cells: int) -> None:
        """It is at this cell (from 1) of so many."""

    def finished(self, outcome: Outcome) -> None:
        """One of them has ended."""

    def closed(self) -> None:
        """The build is over, whether it went well or not."""


class Lines(Progress):
    """One plain line a notebook, for logs."""

    def __init__(self, console: Console) -> None:
        self.console, self.total, self.done = console, 0, 0

    def started(self, tasks: Sequence[Task]) -> None:
        """Remember how many there will be."""
        self.total = len(tasks)

    def finished(self, outcome: Outcome) -> None:
        """Print the line."""
        self.done += 1
        said = f"[{self.done}/{self.total}] {line(outcome)}"
        with suppress(OSError):  # no report is lost because nobody can be told of it
            self.console.print(said, markup=False, highlight=False, soft_wrap=True)


class Bars(Progress):
    """A bar for the whole build with the time left, a bar with its cell for each running report, a line a finished one."""

    def __init__(self, console: Console) -> None:
        from rich import progress as rich

        columns = (
            rich.SpinnerColumn(),
            rich.TextColumn("{task.description}", markup=False),
            rich.BarColumn(),
            rich.TextColumn("{task.fields[at]}"),
        )
        self.bars = rich.Progress(*columns, rich.TimeRemainingColumn(), console=console, transient=True)

    def started(self, tasks: Sequence[Task]) -> None:
        """Show the bar of the whole: every notebook counts by the time it took before, new ones by the mean."""
        known = [task.expected for task in tasks if task.expected]
        usual = sum(known) / len(known) if known else 1.0
        self.weight = {task.name: task.expected or usual for task in tasks}
        self.running: dict[str, TaskID] = {}
        self.done = 0
        self.whole = self.bars.add_task("All reports", total=sum(self.weight.values()), at=f"0/{len(tasks)}")
        self.bars.start()

    def began(self, name: str) -> None:
        """Show its bar."""
        self.running[name] = self.bars.add_task(f"  {inert.line(name)}", total=None, at="starting")

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Move its bar, and the whole by its share."""
        self.bars.update(self.running[name], completed=cell - 1, total=cells, at=f"cell {cell}/{cells}")
        self.bars.advance(self.whole, self.weight[name] / cells)

    def finished(self, outcome: Outcome) -> None:
        """Print the line and take its bar away."""
        style = "red" if outcome.failure else ""
        self.bars.console.print(line(outcome), style=style, markup=False, highlight=False, soft_wrap=True)
        if outcome.name in self.running:
            self.bars.remove_task(self.running.pop(outcome.name))
        elif outcome.kept:
            self.bars.advance(self.whole, self.weight[outcome.name])
        self.done += 1
        self.bars.update(self.whole, at=f"{self.done}/{len(self.weight)}")

    def closed(self) -> None:
        """Take the bars away."""
        self.bars.stop()


def line(outcome: Outcome) -> str:
    """One notebook's outcome in a line: ``built harbour in 3.1 s``."""
    name = inert.line(outcome.name)
    if outcome.failure:
        return f"failed {name} after {outcome.seconds:.1f} s: {inert.line(str(outcome.failure))}"
    if outcome.kept:
        return f"kept {name}: nothing it is made from has changed"
    return f"built {name} in {outcome.seconds:.1f} s"


def progress(console: Console, *, quiet: bool = False) -> Progress:
    """The progress that fits where the output goes."""
    if quiet:
        return Progress()
    return Bars(console) if console.is_terminal else Lines(console)
