"""Tables behind the charts of the energy topic, their titles (the finding, from the data) and their alt texts."""

from __future__ import annotations

from datetime import date

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.economic.energy import (
    GAS,
    MEMORANDUM_VALUE,
    PLANT,
    SIZES,
    STAGE_WORDS,
    Parameters,
    base_rate,
    claimed_sum,
    delivered,
    follow_ups,
    months_between,
    stage_of,
    steps,
)

_WORDS = {
    "approved": "export credit approved",
    "government-order": "government order",
    "contract": "contract",
    "extension-protocol": "loan extended",
    "guarantee": "guarantee handed over",
    "letter-of-credit": "letter of credit for the year",
    "letter-of-credit-opened": "first letter of credit opened",
    "letter-of-credit-claim": "letter of credit, a local official says",
    "full-financing": "whole need from the loan",
    "interfax-terms": "terms in an older report",
    "official-statement": "large credit given, an official says",
    "first-payment-claimed": "first payment, a partisan post says",
    "debt-statistics": "Iran's debt to Russia",
    "upper-bound": "Iran's debt to Russia, at most",
    "none-yet": "drawn so far, of the whole frame",
    "first-year": "drawn in the year",
    "completed": "plant completed",
    "gas-contract-signed": "contract for gas signed",
    "earlier-deals": "fields with deals",
    "iranian-official": "contracts, an official says",
    "claimed-part-of-memorandum": "contracts claimed for the memorandum",
    "level-before": "contracts before, a deputy minister says",
    "memorandum": "memorandum",
    "fifteen-months": "invested, fifteen months",
    "persian-year": "invested, Persian year",
    "since-august-2021": "invested since August 2021",
}


def words(row: Observation) -> str:
    """What a row is about, in words."""
    return _WORDS.get(row.variant, row.variant.replace("-", " ")) or "loan, a trade page says"


_DENIED = {"completed": "plant not completed", "gas-contract-signed": "no contract for gas yet"}


def state_words(row: Observation) -> str:
    """A milestone as reached or not."""
    return words(row) if row.value >= 0.5 else _DENIED.get(row.variant, f"not {words(row)}")


def when(row: Observation) -> str:
    """When, as short as it can be said."""
    return formats.period(row.start, row.end)


# -- E11 -------------------------------------------------------------------------------------------------------------


