from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kmp_deposit_journal_id = fields.Many2one(related="company_id.kmp_deposit_journal_id", readonly=False)
