"""The claims in the form of the AVeriTeC data set: label, justification, and evidence as questions with answers.

The questions are the parts of a claim, put as questions by us: nobody searched by them. An answer is one finding in our words,
never text of its source; a part without any is unanswerable. Evidence is that of hindsight: AVeriTeC's own rule, that nothing
later than the claim counts, is kept by ``label_at_publication`` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from claimaudit.model import Claim, Label, Part, Vintage
from claimaudit.outcome import Finding
from claimaudit.publish.claimreview import AUTHOR
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.wording import conclusion_text

LABELS = {
    Label.SUPPORTED: "Supported",
    Label.REFUTED: "Refuted",
    Label.NOT_ENOUGH_EVIDENCE: "Not Enough Evidence",
    Label.CONFLICTING: "Conflicting Evidence/Cherrypicking",
}
"""The four labels as the data set writes them."""
_TYPES = {
    **dict.fromkeys(("quantity", "rank", "trend"), "Numerical Claim"),
    "quotation": "Quote Verification",
    "cause": "Causal Claim",
}
_USUAL_TYPE = "Event/Property Claim"


def entries(audits: Iterable[Audit]) -> list[dict[str, Any]]:
    """One entry a claim, in the article's order."""
    found = [(claim, _entry(audit, claim)) for audit in audits for claim in audit.claims]
    return [entry for _, entry in sorted(found, key=lambda item: item[0].paragraph)]


def json_text(audits: Iterable[Audit]) -> str:
    """The entries as the text of a file."""
    return json.dumps(entries(audits), ensure_ascii=False, indent=1) + "\n"


def _entry(audit: Audit, claim: Claim) -> dict[str, Any]:
    article = audit.dossier.article
    verdict, before = (audit.verdict(claim.claim_id, when) for when in (Vintage.HINDSIGHT, Vintage.AT_PUBLICATION))
    day = article.published
    return {
        "claim": claim.paraphrase,
        "label": LABELS[verdict.label],
        "justification": conclusion_text(verdict),
        "claim_date": f"{day.day}-{day.month}-{day.year}",
        "speaker": (article.author or None) if claim.speaker in AUTHOR else claim.speaker,
        "original_claim_url": article.url or None,
        "reporting_source": article.publisher,
        "claim_types": [_TYPES.get(claim.kind, _USUAL_TYPE)],
        "questions": [_question(audit, part) for part in claim.parts],
        "claim_id": claim.claim_id,
        "rating": verdict.rating.words,
        "label_at_publication": LABELS[before.label],
        "evidence_until": verdict.as_of.isoformat(),
    }


def _question(audit: Audit, part: Part) -> dict[str, Any]:
    findings = audit.verdict(part.part_id).findings
    answers = [answer for finding in findings if finding.trust > 0 for answer in _answers(audit, finding)]
    return {
        "question": f"Does this hold: {part.text.rstrip('.?! ')}?",
        "answers": answers or [{"answer": "No answer could be found.", "answer_type": "Unanswerable"}],
        "part_id": part.part_id,
        "role": part.role.value,
    }


def _answers(audit: Audit, finding: Finding) -> Iterator[dict[str, Any]]:
    """A finding in our words, with the address of the source of its first row; of several, the others by their ids."""
    if not finding.observations:
        yield {"answer": finding.text, "answer_type": "Abstractive", "source_url": None, "source_medium": "Web text"}
        return
    record = audit.dossier.observation(finding.observations[0])
    source = audit.dossier.sources.loc[record.source_id]
    archived = source["archived"] if "archived" in source.index else ""
    yield {
        "answer": f"{finding.text}: {record.note}" if record.note else finding.text,
        "answer_type": "Abstractive",
        "source_url": source["url"] or None,
        "source_medium": "Web table" if source["seen"] == "dataset" else "Web text",
        "cached_source_url": archived or None,
        "source_title": source["title"],
        "published": source["published"],
        "grade": finding.grade,
        "observations": list(finding.observations),
    }
