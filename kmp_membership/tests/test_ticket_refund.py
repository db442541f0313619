from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .ticket_common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketRefund(TicketCase):
    """The way back: refunds, and payments that are undone."""

    def test_refund_takes_the_way_back(self):
        invoice = self._invoice()
        self._pay(invoice)
        refund = self._refund(invoice)
        self.assertEqual(self._membership().state, "active")  # not before the money is back
        self._pay(refund, day=date(2025, 5, 1))
        membership = self._membership()
        self.assertRecordValues(
            membership, [{"state": "left", "left_reason": "resigned", "date_end": date(2025, 5, 1)}]
        )
        step = membership.step_ids.filtered(lambda step: step.kind == "resign")
        self.assertIn(refund.name, step.reason)
        self.assertEqual(self._balances(), (0, 0))
        self.assertEqual(self._ticket(invoice).state, "refunded")
        self.assertRecordValues(
            self._ticket(refund),
            [{"kind": "refund", "state": "done", "amount": 100000, "date": date(2025, 5, 1)}],
        )
        self.assertEqual(self.pokok._get_holdings(date(2025, 4, 30))[self.buyer.id, self.pokok.id], 100000)

    def test_partial_refund_keeps_the_member(self):
        invoice = self._invoice()
        self._pay(invoice)
        self._pay(self._refund(invoice, 30000), day=date(2025, 5, 1))
        self.assertEqual(self._membership().state, "active")
        self.assertEqual(self._balances(), (70000, 0))
        self.assertEqual(self._ticket(invoice).state, "done")
        self._pay(self._refund(invoice, 70000), day=date(2025, 5, 2))
        self.assertEqual(self._membership().state, "left")
        self.assertEqual(self._balances(), (0, 0))

    def test_refunding_more_than_there_is_waits(self):
        invoice = self._invoice()
        self._pay(invoice)
        self._pay(self._refund(invoice, 100001), day=date(2025, 5, 1))
        ticket = self.env["kmp.ticket"].search([("kind", "=", "refund")])
        self.assertEqual(ticket.state, "waiting")
        self.assertIn("refunds more than the ticket still holds", ticket.problem)
        self.assertEqual(self._ledger_balance(self.pokok_account, self.buyer), 100000)

    def test_who_holds_more_stays_until_an_officer_decides(self):
        invoice = self._invoice()
        self._pay(invoice)
        self._create_entry(self.wajib_account, self.buyer, 5000, day=date(2025, 4, 1)).action_post()
        self._pay(self._refund(invoice), day=date(2025, 5, 1))
        self.assertEqual(self._membership().state, "active")
        self.assertIn("decide by a step", self._membership().message_ids[0].body)
        self.assertEqual(self._balances(), (0, 0))

    def test_a_member_from_before_stays_when_refunded(self):
        member = self._create_member("Ani", "A-1")
        invoice = self._invoice(partner=member.partner_id)
        self._pay(invoice)
        self._pay(self._refund(invoice), day=date(2025, 5, 1))
        self.assertEqual(member.state, "active")
        self.assertEqual(self._balances(member.partner_id), (0, 0))

    def test_shares_that_were_redeemed_cannot_be_refunded_again(self):
        invoice = self._invoice()
        self._pay(invoice)
        self._create_entry(self.pokok_account, self.buyer, -60000, day=date(2025, 4, 1)).action_post()
        refund = self._refund(invoice)
        self._pay(refund, day=date(2025, 5, 1))
        self.assertEqual(self._ticket(refund).state, "waiting")
        self.assertIn("does not hold", self._ticket(refund).problem)
        self.assertEqual(self._ledger_balance(self.pokok_account, self.buyer), 40000)

    def test_credit_note_of_an_unpaid_invoice_needs_nothing(self):
        invoice = self._invoice()
        refund = self._refund(invoice)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(refund.payment_state, "paid")
        self.assertFalse(self._membership())
        self.assertFalse(self.env["kmp.ticket"].search([]))

    def test_undone_payment(self):
        invoice = self._invoice()
        self._pay(invoice)
        invoice.line_ids.remove_move_reconcile()
        ticket = self._ticket(invoice)
        self.assertEqual(ticket.state, "waiting")
        self.assertIn(f"The payment of {invoice.name} was undone", ticket.problem)
        self.assertEqual(self._balances(), (0, 100000))
        membership = self._membership()
        self.assertEqual(membership.state, "active")
        self.assertIn("was undone", membership.message_ids[0].body)
        self._pay(invoice, day=date(2025, 6, 1))
        self.assertEqual((self._ticket(invoice).state, self._balances()), ("done", (100000, 0)))

    def test_half_of_the_payment_undone(self):
        invoice = self._invoice()
        self._pay(invoice, share=0.5)
        second = self._pay(invoice, share=0.5)
        self.assertEqual(self._balances(), (100000, 0))
        second.line_ids.remove_move_reconcile()
        self.assertEqual(invoice.payment_state, "partial")
        self.assertEqual((self._ticket(invoice).state, self._balances()), ("waiting", (0, 100000)))
        with self.assertRaisesRegex(UserError, "is not paid"):
            self._ticket(invoice).with_user(self.officer).action_process()

    def test_the_entries_of_an_undone_ticket_stay_too(self):
        """What was taken back is as much a part of the register as what came in."""
        invoice = self._invoice()
        payment = self._pay(invoice)
        entry = self._ticket(invoice).move_id
        (payment | invoice).line_ids.remove_move_reconcile()
        reversal = self.env["account.move"].search([("reversed_entry_id", "=", entry.id)])
        self.assertEqual((entry | reversal).kmp_ticket_id, self._ticket(invoice))
        for move in entry | reversal:
            for change in (
                move.button_draft,
                move.button_cancel,
                lambda move=move: move._reverse_moves([{}]),
            ):
                with self.assertRaisesRegex(UserError, "Refund that sale instead"), self.cr.savepoint():
                    change()
        with self.assertRaisesRegex(UserError, "not written by hand"), self.cr.savepoint():
            entry.kmp_ticket_id = False

    def test_the_entry_is_not_undone_by_itself(self):
        invoice = self._invoice()
        self._pay(invoice)
        move = self._ticket(invoice).move_id.with_user(self.accountant)
        for undo in (move.button_draft, move._reverse_moves):
            with self.assertRaisesRegex(UserError, f"belongs to the membership ticket {invoice.name}"):
                undo()
