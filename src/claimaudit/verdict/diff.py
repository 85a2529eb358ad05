"""What moved between two tables of verdicts: label, rating, confidence, likelihood. Two tables in, changes out.

A row is a verdict as ``table.py`` writes it, its cells as text. What moves weights alone is no change here;
``accepted.compare`` tells of every cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge, Rating

Row = Mapping[str, str]
POINTS = 0.05
"""By how much a likelihood must move to be told: 5 points."""
_SLACK = 1e-9
_TOLD = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)
NONE = "none"


class What(StrEnum):
    """What of a verdict moved."""

    RATING = "rating"
    LABEL = "label"
    CONFIDENCE = "confidence"
    LIKELIHOOD = "likelihood"
    JUDGED = "judged"


@dataclass(frozen=True)
class Change:
    """One thing that moved: whose (``part_id`` empty for a claim), at which date, what, from what to what, in words."""

    claim_id: str
    part_id: str
    vintage: str
    what: What
    before: str
    now: str

    @property
    def key(self) -> str:
        """The part's id, or the claim's on its own row."""
        return self.part_id or self.claim_id

    @property
    def where(self) -> tuple[str, str, str]:
        """The row it stands in."""
        return self.claim_id, self.part_id, self.vintage

    @property
    def words(self) -> str:
        """One line: "E11, in hindsight: rating Unproven: not shown -> Right"."""
        return f"{self.key}, {Vintage(self.vintage).words}: {self.what.value} {self.before} -> {self.now}"


def changes(old: Iterable[Row], new: Iterable[Row]) -> tuple[Change, ...]:
    """Everything that moved at both dates, by claim (its own first, then its parts), in the order of the tables.

    A row that is in one table alone is told as judged or not judged. Days other than the two dates are left out.
    """
    before, now = ({_key(row): row for row in table if row["vintage"] in _TOLD} for table in (old, new))
    found: list[Change] = []
    for key in dict.fromkeys([*before, *now]):
        if key in before and key in now:
            found += _moved(before[key], now[key])
        else:
            told = [_answer(table[key]) if key in table else "not judged" for table in (before, now)]
            found.append(Change(*key, What.JUDGED, *told))
    return tuple(found)


def _key(row: Row) -> tuple[str, str, str]:
    return row["claim_id"], row["part_id"], row["vintage"]


def _moved(old: Row, new: Row) -> Iterable[Change]:
    claim = not old["part_id"]
    if claim:
        yield from _if_other(old, new, What.RATING, _answer(old), _answer(new))
        yield from _if_other(old, new, What.CONFIDENCE, old["confidence"] or NONE, new["confidence"] or NONE)
    else:
        yield from _if_other(old, new, What.LABEL, _mark(old), _mark(new))
    columns = ("likelihood_low", "likelihood_high") if claim else ("probability",)
    if any(_far(old[name], new[name]) for name in columns):
        yield from _if_other(old, new, What.LIKELIHOOD, *(_likely(row, columns) for row in (old, new)))


def _if_other(old: Row, new: Row, what: What, before: str, now: str) -> Iterable[Change]:
    if before != now:
        yield Change(*_key(new), what, before, now)


def _answer(row: Row) -> str:
    if row["part_id"]:
        return _mark(row)
    return Rating(Badge(row["rating"]), row["rating_reason"]).words


def _mark(row: Row) -> str:
    return Label(row["label"]).mark


def _far(before: str, now: str) -> bool:
    if not (before and now):
        return before != now
    return not abs(float(before) - float(now)) < POINTS - _SLACK


def _likely(row: Row, columns: Sequence[str]) -> str:
    ends = dict.fromkeys(f"{100 * float(row[name]):.0f}" for name in columns if row[name])
    return f"{' to '.join(ends)}%" if ends else NONE


def summary(found: Sequence[Change]) -> str:
    """How much moved, in one sentence: "2 ratings, 1 confidence and 3 parts moved"; of nothing, that no verdict did."""
    counts: dict[str, int] = {}
    for change in found:
        kind = change.what.value if not change.part_id else "part"
        counts[kind] = counts.get(kind, 0) + 1
    if not counts:
        return "no verdict moved"
    names = {
        "rating": "ratings",
        "confidence": "confidences",
        "likelihood": "likelihoods",
        "judged": "claims added or gone",
    }
    plural = {**names, "part": "changes of parts"}
    told = [
        f"{number} {plural[kind] if number > 1 else 'change of a part' if kind == 'part' else kind}"
        for kind, number in counts.items()
    ]
    return f"moved: {', '.join(told)}"
