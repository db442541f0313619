import io
import re
from datetime import date

import lxml.html
import pypdf

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.kmp_membership.report.member_register import ClassTotal

from .document_common import DAY, NIK, DocumentCase

HOSTILE = ('=HYPERLINK("http://x")', "+1", "@x", "-2", "<b>Ani</b>")


@tagged("post_install", "-at_install")
class TestMemberRegister(DocumentCase):
    def test_workbook_of_an_officer(self):
        [row] = self._table(self._workbook("member_register", self.officer), "No.")
        self.assertEqual(row["No. Anggota"], "A-01")
        self.assertEqual(
            (row["NIK"], row["Tempat Lahir"], row["Tanggal Lahir"].date()), (NIK, "Garut", date(1980, 2, 3))
        )
        self.assertEqual((row["L/P"], row["Pekerjaan"], row["Alamat"]), ("L", "Petani", "Jl. Mawar 1, Garut"))
        self.assertEqual(
            (row["Kelompok"], row["Riwayat Kelompok"]), ("Producers", "PRD 01/01/2025 – sekarang")
        )
        self.assertEqual((row["Tanggal Masuk"].date(), row["Tanggal Keluar"]), (date(2025, 1, 1), None))

    def test_personal_data_is_for_officers(self):
        for user in (self.clerk, self.supervisor, self.auditor):
            [row] = self._table(self._workbook("member_register", user), "No.")
            self.assertFalse(row.keys() & {"NIK", "Tempat Lahir", "Tanggal Lahir", "L/P", "Pekerjaan"})
            html = self._html("member_register", user)
            self.assertIn("A-01", html)
            for secret in (NIK, "Petani", "03/02/1980"):
                self.assertNotIn(secret, html)
        html = self._html("member_register", self.officer)
        for shown in (NIK, "Petani", "Garut, 03/02/1980"):
            self.assertIn(shown, html)
        self.assertNotIn(NIK, self._html("member_register", self.officer, has_personal_data=False))

    def test_a_clerk_cannot_ask_for_personal_data(self):
        with self.assertRaises(AccessError):
            self._wizard("member_register", has_personal_data=True)
        # A report may be reached with sudo: the rights stay those of the user.
        wizard = self._wizard("member_register")
        html = (
            self._report().sudo()._render_qweb_html("kmp_membership.member_register", wizard.ids)[0].decode()
        )
        self.assertNotIn(NIK, html)

    def test_as_of_a_day(self):
        late = self._create_member("Late", "A-02", date_from=date(2025, 7, 1))
        moved = self._create_member("Moved", "A-03", self.consumers).with_user(self.officer)
        moved._apply_step("change_class", date(2025, 7, 1), self.producers)
        left = self._create_member("Left", "A-04").with_user(self.officer)
        left._apply_step("expel", DAY, reason="x")

        def read(day, **vals):
            rows = self._table(self._workbook("member_register", date=day, **vals), "No.")
            return {
                row["Nama"]: (
                    row["Kelompok"],
                    row["Tanggal Keluar"] and row["Tanggal Keluar"].date(),
                    row["Sebab Keluar"],
                )
                for row in rows
            }

        self.assertEqual(read(date(2024, 12, 31)), {})
        before = {
            "Budi": ("Producers", None, None),
            "Moved": ("Consumers", None, None),
            "Left": ("Producers", None, None),
        }
        self.assertEqual(read(date(2025, 6, 29)), before)
        self.assertEqual(read(DAY), before | {"Left": ("Producers", DAY, "Diberhentikan")})
        after = {
            "Late": ("Producers", None, None),
            "Moved": ("Producers", None, None),
            "Left": ("Producers", DAY, "Diberhentikan"),
        }
        self.assertEqual(read(date(2025, 7, 1)), before | after)
        self.assertEqual(set(read(DAY, has_former_members=False)), {"Budi", "Moved"})
        self.assertEqual(set(read(DAY, class_ids=[Command.set(self.consumers.ids)])), {"Moved"})
        self.assertEqual(set(read(DAY, class_ids=[Command.set(self.producers.ids)])), {"Budi", "Left"})
        self.assertIn("Late", read(late.date_start))

    def test_balances_are_those_of_the_ledger_on_that_day(self):
        other = self._create_member("Ani", "A-02", self.consumers)
        self._create_entry(self.pokok_account, other.partner_id, 50000, day=DAY).action_post()
        self.sukarela.active = False  # what was posted on it stays
        self.env["kmp.share.type"].create(
            {
                "code": "SX",
                "name": "Kosong",
                "kind": "special",
                "active": False,
                "account_id": self._create_account("310009", "Kosong", "equity").id,
                "company_id": self.company.id,
            }
        )
        titles = ("Simpanan Pokok", "Simpanan Wajib", "Simpanan Sukarela", "Jumlah Simpanan")
        rows = self._table(self._workbook("member_register", has_balances=True), "No.")
        self.assertEqual(
            [tuple(row[title] for title in titles) for row in rows],
            [(100000, 25000, 5000.5, 130000.5), (50000, 0, 0, 50000), (150000, 25000, 5000.5, 180000.5)],
        )
        self.assertEqual(rows[2]["No. Anggota"], "Jumlah")
        self.assertNotIn("Kosong", rows[0])
        before = self._table(
            self._workbook("member_register", has_balances=True, date=date(2025, 3, 9)), "No."
        )
        self.assertEqual([before[0][title] for title in titles[:2]], [100000, 0])
        self.assertNotIn("Jumlah Simpanan", self._table(self._workbook("member_register"), "No.")[0])

    def test_came_back(self):
        member = self._create_member("Back", "A-05").with_user(self.officer)
        member._apply_step("resign", date(2025, 2, 1), reason="x")
        member._apply_step("readmit", date(2025, 4, 1))
        member.applied_class_id = self.consumers
        member._apply_step("approve", date(2025, 4, 1))
        member._apply_step("activate", date(2025, 4, 1))
        row = self._table(self._workbook("member_register"), "No.")[1]
        self.assertEqual(row["Riwayat Kelompok"], "PRD 01/01/2025 – 01/02/2025; CNS 01/04/2025 – sekarang")
        self.assertEqual((row["Tanggal Masuk"].date(), row["Tanggal Keluar"]), (date(2025, 1, 1), None))
        row = self._table(self._workbook("member_register", date=date(2025, 3, 1)), "No.")[1]
        self.assertEqual(
            (row["Tanggal Keluar"].date(), row["Sebab Keluar"]), (date(2025, 2, 1), "Mengundurkan diri")
        )

    def test_applicants_are_not_in_the_register_and_members_without_class_are(self):
        self.env["kmp.membership"].create(
            {"partner_id": self.env["res.partner"].create({"name": "Applicant"}).id}
        )
        self._create_member("No class", "A-09", period_ids=[])
        names = [row["Nama"] for row in self._table(self._workbook("member_register"), "No.")]
        self.assertEqual(names, ["Budi", "No class"])

    def test_totals(self):
        self._create_member("C", "A-02", self.consumers).with_user(self.officer)._apply_step("resign", DAY)
        html = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", self._html("member_register")))
        self.assertIn("Producers: 1 anggota", html)
        self.assertIn("Consumers: 0 anggota, 1 sudah keluar", html)
        self.assertIn("Jumlah: 1 anggota, 1 sudah keluar", html)

    def test_associates_are_listed_and_not_counted(self):
        self._create_member("Luar", "A-02").is_associate = True
        html = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", self._html("member_register")))
        self.assertIn("Producers: 1 anggota, 1 anggota luar biasa", html)
        self.assertIn("Jumlah: 1 anggota, 1 anggota luar biasa", html)
        sheet = self._workbook("member_register")
        rows = self._table(sheet, "No.")
        self.assertEqual(
            [(row["Nama"], row["Keanggotaan"]) for row in rows],
            [("Budi", "Anggota"), ("Luar", "Anggota luar biasa")],
        )
        self.assertEqual(sheet.cell(sheet.max_row, 2).value, "Jumlah: 1 anggota, 1 anggota luar biasa")

    def test_nobody_in_the_register(self):
        html = re.sub(
            r"\s+", " ", re.sub("<[^>]+>", "", self._html("member_register", date=date(2020, 1, 1)))
        )
        self.assertIn("Jumlah: 0 anggota", html)

    def test_names_that_look_like_formulas_stay_text(self):
        for place, name in enumerate(HOSTILE):
            self._create_member(name, f"={place}")
        sheet = self._workbook("member_register")
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value in HOSTILE]
        self.assertEqual(len(cells), len(HOSTILE))
        for cell in cells:
            self.assertEqual(cell.data_type, "s")
            self.assertTrue(cell.quotePrefix)
        self.assertFalse(
            [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
        )
        self.assertIn("&lt;b&gt;Ani&lt;/b&gt;", self._html("member_register"))

    def test_another_company_is_refused(self):
        wizard = self._wizard("member_register", self.other_officer)
        wizard.sudo().company_id = self.company
        for render in (
            lambda report: report._render_qweb_html("kmp_membership.member_register", wizard.ids),
            lambda report: report._render_xlsx("kmp_membership.member_register_xlsx", wizard.ids, {}),
        ):
            with self.assertRaisesRegex(AccessError, "Koperasi Uji"):
                render(self._report(self.other_officer))
        own = self._html("member_register", self.other_officer, company_id=self.other_company.id)
        self.assertNotIn("Budi", own)

    def test_who_may_not_read_members_prints_nothing(self):
        for user in (self.outsider, self.accountant):
            with self.assertRaises(AccessError):
                self._wizard("member_register", user)
            wizard = self.env["kmp.document.wizard"].create({"company_id": self.company.id, "date": DAY})
            with self.assertRaises(AccessError):
                self._report(user)._render_qweb_html("kmp_membership.member_register", wizard.ids)

    def test_a_class_of_another_company(self):
        foreign = self.env["kmp.stakeholder.class"].create(
            {"code": "X", "name": "X", "company_id": self.other_company.id}
        )
        wizard = self._wizard("member_register")
        wizard.sudo().class_ids = foreign
        with self.assertRaisesRegex(Exception, "does not belong|not allowed|access"):
            wizard.action_print()

    def test_every_row_has_all_its_cells(self):
        """QWeb leaves out an element whose value is nothing, and the cells after it would move to the left."""
        self._create_member("Nothing known", "A-02")
        table = lxml.html.fromstring(self._html("member_register", self.officer)).find(".//table")
        self.assertEqual({len(row) for row in table.iter("tr")}, {len(table.find(".//colgroup"))})

    def test_too_long_for_a_print(self):
        self.patch(
            type(self.env["report.kmp_membership.member_register"]),
            "_get_totals",
            lambda *_args: [ClassTotal("P", members=4999, associates=1, former=1)],
        )
        with self.assertRaisesRegex(UserError, "lists 5001 members"):
            self._html("member_register")

    def test_form_opens_for_everyone_who_may_read(self):
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            form = Form(
                self.env["kmp.document.wizard"]
                .with_user(user)
                .with_context(default_document="member_register")
            )
            action = form.save().action_export()
            self.assertEqual(action["report_name"], "kmp_membership.member_register_xlsx")

    def test_printed(self):
        for place in range(40):
            self._create_member(f"Anggota {place}", f"B-{place:03}")
        report = self._report(self.officer).with_context(force_report_rendering=True)
        wizard = self._wizard("member_register", self.officer)
        reader = pypdf.PdfReader(
            io.BytesIO(report._render_qweb_pdf("kmp_membership.member_register", wizard.ids)[0])
        )
        texts = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
        self.assertIn("Halaman 2 dari 2", texts[1])
        for text in texts:
            self.assertIn("No. Anggota", text)
        for place in range(40):
            self.assertEqual("".join(texts).count(f"B-{place:03}"), 1)
        self.assertIn(NIK, texts[0])
