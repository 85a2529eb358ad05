"""``article.toml`` and ``claims.toml``: the audited text and its claims, split into parts.

``article.toml`` holds title, author, publisher, published, url, language and compiled; author and url may be blank, and
``author_is = "organisation"`` says what the author is. Who makes the audit, every entry optional::

    [audit]
    title = "Figs, audited"  # how the audit is cited
    authors = ["A. Checker"]
    publisher = "The Checkers"  # who answers for it, named in ClaimReview and feed
    version = "1.0"
    base_url = "https://example.org/figs/"  # where its pages stand: addresses for others are then absolute
    language = "en"  # that of its pages

The format of the claims, by example::

    [[claims]]
    id = "M02"
    paragraph = 3                 # counted over non-blank lines of the article, from 1
    domain = "harbours"           # what part of life it is about: a word of the dossier's own
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
      misleads = "..."            # of context: what was left out, for the badge, in at most 60 characters
      also = "detail"             # another role that a careful reader gave it; tried as a reading
      unread = true               # the text that would settle it was looked for and not read
      saying = true               # it asks whether something was said, whatever its test (quotes and statements always do)
      test = "about"              # see model.TestKind
      unit = "round"              # of the numbers below; converted to the measure's own unit
      value = 300_000
      tolerance = 0.25            # share of the value; or within = 1.0 in the unit
      fails = "it was {value}"    # what is said of it; also holds, open; {fall}: no minus; {probably}: that word's place
      evidence = [ { measure = "shells_shipped", entity = "IRN-RUS", start = 2023-01-01, end = 2023-01-31 } ]

Selectors take ``measure``, ``entity``, ``variant``, ``origin`` and ``ids`` (a text or a list, ``*`` matches any text),
``side`` (``for`` / ``against``), ``role``, ``says`` (what the rows say on the part, in words) and ``start`` / ``end``;
``direct = false`` marks evidence at one remove. A claim may have ``related``: selectors of rows that are shown with it and
test no part of it. A selector that matches no row is a fault. What the kinds over several rows need stands in ``kinds.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from claimaudit.dossier import files
from claimaudit.dossier.forms import NAME, Day, Flag, List, Number, Table, Text, check
from claimaudit.dossier.parts import PART, SELECTOR, part_of, selector_of
from claimaudit.dossier.toml_files import Place, entries, read_toml
from claimaudit.errors import Fault, References
from claimaudit.model import Article, Claim, Imprint, Part, Role, Speech

KINDS = (
    "hedge", "forecast", "cause", "rank", "trend", "list", "event", "halt", "state", "attribute", "quantity", "quotation",
)  # fmt: skip
"""Kinds of statement, in the codebook's order of precedence."""
LONGEST_QUOTATION = 25
"""Most words of a quotation."""
_CLAIM = Table(
    {
        "id": NAME,
        "paragraph": Number(1, 1_000_000, whole=True),
        "domain": Text(),
        "topic": NAME,
        "speaker": Text(),
        "speech": Text(choices=tuple(speech.value for speech in Speech)),
        "kind": Text(choices=KINDS),
        "paraphrase": Text(),
        "best_reading": Text(),
        "parts": List(PART, least=1),
    },
    {"quotation": Text(), "split_note": Text(), "mapped": Flag(), "related": List(SELECTOR)},
    label="id",
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_CODE = Text(_LANGUAGE, "write a code such as 'en' or 'pt-BR'")
_ARTICLE = Table(
    {
        "title": Text(),
        "author": Text(blank=True),
        "publisher": Text(),
        "published": Day(),
        "url": Text(blank=True),
        "language": _CODE,
        "compiled": Day(),
    },
    {
        "author_is": Text(choices=("person", "organisation")),
        "audit": Table(
            {},
            {
                "title": Text(),
                "authors": List(Text(), least=1, most=100),
                "publisher": Text(),
                "version": Text(),
                "base_url": Text(
                    re.compile(r"https?://[^\s?#]+/"), "write an address such as https://example.org/audit/"
                ),
                "contact": Text(
                    re.compile(r"(?:https?://|mailto:)\S+"), "write an address that starts with https:// or mailto:"
                ),
                "language": _CODE,
            },
        ),
    },
)


def load_article(path: Path, faults: list[Fault]) -> Article | None:
    """Read ``article.toml``; ``None`` with faults where something is wrong in it."""
    read = read_toml(path, faults)
    if read is None or not check(_ARTICLE, read.data, read.place):
        return None
    own = {name: value for name, value in read.data.items() if name != "audit"}
    imprint = dict(read.data.get("audit", {}))
    article = Article(**own, imprint=Imprint(**imprint | {"authors": tuple(imprint.get("authors", ()))}))
    if article.url and not article.url.startswith(("https://", "http://")):
        read.place.at("url").fault(
            f"{article.url!r} is no web address", 'start it with https://, or leave it blank: ""'
        )
        return None
    if article.published == article.compiled:
        problem = f"the dossier was compiled on the day it was published ({article.compiled}), so that nothing was known later"
        read.place.at("compiled").fault(problem, "give a later day, on which the evidence was closed")
        return None
    if article.published > article.compiled:
        problem = f"it was published ({article.published}) after the dossier was compiled ({article.compiled})"
        read.place.at("published").fault(problem, "mend one of the two days")
        return None
    return article


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


def _claim(raw: Any, place: Place) -> Claim | None:
    before = len(place.faults)
    if not check(_CLAIM, raw, place):
        return None
    key = raw["id"]
    own = place.called(key)
    parts = [
        part_of(key, entry, own.at("parts").at(number).called(entry["id"]), raw.get("mapped", False))
        for number, entry in enumerate(raw["parts"])
    ]
    _check_speech(raw, parts, own)
    texts = {
        name: raw[name] for name in ("paragraph", "domain", "topic", "speaker", "kind", "paraphrase", "best_reading")
    }
    at = own.at("related")
    related = tuple(selector_of(entry, None, at.at(number)) for number, entry in enumerate(raw.get("related", [])))
    claim = Claim(
        claim_id=key,
        parts=tuple(parts),
        speech=Speech(raw["speech"]),
        related=related,
        **texts,
        **{name: raw[name] for name in ("quotation", "split_note", "mapped") if name in raw},
    )
    return claim if len(place.faults) == before else None


def load_claims(path: Path, faults: list[Fault]) -> tuple[tuple[Claim, ...], set[str]]:
    """Read ``claims.toml``: the claims without a fault, and the ids of all, so that one fault does not make many."""
    if not files.exists(path.parent, path.name):
        faults.append(
            Fault(path.name, 0, "", "the file is missing", "restore it, or begin with a copy of another dossier's")
        )
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
