from odoo import models


class KmpShuPayout(models.Model):
    """Cash: members sign the printed list. Who did not come is not in the entry, and the share stays open."""

    _inherit = "kmp.shu.payout"

    def _check_cash(self):
        self._check_liquidity_account()

    def _prepare_cash_items(self):
        return self._prepare_money_items()

    def action_print_cash_list(self):
        self.ensure_one()
        self.check_access("read")
        self._check_state("confirmed", "posted")
        return self.env.ref("kmp_shu.cash_list_report").report_action(self, config=False)

    def action_settle_all(self):
        """Mark that everybody on the list has the money."""
        self.ensure_one()
        self.line_ids.filtered(lambda line: not line.is_settled).action_settle()
