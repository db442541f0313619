"""Sharing whole units by weight. Every way of rounding has a name.

The exact share of a key is ``units x weight / sum of weights``. Both methods give its whole part;
they differ in what becomes of the units that are left over. No method gives a key more than the
next whole unit above its exact share, or less than the one below (the quota rule).

>>> allocate(100, {"a": 1, "b": 1, "c": 1}, "largest_remainder")
({'a': 34, 'b': 33, 'c': 33}, 0)
>>> allocate(100, {"a": 1, "b": 1, "c": 1}, "truncate")
({'a': 33, 'b': 33, 'c': 33}, 1)
"""

from .exact import scaled


def largest_remainder(units, weights):
    """Share all ``units``: one more unit each to the largest fractions that were cut off.

    ``units`` is a whole number of rounding units, ``weights`` a mapping of key to int, Decimal or
    Fraction. Keys with equal fractions are served in the order of the mapping. Returns a dict of
    key to units, which sum to ``units``. Known as the method of Hamilton, or Hare-Niemeyer.
    """
    whole, remainders = _divide(units, weights)
    left = units - sum(whole)
    # sorted() keeps the order of equal elements, also in reverse: that is the tie-break.
    ranking = sorted(range(len(whole)), key=remainders.__getitem__, reverse=True)
    for index in ranking[:left]:
        whole[index] += 1
    return dict(zip(weights, whole, strict=True))


def truncate(units, weights):
    """Share the whole part only; what is cut off stays undivided. Arguments as above."""
    whole, _remainders = _divide(units, weights)
    return dict(zip(weights, whole, strict=True))


METHODS = {"largest_remainder": largest_remainder, "truncate": truncate}


def allocate(units, weights, method):
    """Return ``(amounts, residual)`` by the named method; the amounts plus the residual are units.

    Raises ValueError for an unknown method, for units or a weight below zero, and for units that
    nobody has a weight in.
    """
    if method not in METHODS:
        raise ValueError(f"Unknown rounding method {method!r}. Use {' or '.join(METHODS)}.")
    amounts = METHODS[method](units, weights)
    residual = units - sum(amounts.values())
    if residual < 0 or (residual and method == "largest_remainder"):
        raise AssertionError(f"{method} left {residual} of {units} units.")
    return amounts, residual


def _divide(units, weights):
    """Whole parts and remainders of the exact shares, in the order of the mapping.

    The remainders are numerators over one denominator, the sum of weights: they compare as such.
    """
    if type(units) is not int or units < 0:
        raise ValueError(f"{units!r} is not a whole number of units, zero or more.")
    integers = scaled(weights.values())
    if any(weight < 0 for weight in integers):
        raise ValueError("A weight below zero cannot share. Count it as zero first.")
    divisor = sum(integers)
    if divisor == 0 and units > 0:
        raise ValueError(f"Nobody has a weight, so {units} units cannot be shared.")
    pairs = [divmod(units * weight, divisor or 1) for weight in integers]
    return [whole for whole, _rest in pairs], [rest for _whole, rest in pairs]
