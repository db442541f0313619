"""The weight of each class in the plenary, between a floor and a cap."""

from fractions import Fraction

WHOLE = (Fraction(0), Fraction(1))


def weigh(raw, bounds):
    """Weights in proportion to ``raw``, each within its bounds, that sum to 1.

    :param raw: {class code: a number, zero or more}; a class with zero has no weight whatever its floor
    :param bounds: {class code: (floor, cap)} as shares of the whole; a class that is missing has no bounds
    :return: {class code: Fraction}. Where the caps together do not reach the whole, the rest belongs to nobody.

    One common factor multiplies all classes, and each result is then brought within its bounds; the factor is the one
    that makes the sum 1. So when a class drops out, no other class loses weight.

    >>> weigh({"A": 6, "B": 4}, {"A": (Fraction(0), Fraction(1, 3))})
    {'A': Fraction(1, 3), 'B': Fraction(2, 3)}
    """
    raw = {code: Fraction(value) for code, value in raw.items()}
    factor = common_factor(raw, bounds)
    return {code: _within(value, factor, bounds.get(code, WHOLE)) for code, value in raw.items()}


def _within(value, factor, bounds):
    floor, cap = bounds
    return min(max(value * factor, floor), cap) if value else Fraction(0)


def common_factor(raw, bounds):
    """What multiplies every class before it is brought within its bounds; see ``weigh``.

    Between two limits of classes the sum of all weights is a straight line in the factor: so it is found exactly.

    >>> common_factor({"A": 6, "B": 4}, {}), common_factor({"A": 6, "B": 4}, {"A": (Fraction(0), Fraction(1, 3))})
    (Fraction(1, 10), Fraction(1, 6))
    """
    raw = {code: Fraction(value) for code, value in raw.items() if value}

    def total(factor):
        return sum(_within(value, factor, bounds.get(code, WHOLE)) for code, value in raw.items())

    below = Fraction(0)
    for point in sorted({limit / raw[code] for code in raw for limit in bounds.get(code, WHOLE)}):
        if total(point) >= 1:
            low, high = total(below), total(point)
            return below + (1 - low) * (point - below) / (high - low) if high > low else below
        below = point
    return below
