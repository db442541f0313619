from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine import surplus as engine
from .shu_scheme_line import PERCENT_DIGITS, exact_number


class ResCompany(models.Model):
    """What a company earned in a period, from its posted ledger, and which part of it its members made.

    `_get_surplus_parts` is the one place that knows; the distribution and the statements read it.
    """

    _inherit = "res.company"

    shu_tax_account_ids = fields.Many2many(
        "account.account",
        relation="kmp_shu_tax_account_rel",
        string="Income Tax Accounts",
        check_company=True,
        domain="[('account_type', 'like', 'expense')]",
        help="Expense accounts of the income tax (PPh badan). The surplus that is distributed is what is "
        "left after them.",
    )
    shu_common_cost_key = fields.Selection(
        [
            ("turnover", "By turnover"),
            ("margin", "By margin"),
            ("fixed", "A fixed percentage"),
        ],
        string="Common Costs",
        required=True,
        default="turnover",
        help="Which part of the common costs, less other income, the members' business bears.",
    )
    shu_common_cost_percent = fields.Float(
        "Members' Part of Common Costs", digits=PERCENT_DIGITS, help="In percent."
    )

    _shu_common_cost_percent_range = models.Constraint(
        "CHECK(shu_common_cost_percent >= 0 AND shu_common_cost_percent <= 100)",
        "The members' part of the common costs is from 0 to 100 percent.",
    )

    @api.constrains("shu_tax_account_ids")
    def _check_shu_tax_accounts(self):
        for company in self:
            for account in company.shu_tax_account_ids:
                if not account.account_type.startswith("expense"):
                    raise ValidationError(
                        self.env._(
                            "Account %(account)s is no expense account and cannot be one of income tax of "
                            "%(company)s.",
                            account=account.display_name,
                            company=company.name,
                        )
                    )

    def _get_surplus_parts(self, date_from, date_to):
        """The surplus of the company from `date_from` to `date_to`, both included.

        Returns a dict of `engine.surplus.Part` (exact Decimals, company currency): `total` from the ledger,
        `member` and `non_member`, and under `sources` a Part per patronage source that makes up the
        member part (turnover and cost alone). `member + non_member = total` in each of their fields.
        `member` and `non_member` are missing when no patronage basis says what members' income is.

        One query over the year's items and one per source of participation.
        """
        self.ensure_one()
        self.env.flush_all()
        total = self._get_ledger_part(date_from, date_to)
        sources = self._get_participation_parts(date_from, date_to)
        parts = {"total": total, "sources": sources}
        if sources:
            parts["member"], parts["non_member"] = engine.divide(
                total,
                sum((part.turnover for part in sources.values()), Decimal(0)),
                sum((part.cost for part in sources.values()), Decimal(0)),
                self.shu_common_cost_key,
                exact_number(self.shu_common_cost_percent),
                Decimal(1).scaleb(-self.currency_id.decimal_places),
            )
        return parts

    def _get_ledger_part(self, date_from, date_to):
        """Turnover: income accounts, and those whose journal items are participation. Cost: cost of
        revenue. Tax: the accounts of the setting. Common: all other income and expense."""
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT (-COALESCE(SUM(balance) FILTER (WHERE kind = 'turnover'), 0))::text,
                       COALESCE(SUM(balance) FILTER (WHERE kind = 'cost'), 0)::text,
                       COALESCE(SUM(balance) FILTER (WHERE kind = 'common'), 0)::text,
                       COALESCE(SUM(balance) FILTER (WHERE kind = 'tax'), 0)::text
                  FROM (SELECT SUM(line.balance) AS balance,
                               CASE WHEN account.id = ANY(%(tax)s) THEN 'tax'
                                    WHEN account.account_type = 'income'
                                      OR account.id = ANY(%(participation)s) THEN 'turnover'
                                    WHEN account.account_type = 'expense_direct_cost'
                                      OR line.display_type = 'cogs' THEN 'cost'
                                    ELSE 'common' END AS kind
                          FROM account_move_line line
                          JOIN account_account account ON account.id = line.account_id
                         WHERE %(period)s
                         GROUP BY account.id, line.display_type) item
                """,
                tax=self.shu_tax_account_ids.ids,
                participation=self._get_participation_bases().account_ids.ids,
                period=self._get_result_condition(date_from, date_to),
            )
        )
        return engine.Part(*map(Decimal, row))

    def _has_income_tax(self, date_from, date_to):
        """Whether income tax of the period is booked. Reads the tax accounts alone."""
        [[booked]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.balance), 0) != 0
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.account_id = ANY(%s) AND %s
                """,
                self.shu_tax_account_ids.ids,
                self._get_result_condition(date_from, date_to),
            )
        )
        return booked

    def _get_result_condition(self, date_from, date_to) -> SQL:
        """The posted income and expense of a period, over the aliases `line` and `account`."""
        return SQL(
            """line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND (account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%')""",
            company=self.id,
            date_from=date_from,
            date_to=date_to,
        )

    def _get_participation_bases(self):
        """The bases whose business is the members' part of the income, archived ones left out."""
        # What members' income is does not depend on who asks.
        return (
            self.env["kmp.patronage.basis"]
            .sudo()
            .search([("company_id", "=", self.id), ("is_participation", "=", True)])
        )

    def _get_participation_parts(self, date_from, date_to):
        """Turnover and cost of the members by source: {source name: Part}."""
        parts = {}
        for source, bases in self._get_participation_bases().grouped("source").items():
            [row] = self.env.execute_query(
                SQL(
                    "SELECT COALESCE(SUM(value), 0)::text, COALESCE(SUM(cost), 0)::text FROM (%s) business",
                    bases._get_participation_query(date_from, date_to),
                )
            )
            parts[source] = engine.Part(*map(Decimal, row), Decimal(0), Decimal(0))
        return parts
