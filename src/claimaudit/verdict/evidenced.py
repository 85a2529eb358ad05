"""The evidence that decides a part, counted: how many independent sources, how many of them parties, how direct."""

from __future__ import annotations

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Stake
from claimaudit.rated import Sources
from claimaudit.verdict.pooling import IndependentSource, Pool, leave_one_out


def sources_of(outcome: Pool, dossier: Dossier) -> Sources:
    """The independent sources that decide a part, from what was heard on it.

    They are those that lean to the side the label takes (where it takes none, to the heavier one) by at least one row that is good
    enough to count beside another; a poorer one adds weight, but nobody may rest a verdict on it. A source is a party where every
    such row speaks in its own cause or against an opponent; primary where one is its maker's own record.
    """
    weighed = outcome.weighed
    against = outcome.label is Label.REFUTED or (
        outcome.label is not Label.SUPPORTED and weighed.doubt > weighed.support
    )
    floor = dossier.method.floor
    found = []
    for one in outcome.heard:
        rows = [row for row in one.graded if row.reaches(floor.together, floor)]
        if rows and (one.weight < 0) is against:
            found.append((one, rows))
    without = leave_one_out(outcome.heard, dossier.method).values()
    return Sources(
        count=len(found),
        parties=sum(all(row.stake is not Stake.NONE for row in rows) for _, rows in found),
        primary=any(_primary(one, dossier) for one, _ in found),
        direct=any(row.direct for _, rows in found for row in rows),
        survives=all(other.label is outcome.label for other in without),
    )


def _primary(one: IndependentSource, dossier: Dossier) -> bool:
    """Whether a source rests on a record by its maker that is good enough to decide alone."""
    floor = dossier.method.floor
    grades = {f"{row.letter}{row.digit}" for row in one.graded if row.direct and row.reaches(floor.alone, floor)}
    rows = (dossier.observation(name) for name in one.observations)
    return any(f"{row.reliability}{row.credibility}" in grades and dossier.is_primary(row) for row in rows)
