"""Tables, titles and text alternatives of the aviation notebook: rates by country, before and after, fleet, orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of
from claimaudit.analysis.inference import Estimate, rate
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.economic.aviation import (
    BREAKS,
    MILLION,
    OWN,
    PARTNER,
    WORLD,
    Counts,
    Parameters,
    Record,
    Split2018,
    against,
    fatal_rate,
    record,
    split_2018,
    standing,
)

COMPARED = ("USA", "CHN", "IND", "TUR", "IDN")
"""Large or neighbouring carriers shown beside the worst, whatever their place."""
# fmt: off
NAMES = {
    "AFG": "Afghanistan", "AGO": "Angola", "ARE": "United Arab Emirates", "ARG": "Argentina", "ARM": "Armenia",
    "ATG": "Antigua and Barbuda", "AUS": "Australia", "AUT": "Austria", "AZE": "Azerbaijan", "BEL": "Belgium",
    "BGD": "Bangladesh", "BHR": "Bahrain", "BHS": "Bahamas", "BLR": "Belarus", "BLZ": "Belize", "BOL": "Bolivia",
    "BRA": "Brazil", "CAN": "Canada", "CHE": "Switzerland", "CHL": "Chile", "CHN": "China", "COD": "Congo (Kinshasa)",
    "COL": "Colombia", "CRI": "Costa Rica", "CZE": "Czechia", "DEU": "Germany", "DZA": "Algeria", "ECU": "Ecuador",
    "EGY": "Egypt", "ESP": "Spain", "ETH": "Ethiopia", "FIN": "Finland", "FJI": "Fiji", "FRA": "France",
    "GBR": "United Kingdom", "GRC": "Greece", "HKG": "Hong Kong", "HRV": "Croatia", "HUN": "Hungary",
    "IDN": "Indonesia", "IND": "India", "IRL": "Ireland", "IRN": "Iran", "IRQ": "Iraq", "ISL": "Iceland",
    "ISR": "Israel", "ITA": "Italy", "JOR": "Jordan", "JPN": "Japan", "KAZ": "Kazakhstan", "KEN": "Kenya",
    "KGZ": "Kyrgyzstan", "KOR": "South Korea", "KWT": "Kuwait", "LBN": "Lebanon", "LBY": "Libya", "LKA": "Sri Lanka",
    "LUX": "Luxembourg", "LVA": "Latvia", "MAC": "Macao", "MAR": "Morocco", "MEX": "Mexico", "MLT": "Malta",
    "MMR": "Myanmar", "MNG": "Mongolia", "MYS": "Malaysia", "NGA": "Nigeria", "NLD": "Netherlands", "NPL": "Nepal",
    "NZL": "New Zealand", "OMN": "Oman", "PAK": "Pakistan", "PAN": "Panama", "PER": "Peru", "PHL": "Philippines",
    "PNG": "Papua New Guinea", "POL": "Poland", "PRT": "Portugal", "QAT": "Qatar", "ROU": "Romania", "RUS": "Russia",
    "SAU": "Saudi Arabia", "SDN": "Sudan", "SGP": "Singapore", "SLV": "El Salvador", "SRB": "Serbia",
    "SVN": "Slovenia", "SWE": "Sweden", "SYC": "Seychelles", "SYR": "Syria", "THA": "Thailand", "TJK": "Tajikistan",
    "TKM": "Turkmenistan", "TTO": "Trinidad and Tobago", "TUN": "Tunisia", "TUR": "Turkey", "TZA": "Tanzania",
    "UKR": "Ukraine", "USA": "United States", "UZB": "Uzbekistan", "VEN": "Venezuela", "VNM": "Vietnam",
    "WLD": "World", "YEM": "Yemen", "ZAF": "South Africa",
}
# fmt: on
COUNTERS = {
    "majlis-research-centre": "parliament's research centre",
    "regulator": "regulator",
    "airline-association": "airlines",
    "travel-agents": "travel official",
    "official-unnamed": "unnamed official",
    "iata": "world fleet",
}


def _span(first: int, last: int) -> str:
    return f"{first}-{last}"


# -- by country ------------------------------------------------------------------------------------------------------


def rates(view: Dossier, parameters: Parameters, first: int, most: int = 14) -> pd.DataFrame:
    """Fatal accidents per million departures: the worst countries, Iran, Russia, some large ones and the world.

    Columns: country, low, mid, high (posterior median and 95% interval), fatal, departures, role, worst first.
    """
    known = record(view, parameters)
    stand = standing(view, parameters, first, known=known)
    if stand is None:
        return pd.DataFrame(columns=["country", "low", "mid", "high", "fatal", "departures", "role"])
    found = {code: fatal_rate(item, stand.prior) for code, item in stand.counts.items()}
    worst = sorted(found, key=lambda code: -found[code].value)
    shown = {*worst[:most], OWN, *(code for code in (PARTNER, *COMPARED) if code in found)}
    counts = {code: stand.counts[code] for code in worst if code in shown}
    world = known.counts(WORLD, first, stand.last)
    if world.years:
        counts[WORLD], found[WORLD] = world, fatal_rate(world)
    roles = {OWN: "the claim", PARTNER: "the partner", WORLD: f"all airlines, {_world_years(known, first)}"}
    table = pd.DataFrame(
        {
            "country": [NAMES.get(code, code) for code in counts],
            "low": [found[code].low for code in counts],
            "mid": [found[code].value for code in counts],
            "high": [found[code].high for code in counts],
            "fatal": [item.fatal for item in counts.values()],
            "departures": [item.departures for item in counts.values()],
            "role": [roles.get(code, "") for code in counts],
        }
    )
    return table.sort_values("mid", ascending=False, ignore_index=True)


def _world_years(known: Record, first: int) -> str:
    years = [year for year in known.flights.get(WORLD, {}) if first <= year <= known.last]
    return _span(years[0], max(years)) if years else ""


def rates_title(view: Dossier, parameters: Parameters, first: int) -> str:
    """The finding of the country chart: Iran's place, and whether Russia can be told from it."""
    stand = standing(view, parameters, first)
    if stand is None:
        return "Iran does not fly enough on record to be ranked"
    low, mid, high = (stand.place(q) for q in (0.025, 0.5, 0.975))
    tail = ""
    if PARTNER in stand.counts:
        apart = _apart(against(record(view, parameters), PARTNER, first, stand.last))
        tail = f", and {'stands apart from' if apart else 'cannot be told from'} Russia"
    return f"Iran ranks {_ordinal(mid)} worst of {stand.size} countries ({low} to {high}){tail}"


