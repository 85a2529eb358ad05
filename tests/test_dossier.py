"""Loading a dossier: every fault is named with file, line, column and remedy, all at once, never as a traceback."""

# ruff: noqa: E501
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError, UnknownNameError
from claimaudit.model import PartialDate, Vintage
from samples import CLAIMS, OBSERVATIONS, OTHERS, PUBLISHERS, SOURCES, write_dossier

# What is changed (file, old text, new text) and what the one fault must say: file, line, column, problem.
BROKEN = {
    "text in a number": ("harbour", ",95,90,", ",about 95,90,", "observations/harbour.csv:2: value: 'about 95' is not a number"),
    "thousands comma": ("harbour", ",140,", ',"1,400",', ":3: value: '1,400' is not a number"),
    "NaN": ("harbour", ",140,", ",NaN,", ":3: value: 'NaN' is not a finite number"),
    "infinity": ("harbour", ",140,", ",inf,", ":3: value: 'inf' is not a finite number"),
    "overflow": ("harbour", ",140,", ",1e999,", ":3: value: '1e999' is not a finite number"),
    "no value": ("harbour", ",140,", ",,", ":3: value: the number is missing"),
    "low above high": ("harbour", ",95,90,100,", ",95,100,90,", ":2: low: low 100 is above high 90"),
    "value outside its range": ("harbour", ",95,90,100,", ",120,90,100,", ":2: value: 120 lies outside its range"),
    "end before start": ("harbour", "2022-01-01,2022-12-31,140", "2022-12-31,2022-01-01,140", ":3: end: it ends (2022-01-01) before"),
    "bad date": ("harbour", "2023-01-05,2023-01-05,1", "2023-02-30,2023-01-05,1", ":6: start: "),
    "partial date in a period": ("harbour", "2023-01-05,2023-01-05,1", "2023-01,2023-01-05,1", ":6: start: '2023-01' is not a full date"),
    "unknown unit": ("harbour", "140,,,crate", "140,,,crat", ":3: unit: unknown unit 'crat'; did you mean 'crate'?"),
    "unit of another dimension": ("harbour", "140,,,crate", "140,,,flag", ":3: unit: 'flag' does not fit the measure"),
    "unknown measure": ("harbour", "fig.gazette,figs_sold", "fig.gazette,fig_sold", ":3: measure: unknown measure 'fig_sold'; did you mean 'figs_sold'?"),
    "unknown source": ("harbour", "gazette,gazette-2023,A reporter", "gazette,gazete-2023,A reporter", ":3: source_id: unknown source 'gazete-2023'; did you mean 'gazette-2023'?"),
    "unknown origin": ("harbour", "audit,audit-2024,Recount", "audits,audit-2024,Recount", ":4: origin: unknown origin 'audits'; did you mean 'audit'?"),
    "duplicate id": ("harbour", "fig.gazette,", "fig.customs,", ":3: observation_id: the id 'fig.customs' stands already on line 2"),
    "credibility outside 1-6": ("harbour", ",crate,3,", ",crate,7,", ":3: credibility: '7' is no Admiralty digit"),
    "credibility of two digits": ("harbour", ",crate,3,", ",crate,12,", ":3: credibility: '12' is no Admiralty digit"),
    "unknown basis": ("harbour", ",3,,,,reported,", ",3,,,,rumoured,", ":3: basis: unknown basis 'rumoured'"),
    "truncated row": ("harbour", ",gazette,gazette-2023,A reporter's own count", ",gazette", ":3: 16 fields where the header has 18"),
    "cut inside a quotation": ("harbour", "A gun on the foredeck\n", '"A gun on the\n', "the CSV breaks off"),
    "no end of line": ("harbour", "Could not be judged\n", "Could not be jud", "the last line has no end"),
    "repeated figures": ("harbour", "fig.audit,", "fig.customs2,figs_sold,HRB,2022-01-01,2022-12-31,95,90,100,crate,1,,,,official,,customs,customs-2022,Again\nfig.audit,", ":4: observation_id: it repeats 'fig.customs' in every figure"),
    "reliability outside A-F": ("publishers", ",A,Counts", ",G,Counts", "publishers.csv:2: reliability: 'G' is no Admiralty letter"),
    "publisher without a reason": ("publishers", ",A,Counts every crate", ",A,", "publishers.csv:2: reason: it is blank"),
    "publisher without a name": ("publishers", "Customs house,A", ",A", "publishers.csv:2: name: it is blank"),
    "publisher twice": ("publishers", "the-gazette,", "customs-house,", "publishers.csv:3: publisher: the id 'customs-house' stands already on line 2"),
    "unknown publisher": ("sources", ",the-gazette,", ",the-gazete,", "sources.csv:3: publisher: unknown publisher 'the-gazete'; did you mean 'the-gazette'?"),
    "unknown publisher of an origin": ("origins", ",the-gazette,", ",the-gazete,", "origins.csv:3: publisher: unknown publisher 'the-gazete'; did you mean 'the-gazette'?"),
    "departure of no letter": ("sources", "en,,,,,excerpt", "en,,G,A guest column,,excerpt", "sources.csv:3: reliability: 'G' is no Admiralty letter"),
    "departure without reason": ("sources", "en,,,,,excerpt", "en,,D, ,,excerpt", "sources.csv:3: departure: it is graded D without a reason"),
    "reason without departure": ("sources", "en,,,,,excerpt", "en,,,A guest column,,excerpt", "sources.csv:3: departure: a reason without a letter"),
    "departure to the same letter": ("sources", "en,,,,,excerpt", "en,,C,A guest column,,excerpt", "sources.csv:3: reliability: C is its publisher's letter, and no departure"),
    "copy of an unknown source": ("sources", "en,,,,,excerpt", "en,,,,custom-2022,excerpt", "sources.csv:3: copy_of: unknown source 'custom-2022'; did you mean 'customs-2022'?"),
    "copy of itself": ("sources", "en,,,,,excerpt", "en,,,,gazette-2023,excerpt", "sources.csv:3: copy_of: it is a copy of itself"),
    "copy of a copy": ("sources", "en,,,,,excerpt\naudit-2024,Audit of the harbour,audit-office,,2024-05,official-statistics,en,,,,,", "en,,,,customs-2022,excerpt\naudit-2024,Audit of the harbour,audit-office,,2024-05,official-statistics,en,,,,gazette-2023,", "sources.csv:4: copy_of: 'gazette-2023' is a copy itself"),
    "unknown stake": ("harbour", ",crate,3,,,,", ",crate,3,,mine,,", ":3: stake: unknown stake 'mine'"),
    "said outside 1-6": ("harbour", ",crate,3,,,,", ",crate,3,7,,,", ":3: said: '7' is no Admiralty digit"),
    "step below 0": ("harbour", ",crate,3,,,,", ",crate,3,,,-1,", ":3: step: -1 is below 0"),
    "step that is no number": ("harbour", ",crate,3,,,,", ",crate,3,,,fine,", ":3: step: 'fine' is not a number"),
    "state in words": ("origins", ",the-gazette,,0", ",the-gazette,Harbour,0", "origins.csv:3: state: 'Harbour' is no code of a state"),
    "state in small letters": ("origins", ",the-gazette,,0", ",the-gazette,hrb,0", "origins.csv:3: state: 'hrb' is no code of a state"),
    "unnamed is no flag": ("origins", ",the-gazette,,0", ",the-gazette,,yes", "origins.csv:3: unnamed: unknown value 'yes'"),
    "related that matches nothing": ("claims", 'kind = "event"', 'kind = "event"\nrelated = [{ ids = "fig.gazete" }]', "M01: related: a selector matches no observation; unknown id 'fig.gazete': did you mean 'fig.gazette'?"),
    "related that names nothing": ("claims", 'kind = "event"', 'kind = "event"\nrelated = [{ says = "x" }]', "M01: related.1: a selector names nothing"),
    "direct is no flag": ("claims", '{ measure = "figs_sold" }', '{ measure = "figs_sold", direct = "no" }', "direct: 'no' is not true or false"),
    "published is no date": ("sources", "2023-03-02", "March 2023", "sources.csv:3: published: 'March 2023' is not a date"),
    "published after compiled": ("sources", "2024-05", "2024-07", ":4: published: 2024-07 is after the dossier was compiled"),
    "scripted address": ("sources", "https://example.org/customs", "javascript:alert(1)", ":2: url: 'javascript:alert(1)' is no web address"),
    "missing column": ("sources", ",reliability,departure", ",reliabilty,departure", "sources.csv:1: reliability: the column is missing; did you mean 'reliabilty'?"),
    "empty table": ("sources", SOURCES, "", "sources.csv: the table is empty"),
    "header only": ("origins", "customs,voice,,customs-house,,0,\ngazette,voice,,the-gazette,,0,\naudit,voice,,,,0,\n", "", "origins.csv: the table is empty"),
    "unknown part test": ("claims", 'test = "about"', 'test = "abuot"', "E01.number: test: unknown test 'abuot'; did you mean 'about'?"),
    "test without its number": ("claims", "  value = 100\n", "", "E01.number: value: the test 'about' needs it"),
    "part of another claim": ("claims", '"E01.number"', '"M01.number"', "a part of E01 cannot be called 'M01.number'"),
    "selector that matches nothing": ("claims", 'measure = "figs_sold"', 'measure = "fig_sold"', "a selector matches no observation; unknown measure 'fig_sold': did you mean 'figs_sold'?"),
    "selector with a typo": ("claims", "{ measure =", "{ measur =", "measur: the entry is not known; did you mean 'measure'?"),
    "duplicate claim": ("claims", 'id = "M01"\nparagraph', 'id = "E01"\nparagraph', "the id stands twice"),
    "broken TOML": ("claims", "paragraph = 2", "paragraph = = 2", "claims.toml:3: it is not valid TOML"),
    "no article date": ("article", "published = 2023-03-14\n", "", "article.toml: published: the day is missing"),
}  # fmt: skip

