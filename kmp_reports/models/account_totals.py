from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class AccountTotal(NamedTuple):
    """An account in a period, debit less credit, in rupiah; opening + debit - credit = closing.

    `previous` is what moved in the fiscal year before.
    """

    id: int
    code: str
    name: str
    account_type: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal
    previous: Decimal

    @property
    def movement(self):
        return self.debit - self.credit

    @property
    def label(self):
        return f"{self.code} {self.name}".strip()

    @property
    def is_result(self):
        return self.account_type.startswith(("income", "expense"))


class AccountTotals(models.AbstractModel):
    """What stands and moved on the accounts of a company, in one pass over the posted items. Names are the Indonesian ones."""

    _name = "kmp.account.totals"
    _description = "Totals of Accounts"

    @api.model
    def _read_totals(self, company, date_from, date_to, previous):
        """An `AccountTotal` for each account on which something was posted up to `date_to`, by code.

        :param previous: (first day, last day) of the fiscal year before

        Totals only, for whoever may read the distribution of the surplus. Query budget: one.
        """
        self.env["kmp.shu.run"].check_access("read")
        account = self.env["account.account"].with_company(company)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, COALESCE(%(code)s, ''), COALESCE(account.name->>'id_ID', account.name->>'en_US'),
                       account.account_type, total.opening::text, total.debit::text, total.credit::text,
                       total.closing::text, total.previous::text
                  FROM (SELECT account_id,
                               COALESCE(SUM(balance) FILTER (WHERE date < %(from)s), 0) AS opening,
                               COALESCE(SUM(debit) FILTER (WHERE date >= %(from)s), 0) AS debit,
                               COALESCE(SUM(credit) FILTER (WHERE date >= %(from)s), 0) AS credit,
                               SUM(balance) AS closing,
                               COALESCE(SUM(balance) FILTER (WHERE date BETWEEN %(previous_from)s AND %(previous_to)s), 0)
                                   AS previous
                          FROM account_move_line
                         WHERE company_id = %(company)s AND parent_state = 'posted' AND date <= %(to)s
                           AND account_id IS NOT NULL
                         GROUP BY account_id) total
                  JOIN account_account account ON account.id = total.account_id
                 WHERE account.account_type != 'off_balance'
                 ORDER BY 2, 3
                """,
                code=account._field_to_sql("account", "code"),
                company=company.id,
                to=date_to,
                previous_from=previous[0],
                previous_to=previous[1],
                **{"from": date_from},
            )
        )
        return [AccountTotal(*row[:4], *map(Decimal, row[4:])) for row in rows]