def _apart(ratio: Estimate | None) -> bool:
    return ratio is not None and not ratio.low <= 1 <= ratio.high


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def rates_alt(table: pd.DataFrame) -> str:
    """What the country chart shows, in words."""
    if table.empty:
        return "No rates: Iran cannot be ranked under these settings."
    parts = [f"{row.country} {_range(row.mid, row.low, row.high)}" for row in table.itertuples()]
    return f"Fatal accidents per million departures, median and 95% interval: {'; '.join(parts)}."


def _range(mid: float, low: float, high: float) -> str:
    return f"{formats.number(mid, 2)} ({formats.number(low, 2)} to {formats.number(high, 2)})"


def standings(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Iran's rank in every window at both dates and with both priors, in a reader's words, a row each.

    Columns: Known, Years, Prior of the rates, Countries, Fatal accidents of Iran, Departures of Iran, Place (1 is
    worst, with its 95% interval), and the chances that Iran stands in the worst shares (percent, as text).
    """
    rows = []
    for view, first in (
        (view, first) for view in (dossier.at_publication(), dossier.hindsight()) for first in (2000, 2010)
    ):
        for prior in ("shared", "separate"):
            stand = standing(view, replace(parameters, prior=prior), first)
            if stand is None:
                continue
            own = stand.counts[OWN]
            rows.append(
                {
                    "Known": view.vintage.words,
                    "Years": _span(first, stand.last),
                    "Prior of the rates": "shared by all" if prior == "shared" else "separate",
                    "Countries": stand.size,
                    "Fatal accidents of Iran": own.fatal,
                    "Departures of Iran": own.departures,
                    "Place, 1 is worst": f"{stand.place(0.5)} ({stand.place(0.025)} to {stand.place(0.975)})",
                    f"In the worst {100 * parameters.worst_share:.0f}%": formats.probability(
                        stand.chance_worst(parameters.worst_share)
                    ),
                    "In the worst 10%": formats.probability(stand.chance_worst(0.1)),
                }
            )
    return pd.DataFrame(rows)


def ladder(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The chance that Iran stands in the worst share of countries, over the share, both in percent.

    Columns: share, then one a window and date.
    """
    shares = [number / 100 for number in range(2, 62, 2)]
    table = {"share": [100 * share for share in shares]}
    for view in (dossier.at_publication(), dossier.hindsight()):
        for first in (2000, 2010):
            stand = standing(view, parameters, first)
            if stand:
                name = f"{_span(first, stand.last)}, known {view.vintage.words}"
                table[name] = [100 * stand.chance_worst(share) for share in shares]
    return pd.DataFrame(table)


def ladder_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the ladder chart: how narrow a worst group still holds Iran with four chances in five."""
    words = []
    for name in table.columns[1:]:
        reached = table.loc[table[name] >= 80, "share"]
        words.append(float(reached.iloc[0]) if len(reached) else 100.0)
    if not words:
        return "Iran cannot be ranked in any window"
    low, high = formats.number(min(words), 2), formats.number(max(words), 2)
    reach = f"{low}%" if low == high else f"{low} to {high}%"
    return f"With four chances in five Iran is among the worst {reach} of countries, depending on the years taken"


def ladder_alt(table: pd.DataFrame) -> str:
    """What the ladder chart shows, in words."""
    rows = table[table["share"].isin([10, 20, 34, 50])]
    parts = [
        f"{name}: " + ", ".join(f"{row[name]:.0f}% for the worst {row['share']:.0f}%" for _, row in rows.iterrows())
        for name in table.columns[1:]
    ]
    return f"Rising curves of the chance that Iran is among the worst share of countries. {'; '.join(parts)}."


# -- before and after 2010 -------------------------------------------------------------------------------------------


def decades(view: Dossier, parameters: Parameters, turn: int = 2010) -> pd.DataFrame:
    """Fatal accidents per million departures of Iran, Russia and the world before and after a year.

    Columns: label, period, low, mid, high (posterior median and 95% interval).
    """
    known = record(view, parameters)
    rows = []
    for code in (OWN, PARTNER, WORLD):
        end = min(known.last, max(known.flights.get(code, {}), default=0))
        for first, last, period in ((2000, turn - 1, f"before {turn}"), (turn, end, f"since {turn}")):
            counts = known.counts(code, first, last)
            if counts.years:
                found = fatal_rate(counts)
                label = f"{NAMES[code]}, to {end}"
                rows.append(
                    {"label": label, "period": period, "low": found.low, "mid": found.value, "high": found.high}
                )
    return pd.DataFrame(rows, columns=["label", "period", "low", "mid", "high"])


def decades_title(view: Dossier, parameters: Parameters, turn: int = 2010) -> str:
    """The finding of the decade chart: did Iran's distance from the world change."""
    known = record(view, parameters)
    old, new = against(known, WORLD, 2000, turn - 1), against(known, WORLD, turn, known.last)
    if not old or not new:
        return f"Iran's fatal accident rate before and after {turn}"
    if new.high < old.value:
        start = "Iran came nearer to the world's rate"
    elif new.low > old.value:
        start = "Iran fell further behind the world"
    else:
        start = "Iran's distance from the world did not change beyond chance"
    return f"{start}: {_times(old)} its rate before {turn}, {_times(new)} since"


def _times(ratio: Estimate) -> str:
    return f"{formats.number(ratio.value, 2)} times ({formats.span(ratio.low, ratio.high, 'ratio', 2)})"


def decades_alt(table: pd.DataFrame) -> str:
    """What the decade chart shows, in words."""
    parts = [f"{row.label} {row.period} {_range(row.mid, row.low, row.high)}" for row in table.itertuples()]
    return f"Fatal accidents per million departures, median and 95% interval: {'; '.join(parts)}."


def ratios(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Iran's rate over the world's and over Russia's in every window at both dates, a row each, in a reader's words.

    Columns: Iran over, Years, Known, Times the rate, Low, High (a ratio of rates and its 95% interval).
    """
    rows = []
    for view in (dossier.at_publication(), dossier.hindsight()):
        known = record(view, parameters)
        for code, first in ((code, first) for code in (WORLD, PARTNER) for first in (2000, 2010)):
            found = against(known, code, first, known.last)
            if found:
                rows.append(
                    {
                        "Iran over": NAMES[code] if code == PARTNER else "the world",
                        "Years": _span(first, min(known.last, max(known.flights[code]))),
                        "Known": view.vintage.words,
                        "Times the rate": found.value,
                        "Low": found.low,
                        "High": found.high,
                    }
                )
    return pd.DataFrame(rows)


# -- before and after 2018 -------------------------------------------------------------------------------------------


def around_2018(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Accidents per million departures before and after the break: columns label, when, low, mid, high."""
    split = split_2018(view, parameters)
    if split is None:
        return pd.DataFrame(columns=["label", "when", "low", "mid", "high"])
    return pd.DataFrame(_sides(split))


def _sides(split: Split2018) -> Iterator[dict]:
    for kind, field in (("All accidents", "accidents"), ("Fatal accidents", "fatal")):
        numbers = [getattr(side, field) for side in split]
        label = f"{kind}: {numbers[0]:.0f}, then {numbers[1]:.0f}"
        for when, number, side in zip(("before", "after"), numbers, split, strict=True):
            found = rate(number, side.departures / MILLION)
            yield {"label": label, "when": when, "low": found.low, "mid": found.value, "high": found.high}


def around_title(view: Dossier, parameters: Parameters) -> str:
    """The finding of the 2018 chart."""
    split = split_2018(view, parameters)
    if split is None:
        return "No departures after 2018 were on record"
    change, chance = split.change(), formats.probability(split.chance_of_rise())
    words = _short(change)
    if change.low > 1:
        return f"Accidents per departure rose after 2018: {words} times the rate before"
    if change.high < 1:
        return f"Accidents per departure fell after 2018: {words} times the rate before"
    return f"No rise in accidents is seen after 2018: {words} times the rate before, a {chance} chance that it rose"


def around_alt(table: pd.DataFrame) -> str:
    """What the 2018 chart shows, in words."""
    parts = [f"{row.label} {row.when}: {_range(row.mid, row.low, row.high)}" for row in table.itertuples()]
    return f"Accidents of Iranian airliners per million departures. {'; '.join(parts)}."


def variants_2018(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The change after 2018 under every choice of break, pandemic years and the army's 707, a row a choice.

    Columns: the three choices, Before and After (counts), Rate after over before, Chance of a rise (percent), Fatal;
    all as text.
    """
    names = {"announced": "announced, 8 May", "june": "1 June", "in-force": "in force, 6 August"}
    rows = []
    for day in BREAKS:
        for years, plane in ((True, False), (True, True), (False, False), (False, True)):
            chosen = replace(parameters, break_day=day, pandemic_years=years, military_707=plane)
            split = split_2018(view, chosen)
            if split is None:
                continue
            change, fatal = split.change(), split.change(fatal=True)
            rows.append(
                {
                    "Break in 2018": names[day],
                    "2020 and 2021": "counted" if years else "left out",
                    "Army 707 of 2019": "counted" if plane else "left out",
                    "Before": _count(split.before),
                    "After": _count(split.after),
                    "Rate after over before": _short(change),
                    "Chance of a rise": formats.probability(split.chance_of_rise()),
                    "Fatal, after over before": _short(fatal),
                }
            )
    return pd.DataFrame(rows)


def _short(ratio: Estimate) -> str:
    return f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.1f})"


def _count(counts: Counts) -> str:
    return f"{counts.accidents:.0f} in {formats.number(counts.departures)}"


# -- the fleet -------------------------------------------------------------------------------------------------------


def _counter(row: Observation) -> str:
    return COUNTERS.get(row.variant, row.variant.replace("-", " ") or row.entity)


def _table(dossier: Dossier, rows: tuple[Observation, ...]) -> pd.DataFrame:
    """Rows with their ranges in order of time: columns when, counter, low, mid, high; indexed by observation."""
    ordered = sorted(rows, key=lambda row: (row.start, row.observation_id))
    extents = [extent_of(row, dossier.method) for row in ordered]
    return pd.DataFrame(
        {
            "when": [_month(row) for row in ordered],
            "counter": [_counter(row) for row in ordered],
            "low": [
                extent.low if row.low is not None else extent.mid for extent, row in zip(extents, ordered, strict=True)
            ],
            "mid": [extent.mid for extent in extents],
            "high": [
                row.high if row.high is not None else extent.mid for extent, row in zip(extents, ordered, strict=True)
            ],
            "most": [row.high is not None and row.low is None for row in ordered],
            "start": [row.start for row in ordered],
        },
        index=[row.observation_id for row in ordered],
    )


def _month(row: Observation) -> str:
    if (row.end - row.start).days >= 300:
        return f"about {row.start.year}"
    return f"{row.start:%B %Y}"


def active_share(dossier: Dossier) -> pd.DataFrame:
    """Share of Iran's civil aircraft able to fly, percent, each count by itself.

    Columns: when, counter, low, mid, high, most, start; indexed by observation.
    """
    return _table(dossier, dossier.rows(measure="fleet_active_share", entity=OWN))


def active_title(table: pd.DataFrame) -> str:
    """The finding of the fleet chart: before the sanctions of 2018 against after, by all counters."""
    stamps = pd.to_datetime(table["start"])
    turn = pd.Timestamp(BREAKS["announced"])
    old, new = table[stamps < turn], table[stamps >= turn]
    if old.empty or new.empty:
        return "Share of Iran's aircraft able to fly"
    last = old.iloc[-1]
    side = "Every count since lies" if new["mid"].max() < last["mid"] else "Not every count since lies"
    reach = formats.span(new["mid"].min(), new["mid"].max(), "percent", 2)
    return f"{side} below the {formats.quantity(last['mid'], 'percent', 2)} of {last['when']}: {reach} could fly"


def active_alt(table: pd.DataFrame) -> str:
    """What the fleet chart shows, in words."""
    parts = [f"{row.when}, {row.counter}: {'at most ' if row.most else ''}{row.mid:.0f}%" for row in table.itertuples()]
    return f"Share of Iran's civil aircraft able to fly. {'; '.join(parts)}."


def ages(dossier: Dossier) -> pd.DataFrame:
    """Average age of Iran's fleet and the world's, a row a count, indexed by observation.

    Columns: When, Fleet, Average age in years, Who counts.
    """
    rows = [
        row for row in dossier.rows(measure="fleet_average_age", entity=(OWN, WORLD)) if "fokker" not in row.variant
    ]
    table = _table(dossier, tuple(rows))
    fleet = ["the world" if dossier.observation(str(name)).entity == WORLD else "Iran" for name in table.index]
    return pd.DataFrame(
        {"When": table["when"], "Fleet": fleet, "Average age, years": table["mid"], "Who counts": table["counter"]}
    )


# -- orders ----------------------------------------------------------------------------------------------------------


def orders(dossier: Dossier) -> pd.DataFrame:
    """New Western airliners for Iran Air, counted: columns maker, ordered, delivered, rows.

    The doubtful higher count is left out.
    """
    deals = "iran-air-2016-deals"
    bought = {row.entity: row for row in dossier.rows(measure="aircraft_ordered", variant=deals)}
    came = {row.entity: row for row in dossier.rows(measure="aircraft_delivered", variant=deals)}
    both = [entity for entity in bought if entity in came]
    return pd.DataFrame(
        {
            "maker": [entity.split(":")[0] for entity in both],
            "ordered": [bought[entity].value for entity in both],
            "delivered": [came[entity].value for entity in both],
            "rows": [(bought[entity].observation_id, came[entity].observation_id) for entity in both],
        }
    ).sort_values("ordered", ascending=False, ignore_index=True)


def order_bars(table: pd.DataFrame) -> pd.DataFrame:
    """Two bars a maker, ordered above delivered: columns maker, step, aircraft (a count), what.

    ``table`` is that of ``orders``.
    """
    long = table.melt("maker", ["ordered", "delivered"], var_name="step", value_name="aircraft")
    long["what"] = long["maker"] + ", " + long["step"]
    order = {maker: place for place, maker in enumerate(table["maker"])}
    return long.sort_values(["maker", "step"], key=lambda part: part.map(order | {"ordered": 0, "delivered": 1}))


def orders_title(table: pd.DataFrame) -> str:
    """The finding of the order chart."""
    bought, came = table["ordered"].sum(), table["delivered"].sum()
    return f"Of {bought:.0f} new Western airliners ordered, {came:.0f} had come when the sanctions returned"


def orders_alt(table: pd.DataFrame) -> str:
    """What the order chart shows, in words."""
    parts = [f"{row.maker} {row.ordered:.0f} ordered, {row.delivered:.0f} delivered" for row in table.itertuples()]
    return "; ".join(parts) + "."


def used_aircraft(dossier: Dossier) -> pd.DataFrame:
    """Used aircraft brought in, counted: columns When, Aircraft, What the source says, rows."""
    rows = sorted(dossier.rows(measure="aircraft_imported", entity="IRN*"), key=lambda row: row.start)
    return pd.DataFrame(
        {
            "When": [formats.period(row.start, row.end) for row in rows],
            "Aircraft": [row.value for row in rows],
            "What the source says": [row.note for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )


def crashes(dossier: Dossier) -> pd.DataFrame:
    """Fatal crashes of or for Iranian airlines since 2001, and the one shot down that does not count.

    Columns: Day, Aircraft, Deaths (a count), Counted (whether, and by which rule), rows.
    """
    rows = sorted(dossier.rows(ids=("irn.crash.*", "ps752.excluded")), key=lambda row: row.start)
    marks = {"": "yes", "operator": "by operator only (foreign marks)", "military-owned": "by operator only (army's)"}
    return pd.DataFrame(
        {
            "Day": [row.start for row in rows],
            "Aircraft": [row.entity for row in rows],
            "Deaths": [row.value for row in rows],
            "Counted": [marks.get(row.variant, "no, shot down") for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )
