import io
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.kmp_shu.tests.trade import TradeCase

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


@tagged("post_install", "-at_install")
class TestRegistryDocuments(TradeCase):
    """In 2025: 3,000 of rice to a member next door, 5,000 under a contract to another province, 2,000 of salt abroad; till money 1,000
    without a customer. A loan of LPDB of 4,000, participation capital of 500 by agreement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_places()
        cls._set_up_capital()
        cls._create_basis("SALES", source="kmp.patronage.source.invoice", is_participation=True)
        cls._create_member("P-1", "P", "2025-02-01").sex = "female"

    @classmethod
    def _set_up_places(cls):
        java, bali = cls.env.ref("base.state_id_jb"), cls.env.ref("base.state_id_ba")
        home = {"country_id": cls.env.ref("base.id").id, "state_id": java.id, "city": "Bandung"}
        cls.company.partner_id.write(
            home | {"kmp_region_code": "32.04.05.2001", "company_registry": "3204050001"}
        )
        cls.member.partner_id.write(home | {"city": " BANDUNG"})
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "=PT Beras",
                "is_company": True,
                "country_id": cls.env.ref("base.id").id,
                "state_id": bali.id,
                "kmp_offtake_contract": "OT-7",
                "kmp_offtake_from": "2025-06-01",
            }
        )
        cls.stranger.country_id = cls.env.ref("base.my")

    @classmethod
    def _set_up_capital(cls):
        cls._pay_in(cls.member, "2024-03-01", 200)
        for key, code, kind, capital_type, amount in (
            ("lpdb", "270001", "liability_non_current", "loan", 4000),
            ("partner", "310008", "equity", "participation", 500),
        ):
            cls.accounts[key] = cls._create_account(code, key, kind)
            cls.env["kmp.funding"].create(
                {
                    "name": key,
                    "company_id": cls.company.id,
                    "capital_type": capital_type,
                    "source_type": "lpdb" if key == "lpdb" else "private",
                    "source_name": key,
                    "amount": amount,
                    "date_received": "2025-02-01",
                    "account_id": cls.accounts[key].id,
                }
            )
            cls._post("2025-02-01", ("cash", amount, None), (key, -amount, None))

    def setUp(self):
        super().setUp()
        self._earn("2024-07-01", 5500)
        self._invoice("out_invoice", self.contact, 3, 1000)
        self._invoice("out_invoice", self.buyer, 1, 1000, "2025-05-31")
        self._invoice("out_invoice", self.buyer, 4, 1000, "2025-06-01")
        self._invoice("out_invoice", self.stranger, 2, 1000, product=self.salt)
        self._earn("2025-07-01", 1000)

    def _document(self, key, user=None):
        model = self.env[f"kmp.statutory.{key}"].with_user(user or self.auditor)
        model = model.with_context(allowed_company_ids=(user or self.auditor).company_id.ids)
        return model._get_document(self.company, *YEAR)

    def _rows(self, document, title):
        """{first cell: the others} of a table."""
        [table] = [table for table in document.tables if table.title.startswith(title)]
        return {row.cells[0]: row.cells[1:] for row in table.rows}

    def test_sales_are_the_turnover(self):
        sales = self.env["kmp.registry.sales"].with_user(self.supervisor)._get_sales(self.company, *YEAR)
        turnover = self.company._get_surplus_parts(*YEAR)["total"].turnover
        self.assertEqual(sum(sale.amount for sale in sales), turnover)
        self.assertEqual(turnover, 11_000)
        self.assertEqual(sum(sale.amount for sale in sales if sale.contract_id), 4000)

    def test_yearly_data(self):
        document = self._document("registry")
        self.assertEqual(
            self._rows(document, "B."),
            {
                "Class K": (0, 0, 1, 0, 1, 1),
                "Class P": (0, 1, 0, 0, 1, 0),
                "Jumlah": (0, 1, 1, 0, 2, 1),
            },
        )
        money = self._rows(document, "C.")
        self.assertEqual(money["Volume usaha"], (11_000, 5500))
        self.assertEqual(money["Volume usaha dengan anggota"], (3000, 0))
        self.assertEqual(money["Modal penyertaan"], (500, 0))
        self.assertEqual(money["Modal pinjaman dan kewajiban lain"], (4000, 0))
        self.assertEqual(money["Aset"], (money["Modal sendiri"][0] + 4500, 5700))
        self.assertEqual(money["Aset"][0], self._assets_of_sql())
        self.assertEqual(self._rows(document, "A.")["Kode wilayah"], ("32.04.05.2001",))
        self.assertTrue(document.ties)

    def _assets_of_sql(self):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT SUM(item.debit - item.credit)::text FROM account_move_line item
                 JOIN account_account account ON account.id = item.account_id
                WHERE account.account_type LIKE 'asset%%' AND item.company_id = %s AND item.date <= %s
                  AND item.parent_state = 'posted'""",
            (self.company.id, YEAR[1]),
        )
        return Decimal(self.env.cr.fetchone()[0])

    def test_indicators(self):
        document = self._document("modern")
        tenth = Decimal("0.1")
        self.assertEqual(
            self._rows(document, "B."),
            {
                "Rice": (8000, Decimal("72.7")),
                "Salt": (2000, Decimal("18.2")),
                "sales": (1000, Decimal("9.1")),
                "Jumlah": (11_000, 100),
            },
        )
        self.assertEqual(
            {name: cells[0] for name, cells in self._rows(document, "C.").items()},
            {
                "Kabupaten/kota yang sama": 3000,
                "Provinsi lain": 5000,
                "Luar negeri": 2000,
                "Alamat pelanggan tidak dicatat": 1000,
                "Jumlah": 11_000,
            },
        )
        share = (Decimal(400_000) / 11_000).quantize(tenth)
        self.assertEqual(self._rows(document, "D.")["=PT Beras, kontrak OT-7"], (4000, share))
        financing = {name: cells[0] for name, cells in self._rows(document, "E.").items()}
        self.assertEqual((financing["Pinjaman LPDB"], financing["Modal penyertaan"]), (4000, 500))
        self.assertEqual(financing["Jumlah"], self._assets_of_sql())
        summary = self._rows(document, "A.")
        self.assertEqual(summary["Penjualan berdasarkan kontrak (offtaker)"], (share, Decimal()))
        self.assertEqual(summary["Pertumbuhan jumlah anggota"], (100, 0))
        self.assertEqual(
            summary["Penjualan ke luar kabupaten/kota, bila alamat diketahui"], (70, None), "7,000 of 10,000"
        )
        self.assertEqual(self._rows(document, "F.")["2025"], (2, 100))
        self.assertTrue(document.ties)

    def test_a_co_operative_with_nothing(self):
        self.company = self.other_company
        for key in ("registry", "modern"):
            document = self._document(key, self.other_officer)
            self.assertTrue(document.ties)
            self.assertTrue(document.tables)

    def test_workbook_keeps_a_name_like_a_formula_a_text(self):
        wizard = (
            self.env["kmp.statutory.wizard"]
            .with_user(self.accountant)
            .create({"document": "modern", "company_id": self.company.id, "date_to": YEAR[1]})
        )
        self.assertIn("=PT Beras", wizard.preview)
        report = self.env.ref("kmp_reports.action_report_statutory_xlsx").with_user(self.accountant)
        content, _kind = report._render(report.report_name, wizard.ids, data={})
        [sheet] = load_workbook(io.BytesIO(content)).worksheets
        cells = {cell.value: cell.data_type for [cell] in sheet.iter_rows(max_col=1) if cell.value}
        self.assertEqual(cells["=PT Beras, kontrak OT-7"], "s")
        self.assertIn("INDIKATOR KOPERASI MODERN", cells)

    def test_who_may_read(self):
        for key in ("registry", "modern"):
            for user in (self.officer, self.supervisor, self.accountant):
                self.assertTrue(self._document(key, user).ties)
            for user in (self.clerk, self.outsider, self.other_officer):
                with self.assertRaises(AccessError):
                    self._document(key, user)
