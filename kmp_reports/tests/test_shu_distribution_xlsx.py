import csv
import io
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..report import shu_distribution_xlsx
from .common import CLASSES, EXPENSE, FORMULA, INCOME, MEMBERS, POOLS, SURPLUS, DistributionCase

SHEETS = ["Pembagian SHU", "Daftar per anggota", "Uji silang"]
LIST_HEADER_ROW = 6
SOFFICE_SECONDS = 120
CSV_ALL_SHEETS = "44,34,76,1,,0,false,true,false,false,false,-1"


@tagged("post_install", "-at_install")
class TestShuDistributionXlsx(DistributionCase):
    def _open(self, content, data_only=True):
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)

    def _render_workbook(self, run, **kwargs):
        return self._open(self._render("_render_xlsx", "shu_distribution_xlsx", run), **kwargs)

    def _rows(self, sheet):
        return [
            [value for value in row if value not in (None, "")] for row in sheet.iter_rows(values_only=True)
        ]

    def test_the_distribution_sheet(self):
        run = self._run_posted()
        book = self._render_workbook(run)
        self.assertEqual(book.sheetnames, SHEETS)
        rows = self._rows(book["Pembagian SHU"])
        self.assertIn([self.company.name], rows)
        self.assertIn(["SHA-256", run.hash], rows)
        self.assertIn(["Sidik digital", run.hash[:12]], rows)
        self.assertIn(["Keputusan rapat anggota", "07/RAT/2026"], rows)
        pools = [(row[0], row[2], row[3]) for row in rows if len(row) == 4 and row[0] != "Kode"]
        self.assertEqual(pools, POOLS)
        self.assertIn(["Jumlah = sisa hasil usaha", SURPLUS], rows)
        self.assertEqual([row[0].split(":")[0] for row in rows[-3:]], ["Bendahara", "Ketua", "Pengawas"])

    def _get_list(self, book):
        return [
            row[:7]
            for row in book["Daftar per anggota"].iter_rows(min_row=LIST_HEADER_ROW + 1, values_only=True)
        ]

    def test_the_list_has_members_subtotals_and_total(self):
        rows = self._get_list(self._render_workbook(self._run_posted()))
        self.assertEqual(
            [row for row in rows if row[0]],
            [
                (place, number, name, {row[0]: row[1] for row in CLASSES}[code], *amounts)
                for place, (number, code, name, _capital, _business, *amounts) in enumerate(MEMBERS, start=1)
            ],
        )
        self.assertEqual(
            [(row[1], row[3], *row[4:]) for row in rows if not row[0]],
            [
                (f"Jumlah {code} {name} ({count} anggota)", name, *amounts)
                for code, name, count, *amounts in CLASSES
            ]
            + [("Jumlah seluruhnya (5 anggota)", "", 150_000, 450_000, 600_000)],
        )

    def test_the_list_is_the_ledger(self):
        run = self._run_posted()
        rows = self._get_list(self._render_workbook(run))
        for number, _code, _name, *_rest in MEMBERS:
            [credit] = self._ledger(
                "SELECT SUM(credit)::text FROM account_move_line WHERE move_id = %s AND partner_id = %s",
                run.move_id.id,
                self.members[number].partner_id.id,
            )
            [total] = [row[6] for row in rows if row[1] == number]
            self.assertEqual(total, Decimal(credit), number)
        [payable] = self._ledger(
            "SELECT SUM(credit)::text FROM account_move_line WHERE move_id = %s AND account_id = %s",
            run.move_id.id,
            self.accounts["payable"].id,
        )
        self.assertEqual(rows[-1][6], Decimal(payable))
        [surplus] = self._ledger(
            """
            SELECT (-SUM(balance))::text FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %s AND parent_state = 'posted'
               AND line.date BETWEEN '2025-01-01' AND '2025-12-31'
               AND account.account_type IN ('income', 'income_other', 'expense')
            """,
            self.company.id,
        )
        self.assertEqual(Decimal(surplus), INCOME - EXPENSE)
        self.assertIn(
            ["Jumlah = sisa hasil usaha", Decimal(surplus)],
            self._rows(self._render_workbook(run)["Pembagian SHU"]),
        )

    def test_sums_are_formulas(self):
        book = self._render_workbook(self._run_posted(), data_only=False)
        sheet = book["Daftar per anggota"]
        self.assertEqual(
            [sheet.cell(row, 7).value for row in (9, 12, 14, 15)],
            ["=SUBTOTAL(9,G7:G8)", "=SUBTOTAL(9,G10:G11)", "=SUBTOTAL(9,G13:G13)", "=SUBTOTAL(9,G7:G14)"],
        )
        formulas = [
            cell.value for row in book["Uji silang"].iter_rows() for cell in row if cell.data_type == "f"
        ]
        self.assertEqual(formulas[:2], ["=C6-E6", '=IF(F6=0,"OK","BEDA")'])
        self.assertEqual(len(formulas), 2 * 8)

    def test_a_name_that_looks_like_a_formula_stays_a_text(self):
        sheet = self._render_workbook(self._run_posted(), data_only=False)["Daftar per anggota"]
        cells = {
            cell.value: cell for row in sheet.iter_rows(min_row=LIST_HEADER_ROW + 1) for cell in row[1:4]
        }
        for text in (FORMULA, "+1", "@x", "-1"):
            self.assertNotEqual(cells[text].data_type, "f", text)
            self.assertTrue(cells[text].quotePrefix, text)

    def test_the_list_prints_well(self):
        sheet = self._render_workbook(self._run_posted())["Daftar per anggota"]
        self.assertEqual(sheet.freeze_panes, "A7")
        self.assertEqual(sheet.print_title_rows, "$6:$6")
        self.assertEqual(sheet.auto_filter.ref, "A6:G14")
        self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.paperSize), ("landscape", 9))
        self.assertEqual(sheet.page_setup.fitToHeight, 0, "as many pages as it takes, one page wide")
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertIn("&P", sheet.oddFooter.right.text)

    def test_the_tie_out_sheet(self):
        rows = self._rows(self._render_workbook(self._run_posted())["Uji silang"])[5:]
        self.assertEqual(
            [(row[2], row[4], row[5], row[6]) for row in rows],
            [
                (left, left, 0, "OK")
                for left in (SURPLUS, SURPLUS, 600_000, SURPLUS, 600_000, 270_000, 180_000, 150_000)
            ],
        )

    def test_a_difference_is_shown(self):
        run = self._run_posted()
        self._earn("2025-12-31", 7)
        rows = self._rows(self._render_workbook(run)["Uji silang"])[5:]
        self.assertEqual(rows[0][-3:], [SURPLUS + 7, -7, "BEDA"])

    def test_before_posting(self):
        book = self._render_workbook(self._compute())
        rows = self._rows(book["Uji silang"])[5:]
        self.assertEqual([row[-1] for row in rows], ["OK"] * 3 + ["belum diposting"] * 5)
        self.assertIn(["KONSEP. Dihitung, belum disetujui"], self._rows(book["Pembagian SHU"]))

    def test_a_year_without_members(self):
        scheme = self._create_scheme(
            {"code": "CAD", "name": "Cadangan", "kind": "reserve", "percent": 100}, name="Cadangan saja"
        )
        scheme.with_user(self.officer).action_put_into_force()
        rows = self._get_list(self._render_workbook(self._run_posted(scheme=scheme)))
        self.assertEqual([row[4:] for row in rows], [(0, 0, 0)])

    def test_what_does_not_fit_is_refused(self):
        run = self._run_posted()
        self.patch(shu_distribution_xlsx, "MAX_ROWS", 10)
        with self.assertRaisesRegex(UserError, "SHU 2025 does not fit into a workbook"):
            self._render_workbook(run)

    def test_rows_are_not_kept_in_memory(self):
        options = self.env["report.kmp_reports.shu_distribution_xlsx"].get_workbook_options()
        self.assertTrue(options["constant_memory"])

    def test_two_runs_in_one_workbook(self):
        run = self._run_posted()
        self._earn("2024-05-05", 100)
        earlier = self._create_run(self.scheme, "2024-01-01", "2024-12-31")
        scheme = self._create_scheme(
            {"code": "CAD", "name": "Cadangan", "kind": "reserve", "percent": 100}, name="Cadangan saja"
        )
        scheme.with_user(self.officer).action_put_into_force()
        earlier.scheme_id = scheme
        earlier.action_compute()
        book = self._render_workbook(run | earlier)
        self.assertEqual(len(book.sheetnames), 2 * len(SHEETS))

    def _convert(self, content):
        """The cells of each sheet as LibreOffice reads them."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "book.xlsx")
            path.write_bytes(content)
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation=file://{folder}/profile",
                    "--headless",
                    "--convert-to",
                    f"csv:Text - txt - csv (StarCalc):{CSV_ALL_SHEETS}",
                    "--outdir",
                    folder,
                    path,
                ],
                check=True,
                capture_output=True,
                timeout=SOFFICE_SECONDS,
            )
            return {
                name: list(csv.reader(io.StringIO(Path(folder, f"book-{name}.csv").read_text())))
                for name in SHEETS
            }

    def test_libreoffice_reads_it_without_an_error_cell(self):
        if not shutil.which("soffice"):
            self.skipTest("LibreOffice is not installed: soffice")
        sheets = self._convert(self._render("_render_xlsx", "shu_distribution_xlsx", self._run_posted()))
        for name, rows in sheets.items():
            self.assertFalse([cell for row in rows for cell in row if cell.startswith(("#", "Err:"))], name)
        members = sheets["Daftar per anggota"]
        self.assertEqual(members[-1][4:7], ["150000", "450000", "600000"])
        self.assertEqual(members[LIST_HEADER_ROW][1:3], ["PRO-1", FORMULA])
        self.assertEqual([row[6] for row in sheets["Uji silang"][5:]], ["OK"] * 8)
