"""The cargo model with every uncertain input at its middle value, so that each figure can be worked out by hand.

Cartridges 25 g, light items 3 kg, heavy ones 50 kg, 13.9 t a container, 4,340 t a ship, 2.34 t an empty container. A hundred
million cartridges are 2,500 t; 300,000 items, a tenth of them heavy, 1,500 + 810 t; 200 containers take 2,780 t.
"""

from __future__ import annotations

from dataclasses import replace

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
    """Ships take 2 x 4,340 - 200 x 2.34 = 8,212 t: 3,400 + 14,100 h passes it at h = 0.3413; the boxes never do."""
    curve = munitions.fit_curve(exact, P)

    assert list(curve.columns) == ["heavy_share", "containers", "ships"]
    assert len(curve) == 41
    assert list(curve["heavy_share"][:2]) == [0, 0.025]
    assert curve["heavy_share"].iloc[-1] == 1
    assert (curve["ships"] == (curve["heavy_share"] < 0.3413)).all()
    assert (curve["containers"] == 0).all()


def test_what_just_fits_fits(exact):
    """555,880 cartridges and one light item are 13,897 + 3 kg: one container to the brim. 120 more are 3 kg too much."""
    full = replace(P, bullets=556_000, shells=1, heavy_share=0.0, containers=1, ships=1)
    draws = munitions.draw(exact, full)

    assert munitions.cargo_tonnes(556_000, 1, 0, 0.025, 3.0, 50.0) == pytest.approx(13.903)
    assert munitions.fit_chances(draws, full)[0] == 0.0
    assert munitions.fit_chances(draws, replace(full, bullets=555_880)) == (1.0, 1.0)


def test_room_beside_the_bullets(exact):
    """280 t are left for 5,600 rounds of 50 kg; of a million bullets 2,755 t: 55,100; two hundred million leave nothing."""
    assert munitions.heavy_rounds_that_fit(exact, P) == pytest.approx([5_600] * 1000)
    assert munitions.heavy_rounds_that_fit(exact, replace(P, bullets=1_000_000))[0] == pytest.approx(55_100)
    assert munitions.heavy_rounds_that_fit(exact, replace(P, bullets=200_000_000))[0] == 0


def test_the_budget_of_masses(exact, project):
    table = munitions.mass_budget(exact, P)
    real = munitions.mass_budget(project, P)

    assert list(table["mid"]) == pytest.approx([2500, 900, 15_000, 2780, 8212])
    assert list(table["low"]) == list(table["mid"]) == list(table["high"])
    assert list(table["kind"]) == ["cargo"] * 3 + ["room"] * 2
    small = munitions.mass_budget(exact, replace(P, bullets=10, shells=1, containers=1, ships=1))
    assert list(small["mid"]) == pytest.approx([0.000_25, 0.003, 0.05, 13.9, 4337.66])
    assert list(table["part"])[2:] == ["300,000 artillery rounds", "Room in 200 containers", "Room on 2 ships"]
    # 0.022 to 0.025 to 0.035 kg: the 5th percentile is a tenth of the way to the median, the 95th nine tenths from it
    assert list(real.loc[0, ["low", "mid", "high"]]) == pytest.approx([2230, 2500, 3400], rel=0.02)


def test_findings_of_the_model(exact):
    found = {item.part_id: item for item in munitions.findings(exact, P)}

    assert {name: item.probability for name, item in found.items()} == {
        "M01.fits": 1.0,  # 2,500 t and one light item
        "M02.fits_as_reported": 0.0,  # 4,810 t
    }
    assert [item.quantity.value for item in found.values()] == pytest.approx([2500.003, 4_810])
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
    """2,500 t and 3 kg need 179.86 containers, the lot as reported 346.04."""
    bullets, lot = (turned(exact, P, part, "containers") for part in ("M01.fits", "M02.fits_as_reported"))

    assert (bullets(179), bullets(180)) == ([0.0], [1.0])
    assert (lot(346), lot(347)) == ([0.0], [1.0])


def test_the_heavy_share_up_to_which_the_lot_fits(exact):
    """In 300 containers, 4,170 t: 3,400 + 14,100 h passes them at h = 0.0546."""
    lot = turned(exact, replace(P, containers=300), "M02.fits_as_reported", "heavy_share")

    assert (lot(0.0546), lot(0.0547)) == ([1.0], [0.0]), "770 / 14,100 is 0.05461"


def test_the_tornado_by_hand(project):
    """Spare room is 2,780 - 4,810 = -2,030 t; each input alone at the ends of its range."""
    table = munitions.fit_tornado(project, P).set_index("input")

    assert table["base"].tolist() == pytest.approx([-2030] * 6)
    expected = {
        "payload_tonnes": (1660 - 4810, 5628 - 4810),
        "heavy_share": (2780 - 3400, 2780 - 3400 - 0.25 * 14_100),
        "containers": (1390 - 4810, 4170 - 4810),
        "light_kg": (-2030 + 810 - 135, -2030 + 810 - 1620),
        "packed_kg_per_cartridge": (-2030 + 300, -2030 - 1000),
        "heavy_kg": (-2030 + 150, -2030 - 300),
    }
    assert list(table.index) == list(expected), "widest first"
    for name, ends in expected.items():
        assert tuple(table.loc[name, ["at_low", "at_high"]]) == pytest.approx(ends), name


