"""A dossier and its verdicts as tidy tables for pandas: words where a reader looks, ids where code joins."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ParameterError, unknown
from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.show.provenance import whole
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.comparing import told
from claimaudit.verdict.pooling import heard_as, independent_sources

SHORT = (
    "source", "published", "measure", "entity", "variant", "period", "value", "low", "high", "unit", "grade", "note",
)  # fmt: skip
"""The columns a reader looks at."""
_VINTAGES = (Vintage.AT_PUBLICATION, Vintage.AS_OF, Vintage.HINDSIGHT)


def observations(dossier: Dossier) -> pd.DataFrame:
    """Every observation of a view, indexed by ``row`` (its id), in file order.

    Columns for readers: source (publisher's name), published, measure, entity, variant, period, value, low, high, unit, grade
    (letter and digit), stake (``own`` cause, ``against`` an opponent, blank), claims, title, note. For code: start, end and
    known (days: period measured, first day public), step, measure_id, entity_id, variant_id, origin, source_id, publisher_id.
    """
    rows, sources, words = dossier.observations, whole(dossier).sources, dossier.words
    cited = sources.loc[rows["source_id"]]

    def worded(column: str, written: dict[str, str]) -> list[str]:
        return rows[column].map(written).tolist()

    names = {column: rows[column].unique() for column in ("measure", "entity", "variant")}
    columns = {
        "source": cited["publisher_name"].tolist(),
        "published": cited["published"].tolist(),
        "measure": worded("measure", {name: words.words(name) for name in names["measure"]}),
        "entity": worded("entity", {name: words.entity(name) for name in names["entity"]}),
        "variant": worded("variant", {name: words.words(name) for name in names["variant"]}),
        "period": [formats.period(*days) for days in zip(rows["start"], rows["end"], strict=True)],
        **{name: rows[name].tolist() for name in ("value", "low", "high", "unit")},
        "grade": (rows["reliability"] + rows["credibility"]).tolist(),
        "stake": [str(stake) for stake in rows["stake"]],
        "claims": [", ".join(claims) for claims in rows["claims"]],
        "title": cited["title"].tolist(),
        "note": rows["note"].tolist(),
        "start": rows["start"],
        "end": rows["end"],
        "known": rows["knowable"],
        "step": rows["step"],
        "measure_id": rows["measure"],
        "entity_id": rows["entity"],
        "variant_id": rows["variant"],
        "origin": rows["origin"],
        "source_id": rows["source_id"],
        "publisher_id": cited["publisher"].tolist(),
    }
    return pd.DataFrame(columns, index=rows.index.rename("row"))


def short(frame: pd.DataFrame, names: Iterable[str], also: Iterable[str] = ()) -> pd.DataFrame:
    """Some rows of ``observations`` with the columns ``SHORT`` and those of ``also``; ``ParameterError`` where one is none."""
    for name in also:
        if name not in frame.columns:
            raise ParameterError(unknown("column of observations", name, frame.columns))
    wanted = set(names)
    return frame.loc[frame.index.isin(wanted), list(dict.fromkeys((*SHORT, *also)))]


def sources(dossier: Dossier) -> pd.DataFrame:
    """Every source of a view, indexed by ``source_id``.

    Columns: title, publisher (name), published, kind, reliability, seen, language, url, copy_of, publisher_id, known (day),
    rows (how many observations).
    """
    table = dossier.sources
    counts = dossier.observations["source_id"].value_counts()
    kept = table[["title", "publisher_name", "published", "kind", "reliability", "seen", "language", "url", "copy_of"]]
    kept = kept.rename(columns={"publisher_name": "publisher"})
    kept = kept.assign(publisher_id=table["publisher"], known=table["knowable"])
    return kept.assign(rows=counts.reindex(table.index, fill_value=0))


def publishers(dossier: Dossier) -> pd.DataFrame:
    """Every publisher, indexed by ``publisher_id``; columns: name, reliability, reason, sources and rows (how many in the view)."""
    listed = sources(dossier).groupby("publisher_id")["rows"].agg(["size", "sum"])
    listed = listed.reindex(dossier.publishers.index, fill_value=0)
    table = dossier.publishers[["name", "reliability", "reason"]].rename_axis("publisher_id")
    return table.assign(sources=listed["size"], rows=listed["sum"])


def claims(dossier: Dossier) -> pd.DataFrame:
    """Every claim in the article's order, indexed by ``claim``.

    Columns: says (paraphrase), words (the article's), topic, domain, speaker, kind, paragraph, parts and rows (how many).
    """
    bears = dossier.observations["claims"].explode().value_counts()
    records = [
        {
            "claim": claim.claim_id,
            "says": claim.paraphrase,
            "words": claim.quotation,
            "topic": claim.topic,
            "domain": claim.domain,
            "speaker": claim.speaker,
            "kind": claim.kind,
            "paragraph": claim.paragraph,
            "parts": len(claim.parts),
            "rows": int(bears.get(claim.claim_id, 0)),
        }
        for claim in dossier.claims
    ]
    return pd.DataFrame(records).set_index("claim")


def parts(dossier: Dossier) -> pd.DataFrame:
    """Every part in the article's order, indexed by ``part``; columns: claim, says, role, test, value (claimed), unit, topic."""
    records = [
        {
            "part": part.part_id,
            "claim": claim.claim_id,
            "says": part.text,
            "role": part.role.value,
            "test": part.test.value,
            "value": part.numbers.get("value", float("nan")),
            "unit": part.unit,
            "topic": claim.topic,
        }
        for claim in dossier.claims
        for part in claim.parts
    ]
    return pd.DataFrame(records).set_index("part")


VERDICTS = (
    "claim", "part", "says", "role", "date", "day", "answer", "likelihood", "probability", "low", "high", "confidence",
    "sources", "rows", "topic",
)  # fmt: skip


def verdicts(audits: Iterable[Audit], days: Iterable[pd.Timestamp] = ()) -> pd.DataFrame:
    """One row a claim (``part`` blank) or part at a date, in the article's order; at all dates, or at the ``days`` given alone.

    Columns: claim, part, says, role, date (words), day, answer (badge with its reason, or a part's label), likelihood (words),
    probability, low and high (0-1; the last two without any one source), confidence (of a claim), sources (independent ones
    that decide it), rows (ids it rests on, strongest first), topic.
    """
    wanted = {pd.Timestamp(day) for day in days}
    records = []
    for audit in audits:
        says = {claim.claim_id: claim.paraphrase for claim in audit.claims}
        places = {name: place for place, name in enumerate(says)}
        ranks = {part.part_id: place for claim in audit.claims for place, part in enumerate(claim.parts)}
        own = sorted(
            audit.verdicts,
            key=lambda item: (places[item.claim_id], ranks.get(item.part_id, -1), _VINTAGES.index(item.vintage)),
        )
        records += [
            {**_verdict(item, says[item.claim_id]), "topic": audit.topic}
            for item in own
            if not wanted or pd.Timestamp(item.as_of) in wanted
        ]
    return pd.DataFrame(records, columns=list(VERDICTS))


def _verdict(verdict: Verdict, says: str) -> dict[str, object]:
    answer, likely = told(verdict)
    sure = verdict.rated.confidence if verdict.rated else None
    return {
        "claim": verdict.claim_id,
        "part": verdict.part_id,
        "says": verdict.text or says,
        "role": verdict.role,
        "date": verdict.vintage.words,
        "day": pd.Timestamp(verdict.as_of),
        "answer": answer,
        "likelihood": likely,
        "probability": verdict.probability,
        "low": verdict.low,
        "high": verdict.high,
        "confidence": sure.level.value if sure else "",
        "sources": (verdict.deciding or verdict).sources.count,
        "rows": verdict.observations,
    }


def heard(audit: Audit, part_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> pd.DataFrame:
    """Who says what on a part, strongest first: one row an independent source.

    Columns: origin, source (publishers' names), supports and doubts (weights of evidence in log-odds, 0 or more), trust (0-1),
    says, rows. ``UnknownNameError`` where there is no such part.
    """
    verdict, view = audit.verdict(part_id, vintage), audit.view(vintage)
    names = whole(audit.dossier).sources["publisher_name"]
    records = []
    for one in independent_sources(verdict.findings, view):
        own = [item for item in verdict.findings if heard_as(item, view) == one.origin and item.trust > 0]
        rows = tuple(dict.fromkeys(name for item in own for name in item.observations))
        told_by = dict.fromkeys(str(names[audit.dossier.observation(name).source_id]) for name in rows)
        says = "; ".join(dict.fromkeys(item.text for item in own if item.text))
        weights = one.support, abs(one.doubt), one.trust
        records.append((one.origin, "; ".join(told_by), *weights, says, rows))
    return pd.DataFrame(records, columns=["origin", "source", "supports", "doubts", "trust", "says", "rows"])
