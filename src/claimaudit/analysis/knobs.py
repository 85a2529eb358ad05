"""Knobs: the inputs of a test or model that can be turned, declared as data. Nothing is judged here.

A topic declares its knobs; ``sensitivity.flips_of`` judges what their findings would make of a label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from claimaudit.outcome import Finding


@dataclass(frozen=True)
class Knob:
    """One input that moves one part: its value ``now``, where it may go, and what is then found.

    It goes either anywhere within ``reach`` (low, high), looked through in ``steps`` points a side and then to
    ``tolerance`` (a share of the reach), or to each of ``choices`` in their order: numbers, or names of what is chosen.
    ``findings`` gives all findings of the part at a value. ``words`` puts a value as a condition ("had the claim said
    less than 2%"), without what follows from it. ``whole``: a value within reach is told as a whole number. ``every``: of
    choices all that turn the label are told, not the first alone. A declaration that cannot be is a ``ValueError``.
    """

    part_id: str
    name: str
    now: float | str
    findings: Callable[[Any], Iterable[Finding]]
    words: Callable[[Any], str]
    reach: tuple[float, float] | None = None
    choices: tuple[float, ...] | tuple[str, ...] = ()
    unit: str = ""
    whole: bool = False
    every: bool = False
    steps: int = 60
    tolerance: float = 1e-4

    def __post_init__(self) -> None:
        if (self.reach is None) == (not self.choices):
            raise ValueError(f"the knob {self.name!r} of {self.part_id} needs either a reach or choices")
        if self.reach is not None:
            (low, high), now = self.reach, self.now
            if isinstance(now, str):
                raise ValueError(f"{self.name!r} of {self.part_id} has a reach, but is {now!r} now, which is no number")
            if not low <= now <= high:
                raise ValueError(f"{self.name!r} of {self.part_id} is {now:g} now, outside {low:g} to {high:g}")

    def place(self, value: float | str) -> float:
        """A value as a number: itself, or the place from 0 of a name among the choices; ``ValueError`` when it is none of them."""
        return float(self.choices.index(value)) if isinstance(value, str) else value


def phrase(words: str, shown: Callable[[float], str]) -> Callable[[float], str]:
    """The condition made from ``words``, with each value put in as ``shown`` writes it."""
    return lambda value: words.format(shown(value))


def percent(share: float) -> str:
    """A share (0-1) as whole percent: ``26%``."""
    return f"{100 * share:.0f}%"
