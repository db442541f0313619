"""The three bases of the return on capital, worked out by hand."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine.capital import BASES, average, closing, day_weighted

START, END = date(2025, 1, 1), date(2025, 12, 31)
MOVES = [(date(2025, 4, 1), Decimal(300)), (date(2025, 12, 31), Decimal("-50.5"))]


def test_closing_is_opening_plus_moves():
    assert closing(100, MOVES, START, END) == Decimal("349.5")


def test_average_is_half_of_opening_plus_closing():
    assert average(100, MOVES, START, END) == Decimal("224.75")


def test_day_weighted_counts_the_day_of_the_move_and_the_last_day():
    """100 x 365; 300 from 1 April is 275 days; -50.5 on the last day is one day."""
    assert day_weighted(100, MOVES, START, END) == 36500 + 82500 - Decimal("50.5")


def test_a_move_on_the_first_day_counts_as_long_as_the_opening():
    moved = day_weighted(0, [(START, 7)], START, END)
    assert moved == day_weighted(7, [], START, END) == 7 * 365


def test_a_leap_year_has_366_days():
    assert day_weighted(1, [], date(2024, 1, 1), date(2024, 12, 31)) == 366


def test_a_period_of_one_day():
    assert day_weighted(5, [(START, 2)], START, START) == 7


@pytest.mark.parametrize("base", BASES)
def test_a_negative_result_counts_as_zero(base):
    assert BASES[base](10, [(START, -500)], START, END) == 0


def test_a_negative_opening_is_made_good_by_moves():
    assert closing(-10, [(START, 30)], START, END) == 20
    assert average(-10, [(START, 30)], START, END) == 5


def test_day_weighted_may_stay_above_zero_with_a_negative_closing():
    moves = [(END, -200)]
    assert closing(100, moves, START, END) == 0
    assert day_weighted(100, moves, START, END) == 36500 - 200


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 1, 1)])
def test_a_move_outside_the_period_is_refused(base, day):
    with pytest.raises(ValueError, match=f"{day} is outside 2025-01-01 to 2025-12-31"):
        BASES[base](0, [(day, 1)], START, END)


@pytest.mark.parametrize("base", BASES)
def test_floats_are_refused(base):
    with pytest.raises(TypeError):
        BASES[base](0.5, [], START, END)
    with pytest.raises(TypeError):
        BASES[base](0, [(START, 0.5)], START, END)


def test_long_amounts_are_not_rounded():
    big = 10**40 + 1
    assert day_weighted(big, [], START, END) == big * 365
    assert average(big, [], START, END) == big
