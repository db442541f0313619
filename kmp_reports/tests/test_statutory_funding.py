from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..report.shu_check import OK
from .statutory_common import YEAR, StatutoryCase


@tagged("post_install", "-at_install")
class TestStatutoryFunding(StatutoryCase):
    """Funds, grants and loans of the shop."""

    def test_what_became_of_the_funds(self):
        document = self._get("funds")
        rows = self._get_rows(document.parts[0])
        self.assertEqual(rows["302000 reserve"], (0, 0, 300, 0, 300))
        self.assertEqual(rows["205000 education"], (0, 0, 60, -40, 20))
        self.assertEqual([check.status for check in document.checks], [OK])
        [education] = [part for part in document.parts if part.title == "Mutasi 205000 education"]
        self.assertEqual([row.cells[3] for row in education.rows], [60_000, -40_000, 20_000])

    def _receive(self, name="1/HIBAH/2025", **vals):
        vals = {
            "name": name,
            "company_id": self.company.id,
            "source_type": "government",
            "source_name": "Dinas Koperasi",
            "amount": 1_000_000,
            "date_received": "2025-02-01",
            "account_id": self.accounts["grant"].id,
            "use_account_ids": [Command.set(self.accounts["equipment"].ids)],
        } | vals
        return self.env["kmp.funding"].with_user(self.officer).create(vals)

    def _spend(self):
        analytic = self.env["account.analytic.account"].create(
            {"name": "Hibah", "plan_id": self.env["account.analytic.plan"].create({"name": "Hibah"}).id}
        )
        self._post("2025-02-01", ("cash", 1_000_000, None), ("grant", -1_000_000, None))
        self._post("2025-03-01", ("equipment", 300_000, None), ("cash", -300_000, None))
        wages = self._post("2025-04-01", ("wages", 200_000, None), ("cash", -200_000, None))
        wages.line_ids[0].analytic_distribution = {str(analytic.id): 40}
        return analytic

    def test_what_a_grant_was_spent_on(self):
        funding = self._receive(analytic_account_id=self._spend().id)
        document = self._get("funding")
        self.assertEqual(self._get_rows(document.parts[0])["Jumlah"], (1000, 0, 1000, 0, 1000))
        self.assertEqual(
            self._get_rows(document.parts[1]),
            {
                "Diterima seluruhnya": (1000,),
                "Digunakan sebelum tahun buku": (0,),
                "123000 equipment": (-300,),
                "501000 wages": (-80,),
                "Belum digunakan": (620,),
            },
        )
        self.assertEqual([check.status for check in document.checks], [OK])
        self.assertEqual(funding.with_user(self.auditor).amount_used, 380_000)

    def test_agreements_on_one_account_are_told_apart_by_the_contact(self):
        self._receive()
        with self.assertRaises(ValidationError):
            self._receive("2/HIBAH/2025")
        partners = self.env["res.partner"].create([{"name": "Dinas"}, {"name": "Desa"}])
        first = self._receive(
            "3", account_id=self.accounts["bank"].id, partner_id=partners[0].id, capital_type="loan"
        )
        second = self._receive(
            "4", account_id=self.accounts["bank"].id, partner_id=partners[1].id, capital_type="loan"
        )
        self.partners["desa"] = partners[1]
        self._post("2025-05-01", ("cash", 70_000, None), ("bank", -70_000, partners[1]))
        closings = {
            row.funding: row.closing for row in (first + second)._read_statements(self.company, *YEAR)
        }
        self.assertEqual(closings, {first: 0, second: 70_000})
        # what carries no contact belongs to no agreement: the tie-out shows it
        check = self._get("funding").checks[0]
        self.assertEqual(check.difference, -8_000_000)

    def test_an_agreement_of_nothing_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._receive(amount=0)
