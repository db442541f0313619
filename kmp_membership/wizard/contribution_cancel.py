from odoo import fields, models


class ContributionCancel(models.TransientModel):
    """Ask for the day and the reason, then cancel runs or single lines."""

    _name = "kmp.contribution.cancel"
    _description = "Cancel Dues"

    run_ids = fields.Many2many("kmp.contribution.run", string="Dues Runs")
    line_ids = fields.Many2many("kmp.contribution.line", string="Dues")
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.run_ids._cancel(self.date, self.reason)
        self.line_ids._waive(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
