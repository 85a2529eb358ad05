"""The claims over time: on each listed day what a fresh audit gives, made by asking no model more often than it must be asked."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError
from claimaudit.publish.site import Site, site_files
from claimaudit.show.step_line import step_line
from claimaudit.verdict import timeline
from claimaudit.verdict.audit import audit, modelled
from claimaudit.verdict.history import COLUMNS, dues, runs, sentence, table
from claimaudit.verdict.models import model_of
from claimaudit.verdict.parts import assess
from claimaudit.verdict.timeline import printed, timelines
from claimaudit.verdict.watched import Calendar, Watched
from samples import CLAIMS, OBSERVATIONS, OTHERS, write_dossier

DAY = timedelta(days=1)
LATE = "ferry.seen,ferry_armed,HRB,2023-01-05,2023-01-05,1,,,event,1,,,,official,,customs,audit-2024,The audit saw the gun\n"


def fresh(dossier, day):
    """Every claim's verdict by an audit of the dossier as of a day."""
    view = dossier._cut(day)
    out = {}
    for topic in dict.fromkeys(claim.topic for claim in dossier.claims):
        module = model_of(dossier, topic)
        extra = modelled(topic, view, module.Parameters() if module else None)
        out |= {item.claim_id: item for item in assess(view, dossier.topic(topic), extra) if not item.part_id}
    return out


def whole(verdict):
    """All that is told of a verdict, without the days on which its parts were last looked at."""
    parts = [(part.label, part.probability, part.low, part.high, part.findings) for part in verdict.parts]
    return (
        verdict.as_of,
        verdict.vintage,
        verdict.label,
        verdict.probability,
        verdict.rated,
        verdict.observations,
        parts,
    )


@pytest.fixture(scope="module")
def found(project):
    return timelines(project)


@pytest.fixture
def small(tmp_path):
    return Dossier.load(write_dossier(tmp_path / "dossier", harbour=OBSERVATIONS + LATE))


# -- the project's own ------------------------------------------------------------------------------------------------


@settings(max_examples=12)
@given(data=st.data())
def test_on_each_listed_day_it_is_what_a_fresh_audit_gives(project, found, data):
    days = sorted({step.day for steps in found.values() for step in steps})
    day = data.draw(st.sampled_from(days))
    audited = fresh(project, day)

    for claim, steps in found.items():
        for step in steps:
            if step.day == day:
                assert whole(step.verdict) == whole(audited[claim]), (claim, day)


@settings(max_examples=12)
@given(days=st.integers(0, 2500))
def test_on_any_other_day_the_last_listed_one_is_what_is_printed(project, found, days):
    day = min(date(2020, 1, 1) + days * DAY, project.article.compiled)
    audited = fresh(project, day)

    for claim, steps in found.items():
        before = [step for step in steps if step.day <= day]
        if before:
            assert printed(before[-1].verdict) == printed(audited[claim]), (claim, day, before[-1].day)
        else:
            assert not audited[claim].observations, (claim, day)


def test_both_dates_are_there_and_are_what_the_reports_say(project, found, audited):
    for claim in project.claims:
        result = audited(claim.topic)
        by_day = {step.day: step.verdict for step in found[claim.claim_id]}
        for view in result.views:
            assert whole(by_day[view.day]) == whole(result.verdict(claim.claim_id, view.vintage))


def test_each_row_of_a_claims_parts_stands_on_its_day(project, found):
    for claim in project.claims:
        known = {name: step.day for step in found[claim.claim_id] for name in step.known}
        rows = {
            row.observation_id: row.knowable
            for part in claim.parts
            for selector in part.evidence
            for row in project.evidence.matching(selector)
        }
        assert known == rows


def test_models_are_asked_again_only_where_what_they_read_has_changed(project, monkeypatch):
    """All claims on some hundred days: fewer times than topics times days by far."""
    asked = []

    def counted(topic, view, parameters, ready=None):
        asked.append((topic, view.on))
        return modelled(topic, view, parameters, ready)

    monkeypatch.setattr(timeline, "modelled", counted)
    steps = timelines(project)
    days = {step.day for own in steps.values() for step in own}

    assert len(asked) == len(set(asked))
    assert len(asked) < len({claim.topic for claim in project.claims}) * len(days) / 5


