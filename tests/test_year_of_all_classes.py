"""One multi-stakeholder year from its documents to its last rupiah, computed by hand: producers by graded quantity, workers by
hours, consumers by margin, an investor by capital, with floors, caps and a condition, a member who changes class, one who leaves,
a refund in the next year, a late bill with its correction, and all of it taken back.

The arithmetic of every amount stands beside it.
"""

from collections import Counter
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kmp_shu.tests.trade import TradeCase

PAYOUT_DAY = "2026-04-01"


@tagged("post_install", "-at_install")
class TestYearOfAllClasses(TradeCase):
    """P-1 and P-2 deliver paddy; P-2 is a consumer from July. W-1 and W-2 work; W-2 leaves at the end of September. C-1 and, from
    April, C-2 buy rice. I-1 has put Rp1,000,000 in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("W", "C", "I"):
            cls._create_class(code)
        cls.members = {
            number: cls._create_member(number, number[0], since)
            for number, since in (
                ("P-1", "2000-01-01"),
                ("P-2", "2000-01-01"),
                ("W-1", "2000-01-01"),
                ("W-2", "2000-01-01"),
                ("C-1", "2000-01-01"),
                ("C-2", "2025-04-01"),
                ("I-1", "2000-01-01"),
            )
        }
        cls._change_membership()
        cls.bases = cls._create_bases()
        cls._deliver_paddy()
        cls._work()
        cls._buy()
        cls._pay_in(cls.members["I-1"], "2024-12-31", 1_000_000)
        # With the members' purchases, whose margin is 100,000: income less costs is Rp1,000,000.
        cls._earn("2025-06-30", 1_150_000)
        cls._post("2025-06-30", ("wages", 250_000, None), ("cash", -250_000, None))

    @classmethod
    def _change_membership(cls):
        producer = cls.members["P-2"]
        producer.period_ids.date_to = "2025-06-30"
        cls.env["kmp.membership.period"].create(
            {
                "membership_id": producer.id,
                "class_id": cls.classes["C"].id,
                "date_from": "2025-07-01",
            }
        )
        cls.members["W-2"].period_ids.date_to = "2025-09-30"

    @classmethod
    def _create_bases(cls):
        grades = cls.env["product.category"].create(
            [{"name": f"Paddy {grade}", "property_valuation": "periodic"} for grade in "ABC"]
        )
        cls.paddy = {
            category.name[-1]: cls.env["product.product"].create(
                {"name": category.name, "categ_id": category.id, "is_storable": True, "standard_price": 5}
            )
            for category in grades
        }
        factors = dict(zip(grades, (1.25, 1, 0.8), strict=True))
        return {
            "PADDY": cls._create_basis(
                "PADDY",
                source="kmp.patronage.source.receipt",
                measure="quantity",
                class_ids=[Command.set(cls.classes["P"].ids)],
                product_category_ids=[Command.set(grades.ids)],
                weight_ids=[
                    Command.create({"category_id": grade.id, "factor": factor})
                    for grade, factor in factors.items()
                ],
                floor=100,
            ),
            "HOURS": cls._create_basis(
                "HOURS",
                source="kmp.patronage.source.timesheet",
                measure="hours",
                class_ids=[Command.set(cls.classes["W"].ids)],
                cap=1500,
            ),
            "SHOP": cls._create_basis(
                "SHOP",
                source="kmp.patronage.source.invoice",
                measure="margin",
                class_ids=[Command.set(cls.classes["C"].ids)],
            ),
        }

    @classmethod
    def _deliver(cls, number, grade, quantity, day, back=False):
        ends = ("internal", "supplier") if back else ("supplier", "internal")
        partner = cls.members[number].partner_id
        cls._ship(partner, quantity, *ends, moment=f"{day} 05:00:00", product=cls.paddy[grade])

    @classmethod
    def _deliver_paddy(cls):
        """P-1: 1000 A - 100 A back, 500 C = 900 x 1.25 + 500 x 0.8 = 1525. P-2: 800 B as a producer, 400 B as a consumer."""
        cls._deliver("P-1", "A", 1000, "2025-03-01")
        cls._deliver("P-1", "A", 100, "2025-03-20", back=True)
        cls._deliver("P-1", "C", 500, "2025-09-01")
        cls._deliver("P-2", "B", 800, "2025-04-01")
        cls._deliver("P-2", "B", 400, "2025-08-01")
        # A consumer who brings a sack is no producer.
        cls._deliver("C-1", "A", 300, "2025-05-01")

    @classmethod
    def _work(cls):
        """W-1 1600 hours, of which 1500 count; W-2 1200, and 40 after leaving."""
        project = cls.env["project.project"].create(
            {"name": "Mill", "company_id": cls.company.id, "allow_timesheets": True}
        )
        for number, days in (
            ("W-1", {"2025-01-31": 1600}),
            ("W-2", {"2025-09-30": 1200, "2025-10-01": 40}),
        ):
            employee = cls.env["hr.employee"].create({"name": number, "company_id": cls.company.id})
            employee.work_contact_id = cls.members[number].partner_id
            cls.env["account.analytic.line"].create(
                [
                    {
                        "name": "/",
                        "project_id": project.id,
                        "employee_id": employee.id,
                        "unit_amount": hours,
                        "date": day,
                    }
                    for day, hours in days.items()
                ]
            )

    @classmethod
    def _buy(cls):
        """Rice at 1000 that costs 600. C-1 100 - 10, C-2 50 before joining and 60, P-2 30 as a producer and 20 as a consumer."""
        for number, kind, quantity, day in (
            ("C-1", "out_invoice", 100, "2025-02-10"),
            ("C-1", "out_refund", 10, "2025-12-20"),
            ("C-2", "out_invoice", 50, "2025-03-10"),
            ("C-2", "out_invoice", 60, "2025-05-10"),
            ("P-2", "out_invoice", 30, "2025-05-11"),
            ("P-2", "out_invoice", 20, "2025-10-10"),
        ):
            cls._invoice(kind, cls.members[number].partner_id, quantity, 1000, date=day)

    def create_scheme(self, policy="document_date"):
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 25, "floor_percent": 25},
            {"code": "JP", "kind": "patronage", "percent": 20, "basis_id": self.bases["PADDY"].id},
            {"code": "JW", "kind": "patronage", "percent": 15, "basis_id": self.bases["HOURS"].id},
            {"code": "JC", "kind": "patronage", "percent": 10, "basis_id": self.bases["SHOP"].id},
            {"code": "JM", "kind": "capital", "percent": 10, "cap_measure": "weight", "cap_value": 6},
            {"code": "RND", "kind": "fund", "percent": 10},
            {"code": "SOS", "kind": "fund", "percent": 5, "floor_percent": 6},
            {"code": "INS", "kind": "fund", "percent": 5, "condition": "The targets were met"},
            membership_policy=policy,
        )
        lines = {line.code: line for line in scheme.line_ids}
        for code in ("JM", "INS"):
            lines[code].excess_line_id = lines["R"]
        scheme.with_user(self.officer).action_put_into_force()
        return scheme

    def compute(self, policy="document_date"):
        run = self._create_run(self.create_scheme(policy), posting_date="2026-03-15")
        run.with_user(self.officer).condition_ids.write({"is_met": "no", "note": "Minutes 7"})
        run.action_compute()
        return run

    def post(self, run):
        self._approve(run)
        run.action_post()
        return run

    def correct(self, run):
        correction = run.browse(run.action_correct()["res_id"])
        correction.posting_date = "2026-06-01"
        self._acknowledge(correction, "tax_unset")
        correction.action_compute()
        return correction

    def pay(self, run, number, amount):
        payout = (
            self.env["kmp.shu.payout"]
            .with_user(self.accountant)
            .create({"run_id": run.id, "date": "2026-06-02" if run.corrects_id else PAYOUT_DAY})
        )
        share = run.share_ids.filtered(lambda share: share.number == number)
        payout.line_ids.create({"payout_id": payout.id, "share_id": share.id, "amount": amount})
        payout.with_user(self.officer).action_confirm()
        payout.with_user(self.clerk).action_settle_all()
        payout.action_post()
        return payout

    def pools(self, run):
        return {pool.code: pool.amount for pool in run.pool_ids if not pool.class_id}

    def shares(self, run):
        return {share.number: share.amount for share in run.share_ids}

    def late_documents(self):
        """A bill of 100,000 for the year, and 1175 kg of grade B that P-1 brought in December."""
        self._post("2025-12-31", ("wages", 100_000, None), ("cash", -100_000, None))
        self._deliver("P-1", "B", 1175, "2025-12-15")

    def test_the_year_by_hand(self):
        run = self.compute()
        self.assertEqual(run.surplus, 1_000_000)
        # SOS is held at its floor of 60,000, then R at its own of 250,000: 690,000 are left for 70 percent. JP 197,142.86,
        # JW 147,857.14, JC, JM and RND 98,571.43, INS 49,285.71: two units go to JP and INS, the third to JC, the first of a tie.
        # JM may have 6% of 1,000,000: 38,571 go to R, and so do the 49,286 of INS.
        self.assertEqual(
            self.pools(run),
            {
                "R": 250_000 + 38_571 + 49_286,
                "JP": 197_143,
                "JW": 147_857,
                "JC": 98_572,
                "JM": 60_000,
                "RND": 98_571,
                "SOS": 60_000,
                "INS": 0,
            },
        )
        # Paddy 1525 : 800, hours 1500 : 1200, margin 36,000 : 24,000 : 8,000
        self.assertEqual(
            self.shares(run),
            {
                "P-1": 129_309,
                "P-2": 67_834 + 11_597,
                "W-1": 82_143,
                "W-2": 65_714,
                "C-1": 52_185,
                "C-2": 34_790,
                "I-1": 60_000,
            },
        )
        # A share stands in the last class of the year.
        classes = {share.number: share.class_id.code for share in run.share_ids}
        self.assertEqual((classes["P-2"], classes["W-2"]), ("C", "W"))

    def test_who_left_is_excluded_where_the_bylaws_say_so(self):
        shares = self.shares(self.compute("exclude_leavers"))
        self.assertEqual((shares["W-1"], shares.get("W-2")), (147_857, None))
        # Who changed class has not left.
        self.assertEqual(shares["P-2"], 67_834 + 11_597)

    def test_days_in_the_class_count_where_the_bylaws_say_so(self):
        run = self.compute("pro_rata")
        # Paddy of the whole year by days: P-2 1200 x 181/365 = 595.068493. Hours: W-2 1240 x 273/365 = 927.452055.
        # Margin: C-2 110 x 400 x 275/365 = 33,150.684932, P-2 50 x 400 x 184/365 = 10,082.191781.
        weights = {
            (line.share_id.number, line.pool_id.code): Decimal(str(line.weight))
            for line in run.share_ids.line_ids
        }
        self.assertEqual(
            weights,
            {
                ("P-1", "JP"): 1525,
                ("P-2", "JP"): Decimal("595.068493"),
                ("W-1", "JW"): 1500,
                ("W-2", "JW"): Decimal("927.452055"),
                ("C-1", "JC"): 36_000,
                ("C-2", "JC"): Decimal("33150.684932"),
                ("P-2", "JC"): Decimal("10082.191781"),
                ("I-1", "JM"): 1_000_000,
            },
        )
        # 197,143 x 1525 / 2120.068493 = 141,808.19; 147,857 x 1500 / 2427.452055 = 91,365.55: the larger fraction has the last unit.
        amounts = {(line.share_id.number, line.pool_id.code): line.amount for line in run.share_ids.line_ids}
        self.assertEqual((amounts["P-1", "JP"], amounts["P-2", "JP"]), (141_808, 55_335))
        self.assertEqual((amounts["W-1", "JW"], amounts["W-2", "JW"]), (91_366, 56_491))

    def test_a_refund_of_the_next_year_belongs_to_the_next_year(self):
        run = self.compute()
        before = run.hash
        self._invoice("out_refund", self.members["C-2"].partner_id, 10, 1000, date="2026-02-10")
        run.action_compute()
        self.assertEqual(run.hash, before)

    def test_late_documents_change_only_what_differs(self):
        run = self.post(self.compute())
        self.assertEqual(
            {
                key: self._sum(key, run.move_id)
                for key in ("undistributed", "reserve", "education", "payable")
            },
            {
                "undistributed": -1_000_000,
                "reserve": 337_857,
                "education": 98_571 + 60_000,
                "payable": 503_572,
            },
        )
        self.pay(run, "W-2", 32_857)
        self.late_documents()
        correction = self.correct(run)
        # 900,000: SOS 54,000 and R 225,000 by their floors; 621,000 for 70 percent: JP 177,428.57, JW 133,071.43, JC, JM and RND
        # 88,714.29, INS 44,357.14; two units to JP and JW. R takes 28,714 above the cap of JM and the 44,357 of INS.
        self.assertEqual(
            self.pools(correction),
            {
                "R": 225_000 + 28_714 + 44_357,
                "JP": 177_429,
                "JW": 133_072,
                "JC": 88_714,
                "JM": 60_000,
                "RND": 88_714,
                "SOS": 54_000,
                "INS": 0,
            },
        )
        # Paddy 2700 : 800 now
        self.assertEqual(
            {share.number: (share.amount, share.difference) for share in correction.share_ids},
            {
                "P-1": (136_874, 7_565),
                "P-2": (40_555 + 10_437, 50_992 - 79_431),
                "W-1": (73_929, 73_929 - 82_143),
                "W-2": (59_143, 59_143 - 65_714),
                "C-1": (46_966, 46_966 - 52_185),
                "C-2": (31_311, 31_311 - 34_790),
                "I-1": (60_000, 0),
            },
        )
        self.post(correction)
        self.assertEqual(self._sum("undistributed", correction.move_id), 100_000)
        self.assertEqual(self._sum("payable", correction.move_id), 459_215 - 503_572)
        # W-2 is owed 59,143 in all, of which 32,857 are paid: the first distribution owes 65,714, and the correction takes 6,571 back.
        with self.assertRaisesRegex(UserError, "More than is open on the share"), self.env.cr.savepoint():
            self.pay(run, "W-2", 59_143 - 32_857 + 1)
        self.pay(run, "W-2", 59_143 - 32_857)
        self.pay(correction, "P-1", 7_565)
        self.assertEqual(self.env["kmp.shu.share"]._get_payable_difference(self.company, "2099-12-31"), 0)

    def test_all_of_it_is_taken_back_to_zero(self):
        run = self.post(self.compute())
        first = self.pay(run, "W-2", 32_857)
        self.late_documents()
        correction = self.post(self.correct(run))
        second = self.pay(correction, "P-1", 7_565)
        for blocked in (run, correction):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                blocked.action_reverse()
        for document in (second, correction, first, run):
            document.action_reverse()
            with self.assertRaises(UserError), self.env.cr.savepoint():
                document.action_reverse()
        moves = self.env["account.move"]
        for document in (first, second, run, correction):
            moves |= document.move_id | document.reversal_move_id
        self.assertEqual(len(moves), 8)
        balances = Counter()
        for item in moves.line_ids:
            balances[item.account_id, item.partner_id] += item.balance
        self.assertEqual(set(balances.values()), {0})
        payable = moves.line_ids.filtered(lambda item: item.account_id == self.accounts["payable"])
        self.assertEqual(set(payable.mapped("amount_residual")), {0}, "nothing is left open on the account")
        # The year can be distributed anew, and gives what the correction gave.
        again = self.compute()
        self.assertEqual(again.hash, correction.hash)
        self.assertEqual(self.shares(again), self.shares(correction))
