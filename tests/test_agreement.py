"""Readers and the program compared: tables read strictly, kappa by hand, and what decides where they differ."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from claimaudit import cli
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.judgements import Judgement, Judgements, by_humans, read_judgements
from claimaudit.errors import LabelsError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.agreement import (
    LABEL_RULES,
    RULES,
    Agreement,
    agreement,
    compare,
    crosstable,
    decides,
    kappa_range,
    kappas,
)
from claimaudit.verdict.audit import verdicts_by_claim
from samples import write_dossier

CLAIMS = ("E01", "M01")
YES_NO = ("yes", "no")


def rng():
    return np.random.default_rng(1)


def pairs_of(table):
    """Two columns of judgements whose table is this."""
    cells = [(one, other) for one, row in enumerate(table) for other, count in enumerate(row) for _ in range(count)]
    return [YES_NO[one] for one, _ in cells], [YES_NO[other] for _, other in cells]


# -- kappa --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[20, 5], [10, 15]], 0.4),  # 35 of 50 alike, 25/50 * 30/50 + 25/50 * 20/50 = 0.5 by chance: 0.2 / 0.5
        ([[45, 15], [25, 15]], 0.06 / 0.46),  # 0.60 alike, 0.6 * 0.7 + 0.4 * 0.3 = 0.54 by chance
        ([[5, 0], [0, 5]], 1.0),
        ([[0, 5], [5, 0]], -1.0),
        ([[3, 3], [3, 3]], 0.0),
    ],
)
def test_kappa_by_hand(table, kappa):
    assert kappas(np.array([table])) == pytest.approx([kappa])


def test_three_values_by_hand():
    """8 of 10 alike; by chance 0.4 * 0.5 + 0.3 * 0.3 + 0.3 * 0.2 = 0.35; (0.8 - 0.35) / 0.65."""
    first = ["a"] * 4 + ["b"] * 3 + ["c"] * 3
    second = ["a"] * 4 + ["b"] * 2 + ["a"] + ["c"] * 2 + ["b"]
    found = agreement(first, second, "abc", rng())

    assert (found.count, found.alike, found.share) == (10, 8, 0.8)
    assert found.kappa == pytest.approx(0.45 / 0.65)
    assert found.low < found.kappa < found.high <= 1


def test_the_interval_is_that_of_the_large_sample_formula_where_claims_are_many():
    """Table 20, 5, 10, 15 ten times over: sqrt(0.7 * 0.3) / (0.5 * sqrt(500)) is 0.0410 (Cohen 1960)."""
    low, high = kappa_range(np.array([[200, 50], [100, 150]]), rng())

    assert low == pytest.approx(0.4 - 1.96 * 0.0410, abs=0.01)
    assert high == pytest.approx(0.4 + 1.96 * 0.0410, abs=0.01)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[5, 0], [0, 5]], "10 of 10 claims alike (100 %, 95 % interval 78 to 100 %); kappa 1.00, without an interval (all agree)"),
        ([[9, 0], [0, 0]], "no kappa, as both give one and the same value throughout"),
        ([[6, 2], [0, 0]], "kappa 0.00, without an interval (one gives a single value throughout)"),
        ([[2, 1], [0, 1]], "kappa 0.50, without an interval (too few claims)"),
        ([[0, 0], [0, 0]], "no claim in common"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not_told(table, words):
    """An interval from 1 to 1, or from 0 to 0, would look like certainty."""
    assert words in agreement(*pairs_of(table), YES_NO, rng()).words


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=30), st.permutations("abc"))
def test_agreement_has_bounds_is_mutual_and_knows_no_names(judged, renamed):
    first, second = [one for one, _ in judged], [other for _, other in judged]
    found = agreement(first, second, "abc", rng())
    turned = agreement(second, first, "abc", rng())
    names = dict(zip("abc", renamed, strict=True))
    other = agreement([names[item] for item in first], [names[item] for item in second], "abc", rng())

    assert found.count == len(judged)
    assert found.alike == sum(one == two for one, two in judged)
    for same in (turned, other):
        assert (same.count, same.alike) == (found.count, found.alike)
        assert same.kappa == (None if found.kappa is None else pytest.approx(found.kappa))
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert found.kappa == pytest.approx(1) or found.alike < found.count
    if found.low is not None:
        assert -1 <= found.low < found.high <= 1
    if found.share_range:
        assert found.share_range[0] <= found.share <= found.share_range[1]


def test_a_table_counts_the_first_in_its_rows_and_refuses_what_is_no_value():
    assert crosstable(["yes", "yes"], ["no", "yes"], YES_NO).tolist() == [[1, 1], [0, 0]]
    for first, second in ((["yes"], ["perhaps"]), (["yes"], [])):
        with pytest.raises(ValueError, match=r"not in|longer|shorter"):
            crosstable(first, second, YES_NO)


# -- tables of labels ---------------------------------------------------------------------------------------------------


def table(folder, text, name="labels.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_with_what_it_may_leave_out(tmp_path):
    text = 'claim_id,badge,confidence,reader,day,note\nE01,"Right, but",thin,Ann,2026-11-28,month\nM01,Unproven,,,,\n'
    found = read_judgements([table(tmp_path, text)], CLAIMS)
    bare = read_judgements([table(tmp_path, "badge,claim_id\nWrong,M01\n")], CLAIMS)

    first, second = found.items
    assert (first.value, first.confidence, first.reader, f"{first.day}", first.note) == (
        "Right, but", "thin", "Ann", "2026-11-28", "month",
    )  # fmt: skip
    assert (second.value, second.confidence, second.reader, second.day) == ("Unproven", "", "unnamed reader", None)
    assert found.readers == ("Ann", "unnamed reader")
    assert bare.items == (Judgement("M01", "Wrong"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("claim_id,badge\nE01,right\n", "labels.csv:2: badge: unknown badge 'right'; did you mean 'Right'?"),
        ("claim_id,badge\nE01,Right\nM1,Right\n", "labels.csv:3: claim_id: unknown claim 'M1'; did you mean 'M01'?"),
        ("claim_id,badge\nE01,Right, but\n", "labels.csv:2: 3 fields where the header has 2"),
        ("claim_id,bagde\nE01,Right\n", "labels.csv:1: badge: the column is missing; did you mean 'bagde'?"),
        ("claim,badge\nE01,Right\n", "labels.csv:1: claim_id: the column is missing; did you mean 'claim'?"),
        ("claim_id,badge,label\nE01,Right,supported\n", "labels.csv:1: label: it stands beside a column 'badge'"),
        ("claim_id,label\nE01,suported\n", "labels.csv:2: label: unknown label 'suported'; did you mean 'supported'?"),
        ("claim_id,badge,confidence\nE01,Right,strog\n", "unknown confidence 'strog'; did you mean 'strong'?"),
        ("claim_id,badge,confidence\nE01,Unproven,thin\n", "labels.csv:2: confidence: an unproven claim has none"),
        ("claim_id,badge,day\nE01,Right,28.11.2026\n", "labels.csv:2: day: "),
        ("claim_id,badge\nE01,Right\nE01,Wrong\n", "'unnamed reader' has judged 'E01' before (labels.csv:2)"),
        ("claim_id,badge,reader\nE01,Right,the program\n", "labels.csv:2: reader: 'the program' is what readers are"),
        ("claim_id,badge\n", "labels.csv: the table is empty; give at least one row under the header"),
        ("", "labels.csv: the table is empty"),
        ("claim_id,badge\nE01,Right", "the file looks cut off"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_in_a_sentence_with_its_line(tmp_path, text, told):
    with pytest.raises(LabelsError) as caught:
        read_judgements([table(tmp_path, text)], CLAIMS)

    assert told in str(caught.value)


def test_tables_are_on_one_scale_and_a_reader_judges_a_claim_once(tmp_path):
    badges = table(tmp_path, "claim_id,badge\nE01,Right\n", "a.csv")
    labels = table(tmp_path, "claim_id,label\nE01,supported\n", "b.csv")

    with pytest.raises(LabelsError, match=r"b\.csv:1: label: it holds a column 'label', and the tables before it"):
        read_judgements([badges, labels], CLAIMS)
    with pytest.raises(LabelsError, match="has judged 'E01' before"):
        read_judgements([badges, badges], CLAIMS)
    with pytest.raises(LabelsError, match=r"none\.csv: there is no such file"):
        read_judgements([tmp_path / "none.csv"], CLAIMS)
    with pytest.raises(LabelsError, match="it is no plain file"):
        read_judgements([tmp_path], CLAIMS)


def test_many_faults_are_all_counted_and_not_all_shown(tmp_path):
    text = "claim_id,badge\n" + "".join(f"X{number},Right\n" for number in range(30))
    with pytest.raises(LabelsError) as caught:
        read_judgements([table(tmp_path, text)], CLAIMS)

    lines = str(caught.value).splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("30 faults in the labels:", "... and 10 more: mend these first", 22)

    rows = "".join(f"E01,Right,r{number}\n" for number in range(101))
    path = table(tmp_path, f"claim_id,badge,reader\n{rows}")
    with pytest.raises(LabelsError, match="101 readers are more than the 100"):
        read_judgements([path], CLAIMS)


def test_only_sound_tables_beside_the_dossier_count_as_human_ones(tmp_path):
    dossier, labels = tmp_path / "data", tmp_path / "labels"
    assert by_humans(dossier, CLAIMS) == ()

    labels.mkdir()
    table(labels, "claim_id,badge\nX99,Right\n", "bad.csv")
    (labels / "README.md").write_text("How to add one\n")
    assert by_humans(dossier, CLAIMS) == ()

    table(labels, "claim_id,badge,reader\nE01,Right,Ann\n", "ann.csv")
    (found,) = by_humans(dossier, CLAIMS)
    assert found.readers == ("Ann",)


# -- compared with the program ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_dossier(tmp_path_factory.mktemp("agreement") / "data")


@pytest.fixture(scope="module")
def verdicts(folder):
    found = verdicts_by_claim(Dossier.load(folder))
    return {name: own[Vintage.HINDSIGHT.value] for name, own in found.items()}


def judged(reader, **values):
    return tuple(Judgement(name, value.value, reader) for name, value in values.items())


def test_every_reader_is_compared_with_the_program_and_with_every_other(verdicts):
    ours = {name: verdict.rating.badge for name, verdict in verdicts.items()}
    other = next(badge for badge in Badge if badge not in ours.values())
    items = judged("Ann", **ours) + judged("Ben", E01=other, M01=ours["M01"]) + judged("Cem", E01=other)
    found = compare(Judgements("badge", items), verdicts)

    alike = {(pair.first, pair.second): (pair.judged.alike, pair.judged.count) for pair in found.pairs}
    assert alike == {
        ("Ann", "the program"): (2, 2), ("Ben", "the program"): (1, 2), ("Cem", "the program"): (0, 1),
        ("Ann", "Ben"): (1, 2), ("Ann", "Cem"): (0, 1), ("Ben", "Cem"): (1, 1),
    }  # fmt: skip
    assert [(item.claim_id, item.reader, item.theirs) for item in found.differing] == [
        ("E01", "Ben", other.value), ("E01", "Cem", other.value),
    ]  # fmt: skip
    told = found.differing[0]
    assert told.ours == ours["E01"].value
    assert told.part_id == verdicts["E01"].deciding.part_id
    assert told.rule == RULES[ours["E01"]]
    for piece in ("E01: Ben", other.value, ours["E01"].value, told.part_id, told.rule):
        assert piece in told.words


def test_confidence_is_compared_where_both_give_one(verdicts):
    level = verdicts["E01"].rated.confidence
    given_ = (Judgement("E01", "Wrong", "Ann", "strong"), Judgement("M01", "Unproven", "Ann"))
    (pair,) = compare(Judgements("badge", given_), verdicts).pairs

    assert pair.confidence.count == (1 if level else 0)


def test_a_claim_that_the_program_could_not_judge_is_named_and_not_counted(verdicts):
    only = {"M01": verdicts["M01"]}
    found = compare(Judgements("badge", judged("Ann", E01=Badge.RIGHT, M01=Badge.RIGHT)), only)

    assert found.unjudged == ("E01",)
    assert found.pairs[0].judged.count == 1


def test_a_strict_label_hangs_on_the_first_part_that_is_refuted(project):
    """The launch was in August: the rating hangs on the point that holds, the label on the month."""
    verdict = next(
        own[Vintage.HINDSIGHT.value]
        for own in verdicts_by_claim(project).values()
        if own[Vintage.HINDSIGHT.value].rating.badge is Badge.RIGHT_BUT and own[Vintage.HINDSIGHT.value].rating.refuted
    )
    part, rule = decides(verdict, "label")

    assert verdict.label is Label.REFUTED
    assert part.label is Label.REFUTED
    assert rule == LABEL_RULES[Label.REFUTED]
    assert decides(verdict, "badge") == (verdict.deciding, RULES[Badge.RIGHT_BUT])


def test_the_program_agrees_with_itself_on_every_claim_by_badge_and_by_label(project):
    own = {name: found[Vintage.HINDSIGHT.value] for name, found in verdicts_by_claim(project).items()}
    badges = Judgements("badge", judged("Ann", **{name: item.rating.badge for name, item in own.items()}))
    labels = Judgements("label", judged("Ann", **{name: item.label for name, item in own.items()}))

    for same in (badges, labels):
        found = compare(same, own)
        assert found.differing == ()
        assert found.pairs[0].judged == Agreement(len(project.claims), len(project.claims), pytest.approx(1))


# -- the command --------------------------------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(cli.main, list(map(str, arguments)))


def test_the_command_prints_agreement_and_each_differing_claim(tmp_path, folder, verdicts):
    ours = verdicts["M01"].rating.badge
    other = next(badge for badge in Badge if badge is not ours)
    labels = table(tmp_path, f'claim_id,badge,reader\nM01,"{other.value}",Ann\n')
    done = run("agree", labels, "--dossier", folder)

    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert first.startswith("Ann and the program, badge: 0 of 1 claim alike (0 %, 95 % interval 0 to ")
    assert second.startswith(f"M01: Ann {other.value}; the program {ours.value}")
    assert "deciding part M01.armed" in second

    whole = json.loads(run("agree", labels, "--dossier", folder, "--json").stdout)
    assert whole["pairs"][0]["badge"] | {"claims": 1, "alike": 0, "share": 0.0} == whole["pairs"][0]["badge"]
    assert (whole["differing"][0]["claim_id"], whole["differing"][0]["part_id"]) == ("M01", "M01.armed")


def test_the_command_refuses_bad_input_in_a_sentence(tmp_path, folder):
    bad = run("agree", table(tmp_path, "claim_id,badge\nM01,Rihgt\n"), "--dossier", folder)

    assert bad.exit_code == 2
    assert bad.stdout == ""
    assert bad.stderr == "claimaudit: labels.csv:2: badge: unknown badge 'Rihgt'; did you mean 'Right'?\n"
    assert run("agree", tmp_path / "no.csv", "--dossier", folder).exit_code == 2


def test_a_readers_name_cannot_steer_the_terminal(tmp_path, folder):
    done = run("agree", table(tmp_path, "claim_id,badge,reader\nM01,Right,\u202eAnn\n"), "--dossier", folder)

    assert done.exit_code == 0
    assert "\u202e" not in done.stdout
