from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    shu_tax_account_id = fields.Many2one(
        "account.account",
        string="Tax Withheld on SHU",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'liability_payable'))]",
        help="Credited when a share is paid, where the scheme withholds tax.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._allow_matching_of_shu()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "shu_payable_account_id" in vals:
            self._allow_matching_of_shu()
        return result

    def _allow_matching_of_shu(self):
        """Payouts are matched with the shares that they pay: the account has to allow that."""
        # sudo: who may choose the account of the company need not be allowed to configure the chart
        self.shu_payable_account_id.sudo().filtered(lambda account: not account.reconcile).reconcile = True


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    shu_tax_account_id = fields.Many2one(related="company_id.shu_tax_account_id", readonly=False)
