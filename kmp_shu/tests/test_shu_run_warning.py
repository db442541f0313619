from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .trade import TradeCase

INVOICE = "kmp.patronage.source.invoice"


@tagged("post_install", "-at_install")
class TestShuRunWarning(TradeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls._create_basis("SALES", source=INVOICE)
        cls.scheme = cls._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "JU", "kind": "patronage", "percent": 50, "basis_id": cls.sales.id},
        )

    def setUp(self):
        super().setUp()
        self._invoice("out_invoice", self.member.partner_id, 1, 1000)
        self.company.shu_tax_account_ids = self.accounts["tax"]
        self._post("2025-12-31", ("tax", 10, None), ("cash", -10, None))

    def put_into_force(self):
        self.scheme.with_user(self.officer).action_put_into_force()

    def run_of(self, scheme=None):
        if self.scheme.state == "draft":
            self.put_into_force()
        return self._create_run(scheme or self.scheme)

    def kinds(self, run):
        run._update_warnings()
        return run.warning_ids.mapped("kind")

    def draft(self, date="2025-06-01", **vals):
        return self.env["account.move"].create(
            {
                "date": date,
                "journal_id": self.journal.id,
                "ref": "forgotten",
                "line_ids": [
                    Command.create({"account_id": self.accounts["cash"].id, "debit": 5}),
                    Command.create({"account_id": self.accounts["sales"].id, "credit": 5}),
                ],
                **vals,
            }
        )

    def test_a_year_without_warnings_is_computed_at_once(self):
        run = self.run_of()
        self.assertFalse(run.action_compute())
        self.assertEqual((run.state, len(run.warning_ids)), ("computed", 0))

    def test_draft_entries_stop_the_run_until_someone_answers_for_them(self):
        run = self.run_of()
        draft = self.draft()
        self.draft("2026-01-01")
        action = run.action_compute()
        self.assertEqual((action["tag"], run.state), ("display_notification", "draft"))
        warning = run.warning_ids
        self.assertRegex(warning.message, "1 entries of the year.*forgotten")
        shown = warning.action_show()
        self.assertEqual(self.env["account.move"].search(shown["domain"]), draft)
        with self.assertRaisesRegex(UserError, "nobody has acknowledged"):
            run._check_computable()
        warning.write({"reason": " An offer that was not accepted "})
        self.assertEqual(warning.acknowledged_by_id, self.accountant)
        self.assertTrue(warning.acknowledged_on)
        self.assertIn("An offer that was not accepted", run.message_ids[0].body)
        run.action_compute()
        self.assertEqual((run.state, run.surplus), ("computed", 390))

    def test_other_facts_are_another_warning(self):
        run = self.run_of()
        self.draft()
        self._acknowledge(run, "draft_entries")
        self.assertFalse(run._update_warnings())
        second = self.draft()
        self.assertRegex(run._update_warnings().message, "2 entries")
        self.assertEqual(len(run.warning_ids), 1)
        self._acknowledge(run, "draft_entries")
        run.action_compute()
        self.assertEqual(run.state, "computed")
        second.unlink()
        self.assertEqual(run.action_compute()["tag"], "display_notification")
        self.assertEqual(run.state, "computed")

    def test_a_reason_can_be_taken_back(self):
        run = self.run_of()
        self.draft()
        self._acknowledge(run, "draft_entries")
        run.warning_ids.write({"reason": "  "})
        self.assertEqual((run.open_warning_count, run.warning_ids.acknowledged_by_id.id), (1, False))
        self.assertIn("withdrawn", run.message_ids[0].body)

    def test_who_may_acknowledge(self):
        run = self.run_of()
        self.draft()
        warning = run._update_warnings()
        for user in (self.officer, self.auditor, self.supervisor, self.clerk):
            with self.assertRaises(AccessError, msg=user.name):
                warning.with_user(user).write({"reason": "x"})
        with self.assertRaisesRegex(UserError, "Only the reason"):
            warning.write({"acknowledged_by_id": self.officer.id})
        for forbidden in (warning.unlink, lambda: warning.copy({"facts": "x"})):
            with self.assertRaises(AccessError):
                forbidden()
        stranger = self._create_user("stranger", "kmp_shu.group_shu_accountant", self.other_company)
        with self.assertRaises(AccessError):
            warning.with_user(stranger).read(["message"])

    def test_a_warning_of_an_approved_run_stays_as_it_was(self):
        run = self.run_of()
        self.draft()
        self._acknowledge(run, "draft_entries")
        run.action_compute()
        self._approve(run)
        with self.assertRaisesRegex(UserError, "is approved"):
            run.warning_ids.write({"reason": "Something else"})

    def test_drafts_of_another_company_are_not_ours(self):
        run = self.run_of()
        journal = self.env["account.journal"].create(
            {"name": "Other", "code": "OTH", "type": "general", "company_id": self.other_company.id}
        )
        self.draft(journal_id=journal.id, line_ids=[])
        self.assertEqual(self.kinds(run), [])

    def test_income_tax_that_is_not_set_up_or_not_booked(self):
        run = self.run_of()
        self.company.shu_tax_account_ids = self.accounts["rent"]
        self.assertEqual(self.kinds(run), ["tax_open"])
        self.assertIn("390.00", run.warning_ids.message)
        self.company.shu_tax_account_ids = False
        self.assertEqual(self.kinds(run), ["tax_unset"])

    def test_no_income_tax_is_due_of_a_loss(self):
        self.company.shu_tax_account_ids = self.accounts["rent"]
        self._post("2025-12-31", ("wages", 1000, None), ("cash", -1000, None))
        self.assertEqual(self.kinds(self.run_of()), [])

    def test_margin_without_costs(self):
        self.sales.measure = "margin"
        run = self.run_of()
        self.assertEqual(self.kinds(run), [])
        free = self._create_good("Gift", 0)
        self._invoice("out_invoice", self.member.partner_id, 1, 10, product=free)
        self.assertEqual(self.kinds(run), ["cost_missing"])
        self.assertIn("1 products", run.warning_ids.message)

    def test_imported_business_without_cost(self):
        shop = self._create_basis("SHOP", measure="margin")
        self.scheme.line_ids[1].basis_id = shop
        self._import(shop, "member,date,value,cost\nA-1,2025-05-05,300,100\n")
        run = self.run_of()
        self.assertEqual(self.kinds(run), [])
        self.assertEqual(self._weights(shop), {("A-1", "K"): 200})
        self._import(shop, "member,date,value\nA-1,2025-05-05,301\nA-1,2025-05-06,302\n")
        self.assertEqual(self.kinds(run), ["cost_missing"])
        self.assertIn("2 products or imported lines", run.warning_ids.message)

    def test_members_cannot_have_bought_more_than_was_sold(self):
        self.sales.is_participation = True
        shop = self._create_basis("SHOP", is_participation=True)
        self._import(shop, "member,date,value,cost\nA-1,2025-05-05,1,1\n")
        self.assertEqual(self.kinds(self.run_of()), ["turnover_exceeded"])

    def test_two_pools_for_the_same_business(self):
        goods = self._create_basis("GOODS", source="kmp.patronage.source.delivery", measure="quantity")
        salt = self._create_basis("SALT", source=INVOICE, product_category_ids=self.salt.categ_id.ids)
        rice = self._create_basis("RICE", source=INVOICE, product_category_ids=self.rice.categ_id.ids)
        pairs = {
            (goods, self.sales): True,
            (salt, self.sales): True,
            (salt, rice): False,
            (goods, self._create_basis("BILLS", source="kmp.patronage.source.bill")): False,
            (self._create_basis("SHOP"), self._create_basis("KIOSK")): False,
        }
        for (first, second), expected in pairs.items():
            self.assertEqual(first._tells_same_business(second), expected, f"{first.code} {second.code}")
            self.assertEqual(second._tells_same_business(first), expected)
        goods.class_ids, self.sales.class_ids = self.classes["K"], self.classes["P"]
        self.assertFalse(goods._tells_same_business(self.sales))
        goods.class_ids = False
        self.scheme.line_ids[0].write({"kind": "patronage", "basis_id": goods.id})
        run = self.run_of()
        self.assertEqual(self.kinds(run), ["told_twice"])
        self.assertRegex(run.warning_ids.message, "GOODS.*SALES")
