from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class FundingStatement(NamedTuple):
    """What became of one agreement in a period, in rupiah; opening + received - repaid = closing.

    `uses` are rows of `FundingUse`; `used_before` was spent before the period; `unused` is what was received up to the end of the
    period and is spent neither on its use nor, for a loan, in repayment.
    """

    funding: models.BaseModel
    opening: Decimal
    received: Decimal
    repaid: Decimal
    closing: Decimal
    received_ever: Decimal
    used_before: Decimal
    uses: list

    @property
    def used(self):
        return sum((use.amount for use in self.uses), Decimal())

    @property
    def unused(self):
        return self.received_ever - self.used_before - self.used

    @property
    def not_received(self):
        """What of the agreed amount has not come in by the ledger; below zero where more came in."""
        return Decimal(str(self.funding.amount)) - self.received_ever


class FundingUse(NamedTuple):
    account_code: str
    account_name: str
    amount: Decimal


class Funding(models.Model):
    """What the ledger says of grants and loans: what came in, what was repaid, what it was spent on."""

    _inherit = "kmp.funding"

    balance = fields.Monetary(compute="_compute_balances", help="What stands on the capital account today.")
    amount_received = fields.Monetary("Received", compute="_compute_balances")
    amount_used = fields.Monetary("Used", compute="_compute_balances", help="By the ledger, up to today.")

    @api.depends_context("uid")
    @api.depends("account_id", "partner_id", "use_account_ids", "analytic_account_id", "date_received")
    def _compute_balances(self):
        today = fields.Date.context_today(self)
        statements = {
            statement.funding.id: statement
            for company, fundings in self.grouped("company_id").items()
            for statement in fundings._origin._read_statements(company, today, today)
        }
        for funding in self:
            statement = statements.get(funding._origin.id)
            funding.balance = statement.closing if statement else 0
            funding.amount_received = statement.received_ever if statement else 0
            funding.amount_used = statement.used + statement.used_before if statement else 0

    def _read_statements(self, company, date_from, date_to):
        """A `FundingStatement` for each of these agreements that was received up to `date_to`.

        Query budget: two, whatever their number. For whoever may read the agreements: totals tell nothing of single items.
        """
        self.check_access("read")
        self.env.flush_all()
        fundings = self.filtered(
            lambda funding: funding.company_id == company and funding.date_received <= date_to
        )
        balances = fundings._read_balances(company, date_from, date_to)
        uses = fundings._read_uses(company, date_from, date_to)
        return [
            FundingStatement(funding, *balances[funding.id], *uses.get(funding.id, (Decimal(), [])))
            for funding in fundings.sorted(lambda funding: (funding.date_received, funding.name))
        ]

    def _read_balances(self, company, date_from, date_to):
        """{id: (opening, received, repaid, closing, received_ever)} from the posted items of the capital accounts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT funding.id,
                       COALESCE(SUM(-item.balance) FILTER (WHERE item.date < %(from)s), 0)::text,
                       COALESCE(SUM(item.credit) FILTER (WHERE item.date >= %(from)s), 0)::text,
                       COALESCE(SUM(item.debit) FILTER (WHERE item.date >= %(from)s), 0)::text,
                       COALESCE(SUM(-item.balance), 0)::text,
                       COALESCE(SUM(item.credit), 0)::text
                  FROM kmp_funding funding
             LEFT JOIN account_move_line item
                    ON item.account_id = funding.account_id AND item.company_id = %(company)s
                   AND item.parent_state = 'posted' AND item.date <= %(to)s
                   AND (item.partner_id = funding.partner_id OR NOT EXISTS (
                           SELECT FROM kmp_funding other
                            WHERE other.account_id = funding.account_id AND other.company_id = %(company)s
                              AND other.active AND other.id != funding.id))
                 WHERE funding.id = ANY(%(ids)s)
                 GROUP BY funding.id
                """,
                company=company.id,
                ids=self.ids,
                **{"from": date_from, "to": date_to},
            )
        )
        return {row[0]: tuple(map(Decimal, row[1:])) for row in rows}

    def _read_uses(self, company, date_from, date_to):
        """{id: (used_before, [FundingUse])}: items on the accounts of use, and items that carry the analytic account, each item once.

        An item that carries the analytic account counts for its percentage of it; what is debited to the capital account is repayment
        and no use, and so is the money itself on a cash account.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, code, name, COALESCE(SUM(amount) FILTER (WHERE date < %(from)s), 0)::text,
                       COALESCE(SUM(amount) FILTER (WHERE date >= %(from)s), 0)::text
                  FROM (%(items)s) item
                 GROUP BY id, code, name ORDER BY id, code, name
                """,
                items=self._get_use_query(company, date_to),
                **{"from": date_from},
            )
        )
        uses = {}
        for funding_id, code, name, before, amount in rows:
            used_before, listed = uses.get(funding_id, (Decimal(), []))
            if Decimal(amount):
                listed.append(FundingUse(code or "", name, Decimal(amount)))
            uses[funding_id] = (used_before + Decimal(before), listed)
        return uses

    def _get_use_query(self, company, date_to) -> SQL:
        """`id` of the agreement, `code` and `name` of the account, `date`, `amount`: first by account, then by analytic account."""
        items = self.env["account.move.line"]
        account = self.env["account.account"].with_company(company)
        return SQL(
            """
            SELECT spent.id, %(code)s AS code, COALESCE(account.name->>'id_ID', account.name->>'en_US') AS name, spent.date, spent.amount
              FROM (SELECT funding.id, item.account_id, item.date, item.balance AS amount
                      FROM kmp_funding funding
                      JOIN account_account_kmp_funding_rel used ON used.kmp_funding_id = funding.id
                      JOIN account_move_line item ON item.account_id = used.account_account_id AND %(condition)s
                     UNION ALL
                    SELECT funding.id, item.account_id, item.date, ROUND(item.balance * part.percent::numeric / 100, 2)
                      FROM kmp_funding funding
                      JOIN account_move_line item ON ARRAY[funding.analytic_account_id::text] && %(analytic)s AND %(condition)s
                       AND item.account_id NOT IN (SELECT account_account_id FROM account_account_kmp_funding_rel used
                                                    WHERE used.kmp_funding_id = funding.id)
                CROSS JOIN jsonb_each_text(item.analytic_distribution) part(keys, percent)
                     WHERE funding.analytic_account_id::text = ANY(string_to_array(part.keys, ','))) spent
              JOIN account_account account ON account.id = spent.account_id AND account.account_type != 'asset_cash'
            """,
            code=account._field_to_sql("account", "code"),
            analytic=items._query_analytic_accounts("item"),
            condition=SQL(
                """funding.id = ANY(%s) AND item.company_id = %s AND item.parent_state = 'posted'
                   AND item.date BETWEEN funding.date_received AND %s AND item.account_id != funding.account_id""",
                self.ids,
                company.id,
                date_to,
            ),
        )

    def action_open_items(self):
        """The journal items on the capital account."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("account_id", "=", self.account_id.id),
                ("parent_state", "=", "posted"),
            ],
            "context": {"create": False},
        }
