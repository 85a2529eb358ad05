"""Evidence tables of the old form, written in the new one.

    python tools/migrate_evidence.py data                  # writes data-migrated beside it
    python tools/migrate_evidence.py data --in-place

The judgements it takes stand in ``migration_tables.py``; what is open is printed. Only the form of the tables changes, and in
``claims.toml`` the lines ``related`` and ``width = 0``, in ``corrections.toml`` the entries on the column that is gone.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import csv
import re
import shutil
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path

import migration_tables as judged

from claimaudit.dossier.claims import load_claims
from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.evidence_tables import COLUMNS
from claimaudit.model import Basis, Claim, Observation, Stake

Record = dict[str, str]
_RELAYS = re.compile(r"(.+?) (?:\(|citing |quoting |/ Avtostat)")
_EXACT = ("rank", "aircraft")
_COARSE = {"mou.value": "1000000000", "sp.cpi-yoy-press-calculation.irn.2023-02-20": "1"}
"""Rows whose note prints fewer digits than the value holds."""
_TENTHS = ("cpi_12m_avg", "cpi_yoy")
"""Series printed to a tenth, where the table drops a last zero."""


def read(path: Path) -> list[Record]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], rows: Iterable[Record]) -> None:
    """Rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# -- publishers and sources -------------------------------------------------------------------------------------------


def names(sources: Iterable[Record]) -> dict[str, str]:
    """Each old name of a publisher with the one it now has: those that surely are one are joined."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in {row["publisher"] for row in sources}:
        match = None if name in judged.APART else _RELAYS.match(name)
        base = judged.SAME.get(name) or (match[1] if match else name)
        groups[judged.SAME.get(base, base)].add(name)
    return {
        name: base if len(found) > 1 or name in judged.SAME else name
        for base, found in groups.items()
        for name in found
    }


def slug(name: str, taken: set[str]) -> str:
    """An id for a name, of its letters and digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:60].strip("-") or "publisher"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    taken.add(found)
    return found


_DOMAINS = {
    "ru": "Russian", "ir": "Iranian", "ua": "Ukrainian", "az": "Azerbaijani", "am": "Armenian", "pl": "Polish", "cz": "Czech",
    "de": "German", "it": "Italian", "fr": "French", "in": "Indian", "tr": "Turkish", "uk": "British", "eu": "European",
    "il": "Israeli", "hr": "Croatian", "gr": "Greek", "rs": "Serbian", "sg": "Singaporean", "jp": "Japanese", "by": "Belarusian",
    "kz": "Kazakh", "mk": "Macedonian", "bg": "Bulgarian", "hu": "Hungarian", "ph": "Philippine", "vn": "Vietnamese", "be": "Belgian",
}  # fmt: skip
_LANGUAGES = {
    "ru": "Russian-language", "fa": "Persian-language", "ar": "Arabic-language", "tr": "Turkish-language", "de": "German-language",
    "uk": "Ukrainian-language", "es": "Spanish-language", "fr": "French-language", "it": "Italian-language", "pl": "Polish-language",
    "cs": "Czech-language", "pt": "Portuguese-language", "az": "Azerbaijani-language", "hy": "Armenian-language",
}  # fmt: skip
_KINDS = {
    "press": "news outlet", "dataset": "data set", "think-tank": "policy institute or project", "academic": "scholarly publication",
    "reference": "reference page", "official-statement": "outlet, used for officials' statements",
    "official-statistics": "outlet, used for an office's figures",
}  # fmt: skip
_RECORDS = {
    "press": {
        "A": "edited and corrected in public, with a long record",
        "B": "edited; relays statements and agency copy faithfully",
        "C": "relays others, its own record little known or leaning",
        "D": "small or partisan; retells without checking",
        "E": "nobody answers for it, or it has spread inventions",
        "F": "cannot be judged",
    },
    "dataset": {"A": "maintained, with a method", "B": "kept by machine or by one author", "C": "copy of unknown care"},
    "think-tank": {
        "A": "named authors, method shown",
        "B": "named authors, sources given",
        "C": "leans to a cause, or sources are thin",
    },
    "academic": {
        "A": "reviewed, data shown",
        "B": "named scholars, sources given",
        "C": "panel or text with limits it names",
    },
    "reference": {
        "A": "standard work of its field",
        "B": "careful compilation",
        "C": "compilation without named care",
        "D": "no author or date to hold to",
        "E": "nobody answers for it",
    },
}
_COPY = re.compile(r"\b(via|copy|mirror|repost|reprint\w*|forum|on Dzen)\b|\((?!citing)|\b(citing|quoting|relaying)\b")


