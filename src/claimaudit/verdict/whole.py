"""The whole text from above: every claim's verdict at both dates, how they moved, and how far the method carries them.

The topics' audits are called, never repeated here. Shares and probabilities 0-1.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.audit import Audit, audit

BOTH = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def audit_all(dossier: Dossier) -> dict[str, Audit]:
    """The audit of every topic with its default parameters, in the article's order; raises ``ModelError`` as ``audit`` does."""
    topics = dict.fromkeys(claim.topic for claim in dossier.claims)
    return {topic: audit(dossier, topic) for topic in topics}


def all_claims(dossier: Dossier, audits: Mapping[str, Audit]) -> pd.DataFrame:
    """One row a claim in the article's order.

    Columns: claim, says, domain, topic, speaker, kind, then, now (badges), why_then, why_now (their reasons), confidence (in
    hindsight, empty where none is given), moved, sources (independent ones on the deciding part), survives (share of the method
    sweep and of the readings in which the hindsight badge is the same).
    """
    records = []
    for claim in dossier.claims:
        result = audits[claim.topic]
        then, now = (result.verdict(claim.claim_id, vintage) for vintage in BOTH)
        records.append(
            {
                "claim": claim.claim_id,
                "says": claim.paraphrase,
                "domain": claim.domain,
                "topic": claim.topic,
                "speaker": claim.speaker,
                "kind": claim.kind,
                "then": then.rating.badge.value,
                "now": now.rating.badge.value,
                "why_then": then.rating.reason,
                "why_now": now.rating.reason,
                "confidence": now.rated.confidence.level.value if now.rated and now.rated.confidence else "",
                "moved": then.rating.badge is not now.rating.badge,
                "sources": now.deciding.sources.count if now.deciding else 0,
                "survives": result.firmness(claim.claim_id),
            }
        )
    return pd.DataFrame(records)


def scorecard(table: pd.DataFrame, group: str) -> pd.DataFrame:
    """Counts of badges in hindsight by a column of ``all_claims``, largest group first: columns group, claims, and one a badge."""
    counts = pd.crosstab(table[group], table["now"]).reindex(
        columns=[badge.value for badge in reversed(Badge)], fill_value=0
    )
    counts.insert(0, "claims", counts.sum(axis=1))
    return counts.sort_values("claims", ascending=False, kind="stable").reset_index()


def moves(table: pd.DataFrame) -> pd.DataFrame:
    """From badge to badge: claims at publication (rows) by hindsight (columns)."""
    return pd.crosstab(table["then"], table["now"])
