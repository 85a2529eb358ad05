"""The stylesheet of a page: both sheets as one, cut to what the page holds."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources
from itertools import accumulate
from typing import TypeAlias

from claimaudit.html import card_style

_Rules: TypeAlias = "tuple[tuple[str, str, _Rules], ...]"
"""Rules in order: the selectors, what they set, and the rules inside where it is a condition such as ``@media``."""
_CLASSES = re.compile(r'class="([^"]*)"')
_ALWAYS = ("what-if",)
"""Classes a page may be given when it is finished."""


def style(body: str) -> str:
    """The stylesheet of a page: without comments and indents, and without the rules for what the page does not hold."""
    return "\n".join([*_used(_rules(), {*_ALWAYS, *" ".join(_CLASSES.findall(body)).split()}), ""])


@functools.cache
def _rules() -> _Rules:
    """The whole stylesheet as its rules."""
    own = resources.files("claimaudit.publish").joinpath("page.css").read_text(encoding="utf-8")
    plain = re.sub(r"/\*.*?\*/", "", card_style() + own, flags=re.DOTALL)
    return _parsed("\n".join(line.strip() for line in plain.splitlines() if line.strip()))


_DEPTH = {"{": 1, "}": -1}


def _parsed(style: str) -> _Rules:
    """A stylesheet without comments as rules; only conditions hold rules of their own."""
    found: list[tuple[str, str, _Rules]] = []
    while style.strip():
        head, _, rest = style.partition("{")
        depth = accumulate((_DEPTH.get(sign, 0) for sign in rest), initial=1)
        end = next((place for place, level in enumerate(depth) if not level), len(rest) + 1) - 1
        inside, style = rest[:end].strip(), rest[end + 1 :]
        nested = head.lstrip().startswith(("@media", "@supports"))
        found.append((head.strip(), "" if nested else inside, _parsed(inside) if nested else ()))
    return tuple(found)


def _used(rules: _Rules, classes: set[str]) -> Iterator[str]:
    """The rules that may set something on a page with these classes; what stands in brackets is not held against one."""
    for head, inside, nested in rules:
        if nested:
            own = list(_used(nested, classes))
            if own:
                yield "\n".join([f"{head} {{", *own, "}"])
        elif head.startswith("@") or any(needed <= classes for needed in _needed(head)):
            yield f"{head} {{ {inside} }}"


@functools.cache
def _needed(selectors: str) -> tuple[frozenset[str], ...]:
    """The classes each of some selectors asks for, those in brackets left out."""
    while selectors != (bare := re.sub(r"\([^()]*\)|\[[^\]]*\]", "", selectors)):
        selectors = bare
    return tuple(frozenset(re.findall(r"\.([A-Za-z][\w-]*)", one)) for one in selectors.split(","))
