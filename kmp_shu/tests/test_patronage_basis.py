from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CooperativeCase

YEAR = ("2025-01-01", "2025-12-31")


@tagged("post_install", "-at_install")
class TestPatronageBasis(CooperativeCase):
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
        cls.accounts["receivable"], cls.accounts["vendors"] = (
            cls.env["account.account"].create(
                {"name": kind, "code": code, "account_type": kind, "company_ids": cls.company.ids}
            )
            for code, kind in (("110000", "asset_receivable"), ("210000", "liability_payable"))
        )
        cls.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            cls.accounts["receivable"].id,
            company_id=cls.company.id,
        )
        cls.env["ir.default"].set(
            "res.partner",
            "property_account_payable_id",
            cls.accounts["vendors"].id,
            company_id=cls.company.id,
        )
        cls.journals = {
            kind: cls.env["account.journal"].create(
                {"name": kind, "code": kind[:3].upper(), "type": kind, "company_id": cls.company.id}
            )
            for kind in ("sale", "purchase")
        }
        cls.rice, cls.salt = (
            cls.env["product.product"].create(
                {"name": name, "categ_id": cls.env["product.category"].create({"name": name}).id}
            )
            for name in ("Rice", "Salt")
        )

    def invoice(self, move_type, partner, quantity, price, date="2025-06-30", product=None, post=True):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "date": date,
                "invoice_date": date,
                "journal_id": self.journals["sale" if move_type.startswith("out") else "purchase"].id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.rice).id,
                            "quantity": quantity,
                            "price_unit": price,
                            "account_id": self.accounts[
                                "sales" if move_type.startswith("out") else "wages"
                            ].id,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def weights(self, basis):
        """{(member number, class code): weight}"""
        rows = self.env.execute_query(basis._get_weight_query(*YEAR))
        return {
            (
                self.env["kmp.membership"].browse(member).number,
                self.env["kmp.stakeholder.class"].browse(kind).code,
            ): weight
            for member, kind, weight in rows
        }

    def test_sales_count_refunds_subtract_and_contacts_count_for_the_member(self):
        self.invoice("out_invoice", self.member.partner_id, 3, 1000)
        self.invoice("out_invoice", self.contact, 2, 1000)
        self.invoice("out_refund", self.member.partner_id, 1, 1000)
        self.invoice("out_invoice", self.stranger, 9, 1000)
        self.invoice("out_invoice", self.member.partner_id, 9, 1000, post=False)
        self.invoice("out_invoice", self.member.partner_id, 9, 1000, date="2026-01-01")
        self.invoice("in_invoice", self.member.partner_id, 9, 1000)
        value = self._create_basis("SALES", source="kmp.patronage.source.invoice")
        quantity = self._create_basis("UNITS", source="kmp.patronage.source.invoice", measure="quantity")
        self.assertEqual(self.weights(value), {("A-1", "K"): 4000})
        self.assertEqual(self.weights(quantity), {("A-1", "K"): 4})

    def test_purchases_from_members(self):
        self.invoice("in_invoice", self.member.partner_id, 5, 700)
        self.invoice("in_refund", self.member.partner_id, 1, 700)
        self.invoice("out_invoice", self.member.partner_id, 9, 1000)
        basis = self._create_basis("PADDY", source="kmp.patronage.source.bill")
        self.assertEqual(self.weights(basis), {("A-1", "K"): 2800})

    def test_product_categories_narrow_a_basis(self):
        self.invoice("out_invoice", self.member.partner_id, 1, 1000, product=self.rice)
        self.invoice("out_invoice", self.member.partner_id, 1, 500, product=self.salt)
        self.salt.categ_id.parent_id = self.env["product.category"].create({"name": "Spices"})
        basis = self._create_basis(
            "SPICES",
            source="kmp.patronage.source.invoice",
            product_category_ids=self.salt.categ_id.parent_id.ids,
        )
        self.assertEqual(self.weights(basis), {("A-1", "K"): 500})

    def test_journal_items_count_by_the_nature_of_the_account(self):
        partner = self.member.partner_id
        self._post("2025-03-31", ("cash", 70, None), ("interest", -70, partner))
        self._post("2025-03-31", ("wages", 900, partner), ("cash", -900, None))
        self._post("2025-03-31", ("wages", -100, partner), ("cash", 100, None))
        self.invoice("in_invoice", partner, 5, 700)  # its line on the wages account is a bill's
        vals = {"source": "kmp.patronage.source.journal"}
        interest = self._create_basis("INTEREST", account_ids=self.accounts["interest"].ids, **vals)
        wages = self._create_basis("WAGES", account_ids=self.accounts["wages"].ids, **vals)
        self.assertEqual(self.weights(interest), {("A-1", "K"): 70})
        self.assertEqual(self.weights(wages), {("A-1", "K"): 800})

    def test_journal_items_without_accounts_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "WAGES"):
            self._create_basis("WAGES", source="kmp.patronage.source.journal")

    def test_the_class_of_the_day_decides_and_business_before_joining_does_not_count(self):
        late = self._create_member("A-2", "K", since="2025-03-01")
        late.period_ids.date_to = "2025-06-30"
        self.env["kmp.membership.period"].create(
            {"membership_id": late.id, "class_id": self.classes["P"].id, "date_from": "2025-07-01"}
        )
        basis = self._create_basis("SHOP")
        self._import(
            basis,
            "member,date,value\n"
            "A-2,2025-02-28,1\nA-2,2025-03-01,20\nA-2,2025-06-30,300\nA-2,2025-07-01,4000\n",
        )
        self.assertEqual(self.weights(basis), {("A-2", "K"): 320, ("A-2", "P"): 4000})
        basis.class_ids = self.classes["P"]
        self.assertEqual(self.weights(basis), {("A-2", "P"): 4000})

    def test_an_import_counts_for_its_bases_alone(self):
        shop, kiosk = self._create_basis("SHOP"), self._create_basis("KIOSK")
        self._import(shop, "member,date,value\nA-1,2025-02-28,1\n")
        self._import(shop | kiosk, "member,date,value\nA-1,2025-02-28,20\n")
        self.assertEqual(self.weights(shop), {("A-1", "K"): 21})
        self.assertEqual(self.weights(kiosk), {("A-1", "K"): 20})
