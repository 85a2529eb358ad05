"""A sweep cut into pieces of about a second, each a few kilobytes to send; and what comes of one, as compressed CSV."""

from __future__ import annotations

import csv
import io
import time
import traceback
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from claimaudit.cluster.settings import Asked, Setting, columns, rows
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ClaimAuditError
from claimaudit.run.worker import failure_text

SECONDS = 1.0
"""About how long a piece may take."""
MOST = 40
"""Most settings of a piece, so that it is small to send."""


@dataclass(frozen=True)
class Chunk:
    """Some settings of one dossier, in a row: the number of the first in the whole sweep, the dossier's name in the table."""

    first: int
    dossier: str
    names: tuple[str, ...]
    asked: Asked
    settings: tuple[Setting, ...]

    @property
    def last(self) -> int:
        """The number after its last setting."""
        return self.first + len(self.settings)

    def alone(self) -> list[Chunk]:
        """Each setting as a piece of its own."""
        return [
            Chunk(self.first + number, self.dossier, self.names, self.asked, (setting,))
            for number, setting in enumerate(self.settings)
        ]


@dataclass(frozen=True)
class Failed:
    """An audit that came to nothing: the dossier, the setting in words, and why in one line."""

    dossier: str
    setting: str
    why: str
    many: int = 1
    """How many settings failed for that reason."""

    def __str__(self) -> str:
        more = f" (and {self.many - 1:,} more settings)" if self.many > 1 else ""
        return f"{self.dossier}, {self.setting}{more}: {self.why}"


@dataclass(frozen=True)
class Judged:
    """What came of a piece: rows of the table without a head, compressed; how many; what failed; seconds of work."""

    dossier: str
    first: int
    last: int
    raw: bytes = b""
    rows: int = 0
    failed: tuple[Failed, ...] = ()
    seconds: float = 0.0


def judge(chunk: Chunk, folder: Path) -> Judged:
    """Judge the settings of a piece one after the other; one that fails is told, and stops no other."""
    start = time.perf_counter()
    found, failed = [], []
    with _one_at_a_time:
        try:
            dossier = _loaded(folder)
        except Exception as error:
            return Judged(
                chunk.dossier,
                chunk.first,
                chunk.last,
                failed=(_whole(chunk, error),),
                seconds=time.perf_counter() - start,
            )
        for setting in chunk.settings:
            try:
                found += rows(dossier, chunk.dossier, setting, chunk.asked)
            except Exception as error:
                failed.append(Failed(chunk.dossier, setting.words, why(error)))
    raw = zlib.compress(lines(found, columns(chunk.names, chunk.asked)), 1)
    return Judged(chunk.dossier, chunk.first, chunk.last, raw, len(found), tuple(failed), time.perf_counter() - start)


def lost(chunk: Chunk, error: BaseException | str) -> Judged:
    """A piece that came to nothing at all."""
    return Judged(chunk.dossier, chunk.first, chunk.last, failed=(_whole(chunk, error),))


def _whole(chunk: Chunk, error: BaseException | str) -> Failed:
    return Failed(chunk.dossier, chunk.settings[0].words, why(error), len(chunk.settings))


def why(error: BaseException | str) -> str:
    """An error in a line: the project's own in its words, a dossier's first fault; of any other its kind and place, too."""
    if isinstance(error, str):
        return error
    if isinstance(error, ClaimAuditError):
        return " ".join(str(error).splitlines()[:2])
    place = traceback.extract_tb(error.__traceback__)
    return failure_text(error) + (f" ({Path(place[-1].filename).name}, line {place[-1].lineno})" if place else "")


def lines(found: Sequence[dict[str, object]], names: Sequence[str]) -> bytes:
    """Rows as CSV without a head; no number is rounded, and a column that a row does not have is blank."""
    buffer = io.StringIO(newline="")
    table = csv.DictWriter(buffer, names, restval="", extrasaction="ignore", lineterminator="\n")
    table.writerows(found)
    return buffer.getvalue().encode()


_one_at_a_time = Lock()
"""Audits share what they have worked out of a dossier; threads of one process gain nothing by judging side by side."""


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> Dossier:
    """The dossier of a folder that does not change: its name on a worker is its digest."""
    return Dossier.load(folder)


def forget() -> None:
    """Read every folder anew from here on."""
    _loaded.cache_clear()
