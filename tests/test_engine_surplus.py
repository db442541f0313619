"""The surplus of members and of non-members: always the whole together, and each part by its rule."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kmp_shu.engine import surplus
from odoo.addons.kmp_shu.engine.surplus import FIELDS, KEYS, Part, divide

UNIT = Decimal("0.01")
amounts = st.integers(-(10**12), 10**12).map(lambda units: Decimal(units).scaleb(-2))
percents = st.integers(0, 10**8).map(lambda units: Decimal(units).scaleb(-6))


def test_examples():
    assert doctest.testmod(surplus).failed == 0


@given(st.builds(Part, *(amounts,) * len(FIELDS)), amounts, amounts, st.sampled_from(KEYS), percents)
def test_members_and_non_members_are_the_ledger(whole, turnover, cost, key, percent):
    member, other = divide(whole, turnover, cost, key, percent, UNIT)
    for name in (*FIELDS, "margin", "before_tax", "amount"):
        assert getattr(member, name) + getattr(other, name) == getattr(whole, name)
    assert (member.turnover, member.cost) == (turnover, cost)
    for name in ("common", "tax"):
        bounds = sorted((Decimal(0), getattr(whole, name)))
        assert bounds[0] <= getattr(member, name) <= bounds[1]
        assert getattr(member, name) % UNIT == 0


@pytest.mark.parametrize(
    ("key", "common", "tax"),
    [("turnover", "30", "8"), ("margin", "60", "5"), ("fixed", "10", "9")],
)
def test_each_key(key, common, tax):
    """Members sell 300 of 1,000 with a margin of 120 of 200; common costs are 100, tax 9."""
    whole = Part(*map(Decimal, (1000, 800, 100, 9)))
    member, _other = divide(whole, Decimal(300), Decimal(180), key, Decimal(10), Decimal(1))
    assert (member.common, member.tax) == (Decimal(common), Decimal(tax))
    member_before_tax = Decimal(120) - Decimal(common)
    assert member.before_tax == member_before_tax


def test_halves_go_away_from_zero():
    whole = Part(Decimal(2), Decimal(0), Decimal(5), Decimal(0))
    for sign in (1, -1):
        whole = Part(Decimal(2), Decimal(0), Decimal(5) * sign, Decimal(0))
        assert divide(whole, Decimal(1), Decimal(0), "turnover", Decimal(0), Decimal(1))[0].common == 3 * sign


def test_nothing_to_compare_with_bears_nothing():
    whole = Part(Decimal(0), Decimal(10), Decimal(5), Decimal(1))
    member, other = divide(whole, Decimal(0), Decimal(0), "margin", Decimal(0), UNIT)
    assert (member.common, member.tax, other.amount) == (0, 0, Decimal(-16))


def test_an_unknown_key_is_refused():
    whole = Part(*map(Decimal, (1, 1, 1, 1)))
    with pytest.raises(ValueError, match="no key of common costs"):
        divide(whole, Decimal(0), Decimal(0), "profit", Decimal(0), UNIT)
