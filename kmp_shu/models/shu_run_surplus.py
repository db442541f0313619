from odoo import fields, models
from odoo.tools import SQL


class KmpShuRun(models.Model):
    """What the year earned, from the posted ledger: the surplus that a run distributes, and its parts.

    Every item is in company currency, whatever the currency of its document.
    """

    _inherit = "kmp.shu.run"

    surplus_before_tax = fields.Monetary(readonly=True, copy=False)
    income_tax = fields.Monetary(
        readonly=True, copy=False, help="Booked on the company's income tax accounts."
    )
    surplus_member = fields.Monetary(
        "Members' Surplus",
        readonly=True,
        copy=False,
        help="After tax, from the business of members. Members and non-members together are the surplus.",
    )
    surplus_non_member = fields.Monetary("Non-members' Surplus", readonly=True, copy=False)

    def _get_surplus_parts(self):
        """The surplus of the run's year as the books have it now, see `res.company`."""
        self.ensure_one()
        return self.company_id._get_surplus_parts(self.date_from, self.date_to)

    def _get_surplus_query(self) -> SQL:
        """Income less expense of the period in the posted ledger of the company, after income tax."""
        return SQL(
            """
            SELECT COALESCE(-SUM(line.balance), 0)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE %s
            """,
            self.company_id._get_result_condition(self.date_from, self.date_to),
        )

    def _compute_surplus(self):
        """Write the surplus and its parts as they are in the books now."""
        parts = self._get_surplus_parts()
        total = parts["total"]
        if total.amount < 0:
            self._refuse_loss(str(-total.amount))
        self._write_surplus(parts)
        self._write_parts(parts)

    def _write_surplus(self, parts):
        """By SQL: the ORM would make a float of each amount."""
        total, member, non_member = (parts.get(name) for name in ("total", "member", "non_member"))
        self.env.cr.execute(
            SQL(
                """
                UPDATE kmp_shu_run
                   SET surplus = %s, surplus_before_tax = %s, income_tax = %s,
                       surplus_member = %s, surplus_non_member = %s
                 WHERE id = %s
                """,
                total.amount,
                total.before_tax,
                total.tax,
                member and member.amount,
                non_member and non_member.amount,
                self.id,
            )
        )
        self.invalidate_recordset()
