"""Exact numbers: decimal text in, decimal text out, and never a float in between.

``Decimal`` operators round to the precision of the thread's context, silently; so every operation
on decimals goes through ``EXACT``, which raises instead of rounding.
"""

import re
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from math import lcm

#: Digits a number may have on either side of the decimal point; no co-op's books come near.
MAX_DIGITS = 60
#: Wide enough for a product of several such numbers; an operation that does not fit is an error.
EXACT = Context(prec=10 * MAX_DIGITS, traps=[DivisionByZero, Inexact, InvalidOperation, Overflow])

EXACT_TYPES = frozenset({int, Decimal, Fraction})
DECIMAL_TEXT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def exact(value):
    """The int, Decimal or Fraction ``value`` as a finite Decimal of bounded length.

    Raises TypeError for anything else, a float above all; ValueError for an infinite, unbounded or
    non-terminating number (a third has no decimal form).
    """
    if type(value) not in EXACT_TYPES:
        raise TypeError(f"{value!r} is not an exact number. Give a Decimal, an int or a Fraction.")
    if type(value) is Fraction:
        return exact(_terminating(value))
    value = Decimal(value)
    if not value.is_finite():
        raise ValueError(f"{value} is not a number. Give a finite amount.")
    in_bounds = -MAX_DIGITS <= value.adjusted() < MAX_DIGITS
    if not in_bounds or len(str(value)) > MAX_DIGITS + len("-."):
        raise ValueError(f"{value:.6e} has too many digits. At most {MAX_DIGITS} are read.")
    return value


def _terminating(value):
    try:
        return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    except Inexact:
        raise ValueError(f"{value} has no exact decimal form. Round it by a rule first.") from None


def parse(text):
    """The Decimal that a plain decimal string such as ``"-1000.50"`` writes.

    Numbers arrive as strings because a JSON number may already be a float. Exponents, spaces, digit
    separators, ``NaN`` and leading zeros are refused with ValueError.
    """
    if not isinstance(text, str) or not DECIMAL_TEXT.fullmatch(text):
        raise ValueError(f'{text!r} is not a plain decimal string such as "1000" or "0.5".')
    return exact(Decimal(text))


def plain(value):
    """The shortest plain decimal of ``value``: no exponent, no trailing zero (``0.5``, ``-20``)."""
    return written(exact(value))


def written(value):
    """As ``plain``, for a Decimal that is known to be exact: a million are written in a second."""
    text = format(value, "f") if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value):
    """``plain`` for a canonical record, which has no sign: ValueError below zero."""
    text = plain(value)
    if text.startswith("-"):
        raise ValueError(f"{text} is below zero. A canonical number has no sign.")
    return text


def total(values):
    """The exact sum of Decimals."""
    result = Decimal(0)
    for value in values:
        result = EXACT.add(result, value)
    return result


def scaled(values):
    """The numbers times their least common denominator, as a list of integers in the same order.

    Proportions survive, and integers are several times faster than fractions.
    """
    values = list(values)
    if not EXACT_TYPES.issuperset(map(type, values)):
        raise TypeError("Weights are exact numbers: give ints, Decimals or Fractions.")
    ratios = [value.as_integer_ratio() for value in values]
    common = lcm(*{denominator for _numerator, denominator in ratios})
    return [numerator * (common // denominator) for numerator, denominator in ratios]
