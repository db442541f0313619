import re
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .portal_common import PortalCase

RECEIPT = b"%PDF-1.4 receipt"


@tagged("post_install", "-at_install")
class TestMemberRequest(PortalCase):
    def _url(self, page="", member=None):
        return f"/my/membership/{(member or self.ani).id}/requests{page}"

    def _ask(self, kind, user=None, member=None, files=None, **form):
        self._sign_in(user or self.user_ani)
        page = self.url_open(self._url(f"/new/{kind}", member)).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        form["csrf_token"] = token and token.group(1)
        response = self.url_open(
            self._url(f"/new/{kind}", member), data=form, files=files, allow_redirects=False
        )
        self.env.invalidate_all()
        return response

    def _requests(self):
        return self.env["kmp.member.request"].search([])

    def _ask_for_deposit(self, **form):
        return self._ask("deposit", **({"share_type_id": self.wajib.id, "amount": "250000"} | form))

    # ---------------------------------------------------------------- deposit

    def test_deposit_from_request_to_capital(self):
        self.assertEqual(self._ask_for_deposit(message="By transfer").status_code, 303)
        request = self._requests().ensure_one()
        self.assertEqual((request.kind, request.amount, request.state), ("deposit", 250_000, "open"))
        self.assertEqual(request.activity_ids.user_id, self.officer)
        request.with_user(self.clerk).action_accept()
        operation = request.operation_id
        self.assertEqual(
            (operation.state, operation.amount, operation.memo), ("draft", 250_000, "By transfer")
        )
        self.assertEqual((request.state, request.answered_by_id), ("accepted", self.clerk))
        self.assertIn("In Progress", self._read(self._url()))
        operation.with_user(self.officer).action_post()
        self.assertEqual(request.state, "done")
        self.assertFalse(request.activity_ids)
        self.assertEqual(self._holding(self.ani), 250_000)
        self.env.flush_all()
        self.assertRegex(self._read(self._url()), r"Deposit Done Simpanan Wajib Rp.250,000\.00 By transfer")

    def test_amounts_that_are_none(self):
        for amount in ("0", "-5", "nan", "1e400", "0.001", "1.000.000", "x", ""):
            self.assertIn("Enter an amount above zero", self._ask_for_deposit(amount=amount).text, amount)
        for share_type in (self.pokok.id, 0, "x", 10**8):
            self.assertIn("Choose what you want", self._ask_for_deposit(share_type_id=share_type).text)
        self.assertFalse(self._requests())

    def test_accepting_twice_makes_one_deposit(self):
        self._ask_for_deposit()
        request = self._requests().with_user(self.clerk)
        request.action_accept()
        request.action_accept()
        self.assertEqual(
            self.env["kmp.share.operation"].search_count([("membership_id", "=", self.ani.id)]), 1
        )

    # ---------------------------------------------------------------- data

    def test_changed_data_reach_the_contact(self):
        self.ani.partner_id.write({"phone": "0811", "city": "Sleman"})
        self._ask("data", phone="0822 333", city="Sleman", street="Jl. Melati 2")
        request = self._requests()
        self.assertEqual(
            (request.new_phone, request.new_city, request.new_street), ("0822 333", False, "Jl. Melati 2")
        )
        self.assertEqual(self.ani.partner_id.phone, "0811")
        request.with_user(self.clerk).action_accept()
        self.assertEqual(
            (self.ani.partner_id.phone, self.ani.partner_id.street), ("0822 333", "Jl. Melati 2")
        )
        self.assertEqual(request.state, "done")

    def test_nothing_changed(self):
        self.assertIn("Enter what has changed", self._ask("data").text)
        self.assertFalse(self._requests())

    # ---------------------------------------------------------------- exit

    def test_exit_leads_to_the_step(self):
        self._ask("exit", wished_date="2026-03-31", message="I move away")
        request = self._requests()
        with self.assertRaises(AccessError):
            request.with_user(self.clerk).action_accept()
        action = request.with_user(self.officer).action_accept()
        self.assertEqual(action["context"]["default_date"], date(2026, 3, 31))
        wizard = (
            self.env["kmp.membership.step.wizard"].with_user(self.officer).with_context(**action["context"])
        )
        wizard.create({}).action_confirm()
        self.assertEqual((self.ani.state, self.ani.left_reason, request.state), ("left", "resigned", "done"))
        self.assertEqual(self.ani.step_ids[0].reason, "I move away")

    def test_exit_is_asked_for_once(self):
        self._ask("exit", message="first")
        self.assertIn("asked for this already", self._ask("exit", message="second").text)
        self.assertEqual(self._requests().message, "first")

    def test_day_that_is_none(self):
        self.assertIn("Enter the day", self._ask("exit", wished_date="tomorrow").text)

    # ---------------------------------------------------------------- answers

    def test_refusal_needs_an_answer_that_the_member_reads(self):
        self._ask_for_deposit()
        request = self._requests().with_user(self.clerk)
        with self.assertRaisesRegex(ValidationError, "enter as answer"):
            request.action_refuse()
        request.answer = "The class holds no more of it."
        request.action_refuse()
        self.assertEqual(request.state, "refused")
        self.assertIn(self.ani.partner_id, request.message_ids.notified_partner_ids)
        self.assertRegex(self._read(self._url()), r"Refused .* The class holds no more of it\.")
        with self.assertRaisesRegex(UserError, "answered already"):
            request.action_finish()

    def test_state_is_sealed(self):
        self._ask_for_deposit()
        with self.assertRaisesRegex(UserError, "by its buttons"):
            self._requests().with_user(self.officer).state = "done"

    def test_supervisor_answers_nothing(self):
        self._ask_for_deposit()
        for method in ("action_accept", "action_finish", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(self._requests().with_user(self.supervisor), method)()

    def test_member_withdraws(self):
        self._ask_for_deposit()
        request = self._requests()
        page = self.url_open(self._url()).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        response = self.url_open(
            self._url(f"/{request.id}/withdraw"), data={"csrf_token": token}, allow_redirects=False
        )
        self.env.invalidate_all()
        self.assertEqual((response.status_code, request.state), (303, "withdrawn"))
        self.assertFalse(request.activity_ids)

    # ---------------------------------------------------------------- whose

    def test_another_member(self):
        self._ask_for_deposit()
        request = self._requests()
        self._sign_in(self.user_budi)
        token = re.search(
            r'name="csrf_token" value="([^"]+)"', self.url_open(self._url("/new/data", self.budi)).text
        ).group(1)
        for path, data in (
            (self._url(), None),
            (self._url("/new/deposit"), None),
            (self._url("/new/deposit"), {"share_type_id": self.wajib.id, "amount": "1"}),
            (self._url(f"/{request.id}/withdraw"), {}),
            (self._url(f"/{request.id}/withdraw", self.budi), {}),
            (self._url("/new/other", self.budi), None),
        ):
            form = data if data is None else data | {"csrf_token": token}
            self.assertEqual(self.url_open(path, data=form, allow_redirects=False).status_code, 404, path)
        self.env.invalidate_all()
        self.assertEqual((self._requests(), request.state), (request, "open"))
        self.assertNotIn("250,000", self._read(self._url(member=self.budi)))

    def test_who_has_left_asks_for_nothing(self):
        self.ani.with_user(self.officer)._apply_step("resign", date(2025, 6, 30))
        self.assertIn("cannot be asked for now", self._ask("exit").text)
        self.assertIn("cannot be asked for now", self._ask_for_deposit().text)
        self.assertFalse(self._requests())

    def test_applicant_may_pay_in_and_nothing_else(self):
        form = {"user": self.user_citra, "member": self.citra}
        self.assertEqual(self._ask_for_deposit(**form).status_code, 303)
        self.assertIn("cannot be asked for now", self._ask("exit", **form).text)

    def test_asking_without_end(self):
        for _number in range(10):
            self.assertEqual(self._ask_for_deposit().status_code, 303)
        self.assertIn("asked for this already", self._ask_for_deposit().text)
        self.assertEqual(len(self._requests()), 10)

    def test_another_company_answers_nothing(self):
        self._ask_for_deposit()
        request = (
            self._requests()
            .with_user(self.other_officer)
            .with_context(allowed_company_ids=self.other_company.ids)
        )
        self.assertFalse(request.search([]))
        with self.assertRaises(AccessError):
            request.action_finish()

    # ---------------------------------------------------------------- documents

    def test_receipt_is_kept_for_the_officers(self):
        self._ask_for_deposit(files=[("files", ("../bukti.exe", RECEIPT, "text/html"))])
        request = self._requests()
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id)]
        )
        self.assertEqual(
            (attachment.name, attachment.mimetype, attachment.raw), ("bukti.pdf", "application/pdf", RECEIPT)
        )
        self.assertEqual(self._get(f"/web/content/{attachment.id}").status_code, 404)
        self._sign_in(self.user_budi)
        self.assertEqual(self._get(f"/web/content/{attachment.id}").status_code, 404)
        self._sign_in(self.officer)
        self.assertEqual(self._get(f"/web/content/{attachment.id}").content, RECEIPT)

    def test_fifty_megabytes_are_refused(self):
        files = [("files", ("receipt.pdf", b"%PDF-" + bytes(50 * 1024 * 1024), "application/pdf"))]
        response = self._ask_for_deposit(files=files, message="kept text")
        self.assertIn("receipt.pdf is too large", response.text)
        self.assertIn("kept text", response.text)
        self.assertFalse(self._requests())

    def test_hostile_message_is_text(self):
        self._ask("exit", message="<script>alert(1)</script>")
        self.assertNotIn("<script>alert(1)", self.url_open(self._url()).text)
