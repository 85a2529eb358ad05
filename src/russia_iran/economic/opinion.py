"""What Iranians think of Russia (E24) and of its imperial past (E25); what the Kremlin wants to lead (E37).

Shares of answers in percent, changes in percentage points, sample sizes in persons. Polls that ask different questions
(a view of the country, of its leaders, of what Iran should do) are never averaged in a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.inference import Difference, pooled_share, two_shares
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding

TITLE = "Iranian opinion of Russia"
BEFORE = "sp.favourable-view-of-russia.irn.2016-01-01"
AFTER = "sp.favourable-view-of-russia.irn.2022-06-01"
MEASURES = {
    "favourable_view_of_russia": "favourable",
    "unfavourable_view_of_russia": "unfavourable",
    "approval_of_russian_leadership": "approve of its leaders",
    "disapproval_of_russian_leadership": "disapprove of its leaders",
}
"""Measures of opinion and what the answer is called."""
POLLS = {
    "iranpoll-cissm": "IranPoll for Maryland",
    "gallup": "Gallup",
    "gallup-country-median": "Gallup, median country",
    "dpi-web-panel": "Democracy Perception Index, web panel",
}
PAST = {
    "russian_intervention_in_iran": "armed force",
    "russian_concession_in_iran": "resources",
    "russian_concessions_renounced": "given up",
}


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    baseline: float = number(55.0, 30, 80, "favourable before the invasion, percent")
    n_before: int = number(1001, 100, 50_000, "sample before")
    n_after: int = number(1000, 100, 50_000, "sample after; not printed")
    design_effect: float = number(1.5, 1, 5, "variance over that of a simple random sample")
    bar: float = number(10.0, 0, 40, "fall that counts as sharp, points")


# -- the fall (E24) ----------------------------------------------------------------------------------------------------


def change(before: float, after: float, parameters: Parameters) -> Difference:
    """Change between two shares in percent by the parameters' sample sizes: shares 0-1 in, shares 0-1 out."""
    return two_shares(
        before / 100,
        parameters.n_before,
        after / 100,
        parameters.n_after,
        design_effect=parameters.design_effect,
    )


def chance_of_fall(before: float, after: float, parameters: Parameters) -> float:
    """P(the share of all people fell by at least ``bar`` points), for a known starting share: normal approximation."""
    found = change(before, after, parameters)
    spread = (found.high - found.change) / NormalDist().inv_cdf(0.975)
    return NormalDist(found.change, spread).cdf(-parameters.bar / 100)


def after_reading(dossier: Dossier) -> Observation | None:
    """The favourable share after the invasion, where it was knowable."""
    return next(iter(dossier.rows(ids=AFTER)), None)


def fall_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The test at starting points from five below to five above the chosen one, with and without a design effect.

    Columns Before %, Design effect, Change, From, To (points), z, Chance of a fall, Chance of a sharp fall.
    """
    after = after_reading(dossier)
    if after is None:
        return pd.DataFrame()
    records = []
    for before in (parameters.baseline - 5, parameters.baseline, parameters.baseline + 5):
        for effect in sorted({1.0, parameters.design_effect, 2.0}):
            chosen = replace(parameters, design_effect=effect)
            found = change(before, after.value, chosen)
            records.append(
                {
                    "Before, %": before,
                    "After, %": after.value,
                    "Design effect": effect,
                    "Change, points": 100 * found.change,
                    "From": 100 * found.low,
                    "To": 100 * found.high,
                    "z": found.z,
                    "Chance of a fall": formats.probability(found.chance_fall),
                    "Chance of a sharp fall": formats.probability(chance_of_fall(before, after.value, chosen)),
                }
            )
    return pd.DataFrame(records)


def chance_curves(
    dossier: Dossier, parameters: Parameters, points: int = 61
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Starting shares and, for each design effect, the chance of a sharp fall, both in percent.

    Shapes: ``(points,)`` and ``(points,)`` for each name.
    """
    after = after_reading(dossier)
    starts = np.linspace(after.value if after else 40.0, 70.0, points)
    curves = {}
    for effect in sorted({1.0, parameters.design_effect, 3.0}):
        chosen = replace(parameters, design_effect=effect)
        values = [chance_of_fall(float(start), after.value, chosen) if after else np.nan for start in starts]
        curves[f"design effect {formats.number(effect)}"] = 100 * np.array(values)
    return starts, curves


