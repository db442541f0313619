from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .contribution_common import TwoMembersCase


@tagged("post_install", "-at_install")
class TestContributionRun(TwoMembersCase):
    def test_prepare_and_bill(self):
        run = self._create_run()
        self.assertEqual(run.name, "Dues January 2025")
        self.assertRecordValues(
            run,
            [
                {
                    "state": "draft",
                    "line_count": 2,
                    "member_count": 2,
                    "amount_total": 100000,
                    "amount_paid": 0,
                    "move_count": 0,
                }
            ],
        )
        self.assertEqual(self._balance(self.receivable), 0)
        run.with_user(self.officer).action_bill()
        self.assertRecordValues(
            run,
            [{"state": "billed", "amount_open": 100000, "amount_paid": 0, "progress": 100, "move_count": 1}],
        )
        move = run.sudo().move_ids
        self.assertRecordValues(
            move,
            [
                {
                    "state": "posted",
                    "date": date(2025, 1, 1),
                    "journal_id": self.misc_journal.id,
                    "kmp_dues_kind": "bill",
                }
            ],
        )
        due = date(2025, 1, 15)
        label = "Simpanan Wajib, January 2025"
        self.assertRecordValues(
            move.line_ids.sorted("id"),
            [
                {
                    "account_id": self.receivable.id,
                    "partner_id": self.budi.partner_id.id,
                    "balance": 50000,
                    "date_maturity": due,
                    "name": label,
                },
                {
                    "account_id": self.receivable.id,
                    "partner_id": self.siti.partner_id.id,
                    "balance": 50000,
                    "date_maturity": due,
                    "name": label,
                },
                {
                    "account_id": self.called.id,
                    "partner_id": False,
                    "balance": -100000,
                    "date_maturity": False,
                    "name": "Simpanan Wajib",
                },
            ],
        )
        self.assertEqual(self._holding(self.budi), 0)  # called is not paid
        self._check_invariants()

    def test_twice_bills_nothing_new(self):
        self._bill()
        again = self._create_run()
        self.assertFalse(again.line_ids)
        self.assertEqual(again.skipped_note, "2 billed before")
        with self.assertRaisesRegex(UserError, "nothing to bill"), self.cr.savepoint():
            again.with_user(self.officer).action_bill()
        self._create_member("Tuti", "B-3")
        again.action_prepare()
        self.assertEqual(self._lines(again), {("B-3", "SW", date(2025, 1, 1)): 50000})
        again.with_user(self.officer).action_bill()
        self.assertEqual(self._balance(self.receivable), 150000)

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_billed_once(self):
        run = self._bill()
        line = run.line_ids[0]
        with self.assertRaisesRegex(IntegrityError, "billed_once"), self.cr.savepoint():
            self.env.execute_query(
                SQL(
                    """INSERT INTO kmp_contribution_line (run_id, company_id, membership_id, share_type_id, class_id, term_id,
                                                          period_from, period_to, date_due, amount, state)
                       SELECT run_id, company_id, membership_id, share_type_id, class_id, term_id, '2025-01-31', '2025-02-28',
                              date_due, amount, 'draft' FROM kmp_contribution_line WHERE id = %s RETURNING id""",
                    line.id,
                )
            )

    @mute_logger("odoo.sql_db")
    def test_two_drafts_of_one_period(self):
        self._create_run()
        second = self._create_run()
        self.assertEqual((second.line_count, second.skipped_note), (0, "2 billed before"))

    # ---------------------------------------------------------------- from draft to billed

    def test_what_was_seen_is_what_is_billed(self):
        run = self._create_run().with_user(self.officer)
        self.siti.with_user(self.officer)._apply_step("suspend", date(2025, 1, 5))
        with self.assertRaisesRegex(UserError, r"changed since it was prepared \(B-2 Siti"):
            run.action_bill()
        self.assertEqual((run.state, self._balance(self.receivable)), ("draft", 0))
        run.action_prepare()
        run.action_bill()
        self.assertEqual(run.amount_total, 50000)

    def test_a_changed_draft_is_prepared_again(self):
        run = self._create_run()
        run.date = date(2025, 1, 2)
        self.assertFalse(run.line_ids)

    def test_clerk_does_not_bill(self):
        run = self._create_run()
        for user in (self.clerk, self.supervisor, self.auditor, self.accountant, self.outsider):
            with self.assertRaises(AccessError):
                run.with_user(user).action_bill()
        for user in (self.supervisor, self.auditor, self.accountant, self.outsider):
            with self.assertRaises(AccessError):
                run.with_user(user).action_prepare()
        self.assertEqual((run.state, self._balance(self.receivable)), ("draft", 0))

    def test_sealed(self):
        run = self._create_run()
        for vals in (
            {"state": "billed"},
            {"skipped": {}},
            {"called_account_id": self.called.id},
            {"halted": "x"},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "change only by"), self.cr.savepoint():
                run.with_context(kmp_seal=True).write(vals)
        self.assertEqual(
            self.env["kmp.contribution.run"].with_user(self.clerk).create({"state": "billed"}).state, "draft"
        )
        run.with_user(self.officer).action_bill()
        with self.assertRaisesRegex(UserError, "does not change"), self.cr.savepoint():
            run.date = date(2025, 1, 3)
        with self.assertRaisesRegex(UserError, "billed and stays"), self.cr.savepoint():
            run.unlink()
        with self.assertRaisesRegex(UserError, "not possible any more"), self.cr.savepoint():
            run.with_user(self.officer).action_bill()
        with self.assertRaisesRegex(UserError, "not possible any more"), self.cr.savepoint():
            run.action_prepare()
        run.name = "Iuran Januari"

    def test_nobody_writes_lines(self):
        line = self._bill().line_ids[0]
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                line.with_user(user).write({"amount": 1})
            with self.assertRaises(AccessError):
                line.with_user(user).unlink()

    def test_locked_period_is_refused(self):
        run = self._create_run().with_user(self.officer)
        self.company.sudo().fiscalyear_lock_date = date(2025, 1, 1)
        with (
            self.assertRaisesRegex(UserError, "Dues January 2025: 01/01/2025 lies in a locked period"),
            self.cr.savepoint(),
        ):
            run.action_bill()
        self.assertEqual((run.state, self._balance(self.receivable)), ("draft", 0))

    def test_accounts_are_missing(self):
        run = self._create_run().with_user(self.officer)
        self.company.kmp_dues_called_account_id = False
        with (
            self.assertRaisesRegex(UserError, r"no accounts for dues yet \(Capital Called, Not Paid\)"),
            self.cr.savepoint(),
        ):
            run.action_bill()

    def test_account_types(self):
        with self.assertRaisesRegex(ValidationError, "Choose a receivable account"), self.cr.savepoint():
            self.company.kmp_dues_receivable_account_id = self.cash
        with self.assertRaisesRegex(ValidationError, "Choose a current asset account"), self.cr.savepoint():
            self.company.kmp_dues_called_account_id = self.receivable

    # ---------------------------------------------------------------- guards in the ledger

    def test_nothing_else_posts_on_capital_called(self):
        entry = self._create_entry(self.called, self.budi.partner_id, 5)
        with self.assertRaisesRegex(ValidationError, "holds capital called"), self.cr.savepoint():
            entry.with_user(self.accountant).action_post()
        used = self._create_account("120003", "Lain", "asset_current")
        self._create_entry(used, self.budi.partner_id, 5).action_post()
        with self.assertRaisesRegex(ValidationError, "holds capital called"), self.cr.savepoint():
            self.company.kmp_dues_called_account_id = used

    def test_entries_of_dues_stay(self):
        run = self._bill()
        move = run.sudo().move_ids.with_user(self.accountant)
        for method in ("button_draft", "button_cancel", "_reverse_moves"):
            with (
                self.subTest(method),
                self.assertRaisesRegex(UserError, "Dues January 2025. Cancel that run"),
            ):
                getattr(move, method)()
        with self.assertRaisesRegex(UserError, "Cancel that run"), self.cr.savepoint():
            move.line_ids[0].write({"partner_id": self.siti.partner_id.id})
        with self.assertRaisesRegex(UserError, "Cancel that run"), self.cr.savepoint():
            move.date = date(2025, 1, 2)
        with self.assertRaisesRegex(UserError, "Billing or paying dues"), self.cr.savepoint():
            self._create_entry(self.expense, self.budi.partner_id, 5).write({"kmp_dues_kind": "bill"})
        forged = self._create_entry(self.called, self.budi.partner_id, 5, kmp_dues_kind="bill")
        self.assertFalse(forged.kmp_dues_kind)
        copied = move.copy({"date": date(2025, 1, 1)})
        with self.assertRaisesRegex(ValidationError, "holds capital called"), self.cr.savepoint():
            copied.action_post()

    # ---------------------------------------------------------------- two companies

    def test_two_companies(self):
        theirs = self._create_member("Orang Lain", "O-1", company_id=self.other_company.id, period_ids=[])
        run = self._bill()
        self.assertNotIn(theirs, run.line_ids.membership_id)
        other = run.with_user(self.other_officer).with_context(allowed_company_ids=self.other_company.ids)
        for method in ("action_prepare", "action_bill", "action_resume", "action_cancel"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(other, method)()
        with self.assertRaises(AccessError):
            other.line_ids.read(["amount"])