def sizes(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Every stated size of the loan in USD: columns label, low, mid, high, kind, near (about the claimed sum), row."""
    records, promised = [], claimed_sum(dossier)
    for step in steps(dossier, parameters):
        if step.stage in ("granted", "guaranteed"):
            row = step.row
            records.append(
                {
                    "label": f"{when(row)}: {words(row)}, {formats.quantity(row.value, row.unit)}",
                    "low": step.usd.low,
                    "mid": step.usd.mid,
                    "high": step.usd.high,
                    "kind": "whole need" if row.variant == "full-financing" else "loan",
                    "near": abs(step.usd.mid - promised) <= parameters.tolerance * promised,
                    "row": row.observation_id,
                }
            )
    return pd.DataFrame(records, columns=["label", "low", "mid", "high", "kind", "near", "row"])


def sizes_title(table: pd.DataFrame, dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the chart of sizes."""
    loan = table[table["kind"] == "loan"]
    near = int(loan["near"].sum())
    return (
        f"{near} of {len(loan)} statements put the loan within {parameters.tolerance:.0%} of "
        f"{formats.quantity(claimed_sum(dossier), 'USD')}"
    )


def sizes_alt(table: pd.DataFrame) -> str:
    """What the chart of sizes shows, in words."""
    return "; ".join(f"{row.label}, {formats.quantity(row.mid, 'USD')}" for row in table.itertuples()) + "."


def credit_events(dossier: Dossier) -> pd.DataFrame:
    """The life of the credit, a row an event and sum: columns date, end (days), label, stage, row."""
    rows = [
        *dossier.rows(measure=("credit_size", "credit_size_eur", "credit_tranche_approved_eur"), entity=PLANT),
        *dossier.rows(measure=("credit_event", "milestone_reached"), entity=PLANT),
        *dossier.rows(measure=("bilateral_debt", "credit_drawn", "credit_drawn_eur")),
    ]
    records: dict[tuple, dict] = {}
    for row in rows:
        if "E11" not in row.claims or dossier.trust(row) == 0:
            continue
        said = "" if row.unit in ("event", "flag") else f": {formats.quantity(row.value, row.unit)}"
        text = state_words(row) if row.unit == "flag" else words(row)
        stage = "what became of it" if row.measure == "milestone_reached" else STAGE_WORDS[stage_of(row)]
        key = (row.start, text, said)
        records.setdefault(
            key,
            {
                "date": pd.Timestamp(row.start),
                "end": pd.Timestamp(row.end),
                "label": f"{when(row)}, {text}{said}",
                "stage": stage,
                "row": row.observation_id,
            },
        )
    return pd.DataFrame(list(records.values())).sort_values("date", ignore_index=True)


def credit_title(dossier: Dossier) -> str:
    """The finding of the timeline: when the credit was guaranteed and what belongs to the months named."""
    guaranteed = [row for row in dossier.rows(entity=PLANT, variant="guarantee") if row.unit == "USD"]
    cleared = dossier.rows(measure="credit_tranche_approved_eur", entity=PLANT)
    if not guaranteed or not cleared:
        return "The life of the credit for the power plant"
    return (
        f"The guarantee for {formats.quantity(guaranteed[0].value, 'USD')} came in {guaranteed[0].start:%B %Y}; "
        f"early {cleared[0].start.year} brought {formats.quantity(cleared[0].value, 'EUR')}"
    )


def credit_alt(events: pd.DataFrame) -> str:
    """What the timeline shows, in words."""
    return "; ".join(f"{row.label} ({row.stage})" for row in events.itertuples()) + "."


def with_both(table: pd.DataFrame) -> pd.DataFrame:
    """The map of meanings with the sentence as a whole: it holds at most as surely as its weaker half.

    ``table`` as of the map, percent; one more column, ``Both are right``.
    """
    return table.assign(**{"Both are right": table.min(axis=1)})


def meanings_title(table: pd.DataFrame) -> str:
    """The finding of the map of meanings."""
    best = table["Both are right"].max()
    if best >= 80:
        return f"One meaning of “provided” makes sum and date right: {table['Both are right'].idxmax()}"
    return "No one meaning of “provided” makes both the sum and the date right"


def meanings_alt(table: pd.DataFrame) -> str:
    """What the map of meanings shows, in words."""
    parts = [
        f"{name}: " + ", ".join(f"{column.lower()} {value:.0f}%" for column, value in row.items())
        for name, row in table.iterrows()
    ]
    return "; ".join(parts) + "."


def rate_title(curve: pd.DataFrame, dossier: Dossier) -> str:
    """The finding of the rate chart: the rates at which the loan as agreed is about the claimed sum."""
    good = curve[curve["agreed"] >= 100 * dossier.method.supported]["rate"]
    if good.empty:
        return "At no rate is the sum surely right"
    return f"The sum is right where a euro is worth {good.min():.2f} to {good.max():.2f} dollars"


def rate_alt(curve: pd.DataFrame) -> str:
    """What the rate chart shows, in words."""
    ends = [f"{name}: highest {curve[name].max():.0f}% at {curve['rate'][curve[name].idxmax()]:.2f}" for name in SIZES]
    return (
        f"Probability that the sum is right at one rate from {curve['rate'].min():.2f} to {curve['rate'].max():.2f} "
        f"dollars a euro; {'; '.join(ends)}."
    )


# -- the funnels -------------------------------------------------------------------------------------------------------


def funnel(dossier: Dossier) -> pd.DataFrame:
    """The memorandum from announced to contracted to invested: columns label, value, share (percent), row."""
    whole = dossier.rows(ids=MEMORANDUM_VALUE)
    later = follow_ups(dossier, "any")
    before = [
        row
        for row in dossier.rows(measure="contract_value", entity="iran_oil_fields_russian_contracts")
        if row not in later
    ]
    parts = dossier.rows(measure="announced_project_value", entity=("kish_and_north_pars", "south_pars_pressure"))
    named = {
        "kish_and_north_pars": "for the Kish and North Pars fields",
        "south_pars_pressure": "for pressure at South Pars",
    }
    records = [
        {
            "label": f"{_until(row)}: {named.get(row.entity) or words(row)}",
            "value": row.value,
            "share": 100 * row.value / whole[0].value if whole else float("nan"),
            "row": row.observation_id,
        }
        for row in (*whole, *parts, *sorted((*before, *later), key=lambda row: (row.measure, row.end)))
        if row.variant != "audited-claim"
    ]
    return pd.DataFrame(records, columns=["label", "value", "share", "row"])


def _until(row: Observation) -> str:
    """The month a sum was named or counted up to; the year alone where no more is known."""
    return when(row) if row.measure == "contract_value" and (row.end - row.start).days > 300 else f"{row.end:%B %Y}"


def funnel_title(dossier: Dossier) -> str:
    """The finding of the funnel: the largest sums at each stage as shares of what was announced."""
    whole = dossier.rows(ids=MEMORANDUM_VALUE)
    tops = {
        stage: max((row.value for row in follow_ups(dossier, stage)), default=0.0)
        for stage in ("contracted", "invested")
    }
    if not whole:
        return "The memorandum is not on record"
    shares = {stage: f"{formats.number(100 * top / whole[0].value, 2)}%" for stage, top in tops.items()}
    return (
        f"Of {formats.quantity(whole[0].value, 'USD')} announced, at most {shares['contracted']} was said to be under "
        f"contract and {shares['invested']} invested"
    )


def funnel_alt(table: pd.DataFrame) -> str:
    """What the funnel shows, in words."""
    return "; ".join(f"{row.label}, {formats.quantity(row.value, 'USD')}" for row in table.itertuples()) + "."


def realisation(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Every stage of the three promises as a percentage of what was promised, with its range.

    Columns: label (promise and stage), which (period), low, share, high, row.
    """
    promised = claimed_sum(dossier)
    records = []
    for step in steps(dossier, parameters):
        if step.stage in ("guaranteed", "tranche", "drawn") and step.row.variant != "none-yet":
            bound = step.row.variant == "upper-bound"
            name = f"Plant credit, {STAGE_WORDS[step.stage]}"
            which = ("at most, " if bound else "") + when(step.row)
            ends = (step.usd.low, step.usd.mid, step.usd.high)
            records.append((name, which, *(100 * end / promised for end in ends), step.row.observation_id))
    for whole in dossier.rows(ids=MEMORANDUM_VALUE):
        for stage in ("contracted", "invested"):
            for row in follow_ups(dossier, stage):
                extent = extent_of(row, dossier.method)
                ends = (100 * end / whole.value for end in (extent.low, extent.mid, extent.high))
                records.append((f"Memorandum, {stage}", when(row), *ends, row.observation_id))
    for row, plan, percent in delivered(dossier):
        name = "Oil to Iran, at the pace delivered" if plan else "Gas to Iran, delivered"
        records.append((name, when(row), percent.low, percent.mid, percent.high, row.observation_id))
    frame = pd.DataFrame(records, columns=["label", "which", "low", "share", "high", "row"])
    return frame.drop_duplicates(["label", "which", "share"], ignore_index=True)


def realisation_title(table: pd.DataFrame) -> str:
    """The finding of the chart of shares: the highest share that was spent or delivered."""
    last = table["label"].str.contains("drawn|invested|delivered") & ~table["which"].str.startswith("at most")
    if not last.any():
        return "Nothing on record was spent or delivered"
    return f"No promise passed {formats.number(table[last]['share'].max(), 2)}% in money spent or fuel delivered"


def realisation_alt(table: pd.DataFrame) -> str:
    """What the chart of shares shows, in words."""
    return "; ".join(f"{row.label}, {row.which}: {formats.number(row.share, 2)}%" for row in table.itertuples()) + "."


def base_rate_table(dossier: Dossier) -> pd.DataFrame:
    """The earlier round as a base rate, one row: fields named in 2018, under contract later, the share.

    Columns: Fields named, Fields under contract later, Share and 95% interval (percent, as text), rows.
    """
    found = base_rate(dossier)
    if not found:
        return pd.DataFrame(columns=["Fields named", "Fields under contract later", "Share", "95% interval"])
    estimate, (named, later) = found
    return pd.DataFrame(
        {
            "Fields named": [formats.number(dossier.observation(named).value)],
            "Fields under contract later": [formats.number(dossier.observation(later).value)],
            "Share": [formats.quantity(100 * estimate.value, "percent", 2)],
            "95% interval": [formats.span(100 * estimate.low, 100 * estimate.high, "percent", 2)],
            "rows": [(named, later)],
        }
    )


# -- plans and delays ------------------------------------------------------------------------------------------------


def plans(dossier: Dossier) -> pd.DataFrame:
    """Each dated plan: columns what, said, due, state, reported, late (months from due to that report), rows.

    A plan printed with a year only is due at its end. A plan without any date has no row here.
    """
    dated: list[tuple[str, Observation, date]] = [
        ("First unit of the plant", row, date(int(row.value), 12, 31))
        for row in dossier.rows(measure="planned_start_year", entity=PLANT)
    ]
    dated += [
        ("First gas through Azerbaijan", row, row.end)
        for row in dossier.rows(measure="gas_volume_planned", entity=GAS, variant="first-stage")
        if row.end > row.start
    ]
    records = []
    for what, row, due in dated:
        states = sorted(dossier.rows(measure="milestone_reached", entity=row.entity), key=lambda item: item.start)
        state = states[-1] if states else None
        records.append(
            {
                "what": what,
                "said": row.start,
                "due": due,
                "state": state_words(state) if state else "nothing on record",
                "reported": state.start if state else None,
                "late": max(0.0, months_between(due, state.start)) if state and state.value < 0.5 else 0.0,
                "rows": (row.observation_id, *([state.observation_id] if state else [])),
            }
        )
    columns = ["what", "said", "due", "state", "reported", "late", "rows"]
    return pd.DataFrame(records, columns=columns).sort_values("said", ignore_index=True)


def slip(table: pd.DataFrame) -> tuple[float, float]:
    """Years by which the plant's due date moved from first to last plan, and the years between the plans.

    ``table`` is that of the plans; 0 and 0 where fewer than two name the plant.
    """
    own = table[table["what"] == "First unit of the plant"]
    if len(own) < 2:
        return 0.0, 0.0
    first, last = own.iloc[0], own.iloc[-1]
    return months_between(first["due"], last["due"]) / 12, months_between(first["said"], last["said"]) / 12


def plan_bars(table: pd.DataFrame) -> pd.DataFrame:
    """Plans and reports for the timeline: columns date, end (days), label, kind."""
    bars = [
        {
            "date": pd.Timestamp(row.said),
            "end": pd.Timestamp(row.due),
            "label": f"{row.what}: said {row.said:%B %Y}, due by {row.due:%B %Y}",
            "kind": "plan",
        }
        for row in table.itertuples()
    ]
    found = table.dropna(subset=["reported"]).drop_duplicates(["state", "reported"])
    bars += [
        {
            "date": pd.Timestamp(row.reported),
            "end": pd.Timestamp(row.reported),
            "label": f"{row.state}, {row.reported:%B %Y}",
            "kind": "report",
        }
        for row in found.itertuples()
    ]
    return pd.DataFrame(bars, columns=["date", "end", "label", "kind"])


def plans_title(table: pd.DataFrame) -> str:
    """The finding of the chart of plans."""
    moved, passed = slip(table)
    if not passed:
        return "Plans with a date, and what became of them"
    return f"In {formats.number(passed, 2)} years the plant's first unit moved {formats.number(moved, 2)} years away"


def plans_alt(table: pd.DataFrame) -> str:
    """What the chart of plans shows, in words."""
    parts = [
        f"{row.what}, said {formats.day(row.said)}, due by {formats.day(row.due)}, {row.state}"
        for row in table.itertuples()
    ]
    return "; ".join(parts) + "."


def scorecard(table: pd.DataFrame) -> pd.DataFrame:
    """The plans with a reader's columns: Plan, Said, Due by, Latest report, Reported, Months past due then."""
    shown = table.rename(
        columns={
            "what": "Plan",
            "said": "Said",
            "due": "Due by",
            "state": "Latest report",
            "reported": "Reported",
            "late": "Months past due then",
        }
    )
    return shown.assign(**{"Months past due then": shown["Months past due then"].map("{:.0f}".format)})
