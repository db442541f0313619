"""Surplus to lines, lines to classes, classes to members: exactly, and every node in balance.

All arithmetic is on integers of the rounding unit. A node's children and its residual sum to the
node, or the engine stops.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .allocation import allocate
from .errors import DistributionError
from .exact import EXACT, plain, total
from .inputs import validate_weights
from .nodes import share_nodes
from .scheme import ROOT
from .scheme_rules import validate_reserve, validate_scheme
from .tax import withheld


@dataclass(frozen=True)
class Distribution:
    """Who gets what, in currency.

    ``pools``: amount per line code, groups included, residuals not.
    ``class_pools``: amount per class code, for each line that is split by class.
    ``parts``: per ``(line code, class code)`` the amount per member number; the class code is empty
    where the pool is not split.
    ``members``: the same per member number and line code, and their sum under ``total``. A member
    without a weight is absent, and so is a line in which the member has none.
    ``taxes``: what is withheld of the total, by member number, where anything is.
    ``residuals``: what each node could not divide, under ``(line code, class code)``; the surplus
    is ``("surplus", "")`` and holds what is smaller than the unit, a node above the classes has the
    class code ``""``.
    ``residual_total``: their sum, which goes to ``residual_line``, the first reserve line, on top
    of its amount in ``pools``.
    """

    pools: dict
    class_pools: dict
    parts: dict
    taxes: dict
    residuals: dict
    residual_total: Decimal
    residual_line: str | None

    @cached_property
    def members(self):
        """Made when it is asked for: a million statements weigh more than all the rest."""
        members = {}
        for (line, _class_code), amounts in self.parts.items():
            for number, amount in amounts.items():
                shares = members.setdefault(number, {})
                shares[line] = EXACT.add(shares[line], amount) if line in shares else amount
        for shares in members.values():
            shares["total"] = total(shares.values())
        return {number: members[number] for number in sorted(members)}

    def net(self, number):
        """What is paid to a member: the total less the tax."""
        return EXACT.subtract(self.members[number]["total"], self.taxes.get(number, Decimal(0)))


def distribute(inputs):
    """Share the surplus by the scheme (UU 25/1992 art. 45: in proportion to member business).

    Raises DistributionError for a wrong scheme, then for a surplus below zero, then for residuals
    without a reserve and weights without a pool, then for floors that are too high, then for an
    amount that nobody has a weight in.
    """
    scheme = inputs.scheme
    _refuse(validate_scheme(scheme))
    _refuse(_surplus_errors(inputs))
    _refuse(validate_reserve(scheme, inputs.amounts.values()) + validate_weights(inputs))
    run = _Run(inputs, share_nodes(scheme, inputs.amounts, inputs.total_weights()))
    pools = [(line, inputs.members(line)) for line in scheme.pools]
    _refuse([error for line, members in pools for error in run.unclaimed(line, members)])
    for line, members in pools:
        run.share_members(line, members)
    return run.result()


class _Run:
    """One distribution under way, in whole units; nodes are ``(line code, class code)``."""

    def __init__(self, inputs, nodes):
        self.inputs = inputs
        self.scheme = inputs.scheme
        self.units = nodes.units
        self.residuals = nodes.residuals
        self.below_unit = nodes.below_unit
        self.parts = {}

    def unclaimed(self, line, members):
        """A message for every pool or class pool that has an amount but no member with a weight."""
        return [
            self._unclaimed_error(line, code)
            for code, weights in members.items()
            if self.units[line.code, code] and not weights
        ]

    def _unclaimed_error(self, line, code):
        node = f"Pool {line.code}, class {code}" if code else f"Pool {line.code}"
        what = f"business ({line.basis})" if line.basis else f"capital ({line.capital_base})"
        amount = plain(self._money(self.units[line.code, code]))
        return (
            f"{node}: {amount} {self.inputs.currency} to share, but nobody has a weight in it. "
            f"Enter the members' {what} from {self.inputs.start} to {self.inputs.end}, "
            "or take the percent away."
        )

    def share_members(self, line, members):
        """Divide the pool or its class pools; a member of two classes in the period has both."""
        for code, weights in members.items():
            self.parts[line.code, code] = self._divide((line.code, code), weights)

    def _divide(self, node, weights):
        units = self.units[node]
        shares, residual = allocate(units, weights, self.scheme.method)
        if sum(shares.values()) + residual != units:
            raise AssertionError(f"{node} has {units} units; its parts do not sum to it.")
        self.residuals[node] = residual
        return shares

    def result(self):
        """The amounts in currency, after a last look at the whole: nothing made, nothing lost."""
        residuals = {node: self._money(units) for node, units in self.residuals.items()}
        residuals[ROOT, ""] = EXACT.add(residuals.get((ROOT, ""), Decimal(0)), self.below_unit)
        residual_units = sum(self.residuals.values())
        self._check_whole(residual_units)
        taxes = withheld(self.scheme, self.parts)
        return Distribution(
            pools={line.code: self._money(self.units[line.code, ""]) for line in self.scheme.lines},
            class_pools={line.code: self._class_pools(line) for line in self.scheme.pools if line.classes},
            parts={node: self._in_currency(shares) for node, shares in self.parts.items()},
            taxes=self._in_currency(taxes),
            residuals=residuals,
            residual_total=EXACT.add(self._money(residual_units), self.below_unit),
            residual_line=self.scheme.reserve.code if self.scheme.reserve else None,
        )

    def _in_currency(self, shares):
        """Units become currency in place: a second million of numbers would cost as much again."""
        multiply, unit = EXACT.multiply, self.scheme.unit
        for number, units in shares.items():
            shares[number] = multiply(units, unit)
        return shares

    def _class_pools(self, line):
        return {code: self._money(self.units[line.code, code]) for code in sorted(line.classes)}

    def _check_whole(self, residual_units):
        kept = sum(
            self.units[line.code, ""] for line in self.scheme.lines if line.kind in ("reserve", "fund")
        )
        paid = sum(sum(shares.values()) for shares in self.parts.values())
        if kept + paid + residual_units != sum(self.units[root, ""] for root in self.scheme.roots):
            raise AssertionError("The lines, members and residuals do not sum to the surplus.")

    def _money(self, units):
        return EXACT.multiply(Decimal(units), self.scheme.unit)


def _refuse(errors):
    if errors:
        raise DistributionError(errors)


def _surplus_errors(inputs):
    if inputs.surplus < 0:
        return [
            f"The surplus is negative ({plain(inputs.surplus)}). A loss is not shared: charge it to the "
            "reserve or carry it forward, as the meeting resolves."
        ]
    return [
        f"The {part} part of the surplus is negative ({plain(amount)}). A loss is not shared: take a "
        "scheme that divides the whole surplus, as the meeting resolves."
        for part, amount in inputs.amounts.items()
        if amount < 0
    ]