def reason(name: str, letter: str, sources: Sequence[Record]) -> str:
    """Why a publisher has its letter: its own line where there is one, else by kind, country and letter."""
    if name in judged.REASONS:
        return judged.REASONS[name]
    kind = Counter(row["kind"] for row in sources).most_common(1)[0][0]
    domain = re.search(r"\.([a-z]{2})(?:[/:?]|$)", " ".join(row["url"] + " " for row in sources).replace(" ", "/"))
    language = Counter(row["language"] for row in sources).most_common(1)[0][0]
    where = _DOMAINS.get(domain[1] if domain else "") or _LANGUAGES.get(language, "")
    record = _RECORDS.get(kind, _RECORDS["press"]).get(letter, _RECORDS["press"][letter])
    what = f"{where} {_KINDS[kind]}".strip()
    if _COPY.search(name):
        what += ", here with another's text or report"
    return f"{what}: {record}"


def publishers(sources: list[Record], log: list[str]) -> tuple[list[Record], dict[str, str]]:
    """One row a publisher, and the id of each old name; the letter is the most frequent of its sources, the worse of two."""
    renamed, taken = names(sources), set[str]()
    of: dict[str, list[Record]] = defaultdict(list)
    for row in sources:
        of[renamed[row["publisher"]]].append(row)
    rows, ids = [], {}
    for name, own in sorted(of.items(), key=lambda item: item[0].casefold()):
        counted = Counter(row["reliability"] for row in own)
        letter = max(counted, key=lambda grade: (counted[grade], grade))
        ids[name] = slug(name, taken)
        text = reason(name, letter, own)
        rows.append({"publisher": ids[name], "name": name, "reliability": letter, "reason": text})
    return rows, {old: ids[new] for old, new in renamed.items()}


def departed(sources: list[Record], ids: dict[str, str], letters: dict[str, str], log: list[str]) -> list[Record]:
    """Sources with the publisher's id, and a letter of their own only with a reason."""
    why = {name: text for text, own in judged.DEPARTURES.items() for name in own}
    rows = []
    for row in sources:
        house = ids[row["publisher"]]
        own = row["reliability"] if row["reliability"] != letters[house] else ""
        if own and row["source_id"] not in why:
            log.append(
                f"letter: {row['source_id']} had {own}, its publisher has {letters[house]}; no reason found, left at that"
            )
            own = ""
        more = {"publisher": house, "reliability": own, "departure": why[row["source_id"]] if own else ""}
        rows.append(row | more | {"copy_of": judged.COPIES.get(row["source_id"], "")})
    return rows


# -- origins and rows -------------------------------------------------------------------------------------------------


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Is the name one of the patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def origin(row: Record, houses: set[str]) -> Record:
    """An origin with whose reporting it is, whose organ, and whether somebody answers for it."""
    name = row["origin"]
    state = next((code for code, own in judged.STATES.items() if fits(name, own)), "")
    base = re.sub(r"-(\d{4,8}|undated|older)$", "", name)
    house = (
        ""
        if name in judged.UNNAMED
        else next((h for h in (base, f"the-{base}", judged.HOUSES.get(base, "")) if h in houses), "")
    )
    return row | {
        "publisher": house,
        "state": "" if fits(name, judged.STATELESS) else state,
        "unnamed": "1" if name in judged.UNNAMED else "0",
    }


def stake(row: Record) -> str:
    """Whether the row's origin speaks in its own cause or against its opponent."""
    for who, measure, entity, found, _ in judged.STAKES:
        if (
            fnmatchcase(row["origin"], who)
            and fnmatchcase(row["measure"], measure)
            and fnmatchcase(row["entity"], entity)
        ):
            return found
    return ""


def step(row: Record) -> str:
    """The last printed digit; 0 for a count or a rank; blank for a bound."""
    if row["low"] or row["high"]:
        return ""
    if row["unit"] in _EXACT:
        return "0"
    if row["observation_id"] in _COARSE:
        return _COARSE[row["observation_id"]]
    if row["measure"] in _TENTHS:
        return "0.1"
    exponent = Decimal(row["value"]).as_tuple().exponent
    return format(Decimal(1).scaleb(min(int(exponent), 0)), "f")


