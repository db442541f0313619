from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .coop_figures import Balance


class CoopFigures(models.AbstractModel):
    """Balances at the end of each year, from one pass over the posted items: what moved in each year, added up."""

    _inherit = "kmp.coop.figures"

    @api.model
    def _get_capital(self, company, years):
        """{share type id: Decimal} for each year: what members have paid in and not taken out. Query budget: one."""
        self._check_readable(company, "kmp.membership")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT share_type.id, moved.place, (-moved.amount)::text
                  FROM (%(moved)s) moved
                  JOIN kmp_share_type share_type
                    ON share_type.account_id = moved.account_id AND share_type.company_id = %(company)s
                 ORDER BY share_type.sequence, share_type.code
                """,
                moved=self._get_moved_query(
                    company,
                    years,
                    SQL(
                        "account_id = ANY(ARRAY(SELECT account_id FROM kmp_share_type WHERE company_id = %s))",
                        company.id,
                    ),
                ),
                company=company.id,
            )
        )
        return self._sum_up([(*row[:2], Decimal(row[2])) for row in rows], years)

    @api.model
    def _get_balances(self, company, years):
        """A `Balance` for each year. Query budget: one.

        Shares are own capital (UU 25/1992 art. 41 par. 2) also where they are shown as liabilities, and participation capital
        stands apart (art. 42); savings and all other liabilities are borrowed. The result of years that are not
        distributed yet belongs to own capital.
        """
        self._check_readable(company, "kmp.shu.run")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind, place, SUM(CASE WHEN kind = 'assets' THEN amount ELSE -amount END)::text
                  FROM (SELECT moved.place, moved.amount,
                               CASE WHEN share_type.kind = 'participation' OR moved.account_id IN (
                                         SELECT account_id FROM kmp_funding
                                          WHERE company_id = %(company)s AND capital_type = 'participation')
                                    THEN 'participation'
                                    WHEN share_type.kind IN ('membership', 'compulsory', 'special') THEN 'own'
                                    WHEN account.account_type LIKE 'asset%%' THEN 'assets'
                                    WHEN account.account_type LIKE 'liability%%' THEN 'borrowed'
                                    ELSE 'own' END AS kind
                          FROM (%(moved)s) moved
                          JOIN account_account account ON account.id = moved.account_id
                     LEFT JOIN kmp_share_type share_type
                            ON share_type.account_id = moved.account_id AND share_type.company_id = %(company)s
                         WHERE account.account_type != 'off_balance') item
                 GROUP BY kind, place
                """,
                moved=self._get_moved_query(company, years, SQL("account_id IS NOT NULL")),
                company=company.id,
            )
        )
        balances = self._sum_up([(*row[:2], Decimal(row[2])) for row in rows], years)
        return [Balance(**kinds) for kinds in balances]

    def _get_moved_query(self, company, years, condition: SQL) -> SQL:
        """What moved on each account up to the end of each year: `account_id`, `place`, `amount` (debit less credit)."""
        return SQL(
            """
            SELECT account_id, %(place)s AS place, SUM(balance) AS amount
              FROM account_move_line
             WHERE company_id = %(company)s AND parent_state = 'posted' AND date <= %(last)s AND %(condition)s
             GROUP BY 1, 2
            """,
            place=self._get_year_place(SQL("date"), years),
            company=company.id,
            last=years[-1].date_to,
            condition=condition,
        )

    @api.model
    def _get_arrears(self, company, years):
        """Dues that were due and not paid at the end of each year, a list of Decimal. Query budget: one.

        What settles a due counts from its own day, and not before the due date: paid ahead is not in arrears.
        """
        self._check_readable(company, "kmp.membership")
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT item.id, item.balance, COALESCE(item.date_maturity, line.date_due) AS date
                      FROM kmp_contribution_line line
                      JOIN account_move_line item ON item.id = line.move_line_id
                     WHERE line.company_id = %(company)s AND item.parent_state = 'posted')
                SELECT NULL, %(place)s, SUM(amount)::text
                  FROM (SELECT date, balance AS amount FROM due
                         UNION ALL
                        SELECT GREATEST(due.date, settled.max_date), -settled.amount
                          FROM due JOIN account_partial_reconcile settled ON settled.debit_move_id = due.id) moved
                 WHERE date <= %(last)s
                 GROUP BY 2
                """,
                place=self._get_year_place(SQL("date"), years),
                company=company.id,
                last=years[-1].date_to,
            )
        )
        balances = self._sum_up([(*row[:2], Decimal(row[2])) for row in rows], years)
        return [balance.get(None, Decimal()) for balance in balances]
