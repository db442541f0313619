from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import mute_logger
from odoo.tools import SQL

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestShuRunPhase(ShuRunCase):
    """Two members are many here. What a kill leaves is tried in `tests/test_shu_restart.py`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.shu_background_limit = 1
        cls.cron = cls.env.ref("kmp_shu.shu_run_cron")

    def work(self, seconds=float("inf")):
        """What the cron does, with commits that a test cannot make."""

        def commit(cron, *args, **kwargs):
            self.env.flush_all()
            return seconds

        with patch.object(self.env.registry["ir.cron"], "_commit_progress", commit):
            self.env["kmp.shu.run"]._cron_process()

    def start(self, surplus=1001):
        self._earn("2025-12-31", surplus)
        run = self._create_run(self.scheme, posting_date="2026-03-01")
        run.action_compute()
        return run

    def test_a_large_run_is_computed_and_posted_in_the_background(self):
        run = self.start()
        self.assertEqual((run.state, run.phase, run.started_by_id), ("computing", "compare", self.accountant))
        self.assertFalse(run.pool_ids)
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]))
        self.work()
        self.assertEqual((run.state, run.phase, run.distributed), ("computed", False, 701))
        self.assertEqual(run.computed_by_id, self.accountant)
        self._approve(run)
        run.action_post()
        self.assertEqual((run.state, run.phase, run.move_id.id), ("approved", "post", False))
        self.work()
        self.assertEqual((run.state, run.phase, run.move_id.state), ("posted", False, "posted"))
        self.assertEqual(run.move_id.create_uid, self.accountant)

    def test_a_phase_at_a_time_and_progress_grows(self):
        run = self.start()
        seen = [(run.phase, run.progress)]
        while run._process_batch():
            seen.append((run.phase, run.progress))
        self.assertEqual(seen, [("compare", 5), ("divide", 25), ("freeze", 80), (False, 0)])
        self.assertEqual(run.state, "computed")

    def test_out_of_time_leaves_the_rest_to_the_next_call(self):
        run = self.start()
        self.work(seconds=0)
        self.assertEqual((run.state, run.phase), ("computing", "compare"))
        self.work()
        self.assertEqual(run.state, "computed")

    def test_a_small_run_is_computed_at_once(self):
        self.company.shu_background_limit = 2
        run = self.start()
        self.assertEqual((run.state, run.phase), ("computed", False))

    def test_the_same_result_either_way(self):
        run = self.start()
        self.work()
        background = run.hash
        run.action_reset_to_draft()
        self.company.shu_background_limit = 2
        run.action_compute()
        self.assertEqual(run.hash, background)

    def test_the_same_result_where_many_members_are_sorted(self):
        run = self.start()
        self.work()
        before = run.hash
        with patch("odoo.addons.kmp_shu.models.shu_run_weights.SORTED_ABOVE", 1):
            run.action_compute()
            self.work()
        [[is_hashed]] = self.env.execute_query(SQL("SHOW enable_hashagg"))
        self.assertEqual((run.hash, run.distributed, is_hashed), (before, 701, "off"))

    def test_divide_drops_what_an_earlier_attempt_left(self):
        run = self.start()
        run._process_batch()
        run._divide()
        self.assertEqual((run.phase, len(run.share_ids)), ("divide", 2))
        self.work()
        self.assertEqual((run.state, len(run.share_ids), run.distributed), ("computed", 2, 701))

    def test_a_refusal_halts_and_is_tried_again(self):
        run = self.start()
        move = self._post("2025-12-31", ("wages", 2000, None), ("cash", -2000, None))
        with patch.object(self.env.cr, "rollback"):
            self.work()
        self.assertIn("negative", run.halted)
        self.assertEqual((run.state, run.phase), ("computing", "divide"))
        self.work()  # a halted run waits for a user
        self.assertEqual(run.state, "computing")
        move._reverse_moves([{"date": "2025-12-31"}])._post()
        run.action_resume()
        self.work()
        self.assertEqual((run.state, run.halted, run.distributed), ("computed", False, 701))

    def test_cancel_a_first_computation(self):
        run = self.start()
        run._process_batch()
        run._process_batch()
        run.action_cancel_work()
        self.assertEqual((run.state, run.phase, run.hash), ("draft", False, False))
        self.assertFalse(run.pool_ids)
        self.assertFalse(self.env["kmp.shu.share"].search([("run_id", "=", run.id)]))
        run.action_compute()
        self.work()
        self.assertEqual(run.distributed, 701)

    def test_cancel_before_anything_was_replaced_keeps_the_result(self):
        run = self.start()
        self.work()
        before = run.hash
        run.action_compute()
        run.action_cancel_work()
        self.assertEqual((run.state, run.hash, run.distributed), ("computed", before, 701))

    def test_cancel_posting_keeps_the_approval(self):
        run = self.start()
        self.work()
        self._approve(run)
        run.action_post()
        run.action_cancel_work()
        self.assertEqual((run.state, run.phase, run.move_id.id), ("approved", False, False))
        self.assertEqual(run.approved_hash, run.hash)

    def test_nothing_else_meanwhile(self):
        run = self.start()
        for step in (run.action_compute, run.action_reset_to_draft, run.action_show_changes):
            with self.assertRaisesRegex(UserError, "is computing"):
                step()
        with self.assertRaisesRegex(UserError, "is computing"):
            run.write({"resolution": "1"})
        self.work()
        self._approve(run)
        run.action_post()
        for step in (run.action_post, run.action_withdraw_approval, run.action_reset_to_draft):
            with self.assertRaisesRegex(UserError, "in the background"):
                step()
        with self.assertRaisesRegex(UserError, "is approved"):
            run.unlink()

    def test_who_may_steer(self):
        run = self.start()
        for step in ("action_cancel_work", "action_resume"):
            for user in (self.officer, self.auditor):
                with self.assertRaises(AccessError, msg=f"{user.name} {step}"):
                    getattr(run.with_user(user), step)()
        self.work()
        for step in ("action_cancel_work", "action_resume"):
            with self.assertRaisesRegex(UserError, "Nothing is under way"):
                getattr(run, step)()

    def test_the_cron_works_with_the_rights_of_who_started(self):
        run = self.start()
        self.accountant.group_ids = self.env.ref("base.group_user")
        with patch.object(self.env.cr, "rollback"), mute_logger("odoo.models"):
            self.work()
        self.assertTrue(run.sudo().halted)
        self.assertEqual(run.sudo().state, "computing")
