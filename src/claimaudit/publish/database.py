"""The evidence and the verdicts as one SQLite file, with keys between its tables. It opens in Datasette as it is.

``heard_from`` of a finding is an origin, a publisher (who vouches for words said) or a calculation, so it is no key.
Same inputs and same SQLite, same bytes: rows go in sorted, into a fresh database, and nothing is dated.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.table import verdict_rows

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sources (
  source_id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT NOT NULL, url TEXT, published TEXT NOT NULL,
  kind TEXT NOT NULL, language TEXT, license TEXT, reliability TEXT NOT NULL, seen TEXT NOT NULL
);
CREATE TABLE origins (
  origin TEXT PRIMARY KEY, kind TEXT NOT NULL, depends_on TEXT REFERENCES origins(origin), note TEXT
);
CREATE TABLE measures (measure TEXT PRIMARY KEY, unit TEXT NOT NULL, forward INTEGER NOT NULL, meaning TEXT NOT NULL);
CREATE TABLE observations (
  observation_id TEXT PRIMARY KEY, measure TEXT NOT NULL REFERENCES measures(measure), entity TEXT NOT NULL,
  start TEXT NOT NULL, "end" TEXT NOT NULL, value REAL NOT NULL, low REAL, high REAL, unit TEXT NOT NULL,
  reliability TEXT NOT NULL, credibility TEXT NOT NULL, trust REAL NOT NULL, basis TEXT NOT NULL, variant TEXT,
  origin TEXT NOT NULL REFERENCES origins(origin), source_id TEXT NOT NULL REFERENCES sources(source_id),
  knowable TEXT NOT NULL, note TEXT NOT NULL
);
CREATE TABLE claims (
  claim_id TEXT PRIMARY KEY, paragraph INTEGER NOT NULL, domain TEXT NOT NULL, topic TEXT NOT NULL,
  speaker TEXT NOT NULL, kind TEXT NOT NULL, paraphrase TEXT NOT NULL, best_reading TEXT NOT NULL
);
CREATE TABLE parts (
  part_id TEXT PRIMARY KEY, claim_id TEXT NOT NULL REFERENCES claims(claim_id), text TEXT NOT NULL,
  role TEXT NOT NULL, test TEXT NOT NULL, unit TEXT,
  numbers TEXT NOT NULL, note TEXT
);
CREATE TABLE verdicts (
  verdict_id INTEGER PRIMARY KEY, claim_id TEXT NOT NULL REFERENCES claims(claim_id),
  part_id TEXT REFERENCES parts(part_id), vintage TEXT NOT NULL, as_of TEXT NOT NULL, label TEXT NOT NULL,
  rating TEXT NOT NULL, rating_reason TEXT NOT NULL, confidence TEXT NOT NULL,
  probability REAL NOT NULL, low REAL, high REAL, likelihood_low REAL, likelihood_high REAL, reason TEXT NOT NULL
);
CREATE TABLE findings (
  finding_id INTEGER PRIMARY KEY, verdict_id INTEGER NOT NULL REFERENCES verdicts(verdict_id),
  part_id TEXT NOT NULL REFERENCES parts(part_id), heard_from TEXT NOT NULL,
  probability REAL NOT NULL, trust REAL NOT NULL, text TEXT NOT NULL
);
CREATE TABLE observation_claims (
  observation_id TEXT NOT NULL REFERENCES observations(observation_id),
  claim_id TEXT NOT NULL REFERENCES claims(claim_id), PRIMARY KEY (observation_id, claim_id)
) WITHOUT ROWID;
CREATE TABLE finding_observations (
  finding_id INTEGER NOT NULL REFERENCES findings(finding_id),
  observation_id TEXT NOT NULL REFERENCES observations(observation_id), PRIMARY KEY (finding_id, observation_id)
) WITHOUT ROWID;
CREATE INDEX observations_by_source ON observations(source_id);
CREATE INDEX observations_by_origin ON observations(origin);
CREATE INDEX parts_by_claim ON parts(claim_id);
CREATE INDEX verdicts_by_claim ON verdicts(claim_id);
CREATE INDEX findings_by_verdict ON findings(verdict_id);
CREATE INDEX claims_of_observation ON observation_claims(claim_id);
CREATE INDEX findings_of_observation ON finding_observations(observation_id);
CREATE VIEW verdict_changes AS
  SELECT a.claim_id, a.part_id, coalesce(nullif(a.rating, ''), a.label) AS at_publication,
         coalesce(nullif(b.rating, ''), b.label) AS in_hindsight, a.rating_reason AS reason_at_publication,
         b.rating_reason AS reason_in_hindsight
  FROM verdicts a JOIN verdicts b ON b.claim_id = a.claim_id AND b.part_id IS a.part_id
  WHERE a.vintage = 'at_publication' AND b.vintage = 'hindsight'
    AND (a.rating <> b.rating OR a.rating_reason <> b.rating_reason OR (a.part_id IS NOT NULL AND a.label <> b.label));
"""


