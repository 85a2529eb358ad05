"""The parts of claims in ``claims.toml``: their form, their selectors, what their test and their role ask for.

The format, by example, stands in ``claims.py``; what the kinds of test over several rows need in ``kinds.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from claimaudit.dossier import kinds
from claimaudit.dossier.forms import NAME, UNIT_NAME, Day, Flag, Form, List, Number, Table, Text, check
from claimaudit.dossier.toml_files import Place
from claimaudit.model import Part, Role, Selector, Templates, TestKind

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
_LIST = List(Text(), least=1, alone=True)
_SELECTOR_LISTS = ("measure", "entity", "variant", "origin", "ids")
_SELECTOR_WORDS = ("side", "role", "says", "start", "end", "direct")
SELECTOR = Table(
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
MISLEADS = 60
"""Characters of a ``misleads``: it becomes a badge's reason."""
PART = Table(
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
        "evidence": List(SELECTOR),
        "note": Text(blank=True),
        **dict.fromkeys(_TEMPLATES, Text()),
        **_NUMBERS,
        **kinds.WORDS,
    },
    label="id",
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


def needs(test: TestKind) -> tuple[str, ...]:
    """What a test asks its part for, beside evidence."""
    return (*_NEEDS.get(test, ()), *(("tolerance",) if test is TestKind.ABOUT else ()))


def roles(test: TestKind) -> tuple[str, ...]:
    """The roles that a test's rows must have; none where rows without a role will do."""
    own = _ROLES.get(test, ())
    return () if "" in own else tuple(own)


def selector_of(raw: Mapping[str, Any], test: TestKind | None, place: Place) -> Selector:
    """A selector from its checked table; ``test`` is that of its part, ``None`` for rows that are only related to a claim."""
    if not any(name in raw for name in _SELECTOR_LISTS):
        place.fault("a selector names nothing", "give at least a measure, an origin or ids")
    roles = _ROLES.get(test, ()) if test else ()
    if roles and (raw.get("role") or "" not in roles):
        check(Text(choices=tuple(filter(None, roles))), raw.get("role", ""), place.at("role"))
    elif not roles and raw.get("role"):
        whose = f"the test {test.value!r}" if test else "a selector of related rows"
        place.at("role").fault(f"{whose} knows no roles", "take it out")
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


def part_of(claim: str, raw: Mapping[str, Any], place: Place, mapped: bool) -> Part:
    """A part from its checked table; what its test or role asks for and is missing becomes a fault."""
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
        evidence=tuple(selector_of(part, test, evidence.at(n)) for n, part in enumerate(raw.get("evidence", []))),
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
    if len(raw.get("misleads", "")) > MISLEADS:
        place.at("misleads").fault(
            f"it has {len(raw['misleads'])} characters, and the badge shows it whole",
            f"say in at most {MISLEADS} what was left out; the part's text may say more",
        )
    if raw.get("also") == role.value:
        place.at("also").fault(f"{role.value!r} is the part's role already", "name the other role, or take it out")


_WHY = {
    "why_detail": "say in one line why the sentence does the same job with the true value in its place",
    "why_core": "say in one line which conclusion of the passage no longer follows with another date",
}


def _templates(raw: Mapping[str, Any], test: TestKind, place: Place) -> Templates:
    given = {name: raw[name] for name in _TEMPLATES if name in raw}
    for name, text in given.items():
        if problem := _template_fault(text, test):
            remedy = (
                "use {value} for the figure found, or {fall} for a fall, where the test gives one, {probably} where that "
                "word would stand, and no other brace"
            )
            place.at(name).fault(problem, remedy)
    return Templates(**given)


def _template_fault(text: str, test: TestKind) -> str:
    """What is wrong with a template a part carries; empty when nothing is."""
    try:
        given = text.replace("{probably} ", "")
        fields = [tuple(filter(None, rest)) for _, *rest in Formatter().parse(given) if rest[0] is not None]
    except ValueError:
        return "a brace is open or stands alone"
    odd = [field for field in fields if field not in (("value",), ("fall",))]
    if odd:
        return f"unknown placeholder {{{''.join(odd[0])}}}"
    if fields and not (test.gives_figure or test is TestKind.DATE):
        return f"the test {test.value!r} gives no figure to put in place of {{{fields[0][0]}}}"
    return ""
