import base64
import doctest
import io
import re
from datetime import date
from decimal import Decimal

import lxml.etree
import lxml.html
import openpyxl
import pypdf
from reportlab.graphics.barcode.qr import QrCodeWidget

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.kmp_membership.report import document_xlsx, indonesian, pages

from .common import MembershipCase

DAY = date(2025, 6, 30)
NIK = "3201012345678901"
HOSTILE = ('=HYPERLINK("http://x")', "+1", "@x", "-2", "<b>Ani</b>")


class DocumentCase(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member(
            "Budi",
            "A-01",
            national_id=NIK,
            birth_place="Garut",
            birth_date=date(1980, 2, 3),
            sex="male",
            occupation="Petani",
        )
        cls.member.partner_id.write({"street": "Jl. Mawar 1", "city": "Garut"})
        cls.reader = cls.clerk
        # Deliberately not in the order of posting.
        cls._create_entry(
            cls.wajib_account, cls.member.partner_id, 25000, day=date(2025, 3, 10)
        ).action_post()
        cls._create_entry(
            cls.pokok_account, cls.member.partner_id, 100000, day=date(2025, 2, 1)
        ).action_post()
        cls._create_entry(
            cls.sukarela_account, cls.member.partner_id, 7000.5, day=date(2025, 4, 1)
        ).action_post()
        cls._create_entry(
            cls.sukarela_account, cls.member.partner_id, -2000, day=date(2025, 5, 1)
        ).action_post()
        cls._create_entry(
            cls.wajib_account, cls.member.partner_id, 999, day=date(2025, 7, 1)
        ).action_post()  # after the day
        cls._create_entry(cls.wajib_account, cls.member.partner_id, 888, day=date(2025, 3, 11))  # a draft

    def _wizard(self, document, user=None, **vals):
        user = user or self.clerk
        values = {"document": document, "company_id": self.company.id, "date": DAY, **vals}
        return self._as(self.env["kmp.document.wizard"], user).create(values)

    def _report(self, user=None):
        user = user or self.clerk
        return self._as(self.env["ir.actions.report"], user)

    def _as(self, records, user):
        return records.with_user(user).with_context(allowed_company_ids=user.company_id.ids)

    def _html(self, document, user=None, **vals):
        wizard = self._wizard(document, user, **vals)
        return self._report(user)._render_qweb_html(f"kmp_membership.{document}", wizard.ids)[0].decode()

    def _workbook(self, document, user=None, **vals):
        wizard = self._wizard(document, user, **vals)
        content = self._report(user)._render_xlsx(f"kmp_membership.{document}_xlsx", wizard.ids, {})[0]
        return openpyxl.load_workbook(io.BytesIO(content)).active

    def _table(self, sheet, first_title):
        """The rows below the headings as dictionaries, up to the first without anything."""
        rows = list(sheet.iter_rows(values_only=True))
        [start] = [place for place, row in enumerate(rows) if row[0] == first_title]
        table = []
        for row in rows[start + 1 :]:
            if not any(value is not None for value in row):
                break
            table.append(dict(zip(rows[start], row, strict=True)))
        return table


@tagged("post_install", "-at_install")
class TestDocumentTexts(DocumentCase):
    def test_doctests(self):
        for module in (indonesian, pages, document_xlsx):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_words(self):
        for value, text in (
            (0, "nol"),
            (10, "sepuluh"),
            (17, "tujuh belas"),
            (100, "seratus"),
            (999, "sembilan ratus sembilan puluh sembilan"),
            (1_999, "seribu sembilan ratus sembilan puluh sembilan"),
            (1_000_000, "satu juta"),
            (2_003_000_011, "dua miliar tiga juta sebelas"),
            (100_000_000_000_000, "seratus triliun"),
        ):
            self.assertEqual(indonesian.words(value), text)

    def test_money(self):
        self.assertEqual(indonesian.money(Decimal("-1234567.5"), self.idr), "(Rp1.234.567,50)")

    def test_pages_lose_no_row(self):
        rows = list(range(1000))
        cut = pages.paginate(rows, lambda row: 20 + row % 7 * 13)
        self.assertEqual([row for page in cut for row in page], rows)
        for place, page in enumerate(cut):
            self.assertLessEqual(
                sum(20 + row % 7 * 13 for row in page), pages.OTHER_PAGE if place else pages.FIRST_PAGE
            )


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
            lambda *_args: [("P", 5000, 1)],
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


@tagged("post_install", "-at_install")
class TestSavingsBook(DocumentCase):
    def _rows(self, **vals):
        return self._table(self._workbook("savings_book", **vals), "No. Anggota")

    def test_workbook(self):
        *rows, total = self._rows()
        self.assertEqual(
            [
                (
                    row["Tanggal"].date(),
                    row["Simpanan Pokok"],
                    row["Simpanan Wajib"],
                    row["Simpanan Sukarela"],
                    row["Jumlah"],
                    row["Saldo"],
                )
                for row in rows
            ],
            [
                (date(2025, 2, 1), 100000, None, None, 100000, 100000),
                (date(2025, 3, 10), None, 25000, None, 25000, 125000),
                (date(2025, 4, 1), None, None, 7000.5, 7000.5, 132000.5),
                (date(2025, 5, 1), None, None, -2000, -2000, 130000.5),
            ],
        )
        self.assertEqual(
            (total["Simpanan Pokok"], total["Simpanan Wajib"], total["Simpanan Sukarela"], total["Saldo"]),
            (100000, 25000, 5000.5, 130000.5),
        )
        for account, name in (
            (self.pokok_account, "Simpanan Pokok"),
            (self.sukarela_account, "Simpanan Sukarela"),
        ):
            self.assertEqual(total[name], self._ledger_balance(account, self.member.partner_id, DAY))
        self.assertTrue(all(row["Bukti"].startswith("UMUM/") and row["Uraian"] == "item" for row in rows))

    def test_carried_forward(self):
        *rows, total = self._rows(date_from=date(2025, 4, 1))
        self.assertEqual([row["Uraian"] for row in rows], ["Saldo awal", "item", "item"])
        self.assertEqual(
            (rows[0]["Tanggal"], rows[0]["Simpanan Pokok"], rows[0]["Simpanan Wajib"], rows[0]["Saldo"]),
            (None, 100000, 25000, 125000),
        )
        self.assertEqual((rows[-1]["Saldo"], total["Saldo"]), (130000.5, 130000.5))

    def test_one_voucher_is_one_row(self):
        move = self._create_entry(self.pokok_account, self.member.partner_id, 10, day=date(2025, 6, 1))
        move.write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.wajib_account.id,
                            "partner_id": self.member.partner_id.id,
                            "balance": -20,
                            "name": "wajib",
                        }
                    ),
                    Command.create({"account_id": self.cash.id, "balance": 20, "name": "kas"}),
                ]
            }
        )
        move.action_post()
        row = self._rows()[-2]
        self.assertEqual(
            (row["Simpanan Pokok"], row["Simpanan Wajib"], row["Jumlah"], row["Uraian"]),
            (10, 20, 30, "item; wajib"),
        )

    def test_members_apart(self):
        other = self._create_member("Ani", "A-00")
        self._create_entry(self.pokok_account, other.partner_id, 40, day=date(2025, 6, 1)).action_post()
        rows = self._rows()
        self.assertEqual([row["No. Anggota"] for row in rows[:-1]], ["A-00"] + ["A-01"] * 4)
        self.assertEqual([rows[0]["Saldo"], rows[-2]["Saldo"], rows[-1]["Saldo"]], [40, 130000.5, 130040.5])
        self.assertEqual(len(self._rows(membership_ids=[Command.set(other.ids)])), 2)

    def test_printed_book(self):
        empty = self._create_member("Ani", "A-00")
        html = self._html("savings_book", membership_ids=[Command.set((self.member | empty).ids)])
        text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))
        self.assertIn("132.000,50", text)
        self.assertIn("(2.000,00)", text)
        self.assertIn("Saldo pada akhir 30 Juni 2025 100.000,00", text)
        self.assertIn("Rp130.000,50", text)
        self.assertIn("Belum ada simpanan.", text)
        self.assertNotIn("999,00", text)

    def test_a_print_needs_members(self):
        with self.assertRaisesRegex(UserError, "Choose the members"):
            self._html("savings_book")

    def test_days_in_order(self):
        with self.assertRaisesRegex(UserError, "lies after"):
            self._wizard("savings_book", date_from=date(2025, 7, 1)).action_export()

    def test_archived_type_with_a_balance_is_listed(self):
        self.pokok.active = False
        self.assertEqual(self._rows()[-1]["Simpanan Pokok"], 100000)

    def test_another_company(self):
        wizard = self._wizard("savings_book", self.other_officer, company_id=self.other_company.id)
        wizard.sudo().membership_ids = self.member
        with self.assertRaises(AccessError):
            self._report(self.other_officer)._render_xlsx("kmp_membership.savings_book_xlsx", wizard.ids, {})
        wizard.sudo().membership_ids = False
        content = self._report(self.other_officer)._render_xlsx(
            "kmp_membership.savings_book_xlsx", wizard.ids, {}
        )[0]
        values = [
            cell
            for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
            for cell in row
        ]
        self.assertNotIn("A-01", values)

    def test_opened_from_a_member(self):
        context = {
            "default_document": "savings_book",
            "active_model": "kmp.membership",
            "active_ids": self.member.ids,
        }
        wizard = Form(self.env["kmp.document.wizard"].with_user(self.clerk).with_context(**context)).save()
        self.assertEqual(wizard.membership_ids, self.member)
        self.assertIn("Budi", wizard.file_name)


