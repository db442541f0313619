from datetime import date, timedelta

import lxml.html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .document_common import DocumentCase


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

    def test_signed_by_who_is_in_office_today(self):
        """By nobody whose term has ended, whatever the day that the register shows."""
        chair, today = self.officers[1], fields.Date.context_today(self.env.user)
        for date_to, name in ((today, "Budi"), (today - timedelta(days=1), 32 * ".")):
            chair.date_to = date_to
            page = lxml.html.fromstring(self._html("officer_register", date=date(2025, 7, 1)))
            posts, names = page.xpath("(//div[@class='signatures'])[1]//tr")
            self.assertEqual([cell.text_content() for cell in posts], ["Sekretaris", "Ketua"])
            self.assertEqual([cell.text_content() for cell in names], [f"({32 * '.'})", f"({name})"])

    def test_another_company(self):
        html = self._html("officer_register", self.other_officer, company_id=self.other_company.id)
        self.assertNotIn("Budi", html)
        wizard = self._wizard("officer_register", self.other_officer)
        wizard.sudo().company_id = self.company
        with self.assertRaises(AccessError):
            self._report(self.other_officer)._render_qweb_html("kmp_membership.officer_register", wizard.ids)
