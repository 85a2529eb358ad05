"""The least evidence that may decide a part, whatever the odds: grades, parties, proxies, and when two sides conflict.

Grades are those of the Admiralty scale: a letter for the source, a digit for the item. Which side a row speaks for, and what
weight a side has, is settled elsewhere; here it is only asked whether it is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claimaudit.dossier.method import capped
from claimaudit.model import ADMIRALTY_CREDIBILITY, ADMIRALTY_RELIABILITY, Label, Stake

WORST_DIGIT = len(ADMIRALTY_CREDIBILITY)
ALONE = ("AB", 2)
"""Letters, and the worst digit, with which one source decides."""
TOGETHER = ("ABC", 3)
"""Letters, and the worst digit, with which each of two sources decides."""
CONFLICT_SHARE = 0.5
"""The least share of the stronger side's weight that the weaker one has in a conflict."""


@dataclass(frozen=True)
class Graded:
    """One row as the floor sees it.

    ``origin`` is its independent source (origins that repeat each other have one name); ``direct`` whether it is on the part
    itself; ``named`` whether the source is. Raises ``ValueError`` where the grade is not of the Admiralty scale.
    """

    origin: str
    letter: str
    digit: int
    stake: Stake = Stake.NONE
    direct: bool = True
    named: bool = True

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or self.letter not in ADMIRALTY_RELIABILITY:
            raise ValueError(f"{self.letter!r} is no letter of the Admiralty scale; give A to F")
        if str(self.digit) not in ADMIRALTY_CREDIBILITY:
            raise ValueError(f"{self.digit!r} is no digit of the Admiralty scale; give 1 to 6")

    @property
    def counted(self) -> int:
        """The digit as it counts here: capped for a party, then one worse at one remove."""
        digit = capped(self.digit, self.stake)
        return digit if self.direct else at_one_remove(digit)

    def reaches(self, letters: str, worst: int) -> bool:
        """Whether letter and digit, of this one row, are that good."""
        return self.letter in letters and self.counted <= worst


def at_one_remove(digit: int) -> int:
    """The digit of a proxy: one worse, 6 at worst."""
    return min(digit + 1, WORST_DIGIT)


def floor(rows: Iterable[Graded], substance: bool = True) -> bool:
    """Whether the rows on one side of a part may decide it.

    One independent source: by a single row of letter A or B and digit 1 or 2, direct, and for substance of a named source. Two
    independent sources: each by a row of C3 or better, at least one of them direct. A letter of one row and a digit of
    another do not add up. Proxies alone never decide, however many they are; one unnamed source never decides alone,
    but may be one of two.
    """
    rows = tuple(rows)
    alone = any(row.reaches(*ALONE) and row.direct and (row.named or not substance) for row in rows)
    heard = [row for row in rows if row.reaches(*TOGETHER)]
    together = len({row.origin for row in heard}) >= 2 and any(row.direct for row in heard)
    return alone or together


def conflicting(
    rows_for: Iterable[Graded],
    rows_against: Iterable[Graded],
    weight_for: float,
    weight_against: float,
    substance: bool = True,
    share: float = CONFLICT_SHARE,
) -> bool:
    """Whether two sides contradict each other on a part: rows of the same part and period, weights 0 or more in log-odds.

    Each side reaches the floor by sources that are not on the other as well (who says both contradicts nobody), and the weaker
    has at least ``share`` of the weight of the stronger.
    """
    rows_for, rows_against = tuple(rows_for), tuple(rows_against)
    both = {row.origin for row in rows_for} & {row.origin for row in rows_against}
    sides = ([row for row in side if row.origin not in both] for side in (rows_for, rows_against))
    weaker, stronger = sorted((weight_for, weight_against))
    return all(floor(side, substance) for side in sides) and weaker > 0 and weaker >= share * stronger


def floored(label: Label, rows_for: Iterable[Graded], rows_against: Iterable[Graded], substance: bool = True) -> Label:
    """The label that the odds give, where the side it takes (both, for a conflict) reaches the floor; else not enough evidence."""
    needed = {Label.SUPPORTED: [rows_for], Label.REFUTED: [rows_against], Label.CONFLICTING: [rows_for, rows_against]}
    enough = all(floor(side, substance) for side in needed.get(label, []))
    return label if enough else Label.NOT_ENOUGH_EVIDENCE
