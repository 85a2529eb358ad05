"""The claims as a whole: complete, split, tested, and every figure of the article accounted for."""

from __future__ import annotations

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Role, TestKind, Vintage
from claimaudit.verdict.audit import audit, unused
from claimaudit.verdict.wording import reason_text

# Every figure, number and date of the article's paragraphs 3-23 with the part(s) that test it. Our own words.
FIGURES = [
    (3, "the broadcaster's report of 8 March", ["M15.day"]),
    (3, "about 100 million bullets", ["M01.size", "M01.figure"]),
    (3, "about 300,000 shells", ["M02.size", "M02.figure"]),
    (3, "over the Caspian in January", ["M01.sea", "M01.month", "M02.sea", "M02.month"]),
    (4, "reported on 11 March", ["M04.date"]),
    (5, "a satellite launched in September", ["M07.month"]),
    (6, "said in December", ["M09.month"]),
    (7, "before the full-scale invasion", ["M12.before"]),
    (7, "killed in January 2020", ["M12.month"]),
    (9, "the two most sanctioned states", ["E01.russia", "E01.iran"]),
    (10, "an article of early March", ["E27.date"]),
    (12, "cars down 64.2%", ["E05.size", "E05.figure"]),
    (12, "January to August on the year before", ["E05.figure", "E06.figure", "E07.figure", "E08.figure"]),
    (12, "trucks down 20.1%", ["E06.size", "E06.figure"]),
    (12, "minibuses down 41.9%", ["E07.size", "E07.figure"]),
    (12, "buses down 10.2%", ["E08.size", "E08.figure"]),
    (12, "stopped in early spring", ["E09.volkswagen", "E09.toyota", "E09.ford"]),
    (14, "a credit of USD 1.4bn", ["E11.amount", "E11.figure"]),
    (14, "in early 2022", ["E11.date"]),
    (14, "a memorandum in July", ["E12.signed", "E12.month"]),
    (14, "projects of USD 40bn", ["E12.size", "E12.figure"]),
    (19, "less than 1% of foreign trade", ["E14.latest"]),
    (19, "sanctions tightened in 2018", ["E16.year"]),
    (21, "up to USD 25bn a year", ["E19.size", "E19.figure"]),
    (21, "10 to 15 banks", ["E20.size", "E20.figure"]),
    (21, "prices up 300%", ["E21.size", "E21.figure"]),
    (21, "inflation over 50%", ["E22.over"]),
    (21, "about half its value", ["E23.half"]),
]


def test_all_56_claims_are_there_in_the_articles_order(project):
    ids = [claim.claim_id for claim in project.claims]

    assert sorted(ids) == [f"E{n:02d}" for n in range(1, 39)] + [f"M{n:02d}" for n in range(1, 19)]
    in_order = [name for cell in project.sentences["claims"] for name in cell]
    assert ids == list(dict.fromkeys(in_order))
    assert [claim.paragraph for claim in project.claims] == sorted(claim.paragraph for claim in project.claims)


@pytest.mark.parametrize("number", range(56))
def test_each_claim_has_a_point_and_a_best_reading(project, number):
    claim = project.claims[number]

    assert any(part.role is Role.CORE for part in claim.parts)
    assert len(claim.best_reading) > 30
    assert claim.best_reading != claim.paraphrase
    for part in claim.parts:
        assert part.text.strip()
        assert part.evidence or part.note, f"{part.part_id} says neither what tests it nor why nothing does"


@pytest.mark.parametrize(("paragraph", "figure", "parts"), FIGURES, ids=[figure for _, figure, _ in FIGURES])
def test_every_figure_of_the_article_is_tested(project, paragraph, figure, parts):
    for name in parts:
        part = project.part(name)
        assert project.claim(part.claim_id).paragraph == paragraph
        assert part.evidence or part.test is TestKind.MODEL or part.note, figure


def test_every_claim_and_part_has_a_verdict_at_both_dates(project, audited):
    for topic in {claim.topic for claim in project.claims}:
        result = audited(topic)
        for claim in result.claims:
            for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
                verdict, parts = result.of(claim.claim_id, vintage)
                assert isinstance(verdict.label, Label)
                assert len(parts) == len(claim.parts)
                assert all(0 < item.probability < 1 for item in (verdict, *parts))
                assert all(reason_text(item).endswith(".") for item in (verdict, *parts))


def test_what_was_knowable_never_needs_later_rows(project, audited):
    for topic in {claim.topic for claim in project.claims}:
        result = audited(topic)
        then = set(result.view(Vintage.AT_PUBLICATION).observations.index)
        for verdict in result.verdicts:
            if verdict.vintage is Vintage.AT_PUBLICATION:
                assert set(verdict.observations) <= then, verdict.key


def test_every_observation_of_a_claim_is_used_or_has_a_reason(project, audited):
    left = [pair for topic in {claim.topic for claim in project.claims} for pair in unused(audited(topic))]

    assert left == []


def test_the_audit_does_not_depend_on_the_order_of_rows(project, audited, tmp_path):
    """The same rows read backwards give the same verdicts."""
    import shutil

    folder = shutil.copytree(project.path, tmp_path / "data")
    for path in (folder / "observations").glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if not any(row.count('"') % 2 for row in rows):
            path.write_text(head + "".join(reversed(rows)), encoding="utf-8")
    backwards = audit(Dossier.load(folder), "munitions")

    for verdict in audited("munitions").verdicts:
        other = backwards.verdict(verdict.key, verdict.vintage)
        assert (other.label, other.origins) == (verdict.label, verdict.origins)
        assert other.probability == pytest.approx(verdict.probability)


def test_the_list_command_says_that_all_claims_are_judged():
    from click.testing import CliRunner

    from claimaudit.cli import main

    shown = CliRunner().invoke(main, ["list"], catch_exceptions=False)

    assert shown.exit_code == 0
    assert "56 of 56 claims are rated at both dates" in shown.output
