"""Judge it yourself: what is drawn and shown, that nothing of ours is told before, the form, the file, the comparison."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest

from claimaudit.dossier.judgements import COLUMNS, Judgement, Judgements, read_judgements
from claimaudit.errors import ParameterError
from claimaudit.html import escape
from claimaudit.model import Vintage
from claimaudit.rated import Badge
from claimaudit.run.gate import read_parameters
from claimaudit.show.lab import judge
from claimaudit.show.lab.judge_panel import panel

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "judge.ipynb"


@pytest.fixture(scope="module")
def drawn(project):
    return judge.draw(project, 3, 7)


@pytest.fixture(scope="module")
def cells():
    return nbformat.read(NOTEBOOK, 4).cells


# -- what is drawn and shown ----------------------------------------------------------------------------------------------


def test_a_seed_draws_the_same_claims_again_and_another_one_others(project):
    first, again, other = (judge.draw(project, 3, seed).claims for seed in (7, 7, 8))

    assert first == again != other
    assert len({claim.claim_id for claim in first}) == 3
    assert list(first) == [claim for claim in project.claims if claim in first]
    assert len(judge.draw(project, 1_000, 1).claims) == len(project.claims)
    with pytest.raises(ParameterError, match="0 claims cannot be judged"):
        judge.draw(project, 0)


def test_sheets_have_every_sentence_and_row_and_none_of_our_ratings(drawn, project):
    shown = judge.sheets(drawn).text + repr(drawn) + judge.by_hand(drawn)

    for claim in drawn.claims:
        verdict = drawn.verdicts[claim.claim_id]
        rows = {name for part in verdict.parts for item in part.findings for name in item.observations}
        assert rows
        for name in rows:
            assert escape(project.observation(name).note) in shown, name
        assert f"paragraph {claim.paragraph}" in shown
        if verdict.rating.reason:
            assert verdict.rating.reason not in shown
    for told in ("ca-badge", "ca-mark", "ca-rating", "likely to hold"):
        assert told not in shown


def test_what_is_told_without_widgets_makes_a_table_that_is_read(drawn, tmp_path):
    """Its lines as they are printed, each given a badge."""
    lines = judge.by_hand(drawn).splitlines()
    start = lines.index(",".join(COLUMNS))
    rows = [line.replace(",", ",Right,", 1).removesuffix(",") for line in lines[start + 1 : start + 4]]
    path = tmp_path / "labels.csv"
    path.write_text("\n".join([lines[start], *rows]) + "\n", encoding="utf-8")
    found = read_judgements([path], [claim.claim_id for claim in drawn.claims])

    assert [item.claim_id for item in found.items] == [claim.claim_id for claim in drawn.claims]


# -- the table ------------------------------------------------------------------------------------------------------------


def test_a_table_is_read_as_it_was_written_and_holds_no_formula(drawn, tmp_path):
    names = [claim.claim_id for claim in drawn.claims]
    items = (
        Judgement(names[0], "Right, but", "Ann", "thin", note='a "month", or so'),
        Judgement(names[1], "Unproven"),
        Judgement(names[2], "Wrong", "=1+1", note="two\nlines"),
    )
    assert judge.save(tmp_path, "labels.csv", judge.table_text(items))
    found = read_judgements([tmp_path / "labels.csv"], names).items

    assert found[:2] == items[:2]
    assert (found[2].reader, found[2].note) == ("'=1+1", "two lines")


def test_nothing_is_overwritten_unless_told_so(tmp_path):
    assert judge.save(tmp_path, "labels.csv", "first\n")
    assert not judge.save(tmp_path, "labels.csv", "second\n")
    assert (tmp_path / "labels.csv").read_text() == "first\n"
    assert judge.save(tmp_path, "labels.csv", "second\n", replace=True)
    assert (tmp_path / "labels.csv").read_text() == "second\n"
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]

    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    assert not judge.save(tmp_path, "link.csv", "third\n")
    for name in ("../labels.csv", "labels.txt", "", "/etc/labels.csv"):
        with pytest.raises(ParameterError, match="is no name of a table"):
            judge.save(tmp_path, name, "x\n")
    with pytest.raises(ParameterError, match="cannot be written here"):
        judge.save(tmp_path / "none", "labels.csv", "x\n")


# -- the comparison -------------------------------------------------------------------------------------------------------


def test_the_comparison_names_each_differing_claim_its_part_and_the_rule(drawn):
    first, *rest = drawn.claims
    ours = {name: verdict.rating.badge for name, verdict in drawn.verdicts.items()}
    other = next(badge for badge in (Badge.WRONG, Badge.RIGHT) if badge is not ours[first.claim_id])
    items = [
        Judgement(first.claim_id, other.value),
        *(Judgement(one.claim_id, ours[one.claim_id].value) for one in rest),
    ]
    text = judge.comparison(drawn, Judgements("badge", tuple(items))).text

    rows = re.search(r"<tbody>.*</tbody>", text, re.DOTALL)[0]
    assert rows.count("<tr") == 1
    assert first.claim_id in rows
    assert drawn.verdicts[first.claim_id].deciding.part.text[:30] in rows
    assert "2 of 3 claims alike" in text
    for claim in rest:
        assert f"{claim.claim_id} {ours[claim.claim_id].value}" in text


# -- the form -------------------------------------------------------------------------------------------------------------


class Shown:
    """The panel's widgets by what they are called."""

    def __init__(self, box):
        *self.forms, self.reader, self.file, buttons, self.said, self.result = box.children
        self.go, self.replace = buttons.children

    def judge(self, *badges):
        for form, badge in zip(self.forms, badges, strict=True):
            form.children[1].value = badge


