from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed


class AccountMove(models.Model):
    """The entry of a distribution belongs to its run: it is reversed there, and never edited."""

    _inherit = "account.move"

    shu_run_ids = fields.One2many("kmp.shu.run", "move_id", string="SHU distribution")

    @api.depends("shu_run_ids")
    def _compute_show_reset_to_draft_button(self):
        result = super()._compute_show_reset_to_draft_button()
        # The button would be refused whoever may see the run.
        self.sudo().filtered("shu_run_ids").show_reset_to_draft_button = False
        return result

    def _check_not_of_shu_run(self):
        # An entry stays the run's whoever may see the run.
        for move in self.sudo().filtered("shu_run_ids"):
            raise UserError(
                self.env._(
                    "Entry %(entry)s is the distribution %(run)s. It cannot be changed; reverse it there.",
                    entry=move.name,
                    run=move.shu_run_ids.name,
                )
            )

    def button_draft(self):
        self._check_not_of_shu_run()
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not is_unsealed(self.env):
            self._check_not_of_shu_run()
        return super()._reverse_moves(default_values_list, cancel)

    def action_open_shu_run(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.run",
            "view_mode": "form",
            "res_id": self.shu_run_ids.id,
        }
