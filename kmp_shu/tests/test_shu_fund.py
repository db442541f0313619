from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestShuFund(ShuRunCase):
    """2025: the reserve gets 200, education 100; both are used later."""

    def setUp(self):
        super().setUp()
        self._post("2024-06-30", ("cash", 50, None), ("reserve", -50, None))
        self.run_2025 = self.compute()
        self._approve(self.run_2025)
        self.run_2025.action_post()
        self._post("2026-07-01", ("education", 30, None), ("cash", -30, None))
        self._post("2026-08-01", ("cash", 7, None), ("education", -7, None))

    def read_years(self, key, **company):
        """Year, opening, from distributions, added, used and closing of an account."""
        self.env.flush_all()
        funds = self.env["kmp.shu.fund"].with_user(self.auditor)
        rows = funds.search([("account_id", "=", self.accounts[key].id)], order="date_to")
        return [
            (row.date_to.year, row.opening, row.distributed, row.added, row.used, row.closing)
            for row in rows
            if row.date_to.year <= 2026
        ]

    def test_a_row_per_fund_and_year(self):
        self.assertEqual(self.read_years("education"), [(2026, 0, 100, 7, 30, 77)])
        self.assertEqual(
            self.read_years("reserve"),
            [(2024, 0, 0, 50, 0, 50), (2025, 50, 0, 0, 0, 50), (2026, 50, 200, 0, 0, 250)],
        )

    @freeze_time("2026-09-09")
    def test_a_reversal_takes_back_what_was_distributed(self):
        self.run_2025.action_reverse()
        self.assertEqual(self.read_years("education"), [(2026, 0, 0, 7, 30, -23)])

    def test_the_statement_of_any_period(self):
        funds = self.env["kmp.shu.fund"].with_user(self.auditor)
        statements = {
            row.account_id: row[1:]
            for row in funds._read_statements(self.company, "2026-07-15", "2026-12-31")
        }
        self.assertEqual(
            statements,
            {
                self.accounts["reserve"].id: (True, *map(Decimal, (250, 0, 0, 0, 250))),
                self.accounts["education"].id: (False, *map(Decimal, (70, 0, 7, 0, 77))),
            },
        )

    def test_two_lines_with_one_account_are_one_fund(self):
        self._create_scheme(
            {"code": "A", "kind": "fund", "percent": 50}, {"code": "B", "kind": "fund", "percent": 50}
        )
        self.assertEqual(self.read_years("education"), [(2026, 0, 100, 7, 30, 77)])

    def test_the_fiscal_year_of_the_company(self):
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        # The distribution of March 1 lies in the year that ends on June 30, 2026, the use after it.
        self.assertEqual(self.read_years("education"), [(2026, 0, 100, 0, 0, 100)])
        rows = self.env["kmp.shu.fund"].search(
            [("account_id", "=", self.accounts["education"].id)], order="date_to"
        )
        self.assertEqual((str(rows[0].date_from), str(rows[0].date_to)), ("2025-07-01", "2026-06-30"))
        self.assertEqual((rows[1].opening, rows[1].used, rows[1].added, rows[1].closing), (100, 30, 7, 77))

    def test_drill_down_to_the_items_of_the_year(self):
        self.env.flush_all()
        fund = self.env["kmp.shu.fund"].search(
            [("account_id", "=", self.accounts["education"].id)], order="date_to", limit=1
        )
        action = fund.with_user(self.accountant).action_open_items()
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(-sum(items.mapped("balance")), fund.closing - fund.opening)
        self.assertEqual(len(items), 3)

    def test_who_may_see_it(self):
        with self.assertRaises(AccessError):
            self.env["kmp.shu.fund"].with_user(
                self._create_user("clerk2", "kmp_membership.group_clerk")
            ).search([])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user("stranger", "kmp_shu.group_shu_accountant")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(
            self.env["kmp.shu.fund"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )
