from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestShuRunChange(ShuRunCase):
    def change(self):
        """Rp9 more earned, Rp1 more of A-1, a new member A-3 and no more business of A-2."""
        self._earn("2025-12-31", 9)
        self._pay_in(self.first, "2025-12-31", 1)
        self._pay_in(self._create_member("A-3", "K"), "2025-06-01", 50)
        self.env.cr.execute("DELETE FROM kmp_patronage_entry WHERE membership_id = %s", self.second.ids)

    def test_nothing_changed(self):
        run = self.compute()
        self.assertEqual(run._get_changes(), {})
        run.action_compute()
        self.assertFalse(run.changes)
        action = run.action_show_changes()
        self.assertIn("still give", action["params"]["message"])

    def test_every_section_is_named(self):
        run = self.compute()
        self.change()
        changes = run._get_changes()
        self.assertEqual(changes["records"], [[["surplus"], ["1001", "", ""], ["1010", "", ""]]])
        pools = {pool.id: pool.code for pool in run.pool_ids}
        self.assertEqual(
            [(pools[row["pool_id"]], row["members"], row["weight"]) for row in changes["pools"]],
            [("JM", [2, 3], ["300", "351"]), ("JU", [2, 1], ["400", "300"])],
        )
        self.assertEqual(
            [(pools[row["pool_id"]], row["number"], row["weight"]) for row in changes["members"]],
            [("JM", "A-1", ["100", "101"]), ("JU", "A-2", ["100", None]), ("JM", "A-3", [None, "50"])],
        )
        self.assertEqual((changes["new"], changes["gone"], changes["other"]), (1, 1, 1))

    def test_the_refusal_to_post_says_what_changed(self):
        run = self.compute()
        self._approve(run)
        self.change()
        with self.assertRaises(UserError) as caught:
            run.action_post()
        message = str(caught.exception)
        for line in (
            "Surplus: 1,001 → 1,010",
            "JM JM: members 2 → 3, total weight 300 → 351",
            "A-1 Member A-1, JM JM: 100 → 101",
            "A-2 Member A-2, JU JU: 100 → —",
            "A-3 Member A-3, JM JM: — → 50",
        ):
            self.assertIn(line, message)

    def test_ten_members_are_listed_and_the_rest_counted(self):
        run = self.compute()
        for number in range(12):
            self._pay_in(self._create_member(f"B-{number:02}", "K"), "2025-06-01", 50)
        changes = run._get_changes()
        self.assertEqual([row["number"] for row in changes["members"]], [f"B-{n:02}" for n in range(10)])
        self.assertIn("… and 2 more", run._describe_changes(changes))

    def test_another_computation_says_what_changed(self):
        run = self.compute()
        before = run.hash
        self.change()
        run.action_compute()
        self.assertNotEqual(run.hash, before)
        self.assertEqual(run.changes["hash"], before)
        self.assertIn("1,010", run.changes_table)
        log = run.message_ids[0].body
        self.assertIn(f"{before} became {run.hash}", log)
        self.assertIn("total weight 300 → 351", log)
        run.action_reset_to_draft()
        self.assertFalse(run.changes)

    def test_approve_again_after_a_change(self):
        run = self.compute()
        self._approve(run)
        before = run.approved_hash
        self._earn("2025-12-31", 9)
        with self.assertRaisesRegex(UserError, "Surplus: 1,001 → 1,010"), self.env.cr.savepoint():
            run.action_post()
        run.with_user(self.officer).action_withdraw_approval()
        self.assertEqual((run.state, run.approved_hash, run.approved_by_id.id), ("computed", False, False))
        run.action_compute()
        run.with_user(self.officer).action_approve()
        self.assertEqual(run.approved_hash, run.hash)
        self.assertNotEqual(run.approved_hash, before)
        self.assertIn(f"Approved {run.hash} by resolution 07/RAT/2026", run.message_ids[0].body)
        run.action_post()
        self.assertEqual(self._sum("undistributed", run.move_id), -1010)

    def test_the_hash_that_was_shown_is_the_one_approved(self):
        run = self.compute()
        run.resolution = "07/RAT/2026"
        shown = run.hash
        self._earn("2025-12-31", 9)
        run.action_compute()
        officer = run.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "computed again after you opened it"):
            officer.with_context(kmp_shown_hash=shown).action_approve()
        officer.with_context(kmp_shown_hash=run.hash).action_approve()
        self.assertEqual(run.state, "approved")

    def test_who_may_compare(self):
        run = self.compute()
        with self.assertRaises(AccessError):
            run.with_user(self.auditor).action_show_changes()
        with self.assertRaises(AccessError):
            run.with_user(self.auditor).action_withdraw_approval()
        self._earn("2025-12-31", 9)
        self.assertTrue(run.with_user(self.officer).action_show_changes())
        self.assertEqual(run.changes["records"], [[["surplus"], ["1001", "", ""], ["1010", "", ""]]])
