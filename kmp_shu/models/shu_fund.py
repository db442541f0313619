from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class FundStatement(NamedTuple):
    """What became of a fund in a period; opening + distributed + added - used = closing, in rupiah."""

    account_id: int
    is_reserve: bool
    opening: Decimal
    distributed: Decimal
    added: Decimal
    used: Decimal
    closing: Decimal


class KmpShuFund(models.Model):
    """What a reserve or a fund got from distributions, what was spent of it, and what is left.

    A fund is an account: the lines of all schemes with the same account are one fund, and what is
    booked on the account is its ledger of use. Read from the posted journal items, a row per fund
    and fiscal year, also for the years without a move.
    """

    _name = "kmp.shu.fund"
    _description = "Reserve or fund"
    _auto = False
    _order = "date_to desc, account_id"
    _rec_name = "account_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("account.account", "Fund", readonly=True)
    kind = fields.Selection([("reserve", "Reserve"), ("fund", "Fund")], readonly=True)
    date_from = fields.Date("Year From", readonly=True)
    date_to = fields.Date("Year To", readonly=True)
    opening = fields.Monetary(readonly=True, aggregator=None)
    distributed = fields.Monetary(
        "From Distributions", readonly=True, help="Credited by distributions, less what was reversed."
    )
    added = fields.Monetary("Other Additions", readonly=True, help="Credits from elsewhere, such as grants.")
    used = fields.Monetary(readonly=True, help="Debits: what was spent, and losses that a reserve bore.")
    closing = fields.Monetary("Balance", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH movement AS (%(movement)s),
            per_year AS (
                SELECT company_id, account_id, is_reserve, date_to,
                       SUM(distributed) AS distributed, SUM(added) AS added, SUM(used) AS used
                  FROM (SELECT movement.*, %(year_end)s AS date_to
                          FROM movement JOIN res_company company ON company.id = movement.company_id) dated
                 GROUP BY 1, 2, 3, 4),
            span AS (
                SELECT company_id, account_id, is_reserve, MIN(date_to) AS first,
                       GREATEST(MAX(date_to), CURRENT_DATE) AS last
                  FROM per_year GROUP BY 1, 2, 3),
            year AS (
                SELECT span.company_id, span.account_id, span.is_reserve, per_year.date_to AS moved,
                       %(series_end)s AS date_to, distributed, added, used
                  FROM span
                  JOIN res_company company ON company.id = span.company_id
            CROSS JOIN LATERAL generate_series(
                           EXTRACT(YEAR FROM span.first)::int, EXTRACT(YEAR FROM span.last)::int) number
             LEFT JOIN per_year
                    ON per_year.company_id = span.company_id AND per_year.account_id = span.account_id
                   AND per_year.date_to = %(series_end)s),
            balance AS (
                SELECT company_id, account_id, is_reserve, date_to,
                       COALESCE(distributed, 0) AS distributed, COALESCE(added, 0) AS added,
                       COALESCE(used, 0) AS used,
                       SUM(COALESCE(distributed + added - used, 0)) OVER (
                           PARTITION BY company_id, account_id ORDER BY date_to) AS closing
                  FROM year)
            SELECT ((company_id::bigint * 1000000 + account_id) * 10000 + EXTRACT(YEAR FROM date_to)::int) AS id,
                   company_id, account_id,
                   CASE WHEN is_reserve THEN 'reserve' ELSE 'fund' END AS kind,
                   (date_to - interval '1 year' + interval '1 day')::date AS date_from, date_to,
                   closing - distributed - added + used AS opening, distributed, added, used, closing
              FROM balance
            """,
            movement=self._get_movement_query(),
            year_end=self._get_year_end(
                SQL(
                    "EXTRACT(YEAR FROM dated_on)::int + (TO_CHAR(dated_on, 'MMDD')::int"
                    " > company.fiscalyear_last_month::int * 100 + company.fiscalyear_last_day)::int"
                )
            ),
            series_end=self._get_year_end(SQL("number")),
        )

    @api.model
    def _get_year_end(self, year: SQL) -> SQL:
        """The last day of the fiscal year that ends in `year`; on February 29, of every February."""
        return SQL(
            """
            LEAST(MAKE_DATE(%(year)s, company.fiscalyear_last_month::int, 1)
                      + (company.fiscalyear_last_day - 1),
                  (MAKE_DATE(%(year)s, company.fiscalyear_last_month::int, 1)
                      + interval '1 month' - interval '1 day')::date)
            """,
            year=year,
        )

    @api.model
    def _get_movement_query(self) -> SQL:
        """The posted items of all funds: `company_id`, `account_id`, `is_reserve`, `dated_on` and the
        amounts `distributed`, `added`, `used`, of which at most one is not zero."""
        return SQL(
            """
            SELECT fund.company_id, fund.account_id, fund.is_reserve, item.date AS dated_on,
                   CASE WHEN entry.move_id IS NOT NULL THEN -item.balance ELSE 0 END AS distributed,
                   CASE WHEN entry.move_id IS NULL THEN GREATEST(-item.balance, 0) ELSE 0 END AS added,
                   CASE WHEN entry.move_id IS NULL THEN GREATEST(item.balance, 0) ELSE 0 END AS used
              FROM (SELECT scheme.company_id, line.account_id, BOOL_OR(line.kind = 'reserve') AS is_reserve
                      FROM kmp_shu_scheme_line line JOIN kmp_shu_scheme scheme ON scheme.id = line.scheme_id
                     WHERE line.kind IN ('reserve', 'fund') AND line.account_id IS NOT NULL
                     GROUP BY 1, 2) fund
              JOIN account_move_line item
                ON item.account_id = fund.account_id AND item.company_id = fund.company_id
               AND item.parent_state = 'posted'
         LEFT JOIN (SELECT move_id FROM kmp_shu_run WHERE move_id IS NOT NULL
                     UNION SELECT reversal_move_id FROM kmp_shu_run WHERE reversal_move_id IS NOT NULL) entry
                ON entry.move_id = item.move_id
            """
        )

    @api.model
    def _read_statements(self, company, date_from, date_to):
        """What became of each fund of the company in a period, a list of `FundStatement` by account.

        Query budget: one. For whoever may read funds: totals tell nothing of single items.
        """
        self.check_access("read")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, is_reserve,
                       COALESCE(SUM(distributed + added - used) FILTER (WHERE dated_on < %(from)s), 0)::text,
                       COALESCE(SUM(distributed) FILTER (WHERE dated_on >= %(from)s), 0)::text,
                       COALESCE(SUM(added) FILTER (WHERE dated_on >= %(from)s), 0)::text,
                       COALESCE(SUM(used) FILTER (WHERE dated_on >= %(from)s), 0)::text,
                       SUM(distributed + added - used)::text
                  FROM (%(movement)s) movement
                 WHERE company_id = %(company)s AND dated_on <= %(to)s
                 GROUP BY account_id, is_reserve ORDER BY is_reserve DESC, account_id
                """,
                movement=self._get_movement_query(),
                company=company.id,
                **{"from": date_from, "to": date_to},
            )
        )
        return [FundStatement(*row[:2], *map(Decimal, row[2:])) for row in rows]

    def action_open_items(self):
        """The journal items of the fund in the year."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.account_id.display_name} {self.date_to.year}",
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("account_id", "=", self.account_id.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            "context": {"create": False},
        }
