from decimal import Decimal

from odoo.exceptions import AccessError, RedirectWarning, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .trade import YEAR, TradeCase

INVOICE = "kmp.patronage.source.invoice"


@tagged("post_install", "-at_install")
class TestShuRunSurplus(TradeCase):
    """Members buy rice for 3,000 that cost 1,800, others for 7,000 that cost 3,600; rent is 1,000, interest 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls._create_basis("SALES", source=INVOICE, is_participation=True)
        cls.scheme = cls._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "JU", "kind": "patronage", "percent": 50, "basis_id": cls.sales.id},
        )
        cls.scheme.with_user(cls.officer).action_put_into_force()

    def setUp(self):
        super().setUp()
        self._invoice("out_invoice", self.contact, 3, 1000)
        self._invoice("out_invoice", self.stranger, 6, Decimal("7000") / 6)
        self._post("2025-08-01", ("rent", 1000, None), ("cash", -1000, None))
        self._post("2025-08-01", ("cash", 100, None), ("interest", -100, None))

    def parts(self):
        return self.company._get_surplus_parts(*YEAR)

    def pay_tax(self, amount):
        self.company.shu_tax_account_ids = self.accounts["tax"]
        self._post("2025-12-31", ("tax", amount, None), ("cash", -amount, None))

    def assert_exact(self, parts):
        for name in ("turnover", "cost", "margin", "common", "before_tax", "tax", "amount"):
            both = getattr(parts["member"], name) + getattr(parts["non_member"], name)
            self.assertEqual(both, getattr(parts["total"], name), name)

    def test_members_bear_common_costs_by_their_turnover(self):
        parts = self.parts()
        member, total = parts["member"], parts["total"]
        self.assertEqual((total.turnover, total.cost, total.common), (10000, 5400, 900))
        self.assertEqual((member.turnover, member.cost, member.margin), (3000, 1800, 1200))
        self.assertEqual((member.common, member.amount), (270, 930))
        self.assertEqual(parts["non_member"].amount, 2770)
        self.assertEqual(total.amount, 3700)
        self.assert_exact(parts)

    def test_other_keys_of_common_costs(self):
        for key, common in (("margin", Decimal("234.78")), ("fixed", Decimal("112.5"))):
            self.company.write({"shu_common_cost_key": key, "shu_common_cost_percent": 12.5})
            parts = self.parts()
            self.assertEqual(parts["member"].common, common)
            self.assert_exact(parts)

    def test_income_tax_comes_off_and_follows_the_surplus(self):
        self.pay_tax(370)
        parts = self.parts()
        self.assertEqual((parts["total"].before_tax, parts["total"].amount), (3700, 3330))
        self.assertEqual((parts["member"].tax, parts["non_member"].tax), (93, 277))
        self.assert_exact(parts)

    def test_a_line_that_two_bases_read_counts_once(self):
        self._create_basis(
            "RICE", source=INVOICE, is_participation=True, product_category_ids=self.rice.categ_id.ids
        )
        self.assertEqual(self.parts()["member"].turnover, 3000)

    def test_floors_and_weights_do_not_change_what_members_bought(self):
        other = self._create_basis("FEW", source=INVOICE, floor=10**9, cap=10**9, measure="quantity")
        self.sales.is_participation = False
        other.is_participation = True
        self.assertEqual(self.parts()["member"].turnover, 3000)

    def test_interest_of_members_is_turnover_where_a_basis_says_so(self):
        self._post("2025-09-01", ("cash", 40, None), ("interest", -40, self.member.partner_id))
        self._create_basis(
            "INTEREST",
            source="kmp.patronage.source.journal",
            account_ids=self.accounts["interest"].ids,
            is_participation=True,
        )
        parts = self.parts()
        self.assertEqual((parts["total"].turnover, parts["total"].common), (10140, 1000))
        self.assertEqual(parts["member"].turnover, 3040)
        self.assertEqual(sorted(parts["sources"]), [INVOICE, "kmp.patronage.source.journal"])
        self.assert_exact(parts)

    def test_without_participation_there_are_no_parts(self):
        self.sales.is_participation = False
        self.assertEqual(set(self.parts()), {"total", "sources"})

    def test_another_company_has_its_own(self):
        parts = self.other_company._get_surplus_parts(*YEAR)
        self.assertEqual((parts["total"].amount, set(parts)), (0, {"total", "sources"}))

    def test_only_an_expense_is_income_tax(self):
        with self.assertRaisesRegex(ValidationError, "sales is no expense account"):
            self.company.shu_tax_account_ids = self.accounts["sales"]

    def compute(self):
        run = self._create_run(self.scheme)
        run.action_compute()
        self.assertEqual(run.state, "computed")
        return run

    def test_a_run_keeps_the_parts_and_shows_them(self):
        self.pay_tax(370)
        run = self.compute()
        [row] = self.env.execute_query(
            SQL(
                "SELECT surplus::text, surplus_before_tax::text, income_tax::text, surplus_member::text, "
                "surplus_non_member::text FROM kmp_shu_run WHERE id = %s",
                run.id,
            )
        )
        self.assertEqual(tuple(map(Decimal, row)), (3330, 3700, 370, 837, 2493))
        parts = run.with_user(self.auditor).part_ids
        self.assertEqual(
            [(part.kind, part.turnover, part.margin, part.amount) for part in parts],
            [
                ("source", 3000, 1200, 1200),
                ("member", 3000, 1200, 837),
                ("non_member", 7000, 3400, 2493),
                ("total", 10000, 4600, 3330),
            ],
        )
        self.assertEqual(parts[0].name, "Customer invoices")
        run.action_compute()
        self.assertEqual(len(run.part_ids), 4)

    def test_the_documents_behind_the_parts(self):
        run = self.compute()
        source, total = run.part_ids[0], run.part_ids[-1]
        for part, amount in ((source, 1200), (total, 3700)):
            action = part.with_user(self.auditor).action_open_documents()
            lines = self.env[action["res_model"]].with_user(self.auditor).search(action["domain"])
            self.assertEqual(-sum(lines.mapped("balance")), amount)
        with self.assertRaises(AccessError):
            source.with_user(self.clerk).action_open_documents()
        with self.assertRaises(AccessError):
            source.with_user(self.accountant).write({"amount": 1})

    def test_a_loss_is_told_with_its_amount(self):
        self._post("2025-08-01", ("rent", 9000, None), ("cash", -9000, None))
        with self.assertRaisesRegex(RedirectWarning, "a loss of 5300"):
            self.compute()
