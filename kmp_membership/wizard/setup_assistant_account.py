from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError


class SetupAssistantAccount(models.AbstractModel):
    """A line of the assistant that needs an account: one that was found or chosen, else a new one."""

    _name = "kmp.setup.assistant.account"
    _description = "Set-up Assistant: Account"

    assistant_id = fields.Many2one("kmp.setup.assistant", required=True, ondelete="cascade")
    is_wanted = fields.Boolean("Create", default=True)
    name = fields.Char(required=True)
    account_id = fields.Many2one("account.account", "Existing Account")
    account_code = fields.Char("New Account")
    account_name = fields.Char("Its Name")

    def _get_or_create_account(self):
        return self.account_id or self._create_account()

    def _create_account(self):
        company = self.assistant_id.company_id
        if not self.account_code:
            raise UserError(
                self.env._(
                    "%(name)s: choose an existing account, or give the code of a new one.",
                    name=self.name,
                )
            )
        accounts = self.env["account.account"].with_company(company)
        if not accounts.has_access("create"):
            raise AccessError(
                self.env._(
                    "%(name)s needs a new account. Ask an administrator of accounting to run this assistant, or choose an existing one.",
                    name=self.name,
                )
            )
        return accounts.create(
            {
                "code": self.account_code,
                "name": self.account_name or self.name,
                "account_type": self.account_type,
                "company_ids": [Command.set(company.ids)],
            }
        )
