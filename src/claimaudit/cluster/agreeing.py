"""How far readers agree with each setting of a sweep: which numbers come nearest to what people make of the claims."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claimaudit.cluster.settings import DOSSIER
from claimaudit.dossier.judgements import BADGE, SCALES, Judgements
from claimaudit.errors import BuildError
from claimaudit.model import Vintage
from claimaudit.verdict.agreement import SEED, Agreement, agreement
from claimaudit.verdict.table import COLUMNS


@dataclass(frozen=True)
class Agreed:
    """A reader held against one setting, on the claims that both judged."""

    setting: Mapping[str, str]
    reader: str
    scale: str
    judged: Agreement

    @property
    def words(self) -> str:
        """All of it in one line."""
        said = ", ".join(f"{name} = {value}" for name, value in self.setting.items() if value) or "as usual"
        return f"{said}: {self.reader}, {self.scale}: {self.judged.words}"


def agreed(given: Judgements, table: Path, dossier: str) -> Iterator[Agreed]:
    """Each reader against each setting of a sweep's table, in its order, in hindsight; of the dossier of that name alone.

    Raises ``BuildError`` where the file is no such table, or holds nothing of the dossier.
    """
    for setting, ours in _settings(table, dossier, "rating" if given.scale == BADGE else "label"):
        for reader in given.readers:
            theirs = {name: item.value for name, item in given.of(reader).items() if name in ours}
            found = agreement(
                list(theirs.values()), [ours[name] for name in theirs], SCALES[given.scale], np.random.default_rng(SEED)
            )
            yield Agreed(setting, reader, given.scale, found)


def _settings(table: Path, dossier: str, column: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Every setting with what it gives each claim in hindsight."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            header = tuple(rows.fieldnames or ())
            if header[-len(COLUMNS) :] != COLUMNS or DOSSIER not in header:
                raise csv.Error
            names = [name for name in header[: -len(COLUMNS)] if name != DOSSIER]
            for row in rows:
                if Path(row[DOSSIER]).name == dossier and not row["part_id"] and row["vintage"] == Vintage.HINDSIGHT:
                    found.setdefault(tuple(row[name] for name in names), {})[row["claim_id"]] = row[column]
    except OSError as error:
        raise BuildError(f"{table} cannot be read ({error.strerror}); name the table of a sweep") from None
    except (csv.Error, UnicodeDecodeError, TypeError):
        raise BuildError(f"{table} is no table of a sweep in CSV; make one with 'claimaudit sweep'") from None
    if not found:
        raise BuildError(
            f"{table} holds no verdict in hindsight on the dossier {dossier!r}; name another with --dossier"
        )
    return [(dict(zip(names, values, strict=True)), ours) for values, ours in found.items()]
