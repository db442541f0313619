import base64
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership.models import membership_import, membership_import_apply

from .common import MembershipCase

CRON = "odoo.addons.base.models.ir_cron.IrCron"
HEADING = "number,name,class,date_start,national_id,SP,SW\n"
ROWS = "".join(f"A-{place},Anggota {place},PRD,2024-01-31,{place:016},{place}000,\n" for place in range(1, 6))
CAPITAL = 15000


class OutOfTimeError(Exception):
    """The server is killed here."""


@tagged("post_install", "-at_install")
class TestMembershipImportBackground(MembershipCase):
    """Five members in batches of two, as a large file is imported in batches of a thousand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opening = cls._create_account("390000", "Pembukaan", "equity")
        for module in (membership_import, membership_import_apply):
            for name, value in (("DIRECT_ROWS", 3), ("BATCH_ROWS", 2)):
                if hasattr(module, name):
                    patcher = patch.object(module, name, value)
                    cls.startClassPatcher(patcher)

    def setUp(self):
        super().setUp()
        self.record = (
            self.env["kmp.membership.import"]
            .with_user(self.officer)
            .create(
                {
                    "file": base64.b64encode((HEADING + ROWS).encode()),
                    "file_name": "members.csv",
                    "date": date(2025, 1, 1),
                    "account_id": self.opening.id,
                    "company_id": self.company.id,
                }
            )
        )
        self.record.action_check()
        self.assertEqual(self.record.state, "checked", self.record.problems)

    def _run_cron(self, batches=None):
        """Let the server work; ``batches``: kill it after so many commits."""
        commits = []

        def commit(_cron, _processed=0, *, remaining=None, deactivate=False):
            commits.append(remaining)
            self.env.flush_all()
            self.cr.execute("SAVEPOINT kmp_commit")
            if batches is not None and len(commits) > batches:
                raise OutOfTimeError
            return float("inf")

        def rollback():
            self.env.transaction.clear()
            self.cr.execute("ROLLBACK TO SAVEPOINT kmp_commit")

        with patch(f"{CRON}._commit_progress", commit), patch.object(self.cr, "rollback", rollback):
            try:
                self.env["kmp.membership.import"]._cron_process()
            except OutOfTimeError:
                self.env.invalidate_all()
        return commits

    def _members(self):
        return self.env["kmp.membership"].search([("company_id", "=", self.company.id)])

    def _contacts(self):
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([("name", "like", "Anggota _")])

    def _drafts(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "draft")]
        )

    def test_a_large_file_is_imported_in_the_background(self):
        self.record.action_import()
        self.assertRecordValues(
            self.record, [{"state": "importing", "progress": 0, "user_id": self.officer.id}]
        )
        self.assertFalse(self._members())
        remaining = self._run_cron()
        self.assertEqual(remaining, [11, 9, 7, 6, 4, 2, 1, 0])
        self.assertEqual(self.record.state, "done")
        self.assertRecordValues(
            self._members(),
            [
                {
                    "number": f"A-{place}",
                    "state": "active",
                    "is_member": True,
                    "class_id": self.producers.id,
                    "paid_in_capital": place * 1000,
                }
                for place in range(1, 6)
            ],
        )
        self.assertEqual(self._members().create_uid, self.officer)
        self.assertTrue(all(self._members().partner_id.mapped("active")))
        self.assertEqual(self.pokok._get_totals(date(2025, 1, 1)), {self.pokok.id: CAPITAL})
        self.assertFalse(self.record.sudo().row_ids)

    def test_killed_between_batches_it_goes_on(self):
        self.record.action_import()
        self._run_cron(batches=4)
        self.assertEqual((len(self._contacts()), len(self._drafts()), len(self._members())), (5, 1, 0))
        self.assertFalse(any(self._contacts().mapped("active")))
        self.assertGreater(self.record.progress, 50)
        self._run_cron()
        self.assertEqual((len(self._contacts()), len(self._drafts()), len(self._members())), (5, 0, 5))
        self.assertEqual(self.pokok._get_totals(date(2025, 1, 1)), {self.pokok.id: CAPITAL})

    def test_what_fails_names_the_row_and_is_undone_as_a_whole(self):
        self.record.action_import()
        self._run_cron(batches=5)
        self._create_member("Ani", "A-4")
        self._run_cron()
        self.assertEqual(self.record.state, "undoing")
        self.assertEqual(self.record.problems, "Line 5, number: A-4 is in the register already")
        self._run_cron()
        self.assertEqual(self.record.state, "draft")
        self.assertIn("Line 5", self.record.problems)
        self.assertFalse(self._contacts() | self._drafts().partner_id)
        self.assertFalse(self._drafts())
        self.assertEqual(self._members().mapped("number"), ["A-4"])
        self.assertFalse(self.record.sudo().row_ids)

    def test_a_draft_that_somebody_changed_is_noticed(self):
        self.record.action_import()
        self._run_cron(batches=5)
        self._drafts()[:1].unlink()
        self._run_cron()
        self.assertIn("were changed or deleted meanwhile", self.record.problems)
        self._run_cron()
        self.assertEqual(self.record.state, "draft")
        self.assertFalse(self._members() or self._contacts())

    def test_an_officer_stops_it(self):
        self.record.action_import()
        self._run_cron(batches=3)
        with self.assertRaisesRegex(UserError, "is being processed"):
            self.record.unlink()
        with self.assertRaisesRegex(UserError, "does not change"):
            self.record.date = date(2025, 2, 1)
        self.record.action_undo()
        self._run_cron()
        self.assertEqual(self.record.state, "draft")
        self.assertFalse(self._members() or self._contacts() or self._drafts())
        self.record.action_check()
        self.record.action_import()
        self._run_cron()
        self.assertEqual(len(self._members()), 5)

    def test_the_period_is_locked_meanwhile(self):
        self.record.action_import()
        self.company.fiscalyear_lock_date = date(2025, 1, 1)
        self._run_cron()
        self.assertIn("locked period", self.record.problems)
        self._run_cron()
        self.assertFalse(self._members() or self._contacts() or self._drafts())

    def test_once(self):
        self.record.action_import()
        with self.assertRaisesRegex(UserError, "is Importing"):
            self.record.action_import()
        self._run_cron()
        for action in ("action_import", "action_check", "action_undo"):
            with self.assertRaisesRegex(UserError, "is Imported"):
                getattr(self.record, action)()
        self.assertEqual(len(self._members()), 5)

    def test_rights_and_seal(self):
        for values in ({"state": "done"}, {"member_count": 9}, {"problems": False}):
            with self.assertRaisesRegex(UserError, "only by checking and importing"):
                self.record.write(values)
        self.record.date = date(2025, 1, 2)
        self.assertEqual(self.record.state, "draft")
        for user in (self.clerk, self.supervisor, self.auditor, self.outsider, self.other_officer):
            with self.assertRaises(AccessError):
                self.record.with_user(user).action_check()
            with self.assertRaises(AccessError):
                self.record.with_user(user).read(["file_name"])
        with self.assertRaises(AccessError):
            self.record.row_ids.with_user(self.officer).write({"line": 1})
