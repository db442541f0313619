from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .contribution_common import TwoMembersCase


@tagged("post_install", "-at_install")
class TestContributionRunCancel(TwoMembersCase):
    def test_cancel_run_and_bill_again(self):
        run = self._bill()
        run._cancel(date(2025, 1, 20), "Wrong month")
        self.assertRecordValues(run, [{"state": "cancelled", "move_count": 2, "amount_open": 0}])
        self.assertEqual((self._balance(self.receivable), self._balance(self.called)), (0, 0))
        self.assertEqual(self._balance(self.receivable, date(2025, 1, 19)), 100000)
        self.assertEqual(set(run.line_ids.mapped("cancel_reason")), {"Wrong month"})
        self.assertEqual(self._holding(self.budi), 0)
        with self.assertRaisesRegex(UserError, "not possible any more"), self.cr.savepoint():
            run._cancel(date(2025, 1, 20), "Twice")
        with self.assertRaisesRegex(UserError, "cannot be undone"), self.cr.savepoint():
            run.line_ids.sudo().move_line_id.with_user(self.accountant).remove_move_reconcile()
        again = self._bill()
        self.assertEqual(again.amount_total, 100000)
        self._check_invariants()

    def test_cancel_one_line(self):
        run = self._bill()
        line = run.line_ids.filtered(lambda line: line.membership_id == self.siti)
        line._cancel(date(2025, 1, 20), "Hardship")
        self.assertEqual((line.state, run.state, run.amount_open), ("cancelled", "billed", 50000))
        with self.assertRaisesRegex(UserError, "already cancelled"), self.cr.savepoint():
            line._cancel(date(2025, 1, 20), "Twice")
        self._check_invariants()

    def test_cancel_refused(self):
        run = self._bill()
        with self.assertRaisesRegex(UserError, "cannot be cancelled before"), self.cr.savepoint():
            run._cancel(date(2024, 12, 31), "Early")
        for user in (self.clerk, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                run.with_user(user)._cancel(date(2025, 1, 20), "x")
            with self.assertRaises(AccessError):
                run.line_ids.with_user(user)._cancel(date(2025, 1, 20), "x")
        self._match(
            self._pay(self.budi, 1), run.line_ids.filtered(lambda line: line.membership_id == self.budi)
        )
        with self.assertRaisesRegex(UserError, "some of its dues are paid"), self.cr.savepoint():
            run._cancel(date(2025, 3, 1), "x")
        with (
            self.assertRaisesRegex(UserError, "B-1 Budi, Simpanan Wajib, January 2025 was paid"),
            self.cr.savepoint(),
        ):
            run.line_ids._cancel(date(2025, 3, 1), "x")
        self.company.sudo().fiscalyear_lock_date = date(2025, 3, 1)
        with self.assertRaisesRegex(UserError, "locked period"), self.cr.savepoint():
            run.line_ids.filtered(lambda line: line.membership_id == self.siti)._cancel(date(2025, 3, 1), "x")
        self._check_invariants()
