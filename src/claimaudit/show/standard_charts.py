"""Standard charts of a part, by its kind of test: a frame of rows in, a plot out, one function a kind.

A notebook asks for the rows and for the chart that fits them::

    rows = standard_charts.rows(result, "E01.number")
    standard_charts.chart(result, "E01.number", rows)

What a chart says in its title is counted from the rows it draws; how they weigh is the card's to say. Each function
that draws takes a frame with the columns of ``rows`` and may be called on any other such frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from claimaudit import formats
from claimaudit.analysis.findings import tolerance
from claimaudit.analysis.hearing import converted, rows_of
from claimaudit.analysis.steps import Hedge, of_that_size, printed_figure
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html
from claimaudit.model import Part, TestKind, Vintage
from claimaudit.show import frames
from claimaudit.show.charts import finishing
from claimaudit.show.charts.axes import broken
from claimaudit.show.charts.palette import COLOURS, PALE
from claimaudit.verdict.audit import Audit

MOST = 24
"""Rows a chart draws; of more, those that are trusted most."""
_FLAGS = ("event", "flag")
_SHORT, _WHEN = 90, 16
"""Characters of a row's note, and of its period, that stand in a chart."""
_EVENTS = (TestKind.DATE, TestKind.ORDER, TestKind.PROMISE)
_STRICT = (TestKind.LESS_THAN, TestKind.MORE_THAN)
_LINES = (TestKind.TREND, TestKind.CHANGE, TestKind.TWO_SHARES)
_PAIRS = {TestKind.SIZE: ("part", "whole"), TestKind.RATIO: ("over", "under")}


# -- rows ----------------------------------------------------------------------------------------------------------------


