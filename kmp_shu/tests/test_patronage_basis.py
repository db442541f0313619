from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .trade import YEAR, TradeCase

INVOICE = "kmp.patronage.source.invoice"


@tagged("post_install", "-at_install")
class TestPatronageBasis(TradeCase):
    def test_product_categories_narrow_a_basis(self):
        self._invoice("out_invoice", self.member.partner_id, 1, 1000, product=self.rice)
        self._invoice("out_invoice", self.member.partner_id, 1, 500, product=self.salt)
        self.salt.categ_id.parent_id = self.env["product.category"].create({"name": "Spices"})
        basis = self._create_basis(
            "SPICES",
            source=INVOICE,
            product_category_ids=self.salt.categ_id.parent_id.ids,
        )
        self.assertEqual(self._weights(basis), {("A-1", "K"): 500})

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
        self.assertEqual(self._weights(basis), {("A-2", "K"): 320, ("A-2", "P"): 4000})
        basis.class_ids = self.classes["P"]
        self.assertEqual(self._weights(basis), {("A-2", "P"): 4000})

    def test_an_import_counts_for_its_bases_alone(self):
        shop, kiosk = self._create_basis("SHOP"), self._create_basis("KIOSK")
        self._import(shop, "member,date,value\nA-1,2025-02-28,1\n")
        self._import(shop | kiosk, "member,date,value\nA-1,2025-02-28,20\n")
        self.assertEqual(self._weights(shop), {("A-1", "K"): 21})
        self.assertEqual(self._weights(kiosk), {("A-1", "K"): 20})

    # Quality

    def test_the_closest_category_upward_weighs_exactly(self):
        top, middle = self.env["product.category"].create([{"name": "Top"}, {"name": "Middle"}])
        middle.parent_id = top
        self.rice.categ_id.parent_id = middle
        self._invoice("out_invoice", self.member.partner_id, 1, 1000)
        self._invoice("out_invoice", self.member.partner_id, 1, 10, product=self.salt)
        basis = self._create_basis("GRADED", source=INVOICE)
        basis.weight_ids = [Command.create({"category_id": top.id, "factor": 0.1})]
        self.assertEqual(self._weights(basis), {("A-1", "K"): 110})
        basis.weight_ids = [Command.create({"category_id": middle.id, "factor": 0.333333})]
        self.assertEqual(self._weights(basis), {("A-1", "K"): Decimal("343.333")})
        basis.weight_ids = [Command.create({"category_id": self.rice.categ_id.id, "factor": 0})]
        self.assertEqual(self._weights(basis), {("A-1", "K"): 10})

    # Floor and cap

    def test_floor_and_cap_of_a_member(self):
        second, third = self._create_member("A-2", "K"), self._create_member("A-3", "K")
        for member, price in ((self.member, 99.5), (second, 100), (third, 301)):
            self._invoice("out_invoice", member.partner_id, 1, price)
        basis = self._create_basis("LIMITED", source=INVOICE, floor=100, cap=300)
        self.assertEqual(self._weights(basis), {("A-2", "K"): 100, ("A-3", "K"): 300})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            basis.write({"floor": 301})
            basis.flush_recordset()

    def test_a_cap_takes_from_each_class_in_proportion(self):
        self.change_class("2025-07-01")
        self._invoice("out_invoice", self.member.partner_id, 1, 300, date="2025-06-30")
        self._invoice("out_invoice", self.member.partner_id, 1, 100, date="2025-07-01")
        basis = self._create_basis("LIMITED", source=INVOICE, cap=100)
        self.assertEqual(self._weights(basis), {("A-1", "K"): 75, ("A-1", "P"): 25})

    def change_class(self, day, member=None):
        period = (member or self.member).period_ids
        period.date_to = fields.Date.subtract(fields.Date.to_date(day), days=1)
        self.env["kmp.membership.period"].create(
            {"membership_id": period.membership_id.id, "class_id": self.classes["P"].id, "date_from": day}
        )

    # Policies

    def test_pro_rata_counts_the_year_by_days_in_the_class(self):
        """Whatever the day of the document: 181 of 365 days in one class, 184 in the other."""
        self.change_class("2025-07-01")
        self._invoice("out_invoice", self.member.partner_id, 1, 365, date="2025-02-01")
        late = self._create_member("A-2", "K", since="2025-12-31")
        self._invoice("out_invoice", late.partner_id, 1, 1000, date="2025-01-01")
        basis = self._create_basis("DAYS", source=INVOICE)
        self.assertEqual(
            self._weights(basis, "pro_rata"),
            {("A-1", "K"): 181, ("A-1", "P"): 184, ("A-2", "K"): Decimal("2.739726")},
        )
        self.assertEqual(self._weights(basis), {("A-1", "K"): 365})

    def test_leavers_are_excluded(self):
        leaver = self._create_member("A-2", "K")
        leaver.period_ids.date_to = "2025-12-30"
        for member in (self.member, leaver):
            self._invoice("out_invoice", member.partner_id, 1, 100)
        basis = self._create_basis("STAYED", source=INVOICE)
        self.assertEqual(self._weights(basis, "exclude_leavers"), {("A-1", "K"): 100})
        self.assertEqual(self._weights(basis), {("A-1", "K"): 100, ("A-2", "K"): 100})

    # What the accountant sees

    def test_the_documents_behind_a_share_whatever_the_policy(self):
        """In June and, as another class, in August: the cost of the goods is no document of a value."""
        self.change_class("2025-07-01")
        lines = self.env["account.move.line"]
        for date in ("2025-06-30", "2025-08-01"):
            move = self._invoice("out_invoice", self.member.partner_id, 1, 1000, date=date)
            lines |= move.invoice_line_ids
        basis = self._create_basis("SALES", source=INVOICE)
        documents = {
            "document_date": {"K": lines[0], "P": lines[1]},
            "pro_rata": {"K": lines, "P": lines},
            "exclude_leavers": {"K": lines[0], "P": lines[1]},
        }
        for policy, expected in documents.items():
            scheme = self._create_scheme(
                {
                    "code": "JU",
                    "kind": "patronage",
                    "percent": 100,
                    "basis_id": basis.id,
                    "classes": {"K": 50, "P": 50},
                },
                name=policy,
                membership_policy=policy,
            )
            scheme.with_user(self.officer).action_put_into_force()
            run = self._create_run(scheme)
            run.action_compute()
            found = {}
            for line in run.share_ids.line_ids.with_user(self.auditor):
                action = line.action_open_documents()
                found[line.pool_id.class_id.code] = lines.search(action["domain"])
            self.assertEqual(found, expected, policy)
            run.unlink()

    def test_the_preview_counts_by_class(self):
        second = self._create_member("B-1", "P")
        for member, quantity in ((self.member, 1), (self.member, 2), (second, 3)):
            self._invoice("out_invoice", member.partner_id, quantity, 1000)
        basis = self._create_basis("SALES", source=INVOICE)
        for user in (self.accountant, self.auditor):
            action = basis.with_user(user).action_preview()
            preview = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
            preview.write({"date_from": YEAR[0], "date_to": YEAR[1]})
            preview.action_refresh()
            self.assertEqual(
                [
                    (line.class_id.code, line.member_count, line.document_count, line.weight)
                    for line in preview.line_ids
                ],
                [("K", 1, 2, 3000), ("P", 1, 1, 3000)],
            )
        with self.assertRaises(AccessError):
            basis.with_user(self.clerk).action_preview()

    def test_what_a_scheme_in_force_counts_is_frozen(self):
        basis = self._create_basis("SALES", source=INVOICE)
        basis.weight_ids = [Command.create({"category_id": self.rice.categ_id.id, "factor": 2})]
        scheme = self._create_scheme(
            {"code": "JU", "kind": "patronage", "percent": 100, "basis_id": basis.id}
        )
        scheme.with_user(self.officer).action_put_into_force()
        for change in (
            lambda: basis.write({"floor": 1}),
            lambda: basis.weight_ids.write({"factor": 3}),
            basis.weight_ids.unlink,
            lambda: self.env["kmp.patronage.basis.weight"].create(
                {"basis_id": basis.id, "category_id": self.salt.categ_id.id}
            ),
        ):
            with self.assertRaisesRegex(UserError, "By-laws is in force"), self.env.cr.savepoint():
                change()
