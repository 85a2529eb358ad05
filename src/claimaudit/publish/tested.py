"""Whether the rules have been tested with human readers: one clause, from the tables in ``labels/`` beside the dossier."""

from __future__ import annotations

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.judgements import FOLDER, by_humans

UNTESTED = "these rules have not yet been tested with human readers"


def tested_words(dossier: Dossier) -> str:
    """A clause for a sentence of a page: not yet tested, or by how many readers on how many claims."""
    tables = by_humans(dossier.path, (claim.claim_id for claim in dossier.claims))
    if not tables:
        return UNTESTED
    readers = {(number, name) for number, one in enumerate(tables) for name in one.readers}
    claims = {item.claim_id for one in tables for item in one.items}
    who, what = formats.count(len(readers), "human reader"), formats.count(len(claims), "claim")
    verb = "has" if len(readers) == 1 else "have"
    return f"{who} {verb} judged {what} by these rules, as the folder {FOLDER} beside the dossier records"
