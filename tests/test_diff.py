"""What moved between two tables, dossiers or revisions, and which changes of a dossier are found to have done it."""

from __future__ import annotations

import json
import subprocess

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.verdict import accepted
from claimaudit.verdict.causes import causes
from claimaudit.verdict.diff import changes, summary
from claimaudit.verdict.mixing import pieces, put_back
from samples import CLAIMS, OBSERVATIONS, OTHERS, PUBLISHERS, method, write_dossier

PART = dict.fromkeys(accepted.COLUMNS, "") | {
    "claim_id": "M01",
    "part_id": "M01.armed",
    "vintage": "hindsight",
    "label": "supported",
    "probability": "0.90",
}
CLAIM = PART | {
    "part_id": "",
    "rating": "Right",
    "confidence": "thin",
    "likelihood_low": "0.85",
    "likelihood_high": "0.9",
}
GUN = "ferry.gun,ferry_armed,HRB,2023-01-05,2023-01-05,1,,,event,2,,,,reported,,gazette,gazette-2023,A gun on the foredeck\n"
SEEN = "ferry.seen,ferry_armed,HRB,2023-01-05,2023-01-05,1,,,event,1,,,,official,,customs,customs-2022,The clerk saw the gun\n"


def words(old, new):
    return [item.words for item in changes(old, new)]


def told(old, new):
    """Each change between two dossiers in words, with the words of its cause."""
    before, now = accepted.of_dossier(old), accepted.of_dossier(new)
    return {item.words: cause.words for item, cause in causes(changes(before, now), old, new, before, now).items()}


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def dossiers(tmp_path):
    """Makes dossiers of changed files, each in a folder of its own."""

    def make(**changed):
        return Dossier.load(write_dossier(tmp_path / f"d{len(list(tmp_path.iterdir()))}" / "dossier", **changed))

    return make


# -- two tables -------------------------------------------------------------------------------------------------------


def test_nothing_moved():
    assert words([CLAIM, PART], [CLAIM, PART]) == []
    assert summary(()) == "no verdict moved"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"label": "refuted"}, ["M01.armed, in hindsight: label holds -> wrong"]),
        ({"probability": "0.85"}, ["M01.armed, in hindsight: likelihood 90 % -> 85 %"]),  # 5 points
        ({"probability": "0.8501"}, []),
        ({"probability": "nan"}, ["M01.armed, in hindsight: likelihood 90 % -> nan %"]),
        ({"reason": "another", "origins": "other", "observations": "x"}, []),
    ],
)
def test_of_a_part_label_and_likelihood_by_five_points_are_told(cells, expected):
    assert words([PART], [PART | cells]) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"rating": "Wrong"}, ["M01, in hindsight: rating Right -> Wrong"]),
        ({"rating_reason": "month not shown"}, ["M01, in hindsight: rating Right -> Right: month not shown"]),
        ({"confidence": ""}, ["M01, in hindsight: confidence thin -> none"]),
        ({"likelihood_high": "0.95"}, ["M01, in hindsight: likelihood 85 to 90 % -> 85 to 95 %"]),
        ({"likelihood_low": "", "likelihood_high": ""}, ["M01, in hindsight: likelihood 85 to 90 % -> none"]),
        ({"probability": "0.1"}, []),  # a claim's likelihood is its range
    ],
)
def test_of_a_claim_rating_confidence_and_likelihood_are_told(cells, expected):
    assert words([CLAIM], [CLAIM | cells]) == expected


def test_what_came_and_went_is_told_and_other_days_are_not():
    other = CLAIM | {"claim_id": "M02"}
    asked = CLAIM | {"vintage": "as_of", "rating": "Wrong"}

    assert words([CLAIM], [other, asked]) == [
        "M01, in hindsight: judged Right -> not judged",
        "M02, in hindsight: judged not judged -> Right",
    ]


# -- why --------------------------------------------------------------------------------------------------------------


def test_an_added_row_is_found_and_a_row_that_does_nothing_is_not_blamed(dossiers):
    idle = SEEN.replace("ferry.seen", "fig.idle").replace("ferry_armed", "figure_named").replace("event", "flag")
    old, new = dossiers(), dossiers(harbour=OBSERVATIONS + SEEN + idle)
    found = told(old, new)

    assert found["M01, in hindsight: rating Unproven: not shown -> Right"] == "row ferry.seen added"
    assert {item.name for item in pieces(old, new)} == {"ferry.seen", "fig.idle"}


