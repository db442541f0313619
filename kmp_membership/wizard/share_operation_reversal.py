from odoo import fields, models


class ShareOperationReversal(models.TransientModel):
    """Ask for the day and the reason of a reversal."""

    _name = "kmp.share.operation.reversal"
    _description = "Reverse a Share Operation"

    operation_ids = fields.Many2many("kmp.share.operation", string="Operations", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.operation_ids._reverse(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
