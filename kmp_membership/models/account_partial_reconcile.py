from odoo import api, models
from odoo.exceptions import UserError

from ..tools import is_unsealed

MATCHING_FIELDS = {"amount", "debit_move_id", "credit_move_id"}


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["kmp.contribution.transfer"]._sync(partials)
        return partials

    def write(self, vals):
        if vals.keys() & MATCHING_FIELDS:
            # sudo: the rule holds whoever matches
            moved = (
                self.env["kmp.contribution.transfer"].sudo().search([("partial_id", "in", self.ids)], limit=1)
            )
            if moved:
                raise UserError(
                    self.env._(
                        "The payment of %(line)s cannot be changed. Undo the matching and match again.",
                        line=moved.line_id.display_name,
                    )
                )
        return super().write(vals)

    def unlink(self):
        self._check_no_cancellation()
        self.env["kmp.contribution.transfer"]._sync(self, removed=True)
        return super().unlink()

    def _check_no_cancellation(self):
        """Cancelled dues stay cancelled: what was called has been taken back, so the receivable may not come to life again."""
        if is_unsealed(self.env):
            return
        for move in self.credit_move_id.move_id.sudo():  # sudo: whoever undoes it
            if move.kmp_dues_kind == "cancel":
                raise UserError(
                    self.env._(
                        "%(entry)s cancels dues: its matching cannot be undone. Bill the dues again instead.",
                        entry=move.display_name,
                    )
                )
