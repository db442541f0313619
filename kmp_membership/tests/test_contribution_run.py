from datetime import date
from decimal import Decimal
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kmp_membership.models import contribution_run_process

from .contribution_common import ContributionCase

CRON = "odoo.addons.base.models.ir_cron.IrCron"


@tagged("post_install", "-at_install")
class TestContributionRun(ContributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.siti = cls._create_member("Siti", "B-2", cls.consumers)

    # ---------------------------------------------------------------- who pays how much

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

    def test_classes_and_share_types(self):
        self._create_terms(self.pokok, self.consumers, amount=200000, frequency="once")
        run = self._create_run(class_ids=[(6, 0, self.producers.ids)])
        self.assertEqual(self._lines(run), {("B-1", "SW", date(2025, 1, 1)): 50000})
        run = self._create_run(share_type_ids=[(6, 0, self.pokok.ids)])
        self.assertEqual(self._lines(run), {("B-2", "SP", date(2025, 1, 1)): 200000})

    def test_later_term_of_a_class(self):
        self._create_terms(
            self.wajib, self.consumers, amount=75000, frequency="monthly", date_from=date(2025, 2, 1)
        )
        self.assertEqual(set(self._lines(self._create_run(1)).values()), {50000})
        self.assertEqual(
            self._lines(self._create_run(2)),
            {("B-1", "SW", date(2025, 2, 1)): 50000, ("B-2", "SW", date(2025, 2, 1)): 75000},
        )

    def test_class_of_the_day_on_which_the_period_begins(self):
        self.terms.filtered(lambda term: term.class_id == self.consumers).amount = 75000
        self.budi.with_user(self.officer)._apply_step("change_class", date(2025, 2, 15), self.consumers)
        for month, amount, stakeholder_class in ((2, 50000, self.producers), (3, 75000, self.consumers)):
            run = self._create_run(month)
            line = run.line_ids.filtered(lambda line: line.membership_id == self.budi)
            self.assertEqual((line.amount, line.class_id), (amount, stakeholder_class))

    def test_several_periods_in_one_run(self):
        run = self._create_run(date_to=date(2025, 3, 31))
        self.assertEqual(run.name, "Dues January 2025 – March 2025")
        self.assertEqual(len(run.line_ids), 6)
        self.assertEqual(
            run.line_ids.filtered(lambda line: line.membership_id == self.budi).mapped("period_from"),
            [date(2025, 3, 1), date(2025, 2, 1), date(2025, 1, 1)],
        )

    def test_quarter_is_billed_once_in_its_three_months(self):
        self.terms.frequency = "quarterly"
        run = self._bill(2)  # late: the quarter that began in January
        self.assertEqual(self._lines(run)["B-1", "SW", date(2025, 1, 1)], 50000)
        self.assertFalse(self._create_run(3).line_ids)
        self.assertEqual(len(self._create_run(4).line_ids), 2)

    # ---------------------------------------------------------------- period of joining

    def test_proration_by_days(self):
        """Joined on 17 January: 15 of 31 days of 50,000 are 24,193.55; on 14 February 15 of 28 are 26,785.71: half up to Rp1."""
        self.terms.proration = "days"
        self._create_member("Joko", "J-1", date_from=date(2025, 1, 17))
        self._create_member("Jaya", "J-2", date_from=date(2025, 2, 14))
        self.assertEqual(
            self._lines(self._bill(1)),
            {
                ("B-1", "SW", date(2025, 1, 1)): 50000,
                ("B-2", "SW", date(2025, 1, 1)): 50000,
                ("J-1", "SW", date(2025, 1, 1)): 24194,
            },
        )
        february = self._lines(self._create_run(2))
        self.assertEqual(february["J-1", "SW", date(2025, 2, 1)], 50000)
        self.assertEqual(february["J-2", "SW", date(2025, 2, 1)], 26786)

    def test_proration_rounds_to_the_unit_half_up(self):
        """15 of 30 days of 50,100 are 25,050: to Rp100 half up 25,100."""
        self.terms.write({"proration": "days", "rounding": 100, "amount": 50100})
        self._create_member("Joko", "J-1", date_from=date(2025, 4, 16))
        self.assertEqual(self._lines(self._create_run(4))["J-1", "SW", date(2025, 4, 1)], 25100)

    def test_last_day_of_the_period(self):
        self.terms.proration = "days"
        self._create_member("Joko", "J-1", date_from=date(2025, 1, 31))
        self.assertEqual(
            self._lines(self._create_run(1))["J-1", "SW", date(2025, 1, 1)], 1613
        )  # 50,000 / 31 = 1,612.90

    def test_whole_amount_or_nothing_in_the_period_of_joining(self):
        self._create_member("Joko", "J-1", date_from=date(2025, 1, 17))
        self._create_member("Jaya", "J-2", date_from=date(2025, 1, 1))
        self.assertEqual(self._lines(self._create_run(1))["J-1", "SW", date(2025, 1, 1)], 50000)
        self.env["kmp.contribution.run"].search([]).unlink()
        self.terms.proration = "none"
        run = self._create_run(1)
        lines = self._lines(run)
        self.assertNotIn(("J-1", "SW", date(2025, 1, 1)), lines)
        self.assertEqual(lines["J-2", "SW", date(2025, 1, 1)], 50000)
        self.assertEqual(run.skipped_note, "1 joined in the period")

    def test_not_a_member_yet(self):
        self._create_member("Joko", "J-1", date_from=date(2025, 2, 1))
        self.env["kmp.membership"].create(
            {"partner_id": self.env["res.partner"].create({"name": "A"}).id, "company_id": self.company.id}
        )
        self.assertEqual(len(self._create_run(1).line_ids), 2)

    # ---------------------------------------------------------------- who is skipped

    def test_suspended_and_left(self):
        self.budi.with_user(self.officer)._apply_step("suspend", date(2025, 1, 5))
        self.siti.with_user(self.officer)._apply_step("resign", date(2025, 1, 5))
        run = self._create_run(1)
        self.assertEqual((run.line_count, run.skipped_note), (0, "1 suspended"))
        self.terms.bills_suspended = True
        run.action_prepare()
        self.assertEqual(self._lines(run), {("B-1", "SW", date(2025, 1, 1)): 50000})

    def test_exemption(self):
        exemption = (
            self.env["kmp.contribution.exemption"]
            .with_user(self.officer)
            .create(
                {
                    "membership_id": self.budi.id,
                    "date_from": date(2025, 1, 1),
                    "date_to": date(2025, 1, 31),
                    "reason": "Illness",
                }
            )
        )
        self.assertEqual(exemption.display_name, "B-1 Budi: Illness")
        run = self._create_run(1)
        self.assertEqual(
            (list(self._lines(run)), run.skipped_note), ([("B-2", "SW", date(2025, 1, 1))], "1 exempt")
        )
        self.assertEqual(len(self._create_run(2).line_ids), 2)
        exemption.write({"date_to": False, "share_type_id": self.pokok.id})
        run.action_prepare()
        self.assertEqual(len(run.line_ids), 2)

    def test_paid_once_and_what_is_missing(self):
        """Of 200,000 once, Budi has deposited 120,000 and Siti all: Budi owes 80,000, Siti nothing."""
        self._create_terms(self.pokok, amount=200000, frequency="once", date_from=date(2020, 1, 1))
        self._create_deposit(self.budi, 120000).with_user(self.officer).action_post()
        self._create_deposit(self.siti, 200000).with_user(self.officer).action_post()
        run = self._bill(share_type_ids=[(6, 0, self.pokok.ids)])
        self.assertEqual(self._lines(run), {("B-1", "SP", date(2020, 1, 1)): 80000})
        self.assertEqual(run.skipped_note, "1 paid in full")
        self.assertEqual(run.sudo().move_ids.line_ids[0].name, "Simpanan Pokok")
        self.assertFalse(self._create_run(2, share_type_ids=[(6, 0, self.pokok.ids)]).line_ids)

    def test_maximum_counts_what_is_held_owed_and_called_in_the_same_run(self):
        """Up to 120,000: 10,000 held, January (50,000) owed; of February and March 50,000 and 10,000 are called, April nothing."""
        self.terms.maximum = 120000
        self._create_deposit(self.budi, 10000, self.wajib).with_user(self.officer).action_post()
        self._bill(1, class_ids=[(6, 0, self.producers.ids)])
        run = self._bill(2, date_to=date(2025, 4, 30), class_ids=[(6, 0, self.producers.ids)])
        self.assertEqual(
            self._lines(run), {("B-1", "SW", date(2025, 2, 1)): 50000, ("B-1", "SW", date(2025, 3, 1)): 10000}
        )
        self.assertEqual(run.skipped_note, "1 paid in full")

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

    # ---------------------------------------------------------------- cancelling

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

    # ---------------------------------------------------------------- in the background

    def _start_in_background(self, members=5):
        for index in range(members - 2):
            self._create_member(f"Member {index}", f"C-{index}")
        run = self._create_run().with_user(self.officer)
        with patch.object(contribution_run_process, "DIRECT_LINES", 1):
            run.action_bill()
        return run

    def _run_cron(self, seconds=(60,) * 100, batch=2):
        """What the cron does, without its commits; ``seconds``: what is left after each."""
        answers = iter(seconds)
        done = []

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            done.append((processed, remaining))
            return next(answers)

        with (
            patch.object(contribution_run_process, "BATCH_LINES", batch),
            patch(f"{CRON}._commit_progress", commit),
            patch.object(self.cr, "rollback", lambda: None),
        ):
            self.env["kmp.contribution.run"]._cron_process()
        return done

    def test_who_owes_dues_is_no_customer(self):
        run = self._start_in_background()
        self._run_cron()
        self.assertEqual(set(run.line_ids.partner_id.mapped("customer_rank")), {0})

    def test_background(self):
        run = self._start_in_background()
        self.assertEqual((run.state, run.progress, run.move_count), ("billing", 0, 0))
        self.assertEqual(self._run_cron(), [(0, 5), (2, 3), (2, 1), (1, 0)])
        self.assertEqual(
            (run.state, run.progress, run.move_count, run.amount_open), ("billed", 100, 3, 250000)
        )
        self._check_invariants()

    def test_background_goes_on_where_it_stopped(self):
        run = self._start_in_background()
        self.assertEqual(self._run_cron((60, 60, 0)), [(0, 5), (2, 3), (2, 1)])
        run.invalidate_recordset()
        self.assertEqual((run.state, run.progress, run.move_count), ("billing", 80, 2))
        self._check_invariants()
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.move_count, run.amount_total), ("billed", 3, 250000))
        self.assertEqual(self._run_cron(), [])
        self.assertEqual(self._balance(self.receivable), 250000)

    def test_last_batch_is_full(self):
        run = self._start_in_background(4)
        self._run_cron()
        self.assertEqual((run.state, run.move_count), ("billed", 2))

    def test_background_stops_with_a_reason_and_goes_on(self):
        run = self._start_in_background()
        self._run_cron((60, 60, 0))
        self.company.sudo().fiscalyear_lock_date = date(2025, 1, 1)
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.move_count), ("billing", 2))
        self.assertIn("locked period", run.halted)
        self.assertEqual(self._run_cron(), [])
        self.company.sudo().fiscalyear_lock_date = False
        with self.assertRaises(AccessError):
            run.with_user(self.clerk).action_resume()
        run.action_resume()
        self._run_cron()
        self.assertRecordValues(run, [{"state": "billed", "halted": False, "move_count": 3}])

    def test_cancel_in_background(self):
        run = self._start_in_background()
        self._run_cron()
        with patch.object(contribution_run_process, "DIRECT_LINES", 1):
            run._cancel(date(2025, 1, 20), "Wrong")
        self.assertEqual((run.state, run.progress), ("cancelling", 0))
        self._run_cron((60, 60, 0))
        run.invalidate_recordset()
        self.assertEqual((run.state, run.progress), ("cancelling", 80))
        self._check_invariants()
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, self._balance(self.called)), ("cancelled", 0))

    def test_a_second_worker_leaves_the_run_alone(self):
        run = self._start_in_background()
        with patch.object(type(run), "try_lock_for_update", lambda records, **options: records.browse()):
            self.assertEqual(self._run_cron(), [(0, 5)])
        self.assertEqual((run.state, run.move_count), ("billing", 0))
        with (
            patch.object(type(run), "lock_for_update", side_effect=LockError("locked")),
            self.assertRaises(LockError),
        ):
            run.action_resume()

    def test_query_budget_of_preparing(self):
        """As many queries for thirty members as for three."""
        run = self._create_run()
        with self.assertQueryCount(40):
            run.action_prepare()
            self.env.flush_all()
        first = self._count_queries(run)
        for index in range(27):
            self._create_member(f"Member {index}", f"C-{index}")
        self.env.flush_all()
        self.assertEqual(self._count_queries(run), first)
        self.assertEqual(run.line_count, 29)
        self.assertEqual(Decimal(str(run.amount_total)), 29 * 50000)

    def _count_queries(self, run):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        run.action_prepare()
        self.env.flush_all()
        return self.cr.sql_log_count - before
