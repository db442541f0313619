from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed

OWNERS = ("shu_run_ids", "shu_reversed_run_ids", "shu_loss_ids", "shu_reversed_loss_ids")


class AccountMove(models.Model):
    """The entry of a distribution, or of the cover of a loss, belongs to it: it is reversed there,
    once, and never edited; nor is its reversal."""

    _inherit = "account.move"

    shu_run_ids = fields.One2many("kmp.shu.run", "move_id", string="SHU distribution")
    shu_reversed_run_ids = fields.One2many("kmp.shu.run", "reversal_move_id")
    shu_loss_ids = fields.One2many("kmp.shu.loss", "move_id")
    shu_reversed_loss_ids = fields.One2many("kmp.shu.loss", "reversal_move_id")

    @api.depends(*OWNERS)
    def _compute_show_reset_to_draft_button(self):
        result = super()._compute_show_reset_to_draft_button()
        # The button would be refused whoever may see the run.
        self.sudo().filtered(lambda move: move._get_shu_owner()).show_reset_to_draft_button = False
        return result

    def _get_shu_owner(self):
        """The distribution or the cover of a loss that the entry is of, else False."""
        return next((self[name] for name in OWNERS if self[name]), False)

    def _check_not_of_shu_run(self):
        # An entry stays the run's whoever may see the run.
        for move in self.sudo():
            owner = move._get_shu_owner()
            if owner:
                raise UserError(
                    self.env._(
                        "Entry %(entry)s is of %(run)s. It cannot be changed; reverse it there.",
                        entry=move.name,
                        run=owner.display_name,
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
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.run",
            "view_mode": "form",
            "res_id": self.shu_run_ids.id,
        }