def database(
    dossier: Dossier, audits: Iterable[Audit], changed: Mapping[str, Mapping[str, Any]] | None = None
) -> bytes:
    """The bytes of the SQLite file. ``changed`` are parameters by topic that are not as usual: ``about`` tells them."""
    verdicts = [verdict for audit in audits for verdict in audit.verdicts]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("PRAGMA temp_store = MEMORY")  # VACUUM needs room, and TMPDIR may have none
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(TABLES)
        with connection:
            connection.execute("BEGIN")
            connection.execute("PRAGMA defer_foreign_keys = ON")  # an origin may depend on one that comes later
            for table, rows in _tables(dossier.whole or dossier, verdicts, changed or {}):
                _insert(connection, table, rows)
        connection.execute("VACUUM")
        return connection.serialize()


def _tables(
    dossier: Dossier, verdicts: list[Verdict], changed: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, list[tuple[Any, ...]]]]:
    article = dossier.article
    about = {
        "title": article.title, "author": article.author, "publisher": article.publisher, "url": article.url,
        "published": f"{article.published}", "compiled": f"{article.compiled}",
    }  # fmt: skip
    for topic, own in changed.items():
        about[f"what if: {topic}"] = "; ".join(f"{name} = {value}" for name, value in own.items())
    yield "about", list(about.items())
    columns = ["title", "publisher_name", "url", "published", "kind", "language", "license", "reliability", "seen"]
    yield "sources", _frame(dossier.sources, columns)
    origins = _frame(dossier.origins, ["kind", "depends_on", "note"])
    yield "origins", [(name, kind, first or None, note) for name, kind, first, note in origins]
    measures = _frame(dossier.measures, ["unit", "forward", "meaning"])
    yield "measures", [(name, unit, int(forward), meaning) for name, unit, forward, meaning in measures]
    records = sorted(dossier.evidence.records.values(), key=lambda row: row.observation_id)
    yield "observations", [
        (
            row.observation_id, row.measure, row.entity, f"{row.start}", f"{row.end}", row.value, row.low, row.high,
            row.unit, row.reliability, row.credibility, round(dossier.trust(row), 6), row.basis.value, row.variant,
            row.origin, row.source_id, f"{row.knowable}", row.note,
        )
        for row in records
    ]  # fmt: skip
    claims = sorted(dossier.claims, key=lambda claim: claim.claim_id)
    yield "claims", [
        (
            claim.claim_id, claim.paragraph, claim.domain, claim.topic, claim.speaker, claim.kind,
            claim.paraphrase, claim.best_reading,
        )
        for claim in claims
    ]  # fmt: skip
    yield "parts", [
        (
            part.part_id, part.claim_id, part.text, part.role.value, part.test.value, part.unit,
            json.dumps(dict(sorted(part.numbers.items()))), part.note,
        )
        for claim in claims
        for part in claim.parts
    ]  # fmt: skip
    known = {claim.claim_id for claim in claims}
    yield (
        "observation_claims",
        [(row.observation_id, claim) for row in records for claim in sorted(set(row.claims) & known)],
    )
    yield from _judged(verdicts)


def _judged(verdicts: list[Verdict]) -> Iterable[tuple[str, list[tuple[Any, ...]]]]:
    """Verdicts in the order of ``verdicts.csv``, with their findings numbered through."""
    by_key: Mapping[tuple[str, str, str, str], Verdict] = {
        (item.claim_id, item.part_id, item.vintage.value, f"{item.as_of}"): item for item in verdicts
    }
    shown, findings, rests = [], [], []
    for number, row in enumerate(verdict_rows(by_key.values()), start=1):
        verdict = by_key[row["claim_id"], row["part_id"], row["vintage"], row["as_of"]]
        shown.append(
            (
                number, row["claim_id"], row["part_id"] or None, Vintage(row["vintage"]).value, row["as_of"],
                row["label"], row["rating"], row["rating_reason"], row["confidence"], row["probability"], row["low"],
                row["high"], row["likelihood_low"], row["likelihood_high"], row["reason"],
            )
        )  # fmt: skip
        for finding in verdict.findings:
            findings.append(
                (
                    len(findings) + 1, number, finding.part_id, finding.origin, round(finding.probability, 6),
                    round(finding.trust, 6), finding.text,
                )
            )  # fmt: skip
            rests += [(len(findings), name) for name in sorted(set(finding.observations))]
    yield "verdicts", shown
    yield "findings", findings
    yield "finding_observations", rests


def _frame(frame: Any, columns: list[str]) -> list[tuple[Any, ...]]:
    ordered = frame.sort_index()
    lists = [ordered[name].tolist() for name in columns]
    return list(zip(ordered.index.tolist(), *lists, strict=True))


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
