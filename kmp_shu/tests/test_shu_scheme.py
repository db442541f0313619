from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CooperativeCase


@tagged("post_install", "-at_install")
class TestShuScheme(CooperativeCase):
    def create_halves(self, second=50):
        return self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "M", "kind": "group", "percent": second},
            {"code": "JM", "kind": "capital", "percent": 100, "of": "M"},
        )

    def test_lines_that_do_not_sum_to_100_are_named_with_their_sum(self):
        scheme = self.create_halves(second=55)
        self.assertIn("105 percent", scheme.problems)
        self.assertIn("surplus", scheme.problems)
        with self.assertRaisesRegex(ValidationError, "By-laws.*105 percent"), self.env.cr.savepoint():
            scheme.with_user(self.officer).action_put_into_force()
        self.assertEqual(scheme.state, "draft")

    def test_lines_under_a_group_must_sum_to_100_too(self):
        scheme = self.create_halves()
        self.assertFalse(scheme.problems)
        scheme.line_ids.filtered(lambda line: line.code == "JM").percent = 95
        self.assertIn("the lines under M sum to 95 percent", scheme.problems)

    def test_thirds_are_refused_unless_they_sum_exactly(self):
        scheme = self._create_scheme(
            *({"code": code, "kind": "fund", "percent": 33.333333} for code in "ABC")
        )
        self.assertIn("99.999999 percent", scheme.problems)
        scheme.line_ids[0].percent = 33.333334
        self.assertFalse(scheme.problems)

    def test_a_class_split_must_sum_to_100(self):
        self._create_class("K1")
        scheme = self._create_scheme({"code": "JM", "kind": "capital", "percent": 100, "classes": {"K1": 90}})
        self.assertIn("90 percent", scheme.problems)

    def test_truncate_needs_a_reserve(self):
        scheme = self._create_scheme(
            {"code": "JM", "kind": "capital", "percent": 100}, rounding_method="truncate"
        )
        self.assertIn("reserve", scheme.problems)

    def test_in_force_it_is_frozen(self):
        scheme = self.create_halves()
        scheme.with_user(self.officer).action_put_into_force()
        line = scheme.line_ids[0]
        for change in (
            lambda: line.write({"percent": 40}),
            line.unlink,
            lambda: scheme.write({"rounding_unit": "100"}),
            lambda: scheme.write({"line_ids": [Command.clear()]}),
            lambda: scheme.write({"state": "draft"}),
            lambda: self.env["kmp.shu.scheme.line"].create(
                {"scheme_id": scheme.id, "code": "X", "name": "X", "kind": "fund", "percent": 0}
            ),
            scheme.unlink,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_what_a_scheme_in_force_counts_is_frozen_too(self):
        basis = self._create_basis("SHOP")
        stakeholder_class = self._create_class("K1")
        scheme = self._create_scheme(
            {
                "code": "JU",
                "kind": "patronage",
                "percent": 100,
                "basis_id": basis.id,
                "classes": {"K1": 100},
            }
        )
        basis.measure = "quantity"
        stakeholder_class.code = "K2"
        scheme.with_user(self.officer).action_put_into_force()
        for change in (
            lambda: basis.write({"measure": "value"}),
            lambda: basis.write({"code": "OTHER"}),
            basis.unlink,
            lambda: stakeholder_class.with_user(self.officer).write({"code": "K3"}),
        ):
            with self.assertRaisesRegex(UserError, "By-laws is in force"), self.env.cr.savepoint():
                change()
        basis.name = "Another name"
        self.assertEqual(basis.copy().code, "SHOP-2")

    def test_a_copy_is_a_draft_with_the_same_tree(self):
        scheme = self.create_halves()
        scheme.with_user(self.officer).action_put_into_force()
        twin = scheme.copy()
        self.assertEqual(twin.state, "draft")
        self.assertFalse(twin.problems)
        group = twin.line_ids.filtered(lambda line: line.code == "M")
        self.assertEqual(twin.line_ids.filtered(lambda line: line.code == "JM").parent_id, group)

    def test_only_an_officer_puts_into_force(self):
        scheme = self.create_halves()
        for user in (self.accountant, self.auditor):
            with self.assertRaises(AccessError):
                scheme.with_user(user).action_put_into_force()

    def test_a_used_scheme_stays_in_force(self):
        scheme = self.create_halves()
        scheme.with_user(self.officer).action_put_into_force()
        self._create_run(scheme)
        with self.assertRaisesRegex(UserError, "SHU 2025"):
            scheme.with_user(self.officer).action_reset_to_draft()

    def test_the_waterfall_escapes_names(self):
        scheme = self.create_halves()
        scheme.line_ids[0].name = "<script>alert(1)</script>"
        self.assertIn("&lt;script&gt;", scheme.waterfall)
        self.assertNotIn("<script>", scheme.waterfall)
