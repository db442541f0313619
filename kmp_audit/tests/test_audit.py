from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership.tools import unsealed

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    """Who may do what with an audit, and that nobody writes a result by hand."""

    def test_the_year_is_green(self):
        self._run_posted()
        audit = self._create_audit()
        audit.action_run()
        found = {check.tie_out.rsplit(".", 1)[1]: check.status for check in audit.check_ids}
        self.assertEqual({name for name, status in found.items() if status == "failed"}, set(), found)
        self.assertEqual((audit.failed_count, audit.waiting_count, audit.is_running), (0, 0, False))
        self.assertTrue(all(check.checked_on for check in audit.check_ids))

    def test_the_books_of_the_other_company_are_not_looked_at(self):
        account = self._create_account("110001", "Kas", "asset_cash", self.other_company)
        journal = self.env["account.journal"].create(
            {"name": "Umum", "code": "UMUM", "type": "general", "company_id": self.other_company.id}
        )
        move = (
            self.env["account.move"]
            .with_company(self.other_company)
            .create(
                {
                    "journal_id": journal.id,
                    "date": "2025-05-05",
                    "line_ids": [
                        (0, 0, {"account_id": account.id, "debit": 5}),
                        (0, 0, {"account_id": account.id, "credit": 5}),
                    ],
                }
            )
        )
        move.action_post()
        self._sql(
            "UPDATE account_move_line SET debit = 9, balance = 9 WHERE move_id = %s AND debit > 0", move.id
        )
        self._assert_ok("balance")

    def test_only_the_auditor_makes_one(self):
        for user in (self.clerk, self.officer, self.accountant, self.supervisor, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._create_audit(user)

    def test_the_supervisor_reads_and_others_do_not(self):
        audit = self._create_audit()
        self.assertEqual(audit.with_user(self.supervisor).read(["name"])[0]["name"], "Audit 2025")
        with self.assertRaises(AccessError):
            audit.with_user(self.supervisor).action_run()
        for user in (self.clerk, self.officer, self.accountant, self.other_officer, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                audit.with_user(user).read(["name"])

    def test_another_auditor_reads_but_does_not_write(self):
        audit = self._create_audit()
        other = self._create_user("second_auditor", "kmp_membership.group_auditor")
        self.assertEqual(audit.with_user(other).name, "Audit 2025")
        for attempt in (
            lambda: audit.with_user(other).write({"note": "x"}),
            lambda: audit.with_user(other).action_run(),
            lambda: audit.with_user(other).check_ids[0].write({"note": "x"}),
            lambda: audit.with_user(other).unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_an_auditor_of_another_company_sees_nothing(self):
        audit = self._create_audit()
        stranger = self._create_user("stranger", "kmp_membership.group_auditor", self.other_company)
        audits = (
            self.env["kmp.audit"].with_user(stranger).with_context(allowed_company_ids=self.other_company.ids)
        )
        self.assertFalse(audits.search([("id", "=", audit.id)]))
        with self.assertRaises(AccessError):
            audits.browse(audit.id).read(["name"])
        with self.assertRaises(AccessError):
            self._create_audit(stranger)

    def test_results_are_not_written_by_hand(self):
        audit = self._create_audit()
        check = audit.check_ids[0]
        for attempt in (
            lambda: check.write({"status": "ok"}),
            lambda: check.write({"difference": 0, "note": "x"}),
            lambda: audit.write({"state": "finished"}),
            lambda: audit.write({"auditor_id": self.officer.id}),
            lambda: audit.write({"check_ids": [(5,)]}),
            lambda: self._create_audit(auditor_id=self.supervisor.id),
        ):
            with self.assertRaises(UserError):
                attempt()
        check.note = "Asked the treasurer."
        self.assertEqual((check.note, check.status), ("Asked the treasurer.", "waiting"))

    def test_another_year_forgets_the_results(self):
        audit = self._create_audit()
        self._check("balance", audit)
        audit.write({"date_from": "2024-01-01", "date_to": "2024-12-31"})
        self.assertEqual(set(audit.check_ids.mapped("status")), {"waiting"})

    def test_a_finished_audit_does_not_change(self):
        self._earn_year()
        audit = self._create_audit()
        with self.assertRaisesRegex(UserError, "not checked"):
            audit.action_finish()
        audit.action_run()
        audit.action_finish()
        balances = {balance.account_id: balance.balance for balance in audit.balance_ids}
        self.assertEqual(balances[self.cash], 1_001_000)
        self.assertEqual(balances[self.pokok_account], -1000)
        for attempt in (
            lambda: audit.write({"note": "x"}),
            lambda: audit.check_ids[0].write({"note": "x"}),
            audit.action_run,
            audit.unlink,
            lambda: self.env["kmp.audit.sample"].with_user(self.auditor).create({"audit_id": audit.id}),
        ):
            with self.assertRaisesRegex(UserError, "finished"):
                attempt()

    def test_a_refusal_is_a_result(self):
        audit = self._create_audit()
        tie_out = type(self.env["kmp.audit.tie.out.balance"])

        message = "The books burn."

        def refuse(self, audit):
            raise UserError(message)

        self.patch(tie_out, "_examine", refuse)
        line = self._check("balance", audit)
        self.assertEqual((line.status, line.message), ("failed", message))

    def test_a_large_year_runs_in_the_background(self):
        self._earn_year()
        self.patch(type(self.env["kmp.audit"]), "_is_large", lambda self: True)
        audit = self._create_audit()
        self.assertEqual(audit.action_run()["tag"], "display_notification")
        self.assertTrue(audit.is_running)
        with self.assertRaises(UserError):
            audit.action_finish()
        steps = audit._count_remaining()
        self.assertEqual(steps, len(audit.check_ids))
        while audit.sudo()._process_batch():
            steps -= 1
        self.assertEqual((steps, audit.is_running), (0, False))
        self.assertEqual(audit.check_ids.filtered(lambda c: c.tie_out.endswith("balance")).status, "ok")

    def test_a_year_to_come(self):
        with self.assertRaisesRegex(UserError, "has not begun"):
            self._create_audit(date_from="2999-01-01", date_to="2999-12-31").action_run()

    def test_a_stopped_tie_out_says_why(self):
        audit = self._create_audit()
        unsealed(audit.sudo()).halted = "Out of paper"
        audit.action_run()
        self.assertFalse(audit.halted)
