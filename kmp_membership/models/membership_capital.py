from decimal import Decimal

from odoo import api, fields, models
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
    first_payment = fields.Monetary(
        "Still to Pay",
        compute="_compute_first_payment",
        help="What is still to be paid before the membership begins.",
    )
    operation_count = fields.Integer("Operations", compute="_compute_operation_count")

    def _compute_capital(self):
        """Query budget: one for all records of the page."""
        totals = self._get_paid_in_totals(fields.Date.context_today(self))
        for membership in self:
            capital, savings = totals.get(
                (membership.company_id.id, membership.partner_id.id), (Decimal(), Decimal())
            )
            membership.paid_in_capital = float(capital)
            membership.savings = float(savings)

    @api.depends("state", "applied_class_id", "partner_id")
    def _compute_first_payment(self):
        for membership in self:
            membership.first_payment = float(sum(membership._get_first_payments().values()))

    def _compute_operation_count(self):
        counts = dict(
            self.env["kmp.share.operation"]._read_group(
                [("membership_id", "in", self.ids)], ["membership_id"], ["__count"]
            )
        )
        for membership in self:
            membership.operation_count = counts.get(membership._origin, 0)

    def action_open_statement(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_ledger_action")
        return action | {
            "display_name": self.env._("Statement of %s", self.display_name),
            "domain": [("membership_id", "=", self.id)],
            "context": {},
        }

    def action_new_deposit(self):
        """A form for what the member pays in; of an applicant, what is still to be paid before the membership begins."""
        return self._open_new_operation("deposit", self._get_first_payments())

    def action_new_redemption(self):
        """A form that pays back what somebody who left still holds; one share type at a time."""
        held = {holding.share_type_id: Decimal(str(holding.balance)) for holding in self.holding_ids}
        return self._open_new_operation(
            "redemption", {share_type: amount for share_type, amount in held.items() if amount > 0}
        )

    def _open_new_operation(self, kind, amounts):
        """:param amounts: {share type: Decimal}, of which the form proposes the first"""
        self.ensure_one()
        self.env["kmp.share.operation"].check_access("create")
        context = {"default_kind": kind}
        for share_type, amount in list(amounts.items())[:1]:
            context |= {"default_share_type_id": share_type.id, "default_amount": float(amount)}
        action = self.action_open_operations()
        return action | {"views": [(False, "form")], "context": action["context"] | context}

    def action_open_operations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_operation_action")
        return action | {
            "domain": [("membership_id", "=", self.id)],
            "context": {"default_membership_id": self.id, "default_company_id": self.company_id.id},
        }

    def _get_first_payments(self):
        """What somebody who is no member yet has still to pay today: {share type: Decimal}, empty for everybody else."""
        self.ensure_one()
        if self.state not in ("applicant", "approved") or not self.applied_class_id:
            return {}
        return self._get_entry_dues(self.applied_class_id._origin, fields.Date.context_today(self))

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
        partner = self.partner_id._origin  # the records of an unsaved form have no id of their own
        held = self.env["kmp.share.type"].union(*due)._get_holdings(day, partner) if due else {}
        missing = {
            share_type: amount - held.get((partner.id, share_type.id), Decimal())
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
