from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed


class AccountMove(models.Model):
    """The entry of a payout belongs to the payout: it is reversed there, and never edited."""

    _inherit = "account.move"

    shu_payout_ids = fields.One2many("kmp.shu.payout", "move_id", string="SHU Payout")

    @api.depends("shu_payout_ids")
    def _compute_show_reset_to_draft_button(self):
        result = super()._compute_show_reset_to_draft_button()
        # sudo: the button would be refused whoever may see the payout
        self.sudo().filtered("shu_payout_ids").show_reset_to_draft_button = False
        return result

    def _check_not_of_shu_payout(self):
        for move in self.sudo().filtered("shu_payout_ids"):  # sudo: an entry stays the payout's
            raise UserError(
                self.env._(
                    "Entry %(entry)s belongs to the payout %(payout)s. Reverse that one instead.",
                    entry=move.name,
                    payout=move.shu_payout_ids.name,
                )
            )

    def button_draft(self):
        self._check_not_of_shu_payout()
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not is_unsealed(self.env):
            self._check_not_of_shu_payout()
        return super()._reverse_moves(default_values_list, cancel)

    def action_open_shu_payout(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.payout",
            "view_mode": "form",
            "res_id": self.shu_payout_ids.id,
        }