# -- claims -----------------------------------------------------------------------------------------------------------


def effective(rows: dict[str, Record], folder: Path) -> dict[str, Record]:
    """The rows as the dossier's corrections leave them."""
    path = folder / "corrections.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("corrections", []) if path.is_file() else []
    found = dict(rows)
    for entry in entries:
        if entry.get("drop"):
            found.pop(entry["id"], None)
        elif entry["id"] in found:
            found[entry["id"]] = found[entry["id"]] | {entry["column"]: str(entry["value"])}
    return found


def evidence(rows: dict[str, Record]) -> Evidence:
    """The rows as records, as far as selectors read them."""
    return Evidence(
        {
            name: Observation(
                name, (), row["measure"], row["entity"], date.fromisoformat(row["start"]), date.fromisoformat(row["end"]),
                0.0, None, None, row["unit"], row["credibility"], "", Stake.NONE, None, Basis(row["basis"]), row["variant"],
                row["origin"], row["source_id"], row["note"], date.max, "",
            )
            for name, row in rows.items()
        }
    )  # fmt: skip


def related(claim: str, left: set[str], rows: dict[str, Record], bears: dict[str, set[str]]) -> list[str]:
    """Selectors for the rows of a claim that no part selects: by measure where all its rows bear on it, else by ids."""
    whole = sorted({rows[name]["measure"] for name in left if _all_bear(claim, rows, bears, rows[name]["measure"])})
    lines = [f"{{ measure = {_list(whole)} }}"] if whole else []
    single: list[str] = []
    rest = {name for name in left if rows[name]["measure"] not in whole}
    for measure in sorted({rows[name]["measure"] for name in rest}):
        own = [name for name in rows if name in rest and rows[name]["measure"] == measure]
        for column in ("entity", "origin"):
            keys = sorted({rows[name][column] for name in own if "*" not in rows[name][column]})
            keys = [key for key in keys if _all_bear(claim, rows, bears, measure, column, key)]
            taken = [name for name in own if rows[name][column] in keys]
            if keys and len(taken) > 2:
                lines.append(f"{{ measure = {_list([measure])}, {column} = {_list(keys)} }}")
                own = [name for name in own if name not in taken]
        single += own
    return [*lines, f"{{ ids = {_list(single)} }}"] if single else lines


def _all_bear(claim: str, rows: dict[str, Record], bears: dict[str, set[str]], measure: str, column="", key="") -> bool:
    own = (name for name, row in rows.items() if row["measure"] == measure and (not column or row[column] == key))
    return all(claim in bears[name] for name in own)


def _list(texts: Sequence[str]) -> str:
    """Texts as TOML: one, or a list broken into lines."""
    if len(texts) == 1:
        return f'"{texts[0]}"'
    lines = [""]
    for item in (f'"{text}",' for text in texts):
        lines = [*lines, item] if len(lines[-1]) + len(item) > 128 else [*lines[:-1], f"{lines[-1]} {item}".strip()]
    if len(lines) == 1 and len(lines[0]) < 90:
        return f"[{lines[0].rstrip(',')}]"
    return "[\n" + "".join(f"    {line}\n" for line in lines) + "  ]"


def new_claims(text: str, lines_of: dict[str, list[str]], widths: bool = True) -> str:
    """``claims.toml`` with ``related`` before a claim's first part, and without widths of 0."""
    blocks = re.split(r"(?m)^(?=\[\[claims\]\])", text)
    out = [blocks[0]]
    for block in blocks[1:]:
        found = re.search(r'(?m)^id = "([^"]+)"', block)
        if lines := lines_of.get(found[1] if found else "", []):
            entry = "related = [\n" + "".join(f"  {line},\n" for line in lines) + "]\n"
            head, first, rest = block.partition("  [[claims.parts]]")
            out.append(f"{head.rstrip()}\n{entry}\n{first}{rest}")
        else:
            out.append(block)
    return re.sub(r"(?m)^ *width = 0(\.0)?\n", "", "".join(out))


def new_corrections(text: str) -> str:
    """``corrections.toml`` without entries on the column ``claims``."""
    blocks = re.split(r"(?m)^(?=\[\[corrections\]\])", text)
    return "".join(block for block in blocks if not re.search(r'(?m)^column = "claims"', block))


