"""What the command line prints as JSON: the claims listed, a dossier checked, verdicts explained. Numbers are not rounded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import Fault
from claimaudit.model import Claim, Part
from claimaudit.outcome import Verdict
from claimaudit.run.gate import Parameter
from claimaudit.run.notebooks import Notebook
from claimaudit.show.card_folds import change_words
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.pooling import independent_sources
from claimaudit.verdict.table import verdict_rows


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def listed(
    claims: Sequence[Claim],
    verdicts: Mapping[str, Mapping[str, Verdict]],
    notebooks: Iterable[tuple[Notebook, Sequence[Parameter]]],
) -> str:
    """Claims with their rating at each date, and reports with their parameters."""
    return _written(
        {
            "claims": [
                {
                    "claim_id": claim.claim_id,
                    "topic": claim.topic,
                    "says": claim.paraphrase,
                    "ratings": {when: own.rating.words for when, own in verdicts.get(claim.claim_id, {}).items()},
                }
                for claim in claims
            ],
            "notebooks": [
                {
                    "name": notebook.name,
                    "title": notebook.title,
                    "parameters": [
                        {
                            "name": item.name,
                            "type": item.type.__name__,
                            "default": item.default,
                            "may_be": item.allowed,
                            "meaning": item.help,
                        }
                        for item in parameters
                    ],
                }
                for notebook, parameters in notebooks
            ],
        }
    )


def checked(dossier: Dossier | None, faults: Iterable[Fault]) -> str:
    """Every fault of a dossier, or what was read without one."""
    counts = dossier and {
        "claims": len(dossier.claims),
        "parts": sum(len(claim.parts) for claim in dossier.claims),
        **{name: len(getattr(dossier, name)) for name in ("observations", "sources", "series", "corrections")},
    }
    names = ("file", "line", "column", "problem", "remedy")
    told = [dict(zip(names, fault.cells, strict=True)) | {"line": fault.row or None} for fault in faults]
    return _written({"sound": dossier is not None, "faults": told, "counts": counts})


def explained(found: Iterable[tuple[Audit, Claim, Sequence[str]]]) -> str:
    """Verdicts on claims, and on those of their parts that are named, with what carries them and what would change them."""
    return _written([_claim(audit, claim, parts) for audit, claim, parts in found])


def _claim(audit: Audit, claim: Claim, parts: Sequence[str]) -> dict[str, Any]:
    own = [part for part in claim.parts if part.part_id in parts]
    used = {
        name for part in own for view in audit.views for name in audit.verdict(part.part_id, view.vintage).observations
    }
    sources = sorted({audit.dossier.observation(name).source_id for name in used})
    table = audit.dossier.sources.loc[sources, ["title", "publisher_name", "reliability", "published", "url"]]
    return {
        "claim_id": claim.claim_id,
        "topic": claim.topic,
        "quotation": claim.quotation,
        "says": claim.paraphrase,
        "best_reading": claim.best_reading,
        "verdicts": verdict_rows(audit.verdict(claim.claim_id, view.vintage) for view in audit.views),
        "parts": [_part(audit, part) for part in own],
        "sources": [{"source_id": name, **row} for name, row in table.to_dict("index").items()],
    }


def _part(audit: Audit, part: Part) -> dict[str, Any]:
    return {
        "part_id": part.part_id,
        "says": part.text,
        "role": part.role.value,
        "test": part.test.value,
        "verdicts": [_verdict(audit, part, view) for view in audit.views],
    }


def _verdict(audit: Audit, part: Part, view: Dossier) -> dict[str, Any]:
    verdict = audit.verdict(part.part_id, view.vintage)
    return {
        **verdict_rows([verdict])[0],
        "heard": [
            {
                "origin": one.origin,
                "trust": float(one.trust),
                "weight": float(one.weight),
                "observations": list(one.observations),
            }
            for one in independent_sources(verdict.findings, view)
        ],
        "would_change": [change_words(flip) for flip in audit.flips[part.part_id, view.vintage]],
        "same_in_variants": float(audit.sweeps[part.part_id, view.vintage].survives),
    }
