import base64
from datetime import date

from odoo.tests import tagged

from .portal_common import PortalCase

BYLAWS = base64.b64encode(b"%PDF-1.4 by-laws")
PAGES = ("", "/capital", "/dues", "/documents", "/print/member_card", "/print/savings_book", "/bylaws")


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_deposit(cls.ani, 100_000).with_user(cls.officer).action_post()
        cls._create_deposit(cls.budi, 777_000).with_user(cls.officer).action_post()
        cls.january = cls._bill(1)
        cls._bill(2)
        cls._match(
            cls._pay(cls.ani, 50_000),
            cls.january.line_ids.filtered(lambda line: line.membership_id == cls.ani),
        )
        cls.env["kmp.bylaws"].create(
            {
                "name": "AD-2020",
                "date": "2020-01-01",
                "date_from": "2020-01-01",
                "company_id": cls.company.id,
                "document": BYLAWS,
                "document_name": "by-laws.pdf",
            }
        )

    def _url(self, membership, page=""):
        return f"/my/membership/{membership.id}{page}"

    def test_home_counts(self):
        self._sign_in(self.user_ani)
        counts = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["kmp_membership_count", "kmp_dues_count"]}
        )
        self.assertEqual(counts, {"kmp_membership_count": 2, "kmp_dues_count": 1})
        self.assertIn("/my/memberships", self.url_open("/my").text)

    def test_member_of_two_companies_sees_both(self):
        self._sign_in(self.user_ani)
        text = self._read("/my/memberships")
        self.assertIn("Koperasi Uji", text)
        self.assertIn("Koperasi Lain", text)
        self.assertIn("Fishers X-7", text)

    def test_pages_carry_the_logo_of_their_co_operative(self):
        self._sign_in(self.user_ani)
        for membership in (self.ani, self.elsewhere):
            for page in PAGES[:4]:
                text = self.url_open(self._url(membership, page)).text
                self.assertIn(f"/logo.png?company={membership.company_id.id}", text)

    def test_only_membership_opens_at_once(self):
        self._sign_in(self.user_budi)
        response = self._get("/my/memberships")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self._url(self.budi)))

    def test_membership_page(self):
        self._sign_in(self.user_ani)
        text = self._read(self._url(self.ani))
        for part in (
            "Ani Wijaya",
            "A-1",
            "Producers",
            "Active",
            "Member since 01/01/2025",
            "Dues to pay",
            "50,000.00",
            "150,000.00",
        ):
            self.assertIn(part, text)
        self.assertIn("data:image/svg+xml", self.url_open(self._url(self.ani)).text)

    def test_capital_page(self):
        self._sign_in(self.user_ani)
        text = self._read(self._url(self.ani, "/capital"))
        self.assertRegex(text, r"Simpanan Pokok Rp 100,000")
        self.assertRegex(text, r"Simpanan Wajib Rp 50,000")
        self.assertRegex(text, r"Paid-in capital: Rp 150,000")
        self.assertNotIn("777,000", text)

    def test_dues_page(self):
        self._sign_in(self.user_ani)
        text = self._read(self._url(self.ani, "/dues"))
        self.assertRegex(text, r"Simpanan Wajib, February 2025 .*Rp 50,000.00 Together Rp 50,000.00")
        self.assertRegex(text, r"Settled .*January 2025 .*Paid")

    def test_documents_page(self):
        self._create_officer(is_contact=False)
        self.budi.partner_id.write({"phone": "0812555", "email": "budi@example.com"})
        self._sign_in(self.user_ani)
        text = self._read(self._url(self.ani, "/documents"))
        for part in (
            "Budi Santoso , Chair",
            "AD-2020",
            "Share certificate of today",
            "Buku Simpanan",
            "Producers",
        ):
            self.assertIn(part, text)
        self.assertNotIn("0812555", text)
        self.env["kmp.officer"].search([]).is_contact = True
        self.env.flush_all()
        text = self._read(self._url(self.ani, "/documents"))
        self.assertIn("0812555", text)
        self.assertIn("budi@example.com", text)

    def _create_officer(self, **vals):
        self.env["kmp.officer"].create(
            {
                "membership_id": self.budi.id,
                "post": "chair",
                "date_from": "2026-01-01",
                "date_to": "2099-01-01",
                "company_id": self.company.id,
                **vals,
            }
        )

    def test_member_prints_own_documents(self):
        self._sign_in(self.user_ani)
        for document, part in (
            ("member_card", "KARTU ANGGOTA"),
            ("savings_book", "150.000,00"),
            ("share_certificate", "seratus lima puluh ribu rupiah"),
        ):
            response = self._get(self._url(self.ani, f"/print/{document}"))
            self.assertEqual(response.status_code, 200)
            self.assertIn(part, response.text)
            self.assertIn("Ani Wijaya", response.text)
            self.assertNotIn("Budi", response.text)

    def test_bylaws_of_own_company(self):
        self._sign_in(self.user_ani)
        response = self._get(self._url(self.ani, "/bylaws"))
        self.assertEqual(response.content, b"%PDF-1.4 by-laws")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(self._get(self._url(self.elsewhere, "/bylaws")).status_code, 404)

    def test_another_member_is_not_found_as_one_who_does_not_exist(self):
        self._sign_in(self.user_budi)
        missing = self.env["kmp.membership"].search([], order="id desc", limit=1).id + 1000
        for page in PAGES:
            other = self._refuse(self._url(self.ani, page))
            self.assertEqual(other[0], 404, page)
            self.assertEqual(other, self._refuse(f"/my/membership/{missing}{page}"), page)

    def test_stranger_signs_in_first(self):
        for page in PAGES:
            response = self._get(self._url(self.ani, page))
            self.assertEqual(response.status_code, 303, page)
            self.assertIn("/web/login", response.headers["Location"])

    def test_applicant_sees_the_application(self):
        self._sign_in(self.user_citra)
        text = self._read(self._url(self.citra))
        self.assertIn("Your application has been received", text)
        self.assertEqual(self._get(self._url(self.citra, "/print/member_card")).status_code, 404)
        self.assertEqual(self._get(self._url(self.citra, "/print/member_register")).status_code, 404)

    def test_user_without_membership(self):
        self._sign_in(self.outsider)
        self.assertIn("not registered as a member", self._read("/my/memberships"))

    def test_representative_sees_the_legal_entity(self):
        speaker = self.env["res.partner"].create({"name": "Dewi"})
        mill = self.env["res.partner"].create({"name": "Mill", "is_company": True})
        member = self._create_member("Mill", "C-1", partner=mill, representative_id=speaker.id)
        self._sign_in(self._give_access(member, "mill"))
        self.assertIn("Represented by Dewi", self._read(self._url(member)))
        user = self._give_access(self._create_member("Dewi", "D-1", partner=speaker), "dewi")
        self._sign_in(user)
        self.assertIn("Mill", self._read(self._url(member)))
        self.env["res.partner"].create({"name": "Clerk of the mill", "parent_id": mill.id})
        employee = self.env["res.partner"].create({"name": "Employee", "parent_id": mill.id})
        self._sign_in(
            self._give_access(self.env["kmp.membership"].new({"partner_id": employee.id}), "employee")
        )
        self.assertEqual(self._get(self._url(member)).status_code, 404)

    def test_hostile_name_is_text(self):
        self.ani.partner_id.name = "<script>alert(1)</script>"
        self._sign_in(self.user_ani)
        text = self.url_open(self._url(self.ani)).text
        self.assertNotIn("<script>alert(1)", text)
        self.assertIn("&lt;script&gt;alert(1)", text)

    def test_former_member_keeps_the_statement(self):
        self.ani.with_user(self.officer)._apply_step("resign", date(2025, 6, 30))
        self._sign_in(self.user_ani)
        text = self._read(self._url(self.ani))
        self.assertIn("Resigned", text)
        self.assertIn("Left on 06/30/2025", text)
        self.assertEqual(self._get(self._url(self.ani, "/print/member_card")).status_code, 404)
        self.assertEqual(self._get(self._url(self.ani, "/print/savings_book")).status_code, 200)

    def test_number_of_queries_does_not_grow(self):
        """A page costs what it shows, not what is in the register."""
        membership = self.env["kmp.membership"].with_user(self.user_ani)._get_own(self.ani.id)

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            membership._prepare_portal_values()
            membership._prepare_portal_capital()
            membership._prepare_portal_open_dues()
            membership._prepare_portal_statement()
            membership._prepare_portal_settled_dues()
            return self.env.cr.sql_log_count - start

        def count():
            """The second time, for what Odoo keeps in its own caches is not of the page."""
            return measure() and measure()

        before = count()
        for month in (3, 4, 5):
            run = self._bill(month)
            line = run.line_ids.filtered(lambda line: line.membership_id == self.ani)
            if month != 5:
                self._match(self._pay(self.ani, 50_000), line)
        self.assertEqual(count(), before)