def rows(audit: Audit, part_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> pd.DataFrame:
    """The rows a part's test hears at a date, most trusted first, indexed by ``row``.

    Columns as those of ``ca.observations`` with start, end, entity_id and origin, and: role (of tests of two sides), side
    (``says so``, ``says not``, or blank where the figure speaks), trust (0-1). Figures stand in the part's unit where it has one.
    """
    view, part = audit.view(vintage), audit.dossier.part(part_id)
    records = []
    for role in dict.fromkeys(selector.role for selector in part.evidence):
        for row, selector in rows_of(view, part, role):
            same = not part.unit or view.units.at[row.unit, "dimension"] == view.units.at[part.unit, "dimension"]
            known = converted(view, part, row) if same and row.unit not in _FLAGS else None
            told = {"for": "says so", "against": "says not"}.get(selector.side, "")
            if row.unit in _FLAGS and not told:
                told = "says so" if row.value >= 0.5 else "says not"
            figures = (known.low, known.mid, known.high) if known else (None, row.value, None)
            own = dict(zip(("low", "value", "high"), figures, strict=True))
            trust = view.trust(row, direct=selector.direct)
            unit = part.unit if known and part.unit else row.unit
            records.append({"row": row.observation_id, **own, "unit": unit, "role": role, "side": told, "trust": trust})
    own_columns = ["low", "value", "high", "unit", "role", "side", "trust"]
    found = pd.DataFrame(records, columns=["row", *own_columns]).drop_duplicates("row").set_index("row")
    found[["low", "value", "high"]] = found[["low", "value", "high"]].astype(float)
    known_rows = frames.observations(view)
    listed = frames.short(known_rows, found.index, also=("start", "end", "entity_id", "origin"))
    joined = listed.drop(columns=["low", "value", "high", "unit"]).join(found)
    return joined.sort_values("trust", ascending=False, kind="stable")


def listing(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows as a reader looks at them in a table: without columns that are blank, and without the 1 and 0 of flags."""
    wanted = ["measure", "entity", "variant", "period", "value", "unit", "role", "side", "grade", "note"]
    if frame["unit"].isin(_FLAGS).all():
        wanted = [name for name in wanted if name not in ("value", "unit")]
    return frame[[name for name in wanted if not (frame[name].astype(str) == "").all()]]


def claimed(part: Part, dossier: Dossier) -> tuple[float | None, float | None]:
    """What a part claims of its figure as a band, in its unit: the ends, ``None`` for an open one; both where it names no bound."""
    numbers, ends = part.numbers, (None, None)
    if part.test is TestKind.ABOUT:
        ends = numbers["value"] - tolerance(part), numbers["value"] + tolerance(part)
    elif part.test is TestKind.BETWEEN:
        ends = numbers["low"], numbers["high"]
    elif part.test in (TestKind.AT_MOST, TestKind.LESS_THAN):
        ends = None, numbers["value"]
    elif part.test in (TestKind.AT_LEAST, TestKind.MORE_THAN):
        ends = numbers["value"], None
    elif part.test is TestKind.PRINTED_FIGURE:
        points = dossier.method.size.rate_points if numbers.get("rate_of_output") else 0.0
        band = printed_figure(numbers["value"], numbers["step"], numbers.get("revision", 0.0), points)
        ends = band.low, band.high
    elif "value" in numbers:
        band = of_that_size(numbers["value"], dossier.method.size, part.unit == "percent", Hedge(part.hedge))
        ends = band.low, band.high
    else:
        lows = [numbers[name] for name in ("at_least", "more_than") if name in numbers]
        highs = [numbers[name] for name in ("at_most", "less_than") if name in numbers]
        ends = max(lows, default=None), min(highs, default=None)
    low, high = (None if end is None or not math.isfinite(end) else float(end) for end in ends)
    return low, high


# -- one function a kind -------------------------------------------------------------------------------------------------


def claimed_band(frame: pd.DataFrame, low: float | None, high: float | None, label: str = "about") -> Axes:
    """Every source's figure with its range, one below the other, and the claimed band behind them."""
    drawn = frame.assign(about=_about(frame)) if label == "about" else frame
    ax = finishing.intervals(drawn, label=label, unit=_unit(frame))
    edges = ax.get_xlim()
    inside = [end for end in (low, high) if end is not None]
    if inside:  # the claim is in the picture, however far from the figures
        room = 0.04 * (max(*edges, *inside) - min(*edges, *inside))
        ax.set_xlim(min(edges[0], min(inside) - room), max(edges[1], max(inside) + room))
        finishing.band(ax, low, high, "claimed")
    return ax


def slopes(frame: pd.DataFrame) -> Axes:
    """Lines from the first side to the second, one for each count (origin, entity and variant) that has both."""
    drawn = frame.assign(count=_counts(frame), year=frame["start"] + (frame["end"] - frame["start"]) / 2)
    ax = sns.lineplot(drawn, x="year", y="value", hue="count", style="count", markers=True, errorbar=None)
    ax.set_xlabel("")  # its ticks are dates
    return ax


def ranked_bars(frame: pd.DataFrame, entity: str = "") -> Axes:
    """Bars of the newest count, the largest on top; ``entity`` is the one that is spoken of."""
    drawn = _one_count(frame).sort_values("value", ascending=False, kind="stable")
    drawn["entity"] = drawn["entity"].map(lambda name: broken(_cut(name), 30))
    shade = (drawn["entity_id"] == entity).map({True: "in the claim", False: "others"}) if entity else None
    shades = {"in the claim": COLOURS[0], "others": PALE}
    hue = {"hue": shade, "palette": shades, "legend": False} if entity else {}
    return _level(sns.barplot(drawn, x="value", y="entity", errorbar=None, **hue), len(drawn))


def said_and_done(frame: pd.DataFrame) -> Axes:
    """What was said and done, from top to bottom, each at its date; who says so and who says not are told apart."""
    drawn = frame.assign(told=_notes(frame), spoken=frame["side"].where(frame["side"] != "", frame["role"]))
    several = drawn["spoken"].nunique() > 1
    return finishing.timeline(drawn, label="told", end="end", group="spoken" if several else "")


def part_of_a_whole(frame: pd.DataFrame) -> Axes:
    """One bar each for the two sides: of a list how many are in the state and how many not, of a sum the part and the whole."""
    drawn = frame.assign(what=frame["what"].map(lambda name: broken(_cut(name), 30)))
    return _level(sns.barplot(drawn, x="value", y="what", errorbar=None), len(drawn))


def _level(ax: Axes, bars: int) -> Axes:
    """Level bars of the usual thickness, and few enough ticks that their figures do not meet."""
    drawn = ax.get_figure(root=True)
    assert drawn
    drawn.set_size_inches(finishing.WIDTH, 1.4 + 0.45 * bars)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.grid(visible=False, axis="y")
    return ax


def two_shares(frame: pd.DataFrame) -> Axes:
    """Two shares with their ranges, in the order of time, one below the other."""
    drawn = frame.sort_values("start", kind="stable").assign(about=_about)
    return finishing.intervals(drawn, label="about", unit=_unit(frame))


# -- the chart of a part -------------------------------------------------------------------------------------------------


def chart(audit: Audit, part_id: str, frame: pd.DataFrame | None = None, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """The standard chart of a part's rows, finished for a report; nothing where there is no row that can be drawn.

    ``frame`` is what ``rows`` gave, or part of it.
    """
    part, view = audit.dossier.part(part_id), audit.view(vintage)
    frame = rows(audit, part_id, vintage) if frame is None else frame
    shown, note = frame.head(MOST), ""
    if len(frame) > MOST:
        note = f"The {MOST} most trusted of {len(frame)} rows."
    if shown.empty:
        return Html("")
    ax, title, used, value = _drawn(part, shown, view)
    if ax is None:
        return Html("")
    about = ", ".join(filter(None, (part.text.rstrip("."), _in_words(_unit(used)) if value else "")))
    return finishing.figure(
        ax, used, title, dossier=audit.dossier, subtitle=broken(about, 100), value=value, label=_named(used), note=note,
        alt="" if value else f"{title}. {about}.",
    )  # fmt: skip


def charts(audit: Audit, claim_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> Iterator[Html]:
    """The charts of a claim's parts, in the claim's order; none for a part without rows."""
    for part in audit.dossier.claim(claim_id).parts:
        drawn = chart(audit, part.part_id, vintage=vintage)
        if drawn.text:
            yield drawn


Drawn = tuple[Axes | None, str, pd.DataFrame, str]
"""The plot, its title, the rows in it and the column of its figures (blank where it shows events)."""


def _drawn(part: Part, frame: pd.DataFrame, view: Dossier) -> Drawn:
    figures = frame[~frame["unit"].isin(_FLAGS) & frame["value"].notna() & (frame["side"] == "")]
    one_unit = figures["unit"].nunique() == 1
    if part.test is TestKind.LIST_STATE and not frame[frame["unit"].isin(_FLAGS)].empty:
        return _listed(frame)
    if part.test is TestKind.RANK and one_unit:
        used = _one_count(figures)
        best = used.sort_values("value", ascending=part.direction == "lowest", kind="stable")["entity_id"].tolist()
        place = (
            f"in place {1 + best.index(part.entity)} of {len(best)}" if part.entity in best else "not among the counted"
        )
        return ranked_bars(used, part.entity), f"{view.words.entity(part.entity)} is {place}", used, "value"
    if part.test is TestKind.TWO_SHARES and one_unit:
        used = figures[figures["role"].isin(("first", "then"))]
        return two_shares(used), _moved(used, ("first", "then")), used, "value"
    if part.test in _LINES and one_unit and _counts(figures).duplicated().any():
        return slopes(figures), _moved(figures, ("before", "after")), figures, "value"
    if part.test in _PAIRS and one_unit and set(_PAIRS[part.test]) <= set(figures["role"]):
        return _shares(part, figures)
    if one_unit and len(figures) >= len(frame) / 2 and part.test not in _EVENTS:
        low, high = claimed(part, view) if part.unit == figures["unit"].iloc[0] else (None, None)
        return claimed_band(figures, low, high), _within(figures, low, high, part.test in _STRICT), figures, "value"
    return said_and_done(frame), _said(part, frame), frame, ""


def _listed(frame: pd.DataFrame) -> Drawn:
    flags = frame[frame["side"] != ""]
    counts = flags.drop_duplicates("entity_id")["side"].value_counts()
    names = {"says so": "in the state", "says not": "not in it"}
    drawn = pd.DataFrame({"what": [names[name] for name in counts.index], "value": counts.to_numpy()})
    drawn["rows"] = [tuple(flags.index[flags["side"] == name]) for name in counts.index]
    whole = int(counts.sum())
    return part_of_a_whole(drawn), f"{int(counts.get('says so', 0))} of {whole} listed are in the state", drawn, "value"


def _shares(part: Part, figures: pd.DataFrame) -> Drawn:
    """The most trusted figure of each side, and what one is of the other."""
    best = pd.concat([figures[figures["role"] == role].head(1) for role in _PAIRS[part.test]])
    best = best.assign(what=best["measure"] + ", " + best["entity"] + ", " + best["period"])
    first, second = best["value"]
    times = first / second if second else math.nan
    told = f"The first is {formats.number(times, 2)} times the second"
    if formats.number(times, 2) == "1":
        told = "The two are about equal"
    elif abs(times) < 1:
        told = f"The first is {formats.quantity(100 * times, 'percent')} of the second"
    if math.isnan(times):
        told = "The second is nothing"
    return part_of_a_whole(best), told, best, "value"


# -- words ---------------------------------------------------------------------------------------------------------------


def _within(frame: pd.DataFrame, low: float | None, high: float | None, strict: bool = False) -> str:
    if low is None and high is None:
        least, most = frame["value"].min(), frame["value"].max()
        return f"{formats.count(len(frame), 'figure')}, from {formats.number(least)} to {formats.number(most)}"
    slack = (-1e-9 if strict else 1e-9) * max(abs(end) for end in (low, high) if end is not None)
    over = frame["value"] >= (-math.inf if low is None else low - slack)
    under = frame["value"] <= (math.inf if high is None else high + slack)
    return f"{int((over & under).sum())} of {formats.count(len(frame), 'figure')} on record within what is claimed"


def _moved(frame: pd.DataFrame, roles: tuple[str, str]) -> str:
    first, then = (frame.loc[frame["role"] == role, "value"].head(1) for role in roles)
    if first.empty or then.empty:
        return f"{formats.count(len(frame), 'figure')} on record"
    unit = _unit(frame)
    told = [formats.quantity(float(side.iloc[0]), unit) for side in (first, then)]
    return f"By the most trusted row of each side: from {told[0]} to {told[1]}"


def _said(part: Part, frame: pd.DataFrame) -> str:
    so, not_so = (int((frame["side"] == told).sum()) for told in ("says so", "says not"))
    if part.window and part.test is TestKind.DATE:
        first, last = (pd.Timestamp(day) for day in part.window)
        inside = int(((frame["start"] >= first) & (frame["end"] <= last)).sum())
        return f"{inside} of {formats.count(len(frame), 'date')} on record within {formats.period(*part.window)}"
    if not so and not not_so:
        return f"{formats.count(len(frame), 'row')} on record"
    return f"{formats.count(so, 'row')} saying so, {not_so or 'none'} saying not"


def _about(frame: pd.DataFrame) -> pd.Series:
    """A name for each row: who says it, of when; and whose figure it is, where that differs."""
    when = [period if len(period) <= _WHEN else _years(start, end) for period, start, end in zip(
        frame["period"], frame["start"], frame["end"], strict=True
    )]  # fmt: skip
    told = frame["source"].map(lambda name: _cut(name, 28)) + ", " + pd.Series(when, index=frame.index)
    return _cut_all(frame["entity"], told) if frame["entity"].nunique() > 1 else told


def _cut_all(names: pd.Series, told: pd.Series) -> pd.Series:
    return names.map(lambda name: _cut(name, 28)) + ": " + told


def _years(start: pd.Timestamp, end: pd.Timestamp) -> str:
    return f"{start.year}" if start.year == end.year else f"{start.year}-{end.year}"


def _cut(text: str, most: int = 56) -> str:
    """A name that is not too long for its place."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(',(')}..."


def _counts(frame: pd.DataFrame) -> pd.Series:
    told = frame["source"].copy()
    for column in ("entity", "variant"):
        if frame[column].nunique() > 1:
            told = told + frame[column].map(lambda name: f", {name}" if name else "")
    return told


def _one_count(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the count (origin, variant, period) that ranks the most entities; of several, the newest."""
    keys = ["origin", "variant", "start", "end"]
    sizes = frame.groupby(keys)["entity_id"].transform("nunique")
    best = frame[sizes == sizes.max()]
    last = best.sort_values("end", kind="stable").iloc[-1]
    return best[(best[keys] == last[keys]).all(axis=1)].drop_duplicates("entity_id")


def _notes(frame: pd.DataFrame) -> pd.Series:
    return frame["source"].map(lambda name: _cut(name, 40)) + ": " + frame["note"].map(lambda note: _cut(note, _SHORT))


def _unit(frame: pd.DataFrame) -> str:
    units = frame["unit"].unique() if "unit" in frame.columns else ()
    return str(units[0]) if len(units) == 1 else ""


def _in_words(unit: str) -> str:
    return "in %" if unit == "percent" else unit


def _named(frame: pd.DataFrame) -> str:
    return next(name for name in ("what", "source") if name in frame.columns)
