"""Pictures and words of the synthesis: all claims at both dates in one, and what the other tables say."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.rated import Badge
from claimaudit.show.charts.axes import readable_on
from claimaudit.show.charts.figures import rows_height
from claimaudit.show.charts.palette import COLOURS, PALE

BADGES = {
    Badge.RIGHT.value: COLOURS[0],
    Badge.RIGHT_BUT.value: "#7fa3c7",
    Badge.UNPROVEN.value: PALE,
    Badge.PARTLY_RIGHT.value: "#d9a441",
    Badge.WRONG.value: COLOURS[1],
}
"""From best to worst; each stretch of a bar is named by the key above and carries its count."""
LEAST = 12
"""How many of the least firm ratings are drawn."""


def reports(dossier: Dossier) -> Html:
    """Links to the reports whose verdicts are counted here, one a topic."""
    topics = [topic for topic in dict.fromkeys(claim.topic for claim in dossier.claims) if topic != "synthesis"]
    links = [tag("a", topic, href=f"{topic}.html") for topic in topics]
    return join(["the verdicts of the reports ", join(links, ", "), "."])


def badge_bars(ax: Axes, table: pd.DataFrame) -> Axes:
    """Claims by badge, a bar a domain and date; ``table`` is ``whole.all_claims``."""
    rows = stretches(table)
    badges = [badge for badge in BADGES if badge in set(rows["badge"])]
    sns.histplot(
        data=rows, y="bar", hue="badge", hue_order=badges[::-1], palette=BADGES, multiple="stack",
        discrete=True, shrink=0.7, alpha=1, edgecolor="white", ax=ax,
    )  # fmt: skip
    for bars, badge in zip(reversed(ax.containers), badges, strict=True):
        names = [f"{bar.get_width():.0f}" if bar.get_width() else "" for bar in bars]
        ax.bar_label(bars, names, label_type="center", color=readable_on(BADGES[badge]))
    ax.set(xlabel="Claims", ylabel="")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    sns.move_legend(
        ax, "lower center", bbox_to_anchor=(0.45, 1), ncols=len(BADGES), title="", frameon=False, reverse=True,
        columnspacing=1, handlelength=1.2,
    )  # fmt: skip
    rows_height(ax, rows["bar"].nunique(), each=0.55, around=1.9)
    return ax


def stretches(table: pd.DataFrame) -> pd.DataFrame:
    """One row a claim and date: columns ``bar`` (domain and date) and ``badge``."""
    dates = {"then": "at publication", "now": "in hindsight"}
    rows = table.melt(["claim", "domain"], list(dates), "date", "badge")
    rows["bar"] = rows["domain"].str.capitalize() + ", " + rows["date"].map(dates)
    return rows.sort_values(["domain", "date"], ascending=[True, False], kind="stable")


def badge_title(table: pd.DataFrame) -> str:
    """The finding of the chart: how many claims are right in hindsight, how many but for something, how many moved."""
    right, but = ((table["now"] == badge.value).sum() for badge in (Badge.RIGHT, Badge.RIGHT_BUT))
    moved = int(table["moved"].sum())
    others = f"; {but} more {'is' if but == 1 else 'are'} right but for what the badge names" if but else ""
    return (
        f"{right} of {len(table)} claims are right in hindsight{others}; "
        f"{moved or 'none'} {'has' if moved == 1 else 'have'} changed rating"
    )


def badge_alt(table: pd.DataFrame) -> str:
    """What the chart shows, in words."""
    parts = []
    for bar, rows in stretches(table).groupby("bar", sort=False):
        counts = rows["badge"].value_counts()
        named = [f"{counts[badge]} {badge.replace(',', '')}" for badge in BADGES if badge in counts]
        parts.append(f"{bar}: {', '.join(named)}")
    return f"Claims by badge. {'; '.join(parts)}."


def survival_title(table: pd.DataFrame) -> str:
    """The finding of the survival chart."""
    firm = int((table["survives"] >= 0.9).sum())
    return f"{firm} of {len(table)} ratings are firm: the same in nine of ten variants of the method"


def survival_bars(table: pd.DataFrame) -> pd.DataFrame:
    """The least firm ratings, the least firm first: columns claim (with its badge), survives (percent)."""
    bars = table.assign(survives=100 * table["survives"], claim=table["claim"] + "  " + table["now"])
    return bars.sort_values("survives", kind="stable").head(LEAST)


def survival_alt(table: pd.DataFrame) -> str:
    """What the survival chart shows, in words."""
    return "; ".join(f"{row.claim} {row.survives:.0f}%" for row in survival_bars(table).itertuples()) + "."


def score_table(score: pd.DataFrame) -> pd.DataFrame:
    """The scorecard with readable names in its first column; counts and the index as they were."""
    first = score.columns[0]
    return score.assign(**{first: score[first].map(formats.words)})


def moves_sentence(table: pd.DataFrame) -> str:
    """Which claims changed their badge, in one sentence."""
    moved = table[table["moved"]]
    if moved.empty:
        return "No claim changed its badge between publication and hindsight."
    parts = [
        f"{row.claim} from {_rated(row.then, row.why_then)} to {_rated(row.now, row.why_now)}"
        for row in moved.itertuples()
    ]
    return f"Changed with hindsight: {'; '.join(parts)}."


def _rated(badge: str, why: str) -> str:
    return f"{badge} ({why})" if why else badge


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
