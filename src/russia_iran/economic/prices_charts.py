"""Charts of prices, inflation and the rial: the tables behind them, their titles and their words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.show.charts import forms
from claimaudit.show.charts.figures import styled
from claimaudit.show.charts.palette import COLOURS, INK
from russia_iran.economic import prices
from russia_iran.economic.prices import Parameters

SPEAKERS = {
    "akhoundi-ilna-202104": "ex-minister Akhoundi",
    "hemmati-20210530": "ex-governor Hemmati",
    "adeli-khabar-online-202503": "ex-governor Adeli",
    "nahavandian-2010": "chamber head Nahavandian",
    "financial-times-2012": "Financial Times",
    "adnkronos-20080509": "money changer, Tehran to Rome",
    "iran-chamber-soltani-2016": "Chamber of Commerce, transfers",
    "wall-street-journal-201204": "small banks, Wall Street Journal",
}
SHADES = ("#e6eaee", "#9db4cb", COLOURS[0])
"""Light to dark, apart in grey: smaller than the band, within it, larger."""
LINES = {
    ("cpi_yoy", "sci-1395-base"): "on a year before, basket of 1395",
    ("cpi_yoy", "sci-1400-base"): "on a year before, basket of 1400",
    ("cpi_12m_avg", "sci-1395-base"): "mean of twelve months, 1395",
    ("cpi_12m_avg", "sci-1400-base"): "mean of twelve months, 1400",
}


# -- what multiplies a price (E21) ---------------------------------------------------------------------------------


def _by_percent(row: Observation, dossier: Dossier) -> dict[str, float]:
    extent = extent_of(row, dossier.method)
    return {end: 1 + getattr(extent, end) / 100 for end in ("low", "mid", "high")}


def _ratio(first: Observation, last: Observation, dossier: Dossier) -> dict[str, float]:
    before, after = extent_of(first, dossier.method), extent_of(last, dossier.method)
    return {"low": after.low / before.high, "mid": after.mid / before.mid, "high": after.high / before.low}


def multiples(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What each cause alone multiplies a price by: columns label, kind, low, mid, high, rows.

    Beside the surcharges: the dollar from the return of the sanctions to the interview, the general index of prices on
    the one basket that covers that time, and cooking oil on the day its subsidy ended.
    """
    records = []
    for row in prices.surcharges(dossier):
        who = SPEAKERS.get(row.origin, row.origin.replace("-", " "))
        label = f"Surcharge: {who}, {row.end.year}"
        records.append({"label": label, "kind": "evasion", **_by_percent(row, dossier), "rows": (row.observation_id,)})
    pairs = {
        "rial": ("The dollar", prices.dollar_under_sanctions(dossier, parameters.archive)),
        "prices": ("All prices", prices.prices_under_sanctions(dossier)),
    }
    for kind, (what, rows) in pairs.items():
        if rows:
            label = f"{what}, {rows[0].end:%B %Y} to {rows[1].end:%B %Y}"
            ids = tuple(row.observation_id for row in rows)
            records.append({"label": label, "kind": kind, **_ratio(*rows, dossier), "rows": ids})
    for row in dossier.rows(measure="consumer_price_rise", variant="cooking-oil-official-price"):
        label = f"End of the import subsidy: cooking oil, {formats.day(row.start)}"
        records.append({"label": label, "kind": "subsidy", **_by_percent(row, dossier), "rows": (row.observation_id,)})
    table = pd.DataFrame(records, columns=["label", "kind", "low", "mid", "high", "rows"])
    return table.sort_values("mid", ignore_index=True)


def multiples_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the chart: the largest surcharge against the claimed multiple and the dollar."""
    largest = table.loc[table["kind"] == "evasion", "high"].max()
    dollar = table.loc[table["kind"] == "rial", "mid"].max()
    return (
        f"The largest surcharge on record makes a price {formats.number(largest, 2)} times as high, the claim says "
        f"{formats.number(parameters.multiple, 2)} times; the dollar rose {formats.number(dollar, 2)} times"
    )


def multiples_alt(table: pd.DataFrame) -> str:
    """What the chart shows, in words."""
    parts = [f"{row.label}: {formats.span(row.low, row.high, 'ratio', 3)}" for row in table.itertuples()]
    return f"What multiplies a price, smallest to largest. {'; '.join(parts)}."


def explained_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Each surcharge as a share of the claimed rise and of the rise of all prices, percent, a row a surcharge.

    Columns: Cost, Surcharge, the two shares, rows. Shares are of the logarithm, see ``prices.explained``.
    """
    table = multiples(dossier, parameters)
    whole = table.loc[table["kind"] == "prices", "mid"]
    own = table[table["kind"] == "evasion"]

    def share(multiple: float) -> list[float]:
        return [100 * prices.explained(value - 1, multiple) for value in own["mid"]]

    claimed = f"Share of a rise of {formats.quantity(parameters.rise, 'percent')}, %"
    frame = pd.DataFrame({"Cost": own["label"], "Surcharge, %": 100 * (own["mid"] - 1)})
    frame[claimed] = share(parameters.multiple)
    if len(whole):
        frame["Share of the rise of all prices, %"] = share(float(whole.iloc[0]))
    return frame.assign(rows=own["rows"])


