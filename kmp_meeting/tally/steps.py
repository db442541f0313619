"""How the weight of each class came about, from the record of a vote: for readers, who can follow it with a pencil."""

from fractions import Fraction
from typing import NamedTuple

from .record import rule_from
from .weights import WHOLE, common_factor


class WeightStep(NamedTuple):
    """One of three: ``raw / whole`` where no floor or cap binds, ``raw * factor`` where one of another class does (``whole`` is None
    then), or the own ``bound`` (``floor`` or ``cap``)."""

    raw: Fraction
    whole: Fraction | None
    factor: Fraction
    bound: str


def weight_steps(record):
    """{class code: WeightStep} of the classes that count in a vote.

    :param record: from ``record_motion`` or ``record_election``
    """
    lines = [
        line
        for line in record["outcome"]["classes"]
        if line.get("counts", line["counted"]) and Fraction(line["raw"])
    ]
    raw = {line["code"]: Fraction(line["raw"]) for line in lines}
    weights = {line["code"]: Fraction(line["weight"]) for line in lines}
    whole = sum(raw.values())
    if all(weights[code] == raw[code] / whole for code in raw):
        return {code: WeightStep(raw[code], whole, 1 / whole, "") for code in raw}
    bounds = rule_from(record["rule"]).bounds()
    factor = common_factor(raw, bounds)
    return {
        code: WeightStep(raw[code], None, factor, _bound(raw[code] * factor, *bounds.get(code, WHOLE)))
        for code in raw
    }


def _bound(value, floor, cap):
    return "floor" if value <= floor else "cap" if value >= cap else ""
