"""``import claimaudit as ca``: tables, audits held against each other, a row found today, and faults in one sentence."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import papermill
import pytest

import claimaudit as ca
from claimaudit.errors import ClaimAuditError, DossierError, ParameterError, UnknownNameError
from claimaudit.publish.report import export, linked_rows
from claimaudit.run.preload import read_ahead
from samples import DATA, OBSERVATIONS, OTHERS, write_dossier

ROOT = Path(__file__).parents[1]
GUIDE, QUESTIONS = ROOT / "docs/api.md", ROOT / "notebooks/questions.ipynb"
FOUND, LIKE = {"value": 98, "credibility": 2}, {"like": "fig.customs"}


@pytest.fixture
def known(tmp_path):
    return ca.load(write_dossier(tmp_path / "data"))


# -- the import ----------------------------------------------------------------------------------------------------------


def test_the_import_stays_light_until_something_is_asked():
    code = (
        "import sys, claimaudit as ca; heavy = {'pandas', 'matplotlib', 'seaborn', 'numpy'}\n"
        "assert not heavy & set(sys.modules); assert 'audit' in dir(ca); ca.load; assert 'pandas' in sys.modules"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_name_it_does_not_have_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="no attribute 'adit'"):
        ca.adit  # noqa: B018


# -- tables ----------------------------------------------------------------------------------------------------------------


def test_observations_are_words_for_readers_and_ids_for_code(known):
    row = known.observations.loc["fig.customs"]

    assert (row["source"], row["published"], row["measure"], row["period"]) == (
        "Customs house",
        "2023-02-01",
        "figs sold",
        "2022",
    )
    assert (row["value"], row["low"], row["high"], row["unit"], row["grade"]) == (95, 90, 100, "crate", "A1")
    assert (row["measure_id"], row["origin"], row["source_id"], row["claims"]) == (
        "figs_sold",
        "customs",
        "customs-2022",
        "E01",
    )
    assert row["start"] == pd.Timestamp("2022-01-01")
    assert known.observations.index.name == "row"


def test_the_other_tables_count_what_hangs_on_them(known):
    assert known.sources.loc["gazette-2023", ["publisher", "publisher_id", "rows"]].tolist() == [
        "The Gazette",
        "the-gazette",
        3,
    ]
    assert known.publishers.loc["audit-office", ["name", "reliability", "sources", "rows"]].tolist() == [
        "Audit office",
        "A",
        1,
        2,
    ]
    assert known.claims.loc["E01", ["topic", "parts", "rows"]].tolist() == ["figs", 2, 4]
    assert known.parts.loc["E01.number", ["claim", "role", "value", "unit"]].tolist() == ["E01", "core", 100, "crate"]


def test_a_table_may_be_changed_without_changing_the_next(known):
    table = known.observations
    table.loc["fig.customs", "value"] = 0

    assert known.observations.loc["fig.customs", "value"] == 95


def test_tables_of_a_day_hold_what_was_known_then(known):
    then = ca.load(known.dossier.path, as_of="2023-02-20")

    assert list(then.observations.index) == ["fig.customs"]
    assert set(then.verdicts()["day"]) == {pd.Timestamp("2023-02-20")}
    assert ca.observations("E01", then).index.tolist() == ["fig.customs"]


def test_verdicts_are_those_of_the_audit_claims_before_their_parts(known):
    found = known.verdicts()
    audited = known.audit("figs")

    assert found[["claim", "part", "date"]].values.tolist()[:4] == [
        ["E01", "", "at publication"],
        ["E01", "", "in hindsight"],
        ["E01", "E01.number", "at publication"],
        ["E01", "E01.number", "in hindsight"],
    ]
    for row in found[found["topic"] == "figs"].itertuples():
        verdict = next(v for v in audited.verdicts if v.key == (row.part or row.claim) and v.vintage.words == row.date)
        assert row.probability == verdict.probability
        assert row.answer == (verdict.label.words if row.part else verdict.rating.words)


def test_an_edit_in_the_folder_shows_at_the_next_load(known):
    path = known.dossier.path / "observations/harbour.csv"
    path.write_text(OBSERVATIONS.replace("2022-12-31,95,90,100", "2022-12-31,96,90,100"), encoding="utf-8")

    assert ca.load(known.dossier.path).observations.loc["fig.customs", "value"] == 96
    assert ca.load(known.dossier.path).dossier is ca.load(known.dossier.path).dossier


def test_an_edit_that_keeps_size_and_time_shows_too(known):
    """A kernel is given what was read before it began, so a file put back with an old time must not pass for that."""
    path = known.dossier.path / "observations/harbour.csv"
    before, shown = path.stat(), ca.load(known.dossier.path).observations.loc["fig.customs", "value"]
    path.write_text(path.read_text(encoding="utf-8").replace("2022-12-31,95,", "2022-12-31,94,"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()

    assert (after.st_size, after.st_mtime_ns, shown) == (before.st_size, before.st_mtime_ns, 95)
    assert ca.load(known.dossier.path).observations.loc["fig.customs", "value"] == 94


def test_what_was_read_ahead_is_not_read_again_and_a_fault_is_left_to_who_asks(tmp_path, monkeypatch):
    folder = write_dossier(tmp_path / "data")
    read_ahead(str(folder))
    (tmp_path / "empty").mkdir()
    read_ahead(str(tmp_path / "empty"))
    with pytest.raises(DossierError):
        ca.load(tmp_path / "empty")

    monkeypatch.setattr("claimaudit.api.Dossier.load", lambda *_: pytest.fail("read again"))
    assert "fig.customs" in ca.load(folder).observations.index


def test_audits_by_the_usual_parameters_are_one_and_others_are_their_own():
    known = ca.load(DATA)
    usual = known.audit("trade")

    assert known.audit("E14") is usual is known.audit("trade", threshold=1.0)
    assert known.audit("trade", threshold=2.0) is not known.audit("trade", threshold=2.0)
    assert known.audit("trade", threshold=2.0).changed == {"threshold": 2.0}


def test_rows_of_a_claim_a_part_or_words(known):
    assert list(ca.observations("e01", known).index) == ["fig.customs", "fig.gazette", "fig.audit", "fig.named"]
    assert list(ca.observations("E01.SAID", known).index) == ["fig.named"]
    assert list(ca.observations("recount fire", known).index) == ["fig.audit"]
    assert list(ca.observations("E01", known, also=["stake"]).columns[-2:]) == ["note", "stake"]


# -- audits ----------------------------------------------------------------------------------------------------------------


def test_a_parameter_changes_what_is_judged_and_is_named_as_what_if(project):
    usual, asked = ca.audit("trade", project), ca.audit("E14", project, threshold=0.5)
    found = asked.compare(usual).set_index(["part", "date"])

    assert found.loc[("E14.latest", "in hindsight"), "other_answer"] == "supported"
    assert found.loc[("E14.latest", "in hindsight"), "answer"] != "supported"
    assert "What if, not the audit: threshold = 0.5." in asked._repr_html_()
    assert "What if" not in usual._repr_html_()
    assert usual.compare(ca.audit("trade", project)).empty


def test_who_says_what_is_a_table_strongest_first(known):
    found = ca.audit("figs", known).heard("E01.NUMBER")

    assert set(found["origin"]) == {"customs", "gazette", "audit"}
    assert found.set_index("origin").loc["customs", ["source", "rows"]].tolist() == ["Customs house", ("fig.customs",)]
    assert found.set_index("origin").loc["customs", "supports"] > 0
    assert found.set_index("origin").loc["audit", "doubts"] > 0


# -- a row found today ------------------------------------------------------------------------------------------------------


def test_a_row_found_today_moves_the_part_it_bears_on_and_no_file(known):
    more = known.with_row(
        FOUND, like="fig.customs", source={"title": "A count", "publisher": "Customs house", "published": "2026-11-28"}
    )
    moved = more.audit("figs").compare(known.audit("figs"))

    assert more.added == ("added.row",)
    assert more.observations.loc["added.row", ["source", "period", "unit", "grade"]].tolist() == [
        "Customs house",
        "2022",
        "crate",
        "A2",
    ]
    before, after = (one.audit("figs").verdict("E01.number").probability for one in (known, more))
    assert after > before
    assert "E01.number" in set(moved["part"])
    assert "the row added.row added" in more.audit("figs")._repr_html_()
    assert "added.row" not in known.observations.index
    assert "added.row" not in ca.load(known.dossier.path).observations.index
    # at publication it was not known, and changes nothing
    assert set(moved["date"]) == {"in hindsight"}


def test_a_row_of_a_known_source_is_no_new_voice(known):
    more = known.with_row({**FOUND, "source_id": "customs-2022"}, like="fig.customs")

    assert more.observations.loc["added.row", "origin"] == "customs"
    assert len(more.audit("figs").heard("E01.number")) == len(known.audit("figs").heard("E01.number"))


def test_units_are_converted_as_in_a_file(tmp_path):
    units = OTHERS["units.csv"] + "half,crates,0.5,half a crate\n"
    known = ca.load(write_dossier(tmp_path, units=units))
    more = known.with_row({**FOUND, "source_id": "audit-2024", "unit": "half"}, like="fig.customs")

    assert more.observations.loc["added.row", ["value", "unit"]].tolist() == [49, "crate"]


def test_a_row_like_one_that_is_picked_by_id_is_heard_beside_it(tmp_path):
    claims = (write_dossier(tmp_path / "a") / "claims.toml").read_text(encoding="utf-8")
    claims = claims.replace(
        'evidence = [{ measure = "figs_sold" }]', 'evidence = [{ ids = ["fig.customs", "fig.gazette", "fig.audit"] }]'
    )
    known = ca.load(write_dossier(tmp_path / "b", claims=claims))
    more = known.with_row({**FOUND, "source_id": "gazette-2023", "origin": "gazette"}, like="fig.customs")

    assert "added.row" in ca.observations("E01.number", more).index


def test_a_part_may_be_named_to_hear_a_row(known):
    row = {
        "measure": "ferry_armed",
        "entity": "HRB",
        "start": "2023-01-05",
        "end": "2023-01-05",
        "value": 1,
        "credibility": 2,
    }
    more = known.with_row({**row, "source_id": "customs-2022"}, part="E01.said")

    assert "added.row" in ca.observations("E01.said", more).index
    assert "added.row" not in ca.observations("E01.said", known).index


@pytest.mark.parametrize(
    ("row", "options", "said"),
    [
        ({"valu": 98}, {}, "unknown column 'valu': did you mean 'value'?"),
        (FOUND, {"like": "fig.custom"}, "unknown observation 'fig.custom': did you mean 'fig.customs'?"),
        (FOUND, LIKE, "it has no source; give its source_id, or source"),
        (FOUND, {**LIKE, "part": "E01.sad"}, "unknown part 'E01.sad': did you mean 'E01.said'?"),
        ({"value": "many", "credibility": 7, "source_id": "audit-2024"}, LIKE, "'many' is not a number"),
        ({**FOUND, "source_id": "audit-2023"}, LIKE, "unknown source 'audit-2023' (did you mean 'audit-2024'?)"),
        ({**FOUND, "unit": "flag", "source_id": "audit-2024"}, LIKE, "'flag' does not fit the measure"),
        ({**FOUND, "observation_id": "fig.audit", "source_id": "audit-2024"}, LIKE, "has a row 'fig.audit' already"),
        ({"value": 95, "credibility": 2, "source_id": "customs-2022"}, LIKE, "it repeats 'fig.customs' in every figure"),
        (FOUND, {**LIKE, "source": {"title": "x", "publisher": "Gazete", "published": "2024"}}, "unknown publisher 'Gazete'"),
        (FOUND, {**LIKE, "source": {"titel": "x"}}, "unknown column 'titel': did you mean 'title'?"),
        (FOUND, {**LIKE, "source": {"title": "x", "publisher": "the-gazette", "published": "9999"}}, "still to come"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_refused_in_one_sentence(known, row, options, said):
    with pytest.raises((ParameterError, UnknownNameError)) as caught:
        known.with_row(row, **options)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_row_that_no_claim_would_hear_is_refused(tmp_path):
    measures = OTHERS["measures.csv"] + "figs_eaten,crate,0,Crates eaten\n"
    known = ca.load(write_dossier(tmp_path, measures=measures))
    row = {
        "measure": "figs_eaten",
        "entity": "HRB",
        "start": "2022-01-01",
        "end": "2022-12-31",
        "source_id": "customs-2022",
    }

    with pytest.raises(ParameterError, match="no claim asks for 'figs_eaten'"):
        known.with_row({**FOUND, **row})


# -- bad input ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda known: ca.audit("fgs", known), "unknown topic 'fgs': did you mean 'figs'?"),
        (
            lambda known: ca.audit("figs", known, asof="2023-01-01"),
            "unknown parameter of 'figs' 'asof': did you mean 'as_of'?",
        ),
        (lambda known: ca.audit("figs", known, as_of="soon"), "'soon' is not a day"),
        (lambda known: ca.audit("figs", known, as_of=3), "as_of = 3 is of another type: give a text"),
        (lambda known: ca.audit("figs", known).compare(ca.audit("ferries", known)), "compare one topic"),
        (
            lambda known: ca.audit("figs", known).heard("E01.numbr"),
            "unknown part 'E01.numbr': did you mean 'E01.number'?",
        ),
        (lambda known: ca.claim("E02", known), "unknown claim 'E02': did you mean 'E01'?"),
        (lambda known: ca.observations("E01.numbr", known), "did you mean 'E01.number'?"),
        (lambda known: ca.observations("gold", known), "no row holds 'gold'"),
        (lambda known: ca.observations("E01", known, also=["strt"]), "did you mean 'start'?"),
        (lambda known: ca.load(known.dossier.path, as_of="2023-02"), "'2023-02' is not a day"),
        (lambda _: ca.claim("E01", "data"), "str is no dossier: give what load() returns"),
        (lambda known: ca.figure(plt.subplots()[1], known.observations, known=known), "the chart has no title"),
        (
            lambda known: ca.figure(plt.subplots()[1], pd.DataFrame({"a": [1]}), "A", known),
            "the frame carries no row id",
        ),
        (lambda known: ca.figure(plt.subplots()[1], ["fig.custom"], "A", known), "did you mean 'fig.customs'?"),
        (lambda known: ca.figure(plt.subplots(2)[1][0], known.observations, "A", known), "the figure holds 2 plots"),
        (
            lambda known: ca.intervals(known.observations, "entty"),
            "label: unknown column 'entty': did you mean 'entity'?",
        ),
        (lambda known: ca.timeline(ca.observations("E01", known)), "date: unknown column 'start'"),
        (lambda _: ca.band(plt.subplots()[1], None, None, "x"), "the band has no side"),
        (lambda _: ca.threshold(plt.subplots()[1], 1, "x", "z"), "axis is 'z': use 'x' or 'y'"),
    ],
)
def test_bad_input_gets_one_sentence(known, ask, said):
    with pytest.raises(ClaimAuditError) as caught:
        ask(known)
    plt.close("all")

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_none_is_told(tmp_path):
    with pytest.raises(DossierError, match="there is no such folder"):
        ca.load(tmp_path / "nowhere")


def test_numbers_of_a_model_are_held_to_type_and_range(project):
    with pytest.raises(ParameterError, match="unknown parameter of 'trade' 'treshold': did you mean 'threshold'"):
        ca.audit("trade", project, treshold=0.5)
    with pytest.raises(ParameterError, match=r"give a number from 0\.05 to 10"):
        ca.audit("trade", project, threshold=50)
    with pytest.raises(ParameterError, match=r"draws = 1000\.5 is of another type: give a whole number"):
        ca.audit("munitions", project, draws=1000.5)


# -- charts and tables ----------------------------------------------------------------------------------------------------------


def test_a_finished_chart_has_the_finding_three_figures_and_its_sources(known):
    import seaborn as sns

    ca.style()
    frame = ca.observations("E01.number", known)
    ax = sns.barplot(frame, x="value", y="source")
    shown = str(ca.figure(ax, frame, "Sales were 60 to 140 crates", known))
    alt = re.search(r'aria-label="([^"]*)"', shown)[1]

    assert alt == (
        "Sales were 60 to 140 crates. Least 60 crates (Audit office), middle 95 crates (Customs house), "
        "greatest 140 crates (The Gazette)."
    )
    assert 'href="#row-fig.customs"' in shown
    assert '<p class="ca-above">Sales were 60 to 140 crates</p>' in shown
    told = dict(re.findall(r'<a href="#row-([^"]*)"><span>([^<]*)</span></a>', shown))
    assert set(told) == set(frame.index)
    assert all("grade" in words for words in told.values())
    assert "140 crates. The Gazette, " in told["fig.gazette"]
    data = base64.b64decode(re.search(r"data:text/csv;base64,([^\"]*)", shown)[1]).decode()
    assert data.startswith("row,source,")
    assert "fig.customs,Customs house" in data
    assert plt.get_fignums() == []


def test_marks_that_all_rest_on_the_same_rows_tell_none_of_them_as_their_own(known):
    ids = ["fig.customs", "fig.gazette"]
    frame = pd.DataFrame({"what": ["a", "b", "c"], "value": [1.0, 2.0, 3.0], "rows": [ids] * 3})
    shown = str(ca.figure(ca.intervals(frame.assign(low=0.5, high=4.0), "what"), frame, "Three", known))
    frame.at[0, "rows"] = ids[:1]
    own = str(ca.figure(ca.intervals(frame.assign(low=0.5, high=4.0), "what"), frame, "Three", known))

    assert "ca-told" not in shown
    assert 'href="#row-fig.gazette"' in shown  # among the sources below
    assert own.count('<a href="#row-fig.customs"><span>') == 2


def test_rows_that_one_mark_stands_for_name_their_subject_once_and_none_twice(known):
    frame = pd.DataFrame({"what": ["a"], "value": [1.0], "rows": [["fig.customs", "fig.gazette", "fig.customs"]]})
    shown = str(ca.figure(ca.intervals(frame.assign(low=0.5, high=4.0), "what"), frame, "One", known))
    (words,) = re.findall(r'<a href="#row-fig.customs"><span>([^<]*)</span>', shown)

    assert words == (
        "HRB: 95 crates (90 to 100). Customs house, 1 February 2023; grade A1\n140 crates. The Gazette, 2 March 2023; grade C3"
    )


def test_ticks_of_a_logarithmic_axis_are_figures_that_a_page_can_read(known):
    import seaborn as sns

    frame = ca.observations("E01.number", known)
    ax = sns.stripplot(frame, x="value", y="source", jitter=False, log_scale=True)
    shown = str(ca.figure(ax, frame, "Sales were 60 to 140 crates", known))

    assert "mathdefault" not in shown
    assert re.search(r"<text[^>]*>100</text>", shown)


def test_row_ids_survive_a_merge_as_columns(known):
    rows = ca.observations("E01.number", known).reset_index()
    pairs = rows.merge(rows, on="period")
    shown = str(ca.figure(plt.subplots()[1], pairs, "Pairs", known, alt="Pairs of counts"))

    assert all(f'href="#row-{name}"' in shown for name in ("fig.customs", "fig.gazette", "fig.audit"))


def test_forms_take_a_frame_of_observations(known):
    frame = ca.observations("E01", known, also=["start"]).query("unit == 'crate'")
    ax = ca.intervals(frame, rival="source")
    before = ax.get_xlim()
    ca.band(ax, 80, None, "claimed")

    assert {text.get_text() for text in ax.texts} >= {"claimed", "95 crates"}
    assert "Customs house" in {text.get_text() for text in ax.get_legend().get_texts()}
    assert ax.get_xlim() == before
    assert "Least 60 crates" in str(ca.figure(ax, frame, "Three counts", known))
    assert "<figure" in str(ca.figure(ca.timeline(frame, label="source"), frame, "When", known))


def test_the_style_is_made_of_settings_that_matplotlib_documents():
    import matplotlib as mpl

    from claimaudit.show.charts.finishing import SETTINGS

    with mpl.rc_context():
        mpl.rcdefaults()
        ca.style()
        assert mpl.rcParams["axes.spines.top"] is False
        assert set(SETTINGS) <= set(mpl.rcParamsDefault)


def test_a_table_that_was_worked_out_says_from_which_rows(known):
    rows = ca.observations("E01.number", known)
    shown = str(
        ca.table(rows.groupby("unit")["value"].max().reset_index(), "Highest", known, rows=rows, how="The greatest.")
    )

    assert "Computed from 3 rows" in shown
    assert 'href="#row-fig.audit"' in shown


def test_ids_in_a_pandas_table_lead_to_the_evidence_where_the_page_has_it():
    page = '<tr id="row-fig.customs"><td>x</td></tr><tr><th>fig.customs</th><td>95</td></tr><tr><th>fig.other</th></tr>'

    assert '<th><a href="#row-fig.customs">fig.customs</a></th>' in linked_rows(page)
    assert "<th>fig.other</th>" in linked_rows(page)


# -- the guide and the notebook ------------------------------------------------------------------------------------------------


def test_every_example_of_the_guide_runs_and_every_function_has_one():
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)  # a document of this project
    code = "\n".join(blocks)

    for name in set(ca.__all__) - {"Audited", "Tables"}:
        assert f"ca.{name}(" in code, name
    plt.close("all")


def test_the_guide_tells_every_column_of_the_tables(known):
    guide = GUIDE.read_text(encoding="utf-8")
    for table in (known.observations, known.sources, known.publishers, known.claims, known.parts, known.verdicts()):
        for column in table.columns:
            assert f"`{column}`" in guide, column


def test_the_questions_are_ten_with_short_answers():
    cells = nbformat.read(QUESTIONS, 4).cells
    asked = [cell.source for cell in cells if cell.cell_type == "markdown" and re.match("## .*\\?", cell.source)]
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert len(asked) == 10
    assert not any(cell.outputs or cell.execution_count for cell in code)
    for cell in code[2:]:
        assert len(cell.source.splitlines()) <= 6, cell.source
    for page in ("overview.ipynb", "README.md"):
        assert "(notebooks/questions.ipynb)" in (ROOT / page).read_text("utf-8"), page


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [0.5, 10.0])
def test_the_questions_are_answered_under_plain_papermill(tmp_path, threshold):
    out = tmp_path / "out.ipynb"
    given = {"threshold": threshold}
    papermill.execute_notebook(
        QUESTIONS, out, parameters=given, kernel_name="python3", progress_bar=False, cwd=tmp_path
    )
    run = nbformat.read(out, 4)
    shown = {
        cell.id: "".join(o.data.get("text/html", "") for o in cell.outputs) for cell in run.cells if cell.get("outputs")
    }

    assert ("E14.latest" in shown["a-threshold"]) == (threshold < 1)
    assert "E14.latest" in shown["a-added"]
    assert "<figure" in shown["a-inflation-chart"]
    for name, html in shown.items():
        assert "<table" in html or "<figure" in html or name == "imports", name
    assert "Ten questions to a dossier" in export(run, title="Questions")
