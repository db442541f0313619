from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .contribution_common import ContributionCase


class WaiverCase(ContributionCase):
    """Budi owes Rp50,000 of January and has paid Rp20,000 of it on 10 February."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.payable = cls._create_account("210900", "Utang", "liability_payable")
        cls.budi.partner_id.with_company(cls.company).property_account_payable_id = cls.payable
        cls.january = cls._bill(1)
        cls.due = cls.january.line_ids
        cls._match(cls._pay(cls.budi, 20000), cls.due)


@tagged("post_install", "-at_install")
class TestContributionWaiver(WaiverCase):
    def test_the_rest_of_half_paid_dues_is_taken_back(self):
        self.due.with_user(self.officer)._waive(date(2025, 3, 1), "Flood")
        self.assertEqual((self.due.state, self.due.status, self.due.amount_open), ("billed", "waived", 0))
        self.assertEqual((self.due.amount_waived, self.due.cancel_reason), (30000, "Flood"))
        self.assertEqual((self.january.amount_total, self.january.amount_paid), (20000, 20000))
        self.assertEqual(self._holding(self.budi), 20000)
        self.assertEqual((self._balance(self.receivable), self._balance(self.called)), (0, 0))
        self.assertEqual(self._balance(self.called, date(2025, 2, 28)), -30000)

    def test_the_period_is_not_billed_again(self):
        self.due._waive(date(2025, 3, 1), "Flood")
        self.assertFalse(self._create_run(1).line_ids)

    def test_a_payment_undone_afterwards_is_owed_again(self):
        self.due._waive(date(2025, 3, 1), "Flood")
        payment = self.env["account.move.line"].search(
            [("account_id", "=", self.receivable.id), ("credit", "=", 20000)]
        )
        payment.remove_move_reconcile()
        self.assertEqual((self.due.amount_open, self.due.status), (20000, "partial"))
        self.assertEqual((self._holding(self.budi), self._balance(self.called)), (0, -20000))
        self.due._waive(date(2025, 3, 2), "Flood")
        self.assertEqual((self.due.amount_open, self.due.amount_waived), (0, 50000))

    def test_what_was_not_paid_at_all_is_cancelled(self):
        february = self._bill(2)
        dialog = self.env["kmp.contribution.cancel"].with_user(self.officer)
        lines = self.due | february.line_ids
        dialog.create(
            {"line_ids": [Command.set(lines.ids)], "date": date(2025, 3, 1), "reason": "Flood"}
        ).action_confirm()
        self.assertEqual((self.due.status, february.line_ids.state), ("waived", "cancelled"))
        self.assertEqual((self._balance(self.called), self._holding(self.budi)), (0, 20000))

    def test_refused(self):
        for user in (self.clerk, self.supervisor, self.accountant):
            with self.assertRaises(AccessError):
                self.due.with_user(user)._waive(date(2025, 3, 1), "x")
        with self.assertRaisesRegex(UserError, "cannot be cancelled before"), self.cr.savepoint():
            self.due._waive(date(2024, 12, 31), "x")
        self.due._waive(date(2025, 3, 1), "x")
        with self.assertRaisesRegex(UserError, "nothing to waive"), self.cr.savepoint():
            self.due._waive(date(2025, 3, 1), "x")


@tagged("post_install", "-at_install")
class TestDuesOfLeavers(WaiverCase):
    def _redeem(self, **vals):
        return (
            self.env["kmp.share.operation"]
            .with_user(self.clerk)
            .create(
                {
                    "kind": "redemption",
                    "membership_id": self.budi.id,
                    "share_type_id": self.wajib.id,
                    "amount": 20000,
                    "date": date(2025, 4, 1),
                    **vals,
                }
            )
            .with_user(self.officer)
        )

    def _leave(self):
        self.budi.with_user(self.officer)._apply_step("resign", date(2025, 3, 31))

    def test_dues_of_who_left_lapse_with_the_redemption(self):
        self._leave()
        redemption = self._redeem()
        self.assertEqual(redemption.open_dues, 30000)
        redemption.action_post()
        self.assertEqual((self.due.amount_open, self.due.amount_waived), (0, 30000))
        self.assertEqual(self.due.cancel_reason, f"Redemption {redemption.name}")
        self.assertEqual((redemption.amount_due, self._holding(self.budi)), (20000, 0))
        self.assertEqual((self._balance(self.receivable), self._balance(self.called)), (0, 0))

    def test_the_officer_may_want_them_paid_first(self):
        self._leave()
        redemption = self._redeem(cancel_dues=False)
        with self.assertRaisesRegex(UserError, "still owes .*30,000.00 of dues"), self.cr.savepoint():
            redemption.action_post()
        self.assertEqual((redemption.state, self.due.amount_open), ("draft", 30000))
        self._match(self._pay(self.budi, 30000, date(2025, 3, 30)), self.due)
        redemption.amount = 50000
        redemption.action_post()
        self.assertEqual((redemption.amount_due, self._holding(self.budi)), (50000, 0))

    def test_who_stays_goes_on_owing(self):
        self.wajib.redemption = "any_time"
        self._redeem(amount=5000).action_post()
        self.assertEqual((self.due.amount_open, self._holding(self.budi)), (30000, 15000))
