"""Judge it yourself: claims drawn by a seed with sentence and evidence, a reader's judgements as a table, the comparison.

Nothing here shows what the program makes of a claim before the reader's own table is compared. The widgets stand in
``judge_panel.py``; whoever has none makes the table by hand, as ``by_hand`` tells.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claimaudit import formats, inert
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.files import NAME
from claimaudit.dossier.judgements import COLUMNS, FOLDER, UNNAMED, Judgement, Judgements
from claimaudit.errors import ParameterError
from claimaudit.html import Html, join, tag
from claimaudit.model import Claim, Vintage
from claimaudit.outcome import Verdict
from claimaudit.show.badges import part_mark
from claimaudit.show.evidence_html import claim_evidence
from claimaudit.show.html_tables import rows_table
from claimaudit.verdict.agreement import Differing, compare
from claimaudit.verdict.audit import Audit, audit

FILE = "labels.csv"


@dataclass(frozen=True, repr=False)
class Drawn:
    """Claims drawn to be judged, in the article's order, with the audits of their topics, which are not shown."""

    claims: tuple[Claim, ...]
    audits: Mapping[str, Audit]

    def __repr__(self) -> str:
        return (
            f"<{formats.count(len(self.claims), 'claim')} to judge: {', '.join(item.claim_id for item in self.claims)}>"
        )

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The program's own verdicts in hindsight, by claim id: for the comparison alone."""
        return {
            item.claim_id: self.audits[item.topic].verdict(item.claim_id, Vintage.HINDSIGHT) for item in self.claims
        }


def draw(known: Dossier, number: int = 10, seed: int = 1) -> Drawn:
    """``number`` of a dossier's claims (all, where it has fewer), each as likely as any other; one seed draws the same ones.

    Raises ``ParameterError`` where that is no number of claims, ``ModelError`` where a topic's model cannot judge.
    """
    if number < 1:
        raise ParameterError(f"{number} claims cannot be judged; draw 1 or more")
    chosen = np.random.default_rng(seed).permutation(len(known.claims))[:number]
    claims = tuple(known.claims[place] for place in sorted(chosen))
    return Drawn(claims, {topic: audit(known, topic) for topic in dict.fromkeys(claim.topic for claim in claims)})


# -- what is judged -------------------------------------------------------------------------------------------------------


def sentence(claim: Claim) -> Html:
    """What is judged: the words that carry the claim, where they stand, and what they say as a whole."""
    place = tag("p", tag("strong", claim.claim_id), f", paragraph {claim.paragraph}, said by {claim.speaker}")
    quoted = [tag("blockquote", f"“{claim.quotation}”", class_="ca-claimed")] if claim.quotation else []
    return tag("div", place, *quoted, tag("p", tag("span", claim.paraphrase, class_="ca-claimed")))


def sheet(drawn: Drawn, claim: Claim) -> Html:
    """A claim's sentence, and its evidence behind one line."""
    shown = claim_evidence(drawn.audits[claim.topic], claim.claim_id)
    fold = tag("details", tag("summary", f"The evidence on {claim.claim_id}"), shown, class_="ca-more")
    return tag("div", sentence(claim), fold, class_="ca")


def sheets(drawn: Drawn) -> Html:
    """All that is judged on one page, to read or print."""
    title = f"All {formats.count(len(drawn.claims), 'claim')} with their evidence on one page"
    own = [sheet(drawn, claim) for claim in drawn.claims]
    return tag("div", tag("details", tag("summary", title), *own, class_="ca-more"), class_="ca")


# -- the reader's table ---------------------------------------------------------------------------------------------------


def table_text(items: Iterable[Judgement]) -> str:
    """Judgements as the table that ``claimaudit agree`` reads; a text that a spreadsheet would take for a formula is none there."""
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(COLUMNS)
    for item in items:
        reader = "" if item.reader == UNNAMED else item.reader
        texts = [inert.cell(inert.line(text).strip()) for text in (reader, item.note)]
        table.writerow([item.claim_id, item.value, item.confidence, texts[0], item.day or "", texts[1]])
    return buffer.getvalue()


def by_hand(drawn: Drawn) -> str:
    """What to do where no widgets are shown."""
    rows = "\n".join(f"{claim.claim_id}{',' * (len(COLUMNS) - 1)}" for claim in drawn.claims)
    return (
        "No menus and buttons below? Then judge by hand: save these lines as labels.csv, give each claim a badge\n"
        'by the codebook (Right, "Right, but", Partly right, Unproven or Wrong; with quotation marks where it has a\n'
        "comma) and, unless it is unproven, a confidence (strong, moderate, thin).\n\n"
        f"{','.join(COLUMNS)}\n{rows}\n\n"
        "Then run, in a terminal: claimaudit agree labels.csv"
    )


def save(folder: Path, name: str, text: str, *, replace: bool = False) -> bool:
    """Write a table into a folder, whole; False, and nothing touched, where something of the name is there and is not to go.

    Raises ``ParameterError`` where the name is none of a table, or the folder cannot be written to.
    """
    if not (NAME.fullmatch(name) and name.endswith(".csv")):
        raise ParameterError(
            f"{name!r} is no name of a table; use letters, digits, '.', '_' and '-', and end it in .csv"
        )
    path = folder / name
    try:
        if not replace:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
            return True
        unfinished = path.with_name(f".{name}.{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    except FileExistsError:
        return False
    except OSError as error:
        raise ParameterError(f"{name} cannot be written here ({error.strerror}); give another name") from None
    return True


# -- the comparison -------------------------------------------------------------------------------------------------------


def comparison(drawn: Drawn, given: Judgements, name: str = FILE) -> Html:
    """How far a reader and the program agree, where they differ and what decides ours, and what to do with the table."""
    found = compare(given, drawn.verdicts)
    said = [tag("p", tag("strong", f"{pair.first} and {pair.second}: "), pair.judged.words) for pair in found.pairs]
    sure = [tag("p", f"Confidence: {pair.confidence.words}") for pair in found.pairs if pair.confidence.count]
    differing = {item.claim_id for item in found.differing}
    alike = [f"{item.claim_id} {item.value}" for item in given.items if item.claim_id not in differing]
    same = [tag("p", f"Judged alike: {'; '.join(alike)}.")] if alike else []
    command = tag("code", f"claimaudit agree {name}")
    more = tag(
        "p", f"Saved as {name}: ", command, " gives the same. Put it into the project's folder ", tag("code", FOLDER)
    )
    told = join(
        [more, tag("p", "A differing badge is no mistake of yours: tell us which rule or row you read otherwise.")]
    )
    return tag("div", *said, *sure, *_differing(found.differing), *same, told, class_="ca")


def _differing(items: Sequence[Differing]) -> list[Html]:
    if not items:
        return []
    heads = ("Claim", "Yours", "Ours", "The part that decides ours", "Our rule")
    cells: list[list[Html | str]] = [
        [
            item.claim_id,
            item.theirs,
            f"{item.ours}: {item.reason}" if item.reason else item.ours,
            join([part_mark(item.outcome), " ", item.part]),
            item.rule,
        ]
        for item in items
    ]
    return [rows_table(heads, cells, caption="Where we differ, and which rule decides", kind="stack")]
