from odoo import models


class KmpShuPayout(models.Model):
    """Offset against open dues, the oldest first. What is matched becomes share capital as any payment of dues does."""

    _inherit = "kmp.shu.payout"

    def _check_offset(self):
        """What a member owes is checked line by line."""

    def _prepare_offset_items(self):
        dues = self._get_dues()
        return [
            {
                "name": f"{self.name} {membership.number or ''}".strip(),
                "account_id": account.id,
                "partner_id": membership.partner_id.id,
                "balance": -part,
            }
            for membership, amount in self._get_offset_amounts()
            for account, part in self._split_dues(amount, dues[membership]).items()
        ]

    def _get_offset_amounts(self):
        return self.env["kmp.shu.payout.line"]._read_group(
            [("payout_id", "=", self.id), ("state", "=", "paid")], ["membership_id"], ["amount:sum"]
        )

    def _get_dues(self):
        """{membership: open journal items of its dues, the oldest first}. Query budget: one."""
        paid = self.line_ids.filtered(lambda line: line.state == "paid")
        return paid.membership_id._get_open_dues_items()

    def _split_dues(self, amount, items):
        """{receivable account: what of the amount is offset on it}. Dues of older runs may stand on another account."""
        split = {}
        rest = amount
        for item in items:
            part = min(rest, item.amount_residual)
            if part:
                split[item.account_id] = self.currency_id.round(split.get(item.account_id, 0) + part)
                rest = self.currency_id.round(rest - part)
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
