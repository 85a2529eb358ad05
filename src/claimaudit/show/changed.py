"""What a card of a what-if says first: under which condition the claim was judged, in the words of its parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from claimaudit.analysis.parameters import declared
from claimaudit.html import Html, tag
from claimaudit.model import Claim, TestKind
from claimaudit.verdict.audit import Audit


def changed(parameters: Any) -> dict[str, Any]:
    """Parameters of a topic that are not as usual; a day that is judged, too, changes nothing."""
    if parameters is None:
        return {}
    return {
        item.name: value
        for item in fields(parameters)
        if item.name != "as_of" and (value := getattr(parameters, item.name)) != item.default
    }


def turned(parameters: Any) -> list[str]:
    """Each changed parameter in words, with its usual value."""
    known = declared(parameters) if parameters is not None else {}
    return [
        f"{known[name].help if name in known else name}: {value} instead of {getattr(type(parameters)(), name)}"
        for name, value in changed(parameters).items()
    ]


def condition(audit: Audit, claim: Claim) -> Html:
    """What was changed, as a line of a claim's card; an empty piece where all is as usual, or no model judges the claim."""
    told = turned(audit.parameters)
    if not told or not any(part.test is TestKind.MODEL for part in claim.parts):
        return Html("")
    return what_if(told)


def what_if(told: Iterable[str]) -> Html:
    """The mark of what is no audit: what was changed, in words."""
    said = "; ".join(told)
    return tag(
        "p", tag("strong", "What if, not the audit. "), f"{said[:1].upper()}{said[1:]}.", class_="ca-if", role="note"
    )
