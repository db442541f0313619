"""What holds for every sharing of units by weight, over thousands of generated ones."""

import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from by_definition import as_fractions
from generated import METHODS, WEIGHT_MAPS, allocations
from hypothesis import assume, given
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import allocate, largest_remainder


@allocations
@given(st.integers(0, 10**18), WEIGHT_MAPS, METHODS)
def test_an_allocation_sums_keeps_quota_and_order(units, weights, method):
    exact = as_fractions(weights)
    assume(any(exact.values()))
    amounts, residual = allocate(units, weights, method)
    assert list(amounts) == list(weights)
    assert sum(amounts.values()) + residual == units
    assert 0 <= residual < len(weights)
    assert residual == 0 or method == "truncate"
    for key, amount in amounts.items():
        share = units * exact[key] / sum(exact.values())
        assert abs(amount - share) < 1
        assert amount <= share or method == "largest_remainder"
        assert amount == 0 or exact[key]


@allocations
@given(st.integers(0, 1000), WEIGHT_MAPS, METHODS)
def test_a_larger_weight_never_gets_less(units, weights, method):
    exact = as_fractions(weights)
    assume(any(exact.values()))
    amounts, _residual = allocate(units, weights, method)
    ranked = sorted(weights, key=exact.__getitem__)
    for smaller, larger in pairwise(ranked):
        if exact[smaller] < exact[larger]:
            assert amounts[smaller] <= amounts[larger]


@allocations
@given(st.integers(0, 100), st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_equal_weights_differ_by_one_unit_and_the_first_has_it(units, weights):
    assume(any(weights))
    amounts = list(largest_remainder(units, dict(enumerate(weights))).values())
    for first, one in enumerate(weights):
        for second in range(first + 1, len(weights)):
            if weights[second] == one:
                assert 0 <= amounts[first] - amounts[second] <= 1


@allocations
@given(st.integers(0, 10**9), WEIGHT_MAPS, st.integers(1, 10**6), METHODS)
def test_only_proportions_count(units, weights, factor, method):
    exact = as_fractions(weights)
    assume(any(exact.values()))
    scaled = {key: weight * Fraction(factor, 7) for key, weight in exact.items()}
    assert allocate(units, scaled, method) == allocate(units, weights, method)
