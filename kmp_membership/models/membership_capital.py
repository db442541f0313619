from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .share_type import SAVINGS_KINDS


class Membership(models.Model):
    """What a member has paid in, read from the ledger, and what is still missing for the membership to begin."""

    _inherit = "kmp.membership"

    paid_in_capital = fields.Monetary(
        "Paid-in Capital",
        compute="_compute_capital",
        help="Posted journal items on the share accounts up to today.",
    )
    savings = fields.Monetary(
        "Member Savings", compute="_compute_capital", help="Posted journal items on the savings accounts."
    )

    holding_ids = fields.One2many("kmp.share.holding", "membership_id", "Holdings", readonly=True)

    def _compute_capital(self):
        """Query budget: one for all records of the page."""
        totals = self._get_paid_in_totals(fields.Date.context_today(self))
        for membership in self:
            capital, savings = totals.get(
                (membership.company_id.id, membership.partner_id.id), (Decimal(), Decimal())
            )
            membership.paid_in_capital = float(capital)
            membership.savings = float(savings)

    def action_open_statement(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_ledger_action")
        return action | {
            "display_name": self.env._("Statement of %s", self.display_name),
            "domain": [("membership_id", "=", self.id)],
            "context": {},
        }

    def action_new_deposit(self):
        self.ensure_one()
        self.env["kmp.share.operation"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_operation_action")
        return action | {
            "views": [(False, "form")],
            "context": {"default_membership_id": self.id, "default_company_id": self.company_id.id},
        }

    def _check_entry_paid(self, stakeholder_class, day):
        for share_type, missing in self._get_entry_dues(stakeholder_class, day).items():
            raise UserError(
                self.env._(
                    "Member %(name)s: %(missing)s of %(share_type)s is still to be paid before the membership begins.",
                    name=self.display_name,
                    missing=share_type._format(missing),
                    share_type=share_type.name,
                )
            )

    def _get_entry_dues(self, stakeholder_class, day):
        """What is still missing of the amounts that the class owes once, on entry: {share type: Decimal}."""
        self.ensure_one()
        terms = self.env["kmp.share.term"]._get_terms(stakeholder_class, day)[stakeholder_class]
        due = {
            share_type: Decimal(str(term.amount))
            for share_type, term in terms.items()
            if term.frequency == "once" and term.amount
        }
        held = self.env["kmp.share.type"].union(*due)._get_holdings(day, self.partner_id) if due else {}
        missing = {
            share_type: amount - held.get((self.partner_id.id, share_type.id), Decimal())
            for share_type, amount in due.items()
        }
        return {share_type: amount for share_type, amount in missing.items() if amount > 0}

    def _get_paid_in_totals(self, date_to):
        """Paid-in capital and savings of these memberships at the end of a day, from posted journal items.

        :return: {(company id, partner id): (capital, savings)}, exact
        Query budget: one.
        """
        if not self:
            return {}
        lines = self.env["account.move.line"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT aml.company_id, aml.partner_id,
                       (-SUM(%(balance)s) FILTER (WHERE t.kind <> ALL(%(savings)s)))::text,
                       (-SUM(%(balance)s) FILTER (WHERE t.kind = ANY(%(savings)s)))::text
                  FROM account_move_line aml
                  JOIN kmp_share_type t ON t.account_id = %(account)s AND t.company_id = %(company)s
                 WHERE %(partner)s = ANY(%(partner_ids)s) AND %(company)s = ANY(%(company_ids)s)
                   AND %(state)s = 'posted' AND %(date)s <= %(date_to)s
                 GROUP BY aml.company_id, aml.partner_id
                """,
                balance=lines._field_to_sql("aml", "balance"),
                account=lines._field_to_sql("aml", "account_id"),
                company=lines._field_to_sql("aml", "company_id"),
                partner=lines._field_to_sql("aml", "partner_id"),
                state=lines._field_to_sql("aml", "parent_state"),
                date=lines._field_to_sql("aml", "date"),
                savings=list(SAVINGS_KINDS),
                partner_ids=self.partner_id.ids,
                company_ids=self.company_id.ids,
                date_to=date_to,
            )
        )
        return {
            (company_id, partner_id): (Decimal(capital or 0), Decimal(savings or 0))
            for company_id, partner_id, capital, savings in rows
        }
