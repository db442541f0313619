"""From the surplus to the lines of the scheme and their classes: all that is above the members.

A scheme has a handful of lines, whatever the number of members: so Odoo divides them here, too,
and only the members in SQL.
"""
# The engine knows no Odoo environment: kmp.shu.scheme translates the messages.
# pylint: disable=prefer-env-translation

from dataclasses import dataclass, field
from fractions import Fraction

from .allocation import allocate
from .bounds import FloorError, divide
from .errors import DistributionError
from .exact import EXACT, plain, total
from .messages import _
from .scheme import units_of


@dataclass
class Nodes:
    """Whole units by node, ``(line code, class code)``, and what each node could not divide.

    The roots are nodes, too. ``below_unit`` is the currency that is smaller than a unit of a root.
    """

    units: dict = field(default_factory=dict)
    residuals: dict = field(default_factory=dict)
    below_unit: object = None


def share_nodes(scheme, amounts, weights):
    """The Nodes of a scheme that ``validate_scheme`` has nothing against.

    ``amounts`` is the currency of each root of the scheme; ``weights`` the total weight of each of
    ``scheme.weighed`` by line code, in currency or quantity. Raises DistributionError where the
    floors of a node ask for more than it has.
    """
    return _Division(scheme, amounts, weights).run()


class _Division:
    def __init__(self, scheme, amounts, weights):
        self.scheme = scheme
        self.amounts = amounts
        self.weights = {code: self._in_units(weight) for code, weight in weights.items()}
        self.nodes = Nodes()

    def run(self):
        for root in self.scheme.roots:
            self.nodes.units[root, ""] = units_of(self.amounts[root], self.scheme.unit)[0]
        self._share_lines()
        for line in self.scheme.pools:
            self._share_classes(line)
        self.nodes.below_unit = self._below_unit()
        return self.nodes

    def _share_lines(self):
        """From the roots down. A loop, because nesting has no limit and Python's recursion has."""
        children = self.scheme.children()
        waiting = [(root, self._in_units(self.amounts[root])) for root in self.scheme.roots]
        while waiting:
            parent, whole = waiting.pop()
            lines = children[parent]
            self._keep((parent, ""), self._divide(parent, lines, whole), [(line.code, "") for line in lines])
            waiting += [(line.code, whole) for line in lines if line.kind == "group"]

    def _divide(self, parent, lines, whole):
        units = self.nodes.units[parent, ""]
        try:
            return divide(units, lines, whole, self.weights, self.scheme.method)
        except FloorError as error:
            raise DistributionError([self._floor_message(parent, units, error.wanted)]) from error

    def _floor_message(self, parent, units, wanted):
        return _(
            "%(scheme)s: the floors of the lines under %(parent)s ask for %(wanted)s, but there is only "
            "%(amount)s. Lower a floor.",
            scheme=self.scheme.label,
            parent=parent,
            wanted=plain(EXACT.multiply(wanted, self.scheme.unit)),
            amount=plain(EXACT.multiply(units, self.scheme.unit)),
        )

    def _share_classes(self, line):
        """Divide a split pool among its classes, in the order of their codes."""
        if line.classes:
            percents = {code: line.classes[code] for code in sorted(line.classes)}
            shares = allocate(self.nodes.units[line.code, ""], percents, self.scheme.method)
            self._keep((line.code, ""), shares, [(line.code, code) for code in percents])

    def _keep(self, node, outcome, parts):
        shares, residual = outcome
        if sum(shares.values()) + residual != self.nodes.units[node]:
            raise AssertionError(f"{node} has {self.nodes.units[node]} units; its parts do not sum to it.")
        self.nodes.residuals[node] = residual
        self.nodes.units.update(zip(parts, shares.values(), strict=True))

    def _in_units(self, amount):
        return Fraction(Fraction(amount), Fraction(self.scheme.unit))

    def _below_unit(self):
        units = sum(self.nodes.units[root, ""] for root in self.scheme.roots)
        return EXACT.subtract(total(self.amounts.values()), EXACT.multiply(units, self.scheme.unit))
