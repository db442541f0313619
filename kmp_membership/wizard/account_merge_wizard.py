from odoo import models


class AccountMergeWizard(models.TransientModel):
    _inherit = "account.merge.wizard"

    def _action_merge(self, accounts):
        """Merging moves journal items by SQL: check the share accounts again afterwards."""
        result = super()._action_merge(accounts)
        # sudo: the rule holds whoever merges accounts
        share_types = (
            self.env["kmp.share.type"]
            .sudo()
            .with_context(active_test=False)
            .search([("account_id", "=", accounts[0].id)])
        )
        if share_types:
            self.env["account.move.line"]._check_share_items(share_types=share_types)
        return result
