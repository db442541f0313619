"""From surplus to member: amounts worked out by hand, and the refusals in their order."""

import sys
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import DistributionError, Inputs, Line, Scheme, allocate, bounds, distribute, waterfall

RESERVE = Line("CADANGAN", "reserve", 30)
MEMBERS = Line("ANGGOTA", "group", 70)
CAPITAL = Line("JM", "capital", 40, "ANGGOTA", capital_base="closing")
BUSINESS = Line("JU", "patronage", 60, "ANGGOTA", basis="sales")
TREE = (RESERVE, MEMBERS, CAPITAL, BUSINESS)
WEIGHTS = {"JM": {"": {"001": 1, "002": 2}}, "JU": {"": {"002": 1, "003": 1, "004": 1}}}


def inputs(surplus, lines=TREE, weights=WEIGHTS, **rounding):
    period = date(2025, 1, 1), date(2025, 12, 31)
    return Inputs("IDR", *period, surplus, Scheme(lines, **rounding), weights)


def split(code, percent, **classes):
    return Line(code, "patronage", percent, basis="sales", classes=classes)


def test_two_stages_by_hand():
    """1000: 300 and 700; 280 and 420; 280 by 1:2 is 93.3 and 186.7; 420 by three is 140 each."""
    shares = distribute(inputs(1000))
    assert shares.pools == {"CADANGAN": 300, "ANGGOTA": 700, "JM": 280, "JU": 420}
    assert shares.members == {
        "001": {"JM": 93, "total": 93},
        "002": {"JM": 187, "JU": 140, "total": 327},
        "003": {"JU": 140, "total": 140},
        "004": {"JU": 140, "total": 140},
    }
    assert shares.class_pools == {}
    assert shares.residual_total == 0


def test_truncation_leaves_residuals_at_their_nodes():
    """1001: 300.3 and 700.7; 700 into 280 and 420; 93.3 and 186.6; 140 each."""
    shares = distribute(inputs(1001, method="truncate"))
    assert shares.pools == {"CADANGAN": 300, "ANGGOTA": 700, "JM": 280, "JU": 420}
    assert shares.residuals == {
        ("surplus", ""): 1,
        ("ANGGOTA", ""): 0,
        ("JM", ""): 1,
        ("JU", ""): 0,
    }
    assert (shares.residual_total, shares.residual_line) == (2, "CADANGAN")


def test_what_is_smaller_than_the_unit_is_the_roots_residual():
    shares = distribute(inputs(Decimal("100250.75"), unit=Decimal(100)))
    assert shares.pools == {"CADANGAN": 30100, "ANGGOTA": 70100, "JM": 28000, "JU": 42100}
    assert shares.residuals["surplus", ""] == shares.residual_total == Decimal("50.75")
    assert shares.members["002"] == {"JM": 18700, "JU": 14100, "total": 32800}


def test_cents():
    lines = [Line("JU", "patronage", 100, basis="sales")]
    shares = distribute(inputs(1, lines, {"JU": WEIGHTS["JU"]}, unit=Decimal("0.01")))
    assert shares.members["002"]["total"] == Decimal("0.34")
    assert shares.members["004"]["total"] == Decimal("0.33")


def test_a_surplus_below_one_unit_goes_to_the_reserve_and_needs_no_weights():
    shares = distribute(inputs(99, weights={}, unit=Decimal(100)))
    assert set(shares.pools.values()) == {0}
    assert (shares.members, shares.residual_total) == ({}, 99)


def test_a_surplus_of_zero_is_nobody_s():
    shares = distribute(inputs(0))
    assert {statement["total"] for statement in shares.members.values()} == {0}
    assert shares.residual_total == 0


def test_member_and_non_member_surplus_are_summed():
    parts = {"member": 1500, "non_member": -500}
    assert distribute(inputs(parts)) == distribute(inputs(1000))


def test_ties_among_pools_go_by_line_order_not_by_code():
    lines = [Line("B", "fund", 50), Line("A", "fund", 50)]
    assert distribute(inputs(5, lines, {})).pools == {"B": 3, "A": 2}


def test_ties_among_classes_go_by_class_code():
    weights = {"JU": {"K2": {"001": 1}, "K1": {"002": 1}}}
    shares = distribute(inputs(5, [split("JU", 100, K2=50, K1=50)], weights))
    assert shares.class_pools == {"JU": {"K1": 3, "K2": 2}}
    assert list(shares.class_pools["JU"]) == ["K1", "K2"]


