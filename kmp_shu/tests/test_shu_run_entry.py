from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestShuRunEntry(ShuRunCase):
    def post(self, surplus=1001):
        run = self.compute(surplus)
        self._approve(run)
        run.action_post()
        return run

    def test_the_entry_carries_every_part(self):
        run = self.post()
        move = run.move_id
        self.assertEqual((run.state, move.state, str(move.date)), ("posted", "posted", "2026-03-01"))
        self.assertEqual(self._sum("undistributed", move), -1001)
        self.assertEqual(self._sum("reserve", move), 200)
        self.assertEqual(self._sum("education", move), 100)
        payable = move.line_ids.filtered(lambda line: line.account_id == self.accounts["payable"])
        self.assertEqual(
            {line.partner_id: line.credit for line in payable},
            {self.first.partner_id: 380, self.second.partner_id: 321},
        )
        self.assertIn(run.hash_short, move.ref)
        self.assertIn("07/RAT/2026", move.ref)

    def test_above_the_limit_it_posts_by_class(self):
        self.company.shu_member_line_limit = 1
        run = self.post()
        payable = run.move_id.line_ids.filtered(lambda line: line.account_id == self.accounts["payable"])
        self.assertEqual(payable.mapped("credit"), [701])
        self.assertFalse(payable.partner_id)

    def test_a_residual_goes_to_the_first_reserve(self):
        self.scheme = self.scheme.copy({"rounding_method": "truncate"})
        self.scheme.with_user(self.officer).action_put_into_force()
        run = self.post()
        # 200 + 100 + 700 leave 1; 262.5 and 87.5 leave 1; 116.67 and 233.33 leave 1
        self.assertEqual((run.residual, run.distributed), (3, 698))
        self.assertEqual(self._sum("reserve", run.move_id), 203)
        self.assertEqual(self._sum("payable", run.move_id), 698)

    def test_changed_books_are_refused(self):
        run = self.compute()
        self._approve(run)
        self._pay_in(self.first, "2025-12-31", 1)
        with self.assertRaisesRegex(UserError, "books have changed"):
            run.action_post()
        self.assertFalse(run.move_id)

    def test_a_changed_share_is_refused(self):
        run = self.compute()
        self._approve(run)
        self.env.cr.execute(
            "UPDATE kmp_shu_share_line SET weight = weight + 1 WHERE share_id = %s", run.share_ids[0].ids
        )
        with self.assertRaisesRegex(UserError, "not what was approved"):
            run.action_post()

    def test_a_locked_period_is_refused_not_moved(self):
        run = self.compute()
        self._approve(run)
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "SHU 2025: 03/01/2026 lies in a locked period"):
            run.action_post()

    def test_a_day_in_the_year_itself_is_refused(self):
        run = self.compute()
        run.posting_date = "2025-12-31"
        self._approve(run)
        with self.assertRaisesRegex(UserError, "after the year has ended"):
            run.action_post()

    def test_missing_accounts_are_named(self):
        run = self.compute()
        self._approve(run)
        self.company.shu_payable_account_id = False
        with self.assertRaisesRegex(UserError, "SHU Payable to Members"):
            run.action_post()

    def test_a_currency_that_is_not_the_companys_is_refused(self):
        run = self.compute()
        self._approve(run)
        usd = self.env.ref("base.USD")
        usd.active = True
        for foreign in (self.journal, self.accounts["reserve"], self.accounts["payable"]):
            foreign.currency_id = usd
            with (
                self.assertRaisesRegex(
                    UserError, rf"SHU 2025 is in IDR, and .*{foreign.name}.* is kept in USD"
                ),
                self.env.cr.savepoint(),
            ):
                run.action_post()
            foreign.currency_id = False
        self.assertEqual((run.state, len(run.move_id)), ("approved", 0))

    def test_the_entry_cannot_be_changed_or_reversed_elsewhere(self):
        move = self.post().move_id
        for change in (
            move.button_draft,
            move._reverse_moves,
            move.unlink,
            lambda: move.write({"date": "2026-04-01"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.assertEqual(move.state, "posted")

    @freeze_time("2026-05-05")
    def test_it_is_reversed_exactly_and_once(self):
        run = self.post()
        run.action_reverse()
        self.assertEqual(run.state, "reversed")
        for account in ("undistributed", "reserve", "education", "payable"):
            total = self._sum(account, run.move_id) + self._sum(account, run.reversal_move_id)
            self.assertEqual(total, 0, account)
        self.assertEqual(str(run.reversal_move_id.date), "2026-05-05")
        self.assertEqual(run.reversal_move_id.state, "posted")
        with self.assertRaisesRegex(UserError, "is reversed"):
            run.action_reverse()
        again = self._create_run(self.scheme)
        again.action_compute()
        self.assertEqual((again.state, again.hash), ("computed", run.hash))

    def test_a_posted_run_stays(self):
        run = self.post()
        with self.assertRaises(UserError):
            run.unlink()
        with self.assertRaises(UserError):
            run.write({"resolution": "another"})
