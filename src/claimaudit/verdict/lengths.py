"""How long the one sentence on a claim may be, and which are longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from claimaudit.errors import Fault
from claimaudit.model import Vintage
from claimaudit.verdict.pieces import Sentence, plain

LONGEST = 35
"""Words, all in all, beyond which a reader loses the thought."""
DECIDING = " The deciding question: "
"""What follows the sentence in the reason of a claim."""


def length(sentence: Sentence | str) -> int:
    """How many words a sentence has."""
    return len((sentence if isinstance(sentence, str) else plain(sentence)).split())


def long_sentences(rows: Iterable[Mapping[str, str]]) -> list[Fault]:
    """Claims whose sentence is longer than ``LONGEST``, each once, from rows of verdicts (``claim_id``, ``part_id``, ``vintage``,
    ``reason``). It is no fault that keeps a dossier from being judged.
    """
    longest: dict[str, tuple[int, str]] = {}
    for row in rows:
        words = 0 if row["part_id"] else length(row["reason"].partition(DECIDING)[0])
        if words > max(LONGEST, longest.get(row["claim_id"], (0, ""))[0]):
            longest[row["claim_id"]] = (words, Vintage(row["vintage"]).words)
    return [
        Fault(
            "claims.toml",
            0,
            claim,
            f"its sentence has {words} words {when}, and a reader follows {LONGEST}",
            "shorten 'holds', 'fails' or 'open' of its parts, or let two say the same in the same words",
        )
        for claim, (words, when) in longest.items()
    ]
