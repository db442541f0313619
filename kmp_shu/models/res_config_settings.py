from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    shu_undistributed_account_id = fields.Many2one(
        related="company_id.shu_undistributed_account_id", readonly=False
    )
    shu_payable_account_id = fields.Many2one(related="company_id.shu_payable_account_id", readonly=False)
    shu_journal_id = fields.Many2one(related="company_id.shu_journal_id", readonly=False)
    shu_member_line_limit = fields.Integer(related="company_id.shu_member_line_limit", readonly=False)
    shu_background_limit = fields.Integer(related="company_id.shu_background_limit", readonly=False)
