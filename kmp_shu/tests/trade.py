"""A co-operative that trades by Odoo's own documents: invoices, bills, receipts and deliveries."""

from decimal import Decimal

from odoo import Command
from odoo.tools import SQL

from .common import CooperativeCase

YEAR = ("2025-01-01", "2025-12-31")
TRADE_ACCOUNTS = {
    "receivable": ("110100", "asset_receivable"),
    "vendors": ("210100", "liability_payable"),
    "stock": ("120000", "asset_current"),
    "goods": ("500000", "expense_direct_cost"),
    "rent": ("502000", "expense"),
    "tax": ("590000", "expense"),
}


class TradeCase(CooperativeCase):
    """`member` with a shop as contact, a `stranger`; rice and salt cost 600 and 60 and are valued perpetually."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_class("K")
        cls._create_class("P")
        cls.member = cls._create_member("A-1", "K")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Shop of A-1", "parent_id": cls.member.partner_id.id, "type": "other"}
        )
        cls.stranger = cls.env["res.partner"].create({"name": "No member"})
        cls._set_up_trade_accounts()
        cls.rice, cls.salt = (cls._create_good(*good) for good in (("Rice", 600), ("Salt", 60)))

    @classmethod
    def _set_up_trade_accounts(cls):
        cls.accounts |= {
            key: cls._create_account(code, key, kind) for key, (code, kind) in TRADE_ACCOUNTS.items()
        }
        for field, key in (("receivable", "receivable"), ("payable", "vendors")):
            cls.env["ir.default"].set(
                "res.partner",
                f"property_account_{field}_id",
                cls.accounts[key].id,
                company_id=cls.company.id,
            )
        cls.journals = {
            kind: cls.env["account.journal"].create(
                {"name": kind, "code": kind[:3].upper(), "type": kind, "company_id": cls.company.id}
            )
            for kind in ("sale", "purchase")
        }

    @classmethod
    def _create_good(cls, name, cost):
        category = cls.env["product.category"].create(
            {
                "name": name,
                "property_cost_method": "standard",
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": cls.accounts["stock"].id,
                "property_account_expense_categ_id": cls.accounts["goods"].id,
                "property_account_income_categ_id": cls.accounts["sales"].id,
            }
        )
        return cls.env["product.product"].create(
            {
                "name": name,
                "categ_id": category.id,
                "is_storable": True,
                "standard_price": cost,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )

    @classmethod
    def _invoice(cls, move_type, partner, quantity, price, date="2025-06-30", product=None, **vals):
        """A posted invoice of one line; `unit`, `currency` and `account` as wanted."""
        is_sale = move_type.startswith("out")
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "date": date,
                "invoice_date": date,
                "currency_id": (vals.get("currency") or cls.company.currency_id).id,
                "journal_id": cls.journals["sale" if is_sale else "purchase"].id,
                "invoice_line_ids": [Command.create(cls._prepare_trade_line(quantity, price, product, vals))],
            }
        )
        if vals.get("post", True):
            move.action_post()
        return move

    @classmethod
    def _prepare_trade_line(cls, quantity, price, product, vals):
        line = {
            "product_id": (product or cls.rice).id,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [],
        }
        if vals.get("unit"):
            line["product_uom_id"] = vals["unit"].id
        if vals.get("account"):
            line["account_id"] = cls.accounts[vals["account"]].id
        return line

    @classmethod
    def _ship(cls, partner, quantity, origin, destination, moment="2025-06-30 05:00:00", **vals):
        """A stock move that is done, between two usages of location."""
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        locations = {
            "internal": warehouse.lot_stock_id,
            "supplier": cls.env.ref("stock.stock_location_suppliers"),
            "customer": cls.env.ref("stock.stock_location_customers"),
        }
        product = vals.get("product", cls.rice)
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": (vals.get("unit") or product.uom_id).id,
                "product_uom_qty": quantity,
                "location_id": locations[origin].id,
                "location_dest_id": locations[destination].id,
                "partner_id": partner.id,
                "company_id": cls.company.id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        move.date = moment
        return move

    def _weights(self, basis, policy="document_date"):
        """{(member number, class code): exact weight}"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT membership_id, class_id, weight::text FROM (%s) weight",
                basis._get_weight_query(*YEAR, policy),
            )
        )
        return {
            (
                self.env["kmp.membership"].browse(member).number,
                self.env["kmp.stakeholder.class"].browse(kind).code,
            ): Decimal(weight)
            for member, kind, weight in rows
        }
