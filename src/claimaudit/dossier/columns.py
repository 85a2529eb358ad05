"""What each column of a dossier's tables means: its type, limits and keys, as fields of a Data Package.

``datapackage.py`` puts them together to the descriptor; the schema of ``verdicts.json`` is made of them too.
"""

from __future__ import annotations

from typing import Any

from claimaudit.dossier.evidence_tables import SEEN, SOURCE_KINDS
from claimaudit.model import (
    ADMIRALTY_CREDIBILITY,
    ADMIRALTY_RELIABILITY,
    Basis,
    Label,
    OriginKind,
    Role,
    Stake,
    Vintage,
)
from claimaudit.rated import Badge, Confidence, Conflict

_PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"

Field = dict[str, Any]


def column(name: str, meaning: str, kind: str = "string", **rest: Any) -> Field:
    """A column; keywords are constraints, except those of the field itself."""
    own = {key: rest.pop(key) for key in ("unit", "delimiter", "itemType") if key in rest}
    return {"name": name, "type": kind, "description": meaning} | own | ({"constraints": rest} if rest else {})


def needed(name: str, meaning: str, kind: str = "string", **rest: Any) -> Field:
    """A column that no row leaves blank."""
    return column(name, meaning, kind, required=True, **rest)


def key(table: str, name: str, own: str = "") -> dict[str, Any]:
    """A foreign key: the column ``name`` of another table (of the table itself where that is blank), here called ``own``."""
    return {"fields": [own or name], "reference": {"resource": table, "fields": [name]}}


