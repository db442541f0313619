"""Whatever is paid and reversed, in whatever order: open + paid = the share, and the ledger owes what is open."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .payout_common import PayoutCase

EXAMPLES = 12
# A payment of so many percent of what is open to one or both members, or the reversal of the n-th payout that is still posted.
PAYMENTS = st.tuples(st.sampled_from(["A-1", "A-2", "A-1,A-2"]), st.sampled_from([1, 7, 33.3, 50, 99.9, 100]))
STEPS = st.lists(st.one_of(PAYMENTS, st.integers(0, 3)), min_size=1, max_size=6)


@tagged("post_install", "-at_install")
class TestPayoutProperties(PayoutCase):
    def check(self, steps):
        run = self.post_run(1_000_003)
        posted = []
        for step in steps:
            if isinstance(step, int):
                if step < len(posted):
                    posted.pop(step).action_reverse()
            else:
                posted += self.try_to_pay(run, *step)
            self.assert_shares(run)
            self.assert_ties()
        for payout in posted:
            payout.action_reverse()
        self.assertEqual(sum(share.paid_amount for share in run.share_ids), 0)
        self.assertEqual(run.open_amount, run.distributed)
        run.action_reverse()
        self.assert_ties()

    def try_to_pay(self, run, numbers, percent):
        shares = run.share_ids.filtered(lambda share: share.number in numbers.split(","))
        if all(int(share.open_amount * percent / 100) < 1 for share in shares):
            return []
        return [self.pay(run, selection="numbers", numbers=numbers, percent=percent)]

    def assert_shares(self, run):
        run.share_ids.invalidate_recordset()
        for share in run.share_ids:
            self.assertEqual(share.open_amount + share.paid_amount, share.amount)
            self.assertGreaterEqual(share.open_amount, 0)
        owed = -sum(run._get_payable_items().mapped("amount_residual"))
        self.assertEqual(Decimal(str(owed)), sum(Decimal(str(share.open_amount)) for share in run.share_ids))

    @settings(max_examples=EXAMPLES)
    @given(STEPS)
    def test_by_member(self, steps):
        with self.env.cr.savepoint() as savepoint:
            self.check(steps)
            savepoint.rollback()
            self.env.invalidate_all(flush=False)

    @settings(max_examples=EXAMPLES)
    @given(STEPS)
    def test_by_class(self, steps):
        with self.env.cr.savepoint() as savepoint:
            self.company.shu_member_line_limit = 1
            self.check(steps)
            savepoint.rollback()
            self.env.invalidate_all(flush=False)