# -- small ones -------------------------------------------------------------------------------------------------------


def test_by_hand(small):
    """The gun is known from a reporter on 2 March 2023 and from the audit of May 2024, which counts once May is over."""
    found = timelines(small)

    assert [(step.day, step.verdict.rating.words) for step in found["M01"]] == [
        (date(2023, 3, 2), "Unproven: not shown"),
        (date(2023, 3, 14), "Unproven: not shown"),
        (date(2024, 5, 31), "Right"),
        (date(2024, 6, 1), "Right"),
    ]
    assert found["M01"][2].known == ("ferry.rumour", "ferry.seen")
    assert sentence(found["M01"], small.article) == "Unproven until 31 May 2024, then right"


def test_only_the_claims_asked_for(small):
    assert list(timelines(small, ["m01"])) == ["M01"]
    with pytest.raises(UnknownNameError, match="did you mean 'M01'"):
        timelines(small, ["M011"])


def step(day, words):
    badge, _, reason = words.partition("|")
    from claimaudit.rated import Badge, Rating

    return SimpleNamespace(day=date.fromisoformat(day), verdict=SimpleNamespace(rating=Rating(Badge(badge), reason)))


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([], ""),
        ([("2023-03-14", "Wrong")], "Wrong from the day of publication on"),
        ([("2023-01-02", "Right"), ("2023-03-14", "Right")], "Right since 2 January 2023, before the article appeared"),
        ([("2023-01-02", "Unproven")], "Unproven from the day of publication on"),
        ([("2023-01-02", "Right"), ("2023-03-14", "Wrong")], "Wrong from the day of publication on"),
        (
            [("2023-01-02", "Unproven|a"), ("2023-04-24", "Unproven|b"), ("2023-05-01", "Right, but|wrong month")],
            "Unproven until 1 May 2023, then right, but wrong month",
        ),
        (
            [("2023-03-14", "Right"), ("2023-05-01", "Unproven"), ("2024-05-01", "Wrong")],
            "Right until 1 May 2023, then unproven until 1 May 2024, then wrong",
        ),
        (
            [(f"202{year}-05-01", ("Right", "Wrong")[year % 2]) for year in range(3, 9)],
            "Changed 5 times from 1 May 2024 on; right since 1 May 2028",
        ),
    ],
)
def test_the_sentence(small, steps, told):
    assert sentence([step(*item) for item in steps], small.article) == told


def test_runs_join_days_of_one_badge(small):
    found = runs([step("2023-03-14", "Right|a"), step("2023-04-14", "Right|b"), step("2023-05-14", "Wrong")])

    assert [(run.words, run.since.month, run.until and run.until.month) for run in found] == [
        ("Right: b", 3, 5),
        ("Wrong", 5, None),
    ]


def test_the_table_tells_what_changed(small):
    rows = table(timelines(small))
    gun = [row for row in rows if row["claim_id"] == "M01"]

    assert all(tuple(row) == COLUMNS for row in rows)
    assert [row["changed"] for row in gun] == ["first", "", "rating;reason;likelihood;confidence", ""]
    assert gun[2]["known"] == "ferry.rumour;ferry.seen"


FORECASTS = CLAIMS.replace('test = "event"', 'test = "forecast"\n  review = 2025-01-01', 1)


def test_what_falls_due_is_listed_next_first(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path / "dossier", claims=FORECASTS))
    (due,) = dues(dossier)

    assert (due.part_id, due.kind, due.day, due.passed) == ("M01.armed", "forecast", date(2025, 1, 1), False)
    output = CliRunner().invoke(main, ["timeline", "--dossier", str(dossier.path)], catch_exceptions=False).output
    assert output.splitlines()[-1].startswith(
        "next due: 1 January 2025 (a forecast of M01 is due): A ferry carried a gun"
    )


def test_the_command_prints_a_line_a_claim_days_of_those_named_and_csv(small):
    run = CliRunner()
    every = run.invoke(main, ["timeline", "--dossier", str(small.path)]).output.splitlines()
    one = run.invoke(main, ["timeline", "M01", "--dossier", str(small.path)]).output
    rows = list(
        csv.DictReader(io.StringIO(run.invoke(main, ["timeline", "--csv", "--dossier", str(small.path)]).output))
    )

    assert "M01: Unproven until 31 May 2024, then right" in every
    assert "    2024-05-31  Right; moderate; known: ferry.rumour, ferry.seen" in one.splitlines()
    assert [row["day"] for row in rows if row["claim_id"] == "M01"][-1] == "2024-06-01"


