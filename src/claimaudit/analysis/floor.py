"""The least evidence that may decide a part, whatever the odds: grades, parties, proxies, and when two sides conflict.

Grades are those of the Admiralty scale: a letter for the source, a digit for the item. How good they must be stands under
``[floor]`` in ``method.toml``. Which side a row speaks for, and what weight a side has, is settled elsewhere; here it is only
asked whether it is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claimaudit.dossier.method import Floor
from claimaudit.model import ADMIRALTY_CREDIBILITY, ADMIRALTY_RELIABILITY, Stake


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

    def reaches(self, pair: str, floor: Floor) -> bool:
        """Whether letter and digit, of this one row, are that good; the digit as it counts for a party or at one remove."""
        return self.letter <= pair[0] and floor.counted(self.digit, self.stake, self.direct) <= int(pair[1])


def reached(rows: Iterable[Graded], floor: Floor) -> bool:
    """Whether the rows on one side of a part may decide it.

    One independent source: by a single row as good as ``alone``, direct, and of a named source. Several independent sources
    (``sources`` of them): each by a row as good as ``together``, at least one of them direct. A letter of one row and a digit
    of another do not add up. Proxies alone never decide, however many they are; one unnamed source never decides alone, but
    may be one of several.
    """
    rows = tuple(rows)
    if any(row.reaches(floor.alone, floor) and row.direct and row.named for row in rows):
        return True
    joined = [row for row in rows if row.reaches(floor.together, floor)]
    return len({row.origin for row in joined}) >= floor.sources and any(row.direct for row in joined)