# -- readings -------------------------------------------------------------------------------------------------------


def readings(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Every reading of opinion with its sampling interval, percent.

    Columns: label, answer, value, low, high (95%), start, world (a figure of the world, without interval), row. Nobody
    prints the samples of all polls: ``n_after`` stands in, with the design effect.
    """
    records = []
    for measure, answer in MEASURES.items():
        for row in dossier.rows(measure=measure):
            share = row.value / 100
            size = parameters.n_before if row.start.year < 2022 else parameters.n_after
            reach = 196 * (parameters.design_effect * share * (1 - share) / size) ** 0.5
            world = row.entity == "WLD"
            label = f"{POLLS.get(row.variant, row.variant.replace('-', ' '))}, {formats.period(row.start, row.end)}"
            records.append(
                {
                    "label": label,
                    "answer": answer,
                    "value": row.value,
                    "low": row.value if world else row.value - reach,
                    "high": row.value if world else row.value + reach,
                    "start": row.start,
                    "world": world,
                    "row": row.observation_id,
                }
            )
    columns = ["label", "answer", "value", "low", "high", "start", "world", "row"]
    return pd.DataFrame(records, columns=columns).sort_values(["world", "start", "label"], ignore_index=True)


def pooled_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What pooling would say: like answers of all polls of Iranians before and after, weighted by sample.

    An illustration, not a verdict: the polls ask of Russia or of its leaders, by telephone, in person or on the web.
    Columns: Answers, Polls and Pooled % before and after, Change with From and To (points, 95% interval), rows.
    """
    rows = [row for row in dossier.rows(measure=tuple(MEASURES), entity="IRN") if row.end.year >= 2021]
    records = []
    for words, kinds in (("favourable or approving", (0, 2)), ("unfavourable or disapproving", (1, 3))):
        measures = [list(MEASURES)[place] for place in kinds]
        sides = [
            [row for row in rows if row.measure in measures and (row.start.year >= 2022) == after]
            for after in (False, True)
        ]
        if not all(sides):
            continue
        sizes = [
            [size] * len(side) for side, size in zip(sides, (parameters.n_before, parameters.n_after), strict=True)
        ]
        shares = [pooled_share([row.value / 100 for row in side], own) for side, own in zip(sides, sizes, strict=True)]
        found = two_shares(shares[0], sum(sizes[0]), shares[1], sum(sizes[1]), design_effect=parameters.design_effect)
        records.append(
            {
                "Answers": words,
                "Polls before": len(sides[0]),
                "Pooled before, %": 100 * shares[0],
                "Polls after": len(sides[1]),
                "Pooled after, %": 100 * shares[1],
                "Change, points": 100 * found.change,
                "From": 100 * found.low,
                "To": 100 * found.high,
                "rows": tuple(row.observation_id for side in sides for row in side),
            }
        )
    return pd.DataFrame(records)


def past(dossier: Dossier) -> pd.DataFrame:
    """Interventions, concessions and what was given up, each once: columns date, end (days), label, kind, row."""
    records = [
        {
            "date": pd.Timestamp(row.start),
            "end": pd.Timestamp(row.end),
            "label": f"{row.variant.replace('-', ' ').capitalize()}, {formats.period(row.start, row.end)}",
            "kind": kind,
            "row": row.observation_id,
        }
        for measure, kind in PAST.items()
        for row in dossier.rows(measure=measure)
    ]
    table = pd.DataFrame(records, columns=["date", "end", "label", "kind", "row"])
    table = table.sort_values(["date", "end"], ascending=[True, False])
    return table.drop_duplicates(["date", "kind"], ignore_index=True)


def favour_lines(dossier: Dossier) -> pd.DataFrame:
    """Favourable answers over the years by poll: columns year, share (percent), poll.

    A mean over years stands at its middle.
    """
    records = []
    for measure in ("favourable_view_of_russia", "approval_of_russian_leadership"):
        for row in dossier.rows(measure=measure):
            middle = (row.start.year + row.end.year) // 2
            name = POLLS.get(row.variant, row.variant).split(", mean")[0]
            records.append({"year": middle, "share": row.value, "poll": name})
    return pd.DataFrame(records, columns=["year", "share", "poll"]).sort_values(["poll", "year"], ignore_index=True)


# -- findings and knobs ------------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """None: every part of this topic is tested by a kind of test."""
    yield from ()


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """None: no part rests on this topic's own calculation."""
    yield from ()


# -- words ----------------------------------------------------------------------------------------------------------


def readings_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the readings: the one pollster with a before and an after."""
    after = after_reading(dossier)
    if after is None:
        return "No reading after the invasion is public yet"
    found = change(parameters.baseline, after.value, parameters)
    return (
        f"Favourable views fell from about {formats.number(parameters.baseline)} to {formats.number(after.value)}%: "
        f"{abs(100 * found.change):.0f} points, give or take {100 * (found.high - found.change):.0f}"
    )


def readings_alt(table: pd.DataFrame) -> str:
    """What the readings show, in words."""
    parts = [f"{row.label}: {row.answer} {row.value:.0f}%" for row in table.itertuples()]
    return f"Shares of answers with sampling intervals. {'; '.join(parts)}."


def curves_title(starts: np.ndarray, curves: dict[str, np.ndarray], parameters: Parameters) -> str:
    """The finding of the curves: from which starting share on a sharp fall is more likely than not, and near sure."""
    name = f"design effect {formats.number(parameters.design_effect)}"
    sure = starts[np.argmax(curves[name] >= 95)]
    even = starts[np.argmax(curves[name] >= 50)]
    return (
        f"A fall of {formats.number(parameters.bar)} points or more is more likely than not from {even:.0f}% "
        f"favourable before, near sure from {sure:.0f}%"
    )


def curves_alt(starts: np.ndarray, curves: dict[str, np.ndarray]) -> str:
    """What the curves show, in words."""
    places = [int(np.argmin(np.abs(starts - at))) for at in (45, 50, 55, 60)]
    parts = [
        f"{name}: {', '.join(f'{values[place]:.0f}% from {starts[place]:.0f}%' for place in places)}"
        for name, values in curves.items()
    ]
    return f"Chance of a sharp fall rises with the share favourable before. {'; '.join(parts)}."


def favour_title(lines: pd.DataFrame) -> str:
    """The finding of the lines: what moved while the past did not."""
    gallup = lines[lines["poll"] == POLLS["gallup"]]
    if len(gallup) < 2:
        return "Favourable answers over the years"
    first, last = gallup.iloc[0], gallup.iloc[-1]
    return (
        f"The past is the same, opinion is not: approval rose from {first['share']:.0f}% in {first['year']:.0f} to "
        f"{last['share']:.0f}% in {last['year']:.0f}"
    )


def favour_alt(lines: pd.DataFrame) -> str:
    """What the lines show, in words."""
    parts = [f"{row.poll}, {row.year:.0f}: {row.share:.0f}%" for row in lines.itertuples()]
    return f"Favourable answers by poll. {'; '.join(parts)}."


def past_title(table: pd.DataFrame) -> str:
    """The finding of the timeline."""
    force = int((table["kind"] == PAST["russian_intervention_in_iran"]).sum())
    resources = int((table["kind"] == PAST["russian_concession_in_iran"]).sum())
    return (
        f"On record: {formats.count(force, 'armed intervention')} and {formats.count(resources, 'case')} of "
        f"concessions over resources, {table['date'].min():%Y} to {table['end'].max():%Y}"
    )


def past_alt(table: pd.DataFrame) -> str:
    """What the timeline shows, in words."""
    return "; ".join(f"{row.label} ({row.kind})" for row in table.itertuples()) + "."


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    rows = [*readings(dossier, Parameters())["row"], *past(dossier)["row"]]
    more = ("public_view_of_ukraine_war", "poll_sample_size", "change_in_favourable_view_of_russia")
    rows += [row.observation_id for row in dossier.rows(measure=more)]
    return list(dict.fromkeys(map(str, rows)))


def views_of_the_war(dossier: Dossier) -> pd.DataFrame:
    """Answers on the war: columns Answer, Share (percent), Asked, Poll, rows."""
    records = [
        {
            "Answer": row.variant.replace("-", " ").capitalize(),
            "Share, %": row.value,
            "Asked": formats.period(row.start, row.end),
            "Poll": "Students' polling agency ISPA",
            "rows": row.observation_id,
        }
        for row in dossier.rows(measure="public_view_of_ukraine_war")
    ]
    return pd.DataFrame(records)