def test_a_row_that_is_gone_and_one_that_changed_are_found(dossiers):
    full, without = dossiers(harbour=OBSERVATIONS + SEEN), dossiers()
    weak = dossiers(harbour=OBSERVATIONS + SEEN.replace("event,1", "event,5"))

    assert told(full, without)["M01, in hindsight: rating Right -> Unproven: not shown"] == "row ferry.seen gone"
    assert told(full, weak)["M01, in hindsight: rating Right -> Unproven: not shown"] == "row ferry.seen changed"


def test_a_letter_a_part_a_number_and_a_split_are_found(dossiers):
    old = dossiers()
    letter = dossiers(publishers=PUBLISHERS.replace("Gazette,C", "Gazette,B"))
    assert (
        told(old, letter)["M01, in hindsight: rating Unproven: not shown -> Right"] == "letter of the-gazette changed"
    )

    near = dossiers(claims=CLAIMS.replace("tolerance = 0.2", "tolerance = 0.001"))
    assert set(told(old, near).values()) == {"part E01.number changed (numbers)"}

    split = dossiers(claims=CLAIMS.replace('"M01.armed"', '"M01.gun"'))
    assert set(told(old, split).values()) == {"split of M01 changed"}

    more = CLAIMS[CLAIMS.index('[[claims]]\nid = "M01"') :].replace("M01", "M02")
    assert set(told(old, dossiers(claims=CLAIMS + more)).values()) == {"claim M02 added"}


def test_a_number_of_the_method_is_found(dossiers, tmp_path):
    publishers = PUBLISHERS.replace("Gazette,C", "Gazette,B")
    folder = write_dossier(tmp_path / "other" / "dossier", publishers=publishers)
    (folder / "method.toml").write_text(method().replace('alone = "B2"', 'alone = "A1"'), encoding="utf-8")
    found = told(dossiers(publishers=publishers), Dossier.load(folder))

    cause = found["M01, in hindsight: rating Right -> Unproven: not shown"]
    assert cause == "method number floor.alone changed from B2 to A1"


def test_two_changes_that_each_suffice_are_told_together(dossiers):
    """Either the clerk's row or the better letter makes it right: neither put back alone undoes it."""
    old = dossiers()
    new = dossiers(harbour=OBSERVATIONS + SEEN, publishers=PUBLISHERS.replace("Gazette,C", "Gazette,B"))
    cause = told(old, new)["M01, in hindsight: rating Unproven: not shown -> Right"]

    assert cause == "no change by itself; together: row ferry.seen added, letter of the-gazette changed"


def test_what_the_old_dossier_gives_today_is_the_programs_doing(dossiers):
    one, same = dossiers(), dossiers()
    now = accepted.of_dossier(same)
    before = [row | ({"rating": "Wrong"} if row["rating"] else {}) for row in now]
    found = causes(changes(before, now), one, same, before, now)

    assert {cause.words for cause in found.values()} == {"the program, not the dossier"}


def test_all_pieces_put_back_give_the_old_verdicts(dossiers):
    changed = OBSERVATIONS.replace(",95,90,100,", ",70,,,").replace(GUN, "") + SEEN
    old = dossiers()
    new = dossiers(
        harbour=changed,
        publishers=PUBLISHERS.replace("Gazette,C", "Gazette,A"),
        claims=CLAIMS.replace("tolerance = 0.2", "tolerance = 0.5"),
        sources=OTHERS["sources.csv"].replace("2023-02-01", "2023-03-20"),
    )
    kinds = {piece.kind for piece in pieces(old, new)}

    assert {"row", "letter of", "part", "source"} <= kinds
    assert changes(accepted.of_dossier(old), accepted.of_dossier(new))
    assert not changes(accepted.of_dossier(old), accepted.of_dossier(put_back(new, old, pieces(old, new))))
    assert not pieces(old, put_back(new, old, pieces(old, new)))


# -- the command, on a repository -------------------------------------------------------------------------------------


