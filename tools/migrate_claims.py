"""Take a claims.toml of the form with `essential` and `stated` into the form with roles, as far as that can be done without a reader.

    python tools/migrate_claims.py data/claims.toml [--in-place]

Roles come from the old flags alone: an essential part is core; a detail that was marked as printed is a detail, or a quote where
it asked whether something was said; all else is context. Every claim is marked `mapped = true`: what is left to a reader is listed on
standard error, and the mark goes when that is done.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path

KINDS = {"ranking": "rank", "causal": "cause", "event-date": "event"}
"""Old kinds of statement that have another name now."""


def role(part: dict) -> str:
    """The role that an old part's flags stand for."""
    if part["essential"]:
        return "core"
    asks = part["aspect"] == "attribution" and part["test"] == "statement"
    if asks:
        return "quote"
    return "detail" if part.get("stated") else "context"


def speech(claim: dict) -> str:
    """Whose statement it is: a saying where that it was said was essential, relayed where somebody is quoted."""
    parts = [(role(part), part) for part in claim["parts"]]
    if any(kind == "core" and part["aspect"] == "attribution" for kind, part in parts):
        return "saying"
    return "relayed" if any(kind == "quote" for kind, _ in parts) else "own"


def migrated(text: str) -> str:
    """The file's text in the new form, everything else as it stands."""
    claims = {claim["id"]: claim for claim in tomllib.loads(text)["claims"]}
    parts = {part["id"]: part for claim in claims.values() for part in claim["parts"]}
    out, now = [], None
    for line in text.splitlines():
        if found := re.match(r'\s*id = "(.*)"', line):
            now = found[1]
        key = re.match(r"\s*(\w+) = ", line)
        name = key[1] if key else ""
        if now in parts and name in ("essential", "stated"):
            continue
        if now in parts and name == "aspect":
            part = parts[now]
            out.append(f'  role = "{role(part)}"')
            if part["aspect"] == "attribution" and part["test"] != "statement":
                out.append("  saying = true")
            continue
        if now in claims and name == "kind":
            kind = claims[now]["kind"]
            out += [f'speech = "{speech(claims[now])}"', f'kind = "{KINDS.get(kind, kind)}"', "mapped = true"]
            continue
        out.append(line)
    return "\n".join(out) + "\n"


def judgements(text: str) -> list[str]:
    """What a reader must still decide, a line each."""
    found = []
    for claim in tomllib.loads(text)["claims"]:
        found.append(f"{claim['id']}: quotation, split_note; speech is {speech(claim)!r} by the old flags")
        for part in claim["parts"]:
            kind = role(part)
            if kind == "detail":
                found.append(f"{part['id']}: detail; why_detail, name and wrong are missing")
            elif kind == "context":
                found.append(f"{part['id']}: context; is it printed after all, does it mislead")
            elif kind == "core" and part["test"] == "date":
                found.append(f"{part['id']}: a date as core; why_core is missing")
    return found


def main() -> None:
    """Read, write to standard output or in place, list what is left to standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--in-place", action="store_true")
    asked = parser.parse_args()
    text = asked.file.read_text(encoding="utf-8")
    new = migrated(text)
    tomllib.loads(new)
    if asked.in_place:
        asked.file.write_text(new, encoding="utf-8")
    else:
        sys.stdout.write(new)
    print(*judgements(text), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
