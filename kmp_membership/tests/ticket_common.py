from datetime import date

from odoo import Command

from .common import MembershipCase

SOLD, PAID = date(2025, 3, 1), date(2025, 3, 10)


class TicketCase(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls._create_account("120001", "Piutang", "asset_receivable")
        cls.called = cls._create_account("220001", "Setoran Modal", "liability_current")
        cls.env["ir.default"].set(
            "res.partner", "property_account_receivable_id", cls.receivable.id, company_id=cls.company.id
        )
        cls.sales_journal = cls.env["account.journal"].create(
            {
                "name": "Penjualan",
                "code": "JUAL",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": cls.called.id,
            }
        )
        cls.ticket_product = cls.env["product.product"].create(
            {
                "name": "Tiket Anggota",
                "type": "service",
                "list_price": 100000,
                "taxes_id": [Command.clear()],
                "property_account_income_id": cls.called.id,
                "kmp_class_id": cls.consumers.id,
                "kmp_share_type_id": cls.pokok.id,
            }
        )
        cls.buyer = cls.env["res.partner"].create({"name": "Rina"})

    def _invoice(self, amount=100000, partner=None, product=None, **vals):
        invoice = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or self.buyer).id,
                    "invoice_date": SOLD,
                    "date": SOLD,
                    "journal_id": self.sales_journal.id,
                    "currency_id": self.idr.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": (product or self.ticket_product).id,
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **vals,
                }
            )
        )
        invoice.action_post()
        return invoice

    def _pay(self, invoice, day=PAID, share=1, journal=None):
        """The money reaches the cash account and is matched. Returns the entry of the payment."""
        amount = invoice.amount_total * share * (1 if invoice.move_type == "out_invoice" else -1)
        move = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "journal_id": (journal or self.misc_journal).id,
                    "date": day,
                    "line_ids": [
                        Command.create({"account_id": self.cash.id, "balance": amount}),
                        Command.create(
                            {
                                "account_id": self.receivable.id,
                                "balance": -amount,
                                "partner_id": invoice.commercial_partner_id.id,
                            }
                        ),
                    ],
                }
            )
        )
        move.action_post()
        (move | invoice).line_ids.filtered(lambda line: line.account_id == self.receivable).reconcile()
        return move

    def _refund(self, invoice, amount=None):
        refund = invoice.with_user(self.accountant)._reverse_moves([{"invoice_date": PAID, "date": PAID}])
        if amount:
            refund.invoice_line_ids.price_unit = amount
        refund.action_post()
        return refund

    def _membership(self, partner=None):
        return self.env["kmp.membership"].search(
            [("partner_id", "=", (partner or self.buyer).id), ("company_id", "=", self.company.id)]
        )

    def _ticket(self, invoice):
        return self.env["kmp.ticket"].search([("invoice_id", "=", invoice.id)])

    def _balances(self, partner=None):
        partner = partner or self.buyer
        return tuple(self._ledger_balance(account, partner) for account in (self.pokok_account, self.called))
