# ruff: noqa: PLC0415 (pandas is slow to import, and only Parquet needs it)
"""A sweep's table on the disk: CSV as it comes, in the order of the settings, or Parquet made of that; whole or not at all."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from claimaudit.cluster.chunks import Judged
from claimaudit.errors import BuildError
from claimaudit.verdict.table import COLUMNS, NUMBERS

PARQUET = ".parquet"
ENDINGS = (".csv", PARQUET)


class Ordered:
    """Takes what came of pieces in any order, and writes it in the order of the settings, each once.

    Meanwhile it lies on the disk as it came, so that a large sweep fills no memory.
    """

    def __init__(self, spool: BinaryIO) -> None:
        self.spool, self.rows = spool, 0
        self.places: dict[int, tuple[int, int, int]] = {}

    def add(self, judged: Judged) -> None:
        """Take one."""
        if judged.first in self.places:
            raise ValueError(f"the settings from {judged.first} on came twice")
        self.places[judged.first] = (judged.last, self.spool.tell(), len(judged.raw))
        self.spool.write(judged.raw)
        self.rows += judged.rows

    def write(self, file: BinaryIO) -> None:
        """Write all of it; ``ValueError`` where a setting is there twice, or is missing before the last."""
        after = 0
        for first, (last, at, length) in sorted(self.places.items()):
            if first != after:
                raise ValueError(f"the settings from {min(first, after)} on are there twice, or not at all")
            after = last
            self.spool.seek(at)
            raw = self.spool.read(length)
            file.write(zlib.decompress(raw) if raw else b"")


def check_out(out: Path) -> None:
    """Refuse a file that could not be written at the end: another ending, no such folder, no library for it (``BuildError``)."""
    if out.suffix not in ENDINGS:
        raise BuildError(f"{out.name!r} ends in neither .csv nor .parquet; name such a file with --out")
    if not out.absolute().parent.is_dir() or out.is_dir():
        raise BuildError(
            f"{out} cannot be written: there is no such folder, or it is one; name another file with --out"
        )
    if out.suffix == PARQUET and find_spec("pyarrow") is None:
        raise BuildError("Parquet needs pyarrow, which is not installed; install it, or name a .csv with --out")


@contextmanager
def table(out: Path, columns: Sequence[str]) -> Iterator[Ordered]:
    """A table to be filled; it stands in its place when the body is through, and nothing does when it fails.

    Raises ``BuildError`` when the file cannot be written.
    """
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryFile(dir=out.absolute().parent) as spool:
            ordered = Ordered(spool)
            yield ordered
            with unfinished.open("wb") as file:
                file.write((",".join(columns) + "\n").encode())
                ordered.write(file)
        if out.suffix == PARQUET:
            _to_parquet(unfinished)
        unfinished.replace(out)
    except OSError as error:
        raise BuildError(f"{out} cannot be written ({error.strerror}); name another file with --out") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _to_parquet(file: Path) -> None:
    """Turn a finished CSV into Parquet in its place: numbers as numbers, days as days, all else as text."""
    import pandas as pd

    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    for name in frame.columns[: -len(COLUMNS)]:
        with suppress(ValueError):  # a setting of words stays so
            frame[name] = pd.to_numeric(frame[name].replace("", None))
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name].replace("", None))
    frame["as_of"] = pd.to_datetime(frame["as_of"])
    frame.to_parquet(file, index=False, engine="pyarrow")
