"""Parts that declare kinds over several rows in ``claims.toml``: the examples of the documents, and a fault for what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from claimaudit.analysis.findings import find
from claimaudit.analysis.kinds.table import KINDS
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.kinds import DECLARED, powers
from claimaudit.errors import DossierError
from claimaudit.model import Label, Part, TestKind
from claimaudit.rated import Open
from claimaudit.verdict.parts import assess_part
from claimaudit.verdict.sensitivity import flip_by_bound
from samples import OTHERS, write_dossier

TEXT = (Path(__file__).parents[1] / "docs/kinds.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
HEAD = """\
[[claims]]
id = "E01"
paragraph = 2
domain = "economic"
topic = "figs"
speaker = "the author"
speech = "own"
kind = "quantity"
mapped = true
paraphrase = "p"
best_reading = "b"

[[claims.parts]]
id = "E01.x"
text = "t"
role = "core"
"""
ROWS = """\
observation_id,measure,entity,start,end,value,low,high,unit,credibility,said,stake,step,basis,variant,origin,source_id,note
figs_2021,figs_sold,HRB,2021-01-01,2021-12-31,150,,,crate,1,,,,measured,,customs,customs-2022,n
figs_2022,figs_sold,HRB,2022-01-01,2022-12-31,104,,,crate,1,,,,measured,,customs,customs-2022,n
figs_east,figs_landed,EST,2022-01-01,2022-12-31,9000,,,crate,2,,,,measured,,customs,customs-2022,n
figs_west,figs_landed,WST,2022-01-01,2022-12-31,8000,,,crate,1,,,,measured,,customs,customs-2022,n
figs_port,figs_landed,HRB,2022-01-01,2022-12-31,120,,,crate,1,,,,measured,,customs,customs-2022,n
figs_promised,figs_promised,HRB,2022-01-01,2022-12-31,200,,,crate,1,,,,measured,,customs,customs-2022,n
figs_per_crate,figs_in_crate,HRB,2022-01-01,2022-12-31,120,,,fig/crate,2,,,,measured,,customs,customs-2022,n
named_customs,figure_named,HRB,2022-03-01,2022-03-01,1,,,flag,1,,,,reported,,customs,customs-2022,n
named_gazette,figure_named,HRB,2022-03-01,2022-03-01,1,,,flag,2,,,,reported,,gazette,gazette-2023,n
fires_now,fires,HRB,2022-01-01,2022-12-31,9,9,9,event,1,,,,measured,,customs,customs-2022,n
fires_then,fires,HRB,2021-01-01,2021-12-31,3,3,3,event,1,,,,measured,,customs,customs-2022,n
days_now,days_open,HRB,2022-01-01,2022-12-31,100,100,100,day,1,,,,measured,,customs,customs-2022,n
days_then,days_open,HRB,2021-01-01,2021-12-31,100,100,100,day,1,,,,measured,,customs,customs-2022,n
poll_2021,like_figs,HRB,2021-06-01,2021-06-09,60,,,percent,1,,,,measured,,audit,audit-2024,n
poll_2022,like_figs,HRB,2022-06-01,2022-06-09,40,,,percent,1,,,,measured,,audit,audit-2024,n
stall_a,stall_closed,AAA,2022-06-01,2022-06-01,1,,,flag,1,,,,measured,,customs,customs-2022,n
stall_b,stall_closed,BBB,2022-06-01,2022-06-01,1,,,flag,1,,,,measured,,customs,customs-2022,n
"""
UNITS = (
    "unit,dimension,factor,meaning\ncrate,crates,1,c\ndozen,crates,12,d\nfig,figs,1,f\nfig/crate,figs a crate,1,f\nflag,flag,1,f\n"
    "event,event,1,e\nday,duration,1,d\npercent,share,0.01,p\nratio,share,1,r\n"
)
MEASURES = "measure,unit,forward,meaning\n" + "".join(
    f"{name},{unit},0,m\n"
    for name, unit in {
        "figs_sold": "crate", "figs_landed": "crate", "figs_promised": "crate", "figs_in_crate": "fig/crate",
        "figure_named": "flag", "fires": "event", "days_open": "day", "like_figs": "percent", "stall_closed": "flag",
    }.items()
)  # fmt: skip


def load(folder: Path, part: str, **changed: str) -> Dossier:
    tables = {"harbour": ROWS, "units": UNITS, "measures": MEASURES, "origins": OTHERS["origins.csv"]} | changed
    return Dossier.load(write_dossier(folder, claims=HEAD + part, **tables))


def told(folder: Path, part: str, **changed: str) -> list[str]:
    """The faults of a dossier with this part, as lines."""
    with pytest.raises(DossierError) as caught:
        load(folder, part, **changed)
    return [str(fault) for fault in caught.value.faults]


def example(kind: TestKind) -> str:
    (found,) = [text for text in EXAMPLES if f'test = "{kind.value}"' in text]
    return found


def test_every_kind_has_one_example_one_function_and_one_declaration():
    assert sorted(re.findall(r'^test = "(\w+)"', "\n".join(EXAMPLES), re.MULTILINE)) == sorted(KINDS)
    assert set(KINDS) == set(DECLARED)


FOUND = {  # by hand from the rows above: the chance, and words of the text
    TestKind.OF_THAT_SIZE: (0.0, "150 crates"),  # the first row by id is of 2021
    TestKind.PRINTED_FIGURE: (0.0, "150 crates"),
    TestKind.HELD_BY: (1.0, "figure named, 1 March 2022"),
    TestKind.RATIO: (
        1.0,
        "120 crates, 2022, is 0.706 (0.678 to 0.735) percent of",
    ),  # 120 of 17,000, give or take a fiftieth of each
    TestKind.CHANGE: (1.0, "a fall of 30.7%"),  # a fifth or more of 150
    TestKind.RATE: (0.9606, "times the rate of"),  # 9 and 3 in the same time: a share of Beta(9.5, 3.5) above one half
    TestKind.TWO_SHARES: (1.0, "a fall of 20 points"),  # 0.1 over sqrt(1.5 x 0.48 / 1000) = 3.7
    TestKind.LIST_STATE: (1.0, "2 of 3 are in that state, 0 are not, 1 is not known"),
    TestKind.PROMISE: (1.0, "due 31 December 2022"),  # 104 of 200, give or take a fiftieth of each
    TestKind.PRODUCT: (1.0, "make 12,500 figs"),  # 104 x 120 = 12,480
    TestKind.FORECAST: (1.0, "104 crates, 2022"),
}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_each_example_of_the_documents_finds_something(tmp_path, kind):
    dossier = load(tmp_path, example(kind))
    chance, words = FOUND[kind]
    found = sorted(find(dossier, dossier.part("E01.x")), key=lambda item: item.observations)

    assert found[0].probability == pytest.approx(chance, abs=0.16 if kind is TestKind.PROMISE else 0.001)
    assert words in found[0].text
    assert all(0 < item.trust <= 1 for item in found)


def test_a_row_in_another_unit_is_converted(tmp_path):
    dozens = ROWS.replace("2022-12-31,104,,,crate", "2022-12-31,8.5,,,dozen")
    dossier = load(tmp_path, example(TestKind.OF_THAT_SIZE), harbour=dozens)
    by_row = {item.observations[0]: item for item in find(dossier, dossier.part("E01.x"))}

    assert (by_row["figs_2022"].probability, by_row["figs_2022"].quantity.value) == (1.0, pytest.approx(102))


def test_holders_are_trusted_as_far_as_that_they_said_it(tmp_path):
    """Letter times how well outlets quote: 0.95 and 0.70 times 0.85; each holder is a source."""
    dossier = load(tmp_path, example(TestKind.HELD_BY))
    found = find(dossier, dossier.part("E01.x"))

    assert [(item.origin, item.grade) for item in found] == [("customs", "A2"), ("gazette", "C2")]
    assert [item.trust for item in found] == pytest.approx([0.95 * 0.85, 0.70 * 0.85])


def test_an_origin_known_to_repeat_another_is_no_second_holder(tmp_path):
    origins = OTHERS["origins.csv"].replace(
        "gazette,voice,,the-gazette,,0,", "gazette,voice,customs,the-gazette,,0,copies it"
    )
    dossier = load(tmp_path, example(TestKind.HELD_BY), origins=origins)

    assert [item.probability for item in find(dossier, dossier.part("E01.x"))] == [0.5]


def test_a_promise_is_not_judged_in_a_view_before_its_day(tmp_path):
    dossier = load(tmp_path, example(TestKind.PROMISE).replace("2022-12-31", "2023-06-30"))
    part = dossier.part("E01.x")

    assert part.due == date(2023, 6, 30)
    assert find(dossier.at_publication(), part) == ()
    assert len(find(dossier.hindsight(), part)) == 1


def test_what_came_of_a_forecast_by_the_day_of_the_view(tmp_path):
    dossier = load(tmp_path, example(TestKind.FORECAST).replace("2022-12-31", "2023-06-30"))
    part = dossier.part("E01.x")

    assert assess_part(dossier.at_publication(), part).open is Open.FORECAST
    met = assess_part(dossier.hindsight(), part)
    assert (met.label, met.open) == (Label.NOT_ENOUGH_EVIDENCE, Open.CAME_TRUE)
    short = replace(part, review=date(2022, 12, 31), numbers={"at_least": 120.0})
    assert assess_part(dossier.at_publication(), short).open is Open.NOT_IN_TIME


def test_tolerances_of_the_method_are_those_of_the_test(tmp_path):
    dossier = load(tmp_path, example(TestKind.OF_THAT_SIZE).replace("value = 100", "value = 90"))
    part: Part = dossier.part("E01.x")
    wider = dossier.with_method(dossier.method.varied({"tolerance_scale": 2.0}))

    def chance(view: Dossier) -> float:
        (item,) = [item for item in find(view, part) if item.observations == ("figs_2022",)]
        return item.probability

    assert (chance(dossier), chance(wider)) == (0.0, 1.0)  # 104 against 81 to 99, and against 72 to 108


def test_the_claimed_figure_of_a_size_has_a_flip(tmp_path):
    """104 of A1 holds 100; the label turns once 104 leaves the tenth around the claimed figure: below 94.5 or above 115.6."""
    text = example(TestKind.OF_THAT_SIZE).replace('{ measure = "figs_sold" }', '{ ids = "figs_2022" }')
    dossier = load(tmp_path, text)
    flip = flip_by_bound(dossier, dossier.part("E01.x"))

    assert flip is not None
    assert flip.threshold == pytest.approx(104 / 1.1, rel=0.03)


SAME = 'evidence = [{ ids = "figs_2022", role = "over" }, { ids = "figs_2021", role = "under" }]'
WRONG = {
    "no bound": (f'test = "ratio"\n{SAME}', "at_least: the test 'ratio' needs a bound; give at_least, at_most"),
    "a bare rise or fall": (
        f'test = "change"\ndirection = "fall"\n{SAME.replace("over", "before").replace("under", "after")}',
        "give word, points, share or times, or for a bare rise or fall take the test 'trend'",
    ),
    "a role without rows": (
        'test = "ratio"\nat_least = 1\nevidence = [{ ids = "figs_2022", role = "over" }]',
        "evidence: the test 'ratio' has no rows for the role 'under'; give a selector with role = \"under\"",
    ),
    "a trend of two measures": (
        'test = "trend"\ndirection = "fall"\n'
        'evidence = [{ measure = "figs_landed", role = "before" }, { measure = "figs_sold", role = "after" }]',
        "rows before are of 'figs_landed', rows after of 'figs_sold'; select rows of one measure on both sides",
    ),
    "a role of another test": (
        'test = "of_that_size"\nvalue = 1\nunit = "crate"\nevidence = [{ ids = "figs_2022", role = "over" }]',
        "evidence.1.role: the test 'of_that_size' knows no roles; take it out",
    ),
    "two dimensions": (
        'test = "ratio"\nat_least = 1\nevidence = [{ ids = "figs_2022", role = "over" }, { ids = "poll_2022", role = "under" }]',
        "are of 'crates' and 'share'; test rows of one dimension only",
    ),
    "a figure in another dimension": (
        'test = "of_that_size"\nvalue = 1\nunit = "day"\nevidence = [{ ids = "figs_2022" }]',
        "'crate' cannot be converted to 'day'",
    ),
    "a ratio in crates": (f'test = "ratio"\nunit = "crate"\nat_least = 1\n{SAME}', "unit: a ratio cannot be in 'crate'"),
    "a bound nobody reads": (f'test = "ratio"\nat_least = 1\npoints = 3\n{SAME}', "points: the test 'ratio' does not use it"),
    "a word for another test": (
        'test = "event"\nword = "most"\nevidence = [{ ids = "fires_now" }]', "word: the test 'event' does not use it",
    ),
    "a hedge that is none": (
        'test = "of_that_size"\nvalue = 1\nunit = "crate"\nhedge = "nearly"\nevidence = [{ ids = "figs_2022" }]',
        "hedge: unknown hedge 'nearly'; use one of about, half, up_to, over",
    ),
    "a word of a share for a change": (
        example(TestKind.CHANGE).replace("sharply", "most"), "word: the degree of 'most' is not one of a change",
    ),
    "an unknown word for a list": (
        example(TestKind.LIST_STATE).replace('"most"', '"heaps"'), "word: the degree of 'heaps' is not one of a share",
    ),
    "a measured word for holders": (
        example(TestKind.HELD_BY).replace("special", "most"), "word: the degree of 'most' is not one of holders",
    ),
    "no direction": (example(TestKind.CHANGE).replace('direction = "fall"\n', ""), "direction: the test 'change' needs it"),
    "no sample": (example(TestKind.TWO_SHARES).replace("sample = 1000\n", ""), "sample: the test 'two_shares' needs it"),
    "shares in crates": (
        example(TestKind.TWO_SHARES).replace("poll_", "figs_"), "'crate' is no unit of a share",
    ),
    "one group of two": (
        example(TestKind.RATE).replace(', { ids = "days_then", role = "other_exposure" }', ""),
        "of the roles 'exposure' and 'other_exposure' only one is given; give both or none",
    ),
    "a rate per nothing": (
        'test = "rate"\nat_most = 1\nevidence = [{ ids = "fires_now", role = "events" }, { ids = "days_now", role = "exposure" }]',
        "unit: a bound on one rate needs it",
    ),
    "a rate per crate of no crates": (
        'test = "rate"\nunit = "crate"\nat_most = 1\nevidence = [{ ids = "fires_now", role = "events" }]',
        "unit: without rows of the role 'exposure' a rate is per day",
    ),
    "a rate per crate": (
        'test = "rate"\nunit = "crate"\nat_most = 1\n'
        'evidence = [{ ids = "fires_now", role = "events" }, { ids = "days_now", role = "exposure" }]',
        "'day' cannot be converted to 'crate'",
    ),
    "a product in the wrong unit": (
        example(TestKind.PRODUCT).replace('unit = "fig"', 'unit = "crate"'),
        "unit: the inputs multiplied are in figs, not in 'crate'",
    ),
    "a promise without a day": (example(TestKind.PROMISE).replace("due = 2022-12-31\n", ""), "due: the test 'promise' needs it"),
    "a forecast without a day": (
        example(TestKind.FORECAST).replace("review = 2022-12-31\n", ""), "review: the test 'forecast' needs it",
    ),
    "a forecast of a bare figure": (
        example(TestKind.FORECAST).replace('unit = "crate"\n', ""), "unit: the bound of a forecast needs it",
    ),
    "a sum that counts twice": (
        'test = "ratio"\nat_least = 1\nsum = true\n'
        'evidence = [{ ids = ["figs_2022", "figs_half"], role = "over" }, { ids = "figs_2021", role = "under" }]',
        "figs_2022 and figs_half (role 'over') overlap, so a sum counts twice; select one of them",
    ),
    "a template with a figure the test has not": (
        example(TestKind.LIST_STATE) + 'fails = "it was {value}"\n', "the test 'list_state' gives no figure",
    ),
}  # fmt: skip
HALF = "figs_half,figs_sold,HRB,2022-01-01,2022-06-30,50,,,crate,1,,,,measured,,customs,customs-2022,n\n"


@pytest.mark.parametrize("case", WRONG.values(), ids=list(WRONG))
def test_a_wrong_declaration_is_one_fault_that_says_what_to_do(tmp_path, case):
    part, problem = case
    faults = told(tmp_path, part, harbour=ROWS + HALF)

    assert len(faults) == 1, faults
    assert problem in faults[0]
    assert "E01.x" in faults[0]
    assert faults[0].startswith("claims.toml")


def test_the_dimensions_of_a_compound_unit(tmp_path):
    units = load(tmp_path, example(TestKind.PRODUCT)).units

    assert powers("fig/crate", units) == {"figs": 1, "crates": -1}
    assert powers("dozen", units) == {"crates": 1}
    assert powers("percent", units) == {}
