"""Floors and caps: the lines of a node share it by percent, none below its floor or above its cap.

A line that breaks its bound is frozen there and the others share what is left, until none breaks
one: the way in which browsers resolve flexible lengths (CSS Flexible Box Layout, section 9.7).
Where caps ask for more to be moved than floors do, the caps freeze first, else the floors: then no
frozen line ever has to be thawed. Every round freezes a line, so there are no more rounds than
lines. A floor beats a cap where no whole unit lies between the two.

A cap that names where its excess goes is applied afterwards, in line order: nothing has to be
shared again for it.
"""

from fractions import Fraction

from .allocation import allocate


class FloorError(ValueError):
    """The floors of a node ask for more units (``wanted``) than there are."""

    def __init__(self, wanted):
        self.wanted = wanted
        super().__init__(f"The floors ask for {wanted} units.")


def divide(units, lines, whole, weights, method):
    """Share ``units`` among the ``lines`` of a node; return ``(units by line code, residual)``.

    ``whole`` is what floors and caps by surplus are percentages of, and ``weights`` the total
    weight by code of the pools that a cap has to know, both in rounding units (Fraction or int).
    Raises FloorError where the floors ask for more than there is.
    """
    floors = {line.code: -_percent(-line.floor, whole) for line in lines if line.floor}
    caps = {
        line.code: max(_cap(line, whole, weights), floors.get(line.code, 0))
        for line in lines
        if line.cap and not line.cap.excess
    }
    if sum(floors.values()) > units:
        raise FloorError(sum(floors.values()))
    shares, residual = _freeze(units, lines, floors, caps, method)
    _move_excess(shares, lines, whole, weights, floors)
    return shares, residual


def _freeze(units, lines, floors, caps, method):
    frozen = {}
    while True:
        free = {line.code: line.percent for line in lines if line.code not in frozen}
        shares, residual = _share(units - sum(frozen.values()), free, method)
        above = {code: caps[code] for code in caps if shares.get(code, 0) > caps[code]}
        below = {code: floors[code] for code in floors if code in shares and shares[code] < floors[code]}
        if not above and not below:
            return {line.code: (frozen | shares)[line.code] for line in lines}, residual
        excess = sum(shares[code] - cap for code, cap in above.items())
        shortage = sum(wanted - shares[code] for code, wanted in below.items())
        frozen |= above if excess >= shortage else below


def _share(units, percents, method):
    """As ``allocate``; where nobody has a percent (all are frozen) everything is left over."""
    if any(percents.values()):
        return allocate(units, percents, method)
    return dict.fromkeys(percents, 0), units


def _move_excess(shares, lines, whole, weights, floors):
    """Move what is above a cap to the line that it names."""
    for line in lines:
        if line.cap and line.cap.excess:
            most = max(_cap(line, whole, weights, shares), floors.get(line.code, 0))
            excess = max(shares[line.code] - most, 0)
            shares[line.code] -= excess
            shares[line.cap.excess] += excess


def _cap(line, whole, weights, shares=()):
    """The most whole units of a line: the exact amount cut off at the unit."""
    cap = line.cap
    if cap.measure == "rate":
        hoped = Fraction(cap.value) * shares[cap.reference] * weights[line.code]
        return hoped // weights[cap.reference] if weights[cap.reference] else 0
    base = {"surplus": whole, "weight": weights.get(line.code, 0), "condition": 0}[cap.measure]
    return _percent(cap.value, base)


def _percent(percent, whole):
    """Whole units of a percentage, rounded down: to the next one above where it is negative."""
    return Fraction(percent) * whole // 100
