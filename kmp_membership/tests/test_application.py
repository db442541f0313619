import base64
import re
from unittest.mock import patch

from odoo.tests import tagged

from .contribution_common import ContributionCase
from .portal_common import PortalMixin

KTP = b"\x89PNG\r\n\x1a\n picture of an identity card"
NATIONAL_ID = "3201012345678901"


@tagged("post_install", "-at_install")
class TestApplication(PortalMixin, ContributionCase):
    """Strangers on the public page. `budi` is a member whose national id, e-mail and phone they may know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.kmp_applications_open = True
        cls.env["kmp.web.attempt"].search([]).unlink()  # what others have sent within this hour
        cls.consumers.is_open = False
        cls.env["kmp.bylaws"].create(
            {
                "name": "AD-2020",
                "date": "2020-01-01",
                "date_from": "2020-01-01",
                "company_id": cls.company.id,
                "document": base64.b64encode(b"%PDF-1.4 by-laws"),
            }
        )
        cls.budi = cls._create_member("Budi", "B-1", national_id=NATIONAL_ID)
        cls.budi.partner_id.write({"email": "budi@example.com", "phone": "0812 345 678"})
        cls.env.ref("base.public_user").lang = "en_US"
        cls.form = {
            "class_id": cls.producers.id,
            "kind": "person",
            "name": "Siti Aminah",
            "email": "Siti@Example.com",
            "phone": "+62 811 222 333",
            "street": "Jl. Mawar 1",
            "city": "Sleman",
            "zip": "55281",
            "national_id": "3404 0145 6789 0001",
            "birth_place": "Sleman",
            "birth_date": "1990-05-17",
            "sex": "female",
            "occupation": "Farmer",
            "accept": "1",
        }

    @property
    def _address(self):
        return f"/membership/apply/{self.company.id}"

    def _csrf(self):
        page = self.url_open(self._address).text
        return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)

    def _apply(self, files=(), **changes):
        self.env.flush_all()
        data = {"csrf_token": self._csrf(), **self.form, **changes}
        files = [("files", file) for file in files]
        response = self.url_open(self._address, data=data, files=files or None, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def _applications(self):
        return self.env["kmp.membership"].search([("is_from_outside", "=", True)])

    def _confirmation(self, member):
        """The mail to the applicant."""
        mails = self.env["mail.mail"].search([("model", "=", "kmp.membership"), ("res_id", "=", member.id)])
        return mails.filtered(lambda mail: "your application" in mail.subject).ensure_one()

    # ---------------------------------------------------------------- what is offered

    def test_page_shows_what_an_applicant_needs(self):
        text = self._read(self._address)
        for part in (
            "Become a member",
            "Koperasi Uji",
            "Producers",
            "Simpanan Wajib: Rp 50,000.00, Every month",
            "AD-2020",
        ):
            self.assertIn(part, text)
        self.assertNotIn("Consumers", text)
        self.assertEqual(self._get(f"{self._address}/bylaws").content, b"%PDF-1.4 by-laws")

    def test_only_open_co_operative_opens_at_once(self):
        self.assertTrue(self._get("/membership/apply").headers["Location"].endswith(self._address))
        self.other_company.kmp_applications_open = True
        self.assertIn("Koperasi Lain", self._read("/membership/apply"))

    def test_pages_carry_the_logo_of_the_co_operative(self):
        """Not that of the database, whose company the public user is of."""
        self.assertNotEqual(self.env.ref("base.public_user").company_id, self.company)
        for page in ("", "/thanks"):
            text = self.url_open(f"{self._address}{page}").text
            self.assertIn(f"/logo.png?company={self.company.id}", text)
            self.assertIn(">Become a member</title>", text)

    def test_closed_co_operative_is_not_found(self):
        for page in ("", "/thanks", "/bylaws"):
            closed = self._refuse(f"/membership/apply/{self.other_company.id}{page}")
            self.assertEqual(closed[0], 404)
            self.assertEqual(closed, self._refuse(f"/membership/apply/99999{page}"))

    # ---------------------------------------------------------------- what becomes of it

    def test_application_is_entered(self):
        response = self._apply([("ktp.jpg", KTP, "text/html")])
        self.assertEqual((response.status_code, response.headers["Location"][-7:]), (303, "/thanks"))
        self.assertIn("has received your application", self._read(f"{self._address}/thanks"))
        member = self._applications().ensure_one()
        self.assertEqual(
            (member.state, member.applied_class_id, member.number), ("applicant", self.producers, False)
        )
        self.assertEqual((member.stated_national_id, member.national_id), ("3404014567890001", False))
        self.assertEqual(
            (str(member.birth_date), member.sex, member.occupation), ("1990-05-17", "female", "Farmer")
        )
        self.assertEqual(member.accepted_bylaws_id.name, "AD-2020")
        self.assertTrue(member.accepted_on)
        partner = member.partner_id
        self.assertEqual(
            (partner.name, partner.email, partner.city), ("Siti Aminah", "siti@example.com", "Sleman")
        )
        self.assertEqual(partner.company_id, self.company)

    def test_documents_are_kept_by_what_they_are(self):
        self._apply([("../../etc/<b>ktp\u202e.html", KTP, "text/html")])
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "kmp.membership"), ("res_id", "=", self._applications().id)]
        )
        self.assertEqual((attachment.name, attachment.mimetype), ("b_ktp.png", "image/png"))
        self.assertEqual(attachment.raw, KTP)
        self.assertFalse(attachment.public)

    def test_officer_is_told_and_the_applicant_gets_a_mail(self):
        self._apply()
        member = self._applications()
        self.assertEqual(member.activity_ids.user_id, self.officer)
        self.company.kmp_portal_user_id = self.clerk
        mail = self._confirmation(member)
        self.assertEqual(mail.recipient_ids, member.partner_id)
        self._apply(name="Second")
        self.assertEqual((self._applications() - member).activity_ids.user_id, self.clerk)

    def test_approval_takes_the_national_id_over(self):
        self._apply()
        member = self._applications().with_user(self.officer)
        member._apply_step("approve", "2026-02-01")
        self.assertEqual(member.national_id, "3404014567890001")

    def test_legal_entity_needs_no_birth(self):
        self._apply(kind="company", national_id="", birth_date="", name="PT Maju")
        member = self._applications()
        self.assertEqual((member.member_kind, member.partner_id.is_company), ("company", True))

    # ---------------------------------------------------------------- nothing leaks

    def test_known_and_unknown_people_get_the_same_answer(self):
        """Same status, same address, same page, same number of statements: nobody learns who is a member."""
        answers = []
        for changes in (
            {},
            {"national_id": NATIONAL_ID, "name": "Somebody"},
            {"email": "budi@example.com", "phone": "0812345678", "name": "Sombody else"},
            {"email": "new@example.com", "national_id": "3404014567890009"},
        ):
            with patch.object(
                self.env.cr.__class__, "execute", autospec=True, side_effect=self.env.cr.__class__.execute
            ) as calls:
                response = self._apply(**changes)
            answers.append(
                (response.status_code, response.headers["Location"], response.text, calls.call_count)
            )
        self.assertEqual([answer[:3] for answer in answers], [answers[0][:3]] * 4)
        counts = [answer[3] for answer in answers[1:]]
        self.assertEqual(max(counts), min(counts), "the path must not depend on who is known")

    def test_officer_sees_the_same_people(self):
        self._apply(national_id=NATIONAL_ID)
        first = self._applications()
        self.assertEqual(first.with_user(self.officer).duplicate_ids, self.budi)
        self._apply(email="budi@example.com", national_id="3404014567890009", phone="0899 111 222")
        second = self._applications() - first
        self.assertEqual(second.with_user(self.officer).duplicate_ids, self.budi)

    def test_two_applications_with_one_national_id_are_seen(self):
        self._apply()
        self._apply(email="other@example.com", phone="0899111222")
        first, second = self._applications().sorted("id")
        self.assertEqual(second.duplicate_ids, first)

    # ---------------------------------------------------------------- bad input

    def test_every_mistake_is_shown_at_once_and_nothing_is_kept(self):
        response = self._apply(
            class_id=self.consumers.id,
            name="",
            email="x",
            phone="abc",
            street="",
            national_id="12",
            birth_date="2999-01-01",
            accept="",
        )
        self.assertEqual(response.status_code, 200)
        for message in (
            "Choose the class",
            "Enter the full name",
            "Enter an e-mail address",
            "Enter a phone number",
            "Enter your address",
            "has 16 digits",
            "Enter the date of birth",
            "Accept the by-laws",
        ):
            self.assertIn(message, response.text)
        self.assertFalse(self._applications())
        self.assertFalse(self.env["res.partner"].search([("phone", "=", "abc")]))

    def test_what_was_entered_stays(self):
        response = self._apply(national_id="12", name='"><script>alert(1)</script>')
        self.assertIn("siti@example.com".title().replace("Example.Com", "Example.com"), response.text)
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertIn("&gt;&lt;script&gt;alert(1)", response.text)

    def test_hostile_text_is_kept_as_text(self):
        self._apply(
            name="<img src=x onerror=alert(1)> {{ 7*7 }} ${7*7}\r\nBcc: evil@example.com",
            email="a@example.com",
        )
        member = self._applications()
        self.assertEqual(
            member.partner_id.name, "<img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} Bcc: evil@example.com"
        )
        mail = self._confirmation(member)
        self.assertNotIn("<img src=x", mail.body_html)
        self.assertNotIn("49", mail.body_html)

    def test_several_addresses_in_one_are_refused(self):
        self.assertIn("Enter an e-mail", self._apply(email="a@example.com, b@example.com").text)

    def test_class_that_does_not_admit(self):
        self.producers.admits_companies = False
        self.assertIn("does not admit", self._apply(kind="company").text)
        self.assertFalse(self._applications())

    def test_files_that_are_refused(self):
        for file, message in (
            (("big.pdf", b"%PDF-" + bytes(50 * 1024 * 1024), "application/pdf"), "big.pdf is too large"),
            (("page.html", b"<html><script>", "image/png"), "page.html is not accepted"),
            (("picture.svg", b"<svg onload=alert(1)>", "image/svg+xml"), "picture.svg is not accepted"),
        ):
            self.assertIn(message, self._apply([file]).text)
        self.assertIn(
            "too many files", self._apply([(f"{number}.png", KTP, "image/png") for number in range(6)]).text
        )
        self.assertFalse(self._applications())
        self.assertFalse(
            self.env["ir.attachment"].search([("name", "in", ("big.pdf", "page.html", "0.png"))])
        )

    def test_program_that_fills_everything_in(self):
        response = self._apply(website="https://spam.example.com")
        self.assertEqual(response.headers["Location"][-7:], "/thanks")
        self.assertFalse(self._applications())

    def test_form_of_another_site_is_refused(self):
        response = self.url_open(self._address, data=self.form, allow_redirects=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._applications())

    # ---------------------------------------------------------------- how often

    def _limit(self, per_address, in_all):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("kmp_membership.applications_per_address", per_address)
        parameters.set_param("kmp_membership.applications_per_hour", in_all)

    def test_one_address_is_limited(self):
        self._limit(2, 100)
        for number in range(2):
            self.assertEqual(self._apply(name=f"Applicant {number}").status_code, 303)
        response = self._apply(name="Third")
        self.assertEqual(response.status_code, 429)
        self.assertIn("Too many applications", response.text)
        self.assertEqual(len(self._applications()), 2)

    def test_all_together_are_limited(self):
        self._limit(100, 1)
        self.assertEqual(self._apply().status_code, 303)
        self.assertEqual(self._apply().status_code, 429)

    def test_mistakes_count_too(self):
        self._limit(1, 100)
        self.assertEqual(self._apply(name="").status_code, 200)
        self.assertEqual(self._apply().status_code, 429)

    def test_counting(self):
        attempts = self.env["kmp.web.attempt"]
        allowed = [attempts._is_allowed("form", "2001:db8::1", 2, 100) for _number in range(3)]
        self.assertEqual(allowed, [True, True, False])
        self.assertFalse(attempts._is_allowed("form", "2001:db8::ffff", 2, 100), "the same network")
        self.assertTrue(attempts._is_allowed("form", "2001:db8:1::1", 2, 100))
        self.assertNotIn("2001", " ".join(attempts.search([]).mapped("key")))
        self.env.cr.execute("UPDATE kmp_web_attempt SET hour = hour - interval '2 days'")
        attempts._gc_attempts()
        self.assertFalse(attempts.search([]))
