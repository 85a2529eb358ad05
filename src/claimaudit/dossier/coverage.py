"""Is every sentence of a text accounted for: the text at hand held against a dossier's ``sentences.csv`` and quotations.

The text itself is no part of a dossier, so this is checked where somebody has it: ``claimaudit coverage TEXT``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimaudit import formats
from claimaudit.dossier import files
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.plain_text import Paragraph, count_words, digest, paragraphs, plain
from claimaudit.dossier.sentences import FILE, promised
from claimaudit.errors import Fault, ParameterError, summed
from claimaudit.model import Claim

MOST_WORDS = 25
"""The most words of one quotation."""
MOST_SHARE = 1 / 3
"""The most all quotations together may hold of the text's words."""
_BESIDE = ("heading", "beside the text")
"""Reasons of sentences whose words are not counted as the text's."""
_LEFT_OUT = re.compile(r"\.{3,}")
_DIGESTS = "take the lines of 'claimaudit coverage TEXT --digests'"


@dataclass(frozen=True)
class Coverage:
    """A text held against a dossier: what was counted, and every fault with its place and remedy.

    As the dossier lists them, ``claimed`` sentences make a claim, ``coming`` ones only claims still to be written, and
    ``reasoned`` ones none. ``words`` are the text's, ``quoted`` those of all quotations.
    """

    paragraphs: int
    sentences: int
    claimed: int
    reasoned: int
    coming: int
    quotations: int
    words: int
    quoted: int
    faults: tuple[Fault, ...]

    @property
    def summary(self) -> str:
        """The result in one line."""
        verdict = formats.count(len(self.faults), "fault") if self.faults else "every sentence is accounted for"
        to_come = f", {self.coming:,} with a claim still to come" * bool(self.coming)
        quoted = f"; {formats.count(self.quotations, 'quotation')}, {self.quoted:,} of {self.words:,} words"
        return (
            f"{verdict}: {formats.count(self.sentences, 'sentence')} in {formats.count(self.paragraphs, 'paragraph')}, "
            f"{self.claimed:,} with a claim{to_come}, {self.reasoned:,} with a reason why not{quoted * bool(self.quotations)}"
        )


def read_text(path: Path) -> str:
    """A text from its file; ``ParameterError`` where it is no plain UTF-8 text, or has no words."""
    faults: list[Fault] = []
    text = None
    if not path.is_file():
        remedy = "name the text's file, plain text with a paragraph a line"
        faults.append(
            Fault(str(path), 0, "", "it is no plain file" if path.exists() else "there is no such file", remedy)
        )
    elif path.stat().st_size > files.MOST_BYTES:
        problem = f"it is larger than {files.MOST_BYTES // 2**20} MB"
        faults.append(Fault(str(path), 0, "", problem, "name the text alone"))
    else:
        text = files.decoded(path.read_bytes(), str(path), faults)
    if text is not None and not count_words(text):
        faults.append(Fault(str(path), 0, "", "it holds no word", "name the text's file"))
    if faults or text is None:
        raise ParameterError(str(faults[0]))
    return text


def digest_lines(text: str) -> Iterator[str]:
    """The lines a new ``sentences.csv`` begins with: place and digest of each sentence, under their header."""
    yield "paragraph,number,digest"
    for paragraph in paragraphs(text):
        for number, sentence in enumerate(paragraph.sentences, 1):
            yield f"{paragraph.number},{number},{digest(sentence)}"


def coverage(text: str, dossier: Dossier, name: str = "text") -> Coverage:
    """Hold a text against the sentences and quotations of a dossier; faults call the text's file ``name``."""
    found = paragraphs(text)
    table = dossier.sentences
    rows = {(row.paragraph, row.number): (row.digest, row.claims, row.reason) for row in table.itertuples(index=False)}
    beside = {place for place, (_, claims, reason) in rows.items() if not claims and reason.startswith(_BESIDE)}
    words = sum(
        count_words(sentence)
        for paragraph in found
        for number, sentence in enumerate(paragraph.sentences, 1)
        if (paragraph.number, number) not in beside
    )
    quotations = [(claim, given) for claim in dossier.claims if (given := getattr(claim, "quotation", ""))]
    quoted = sum(_length(quotation) for _, quotation in quotations)
    faults = _placed(found, {place: row[0] for place, row in rows.items()}, name) if rows else [_NO_TABLE]
    faults += [fault for claim, quotation in quotations for fault in _quoted(claim, quotation, found)]
    if quoted > words * MOST_SHARE:
        problem = f"all quotations together hold {quoted:,} words, more than a third of the text's {words:,}"
        faults.append(Fault("claims.toml", 0, "quotation", problem, "shorten the longest"))
    return Coverage(
        paragraphs=len(found),
        sentences=sum(len(paragraph.sentences) for paragraph in found),
        claimed=sum(bool(claims) for _, claims, _ in rows.values()),
        reasoned=sum(not claims and not promised(reason) for _, claims, reason in rows.values()),
        coming=sum(not claims and bool(promised(reason)) for _, claims, reason in rows.values()),
        quotations=len(quotations),
        words=words,
        quoted=quoted,
        faults=tuple(faults),
    )


