"""Views of a dossier, look-ups and the faults of selectors, on the tiny dossier of the harbour."""

from __future__ import annotations

from datetime import date

import pytest

from claimaudit.analysis.findings import find
from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import DossierError, UnknownNameError
from claimaudit.model import Selector, Stake, Vintage
from claimaudit.show.evidence_html import evidence_table
from claimaudit.verdict.audit import audit
from claimaudit.verdict.timeline import timelines
from samples import CLAIMS, OBSERVATIONS, OTHERS, SOURCES, write_dossier


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


def faults_of(folder, **changed: str) -> list[str]:
    with pytest.raises(DossierError) as caught:
        Dossier.load(write_dossier(folder, **changed))
    return [str(fault) for fault in caught.value.faults]


# -- views ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "rows", "sources"),
    [
        ("2023-01-31", [], []),
        ("2023-02-01", ["fig.customs"], ["customs-2022"]),  # from the day of publication on
        ("2023-03-01", ["fig.customs"], ["customs-2022"]),
        ("2023-03-02", ["fig.customs", "fig.gazette", "fig.named", "ferry.gun"], ["customs-2022", "gazette-2023"]),
    ],
)
def test_a_view_holds_what_was_public_by_then(dossier, day, rows, sources):
    view = dossier.as_of(day)

    assert list(view.observations.index) == rows
    assert set(view.evidence.records) == set(rows)
    assert list(view.sources.index) == sources
    assert view.day == date.fromisoformat(day)


def test_the_standard_views(dossier):
    then, now = dossier.at_publication(), dossier.hindsight()

    assert (then.day, now.day) == (date(2023, 3, 14), date(2024, 6, 1))
    assert (then.vintage, now.vintage) == (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)
    assert dossier.vintage is Vintage.HINDSIGHT
    assert dossier.as_of("2023-03-15").vintage is Vintage.AS_OF
    assert dossier.as_of("2023-03-13").vintage is Vintage.AS_OF
    assert dossier.as_of("2024-05-31").vintage is Vintage.AS_OF
    assert dossier.as_of("2030-01-01").vintage is Vintage.HINDSIGHT
    assert len(now.observations) == 6


def test_a_day_asked_for_again_is_the_same_view_from_wherever(dossier):
    view = dossier.as_of("2023-03-14")

    assert dossier.at_publication() is view
    assert view.hindsight() is dossier.hindsight()
    assert view.as_of(date(2023, 3, 14)) is view


def test_what_is_no_day_is_refused(dossier):
    with pytest.raises(UnknownNameError, match="'14 March' is not a day: write it as 2023-03-14"):
        dossier.as_of("14 March")


def test_rows_are_looked_up_in_the_whole_dossier(dossier):
    """A finding of a later row is cited from an earlier view too, but an earlier view does not count it."""
    early = dossier.as_of("2023-01-01")

    assert early.observation("fig.audit").value == 60
    assert early.rows(measure="figs_sold") == ()
    assert early.select(measure="figs_sold").empty
    with pytest.raises(UnknownNameError, match=r"did you mean 'fig\.audit'"):
        early.observation("fig.audits")


def test_another_method_judges_the_same_evidence(dossier):
    view = dossier.hindsight()
    stern = view.with_method(view.method.varied({"grade_power": 2.0}))
    row = view.observation("fig.customs")

    assert view.trust(row) == pytest.approx(0.95 * 0.98)
    assert stern.trust(row) == pytest.approx((0.95 * 0.98) ** 2)
    assert stern.observations is view.observations
    assert stern.day == view.day
    assert stern.part("E01.number") is view.part("E01.number")


# -- look-ups ---------------------------------------------------------------------------------------------------------


def test_claims_topics_and_parts_by_name(dossier):
    assert dossier.claim("e01").claim_id == "E01"
    assert [claim.claim_id for claim in dossier.topic("ferries")] == ["M01"]
    assert dossier.part("M01.armed").claim_id == "M01"
    with pytest.raises(UnknownNameError, match="unknown claim 'E07'"):
        dossier.claim("E07")
    with pytest.raises(UnknownNameError, match="did you mean 'figs'"):
        dossier.topic("fig")
    with pytest.raises(UnknownNameError, match=r"did you mean 'M01\.armed'"):
        dossier.part("M01.arms")