def test_ties_among_members_go_by_number_as_code_points():
    """ "10" comes before "9", and "Z" before "a": code points, not numbers or a language."""
    weights = {"JU": {"": {"a": 1, "9": 1, "Z": 1, "10": 1}}}
    lines = [Line("JU", "patronage", 100, basis="sales")]
    shares = distribute(inputs(2, lines, weights))
    assert [number for number, got in shares.members.items() if got["total"]] == ["10", "9"]


def test_members_are_listed_by_number_whatever_pool_they_come_from():
    weights = {"JM": {"": {"3": 1}}, "JU": {"": {"2": 1, "1": 1}}}
    assert list(distribute(inputs(1000, weights=weights)).members) == ["1", "2", "3"]


def test_a_class_pool_is_shared_inside_the_class():
    weights = {"JU": {"K1": {"001": 1, "002": 3}, "K2": {"003": 1000}}}
    shares = distribute(inputs(200, [split("JU", 100, K1=75, K2=25)], weights))
    assert shares.class_pools == {"JU": {"K1": 150, "K2": 50}}
    totals = {number: got["total"] for number, got in shares.members.items()}
    assert totals == {"001": 38, "002": 112, "003": 50}


def test_a_member_of_two_classes_in_the_period_has_a_share_in_both():
    weights = {"JU": {"K1": {"001": 1, "002": 1}, "K2": {"001": 1}}}
    shares = distribute(inputs(100, [split("JU", 100, K1=60, K2=40)], weights))
    assert shares.members["001"] == {"JU": 70, "total": 70}


def test_a_class_without_percent_needs_no_member():
    weights = {"JU": {"K1": {"001": 1}}}
    shares = distribute(inputs(100, [split("JU", 100, K1=100, K2=0)], weights))
    assert shares.class_pools == {"JU": {"K1": 100, "K2": 0}}


def test_truncation_by_class_names_each_node():
    weights = {"JU": {"K1": {"001": 1, "002": 1, "003": 1}, "K2": {"004": 1}}}
    lines = [split("JU", 100, K1=50, K2=50), Line("R", "reserve", 0)]
    shares = distribute(inputs(101, lines, weights, method="truncate"))
    assert shares.residuals == {
        ("surplus", ""): 0,
        ("JU", ""): 1,
        ("JU", "K1"): 2,
        ("JU", "K2"): 0,
    }
    assert shares.residual_total == 3


def test_nesting_deeper_than_python_recursion():
    lines = [Line(f"G{i}", "group", 100, f"G{i - 1}" if i else "surplus") for i in range(3000)]
    lines.append(Line("JU", "patronage", 100, "G2999", basis="sales"))
    assert distribute(inputs(7, lines, {"JU": {"": {"1": 1}}})).members["1"]["total"] == 7


def test_a_child_may_stand_before_its_group():
    assert distribute(inputs(1000, TREE[::-1])).pools["JM"] == 280


def test_amounts_beyond_28_digits_are_exact():
    surplus = 10**50 + 1
    shares = distribute(inputs(surplus, unit=Decimal("0.01")))
    paid = sum(Fraction(got["total"]) for got in shares.members.values())
    assert paid + Fraction(shares.pools["CADANGAN"]) == surplus


def test_what_was_computed_from_cannot_be_changed_afterwards():
    given = inputs(1000)
    for record, name in (
        (given, "surplus"),
        (given.scheme, "unit"),
        (given.scheme.lines[0], "percent"),
        (distribute(given), "residual_total"),
    ):
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, Decimal(5))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_node_that_does_not_sum_stops_the_engine(monkeypatch, lost):
    """A unit gone missing at the root, among the group's lines or among the members."""
    calls = []

    def careless(units, weights, method):
        amounts, residual = allocate(units, weights, method)
        calls.append(units)
        return amounts, residual - (len(calls) == lost + 1)

    for module in (bounds, waterfall):
        monkeypatch.setattr(module, "allocate", careless)
    with pytest.raises(AssertionError, match="its parts do not sum to it"):
        distribute(inputs(1000))


def test_a_whole_that_does_not_sum_stops_the_engine(monkeypatch):
    """Every node in balance, but a pool that nobody visits."""
    monkeypatch.setattr(Scheme, "pools", property(lambda self: [CAPITAL]))
    with pytest.raises(AssertionError, match="do not sum to the surplus"):
        distribute(inputs(1000, weights={"JM": WEIGHTS["JM"]}))


