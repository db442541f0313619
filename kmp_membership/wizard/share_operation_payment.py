from odoo import fields, models


class ShareOperationPayment(models.TransientModel):
    """Ask from which journal and on which day redemptions are paid."""

    _name = "kmp.share.operation.payment"
    _description = "Pay Redemptions"

    operation_ids = fields.Many2many("kmp.share.operation", string="Operations", required=True)
    company_id = fields.Many2one(related="operation_ids.company_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        "Paid From",
        required=True,
        domain="[('type', 'in', ('cash', 'bank')), ('company_id', '=', company_id)]",
        default=lambda self: self.env.company._get_deposit_journal(),
    )

    def action_confirm(self):
        self.ensure_one()
        self.operation_ids._pay(self.date, self.journal_id)
        return {"type": "ir.actions.act_window_close"}
