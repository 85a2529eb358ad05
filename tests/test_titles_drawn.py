"""What the titles of charts say, worked out again from the figures that each chart carries along as its data."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from html import unescape

import numpy as np
import pandas as pd
import pytest

Checks = list[tuple[str, str, Callable[[pd.DataFrame], tuple]]]


def count(mask) -> str:
    return str(int(mask.sum()) or "none")


def share_of(rows: pd.DataFrame, mask: str) -> tuple[str, str]:
    return count(rows.eval(mask)), str(len(rows))


def loans(rows):
    own = rows[~rows["whole_need"]]
    return count(own["difference"].abs() <= 10), str(len(own))


def stages(rows):
    most = rows.groupby("stage")["value"].max() / 1e9
    return tuple(
        f"{most[stage]:.0f}" if stage == "announced" else f"{most[stage]:.1f}" for stage in most.sort_index().index
    )


def printed(rows):
    article = rows[rows["row"].isna()].set_index("class")["change"]
    months = {
        name: (part.set_index("class")["change"] == article).sum()
        for name, part in rows.dropna(subset="row").groupby("months")
    }
    return str(months["January to July"]), str(len(article)), str(months["January to August"] or "none")


def ranks(rows):
    ordered = rows.sort_values("change", ignore_index=True)
    places = [str(place + 1) for place in ordered.index[ordered["is"] == "named in the article"]]
    return f"{', '.join(places[:-1])} and {places[-1]}", str(len(rows))


def grounded(rows):
    since, before = rows[rows["when"] != "before"]["value"], rows[rows["when"] == "before"]["value"]
    return count(since < before.iloc[-1]), str(len(since)), f"{since.min():.0f}", f"{since.max():.0f}"


def times(rows):
    rate = rows.set_index("land")["mid"]
    return (f"{rate['Iran'] / rate['World']:.1f}",)


def halved(rows):
    return share_of(rows, "40 <= loss <= 60")


def arms(rows):
    late = rows[rows["period"] == "2022-2025"].set_index("entity")["value"]
    return (f"{late['Iran-Russia'] / late['Russia-Iran']:.1f}",)


def badges(rows):
    now = rows[rows["date"] == "in hindsight"]["badge"]
    return count(now == "Right"), str(len(now)), count(now == "Right, but")


def accidents(rows):
    both = rows[rows["kind"] == "All accidents"].set_index("side")["mid"]
    return "fell" if both["after"] < both["before"] else "rose", f"{both['before']:g}", f"{both['after']:g}"


def orders(rows):
    jets = rows[rows["of"] == "order of jets"]
    first = rows.loc[rows["event"].str.startswith("First drones"), "start"].iloc[0]
    return count(jets["end"] < first), str(len(jets))


def rates(rows):
    yearly, means = (rows[rows["definition"].str.startswith(name)]["value"] for name in ("on a year", "mean"))
    return count(yearly > 50), str(len(yearly)), count(means > 50), str(len(means))


def leaders(rows):
    return tuple(rows.sort_values("value", ascending=False)["entity"].iloc[:3])


def polled(rows):
    maryland = rows[rows["poll"].str.startswith("IranPoll") & (rows["answer"] == "favourable")].sort_values("start")[
        "value"
    ]
    return f"{maryland.iloc[0]:.0f}", f"{maryland.iloc[-1]:.0f}"


def deeds(rows):
    return count(rows["kind"] == "armed force"), count(rows["kind"] == "resources")


def passed(rows):
    now, then = (
        rows.loc[rows["state"] == "Iran", "aircraft"].iloc[0],
        rows.loc[rows["jets"] != "received", "aircraft"].iloc[0],
    )
    others = rows[(rows["jets"] == "received") & (rows["aircraft"] > now)]
    return f"{then - now:.0f}", count(others["aircraft"] < then), str(len(others))


def sharper(rows):
    own = rows[rows["built"] == "Iran's own"]["value"]
    now = rows[rows["camera"].str.startswith("Khayyam")]["value"]
    return f"{np.log2(own.min() / now.max()):.1f}", f"{np.log2(own.max() / now.min()):.1f}"


def old_types(rows):
    ends = [rows[rows["flown"] == flown]["share"] for flown in (rows["flown"].max(), rows["flown"].min())]
    return tuple(f"{edge:.0f}" for share in ends for edge in (share.min(), share.max()))


def recovered(rows):
    bought, made = rows[rows["bought"]]["ratio"], rows[~rows["bought"]]["ratio"]
    return f"{bought.min():.0f}", f"{bought.max():.0f}", f"{made.max():.0f}"


CHECKS: Checks = [
    ("energy", r"(\w+) of (\d+) statements put the loan within 10%", loans),
    ("energy", r"Of \$(\d+)bn announced, at most \$([\d.]+)bn was named as contracts, \$([\d.]+)bn", stages),
    ("industry", r"(\d+) of (\d+) printed falls are those of January to July, (\w+) those", printed),
    ("industry", r"(\d+) of (\d+) plants of foreign brands stood idle", lambda rows: share_of(rows, "idle")),
    ("industry", r"the branches named rank ([\d, and]+\d) of (\d+)", ranks),
    (
        "aviation",
        r"(\d+) of (\d+) counts since the sanctions are below the last one before, (\d+)% to (\d+)%",
        grounded,
    ),
    ("aviation", r"accidents per departure (\w+) from ([\d.]+) to ([\d.]+) a million", accidents),
    (
        "aviation",
        r"([\d.]+) times the world",
        lambda rows: (f"{np.divide(*rows.set_index('land')['mid'][['Iran', 'World']]):.1f}",),
    ),
    ("drones", r"(\w+) of (\d+) accounts date an order of jets before", orders),
    ("drones", r"At (\w+) of (\d+) prices are the drones worth 50%", lambda rows: share_of(rows, "middle >= 50")),
    ("prices", r"more than (\d+)% of a rise", lambda rows: (f"{rows['explains at most'].max():.0f}",)),
    (
        "prices",
        r"In (\d+) of (\d+) groups of goods prices rose by at least 300%",
        lambda rows: share_of(rows, "rise >= 300"),
    ),
    ("prices", r"Over 50%: (\w+) of (\d+) rates on a year before, (\w+) of (\d+) means", rates),
    (
        "prices",
        r"From (\d+) of (\d+) starting months the rial had lost about half",
        lambda rows: share_of(rows, "40 <= loss <= 60"),
    ),
    ("sanctions", r"(\w.*) and (\w+) led the list on 7 March 2022; (\w+) came third", leaders),
    (
        "sanctions",
        r"(\d+) of (\d+) published sums reach \$25bn at their upper end",
        lambda rows: share_of(rows, "high >= 25"),
    ),
    ("sanctions", r"the most found is (\d+)%", lambda rows: (f"{rows['high'].max():.0f}",)),
    ("opinion", r"favourable views fell from about (\d+) to (\d+)%", polled),
    ("opinion", r"armed force in Iran (\d+) times, a reach for its resources (\d+) times", deeds),
    ("trade", r"the largest was ([\d.]+)%", lambda rows: (f"{rows['share'].max():.2f}",)),
    (
        "trade",
        r"(\d+)m tonnes for \d+, is (\d+)%",
        lambda rows: (f"{rows['value'].max() / 1e6:.0f}", f"{rows['share'].max():.0f}"),
    ),
    ("airpower", r"Delivery was promised (\d+) times", lambda rows: (count(rows["kind"] == "promised"),)),
    ("airpower", r"old types are (\d+) to (\d+)% of the jets; of those that fly, at worst (\d+) to (\d+)%", old_types),
    ("airpower", r"With (\d+) Su-35 jets Iran would pass (\d+) of the (\d+) states above it", passed),
    ("space", r"about (\d+) months before the launch", lambda rows: (f"{rows['months'].max():.0f}",)),
    ("space", r"Khayyam sees ([\d.]+) to ([\d.]+) quality levels", sharper),
    ("partnership", r"(\d+) steps towards each other", lambda rows: (count(rows["end"] < "2022-02-24"),)),
    ("partnership", r"Iran has sent Russia ([\d.]+) times", arms),
    ("synthesis", r"(\d+) of (\d+) claims are right in hindsight, (\d+) more", badges),
    ("synthesis", r"reached (\d+) to (\d+)% of 2021, what their industry makes (\d+)%", recovered),
]


def charts(html: str) -> list[tuple[str, pd.DataFrame]]:
    """The title of each chart with data, and the data."""
    found = []
    for part in re.findall(r"<figure.*?</figure>", html, re.DOTALL):
        title = re.search(r'class="ca-above">(.*?)</p>', part, re.DOTALL)
        data = re.search(r'data:text/csv;base64,([^"]*)"', part)
        if title and data:
            found.append((unescape(title[1]), pd.read_csv(io.BytesIO(base64.b64decode(data[1])))))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("report", "said", "worked_out"), CHECKS, ids=[f"{report}: {said[:40]}" for report, said, _ in CHECKS]
)
def test_a_title_says_what_is_drawn(site, report, said, worked_out):
    found = [
        (match.groups(), rows)
        for title, rows in charts((site / f"{report}.html").read_text(encoding="utf-8"))
        if (match := re.search(said, title))
    ]

    assert len(found) == 1
    assert found[0][0] == worked_out(found[0][1])
