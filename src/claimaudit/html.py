"""HTML that notebooks and reports show: escaped by default, without scripts, styled by one stylesheet.

``tag`` builds an element and escapes every text child; only ``Html`` goes in as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from claimaudit.inert import html as escape

__all__ = ["Html", "card_style", "escape", "join", "tag", "wrapped"]

_VOID = ("br", "col", "hr", "img", "input", "meta")
_SHAPES = ("circle", "line", "path", "polyline", "rect")
"""Drawn elements: unlike the void ones they must be closed, or all that follows is taken to stand inside them."""


@functools.cache
def card_style() -> str:
    """The stylesheet of everything this package shows; every rule is bound to the class ``ca``."""
    return resources.files("claimaudit").joinpath("cards.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Html:
    """A piece of finished HTML. Shown in a notebook it brings its stylesheet along; reports strip that again."""

    text: str

    def _repr_html_(self) -> str:
        return f'<style>{card_style()}</style><div class="mathjax_ignore">{self.text}</div>'  # a dollar is no formula

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Html) -> Html:
        return Html(self.text + other.text)


def join(parts: Iterable[Html | str], between: Html | str = "") -> Html:
    """One piece from many; plain strings are escaped."""
    return Html(_inner(between).join(map(_inner, parts)))


def tag(name: str, *children: Html | str, **attributes: str | int | float | bool | None) -> Html:
    """An element. ``class_`` and ``for_`` lose the underscore, ``aria_label`` becomes ``aria-label``.

    Attributes that are ``None`` or ``False`` are left out, ``True`` stands alone.
    """
    opening = f"<{name}"
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        shown = _attribute(key)
        opening += f" {shown}" if value is True else f' {shown}="{_escaped(str(value))}"'
    if not children and name in _VOID:
        return Html(f"{opening}>")
    if not children and name in _SHAPES:
        return Html(f"{opening}/>")
    return Html(f"{opening}>{''.join(map(_inner, children))}</{name}>")


def wrapped(kind: str, *children: Html | str) -> Html:
    """The outer box of everything shown by itself: it carries the class the stylesheet is bound to."""
    return tag("div", *children, class_=f"ca ca-{kind}")


@functools.cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _inner(child: Html | str) -> str:
    return child.text if isinstance(child, Html) else _escaped(child)


@functools.lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """A report names the same rows, publishers and classes over and over."""
    return escape(text)
