"""Pictures and words of the synthesis: all claims at both dates in one, and what the other tables say."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.model import Label
from claimaudit.show.charts.figures import rows_height
from claimaudit.show.charts.palette import COLOURS, INK, SOFT

MARKS = {
    Label.SUPPORTED.words: ("o", COLOURS[0]),
    Label.REFUTED.words: ("s", COLOURS[1]),
    Label.CONFLICTING.words: ("D", COLOURS[4]),
    Label.NOT_ENOUGH_EVIDENCE.words: ("o", "white"),
}
"""A shape for each label, so that the picture reads without colour; hollow means not enough evidence."""


def reports(dossier: Dossier) -> Html:
    """Links to the reports whose verdicts are counted here, one a topic."""
    topics = [topic for topic in dict.fromkeys(claim.topic for claim in dossier.claims) if topic != "synthesis"]
    links = [tag("a", topic, href=f"{topic}.html") for topic in topics]
    return join(["the verdicts of the reports ", join(links, ", "), "."])


def picture(ax: Axes, table: pd.DataFrame, bars: tuple[float, float]) -> Axes:
    """Every claim on its line: small mark at publication, large mark in hindsight, joined where they differ.

    ``table`` is ``whole.all_claims``; ``bars`` are the method's lower and upper bar, drawn as lines.
    """
    for bar in bars:
        ax.axvline(100 * bar, color=SOFT, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0)
    for height, row in enumerate(table.itertuples()):
        then, now = 100 * row.p_then, 100 * row.p_now
        ax.plot([then, now], [height, height], color=SOFT, linewidth=1.6, zorder=1)
        for place, label, size in ((then, row.then, 5.0), (now, row.now, 9.5)):
            shape, colour = MARKS[label]
            ax.plot(
                place, height, shape, color=colour, markersize=size, markeredgecolor=INK, markeredgewidth=1, zorder=2
            )
    names = [f"{row.claim}  {_short(row.says)}" for row in table.itertuples()]
    ax.set_yticks(range(len(table)), names, size=8.5)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set(xlim=(-2, 102), xlabel="Probability that the claim holds, %")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    rows_height(ax, len(table), each=0.27, around=1.4)
    return ax


def _short(text: str, width: int = 58) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " \u2026"


def picture_title(table: pd.DataFrame) -> str:
    """The finding of the picture: how many claims hold in hindsight and how many moved."""
    holds = int((table["now"] == Label.SUPPORTED.words).sum())
    moved = int(table["moved"].sum())
    verb = "has" if moved == 1 else "have"
    return f"{holds} of {len(table)} claims hold in hindsight; {moved or 'none'} {verb} changed label since publication"


def picture_alt(table: pd.DataFrame) -> str:
    """What the picture shows, in words."""
    parts = [
        f"{row.claim} {row.then} {formats.probability(row.p_then)}, then {row.now} {formats.probability(row.p_now)}"
        for row in table.itertuples()
    ]
    return f"Every claim at publication and in hindsight: {'; '.join(parts)}."


def survival_title(table: pd.DataFrame) -> str:
    """The finding of the survival chart."""
    firm = int((table["survives"] >= 0.9).sum())
    return f"{firm} of {len(table)} labels hold in nine tenths of all settings of the method"


def survival_bars(table: pd.DataFrame) -> pd.DataFrame:
    """Claims by how well their label survives: columns claim, survives (percent)."""
    bars = table.assign(survives=100 * table["survives"], claim=table["claim"] + "  " + table["now"])
    return bars.sort_values("survives", ascending=False)


def survival_alt(table: pd.DataFrame) -> str:
    """What the survival chart shows, in words."""
    return "; ".join(f"{row.claim} {100 * row.survives:.0f}%" for row in table.itertuples()) + "."


def score_table(score: pd.DataFrame) -> pd.DataFrame:
    """The scorecard with readable names in its first column; counts and the index as they were."""
    first = score.columns[0]
    return score.assign(**{first: score[first].map(formats.words)})


def moves_sentence(table: pd.DataFrame) -> str:
    """Which claims changed their label, in one sentence."""
    moved = table[table["moved"]]
    if moved.empty:
        return "No claim changed its label between publication and hindsight."
    parts = [f"{row.claim} from {row.then} to {row.now}" for row in moved.itertuples()]
    return f"Changed with hindsight: {'; '.join(parts)}."


def promise_title(table: pd.DataFrame) -> str:
    """The finding of the promise table."""
    states = table["state"].value_counts()
    parts = [f"{count} {state}" for state, count in states.items()]
    return f"Promises of the partnership: {', '.join(parts)}"


def aligned_lines(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """One indicator of both countries by years from their sanctions: columns offset, value, country."""
    own = table[(table["indicator"] == indicator) & table["offset"].between(-5, 7)]
    return own[["offset", "value", "country"]]


def aligned_title(table: pd.DataFrame, indicator: str) -> str:
    """The finding of a comparison chart: in how many years each country did worse than its own past."""
    parts = []
    for country, own in table[(table["indicator"] == indicator) & (table["offset"] >= 0)].groupby("country"):
        if own["usual"].notna().any():
            parts.append(f"{country} in {int(own['worse'].sum())} of {len(own)} years")
    names = {"growth": "Growth below", "inflation": "Inflation above", "currency": "Loss of currency above"}
    return f"{names[indicator]} the country's own earlier mean: {', '.join(parts)}"


def aligned_alt(table: pd.DataFrame, indicator: str) -> str:
    """What a comparison chart shows, in words."""
    own = table[table["indicator"] == indicator]
    return "; ".join(f"{row.country} {row.year} {formats.number(row.value, 2)}%" for row in own.itertuples()) + "."


def recovery_title(table: pd.DataFrame) -> str:
    """The finding of the recovery chart."""
    bought = table[table["consumption"]]["ratio"]
    made = table[~table["consumption"]]["ratio"]
    if bought.empty or made.empty:
        return "Russian output and consumption against 2021"
    low, high = formats.number(bought.min(), 2), formats.number(bought.max(), 2)
    return f"Buying came back to {low} to {high}% of 2021, making at best to {formats.number(made.max(), 2)}%"


def recovery_alt(table: pd.DataFrame) -> str:
    """What the recovery chart shows, in words."""
    return (
        "; ".join(f"{row.series} {formats.number(row.ratio, 2)}% of 2021 in {row.year}" for row in table.itertuples())
        + "."
    )