def refusal(*args, **kwargs):
    with pytest.raises(DistributionError) as caught:
        distribute(inputs(*args, **kwargs))
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def test_a_negative_surplus_is_refused():
    assert "surplus is negative (-1)" in refusal(-1)
    assert "surplus is negative (-500)" in refusal({"member": 500, "non_member": -1000})


def test_a_pool_that_nobody_has_a_weight_in_is_refused():
    message = refusal(1000, weights={"JM": WEIGHTS["JM"]})
    assert message == (
        "Pool JU: 420 IDR to share, but nobody has a weight in it. Enter the members' business "
        "(sales) from 2025-01-01 to 2025-12-31, or take the percent away."
    )


def test_zero_weights_are_no_weights():
    assert "Pool JU: 420" in refusal(1000, weights={**WEIGHTS, "JU": {"": {"001": 0}}})


def test_a_class_pool_that_nobody_has_a_weight_in_is_refused():
    weights = {"JU": {"K1": {"001": 1}}}
    message = refusal(100, [split("JU", 100, K1=60, K2=40)], weights)
    assert message.startswith("Pool JU, class K2: 40 IDR to share")


def test_all_empty_pools_are_named_at_once():
    message = refusal(1000, weights={})
    assert "Pool JM: 280 IDR" in message
    assert "capital (closing)" in message
    assert "Pool JU: 420 IDR" in message


def test_a_scheme_error_comes_before_a_negative_surplus_and_that_before_an_empty_pool():
    wrong = (Line("A", "fund", 5), *TREE)
    assert refusal(-5, wrong, weights={}).startswith("Scheme: the lines under surplus sum to 105")
    assert refusal(-5, weights={}).startswith("The surplus is negative")
    assert refusal(5, weights={}).startswith("Pool JM")


def test_every_scheme_error_is_told():
    with pytest.raises(DistributionError) as caught:
        distribute(inputs(1000, (Line("A", "fund", 120), Line("B", "gift", 1))))
    assert len(caught.value.errors) == 3


def test_a_part_below_the_unit_without_a_reserve_is_refused():
    lines = [Line("A", "fund", 100)]
    assert "no reserve line" in refusal(Decimal("0.5"), lines, {})
    assert "no reserve line" in refusal(5, lines, {}, method="truncate")


def test_weights_of_something_that_is_no_pool_are_refused():
    assert "CADANGAN, which is not a pool" in refusal(1000, weights={**WEIGHTS, "CADANGAN": {"": {"001": 1}}})
    assert "NOPE, which is not a pool" in refusal(1000, weights={**WEIGHTS, "NOPE": {"": {"001": 1}}})


def test_weights_of_a_class_without_a_part_are_refused():
    lines = [split("JU", 100, K1=100)]
    for name in ("K3", ""):
        weights = {"JU": {"K1": {"001": 1}, name: {"002": 1}}}
        assert f"class {name!r}, which has no part in it" in refusal(100, lines, weights)
    unsplit = [Line("JU", "patronage", 100, basis="sales")]
    assert "class 'K1', which has no part" in refusal(100, unsplit, {"JU": {"K1": {"001": 1}}})


@pytest.mark.parametrize("number", ["", "a\tb", "a\nb", "a\\b", "\ud800", 5])
def test_member_numbers_that_break_a_record_are_refused(number):
    with pytest.raises(ValueError, match="Pool JU: member number"):
        inputs(1, weights={"JU": {"": {"001": 1, number: 1}}})


def test_a_weight_below_zero_is_refused():
    with pytest.raises(ValueError, match="the weight of 002 is below zero"):
        inputs(1, weights={"JU": {"": {"000": 0, "001": 1, "002": -1}}})


@pytest.mark.parametrize("value", [0.5, "5", None])
def test_amounts_are_exact_numbers(value):
    with pytest.raises(TypeError):
        inputs(value)
    with pytest.raises(TypeError):
        inputs(1, weights={"JU": {"": {"001": value}}})


@pytest.mark.parametrize("parts", [{}, {"members": 5}, {"member": 5, "other": 1}])
def test_the_surplus_has_two_known_parts(parts):
    with pytest.raises(ValueError, match="Use member and non_member"):
        inputs(parts)


def test_a_period_ends_after_it_starts():
    with pytest.raises(ValueError, match="period"):
        Inputs("IDR", date(2025, 12, 31), date(2025, 1, 1), 1, Scheme(TREE), {})
    with pytest.raises(ValueError, match="period"):
        Inputs("IDR", "2025-01-01", "2025-12-31", 1, Scheme(TREE), {})
