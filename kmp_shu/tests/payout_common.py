from decimal import Decimal

from odoo import Command

from .test_shu_run import ShuRunCase

DAY = "2026-03-15"
FOREVER = "2099-12-31"


class PayoutCase(ShuRunCase):
    """A posted distribution of Rp1,001: A-1 gets 380, A-2 gets 321. The accountant prepares and posts, the officer confirms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank_account = cls._create_account("110002", "Bank", "asset_cash")
        cls.bank_journal = cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BNK",
                "type": "bank",
                "company_id": cls.company.id,
                "default_account_id": cls.bank_account.id,
            }
        )
        cls.bank_journal.outbound_payment_method_line_ids.payment_account_id = cls._create_account(
            "110003", "Outstanding", "asset_current"
        )
        cls.outstanding = cls.bank_journal.outbound_payment_method_line_ids[:1].payment_account_id

    def post_run(self, surplus=1001):
        run = self.compute(surplus)
        self._approve(run)
        run.action_post()
        self.assertEqual(run.state, "posted")
        return run

    def prepare(self, run, method="cash", **vals):
        """A draft made by the wizard, as the accountant."""
        wizard = (
            self.env["kmp.shu.payout.wizard"]
            .with_user(self.accountant)
            .create({"run_id": run.id, "method": method, "date": DAY, **vals})
        )
        return self.env["kmp.shu.payout"].with_user(self.accountant).browse(wizard.action_prepare()["res_id"])

    def confirm(self, payout):
        payout.with_user(self.officer).action_confirm()
        payout.invalidate_recordset()
        return payout

    def pay(self, run, method="cash", **vals):
        payout = self.confirm(self.prepare(run, method, **vals))
        if method == "cash":
            payout.with_user(self.clerk).action_settle_all()
        payout.action_post()
        return payout

    def share_of(self, run, membership):
        return run.share_ids.filtered(lambda share: share.membership_id == membership)

    def amounts(self, run):
        """{number: (paid, open)}"""
        run.share_ids.invalidate_recordset()
        return {share.number: (share.paid_amount, share.open_amount) for share in run.share_ids}

    def lines(self, payout):
        return {line.number: line for line in payout.line_ids}

    def items(self, move):
        """{(account, partner): balance} of an entry."""
        balances = {}
        for item in move.line_ids:
            key = item.account_id, item.partner_id
            balances[key] = balances.get(key, 0) + item.balance
        return balances

    def assert_ties(self, day=FOREVER):
        difference = self.env["kmp.shu.share"]._get_payable_difference(self.company, day)
        self.assertEqual(difference, Decimal(0))

    def set_up_tax(self, run, percent=10):
        """Withhold tax: the amounts stand on the shares, where the engine puts them."""
        self.company.shu_tax_account_id = self._create_account("206900", "Tax", "liability_current")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kmp_shu_share SET tax_amount = FLOOR(amount * %s / 100) WHERE run_id = %s",
            [percent, run.id],
        )
        self.env["kmp.shu.share"].invalidate_model()

    def set_up_bank_accounts(self, *memberships):
        return self.env["res.partner.bank"].create(
            [
                {"partner_id": membership.partner_id.id, "acc_number": f"00-{membership.number}"}
                for membership in memberships
            ]
        )

    def decease(self, membership):
        self.env["kmp.membership.step.wizard"].with_user(self.officer).create(
            {
                "kind": "decease",
                "membership_ids": [Command.set(membership.ids)],
                "date": "2026-02-01",
            }
        ).action_confirm()
