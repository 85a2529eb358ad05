"""Whoever waits at a terminal is told so within a second: the first start after an installation takes several."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

import click

SECONDS = 0.4
Answer = TypeVar("Answer")
_SAID = "claimaudit: reading and judging; the first time takes longer"


class Patience:
    """Says one line on standard error, in a terminal alone, when a command has said nothing for a while."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._over = threading.Event()
        self._seconds = seconds

    def __enter__(self) -> Patience:
        if sys.stderr.isatty():
            threading.Thread(target=self._wait, daemon=True).start()
        else:
            self._over.set()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()

    def _wait(self) -> None:
        if not self._over.wait(self._seconds):
            self._say()

    def _say(self) -> None:
        self._over.set()
        print(_SAID, file=sys.stderr, flush=True)

    def ends(self, *, said: bool = False) -> None:
        """The command speaks for itself from here on; ``said``: with the line before it, unless that stands there already."""
        if said and not self._over.is_set():
            self._say()
        self._over.set()


def _current() -> Patience | None:
    context = click.get_current_context(silent=True)
    found = context.find_root().obj if context else None
    return found if isinstance(found, Patience) else None


def ends(*, said: bool = False) -> None:
    """End the patience of the command that runs, where it has any."""
    if found := _current():
        found.ends(said=said)


def asking(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """A prompt, before which nothing more is said."""

    def asked(*arguments: object) -> Answer:
        ends()
        return ask(*arguments)

    return asked