FIELDS: dict[str, tuple[Field, ...]] = {
    "publishers.csv": (
        needed("publisher", "id of the publisher", unique=True),
        needed("name", "its name"),
        needed("reliability", "Admiralty letter, A best, F cannot be judged", enum=[*ADMIRALTY_RELIABILITY]),
        needed("reason", "why it has that letter"),
    ),
    "sources.csv": (
        needed("source_id", "id of the source", unique=True),
        needed("title", "title of the document or data set"),
        needed("publisher", "who published it: an id of publishers.csv"),
        column("url", "web address"),
        needed("published", "day, month or year of publication", pattern=_PARTIAL_DATE),
        needed("kind", "kind of source", enum=list(SOURCE_KINDS)),
        column("language", "language, ISO 639-1"),
        column("license", "terms the source states for itself"),
        column("reliability", "Admiralty letter where it departs from its publisher's", enum=[*ADMIRALTY_RELIABILITY]),
        column("departure", "why it departs"),
        column("copy_of", "the source it reprints"),
        column("archived", "web address of a copy that stays"),
        needed("seen", "how much of it was read", enum=list(SEEN)),
    ),
    "measures.csv": (
        needed("measure", "name of the measure", unique=True),
        needed("unit", "unit its figures are compared in"),
        needed("forward", "1: its period may lie ahead of its source (a plan or a forecast)", enum=["0", "1"]),
        needed("meaning", "what is measured"),
    ),
    "units.csv": (
        needed("unit", "name of the unit", unique=True),
        needed("dimension", "what can be converted into each other"),
        needed("factor", "size in the base unit of its dimension", "number", minimum=0),
        needed("meaning", "what it is"),
    ),
    "origins.csv": (
        needed("origin", "who first measured or said it", unique=True),
        needed("kind", "whether it counts as an independent source", enum=[kind.value for kind in OriginKind]),
        column("depends_on", "the origin it is known to repeat"),
        column("publisher", "the publisher whose own reporting it is"),
        column("state", "the state whose organ it is, ISO 3166-1 alpha-3", pattern="[A-Z]{3}"),
        needed("unnamed", "1: one source that nobody names", enum=["0", "1"]),
        column("note", "how it is known what it repeats"),
    ),
    "observations": (
        needed("observation_id", "id of the row", unique=True),
        needed("measure", "what is measured"),
        needed("entity", "whose figure it is"),
        needed("start", "first day of the period", "date"),
        needed("end", "last day of the period", "date"),
        needed("value", "the figure, in the row's unit; 1 and 0 for events and flags", "number"),
        column("low", "lower end of the range the source gives, in the row's unit", "number"),
        column("high", "upper end of the range the source gives, in the row's unit", "number"),
        needed("unit", "unit of value, low and high"),
        needed("credibility", "that it is so: Admiralty digit, 1 best, 6 cannot be judged", enum=[*ADMIRALTY_CREDIBILITY]),
        column("said", "that it was said: Admiralty digit", enum=[*ADMIRALTY_CREDIBILITY]),
        column("stake", "a party speaks in its own cause, or against its opponent", enum=[stake.value for stake in Stake if stake]),
        column("step", "last printed digit, in the row's unit; 0: an exact count", "number", minimum=0),
        needed("basis", "how the figure came about", enum=[basis.value for basis in Basis]),
        column("variant", "which of several counts or readings"),
        needed("origin", "where it was first measured or said"),
        needed("source_id", "the source that gives it"),
        needed("note", "what the row says, in words"),
        column("revises", "earlier prints of the figure, which then weigh nothing", "list", delimiter=";", itemType="string"),
    ),
    "sentences.csv": (
        needed("paragraph", "paragraph of the text, from 1", "integer", minimum=1),
        needed("number", "sentence in the paragraph, from 1", "integer", minimum=1),
        needed("digest", "first 16 digits of the SHA-256 of the sentence, made plain", pattern="[0-9a-f]{16}"),
        column("claims", "claim ids of claims.toml, with ; between", "list", delimiter=";", itemType="string"),
        column("reason", "why it makes no claim, or what of it no claim covers"),
    ),
    "verdicts.csv": (
        needed("claim_id", "claim of claims.toml"),
        column("part_id", "part of the claim; empty on the claim's own row"),
        column("role", "what the part is to its sentence; empty on the claim's own row", enum=[role.value for role in Role]),
        needed("vintage", "which as-of date", enum=[vintage.value for vintage in Vintage]),
        needed("as_of", "the day whose knowledge is used", "date"),
        needed("label", "the strict label, of a claim as printed", enum=[label.value for label in Label]),
        column("conflict", "why it is conflicting", enum=[conflict.value for conflict in Conflict]),
        column("rating", "the claim's badge; empty on a part's row", enum=[badge.value for badge in Badge]),
        column("rating_reason", "the reason in the badge"),
        needed("probability", "that it holds, of a claim by its weakest part", "number", minimum=0, maximum=1),
        column("low", "lowest probability without any one origin", "number", minimum=0, maximum=1),
        column("high", "highest probability without any one origin", "number", minimum=0, maximum=1),
        column("likelihood_low", "least likelihood of the claim's point, to 5 %", "number", minimum=0, maximum=1),
        column("likelihood_high", "largest likelihood of the claim's point, to 5 %", "number", minimum=0, maximum=1),
        column("confidence", "how good the deciding evidence is", enum=[level.value for level in Confidence]),
        column("origins", "origins used, strongest first", "list", delimiter=";", itemType="string"),
        column("observations", "observations used, strongest first", "list", delimiter=";", itemType="string"),
        column("reason", "why, in a sentence"),
    ),
}  # fmt: skip
FOREIGN: dict[str, tuple[dict[str, Any], ...]] = {
    "measures.csv": (key("units", "unit"),),
    "sources.csv": (key("publishers", "publisher"), key("", "source_id", "copy_of")),
    "origins.csv": (key("", "origin", "depends_on"), key("publishers", "publisher")),
    "observations": tuple(
        key(table, name)
        for table, name in (
            ("sources", "source_id"), ("measures", "measure"), ("origins", "origin"), ("units", "unit"),
        )
    ),
}  # fmt: skip
TITLES = {
    "publishers.csv": "Publishers, with one letter each and its reason",
    "sources.csv": "Published documents and data sets cited",
    "measures.csv": "Controlled list of measures",
    "units.csv": "Controlled list of units with their conversions",
    "origins.csv": "Where observations were first measured or said",
    "sentences.csv": "Sentences of the article, with their claims or the reason why they have none",
    "verdicts.csv": "Accepted verdicts",
}


def verdict_fields() -> tuple[Field, ...]:
    """The columns of ``verdicts.csv`` with their meaning, type and limits."""
    return FIELDS["verdicts.csv"]
