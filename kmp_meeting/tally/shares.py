"""Shares as by-laws write them: ``1/2``, ``2/3``, ``20%``; with ``>`` in front, more than that. Exact, never a float."""
# Nothing here knows an Odoo environment: the models translate the messages.
# pylint: disable=prefer-env-translation

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .messages import TallyError, _

RATIO = re.compile(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})", re.ASCII)
PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,9})?)\s*%", re.ASCII)


def parse_share(text):
    """The Fraction between 0 and 1 that a text writes.

    >>> parse_share("2/3"), parse_share("12.5%"), parse_share("12,5 %")
    (Fraction(2, 3), Fraction(1, 8), Fraction(1, 8))

    Raises TallyError for anything else: a bare number could mean a percent or a count.
    """
    text = (text or "").strip()
    value = None
    if match := RATIO.fullmatch(text):
        numerator, denominator = map(int, match.groups())
        value = Fraction(numerator, denominator) if denominator else None
    elif match := PERCENT.fullmatch(text):
        value = Fraction(match[1].replace(",", ".")) / 100
    if value is None or value > 1:
        raise TallyError(
            _('"%(text)s" is not a share. Write it as 2/3 or as 20%%, at most the whole.', text=text)
        )
    return value


@dataclass(frozen=True)
class Threshold:
    """A share that must be reached, or exceeded where ``is_strict``."""

    share: Fraction
    is_strict: bool = False

    @classmethod
    def parse(cls, text):
        """``>1/2`` is more than half; ``2/3``, or ``>=2/3``, at least two thirds.

        >>> Threshold.parse(">1/2").passes(Fraction(1, 2)), Threshold.parse("2/3").passes(Fraction(2, 3))
        (False, True)
        """
        text = (text or "").strip()
        is_strict = text.startswith((">", "＞")) and not text.startswith(">=")
        return cls(parse_share(text.lstrip(">≥＞= ")), is_strict)

    def passes(self, value):
        return value > self.share if self.is_strict else value >= self.share

    def needed(self, whole):
        """The smallest whole number that passes, of ``whole``.

        >>> Threshold.parse(">1/2").needed(10), Threshold.parse("1/2").needed(9), Threshold.parse("2/3").needed(0)
        (6, 5, 0)
        """
        least = self.share * whole
        rounded = -(-least.numerator // least.denominator)
        return rounded + 1 if self.is_strict and rounded == least else rounded

    def __str__(self):
        return f"{'>' if self.is_strict else '≥'} {self.share.numerator}/{self.share.denominator}"


#: In a class the side that more than half of the counted votes take has won (UU 25/1992 art. 24: else by majority).
MORE_THAN_HALF = Threshold(Fraction(1, 2), is_strict=True)


def percent_text(value, decimals=2):
    """A share for the reader, rounded half up where it does not end: the exact one stands beside it as a ratio.

    >>> percent_text(Fraction(1, 3)), percent_text(Fraction(3, 5)), percent_text(Fraction(1, 8))
    ('33.33%', '60%', '12.5%')
    """
    scaled = int(value * 100 * 10**decimals + Fraction(1, 2))
    text = format(Decimal(scaled).scaleb(-decimals), "f")
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def ratio_text(value):
    """
    >>> ratio_text(Fraction(6, 20)), ratio_text(Fraction(1))
    ('3/10', '1')
    """
    value = Fraction(value)
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