@tagged("post_install", "-at_install")
class TestOfficerRegister(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor_member = cls._create_member("=Ani", "A-02", cls.consumers)
        cls.officers = cls.env["kmp.officer"].create(
            [
                cls._officer_vals(
                    cls.member, "board", "treasurer", date(2021, 1, 1), date(2025, 5, 31), resolution="RAT/1"
                ),
                cls._officer_vals(cls.member, "board", "chair", date(2025, 6, 1), date(2030, 5, 31)),
                cls._officer_vals(
                    cls.supervisor_member, "supervisors", "chair", date(2025, 7, 1), date(2030, 6, 30)
                ),
            ]
        )

    @classmethod
    def _officer_vals(cls, member, body, post, date_from, date_to, **vals):
        return {
            "company_id": cls.company.id,
            "membership_id": member.id,
            "body": body,
            "post": post,
            "date_from": date_from,
            "date_to": date_to,
            **vals,
        }

    def _read(self, body, **vals):
        book = self._workbook("officer_register", **vals).parent
        return [
            (
                row["No. Anggota"],
                row["Nama"],
                row["Jabatan"],
                row["Mulai Menjabat"].date(),
                row["Keputusan"],
                row["Menjabat"],
            )
            for row in self._table(book[body], "No.")
        ]

    def test_as_of_a_day(self):
        treasurer = ("A-01", "Budi", "Bendahara", date(2021, 1, 1), "RAT/1")
        chair = ("A-01", "Budi", "Ketua", date(2025, 6, 1), None)
        self.assertEqual(self._read("Pengurus"), [(*chair, "Ya"), (*treasurer, "Tidak")])
        self.assertEqual(self._read("Pengurus", date=date(2025, 5, 31)), [(*treasurer, "Ya")])
        self.assertEqual(self._read("Pengurus", has_former_members=False), [(*chair, "Ya")])
        self.assertEqual(self._read("Pengawas"), [])
        self.assertEqual(
            self._read("Pengawas", date=date(2025, 7, 1)),
            [("A-02", "=Ani", "Ketua", date(2025, 7, 1), None, "Ya")],
        )

    def test_printed(self):
        html = self._html("officer_register", date=date(2025, 7, 1))
        for text in ("BUKU DAFTAR PENGURUS", "BUKU DAFTAR PENGAWAS", "Bendahara", "31/05/2030", "=Ani"):
            self.assertIn(text, html)
        table = lxml.html.fromstring(html).find(".//table")
        self.assertEqual({len(row) for row in table.iter("tr")}, {9})

    def test_another_company(self):
        html = self._html("officer_register", self.other_officer, company_id=self.other_company.id)
        self.assertNotIn("Budi", html)
        wizard = self._wizard("officer_register", self.other_officer)
        wizard.sudo().company_id = self.company
        with self.assertRaises(AccessError):
            self._report(self.other_officer)._render_qweb_html("kmp_membership.officer_register", wizard.ids)


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


@tagged("post_install", "-at_install")
class TestMemberCard(DocumentCase):
    def _card(self, members, user=None):
        return self._report(user)._render_qweb_html("kmp_membership.member_card", members.ids)[0].decode()

    def test_card(self):
        html = self._card(self.member)
        for text in ("KARTU ANGGOTA", "Koperasi Uji", "Budi", "A-01", "Producers", "1 Januari 2025"):
            self.assertIn(text, html)
        self.assertNotIn(NIK, html)

    def test_qr_code_is_that_of_the_number(self):
        [source] = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', self._card(self.member))
        svg = base64.b64decode(source).decode()
        self.assertTrue(svg.startswith("<svg"))
        code = QrCodeWidget("A-01", barLevel="M").qr
        code.make()
        runs = 0
        for row in code.modules:
            runs += sum(1 for before, dark in zip([False, *row], row, strict=False) if dark and not before)
        self.assertEqual(svg.count("fill: rgb(0%,0%,0%)"), runs)
        other = self.env["kmp.document"]._get_qr_code("A-02")
        self.assertNotIn(source, other)

    def test_only_members_have_a_card(self):
        applicant = self.env["kmp.membership"].create(
            {"partner_id": self.env["res.partner"].create({"name": "New"}).id}
        )
        with self.assertRaisesRegex(UserError, "New is Applicant"):
            self._card(self.member | applicant)

    def test_another_company(self):
        with self.assertRaises(AccessError):
            self._card(self.member, self.other_officer)

    def test_ten_to_a_sheet(self):
        members = self.member.concat(*[self._create_member(f"M{i}") for i in range(10)])
        html = self._card(members)
        self.assertEqual(html.count('class="document"'), 2)
        self.assertEqual(html.count("KARTU ANGGOTA"), 11)

    def test_numbers_of_any_script(self):
        member = self._create_member("X", "№-漢字")
        self.assertIn("data:image/svg+xml", self._card(member))

    def test_sex_and_birth_are_for_officers(self):
        for name in ("birth_place", "birth_date", "sex", "occupation"):
            with self.assertRaises(AccessError):
                self.member.with_user(self.clerk).read([name])
            self.assertTrue(self.member.with_user(self.officer)[name])

    def test_personal_data_on_the_form(self):
        for user, is_shown in ((self.officer, True), (self.clerk, False)):
            arch = self.env["kmp.membership"].with_user(user).get_view(view_type="form")["arch"]
            names = {node.get("name") for node in lxml.etree.fromstring(arch).iter("field")}
            for name in ("birth_place", "birth_date", "sex", "occupation"):
                self.assertEqual(name in names, is_shown)
            self.assertEqual('string="Born"' in arch, is_shown)
