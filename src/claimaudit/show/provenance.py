"""Where a printed figure comes from: links that tell their source, and lists of what a figure was computed from.

Every figure of a report stands in one of these: in a ``reference`` to its row, in a table row that links to its rows,
or in a block that ends in ``computed_from``. Reports hold no script, so notes open by hover and focus in the
stylesheet alone; each link is described by its evidence row, which screen readers read out.
"""

from __future__ import annotations

from collections.abc import Iterable

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.model import Observation, PartialDate
from claimaudit.outcome import Cited, Finding
from claimaudit.verdict.pieces import Claimed, Piece, as_html
from claimaudit.verdict.wording import mention

METHOD, PARAMETERS, ASSUMPTIONS = "method", "parameters", "assumptions"
"""The anchors of the tables of settings."""
Rows = Iterable[str | Iterable[str]]
"""Observation ids, or groups of them."""


def row_anchor(observation_id: str) -> str:
    """The id of an observation's row in the evidence table."""
    return f"row-{observation_id}"


def from_anchor(key: str) -> str:
    """The id of the place that shows what a verdict on a claim or part was computed from."""
    return f"from-{key}"


def whole(dossier: Dossier) -> Dossier:
    """The whole dossier behind an as-of view."""
    return dossier.whole or dossier


def flat(rows: Rows) -> list[str]:
    """Observation ids one by one, each once, in order."""
    names = (name for item in rows for name in ([item] if isinstance(item, str) else item))
    return list(dict.fromkeys(map(str, names)))


def grade(row: Observation) -> str:
    """A row's two Admiralty grades: ``B2``."""
    return f"{row.reliability}{row.credibility}"


def publisher(dossier: Dossier, observation_id: str) -> str:
    """Who published a row's source."""
    return str(whole(dossier).sources.at[dossier.observation(observation_id).source_id, "publisher_name"])


def published(dossier: Dossier, source_id: str) -> str:
    """Who published a source, and when: ``The Gazette, 2 March 2023``."""
    source = whole(dossier).sources.loc[source_id]
    return f"{source['publisher_name']}, {PartialDate.parse(source['published']).words}"


def source_words(dossier: Dossier, source: str) -> str:
    """An independent source's name: its origin as it stands, organs of one state by the state's name."""
    state = source.removeprefix("state:")
    return source if state == source else f"organs of {dossier.words.entity(state)}"


def origin_words(dossier: Dossier, origin: str) -> str:
    """Who an independent source is, for a reader: the publisher whose own word it is, else who prints it; a party with its state.

    An origin that nobody prints is named by its slug in words.
    """
    if origin.startswith("state:"):
        return f"Organs of {dossier.words.entity(origin.removeprefix('state:'))}"
    own = whole(dossier)
    publisher, state = (str(own.origins.at[origin, name]) if origin in own.origins.index else "" for name in _WHO)
    if publisher:
        return str(own.publishers.at[publisher, "name"])
    first, *rest = dossier.printed_by(origin) or (dossier.words.words(origin),)
    named = f"{first} and {len(rest)} others" if len(rest) > 1 else " and ".join([first, *rest])
    return f"{dossier.words.entity(state)}, in {named}" if state else named


_WHO = ("publisher", "state")


def value_words(row: Observation) -> str:
    """A row's figure with its range: ``300,000 rounds (250,000 to 350,000)``, ``at least 5 ships``, ``yes``."""
    value, low, high, unit = row.value, row.low, row.high, row.unit
    if unit in ("event", "flag"):
        return "yes" if value >= 0.5 else "no"
    text = formats.quantity(value, unit)
    if low is not None and high is not None:
        return text if low == high else f"{text} ({formats.number(low)} to {formats.number(high)})"
    if low is not None:
        return f"at least {text}" if low == value else f"{text} (at least {formats.quantity(low, unit)})"
    if high is not None:
        return f"at most {text}" if high == value else f"{text} (at most {formats.quantity(high, unit)})"
    return text


# -- one row -----------------------------------------------------------------------------------------------------------


