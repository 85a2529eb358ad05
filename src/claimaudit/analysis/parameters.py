"""What every topic's ``Parameters`` share: each declared once, with what it may be and what it means.

A topic's dataclass declares them::

    @dataclass(frozen=True, kw_only=True)
    class Parameters(CommonParameters):
        threshold: float = number(1.0, 0.05, 10, "share the claim names", unit="percent")
        counts: str = choice("any", ("any", "customs", "port"), "whose count")

The checks of values, panels, ranges of knobs and tables of settings follow from it; a notebook's parameters cell, which papermill
needs as plain text, is checked against it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from claimaudit.errors import ParameterError, nearest

_KEY = "declared"


@dataclass(frozen=True)
class Declared:
    """What a parameter may be: a range, choices, or neither (a text, true or false); ``help`` says what it means, in ``unit``."""

    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class CommonParameters:
    """``as_of``: also judge as of this ISO day (empty: the two standard dates only).

    Raises ``ParameterError`` when it is no day, or a declared parameter is out of range or none of its choices.
    """

    as_of: str = ""

    def __post_init__(self) -> None:
        for name, item in declared(self).items():
            value = getattr(self, name)
            if item.choices:
                check_choice(name, value, item.choices)
            elif item.low is not None and item.high is not None:
                check_range(name, value, item.low, item.high)
        if self.as_of:
            try:
                date.fromisoformat(self.as_of)
            except ValueError:
                raise ParameterError(f"as_of = {self.as_of!r} is not a day: write it as 2023-03-14") from None


def number(default: Any, low: float, high: float, help: str, *, unit: str = "") -> Any:
    """A number within [low, high]: a whole one where ``default`` is."""
    return field(default=default, metadata={_KEY: Declared(help, low, high, unit=unit), "help": help})


def choice(default: str, choices: tuple[str, ...], help: str) -> Any:
    """A text out of ``choices``."""
    return field(default=default, metadata={_KEY: Declared(help, choices=choices), "help": help})


def switch(default: bool, help: str) -> Any:
    """True or false."""
    return field(default=default, metadata={_KEY: Declared(help), "help": help})


@dataclass(frozen=True, kw_only=True)
class DrawnParameters(CommonParameters):
    """For topics whose model draws random numbers: ``draws`` of each Monte Carlo, ``seed`` of its generator."""

    draws: int = number(100_000, 1_000, 1_000_000, "Monte Carlo draws")
    seed: int = number(20230314, 0, 2**32 - 1, "seed of the random numbers")


def declared(parameters: Any) -> dict[str, Declared]:
    """What each parameter of a topic (its class, or values of it) may be, by name; those without a declaration are left out."""
    return {item.name: item.metadata[_KEY] for item in fields(parameters) if _KEY in item.metadata}


def chosen(parameters: Any, names: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a topic's class that ``names`` (a notebook's ``globals()``) has; others of its names are nothing to it."""
    return {item.name: names[item.name] for item in fields(parameters) if item.name in names}


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
