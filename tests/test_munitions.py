"""The cargo model and the verdicts of M01-M03 against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.run.notebooks import notebooks_of
from russia_iran.military import munitions
from samples import DATA

P = munitions.Parameters(draws=20_000)


def test_cargo_mass_by_hand():
    """100 million at 25 g is 2,500 t; 300,000 with a tenth at 50 kg and the rest at 3 kg is 1,500 + 810 t."""
    mass = munitions.cargo_tonnes(100e6, 300e3, 0.1, 0.025, 3.0, 50.0)

    assert mass == pytest.approx(2500 + 1500 + 810)


def test_all_artillery_weighs_what_the_memo_says():
    """300,000 rounds of 45 kg bare are 13,500 tonnes."""
    assert munitions.cargo_tonnes(0, 300e3, 1.0, 0.025, 3.0, 45.0) == pytest.approx(13_500)


def test_more_containers_take_more_and_more_artillery_takes_less(project):
    sample = munitions.draw(munitions.inputs(project), 2_000, 1)
    few, many = (munitions.largest_heavy_share(sample, 100e6, 300e3, number) for number in (200, 400))

    assert (many > few).all()
    assert (few < 1).all(), "a lot of artillery rounds alone never fits"


def fits(project, **changes):
    return {part: chance for part, (chance, _) in munitions.prepare(project, replace(P, draws=1000, **changes)).items()}


@given(st.floats(0, 1), st.integers(1, 2000), st.integers(0, 1_000_000_000))
@settings(max_examples=40, deadline=None)
def test_chances_to_fit_are_chances_and_shells_never_help(project, share, containers, bullets):
    found = fits(project, heavy_share=share, containers=containers, bullets=bullets)

    assert 0 <= found["M02.fits_as_reported"] <= found["M01.fits"] <= 1


(MUNITIONS,) = (item for item in notebooks_of(DATA) if item.name == "munitions")
SETTINGS = [
    {},
    {"heavy_share": 0.0, "containers": 400},
    {"bullets": 1_000_000, "shells": 60_000, "heavy_share": 0.7, "seed": 7},
]


def shown_cargo(changes):
    """The frame of draws that the notebook shows, made by its own cells up to there."""
    document = nbformat.read(MUNITIONS.path, 4)
    source = {cell.id: cell.source for cell in document.cells}
    space = {}
    for name in ("parameters", "setup", "inputs", "sample"):
        exec(compile(source[name], name, "exec"), space)
        if name == "parameters":
            space |= {"draws": 20_000, **changes}
    return space["cargo"]


@pytest.mark.parametrize("changes", SETTINGS)
def test_the_shown_draws_give_the_deciding_numbers(project, changes):
    """From the columns of the frame alone, by plain arithmetic: what the verdict was passed."""
    cargo, p = shown_cargo(changes), replace(P, **changes)
    lot = (1 - p.heavy_share) * cargo["light_kg"] + p.heavy_share * cargo["heavy_kg"]
    bullets = p.bullets * cargo["packed_kg_per_cartridge"] / 1000
    room = p.containers * cargo["payload_tonnes"]
    found = {item.part_id: item.probability for item in munitions.findings(project.hindsight(), p)}

    assert (bullets <= room).mean() == pytest.approx(found["M01.fits"], abs=1e-12)
    assert (bullets + p.shells * lot / 1000 <= room).mean() == pytest.approx(found["M02.fits_as_reported"], abs=1e-12)
    assert [cargo["bullets_fit"].mean(), cargo["cargo_fits"].mean()] == pytest.approx(list(found.values()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"heavy_share": 1.2}, "heavy_share = 1.2 is out of range: give a number from 0 to 1"),
        ({"containers": 0}, "containers = 0 is out of range"),
        ({"heavy_share": float("nan")}, "is not a number"),
        ({"as_of": "spring"}, "is not a day"),
        ({"draws": 10}, "draws = 10 is out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        munitions.Parameters(**change)


def test_one_unnamed_source_decides_nothing_and_a_second_voice_does(audited):
    """Before the article only Sky's source spoke of bullets; the newspaper of April and the experts of May are the others."""
    result = audited("munitions")
    then, now = (result.verdict("M01.moved", at) for at in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT))

    assert then.origins == ("sky-news-20230308",)
    assert then.label is Label.NOT_ENOUGH_EVIDENCE
    assert {"sky-news-20230308", "wsj-20230424", "cnn-20230526"} <= set(now.origins)
    assert now.label is Label.SUPPORTED


def test_that_shells_went_was_knowable_their_number_was_not(audited):
    """The White House spoke of shells on 24 February 2023; every count of the January cargo is the one source's."""
    result = audited("munitions")

    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert result.verdict("M02.moved", vintage).label is Label.SUPPORTED
        assert "state:USA" in result.verdict("M02.moved", vintage).origins, "a party, heard as its state"
        assert result.verdict("M02.size", vintage).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M02.size", Vintage.AT_PUBLICATION).origins == ("sky-news-20230308",)


def test_two_origins_that_may_be_one_number_are_one_independent_source(audited):
    origins = audited("munitions").verdict("M02.moved").origins

    assert "wsj-20230424" in origins
    assert "nato-official-cnn-20240311" not in origins


def test_a_count_of_six_months_speaks_against_the_bullets_of_one(audited):
    """A million in six months, B3: too little to decide alone."""
    verdict = audited("munitions").verdict("M01.size")
    against = {row.observations[0] for row in verdict.findings if row.probability == 0 and row.trust > 0}

    assert "mun.wsj.rounds" in against
    assert verdict.probability < 0.5
    assert verdict.label is Label.NOT_ENOUGH_EVIDENCE


def test_what_sky_said_is_shown_and_what_was_in_the_boxes_is_not(audited):
    result = audited("munitions")

    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        for part in ("M15.released", "M15.day", "M01.broadcaster", "M01.figure", "M02.broadcaster", "M02.figure"):
            assert result.verdict(part, vintage).label is Label.SUPPORTED, part
        for item in ("machineguns", "rifles", "launchers", "mortars", "helmets", "armour"):
            assert result.verdict(f"M03.{item}", vintage).label is Label.NOT_ENOUGH_EVIDENCE


def test_two_accounts_name_all_four_weapons(audited):
    """The shorter ones leave out rifles; one of the fuller is of the day of the report."""
    result = audited("munitions")
    then, now = (result.verdict("M03.said", at) for at in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT))

    assert then.observations == ("mun.sky.composition_tf1",)
    assert set(now.observations) == {"mun.sky.composition_tf1", "mun.sky.composition_toi"}
    assert then.label is now.label is Label.SUPPORTED


def test_a_fit_that_one_poor_input_carries_settles_nothing(audited):
    """The model is as good as its weakest input: a C3 never decides alone, however many containers; the bullets' B2 may."""
    result = audited("munitions")
    flips = {
        part: [flip.becomes for flip in result.flips[part, Vintage.HINDSIGHT] if flip.source == "containers"]
        for part in ("M01.fits", "M02.fits_as_reported")
    }

    for part in flips:
        assert result.verdict(part).origins == ("cargo-model",)
        assert result.verdict(part).label is Label.NOT_ENOUGH_EVIDENCE
    assert flips == {"M01.fits": [Label.SUPPORTED], "M02.fits_as_reported": []}
