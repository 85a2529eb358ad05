"""The accepted verdicts: the project's own stand as accepted, and how a difference is found, told and accepted."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.dossier.dossier import DEFAULT_DOSSIER
from claimaudit.errors import BuildError
from claimaudit.verdict import accepted
from samples import PUBLISHERS, write_dossier

OWN_FILE = DEFAULT_DOSSIER.parent / "accepted" / "verdicts.csv"
ROW = dict.fromkeys(accepted.COLUMNS, "") | {
    "claim_id": "M01",
    "part_id": "M01.armed",
    "vintage": "hindsight",
    "label": "supported",
    "probability": "0.9",
    "low": "0.5",
    "observations": "gun;rumour",
    "origins": "gazette;audit",
    "reason": "For it: a gun was seen (1 independent source).",
}


def changed(**cells):
    """What comparing the row with one of other cells finds, as (column, accepted, now)."""
    return [(item.column, item.accepted, item.now) for item in accepted.compare([ROW], [ROW | cells])]


# -- the project's own ------------------------------------------------------------------------------------------------


def test_the_verdicts_are_those_accepted(project):
    """After a change that is meant, look through the review and run ``claimaudit accept``."""
    differences = accepted.compare(accepted.read(OWN_FILE), accepted.of_dossier(project))

    print(accepted.review(differences))
    assert not accepted.drift(differences), accepted.review(accepted.drift(differences))


def test_every_claim_and_part_stands_there_at_both_dates(project):
    parts = {part for claim in project.claims for part in (claim.claim_id, *(item.part_id for item in claim.parts))}
    stored = [(row["part_id"] or row["claim_id"], row["vintage"]) for row in accepted.read(OWN_FILE)]

    assert len(stored) == len(set(stored))
    assert set(stored) == {(part, vintage) for part in parts for vintage in ("at_publication", "hindsight")}


# -- comparing --------------------------------------------------------------------------------------------------------


def test_nothing_differs_from_itself():
    assert changed() == []


@pytest.mark.parametrize(
    ("cells", "differ"),
    [
        ({"probability": "0.9009"}, False),
        ({"probability": "0.8991"}, False),
        ({"probability": "0.9011"}, True),
        ({"low": "0.4989"}, True),
        ({"high": "0.5"}, True),  # none before
        ({"low": ""}, True),
        ({"probability": "nan"}, True),
        ({"label": "refuted"}, True),
        ({"as_of": "2024-06-01"}, True),
        ({"confidence": "thin"}, True),
        ({"rating_reason": "disputed"}, True),
        ({"origins": "gazette"}, True),
        ({"observations": "rumour;gun"}, True),  # other weights
    ],
)
def test_a_difference_is_a_number_off_by_more_than_a_thousandth_or_another_text(cells, differ):
    assert changed(**cells) == [(name, ROW[name], now) for name, now in cells.items() if differ]


def test_another_wording_is_a_note_and_no_drift():
    found = accepted.compare(
        [ROW], [ROW | {"reason": "For it: a gun was heard (1 independent source).", "label": "refuted"}]
    )

    assert [item.column for item in found] == ["label", "reason"]
    assert [item.column for item in accepted.drift(found)] == ["label"]


def test_rows_that_came_and_went_are_drift():
    other = ROW | {"part_id": "M01.other", "label": "refuted"}
    found = accepted.compare([ROW], [other])

    assert accepted.drift(found) == found
    assert [(item.key, item.column, item.accepted, item.now) for item in found] == [
        (("M01", "M01.armed", "hindsight"), "row", "supported", ""),
        (("M01", "M01.other", "hindsight"), "row", "", "refuted"),
    ]


def test_the_review_is_short():
    cells = {"probability": "0.7", "observations": "gun;letter", "origins": "audit;gazette", "high": "1.0"}
    now = ROW | cells | {"reason": "For it: a gun was heard (1 independent source)."}

    assert accepted.review(accepted.compare([ROW], [now])).splitlines() == [
        "M01.armed, hindsight, probability: 0.9 -> 0.7",
        "M01.armed, hindsight, high: none -> 1.0",
        "M01.armed, hindsight, origins: another order",
        "M01.armed, hindsight, observations: -rumour +letter",
        "note: M01.armed, hindsight, reason: '...seen (1 independent source).' -> '...heard (1 independent source).'",
        "4 differences from the accepted verdicts, 1 other wordings",
    ]


# -- rows and file ----------------------------------------------------------------------------------------------------


def of(folder):
    return folder / "accepted.csv"


def test_dossiers_side_by_side_keep_their_accepted_verdicts_apart(tmp_path):
    one, other = (write_dossier(tmp_path / name) for name in ("one", "other"))
    for folder in (one, other):
        assert run("accept", "--dossier", folder).exit_code == 0
    of(one).unlink()

    assert of(other).is_file()
    assert run("check", "--dossier", one).exit_code == 2
    assert run("check", "--dossier", other).exit_code == 0
    assert accepted.default_file(DEFAULT_DOSSIER) == OWN_FILE


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def folder(tmp_path):
    return write_dossier(tmp_path / "dossier")


def test_rows_by_hand(folder):
    """One reporter saw the gun: graded C2, so trusted 0.70 x 0.85 = 0.595, and below the floor, which asks for B2 of one source.

    q = (1 + 0.595) / 2 = 0.7975; without that independent source the prior is left, 0.5.
    """
    run("accept", "--dossier", folder)
    table = {(row["part_id"] or row["claim_id"], row["vintage"]): row for row in accepted.read(of(folder))}
    own, part = table["M01", "at_publication"], table["M01.armed", "at_publication"]

    assert len(table) == (2 + 3) * 2
    assert (own["role"], part["role"]) == ("", "core")
    assert (own["rating"], own["rating_reason"], own["confidence"]) == ("Unproven", "not shown", "")
    assert (part["rating"], part["likelihood_low"]) == ("", "")
    assert own["as_of"] == "2023-03-14"
    numbers = [float(part[name]) for name in ("probability", "low", "high")]
    assert numbers == pytest.approx([0.7975, 0.5, 0.7975], abs=1e-12)
    assert (own["likelihood_low"], own["likelihood_high"]) == ("0.8", "0.8")
    assert (part["label"], part["origins"], part["observations"]) == ("not_enough_evidence", "gazette", "ferry.gun")
    assert own["reason"].startswith(
        "Not established: A ferry carried a gun by March 2023. The deciding question: A ferry"
    )


def test_accept_writes_what_check_then_finds_sound(folder):
    first = run("accept", "--dossier", folder)
    again = run("check", "--dossier", folder)

    assert first.output.startswith("accepted 10 verdicts: ")
    assert (again.exit_code, again.output) == (0, "0 differences from the accepted verdicts, 0 other wordings\n")


def test_check_tells_drift_and_exits_1_and_accept_renews(folder, tmp_path):
    """The Gazette is trusted a letter more: 0.85 x 0.85 = 0.7225 passes the bar, and q = 0.86125."""
    file = tmp_path / "kept.csv"
    run("accept", "--dossier", folder, "--file", file)
    before = file.read_bytes()
    write_dossier(folder, publishers=PUBLISHERS.replace("Gazette,C", "Gazette,B"))
    checked = run("check", "--dossier", folder, "--file", file)

    assert checked.exit_code == 1
    assert "M01, in hindsight: rating Unproven: not shown -> Right" in checked.output
    assert "M01.armed, in hindsight: label open -> holds" in checked.output
    assert "If it is meant: claimaudit accept --note" in checked.output
    assert file.read_bytes() == before
    unexplained = run("accept", "--dossier", folder, "--file", file)
    assert (unexplained.exit_code, file.read_bytes()) == (2, before)
    assert 'say why, for readers, with --note "..."' in unexplained.output
    renewed = run("accept", "--dossier", folder, "--file", file, "--note", "The Gazette checks what it hears")
    assert "label: not_enough_evidence -> supported" in renewed.output
    assert run("check", "--dossier", folder, "--file", file).exit_code == 0


def test_without_a_file_check_says_how_to_make_one(folder):
    result = run("check", "--dossier", folder)

    assert result.exit_code == 2
    assert not of(folder).exists()
    assert "make it with 'claimaudit accept'" in result.output


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\0", ",".join(accepted.COLUMNS) + "\nM01,x\n"])
def test_a_file_of_something_else_is_refused_and_kept(folder, tmp_path, text):
    file = tmp_path / "other.csv"
    file.write_text(text)
    result = run("accept", "--dossier", folder, "--file", file)

    assert result.exit_code == 2
    assert "is no file of accepted verdicts" in result.output
    assert file.read_text() == text


def test_what_cannot_be_written_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    file = tmp_path / "verdicts.csv"
    accepted.write(file, [ROW])

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(BuildError, match="cannot be written: No space left on device"):
        accepted.write(file, [])
    assert accepted.read(file) == [ROW]
    assert [item.name for item in tmp_path.iterdir()] == ["verdicts.csv"]
