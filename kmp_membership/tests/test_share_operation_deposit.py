from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestShareOperationDeposit(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")
        cls.shu = cls._create_account("210800", "Utang SHU", "liability_current")
        cls.wages = cls._create_account("210700", "Potongan Gaji", "liability_current")

    def _deposit(self, method, amount=30, **vals):
        operation = self.env["kmp.share.operation"].with_user(self.clerk)
        vals |= {"membership_id": self.member.id, "share_type_id": self.pokok.id}
        return operation.create(
            {"method": method, "amount": amount, "date": date(2025, 3, 1), **vals}
        ).with_user(self.officer)

    def _owe(self, account, amount, partner=None):
        move = self._create_entry(account, partner or self.member.partner_id, amount, date(2025, 2, 1))
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == account)

    def _balances(self, operation):
        return {
            (line.account_id.name, line.partner_id.name, line.balance)
            for line in operation.sudo().move_id.line_ids
        }

    def test_out_of_wages(self):
        self.company.kmp_payroll_account_id = self.wages
        deposit = self._deposit("payroll")
        self.assertEqual(deposit.journal_id, self.misc_journal)
        deposit.action_post()
        self.assertEqual(
            self._balances(deposit), {("Potongan Gaji", "Budi", 30), ("Simpanan Pokok", "Budi", -30)}
        )

    def test_out_of_wages_is_matched_with_what_payroll_kept_back(self):
        self.wages.reconcile = True
        self.company.kmp_payroll_account_id = self.wages
        kept_back = self._owe(self.wages, 50)
        self._deposit("payroll").action_post()
        self.assertEqual(kept_back.amount_residual, -20)

    def test_an_account_must_be_known(self):
        for method in ("payroll", "surplus", "other"):
            with self.assertRaisesRegex(UserError, "choose the account out of which it is paid"):
                self._deposit(method).action_post()

    def test_out_of_surplus_and_back(self):
        self.shu.reconcile = True
        owed = self._owe(self.shu, 100)
        deposit = self._deposit("surplus", counterpart_account_id=self.shu.id)
        deposit.action_post()
        self.assertEqual(
            self._balances(deposit), {("Utang SHU", "Budi", 30), ("Simpanan Pokok", "Budi", -30)}
        )
        self.assertEqual(owed.amount_residual, -70)
        deposit._reverse(date(2025, 3, 2), "No consent")
        self.assertEqual(self._ledger_balance(self.shu, self.member.partner_id), 100)
        self.assertEqual(self._ledger_balance(self.pokok_account, self.member.partner_id), 0)

    def test_never_more_than_the_surplus_that_is_owed(self):
        self._owe(self.shu, 100)
        self._owe(self.shu, 1000, self._create_member("Siti", "B-2").partner_id)
        with self.assertRaisesRegex(UserError, "owes B-1 Budi .*100.00 on"), self.cr.savepoint():
            self._deposit("surplus", 101, counterpart_account_id=self.shu.id).action_post()
        both = self._deposit("surplus", 60, counterpart_account_id=self.shu.id)
        self._deposit("surplus", 60, counterpart_account_id=self.shu.id).action_post()
        with self.assertRaisesRegex(UserError, "40.00 on"), self.cr.savepoint():
            both.action_post()

    def test_the_form_moves_to_a_journal_that_fits(self):
        form = Form(self.env["kmp.share.operation"].with_user(self.clerk))
        form.membership_id = self.member
        form.share_type_id = self.pokok
        form.amount = 10
        self.assertEqual(form.journal_id, self.cash_journal)
        form.method = "payroll"
        self.assertEqual(form.journal_id, self.misc_journal)
        form.method = "money"
        self.assertEqual(form.journal_id, self.cash_journal)
