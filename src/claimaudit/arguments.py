"""What the commands share: arguments as values, a folder as a path that can be read, where results are printed."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimaudit import inert, places
from claimaudit.errors import ParameterError

if TYPE_CHECKING:
    from rich.console import Console

EPILOG = (
    "Exit codes: 0 done; 1 a notebook failed (the others are built); 2 bad input, nothing was done; 130 interrupted."
)
NARROWEST, USUAL_WIDTH = 60, 120
"""Columns of the narrowest terminal that is followed, and of what is no terminal."""
_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def dossier_option(command: Callable) -> Callable:
    """``--dossier`` means the same on every command."""
    return click.option(
        "--dossier",
        metavar="DIR",
        callback=_here,
        help="Folder of the dossier (it holds claims.toml). [default: the current folder, else the project's data/]",
    )(command)


def _here(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """The dossier that is named, else the folder the command is called in where that is one."""
    found = places.here() if value is None else None
    return str(found) if found else value


def out_option(command: Callable) -> Callable:
    """``--out`` means the same on every command; one left empty by a script's unset variable is no folder."""
    return click.option(
        "--out",
        metavar="DIR",
        callback=_named,
        help="Folder of the reports. [default: the project's reports/; of another dossier, reports/ in its folder]",
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


class Pairs(click.Command):
    """A command whose options of a name and a value take them as two words or as one, ``NAME=VALUE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Part each such word, then read the words as ever."""
        pairs = {name for param in self.params if param.nargs == 2 for name in param.opts}
        words: list[str] = []
        for place, word in enumerate(args):
            name, sign, rest = word.partition("=")
            if word == "--":
                words += args[place:]
                break
            if name.startswith("--") and name in pairs and sign:  # --parameter=NAME=VALUE
                words += [name, *_PAIR.sub(r"\1\n", rest, count=1).split("\n", 1)]
            elif words and words[-1] in pairs and _PAIR.match(word):
                words += [name, rest]
            else:
                words.append(word)
        return super().parse_args(ctx, words)


def is_terminal() -> bool:
    """Is what is printed read by a person, and not by a program."""
    return sys.stdout.isatty()


def console() -> Console:
    """Where results are printed; as wide as the terminal, or wide enough for logs."""
    from rich.console import Console

    size = shutil.get_terminal_size()
    width = max(size.columns, NARROWEST) if is_terminal() else USUAL_WIDTH
    return Console(width=width, height=size.lines, highlight=False)  # both, or rich takes a plain terminal for 80 wide


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
