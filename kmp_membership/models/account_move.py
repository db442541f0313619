from odoo import models
from odoo.exceptions import UserError

from ..tools import is_unsealed


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        if vals.get("state") in ("draft", "cancel"):
            self._check_no_share_operation()
        result = super().write(vals)
        # Every way to post ends here, _post included. Checked on the finished entry, where all its items are known.
        if vals.get("state") == "posted":
            self.env["account.move.line"]._check_share_items(moves=self)
        if "state" in vals:
            self.env["kmp.membership"].invalidate_model(["paid_in_capital", "savings"], flush=False)
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._check_no_share_operation()
        return super()._reverse_moves(default_values_list, cancel)

    def _check_no_share_operation(self):
        """The entry of a share operation is undone by reversing the operation, so that both always tell the same."""
        if is_unsealed(self.env):
            return
        # sudo: accountants need not see the operations of the co-operative
        operations = (
            self.env["kmp.share.operation"]
            .sudo()
            .search(
                [
                    "|",
                    "|",
                    ("move_id", "in", self.ids),
                    ("reversal_move_id", "in", self.ids),
                    ("payment_move_id", "in", self.ids),
                ],
                limit=1,
            )
        )
        if operations:
            raise UserError(
                self.env._(
                    "This entry belongs to %(operation)s. Reverse that operation instead: the entry follows.",
                    operation=operations.display_name,
                )
            )
