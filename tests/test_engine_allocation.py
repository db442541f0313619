"""Sharing whole units by weight, against results worked out by hand and by brute force."""

import itertools
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import allocate, allocation, largest_remainder, truncate


def test_largest_remainder_by_hand():
    """10 seats for 41, 32 and 27 votes: 4.1, 3.2, 2.7; the one left over goes to the 0.7."""
    assert largest_remainder(10, {"a": 41, "b": 32, "c": 27}) == {"a": 4, "b": 3, "c": 3}


def test_truncate_by_hand():
    assert truncate(10, {"a": 41, "b": 32, "c": 27}) == {"a": 4, "b": 3, "c": 2}
    assert allocate(10, {"a": 41, "b": 32, "c": 27}, "truncate")[1] == 1


def test_ties_go_by_the_order_of_the_mapping():
    assert largest_remainder(2, {"c": 1, "a": 1, "b": 1}) == {"c": 1, "a": 1, "b": 0}
    assert largest_remainder(2, {"b": 1, "a": 1, "c": 1}) == {"b": 1, "a": 1, "c": 0}


def test_a_tie_is_exact():
    """A third and 0.3333333333333333 differ; a float would call it a tie and serve "a"."""
    weights = {"a": Decimal("0.3333333333333333"), "b": Fraction(1, 3), "c": Fraction(1, 3)}
    assert largest_remainder(2, weights) == {"a": 0, "b": 1, "c": 1}


def test_fractional_weights():
    assert largest_remainder(100, {"a": Fraction(1, 3), "b": Decimal("0.5")}) == {"a": 40, "b": 60}


def test_amounts_beyond_the_precision_of_a_float():
    units = 10**30 + 1
    assert largest_remainder(units, {"a": 1, "b": 1}) == {"a": units // 2 + 1, "b": units // 2}


def test_a_zero_weight_gets_nothing_even_when_units_are_left():
    assert largest_remainder(1, {"zero": 0, "a": 1, "b": 1}) == {"zero": 0, "a": 1, "b": 0}


def test_nothing_to_share_needs_no_weights():
    assert allocate(0, {}, "largest_remainder") == ({}, 0)
    assert allocate(0, {"a": 0}, "truncate") == ({"a": 0}, 0)


@pytest.mark.parametrize(
    ("units", "weights", "method", "message"),
    [
        (5, {}, "largest_remainder", "Nobody has a weight"),
        (1, {"a": 0}, "truncate", "Nobody has a weight"),
        (5, {"a": 2, "b": -1}, "largest_remainder", "below zero"),
        (-5, {"a": 1}, "largest_remainder", "not a whole number of units"),
        (Decimal(5), {"a": 1}, "truncate", "not a whole number of units"),
        (5, {"a": 1}, "half_up", "Unknown rounding method 'half_up'"),
    ],
)
def test_what_cannot_be_shared_is_refused(units, weights, method, message):
    with pytest.raises(ValueError, match=message):
        allocate(units, weights, method)


def test_floats_are_refused():
    with pytest.raises(TypeError):
        allocate(5, {"a": 0.1}, "largest_remainder")


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("largest_remainder", {"a": 4}),
        ("largest_remainder", {"a": 6}),
        ("truncate", {"a": 6}),
    ],
)
def test_a_method_that_loses_or_makes_units_is_stopped(monkeypatch, method, wrong):
    monkeypatch.setitem(allocation.METHODS, method, lambda units, weights: wrong)
    with pytest.raises(AssertionError, match=f"{method} left -?1 of 5 units"):
        allocate(5, {"a": 1}, method)


def _closest(units, weights):
    """Of all ways to share the units the one nearest to the exact shares; ties favour the first."""
    exact = [Fraction(units * weight, sum(weights)) for weight in weights]
    ways = itertools.product(range(units + 1), repeat=len(weights))
    return min(
        (way for way in ways if sum(way) == units),
        key=lambda way: (
            sum((got - share) ** 2 for got, share in zip(way, exact, strict=True)),
            [-got for got in way],
        ),
    )


@pytest.mark.parametrize("units", range(7))
def test_largest_remainder_is_the_closest_of_all_ways(units):
    """Every triple of weights up to 6 against brute force: 343 x 7 allocations."""
    for weights in itertools.product(range(7), repeat=3):
        if any(weights):
            shares = largest_remainder(units, dict(zip("abc", weights, strict=True)))
            assert tuple(shares.values()) == _closest(units, weights), weights
