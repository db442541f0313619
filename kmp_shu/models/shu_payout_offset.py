from decimal import Decimal

from odoo import models
from odoo.tools import SQL


class KmpShuPayout(models.Model):
    """Offset against open dues, the oldest first. What is matched becomes share capital as any payment of dues does."""

    _inherit = "kmp.shu.payout"

    def _check_offset(self):
        """What a member owes is checked line by line."""

    def _prepare_offset_items(self):
        dues = self._get_dues()
        owed = self._read_residuals(dues)
        return [
            {
                "name": f"{self.name} {membership.number or ''}".strip(),
                "account_id": account.id,
                "partner_id": membership.partner_id.id,
                "balance": -float(part),
            }
            for membership, amount in self._get_offset_amounts()
            for account, part in self._split_dues(amount, dues[membership], owed).items()
        ]

    def _get_offset_amounts(self):
        """(membership, exact Decimal) of each member who is paid."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT membership_id, SUM(amount)::text FROM kmp_shu_payout_line
                 WHERE payout_id = %s AND state = 'paid' GROUP BY membership_id ORDER BY membership_id
                """,
                self.id,
            )
        )
        return [(self.env["kmp.membership"].browse(member), Decimal(amount)) for member, amount in rows]

    def _get_dues(self):
        """{membership: open journal items of its dues, the oldest first}. Query budget: one."""
        paid = self.line_ids.filtered(lambda line: line.state == "paid")
        return paid.membership_id._get_open_dues_items()

    def _read_residuals(self, dues):
        """{id of a journal item: what is open of it, an exact Decimal}. Query budget: one."""
        ids = [item_id for items in dues.values() for item_id in items.ids]
        self.env["account.move.line"].flush_model(["amount_residual"])
        rows = self.env.execute_query(
            SQL("SELECT id, amount_residual::text FROM account_move_line WHERE id = ANY(%s)", ids)
        )
        return {item_id: Decimal(amount) for item_id, amount in rows}

    def _split_dues(self, amount, items, owed):
        """{receivable account: what of the amount is offset on it}. Dues of older runs may stand on another account."""
        split = {}
        for item in items:
            part = min(amount, owed[item.id])
            if part:
                split[item.account_id] = split.get(item.account_id, 0) + part
                amount -= part
        return split

    def _get_method_plan(self, items):
        plan = super()._get_method_plan(items)
        if self.method != "offset":
            return plan
        credits_of = items.grouped(lambda item: (item.partner_id, item.account_id))
        for membership, dues in self._get_dues().items():
            for account, due in dues.grouped("account_id").items():
                if credit := credits_of.get((membership.partner_id, account)):
                    plan += [item | credit for item in due]
        return plan
