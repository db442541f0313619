from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.kmp_shu.models.shu_scheme_line import exact_number

DIFFERENCE_DIGITS = (16, 6)
BUSINESS, INTEREST = ("purchase", "sale"), ("loan", "saving")


class Benefit(NamedTuple):
    """What members have from one comparison in a period: `volume` in rupiah, or in units; `amount` in rupiah."""

    volume: Decimal
    amount: Decimal


class MarketComparison(models.Model):
    """By how much the market is dearer, or pays less, than the co-operative, for one kind of business in one fiscal year.

    It is the input of the Laporan Promosi Ekonomi Anggota: the price of the market stands in no ledger. The volume does: the benefit is
    the members' business, as a patronage basis reads it, times the difference. A basis that measures a quantity takes rupiah per unit (a
    quality weight of the basis counts), every other one a percentage of the value. Loans and savings take percentage points a year on the
    day-weighted balance of accounts.
    """

    _name = "kmp.market.comparison"
    _description = "Comparison with the Market"
    _order = "date_to desc, section, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_to = fields.Date("Fiscal Year Until", required=True, help="The last day of the fiscal year.")
    section = fields.Selection(
        [
            ("purchase", "Joint purchasing: members buy from the co-op"),
            ("sale", "Joint marketing and processing: members sell to the co-op"),
            ("loan", "Loans to members"),
            ("saving", "Savings of members"),
        ],
        required=True,
        default="purchase",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("What Is Compared", required=True)
    basis_id = fields.Many2one("kmp.patronage.basis", check_company=True, ondelete="restrict", index=True)
    basis_measure = fields.Selection(related="basis_id.measure")
    category_id = fields.Many2one(
        "product.category",
        "Product Category",
        help="This category and those below it. Empty: all of the basis.",
    )
    account_ids = fields.Many2many(
        "account.account",
        string="Accounts",
        check_company=True,
        help="The accounts on which the loans, or the savings, of members stand.",
    )
    difference = fields.Float(
        digits=DIFFERENCE_DIGITS,
        required=True,
        help="Rupiah per unit where the basis measures a quantity, percentage points a year for loans and savings, else percent of the "
        "value. Above zero where members do better with the co-op than on the market.",
    )
    source = fields.Char(
        "Market Price From", help="Where the price of the market comes from, and of which day."
    )
    volume = fields.Float(compute="_compute_benefit", digits=(16, 2))
    amount = fields.Monetary("Benefit", compute="_compute_benefit")

    @api.constrains("section", "basis_id", "account_ids")
    def _check_input(self):
        for comparison in self:
            if comparison.section in BUSINESS and not comparison.basis_id:
                raise ValidationError(
                    self.env._("%s: choose the patronage basis that reads this business.", comparison.name)
                )
            if comparison.section in INTEREST and not comparison.account_ids:
                raise ValidationError(
                    self.env._("%s: choose the accounts on which the money stands.", comparison.name)
                )

    @api.depends_context("uid")
    @api.depends("date_to", "section", "basis_id", "category_id", "account_ids", "difference")
    def _compute_benefit(self):
        for comparison in self:
            is_complete = comparison.date_to and (comparison.basis_id or comparison.account_ids)
            benefit = comparison._get_benefit() if is_complete else Benefit(Decimal(), Decimal())
            comparison.volume, comparison.amount = benefit

    @property
    def is_per_unit(self):
        return self.section in BUSINESS and self.basis_id.measure == "quantity"

    def _get_benefit(self):
        """The `Benefit` of the fiscal year, to the rounding unit of the currency. Query budget: one."""
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        year = self.company_id.compute_fiscalyear_dates(self.date_to)
        read = self._read_business if self.section in BUSINESS else self._read_average_balance
        volume = read(year["date_from"], year["date_to"])
        factor = exact_number(self.difference) / (1 if self.is_per_unit else 100)
        unit = Decimal(1).scaleb(-self.company_id.currency_id.decimal_places)
        return Benefit(volume, (volume * factor).quantize(unit, ROUND_HALF_UP))

    def _read_business(self, date_from, date_to):
        # sudo: a total of business, for whoever may read the comparison
        business = self.basis_id.sudo()._get_business_query(date_from, date_to)
        [[volume]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(%s), 0)::text FROM (%s) business WHERE %s",
                SQL("measure") if self.is_per_unit else SQL("value"),
                business,
                self._get_category_condition(),
            )
        )
        return Decimal(volume)

    def _get_category_condition(self) -> SQL:
        if not self.category_id:
            return SQL("TRUE")
        return SQL(
            """product_id IN (
                SELECT product.id FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN product_category category ON category.id = template.categ_id
                 WHERE category.parent_path LIKE %s)""",
            f"{self.category_id.parent_path}%",
        )

    def _read_average_balance(self, date_from, date_to):
        """The day-weighted balance of the accounts in the period: an item counts for the days that it stood there, its own included."""
        [[volume]] = self.env.execute_query(
            SQL(
                """
                SELECT ROUND(COALESCE(SUM(balance * (%(to)s::date - GREATEST(date, %(from)s) + 1)), 0)
                             / (%(to)s::date - %(from)s::date + 1), 2)::text
                  FROM account_move_line
                 WHERE account_id = ANY(%(accounts)s) AND company_id = %(company)s AND parent_state = 'posted'
                   AND date <= %(to)s
                """,
                accounts=self.account_ids.ids,
                company=self.company_id.id,
                **{"from": date_from, "to": date_to},
            )
        )
        return Decimal(volume) * (1 if self.section == "loan" else -1)
