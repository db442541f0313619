from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestShareOperation(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")

    def _enter(self, amount=100000, **vals):
        """A clerk enters."""
        operation = self.env["kmp.share.operation"].with_user(self.clerk)
        return operation.create(
            {
                "membership_id": self.member.id,
                "share_type_id": self.pokok.id,
                "amount": amount,
                "date": date(2025, 2, 1),
                **vals,
            }
        ).with_user(self.officer)

    def _holding(self, share_type=None):
        share_type = share_type or self.pokok
        return share_type._get_holdings(date(2099, 12, 31)).get(
            (self.member.partner_id.id, share_type.id), Decimal()
        )

    def test_deposit(self):
        deposit = self._enter(memo="Kuitansi 12")
        self.assertRecordValues(
            deposit, [{"state": "draft", "name": False, "journal_id": self.cash_journal.id}]
        )
        self.assertEqual(self._holding(), 0)
        deposit.action_post()
        self.assertEqual(deposit.state, "posted")
        self.assertEqual(deposit.name, "SIM/2025/00001")
        move = deposit.sudo().move_id
        self.assertRecordValues(
            move, [{"state": "posted", "date": date(2025, 2, 1), "journal_id": self.cash_journal.id}]
        )
        partner = self.member.partner_id.id
        self.assertRecordValues(
            move.line_ids.sorted("balance"),
            [
                {
                    "account_id": self.pokok_account.id,
                    "partner_id": partner,
                    "debit": 0,
                    "credit": 100000,
                    "name": "Kuitansi 12",
                },
                {
                    "account_id": self.cash.id,
                    "partner_id": partner,
                    "debit": 100000,
                    "credit": 0,
                    "name": "Kuitansi 12",
                },
            ],
        )
        self.assertEqual(self._holding(), 100000)

    def test_posting_twice(self):
        deposit = self._enter()
        deposit.action_post()
        with self.assertRaisesRegex(UserError, "already posted"):
            deposit.action_post()
        self.assertEqual(self._holding(), 100000)

    def test_batch(self):
        deposits = self._enter(10) | self._enter(20) | self._enter(30, share_type_id=self.wajib.id)
        deposits.action_post()
        self.assertEqual(deposits.mapped("state"), ["posted"] * 3)
        self.assertEqual(
            sorted(deposits.mapped("name")), ["SIM/2025/00001", "SIM/2025/00002", "SIM/2025/00003"]
        )
        self.assertEqual((self._holding(), self._holding(self.wajib)), (30, 30))
        for deposit in deposits:
            self.assertEqual(sum(deposit.sudo().move_id.line_ids.mapped("credit")), deposit.amount)

    def test_locked_period_is_refused_before_posting(self):
        self.company.sudo().fiscalyear_lock_date = date(2025, 1, 31)
        deposit = self._enter(date=date(2025, 1, 31))
        with self.assertRaisesRegex(UserError, "B-1 Budi: 01/31/2025 lies in a locked period"):
            deposit.action_post()
        self.assertEqual(deposit.state, "draft")
        self.assertFalse(deposit.move_id)
        deposit.date = date(2025, 2, 1)
        deposit.action_post()
        self.assertEqual(deposit.sudo().move_id.date, date(2025, 2, 1))

    def test_hard_lock(self):
        self.company.sudo().hard_lock_date = date(2025, 1, 31)
        with self.assertRaisesRegex(UserError, "locked period"):
            self._enter(date=date(2025, 1, 31)).action_post()

    def test_clerk_does_not_post(self):
        deposit = self._enter()
        for user in (self.clerk, self.supervisor, self.auditor, self.accountant, self.outsider):
            with self.assertRaises(AccessError):
                deposit.with_user(user).action_post()
        self.assertEqual(deposit.state, "draft")

    def test_officer_of_another_company_does_not_post(self):
        deposit = self._enter()
        with self.assertRaisesRegex(AccessError, "company"):
            deposit.with_user(self.other_officer).with_context(
                allowed_company_ids=self.other_company.ids
            ).action_post()

    def test_former_member_does_not_pay_in(self):
        deposit = self._enter()
        self.member.with_user(self.officer)._apply_step("resign", date(2025, 3, 1))
        with self.assertRaisesRegex(UserError, "is Left and cannot pay in"):
            deposit.action_post()

    def test_applicant_pays_the_first_share(self):
        partner = self.env["res.partner"].create({"name": "New"})
        applicant = self.env["kmp.membership"].create({"partner_id": partner.id})
        deposit = self._enter(membership_id=applicant.id)
        deposit.action_post()
        self.assertEqual(applicant.paid_in_capital, 100000)

    def test_journal_without_account(self):
        journal = self.env["account.journal"].create(
            {"name": "Bank", "code": "BNK", "type": "bank", "company_id": self.company.id}
        )
        journal.default_account_id = False
        with self.assertRaisesRegex(UserError, "Bank has no default account"):
            self._enter(journal_id=journal.id).action_post()

    def test_reversal_is_exact_and_once(self):
        deposit = self._enter()
        deposit.action_post()
        deposit._reverse(date(2025, 3, 1), "wrong member")
        self.assertEqual(deposit.state, "reversed")
        self.assertEqual(self._holding(), 0)
        self.assertEqual(
            self.pokok._get_holdings(date(2025, 2, 28))[self.member.partner_id.id, self.pokok.id], 100000
        )
        reversal = deposit.sudo().reversal_move_id
        self.assertRecordValues(
            reversal,
            [{"state": "posted", "date": date(2025, 3, 1), "reversed_entry_id": deposit.sudo().move_id.id}],
        )
        with self.assertRaisesRegex(UserError, "already reversed"):
            deposit._reverse(date(2025, 3, 2))
        self.assertEqual(self._holding(), 0)

    def test_reversal_in_batch_pairs_the_entries(self):
        deposits = self._enter(10) | self._enter(20)
        deposits.action_post()
        deposits._reverse(date(2025, 3, 1))
        for deposit in deposits.sudo():
            self.assertEqual(deposit.reversal_move_id.reversed_entry_id, deposit.move_id)
            self.assertEqual(deposit.reversal_move_id.amount_total, deposit.amount)

    def test_reversal_wizard(self):
        deposit = self._enter()
        deposit.action_post()
        action = deposit.action_reverse()
        wizard = Form(
            self.env["kmp.share.operation.reversal"].with_user(self.officer).with_context(**action["context"])
        )
        wizard.date = date(2025, 3, 1)
        wizard.reason = "wrong member"
        wizard.save().action_confirm()
        self.assertEqual(deposit.state, "reversed")
        self.assertIn("wrong member", deposit.message_ids[0].body)

    def test_reversal_not_before_the_deposit_nor_in_a_locked_period(self):
        deposit = self._enter()
        deposit.action_post()
        with self.assertRaisesRegex(UserError, "cannot be reversed before"):
            deposit._reverse(date(2025, 1, 31))
        self.company.sudo().fiscalyear_lock_date = date(2025, 2, 28)
        with self.assertRaisesRegex(UserError, "locked period"):
            deposit._reverse(date(2025, 2, 15))
        self.assertEqual(deposit.state, "posted")

    def test_reversal_must_leave_something_to_hold(self):
        deposit = self._enter()
        deposit.action_post()
        self._create_entry(self.pokok_account, self.member.partner_id, -60000).action_post()
        with self.assertRaisesRegex(UserError, "would hold"), self.env.cr.savepoint():
            deposit._reverse(date(2025, 3, 1))
        self.assertEqual(deposit.state, "posted")
        self.assertEqual(self._holding(), 40000)

    def test_draft_is_not_reversed(self):
        with self.assertRaisesRegex(UserError, "is not posted"):
            self._enter()._reverse(date(2025, 3, 1))

    def test_clerk_does_not_reverse(self):
        deposit = self._enter()
        deposit.action_post()
        with self.assertRaises(AccessError):
            deposit.with_user(self.clerk)._reverse(date(2025, 3, 1))
        with self.assertRaises(AccessError):
            deposit.with_user(self.clerk).action_reverse()

    def test_posted_operation_does_not_change(self):
        deposit = self._enter()
        deposit.action_post()
        for vals in (
            {"amount": 1},
            {"date": "2025-01-01"},
            {"membership_id": self._create_member("X").id},
            {"memo": "x"},
        ):
            with self.assertRaisesRegex(UserError, "does not change"):
                deposit.write(vals)
        with self.assertRaisesRegex(UserError, "Reverse it instead"):
            deposit.unlink()

    def test_status_number_and_entry_are_not_written(self):
        deposit = self._enter()
        for vals in ({"state": "posted"}, {"name": "X"}, {"move_id": 1}, {"reversal_move_id": 1}):
            with self.assertRaisesRegex(UserError, "only by posting"):
                deposit.write(vals)
            with self.assertRaisesRegex(UserError, "only by posting"):
                deposit.with_context(kmp_seal=True).write(vals)
        with self.assertRaisesRegex(UserError, "begins as a draft"):
            self._enter(state="posted")

    @mute_logger("odoo.sql_db")
    def test_amount_is_above_zero(self):
        for amount in (0, -5):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._enter(amount)

    @mute_logger("odoo.sql_db")
    def test_postgresql_holds_state_and_entry_together(self):
        deposit = self._enter()
        self.env.flush_all()
        for change in ("state = 'posted'", "state = 'reversed'"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(f"UPDATE kmp_share_operation SET {change} WHERE id = {deposit.id}")  # noqa: S608

    def test_journal_of_the_company(self):
        bank = self.env["account.journal"].create(
            {"name": "B", "code": "B", "type": "bank", "company_id": self.company.id}
        )
        self.assertEqual(self._enter().journal_id, self.cash_journal)
        self.company.kmp_deposit_journal_id = bank
        self.assertEqual(self._enter().journal_id, bank)

    def test_share_type_of_another_company(self):
        account = self._create_account("310001", "Pokok", "equity", self.other_company)
        foreign = self._create_share_type("SP", "Pokok", "membership", account, self.other_company)
        with self.assertRaises(UserError):
            self._create_deposit(self.member, 10, foreign)

    def test_form(self):
        form = Form(
            self.env["kmp.share.operation"]
            .with_user(self.clerk)
            .with_context(**self.member.action_new_deposit()["context"])
        )
        form.share_type_id = self.wajib
        form.amount = 25000
        form.date = date(2025, 4, 1)
        deposit = form.save()
        self.assertRecordValues(
            deposit, [{"membership_id": self.member.id, "journal_id": self.cash_journal.id, "state": "draft"}]
        )