def _year_name(year: int) -> str:
    return f"{year} ({year + 621}-{(year + 622) % 100:02d})"


def group_grid(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Rise of every group from the starting year to each later one, percent: rows are groups, columns years."""
    start = parameters.from_year
    columns = {}
    for year in range(start + 1, 1403):
        later = Parameters(from_year=start, to_year=year, rise=parameters.rise)
        table = prices.group_rises(dossier, later).set_index("group")["rise"]
        columns[_year_name(year)] = table
    grid = pd.DataFrame(columns)
    return grid.sort_values(_year_name(parameters.to_year), ascending=False)


def group_title(grid: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the groups: how many passed the bar by the chosen year, and in the year after the first."""
    chosen, first = grid[_year_name(parameters.to_year)], grid.iloc[:, 0]
    bar = formats.quantity(parameters.rise, "percent")
    early = int((first >= parameters.rise).sum())
    passed = int((chosen >= parameters.rise).sum())
    return (
        f"By {parameters.to_year}, {passed} of {len(grid)} groups had risen by {bar} since {parameters.from_year}; "
        f"after one year {early or 'none'} had"
    )


def group_alt(grid: pd.DataFrame) -> str:
    """What the grid shows, in words."""
    parts = [f"{name}: {', '.join(f'{value:.0f}' for value in row)}" for name, row in grid.iterrows()]
    return f"Rise of urban prices in percent, to {', '.join(map(str, grid.columns))}. {'; '.join(parts)}."


# -- inflation (E22) ---------------------------------------------------------------------------------------------------


def truth_title(dossier: Dossier, parameters: Parameters, when: str) -> str:
    """The finding of a truth table: definitions above the cut-off in the month before the article, and all cells."""
    newest, cells = prices.newest_before(dossier), prices.truth_table(dossier).stack().dropna()
    over, above = int((newest > parameters.cutoff).sum()), int((cells > parameters.cutoff).sum())
    bar = formats.quantity(parameters.cutoff, "percent")
    return (
        f"{when}, {over} of {len(newest)} definitions put the month before the article above {bar}; over all months "
        f"{above} of {len(cells)} rates are"
    )


def truth_alt(table: pd.DataFrame) -> str:
    """What a truth table shows, in words."""
    parts = [
        f"{name}: " + ", ".join(f"{month} {value:.1f}" for month, value in row.dropna().items())
        for name, row in table.iterrows()
    ]
    return f"Inflation in percent by definition and month. {'; '.join(parts)}."


def truth_heat(ax: Axes, table: pd.DataFrame, parameters: Parameters) -> Axes:
    """A truth table as a heat map: cells above the cut-off dark, all others light."""
    forms.heat(ax, table, text="{:.1f}".format, vmin=parameters.cutoff, vmax=parameters.cutoff + 1e-6)
    ax.set_xticklabels([str(month).replace(" ", "\n") for month in table.columns])
    return ax


def inflation_lines(dossier: Dossier) -> pd.DataFrame:
    """The statistical centre's rates by definition, percent, means from 2021 on.

    Columns: end, value, definition, row.
    """
    names = {prices.DEFINITIONS[key]: name for key, name in LINES.items()}
    rates = prices.inflation_rates(dossier)
    means = rates["definition"].str.contains("mean")
    rates = rates[rates["definition"].isin(list(names)) & (~means | (rates["end"] >= "2021-01-01"))]
    return rates.assign(definition=rates["definition"].map(names))


def inflation_title(lines: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the lines: in how many months the yearly rate passed the cut-off, and the highest mean."""
    yearly = lines[lines["definition"].str.startswith("on a year")]
    mean = lines.loc[lines["definition"].str.startswith("mean"), "value"].max()
    over = int((yearly["value"] > parameters.cutoff).sum())
    bar = formats.quantity(parameters.cutoff, "percent")
    return (
        f"The rate on a year before was above {bar} in {over} of {len(yearly)} months on record; the mean "
        f"of twelve months peaked at {formats.quantity(mean, 'percent')}"
    )


def inflation_alt(lines: pd.DataFrame) -> str:
    """What the lines show, in words."""
    parts = []
    for name, part in lines.groupby("definition", sort=False):
        top = part.loc[part["value"].idxmax()]
        low, high = formats.span(part["value"].min(), part["value"].max(), "percent").split(" to ")
        parts.append(f"{name}: {low} to {high}, highest in the month to {formats.day(top['end'])}")
    return f"Inflation by the statistical centre. {'; '.join(parts)}."


# -- the rial (E23) ----------------------------------------------------------------------------------------------------


def window_lines(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Loss to the end quote by starting month for both archives and both days.

    Columns: month, loss (percent), series.
    """
    parts = []
    for archive, name in prices.ARCHIVE_NAMES.items():
        for end_day in prices.END_DAYS:
            chosen = {"archive": archive, "end_day": end_day, "quote": parameters.quote, "within": parameters.within}
            table = prices.windows(dossier, Parameters(**chosen))
            parts.append(table.assign(series=f"{name}, {end_day}"))
    return pd.concat(parts, ignore_index=True)[["month", "loss", "series"]]


def windows_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the windows: from how many starting months the loss is about half."""
    if table.empty:
        return "No quote of the article's day is public yet"
    inside = int(table["inside"].sum())
    low, high = prices.band(parameters)
    return (
        f"Counted from {inside} of {len(table)} starting months the rial had lost about half "
        f"({formats.span(low, high, 'percent', 3)}); the loss runs from {table['loss'].min():.0f} to "
        f"{table['loss'].max():.0f}%"
    )


def windows_alt(table: pd.DataFrame) -> str:
    """What the windows show, in words."""
    parts = [f"{row.month:%B %Y} {row.loss:.0f}%" for row in table.itertuples()]
    return f"Loss of dollar value from each starting month to the article. {'; '.join(parts)}."


@styled
def window_map(ax: Axes, table: pd.DataFrame, parameters: Parameters, published: pd.Timestamp) -> Axes:
    """Starting months up, end months along: three shades for less than the band, within it and more.

    ``table`` is that of ``prices.loss_map``, percent.
    """
    low, high = prices.band(parameters)
    values = table.to_numpy()
    kinds = np.where(np.isnan(values), np.nan, (values >= low).astype(float) + (values > high))
    months = len(table)
    ax.imshow(
        kinds, origin="lower", cmap=ListedColormap(SHADES), vmin=0, vmax=2, interpolation="nearest", aspect="auto"
    )
    years = [place for place, month in enumerate(table.index) if month.month == 1]
    names = [str(table.index[place].year) for place in years]
    ax.set_xticks(years, names)
    ax.set_yticks(years, names)
    at = int(np.searchsorted(table.index, published.replace(day=1)))
    ax.axvline(at - 0.5, color=INK, linewidth=1.1, linestyle=(0, (2, 2)))
    ax.text(at - 1.5, months * 0.97, "article", ha="right", va="top", size=10, color=INK)
    ax.set(xlabel="to the month", ylabel="from the month")
    texts = (f"less than {low:.0f}%", "about half", f"more than {high:.0f}%")
    handles = [Patch(facecolor=shade, label=text) for shade, text in zip(SHADES, texts, strict=True)]
    ax.legend(handles=handles, loc="upper left", frameon=False, title="Loss", alignment="left")
    return ax


def map_title(table: pd.DataFrame, parameters: Parameters, published: pd.Timestamp) -> str:
    """The finding of the map: the share of windows of up to a year before the article that give about half."""
    low, high = prices.band(parameters)
    known = table.loc[table.index < published.replace(day=1), table.columns < published.replace(day=1)]
    starts, ends = (known.index.to_numpy()[:, None], known.columns.to_numpy()[None, :])
    short = known.to_numpy()[(ends > starts) & (ends - starts <= np.timedelta64(366, "D"))]
    inside = ((short >= low) & (short <= high)).mean()
    share = formats.probability(float(inside))
    return f"Of all windows of up to a year that end before the article, {share} show a loss of about half"


def map_alt(table: pd.DataFrame, parameters: Parameters) -> str:
    """What the map shows, in words."""
    low, high = prices.band(parameters)
    values = table.to_numpy()[~np.isnan(table.to_numpy())]
    shares = [(values < low).mean(), ((values >= low) & (values <= high)).mean(), (values > high).mean()]
    less, half, more = (formats.probability(float(share)) for share in shares)
    return (
        f"A map of the loss from every month since {table.index[0]:%B %Y} to every later one: {less} of the windows "
        f"lie below {low:.0f}%, {half} within about half and {more} above {high:.0f}%."
    )


def inflation_rows(dossier: Dossier) -> list[str]:
    """The rows of the rates by definition."""
    return list(prices.inflation_rates(dossier)["row"])
