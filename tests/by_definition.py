"""The shares of a year by the definition: a second computation, with fractions and recursion, that has nothing in common with the
engine's."""

import math
from collections import Counter
from fractions import Fraction


def as_fractions(weights):
    return {key: Fraction(weight) for key, weight in weights.items()}


def by_fractions(units, weights, method):
    """Shares by exact fractions; a unit at a time to whoever lacks most, the first among equals."""
    whole = sum(map(Fraction, weights.values()))
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {key: units * Fraction(weight) / whole for key, weight in weights.items()}
    got = {key: int(share) for key, share in exact.items()}
    while method == "largest_remainder" and sum(got.values()) < units:
        got[max(exact, key=lambda key: exact[key] - got[key])] += 1
    return got


def total_weight(inputs, code):
    line = next(line for line in inputs.scheme.lines if line.code == code)
    weights = [w for members in inputs.weights.get(code, {}).values() for w in members.values()]
    days = (inputs.end - inputs.start).days + 1 if line.capital_base == "day_weighted" else 1
    return sum(map(Fraction, weights)) / days


def most(inputs, line, whole, got):
    """The cap of a line in exact units, given what the others got."""
    cap, unit = line.cap, Fraction(inputs.scheme.unit)
    if cap.measure == "rate":
        reference = total_weight(inputs, cap.reference)
        rate = got[cap.reference] / reference if reference else 0
        return Fraction(cap.value) * rate * total_weight(inputs, line.code)
    base = {"surplus": whole, "condition": 0}.get(cap.measure)
    if base is None:
        base = total_weight(inputs, line.code) / unit
    return Fraction(cap.value) / 100 * base


def by_bounds(inputs, lines, units, whole):
    """Units of the lines of a node: those that break a bound are held there, the rest shared again."""
    held = {}
    while True:
        free = [line for line in lines if line.code not in held]
        left = units - sum(held.values())
        got = by_fractions(left, {line.code: line.percent for line in free}, inputs.scheme.method)
        least = {line.code: math.ceil(Fraction(line.floor) / 100 * whole) for line in free}
        most_of = {
            line.code: math.floor(most(inputs, line, whole, got))
            for line in free
            if line.cap and not line.cap.excess
        }
        over = {code: got[code] - limit for code, limit in most_of.items() if got[code] > limit}
        under = {code: limit - got[code] for code, limit in least.items() if got[code] < limit}
        if not over and not under:
            break
        if sum(over.values()) < sum(under.values()):
            held |= {code: least[code] for code in under}
        else:
            held |= {code: most_of[code] for code in over}
    got |= held
    for line in lines:
        if line.cap and line.cap.excess:
            excess = max(got[line.code] - math.floor(most(inputs, line, whole, got)), 0)
            got[line.code] -= excess
            got[line.cap.excess] += excess
    return {line.code: got[line.code] for line in lines}


def recomputed(inputs):
    """Units per node and per member and line, recursively, from the definition."""
    scheme, nodes, members = inputs.scheme, {}, Counter()

    def share(line, units, whole):
        nodes[line.code] = units
        if line.kind == "group":
            share_under(line.code, units, whole)
        elif line.kind in ("capital", "patronage"):
            classes = by_fractions(units, dict(sorted(line.classes.items())), scheme.method)
            for code, part in (classes or {"": units}).items():
                weights = inputs.weights[line.code].get(code, {})
                ordered = dict(sorted(weights.items()))
                for number, got in by_fractions(part, ordered, scheme.method).items():
                    members[number, line.code] += got

    def share_under(parent, units, whole):
        children = {line.code: line for line in scheme.lines if line.of == parent}
        for code, part in by_bounds(inputs, list(children.values()), units, whole).items():
            share(children[code], part, whole)

    amounts = inputs.parts or {"surplus": inputs.surplus}
    for root, amount in amounts.items():
        whole = Fraction(amount) / Fraction(scheme.unit)
        share_under(root, int(whole), whole)
    return nodes, members


def root_amount(inputs, line):
    amounts = inputs.parts or {"surplus": inputs.surplus}
    parents = {each.code: each.of for each in inputs.scheme.lines}
    code = line.of
    while code not in amounts:
        code = parents[code]
    return amounts[code]
