"""Two audits side by side: what one setting, or one row more, makes of the answers of another."""

from __future__ import annotations

import pandas as pd

from claimaudit import formats
from claimaudit.errors import ParameterError
from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.verdict.audit import Audit

NOT_JUDGED = "not judged"
COLUMNS = ("claim", "part", "says", "date", "answer", "other_answer", "likelihood", "other_likelihood")


def compare(one: Audit, other: Audit) -> pd.DataFrame:
    """What differs between two audits of one topic: one row a claim (``part`` blank) or part at a date, in the article's order.

    Columns: claim, part, says, date (words), answer and likelihood of ``one``, other_answer and other_likelihood of the ``other``.
    The answer is a claim's badge with its reason or a part's label; the likelihood that of a page: a range with its word, or a
    part's whole per cent. No row where nothing differs. ``ParameterError`` where the topics are two.
    """
    if one.topic != other.topic:
        raise ParameterError(
            f"an audit of {one.topic!r} cannot be held against one of {other.topic!r}; compare one topic"
        )
    left, right = ({(item.key, item.vintage): item for item in audit.verdicts} for audit in (one, other))
    says = {claim.claim_id: claim.paraphrase for claim in one.claims}
    rows = []
    for claim in one.claims:
        for key in (claim.claim_id, *(part.part_id for part in claim.parts)):
            for vintage in (Vintage.AT_PUBLICATION, Vintage.AS_OF, Vintage.HINDSIGHT):
                pair = left.get((key, vintage)), right.get((key, vintage))
                mine, theirs = (told(verdict) for verdict in pair)
                found = pair[0] or pair[1]
                if found and mine != theirs:
                    words = found.text or says[claim.claim_id]
                    answers = mine[0], theirs[0], mine[1], theirs[1]
                    rows.append((claim.claim_id, found.part_id, words, vintage.words, *answers))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def told(verdict: Verdict | None) -> tuple[str, str]:
    """Answer and likelihood as a page prints them."""
    if verdict is None:
        return NOT_JUDGED, ""
    if verdict.rated:
        likely = verdict.rated.likelihood
        return verdict.rated.rating.words, likely.words if likely else ""
    return verdict.label.words, formats.probability(verdict.probability)
