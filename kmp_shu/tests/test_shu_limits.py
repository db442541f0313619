from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine.canonical import digest, from_bytes
from ..engine.waterfall import distribute
from .test_shu_run import ShuRunCase


class LimitCase(ShuRunCase):
    def create_limited(self, *lines, **vals):
        """A scheme in force; `excess` and `reference` of a line name others by their code."""
        links = {"excess_line_id": "excess", "cap_reference_id": "reference"}
        plain = [
            {name: value for name, value in line.items() if name not in links.values()} for line in lines
        ]
        scheme = self._create_scheme(*plain, **vals)
        by_code = {line.code: line for line in scheme.line_ids}
        for line in lines:
            for name, key in links.items():
                if key in line:
                    by_code[line["code"]][name] = by_code[line[key]]
        scheme.with_user(self.officer).action_put_into_force()
        return scheme

    def compute_by(self, scheme, surplus=1000):
        self._earn("2025-12-31", surplus)
        run = self._create_run(scheme)
        run.action_compute()
        return run

    def pools(self, run):
        return {pool.code: pool.amount for pool in run.pool_ids if not pool.class_id}


@tagged("post_install", "-at_install")
class TestShuLimits(LimitCase):
    def test_a_floor_and_caps_of_every_measure(self):
        """R 100 -> 400 of 1,000. JM: 10% of the capital of 300 is 30. JU: 400 in business, at most 2 x 30/300
        of it, 80. E takes what JM leaves, R what JU leaves."""
        scheme = self.create_limited(
            {"code": "R", "kind": "reserve", "percent": 10, "floor_percent": 40},
            {"code": "E", "kind": "fund", "percent": 20},
            {"code": "JM", "kind": "capital", "percent": 30, "cap_measure": "weight", "cap_value": 10},
            {
                "code": "JU",
                "kind": "patronage",
                "percent": 40,
                "basis_id": self.basis.id,
                "cap_measure": "rate",
                "cap_value": 2,
                "reference": "JM",
                "excess": "R",
            },
        )
        run = self.compute_by(scheme)
        # JM is 270 above its cap, R 300 below its floor: R -> 400; the other 600 by 20:30:40 are
        # 133, 200 and 267; JM -> 30; 570 by 20:40 are 190 and 380; JU -> 80, 300 to R.
        self.assertEqual(self.pools(run), {"R": 700, "E": 190, "JM": 30, "JU": 80})
        self.assertEqual(self.shares(run), {"A-1": (10, 60, 70), "A-2": (20, 20, 40)})
        self.assertEqual(run.distributed, 110)
        data = run._get_canonical_bytes()
        self.assertEqual(run.hash, digest(data))
        self.assertIn(b"floor\tR\t40\ncap\tJM\tweight\t10\t\t\ncap\tJU\trate\t2\tJM\tR\n", data)
        self.assertEqual(
            {code: int(amount) for code, amount in distribute(from_bytes(data)).pools.items()},
            self.pools(run),
        )

    def test_floors_above_a_node_name_it(self):
        scheme = self.create_limited(
            {"code": "R", "kind": "reserve", "percent": 80},
            {"code": "G", "kind": "group", "percent": 20},
            {"code": "A", "kind": "fund", "percent": 50, "of": "G", "floor_percent": 30},
            {"code": "B", "kind": "fund", "percent": 50, "of": "G"},
        )
        with self.assertRaisesRegex(UserError, "under G ask for 300, but there is only 200"):
            self.compute_by(scheme)

    def test_a_limit_that_cannot_work_is_a_problem_of_the_scheme(self):
        scheme = self._create_scheme({"code": "F", "kind": "fund", "percent": 100, "cap_measure": "surplus"})
        self.assertIn("nobody takes what is above the cap of line F", scheme.problems)

    def test_limits_are_described_where_the_line_stands(self):
        scheme = self.create_limited(
            {"code": "R", "kind": "reserve", "percent": 50, "floor_percent": 57.5},
            {
                "code": "F",
                "kind": "fund",
                "percent": 50,
                "cap_measure": "surplus",
                "cap_value": 10,
                "condition": "targets met",
                "excess": "R",
            },
        )
        by_code = {line.code: line.bound_summary for line in scheme.line_ids}
        self.assertEqual(by_code, {"R": "≥ 57.5%", "F": "≤ 10%, if targets met, rest to R"})
        self.assertIn("≤ 10%, if targets met, rest to R", scheme.waterfall)

    def test_a_copy_refers_to_its_own_lines(self):
        scheme = self.create_limited(
            {"code": "R", "kind": "reserve", "percent": 50},
            {
                "code": "F",
                "kind": "fund",
                "percent": 50,
                "cap_measure": "surplus",
                "cap_value": 1,
                "excess": "R",
            },
        )
        twin = scheme.copy()
        self.assertFalse(twin.problems)
        self.assertEqual(twin.line_ids.excess_line_id, twin.line_ids.filtered(lambda line: line.code == "R"))

    def test_non_member_surplus_reaches_members_only_where_it_is_allowed(self):
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 100, "surplus_part": "member"},
            {"code": "JM", "kind": "capital", "percent": 100, "surplus_part": "non_member"},
        )
        self.assertIn("line JM gives members a part of what was earned with non-members", scheme.problems)
        scheme.members_share_non_member = True
        self.assertFalse(scheme.problems)

    def test_the_tax_is_withheld_from_the_share(self):
        """A-1 has 100 on capital and 525 on business, A-2 200 and 175; 10% above 300, of all of it."""
        scheme = self.create_limited(
            {"code": "JM", "kind": "capital", "percent": 30},
            {"code": "JU", "kind": "patronage", "percent": 70, "basis_id": self.basis.id},
            tax_base="all",
            tax_percent=10,
            tax_exempt=375,
        )
        run = self.compute_by(scheme)
        found = {share.number: (share.amount, share.tax_amount, share.net_amount) for share in run.share_ids}
        self.assertEqual(found, {"A-1": (625, 62, 563), "A-2": (375, 0, 375)})
        self.assertIn(b"\ntax\t10\tall\t375\n", run._get_canonical_bytes())

    def test_limits_and_tax_are_frozen_in_force(self):
        for change in (
            lambda: self.scheme.write({"tax_base": "all", "tax_percent": 10}),
            lambda: self.scheme.write({"members_share_non_member": True}),
            lambda: self.scheme.line_ids[0].write({"floor_percent": 5}),
            lambda: self.scheme.line_ids[0].write({"condition": "targets met"}),
        ):
            with self.assertRaisesRegex(UserError, "in force"), self.env.cr.savepoint():
                change()

    def test_only_the_share_types_of_a_line_count(self):
        other = self.env["kmp.share.type"].create(
            {
                "code": "SX",
                "name": "Special",
                "kind": "special",
                "company_id": self.company.id,
                "account_id": self._create_account("301900", "special", "equity").id,
            }
        )
        scheme = self._create_scheme(
            {"code": "JM", "kind": "capital", "percent": 100, "share_type_ids": other.ids}
        )
        scheme.with_user(self.officer).action_put_into_force()
        self.accounts["special"] = other.account_id
        self._post("2025-03-01", ("cash", 70, None), ("special", -70, self.first.partner_id))
        run = self.compute_by(scheme)
        self.assertEqual(self.shares(run), {"A-1": (1000, 0, 1000)})
        self.assertEqual(run.share_ids.line_ids.weight, 70)


