"""What each of the later kinds of test needs in ``claims.toml``: its roles, its keys, and units that fit.

``analysis/kinds/`` holds one function for each. A part that declares what its test does not use is a fault, too: a bound that
nobody reads would look like one that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.forms import Day, Flag, Form, Number, Text
from claimaudit.dossier.method import Method
from claimaudit.dossier.toml_files import Place
from claimaudit.errors import Fault, nearest
from claimaudit.model import Claim, Observation, Part, TestKind

BOUNDS = ("at_least", "at_most", "more_than", "less_than", "value")
"""Keys that bound a figure a test works out; ``value`` asks for one of that size, with ``hedge``."""
_NOT_BELOW_0 = Number(0)
NUMBERS: dict[str, Form] = {
    "at_most": Number(),
    "more_than": Number(),
    "less_than": Number(),
    "step": _NOT_BELOW_0,
    "revision": _NOT_BELOW_0,
    "rate_of_output": Flag(),
    "sum": Flag(),
    "cause": Flag(),
    "listed": Flag(),
    "holders": Number(1, 100, whole=True),
    "points": Number(0, 1000),
    "times": Number(1, 1e6),
    "sample": Number(1, 1e9),
    "design_effect": Number(1, 100),
    "items": Number(1, 1e5, whole=True),
    "count": Number(0, 1e5, whole=True),
    "enough": Number(1e-6, 100),
}
"""Keys of a part that become its ``numbers`` (a flag as 0 or 1), beside those ``claims.py`` lists."""
WORDS: dict[str, Form] = {
    "word": Text(),
    "hedge": Text(choices=("about", "half", "up_to", "over")),
    "review": Day(),
    "due": Day(),
}
"""Keys of a part that are fields of their own."""


@dataclass(frozen=True)
class Declared:
    """What a kind of test asks of its part.

    ``roles`` of its rows, all needed, and ``may`` be given besides; ``needs`` and ``one_of`` are keys; ``uses`` further keys it
    may have. ``alike``: roles whose rows are of one dimension; ``in_unit``: roles whose rows can be converted to the part's unit.
    """

    roles: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    in_unit: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Every key it reads."""
        return frozenset((*self.needs, *self.one_of, *self.uses))


FACTORS = ("a", "b", "c", "d", "e", "f")
"""Roles of the inputs a product multiplies."""
_TURNS = ("rise", "fall")
DECLARED: dict[TestKind, Declared] = {
    TestKind.OF_THAT_SIZE: Declared(needs=("value", "unit"), uses=("hedge",), in_unit=("",)),
    TestKind.PRINTED_FIGURE: Declared(
        needs=("value", "step", "unit"), uses=("revision", "rate_of_output"), in_unit=("",)
    ),
    TestKind.HELD_BY: Declared(may=("", "first"), one_of=("holders", "word")),
    TestKind.RATIO: Declared(
        roles=("over", "under"), one_of=(*BOUNDS, "cause"), uses=("hedge", "sum"), alike=(("over", "under"),)
    ),
    TestKind.CHANGE: Declared(
        roles=("before", "after"),
        needs=("direction",),
        one_of=("word", "points", "share", "times"),
        uses=("sum",),
        directions=_TURNS,
        alike=(("before", "after"),),
    ),
    TestKind.RATE: Declared(
        roles=("events",),
        may=("exposure", "other_events", "other_exposure"),
        one_of=BOUNDS,
        uses=("hedge", "sum", "listed"),
        alike=(("events", "other_events"), ("exposure", "other_exposure")),
        in_unit=("exposure",),
    ),
    TestKind.TWO_SHARES: Declared(
        roles=("first", "then"),
        may=("size_first", "size_then"),
        needs=("direction",),
        uses=("at_least", "sample", "design_effect"),
        directions=_TURNS,
        alike=(("first", "then"), ("size_first", "size_then")),
    ),
    TestKind.LIST_STATE: Declared(one_of=(*BOUNDS[:4], "count", "word"), uses=("items",), alike=(("",),)),
    TestKind.PROMISE: Declared(
        roles=("promised", "outcome"), needs=("due",), uses=("enough",), alike=(("promised", "outcome"),)
    ),
    TestKind.PRODUCT: Declared(
        roles=FACTORS[:2], may=(*FACTORS[2:], "per"), needs=("unit",), one_of=(*BOUNDS, "cause"), uses=("hedge",)
    ),
    TestKind.FORECAST: Declared(needs=("review",), uses=(*BOUNDS, "hedge"), in_unit=("",)),
}
ROLES = {kind: (*item.roles, *item.may) for kind, item in DECLARED.items() if item.roles or item.may}
NEEDS = {kind: item.needs for kind, item in DECLARED.items()}
DIRECTIONS = {kind: item.directions for kind, item in DECLARED.items() if item.directions}
_TOGETHER = (("exposure", "other_exposure"), ("size_first", "size_then"))
"""Roles that are given both or none; exposures only where two rates are compared."""
_OWN = frozenset((*NUMBERS, *WORDS))


