from odoo import fields, models
from odoo.tools import SQL


class KmpShuRun(models.Model):
    """What the year earned, from the posted ledger: the surplus that a run distributes, and its parts."""

    _inherit = "kmp.shu.run"

    surplus_before_tax = fields.Monetary(readonly=True, copy=False)
    income_tax = fields.Monetary(readonly=True, copy=False)
    surplus_member = fields.Monetary("Members' Surplus", readonly=True, copy=False)
    surplus_non_member = fields.Monetary("Non-members' Surplus", readonly=True, copy=False)

    def _get_surplus_query(self) -> SQL:
        """Income less expense of the period in the posted ledger of the company."""
        return SQL(
            """
            SELECT COALESCE(-SUM(line.balance), 0)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND (account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%')
            """,
            company=self.company_id.id,
            date_from=self.date_from,
            date_to=self.date_to,
        )

    def _compute_surplus(self):
        [[surplus, is_loss]] = self.env.execute_query(
            SQL(
                """
                UPDATE kmp_shu_run SET surplus = (%s) WHERE id = %s
                RETURNING surplus::text, surplus < 0
                """,
                self._get_surplus_query(),
                self.id,
            )
        )
        if is_loss:
            self._refuse_loss(surplus.lstrip("-"))
