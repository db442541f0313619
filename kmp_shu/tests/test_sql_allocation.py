from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import TransactionCase
from odoo.tools import SQL

from ..engine import allocation as engine
from ..sql import allocation as sql

WEIGHTS = st.dictionaries(
    st.text("ABCdef012-/é", min_size=1, max_size=4),
    st.decimals("0.000001", 10**12, places=6),
    min_size=1,
    max_size=12,
)


class TestSqlAllocation(TransactionCase):
    """The SQL and the plain engine split alike: the same units to the same claimants."""

    def allocate(self, method, units, weights):
        claims = SQL(
            """SELECT 1 AS node, number AS claimant, %s::numeric AS units, weight,
                      number COLLATE "C" AS tie
                 FROM UNNEST(%s::text[], %s::numeric[]) AS claim(number, weight)""",
            units,
            list(weights),
            [str(weight) for weight in weights.values()],
        )
        rows = self.env.execute_query(
            SQL("SELECT claimant, units::text FROM (%s) part", sql.METHODS[method](claims))
        )
        return {claimant: int(text) for claimant, text in rows}

    @settings(max_examples=1000)
    @given(units=st.integers(0, 10**15), weights=WEIGHTS, method=st.sampled_from(sorted(sql.METHODS)))
    def test_same_as_the_plain_engine(self, units, weights, method):
        exact = {number: Fraction(weights[number]) for number in sorted(weights)}
        expected, residual = engine.allocate(units, exact, method)
        given_units = self.allocate(method, units, weights)
        self.assertEqual(given_units, dict(expected))
        self.assertEqual(sum(given_units.values()) + residual, units)

    def test_ties_go_to_the_first_number(self):
        self.assertEqual(
            self.allocate("largest_remainder", 5, {"B": 1, "a": 1, "A": 1}), {"A": 2, "B": 2, "a": 1}
        )

    def test_truncate_leaves_the_fractions(self):
        self.assertEqual(self.allocate("truncate", 5, {"B": 1, "A": 1}), {"A": 2, "B": 2})
