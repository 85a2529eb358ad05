"""What every topic's ``Parameters`` share, and the range checks of their numbers.

A notebook's parameters cell declares the same names with ranges; these checks hold the line where no gate stands before
(plain papermill, JupyterLab, a test).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from claimaudit.errors import ParameterError, nearest


@dataclass(frozen=True, kw_only=True)
class CommonParameters:
    """``as_of``: also judge as of this ISO day (empty: the two standard dates only); ``draws`` of each Monte Carlo;
    ``seed`` of its generator. Raises ``ParameterError`` when one is no day or out of range."""

    as_of: str = ""
    draws: int = 100_000
    seed: int = 20230314

    def __post_init__(self) -> None:
        check_range("draws", self.draws, 1_000, 2_000_000)
        check_range("seed", self.seed, 0, 2**32 - 1)
        if self.as_of:
            try:
                date.fromisoformat(self.as_of)
            except ValueError:
                raise ParameterError(f"as_of = {self.as_of!r} is not a day: write it as 2023-03-14") from None


def check_range(name: str, value: object, low: float, high: float) -> None:
    """Raise ``ParameterError`` unless ``value`` is a finite number within [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ParameterError(f"{name} = {value!r} is not a number: give one from {low:g} to {high:g}")
    if not low <= value <= high:
        raise ParameterError(f"{name} = {value:g} is out of range: give a number from {low:g} to {high:g}")


def check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Raise ``ParameterError`` unless ``value`` is one of ``choices``."""
    if value not in choices:
        hint = nearest(str(value), choices) or f"use one of {', '.join(choices)}"
        raise ParameterError(f"{name} = {value!r} is not known: {hint}")
