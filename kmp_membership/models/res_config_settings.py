from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kmp_deposit_journal_id = fields.Many2one(related="company_id.kmp_deposit_journal_id", readonly=False)
    kmp_activate_on_payment = fields.Boolean(related="company_id.kmp_activate_on_payment", readonly=False)
    kmp_share_journal_id = fields.Many2one(related="company_id.kmp_share_journal_id", readonly=False)
    kmp_payroll_account_id = fields.Many2one(related="company_id.kmp_payroll_account_id", readonly=False)
    kmp_loss_account_id = fields.Many2one(related="company_id.kmp_loss_account_id", readonly=False)
