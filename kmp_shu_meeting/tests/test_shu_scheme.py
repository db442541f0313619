from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_shu.tests.test_shu_run import ShuRunCase

from .common import DecisionMixin


@tagged("post_install", "-at_install")
class TestShuSchemeDecision(DecisionMixin, ShuRunCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._put_rules_into_force()
        cls.meeting = cls._open_meeting()

    def draft(self):
        return self.scheme.with_user(self.officer).copy()

    def test_one_that_was_in_force_stays_so(self):
        self.assertEqual((self.scheme.state, self.scheme.resolution_id.id), ("in_force", False))
        run = self.compute()
        self.assertEqual(run.state, "computed")

    def test_in_force_by_resolution(self):
        scheme = self.draft()
        with self.assertRaisesRegex(UserError, r"By-laws \(copy\) takes effect .* None is entered"):
            scheme.action_put_into_force()
        resolution = self._propose(scheme, self.meeting, kind="special")
        self.assertEqual(resolution.kind, "special")
        with self.assertRaisesRegex(UserError, "is draft"):
            scheme.action_put_into_force()
        self._vote(resolution, yes=2)
        scheme.action_put_into_force()
        self.assertEqual(scheme.state, "in_force")
        with self.assertRaisesRegex(UserError, "is in force and cannot be changed"):
            scheme.resolution_id = False

    def test_what_is_changed_after_the_vote(self):
        for change in (
            lambda scheme: scheme.write({"rounding_unit": "10"}),
            lambda scheme: scheme.write({"membership_policy": "pro_rata"}),
            lambda scheme: scheme.write({"date_from": "2025-01-01"}),
            lambda scheme: scheme.line_ids[0].write({"account_id": self.accounts["education"].id}),
            lambda scheme: scheme.line_ids[0].write({"percent": 19}),
            lambda scheme: scheme.line_ids[1].write({"condition": "Targets met"}),
        ):
            scheme = self.draft()
            resolution = self._propose(scheme, self.meeting, number=f"S/{scheme.id}")
            self._vote(resolution, yes=2)
            self.assertEqual(scheme._get_resolution_problem(), "")
            change(scheme)
            self.assertIn("on something else", scheme._get_resolution_problem())

    def test_by_laws_that_are_not_in_effect(self):
        scheme = self.draft()
        scheme.bylaws_id = self.env["kmp.bylaws"].create(
            {"name": "AD 2", "date": "2026-01-01", "date_from": "2026-01-01"}
        )
        self._vote(self._propose(scheme, self.meeting), yes=2)
        with self.assertRaisesRegex(UserError, "By-laws AD 2 are not in effect yet"):
            scheme.action_put_into_force()

    def test_who_may(self):
        scheme = self.draft()
        for user in (self.accountant, self.clerk, self.auditor):
            with self.assertRaises(AccessError):
                scheme.with_user(user).action_put_to_meeting()