# -- all of it --------------------------------------------------------------------------------------------------------


def migrate(folder: Path, out: Path) -> list[str]:
    """Write the folder's tables in the new form into ``out``; returns what was judged and is open."""
    log = list(judged.UNSURE)
    sources, origins = read(folder / "sources.csv"), read(folder / "origins.csv")
    tables = {path.name: read(path) for path in sorted((folder / "observations").glob("*.csv"))}
    rows = {row["observation_id"]: row for table in tables.values() for row in table}
    houses, ids = publishers(sources, log)
    write(out / "publishers.csv", COLUMNS["publishers.csv"], houses)
    letters = {row["publisher"]: row["reliability"] for row in houses}
    new_sources = departed(sources, ids, letters, log)
    write(out / "sources.csv", COLUMNS["sources.csv"], new_sources)
    new_origins = [origin(row, set(letters)) for row in origins]
    write(out / "origins.csv", COLUMNS["origins.csv"], new_origins)
    faults: list = []
    claims, _ = load_claims(folder / "claims.toml", faults)
    if faults:
        raise SystemExit("\n".join(map(str, faults)))
    rows = effective(rows, folder)
    bears = {name: {part.strip() for part in row["claims"].split(";")} for name, row in rows.items()}
    held = evidence(rows)
    exact = {
        row.observation_id
        for claim in claims
        for part in claim.parts
        if part.numbers.get("width") == 0
        for selector in part.evidence
        for row in held.matching(selector)
    }
    now = held.borne_on(claims).records
    lines = {claim.claim_id: _left(claim, now, rows, bears) for claim in claims}
    text = (folder / "claims.toml").read_text(encoding="utf-8")
    (out / "claims.toml").write_text(new_claims(text, lines), encoding="utf-8")
    if (folder / "corrections.toml").is_file():
        text = (folder / "corrections.toml").read_text(encoding="utf-8")
        (out / "corrections.toml").write_text(new_corrections(text), encoding="utf-8")
    for name, table in tables.items():
        new = [
            {key: text for key, text in row.items() if key != "claims"}
            | {"said": "", "stake": stake(row), "step": step(row) if row["observation_id"] in exact else ""}
            for row in table
        ]
        write(out / "observations" / name, COLUMNS["observations"], new)
    after, _ = load_claims(out / "claims.toml", faults)
    shown = held.borne_on(after).records
    lost = [f"{name} ({claim})" for name in rows for claim in sorted(bears[name] - set(shown[name].claims))]
    more = sum(len(set(shown[name].claims) - bears[name]) for name in rows)
    stakes = Counter(stake(row) for row in rows.values())
    log += [f"lost: {name}" for name in lost]
    log.append(f"publishers: {len(houses)} (from {len({row['publisher'] for row in sources})} names)")
    log.append(f"departures: {sum(bool(row['departure']) for row in new_sources)}")
    log.append(f"copies: {sum(bool(row['copy_of']) for row in new_sources)}")
    log.append(f"stakes: {stakes['own']} own, {stakes['against']} against")
    log.append(f"steps: {sum(bool(step(rows[name])) for name in exact)} of {len(exact)} rows of parts without width")
    for column in ("publisher", "state"):
        log.append(f"origins with {column}: {sum(bool(row[column]) for row in new_origins)}")
    log.append(f"origins unnamed: {sum(row['unnamed'] == '1' for row in new_origins)}")
    log.append(
        f"rows without claim: {sum(not row.claims for row in shown.values())}; shown with a further claim: {more}"
    )
    return log


def _left(claim: Claim, now, rows: dict[str, Record], bears: dict[str, set[str]]) -> list[str]:
    left = {name for name in rows if claim.claim_id in bears[name] and claim.claim_id not in now[name].claims}
    return related(claim.claim_id, left, rows, bears) if left else []


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--in-place", action="store_true")
    given = parser.parse_args()
    out = given.folder
    if "publishers.csv" in {path.name for path in given.folder.iterdir()}:
        raise SystemExit(f"{given.folder} has publishers.csv: it is of the new form already")
    if not given.in_place:
        out = given.folder.with_name(f"{given.folder.name}-migrated")
        shutil.copytree(given.folder, out)
    print("\n".join(migrate(given.folder, out)))


if __name__ == "__main__":
    main()
