"""The cargo model with every uncertain input at its middle value, so that each figure can be worked out by hand.

Cartridges 25 g, light items 3 kg, heavy ones 50 kg, 13.9 t a container. A hundred
million cartridges are 2,500 t; 300,000 items, a tenth of them heavy, 1,500 + 810 t; 200 containers take 2,780 t.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from russia_iran.military import munitions

P = munitions.Parameters(draws=1000)


@pytest.fixture(scope="module")
def exact(project):
    view = project.hindsight()
    topic = {
        name: entry | {"range": [entry["range"][1]] * 3} if name in munitions.INPUTS else entry
        for name, entry in view.method.topics["munitions"].items()
    }
    return view.with_method(replace(view.method, topics={**view.method.topics, "munitions": topic}))


def test_the_fit_turns_where_the_mass_passes_the_room(exact):
    """In 300 containers, 4,170 t: 3,400 + 14,100 h passes them at h = 770 / 14,100; 200 would need less than nothing."""
    sample = munitions.draw(munitions.inputs(exact), 10, 0)

    assert munitions.largest_heavy_share(sample, 100e6, 300e3, 300).tolist() == pytest.approx([770 / 14_100] * 10)
    assert munitions.largest_heavy_share(sample, 100e6, 300e3, 200).tolist() == pytest.approx([-620 / 14_100] * 10)


def test_what_just_fits_fits(exact):
    """555,880 cartridges and one light item are 13,897 + 3 kg: one container to the brim. 120 more are 3 kg too much."""
    full = replace(P, bullets=556_000, shells=1, heavy_share=0.0, containers=1)

    assert munitions.cargo_tonnes(556_000, 1, 0, 0.025, 3.0, 50.0) == pytest.approx(13.903)
    assert munitions.prepare(exact, full)["M02.fits_as_reported"][0] == 0.0
    assert munitions.prepare(exact, replace(full, bullets=555_880))["M02.fits_as_reported"][0] == 1.0
    assert munitions.prepare(exact, full)["M01.fits"][0] == 1.0, "556,000 cartridges alone are 13.9 t"


def test_the_inputs_as_the_notebook_shows_them(project):
    table = munitions.inputs(project)
    then = munitions.inputs(project.at_publication())

    assert list(table.columns) == ["input", "low", "middle", "high", "why", "rows"]
    assert list(table.index) == list(munitions.INPUTS)
    assert list(table.loc["packed_kg_per_cartridge", ["low", "middle", "high"]]) == [0.022, 0.025, 0.035]
    assert table.loc["packed_kg_per_cartridge", "input"] == "crated cartridge, kg"
    assert "mun.155.mass" in table.loc["heavy_kg", "rows"]
    assert "mun.155.mass" not in then.loc["heavy_kg", "rows"], "published later"


def test_half_of_the_draws_lie_below_the_middle():
    """0.022 to 0.025 to 0.035: the 5th percentile is a tenth of the way to the middle, the 95th nine tenths from it."""
    ranges = pd.DataFrame({"low": [0.022], "middle": [0.025], "high": [0.035]}, index=["packed_kg_per_cartridge"])
    sample = munitions.draw(ranges, 100_000, 1)["packed_kg_per_cartridge"]

    assert sample.quantile([0.05, 0.5, 0.95]).tolist() == pytest.approx([0.0223, 0.025, 0.034], rel=0.01)
    assert munitions.draw(ranges, 5, 1).equals(munitions.draw(ranges, 5, 1))
    assert not munitions.draw(ranges, 5, 1).equals(munitions.draw(ranges, 5, 2))


def test_findings_of_the_model(exact):
    found = {item.part_id: item for item in munitions.findings(exact, P)}

    assert {name: item.probability for name, item in found.items()} == {
        "M01.fits": 1.0,  # 2,500 t
        "M02.fits_as_reported": 0.0,  # 4,810 t
    }
    assert [item.quantity.value for item in found.values()] == pytest.approx([2500, 4_810])
    assert {item.quantity.unit for item in found.values()} == {"tonne"}
    roomy = replace(P, containers=347)
    chances = {item.part_id: item.probability for item in munitions.findings(exact, roomy)}
    assert chances["M02.fits_as_reported"] == 1.0, "4,810 t need 346.04 containers"


def test_the_model_is_trusted_as_its_weakest_input(exact):
    """Cartridge mass and payload: the worse of two bests; the lot as reported leans on light items too (C3 at best)."""
    found = {item.part_id: item for item in munitions.findings(exact, P)}

    def best(*names: str) -> float:
        return max(exact.trust(exact.observation(name)) for name in names)

    boxes = best("mun.francop.t_per_container", "mun.cont20.payload", "mun.cont20.payload_2")
    cartridges = best("mun.czech.ak_packed", "mun.czech.mg_packed")
    light = best("mun.rpg2.mass", "mun.mortar82.mass")
    assert found["M01.fits"].trust == pytest.approx(min(boxes, cartridges))
    assert found["M02.fits_as_reported"].trust == pytest.approx(min(boxes, cartridges, light))
    assert found["M02.fits_as_reported"].trust < found["M01.fits"].trust
    assert "mun.rpg2.mass" not in found["M01.fits"].observations
    assert "mun.155.mass" not in found["M02.fits_as_reported"].observations


def turned(view, parameters, part_id, name):
    """The chance that the cargo fits as one knob is turned."""
    (knob,) = [knob for knob in munitions.knobs(view, parameters) if (knob.part_id, knob.name) == (part_id, name)]
    return lambda value: [item.probability for item in knob.findings(value)]


def test_the_containers_from_which_the_cargo_fits(exact):
    """2,500 t need 179.86 containers, the lot as reported 346.04."""
    bullets, lot = (turned(exact, P, part, "containers") for part in ("M01.fits", "M02.fits_as_reported"))

    assert (bullets(179), bullets(180)) == ([0.0], [1.0])
    assert (lot(346), lot(347)) == ([0.0], [1.0])


def test_the_heavy_share_up_to_which_the_lot_fits(exact):
    """In 300 containers, 4,170 t: 3,400 + 14,100 h passes them at h = 0.0546."""
    lot = turned(exact, replace(P, containers=300), "M02.fits_as_reported", "heavy_share")

    assert (lot(0.0546), lot(0.0547)) == ([1.0], [0.0]), "770 / 14,100 is 0.05461"


def test_parameters_take_their_ends():
    ends = {
        "bullets": (0, 1_000_000_000), "shells": (1, 5_000_000), "heavy_share": (0, 1), "containers": (1, 2_000),
    }  # fmt: skip
    for name, (low, high) in ends.items():
        for value in (low, high):
            assert getattr(munitions.Parameters(**{name: value}), name) == value
        for value in (low - 1, high + 1):
            with pytest.raises(ValueError, match=f"{name} = .* is out of range"):
                munitions.Parameters(**{name: value})
    assert [getattr(P, name) for name in ends] == [100_000_000, 300_000, 0.1, 200]
