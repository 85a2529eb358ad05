"""``article.toml`` and ``claims.toml``: the audited text and its claims, split into parts.

The format, by example::

    [[claims]]
    id = "M02"
    paragraph = 3                 # counted over non-blank lines of the article, from 1
    domain = "military"           # or "economic"
    topic = "harbour"             # the notebook that audits it
    speaker = "Sky News security source"
    speech = "relayed"            # own, relayed (and argued from), saying (that it was said is the news)
    kind = "quantity"             # the kind of statement, see KINDS
    quotation = "..."             # the article's words that carry the claim, at most 25
    paraphrase = "About 300,000 shells went the same way in the same month"
    best_reading = "..."          # which meaning of an ambiguous word is taken
    split_note = "..."            # that the sentence entails its printed parts, and they the sentence

      [[claims.parts]]
      id = "M02.number"           # the claim's id, a dot, a word
      text = "About 300,000 items were shipped in the one cargo"
      role = "core"               # core, link, detail, quote or context
      name = "number"             # a word or two for badges; wrong = "..." for what they say where it is refuted
      why_detail = "..."          # of each detail: why the sentence does the same job with the true value in its place
      why_core = "..."            # of a date that is core: which conclusion of the passage falls with another date
      misleads = "..."            # of context: why a reader who is told it would no longer draw the conclusion
      also = "detail"             # another role that a careful reader gave it; tried as a reading
      unread = true               # the text that would settle it was looked for and not read
      saying = true               # it asks whether something was said, whatever its test (quotes and statements always do)
      test = "about"              # see model.TestKind
      unit = "round"              # of the numbers below; converted to the measure's own unit
      value = 300_000
      tolerance = 0.25            # share of the value; or within = 1.0 in the unit
      fails = "it was {value}"    # how the sentence about it begins; also holds, open (neither right nor wrong)
      evidence = [ { measure = "shells_shipped", entity = "IRN-RUS", start = 2023-01-01, end = 2023-01-31 } ]

Selectors take ``measure``, ``entity``, ``variant``, ``origin`` and ``ids`` (a text or a list, ``*`` matches any text),
``side`` (``for`` / ``against``), ``role``, ``says`` (what the rows say on the part, in words) and ``start`` / ``end``;
``direct = false`` marks evidence at one remove. A claim may have ``related``: selectors of rows that are shown with it and
test no part of it. A selector that matches no row is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from claimaudit.dossier import files, kinds
from claimaudit.dossier.forms import NAME, UNIT_NAME, Day, Flag, Form, List, Number, Table, Text, check
from claimaudit.dossier.toml_files import Place, entries, read_toml
from claimaudit.errors import Fault, References
from claimaudit.model import Article, Claim, Domain, Part, Role, Selector, Speech, Templates, TestKind

_NOT_BELOW_0 = Number(0)
_NUMBERS: dict[str, Form] = {
    "value": Number(),
    "tolerance": _NOT_BELOW_0,
    "within": _NOT_BELOW_0,
    "low": Number(),
    "high": Number(),
    "rank": Number(1, 1e6),
    "share": _NOT_BELOW_0,
    "width": Number(0, 10),
    "at_least": _NOT_BELOW_0,
    **kinds.NUMBERS,
}
_TEMPLATES = ("holds", "fails", "open")
KINDS = (
    "hedge", "forecast", "cause", "rank", "trend", "list", "event", "halt", "state", "attribute", "quantity", "quotation",
)  # fmt: skip
"""Kinds of statement, in the codebook's order of precedence."""
LONGEST_QUOTATION = 25
"""Most words of a quotation."""
_LIST = List(Text(), least=1, alone=True)
_SELECTOR_LISTS = ("measure", "entity", "variant", "origin", "ids")
_SELECTOR_WORDS = ("side", "role", "says", "start", "end", "direct")
_SELECTOR = Table(
    {},
    {
        **dict.fromkeys(_SELECTOR_LISTS, _LIST),
        "variant": List(Text(blank=True), least=1, alone=True),
        "side": Text(choices=("auto", "for", "against")),
        "role": Text(),
        "says": Text(blank=True),
        "start": Day(),
        "end": Day(),
        "direct": Flag(),
    },
)
_PART = Table(
    {
        "id": NAME,
        "text": Text(),
        "role": Text(choices=tuple(role.value for role in Role)),
        "test": Text(choices=tuple(kind.value for kind in TestKind)),
    },
    {
        **dict.fromkeys(("name", "wrong", "misleads", "why_detail", "why_core"), Text()),
        "also": Text(choices=tuple(role.value for role in Role)),
        **dict.fromkeys(("unread", "saying"), Flag()),
        "unit": UNIT_NAME,
        "direction": Text(),
        "entity": Text(),
        "from": Day(),
        "to": Day(),
        "evidence": List(_SELECTOR),
        "note": Text(blank=True),
        **dict.fromkeys(_TEMPLATES, Text()),
        **_NUMBERS,
        **kinds.WORDS,
    },
    label="id",
)
_CLAIM = Table(
    {
        "id": NAME,
        "paragraph": Number(1, 1_000_000, whole=True),
        "domain": Text(choices=tuple(domain.value for domain in Domain)),
        "topic": NAME,
        "speaker": Text(),
        "speech": Text(choices=tuple(speech.value for speech in Speech)),
        "kind": Text(choices=KINDS),
        "paraphrase": Text(),
        "best_reading": Text(),
        "parts": List(_PART, least=1),
    },
    {"quotation": Text(), "split_note": Text(), "mapped": Flag(), "related": List(_SELECTOR)},
    label="id",
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_ARTICLE = Table(
    {
        "title": Text(),
        "author": Text(),
        "publisher": Text(),
        "published": Day(),
        "url": Text(),
        "language": Text(_LANGUAGE, "write a code such as 'en' or 'pt-BR'"),
        "compiled": Day(),
    }
)
_ROLES = {
    TestKind.TREND: ("before", "after"),
    TestKind.ORDER: ("first", "then"),
    TestKind.SIZE: ("part", "whole"),
    **kinds.ROLES,
}
_NEEDS = {
    TestKind.ABOUT: ("value",),
    TestKind.AT_MOST: ("value",),
    TestKind.AT_LEAST: ("value",),
    TestKind.LESS_THAN: ("value",),
    TestKind.MORE_THAN: ("value",),
    TestKind.BETWEEN: ("low", "high"),
    TestKind.RANK: ("rank", "entity", "direction"),
    TestKind.DATE: ("from", "to"),
    TestKind.TREND: ("direction",),
    TestKind.SIZE: ("share",),
    **kinds.NEEDS,
}
_DIRECTIONS = {TestKind.RANK: ("highest", "lowest"), TestKind.TREND: ("rise", "fall"), **kinds.DIRECTIONS}


def load_article(path: Path, faults: list[Fault]) -> Article | None:
    """Read ``article.toml``; ``None`` with faults where something is wrong in it."""
    read = read_toml(path, faults)
    if read is None or not check(_ARTICLE, read.data, read.place):
        return None
    article = Article(**read.data)
    if not article.url.startswith(("https://", "http://")):
        read.place.at("url").fault(f"{article.url!r} is no web address", "start it with https://")
        return None
    if article.published > article.compiled:
        problem = f"it was published ({article.published}) after the dossier was compiled ({article.compiled})"
        read.place.at("published").fault(problem, "mend one of the two days")
        return None
    return article


def _selector(raw: Mapping[str, Any], test: TestKind | None, place: Place) -> Selector:
    if not any(name in raw for name in _SELECTOR_LISTS):
        place.fault("a selector names nothing", "give at least a measure, an origin or ids")
    roles = _ROLES.get(test, ()) if test else ()
    if roles or "role" in raw:
        check(Text(choices=roles or ("",), blank="" in roles), raw.get("role", ""), place.at("role"))
    if "start" in raw and "end" in raw and raw["start"] > raw["end"]:
        place.at("end").fault("it ends before it starts", "mend one of the two days")
    lists: dict[str, Any] = {
        name: tuple([raw[name]] if isinstance(raw[name], str) else raw[name]) for name in _SELECTOR_LISTS if name in raw
    }
    return Selector(**lists, **{name: raw[name] for name in _SELECTOR_WORDS if name in raw})


def _check_test(raw: Mapping[str, Any], test: TestKind, place: Place) -> None:
    """Has the part what its test needs, and do its ranges rise."""
    for name in _NEEDS.get(test, ()):
        if name not in raw:
            place.at(name).fault(f"the test {test.value!r} needs it", "give it")
    if test is TestKind.ABOUT and not {"tolerance", "within"} & set(raw):
        place.at("tolerance").fault("the test 'about' needs it", "give a share, or within = a number in the unit")
    if test in _DIRECTIONS and "direction" in raw:
        check(Text(choices=_DIRECTIONS[test]), raw["direction"], place.at("direction"))
    if not raw.get("evidence") and test is not TestKind.MODEL and "note" not in raw:
        place.at("evidence").fault("the part has no evidence", "give a selector, or a note why none exists")
    kinds.check_declared(raw, test, place)
    for first, last in (("low", "high"), ("from", "to")):
        if first in raw and last in raw and raw[first] > raw[last]:
            place.at(first).fault(f"{first} {raw[first]} is above {last} {raw[last]}", "mend one of the two")


def _part(claim: str, raw: Mapping[str, Any], place: Place, mapped: bool) -> Part:
    key, test = raw["id"], TestKind(raw["test"])
    if not key.startswith(f"{claim}.") or key == f"{claim}.":
        place.at("id").fault(f"a part of {claim} cannot be called {key!r}", f"start it with '{claim}.'")
    _check_test(raw, test, place)
    _check_role(raw, mapped, place)
    evidence = place.at("evidence")
    return Part(
        part_id=key,
        claim_id=claim,
        text=raw["text"],
        role=Role(raw["role"]),
        test=test,
        unit=raw.get("unit", ""),
        numbers={name: float(raw[name]) for name in _NUMBERS if name in raw},
        window=(raw["from"], raw["to"]) if "from" in raw and "to" in raw else None,
        direction=raw.get("direction", ""),
        entity=raw.get("entity", ""),
        evidence=tuple(_selector(part, test, evidence.at(n)) for n, part in enumerate(raw.get("evidence", []))),
        note=raw.get("note", ""),
        templates=_templates(raw, test, place),
        why=raw.get("why_detail", raw.get("why_core", "")),
        also=Role(raw["also"]) if "also" in raw else None,
        **{name: raw[name] for name in ("name", "wrong", "misleads", "unread", "saying", *kinds.WORDS) if name in raw},
    )


def _check_role(raw: Mapping[str, Any], mapped: bool, place: Place) -> None:
    """Does the part say what its role asks for, and nothing that goes with another."""
    role, test = Role(raw["role"]), TestKind(raw["test"])
    needed = "why_detail" if role is Role.DETAIL else "why_core" if role.is_point and test is TestKind.DATE else ""
    if needed and needed not in raw and not mapped:
        what = "a detail" if role is Role.DETAIL else "a date that is core"
        place.at(needed).fault(f"{what} needs its reason", _WHY[needed])
    for name, fits, whose in (
        ("why_detail", role is Role.DETAIL, "a detail"),
        ("why_core", role.is_point, "a core or link part"),
        ("misleads", role is Role.CONTEXT, "context"),
        ("wrong", role.is_printed, "a printed part"),
    ):
        if name in raw and not fits:
            place.at(name).fault(
                f"it belongs to {whose}, and the part is {role.value}", "take it out, or change the role"
            )
    if raw.get("also") == role.value:
        place.at("also").fault(f"{role.value!r} is the part's role already", "name the other role, or take it out")


_WHY = {
    "why_detail": "say in one line why the sentence does the same job with the true value in its place",
    "why_core": "say in one line which conclusion of the passage no longer follows with another date",
}


def _check_speech(raw: Mapping[str, Any], parts: Collection[Part], place: Place) -> None:
    """Has a claim that relays or reports a saying a part that asks for it, and are its own words given."""
    mapped = raw.get("mapped", False)
    for name, remedy in (
        ("quotation", f"quote the words that carry the claim, at most {LONGEST_QUOTATION}"),
        ("split_note", "say in one line that the sentence entails its printed parts, and they together the sentence"),
    ):
        if name not in raw and not mapped:
            place.at(name).fault("the key is missing", remedy)
    if (many := len(raw.get("quotation", "").split())) > LONGEST_QUOTATION:
        place.at("quotation").fault(f"it has {many} words", f"quote at most {LONGEST_QUOTATION}")
    if not any(part.role is Role.CORE for part in parts):
        place.at("parts").fault("the claim has no core part", 'mark what the sentence is there to say: role = "core"')
    elif raw["speech"] == Speech.SAYING and not any(part.role is Role.CORE and part.asks_saying for part in parts):
        remedy = 'give a core part with test = "statement", or another speech'
        place.at("speech").fault("the saying is the news, but no core part asks whether it was said", remedy)
    elif raw["speech"] == Speech.RELAYED and not any(part.role is Role.QUOTE for part in parts):
        place.at("speech").fault(
            "it relays somebody, but no quote part asks whether they said so", 'give a part with role = "quote"'
        )


def _templates(raw: Mapping[str, Any], test: TestKind, place: Place) -> Templates:
    given = {name: raw[name] for name in _TEMPLATES if name in raw}
    for name, text in given.items():
        if problem := _template_fault(text, test):
            remedy = "use {value} for the figure found, where the test gives one, and no other brace"
            place.at(name).fault(problem, remedy)
    return Templates(**given)


def _claim(raw: Any, place: Place) -> Claim | None:
    before = len(place.faults)
    if not check(_CLAIM, raw, place):
        return None
    key = raw["id"]
    own = place.called(key)
    parts = [
        _part(key, entry, own.at("parts").at(number).called(entry["id"]), raw.get("mapped", False))
        for number, entry in enumerate(raw["parts"])
    ]
    _check_speech(raw, parts, own)
    texts = {name: raw[name] for name in ("paragraph", "topic", "speaker", "kind", "paraphrase", "best_reading")}
    at = own.at("related")
    related = tuple(_selector(entry, None, at.at(number)) for number, entry in enumerate(raw.get("related", [])))
    claim = Claim(
        claim_id=key,
        domain=Domain(raw["domain"]),
        parts=tuple(parts),
        speech=Speech(raw["speech"]),
        related=related,
        **texts,
        **{name: raw[name] for name in ("quotation", "split_note", "mapped") if name in raw},
    )
    return claim if len(place.faults) == before else None


def _template_fault(text: str, test: TestKind) -> str:
    """What is wrong with a template a part carries; empty when nothing is."""
    try:
        fields = [tuple(filter(None, rest)) for _, *rest in Formatter().parse(text) if rest[0] is not None]
    except ValueError:
        return "a brace is open or stands alone"
    odd = [field for field in fields if field != ("value",)]
    if odd:
        return f"unknown placeholder {{{''.join(odd[0])}}}"
    if fields and not (test.gives_figure or test is TestKind.DATE):
        return f"the test {test.value!r} gives no figure to put in place of {{value}}"
    return ""


def load_claims(path: Path, faults: list[Fault]) -> tuple[tuple[Claim, ...], set[str]]:
    """Read ``claims.toml``: the claims without a fault, and the ids of all, so that one fault does not make many."""
    if not files.exists(path.parent, path.name):
        faults.append(Fault(path.name, 0, "", "the file is missing", "restore it from the project's data folder"))
        return (), set()
    before = len(faults)
    found = entries(path, "claims", faults)
    if not found and len(faults) == before:
        faults.append(Fault(path.name, 0, "claims", "the file has no claim", "give at least one [[claims]]"))
    claims = [_claim(part, place) for part, place in found]
    seen: set[str] = set()
    for key, at in _ids(found):
        if key in seen:
            at.called(key).at("id").fault("the id stands twice", "give each claim and part an id of its own")
        seen.add(key)
    ids = {part["id"] for part, _ in found if isinstance(part, dict) and isinstance(part.get("id"), str)}
    return tuple(claim for claim in claims if claim), ids


def _ids(found: Iterable[tuple[Any, Place]]) -> Iterator[tuple[str, Place]]:
    """The ids of claims and parts with their places, as far as they are texts."""
    for part, place in found:
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("id"), str):
            yield part["id"], place
        parts = part.get("parts")
        if isinstance(parts, list):
            yield from _ids((item, place.at("parts").at(number)) for number, item in enumerate(parts))


def check_units(claims: Iterable[Claim], units: Collection[str], faults: list[Fault]) -> None:
    """The units of parts are those of ``units.csv``, whose names are ``units``: a fault for each other."""
    known = References("units.csv", "unit", units)
    for claim in claims:
        for part in claim.parts:
            if part.unit:
                known.check(part.unit, "claims.toml", 0, f"{part.part_id}: unit")
    faults += known.faults()
