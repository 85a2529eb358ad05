"""What moved, why, and the claims over time, as the command line prints it: lines, a terminal's table, Markdown, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from claimaudit import formats, inert
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Vintage
from claimaudit.run.sides import Compared
from claimaudit.verdict.accepted import Difference, drift
from claimaudit.verdict.diff import Change, What, summary
from claimaudit.verdict.history import dues, sentence
from claimaudit.verdict.history import table as days_of
from claimaudit.verdict.timeline import Step

_MOST = 12
"""Differences of weights alone that a review tells one by one."""
_HEADS = ("claim or part", "date", "what", "old", "new", "why")


def _why(found: Compared, change: Change) -> str:
    return found.why[change].words if change in found.why else "not looked for: both dossiers are not at hand"


def _cells(found: Compared, change: Change) -> tuple[str, ...]:
    own = (change.key, Vintage(change.vintage).words, change.what.value, change.before, change.now)
    return (*own, _why(found, change)) if found.explained else own


def table(found: Compared) -> Table:
    """What moved, for a terminal."""
    title = f"{found.old.name} -> {found.new.name}: {summary(found.moved)}"
    shown = Table(box=box.SIMPLE_HEAD, title=Text(inert.terminal(title)), title_justify="left", pad_edge=False)
    for name in _HEADS if found.explained else _HEADS[:-1]:
        shown.add_column(name, overflow="fold")
    for change in found.moved:
        shown.add_row(*(Text(inert.terminal(cell)) for cell in _cells(found, change)))
    return shown


def plain(found: Compared) -> str:
    """What moved, a line each with its cause, and a last line that sums up."""
    lines = []
    for change in found.moved:
        lines.append(inert.line(change.words))
        lines += [inert.line(f"    by {found.why[change].words}")] if change in found.why else []
    return "\n".join([*lines, f"{found.old.name} -> {found.new.name}: {summary(found.moved)}"])


def markdown(found: Compared) -> str:
    """What moved as a table in Markdown, under a line that sums up."""
    head = f"**{_cell(found.old.name)} → {_cell(found.new.name)}: {summary(found.moved)}**"
    if not found.moved:
        return head
    names = _HEADS if found.explained else _HEADS[:-1]
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(map(_cell, _cells(found, change)))} |" for change in found.moved]
    return "\n".join([head, "", *lines])


def _cell(text: str) -> str:
    """A text of the dossier in a table of Markdown: no markup, no mention, no link, no HTML of it is read."""
    return re.sub(r"([\\`*_\[\]|~#@!])", r"\\\1", inert.line(text)).replace("<", "&lt;").replace("://", ":&#47;/")


def as_json(found: Compared, differences: int | None = None) -> str:
    """The same as JSON: ``old``, ``new``, ``changes`` (with ``causes``, ``together``, ``program``), ``differences`` of a check."""
    whole: dict[str, object] = {"old": found.old.name, "new": found.new.name, "changes": list(_records(found))}
    if differences is not None:
        whole["differences"] = differences
    return json.dumps(whole, indent=2)


def _records(found: Compared) -> Iterator[dict[str, object]]:
    for change in found.moved:
        own: dict[str, object] = {
            "claim_id": change.claim_id,
            "part_id": change.part_id,
            "vintage": change.vintage,
            "what": change.what.value,
            "old": change.before,
            "new": change.now,
        }
        if change in found.why:
            cause = found.why[change]
            own |= {"causes": [piece.words for piece in cause.alone], "program": cause.program}
            own["together"] = [piece.words for piece in cause.together]
        yield own


# -- claimaudit check, and the end of a build -------------------------------------------------------------------------


def review(found: Compared, differences: Sequence[Difference]) -> str:
    """A short review: what moved and why, what only weighs otherwise, what to do. One line where all is as accepted."""
    failures = drift(differences)
    last = (
        f"{len(failures):,} differences from the accepted verdicts, {len(differences) - len(failures):,} other wordings"
    )
    if not failures:
        return last
    lines = (
        ["What moved:"]
        if found.moved
        else ["No label, rating, confidence or likelihood moved by 5 points; weights did."]
    )
    for change in found.moved:
        lines.append(f"  {inert.line(change.words)}")
        lines += [f"      by {inert.line(found.why[change].words)}"] if change in found.why else []
    told = {change.where for change in found.moved}
    rest = [item for item in failures if item.key not in told]
    lines += ["What weighs otherwise:"] * bool(rest) + [f"  {inert.line(str(item))}" for item in rest[:_MOST]]
    lines += [f"  ... and {len(rest) - _MOST:,} more"] * (len(rest) > _MOST)
    return "\n".join([*lines, "What to do:", *(f"  {line}" for line in _to_do(found)), last])


def _to_do(found: Compared) -> list[str]:
    claims = list(dict.fromkeys(change.claim_id for change in found.moved))
    look = f"claimaudit explain {claims[0]}" if claims else "claimaudit diff"
    return [
        f"If it is not meant: look at it with '{look}', and mend what did it.",
        'If it is meant: claimaudit accept --note "why, in a sentence for readers"; commit both files it writes.',
    ]


def review_markdown(found: Compared, differences: Sequence[Difference]) -> str:
    """The same for a comment on a pull request."""
    failures = drift(differences)
    if not failures:
        return "**Every verdict is as accepted.**"
    count = f"{len(failures):,} cells differ from the accepted verdicts."
    todo = "\n".join(f"- {line}" for line in _to_do(found))
    return f"{markdown(found)}\n\n{count}\n\n{todo}"


def two_lines(moved: Sequence[Change]) -> list[str]:
    """What a build moved from the accepted verdicts: how much with the ratings, and where to read on; one line of nothing."""
    if not moved:
        return ["no verdict moved from those accepted"]
    ratings = [f"{item.key} {item.before} -> {item.now}" for item in moved if item.what is What.RATING]
    shown = "; ".join(map(inert.line, ratings[:3])) + (f"; and {len(ratings) - 3} more" if len(ratings) > 3 else "")
    first = f"{summary(moved)}, from those accepted{': ' + shown if shown else ''}"
    return [first, "see 'claimaudit diff' for what did it, 'claimaudit check' for what to do"]


# -- claimaudit timeline ----------------------------------------------------------------------------------------------


def over_time(dossier: Dossier, found: Mapping[str, Sequence[Step]], *, days: bool) -> Iterator[str]:
    """A line a claim; with ``days`` a line each day on which it could have changed; then what falls due."""
    rows = days_of(found)
    for name, steps in found.items():
        yield inert.line(f"{name}: {sentence(steps, dossier.article)}")
        for row in rows if days else ():
            if row["claim_id"] == name:
                yield f"    {row['day']}  {inert.line(_day(row))}"
    listed = dues(dossier)
    coming = [item for item in listed if not item.passed]
    if coming:
        yield f"next due: {inert.line(coming[0].words)}"
    elif listed:
        closed = formats.day(dossier.article.compiled)
        yield f"nothing falls due after {closed}; last: {inert.line(listed[0].words)}"


def _day(row: Mapping[str, str]) -> str:
    rating = row["rating"] + (f" ({row['rating_reason']})" if row["rating_reason"] else "")
    known = row["known"].split(";") if row["known"] else []
    rows = f"; known: {', '.join(known[:3])}{f' and {len(known) - 3} more' if len(known) > 3 else ''}" if known else ""
    return f"{rating}{'; ' + row['confidence'] if row['confidence'] else ''}{rows}"
