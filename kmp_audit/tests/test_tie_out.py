from decimal import Decimal

from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestTieOut(AuditCase):
    """Each tie-out green on books that are whole, and red after a real disturbance, which it names."""

    # Debit and credit

    def test_balance(self):
        self._earn_year()
        line = self._assert_ok("balance")
        # five deposits of 1,000 together, the income and the expense, each with two items
        self.assertEqual(line.message, "14 items")
        [pair] = line.pairs
        self.assertEqual((pair["left"], pair["right"]), ("2001000.00", "2001000.00"))

    def test_an_entry_that_does_not_balance(self):
        entry = self._earn("2025-07-01", 500)
        item = entry.line_ids.filtered("debit")
        self._sql("UPDATE account_move_line SET debit = 507, balance = 507 WHERE id = %s", item.id)
        line = self._assert_failed("balance", 7, 2, entry.name, "7.00 more debit")
        self.assertEqual(self._get_records(line), entry)

    def test_an_item_with_another_date(self):
        entry = self._earn("2025-07-01", 500)
        self._sql(
            "UPDATE account_move_line SET date = '2025-08-01' WHERE move_id = %s AND debit > 0", entry.id
        )
        self._assert_failed("balance", 0, 1, entry.name, "1 items")

    # Register of shares

    def test_register(self):
        line = self._assert_ok("register")
        self.assertEqual(
            [(pair["name"], pair["left"], pair["right"]) for pair in line.pairs],
            [
                ("Simpanan Pokok", "1000.00", "1000.00"),
                ("Simpanan Wajib", "0", "0"),
                ("Simpanan Sukarela", "0", "0"),
            ],
        )

    def test_an_item_of_nobody(self):
        entry = self._pay_in(self.members["PRO-1"], "2025-03-01", 30)
        self._sql(
            "UPDATE account_move_line SET partner_id = NULL WHERE move_id = %s AND account_id = %s",
            entry.id,
            self.pokok_account.id,
        )
        line = self._assert_failed("register", 30, 2, "Simpanan Pokok: 1,000.00 and 1,030.00", entry.name)
        self.assertEqual(self._get_records(line).move_id, entry)

    def test_shares_after_the_year_do_not_count(self):
        self._pay_in(self.members["PRO-1"], "2026-01-01", 30)
        self.assertEqual(self._assert_ok("register").pairs[0]["right"], "1000.00")

    # SHU payable

    def test_payable(self):
        self._run_posted()
        audit = self._create_audit(date_from="2026-01-01", date_to="2026-12-31")
        line = self._check("payable", audit)
        self.assertEqual(line.status, "ok", line.message)
        self.assertEqual((line.pairs[0]["left"], line.pairs[0]["right"]), ("600000.00", "600000.00"))

    def test_an_entry_on_the_payable_by_hand(self):
        self._run_posted()
        entry = self._post("2026-05-01", ("payable", 250, None), ("cash", -250, None))
        audit = self._create_audit(date_from="2026-01-01", date_to="2026-12-31")
        line = self._check("payable", audit)
        self.assertEqual((line.status, line.difference), ("failed", 250))
        self.assertIn(f"{entry.name}: -250", line.message)
        self.assertEqual(self._get_records(line).move_id, entry)

    # Surplus

    def test_surplus(self):
        self._run_posted()
        line = self._assert_ok("surplus")
        self.assertEqual({pair["left"] for pair in line.pairs}, {"1000000.00"})

    def test_an_entry_after_the_distribution(self):
        run = self._run_posted()
        self._earn("2025-12-30", 99)
        self._assert_failed("surplus", 99, 1, run.name, "1,000,099")

    # Statements

    def test_statements(self):
        self._earn_year()
        line = self._assert_ok("statement")
        amounts = {pair["name"]: (Decimal(pair["left"]), Decimal(pair["right"])) for pair in line.pairs}
        self.assertEqual(amounts["Financial Position"], (1_001_000, 1_001_000))

    def test_statements_that_do_not_balance(self):
        entry = self._earn("2025-07-01", 500)
        self._sql(
            "UPDATE account_move_line SET debit = 507, balance = 507 WHERE move_id = %s AND debit > 0",
            entry.id,
        )
        line = self._check("statement")
        self.assertEqual((line.status, line.pairs[0]["difference"]), ("failed", "7.00"), line.message)
        self.assertIn("Financial Position: 1,507.00 and 1,500.00", line.message)

    # Opening

    def test_opening_without_a_past(self):
        self.assertEqual(self._check("opening").status, "nothing")

    def test_an_entry_into_an_audited_year(self):
        self._earn_year()
        self._finish(self._create_audit())
        audit = self._create_audit(date_from="2026-01-01", date_to="2026-12-31")
        self.assertEqual(self._check("opening", audit).status, "ok")
        late = self._post("2025-11-11", ("wages", 40, None), ("cash", -40, None))
        line = self._check("opening", audit)
        self.assertEqual((line.status, line.difference, line.found), ("failed", 80, 2))
        self.assertIn("110001 Kas", line.message)
        self._sql("UPDATE account_move_line SET create_date = '2999-01-01' WHERE move_id = %s", late.id)
        self.assertEqual(self._get_records(line).move_id, late)

    def test_an_entry_into_a_distributed_year(self):
        run = self._run_posted()
        audit = self._create_audit(date_from="2026-01-01", date_to="2026-12-31")
        self.assertEqual(self._check("opening", audit).status, "ok")
        self._earn("2025-12-30", 99)
        line = self._check("opening", audit)
        self.assertEqual((line.status, line.difference), ("failed", 99))
        self.assertIn(run.name, line.message)

    def _finish(self, audit):
        audit.action_run()
        audit.action_finish()
        return audit

    # Numbers

    def test_numbers(self):
        self._earn_year()
        self.assertIn("7 entries", self._assert_ok("number").message)

    def test_a_gap(self):
        first, lost, last = (self._earn("2025-09-01", amount) for amount in (1, 2, 3))
        self._sql("DELETE FROM account_move_line WHERE move_id = %s", lost.id)
        self._sql("DELETE FROM account_move WHERE id = %s", lost.id)
        line = self._assert_failed("number", 0, 1, "1 numbers are missing", first.name, last.name)
        self.assertEqual(self._get_records(line), last)

    def test_a_missing_first_number(self):
        first, second = self._earn("2024-09-01", 1), self._earn("2024-09-02", 2)
        self._sql("DELETE FROM account_move_line WHERE move_id = %s", first.id)
        self._sql("DELETE FROM account_move WHERE id = %s", first.id)
        audit = self._create_audit(date_from="2024-01-01", date_to="2024-12-31")
        line = self._check("number", audit)
        self.assertEqual(line.status, "failed")
        self.assertIn(f"1 numbers are missing before {second.name}", line.message)

    def test_a_series_that_began_in_an_earlier_year(self):
        """Numbers that never begin anew go on over the end of the year."""
        moves = self._earn("2024-12-31", 1), self._earn("2025-01-02", 2)
        for number, move in enumerate(moves, start=7):
            self._sql(
                "UPDATE account_move SET name = %s, sequence_prefix = 'EV/', sequence_number = %s WHERE id = %s",
                f"EV/{number}",
                number,
                move.id,
            )
        self._assert_ok("number")

    # Lock

    def test_lock(self):
        self._earn_year()
        self.assertIn("not locked", self._check("lock").message)
        self._lock("2025-12-31", "2999-01-01")
        self.assertIn("2025-12-31", self._assert_ok("lock").message)

    def test_an_entry_made_after_the_lock(self):
        early, late = self._earn("2025-05-01", 1), self._earn("2025-06-01", 2)
        self._lock("2025-12-31", "2026-01-15")
        self._sql("UPDATE account_move SET create_date = '2026-01-10' WHERE company_id = %s", self.company.id)
        self._sql("UPDATE account_move SET create_date = '2026-02-01' WHERE id = %s", late.id)
        line = self._assert_failed(
            "lock", 0, 1, f"{late.name} was made on 2026-02-01", "locked on 2026-01-15"
        )
        self.assertNotIn(early.name, line.message)
        self.assertEqual(self._get_records(line), late)

    def test_an_entry_changed_after_the_lock(self):
        entry = self._earn("2025-05-01", 1)
        self._sql("UPDATE account_move SET create_date = '2025-05-01' WHERE company_id = %s", self.company.id)
        self._lock("2025-12-31", "2026-01-15")
        message = entry.with_context(tracking_disable=False).message_post(body="changed")
        field = self.env["ir.model.fields"]._get("account.move", "ref")
        self.env["mail.tracking.value"].create(
            {"mail_message_id": message.id, "field_id": field.id, "new_value_char": "x"}
        )
        self._sql("UPDATE mail_message SET date = '2026-03-01' WHERE id = %s", message.id)
        self._assert_failed("lock", 0, 1, f"{entry.name} was changed on 2026-03-01")

    def test_a_sales_lock_holds_sales(self):
        entry = self._earn("2025-05-01", 1)
        self._lock("2025-12-31", "2026-01-15", "sale_lock_date")
        self._sql("UPDATE account_move SET create_date = '2026-02-01' WHERE id = %s", entry.id)
        self.assertEqual(self._check("lock").status, "nothing")

    def _lock(self, date, moment, name="fiscalyear_lock_date"):
        """Lock the books as the accountant does, with the history of the company."""
        company = self.company.with_context(tracking_disable=False)
        company[name] = date
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._sql(
            """UPDATE mail_message SET date = %s WHERE model = 'res.company' AND res_id = %s
                AND id IN (SELECT mail_message_id FROM mail_tracking_value)""",
            moment,
            self.company.id,
        )

    # Hashes

    def test_hashes(self):
        self.assertEqual(self._check("hash").status, "nothing")
        self.journal.restrict_mode_hash_table = True
        entry = self._earn("2025-05-01", 5)
        self.assertTrue(entry.inalterable_hash)
        self._assert_ok("hash")
        self._sql("UPDATE account_move_line SET debit = 6 WHERE move_id = %s AND debit > 0", entry.id)
        self._assert_failed("hash", 0, 1, entry.name)

    # Documents that count nowhere

    def test_nowhere(self):
        self._earn_year()
        self._assert_ok("nowhere")
        draft = self._create_entry(self.accounts["sales"], None, 77, "2025-04-04", ref="Forgotten sale")
        line = self._assert_failed("nowhere", 0, 1, "Forgotten sale", "2025-04-04", "77")
        self.assertEqual(self._get_records(line), draft)

    def test_a_cancelled_entry_with_a_number(self):
        entry = self._earn("2025-05-01", 5)
        entry.button_draft()
        entry.button_cancel()
        self._assert_failed("nowhere", 0, 1, f"Cancelled entry {entry.name}")
        self._assert_ok("number")

    def test_a_draft_share_operation(self):
        operation = self._create_deposit(self.members["KON-1"], 12, day="2025-06-06")
        line = self._assert_failed("nowhere", 0, 1, "@x", "2025-06-06", "12")
        self.assertEqual(self._get_records(line), operation)

    # Distribution

    def test_distribution(self):
        self.assertEqual(self._check("distribution").status, "nothing")
        run = self._run_posted()
        line = self._assert_ok("distribution")
        self.assertIn(run.hash, line.message)
        self.assertIn("1000000", {pair["left"].split(".")[0] for pair in line.pairs})

    def test_a_share_that_was_changed(self):
        run = self._run_posted()
        self._sql(
            """UPDATE kmp_shu_share_line SET weight = weight + 1
                WHERE id = (SELECT MIN(line.id) FROM kmp_shu_share_line line
                              JOIN kmp_shu_share share ON share.id = line.share_id WHERE share.run_id = %s)""",
            run.id,
        )
        # hash and approved hash, and the root
        self._assert_failed("distribution", 0, 3, run.hash, run.proof_root)

    def test_books_that_changed(self):
        run = self._run_posted()
        self._assert_ok("books")
        self._pay_in(self.members["PRO-1"], "2025-02-02", 5)
        line = self._check("books")
        self.assertEqual(line.status, "failed")
        self.assertIn("PRO-1", line.message)
        self.assertIn(run.name, line.message)
        self.assertEqual(self._get_records(line), run)
