from datetime import date, timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import groupby

from ..periods import FOREVER, Period, list_periods

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
LONG_AGO = date.min


class Charge(NamedTuple):
    """One period of a term, for members who joined between two days."""

    term_id: int
    period: Period
    joined_from: date
    joined_to: date


class ShareTerm(models.Model):
    """How what a class owes is billed.

    Periods are calendar months, quarters and years. A period is billed by the term that holds on its first day; where there was
    none yet, by the first term that begins in it. What is due once is billed by the term of the day of joining, to those who have
    not paid it in; who joined before the first term is billed by that one.
    """

    _inherit = "kmp.share.term"

    due_days = fields.Integer(
        "Days to Pay", default=14, help="Days between the billing date and the due date."
    )
    proration = fields.Selection(
        [("full", "Whole Amount"), ("days", "By Days"), ("none", "Nothing")],
        "Period of Joining",
        required=True,
        default="full",
        help="What a member pays for the period in which the membership begins.",
    )
    rounding = fields.Float(
        "Round To", default=1.0, digits=(16, 2), help="Amounts by days are rounded to this unit, half up."
    )
    bills_suspended = fields.Boolean("Bill Suspended Members")

    _positive_rounding = models.Constraint(
        "CHECK (rounding > 0)", "Amounts are rounded to a unit above zero."
    )
    _days_not_negative = models.Constraint("CHECK (due_days >= 0)", "The days to pay are not below zero.")

    def _is_used(self):
        # sudo: whether a term is used does not depend on who asks
        lines = self.env["kmp.contribution.line"].sudo()
        return super()._is_used() or bool(lines.search([("term_id", "=", self.id)], limit=1))

    def _list_charges(self, date_from, date_to):
        """What these terms call for the days ``date_from`` to ``date_to``.

        :return: list of ``Charge``
        """
        charges = []
        terms = self.sorted(lambda term: (term.class_id.id, term.share_type_id.id, term.date_from))
        for _key, chain in groupby(terms, lambda term: (term.class_id, term.share_type_id)):
            ends = [term.date_from - timedelta(days=1) for term in chain[1:]] + [FOREVER]
            for term, end in zip(chain, ends, strict=True):
                begin = LONG_AGO if term == chain[0] else term.date_from
                charges += term._list_own_charges(begin, end, date_from, date_to)
        return charges

    def _list_own_charges(self, begin, end, date_from, date_to):
        """What this term calls while it holds, from ``begin`` (long ago for the first one) to ``end``."""
        self.ensure_one()
        if not self.amount or self.date_from > date_to:
            return []
        if self.frequency == "once":
            return [Charge(self.id, Period(self.date_from, FOREVER), begin, end)]
        if self.frequency not in MONTHS:
            return []
        periods = list_periods(MONTHS[self.frequency], date_from, date_to)
        return [
            Charge(self.id, period, LONG_AGO, FOREVER)
            for period in periods
            if begin <= period.date_from <= end and period.date_to >= self.date_from
        ]
