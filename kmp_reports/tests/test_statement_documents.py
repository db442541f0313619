import csv
import io
import shutil
import subprocess
import tempfile
from itertools import takewhile
from pathlib import Path

import openpyxl
import pypdf
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FORMULA, LONG, RIGHT_TO_LEFT
from .small_years import RICE, WORKERS
from .test_statement import YEAR, StatementCase

SOFFICE_SECONDS = 120
CSV_ALL_SHEETS = "44,34,76,1,,0,false,true,false,false,false,-1"
TITLES = [
    "LAPORAN POSISI KEUANGAN",
    "PERHITUNGAN HASIL USAHA",
    "PERHITUNGAN HASIL USAHA (BENTUK RINGKAS)",
    "LAPORAN PERUBAHAN EKUITAS",
    "LAPORAN ARUS KAS",
]
SHEETS = {
    "position": "Posisi keuangan",
    "result": "Hasil usaha",
    "result_plain": "PHU ringkas",
    "equity": "Perubahan ekuitas",
    "cash_flow": "Arus kas",
}


class DocumentCase(StatementCase):
    def _create_wizard(self, user=None, **vals):
        vals = {"date_from": YEAR[0], "date_to": YEAR[1], "kind": "all", **vals}
        return self.env["kmp.statement.wizard"].with_user(user or self.accountant).create(vals)

    def _render(self, render, name, wizard, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.accountant)
        return getattr(reports, render)(name, wizard.ids, data={})[0]

    def _render_workbook(self, wizard, user=None):
        content = self._render("_render_xlsx", "kmp_reports.statement_xlsx", wizard, user)
        return openpyxl.load_workbook(io.BytesIO(content))

    def _add_account_without_place(self):
        self.accounts["gift"] = self._create_account("304000", "Titipan", "equity")
        self._post("2025-06-06", ("cash", 70, None), ("gift", -70, None))


class GoldenWorkbook:
    def test_workbook(self):
        book = self._render_workbook(self._create_wizard())
        self.assertEqual(book.sheetnames, list(SHEETS.values()))
        for kind, name in SHEETS.items():
            expected = list(self._get_expected(self.cooperative, kind).values())
            columns = len(expected[0])
            with self.subTest(kind):
                rows = book[name].iter_rows(values_only=True)
                lines = takewhile(lambda row: row[0] != "Uji silang dengan buku besar", rows)
                found = [row[1 : 1 + columns] for row in lines if isinstance(row[1], int)]
                self.assertEqual(found, expected)

    def test_workbook_of_mis_builder(self):
        for kind in SHEETS:
            instance = self._create_wizard()._get_instance(kind)
            content = self._render("_render_xlsx", "mis_builder.mis_report_instance_xlsx", instance)
            rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
            found = [
                tuple(value or 0 for value in row[1:])
                for row in rows
                if any(isinstance(cell, (int, float)) and cell for cell in row[1:])
            ]
            expected = [
                amounts for amounts in self._get_expected(self.cooperative, kind).values() if any(amounts)
            ]
            with self.subTest(kind):
                self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestShopWorkbook(GoldenWorkbook, DocumentCase):
    pass


@tagged("post_install", "-at_install")
class TestRiceWorkbook(GoldenWorkbook, DocumentCase):
    cooperative = RICE


@tagged("post_install", "-at_install")
class TestWorkersWorkbook(GoldenWorkbook, DocumentCase):
    cooperative = WORKERS