def check_declared(raw: Mapping[str, Any], test: TestKind, place: Place) -> None:
    """Has a part the bounds and roles its test needs, and nothing the test does not read."""
    item = DECLARED.get(test, Declared())
    for key in sorted((_OWN & set(raw)) - item.keys):
        place.at(key).fault(f"the test {test.value!r} does not use it", "take it out, or choose the test that does")
    if item.one_of and not set(item.one_of) & set(raw):
        last = f"{', '.join(item.one_of[:-1])} or {item.one_of[-1]}"
        bare = ", or for a bare rise or fall take the test 'trend'" if test is TestKind.CHANGE else ""
        place.at(item.one_of[0]).fault(f"the test {test.value!r} needs a bound", f"give {last}{bare}")
    given = {selector.get("role", "") for selector in raw.get("evidence", [])}
    for role in item.roles if given else ():
        if role not in given:
            problem = f"the test {test.value!r} has no rows for the role {role!r}"
            place.at("evidence").fault(problem, f"give a selector with role = {role!r}".replace("'", '"'))
    for one, other in _TOGETHER:
        both = {one, other} <= {*item.roles, *item.may} and ("other_events" in given or not one.startswith("e"))
        if both and (one in given) != (other in given):
            place.at("evidence").fault(f"of the roles {one!r} and {other!r} only one is given", "give both or none")
    if test is TestKind.TWO_SHARES and given and "sample" not in raw and "size_first" not in given:
        place.at("sample").fault(
            "the test 'two_shares' needs it", "give it, or rows of the roles size_first and size_then"
        )
    if test is TestKind.RATE and "other_events" not in given:
        if "unit" not in raw:
            place.at("unit").fault("a bound on one rate needs it", "give the unit of exposure that the bound is for")
        elif given and "exposure" not in given and raw["unit"] != "day":
            place.at("unit").fault(
                "without rows of the role 'exposure' a rate is per day", "write day, or give such rows"
            )
    if test is TestKind.FORECAST and set(BOUNDS) & set(raw) and "unit" not in raw:
        place.at("unit").fault("the bound of a forecast needs it", "give the unit of the bound")


def check_kinds(
    claims: Iterable[Claim], evidence: Evidence, units: pd.DataFrame, method: Method, faults: list[Fault]
) -> None:
    """Words of degree that their test can read, rows whose units, periods and measures fit, and a rank's entity among its rows.

    A fault for each other part.
    """
    parts = [part for claim in claims for part in claim.parts]
    for part in (part for part in parts if part.test in DECLARED):
        for key, problem, remedy in _misfits(part, evidence, units, method):
            faults.append(Fault("claims.toml", 0, f"{part.part_id}: {key}", problem, remedy))
    for part in (part for part in parts if part.test is TestKind.RANK):
        ranked = {row.entity for selector in part.evidence for row in evidence.matching(selector)}
        if ranked and part.entity not in ranked:
            remedy = nearest(part.entity, ranked) or "name one that its rows rank"
            faults.append(Fault("claims.toml", 0, f"{part.part_id}: entity", f"no row ranks {part.entity!r}", remedy))
    for part in (part for part in parts if part.test is TestKind.TREND):
        before, after = (_measures(part, evidence, role) for role in ("before", "after"))
        if before and after and not before & after:
            problem = f"rows before are of {_told(before)}, rows after of {_told(after)}"
            remedy = "select rows of one measure on both sides"
            faults.append(Fault("claims.toml", 0, f"{part.part_id}: evidence", problem, remedy))


def _measures(part: Part, evidence: Evidence, role: str) -> set[str]:
    return {row.measure for item in part.evidence if item.role == role for row in evidence.matching(item)}


def _told(names: Iterable[str]) -> str:
    return " and ".join(sorted(map(repr, names)))


