from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.ticket_common import TicketCase

SOLD_AT = "2025-03-10 04:00:00"


@tagged("post_install", "-at_install")
class TestTicketPos(TicketCase):
    """A cashier, with no right in the co-operative, sells the ticket to Rina for Rp100,000 in cash."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._create_user("cashier", "base.group_user,point_of_sale.group_pos_user")
        cls.company.account_default_pos_receivable_account_id = cls.receivable
        cls.till_journal = cls.env["account.journal"].create(
            {"name": "Kas Toko", "code": "KTK", "type": "cash", "company_id": cls.company.id}
        )
        cls.method = cls.env["pos.payment.method"].create(
            {
                "name": "Tunai",
                "journal_id": cls.till_journal.id,
                "receivable_account_id": cls.receivable.id,
                "company_id": cls.company.id,
            }
        )
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Toko",
                "company_id": cls.company.id,
                "journal_id": cls.misc_journal.id,
                "invoice_journal_id": cls.sales_journal.id,
                "payment_method_ids": [Command.set(cls.method.ids)],
            }
        )
        cls.ticket_product.available_in_pos = True
        cls.session = cls.env["pos.session"].create({"config_id": cls.till.id, "user_id": cls.cashier.id})
        cls.session.action_pos_session_open()

    def _order(self, partner=None, qty=1, price=100000, product=None, **vals):
        total = qty * price
        order = self.env["pos.order"].with_user(self.cashier)
        return order.create(
            {
                "session_id": self.session.id,
                "company_id": self.company.id,
                "partner_id": (self.buyer if partner is None else partner).id,
                "date_order": SOLD_AT,
                "amount_total": total,
                "amount_tax": 0,
                "amount_paid": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": (product or self.ticket_product).id,
                            "qty": qty,
                            "price_unit": price,
                            "price_subtotal": total,
                            "price_subtotal_incl": total,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )

    def _pay_order(self, order):
        order.add_payment(
            {"pos_order_id": order.id, "amount": order.amount_total, "payment_method_id": self.method.id}
        )
        order.action_pos_order_paid()
        return order

    def _refund_order(self, order, qty=-1):
        refund = self._order(qty=qty)
        refund.lines.refunded_orderline_id = order.lines
        return self._pay_order(refund)

    def _ticket_of(self, order):
        return self.env["kmp.ticket"].search([("pos_order_id", "=", order.id)])

    def _held(self):
        return self._ledger_balance(self.pokok_account, self.buyer)

    def test_a_paid_order_makes_a_member(self):
        order = self._pay_order(self._order())
        ticket, member = self._ticket_of(order), self._membership()
        self.assertEqual((ticket.state, ticket.amount, ticket.membership_id), ("done", 100000, member))
        self.assertEqual(
            (member.state, member.class_id, member.date_start), ("active", self.consumers, date(2025, 3, 10))
        )
        approval = member.step_ids.filtered(lambda step: step.kind == "approve")
        self.assertEqual(approval.resolution, f"Tiket Anggota, {order.name}")
        self.assertEqual(self._held(), 100000)
        self.assertEqual(ticket.move_id.date, date(2025, 3, 10))

    def test_an_unpaid_order_does_not(self):
        order = self._order()
        self.assertFalse(self._ticket_of(order))
        self.assertFalse(self._membership())

    def test_nobody_and_other_products_make_no_member(self):
        nobody = self._pay_order(self._order(partner=self.env["res.partner"]))
        rice = self.env["product.product"].create(
            {"name": "Beras", "property_account_income_id": self.called.id, "taxes_id": [Command.clear()]}
        )
        other = self._pay_order(self._order(product=rice))
        self.assertFalse(self._ticket_of(nobody) | self._ticket_of(other))
        self.assertFalse(self._membership())

    def test_the_closed_session_leaves_nothing_on_the_account_of_the_sale(self):
        self._pay_order(self._order())
        session = self.session.sudo()
        session.post_closing_cash_details(100000)
        session.close_session_from_ui()
        self.assertEqual(session.state, "closed")
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.called.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual((sum(items.mapped("credit")), sum(items.mapped("balance"))), (100000, 0))
        self.assertEqual(self._held(), 100000)

    def test_a_refund_takes_the_way_back(self):
        order = self._pay_order(self._order())
        refund = self._refund_order(order)
        self.assertEqual((self._ticket_of(refund).kind, self._ticket_of(refund).state), ("refund", "done"))
        self.assertEqual(self._ticket_of(order).state, "refunded")
        self.assertEqual((self._membership().state, self._held()), ("left", 0))

    def test_a_refund_of_what_made_nobody_a_member_does_nothing(self):
        order = self._pay_order(self._order(partner=self.env["res.partner"]))
        refund = self._refund_order(order)
        self.assertFalse(self._ticket_of(refund))

    def test_an_invoice_afterwards_makes_no_second_ticket(self):
        order = self._pay_order(self._order())
        order.sudo().action_pos_order_invoice()
        self.assertEqual(order.account_move.payment_state, "paid")
        self.assertEqual(self.env["kmp.ticket"].search_count([("partner_id", "=", self.buyer.id)]), 1)
        self.assertEqual(self._held(), 100000)

    def test_an_order_that_is_invoiced_at_once_is_left_to_the_invoice(self):
        order = self._order(to_invoice=True)
        order.add_payment({"pos_order_id": order.id, "amount": 100000, "payment_method_id": self.method.id})
        order.sudo()._process_saved_order(False)
        self.assertFalse(self._ticket_of(order))
        ticket = self.env["kmp.ticket"].search([("invoice_id", "=", order.account_move.id)])
        self.assertEqual((ticket.state, self._held()), ("done", 100000))

    def test_what_cannot_be_done_waits_and_the_till_goes_on(self):
        self.company.sudo().fiscalyear_lock_date = date(2025, 3, 31)
        order = self._pay_order(self._order())
        ticket = self._ticket_of(order)
        self.assertEqual((order.state, ticket.state), ("paid", "waiting"))
        self.assertIn("locked period", ticket.problem)
        self.assertIn("waits for an officer", order.sudo().message_ids[0].body)
        self.assertFalse(self._membership())
        self.company.sudo().fiscalyear_lock_date = False
        ticket.with_user(self.officer).action_process()
        self.assertEqual((ticket.state, self._held()), ("done", 100000))

    def test_the_entry_belongs_to_the_ticket(self):
        order = self._pay_order(self._order())
        with self.assertRaisesRegex(UserError, "Refund that sale instead"):
            self._ticket_of(order).move_id.button_draft()
