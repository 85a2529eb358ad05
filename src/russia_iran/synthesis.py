"""E26: what came back in Russia after 2021; and the promises of the partnership, kept or broken.

Shares in percent, probabilities 0-1. How all claims are rated is counted in the notebook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.analysis.uncertainty import Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding

TITLE = "The whole article"
_CAR_YEARS = tuple(f"rus.cars.fy{year}.units" for year in (2022, 2023, 2024, 2025))
RECOVERY = (
    ("car sales", True, "rus.sales.fy2021.units", tuple(f"rus.sales.fy{year}.units" for year in (2023, 2024, 2025))),
    ("air passengers", True, "rus.pax.2021", ("rus.pax.2022", "rus.pax.2023", "rus.pax.2024", "rus.pax.2025")),
    ("cars built", False, "rus.cars.fy2021.units", _CAR_YEARS),
    ("airliners built", False, "aircraft.built.2021", ("aircraft.built.2022_2024", "aircraft.delivered.2025")),
)
"""What may have come back: its name, whether it is bought (else made), the row of 2021, those of later full years."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    recovery_share: float = number(0.9, 0.5, 1.2, "how much of 2021 counts as come back")


# -- what came back ----------------------------------------------------------------------------------------------------


def years(row: Observation) -> int:
    """The years a row's period covers, to the nearest whole one, one at least."""
    return max(1, round(((row.end - row.start).days + 1) / 365.25))


def series(view: Dossier) -> pd.DataFrame:
    """What Russians buy and what Russian industry makes, a row an observation, as a yearly mean over its period.

    Indexed by row id; columns: series, bought (else made), base (is it of 2021), year (its last), a_year, low, high. A series
    without its figure of 2021 is left out.
    """
    records = []
    known = view.evidence.records
    for name, bought, base, later in RECOVERY:
        for row in (known[item] for item in (base, *later) if base in known and item in known):
            part, over = extent_of(row, view.method), years(row)
            ends = (part.mid / over, part.low / over, part.high / over)
            records.append((row.observation_id, name, bought, row.observation_id == base, row.end.year, *ends))
    columns = ["row", "series", "bought", "base", "year", "a_year", "low", "high"]
    return pd.DataFrame(records, columns=columns).astype({"bought": bool, "base": bool}).set_index("row")


def best_after(table: pd.DataFrame) -> pd.DataFrame:
    """The best later year of each series beside 2021: a row a series, in the order given; ``table`` as of ``series``.

    Columns: those of the best year with its ``row``, those of 2021 with ``_2021`` behind, ratio (percent).
    """
    later = table[~table["base"]].reset_index()
    best = later.loc[later.groupby("series", sort=False)["a_year"].idxmax()]
    pairs = best.merge(table[table["base"]].reset_index(), on="series", suffixes=("", "_2021"))
    return pairs.assign(ratio=100 * pairs["a_year"] / pairs["a_year_2021"])


# -- findings and knobs --------------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """E26's model part: what came back in Russia."""
    yield from _recovery_findings(view, parameters.recovery_share)


def _recovery_findings(view: Dossier, share: float) -> Iterator[Finding]:
    for pair in best_after(series(view)).itertuples():
        best, base = Split(pair.low, pair.a_year, pair.high), Split(pair.low_2021, pair.a_year_2021, pair.high_2021)
        below = chance_of_order(best, base, share, points=200)
        chance = 1 - below if pair.bought else below
        text = f"{pair.series} at best {formats.quantity(pair.ratio, 'percent', 2)} of 2021, in {pair.year}"
        rows = (pair.row, pair.row_2021)
        trust = model_trust(view, *([name] for name in rows))
        yield Finding("E26.rus_recovery", view.observation(pair.row).origin, chance, trust, rows, text)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The share of 2021 that counts as recovered, on which the label of E26.rus_recovery rests."""
    yield Knob(
        "E26.rus_recovery",
        "recovery_share",
        parameters.recovery_share,
        lambda share: _recovery_findings(view, share),
        phrase("if {} of the output of 2021 counted as recovered", percent),
        (0.5, 1.2),
        steps=35,
    )


# -- promises ----------------------------------------------------------------------------------------------------------


def promises(view: Dossier) -> pd.DataFrame:
    """The promises made by the view's day, in the order in which they fell due.

    Columns: promise, made and due (days), reached (the outcome as a percentage of what was promised, where both are figures),
    state (kept, broken, due with its outcome unknown, or open: not yet due), rows.
    """
    records = []
    for entry in view.method.topics["synthesis"]["promises"]:
        promised = view.evidence.records.get(entry["promised"])
        if promised is None:
            continue
        outcome = [view.evidence.records[name] for name in entry["outcome"] if name in view.evidence.records]
        reached, kept = _reached(promised, outcome, entry)
        late = "broken" if outcome else "due, outcome unknown"
        state = "kept" if kept else "open" if entry["due"] > view.day else late
        rows = (entry["promised"], *(row.observation_id for row in outcome))
        records.append((entry["name"], promised.knowable, entry["due"], reached, state, rows))
    table = pd.DataFrame(records, columns=["promise", "made", "due", "reached", "state", "rows"])
    return table.sort_values(["due", "promise"], ignore_index=True)


def _reached(promised: Observation, outcome: Sequence[Observation], entry: Mapping) -> tuple[float | None, bool]:
    if not outcome:
        return None, False
    if "needs" in entry:
        return None, max(row.value for row in outcome) >= entry["needs"]
    ratio = max(row.value for row in outcome) / promised.value
    return 100 * ratio, ratio >= entry["enough"]
