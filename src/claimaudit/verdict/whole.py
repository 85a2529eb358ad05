"""The whole text from above: every claim's verdict at both dates, how they moved, and how far the method carries them.

The topics' audits are called, never repeated here. Shares and probabilities 0-1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Claim, Label, Vintage
from claimaudit.verdict.audit import Audit, audit
from claimaudit.verdict.sensitivity import method_sweep

BOTH = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def audit_all(dossier: Dossier) -> dict[str, Audit]:
    """The audit of every topic with its default parameters, in the article's order; raises ``ModelError`` as ``audit`` does."""
    topics = dict.fromkeys(claim.topic for claim in dossier.claims)
    return {topic: audit(dossier, topic) for topic in topics}


def all_claims(dossier: Dossier, audits: Mapping[str, Audit]) -> pd.DataFrame:
    """One row a claim in the article's order.

    Columns: claim, says, domain, topic, speaker, kind, then, now (labels in words), p_then, p_now (0-1), moved, origins,
    survives (share of the method sweep in which the hindsight label of the deciding parts holds; least of them).
    """
    records = []
    survives = {name: share for item in audits.values() for name, share in survival(item, item.claims).items()}
    for claim in dossier.claims:
        result = audits[claim.topic]
        then, now = (result.verdict(claim.claim_id, vintage) for vintage in BOTH)
        records.append(
            {
                "claim": claim.claim_id,
                "says": claim.paraphrase,
                "domain": claim.domain.value,
                "topic": claim.topic,
                "speaker": claim.speaker,
                "kind": claim.kind,
                "then": then.label.words,
                "now": now.label.words,
                "p_then": then.probability,
                "p_now": now.probability,
                "moved": then.label is not now.label,
                "origins": len(now.origins),
                "survives": survives[claim.claim_id],
            }
        )
    return pd.DataFrame(records)


def survival(result: Audit, claims: Sequence[Claim]) -> dict[str, float]:
    """By claim the least share (0-1) of the method sweep in which an essential part keeps its hindsight label."""
    essential = {claim.claim_id: [part for part in claim.parts if part.essential] for claim in claims}
    parts = [part for group in essential.values() for part in group]
    sweeps = method_sweep(result.view(Vintage.HINDSIGHT), parts, result.modelled, result.prepare)
    return {claim: min(sweeps[part.part_id].survives for part in group) for claim, group in essential.items()}


def scorecard(table: pd.DataFrame, group: str) -> pd.DataFrame:
    """Counts of labels in hindsight by a column of ``all_claims``, largest group first: columns group, claims, and one a label."""
    counts = pd.crosstab(table[group], table["now"])
    for label in Label:
        if label.words not in counts:
            counts[label.words] = 0
    counts = counts[
        [label.words for label in (Label.SUPPORTED, Label.CONFLICTING, Label.NOT_ENOUGH_EVIDENCE, Label.REFUTED)]
    ]
    counts.insert(0, "claims", counts.sum(axis=1))
    return counts.sort_values("claims", ascending=False, kind="stable").reset_index()


def moves(table: pd.DataFrame) -> pd.DataFrame:
    """From label to label: claims at publication (rows) by hindsight (columns)."""
    return pd.crosstab(table["then"], table["now"])
