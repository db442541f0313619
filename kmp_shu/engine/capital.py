"""The base of the return on share capital (jasa modal), from an opening balance and dated moves.

Every base takes ``(opening, moves, start, end)``: the balance before ``start``, the moves of the
period as ``(date, amount)`` pairs, and the first and last day of the period. Amounts are currency.
A negative result counts as zero: who owes capital has none to be paid for.
"""

from decimal import Decimal

from .exact import EXACT, exact, total


def closing(opening, moves, start, end):
    """The balance at the end of the last day, in currency."""
    return _zero_or_more(_closing(opening, moves, start, end))


def average(opening, moves, start, end):
    """Half the sum of the opening and the closing balance, in currency."""
    both = EXACT.add(exact(opening), _closing(opening, moves, start, end))
    return _zero_or_more(EXACT.divide(both, Decimal(2)))


def day_weighted(opening, moves, start, end):
    """Currency times days held. The day of a move and the last day count; opening counts them all.

    >>> from datetime import date
    >>> day_weighted(0, [(date(2025, 12, 30), 500)], date(2025, 1, 1), date(2025, 12, 31))
    Decimal('1000')
    """
    held = [(exact(opening), _days(start, end))]
    held += [(exact(amount), _days(day, end)) for day, amount in _inside(moves, start, end)]
    return _zero_or_more(total(EXACT.multiply(amount, days) for amount, days in held))


BASES = {"closing": closing, "average": average, "day_weighted": day_weighted}


def _closing(opening, moves, start, end):
    return total([exact(opening), *(exact(amount) for _, amount in _inside(moves, start, end))])


def _inside(moves, start, end):
    for day, amount in moves:
        if not start <= day <= end:
            raise ValueError(
                f"The capital move of {day} is outside {start} to {end}. "
                "Earlier moves belong in the opening balance; leave later ones out."
            )
        yield day, amount


def _days(first, last):
    return Decimal((last - first).days + 1)


def _zero_or_more(amount):
    return max(amount, Decimal(0))
