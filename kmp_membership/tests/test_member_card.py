import base64
import re

from reportlab.graphics.barcode.qr import QrCodeWidget

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .document_common import NIK, DocumentCase


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

    def test_an_associate_is_called_one(self):
        self.assertNotIn("LUAR BIASA", self._card(self.member))
        self.member.is_associate = True
        self.assertIn("LUAR BIASA", self._card(self.member))

    def test_ten_to_a_sheet(self):
        members = self.member.concat(*[self._create_member(f"M{i}") for i in range(10)])
        html = self._card(members)
        self.assertEqual(html.count('class="document"'), 2)
        self.assertEqual(html.count("KARTU ANGGOTA"), 11)

    def test_numbers_of_any_script(self):
        member = self._create_member("X", "№-漢字")
        self.assertIn("data:image/svg+xml", self._card(member))
