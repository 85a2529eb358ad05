"""What a new source, row or claim of a dossier is asked for, and the lines that are made of the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimaudit.dossier.claims import KINDS
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.drafting import slug
from claimaudit.dossier.evidence_tables import SEEN, SOURCE_KINDS
from claimaudit.dossier.parts import needs, roles
from claimaudit.dossier.publishers import own_origin
from claimaudit.errors import ParameterError, nearest, unknown
from claimaudit.model import ADMIRALTY_CREDIBILITY, ADMIRALTY_RELIABILITY, Basis, PartialDate, Speech, TestKind

Given = Mapping[str, str]
"""Answers by the name of what was asked; blank or missing: not answered."""
Ask = Callable[[Sequence["Asked"]], list[str]]
"""How answers are had that were not given: a prompt for each, or one refusal that names them all."""


@dataclass(frozen=True)
class Asked:
    """One thing a new entry has: its name, what it means, what it may be; ``needed`` where nothing can stand for it."""

    name: str
    help: str
    needed: bool = False
    choices: tuple[str, ...] = ()


SOURCE = (
    Asked("title", "its title", True),
    Asked("publisher", "who publishes it, by name or id", True),
    Asked("published", "the day, month or year: 2023-03-14, 2023-03 or 2023", True),
    Asked("seen", "how much of it was read", True, SEEN),
    Asked("kind", f"kind of source ({', '.join(SOURCE_KINDS)}); else press"),
    Asked("url", "its address"),
    Asked("language", "its language; else the article's"),
    Asked("license", "its terms"),
    Asked(
        "reliability", "a letter of its own, where it departs from its publisher's", False, tuple(ADMIRALTY_RELIABILITY)
    ),
    Asked("departure", "why it departs"),
    Asked("copy_of", "the source it reprints"),
    Asked("archived", "address of an archived copy"),
    Asked("source_id", "its id; else made of publisher and day"),
    Asked("publisher_reliability", "letter of a publisher that is new", False, tuple(ADMIRALTY_RELIABILITY)),
    Asked("publisher_reason", "why the new publisher has that letter"),
)
ROW = (
    Asked("measure", "what is measured", True),
    Asked("value", "the figure; 1 or 0 where something happened or did not", True),
    Asked("start", "the period's first day; a month or a year is taken whole", True),
    Asked("source_id", "the source it was read in", True),
    Asked(
        "credibility",
        "that it is so: 1 confirmed to 5 improbable, 6 cannot be judged",
        True,
        tuple(ADMIRALTY_CREDIBILITY),
    ),
    Asked("note", "what the source says, in your words", True),
    Asked("entity", "of whom or what; else that of the measure's other rows"),
    Asked("end", "the period's last day; else that of start"),
    Asked("unit", "the figure's unit; else the measure's"),
    Asked("low", "lower bound"),
    Asked("high", "upper bound"),
    Asked("step", "the last printed digit, 0 for an exact count"),
    Asked("said", "that it was said: 1 to 6", False, tuple(ADMIRALTY_CREDIBILITY)),
    Asked("stake", "own or against, where the speaker is a party", False, ("own", "against")),
    Asked("basis", "how the figure was come by; else reported", False, tuple(basis.value for basis in Basis)),
    Asked("variant", "sets rival definitions apart"),
    Asked("origin", "who first counted or said it; else the one origin of the source, or its publisher"),
    Asked("revises", "id of the earlier print of the figure that it revises"),
    Asked("observation_id", "its id; else made of the measure"),
    Asked("table", "the table in observations/; else that of the measure's other rows"),
    Asked("meaning", "of a measure that is new: what it is, in words"),
    Asked("dimension", "of a unit that is new: what it measures"),
)
CLAIM = (
    Asked("paragraph", "where it stands: lines of the text that are not blank, from 1", True),
    Asked("topic", "the report it belongs to", True),
    Asked("kind", "the kind of statement", True, KINDS),
    Asked("quotation", "the text's words that carry it, at most 25", True),
    Asked("paraphrase", "what it says, in your words", True),
    Asked("best_reading", "which meaning of an ambiguous word is taken", True),
    Asked("split_note", "why its parts together are the sentence", True),
    Asked(
        "test",
        "how its core part is tested; a test of rows in roles, as trend, ratio or change, is written by hand (docs/kinds.md)",
        True,
        tuple(kind.value for kind in TestKind if kind is not TestKind.MODEL and not roles(kind)),
    ),
    Asked("measure", "the measure whose rows the test hears", True),
    Asked("id", "its id; else the next number"),
    Asked("domain", "what part of life it is about; else that of the topic's other claims, or the topic"),
    Asked("speaker", "who says it; else author"),
    Asked("speech", "own, relayed or saying; else own", False, tuple(speech.value for speech in Speech)),
    Asked("part", "what the core part says; else the paraphrase"),
    Asked("unit", "unit of the figures below; else the measure's"),
    Asked("value", "the figure of the test"),
    Asked("tolerance", "how far off still is so, as a share of the value"),
    Asked("within", "the same, in the unit"),
    Asked("low", "lower bound of the test"),
    Asked("high", "upper bound of the test"),
    Asked("step", "the last printed digit, of a printed_figure; 0 for an exact count"),
    Asked("word", "the word of degree of a held_by or list_state, as most or several ([degrees] of the method)"),
    Asked("review", "the day on which a forecast is judged"),
    Asked("rank", "the place that is claimed"),
    Asked("direction", "highest or lowest, of a rank"),
    Asked("entity", "who has the rank"),
    Asked("from", "first day of a date's window"),
    Asked("to", "last day of a date's window"),
    Asked("why_core", "of a date: which conclusion falls with another one"),
    Asked("said_measure", "of relayed speech: the measure that says it was said"),
)
ENTRIES = {"source": SOURCE, "row": ROW, "claim": CLAIM}


@dataclass(frozen=True)
class Lines:
    """What is appended: a row to each table, a text to each other file; ``name`` is the new entry's own id.

    ``told``: what was taken for granted and changes how much a row weighs, a sentence each.
    """

    name: str
    rows: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]
    told: tuple[str, ...] = ()


def answered(kind: str, given: Given, ask: Ask) -> dict[str, str]:
    """The answers to all that a new entry must have, asked for in order."""
    own = {name: text for name, text in given.items() if text}
    _fill(own, [item for item in ENTRIES[kind] if item.needed], ask)
    return own


def lines(kind: str, dossier: Dossier, given: Given, ask: Ask) -> Lines:
    """The lines of a new entry; what they leave to be asked for is asked. Refusals are ``ParameterError``."""
    return {"source": _source, "row": _row, "claim": _claim}[kind](dossier, given, ask)


def named(kind: str, name: str) -> Asked:
    """What is asked under a name."""
    return next(item for item in ENTRIES[kind] if item.name == name)


def _fill(own: dict[str, str], wanted: Sequence[Asked], ask: Ask) -> None:
    """Asks for what is wanted and not there yet."""
    missing = [item for item in wanted if not own.get(item.name)]
    if missing:
        own.update(zip((item.name for item in missing), ask(missing), strict=True))


# -- a source ------------------------------------------------------------------------------------------------------------


def _source(dossier: Dossier, given: Given, ask: Ask) -> Lines:
    own = answered("source", given, ask)
    known = {str(name).casefold(): str(key) for key, name in dossier.publishers["name"].items()}
    publisher = (
        own["publisher"] if own["publisher"] in dossier.publishers.index else known.get(own["publisher"].casefold(), "")
    )
    rows: dict[str, dict[str, str]] = {}
    if not publisher:
        if not own.get("publisher_reliability") and (hint := nearest(own["publisher"], dossier.publishers["name"])):
            raise ParameterError(
                f"unknown publisher {own['publisher']!r}: {hint} For a new one give --publisher-reliability"
            )
        publisher = _free(slug(own["publisher"]), dossier.publishers.index)
        _fill(own, [named("source", name) for name in ("publisher_reliability", "publisher_reason")], ask)
        rows["publishers.csv"] = {
            "publisher": publisher, "name": own["publisher"],
            "reliability": own["publisher_reliability"], "reason": own["publisher_reason"],
        }  # fmt: skip
    name = own.get("source_id") or _free(slug(f"{publisher} {own['published']}"), dossier.sources.index)
    usual = {"kind": "press", "language": dossier.article.language}
    cells = {key: text for key, text in own.items() if not key.startswith("publisher_")}
    rows["sources.csv"] = usual | cells | {"source_id": name, "publisher": publisher}
    return Lines(name, rows, {})


# -- a row ---------------------------------------------------------------------------------------------------------------


def _row(dossier: Dossier, given: Given, ask: Ask) -> Lines:
    own = answered("row", given, ask)
    rows: dict[str, dict[str, str]] = {}
    measure, table = own["measure"], dossier.observations
    if own["source_id"] not in dossier.sources.index:
        raise ParameterError(f"{unknown('source', own['source_id'], dossier.sources.index)}; 'add source' appends one")
    alike = table[table["measure"] == measure]
    if measure not in dossier.measures.index:
        if not own.get("meaning") and (hint := nearest(measure, dossier.measures.index)):
            raise ParameterError(f"unknown measure {measure!r}: {hint} For a new one give --meaning and --unit")
        new_unit = own.get("unit") not in dossier.units.index
        asked = ["meaning", "unit", *(["dimension"] if own.get("unit") and new_unit else ()), "entity"]
        _fill(own, [named("row", name) for name in asked], ask)
        rows["measures.csv"] = {"measure": measure, "unit": own["unit"], "forward": "0", "meaning": own["meaning"]}
    own.setdefault("unit", str(dossier.measures["unit"].get(measure, "")))
    if own["unit"] not in dossier.units.index and own.get("dimension"):
        rows["units.csv"] = {"unit": own["unit"], "dimension": own["dimension"], "factor": "1", "meaning": own["unit"]}
    entities = alike["entity"].unique()
    if not own.get("entity"):
        own["entity"] = str(entities[0]) if len(entities) == 1 else ask([named("row", "entity")])[0]
    told: tuple[str, ...] = ()
    if not own.get("origin"):
        told = _origin(dossier, own, rows, ask)
    place = own.get("table") or _table(dossier, list(alike["topic"].unique()), ask)
    name = own.get("observation_id") or _free(f"{measure}.{len(alike) + 1}", table.index)
    cells = {key: text for key, text in own.items() if key not in ("table", "meaning", "dimension")}
    period = dict(zip(("start", "end"), _period(own["start"], own.get("end", "")), strict=True))
    rows[f"observations/{place}.csv"] = {"basis": "reported"} | cells | period | {"observation_id": name}
    return Lines(name, rows, {}, told)


def _origin(dossier: Dossier, own: dict[str, str], rows: dict[str, dict[str, str]], ask: Ask) -> tuple[str, ...]:
    """Fills the origin of a row that names none, and tells of one that is new: what is relayed is no second source."""
    heard = dossier.observations.loc[dossier.observations["source_id"] == own["source_id"], "origin"].unique()
    publisher = str(dossier.sources.at[own["source_id"], "publisher"])
    if len(heard) > 1:
        own["origin"] = ask([named("row", "origin")])[0]
        return ()
    own["origin"] = str(heard[0]) if len(heard) else own_origin(dossier.origins, publisher)
    if own["origin"]:
        return ()
    own["origin"] = _free(publisher, dossier.origins.index)
    rows["origins.csv"] = {"origin": own["origin"], "kind": "voice", "publisher": publisher, "unnamed": "0"}
    house = dossier.sources.at[own["source_id"], "publisher_name"]
    return (
        f"origins.csv: {own['origin']!r} is new: {house} counts as an independent source; where it repeats another, "
        "name that one in depends_on there, or give it as --origin the next time",
    )


def _table(dossier: Dossier, alike: list[str], ask: Ask) -> str:
    every = list(dossier.observations["topic"].unique())
    own = alike if len(alike) == 1 else every
    return str(own[0]) if len(own) == 1 else ask([named("row", "table")])[0]


def _period(start: str, end: str) -> tuple[str, str]:
    """First and last day; what is no date stays, and is told by its own check."""
    try:
        first, last = PartialDate.parse(start), PartialDate.parse(end or start)
    except ValueError:
        return start, end or start
    return first.first.isoformat(), last.last.isoformat()


# -- a claim -------------------------------------------------------------------------------------------------------------

_DAYS = ("from", "to", "review")
_WORDS = ("unit", "direction", "entity", "why_core", "word")
_FIGURES = ("value", "tolerance", "within", "low", "high", "step", "rank")
_ONE_OF: Mapping[TestKind | None, list[str]] = {TestKind.HELD_BY: ["word"], TestKind.LIST_STATE: ["word"]}
"""Of the keys of which a test needs one, that which is asked for."""
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _claim(dossier: Dossier, given: Given, ask: Ask) -> Lines:
    own = answered("claim", given, ask)
    test = TestKind(own["test"]) if own["test"] in tuple(TestKind) else None
    wanted = list(needs(test)) if test else []
    if test and (test.is_quantity or "unit" in wanted):
        own.setdefault("unit", str(dossier.measures["unit"].get(own["measure"], "")))
    if own.get("within") and "tolerance" in wanted:
        wanted.remove("tolerance")
    wanted += ["why_core"] * (test is TestKind.DATE) + _ONE_OF.get(test, [])
    wanted += ["said_measure"] * (own.get("speech") == Speech.RELAYED)
    _fill(own, [item for item in CLAIM if item.name in wanted], ask)
    name = own.get("id") or _next(dossier)
    domains = [claim.domain for claim in dossier.claims if claim.topic == own["topic"]] or [own["topic"]]
    head = {
        "id": _text(name), "paragraph": _figure("paragraph", own["paragraph"]), "domain": _text(own.get("domain") or domains[-1]),
        "topic": _text(own["topic"]), "speaker": _text(own.get("speaker") or "author"), "speech": _text(own.get("speech") or "own"),
        **{key: _text(own[key]) for key in ("kind", "quotation", "paraphrase", "best_reading", "split_note")},
    }  # fmt: skip
    core = {
        "id": _text(f"{name}.{slug(own['test'])}"), "text": _text(own.get("part") or own["paraphrase"]),
        "role": '"core"', "test": _text(own["test"]),
        **{key: _text(own[key]) for key in _WORDS if own.get(key)},
        **{key: _figure(key, own[key]) for key in _FIGURES if own.get(key)},
        **{key: _date(key, own[key]) for key in _DAYS if own.get(key)},
        "evidence": f"[{{ measure = {_text(own['measure'])} }}]",
    }  # fmt: skip
    parts = [core]
    if own.get("said_measure"):
        parts.append(
            {
                "id": _text(f"{name}.said"), "text": _text(f"{own.get('speaker') or 'The speaker'} said so"), "role": '"quote"',
                "test": '"statement"', "evidence": f"[{{ measure = {_text(own['said_measure'])} }}]",
            }
        )  # fmt: skip
    text = (
        "\n[[claims]]\n"
        + _table_text(head)
        + "".join(f"\n  [[claims.parts]]\n{_table_text(part, '  ')}" for part in parts)
    )
    return Lines(name, {}, {"claims.toml": text})


def _next(dossier: Dossier) -> str:
    """The id after that of the last claim: F02 comes after F01."""
    last = dossier.claims[-1].claim_id
    stem, digits = re.fullmatch(r"(.*?)([0-9]*)", last).groups()  # type: ignore[union-attr] # it fits every text
    return _free(f"{stem}{int(digits or 0) + 1:0{max(len(digits), 2)}}", {claim.claim_id for claim in dossier.claims})


def _table_text(entries: Mapping[str, str], before: str = "") -> str:
    return "".join(f"{before}{name} = {value}\n" for name, value in entries.items())


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _figure(name: str, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ParameterError(f"--{name.replace('_', '-')}: {text!r} is no number; write digits with a point")
    whole = text.lstrip("+")
    return str(int(whole)) if re.fullmatch(r"-?[0-9]+", whole) else whole


def _date(name: str, text: str) -> str:
    if not _DAY.fullmatch(text):
        raise ParameterError(f"--{name}: {text!r} is no day; write it as 2023-03-14")
    return text


def _free(name: str, taken: object) -> str:
    known = set(map(str, taken))  # type: ignore[call-overload] # an index of ids
    number, found = 1, name
    while found in known:
        number += 1
        found = f"{name}.{number}"
    return found


def tables_of(found: Lines) -> list[Path]:
    """The files the lines go to."""
    return [Path(name) for name in (*found.rows, *found.texts)]
