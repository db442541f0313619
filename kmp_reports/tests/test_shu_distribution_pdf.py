import io
import re
import shutil

import pypdf

from odoo import fields
from odoo.tests import tagged

from odoo.addons.kmp_membership.report import indonesian

from ..report import shu_distribution_print
from .common import CLASSES, FORMULA, LONG, RIGHT_TO_LEFT, DistributionCase


@tagged("post_install", "-at_install")
class TestShuDistributionPdf(DistributionCase):
    def _render_html(self, run, **context):
        return self._render("_render_qweb_html", "shu_distribution", run, **context).decode()

    def _render_pages(self, run):
        """The text of each page of the printed document."""
        if not shutil.which("wkhtmltopdf"):
            self.skipTest("wkhtmltopdf is not installed")
        content = self._render("_render_qweb_pdf", "shu_distribution", run, force_report_rendering=True)
        self.assertTrue(content.startswith(b"%PDF"))
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]

    def test_the_print_says_it_all(self):
        run = self._run_posted()
        pages = self._render_pages(run)
        for place, page in enumerate(pages, start=1):
            self.assertIn(f"Halaman {place} dari {len(pages)}", page)
            self.assertIn(run.hash_short, page)
        text = " ".join(pages)
        for expected in (
            self.company.name,
            "PEMBAGIAN SISA HASIL USAHA",
            "1 Januari 2025 s.d. 31 Desember 2025",
            "07/RAT/2026",
            run.hash,
            run.move_id.name,
            "Rp1.000.000,00",
            "Jumlah PRO Produsen (2 anggota) Rp45.000,00 Rp225.000,00 Rp270.000,00",
            "Jumlah seluruhnya (5 anggota) Rp150.000,00 Rp450.000,00 Rp600.000,00",
            "1 PRO-1 " + FORMULA + " 15.000,00 75.000,00 90.000,00",
            "Bendahara Ketua Pengawas",
            f", {indonesian.date(fields.Date.context_today(run))} Bendahara",
        ):
            self.assertIn(expected, text)
        self.assertEqual(text.count(" OK"), 8)
        self.assertNotIn("BEDA", text)
        self.assertNotIn("KONSEP", text)

    def test_long_and_right_to_left_names_are_whole(self):
        text = " ".join(self._render_pages(self._run_posted()))
        self.assertIn(LONG.replace(" ", ""), text.replace(" ", ""))
        self.assertIn(
            RIGHT_TO_LEFT,
            self._render_html(self.env["kmp.shu.run"].search([("company_id", "=", self.company.id)])),
        )

    def test_every_page_of_the_list_has_its_heading(self):
        self.patch(shu_distribution_print, "LINES_PER_PAGE", 4)
        pages = [page for page in self._render_pages(self._run_posted()) if "No. anggota" in page]
        self.assertGreater(len(pages), 2)
        for code, name, count, *_amounts in CLASSES:
            [page] = [page for page in pages if f"Jumlah {code} {name} ({count}" in page]
            self.assertIn("Jasa usaha (Rp)", page)

    def test_the_heading_of_a_class_stays_with_its_first_member(self):
        report = self.env["report.kmp_reports.shu_distribution"]
        run = self._run_posted()
        document = self._get_document(run)
        rows = list(report._get_list_rows(document, report._iter_members(run)))
        self.assertEqual(
            [row.kind for row in rows],
            ["class", "member", "member", "sum"] * 2 + ["class", "member", "sum", "total"],
        )
        self.assertEqual([row.place for row in rows if row.place], [1, 2, 3, 4, 5])
        for lines in range(2, 14):
            self.patch(shu_distribution_print, "LINES_PER_PAGE", lines)
            pages = list(report._paginate(rows))
            self.assertEqual([row for page in pages for row in page], rows)
            self.assertNotIn("class", [page[-1].kind for page in pages if page])
            self.assertTrue(all(pages))

    def test_too_long_a_list_is_left_to_the_workbook(self):
        self.patch(shu_distribution_print, "PRINTED_MEMBERS_LIMIT", 4)
        text = self._render_html(self._run_posted())
        self.assertNotIn("PRO-1", text)
        self.assertIn("lembar", text)
        for code, name, *_rest in CLASSES:
            self.assertIn(f"Jumlah {code} {name}", text)

    def test_it_is_indonesian_and_draws_the_picture(self):
        text = self._render_html(self._run_posted(), lang="en_US")
        self.assertIn("<svg", text)
        self.assertIn("Sisa hasil usaha", text)
        self.assertEqual(text.count("<rect"), 6)
        self.assertNotIn(">Surplus<", text)

    def test_the_picture_is_the_waterfall(self):
        document = self._get_document(self._run_posted())
        bars = self.env["report.kmp_reports.shu_distribution"]._get_bars(document)
        self.assertEqual(
            [(bar["level"], bar["start"], bar["width"], bar["label"]) for bar in bars],
            [
                (0, 0, 100, "Rp1.000.000,00"),
                (1, 0, 30, "Rp300.000,00"),
                (1, 30, 10, "Rp100.000,00"),
                (1, 40, 60, "Rp600.000,00"),
                (2, 40, 15, "Rp150.000,00"),
                (2, 55, 45, "Rp450.000,00"),
            ],
        )

    def test_a_draft_version_says_so(self):
        text = self._render_html(self._compute())
        self.assertIn("KONSEP", text)
        self.assertEqual(text.count(">belum diposting<"), 5)

    def test_a_difference_is_shown(self):
        run = self._run_posted()
        self._earn("2025-12-31", 7)
        text = self._render_html(run)
        self.assertIn("(Rp7,00)", text)
        self.assertIn(">BEDA<", text)

    def test_markup_in_a_name_is_a_text(self):
        self.members["PRO-1"].partner_id.name = "<b>Ageng</b>"
        self.assertIn("&lt;b&gt;Ageng", self._render_html(self._run_posted()))

    def test_it_asks_no_server_for_a_file(self):
        run = self._run_posted()
        html = self._render_html(run)
        report = self.env.ref("kmp_reports.action_report_shu_pdf")
        [body], *_rest = report._prepare_html(html, report_model=run._name)
        for page in (html, str(body)):
            self.assertNotRegex(page, r"<(link|script|img|base)")
            self.assertIn("table-header-group", page)

    def test_a_year_without_members(self):
        scheme = self._create_scheme(
            {"code": "CAD", "name": "Cadangan", "kind": "reserve", "percent": 100}, name="Cadangan saja"
        )
        scheme.with_user(self.officer).action_put_into_force()
        text = " ".join(self._render_pages(self._run_posted(scheme=scheme)))
        self.assertIn("Jumlah seluruhnya (0 anggota)", text)

    def test_two_runs_in_one_print(self):
        run = self._run_posted()
        run.with_user(self.accountant).action_reverse()
        again = self._create_run(self.scheme, posting_date="2026-03-02")
        again.action_compute()
        text = " ".join(self._render_pages(run | again))
        self.assertEqual(text.count("PEMBAGIAN SISA HASIL USAHA"), 2)
