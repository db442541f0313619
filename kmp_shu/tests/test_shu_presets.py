from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..presets import PRESETS
from .common import CooperativeCase

JOURNAL = "kmp.patronage.source.journal"


@tagged("post_install", "-at_install")
class TestShuPresets(CooperativeCase):
    """Each preset on one year: worker W-1, consumer C-1 and investor I-1 hold Rp100, Rp200 and Rp700; W-1 buys for
    Rp300, C-1 for Rp100, others for Rp600. So the surplus is Rp1,000, Rp400 of it earned with members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, role in (("W", "worker"), ("C", "consumer"), ("I", "investor")):
            cls._create_class(code).role = role
        for code, capital in (("W", 100), ("C", 200), ("I", 700)):
            cls._pay_in(cls._create_member(f"{code}-1", code), "2024-01-01", capital)
        cls.basis = cls._create_basis(
            "SHOP", source=JOURNAL, account_ids=cls.accounts["sales"].ids, is_participation=True
        )
        members = {
            member.number: member.partner_id
            for member in cls.env["kmp.membership"].search([("company_id", "=", cls.company.id)])
        }
        for partner, amount in ((members["W-1"], 300), (members["C-1"], 100), (None, 600)):
            cls._post("2025-06-30", ("cash", amount, None), ("sales", -amount, partner))

    def apply(self, preset, **percents):
        """The draft of a preset, with other percentages where the meeting wants them."""
        wizard = (
            self.env["kmp.shu.scheme.preset"]
            .with_user(self.accountant)
            .create(
                {
                    "preset": preset,
                    "date_from": "2025-01-01",
                    "basis_id": self.basis.id,
                    "reserve_account_id": self.accounts["reserve"].id,
                    "fund_account_id": self.accounts["education"].id,
                }
            )
        )
        scheme = self.env["kmp.shu.scheme"].browse(wizard.action_apply()["res_id"])
        for code, percent in percents.items():
            scheme.line_ids.filtered(lambda line, code=code: line.code == code).percent = percent
        return scheme

    def distribute(self, preset, is_met="no", **percents):
        scheme = self.apply(preset, **percents)
        self.assertFalse(scheme.problems)
        scheme.with_user(self.officer).action_put_into_force()
        run = self._create_run(scheme)
        run.condition_ids.with_user(self.officer).write({"is_met": is_met, "note": "Minutes 7"})
        run.action_compute()
        return run

    def check(self, preset, pools, shares, **changes):
        run = self.distribute(preset, **changes)
        self.assertEqual({pool.code: pool.amount for pool in run.pool_ids if not pool.class_id}, pools)
        self.assertEqual({share.number: share.amount for share in run.share_ids if share.amount}, shares)

    def test_uu25(self):
        self.check(
            "uu25",
            {"R": 300, "JM": 200, "JU": 400, "PDK": 50, "SOS": 50},
            {"W-1": 320, "C-1": 140, "I-1": 140},
        )

    def test_kmp_with_missed_targets(self):
        """The incentive falls back to the reserve. JU 450 by 3 : 1 is a tie: C-1 comes first."""
        self.check(
            "kmp",
            {"R": 300, "JU": 450, "JM": 100, "RND": 100, "SOS": 50, "INS": 0},
            {"W-1": 347, "C-1": 133, "I-1": 70},
        )

    def test_kmp_with_targets_met(self):
        run = self.distribute("kmp", is_met="yes")
        amounts = {pool.code: pool.amount for pool in run.pool_ids}
        self.assertEqual((amounts["R"], amounts["INS"]), (250, 50))

    def test_kmp_gives_capital_at_most_a_tenth(self):
        """20% on capital asked for, 10% of it to the reserve: 150 + 100 + 50."""
        self.check(
            "kmp",
            {"R": 300, "JU": 450, "JM": 100, "RND": 100, "SOS": 50, "INS": 0},
            {"W-1": 347, "C-1": 133, "I-1": 70},
            R=15,
            JM=20,
        )

    def test_kdmp(self):
        self.check(
            "kdmp",
            {"IJD": 200, "R": 300, "JM": 150, "JU": 300, "PDK": 50},
            {"W-1": 240, "C-1": 105, "I-1": 105},
        )

    def test_kdmp_gives_the_village_a_fifth_whatever_the_meeting_wants(self):
        """800 by 40 : 15 : 30 : 5 are 355.6, 133.3, 266.7 and 44.4."""
        run = self.distribute("kdmp", IJD=10, R=40)
        amounts = {pool.code: pool.amount for pool in run.pool_ids}
        self.assertEqual(amounts, {"IJD": 200, "R": 356, "JM": 133, "JU": 267, "PDK": 44})

    def test_scic_keeps_what_others_brought(self):
        self.check(
            "scic",
            {"RL": 60, "RS": 170, "JM": 170, "RN": 600},
            {"W-1": 17, "C-1": 34, "I-1": 119},
        )

    def test_scic_keeps_its_floors_and_its_cap(self):
        """60% interest asked for: the floors of 60 and 170 leave 170, which is 42.5%."""
        self.check(
            "scic",
            {"RL": 60, "RS": 170, "JM": 170, "RN": 600},
            {"W-1": 17, "C-1": 34, "I-1": 119},
            RS=25,
            JM=60,
        )

    def test_italy(self):
        self.check("italy", {"R": 300, "FM": 30, "RIS": 670}, {"W-1": 502, "C-1": 168})

    def test_italy_keeps_its_floors(self):
        """R 100 -> 300; of 700 the fund would have 23, so 30; the rest is ristorno."""
        self.check("italy", {"R": 300, "FM": 30, "RIS": 670}, {"W-1": 502, "C-1": 168}, R=10, RIS=87)

    def test_catalonia(self):
        self.check("catalonia", {"FRO": 80, "PDK": 40, "RET": 280, "RN": 600}, {"W-1": 210, "C-1": 70})

    def test_philippines_limits_the_patronage_rate(self):
        """Capital has 300 on 1,000: 30%. So at most 60% of 400 in business, 240; 160 go to the reserve."""
        self.check(
            "philippines",
            {"R": 360, "PDK": 100, "JM": 300, "JU": 240},
            {"W-1": 210, "C-1": 120, "I-1": 210},
        )

    def test_philippines_limits_education(self):
        """25% asked for education, 10% given; 150 of it to the reserve, of which 5% was asked for."""
        run = self.distribute("philippines", R=5, PDK=25)
        amounts = {pool.code: pool.amount for pool in run.pool_ids}
        # The floor of the reserve takes 100 first: 900 by 25 : 30 : 40 are 236.8, 284.2 and 378.9.
        # PDK -> 100, 137 to R. JM 284 on 1,000; JU at most 227 on 400, 152 to R.
        self.assertEqual(amounts, {"R": 389, "PDK": 100, "JM": 284, "JU": 227})

    def test_fairshares(self):
        self.check(
            "fairshares",
            {"R": 300, "M": 700, "JK": 245, "JU": 245, "JM": 210},
            {"W-1": 245, "C-1": 245, "I-1": 210},
        )

    def test_fairshares_needs_its_classes(self):
        self.env.cr.execute("UPDATE kmp_stakeholder_class SET role = 'other' WHERE role = 'investor'")
        self.env.invalidate_all()
        with self.assertRaisesRegex(
            UserError, "FairShares divides by class, .* no stakeholder class of the role Investor"
        ):
            self.apply("fairshares")

    def test_subchapter_t(self):
        self.check("subchapter_t", {"R": 0, "TUN": 200, "EKU": 800}, {"W-1": 750, "C-1": 250})

    def test_every_preset_is_tried_and_cites_each_line(self):
        tried = {name for name in dir(self) if name.startswith("test_")}
        for preset in PRESETS:
            with self.subTest(preset):
                self.assertTrue(any(name.startswith(f"test_{preset}") for name in tried))
                scheme = self.apply(preset)
                self.assertEqual(scheme.state, "draft")
                self.assertTrue(all(scheme.line_ids.mapped("citation")))
                kept = scheme.line_ids.filtered(lambda line: line.kind in ("reserve", "fund"))
                self.assertTrue(all(kept.mapped("account_id")))

    def test_the_draft_is_free_to_change(self):
        scheme = self.apply("uu25")
        scheme.with_user(self.accountant).write({"line_ids": [Command.clear()]})
        self.assertFalse(scheme.line_ids)

    def test_who_may_not_make_schemes_may_not_apply_one(self):
        with self.assertRaises(AccessError):
            self.env["kmp.shu.scheme.preset"].with_user(self.auditor).create({"preset": "uu25"})