_NO_TABLE = Fault(FILE, 0, "", "the dossier accounts for no sentence", f"make the table: {_DIGESTS}")


def _placed(found: Sequence[Paragraph], rows: Mapping[tuple[int, int], str], name: str) -> list[Fault]:
    """Where the sentences of a text are others than those of the table, or more, or fewer, or in other places.

    The two are laid side by side first, so that one sentence more does not make a fault of each that follows.
    """
    lines = {paragraph.number: paragraph.line for paragraph in found}
    there = {
        (paragraph.number, number): digest(sentence)
        for paragraph in found
        for number, sentence in enumerate(paragraph.sentences, 1)
    }
    listed, printed = list(rows), list(there)
    faults = []

    def fault(place: tuple[int, int], problem: str, remedy: str) -> None:
        faults.append(Fault(name, lines[place[0]], _place(place), problem, remedy))

    moved = []
    pairs = difflib.SequenceMatcher(None, list(rows.values()), list(there.values()), autojunk=False)
    for kind, first, last, start, end in pairs.get_opcodes():
        if kind == "equal":
            moved += [(a, b) for a, b in zip(listed[first:last], printed[start:end], strict=True) if a != b]
            continue
        both = min(last - first, end - start)
        for old, new in zip(listed[first : first + both], printed[start : start + both], strict=True):
            there_or = "there" if old == new else f"as {_place(old)}"
            problem = f"it is not the sentence {FILE} has {there_or}"
            fault(new, problem, f"restore the text, or renew the row ({_DIGESTS})")
        for place in printed[start + both : end]:
            fault(place, f"{FILE} has no row for it", f"add one ({_DIGESTS})")
        for place in listed[first + both : last]:
            problem, remedy = f"{name} has no such sentence", "restore the text, or take the row out"
            faults.append(Fault(FILE, 0, _place(place), problem, remedy))
    if moved and not faults:  # else what stands before has moved them
        old, new = moved[0]
        fault(new, f"{FILE} has it as {_place(old)}", "break the text into paragraphs as it was, one a line")
    told = f"sentences are not those of {FILE}"
    return summed(faults, told, f"name the text the dossier was made from, or renew the table ({_DIGESTS})")


def _place(place: tuple[int, int]) -> str:
    return f"paragraph {place[0]}, sentence {place[1]}"


def _quoted(claim: Claim, quotation: str, found: Sequence[Paragraph]) -> Iterator[Fault]:
    """What is wrong with a claim's quotation: too long, or not the words of its paragraph."""
    where = f"{claim.claim_id}: quotation"
    length = _length(quotation)
    if length > MOST_WORDS:
        problem = f"it has {length} words, more than {MOST_WORDS}"
        yield Fault("claims.toml", 0, where, problem, "keep the words that carry the claim, with ... between")
    if claim.paragraph > len(found):
        problem = f"the text has no paragraph {claim.paragraph}"
        yield Fault("claims.toml", 0, where, problem, "mend the claim's paragraph, or name the whole text")
        return
    text, at = found[claim.paragraph - 1].text, 0
    for piece in _pieces(quotation):
        match = re.compile(rf"(?<!\w){re.escape(piece)}(?!\w)").search(text, at)
        if match is None:
            after = " after the piece before it" if at else ""
            problem = f"{piece!r} does not stand in paragraph {claim.paragraph}{after}"
            yield Fault("claims.toml", 0, where, problem, "give the text's own words, in their order")
            return
        at = match.end()


def _pieces(quotation: str) -> list[str]:
    return [piece for part in _LEFT_OUT.split(plain(quotation)) if (piece := part.strip())]


def _length(quotation: str) -> int:
    return sum(count_words(piece) for piece in _pieces(quotation))