def test_how_long_the_heavy_part_lasts(project):
    """30,000 rounds at 5,000 a day, 5% each way: six days, 5.714 to 6.316; all 300,000 sixty."""
    table = munitions.duration_table(project, P).loc["mun.rate.ru_jan2023_us"]

    assert (table["who"], table["when"], table["rate"]) == ("US estimate", "1 to 10 January 2023", 5000)
    assert [table["days"], table["days_low"], table["days_high"], table["days_if_all_heavy"]] == pytest.approx(
        [6, 30_000 / 5250, 30_000 / 4750, 60]
    )
    assert bool(table["chosen"])
    other = munitions.duration_table(project, replace(P, firing_rate="eu-memo"))
    assert list(other.index[other["chosen"]]) == ["mun.rate.ru_mar2023_eu"]


def test_rates_of_2024_and_peaks_are_left_out(project):
    rates = munitions.firing_rates(project)
    left_out = set(project.select(measure="artillery_fire_rate", entity="RUS").index) - set(rates.index)

    assert rates["start"].dt.year.max() == 2023
    assert left_out
    for name in left_out:
        row = project.observation(name)
        assert row.start.year >= 2024 or "peak" in row.variant or "ceiling" in row.variant


def test_the_lot_as_a_share_of_output_and_fire(project):
    """A tenth of 300,000 is 1.2% of 2.5 million; RUSI's 32,877 a day are 12.000105 million a year."""
    table = munitions.supply_shares(project, P).set_index("row")

    assert table.loc["mun.prod.ru_rusi", "share_heavy"] == pytest.approx(1.2)
    assert table.loc["mun.rate.ru_2022_year_rusi", "total"] == 32_877 * 365
    assert table.loc["mun.rate.ru_2022_year_rusi", "share_heavy"] == pytest.approx(0.25, abs=1e-4)
    assert table.loc["mun.prod.ru_rusi", "against"] == "output, September 2023, RUSI capacity"
    assert table.loc["mun.rate.ru_2022_year_reuters", "against"] == "fire of a year, 2022, western official"


def test_the_worth_of_each_lot(project):
    """Cartridges at 0.108 dollars, a tenth each way; shells at 600, a twentieth each way."""
    table = munitions.value_table(project, P)

    assert set(table.loc[["mun.czech.price", "mun.price.cartridge_retail"], "lot"]) == {"the bullets"}
    assert list(table.loc["mun.czech.price", ["usd_low", "usd_high"]]) == pytest.approx([9.72e6, 11.88e6])
    assert list(table.loc["mun.price.152_ru_salm", ["usd", "usd_low", "usd_high"]]) == pytest.approx(
        [180e6, 171e6, 189e6]
    )
    assert table.loc["mun.price.152_ru_salm", "lot"] == "the shells, if all were artillery"
    assert table["usd"].tolist() == sorted(table["usd"])


def test_accounts_by_hand(exact):
    """As reported and all artillery do not fit at all. The others: 0.5 x 0.5 and 0.7 x 0.7, so 0.25 and 0.49 of 0.74."""
    table = munitions.accounts(exact, P)

    assert list(table["posterior"]) == pytest.approx([0, 0, 0.25 / 0.74, 0.49 / 0.74])
    assert list(table["prior"]) == [0.25] * 4
    told = {"as_reported": 0.1, "all_artillery": 0.1, "spread_over_months": 0.6, "inflated": 0.2}
    assert munitions.accounts(exact, P, told).loc["inflated", "posterior"] == pytest.approx(0.098 / (0.15 + 0.098))
    assert list(munitions.accounts(exact, replace(P, containers=347))["fits the containers"]) == [1, 0, 1, 1]
    assert list(munitions.accounts(exact, replace(P, ships=20))["fits the containers"]) == [0, 0, 1, 1], (
        "ships do not matter"
    )


def test_rows_of_the_notebook_are_those_known_then(project):
    then, now = munitions.shown_rows(project.at_publication()), munitions.shown_rows(project)

    assert len(now) == len(set(now))
    assert {"mun.155.mass", "mun.rate.ru_jan2023_us", "mun.iran.denial", "mun.wsj.rounds", "mun.price.155_us"} <= set(
        now
    )
    assert {"mun.prk.per_container_122", "mun.prod.ru_rusi", "mun.rate.ru_2022_year_rusi"} <= set(now)
    assert "mun.155.mass" not in then, "published later"
    assert munitions.input_rows(project.at_publication())[:2] == ["mun.czech.ak_packed", "mun.czech.mg_packed"]


def test_parameters_take_their_ends():
    ends = {
        "bullets": (0, 1_000_000_000), "shells": (1, 5_000_000), "heavy_share": (0, 1), "containers": (1, 2_000),
        "ships": (1, 20),
    }  # fmt: skip
    for name, (low, high) in ends.items():
        for value in (low, high):
            assert getattr(munitions.Parameters(**{name: value}), name) == value
        for value in (low - 1, high + 1):
            with pytest.raises(ValueError, match=f"{name} = .* is out of range"):
                munitions.Parameters(**{name: value})
    assert [getattr(P, name) for name in ends] == [100_000_000, 300_000, 0.1, 200, 2]
