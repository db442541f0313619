from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

SAME_CITY, SAME_PROVINCE, OTHER_PROVINCE, ABROAD, UNKNOWN = "city", "province", "country", "abroad", "unknown"


class Sale(NamedTuple):
    """What was sold of one product group into one region, in company currency. `contract_id` is the off-taker, or None."""

    category_id: int | None
    account_id: int
    region: str
    contract_id: int | None
    amount: Decimal


class RegistrySales(models.AbstractModel):
    """The turnover of a year by what was sold, where to, and under which contract.

    Made of the items that are the turnover of `res.company._get_surplus_parts`, so the sum of all rows is that turnover. A product
    group is a product category; what names no product, such as the day's total of a till, goes by its account. The region is that
    of the customer's address beside the co-operative's own.
    """

    _name = "kmp.registry.sales"
    _description = "Turnover by Product, Market and Contract"

    @api.model
    def _get_sales(self, company, date_from, date_to):
        """A list of `Sale`. Query budget: one and what finds the bases of participation.

        :raise AccessError: the user may not read the distributions of the company
        """
        self.env["kmp.coop.figures"]._check_readable(company, "kmp.shu.run")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT category_id, account_id, region, contract_id, (-SUM(balance))::text
                  FROM (%s) sale GROUP BY 1, 2, 3, 4
                """,
                self._get_sales_query(company, date_from, date_to),
            )
        )
        return [Sale(*row[:4], Decimal(row[4])) for row in rows]

    def _get_sales_query(self, company, date_from, date_to) -> SQL:
        # sudo: totals, for whoever may read the surplus that they belong to
        company = company.sudo()
        return SQL(
            """
            SELECT template.categ_id AS category_id, line.account_id, %(region)s AS region, line.balance,
                   CASE WHEN customer.kmp_offtake_contract > ''
                         AND line.date >= COALESCE(customer.kmp_offtake_from, line.date)
                         AND line.date <= COALESCE(customer.kmp_offtake_to, line.date)
                        THEN customer.id END AS contract_id
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
             WHERE %(result)s AND account.id != ALL(%(tax)s)
               AND (account.account_type = 'income' OR account.id = ANY(%(participation)s))
            """,
            region=self._get_region(company.partner_id),
            result=company._get_result_condition(date_from, date_to),
            tax=company.shu_tax_account_ids.ids,
            participation=company._get_participation_bases().account_ids.ids,
        )

    def _get_region(self, home) -> SQL:
        """Where the customer is, seen from the address `home`; unknown where either has none."""
        return SQL(
            """
            CASE WHEN customer.country_id != %(country)s THEN %(abroad)s
                 WHEN customer.state_id != %(state)s THEN %(other_province)s
                 WHEN customer.state_id IS NULL OR %(state)s IS NULL THEN %(unknown)s
                 WHEN LOWER(TRIM(customer.city)) = LOWER(TRIM(%(city)s)) THEN %(same_city)s
                 ELSE %(same_province)s END
            """,
            country=home.country_id.id or None,
            state=home.state_id.id or None,
            city=home.city or None,
            abroad=ABROAD,
            other_province=OTHER_PROVINCE,
            unknown=UNKNOWN,
            same_city=SAME_CITY,
            same_province=SAME_PROVINCE,
        )