def _misfits(part: Part, evidence: Evidence, units: pd.DataFrame, method: Method) -> Iterator[tuple[str, str, str]]:
    item = DECLARED[part.test]
    rows: dict[str, list[Observation]] = {}
    for selector in part.evidence:
        if selector.side == "auto":  # other rows speak by what they say, not by their figures
            rows.setdefault(selector.role, []).extend(evidence.matching(selector))
    dimension = units["dimension"].to_dict()
    for roles in item.alike:
        seen = {dimension[row.unit] for role in roles for row in rows.get(role, ())}
        if len(seen) > 1:
            told = " and ".join(sorted(map(repr, seen)))
            yield "evidence", f"rows of one side or of both are of {told}", "test rows of one dimension only"
    if part.unit:
        for role in item.in_unit:
            odd = {row.unit for row in rows.get(role, ()) if dimension[row.unit] != dimension[part.unit]}
            if odd:
                yield (
                    "evidence",
                    f"{min(odd)!r} cannot be converted to {part.unit!r}",
                    "test rows of one dimension only",
                )
    if part.test is TestKind.PRODUCT and all(role in rows for role in item.roles):
        yield from _product_units(part, rows, units)
    if part.test is TestKind.TWO_SHARES:
        odd = {row.unit for role in item.roles for row in rows.get(role, ()) if dimension[row.unit] != "share"}
        if odd:
            yield "evidence", f"{min(odd)!r} is no unit of a share", "give shares in percent or as a ratio"
    if part.test is TestKind.RATIO and part.unit and dimension[part.unit] != "share":
        yield "unit", f"a ratio cannot be in {part.unit!r}", "give percent, or leave the unit out"
    if part.numbers.get("sum"):
        yield from _twice(rows)
    if part.word:
        yield from _word(part, method)


def _product_units(
    part: Part, rows: Mapping[str, list[Observation]], units: pd.DataFrame
) -> Iterator[tuple[str, str, str]]:
    """The dimension of the inputs multiplied is that of the bound; each input is of one."""
    total: dict[str, int] = {}
    for role, found in sorted(rows.items()):
        if len({units.at[row.unit, "dimension"] for row in found}) > 1:
            yield (
                "evidence",
                f"rows of the role {role!r} are of several dimensions",
                "give each input rows of one dimension",
            )
            return
        sign = -1 if role == "per" else 1
        for name, power in powers(found[0].unit, units).items() if found else ():
            total[name] = total.get(name, 0) + sign * power
    asked = powers(part.unit, units)
    if {name: power for name, power in total.items() if power} != asked:
        told = " x ".join(name if power == 1 else f"{name}^{power}" for name, power in sorted(total.items()) if power)
        problem = f"the inputs multiplied are in {told or 'a plain number'}, not in {part.unit!r}"
        yield "unit", problem, "mend the unit, or the inputs"


def powers(unit: str, units: pd.DataFrame) -> dict[str, int]:
    """The dimensions a unit is made of, with their powers: ``USD/round`` is of dollars 1 and of rounds -1; a share is of none.

    ``units`` has a row a unit with its dimension. A unit whose two sides the table does not list stands for itself.
    """
    over, _, under = unit.partition("/")
    found: dict[str, int] = {}
    sides = [(over, 1), (under, -1)] if under and over in units.index and under in units.index else [(unit, 1)]
    for name, power in sides:
        kind = units.at[name, "dimension"]
        if kind != "share":
            found[kind] = found.get(kind, 0) + power
    return {name: power for name, power in found.items() if power}


def _twice(rows: Mapping[str, list[Observation]]) -> Iterator[tuple[str, str, str]]:
    """Rows to be added up that overlap within one count would be counted twice."""
    for role, found in sorted(rows.items()):
        for one, other in combinations(sorted(found, key=lambda row: row.observation_id), 2):
            count = (one.origin, one.variant, one.entity, one.measure) == (
                other.origin, other.variant, other.entity, other.measure,
            )  # fmt: skip
            if (
                one.observation_id != other.observation_id
                and count
                and one.start <= other.end
                and other.start <= one.end
            ):
                problem = (
                    f"{one.observation_id} and {other.observation_id} (role {role!r}) overlap, so a sum counts twice"
                )
                yield "evidence", problem, "select one of them"
                return


def _word(part: Part, method: Method) -> Iterator[tuple[str, str, str]]:
    degree = next((item for item in method.degrees.values() if part.word.lower() in item.words), None)
    fits = {
        TestKind.CHANGE: degree is not None and degree.of_change,
        TestKind.LIST_STATE: degree is not None and degree.of_share,
        TestKind.HELD_BY: degree is None or degree.holders is not None,
    }
    asks = {TestKind.CHANGE: "a change", TestKind.LIST_STATE: "a share of the whole", TestKind.HELD_BY: "holders"}
    if not fits[part.test]:
        yield (
            "word",
            f"the degree of {part.word!r} is not one of {asks[part.test]}",
            "give numbers, or another word or test",
        )
