from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestShuRunCorrection(ShuRunCase):
    """Posted: A-1 117 + 263 = 380, A-2 234 + 87 = 321, reserve 200, education 100."""

    def post(self, run=None):
        run = run or self.compute()
        self._approve(run)
        run.action_post()
        return run

    def correct(self, run, posting_date="2026-06-01"):
        correction = run.browse(run.action_correct()["res_id"])
        correction.posting_date = posting_date
        self._acknowledge(correction, "tax_unset")
        return correction

    def late(self):
        """Rp99 more surplus, and business that A-2 did not bring in time."""
        self._earn("2025-12-31", 99)
        self._import(self.basis, "member,date,value\nA-2,2025-11-11,200\n", "late.csv")

    def test_only_differences_are_posted(self):
        run = self.post()
        self.late()
        correction = self.correct(run)
        correction.action_compute()
        # 1100: reserve 220, education 110, members 770, of which 385 each; capital 128.33 and 256.67,
        # business 300 : 300 of 385, the tie to the lower number
        self.assertEqual(
            {
                share.number: (share.previous_amount, share.amount, share.difference)
                for share in correction.share_ids
            },
            {"A-1": (380, 128 + 193, -59), "A-2": (321, 257 + 192, 128)},
        )
        self.assertNotEqual(correction.hash, run.hash)
        self.post(correction)
        move = correction.move_id
        self.assertEqual(self._sum("undistributed", move), -99)
        self.assertEqual((self._sum("reserve", move), self._sum("education", move)), (20, 10))
        payable = move.line_ids.filtered(lambda line: line.account_id == self.accounts["payable"])
        self.assertEqual(
            {line.partner_id: line.credit - line.debit for line in payable},
            {self.first.partner_id: -59, self.second.partner_id: 128},
        )
        self.assertEqual(payable.kmp_class_id, self.classes["K"])
        self.assertEqual((correction.surplus_difference, correction.distributed_difference), (99, 69))
        both = run.move_id.line_ids + move.line_ids
        total = sum(both.filtered(lambda line: line.account_id == self.accounts["payable"]).mapped("balance"))
        self.assertEqual(total, -correction.distributed)

    def test_by_class_above_the_limit(self):
        self.company.shu_member_line_limit = 1
        run = self.post()
        self.late()
        correction = self.post(self._computed(self.correct(run)))
        payable = correction.move_id.line_ids.filtered(
            lambda line: line.account_id == self.accounts["payable"]
        )
        self.assertEqual([(line.credit, line.kmp_class_id) for line in payable], [(69, self.classes["K"])])

    def _computed(self, run):
        run.action_compute()
        return run

    def test_a_member_without_a_claim_any_more_gives_back(self):
        run = self.post()
        self._post("2025-01-01", ("savings", 200, self.second.partner_id), ("cash", -200, None))
        self.env.cr.execute("DELETE FROM kmp_patronage_entry WHERE membership_id = %s", self.second.ids)
        correction = self._computed(self.correct(run))
        share = correction.share_ids.filtered(lambda share: share.number == "A-2")
        self.assertEqual((share.previous_amount, share.amount, share.difference), (321, 0, -321))
        self.assertEqual(correction.member_count, 1)
        self.post(correction)
        self.assertEqual(self._sum("payable", correction.move_id), 0)

    def test_a_chain_of_corrections(self):
        run = self.post()
        self.late()
        first = self.post(self._computed(self.correct(run)))
        self._earn("2025-12-31", 100)
        second = self.post(self._computed(self.correct(first, "2026-07-01")))
        self.assertEqual(second.name, "SHU 2025, correction 2")
        self.assertEqual(self._sum("undistributed", second.move_id), -100)
        moves = run.move_id + first.move_id + second.move_id
        self.assertEqual(sum(self._sum("undistributed", move) for move in moves), -1200)
        self.assertEqual(sum(self._sum("payable", move) for move in moves), second.distributed)
        with self.assertRaisesRegex(UserError, "SHU 2025 is corrected by SHU 2025, correction 1"):
            run.action_reverse()
        for live in (second, first, run):
            live.action_reverse()
        moves += moves.shu_run_ids.reversal_move_id
        for account in ("undistributed", "reserve", "education", "payable"):
            self.assertEqual(sum(self._sum(account, move) for move in moves), 0, account)

    def test_one_chain_per_year(self):
        run = self.post()
        correction = self.correct(run)
        self.assertEqual(run.action_correct()["res_id"], correction.id)
        with self.assertRaisesRegex(UserError, "already has a distribution"):
            self._create_run(self.scheme)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO kmp_shu_run (name, company_id, scheme_id, date_from, date_to, state, corrects_id)"
                " SELECT name, company_id, scheme_id, date_from, date_to, 'draft', corrects_id"
                " FROM kmp_shu_run WHERE id = %s",
                correction.ids,
            )

    def test_a_correction_keeps_year_and_scheme(self):
        run = self.post()
        correction = self.correct(run)
        with self.assertRaisesRegex(ValidationError, "has its year and its scheme"):
            correction.date_to = "2025-11-30"
        with self.assertRaisesRegex(UserError, "changes by its buttons only"):
            correction.write({"corrects_id": False})
        with self.assertRaisesRegex(UserError, "changes by its buttons only"):
            self._create_run(self.scheme, corrects_id=run.id)

    def test_nothing_to_correct(self):
        run = self.post()
        correction = self._computed(self.correct(run))
        self.assertEqual(correction.hash, run.hash)
        self._approve(correction)
        with self.assertRaisesRegex(UserError, "nothing to post"):
            correction.action_post()
        correction.action_reset_to_draft()
        correction.unlink()
        run.action_reverse()
        self.assertEqual(run.state, "reversed")

    def test_residuals_differ_too(self):
        self.scheme = self.scheme.copy({"rounding_method": "truncate"})
        self.scheme.with_user(self.officer).action_put_into_force()
        run = self.post()
        self.assertEqual((run.residual, self._sum("reserve", run.move_id)), (3, 203))
        self._earn("2025-12-31", 99)
        correction = self.post(self._computed(self.correct(run)))
        # 1100: 220 and a residual of the members' capital and business of 1 and 1
        self.assertEqual(self._sum("reserve", correction.move_id), 220 + correction.residual - 203)
        self.assertEqual(
            self._sum("payable", correction.move_id) + self._sum("payable", run.move_id),
            correction.distributed,
        )

    def test_tax_is_owed_on_the_difference_only(self):
        self.scheme = self.scheme.copy({"tax_percent": 10, "tax_base": "all"})
        self.scheme.with_user(self.officer).action_put_into_force()
        run = self.post()
        self.late()
        correction = self.post(self._computed(self.correct(run)))
        # 380 less 38, then 321 less 32; A-2: 321 less 32, then 449 less 44
        self.assertEqual(
            {share.number: share.open_amount for share in run.share_ids}, {"A-1": 342, "A-2": 289}
        )
        self.assertEqual(
            {share.number: (share.difference, share.open_amount) for share in correction.share_ids},
            {"A-1": (-59, 289 - 342), "A-2": (128, 405 - 289)},
        )

    def test_late_business_of_a_posted_year(self):
        run = self.compute()
        self._approve(run)
        with self.assertRaisesRegex(UserError, "approved"):
            self._import(self.basis, "member,date,value\nA-2,2025-11-11,200\n", "late.csv")
        run.action_post()
        batch = self._import(self.basis, "member,date,value\nA-2,2025-11-11,200\n", "late.csv")
        self.assertEqual(run.state, "posted")
        correction = self._computed(self.correct(run))
        self._approve(correction)
        with self.assertRaisesRegex(UserError, "approved"):
            self._import(self.basis, "member,date,value\nA-2,2025-11-11,1\n", "later.csv")
        correction.action_post()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            batch.unlink()

    def test_what_came_after_posting_can_be_deleted(self):
        run = self.post()
        batch = self._import(self.basis, "member,date,value\nA-2,2025-11-11,200\n", "late.csv")
        self.env.cr.execute(
            "UPDATE kmp_patronage_import SET create_date = %s WHERE id = %s",
            [fields.Datetime.add(run.computed_on, minutes=1), batch.id],
        )
        batch.invalidate_recordset()
        batch.unlink()
        self.assertEqual(run._get_changes(), {})

    def test_who_may_correct(self):
        run = self.post()
        for user in (self.officer, self.auditor):
            with self.assertRaises(AccessError):
                run.with_user(user).action_correct()
        with self.assertRaisesRegex(UserError, "takes a distribution that is posted"):
            self.correct(self.correct(run))

    def test_close_when_nothing_is_open(self):
        run = self.post()
        with self.assertRaisesRegex(UserError, "701.* is not paid yet"):
            run.action_close()
        with self.assertRaises(AccessError):
            run.with_user(self.officer).action_close()
