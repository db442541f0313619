"""The surplus of members and of non-members, exact: what is not the one's is the other's.

Turnover and cost of the members are known from their business; common costs and income tax are not anyone's
and follow a key. The members' amounts are rounded once, and the non-members' part is the rest of
the ledger, so the two always sum to it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .exact import EXACT

KEYS = ("turnover", "margin", "fixed")
FIELDS = ("turnover", "cost", "common", "tax")


@dataclass(frozen=True)
class Part:
    """Income and costs of the whole, of members or of non-members, each a Decimal amount.

    ``common`` is what costs have above other income; costs and tax are positive.
    """

    turnover: Decimal
    cost: Decimal
    common: Decimal
    tax: Decimal

    @property
    def margin(self):
        """Turnover less the cost of what was sold: net participation, or gross profit."""
        return EXACT.subtract(self.turnover, self.cost)

    @property
    def before_tax(self):
        return EXACT.subtract(self.margin, self.common)

    @property
    def amount(self):
        """The surplus after tax, which is what is distributed."""
        return EXACT.subtract(self.before_tax, self.tax)

    def less(self, other):
        """The rest, field by field."""
        return Part(*(EXACT.subtract(getattr(self, name), getattr(other, name)) for name in FIELDS))


def divide(whole, turnover, cost, key, percent, unit):
    """The parts of members and of non-members of the Part ``whole``, which they sum to.

    ``turnover`` and ``cost`` are the members' own; ``key`` says what of the common costs they bear:
    their part of the turnover, of the margin, or a fixed ``percent``. Income tax follows the surplus
    before tax. A part is never below nothing or above all, and nothing where there is nothing to compare
    with. ``unit`` is what amounts are rounded to, halves away from zero.

    >>> whole = Part(Decimal(1000), Decimal(600), Decimal(101), Decimal(30))
    >>> members, others = divide(whole, Decimal(250), Decimal(100), "turnover", Decimal(0), Decimal(1))
    >>> members.margin, members.common, members.tax, members.amount
    (Decimal('150'), Decimal('25'), Decimal('13'), Decimal('112'))
    >>> others.amount, whole.amount
    (Decimal('157'), Decimal('269'))
    """
    own = Part(turnover, cost, Decimal(0), Decimal(0))
    common = _round(Fraction(whole.common) * _bearing(own, whole, key, percent), unit)
    own = Part(turnover, cost, common, Decimal(0))
    tax = _round(Fraction(whole.tax) * _portion(own.before_tax, whole.before_tax), unit)
    own = Part(turnover, cost, common, tax)
    return own, whole.less(own)


def _bearing(own, whole, key, percent):
    """The members' part of the common costs, from 0 to 1."""
    if key not in KEYS:
        raise ValueError(f"{key!r} is no key of common costs. Give one of: {', '.join(KEYS)}.")
    if key == "fixed":
        return _portion(percent, Decimal(100))
    return _portion(getattr(own, key), getattr(whole, key))


def _portion(part, whole):
    """``part`` of ``whole`` as a Fraction from 0 to 1."""
    if whole <= 0:
        return Fraction(0)
    return min(max(Fraction(Fraction(part), Fraction(whole)), Fraction(0)), Fraction(1))


def _round(amount, unit):
    units = Fraction(abs(amount), Fraction(unit)) + Fraction(1, 2)
    rounded = EXACT.multiply(Decimal(units.numerator // units.denominator), unit)
    return EXACT.minus(rounded) if amount < 0 else rounded