@tagged("post_install", "-at_install")
class TestShuCapitalPolicy(LimitCase):
    """A-1 has 100 and A-2 200, who leaves on 30 June, after 181 of 365 days; Rp1,000 on capital."""

    def share_by(self, policy):
        self.env.cr.execute(
            "UPDATE kmp_membership_period SET date_to = '2025-06-30' WHERE membership_id = %s",
            [self.second.id],
        )
        scheme = self._create_scheme(
            {"code": "JM", "kind": "capital", "percent": 100}, membership_policy=policy
        )
        scheme.with_user(self.officer).action_put_into_force()
        run = self.compute_by(scheme)
        return {share.number: share.amount for share in run.share_ids}

    def test_capital_that_was_left_in_counts(self):
        self.assertEqual(self.share_by("document_date"), {"A-1": 333, "A-2": 667})

    def test_who_left_has_none(self):
        self.assertEqual(self.share_by("exclude_leavers"), {"A-1": 1000})

    def test_capital_counts_by_days_of_membership(self):
        """100 and 200 x 181/365, which is 99.178082."""
        self.assertEqual(self.share_by("pro_rata"), {"A-1": 502, "A-2": 498})


@tagged("post_install", "-at_install")
class TestShuConditions(LimitCase):
    def setUp(self):
        super().setUp()
        self.limited = self.create_limited(
            {"code": "R", "kind": "reserve", "percent": 25},
            {"code": "INS", "kind": "fund", "percent": 5, "condition": "The targets were met", "excess": "R"},
            {"code": "JM", "kind": "capital", "percent": 70},
        )
        self._earn("2025-12-31", 1000)
        self.run_record = self._create_run(self.limited)

    def decide(self, is_met, note="Minutes 7"):
        self.run_record.condition_ids.with_user(self.officer).write({"is_met": is_met, "note": note})

    def test_a_run_lists_the_conditions_of_its_scheme(self):
        self.assertEqual(self.run_record.condition_ids.condition, "The targets were met")
        self.assertEqual(self.run_record.condition_ids.is_met, "undecided")
        self.run_record.scheme_id = self.scheme
        self.assertFalse(self.run_record.condition_ids)

    def test_nothing_is_computed_before_it_is_decided(self):
        with self.assertRaisesRegex(UserError, r"INS INS \(The targets were met\)"):
            self.run_record.action_compute()

    def test_met(self):
        self.decide("yes")
        self.run_record.action_compute()
        self.assertEqual(self.pools(self.run_record), {"R": 250, "INS": 50, "JM": 700})
        self.assertNotIn(b"\ncap", self.run_record._get_canonical_bytes())

    def test_not_met_it_falls_to_the_reserve(self):
        self.decide("no")
        self.run_record.action_compute()
        self.assertEqual(self.pools(self.run_record), {"R": 300, "INS": 0, "JM": 700})
        self.assertIn(b"\ncap\tINS\tcondition\t0\t\tR\n", self.run_record._get_canonical_bytes())

    def test_who_decided_what_and_why_is_kept(self):
        self.decide("no")
        condition = self.run_record.condition_ids
        self.assertEqual((condition.decided_by_id, condition.note), (self.officer, "Minutes 7"))
        messages = "".join(self.run_record.message_ids.mapped("body"))
        self.assertIn("Not met", messages)
        self.assertIn("Minutes 7", messages)

    def test_a_decision_needs_its_reason(self):
        with self.assertRaisesRegex(UserError, "say in a note why"):
            self.decide("yes", note=False)

    def test_who_decided_is_not_written_by_hand(self):
        for vals in ({"decided_by_id": self.accountant.id}, {"scheme_line_id": self.limited.line_ids[0].id}):
            with self.assertRaisesRegex(UserError, "Only the decision"), self.env.cr.savepoint():
                self.run_record.condition_ids.with_user(self.officer).write(vals)

    def test_only_an_officer_decides(self):
        for user in (self.accountant, self.auditor):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.run_record.condition_ids.with_user(user).write({"is_met": "yes", "note": "x"})

    def test_nobody_adds_or_removes_a_condition(self):
        for user in (self.accountant, self.officer):
            conditions = self.run_record.condition_ids.with_user(user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                conditions.unlink()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                conditions.create(
                    {"run_id": self.run_record.id, "scheme_line_id": self.limited.line_ids[0].id}
                )

    def test_once_computed_the_decision_stands(self):
        self.decide("yes")
        self.run_record.action_compute()
        with self.assertRaisesRegex(UserError, "takes a distribution that is draft"):
            self.decide("no")
