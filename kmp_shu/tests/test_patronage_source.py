from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .trade import TradeCase

INVOICE = "kmp.patronage.source.invoice"
BILL = "kmp.patronage.source.bill"
RECEIPT = "kmp.patronage.source.receipt"
DELIVERY = "kmp.patronage.source.delivery"
JOURNAL = "kmp.patronage.source.journal"


@tagged("post_install", "-at_install")
class TestPatronageSource(TradeCase):
    def weigh(self, source, measure="value", **vals):
        """What member A-1 weighs in a new basis, None for nothing."""
        basis = self._create_basis(
            f"B{self.env['kmp.patronage.basis'].search_count([])}", source=source, measure=measure, **vals
        )
        weights = self._weights(basis)
        self.assertLessEqual(set(weights), {("A-1", "K")})
        return weights.get(("A-1", "K"))

    # Invoices and bills

    def test_the_margin_of_a_sale_is_its_value_less_its_cost_of_goods(self):
        invoice = self._invoice("out_invoice", self.member.partner_id, 3, 1000)
        self.assertEqual(len(invoice.line_ids.filtered(lambda line: line.display_type == "cogs")), 2)
        self._invoice("out_invoice", self.contact, 2, 100, product=self.salt)
        self._invoice("out_refund", self.member.partner_id, 1, 1000)
        self._invoice("out_invoice", self.stranger, 9, 1000)
        self.assertEqual(self.weigh(INVOICE), 2200)
        self.assertEqual(self.weigh(INVOICE, "quantity"), 4)
        self.assertEqual(self.weigh(INVOICE, "margin"), 2200 - 2 * 600 - 2 * 60)

    def test_a_cancelled_sale_leaves_neither_value_nor_cost(self):
        """A reversal that cancels copies the cost of goods without the link to its line."""
        invoice = self._invoice("out_invoice", self.member.partner_id, 3, 1000)
        self._invoice("out_invoice", self.member.partner_id, 1, 1000)
        invoice._reverse_moves([{"date": "2025-07-01", "invoice_date": "2025-07-01"}], cancel=True)
        self.assertEqual(self.weigh(INVOICE), 1000)
        self.assertEqual(self.weigh(INVOICE, "margin"), 400)

    def test_a_sale_in_another_unit_or_currency(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "name": "2025-01-01", "rate": 0.0001, "company_id": self.company.id}
        )
        self._invoice("out_invoice", self.member.partner_id, 2, 1, unit=dozen, currency=usd)
        self.assertEqual(self.weigh(INVOICE, "quantity"), 24)
        self.assertEqual(self.weigh(INVOICE), 20000)
        self.assertEqual(self.weigh(INVOICE, "margin"), 20000 - 24 * 600)

    def test_an_invoiced_deposit_is_no_sale(self):
        service = self.env["product.product"].create({"name": "Simpanan", "type": "service"})
        self._invoice("out_invoice", self.member.partner_id, 1, 500, product=service, account="education")
        self.assertIsNone(self.weigh(INVOICE))

    def test_who_buys_a_membership_does_no_business(self):
        self._invoice("out_invoice", self.member.partner_id, 1, 500, product=self.salt)
        self.assertEqual(self.weigh(INVOICE), 500)
        self.salt.kmp_share_type_id = self.pokok
        self.assertIsNone(self.weigh(INVOICE))

    def test_purchases_from_members(self):
        self._invoice("in_invoice", self.member.partner_id, 5, 700)
        self._invoice("in_refund", self.member.partner_id, 1, 700)
        self._invoice("out_invoice", self.member.partner_id, 9, 1000)
        self.assertEqual(self.weigh(BILL), 2800)
        self.assertEqual(self.weigh(BILL, "quantity"), 4)

    def test_drafts_other_years_and_other_companies_do_not_count(self):
        self._invoice("out_invoice", self.member.partner_id, 9, 1000, post=False)
        self._invoice("out_invoice", self.member.partner_id, 9, 1000, date="2026-01-01")
        basis = self._create_basis("SALES", source=INVOICE)
        self._invoice("out_invoice", self.member.partner_id, 1, 1000)
        other = self.env["kmp.membership"].create(
            {
                "company_id": self.other_company.id,
                "partner_id": self.member.partner_id.id,
                "number": "X-1",
                "state": "active",
                "date_start": "2000-01-01",
                "period_ids": [
                    Command.create(
                        {
                            "class_id": self.env["kmp.stakeholder.class"]
                            .create(
                                {
                                    "code": "Z",
                                    "name": "Z",
                                    "role": "other",
                                    "company_id": self.other_company.id,
                                }
                            )
                            .id,
                            "date_from": "2000-01-01",
                        }
                    )
                ],
            }
        )
        self.assertEqual(self._weights(basis), {("A-1", "K"): 1000})
        foreign = self._create_basis("SALES", source=INVOICE, company_id=self.other_company.id)
        self.assertEqual(self._weights(foreign), {})
        self.assertTrue(other)

    # Goods

    def test_goods_received_and_returned(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._ship(self.member.partner_id, 5, "supplier", "internal")
        self._ship(self.contact, 1, "supplier", "internal", unit=dozen)
        self._ship(self.member.partner_id, 2, "internal", "supplier")
        self._ship(self.member.partner_id, 9, "internal", "customer")
        self._ship(self.stranger, 9, "supplier", "internal")
        self.assertEqual(self.weigh(RECEIPT, "quantity"), 15)
        self.assertEqual(self.weigh(RECEIPT), 15 * 600)

    def test_who_reads_shares_opens_the_goods_behind_them(self):
        """List and form of the receipts and of their transfer, with every field that the screens show."""
        move = self._ship(self.member.partner_id, 5, "supplier", "internal")
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        move.picking_type_id = warehouse.in_type_id
        move._assign_picking()
        move.date = "2025-06-30 05:00:00"
        self.env.flush_all()
        basis = self._create_basis("GOODS", source=RECEIPT, measure="quantity")
        for user in (self.accountant, self.officer, self.supervisor, self.auditor):
            business = basis._get_business_query("2025-01-01", "2025-12-31")
            action = basis.with_user(user)._prepare_documents_action("Goods", business, SQL("TRUE"))
            found = self.env[action["res_model"]].with_user(user).search(action["domain"])
            self.assertEqual(found, move)
            self.open_screens(found)
            self.open_screens(found.picking_id)
        for user in (self.officer, self.supervisor, self.auditor):
            for record in (move, move.picking_id):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"origin": "x"})

    def open_screens(self, records):
        """Read what list and form show, as the web client does."""
        shown = records.get_views([(False, "list"), (False, "form")])["models"]
        self.env.invalidate_all()
        records.web_read(
            {
                name: {"fields": {"display_name": {}}} if field["type"].endswith("2many") else {}
                for name, field in shown[records._name]["fields"].items()
            }
        )

    def test_goods_delivered_and_returned(self):
        self._ship(self.stranger, 20, "supplier", "internal")
        self._ship(self.member.partner_id, 5, "internal", "customer")
        self._ship(self.member.partner_id, 2, "customer", "internal")
        self.assertEqual(self.weigh(DELIVERY, "quantity"), 3)
        self.assertEqual(self.weigh(DELIVERY), 3 * 600)

    def test_the_day_of_a_delivery_is_the_one_of_the_co_operative(self):
        self.company.partner_id.tz = "Asia/Jakarta"  # seven hours ahead of what is stored
        self._ship(self.member.partner_id, 1, "supplier", "internal", "2024-12-31 18:00:00")
        self._ship(self.member.partner_id, 10, "supplier", "internal", "2025-12-31 16:59:59")
        self._ship(self.member.partner_id, 100, "supplier", "internal", "2025-12-31 17:00:00")
        self.assertEqual(self.weigh(RECEIPT, "quantity"), 11)
        self.company.partner_id.tz = False
        self.assertEqual(self.weigh(RECEIPT, "quantity"), 110)

    def test_a_delivered_and_invoiced_sale_is_told_once_in_each_source(self):
        """The invoice tells it in money, the delivery in goods; nothing adds up over both."""
        self._ship(self.stranger, 20, "supplier", "internal")
        self._ship(self.member.partner_id, 3, "internal", "customer")
        self._invoice("out_invoice", self.member.partner_id, 3, 1000)
        self.assertEqual(self.weigh(INVOICE), 3000)
        self.assertEqual(self.weigh(DELIVERY, "quantity"), 3)
        sales, goods = (
            self._create_basis(source[-4:], source=source, measure="quantity")
            for source in (INVOICE, DELIVERY)
        )
        self.assertTrue(sales._tells_same_business(goods))
        self.assertTrue(goods._tells_same_business(sales))
        with self.assertRaisesRegex(ValidationError, "Goods delivered are no income"):
            goods.is_participation = True

    # Journal items

    def test_journal_items_count_by_the_nature_of_the_account(self):
        partner = self.member.partner_id
        self._post("2025-03-31", ("cash", 70, None), ("interest", -70, partner))
        self._post("2025-03-31", ("wages", 900, partner), ("cash", -900, None))
        self._post("2025-03-31", ("wages", -100, partner), ("cash", 100, None))
        self._invoice("in_invoice", partner, 5, 700, account="wages")  # the line of a bill is the bill's
        self.assertEqual(self.weigh(JOURNAL, account_ids=self.accounts["interest"].ids), 70)
        self.assertEqual(self.weigh(JOURNAL, account_ids=self.accounts["wages"].ids), 800)

    def test_what_cannot_be_measured_is_refused(self):
        for source, measure in ((BILL, "margin"), (JOURNAL, "hours"), (RECEIPT, "margin")):
            with self.assertRaisesRegex(ValidationError, "cannot be measured"), self.env.cr.savepoint():
                self._create_basis("WRONG", source=source, measure=measure, account_ids=self.cash.ids)