@tagged("post_install", "-at_install")
class TestStatementDocuments(DocumentCase):
    # On the screen

    def test_open(self):
        for user in (self.accountant, self.auditor, self.supervisor):
            self._check_open(user)

    def _check_open(self, user):
        action = self._create_wizard(user, kind="result").action_open()
        instance = self.env["mis.report.instance"].with_user(user).browse(action["res_id"])
        self.assertEqual(action["context"]["active_id"], instance.id)
        self.assertEqual(instance.period_ids.mapped("name"), ["2025", "2024"])
        body = instance.compute()["body"]
        rows = {row["label"]: [cell.get("val") for cell in row["cells"]] for row in body}
        self.assertEqual(rows["Partisipasi neto anggota"], [1_100_000, 600_000])
        self.assertEqual(rows["SHU SETELAH PAJAK"], [1_760_000, 600_000])

    def test_open_again_is_the_same_report(self):
        opened = [self._create_wizard(kind="position").action_open()["res_id"] for _time in range(2)]
        self.assertEqual(opened[0], opened[1])

    def _drill(self, kind, label):
        instance = self._create_wizard()._get_instance(kind).with_user(self.accountant)
        [row] = [row for row in instance.compute()["body"] if row["label"] == label]
        action = instance.drilldown(row["cells"][0]["drilldown_arg"])
        self.assertEqual(action["res_model"], "account.move.line")
        lines = self.env["account.move.line"].with_user(self.accountant).search(action["domain"])
        return sum(lines.mapped("balance")), lines

    def test_amounts_lead_to_their_journal_items(self):
        self.assertEqual(self._drill("position", "Kas dan setara kas")[0], 3_920_000)
        self.assertEqual(self._drill("result_plain", "Pendapatan usaha")[0], -12_500_000)
        self.assertEqual(self._drill("cash_flow", "Setoran (pengembalian) simpanan wajib")[0], -1_000_000)

    def test_the_members_part_leads_to_the_items_of_members(self):
        balance, lines = self._drill("result", "Partisipasi bruto anggota")
        self.assertEqual(balance, -5_000_000)
        self.assertEqual(lines.partner_id, self.partners["A"])
        self.assertTrue(all(lines.mapped("kmp_is_member")))

    def test_who_may_not_read_items_prints(self):
        wizard = self._create_wizard(self.officer)
        with self.assertRaisesRegex(AccessError, "Print it"):
            wizard.action_open()
        self.assertEqual(wizard.action_print()["report_name"], "kmp_reports.statement")
        self.assertEqual(wizard.action_export()["report_name"], "kmp_reports.statement_xlsx")

    def test_the_clerk_and_others_do_not(self):
        for user in (self.clerk, self.outsider):
            with self.assertRaises(AccessError):
                self._create_wizard(user)

    def test_another_company_is_refused(self):
        wizard = self._create_wizard(self.auditor, company_id=self.company.id)
        wizard.sudo().company_id = self.other_company
        for report in (("_render_qweb_html", "statement"), ("_render_xlsx", "statement_xlsx")):
            with self.assertRaises(AccessError):
                self._render(report[0], f"kmp_reports.{report[1]}", wizard, self.auditor)

    def test_a_print_without_a_question(self):
        with self.assertRaisesRegex(UserError, "from their menu"):
            self._render("_render_qweb_html", "kmp_reports.statement", self.env["kmp.statement.wizard"])

    # In print

    def _render_text(self, wizard, user=None):
        page = html.fromstring(self._render("_render_qweb_html", "kmp_reports.statement", wizard, user))
        return " ".join(" ".join(page.find(".//main").itertext()).split())

    def test_print(self):
        self.env["kmp.officer"].create(
            {
                "membership_id": self.members["A"].id,
                "company_id": self.company.id,
                "post": "treasurer",
                "date_from": "2025-01-01",
                "date_to": "2026-12-31",
            }
        )
        self.company.city = "Bantul"
        text = self._render_text(self._create_wizard(self.officer), self.officer)
        for part in (
            "LAPORAN POSISI KEUANGAN Per 31 Desember 2025",
            "PERHITUNGAN HASIL USAHA Untuk periode 1 Januari 2025 sampai dengan 31 Desember 2025",
            "Partisipasi bruto anggota 5.000.000,00 3.000.000,00",
            "Beban pokok (3.900.000,00) (2.400.000,00)",
            "KAS PADA AKHIR TAHUN 3.920.000,00 8.200.000,00",
            "Bantul, tanggal",
            "(Member A)",
        ):
            self.assertIn(part, text)
        self.assertNotIn("Selisih Rp", text)
        self.assertNotIn("BEDA", text)

    def test_each_year_of_the_equity_has_its_own_table(self):
        text = self._render_text(self._create_wizard(kind="equity"))
        self.assertEqual(text.count("JUMLAH EKUITAS"), 2)
        self.assertIn("JUMLAH EKUITAS 4.600.000,00 3.060.000,00 (600.000,00) 7.060.000,00", text)

    def test_what_is_wrong_stands_on_the_face(self):
        self._add_account_without_place()
        text = self._render_text(self._create_wizard(self.officer, kind="position"), self.officer)
        self.assertIn("TIDAK SEIMBANG: aset dikurangi liabilitas dan ekuitas 70,00 0,00", text)
        self.assertIn("Selisih Rp70,00. 304000 Titipan", text)
        self.assertIn("BEDA", text)
        sheet = self._render_workbook(self._create_wizard())["Posisi keuangan"]
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
        self.assertTrue(any("Selisih Rp70,00. 304000 Titipan" in cell for cell in cells))

    def test_names_stay_text(self):
        for name in (FORMULA, RIGHT_TO_LEFT, LONG):
            self.company.name = name
            self.assertIn(name, self._render_text(self._create_wizard()))
            cell = self._render_workbook(self._create_wizard())["Arus kas"]["A1"]
            self.assertEqual((cell.value, cell.data_type), (name, "s"))

    def test_libreoffice_reads_the_workbook_without_an_error_cell(self):
        if not shutil.which("soffice"):
            self.skipTest("LibreOffice is not installed: soffice")
        self.company.name = FORMULA
        content = self._render("_render_xlsx", "kmp_reports.statement_xlsx", self._create_wizard())
        sheets = self._convert(content)
        for name, rows in sheets.items():
            self.assertFalse([cell for row in rows for cell in row if cell.startswith(("#", "Err:"))], name)
            self.assertEqual(rows[0][0], FORMULA)
        [total] = [row for row in sheets["Posisi keuangan"] if row[0] == "JUMLAH ASET"]
        self.assertEqual(total[1:3], ["20720000", "18600000"])

    def _convert(self, content):
        """The cells of each sheet as LibreOffice reads them."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "book.xlsx")
            path.write_bytes(content)
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
            target = ["--convert-to", f"csv:Text - txt - csv (StarCalc):{CSV_ALL_SHEETS}", "--outdir", folder]
            subprocess.run(
                [*command, *target, path], check=True, capture_output=True, timeout=SOFFICE_SECONDS
            )
            return {
                name: list(csv.reader(io.StringIO(Path(folder, f"book-{name}.csv").read_text())))
                for name in SHEETS.values()
            }

    def test_the_pdf_has_a_page_for_each_statement(self):
        if not shutil.which("wkhtmltopdf"):
            self.skipTest("wkhtmltopdf is not installed")
        self.company.name = LONG
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        reports = reports.with_context(force_report_rendering=True)
        content = reports._render_qweb_pdf("kmp_reports.statement", self._create_wizard().ids, data={})[0]
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        pages = [" ".join(page.extract_text().split()) for page in pages]
        self.assertEqual(len(pages), 5)
        for place, (page, title) in enumerate(zip(pages, TITLES, strict=True), start=1):
            self.assertIn(title, page)
            self.assertIn(f"Halaman {place} dari 5", page)
            self.assertIn(LONG.replace(" ", ""), page.replace(" ", ""))

    def test_one_year_alone(self):
        text = self._render_text(self._create_wizard(kind="result", is_compared=False))
        self.assertIn("SHU SETELAH PAJAK 1.760.000,00 ", text)
        self.assertNotIn("600.000,00 ", text.replace("1.600.000,00", ""))

    # Accounts to place

    def _open_accounts(self, user):
        action = self._create_wizard(user).action_check()
        return self.env["kmp.statement.account"].with_user(user).search(action["domain"])

    def test_the_assistant_shows_and_places_an_account(self):
        self._add_account_without_place()
        line = self._open_accounts(self.accountant)
        self.assertEqual(
            (line.account_id, line.problem, line.kind, line.balance),
            (self.accounts["gift"], "missing", "position", -70),
        )
        line.tag_id = self.env.ref("kmp_reports.place_grant")
        self.assertFalse(self._open_accounts(self.accountant))
        self.assertEqual(self._read_all()["position"].amount("grant"), 70)

    def test_a_new_place_takes_the_old_one_away_and_keeps_other_tags(self):
        self._add_account_without_place()
        other = self.env["account.account.tag"].create({"name": "Ours", "applicability": "accounts"})
        line = self._open_accounts(self.accountant)
        self.accounts["gift"].tag_ids = other
        for place in ("grant", "reserve_risk"):
            line.tag_id = self.env.ref(f"kmp_reports.place_{place}")
        self.assertEqual(
            self.accounts["gift"].tag_ids, other | self.env.ref("kmp_reports.place_reserve_risk")
        )

    def test_who_reads_does_not_place(self):
        self._add_account_without_place()
        for user in (self.auditor, self.officer, self.supervisor):
            line = self._open_accounts(user)
            with self.assertRaises(AccessError):
                line.tag_id = self.env.ref("kmp_reports.place_grant")
                line.flush_recordset()
        self.assertFalse(self.accounts["gift"].tag_ids)

    def test_all_in_place(self):
        self.assertFalse(self._open_accounts(self.auditor))
