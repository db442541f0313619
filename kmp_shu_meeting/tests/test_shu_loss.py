from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_shu.tests.test_shu_loss import ShuLossCase

from .common import DecisionMixin


@tagged("post_install", "-at_install")
class TestShuLossDecision(DecisionMixin, ShuLossCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_member("A-1", "K")
        cls._put_rules_into_force()
        cls.meeting = cls._open_meeting()

    def proposed(self, loss):
        loss.resolution = loss.resolution or "08/RAT/2026"
        loss.action_propose()
        loss.with_user(self.officer).action_approve()

    def test_posted_as_decided(self):
        loss = self.whole()
        resolution = self._propose(loss, self.meeting, number="08/RAT/2026")
        self.assertIn(loss._get_subject_hash(), resolution.text)
        self.proposed(loss)
        with self.assertRaisesRegex(UserError, "Loss 2025 takes effect .* is draft"):
            loss.action_post()
        self._vote(resolution, yes=1)
        loss.action_post()
        self.assertEqual((loss.state, self._sum("undistributed", loss.move_id)), ("posted", 1000))
        loss.action_reverse()
        self.assertEqual(self._sum("undistributed", loss.reversal_move_id), -1000)

    def test_without_a_resolution_or_with_other_lines(self):
        loss = self.whole()
        self.proposed(loss)
        with self.assertRaisesRegex(UserError, "None is entered"):
            loss.action_post()
        loss.action_reset_to_draft()
        self._vote(self._propose(loss, self.meeting), yes=1)
        loss.line_ids[0].amount = 600
        loss.line_ids[1].amount = 400
        self.proposed(loss)
        with self.assertRaisesRegex(UserError, "on something else"):
            loss.action_post()
        self.assertFalse(loss.move_id)

    def test_who_may(self):
        loss = self.whole()
        for user in (self.accountant, self.clerk, self.auditor):
            with self.assertRaises(AccessError):
                loss.with_user(user).action_put_to_meeting()
