from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .ticket_common import PAID, SOLD, TicketCase


@tagged("post_install", "-at_install")
class TestTicket(TicketCase):
    def test_a_paid_invoice_makes_a_member(self):
        invoice = self._invoice()
        self.assertFalse(self._membership())
        self.assertEqual(self._balances(), (0, 100000))
        self._pay(invoice)
        membership = self._membership()
        self.assertRecordValues(
            membership,
            [
                {
                    "state": "active",
                    "number": "00001",
                    "class_id": self.consumers.id,
                    "date_start": PAID,
                    "date_application": PAID,
                }
            ],
        )
        self.assertEqual(set(membership.step_ids.mapped("kind")), {"approve", "activate"})
        self.assertIn(invoice.name, membership.step_ids[0].reason or membership.step_ids[0].resolution)
        # What was sold is capital now, on the day of the payment, and no longer on the account of the sale.
        self.assertEqual(self._balances(), (100000, 0))
        ticket = self._ticket(invoice)
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "done",
                    "amount": 100000,
                    "date": PAID,
                    "has_opened_membership": True,
                    "problem": False,
                }
            ],
        )
        self.assertEqual((ticket.move_id.date, ticket.move_id.state), (PAID, "posted"))
        self.assertEqual(self.pokok._get_holdings(date(2025, 3, 9)).get((self.buyer.id, self.pokok.id)), None)

    def test_whoever_takes_the_money_needs_no_right_in_the_cooperative(self):
        self.assertFalse(self.accountant.has_group("kmp_membership.group_clerk"))
        self._pay(self._invoice())
        self.assertEqual(self._membership().step_ids.create_uid, self.accountant)

    def test_half_paid_is_not_paid(self):
        invoice = self._invoice()
        self._pay(invoice, share=0.5)
        self.assertFalse(self._membership())
        self._pay(invoice, day=date(2025, 4, 2), share=0.5)
        self.assertEqual(self._membership().date_start, date(2025, 4, 2))
        self.assertEqual(self._balances(), (100000, 0))

    def test_other_products_make_no_member(self):
        product = self.env["product.product"].create(
            {"name": "Beras", "property_account_income_id": self.called.id}
        )
        invoice = self._invoice(product=product)
        self._pay(invoice)
        self.assertFalse(self._membership())
        self.assertFalse(self._ticket(invoice))

    def test_a_member_pays_in_and_keeps_the_class(self):
        member = self._create_member("Ani", "A-1", self.producers)
        self._pay(self._invoice(partner=member.partner_id))
        self.assertRecordValues(
            member, [{"class_id": self.producers.id, "state": "active", "date_start": date(2025, 1, 1)}]
        )
        self.assertEqual(self._balances(member.partner_id), (100000, 0))
        self.assertFalse(member.step_ids)

    def test_an_applicant_and_an_approved_one(self):
        for place, steps in enumerate(((), ("approve",))):
            partner = self.env["res.partner"].create({"name": f"P{place}"})
            applicant = self.env["kmp.membership"].create(
                {"partner_id": partner.id, "applied_class_id": self.producers.id}
            )
            for step in steps:
                applicant._apply_step(step, SOLD)
            self._pay(self._invoice(partner=partner))
            self.assertRecordValues(applicant, [{"state": "active", "class_id": self.consumers.id}])

    def test_who_resigned_comes_back_with_the_same_number(self):
        member = self._create_member("Ani", "A-1")
        member._apply_step("resign", date(2025, 2, 1), reason="x")
        self._pay(self._invoice(partner=member.partner_id))
        self.assertRecordValues(
            member, [{"state": "active", "number": "A-1", "class_id": self.consumers.id, "date_start": PAID}]
        )

    def test_who_was_expelled_is_no_member_again_by_paying(self):
        member = self._create_member("Ani", "A-1")
        member._apply_step("expel", date(2025, 2, 1), reason="x")
        invoice = self._invoice(partner=member.partner_id)
        self._pay(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(member.state, "left")
        self.assertEqual(self._balances(member.partner_id), (0, 100000))
        ticket = self._ticket(invoice)
        self.assertEqual(ticket.state, "waiting")
        self.assertIn("A-1 Ani is Expelled", ticket.problem)
        self.assertIn("waits for an officer", invoice.message_ids[0].body)

    def test_a_contact_pays_for_its_company(self):
        firm = self.env["res.partner"].create({"name": "CV Firm", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Clerk", "parent_id": firm.id})
        self._pay(self._invoice(partner=contact))
        self.assertEqual(self._membership(firm).state, "active")
        self.assertFalse(self._membership(contact))

    def test_locked_period_waits(self):
        """The day is open for the payment, and locked for the entry of the ticket."""
        invoice = self._invoice()
        with patch.object(
            type(self.company), "_get_violated_lock_dates", self._locked_for(self.misc_journal)
        ):
            self._pay(invoice, journal=self.cash_journal)
        ticket = self._ticket(invoice)
        self.assertEqual(ticket.state, "waiting")
        self.assertIn("lies in a locked period", ticket.problem)
        self.assertFalse(self._membership())
        ticket.with_user(self.officer).action_process()
        self.assertEqual((ticket.state, self._membership().date_start), ("done", PAID))

    def _locked_for(self, locked):
        def violated(_company, _day, has_tax=False, journal=None):
            return [(date(2025, 3, 31), "fiscalyear_lock_date")] if journal == locked else []

        return violated

    def _ticket_of_unpaid(self, invoice):
        return self.env["kmp.ticket"]._get_ticket(invoice.sudo().invoice_line_ids)

    def test_no_journal_leaves_it_waiting_and_nothing_half_done(self):
        invoice = self._invoice()
        # The payment has its own journal; the ticket finds none.
        self.patch(type(self.company), "_get_share_journal", lambda company: company.env["account.journal"])
        self._pay(invoice)
        ticket = self._ticket(invoice)
        self.assertIn("no journal for miscellaneous operations", ticket.problem)
        self.assertFalse(self._membership())
        self.assertEqual(self._balances(), (0, 100000))

    def test_an_officer_tries_again(self):
        invoice = self._invoice()
        with self.subTest("unpaid"):
            ticket = self._ticket_of_unpaid(invoice)
            with self.assertRaisesRegex(UserError, "is not paid"):
                ticket.with_user(self.officer).action_process()
        self._pay(invoice)
        self.assertEqual(ticket.state, "done")
        with self.assertRaisesRegex(UserError, "already processed"):
            ticket.with_user(self.officer).action_process()
        for user in (self.clerk, self.supervisor, self.auditor, self.accountant):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_process()

    def test_waiting_ticket_is_processed_by_an_officer(self):
        with self._without_journal():
            invoice = self._invoice()
            self._pay(invoice)
        ticket = self._ticket(invoice)
        self.assertEqual(ticket.state, "waiting")
        ticket.with_user(self.officer).action_process()
        self.assertEqual((ticket.state, ticket.problem), ("done", False))
        self.assertEqual(self._balances(), (100000, 0))

    def _without_journal(self):
        return patch.object(
            type(self.company), "_get_share_journal", lambda company: company.env["account.journal"]
        )

    def test_paid_twice_counts_once(self):
        invoice = self._invoice()
        self._pay(invoice)
        invoice.sudo()._invoice_paid_hook()
        self.assertEqual(len(self._ticket(invoice)), 1)
        self.assertEqual(self._balances(), (100000, 0))

    def test_a_free_ticket_waits(self):
        invoice = self._invoice(0)
        ticket = self._ticket(invoice)
        self.assertIn("cost nothing", ticket.problem)
        self.assertFalse(self._membership())

    def test_product_of_one_company(self):
        foreign = self.env["kmp.stakeholder.class"].create(
            {"code": "X", "name": "X", "company_id": self.other_company.id}
        )
        with self.assertRaisesRegex(ValidationError, "must belong to Koperasi Uji"):
            self.ticket_product.kmp_class_id = foreign

    def test_without_a_share_type_the_ticket_waits(self):
        self.ticket_product.kmp_share_type_id = False
        invoice = self._invoice()
        self._pay(invoice)
        ticket = self._ticket(invoice)
        self.assertIn("has no share type to pay into", ticket.problem)
        self.ticket_product.kmp_share_type_id = self.pokok
        ticket.with_user(self.officer).action_process()
        self.assertEqual(self._balances(), (100000, 0))

    def test_a_ticket_of_one_company_is_none_in_another(self):
        product = self.ticket_product.with_company(self.other_company)
        self.assertFalse(product.kmp_class_id or product.kmp_share_type_id)

    def test_who_sees_and_changes_tickets(self):
        self._pay(self._invoice())
        ticket = self.env["kmp.ticket"].search([])
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            self.assertEqual(ticket.with_user(user).amount, 100000)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(ticket.with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            ticket.with_user(self.other_officer).with_context(
                allowed_company_ids=self.other_company.ids
            ).read(["amount"])
        with self.assertRaises(AccessError):
            self.ticket_product.product_tmpl_id.with_user(self.clerk).read(["kmp_class_id"])

    def test_views_open(self):
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            self.env["kmp.ticket"].with_user(user).get_views(
                [(False, "list"), (False, "form"), (False, "search")]
            )
        self.officer.group_ids += self.env.ref("product.group_product_manager")
        with Form(self.ticket_product.product_tmpl_id.with_user(self.officer)) as form:
            self.assertEqual(form.kmp_class_id, self.consumers)