def reference(
    dossier: Dossier, observation_id: str, text: str | Html = "", *, more: int = 0, noted: bool = True
) -> Html:
    """A figure (or ``text``) that leads to its row in the evidence table and tells its source on hover and focus.

    ``more`` says how many further rows it rests on. One that is not ``noted`` only leads there: its source stands beside it.
    """
    row, anchor = dossier.observation(observation_id), row_anchor(observation_id)
    if not noted:
        return tag("a", text or value_words(row), href=f"#{anchor}")
    link = tag("a", text or value_words(row), href=f"#{anchor}", aria_describedby=anchor, class_="ca-ref")
    return tag("span", link, _note(dossier, row, more), class_="ca-cite")


def _note(dossier: Dossier, row: Observation, more: int) -> Html:
    """What hover and focus show: source, publisher, date, grade, period, note."""
    source = whole(dossier).sources.loc[row.source_id]
    lines: list[Html | str] = [tag("b", source["title"])]
    lines.append(f"{published(dossier, row.source_id)}; grade {grade(row)}")
    lines.append("; ".join(filter(None, (f"For {formats.period(row.start, row.end)}", row.note))))
    if more:
        lines.append(f"and {formats.count(more, 'further row')}")
    return tag("span", join(lines, Html("<br>")), class_="ca-note")


def sources_of(dossier: Dossier, rows: Rows, most: int = 6) -> Html:
    """The publishers behind some observations, each leading to its row in the evidence table; those beyond ``most`` folded."""
    first: dict[str, str] = {}
    for name in flat(rows):
        first.setdefault(publisher(dossier, name), name)
    found = list(first.items())
    shown = join([reference(dossier, name, who, noted=False) for who, name in found[:most]], ", ")
    rest = [tag("a", who, href=f"#{row_anchor(name)}") for who, name in found[most:]]
    if not rest:
        return shown
    if len(rest) > _LISTED:
        return join([shown, f" and {len(rest)} more, in the evidence"])
    return join(
        [shown, " ", tag("details", tag("summary", f"and {len(rest)} more"), join(rest, ", "), class_="ca-rest")]
    )


_LISTED = 12
"""Publishers that are still a list to read."""


# -- many rows ---------------------------------------------------------------------------------------------------------


def row_links(dossier: Dossier, rows: Rows) -> Html:
    """Short links to rows, each named by its figure, under the publisher of the rows."""
    by_publisher: dict[str, list[Html]] = {}
    for name in flat(rows):
        row = dossier.observation(name)
        words = f"{value_words(row)}, {formats.period(row.start, row.end)}"
        by_publisher.setdefault(publisher(dossier, name), []).append(tag("a", words, href=f"#{row_anchor(name)}"))
    items = [tag("li", f"{who}: ", join(links, "; ")) for who, links in by_publisher.items()]
    return tag("ul", *items)


def computed_from(dossier: Dossier | None, rows: Rows = (), how: str | Html = "", *, given: Iterable[str] = ()) -> Html:
    """A folded list of the rows that a table or picture was computed from, with a word on how.

    ``given`` names the parameters it follows; the method's numbers are linked beside them.
    """
    names, settings = flat(rows), _settings(given)
    if not names:
        return tag("p", "Computed from ", how or "settings alone.", " ", settings, class_="ca-from")
    assert dossier is not None
    lines = [tag("p", how)] if str(how) else []
    summary = tag("summary", f"Computed from {formats.count(len(names), 'row')}")
    return tag("details", summary, *lines, row_links(dossier, names), tag("p", settings), class_="ca-from")


def _settings(given: Iterable[str]) -> Html:
    links = [tag("a", tag("code", name), href=f"#parameter-{name}") for name in given]
    shown = join(links, ", ") if links else tag("a", "parameters", href=f"#{PARAMETERS}")
    return join(["Settings: ", shown, "; ", tag("a", "numbers of the method", href=f"#{METHOD}"), "."])


# -- findings and sentences --------------------------------------------------------------------------------------------


def linked(dossier: Dossier, sentence: Iterable[Piece], *, noted: bool = True) -> Html:
    """A sentence in which all that rests on rows leads to the first of them, and the claim's own words are marked."""
    return as_html(
        sentence, lambda said: reference(dossier, said.rows[0], said.text, more=len(said.rows) - 1, noted=noted)
    )


def finding_link(dossier: Dossier, finding: Finding, *, noted: bool = True) -> Html:
    """What a finding says, leading to the (first) row it rests on."""
    return linked(dossier, [mention(Cited(finding))], noted=noted)


def claimed_words(text: str) -> Html:
    """Words of the article or of a claim, marked as such."""
    return as_html([Claimed(text)], str)