FILES = {"harbour": OBSERVATIONS, "sources": SOURCES, "claims": CLAIMS, **{Path(k).stem: v for k, v in OTHERS.items()}}


@pytest.mark.parametrize(("file", "old", "new", "expected"), BROKEN.values(), ids=BROKEN)
def test_each_fault_is_named(tmp_path, file, old, new, expected):
    """One thing wrong gives one clear fault that says where and what to do."""
    text = FILES[file]
    assert old in text

    with pytest.raises(DossierError) as caught:
        Dossier.load(write_dossier(tmp_path, **{file: text.replace(old, new, 1)}))

    matching = [str(fault) for fault in caught.value.faults if expected in str(fault)]
    assert matching, str(caught.value)
    assert all("; " in line for line in matching), "a fault must say what to do"


def test_missing_files_are_named(tmp_path):
    folder = write_dossier(tmp_path)
    (folder / "sources.csv").unlink()
    (folder / "article.toml").unlink()

    with pytest.raises(DossierError) as caught:
        Dossier.load(folder)

    text = str(caught.value)
    assert "sources.csv: the file is missing" in text
    assert "article.toml: the file is missing" in text


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(DossierError, match="there is no such folder"):
        Dossier.load(tmp_path / "nowhere")


def test_wrong_encoding_is_named_with_its_line(tmp_path):
    folder = write_dossier(tmp_path)
    path = folder / "observations" / "harbour.csv"
    path.write_bytes(OBSERVATIONS.replace("foredeck", "foredeck caf\xe9").encode("latin-1"))

    with pytest.raises(DossierError) as caught:
        Dossier.load(folder)

    (fault,) = [fault for fault in caught.value.faults if "UTF-8" in fault.problem]
    assert (fault.file, fault.row) == ("observations/harbour.csv", 6)


