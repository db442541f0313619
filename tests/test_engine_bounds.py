"""Floors, caps, parts of the surplus and tax: each table is worked out by hand."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import Cap, DistributionError, Inputs, Line, Scheme, Tax, distribute, validate_scheme

YEAR = date(2025, 1, 1), date(2025, 12, 31)
DAYS = 365
#: Capital 1,000,000, business 500,000.
WEIGHTS = {"JM": {"": {"001": 400_000, "002": 600_000}}, "JU": {"": {"001": 200_000, "002": 300_000}}}


def reserve(percent, code="R", **bounds):
    return Line(code, "reserve", Decimal(percent), **bounds)


def fund(percent, code="F", **bounds):
    return Line(code, "fund", Decimal(percent), **bounds)


def capital(percent, **bounds):
    return Line("JM", "capital", Decimal(percent), **{"capital_base": "closing", **bounds})


def patronage(percent, **bounds):
    return Line("JU", "patronage", Decimal(percent), basis="sales", **bounds)


def share(surplus, *lines, weights=WEIGHTS, **rounding):
    scheme = Scheme(lines, **rounding)
    pools = {line.code for line in scheme.pools}
    weights = {code: weights[code] for code in weights if code in pools}
    return distribute(Inputs("IDR", *YEAR, surplus, scheme, weights))


def pools(surplus, *lines, **kwargs):
    return share(surplus, *lines, **kwargs).pools


# Floors


def test_a_floor_that_is_reached_changes_nothing():
    assert pools(1000, reserve(30, floor=25), fund(70)) == {"R": 300, "F": 700}


def test_a_floor_takes_from_the_others_by_their_percent():
    """R 100 -> 400; the 600 left by 60:30 are 400 and 200."""
    lines = reserve(10, floor=40), fund(60), fund(30, "G")
    assert pools(1000, *lines) == {"R": 400, "F": 400, "G": 200}


def test_a_floor_is_rounded_up():
    assert pools(101, reserve(10, floor=50), fund(90)) == {"R": 51, "F": 50}


def test_a_floor_of_a_line_in_a_group_is_of_the_surplus():
    """G 500; R 10% of it is 50, its floor 20% of 1000."""
    lines = fund(50), Line("G", "group", 50), reserve(10, of="G", floor=20), fund(90, "H", of="G")
    assert pools(1000, *lines) == {"F": 500, "G": 500, "R": 200, "H": 300}


def test_a_second_floor_may_be_broken_by_the_first():
    """R -> 600; 400 left by 45:45, so F has 200 of its 250; G has what is left."""
    lines = reserve(10, floor=60), fund(45, floor=25), fund(45, "G")
    assert pools(1000, *lines) == {"R": 600, "F": 250, "G": 150}


def test_floors_above_the_node_are_refused():
    lines = fund(80), Line("G", "group", 20), reserve(10, of="G", floor=30), fund(90, "H", of="G")
    with pytest.raises(DistributionError) as caught:
        pools(1000, *lines)
    assert str(caught.value) == (
        "Scheme: the floors of the lines under G ask for 300, but there is only 200. Lower a floor."
    )


# Caps by surplus


def test_a_cap_that_is_not_reached_changes_nothing():
    assert pools(1000, reserve(80), fund(20, cap=Cap("surplus", 25))) == {"R": 800, "F": 200}


def test_what_a_cap_leaves_is_shared_by_percent():
    """F 500 -> 100; the 900 left by 30:20 are 540 and 360."""
    lines = reserve(30), fund(50, cap=Cap("surplus", 10)), fund(20, "G")
    assert pools(1000, *lines) == {"R": 540, "F": 100, "G": 360}


def test_what_a_cap_leaves_may_break_the_next_cap():
    """F 600 -> 100; 900 by 20:20 are 450 each; G -> 300; R has 600."""
    lines = reserve(20), fund(60, cap=Cap("surplus", 10)), fund(20, "G", cap=Cap("surplus", 30))
    assert pools(1000, *lines) == {"R": 600, "F": 100, "G": 300}


def test_what_a_cap_leaves_goes_to_the_line_that_it_names():
    lines = reserve(30), fund(50, cap=Cap("surplus", 10, excess="R")), fund(20, "G")
    assert pools(1000, *lines) == {"R": 700, "F": 100, "G": 200}


def test_a_cap_is_rounded_down():
    assert pools(109, reserve(0), fund(100, cap=Cap("surplus", 10, excess="R"))) == {"R": 99, "F": 10}


def test_a_cap_of_nothing():
    assert pools(1000, reserve(50), fund(50, cap=Cap("surplus", 0))) == {"R": 1000, "F": 0}


def test_a_floor_beats_a_cap_where_no_unit_lies_between():
    """10% of 15 is 1.5: at least 2, at most 1."""
    assert pools(15, reserve(50), fund(50, floor=10, cap=Cap("surplus", 10))) == {"R": 13, "F": 2}


def test_caps_freeze_first_where_they_ask_for_more():
    """F is 500 above its cap, R 100 below its floor; without F, R has 450 of 900 and needs no floor."""
    lines = reserve(20, floor=30), fund(60, cap=Cap("surplus", 10)), fund(20, "G")
    assert pools(1000, *lines) == {"R": 450, "F": 100, "G": 450}


def test_floors_freeze_first_where_they_ask_for_more():
    """R is 500 below its floor, F 50 above its cap; without R, F has 175 of 350 and needs no cap."""
    lines = reserve(15, floor=65), fund(35, cap=Cap("surplus", 30)), fund(50, "G")
    assert pools(1000, *lines) == {"R": 650, "F": 144, "G": 206}


def test_truncating_leaves_the_residual_at_its_node():
    """F -> 5; the other 106 by 50:40 are 58.9 and 47.1."""
    lines = reserve(50), fund(10, cap=Cap("surplus", 5)), fund(40, "G")
    shares = share(111, *lines, method="truncate")
    assert shares.pools == {"R": 58, "F": 5, "G": 47}
    assert shares.residuals["surplus", ""] == 1


# Caps by the members' weights


def test_a_return_on_capital_of_at_most_six_percent():
    """6% of 1,000,000 is 60,000; patronage and reserve share the other 140,000 by 60:20."""
    lines = reserve(20), capital(20, cap=Cap("weight", 6)), patronage(60)
    assert pools(400_000, *lines) == {"R": 85_000, "JM": 60_000, "JU": 255_000}


def test_day_weighted_capital_is_what_was_held_on_average():
    """Half of the capital was held half the year only: 6% of 750,000."""
    weights = {"JM": {"": {"001": 500_000 * DAYS, "002": 250_000 * DAYS}}}
    lines = reserve(50), capital(50, capital_base="day_weighted", cap=Cap("weight", 6, excess="R"))
    assert pools(200_000, *lines, weights=weights) == {"R": 155_000, "JM": 45_000}


def test_the_classes_of_a_split_pool_weigh_together():
    weights = {"JM": {"K1": {"001": 400_000}, "K2": {"002": 600_000}}}
    lines = reserve(50), capital(50, classes={"K1": 50, "K2": 50}, cap=Cap("weight", 6, excess="R"))
    shares = share(200_000, *lines, weights=weights)
    assert shares.pools == {"R": 140_000, "JM": 60_000}
    assert shares.class_pools == {"JM": {"K1": 30_000, "K2": 30_000}}


def test_a_pool_that_nobody_has_a_weight_in_leaves_all_to_the_others():
    lines = reserve(50), capital(50, cap=Cap("weight", 6))
    assert pools(1000, *lines, weights={}) == {"R": 1000, "JM": 0}


# Caps by rate


RATE = Cap("rate", 2, reference="JM", excess="R")


def test_a_patronage_rate_of_at_most_twice_the_rate_on_capital():
    """JM 100,000 on 1,000,000 is 10%; so at most 20% of 500,000 in business, 100,000."""
    lines = reserve(20), capital(20), patronage(60, cap=RATE)
    assert pools(500_000, *lines) == {"R": 300_000, "JM": 100_000, "JU": 100_000}


def test_a_rate_below_the_limit_stays():
    lines = reserve(80), capital(15), patronage(5, cap=RATE)
    assert pools(1_000_000, *lines) == {"R": 800_000, "JM": 150_000, "JU": 50_000}


def test_the_reference_counts_as_it_is_after_its_own_cap():
    """JM 100,000 -> 50,000, which is 5%; the other 450,000 by 20:60; JU at most 10% of 500,000."""
    lines = reserve(20), capital(20, cap=Cap("weight", 5)), patronage(60, cap=RATE)
    assert pools(500_000, *lines) == {"R": 400_000, "JM": 50_000, "JU": 50_000}


def test_a_rate_on_day_weighted_capital_is_one_of_the_year():
    weights = {**WEIGHTS, "JM": {"": {"001": 1_000_000 * DAYS}}}
    lines = reserve(20), capital(20, capital_base="day_weighted"), patronage(60, cap=RATE)
    assert pools(500_000, *lines, weights=weights)["JU"] == 100_000


def test_a_rate_is_rounded_down():
    """JM 7 on 1,000,000; twice that on 500,000 is 7, on 499,999 is 6.99..."""
    weights = {**WEIGHTS, "JU": {"": {"001": 499_999}}}
    lines = reserve(0), capital(7), patronage(93, cap=RATE)
    assert pools(100, *lines, weights=weights) == {"R": 87, "JM": 7, "JU": 6}


def test_a_reference_without_weight_or_amount_pays_nothing():
    lines = reserve(40), capital(0), patronage(60, cap=RATE)
    assert pools(1000, *lines, weights={"JU": WEIGHTS["JU"]}) == {"R": 1000, "JM": 0, "JU": 0}
    assert pools(1000, *lines) == {"R": 1000, "JM": 0, "JU": 0}
    lines = reserve(40), capital(10), patronage(50, cap=RATE)
    with pytest.raises(DistributionError, match="Pool JM: 100 IDR to share, but nobody"):
        pools(1000, *lines, weights={"JU": WEIGHTS["JU"]})


# Conditions


def test_a_condition_that_was_not_met_sends_the_line_to_its_target():
    lines = reserve(25), fund(5, "INS", cap=Cap("condition", 0, excess="R")), fund(70)
    assert pools(1000, *lines) == {"R": 300, "INS": 0, "F": 700}


def test_a_condition_on_a_group_empties_all_below_it():
    group = Line("G", "group", 70, cap=Cap("condition", 0, excess="R"))
    lines = reserve(30), group, capital(40, of="G"), patronage(60, of="G")
    shares = share(1000, *lines)
    assert shares.pools == {"R": 1000, "G": 0, "JM": 0, "JU": 0}
    assert {got["total"] for got in shares.members.values()} == {0}


# Parts of the surplus


def parted(**member):
    return (
        reserve(40, of="member", **member),
        patronage(60, of="member"),
        reserve(100, "N", of="non_member"),
    )


def test_each_part_is_divided_by_itself():
    shares = share({"member": 600, "non_member": 400}, *parted())
    assert shares.pools == {"R": 240, "JU": 360, "N": 400}
    assert shares.residuals["member", ""] == shares.residuals["non_member", ""] == 0


def test_a_floor_is_a_percent_of_the_part_that_the_line_stands_under():
    shares = share({"member": 600, "non_member": 400}, *parted(floor=50))
    assert shares.pools == {"R": 300, "JU": 300, "N": 400}


def test_what_is_smaller_than_the_unit_of_each_part_is_the_residual_of_the_surplus():
    shares = share({"member": 650, "non_member": 470}, *parted(), unit=Decimal(100))
    assert shares.pools == {"R": 200, "JU": 400, "N": 400}
    assert shares.residuals["surplus", ""] == shares.residual_total == 120
    assert shares.residual_line == "R"


def test_a_part_that_is_not_given_is_zero():
    assert share({"member": 600}, *parted()).pools["N"] == 0


def test_a_loss_in_one_part_is_refused():
    with pytest.raises(DistributionError, match=r"non_member part of the surplus is negative \(-400\)"):
        share({"member": 600, "non_member": -400}, *parted())


def test_the_parts_must_be_known():
    with pytest.raises(ValueError, match="give member and non_member"):
        share(1000, *parted())


# Tax


def tax(*args, **rounding):
    lines = reserve(0), capital(40), patronage(60)
    weights = {"JM": {"": {"001": 1, "002": 1}}, "JU": {"": {"002": 1}}}
    return share(1005, *lines, weights=weights, tax=Tax(*args), **rounding)


def test_without_a_tax_nothing_is_withheld():
    shares = tax()
    assert shares.members["002"] == {"JM": 201, "JU": 603, "total": 804}
    assert (shares.taxes, shares.net("002")) == ({}, 804)


def test_a_tax_on_everything_is_cut_off_at_the_unit():
    """10% of 201 is 20.1, of 804 is 80.4."""
    shares = tax(10, "all")
    assert shares.taxes == {"001": 20, "002": 80}
    assert [shares.net(number) for number in ("001", "002")] == [181, 724]


def test_a_tax_on_capital_or_on_patronage():
    assert tax(10, "capital").taxes == {"001": 20, "002": 20}
    assert tax(10, "patronage").taxes == {"002": 60}


def test_up_to_the_exemption_nothing_is_taxed_and_above_it_everything():
    assert tax(10, "all", 201).taxes == {"002": 80}
    assert tax(10, "all", Decimal("200.5")).taxes == {"001": 20, "002": 80}
    assert tax(10, "all", 804).taxes == {}


def test_the_classes_of_a_member_are_taxed_together():
    line = patronage(100, classes={"K1": 50, "K2": 50})
    weights = {"JU": {"K1": {"001": 1}, "K2": {"001": 1}}}
    shares = share(102, line, weights=weights, tax=Tax(5, "all", 100))
    assert shares.taxes == {"001": 5}


# What is wrong with a scheme


def errors(*lines, **kwargs):
    return validate_scheme(Scheme(lines, **kwargs))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((reserve(50, floor=60), fund(50, floor=60)), "under surplus sum to 120 percent"),
        ((reserve(100, floor=-1),), "R/floor has -1 percent"),
        ((reserve(50), fund(50, floor=30, cap=Cap("surplus", 20))), "at least 30 and at most 20"),
        ((reserve(50), capital(50, floor=3, cap=Cap("weight", 6))), "no percent of the surplus"),
        ((reserve(50), fund(50, cap=Cap("wish", 6))), "unknown measure 'wish'"),
        ((reserve(50), fund(50, cap=Cap("surplus", -6))), "F/cap is -6"),
        ((reserve(50), fund(50, cap=Cap("surplus", Decimal("0.0000001")))), "6 decimals"),
        ((reserve(50), fund(50, cap=Cap("weight", 6))), "but no members share it"),
        ((reserve(50), fund(50, cap=Cap("condition", 1, excess="R"))), "Empty the value"),
        ((reserve(50), fund(50, cap=Cap("condition", 0))), "say where the excess of line F goes"),
        ((reserve(50), capital(25), patronage(25, cap=Cap("rate", 2, "JM"))), "say where the excess"),
        ((reserve(50), capital(50, cap=Cap("weight", 6, "R"))), "no rate but has a reference"),
        ((reserve(50), patronage(50, cap=Cap("rate", 2, "", "R"))), "capped by that of ''"),
        ((reserve(50), patronage(50, cap=Cap("rate", 2, "R", "R"))), "capped by that of 'R'"),
        ((reserve(50), patronage(50, cap=Cap("rate", 2, "JU", "R"))), "capped by that of 'JU'"),
        ((fund(100, cap=Cap("surplus", 5)),), "nobody takes what is above the cap of line F"),
        ((reserve(0), fund(100, cap=Cap("surplus", 5))), "nobody takes"),
        ((reserve(50), fund(50, cap=Cap("surplus", 5, excess="X"))), "goes to 'X'"),
        ((capital(50), fund(50, cap=Cap("surplus", 5, excess="JM"))), "goes to 'JM'"),
        ((reserve(50), fund(50, cap=Cap("surplus", 5, excess="F"))), "goes to 'F'"),
        ((reserve(100), fund(100, of="member"), fund(100, "G", of="non_member")), "under one or the other"),
        ((reserve(100, of="member"),), "no lines under non_member"),
        ((reserve(100, of="member"), fund(90, of="non_member")), "under non_member sum to 90 percent"),
        ((fund(100, "member"),), "code member is reserved"),
    ],
)
def test_each_error_is_reported_alone(lines, message):
    found = errors(*lines)
    assert len(found) == 1, found
    assert message in found[0]
    assert found[0].endswith(".")


def test_a_reference_that_moves_stands_above():
    moved = capital(25, cap=Cap("surplus", 5, excess="R"))
    limited = patronage(25, cap=RATE)
    assert errors(reserve(50), moved, limited) == []
    assert errors(reserve(50), limited, moved) == [
        "Scheme: the rate of line JU is capped by that of JM, which has a cap itself. Put JM above it."
    ]


@pytest.mark.parametrize(
    ("tax", "message"),
    [
        (Tax(10), "unknown base ''"),
        (Tax(10, "net"), "unknown base 'net'"),
        (Tax(0, "all"), "no percent"),
        (Tax(0, "", 5), "no percent"),
        (Tax(10, "all", -5), "below zero"),
        (Tax(101, "all"), "tax has 101 percent"),
    ],
)
def test_a_wrong_tax(tax, message):
    [found] = errors(reserve(100), tax=tax)
    assert message in found


def test_numbers_are_exact_and_texts_are_texts():
    with pytest.raises(TypeError):
        Cap("surplus", 0.5)
    with pytest.raises(TypeError):
        Cap("surplus", 5, excess=False)
    with pytest.raises(TypeError):
        Tax(0.5, "all")
    with pytest.raises(TypeError):
        reserve(5, floor=0.5)
