from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from .membership import OFFICER


class Membership(models.Model):
    _inherit = "kmp.membership"

    dues_open = fields.Monetary(
        "Open Dues", compute="_compute_dues", help="Contributions that are billed and not paid."
    )
    dues_due = fields.Monetary("Dues", compute="_compute_dues", help="What of them is due today.")

    def _compute_dues(self):
        """Query budget: one for all records of the page."""
        rows = self.env.execute_query(
            SQL(
                """SELECT membership_id, SUM(amount_open), SUM(amount_open) FILTER (WHERE date_due <= %s)
                     FROM (%s) o WHERE membership_id = ANY(%s) GROUP BY membership_id""",
                fields.Date.context_today(self),
                self.env["kmp.contribution.line"]._get_open_query(self.company_id.ids),
                self.ids,
            )
        )
        amounts = {membership_id: values for membership_id, *values in rows}
        for membership in self:
            # A form that is not saved yet holds the member under another id.
            still_open, due = amounts.get(membership._origin.id, (0, 0))
            membership.dues_open = still_open
            membership.dues_due = due or 0

    def action_open_dues(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.contribution_line_action")
        return action | {"domain": [("membership_id", "in", self.ids)], "context": {"search_default_open": 1}}

    def action_pay_dues(self):
        self.check_access("write")
        self._check_dues_officer()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.contribution_payment_action")
        return action | {"context": {"default_membership_ids": [Command.set(self.ids)]}}

    def action_match_dues_credits(self):
        return self._match_dues_credits()

    def _check_dues_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may take the payment of dues."))

    def _get_open_dues_items(self):
        """The open journal items of the dues of these members: oldest due date first, then by share type.

        :return: {membership: account.move.line}, as superuser
        Query budget: one.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT o.membership_id, o.move_line_id FROM (%s) o JOIN kmp_share_type t ON t.id = o.share_type_id
                    WHERE o.membership_id = ANY(%s)
                    ORDER BY o.date_due, t.sequence, t.code COLLATE "C", o.move_line_id""",
                self.env["kmp.contribution.line"]._get_open_query(self.company_id.ids),
                self.ids,
            )
        )
        item_ids = {membership.id: [] for membership in self}
        for membership_id, item_id in rows:
            item_ids[membership_id].append(item_id)
        items = self.env["account.move.line"].sudo()  # sudo: officers of the co-operative are no accountants
        return {membership: items.browse(item_ids[membership.id]) for membership in self}

    def _get_open_dues_list(self):
        """What this member owes, for a letter: list of {name, amount, date_due}, oldest first."""
        self.ensure_one()
        items = self._get_open_dues_items()[self]
        return [
            {"name": item.name, "amount": item.amount_residual, "date_due": item.date_maturity}
            for item in items
        ]

    def _match_dues_credits(self):
        """Match credits that wait on the receivable for capital (overpayments) with the open dues of the same member. For officers."""
        self._check_dues_officer()
        self.check_access("write")
        plan = []
        for membership, items in self._get_open_dues_items().items():
            waiting = items.search(
                [
                    ("partner_id", "=", membership.partner_id.id),
                    ("company_id", "=", membership.company_id.id),
                    ("account_id", "in", items.account_id.ids),
                    ("parent_state", "=", "posted"),
                    ("amount_residual", "<", 0),
                ],
                order="date, id",
            )
            plan += [item | credit for credit in waiting for item in items]
        if not plan:
            raise UserError(self.env._("No payment is waiting to be matched with these dues."))
        self.env["account.move.line"].sudo()._reconcile_plan(plan)
        return True