def git(folder, *arguments):
    own = ["-c", "user.name=A. Clerk", "-c", "user.email=clerk@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def desk(tmp_path):
    """A repository of a dossier whose verdicts are accepted and committed."""
    folder = write_dossier(tmp_path / "desk" / "dossier")
    run("accept", "--dossier", folder)
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", "-A")
    git(folder.parent, "commit", "-qm", "As accepted")
    return folder


def test_the_working_tree_is_held_against_what_is_accepted_with_causes(desk):
    (desk / "observations/harbour.csv").write_text(OBSERVATIONS + SEEN, encoding="utf-8")
    lines = run("diff", "--dossier", desk).output.splitlines()

    place = lines.index("M01, in hindsight: rating Unproven: not shown -> Right")
    assert lines[place + 1] == "    by row ferry.seen added"
    assert lines[-1].startswith("the accepted verdicts -> the working tree: moved: 2 ratings")


def test_two_revisions_are_held_against_each_other(desk):
    (desk / "observations/harbour.csv").write_text(OBSERVATIONS + SEEN, encoding="utf-8")
    git(desk.parent, "commit", "-qam", "A row")
    found = json.loads(run("diff", "HEAD~1", "HEAD", "--format", "json", "--dossier", desk).output)
    back = json.loads(run("diff", "HEAD", "HEAD~1", "--format", "json", "--dossier", desk).output)

    rating = next(item for item in found["changes"] if item["what"] == "rating")
    assert (rating["claim_id"], rating["old"], rating["new"]) == ("M01", "Unproven: not shown", "Right")
    assert rating["causes"] == ["row ferry.seen added"]
    assert {cause for item in back["changes"] for cause in item["causes"]} == {"row ferry.seen gone"}
    assert run("diff", "HEAD", "--dossier", desk).output == "HEAD -> the working tree: no verdict moved\n"


def test_two_folders_of_results_are_held_against_each_other_without_causes(desk, tmp_path):
    for name, cells in (("one", {}), ("two", {"rating": "Wrong"})):
        (tmp_path / name).mkdir()
        rows = accepted.read(desk / "accepted.csv")
        accepted.write(tmp_path / name / "verdicts.csv", [row | cells if row["rating"] else row for row in rows])
    output = run("diff", tmp_path / "one", tmp_path / "two", "--format", "markdown").output

    assert "| M01 | in hindsight | rating | Unproven: not shown | Wrong: not shown |" in output
    assert "why" not in output


def test_markdown_reads_no_markup_and_no_mention_of_a_dossier(desk):
    hostile = CLAIMS.replace(
        'role = "core"\n  test = "about"', 'role = "core"\n  name = "@all | <b>[x](http://x)"\n  test = "about"'
    )
    write_dossier(desk, claims=hostile.replace("tolerance = 0.2", "tolerance = 0.001"))
    output = run("diff", "--format", "markdown", "--dossier", desk).output

    assert "E01" in output
    assert "<b>" not in output
    assert "[x](http" not in output


@pytest.mark.parametrize("name", ["nonsense", "--output=x", "-h^{commit}"])
def test_a_name_of_nothing_is_told_in_a_sentence(desk, name):
    result = run("diff", "--dossier", desk, "--", name)

    assert result.exit_code == 2
    assert "is no revision" in result.output


def test_outside_a_repository_causes_are_not_looked_for(tmp_path):
    folder = write_dossier(tmp_path / "dossier")
    run("accept", "--dossier", folder)
    (folder / "observations/harbour.csv").write_text(OBSERVATIONS + SEEN, encoding="utf-8")
    result = run("check", "--dossier", folder)

    assert result.exit_code == 1
    assert "rating Unproven: not shown -> Right" in result.output
    assert "    by " not in result.output


def test_a_change_is_rehearsed_from_the_failing_check_to_the_published_correction(desk):
    """A row turns a verdict; the check fails and says why; it is accepted with a reason; the check is content."""
    (desk / "observations/harbour.csv").write_text(OBSERVATIONS + SEEN, encoding="utf-8")
    failing = run("check", "--dossier", desk)
    taken = run("accept", "--dossier", desk, "--note", "A clerk saw the gun")
    content = run("check", "--dossier", desk)

    assert failing.exit_code == 1
    assert "by row ferry.seen added" in failing.output
    assert "What to do:" in failing.output
    assert (taken.exit_code, content.exit_code) == (0, 0)
    (entry,) = Dossier.load(desk).changelog
    assert entry.note == "A clerk saw the gun"
    ratings = [item for item in entry.moved if item.what == "rating"]
    assert {(item.claim, item.before, item.now) for item in ratings} == {("M01", "Unproven: not shown", "Right")}


def test_a_build_ends_with_what_moved_in_two_lines(desk):
    from claimaudit.reviewing import built

    out = desk.parent / "reports"
    out.mkdir()
    rows = accepted.of_dossier(Dossier.load(desk))
    accepted.write(out / "verdicts.csv", rows)
    assert built(out, desk) == ["no verdict moved from those accepted"]

    accepted.write(
        out / "verdicts.csv",
        [row | ({"rating": "Wrong"} if row["claim_id"] == "M01" and row["rating"] else {}) for row in rows],
    )
    first, second = built(out, desk)
    assert first.startswith("moved: 2 ratings, from those accepted: M01 Unproven: not shown -> Wrong: not shown")
    assert "claimaudit diff" in second
