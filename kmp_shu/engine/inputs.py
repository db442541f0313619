"""What one distribution depends on, and nothing else: the run's inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .exact import exact, total
from .scheme import FORBIDDEN, PARTS, ROOT, Scheme, code_errors


@dataclass(frozen=True)
class Inputs:
    """The surplus of a period, its scheme, and the weight of every member in every pool.

    ``surplus`` is currency, or a mapping of its parts, ``member`` and ``non_member``: they are kept
    as ``parts`` where the scheme divides them; elsewhere only their total counts.
    ``weights`` maps line code to class code to member number to weight;
    the class code is empty where the pool is not split by class. A weight is what the line's base
    measures: currency, currency x days, quantity. Zero weights are dropped, so that equal inputs
    compare equal. Raises TypeError or ValueError for what is no date, number or code.
    """

    currency: str
    start: date
    end: date
    surplus: Decimal
    scheme: Scheme
    weights: dict
    parts: dict = field(init=False)

    def __post_init__(self):
        _refuse(code_errors(self.currency, "Currency"))
        _check_period(self.start, self.end)
        parts = _parts(self.surplus, self.scheme.roots)
        object.__setattr__(self, "parts", parts if self.scheme.roots == PARTS else {})
        object.__setattr__(self, "surplus", exact(total(parts.values()) if parts else self.surplus))
        object.__setattr__(self, "weights", _without_zeros(self.weights))

    @property
    def amounts(self):
        """Currency by root: the surplus, or its parts where they are kept."""
        return self.parts or {ROOT: self.surplus}

    def total_weights(self):
        """The total weight of each pool that a cap has to know, by line code."""
        days = (self.end - self.start).days + 1
        return {line.code: undated(line, self._sum_of_weights(line), days) for line in self.scheme.weighed}

    def _sum_of_weights(self, line):
        return total(total(members.values()) for members in self.weights.get(line.code, {}).values())

    def members(self, line):
        """``{number: weight}`` per class code of a pool; both in code-point order."""
        weights = self.weights.get(line.code, {})
        return {
            code: {number: weights[code][number] for number in sorted(weights.get(code, ()))}
            for code in sorted(line.classes or [""])
        }


def undated(line, weight, days):
    """A total weight as a Fraction of currency or quantity, to be compared with amounts.

    A day-weighted one is currency x days: divided by the days of the period it is the capital that
    was held on average.
    """
    return Fraction(Fraction(weight), days if line.capital_base == "day_weighted" else 1)


def validate_weights(inputs):
    """Weights stand at a pool of the scheme, under a class of its split; a list of messages."""
    pools = {line.code: line for line in inputs.scheme.pools}
    errors = []
    for code, classes in inputs.weights.items():
        if code not in pools:
            errors.append(f"Weights are given for {code}, which is not a pool. Leave them out.")
            continue
        known = pools[code].classes or {"": None}
        errors += [
            f"Pool {code}: weights are given for class {name!r}, which has no part in it. "
            "Leave them out, or give the class a percent in the split."
            for name in classes
            if name not in known
        ]
    return errors


def _refuse(errors):
    if errors:
        raise ValueError("\n".join(errors))


def _check_period(start, end):
    """A datetime is a date in Python, but has no place in a period."""
    if type(start) is not date or type(end) is not date or start > end:
        raise ValueError(f"The period {start} to {end} is not one: give its first and last day.")


def _parts(surplus, roots):
    """The parts as Decimals, one that is not given as zero; empty where only the whole is known."""
    if not isinstance(surplus, Mapping):
        if roots == PARTS:
            raise ValueError("The scheme divides the parts of the surplus: give member and non_member.")
        return {}
    if not surplus or not set(PARTS).issuperset(surplus):
        raise ValueError(f"The surplus has the parts {list(surplus)}. Use member and non_member.")
    return {part: exact(surplus.get(part, 0)) for part in PARTS}


def _without_zeros(weights):
    """A copy without zero weights, and without what is empty then."""
    kept = {}
    for line, classes in weights.items():
        members = {code: _above_zero(line, given) for code, given in classes.items()}
        kept[line] = {code: given for code, given in members.items() if given}
    return {line: classes for line, classes in kept.items() if classes}


def _above_zero(line, weights):
    """The members with a weight, after a check of every number and weight."""
    _refuse(_number_errors(line, weights))
    exacts = {number: exact(weight) for number, weight in weights.items()}
    if any(weight < 0 for weight in exacts.values()):
        number = next(number for number, weight in exacts.items() if weight < 0)
        raise ValueError(f"Pool {line}: the weight of {number} is below zero. Count it as zero.")
    return {number: weight for number, weight in exacts.items() if weight}


def _number_errors(line, numbers):
    """All numbers are searched at once, because a million searches would be slow."""
    plausible = "" not in numbers and all(type(number) is str for number in numbers)
    if plausible and not FORBIDDEN.search("".join(numbers)):
        return []
    return [error for number in numbers for error in code_errors(number, f"Pool {line}: member number")]
