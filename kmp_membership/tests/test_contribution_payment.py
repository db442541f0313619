from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .contribution_common import ContributionCase


@tagged("post_install", "-at_install")
class TestContributionPayment(ContributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.siti = cls._create_member("Siti", "B-2", cls.consumers)
        cls.january = cls._bill(1)
        cls.due = cls.january.line_ids.filtered(lambda line: line.membership_id == cls.budi)

    def _transfers(self, line=None):
        return self.env["kmp.contribution.transfer"].search([("line_id", "in", (line or self.due).ids)])

    def _wizard(self, members, **vals):
        return (
            self.env["kmp.contribution.payment"]
            .with_user(self.officer)
            .create({"membership_ids": [Command.set(members.ids)], "date": date(2025, 2, 10), **vals})
        )

    def test_paid_in_full(self):
        self._match(self._pay(self.budi, 50000), self.due)
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 9)), 0)
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 10)), 50000)
        self.assertEqual(self._balance(self.called), -50000)  # of Siti
        move = self._transfers().move_id
        self.assertRecordValues(
            move.line_ids.sorted("id"),
            [
                {
                    "account_id": self.called.id,
                    "partner_id": False,
                    "balance": 50000,
                    "name": "Simpanan Wajib",
                },
                {
                    "account_id": self.wajib_account.id,
                    "partner_id": self.budi.partner_id.id,
                    "balance": -50000,
                    "name": "Simpanan Wajib, January 2025",
                },
            ],
        )
        self.assertEqual(
            (move.state, move.date, move.kmp_dues_kind), ("posted", date(2025, 2, 10), "transfer")
        )
        self.assertEqual(
            (self.due.amount_open, self.due.status, self.january.amount_paid), (0, "paid", 50000)
        )
        self._check_invariants()

    def test_partial_payments(self):
        for amount, held in ((10000, 10000), (15000.5, 25000.5), (24999.5, 50000)):
            self._match(self._pay(self.budi, amount), self.due)
            self.assertEqual(float(self._holding(self.budi)), held)
            self.assertEqual(self.due.amount_open, 50000 - held)
            self._check_invariants()
        self.assertEqual(len(self._transfers()), 3)

    def test_overpayment_waits_as_credit(self):
        payment = self._pay(self.budi, 70000)
        self._match(payment, self.due)
        self.assertEqual(self._holding(self.budi), 50000)
        self.assertEqual(payment.amount_residual, -20000)
        february = self._bill(2)
        self.assertEqual(self._holding(self.budi), 50000)
        self.budi.with_user(self.officer)._match_dues_credits()
        # The credit has been there since 10 February, the February dues since the 1st: capital on the day of the payment.
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 10)), 70000)
        self.assertEqual(
            february.line_ids.filtered(lambda line: line.membership_id == self.budi).amount_open, 30000
        )
        self._check_invariants()

    def test_credit_from_before_the_billing_counts_from_the_billing(self):
        payment = self._pay(self.siti, 60000, date(2024, 12, 20))
        self._match(payment, self.january.line_ids - self.due)
        self.assertEqual(self._holding(self.siti, day=date(2024, 12, 31)), 0)
        self.assertEqual(self._holding(self.siti, day=date(2025, 1, 1)), 50000)
        self._check_invariants()

    def test_match_credits_without_credit(self):
        with self.assertRaisesRegex(UserError, "No payment is waiting"), self.cr.savepoint():
            self.budi.with_user(self.officer)._match_dues_credits()
        with self.assertRaises(AccessError):
            self.budi.with_user(self.clerk)._match_dues_credits()

    def test_undone_once(self):
        payment = self._pay(self.budi, 20000)
        self._match(payment, self.due)
        transfer = self._transfers()
        payment.with_user(self.accountant).remove_move_reconcile()
        self.assertEqual(self._holding(self.budi), 0)
        self.assertEqual(self._balance(self.called), -100000)
        self.assertEqual(transfer.reversal_move_id.date, date(2025, 2, 10))
        self._check_invariants()
        self.env["kmp.contribution.transfer"]._sync(moves=payment.move_id)
        transfer._undo()
        self.assertEqual(self.env["account.move"].search_count([("kmp_dues_kind", "=", "transfer")]), 2)
        self._match(payment, self.due)
        self.assertEqual(self._holding(self.budi), 20000)
        self._check_invariants()

    def test_undo_one_of_many(self):
        first, second = self._pay(self.budi, 10000), self._pay(self.siti, 50000)
        (first | self.due.sudo().move_line_id).with_user(self.accountant).reconcile()
        (second | (self.january.line_ids - self.due).sudo().move_line_id).with_user(
            self.accountant
        ).reconcile()
        second.with_user(self.accountant).remove_move_reconcile()
        self.assertEqual((self._holding(self.budi), self._holding(self.siti)), (10000, 0))
        self._check_invariants()

    def test_one_entry_per_batch(self):
        february = self._bill(2)
        payments = [(self._pay(member, 100000), member) for member in (self.budi, self.siti)]
        lines = self.january.line_ids | february.line_ids
        plan = [
            payment
            | lines.filtered(lambda line, member=member: line.membership_id == member).sudo().move_line_id
            for payment, member in payments
        ]
        self.env["account.move.line"].with_user(self.accountant)._reconcile_plan(plan)
        transfers = self._transfers(lines)
        self.assertEqual((len(transfers), len(transfers.move_id)), (4, 1))
        self.assertEqual(
            (self._holding(self.budi), self._holding(self.siti), self._balance(self.called)),
            (100000, 100000, 0),
        )
        self._check_invariants()

    def test_payments_of_two_days_at_once(self):
        first, second = (
            self._pay(self.budi, 10000, date(2025, 2, 1)),
            self._pay(self.budi, 10000, date(2025, 3, 1)),
        )
        (first | second | self.due.sudo().move_line_id).with_user(self.accountant).reconcile()
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 28)), 10000)
        self.assertEqual(self._holding(self.budi, day=date(2025, 3, 1)), 20000)
        self._check_invariants()

    def test_oldest_due_date_first_then_the_smaller(self):
        """One payment over several dues and share types: Odoo's order, in any case each share type gets its own."""
        self._create_terms(self.pokok, amount=20000, frequency="once", date_from=date(2025, 1, 1))
        february = self._bill(2)
        lines = (self.january + february).line_ids.filtered(lambda line: line.membership_id == self.budi)
        self._match(self._pay(self.budi, 80000), lines)
        self.assertEqual(self._holding(self.budi, self.pokok), 20000)
        self.assertEqual(self._holding(self.budi, self.wajib), 60000)
        self.assertEqual(self.due.amount_open, 0)
        self._check_invariants()

    def test_offset_by_journal_entry(self):
        payable = self._create_account("210009", "SHU belum dibayar", "liability_current")
        entry = self._create_entry(self.receivable, self.budi.partner_id, 30000, counterpart=payable)
        entry.action_post()
        self._match(entry.line_ids.filtered(lambda item: item.account_id == self.receivable), self.due)
        self.assertEqual(self._holding(self.budi, day=date(2025, 3, 1)), 30000)
        self._check_invariants()

    def test_paid_by_somebody_else(self):
        """A parent pays for a child: the capital is that of the member whose dues are paid."""
        self._match(self._pay(self.siti, 50000), self.due)
        self.assertEqual((self._holding(self.budi), self._holding(self.siti)), (50000, 0))

    def test_bank_statement_line(self):
        bank = self.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BNK9",
                "type": "bank",
                "company_id": self.company.id,
                "suspense_account_id": self._create_account("110009", "Suspense", "asset_current").id,
                "default_account_id": self._create_account("110008", "Bank", "asset_cash").id,
            }
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "amount": 50000,
                "date": date(2025, 2, 12),
                "payment_ref": "Budi",
                "partner_id": self.budi.partner_id.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.receivable
        self._match(suspense, self.due)
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 12)), 50000)
        self._check_invariants()
        line.action_undo_reconciliation()
        self.assertEqual(self._holding(self.budi), 0)
        self._check_invariants()

    def test_payment_document(self):
        outstanding = self._create_account("110007", "Outstanding", "asset_current")
        self.cash_journal.inbound_payment_method_line_ids.payment_account_id = outstanding
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.budi.partner_id.id,
                "amount": 50000,
                "date": date(2025, 2, 14),
                "journal_id": self.cash_journal.id,
                "destination_account_id": self.receivable.id,
            }
        )
        payment.action_post()
        self._match(
            payment.move_id.line_ids.filtered(lambda item: item.account_id == self.receivable), self.due
        )
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 14)), 50000)
        payment.action_draft()
        self.assertEqual(self._holding(self.budi), 0)
        self.assertEqual(self._balance(self.called), -100000)
        payment.action_post()
        held = self._holding(self.budi)
        self.assertEqual(self._balance(self.called), -100000 + held)

    def test_payment_set_back_to_draft_and_dated_anew(self):
        payment = self._pay(self.budi, 50000)
        self._match(payment, self.due)
        payment.move_id.with_user(self.accountant).button_draft()
        self.assertEqual((self._holding(self.budi), self._balance(self.called)), (0, -100000))
        payment.move_id.date = date(2025, 2, 20)
        payment.move_id.with_user(self.accountant).action_post()
        if payment.matched_debit_ids:  # Odoo keeps the matching of a draft
            self.assertEqual(self._holding(self.budi, day=date(2025, 2, 19)), 0)
            self.assertEqual(self._holding(self.budi, day=date(2025, 2, 20)), 50000)
        self._check_invariants()

    def test_matching_a_locked_day_is_refused(self):
        payment = self._pay(self.budi, 50000)
        self.company.sudo().fiscalyear_lock_date = date(2025, 2, 10)
        with self.assertRaisesRegex(UserError, "02/10/2025 lies in a locked period"), self.cr.savepoint():
            self._match(payment, self.due)
        self.company.sudo().fiscalyear_lock_date = False
        self._match(payment, self.due)
        self.company.sudo().fiscalyear_lock_date = date(2025, 2, 10)
        with self.assertRaisesRegex(UserError, "locked period"), self.cr.savepoint():
            payment.with_user(self.accountant).remove_move_reconcile()

    def test_undo_refused_when_paid_out_since(self):
        payment = self._pay(self.budi, 50000)
        self._match(payment, self.due)
        self._create_entry(self.wajib_account, self.budi.partner_id, -50000).action_post()
        with self.assertRaisesRegex(UserError, "cannot be undone: B-1 Budi would hold"), self.cr.savepoint():
            payment.with_user(self.accountant).remove_move_reconcile()

    def test_transfer_entries_stay(self):
        self._match(self._pay(self.budi, 50000), self.due)
        move = self._transfers().move_id.with_user(self.accountant)
        for method in ("button_draft", "button_cancel", "_reverse_moves"):
            with (
                self.subTest(method),
                self.assertRaisesRegex(UserError, "Undo the matching"),
                self.cr.savepoint(),
            ):
                getattr(move, method)()
        with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
            self.due.sudo().move_line_id.matched_credit_ids.with_user(self.accountant).write({"amount": 1})

    # ---------------------------------------------------------------- at the counter

    def test_officer_takes_a_payment(self):
        wizard = self._wizard(self.budi)
        self.assertRecordValues(
            wizard, [{"amount_open": 50000, "amount": 50000, "journal_id": self.cash_journal.id}]
        )
        wizard.action_confirm()
        self.assertEqual(self._holding(self.budi, day=date(2025, 2, 10)), 50000)
        self.assertEqual(self._balance(self.cash), 50000)
        self.assertEqual(self.budi.dues_open, 0)
        with self.assertRaisesRegex(UserError, "nothing to pay"), self.cr.savepoint():
            self._wizard(self.budi).action_confirm()
        self._check_invariants()

    def test_form_of_a_payment(self):
        """The dialog as the browser opens it: nothing is saved yet, and what is open is there."""
        action = self.budi.with_user(self.officer).action_pay_dues()
        model = self.env["kmp.contribution.payment"].with_user(self.officer).with_context(**action["context"])
        with Form(model) as form:
            self.assertEqual(
                (form.amount_open, form.amount, form.journal_id), (50000, 50000, self.cash_journal)
            )
            form.amount = 20000
            form.date = date(2025, 2, 10)
        form.record.action_confirm()
        self.assertEqual(
            (self._holding(self.budi), self.due.status, self.due.amount_open), (20000, "partial", 30000)
        )

    def test_counter_goes_by_due_date_then_share_type(self):
        """On one due date the share type that stands first is paid first, although it is the larger."""
        self.wajib.sequence = 20
        self.pokok.sequence = 10
        self._create_terms(self.pokok, amount=200000, frequency="once", date_from=date(2025, 1, 1))
        february = self._bill(2)
        self._wizard(self.budi, amount=150000).action_confirm()
        self.assertEqual(self._holding(self.budi, self.wajib), 50000)  # January
        self.assertEqual(self._holding(self.budi, self.pokok), 100000)
        line = february.line_ids.filtered(
            lambda line: line.membership_id == self.budi and line.share_type_id == self.wajib
        )
        self.assertEqual(line.amount_open, 50000)
        self._check_invariants()

    def test_counter_several_members_and_too_much(self):
        with self.assertRaisesRegex(UserError, "Several members pay all"), self.cr.savepoint():
            self._wizard(self.budi | self.siti, amount=1).action_confirm()
        self._wizard(self.budi | self.siti).action_confirm()
        self.assertEqual((self._holding(self.budi), self._holding(self.siti)), (50000, 50000))
        self._wizard(self.budi, amount=7000).action_confirm()
        self.assertEqual(self._holding(self.budi), 50000)
        self.assertEqual(self._balance(self.receivable), -7000)
        self._check_invariants()

    def test_counter_refused(self):
        for user in (self.clerk, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                self.budi.with_user(user).action_pay_dues()
        self.company.sudo().fiscalyear_lock_date = date(2025, 2, 10)
        with (
            self.assertRaisesRegex(UserError, "B-1 Budi: 02/10/2025 lies in a locked period"),
            self.cr.savepoint(),
        ):
            self._wizard(self.budi).action_confirm()
        self.assertEqual(self._balance(self.cash), 0)
        wizard = self._wizard(self.budi)
        self.cash_journal.default_account_id = False
        with self.assertRaisesRegex(UserError, "no default account"), self.cr.savepoint():
            wizard.action_confirm()

    def test_new_account_for_new_runs_only(self):
        """Dues that were billed on the old accounts are paid on them."""
        receivable = self._create_account("120011", "Piutang baru", "asset_receivable")
        called = self._create_account("120012", "Belum disetor baru", "asset_current")
        self.company.write(
            {"kmp_dues_receivable_account_id": receivable.id, "kmp_dues_called_account_id": called.id}
        )
        self._bill(2)
        self._wizard(self.budi).action_confirm()
        self.assertEqual(self._holding(self.budi), 100000)
        self.assertEqual((self._balance(self.receivable), self._balance(self.called)), (50000, -50000))
        self.assertEqual((self._balance(receivable), self._balance(called)), (50000, -50000))
