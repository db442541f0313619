from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kmp_shu.tests.trade import YEAR, TradeCase

POS = "kmp.patronage.source.pos"
INVOICE = "kmp.patronage.source.invoice"
JOURNAL = "kmp.patronage.source.journal"
DELIVERY = "kmp.patronage.source.delivery"
EVER = ("2025-01-01", "2099-12-31")


@tagged("post_install", "-at_install")
class TestPatronageSourcePos(TradeCase):
    """A till that sells rice for 1,000 that costs 600."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rice.list_price = 1000
        cls.company.account_default_pos_receivable_account_id = cls._create_receivable("110200", "Till")
        bank = cls.env["account.journal"].create(
            {"name": "Bank", "code": "BNK", "type": "bank", "company_id": cls.company.id}
        )
        bank.inbound_payment_method_line_ids.payment_account_id = cls._create_account(
            "110300", "In transit", "asset_current"
        )
        cls.method = cls.env["pos.payment.method"].create(
            {"name": "Bank", "journal_id": bank.id, "company_id": cls.company.id}
        )
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Shop",
                "company_id": cls.company.id,
                "journal_id": cls.misc_journal.id,
                "invoice_journal_id": cls.journals["sale"].id,
                "payment_method_ids": [Command.set(cls.method.ids)],
            }
        )
        cls.bases = {
            source: cls._create_basis(source[-4:], source=source) for source in (POS, INVOICE, DELIVERY)
        }
        cls.bases[JOURNAL] = cls._create_basis(
            "JRNL", source=JOURNAL, account_ids=(cls.accounts["sales"] | cls.accounts["goods"]).ids
        )

    @classmethod
    def _create_receivable(cls, code, name):
        account = cls._create_account(code, name, "asset_receivable")
        account.reconcile = True
        return account

    def sell(self, partner, quantity, **vals):
        """A paid order of rice at the till."""
        return self.pay(self.order(partner, quantity, **vals))

    def order(self, partner, quantity, **vals):
        if not self.till.current_session_id:
            session = self.env["pos.session"].create({"config_id": self.till.id})
            session.action_pos_session_open()
        order = self.env["pos.order"].create(
            {
                "amount_total": 0,
                "amount_paid": 0,
                "amount_tax": 0,
                "amount_return": 0,
                "date_order": "2025-06-30 05:00:00",
                "company_id": self.company.id,
                "session_id": self.till.current_session_id.id,
                "partner_id": partner.id,
                "lines": [
                    Command.create(
                        {
                            "product_id": self.rice.id,
                            "qty": quantity,
                            "price_unit": 1000,
                            "price_subtotal": 0,
                            "price_subtotal_incl": 0,
                        }
                    )
                ],
                **vals,
            }
        )
        order.lines._onchange_amount_line_all()
        order._compute_prices()
        return order

    def pay(self, order):
        payment = self.env["pos.make.payment"].with_context(active_ids=order.ids, active_id=order.id)
        payment.create({"payment_method_id": self.method.id}).check()
        return order

    def close(self):
        session = self.till.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        return session

    def weight(self, source, period=YEAR, measure="value"):
        """What member A-1 weighs in a source; None for nothing."""
        basis = self.bases[source]
        basis.measure = measure
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT SUM(weight) FROM (%s) weight", basis._get_weight_query(*period))
        )
        return rows[0][0]

    def test_paid_orders_count_with_their_cost(self):
        self.sell(self.contact, 3)
        self.sell(self.stranger, 9)
        self.order(self.member.partner_id, 9).state = "cancel"
        for close in (False, True):
            if close:
                self.close()
            self.assertEqual(self.weight(POS), 3000)
            self.assertEqual(self.weight(POS, measure="quantity"), 3)
            self.assertEqual(self.weight(POS, measure="margin"), 1200)
            self.assertIsNone(self.weight(INVOICE))
            self.assertIsNone(self.weight(JOURNAL))

    def test_a_return_takes_back_whatever_sign_the_till_sent(self):
        order = self.sell(self.member.partner_id, 3)
        refund = self.env["pos.order"].browse(order.refund()["res_id"])
        refund.date_order = "2025-07-01 05:00:00"
        refund.lines.qty = -1
        refund.lines._onchange_amount_line_all()
        refund._compute_prices()
        self.pay(refund)
        for amount in (-1000, 1000):
            refund.lines.price_subtotal = amount
            self.assertEqual(self.weight(POS), 2000)
            self.assertEqual(self.weight(POS, measure="margin"), 800)

    def test_an_order_invoiced_at_the_till_is_an_invoice(self):
        order = self.sell(self.member.partner_id, 2, to_invoice=True)
        if not order.account_move:
            order.action_pos_order_invoice()
        self.close()
        self.assertEqual((self.weight(POS), self.weight(INVOICE)), (None, 2000))
        self.assertEqual(self.weight(INVOICE, measure="margin"), 800)
        self.assertIsNone(self.weight(JOURNAL))

    def test_an_order_invoiced_after_its_session_stays_a_till_order_of_its_day(self):
        order = self.sell(self.member.partner_id, 2)
        self.close()
        order.action_pos_order_invoice()
        self.assertTrue(order.account_move)
        self.assertEqual((self.weight(POS, EVER), self.weight(INVOICE, EVER)), (2000, None))
        self.assertEqual(self.weight(POS), 2000)
        self.assertIsNone(self.weight(JOURNAL, EVER))

    def test_the_members_part_of_a_year_with_till_orders_and_invoices(self):
        for source in (POS, INVOICE):
            self.bases[source].is_participation = True
        self.sell(self.member.partner_id, 2)
        self.sell(self.stranger, 1)
        late = self.sell(self.member.partner_id, 3)
        session = self.close()
        session.move_id.button_draft()
        session.move_id.write({"name": False, "date": "2025-06-30"})
        session.move_id.action_post()
        late.action_pos_order_invoice()
        self._invoice("out_invoice", self.member.partner_id, 1, 1000)
        parts = self.company._get_surplus_parts(*YEAR)
        self.assertEqual(parts["total"].turnover, 7000)
        self.assertEqual(
            {source: part.turnover for source, part in parts["sources"].items()}, {POS: 5000, INVOICE: 1000}
        )
        self.assertEqual((parts["member"].turnover, parts["non_member"].turnover), (6000, 1000))
        self.assertEqual(parts["member"].cost, 6 * 600)

    def test_the_delivery_tells_the_order_again(self):
        self.assertTrue(self.bases[POS]._tells_same_business(self.bases[DELIVERY]))
        self.assertFalse(self.bases[POS]._tells_same_business(self.bases[INVOICE]))

    def test_another_company_does_not_count(self):
        self.sell(self.member.partner_id, 3)
        other = self._create_basis("OTHER", source=POS, company_id=self.other_company.id)
        self.env.flush_all()
        self.assertFalse(self.env.execute_query(other._get_weight_query(*YEAR)))

    def year(self):
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "JU", "kind": "patronage", "percent": 50, "basis_id": self.bases[POS].id},
        )
        scheme.with_user(self.officer).action_put_into_force()
        return self._create_run(scheme)

    def test_the_documents_behind_a_share(self):
        order = self.sell(self.member.partner_id, 3)
        self.close()
        self._earn("2025-12-31", 1000)
        run = self.year()
        run.action_compute()
        line = run.share_ids.line_ids
        for user in (self.accountant, self.officer, self.auditor, self.supervisor):
            action = line.with_user(user).action_open_documents()
            lines = self.env[action["res_model"]].with_user(user).search(action["domain"])
            self.assertEqual(lines.mapped(lambda line: (line.order_id, line.qty)), [(order, 3)])
        with self.assertRaises(AccessError):
            order.lines.with_user(self.auditor).write({"qty": 1})

    def test_an_open_session_of_the_year_is_a_warning(self):
        self.sell(self.member.partner_id, 3)
        session = self.till.current_session_id
        session.start_at = "2025-06-30 01:00:00"
        run = self.year()
        self.assertEqual(run._update_warnings().mapped("kind"), ["open_sessions"])
        self.assertIn(session.name, run.warning_ids.filtered(lambda w: not w.reason).message)
        action = run.warning_ids.filtered(lambda w: not w.reason).with_user(self.auditor).action_show()
        self.assertEqual(
            self.env[action["res_model"]].with_user(self.auditor).search(action["domain"]), session
        )
        session.start_at = "2026-01-01 01:00:00"
        self.assertFalse(run._update_warnings())
