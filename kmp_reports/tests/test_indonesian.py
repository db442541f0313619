from datetime import date
from decimal import Decimal

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.kmp_membership.report.document_xlsx import cell_number


@tagged("post_install", "-at_install")
class TestIndonesian(TransactionCase):
    def setUp(self):
        super().setUp()
        self.rupiah = self.env.ref("base.IDR")

    def test_money(self):
        for amount, text in (
            ("1000000", "Rp1.000.000,00"),
            ("-1234567.5", "(Rp1.234.567,50)"),
            ("0", "Rp0,00"),
            ("123456789012345678901.23", "Rp123.456.789.012.345.678.901,23"),
        ):
            self.assertEqual(indonesian.money(Decimal(amount), self.rupiah), text)

    def test_whole_rupiah_are_written_with_cents(self):
        self.rupiah.rounding = 1
        self.assertEqual(indonesian.money(Decimal(1500), self.rupiah), "Rp1.500,00")
        self.assertEqual(indonesian.number(Decimal(-1500), self.rupiah), "(1.500,00)")

    def test_a_currency_of_three_decimals(self):
        dinar = self.env.ref("base.KWD")
        self.assertEqual(indonesian.number(Decimal("1.5"), dinar), "1,500")

    def test_percent_and_date(self):
        self.assertEqual(indonesian.percent(Decimal("33.333333")), "33,333333%")
        self.assertEqual(indonesian.percent(Decimal("40.000000")), "40%")
        self.assertEqual(indonesian.date(date(2025, 8, 17)), "17 Agustus 2025")
        self.assertEqual(indonesian.date(False), "")

    def test_a_cell_shows_every_digit_or_refuses(self):
        for text in ("0", "999999999999999", "-7", "0.01", "1234567890123.45", "9999999999999.99"):
            amount = Decimal(text)
            self.assertEqual(Decimal(f"{cell_number(amount):.15g}"), amount)
        for text in ("1000000000000001", "99999999999999.99", "9007199254740993"):
            with self.assertRaises(OverflowError):
                cell_number(Decimal(text))
