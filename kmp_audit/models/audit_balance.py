from odoo import fields, models
from odoo.tools import SQL


class KmpAuditBalance(models.Model):
    """The balance of an account at the end of a finished audit's year: all of its posted items until then.

    The next year must begin with it (`tie_out_opening.py`). Accounts of income and expense are kept as well: what they hold of
    earlier years belongs to the equity.
    """

    _name = "kmp.audit.balance"
    _description = "Closing Balance of an Audit"
    _order = "audit_id, account_id"
    _rec_name = "account_id"

    audit_id = fields.Many2one("kmp.audit", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="restrict")
    balance = fields.Monetary(readonly=True)


class KmpAudit(models.Model):
    _inherit = "kmp.audit"

    balance_ids = fields.One2many("kmp.audit.balance", "audit_id", "Closing Balances", copy=False)

    def _keep_balances(self):
        """Keep the closing balances, exactly: one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kmp_audit_balance (audit_id, company_id, account_id, balance)
                SELECT %s, %s, account_id, SUM(balance)
                  FROM account_move_line item
                 WHERE company_id = %s AND parent_state = 'posted' AND date <= %s AND account_id IS NOT NULL
                 GROUP BY account_id
                """,
                self.id,
                self.company_id.id,
                self.company_id.id,
                self.date_to,
            )
        )
        self.invalidate_recordset(["balance_ids"])
