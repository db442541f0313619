from freezegun import freeze_time
from psycopg2.errors import ExclusionViolation

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CooperativeCase


class ShuLossCase(CooperativeCase):
    """2025 ends with a loss of Rp1,000; the reserve holds Rp700, the class reserves Rp500 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("K", "P"):
            cls._create_class(code)
            cls.accounts[code] = cls._create_account(f"30210{len(cls.accounts)}", f"reserve {code}", "equity")
            cls._post("2024-12-31", ("cash", 500, None), (code, -500, None))
        cls.accounts["carried"] = cls._create_account("309100", "carried", "equity")
        cls._post("2024-12-31", ("cash", 700, None), ("reserve", -700, None))
        cls._post("2025-12-31", ("wages", 1000, None), ("cash", -1000, None))

    def cover(self, *lines, **vals):
        """Lines are (account key, amount, further values)."""
        return (
            self.env["kmp.shu.loss"]
            .with_user(self.accountant)
            .create(
                {
                    "date_from": "2025-01-01",
                    "date_to": "2025-12-31",
                    "resolution": "08/RAT/2026",
                    "posting_date": "2026-03-01",
                    "line_ids": [
                        Command.create({"account_id": self.accounts[key].id, "amount": amount, **more})
                        for key, amount, more in lines
                    ],
                    **vals,
                }
            )
        )

    def whole(self):
        return self.cover(("reserve", 700, {}), ("carried", 300, {"kind": "carried"}))

    def post(self, loss):
        loss.action_propose()
        loss.with_user(self.officer).action_approve()
        loss.action_post()
        return loss


@tagged("post_install", "-at_install")
class TestShuLoss(ShuLossCase):
    def test_a_reserve_bears_it_and_the_rest_is_carried_forward(self):
        loss = self.whole()
        self.assertEqual((loss.amount, loss.covered, loss.left), (1000, 1000, 0))
        move = self.post(loss).move_id
        self.assertEqual((loss.state, move.state, str(move.date)), ("posted", "posted", "2026-03-01"))
        self.assertEqual(
            [self._sum(key, move) for key in ("reserve", "carried", "undistributed")], [-700, -300, 1000]
        )
        self.assertIn("08/RAT/2026", move.ref)

    def test_by_class_to_the_reserves_of_the_classes(self):
        loss = self.cover(
            ("K", 0, {"class_id": self.classes["K"].id, "percent": 33.333333}),
            ("P", 0, {"class_id": self.classes["P"].id, "percent": 33.333333}),
            ("reserve", 0, {"percent": 33.333334}),
        )
        loss.action_split()
        # 333.33333, 333.33333 and 333.33334: the unit that is left goes to the largest remainder
        self.assertEqual(loss.line_ids.mapped("amount"), [333.33, 333.33, 333.34])
        move = self.post(loss).move_id
        by_class = {line.kmp_class_id.code: line.debit for line in move.line_ids if line.debit}
        self.assertEqual(by_class, {"K": 333.33, "P": 333.33, False: 333.34})

    def test_a_tie_goes_to_the_first_line(self):
        self._post("2025-12-31", ("wages", 0.01, None), ("cash", -0.01, None))
        loss = self.cover(("K", 0, {"percent": 50}), ("P", 0, {"percent": 50}))
        loss.action_split()
        self.assertEqual(loss.line_ids.mapped("amount"), [500.01, 500])

    def test_percents_that_do_not_sum_are_refused(self):
        loss = self.cover(("K", 0, {"percent": 50}), ("P", 0, {"percent": 45}))
        with self.assertRaisesRegex(UserError, "Loss 2025: the percents of the lines sum to 95"):
            loss.action_split()

    def test_lines_must_be_the_loss_of_the_ledger(self):
        loss = self.cover(("reserve", 699, {}), ("carried", 300, {"kind": "carried"}))
        with self.assertRaisesRegex(UserError, "Loss 2025: the lines cover .*999.*1,000"):
            loss.action_propose()
        loss.line_ids[0].amount = 700
        loss.action_propose()
        self._earn("2025-12-31", 1)
        with self.assertRaisesRegex(UserError, "1,000.*999"):
            loss.with_user(self.officer).action_approve()

    def test_a_reserve_bears_no_more_than_it_holds(self):
        loss = self.cover(("reserve", 1000, {}))
        with self.assertRaisesRegex(UserError, "302000 reserve, which holds only .*700"):
            self.post(loss)

    def test_a_surplus_is_no_loss(self):
        self._earn("2025-12-31", 2000)
        with self.assertRaisesRegex(UserError, "shows no loss"):
            self.whole().action_propose()

    def test_resolution_day_account_and_lock(self):
        loss = self.whole()
        loss.resolution = False
        with self.assertRaisesRegex(UserError, "no resolution"):
            loss.action_propose()
        with self.assertRaisesRegex(ValidationError, "where the loss stands already"):
            loss.line_ids[0].account_id = self.accounts["undistributed"]
        loss.write({"resolution": "08/RAT/2026", "posting_date": "2025-12-31"})
        loss.line_ids[0].account_id = self.accounts["reserve"]
        with self.assertRaisesRegex(UserError, "posting date after 2025-12-31"):
            self.post(loss)
        loss.posting_date = "2026-03-01"
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "locked period"):
            loss.action_post()

    def test_four_eyes_and_who_may(self):
        loss = self.whole()
        for user, step in (
            (self.officer, "action_propose"),
            (self.officer, "action_split"),
            (self.auditor, "action_propose"),
        ):
            with self.assertRaises(AccessError, msg=step):
                getattr(loss.with_user(user), step)()
        loss.action_propose()
        with self.assertRaises(AccessError):
            loss.action_approve()
        self.accountant.group_ids += self.env.ref("kmp_membership.group_officer")
        with self.assertRaisesRegex(UserError, "proposed by you"):
            loss.action_approve()
        with self.assertRaisesRegex(UserError, "Loss 2025 is proposed"):
            loss.line_ids[0].amount = 1
        with self.assertRaisesRegex(UserError, "Loss 2025 is proposed"):
            loss.action_post()
        with self.assertRaisesRegex(UserError, "by its buttons only"):
            loss.write({"state": "posted"})

    @freeze_time("2026-05-05")
    def test_it_is_reversed_exactly_and_once(self):
        loss = self.post(self.whole())
        for change in (loss.move_id.button_draft, loss.move_id._reverse_moves, loss.unlink):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        loss.action_reverse()
        for key in ("reserve", "carried", "undistributed"):
            self.assertEqual(self._sum(key, loss.move_id) + self._sum(key, loss.reversal_move_id), 0, key)
        with self.assertRaisesRegex(UserError, "is reversed"):
            loss.action_reverse()
        with self.assertRaises(UserError):
            loss.reversal_move_id.button_draft()
        again = self.whole()
        again.posting_date = "2026-05-06"
        self.assertEqual(self.post(again).state, "posted")

    def test_one_per_year(self):
        self.whole()
        with self.assertRaisesRegex(UserError, "Koperasi Uji already has the cover of a loss .* Loss 2025"):
            self.whole()
        later = (
            self.env["kmp.shu.loss"]
            .with_user(self.accountant)
            .create({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        )
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            later.date_from = "2025-12-31"
            later.flush_recordset()

    def test_the_distribution_offers_it(self):
        scheme = self._create_scheme({"code": "R", "kind": "reserve", "percent": 100})
        scheme.with_user(self.officer).action_put_into_force()
        run = self._create_run(scheme)
        with self.assertRaises(RedirectWarning) as caught:
            run.action_compute()
        message, action, button = caught.exception.args[:3]
        self.assertIn("loss of 1000", message)
        self.assertEqual(
            (action["res_model"], action["res_id"], button), ("kmp.shu.loss", False, "Cover the loss")
        )
        loss = (
            self.env["kmp.shu.loss"].with_user(self.accountant).with_context(**action["context"]).create({})
        )
        self.assertEqual((str(loss.date_to), loss.amount), ("2025-12-31", 1000))
        self.assertEqual(run._prepare_loss_action()["res_id"], loss.id)

    def test_another_company_sees_nothing(self):
        loss = self.whole()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user("stranger", "kmp_shu.group_shu_accountant")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(
            self.env["kmp.shu.loss"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search([("id", "=", loss.id)])
        )