def test_all_faults_come_at_once(tmp_path):
    broken = OBSERVATIONS.replace(",140,", ",many,").replace("2022-01-01,2022-12-31,60", "2022,2022-12-31,60")

    with pytest.raises(DossierError) as caught:
        Dossier.load(write_dossier(tmp_path, harbour=broken, publishers=PUBLISHERS.replace(",C,", ",Z,")))

    assert {(fault.file, fault.column) for fault in caught.value.faults} >= {
        ("observations/harbour.csv", "value"),
        ("observations/harbour.csv", "start"),
        ("publishers.csv", "reliability"),
    }
    assert str(caught.value).startswith("3 faults in the dossier:")


# -- corrections ----------------------------------------------------------------------------------------------------

CORRECTION = """
[[corrections]]
file = "observations/harbour.csv"
id = "fig.gazette"
column = "value"
expect = "140"
value = "104"
reason = "digits swapped in print"
"""


def test_a_correction_changes_one_cell(tmp_path):
    folder = write_dossier(tmp_path)
    (folder / "corrections.toml").write_text(CORRECTION)

    dossier = Dossier.load(folder)

    assert dossier.observation("fig.gazette").value == 104
    assert dossier.corrections[0].reason == "digits swapped in print"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('expect = "140"', 'expect = "141"'), "the cell holds '140' where the guard expects '141'"),
        (('"fig.gazette"', '"fig.gazete"'), "no row 'fig.gazete'"),
        (('"value"\nexpect', '"valu"\nexpect'), "no column 'valu'"),
        (("harbour.csv", "harbor.csv"), "no table 'observations/harbor.csv'; did you mean 'observations/harbour.csv'?"),
        (('reason = "digits swapped in print"', ""), "reason: the text is missing"),
    ],
)
def test_a_correction_that_does_not_fit_is_a_fault(tmp_path, change, expected):
    folder = write_dossier(tmp_path)
    (folder / "corrections.toml").write_text(CORRECTION.replace(*change))

    with pytest.raises(DossierError) as caught:
        Dossier.load(folder)

    assert expected in str(caught.value)


