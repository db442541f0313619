from decimal import Decimal

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .statutory_common import YEAR, StatutoryCase


@tagged("post_install", "-at_install")
class TestStatutoryLpea(StatutoryCase):
    """The economic benefit of the members of the shop."""

    def _compare(self, **vals):
        vals = {"company_id": self.company.id, "date_to": YEAR[1], "name": "Beras", "difference": 10} | vals
        return self.env["kmp.market.comparison"].with_user(self.officer).create(vals)

    def test_the_benefit_of_buying_together(self):
        basis = self.env["kmp.patronage.basis"].search([("company_id", "=", self.company.id)])
        self._compare(basis_id=basis.id)
        self._compare(basis_id=basis.id, difference=5, date_to="2024-12-31")
        rows = {row.cells[0]: row.cells[1:] for row in self._get("lpea").parts[0].rows}
        self.assertEqual(rows["Beras"], ("Rp5.000.000,00", "10% dari nilai", 500_000, 150_000))
        self.assertEqual(rows["JUMLAH PROMOSI EKONOMI ANGGOTA"][2:], (500_000, 150_000))

    def test_the_benefit_of_savings_is_that_of_the_days(self):
        saving = self._compare(
            section="saving", account_ids=[Command.set(self.sukarela_account.ids)], difference=2
        )
        # 500,000 from December 1: 31 of 365 days
        self.assertEqual(saving._get_benefit(), (Decimal("42465.75"), Decimal("849.32")))

    def test_a_comparison_names_what_it_reads(self):
        for section in ("purchase", "loan"):
            with self.assertRaises(ValidationError):
                self._compare(section=section)

    def test_without_comparison_and_distribution_it_says_so(self):
        document = self._get("lpea")
        self.assertIn("SHU tahun buku ini belum dibagi.", document.notices)
        self.assertTrue(any("Belum ada pembanding harga pasar" in notice for notice in document.notices))
