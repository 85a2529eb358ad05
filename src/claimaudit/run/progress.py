# ruff: noqa: PLC0415 (rich is slow to import and not always needed)
"""What a build tells while it runs: a bar in a terminal, plain lines elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console

    from claimaudit.run.worker import Outcome


class Progress(Protocol):
    """Told of each step of a build. ``finished`` may be called from another thread."""

    def started(self, total: int) -> None:
        """So many notebooks will run."""

    def finished(self, outcome: Outcome) -> None:
        """One of them has ended."""

    def closed(self) -> None:
        """The build is over, whether it went well or not."""


class Quiet:
    """Says nothing."""

    def started(self, total: int) -> None:
        """Nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Nothing."""

    def closed(self) -> None:
        """Nothing."""


class Lines:
    """One plain line a notebook, for logs."""

    def __init__(self, console: Console) -> None:
        self.console, self.total, self.done = console, 0, 0

    def started(self, total: int) -> None:
        """Remember how many there will be."""
        self.total = total

    def finished(self, outcome: Outcome) -> None:
        """Print the line."""
        self.done += 1
        self.console.print(f"[{self.done}/{self.total}] {line(outcome)}", markup=False, highlight=False, soft_wrap=True)

    def closed(self) -> None:
        """Nothing is left to do."""


class Bar:
    """A rich bar with the time that has passed, and a line a notebook above it."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)

    def started(self, total: int) -> None:
        """Show the bar."""
        self.task = self.bar.add_task("Running notebooks", total=total)
        self.bar.start()

    def finished(self, outcome: Outcome) -> None:
        """Print the line and move the bar."""
        style = "red" if outcome.failure else ""
        self.bar.console.print(line(outcome), style=style, markup=False, highlight=False, soft_wrap=True)
        self.bar.advance(self.task)

    def closed(self) -> None:
        """Take the bar away."""
        self.bar.stop()


def line(outcome: Outcome) -> str:
    """One notebook's outcome in a line: ``built munitions in 3.1 s``."""
    if outcome.failure:
        return f"failed {outcome.name} after {outcome.seconds:.1f} s: {outcome.failure}"
    return f"built {outcome.name} in {outcome.seconds:.1f} s"


def progress(console: Console, *, quiet: bool = False) -> Progress:
    """The progress that fits where the output goes."""
    if quiet:
        return Quiet()
    return Bar(console) if console.is_terminal else Lines(console)
