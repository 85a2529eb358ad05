"""``article.toml`` and ``claims.toml``: the audited text and its claims, split into elements.

The format, by example::

    [[claims]]
    id = "M02"
    paragraph = 3                 # counted over non-blank lines of the article, from 1
    domain = "military"           # or "economic"
    topic = "munitions"           # the notebook that audits it
    speaker = "Sky News security source"
    kind = "quantity"
    paraphrase = "About 300,000 shells went the same way in the same month"
    best_reading = "..."          # the claim as its author would most want it read

      [[claims.elements]]
      id = "M02.number"           # the claim's id, a dot, a word
      text = "About 300,000 items were shipped in the one cargo"
      aspect = "substance"        # or "attribution": did the speaker say so?
      essential = true            # does the claim fall with it?
      stated = true               # or: a detail the article prints, named in the claim's reason when it is refuted
      test = "about"              # see model.TestKind
      unit = "round"              # of the numbers below; converted to the measure's own unit
      value = 300_000
      tolerance = 0.25            # share of the value; or within = 1.0 in the unit
      fails = "it was {value}"    # how the sentence about it begins; also holds, open (neither right nor wrong)
      evidence = [ { measure = "shells_shipped", entity = "IRN-RUS", start = 2023-01-01, end = 2023-01-31 } ]

Selectors take ``measure``, ``entity``, ``variant``, ``origin`` and ``ids`` (a text or a list, ``*`` matches any text),
``side`` (``for`` / ``against``), ``role``, ``says`` (what the rows say on the element, in words) and ``start`` / ``end``.
A selector that matches no row is a fault.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from claimaudit.errors import Fault, nearest
from claimaudit.model import Article, Aspect, Claim, Domain, Element, Selector, Templates, TestKind

_CLAIM_KEYS = (
    "id", "paragraph", "domain", "topic", "speaker", "kind", "paraphrase", "best_reading", "elements",
)  # fmt: skip
_NUMBERS = ("value", "tolerance", "within", "low", "high", "rank", "share", "width", "at_least")
_TEMPLATES = ("holds", "fails", "open")
_ELEMENT_KEYS = (
    "id", "text", "aspect", "essential", "stated", "test", "unit", "direction", "entity", "from", "to", "evidence", "note",
    *_NUMBERS, *_TEMPLATES,
)  # fmt: skip
_SELECTOR_LISTS = ("measure", "entity", "variant", "origin", "ids")
_SELECTOR_KEYS = (*_SELECTOR_LISTS, "side", "role", "says", "start", "end")
_SIDES = ("auto", "for", "against")
_ROLES = {
    TestKind.TREND: ("before", "after"),
    TestKind.ORDER: ("first", "then"),
    TestKind.SIZE: ("part", "whole"),
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
}
_DIRECTIONS = {TestKind.RANK: ("highest", "lowest"), TestKind.TREND: ("rise", "fall")}


def read_toml(path: Path, faults: list[Fault]) -> tuple[dict[str, Any], str]:
    """The parsed file and its text; a fault and an empty table when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        return _parsed(text), text
    except FileNotFoundError:
        faults.append(Fault(path.name, 0, "", "the file is missing", "restore it from the project's data folder"))
    except UnicodeDecodeError as error:
        faults.append(Fault(path.name, 0, "", f"it is not UTF-8 ({error.reason})", "save the file as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(path.name, 0, "", f"it is not valid TOML ({error})", "mend the line named"))
    return {}, ""


@lru_cache(maxsize=16)
def _parsed(text: str) -> dict[str, Any]:
    """The parsed text, shared by all who read the same: nobody changes it. Parsing is half of loading a dossier."""
    return tomllib.loads(text)


def load_article(path: Path, faults: list[Fault]) -> Article | None:
    """Read ``article.toml``."""
    raw, _ = read_toml(path, faults)
    if not raw:
        return None
    before = len(faults)
    for key in ("title", "author", "publisher", "url", "language"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            faults.append(Fault(path.name, 0, key, "the text is missing", "give it"))
    for key in ("published", "compiled"):
        if not isinstance(raw.get(key), date):
            faults.append(Fault(path.name, 0, key, "the day is missing", "write a day as 2023-03-14"))
    for key in set(raw) - set(Article.__dataclass_fields__):
        remedy = nearest(key, Article.__dataclass_fields__) or "take it out"
        faults.append(Fault(path.name, 0, key, "the entry is not known", remedy))
    return Article(**raw) if len(faults) == before else None


class _Reader:
    """Walks the claims of one file and collects faults with the line of the claim or element they concern."""

    def __init__(self, name: str, text: str, faults: list[Fault]) -> None:
        self.name, self.faults = name, faults
        self.lines = {
            line.split("=", 1)[1].split("#")[0].strip().strip("\"'"): number
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip().startswith("id ") or line.strip().startswith("id=")
        }

    def fault(self, key: str, column: str, problem: str, remedy: str) -> None:
        shown = f"{key}: {column}" if column else key
        self.faults.append(Fault(self.name, self.lines.get(key, 0), shown, problem, remedy))

    def keys(self, key: str, table: Mapping[str, Any], known: Iterable[str], needed: Iterable[str]) -> None:
        for name in table:
            if name not in known:
                self.fault(key, name, "the entry is not known", nearest(name, known) or "take it out")
        for name in needed:
            if name not in table:
                self.fault(key, name, "the entry is missing", "give it")

    def choice(self, key: str, column: str, value: Any, known: Iterable[str]) -> bool:
        known = list(known)
        if value in known:
            return True
        remedy = nearest(str(value), known) or f"use one of {', '.join(known)}"
        self.fault(key, column, f"unknown {column} {value!r}", remedy)
        return False

    def selector(self, key: str, raw: Mapping[str, Any], test: TestKind) -> Selector | None:
        before = len(self.faults)
        self.keys(key, raw, _SELECTOR_KEYS, ())
        if not any(name in raw for name in _SELECTOR_LISTS):
            self.fault(key, "evidence", "a selector names nothing", "give at least a measure, an origin or ids")
        if "side" in raw:
            self.choice(key, "side", raw["side"], _SIDES)
        roles = _ROLES.get(test, ())
        if roles or "role" in raw:
            self.choice(key, "role", raw.get("role", ""), roles or ("",))
        for name in ("start", "end"):
            if name in raw and not isinstance(raw[name], date):
                self.fault(key, name, f"{raw[name]!r} is not a date", "write a day as 2023-03-14")
        if len(self.faults) > before:
            return None
        lists = {
            name: tuple([raw[name]] if isinstance(raw[name], str) else raw[name])
            for name in _SELECTOR_LISTS
            if name in raw
        }
        rest = {name: raw[name] for name in ("side", "role", "says", "start", "end") if name in raw}
        return Selector(**lists, **rest)

    def templates(self, key: str, raw: Mapping[str, Any], test: TestKind) -> Templates:
        given = {name: raw[name] for name in _TEMPLATES if name in raw}
        for name, text in given.items():
            if not isinstance(text, str):
                self.fault(key, name, f"{text!r} is not a text", "give a text")
            elif problem := _template_fault(text, test):
                self.fault(
                    key, name, problem, "use {value} for the figure found, where the test gives one, and no other brace"
                )
        return Templates(**given)

    def element(self, claim: str, raw: Mapping[str, Any]) -> Element | None:
        before = len(self.faults)
        key = str(raw.get("id", "")) or claim
        self.keys(key, raw, _ELEMENT_KEYS, ("id", "text", "aspect", "essential", "test"))
        if not key.startswith(f"{claim}.") or key == f"{claim}.":
            self.fault(key, "id", f"an element of {claim} cannot be called {key!r}", f"start it with '{claim}.'")
        aspect_ok = self.choice(key, "aspect", raw.get("aspect"), [aspect.value for aspect in Aspect])
        test_ok = self.choice(key, "test", raw.get("test"), [kind.value for kind in TestKind])
        if not aspect_ok or not test_ok:
            return None
        test = TestKind(raw["test"])
        for name in _NEEDS.get(test, ()):
            if name not in raw:
                self.fault(key, name, f"the test {test.value!r} needs it", "give it")
        if test is TestKind.ABOUT and not {"tolerance", "within"} & set(raw):
            self.fault(key, "tolerance", "the test 'about' needs it", "give a share, or within = a number in the unit")
        for name in _NUMBERS:
            value = raw.get(name, 0)
            if isinstance(value, bool) or not isinstance(value, int | float):
                self.fault(key, name, f"{value!r} is not a number", "give a number")
        if test in _DIRECTIONS and "direction" in raw:
            self.choice(key, "direction", raw["direction"], _DIRECTIONS[test])
        if not raw.get("evidence") and test is not TestKind.MODEL and "note" not in raw:
            self.fault(key, "evidence", "the element has no evidence", "give a selector, or a note why none exists")
        templates = self.templates(key, raw, test)
        selectors = [self.selector(key, part, test) for part in raw.get("evidence", [])]
        if len(self.faults) > before:
            return None
        return Element(
            element_id=key,
            claim_id=claim,
            text=raw["text"],
            aspect=Aspect(raw["aspect"]),
            essential=bool(raw["essential"]),
            test=test,
            unit=raw.get("unit", ""),
            numbers={name: float(raw[name]) for name in _NUMBERS if name in raw},
            window=(raw["from"], raw["to"]) if "from" in raw and "to" in raw else None,
            direction=raw.get("direction", ""),
            entity=raw.get("entity", ""),
            evidence=tuple(selector for selector in selectors if selector),
            note=raw.get("note", ""),
            stated=bool(raw.get("stated", False)),
            templates=templates,
        )

    def claim(self, raw: Mapping[str, Any]) -> Claim | None:
        before = len(self.faults)
        key = str(raw.get("id", "?"))
        self.keys(key, raw, _CLAIM_KEYS, _CLAIM_KEYS)
        if "domain" in raw:
            self.choice(key, "domain", raw["domain"], [domain.value for domain in Domain])
        if not isinstance(raw.get("paragraph", 0), int):
            self.fault(key, "paragraph", f"{raw['paragraph']!r} is not a whole number", "count non-blank lines from 1")
        elements = [self.element(key, part) for part in raw.get("elements", [])]
        if "elements" in raw and not raw["elements"]:
            self.fault(key, "elements", "the claim has no element", "give at least one")
        if len(self.faults) > before:
            return None
        texts = {name: raw[name] for name in ("topic", "speaker", "kind", "paraphrase", "best_reading")}
        return Claim(
            claim_id=key,
            paragraph=raw["paragraph"],
            domain=Domain(raw["domain"]),
            elements=tuple(element for element in elements if element),
            **texts,
        )


def _template_fault(text: str, test: TestKind) -> str:
    """What is wrong with a template a part carries; empty when nothing is."""
    try:
        fields = [tuple(filter(None, rest)) for _, *rest in Formatter().parse(text) if rest[0] is not None]
    except ValueError:
        return "a brace is open or stands alone"
    odd = [field for field in fields if field != ("value",)]
    if odd:
        return f"unknown placeholder {{{''.join(odd[0])}}}"
    if fields and not (test.is_quantity or test is TestKind.MODEL):
        return f"the test {test.value!r} gives no figure to put in place of {{value}}"
    return ""


def load_claims(path: Path, faults: list[Fault]) -> tuple[tuple[Claim, ...], set[str]]:
    """Read ``claims.toml``: the claims without a fault, and the ids of all, so that one fault does not make many."""
    before = len(faults)
    raw, text = read_toml(path, faults)
    if len(faults) > before:
        return (), set()
    reader = _Reader(path.name, text, faults)
    for key in set(raw) - {"claims"}:
        reader.fault(key, "", "the entry is not known", "take it out: the file is a list of [[claims]]")
    if not raw.get("claims"):
        reader.fault("claims", "", "the file has no claim", "give at least one [[claims]]")
    claims = [reader.claim(part) for part in raw.get("claims", [])]
    ids = [part.get("id") for part in raw.get("claims", [])]
    ids += [element.get("id") for part in raw.get("claims", []) for element in part.get("elements", [])]
    for key in sorted({str(key) for key in ids if ids.count(key) > 1}):
        reader.fault(key, "id", "the id stands twice", "give each claim and element an id of its own")
    return tuple(claim for claim in claims if claim), {str(part.get("id")) for part in raw.get("claims", [])}
