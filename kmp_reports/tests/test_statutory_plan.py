from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .statutory_common import StatutoryCase


@tagged("post_install", "-at_install")
class TestStatutoryPlan(StatutoryCase):
    def _budget(self, year, state, **balances):
        budget = (
            self.env["mis.budget.by.account"]
            .with_user(self.accountant)
            .create(
                {
                    "name": f"RAPB {year}",
                    "company_id": self.company.id,
                    "date_from": f"{year}-01-01",
                    "date_to": f"{year}-12-31",
                    "item_ids": [
                        Command.create(
                            {
                                "account_id": self.accounts[key].id,
                                "company_id": self.company.id,
                                "date_from": f"{year}-01-01",
                                "date_to": f"{year}-12-31",
                                "debit": max(amount, 0) * 1_000,
                                "credit": max(-amount, 0) * 1_000,
                            }
                        )
                        for key, amount in balances.items()
                    ],
                }
            )
        )
        budget.state = state
        return budget

    def test_the_budget_against_what_became_of_it(self):
        self._budget(2025, "confirmed", sales=-10_000, wages=800, equipment=500)
        self._budget(2026, "draft", sales=-14_000)
        self._budget(2025, "cancelled", sales=-1)
        document = self._get("plan")
        rows = self._get_rows(document.parts[-1])
        self.assertEqual(rows["401000 sales"], (10000, 12500, 2500, Decimal("0.125"), 14000))
        self.assertEqual(rows["501000 wages"], (800, 700, -100, Decimal("0.0875"), 0))
        self.assertEqual(rows["123000 equipment"], (500, 0, -500, 0, 0))
        self.assertEqual(rows["SISA HASIL USAHA (A − B)"][:3], (9200, 1760, -7440))
        self.assertFalse([notice for notice in document.notices if "nggaran" in notice])