def test_rows_by_field_or_selector(dossier):
    either = dossier.select(Selector(measure=("figs_sold",)), Selector(ids=("ferry.gun",)))

    assert list(either.index) == ["fig.customs", "fig.gazette", "fig.audit", "ferry.gun"], "in the order of the file"
    assert list(dossier.select(origin="gazette", measure="figs_sold").index) == ["fig.gazette"]
    assert list(dossier.select(Selector(ids=("ferry.gun",)), origin="audit").index) == [
        "fig.audit",
        "ferry.gun",
        "ferry.rumour",
    ]
    assert [row.observation_id for row in dossier.rows(measure=("ferry_armed", "figure_named"))] == [
        "fig.named",
        "ferry.gun",
        "ferry.rumour",
    ]


def test_trust_is_letter_times_digit_and_nothing_for_what_is_no_independent_source(tmp_path):
    origins = OTHERS["origins.csv"].replace("audit,voice", "audit,audited-article")
    origins = origins.replace("gazette,voice,,the-gazette,,0,", "gazette,voice,customs,the-gazette,,0,It prints them")
    loaded = Dossier.load(write_dossier(tmp_path, origins=origins))
    audit, gazette = loaded.observation("fig.audit"), loaded.observation("fig.gazette")

    assert loaded.trust(audit) == 0.0
    assert not loaded.counts(audit)
    assert loaded.counts(gazette)
    assert loaded.trust(gazette) == loaded.trust(loaded.observations.loc["fig.gazette"]) == pytest.approx(0.70 * 0.65)
    assert (loaded.independent("gazette"), loaded.independent("customs"), loaded.independent("nobody")) == (
        "customs",
        "customs",
        "nobody",
    )


@pytest.mark.parametrize(("digit", "counted"), [("1", "3"), ("2", "3"), ("3", "3"), ("5", "5")])
def test_what_a_party_says_counts_with_digit_three_at_best(tmp_path, digit, counted):
    rows = OBSERVATIONS.replace("crate,3,,,,reported", f"crate,{digit},,own,,reported")
    loaded = Dossier.load(write_dossier(tmp_path, harbour=rows))
    said = loaded.observation("fig.gazette")

    assert said.stake is Stake.OWN
    assert said.credibility == digit, "the grade itself stays as given"
    assert loaded.trust(said) == loaded.trust(loaded.observations.loc["fig.gazette"])
    assert loaded.trust(said) == pytest.approx(loaded.method.trust("C", counted))


def test_organs_of_one_state_that_speak_in_its_cause_are_one_voice(tmp_path):
    origins = OTHERS["origins.csv"].replace("house,,0", "house,HRB,0").replace("the-gazette,,0", "the-gazette,HRB,0")
    rows = OBSERVATIONS.replace("crate,3,,,,", "crate,3,,own,,").replace("event,6,,,,", "event,6,,against,,")
    loaded = Dossier.load(write_dossier(tmp_path, origins=origins, harbour=rows))

    assert loaded.speaker(loaded.observation("fig.gazette")) == "state:HRB"
    assert loaded.speaker(loaded.observations.loc["fig.gazette"]) == "state:HRB"
    assert loaded.speaker(loaded.observation("fig.customs")) == "customs", "no stake: a voice of its own"
    assert loaded.speaker(loaded.observation("ferry.rumour")) == "audit", "a stake, but no organ of a state"
    assert loaded.at_publication().speaker(loaded.observation("fig.gazette")) == "state:HRB"


def test_a_row_bears_on_the_claims_that_select_it(tmp_path):
    """For a part, or as related; a row that no claim selects has none and may stand."""
    claims = CLAIMS.replace('kind = "event"', 'kind = "event"\nrelated = [{ ids = ["fig.gazette", "fig.named"] }]')
    spare = "fig.spare,figure_named,QUAY,2022-01-01,2022-01-01,1,,,flag,2,,,,reported,,audit,audit-2024,Nobody asks\n"
    claims = claims.replace('measure = "figure_named"', 'measure = "figure_named", entity = "HRB"')
    loaded = Dossier.load(write_dossier(tmp_path, claims=claims, harbour=OBSERVATIONS + spare))

    expected = {"fig.customs": ("E01",), "fig.gazette": ("E01", "M01"), "fig.named": ("E01", "M01"), "fig.spare": ()}
    for name, bears in expected.items():
        assert loaded.observation(name).claims == loaded.observations.at[name, "claims"] == bears
    assert [selector.ids for selector in loaded.claim("M01").related] == [("fig.gazette", "fig.named")]


def test_a_selector_is_direct_unless_it_says_not(tmp_path):
    claims = CLAIMS.replace('measure = "figs_sold" }', 'measure = "figs_sold", direct = false }')
    loaded = Dossier.load(write_dossier(tmp_path, claims=claims))

    assert [loaded.part(name).evidence[0].direct for name in ("E01.number", "E01.said")] == [False, True]


def test_a_source_has_its_publishers_letter_or_its_own(tmp_path):
    sources = SOURCES.replace("2023-03-02,press,en,,,,,", "2023-03-02,press,en,,D,A guest column,customs-2022,")
    loaded = Dossier.load(write_dossier(tmp_path, sources=sources))

    assert list(loaded.sources["reliability"]) == ["A", "D", "A"]
    assert list(loaded.sources["publisher"]) == ["customs-house", "the-gazette", "audit-office"]
    assert list(loaded.sources["publisher_name"]) == ["Customs house", "The Gazette", "Audit office"]
    assert loaded.sources.at["gazette-2023", "departure"] == "A guest column"
    assert loaded.sources.at["gazette-2023", "copy_of"] == "customs-2022"
    assert loaded.observation("fig.gazette").reliability == "D"
    assert loaded.publishers.at["the-gazette", "reason"] == "Prints what it hears at the quay"


def test_a_source_without_a_name_is_marked_with_its_origin(tmp_path):
    origins = OTHERS["origins.csv"].replace("the-gazette,,0", "the-gazette,,1")
    loaded = Dossier.load(write_dossier(tmp_path, origins=origins))

    assert dict(loaded.origins["unnamed"]) == {"customs": False, "gazette": True, "audit": False}


# -- loading ----------------------------------------------------------------------------------------------------------


def test_the_projects_dossier_is_the_default():
    assert (DEFAULT_DOSSIER / "article.toml").is_file()
    assert Dossier.load(str(DEFAULT_DOSSIER)).path == DEFAULT_DOSSIER


def test_one_topic_alone_reads_its_own_tables_and_judges_the_same(project):
    """A fault elsewhere is not seen, and every row its claims select is there."""
    alone = Dossier.load(topic="trade")

    assert 0 < len(alone.observations) < len(project.observations)
    assert len(alone.series) <= len(project.series)
    assert alone.claims == project.claims
    for claim in alone.topic("trade"):
        for part in claim.parts:
            for selector in part.evidence:
                ours, whole = (
                    [row.observation_id for row in view.evidence.matching(selector)] for view in (alone, project)
                )
                assert ours == whole, part.part_id


