"""What the commands share: arguments as values, a folder as a path that can be read, where results are printed."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimaudit import inert
from claimaudit.errors import ParameterError

if TYPE_CHECKING:
    from rich.console import Console

_WHOLE = re.compile(r"-?[0-9]{1,15}")


def dossier_option(command: Callable) -> Callable:
    """``--dossier`` means the same on every command."""
    return click.option(
        "--dossier", metavar="DIR", help="Folder of the dossier (it holds article.toml). [default: the project's data/]"
    )(command)


def out_option(command: Callable) -> Callable:
    """``--out`` means the same on every command; one left empty by a script's unset variable is no folder."""
    return click.option(
        "--out", metavar="DIR", callback=_named, help="Folder of the reports. [default: the project's reports/]"
    )(command)


def scheduler_option(command: Callable) -> Callable:
    """``--scheduler`` means the same on every command that can work on a cluster."""
    return click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Work on a Dask cluster: tcp://HOST:8786, or 'local' for one of this machine.",
    )(command)


def _named(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value == "":
        raise click.UsageError("--out names no folder; give one, or leave the option out")
    return value


def is_terminal() -> bool:
    """Is what is printed read by a person, and not by a program."""
    return sys.stdout.isatty()


def console() -> Console:
    """Where results are printed; as wide as the terminal, or wide enough for logs."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name; one that is given twice with different values is refused (``ParameterError``)."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if given.setdefault(name, value) != value:
            raise ParameterError(f"parameter {name!r} is given twice; give it once")
    return given


def values(name: str, text: str, *, many: bool = False) -> list[str]:
    """The values a parameter is varied over: ``1,2,5`` or ``1..20``. A range is counted before it is made.

    Raises ``ParameterError`` where the text is no list of values, or names one twice.
    """
    from claimaudit.run.plan import count_variants

    low, dots, high = text.partition("..")
    if dots and _WHOLE.fullmatch(low) and _WHOLE.fullmatch(high):
        numbers = range(int(low), int(high) + 1)
        count_variants({name: numbers}, many=many)
        found = list(map(str, numbers))
    else:
        found = [part.strip() for part in text.split(",")]
    if not found or not all(found) or len(set(found)) < len(found):
        raise ParameterError(f"--vary {name}: {text!r} is no list of values; write 1,2,5 or 1..20, each value once")
    return found


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    path = path.absolute()
    return inert.line(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
