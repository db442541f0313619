from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError
from odoo.tests import tagged

from odoo.addons.kmp_membership.models import contribution_run_process

from .contribution_common import TwoMembersCase

CRON = "odoo.addons.base.models.ir_cron.IrCron"


@tagged("post_install", "-at_install")
class TestContributionRunProcess(TwoMembersCase):
    """Billing and cancelling in the background, batch by batch."""

    def _start_in_background(self, members=5):
        for index in range(members - 2):
            self._create_member(f"Member {index}", f"C-{index}")
        run = self._create_run().with_user(self.officer)
        with patch.object(contribution_run_process, "DIRECT_LINES", 1):
            run.action_bill()
        return run

    def _run_cron(self, seconds=(60,) * 100, batch=2):
        """What the cron does, without its commits; ``seconds``: what is left after each."""
        answers = iter(seconds)
        done = []

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            done.append((processed, remaining))
            return next(answers)

        with (
            patch.object(contribution_run_process, "BATCH_LINES", batch),
            patch(f"{CRON}._commit_progress", commit),
            patch.object(self.cr, "rollback", lambda: None),
        ):
            self.env["kmp.contribution.run"]._cron_process()
        return done

    def test_who_owes_dues_is_no_customer(self):
        run = self._start_in_background()
        self._run_cron()
        self.assertEqual(set(run.line_ids.partner_id.mapped("customer_rank")), {0})

    def test_background(self):
        run = self._start_in_background()
        self.assertEqual((run.state, run.progress, run.move_count), ("billing", 0, 0))
        self.assertEqual(self._run_cron(), [(0, 5), (2, 3), (2, 1), (1, 0)])
        self.assertEqual(
            (run.state, run.progress, run.move_count, run.amount_open), ("billed", 100, 3, 250000)
        )
        self._check_invariants()

    def test_background_goes_on_where_it_stopped(self):
        run = self._start_in_background()
        self.assertEqual(self._run_cron((60, 60, 0)), [(0, 5), (2, 3), (2, 1)])
        run.invalidate_recordset()
        self.assertEqual((run.state, run.progress, run.move_count), ("billing", 80, 2))
        self._check_invariants()
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.move_count, run.amount_total), ("billed", 3, 250000))
        self.assertEqual(self._run_cron(), [])
        self.assertEqual(self._balance(self.receivable), 250000)

    def test_last_batch_is_full(self):
        run = self._start_in_background(4)
        self._run_cron()
        self.assertEqual((run.state, run.move_count), ("billed", 2))

    def test_background_stops_with_a_reason_and_goes_on(self):
        run = self._start_in_background()
        self._run_cron((60, 60, 0))
        self.company.sudo().fiscalyear_lock_date = date(2025, 1, 1)
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.move_count), ("billing", 2))
        self.assertIn("locked period", run.halted)
        self.assertEqual(self._run_cron(), [])
        self.company.sudo().fiscalyear_lock_date = False
        with self.assertRaises(AccessError):
            run.with_user(self.clerk).action_resume()
        run.action_resume()
        self._run_cron()
        self.assertRecordValues(run, [{"state": "billed", "halted": False, "move_count": 3}])

    def test_cancel_in_background(self):
        run = self._start_in_background()
        self._run_cron()
        with patch.object(contribution_run_process, "DIRECT_LINES", 1):
            run._cancel(date(2025, 1, 20), "Wrong")
        self.assertEqual((run.state, run.progress), ("cancelling", 0))
        self._run_cron((60, 60, 0))
        run.invalidate_recordset()
        self.assertEqual((run.state, run.progress), ("cancelling", 80))
        self._check_invariants()
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, self._balance(self.called)), ("cancelled", 0))

    def test_a_second_worker_leaves_the_run_alone(self):
        run = self._start_in_background()
        with patch.object(type(run), "try_lock_for_update", lambda records, **options: records.browse()):
            self.assertEqual(self._run_cron(), [(0, 5)])
        self.assertEqual((run.state, run.move_count), ("billing", 0))
        with (
            patch.object(type(run), "lock_for_update", side_effect=LockError("locked")),
            self.assertRaises(LockError),
        ):
            run.action_resume()