def test_a_folder_without_a_table_of_observations_says_so(tmp_path):
    folder = write_dossier(tmp_path)
    (folder / "observations" / "harbour.csv").unlink()

    with pytest.raises(DossierError, match="observations: the folder holds no table; give at least one CSV file"):
        Dossier.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('{ measure = "figs_sold" }', '{ measure = "figs_solt" }', "did you mean 'figs_sold'?"),
        ('{ measure = "figs_sold" }', '{ measure = "figs_sold", entity = "HRP" }', "did you mean 'HRB'?"),
        ('{ measure = "figs_sold" }', '{ measure = "figs_sold", origin = "gazete" }', "did you mean 'gazette'?"),
        ('{ measure = "figs_sold" }', '{ ids = "fig.audits" }', "did you mean 'fig.audit'?"),
        ('{ measure = "figs_sold" }', '{ measure = "ferry*", variant = "loose-count" }', "loosen the selector"),
        ('unit = "crate"', 'unit = "crates"', "unknown unit 'crates'; did you mean 'crate'?"),
        ('unit = "crate"', 'unit = "furlong"', "unknown unit 'furlong'; add it to units.csv or use a known one"),
        ('unit = "crate"', 'unit = "flag"', "'crate' cannot be converted to 'flag'; test rows of one dimension only"),
    ],
)
def test_a_selector_or_unit_that_does_not_fit_is_a_fault_with_its_remedy(tmp_path, old, new, fault):
    assert old in CLAIMS
    found = faults_of(tmp_path, claims=CLAIMS.replace(old, new, 1))

    assert len(found) == 1
    assert found[0].startswith("claims.toml: E01.number: "), "no line is known"
    assert fault in found[0]


def test_rows_that_speak_by_words_need_no_unit_in_common(tmp_path):
    text = CLAIMS.replace('unit = "crate"', 'unit = "flag"').replace(
        '{ measure = "figs_sold" }', '{ measure = "figs_sold", side = "for" }'
    )

    assert Dossier.load(write_dossier(tmp_path, claims=text)).part("E01.number").unit == "flag"


def test_a_unit_of_the_same_dimension_is_converted(tmp_path):
    units = OTHERS["units.csv"] + "dozen,crates,12,dozen crates\n"
    text = CLAIMS.replace('unit = "crate"', 'unit = "dozen"')

    assert Dossier.load(write_dossier(tmp_path, claims=text, units=units)).part("E01.number").unit == "dozen"


# -- revisions --------------------------------------------------------------------------------------------------------

LATER = "fig.revised,figs_sold,HRB,2022-01-01,2022-12-31,70,,,crate,1,,,,official,print-2024,customs,audit-2024,n,{}\n"


def revised(folder, revises="fig.customs", line=LATER):
    head, *rows = OBSERVATIONS.splitlines()
    text = "\n".join([f"{head},revises", *(f"{row}," for row in rows), line.format(revises)])
    return Dossier.load(write_dossier(folder, harbour=text))


def test_an_earlier_print_weighs_nothing_once_the_later_one_is_known(tmp_path):
    whole = revised(tmp_path)
    old, new = whole.observation("fig.customs"), whole.observation("fig.revised")
    early, late = whole.as_of("2024-04-30"), whole.as_of("2024-05-31")

    assert (early.trust(old) > 0, late.trust(old), late.trust(new) > 0) == (True, 0.0, True)
    assert (early.revised_by(old), late.revised_by(old)) == ((), ("fig.revised",))
    found = {finding.observations[0]: finding.trust for finding in find(late, whole.part("E01.number"))}
    assert found["fig.customs"] == 0 < found["fig.revised"]
    assert "revised by fig.revised" in str(evidence_table(audit(whole, "figs")))
    last = timelines(whole, ("E01",))["E01"][-1].verdict
    assert last.probability == audit(whole, "figs").verdict("E01", "hindsight").probability


@pytest.mark.parametrize(
    ("revises", "line", "told"),
    [
        ("fig.custom", LATER, "revises: unknown observation 'fig.custom'; did you mean 'fig.customs'?"),
        ("fig.gazette", LATER, "revises: 'fig.gazette' is no print of the same figure; name a row of the same measure"),
        (
            "fig.revised",
            LATER,
            "revises: 'fig.revised' was not published before it; let the later one revise the earlier",
        ),
    ],
)
def test_only_an_earlier_print_of_the_same_figure_is_revised(tmp_path, revises, line, told):
    with pytest.raises(DossierError) as caught:
        revised(tmp_path, revises, line)

    assert told in str(caught.value)