def test_a_row_can_be_dropped(tmp_path):
    folder = write_dossier(tmp_path)
    text = CORRECTION.replace('column = "value"\n', "").replace('value = "104"', "drop = true")
    (folder / "corrections.toml").write_text(text)

    assert "fig.gazette" not in Dossier.load(folder).observations.index


# -- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-03-14", date(2023, 3, 14), date(2023, 3, 14)),
    ],
)
def test_partial_dates(text, first, last):
    parsed = PartialDate.parse(text)

    assert (parsed.first, parsed.last, str(parsed)) == (first, last, text)


@pytest.mark.parametrize("text", ["", "23", "2023-13", "2023-02-30", "14.3.2023", "2023-3-14", "2023-03-14T10:00"])
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r"is not a date|has no month|day is out of range|must be in"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2023-01-31", []),
        ("2023-02-01", ["fig.customs"]),
        ("2023-03-02", ["fig.customs", "fig.gazette", "fig.named", "ferry.gun"]),
        ("2024-05-30", ["fig.customs", "fig.gazette", "fig.named", "ferry.gun"]),
        ("2024-05-31", ["fig.customs", "fig.gazette", "fig.audit", "fig.named", "ferry.gun", "ferry.rumour"]),
    ],
)
def test_as_of_counts_a_month_only_when_it_has_passed(tmp_path, day, known):
    view = Dossier.load(write_dossier(tmp_path)).as_of(day)

    assert list(view.observations.index) == known
    assert list(view.evidence.records) == known


def test_a_source_of_the_running_year_counts_from_the_day_the_dossier_was_compiled(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path, sources=SOURCES.replace("2024-05,", "2024,")))

    assert dossier.observation("fig.audit").knowable == date(2024, 6, 1)
    assert "fig.audit" in dossier.hindsight().observations.index


def test_a_view_can_be_taken_of_a_view(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path))

    assert len(dossier.as_of("2023-01-31").hindsight().observations) == len(dossier.observations)
    assert dossier.at_publication().vintage is Vintage.AT_PUBLICATION
    assert dossier.hindsight().vintage is Vintage.HINDSIGHT
    assert dossier.as_of("2023-06-01").vintage is Vintage.AS_OF
    with pytest.raises(UnknownNameError, match="is not a day"):
        dossier.as_of("last spring")


