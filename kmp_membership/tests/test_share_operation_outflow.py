from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MembershipCase

END = date(2099, 12, 31)


class OutflowCase(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payable = cls._create_account("210900", "Utang", "liability_payable")
        cls.receivable = cls._create_account("110900", "Piutang", "asset_receivable")
        cls.reserve = cls._create_account("320001", "Cadangan", "equity")
        cls.company.kmp_loss_account_id = cls.reserve
        cls.penyertaan_account = cls._create_account("310005", "Modal Penyertaan", "equity")
        cls.penyertaan = cls._create_share_type(
            "MP", "Modal Penyertaan", "participation", cls.penyertaan_account
        )
        cls.member = cls._create_member("Budi", "B-1")
        cls.member.partner_id.with_company(cls.company).write(
            {
                "property_account_payable_id": cls.payable.id,
                "property_account_receivable_id": cls.receivable.id,
            }
        )

    def _pay_in(self, share_type, amount, day=date(2025, 2, 1)):
        self._create_deposit(self.member, amount, share_type, day).action_post()

    def _leave(self, day=date(2025, 9, 1)):
        self.member.with_user(self.officer)._apply_step("resign", day, reason="moves away")

    def _enter(self, kind, amount, share_type, day=date(2025, 10, 1), **vals):
        """A clerk enters, an officer will post."""
        operation = self.env["kmp.share.operation"].with_user(self.clerk)
        return operation.create(
            {
                "kind": kind,
                "membership_id": self.member.id,
                "share_type_id": share_type.id,
                "amount": amount,
                "date": day,
                **vals,
            }
        ).with_user(self.officer)

    def _held(self, share_type, day=END):
        return share_type._get_holdings(day).get((self.member.partner_id.id, share_type.id), Decimal())

    def _assert_entry(self, move, *expected):
        lines = {(line.account_id.name, line.balance) for line in move.sudo().line_ids}
        self.assertEqual(lines, set(expected))


@tagged("post_install", "-at_install")
class TestWithdrawal(OutflowCase):
    def test_withdrawal_of_savings(self):
        self._pay_in(self.sukarela, 100)
        withdrawal = self._enter("withdrawal", 40, self.sukarela)
        self.assertEqual((withdrawal.journal_id, withdrawal.holding), (self.cash_journal, 100))
        withdrawal.action_post()
        self._assert_entry(withdrawal.move_id, ("Simpanan Sukarela", 40), ("Kas", -40))
        self.assertEqual(self._held(self.sukarela), 60)

    def test_capital_is_not_withdrawn(self):
        self._pay_in(self.pokok, 100)
        with self.assertRaisesRegex(UserError, "is capital, not savings"):
            self._enter("withdrawal", 40, self.pokok).action_post()

    def test_more_than_the_balance_is_refused(self):
        self._pay_in(self.sukarela, 100)
        withdrawal = self._enter("withdrawal", 100.01, self.sukarela)
        with self.assertRaisesRegex(UserError, "B-1 Budi would hold"), self.env.cr.savepoint():
            withdrawal.action_post()
        self.assertEqual(withdrawal.state, "draft")
        self.assertEqual(self._held(self.sukarela), 100)
        withdrawal.amount = 100
        withdrawal.action_post()
        self.assertEqual(self._held(self.sukarela), 0)

    def test_two_in_one_batch_are_added_up(self):
        self._pay_in(self.sukarela, 100)
        batch = self._enter("withdrawal", 60, self.sukarela) | self._enter("withdrawal", 60, self.sukarela)
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            batch.action_post()
        self.assertEqual(self._held(self.sukarela), 100)

    def test_what_is_paid_in_later_cannot_be_taken_out_before(self):
        self._pay_in(self.sukarela, 100, date(2025, 11, 1))
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            self._enter("withdrawal", 40, self.sukarela, date(2025, 10, 1)).action_post()

    def test_what_is_taken_out_later_is_not_there_any_more(self):
        self._pay_in(self.sukarela, 100)
        self._enter("withdrawal", 80, self.sukarela, date(2025, 11, 1)).action_post()
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            self._enter("withdrawal", 40, self.sukarela, date(2025, 10, 1)).action_post()

    def test_reversal_gives_it_back(self):
        self._pay_in(self.sukarela, 100)
        withdrawal = self._enter("withdrawal", 100, self.sukarela)
        withdrawal.action_post()
        withdrawal._reverse(date(2025, 10, 2), "wrong")
        self.assertEqual(self._held(self.sukarela), 100)

    def test_deposit_taken_out_cannot_be_reversed(self):
        deposit = self._create_deposit(self.member, 100, self.sukarela).with_user(self.officer)
        deposit.action_post()
        self._enter("withdrawal", 1, self.sukarela).action_post()
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            deposit._reverse(date(2025, 10, 2))

    def test_lock_up_is_first_in_first_out(self):
        self.sukarela.lock_up_months = 6
        self._pay_in(self.sukarela, 100, date(2025, 1, 10))
        self._pay_in(self.sukarela, 50, date(2025, 6, 1))
        with self.assertRaisesRegex(UserError, "0.00 of Simpanan Sukarela is out of the lock-up of 6 months"):
            self._enter("withdrawal", 1, self.sukarela, date(2025, 7, 9)).action_post()
        self._enter("withdrawal", 70, self.sukarela, date(2025, 7, 10)).action_post()
        with self.assertRaisesRegex(UserError, "30.00 of Simpanan Sukarela"):
            self._enter("withdrawal", 31, self.sukarela, date(2025, 7, 11)).action_post()
        self._enter("withdrawal", 80, self.sukarela, date(2025, 12, 1)).action_post()

    def test_reversed_withdrawal_does_not_lock_again(self):
        self.sukarela.lock_up_months = 6
        self._pay_in(self.sukarela, 100, date(2025, 1, 10))
        withdrawal = self._enter("withdrawal", 70, self.sukarela, date(2025, 8, 1))
        withdrawal.action_post()
        withdrawal._reverse(date(2025, 8, 2))
        self._enter("withdrawal", 100, self.sukarela, date(2025, 8, 3)).action_post()

    def test_notice(self):
        self.sukarela.notice_months = 2
        self._pay_in(self.sukarela, 100)
        withdrawal = self._enter("withdrawal", 10, self.sukarela, date(2025, 10, 1))
        with self.assertRaisesRegex(UserError, "Enter the day on which the member asked"):
            withdrawal.action_post()
        withdrawal.notice_date = date(2025, 8, 2)
        with self.assertRaisesRegex(UserError, "can be paid back from 10/02/2025"):
            withdrawal.action_post()
        withdrawal.notice_date = date(2025, 8, 1)
        withdrawal.action_post()
        self.assertEqual(withdrawal.state, "posted")


@tagged("post_install", "-at_install")
class TestRedemption(OutflowCase):
    def test_on_exit_only(self):
        self._pay_in(self.pokok, 100)
        redemption = self._enter("redemption", 100, self.pokok)
        self.assertEqual(redemption.journal_id, self.misc_journal)
        with self.assertRaisesRegex(
            UserError, "Simpanan Pokok is paid back when the member leaves. Member B-1 Budi is Active"
        ):
            redemption.action_post()
        self._leave(date(2025, 10, 2))
        with self.assertRaisesRegex(UserError, "when the member leaves"):
            redemption.action_post()
        redemption.date = date(2025, 10, 2)
        redemption.action_post()
        self._assert_entry(redemption.move_id, ("Simpanan Pokok", 100), ("Utang", -100))
        self.assertEqual((self._held(self.pokok), redemption.amount_due), (0, 100))

    def test_never(self):
        self.pokok.redemption = "never"
        self._pay_in(self.pokok, 100)
        self._leave()
        with self.assertRaisesRegex(UserError, "is never paid back"):
            self._enter("redemption", 100, self.pokok).action_post()

    def test_participation_capital_while_a_member(self):
        self._pay_in(self.penyertaan, 100)
        self._enter("redemption", 100, self.penyertaan).action_post()
        self.assertEqual(self._held(self.penyertaan), 0)

    def test_more_than_the_balance_is_refused(self):
        self._pay_in(self.pokok, 100)
        self._leave()
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            self._enter("redemption", 101, self.pokok).action_post()

    def test_loss_is_credited_to_the_reserve(self):
        self._pay_in(self.pokok, 100)
        self._leave()
        redemption = self._enter("redemption", 100, self.pokok, loss_amount=15, resolution="RAT 3/2025")
        redemption.action_post()
        self._assert_entry(redemption.move_id, ("Simpanan Pokok", 100), ("Cadangan", -15), ("Utang", -85))
        self.assertEqual(redemption.amount_due, 85)

    def test_loss_needs_an_account(self):
        self.company.kmp_loss_account_id = False
        self._pay_in(self.pokok, 100)
        self._leave()
        with self.assertRaisesRegex(UserError, "Choose the account for losses"):
            self._enter("redemption", 100, self.pokok, loss_amount=15).action_post()

    @mute_logger("odoo.sql_db")
    def test_loss_is_part_of_the_amount(self):
        for loss in (-1, 101):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._enter("redemption", 100, self.pokok, loss_amount=loss)

    def _owe(self, amount, day):
        move = self._create_entry(self.receivable, self.member.partner_id, -amount, day)
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == self.receivable)

    def test_debts_are_offset_the_oldest_first(self):
        first, second = self._owe(30, date(2025, 3, 1)), self._owe(90, date(2025, 4, 1))
        self._pay_in(self.pokok, 100)
        self._leave()
        redemption = self._enter("redemption", 100, self.pokok)
        redemption.action_post()
        self._assert_entry(redemption.move_id, ("Simpanan Pokok", 100), ("Piutang", -100))
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 20))
        self.assertEqual(redemption.amount_due, 0)

    def test_debts_are_offset_after_the_loss(self):
        debt = self._owe(30, date(2025, 3, 1))
        self._pay_in(self.pokok, 100)
        self._leave()
        redemption = self._enter("redemption", 100, self.pokok, loss_amount=50, resolution="x")
        redemption.action_post()
        self._assert_entry(
            redemption.move_id, ("Simpanan Pokok", 100), ("Cadangan", -50), ("Piutang", -30), ("Utang", -20)
        )
        self.assertTrue(debt.reconciled)

    def test_dues_are_not_collected_out_of_shares(self):
        """Matched, they would become new shares of somebody who has left."""
        dues = self._create_account("110950", "Piutang Iuran", "asset_receivable")
        move = self._create_entry(dues, self.member.partner_id, -30, date(2025, 3, 1))
        move.action_post()
        self.company.kmp_dues_receivable_account_id = dues
        debt = self._owe(20, date(2025, 4, 1))
        self._pay_in(self.pokok, 100)
        self._leave()
        redemption = self._enter("redemption", 100, self.pokok)
        redemption.action_post()
        self._assert_entry(redemption.move_id, ("Simpanan Pokok", 100), ("Piutang", -20), ("Utang", -80))
        self.assertTrue(debt.reconciled)

    def test_debts_stay_when_the_officer_says_so(self):
        debt = self._owe(30, date(2025, 3, 1))
        self._pay_in(self.pokok, 100)
        self._leave()
        redemption = self._enter("redemption", 100, self.pokok, offset_debts=False)
        redemption.action_post()
        self._assert_entry(redemption.move_id, ("Simpanan Pokok", 100), ("Utang", -100))
        self.assertEqual(debt.amount_residual, 30)

    def test_heirs_are_paid(self):
        heir = self.env["res.partner"].create({"name": "Heir"})
        heir.with_company(self.company).property_account_payable_id = self.payable
        self._pay_in(self.pokok, 100)
        self.member.with_user(self.officer)._apply_step("decease", date(2025, 9, 1))
        redemption = self._enter("redemption", 100, self.pokok, beneficiary_id=heir.id)
        redemption.action_post()
        debt = redemption.sudo().move_id.line_ids.filtered(lambda line: line.account_id == self.payable)
        self.assertEqual((debt.partner_id, debt.credit), (heir, 100))
        redemption._pay(date(2025, 10, 5), self.cash_journal)
        self.assertTrue(debt.reconciled)
        self.assertEqual((self._held(self.pokok), redemption.amount_due), (0, 0))

    def test_the_heir_of_the_member_is_proposed(self):
        heir = self.env["res.partner"].create({"name": "Heir"})
        self.member.with_user(self.clerk).heir_id = heir
        self._pay_in(self.pokok, 100)
        self.assertFalse(self._enter("redemption", 100, self.pokok).beneficiary_id)
        self.member.with_user(self.officer)._apply_step("decease", date(2025, 9, 1))
        self.assertEqual(self._enter("redemption", 100, self.pokok).beneficiary_id, heir)
        self.assertFalse(self._enter("deposit", 100, self.pokok).beneficiary_id)

    def test_nobody_else_is_paid(self):
        other = self.env["res.partner"].create({"name": "Other"})
        other.with_company(self.company).property_account_payable_id = self.payable
        self._pay_in(self.pokok, 100)
        self._leave()
        with self.assertRaisesRegex(UserError, "only when the member has died"):
            self._enter("redemption", 100, self.pokok, beneficiary_id=other.id).action_post()

    def test_the_page_of_who_left_proposes_what_is_still_held(self):
        self._pay_in(self.pokok, 100)
        self._leave()
        context = self.member.with_user(self.clerk).action_new_redemption()["context"]
        form = Form(self.env["kmp.share.operation"].with_user(self.clerk).with_context(**context))
        self.assertEqual((form.kind, form.share_type_id, form.amount), ("redemption", self.pokok, 100))
        for user in (self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                self.member.with_user(user).action_new_redemption()

    def _redeem(self):
        self._pay_in(self.pokok, 100)
        self._leave()
        redemption = self._enter("redemption", 100, self.pokok)
        redemption.action_post()
        return redemption

    def test_payment(self):
        redemption = self._redeem()
        wizard = Form(
            self.env["kmp.share.operation.payment"]
            .with_user(self.officer)
            .with_context(**redemption.action_pay()["context"])
        )
        wizard.date = date(2025, 10, 5)
        wizard.save().action_confirm()
        self._assert_entry(redemption.payment_move_id, ("Utang", 100), ("Kas", -100))
        self.assertTrue(redemption.is_paid)
        self.assertEqual(redemption.amount_due, 0)
        with self.assertRaisesRegex(UserError, "nothing is to be paid"):
            redemption._pay(date(2025, 10, 6), self.cash_journal)
        with self.assertRaisesRegex(UserError, "has been paid out"):
            redemption._reverse(date(2025, 10, 6))
        with self.assertRaisesRegex(UserError, "belongs to"):
            redemption.sudo().payment_move_id.button_draft()

    def test_undone_payment_is_due_again(self):
        redemption = self._redeem()
        redemption._pay(date(2025, 10, 5), self.cash_journal)
        redemption.action_undo_payment()
        redemption.invalidate_recordset()
        self.assertEqual((redemption.amount_due, redemption.is_paid), (100, False))
        redemption._reverse(date(2025, 10, 6))
        self.assertEqual(self._held(self.pokok), 100)

    def test_payment_not_before_nor_in_a_locked_period(self):
        redemption = self._redeem()
        with self.assertRaisesRegex(UserError, "cannot be paid before"):
            redemption._pay(date(2025, 9, 30), self.cash_journal)
        self.company.sudo().fiscalyear_lock_date = date(2025, 10, 31)
        with self.assertRaisesRegex(UserError, "locked period"):
            redemption._pay(date(2025, 10, 5), self.cash_journal)

    def test_clerk_neither_posts_nor_pays(self):
        redemption = self._redeem()
        for call in (
            lambda: redemption.with_user(self.clerk)._pay(date(2025, 10, 5), self.cash_journal),
            redemption.with_user(self.clerk).action_pay,
            redemption.with_user(self.clerk).action_undo_payment,
            self._enter("redemption", 1, self.pokok).with_user(self.clerk).action_post,
        ):
            with self.assertRaises(AccessError):
                call()


@tagged("post_install", "-at_install")
class TestConversion(OutflowCase):
    def test_conversion_between_types_of_one_member(self):
        self._pay_in(self.sukarela, 100)
        conversion = self._enter("conversion", 40, self.sukarela, target_share_type_id=self.wajib.id)
        conversion.action_post()
        self._assert_entry(conversion.move_id, ("Simpanan Sukarela", 40), ("Simpanan Wajib", -40))
        self.assertEqual((self._held(self.sukarela), self._held(self.wajib)), (60, 40))
        conversion._reverse(date(2025, 10, 2))
        self.assertEqual((self._held(self.sukarela), self._held(self.wajib)), (100, 0))

    def test_more_than_the_balance_is_refused(self):
        self._pay_in(self.sukarela, 100)
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            self._enter("conversion", 101, self.sukarela, target_share_type_id=self.wajib.id).action_post()

    def test_it_is_no_way_round_the_terms_of_capital(self):
        self._pay_in(self.pokok, 100)
        with self.assertRaisesRegex(UserError, "when the member leaves"):
            self._enter("conversion", 10, self.pokok, target_share_type_id=self.sukarela.id).action_post()

    def test_former_member_does_not_convert(self):
        self._pay_in(self.sukarela, 100)
        self._leave()
        with self.assertRaisesRegex(UserError, "has left"):
            self._enter("conversion", 10, self.sukarela, target_share_type_id=self.wajib.id).action_post()

    def test_reversal_needs_the_amount_where_it_went(self):
        self._pay_in(self.wajib, 100)
        self.sukarela.redemption = "any_time"
        self.wajib.redemption = "any_time"
        conversion = self._enter("conversion", 40, self.wajib, target_share_type_id=self.sukarela.id)
        conversion.action_post()
        self._enter("withdrawal", 10, self.sukarela, date(2025, 10, 2)).action_post()
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            conversion._reverse(date(2025, 10, 3))

    @mute_logger("odoo.sql_db")
    def test_another_type_is_named(self):
        for vals in ({}, {"target_share_type_id": self.pokok.id}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._enter("conversion", 10, self.pokok, **vals)
