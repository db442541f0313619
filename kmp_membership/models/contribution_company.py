from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

RECEIVABLE_TYPES = ("asset_receivable",)
CALLED_TYPES = ("asset_current",)


class ResCompany(models.Model):
    _inherit = "res.company"

    kmp_dues_receivable_account_id = fields.Many2one(
        "account.account",
        "Receivable for Capital",
        check_company=True,
        ondelete="restrict",
        domain=[("account_type", "in", RECEIVABLE_TYPES)],
        help="What members owe of their contributions. Keep it apart from trade receivables.",
    )
    kmp_dues_called_account_id = fields.Many2one(
        "account.account",
        "Capital Called, Not Paid",
        check_company=True,
        ondelete="restrict",
        domain=[("account_type", "in", CALLED_TYPES)],
        help="Shown net of the receivable for capital, among the current assets: what is called is no equity before it is paid.",
    )
    kmp_dues_journal_id = fields.Many2one(
        "account.journal",
        "Dues Journal",
        check_company=True,
        ondelete="restrict",
        domain="[('type', '=', 'general')]",
    )

    @api.constrains("kmp_dues_receivable_account_id", "kmp_dues_called_account_id")
    def _check_dues_account_types(self):
        for company in self:
            for account, types, name in (
                (
                    company.kmp_dues_receivable_account_id,
                    RECEIVABLE_TYPES,
                    self.env._("a receivable account"),
                ),
                (company.kmp_dues_called_account_id, CALLED_TYPES, self.env._("a current asset account")),
            ):
                if account and account.account_type not in types:
                    raise ValidationError(
                        self.env._(
                            "%(company)s: the account %(account)s cannot be used for dues here. Choose %(kind)s.",
                            company=company.name,
                            account=account.display_name,
                            kind=name,
                        )
                    )
        self.env["account.move.line"]._check_called_items(companies=self)

    def _get_dues_receivable_accounts(self):
        """The receivables for capital of today and of older runs."""
        self.ensure_one()
        # sudo: which accounts dues stand on does not depend on who asks
        runs = self.env["kmp.contribution.run"].sudo()
        groups = runs._read_group([("company_id", "in", self.ids)], ["receivable_account_id"])
        return self.sudo().kmp_dues_receivable_account_id.union(*(account for (account,) in groups))

    def _check_dues_accounts(self):
        """:raise RedirectWarning: names what is missing and leads to the settings, for those who may open them"""
        self.ensure_one()
        names = ("kmp_dues_receivable_account_id", "kmp_dues_called_account_id", "kmp_dues_journal_id")
        missing = [self._fields[name]._description_string(self.env) for name in names if not self[name]]
        if not missing:
            return
        message = self.env._(
            "%(company)s has no accounts for dues yet (%(missing)s). Set them in the settings of the co-operative.",
            company=self.name,
            missing=", ".join(missing),
        )
        if self.env.user.has_group("base.group_system"):
            action = self.env.ref("kmp_membership.res_config_settings_action")
            raise RedirectWarning(message, action.id, self.env._("Go to Settings"))
        raise UserError(message)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kmp_dues_receivable_account_id = fields.Many2one(
        related="company_id.kmp_dues_receivable_account_id", readonly=False
    )
    kmp_dues_called_account_id = fields.Many2one(
        related="company_id.kmp_dues_called_account_id", readonly=False
    )
    kmp_dues_journal_id = fields.Many2one(related="company_id.kmp_dues_journal_id", readonly=False)
