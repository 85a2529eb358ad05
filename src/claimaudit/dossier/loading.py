"""Reads and checks all files of a dossier; ``Dossier.load`` puts the parts together.

Everything is checked that does not rest on a file at fault, so that a fault is told once, with its cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from claimaudit.dossier.changelog import load_changelog
from claimaudit.dossier.claims import check_units as check_part_units
from claimaudit.dossier.claims import load_article, load_claims
from claimaudit.dossier.context import load_context, match_context
from claimaudit.dossier.corrections import apply_corrections, load_corrections
from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.evidence_tables import (
    COLUMNS,
    KEYS,
    OPTIONAL,
    SOURCE_KINDS,
    Lists,
    check_measures,
    check_observations,
    check_units,
)
from claimaudit.dossier.files import check_plain, check_sizes, tables
from claimaudit.dossier.kinds import DECLARED, check_kinds
from claimaudit.dossier.method import load_method
from claimaudit.dossier.publishers import check_origins, check_publishers, check_sources
from claimaudit.dossier.responses import load_responses
from claimaudit.dossier.sentences import FILE as SENTENCES
from claimaudit.dossier.sentences import load_sentences
from claimaudit.dossier.series import load_series
from claimaudit.dossier.tables import read_table
from claimaudit.dossier.terms import load_terms
from claimaudit.dossier.topics import check_tables, check_topics, load_topics
from claimaudit.dossier.words import load_words
from claimaudit.errors import SUMMED, Fault, summed, unknown
from claimaudit.model import Claim, Selector, TestKind

BESIDE = ("README.md", "datapackage.json", "verdicts.csv")
"""Files of a dossier that are published with it, but that no audit reads."""


def read(folder: Path, topic: str, faults: list[Fault]) -> dict[str, Any]:
    """All that is read from the folder, by the names of ``Dossier``; what is wrong is added to the faults.

    A file at fault is not held against others: what would follow from its fault is not told.
    """
    check_plain(folder, BESIDE, faults)
    article = load_article(folder / "article.toml", faults)
    claims, claim_ids = load_claims(folder / "claims.toml", faults)
    method = load_method(folder / "method.toml", faults)
    corrections = load_corrections(folder / "corrections.toml", faults)
    entries = load_context(folder / "context.toml", claim_ids, faults)
    listed = load_topics(folder, faults)
    words = load_words(folder, faults)
    responses = load_responses(folder, article, faults)
    changelog = load_changelog(folder, article, faults)
    there = {
        name: [item.removesuffix(".csv") for item in found]
        for name in ("observations", "series")
        if (found := tables(folder, name, faults)) is not None
    }
    only = listed.tables.get(topic)
    check_tables(listed.tables if only is None else {topic: only}, there, faults)
    wanted, regular = (
        [item for item in there.get(name, ()) if only is None or item in getattr(only, name)]
        for name in ("observations", "series")
    )
    if there.get("observations") == []:
        faults.append(Fault("observations", 0, "", "the folder holds no table", "give at least one CSV file"))
    names = [*_LISTS, *(f"observations/{name}.csv" for name in wanted)]
    if not check_sizes(folder, [*names, SENTENCES, *(f"series/{name}.csv" for name in regular)], faults):
        return {}
    sheets = {
        name: read_table(folder / name, COLUMNS[kind], faults, shown=name, may=OPTIONAL.get(kind, ()))
        for name in names
        for kind in [name.split("/")[0]]
    }
    rows = {name: sheet.rows for name, sheet in sheets.items()}
    at_fault = {name for name, sheet in sheets.items() if not sheet.sound}
    at_fault |= {fault.file for fault in faults if fault.file not in rows and not fault.row}
    at_fault |= {fault.file for fault in faults if fault.file == "corrections.toml"}
    applied = corrections if only is None else tuple(entry for entry in corrections if entry.file in rows)
    apply_corrections(rows, {name: KEYS[name.split("/")[0]] for name in rows}, applied, faults, at_fault=at_fault)
    units = check_units(rows["units.csv"])
    unit_names = () if "units.csv" in at_fault else frozenset(units.index)
    measures = check_measures(rows["measures.csv"], unit_names, faults)
    publishers = check_publishers(rows["publishers.csv"])
    origins = check_origins(rows["origins.csv"], publishers, faults, at_fault=at_fault)
    compiled = article.compiled if article else date.max
    sources = check_sources(
        rows["sources.csv"], publishers, compiled, faults, at_fault=at_fault, kinds=(*SOURCE_KINDS, *words.source_kinds)
    )
    lists = Lists(sources, measures, units, origins, at_fault)
    observations = check_observations([row for name in names[len(_LISTS) :] for row in rows[name]], lists, faults)
    known = {
        name: frame.head(0) if file in at_fault else frame
        for name, file, frame in (("sources", "sources.csv", sources), ("units", "units.csv", units))
    }
    terms = load_terms(folder, known["sources"].index, faults)
    series = load_series(folder, known["sources"], known["units"], faults, tables=regular, whole=only is None)
    check_part_units(claims, unit_names, faults)
    sentences = load_sentences(folder, claims, claim_ids, faults)
    if faults:
        return {}
    loaded = [claim for claim in claims if only is None or claim.topic == topic]
    evidence = Evidence.of(observations).borne_on(loaded)
    observations.insert(0, "claims", [row.claims for row in evidence.records.values()])
    own = None if only is None else {claim.claim_id for claim in loaded}
    context = match_context(entries, evidence, faults, only=own)
    faults += unmatched(loaded, evidence, units)
    if method:
        check_kinds(loaded, evidence, units, method, faults)
    if not faults and only is None:
        table_of = {row["observation_id"]: Path(name).stem for name in names[len(_LISTS) :] for row in rows[name]}
        faults += check_topics(listed, claims, evidence, table_of)
    assert article  # without a fault there are both
    assert method
    return {
        "article": article,
        "claims": claims,
        "publishers": publishers,
        "sources": sources,
        "observations": observations,
        "evidence": evidence,
        "measures": measures,
        "units": units,
        "origins": origins,
        "series": series,
        "method": method,
        "corrections": corrections,
        "context": context,
        "topics": listed,
        "words": words,
        "responses": responses,
        "terms": terms,
        "sentences": sentences,
        "changelog": changelog,
        "day": article.compiled,
    }


_LISTS = ("units.csv", "measures.csv", "publishers.csv", "origins.csv", "sources.csv")
"""The tables observations refer to, and those that these refer to."""


def unmatched(claims: Iterable[Claim], evidence: Evidence, units: pd.DataFrame) -> list[Fault]:
    """Selectors that name nothing and units that do not fit: a test that silently tests nothing is a fault."""
    faults: list[Fault] = []
    empty: list[Fault] = []
    dimension = units["dimension"].to_dict()
    for claim in claims:
        for selector in claim.related:
            if not evidence.matching(selector):
                hint = _hint(selector, evidence) if len(empty) <= SUMMED else ""
                key = f"{claim.claim_id}: related"
                empty.append(Fault("claims.toml", 0, key, "a selector matches no observation", hint))
    for part in (part for claim in claims for part in claim.parts):
        key = f"{part.part_id}: evidence"
        for selector in part.evidence:
            found = evidence.matching(selector)
            if not found:
                # The nearest name takes a search through all: worth it only where the selectors are told one by one.
                hint = _hint(selector, evidence) if len(empty) <= SUMMED else ""
                empty.append(Fault("claims.toml", 0, key, "a selector matches no observation", hint))
            elif part.unit and selector.side == "auto" and part.test not in (TestKind.MODEL, *DECLARED):
                odd = {unit for row in found if dimension[unit := row.unit] != dimension[part.unit]}
                if odd:
                    problem = f"{min(odd)!r} cannot be converted to {part.unit!r}"
                    faults.append(Fault("claims.toml", 0, key, problem, "test rows of one dimension only"))
    return faults + summed(empty, "selectors match no observation", "restore the observations, or mend the selectors")


def _hint(selector: Selector, evidence: Evidence) -> str:
    """What may be wrong with a selector that matches nothing."""
    for column, words in (
        ("measure", "measure"),
        ("entity", "entity"),
        ("variant", "variant"),
        ("origin", "origin"),
        ("ids", "id"),
    ):
        names = evidence.names(column).places
        for pattern in getattr(selector, column):
            if "*" not in pattern and pattern not in names:
                return unknown(words, pattern, names)
    return "loosen the selector: its parts match rows, but no row matches them all"
