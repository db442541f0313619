import base64
import doctest
import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl
import pypdf
from reportlab.pdfgen.canvas import Canvas

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..report import statutory_xlsx
from .common import FORMULA, DistributionCase
from .statutory_common import YEAR, StatutoryCase

DOCUMENTS = [
    "Laporan pengurus",
    "Laporan pengawas",
    "Posisi keuangan",
    "Hasil usaha",
    "Perubahan ekuitas",
    "Arus kas",
    "CALK",
    "LPEA",
    "Dana",
    "Hibah dan pinjaman",
    "Tunggakan",
    "Rencana dan anggaran",
    "Daftar hadir",
    "Berita acara",
]


def print_sheets(count):
    """A PDF of so many blank pages."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for _page in range(count):
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


class RatPackCase(StatutoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["kmp.officer"].create(
            [
                {
                    "membership_id": cls.members[number].id,
                    "company_id": cls.company.id,
                    "post": post,
                    "date_from": "2024-01-01",
                    "date_to": "2028-12-31",
                }
                for number, post in (("A", "chair"), ("B", "treasurer"))
            ]
        )

    def _create_pack(self):
        return (
            self.env["kmp.rat.pack"]
            .with_user(self.officer)
            .create({"date_to": YEAR[1], "company_id": self.company.id, "meeting_date": "2026-04-20"})
        )

    def _print_blank(self):
        """Spare the printer: every part has two pages, cover and contents one."""
        book = self.env.registry["kmp.rat.pack.book"]
        self.patch(
            book,
            "_print",
            lambda model, html, name: print_sheets(
                1 if '<div class="cover">' in html or "<h1>DAFTAR ISI" in html else 2
            ),
        )

    def _build(self, pack):
        while pack.state == "draft":  # the first time shows what is missing
            pack.action_build()
        while pack._count_remaining():
            pack._process_batch()
        return pack


@tagged("post_install", "-at_install")
class TestRatPack(RatPackCase):
    def test_what_is_missing_is_said_before_and_not_found_after(self):
        pack = self._create_pack()
        self.assertEqual(pack.action_build()["tag"], "display_notification")
        self.assertEqual(pack.state, "draft")
        parts = {part.key: part for part in pack.part_ids}
        self.assertEqual(parts["shu"].status, "missing")
        self.assertEqual(parts["lpea"].status, "attention")
        self.assertIn("Anggaran tahun 2025 yang disahkan tidak ada.", parts["plan"].remark)
        self.assertIn("still the defaults", parts["officers"].remark)
        self.assertEqual(parts["attendance"].status, "ready")
        pack.action_build()
        self.assertEqual(pack.state, "building")

    def test_a_text_that_is_not_written_is_named(self):
        pack = self._create_pack()
        self.env["kmp.report.text"].with_user(self.officer)._prepare_year(self.company, YEAR[1], "plan")
        pack.action_check()
        [plan] = pack.part_ids.filtered(lambda part: part.key == "plan")
        self.assertIn("To be written: Rencana bidang organisasi, Rencana bidang usaha", plan.remark)

    def test_the_book_has_its_parts_in_order(self):
        self._print_blank()
        pack = self._build(self._create_pack())
        self.assertEqual(pack.state, "built")
        book = pypdf.PdfReader(io.BytesIO(base64.b64decode(pack.book_file)))
        self.assertEqual(len(book.pages), 2 + 2 * len(DOCUMENTS))
        pages = [page.indirect_reference.idnum for page in book.pages]
        self.assertEqual(
            [(entry.title, pages.index(entry["/Page"].indirect_reference.idnum)) for entry in book.outline],
            [(part.name, 2 + 2 * place) for place, part in enumerate(pack._get_printed_parts())],
        )
        self.assertNotIn("Halaman", book.pages[0].extract_text())
        self.assertIn(f"Halaman 2 dari {len(book.pages)}", book.pages[1].extract_text())
        self.assertFalse(any(pack.part_ids.mapped("file")))

    def test_progress_and_the_message(self):
        self._print_blank()
        pack = self._create_pack()
        pack.action_build()
        pack.action_build()
        self.assertEqual(pack.progress, 0)
        self.assertEqual(pack._process_batch(), 1)
        self.assertEqual(pack.progress, 100 // 15)
        self._build(pack)
        self.assertIn(pack.book_hash, pack.message_ids[0].body)
        self.assertIn(self.officer.partner_id, pack.message_ids[0].notified_partner_ids)

    def test_books_that_change_meanwhile_stop_it(self):
        self._print_blank()
        pack = self._create_pack()
        pack.action_build()
        pack.action_build()
        pack._process_batch()
        self._earn("2025-07-07", 5)
        with self.assertRaises(UserError):
            self._build(pack)
        self.assertEqual(pack.state, "building")
        self.assertFalse(pack.book_file)

    def test_a_later_entry_makes_it_outdated(self):
        self._print_blank()
        pack = self._build(self._create_pack())
        self.assertFalse(pack.is_outdated)
        self._earn("2026-01-01", 5)
        pack.invalidate_recordset()
        self.assertFalse(pack.is_outdated)
        self._earn("2025-12-31", 5)
        pack.invalidate_recordset()
        self.assertTrue(pack.is_outdated)

    def test_the_board_signs_or_says_why_not(self):
        self._print_blank()
        pack = self._build(self._create_pack())
        chair, treasurer = pack.signature_ids.sorted("post")
        self.assertEqual((chair.post, treasurer.post), ("chair", "treasurer"))
        with self.assertRaises(UserError):
            pack.action_sign_off()
        chair.action_sign()
        with self.assertRaises(UserError):
            chair.action_sign()
        treasurer.reason = "Tidak setuju dengan catatan 5."
        pack.action_sign_off()
        self.assertEqual(pack.state, "signed")
        with self.assertRaises(UserError):
            treasurer.reason = "x"
        with self.assertRaises(UserError):
            pack.action_build()
        pack.action_reopen()
        self.assertEqual((pack.state, len(pack.signature_ids)), ("draft", 0))

    def test_who_has_a_user_signs_himself(self):
        self._print_blank()
        new_test_user(
            self.env,
            "the_chair",
            groups="kmp_membership.group_officer",
            partner_id=self.members["A"].partner_id.id,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        pack = self._build(self._create_pack())
        chair = pack.signature_ids.filtered(lambda line: line.post == "chair")
        with self.assertRaises(UserError):
            chair.action_sign()

    def test_nothing_is_written_by_hand(self):
        pack = self._create_pack()
        for vals in ({"state": "signed"}, {"book_hash": "0"}, {"built_on": "2026-01-01"}):
            with self.assertRaises(UserError):
                pack.write(vals)
        with self.assertRaises(UserError):
            pack.part_ids[0].status = "ready"
        pack.part_ids[0].is_included = False
        with self.assertRaises(UserError):
            self.env["kmp.rat.pack"].with_user(self.officer).create(
                {"date_to": "2024-12-31", "state": "signed"}
            )

    def test_who_may_not(self):
        pack = self._create_pack()
        for user in (self.auditor, self.supervisor):
            with self.assertRaises(AccessError):
                pack.with_user(user).action_build()
            self.assertEqual(pack.with_user(user).state, "draft")
        for user in (self.clerk, self.outsider, self.other_officer):
            with self.assertRaises(AccessError):
                pack.with_user(user).read(["name"])

    def test_a_day_that_ends_no_year_is_refused(self):
        with self.assertRaises(UserError):
            self.env["kmp.rat.pack"].with_user(self.officer).create({"date_to": "2025-06-30"})

    def test_the_days_of_the_law(self):
        pack = self._create_pack()
        self.assertEqual(str(pack.ready_by), "2026-03-20")
        self.assertEqual(str(pack.latest_meeting), "2026-06-30")
        self.assertFalse(pack.is_meeting_late)
        pack.meeting_date = "2026-07-01"
        self.assertTrue(pack.is_meeting_late)

    def test_a_printed_book(self):
        if not shutil.which("wkhtmltopdf"):
            self.skipTest("wkhtmltopdf is not installed")
        pack = self._create_pack()
        wanted = ("officers", "position", "calk", "attendance")
        pack.part_ids.filtered(lambda part: part.key not in wanted).is_included = False
        self._build(pack)
        pages = [
            re.sub(r"\s+", " ", page.extract_text())
            for page in pypdf.PdfReader(io.BytesIO(base64.b64decode(pack.book_file))).pages
        ]
        self.assertIn("LAPORAN PERTANGGUNGJAWABAN", pages[0])
        self.assertIn("TAHUN BUKU 2025", pages[0])
        for place, title in enumerate(
            ("LAPORAN PENGURUS", "POSISI KEUANGAN", "CATATAN ATAS", "DAFTAR HADIR")
        ):
            [number] = re.findall(rf"{place + 1} {pack._get_printed_parts()[place].name} (\d+)", pages[1])
            self.assertIn(title, pages[int(number) - 1].upper())
        self.assertIn("Pembagian sisa hasil usaha", pages[1])  # among what is left out
        self.assertIn("20.720.000,00", " ".join(pages))


@tagged("post_install", "-at_install")
class TestRatPackWorkbook(RatPackCase):
    def _make(self):
        self._print_blank()
        self.members["A"].partner_id.name = FORMULA
        content = base64.b64decode(self._build(self._create_pack()).workbook_file)
        return content, openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def _find(self, sheet, label):
        """The numbers beside a label."""
        rows = (row for row in sheet.iter_rows(values_only=True) if str(row[0] or "").strip() == label)
        return [cell for cell in next(rows)[1:] if cell is not None]

    def test_golden_cells(self):
        _content, workbook = self._make()
        self.assertEqual(workbook.sheetnames, ["Daftar isi", *DOCUMENTS, "Uji silang"])
        for sheet, label, values in (
            ("Posisi keuangan", "JUMLAH ASET", [20_720_000, 18_600_000]),
            ("CALK", "SHU tahun berjalan", [1_760_000, 600_000]),
            ("Dana", "205000 education", [0, 0, 60_000, -40_000, 20_000]),
            ("Laporan pengurus", "2025", [2, 7_060_000, 12_500_000, 1_760_000]),
            ("Rencana dan anggaran", "SISA HASIL USAHA (A − B)", [0, 1_760_000, 1_760_000, 0]),
        ):
            self.assertEqual(self._find(workbook[sheet], label), values, label)

    def test_every_tie_is_green_and_a_formula_stays_a_text(self):
        content, workbook = self._make()
        rows = list(workbook["Uji silang"].iter_rows(values_only=True))
        verdicts = [row[4] for row in rows if row[4] in ("OK", "BEDA")]
        self.assertEqual(set(verdicts), {"OK"})
        self.assertGreaterEqual(len(verdicts), 11)
        raw = openpyxl.load_workbook(io.BytesIO(content))["Daftar hadir"]
        [cell] = [cell for row in raw.iter_rows() for cell in row if cell.value == FORMULA]
        self.assertEqual(cell.data_type, "s")

    def test_texts_are_paragraphs_without_marks(self):
        self.assertEqual(doctest.testmod(statutory_xlsx).failed, 0)
        _content, workbook = self._make()
        first = {
            sheet: [str(row[0]) for row in workbook[sheet].iter_rows(values_only=True) if row[0]]
            for sheet in ("CALK", "Berita acara")
        }
        self.assertIn("1. Pengesahan tata tertib dan acara rapat", first["Berita acara"])
        self.assertIn("6. Lain-lain", first["Berita acara"])
        self.assertTrue(any(line.startswith("Dasar penyusunan. Laporan") for line in first["CALK"]))
        self.assertFalse([line for line in first["CALK"] if "*" in line])

    def test_libreoffice_reads_it_without_an_error_cell(self):
        if not shutil.which("soffice"):
            self.skipTest("LibreOffice is not installed: soffice")
        content, _workbook = self._make()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pack.xlsx")
            path.write_bytes(content)
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation=file://{folder}/profile",
                    "--headless",
                    "--convert-to",
                    "xlsx:Calc MS Excel 2007 XML",
                    "--outdir",
                    f"{folder}/out",
                    str(path),
                ],
                check=True,
                capture_output=True,
                timeout=180,
            )
            workbook = openpyxl.load_workbook(Path(folder, "out", "pack.xlsx"), data_only=True)
        cells = [cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row]
        self.assertFalse(
            [value for value in cells if isinstance(value, str) and re.match(r"#\w+[!?/]|Err:", value)]
        )
        self.assertEqual(len(workbook.sheetnames), len(DOCUMENTS) + 2)


@tagged("post_install", "-at_install")
class TestRatPackDistribution(DistributionCase):
    def test_a_distribution_that_no_longer_ties_is_said_before(self):
        run = self._compute()
        pack = self.env["kmp.rat.pack"].with_user(self.officer)
        pack = pack.create({"date_to": "2025-12-31", "company_id": self.company.id})
        [part] = pack.part_ids.filtered(lambda part: part.key == "shu")
        pack.action_check()
        self.assertEqual(part.remark, f"{run.name} is computed and not approved.")
        self._earn("2025-12-31", 7)
        pack.action_check()
        self.assertEqual(part.status, "attention")
        self.assertIn("a difference of -7", part.remark)

    def test_the_benefit_of_a_surplus_that_is_not_posted_is_a_proposal(self):
        run = self._compute()
        model = self.env["kmp.statutory.lpea"].with_user(self.auditor).with_company(self.company)
        [table, _sources] = model._get_document(self.company, *YEAR).tables
        self.assertIn("usulan", table.note)
        self.assertEqual([row.cells[3] for row in table.rows if row.level], [150_000, 450_000])
        self._approve(run)
        run.with_user(self.accountant).action_post()
        [table, _sources] = model._get_document(self.company, *YEAR).tables
        self.assertFalse(table.note)