@pytest.fixture
def shown(drawn, tmp_path):
    return Shown(panel(drawn, tmp_path))


def test_the_button_waits_for_every_badge(shown):
    assert shown.go.disabled
    shown.judge("Right", "Wrong", "")
    assert shown.go.disabled
    assert "2 of 3 have a badge" in shown.said.value
    shown.judge("Right", "Wrong", "Unproven")
    assert not shown.go.disabled


def test_an_unproven_claim_has_no_confidence(shown):
    _, badge, level, _ = shown.forms[0].children
    badge.value, level.value = "Right", "strong"
    badge.value = "Unproven"
    assert (level.value, level.disabled) == ("", True)
    badge.value = "Wrong"
    assert not level.disabled


def test_answers_are_saved_compared_and_then_kept(shown, drawn, tmp_path):
    shown.judge("Right", "Right, but", "Unproven")
    shown.reader.value = "Ann"
    assert shown.result.value == ""
    shown.go.click()

    found = read_judgements([tmp_path / "labels.csv"], [claim.claim_id for claim in drawn.claims])
    assert [(item.value, item.reader) for item in found.items] == [
        ("Right", "Ann"), ("Right, but", "Ann"), ("Unproven", "Ann"),
    ]  # fmt: skip
    assert all(item.day for item in found.items)
    assert "Ann and the program" in shown.result.value
    assert all(item.disabled for form in shown.forms for item in form.children[1:])
    assert shown.go.disabled


def test_a_file_that_is_there_is_replaced_only_by_the_second_button(shown, tmp_path):
    (tmp_path / "labels.csv").write_text("mine\n")
    shown.judge("Right", "Wrong", "Unproven")
    shown.go.click()
    assert (tmp_path / "labels.csv").read_text() == "mine\n"
    assert shown.replace.layout.display == ""
    assert shown.result.value == ""

    shown.file.value = "other.csv"  # another name needs no leave
    assert shown.replace.layout.display == "none"
    shown.go.click()
    assert (tmp_path / "labels.csv").read_text() == "mine\n"
    assert shown.result.value != ""


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [("file", "a/b.csv", "is no name of a table"), ("reader", "the program", "is what you are compared with")],
)
def test_what_cannot_be_saved_is_told_and_shows_nothing_of_ours(shown, tmp_path, field, text, told):
    shown.judge("Right", "Wrong", "Unproven")
    getattr(shown, field).value = text
    shown.go.click()

    assert told in shown.said.value
    assert shown.result.value == ""
    assert list(tmp_path.iterdir()) == []


# -- the notebook ---------------------------------------------------------------------------------------------------------


def test_its_form(cells):
    """No outputs, no logic, short cells, typed and ranged parameters, a panel that reports leave out."""
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert [item.name for item in read_parameters(NOTEBOOK)] == ["dossier", "seed", "number"]
    assert [cell.id for cell in code if "explore" in cell.metadata.get("tags", [])] == ["panel"]
    for cell in code:
        assert not cell.outputs
        assert len(cell.source.splitlines()) <= 15
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While)


def test_it_holds_the_codebook_word_for_word(cells):
    book = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8").replace("](method.md)", "](../docs/method.md)")
    own = next(cell.source for cell in cells if cell.id == "codebook")

    assert [line.lstrip("#") for line in own.splitlines()] == [line.lstrip("#") for line in book.strip().splitlines()]


def test_its_links_lead_somewhere(cells):
    for cell in cells:
        for target in re.findall(r"\]\(([^)#]+)\)", cell.source) if cell.cell_type == "markdown" else ():
            assert (NOTEBOOK.parent / target).exists(), target


@pytest.mark.slow
def test_plain_papermill_runs_it_and_it_prints_what_to_do(tmp_path):
    out = tmp_path / "out.ipynb"
    given = {"number": 2, "seed": 3}
    papermill.execute_notebook(NOTEBOOK, out, given, kernel_name="python3", progress_bar=False, cwd=tmp_path)

    outputs = [output for cell in nbformat.read(out, 4).cells for output in cell.get("outputs", [])]
    printed = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")
    assert not [output for output in outputs if output.output_type == "error"]
    assert "Then run, in a terminal: claimaudit agree labels.csv" in printed
    assert len(re.findall(r"^[EM]\d\d,,,,,$", printed, re.MULTILINE)) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out.ipynb"]


def test_the_verdicts_compared_with_are_those_of_hindsight(drawn):
    assert {verdict.vintage for verdict in drawn.verdicts.values()} == {Vintage.HINDSIGHT}
