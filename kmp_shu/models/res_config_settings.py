from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    shu_undistributed_account_id = fields.Many2one(
        related="company_id.shu_undistributed_account_id", readonly=False
    )
    shu_payable_account_id = fields.Many2one(related="company_id.shu_payable_account_id", readonly=False)
    shu_journal_id = fields.Many2one(related="company_id.shu_journal_id", readonly=False)
    shu_tax_account_ids = fields.Many2many(related="company_id.shu_tax_account_ids", readonly=False)
    shu_common_cost_key = fields.Selection(related="company_id.shu_common_cost_key", readonly=False)
    shu_common_cost_percent = fields.Float(related="company_id.shu_common_cost_percent", readonly=False)
    shu_timezone = fields.Selection(
        related="company_id.partner_id.tz",
        string="Time Zone",
        readonly=False,
        help="Which day a till order or a delivery belongs to. Empty: UTC.",
    )
    shu_member_line_limit = fields.Integer(related="company_id.shu_member_line_limit", readonly=False)
    shu_background_limit = fields.Integer(related="company_id.shu_background_limit", readonly=False)
