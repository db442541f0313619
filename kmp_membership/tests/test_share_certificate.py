import re
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .document_common import DocumentCase


@tagged("post_install", "-at_install")
class TestShareCertificate(DocumentCase):
    def test_certificate(self):
        html = self._html("share_certificate", membership_ids=[Command.set(self.member.ids)])
        text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))
        self.assertIn("Jumlah Rp125.000,00", text)
        self.assertIn("Terbilang: seratus dua puluh lima ribu rupiah", text)
        self.assertIn("anggota nomor A-01", text)
        # Savings are no capital; the legal name is simpanan, not saham.
        self.assertNotIn("Sukarela", text)
        self.assertNotIn("saham", text.lower())

    def test_as_of_a_day(self):
        html = self._html(
            "share_certificate", membership_ids=[Command.set(self.member.ids)], date=date(2025, 3, 9)
        )
        self.assertIn("seratus ribu rupiah", html)
        with self.assertRaisesRegex(UserError, "A-01 Budi holds no share capital"):
            self._html(
                "share_certificate", membership_ids=[Command.set(self.member.ids)], date=date(2025, 1, 31)
            )

    def test_cents_in_words(self):
        report = self.env["report.kmp_membership.share_certificate"]
        self.assertEqual(
            report._get_words(Decimal("1000.29"), self.idr), "seribu rupiah dua puluh sembilan sen"
        )

    def test_needs_members(self):
        with self.assertRaisesRegex(UserError, "between one and"):
            self._html("share_certificate")
