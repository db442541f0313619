from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestShuSimulation(ShuRunCase):
    """A-1 of class K: capital 100, business 300; A-2 of class L: 200 and 100. Surplus 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_class("L")
        cls.third = cls._create_member("B-1", "L")
        cls._pay_in(cls.third, "2024-05-01", 700)
        cls.draft = cls._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 10, "floor_percent": 30},
            {"code": "JM", "kind": "capital", "percent": 45, "classes": {"K": 60, "L": 40}},
            {
                "code": "JU",
                "kind": "patronage",
                "percent": 45,
                "basis_id": cls.basis.id,
                "cap_measure": "rate",
                "cap_value": 2,
            },
            name="Draft",
        )
        cls.draft.line_ids[2].write(
            {"cap_reference_id": cls.draft.line_ids[1].id, "excess_line_id": cls.draft.line_ids[0].id}
        )

    def compare(self, *schemes, user=None, **vals):
        simulation = (
            self.env["kmp.shu.simulation"]
            .with_user(user or self.accountant)
            .create(
                {
                    "scheme_id": schemes[0].id,
                    "other_scheme_ids": [scheme.id for scheme in schemes[1:]],
                    "date_from": "2025-01-01",
                    "date_to": "2025-12-31",
                    **vals,
                }
            )
        )
        simulation.action_compare()
        return simulation

    def amounts(self, simulation, section, scheme):
        lines = simulation.line_ids.filtered(
            lambda line: line.section == section and line.scheme_id == scheme
        )
        return {line.label: line.amount for line in lines}

    def test_lines_and_classes_by_hand(self):
        """By-laws: R 200, E 100, M 700: JM 350 by 100:200:700, JU 350 by 300:100.
        Draft: R 100 -> 300; JM 350, JU 350. The rate on capital is 350/1,000; JU at most 2 x 35% of 400, 280;
        so R 370. JM: K 210 for A-1 alone, L 140 by 200:700."""
        self._earn("2025-12-31", 1000)
        simulation = self.compare(self.scheme, self.draft)
        self.assertEqual(
            self.amounts(simulation, "line", self.scheme),
            {"R R": 200, "E E": 100, "M M": 700, "JM JM": 350, "JU JU": 350},
        )
        self.assertEqual(
            self.amounts(simulation, "line", self.draft), {"R R": 370, "JM JM": 350, "JU JU": 280}
        )
        # K: A-1 and A-2 (35 + 70 + 263 + 87, the tie goes to A-1); L: B-1 245
        self.assertEqual(self.amounts(simulation, "class", self.scheme), {"Class K": 455, "Class L": 245})
        self.assertEqual(self.amounts(simulation, "class", self.draft), {"Class K": 490, "Class L": 140})
        self.assertEqual(simulation.surplus, 1000)

    def test_the_same_members_stand_in_every_column_of_the_tenths(self):
        """By the by-laws A-2 has 157, B-1 245 and A-1 298: that is their order in both columns."""
        self._earn("2025-12-31", 1000)
        simulation = self.compare(self.scheme, self.draft)
        self.assertEqual(list(self.amounts(simulation, "quantile", self.scheme).values()), [157, 245, 298])
        # 70 of JM in K by 100:200, 210 of JU; A-2: 140 and 70; B-1: 140
        self.assertEqual(list(self.amounts(simulation, "quantile", self.draft).values()), [210, 140, 280])

    def test_it_gives_what_a_distribution_gives(self):
        self.draft.with_user(self.officer).action_put_into_force()
        self._earn("2025-12-31", 12345)
        simulation = self.compare(self.draft, self.scheme)
        run = self._create_run(self.draft)
        run.action_compute()
        wanted = {pool.display_name: pool.amount for pool in run.pool_ids if not pool.class_id}
        self.assertEqual(self.amounts(simulation, "line", self.draft), wanted)
        self.assertEqual(sum(self.amounts(simulation, "class", self.draft).values()), run.distributed)
        self.assertEqual(sum(self.amounts(simulation, "quantile", self.draft).values()), run.distributed)

    def test_nothing_of_a_distribution_is_stored(self):
        self._earn("2025-12-31", 1000)
        before = self.env["kmp.shu.run"].search_count([]), self.env["kmp.shu.share"].search_count([])
        self.compare(self.scheme, self.draft)
        after = self.env["kmp.shu.run"].search_count([]), self.env["kmp.shu.share"].search_count([])
        self.assertEqual(after, before)
        self.assertEqual(self.draft.state, "draft")

    def test_a_condition_can_be_supposed_either_way(self):
        self._earn("2025-12-31", 1000)
        twin = self.scheme.copy()
        fund, reserve = (
            twin.line_ids.filtered(lambda line, code=code: line.code == code) for code in ("E", "R")
        )
        fund.write({"condition": "Targets met", "excess_line_id": reserve.id})
        met = self.compare(self.scheme, twin)
        missed = self.compare(self.scheme, twin, conditions_met=False)
        self.assertEqual(self.amounts(met, "line", twin)["E E"], 100)
        self.assertEqual(self.amounts(missed, "line", twin)["E E"], 0)
        self.assertEqual(self.amounts(missed, "line", twin)["R R"], 300)

    def test_the_table_shows_differences(self):
        self._earn("2025-12-31", 1000)
        simulation = self.compare(self.scheme, self.draft)
        self.assertIn("By-laws", simulation.tables)
        self.assertIn("text-danger", simulation.tables)
        self.assertIn("Smallest 10%", simulation.tables)

    def test_what_cannot_be_compared_is_named(self):
        with self.assertRaisesRegex(UserError, "no surplus"):
            self.compare(self.scheme, self.draft)
        self._earn("2025-12-31", 1000)
        with self.assertRaisesRegex(UserError, "Choose another scheme to compare By-laws with"):
            self.compare(self.scheme)
        self.draft.line_ids[0].percent = 5
        with self.assertRaisesRegex(UserError, "Draft cannot be compared yet:\n.*sum to 95 percent"):
            self.compare(self.scheme, self.draft)
        self.draft.line_ids[0].percent = 10
        self.env.cr.execute("DELETE FROM kmp_patronage_entry")
        with self.assertRaisesRegex(UserError, "By-laws: no member has a weight in JU JU"):
            self.compare(self.scheme, self.draft)

    def test_who_may_compare(self):
        self._earn("2025-12-31", 1000)
        self.assertTrue(self.compare(self.scheme, self.draft, user=self.officer).line_ids)
        with self.assertRaises(AccessError):
            self.compare(self.scheme, self.draft, user=self.auditor)