def test_the_site_has_page_and_table(small):
    files = site_files(Site(small, {"ferries": audit(small, "ferries")}, (), timelines=timelines(small)))
    html = files["timeline.html"].decode()

    assert "Unproven until 31 May 2024, then right" in html
    assert "31 May 2024: Audit office, and 1 more source" in html
    assert html.partition("<footer")[0].count("<svg") == 2, "both claims changed, and stand there once"
    assert files["timeline.csv"].decode().splitlines()[0] == ",".join(COLUMNS)


def test_the_line_rises_with_the_rating_and_says_the_sentence(small):
    line = step_line(timelines(small)["M01"], small.article).text
    points = [tuple(map(float, pair.split(","))) for pair in line.split('points="')[1].split('"')[0].split()]

    assert points[0][1] > points[-1][1], "up is better"
    assert 'aria-label="Unproven until 31 May 2024, then right"' in line


# -- what a view notes ------------------------------------------------------------------------------------------------


def test_a_watched_view_answers_as_the_usual_one(small):
    day = date(2023, 3, 10)
    usual, watched = small.as_of(day), Watched(small, day)

    assert watched.select(measure="figs_sold").equals(usual.select(measure="figs_sold"))
    assert watched.rows(measure="ferry_armed") == usual.rows(measure="ferry_armed")
    assert list(watched.evidence.records) == list(usual.evidence.records)
    assert watched.observations.equals(usual.observations)
    assert watched.sources.equals(usual.sources)
    assert (watched.day, watched.vintage) == (usual.day, usual.vintage)
    assert "ferry.seen" not in watched.evidence.records


@pytest.mark.parametrize(
    ("ask", "days"),
    [
        (lambda view: view.rows(measure="figure_named"), ["2023-03-02"]),
        (lambda view: view.select(measure="ferry_armed"), ["2023-03-02", "2024-05-31"]),
        (lambda view: "ferry.seen" in view.evidence.records, ["2024-05-31"]),
        (lambda view: view.evidence.records.get("none"), []),
        (lambda view: list(view.evidence.records), ["2023-02-01", "2023-03-02", "2024-05-31"]),
        (lambda view: view.observations.index, ["2023-02-01", "2023-03-02", "2024-05-31"]),
        (lambda view: view.sources.index, ["2023-02-01", "2023-03-02", "2024-05-31"]),
        (lambda view: view.article.published, []),
    ],
)
def test_what_is_asked_is_noted_with_the_days_on_which_the_answer_changes(small, ask, days):
    view = Watched(small, date(2023, 3, 10))
    ask(view)

    assert sorted(map(str, Calendar(small).days(view.reads))) == days
    assert not view.reads.day


def test_asking_for_the_day_is_noted(small):
    for ask in (lambda view: view.day, lambda view: view.vintage):
        view = Watched(small, date(2023, 3, 10))
        ask(view)
        assert view.reads.day


def test_a_rate_over_time_is_what_a_fresh_audit_gives_on_each_day(tmp_path):
    """Its exposure grows with the days: what is printed changes on days on which no row became known."""
    units = OTHERS["units.csv"] + "day,time,1,day\n"
    claims = CLAIMS.replace(
        'test = "event"\n  evidence = [{ measure = "ferry_armed" }]',
        'test = "rate"\n  unit = "day"\n  at_most = 0.01\n  listed = true\n'
        '  evidence = [{ measure = "ferry_armed", role = "events", start = 2023-01-01, end = 2024-12-31 }]',
    )
    dossier = Dossier.load(write_dossier(tmp_path / "dossier", claims=claims, units=units))
    steps = timelines(dossier, ["M01"])["M01"]
    listed = {item.day: item.verdict for item in steps}

    last = None
    for number in range((dossier.article.compiled - steps[0].day).days + 1):
        day = steps[0].day + number * DAY
        last = listed.get(day, last)
        assert printed(last) == printed(fresh(dossier, day)["M01"]), day
    assert len(steps) > 4
