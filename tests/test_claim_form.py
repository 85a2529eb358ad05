"""The form of claims and parts: what each role, speech and quotation asks for, told with its place and what to do."""

# ruff: noqa: E501
from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError
from claimaudit.model import Role, Speech
from samples import CLAIMS, write_dossier

sys.path.append(str(Path(__file__).parents[1] / "tools"))
from migrate_claims import judgements, migrated

DATED = '  role = "core"\n  test = "date"\n  from = 2023-01-01\n  to = 2023-01-31\n'


def told(folder: Path, old: str, new: str) -> list[str]:
    """The faults of the sample dossier with one text of its claims replaced."""
    assert old in CLAIMS
    with pytest.raises(DossierError) as caught:
        Dossier.load(write_dossier(folder, claims=CLAIMS.replace(old, new, 1)))
    return list(map(str, caught.value.faults))


ARMED = '  role = "core"\n  test = "event"'
CASES = {
    "no such role": ('role = "quote"', 'role = "qoute"', "E01.said: role: unknown role 'qoute'; did you mean 'quote'?"),
    "no core": ('  role = "core"\n  test = "event"', '  role = "context"\n  test = "event"', "M01: parts: the claim has no core part"),
    "a detail without its reason": (ARMED, ARMED.replace("core", "detail"), "M01.armed: why_detail: a detail needs its reason"),
    "a core date without its reason": (ARMED, DATED, "M01.armed: why_core: a date that is core needs its reason"),
    "a reason for a detail on a core part": (ARMED, f'{ARMED}\n  why_detail = "x"', "M01.armed: why_detail: it belongs to a detail, and the part is core"),
    "misleads on a printed part": (ARMED, f'{ARMED}\n  misleads = "x"', "M01.armed: misleads: it belongs to context, and the part is core"),
    "a long reason why it misleads": (ARMED, f'{ARMED.replace("core", "context")}\n  misleads = "{"x" * 61}"', "M01.armed: misleads: it has 61 characters, and the badge shows it whole; say in at most 60"),
    "the same role twice": (ARMED, f'{ARMED}\n  also = "core"', "M01.armed: also: 'core' is the part's role already"),
    "a relayed claim that quotes nobody": ('role = "quote"', 'role = "context"', "E01: speech: it relays somebody, but no quote part asks whether they said so"),
    "a saying that no core part asks for": ('speech = "own"', 'speech = "saying"', "M01: speech: the saying is the news, but no core part asks whether it was said"),
    "no quotation": ('quotation = "a ferry was armed"\n', "", "M01: quotation: the key is missing"),
    "no note on the split": ('split_note = "The gun is all the sentence says"\n', "", "M01: split_note: the key is missing"),
    "a long quotation": ('"a ferry was armed"', f'"{"word " * 26}"', "M01: quotation: it has 26 words"),
    "an unknown kind": ('kind = "event"', 'kind = "evnt"', "M01: kind: unknown kind 'evnt'; did you mean 'event'?"),
    "an old flag": (ARMED, f"{ARMED}\n  essential = true", "M01.armed: essential: the entry is not known"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_role_asks_for_is_told_where_it_is_missing(case, tmp_path):
    old, new, fault = CASES[case]

    found = told(tmp_path, old, new)
    assert any(fault in line for line in found), found
    assert all(line.startswith("claims.toml:") for line in found)


def test_a_claim_taken_over_from_the_old_form_needs_no_reasons_yet(tmp_path):
    text = CLAIMS.replace('quotation = "a ferry was armed"\n', "mapped = true\n").replace(ARMED, DATED)
    text = text.replace('split_note = "The gun is all the sentence says"\n', "")
    claim = Dossier.load(write_dossier(tmp_path, claims=text)).claim("M01")

    assert claim.mapped
    assert claim.parts[0].why == ""


def test_what_a_part_says_of_itself_is_read(tmp_path):
    more = f'{ARMED}\n  name = "gun"\n  wrong = "no gun"\n  also = "detail"\n  unread = true\n  saying = true'
    part = Dossier.load(write_dossier(tmp_path, claims=CLAIMS.replace(ARMED, more))).part("M01.armed")

    assert (part.name, part.wrong, part.also, part.unread) == ("gun", "no gun", Role.DETAIL, True)
    assert part.asks_saying


OLD = """\
# A comment that stays.
[[claims]]
id = "E01"
speaker = "s"
kind = "ranking"
paraphrase = "p"

  [[claims.parts]]
  id = "E01.a"
  aspect = "substance"
  essential = true
  test = "date"

  [[claims.parts]]
  id = "E01.b"
  aspect = "attribution"
  essential = false
  stated = true
  test = "statement"

  [[claims.parts]]
  id = "E01.c"
  aspect = "attribution"
  essential = false
  stated = true
  test = "date"

  [[claims.parts]]
  id = "E01.d"
  aspect = "substance"
  essential = false
  test = "event"
"""


def test_old_flags_are_taken_over_and_what_needs_a_reader_is_listed():
    (claim,) = tomllib.loads(migrated(OLD))["claims"]

    assert migrated(OLD).startswith("# A comment that stays.")
    assert (claim["speech"], claim["kind"], claim["mapped"]) == (Speech.RELAYED, "rank", True)
    assert [part["role"] for part in claim["parts"]] == ["core", "quote", "detail", "context"]
    assert [part.get("saying", False) for part in claim["parts"]] == [False, False, True, False]
    assert not {"essential", "stated", "aspect"} & {key for part in claim["parts"] for key in part}
    assert [line.split(":")[0] for line in judgements(OLD)] == ["E01", "E01.a", "E01.c", "E01.d"]