def test_series_follow_their_vintage_capability(tmp_path):
    folder = write_dossier(tmp_path)
    (folder / "series").mkdir()
    for name in ("live", "late", "never"):
        (folder / "series" / f"{name}.csv").write_text(
            "month,source_id,figs\n2023-01,customs-2022,5\n2023-03,audit-2024,7\n"
        )
    entry = """
[{0}]
title = "{0}"
row = "month"
key = ["month"]
period = "month"
vintage = "{1}"
lag_days = 2
vintage_reason = "as told"
numbers = {{ figs = "crate" }}
"""
    listing = "".join(
        entry.format(*pair) for pair in [("live", "native"), ("late", "by_publication"), ("never", "unknown")]
    )
    (folder / "series.toml").write_text(listing)
    dossier = Dossier.load(folder)

    def seen(day):
        return {name: list(series.frame["figs"]) for name, series in dossier.as_of(day).series.items()}

    assert seen("2023-02-01") == {"live": [], "late": [5], "never": []}
    assert seen("2023-02-02") == {"live": [5], "late": [5], "never": []}
    assert seen("2023-04-02") == {"live": [5, 7], "late": [5], "never": []}
    assert seen("2024-06-01") == {"live": [5, 7], "late": [5, 7], "never": [5, 7]}


def test_a_series_nobody_describes_is_a_fault(tmp_path):
    folder = write_dossier(tmp_path)
    (folder / "series").mkdir()
    (folder / "series" / "loose.csv").write_text("month,source_id\n2023-01,customs-2022\n")

    with pytest.raises(DossierError, match=r"series/loose.csv: series.toml does not describe it"):
        Dossier.load(folder)


# -- units and look-ups -----------------------------------------------------------------------------------------------


def test_figures_are_converted_to_the_measures_own_unit(tmp_path):
    units = OTHERS["units.csv"] + "dozen_crates,crates,12,twelve crates\n"
    dossier = Dossier.load(
        write_dossier(tmp_path, units=units, harbour=OBSERVATIONS.replace("95,90,100,crate", "8,7.5,9,dozen_crates"))
    )
    row = dossier.observation("fig.customs")

    assert (row.value, row.low, row.high, row.unit) == (96, 90, 108, "crate")


def test_names_not_known_suggest_the_nearest(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path))

    with pytest.raises(UnknownNameError, match="unknown claim 'E1': did you mean 'E01'"):
        dossier.claim("E1")
    with pytest.raises(UnknownNameError, match="unknown topic 'fig': did you mean 'figs'"):
        dossier.topic("fig")
    with pytest.raises(UnknownNameError, match=r"did you mean 'fig\.audit'"):
        dossier.observation("fig.audits")
    assert dossier.claim("e01").claim_id == "E01"


def test_selectors_take_patterns(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path))

    assert list(dossier.select(ids="fig.*").index) == ["fig.customs", "fig.gazette", "fig.audit", "fig.named"]
    assert [row.observation_id for row in dossier.rows(origin=("audit", "customs"), measure="figs_*")] == [
        "fig.customs",
        "fig.audit",
    ]
    assert dossier.select(ids="fig.[ac]*").empty, "only * is special in a pattern"


def test_one_broken_claim_does_not_make_its_observations_faulty(tmp_path):
    with pytest.raises(DossierError) as caught:
        Dossier.load(write_dossier(tmp_path, claims=CLAIMS.replace('speech = "own"', 'speech = "sung"')))

    (fault,) = caught.value.faults
    assert str(fault) == ("claims.toml:37: M01: speech: unknown speech 'sung'; did you mean 'saying'?")


def test_a_long_list_of_faults_is_cut_in_the_message_only(tmp_path):
    line = "x{0},figs_sold,HRB,2021-01-01,2021-12-31,many,,,crate,1,,,,official,{0},audit,audit-2024,n\n"
    rows = "".join(line.format(number) for number in range(150))

    with pytest.raises(DossierError) as caught:
        Dossier.load(write_dossier(tmp_path, harbour=OBSERVATIONS + rows))

    assert len(caught.value.faults) == 150
    assert str(caught.value).endswith("... and 50 more: mend these first, they may have caused the rest")
