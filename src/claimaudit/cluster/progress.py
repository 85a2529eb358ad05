# ruff: noqa: PLC0415 (rich is slow to import and not always needed)
"""What a sweep tells while it runs: how many audits are done, how many a second, and the time left."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_EVERY = 10.0
"""Seconds between two lines of a log."""
_RECENT = 60.0
"""Seconds over which the rate is taken."""


class Rate:
    """How many a second, over the last minute, and what that says of those that are left."""

    def __init__(self, total: int, now: float) -> None:
        self.total, self.done = total, 0
        self._seen: deque[tuple[float, int]] = deque([(now, 0)])

    def add(self, many: int, now: float) -> None:
        """So many more are done by now."""
        self.done += many
        self._seen.append((now, self.done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _RECENT:
            self._seen.popleft()

    @property
    def rate(self) -> float:
        """How many a second; 0 where nothing is done yet."""
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        return (after - before) / (end - start) if end > start else 0.0

    @property
    def words(self) -> str:
        """``1,200 of 5,000 audits, 31.5 a second, 2 min left``."""
        said = f"{self.done:,} of {self.total:,} audits"
        if not self.rate:
            return said
        return f"{said}, {self.rate:.3g} a second, {_duration((self.total - self.done) / self.rate)} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Counting:
    """Told of each step of a sweep, and says nothing."""

    def started(self, total: int) -> None:
        """So many audits will be made."""

    def done(self, many: int) -> None:
        """So many more are done."""

    def closed(self) -> None:
        """The sweep is over, whether it went well or not."""


class Lines(Counting):
    """A plain line every few seconds, for logs."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def started(self, total: int) -> None:
        """Begin to count."""
        self.said = time.monotonic()
        self.rate = Rate(total, self.said)

    def done(self, many: int) -> None:
        """Print the line, when it is time."""
        now = time.monotonic()
        self.rate.add(many, now)
        if now - self.said >= _EVERY and self.rate.done < self.rate.total:
            self.said = now
            with suppress(OSError):  # nothing is lost because nobody can be told
                self.console.print(self.rate.words, markup=False, highlight=False, soft_wrap=True)


class Bar(Counting):
    """A bar with the rate and the time left."""

    def __init__(self, console: Console) -> None:
        from rich import progress as rich

        self.bars = rich.Progress(
            rich.SpinnerColumn(),
            rich.BarColumn(),
            rich.TextColumn("{task.fields[said]}"),
            console=console,
            transient=True,
        )

    def started(self, total: int) -> None:
        """Show the bar."""
        self.rate = Rate(total, time.monotonic())
        self.bar = self.bars.add_task("", total=total, said=self.rate.words)
        self.bars.start()

    def done(self, many: int) -> None:
        """Move it."""
        self.rate.add(many, time.monotonic())
        self.bars.update(self.bar, advance=many, said=self.rate.words)

    def closed(self) -> None:
        """Take it away."""
        self.bars.stop()


def counting(console: Console, *, quiet: bool = False) -> Counting:
    """What fits where the output goes."""
    if quiet:
        return Counting()
    return Bar(console) if console.is_terminal else Lines(console)
