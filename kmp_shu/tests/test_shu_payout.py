from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .payout_common import DAY, PayoutCase


@tagged("post_install", "-at_install")
class TestShuPayout(PayoutCase):
    """Cash lists: the life of a payout, and who may do what."""

    def test_everybody_is_paid_and_matched(self):
        run = self.post_run()
        payout = self.pay(run)
        self.assertEqual((payout.state, payout.amount, payout.line_count), ("posted", 701, 2))
        payable = self.accounts["payable"]
        self.assertEqual(
            self.items(payout.move_id),
            {
                (payable, self.first.partner_id): 380,
                (payable, self.second.partner_id): 321,
                (self.cash, self.env["res.partner"]): -701,
            },
        )
        self.assertEqual((str(payout.move_id.date), payout.move_id.state), (DAY, "posted"))
        items = (run.move_id | payout.move_id).line_ids.filtered(lambda item: item.account_id == payable)
        self.assertTrue(all(items.mapped("reconciled")))
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        self.assertEqual((run.state, run.open_amount, run.payout_count), ("closed", 0, 1))
        self.assert_ties()

    def test_who_did_not_come_stays_open(self):
        run = self.post_run()
        payout = self.confirm(self.prepare(run))
        line = self.lines(payout)["A-2"]
        line.with_user(self.clerk).action_settle()
        self.assertEqual((line.settled_by_id, payout.settled_count), (self.clerk, 1))
        payout.action_post()
        self.assertEqual(self.amounts(run), {"A-1": (0, 380), "A-2": (321, 0)})
        self.assertEqual((payout.amount, self.lines(payout)["A-1"].state), (321, "not_paid"))
        self.assertEqual(self.pay(run).amount, 380)
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        self.assert_ties()

    def test_partly_twice_and_the_rest(self):
        run = self.post_run()
        first = self.pay(run, percent=50)
        self.assertEqual({line.number: line.amount for line in first.line_ids}, {"A-1": 190, "A-2": 160})
        self.pay(run, percent=50)
        self.assertEqual(self.amounts(run), {"A-1": (285, 95), "A-2": (240, 81)})
        self.pay(run)
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        self.assertTrue(all(run._get_payable_items().mapped("reconciled")))
        self.assert_ties()
        with self.assertRaisesRegex(UserError, "SHU 2025 is closed"):
            self.prepare(run)

    def test_what_the_scheme_withholds_is_owed_to_the_tax_office(self):
        """10% above 375: of A-1's 380 that is 38, in two payments 19 each; A-2's 321 are exempt."""
        self.scheme.with_user(self.officer).action_reset_to_draft()
        self.scheme.write({"tax_base": "all", "tax_percent": 10, "tax_exempt": 375})
        self.scheme.with_user(self.officer).action_put_into_force()
        tax = self._create_account("207000", "tax withheld", "liability_current")
        self.company.shu_tax_account_id = tax
        run = self.post_run()
        self.assertEqual(self.amounts(run), {"A-1": (0, 342), "A-2": (0, 321)})
        first = self.pay(run, percent=50, selection="numbers", numbers="A-1")
        payable, nobody = self.accounts["payable"], self.env["res.partner"]
        self.assertEqual(
            self.items(first.move_id),
            {(payable, self.first.partner_id): 190, (tax, nobody): -19, (self.cash, nobody): -171},
        )
        self.pay(run)
        self.assertEqual(self.amounts(run), {"A-1": (342, 0), "A-2": (321, 0)})
        self.assertTrue(all(run._get_payable_items().mapped("reconciled")))
        self.assertEqual(run.state, "closed")
        self.assert_ties()

    def test_above_the_limit_it_pays_by_class(self):
        self.company.shu_member_line_limit = 1
        run = self.post_run()
        payout = self.pay(run, selection="numbers", numbers="A-2")
        nobody = self.env["res.partner"]
        self.assertEqual(
            self.items(payout.move_id),
            {(self.accounts["payable"], nobody): 321, (self.cash, nobody): -321},
        )
        [owed] = run._get_payable_items()
        self.assertEqual(owed.amount_residual, -380)
        self.assertEqual(self.amounts(run), {"A-1": (0, 380), "A-2": (321, 0)})
        self.assert_ties()

    def test_each_class_is_matched_with_its_own_line(self):
        self._create_class("L")
        other = self._create_member("B-1", "L")
        self._pay_in(other, "2024-05-01", 300)
        self.company.shu_member_line_limit = 1
        run = self.post_run()
        share = self.share_of(run, other)
        self.pay(run, selection="classes", class_ids=[Command.set(self.classes["L"].ids)])
        self.assertEqual(self.amounts(run)["B-1"], (share.amount, 0))
        owed = {item.name: item.amount_residual for item in run._get_payable_items()}
        self.assertEqual(len(owed), 2)
        self.assertEqual({name: left for name, left in owed.items() if "Class L" in name and left}, {})
        self.assert_ties()

    @freeze_time("2026-06-01")
    def test_it_is_reversed_exactly_and_once(self):
        run = self.post_run()
        payout = self.pay(run)
        payout.action_reverse()
        self.assertEqual((payout.state, str(payout.reversed_on)), ("reversed", "2026-06-01"))
        self.assertEqual((run.state, run.open_amount), ("posted", 701))
        self.assertEqual(
            self.items(payout.reversal_move_id),
            {key: -balance for key, balance in self.items(payout.move_id).items()},
        )
        self.assertEqual(self.amounts(run), {"A-1": (0, 380), "A-2": (0, 321)})
        self.assertEqual(sum(run._get_payable_items().mapped("amount_residual")), -701)
        with self.assertRaisesRegex(UserError, "is reversed"):
            payout.action_reverse()
        for day in ("2026-02-28", "2026-03-01", "2026-03-15", "2026-05-31", "2026-06-01"):
            self.assert_ties(day)
        self.assertEqual(self.pay(run, date="2026-06-02").amount, 701)
        self.assert_ties()

    # Four eyes

    def test_who_prepared_does_not_confirm(self):
        self.accountant.group_ids |= self.env.ref("kmp_membership.group_officer")
        payout = self.prepare(self.post_run())
        with self.assertRaisesRegex(UserError, "prepared by you"):
            payout.action_confirm()
        self.confirm(payout)
        self.assertEqual((payout.state, payout.confirmed_by_id), ("confirmed", self.officer))

    def test_who_changes_a_draft_has_prepared_it(self):
        other = self._create_user("second_accountant", "kmp_shu.group_shu_accountant")
        other.group_ids |= self.env.ref("kmp_membership.group_officer")
        payout = self.prepare(self.post_run())
        self.lines(payout)["A-1"].with_user(other).amount = 100
        self.assertEqual((payout.prepared_by_id, payout.amount), (other, 421))
        with self.assertRaisesRegex(UserError, "prepared by you"):
            payout.with_user(other).action_confirm()

    def test_each_step_asks_who_may(self):
        payout = self.prepare(self.post_run())
        for user in (self.accountant, self.clerk, self.auditor, self.supervisor):
            with self.assertRaises(AccessError):
                payout.with_user(user).action_confirm()
        self.confirm(payout)
        line = payout.line_ids[0]
        for user in (self.auditor, self.supervisor, self.other_officer):
            with self.assertRaises(AccessError):
                line.with_user(user).action_settle()
        line.with_user(self.clerk).action_settle()
        for user in (self.officer, self.clerk, self.auditor, self.other_officer):
            for action in ("action_post", "action_reset_to_draft", "action_reverse"):
                with self.assertRaises(AccessError):
                    getattr(payout.with_user(user), action)()
        self.assertEqual(payout.state, "confirmed")

    def test_a_clerk_sees_confirmed_cash_lists_and_nothing_else(self):
        payout = self.prepare(self.post_run())
        seen = self.env["kmp.shu.payout"].with_user(self.clerk)
        self.assertFalse(seen.search([("id", "=", payout.id)]))
        self.confirm(payout)
        self.assertEqual(seen.search([("id", "=", payout.id)]).amount, 701)
        self.assertEqual(len(payout.with_user(self.clerk).line_ids), 2)
        with self.assertRaises(AccessError):
            self.env["kmp.shu.share"].with_user(self.clerk).search([])
        with self.assertRaises(AccessError):
            payout.line_ids[0].with_user(self.clerk).amount = 1

    def test_another_company_sees_nothing(self):
        run = self.post_run()
        payout = self.pay(run)
        stranger = self._create_user("other_accountant", "kmp_shu.group_shu_accountant", self.other_company)
        here = self.env(user=stranger, context={"allowed_company_ids": self.other_company.ids})
        for model in ("kmp.shu.payout", "kmp.shu.payout.line", "kmp.shu.unclaimed"):
            self.assertFalse(here[model].search([("company_id", "=", self.company.id)]))
        with self.assertRaises(AccessError):
            payout.with_env(here).action_reverse()
        wizard = here["kmp.shu.payout.wizard"]
        with self.assertRaises(UserError):
            wizard.create({"run_id": run.id}).action_prepare()

    # Bad input

    def test_never_above_the_share(self):
        run = self.post_run()
        payout = self.prepare(run)
        self.lines(payout)["A-1"].amount = 381
        with self.assertRaisesRegex(UserError, "A-1.*More than is open on the share"):
            self.confirm(payout)
        self.assertEqual(payout.state, "draft")
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE kmp_shu_share SET paid_amount = 381 WHERE id = %s", self.share_of(run, self.first).ids
            )

    def test_a_share_is_promised_once(self):
        run = self.post_run()
        first = self.prepare(run)
        share = self.share_of(run, self.first)
        second = first.copy()
        self.env["kmp.shu.payout.line"].with_user(self.accountant).create(
            {"payout_id": second.id, "share_id": share.id, "amount": 380}
        )
        self.confirm(second)
        with self.assertRaisesRegex(UserError, "A-1 Member A-1: More than is open"):
            self.confirm(first)
        with self.assertRaisesRegex(UserError, "Nobody of those chosen"):
            self.prepare(run, selection="numbers", numbers="A-1")

    def correct_twice(self, run):
        """A-1 has 380 - 59 + 48 = 369 in the end, A-2 321 + 128 - 48 = 401."""
        self._earn("2025-12-31", 99)
        runs = [run]
        for number in ("A-2", "A-1"):
            self._import(self.basis, f"member,date,value\n{number},2025-11-11,200\n", f"{number}.csv")
            correction = run.browse(runs[-1].action_correct()["res_id"])
            correction.posting_date = DAY
            self._acknowledge(correction, "tax_unset")
            correction.action_compute()
            self._approve(correction)
            correction.action_post()
            runs.append(correction)
        differences = [
            {share.number: share.difference for share in correction.share_ids} for correction in runs[1:]
        ]
        self.assertEqual(differences, [{"A-1": -59, "A-2": 128}, {"A-1": 48, "A-2": -48}])
        return runs

    def test_a_year_and_its_corrections_owe_one_sum(self):
        run, first, second = self.correct_twice(self.post_run())
        self.assertEqual(
            {line.number: line.amount for line in self.pay(run).line_ids}, {"A-1": 369, "A-2": 321}
        )
        self.assertEqual({line.number: line.amount for line in self.pay(first).line_ids}, {"A-2": 80})
        self.assertEqual((run.state, first.state), ("closed", "closed"))
        with self.assertRaisesRegex(UserError, "Nobody of those chosen has anything open"):
            self.prepare(second)
        self.assertFalse(self.env["kmp.shu.unclaimed"].search([("run_id", "in", (run + first + second).ids)]))
        self.assertTrue(all(run._get_payable_items_of_year().mapped("reconciled")))
        self.assert_ties()

    def test_who_was_paid_too_much_gets_nothing_of_a_later_correction(self):
        run = self.post_run()
        self.pay(run, selection="numbers", numbers="A-1")
        _run, _first, second = self.correct_twice(run)
        # Paid 380, due 369: the 48 of the second correction are not paid on top.
        with self.assertRaisesRegex(UserError, "Nobody of those chosen has anything open"):
            self.prepare(second, selection="numbers", numbers="A-1")

    def test_what_is_promised_of_one_distribution_of_the_year_is_not_promised_of_another(self):
        run, first, _second = self.correct_twice(self.post_run())
        one, other = self.prepare(run, numbers="A-2", selection="numbers"), self.prepare(first)
        self.assertEqual((one.amount, other.amount), (321, 128))
        self.confirm(one)
        with self.assertRaisesRegex(UserError, "A-2 Member A-2: More than is open on the share"):
            self.confirm(other)
        other.line_ids.amount = 80
        self.confirm(other)

    def test_only_a_posted_distribution_is_paid(self):
        run = self.compute()
        with self.assertRaisesRegex(UserError, "SHU 2025 is computed"), self.env.cr.savepoint():
            self.prepare(run)
        self._approve(run)
        run.action_post()
        payout = self.prepare(run)
        with self.assertRaisesRegex(UserError, "has payouts"):
            run.action_reverse()
        payout.unlink()
        run.action_reverse()
        with self.assertRaisesRegex(UserError, "SHU 2025 is reversed"):
            self.prepare(run)
        self.assert_ties()

    def test_a_distribution_that_is_paid_is_not_reversed(self):
        run = self.post_run()
        payout = self.pay(run)
        with self.assertRaisesRegex(UserError, rf"SHU 2025 has payouts: {payout.name}"):
            run.action_reverse()
        payout.action_reverse()
        run.action_reverse()
        self.assertEqual(run.state, "reversed")
        self.assert_ties()

    def test_not_before_the_distribution_and_not_in_a_locked_period(self):
        run = self.post_run()
        early = self.prepare(run, date="2026-02-28")
        with self.assertRaisesRegex(UserError, "posted on 03/01/2026 and cannot be paid before"):
            self.confirm(early)
        early.date = DAY
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "03/15/2026 lies in a locked period"):
            self.confirm(early)

    def test_another_distributions_share_is_refused(self):
        payout = self.prepare(self.post_run())
        self._earn("2024-12-31", 500)
        self._import(self.basis, "member,date,value\nA-1,2024-05-05,300\n", name="2024.csv")
        other = self._create_run(self.scheme, "2024-01-01", "2024-12-31", posting_date="2026-03-01")
        other.action_compute()
        with self.assertRaisesRegex(ValidationError, "belongs to another distribution"):
            self.env["kmp.shu.payout.line"].with_user(self.accountant).create(
                {"payout_id": payout.id, "share_id": other.share_ids[0].id, "amount": 1}
            )

    def test_an_unknown_number_is_named(self):
        run = self.post_run()
        with self.assertRaisesRegex(
            UserError, "No share of SHU 2025 belongs to: X-9, Robert'\\), DROP TABLE x"
        ):
            self.prepare(run, selection="numbers", numbers="A-1, X-9\nRobert'); DROP TABLE x\tA-2")
        payout = self.prepare(run, selection="numbers", numbers=" A-1\r\n\r\nA-2,A-1 ")
        self.assertEqual(payout.line_count, 2)

    def test_nobody_has_come(self):
        payout = self.confirm(self.prepare(self.post_run()))
        with self.assertRaisesRegex(UserError, "nobody is marked as having got the money"):
            payout.action_post()
        payout.action_reset_to_draft()
        payout.unlink()

    def test_an_account_that_cannot_be_matched_is_named(self):
        run = self.post_run()
        payout = self.prepare(run)
        self.assertTrue(self.accounts["payable"].reconcile)
        run.move_id.line_ids.remove_move_reconcile()
        self.env.cr.execute(
            "UPDATE account_account SET reconcile = FALSE WHERE id = %s", self.accounts["payable"].ids
        )
        self.accounts["payable"].invalidate_recordset()
        with self.assertRaisesRegex(UserError, "payable does not allow reconciliation"):
            self.confirm(payout)

    # What is sealed

    def test_the_result_is_sealed(self):
        payout = self.confirm(self.prepare(self.post_run()))
        line = payout.line_ids[0]
        for change in (
            lambda: payout.write({"state": "posted"}),
            lambda: payout.write({"confirmed_by_id": self.accountant.id}),
            lambda: payout.write({"date": "2026-04-01"}),
            lambda: line.write({"amount": 1}),
            lambda: line.write({"is_settled": True}),
            lambda: line.write({"state": "paid"}),
            lambda: payout.run_id.write({"payable_account_id": self.cash.id}),
            payout.unlink,
            line.unlink,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.assertEqual(payout.line_ids.mapped("amount"), [380, 321])

    def test_the_entry_is_changed_by_its_payout_alone(self):
        move = self.pay(self.post_run()).move_id
        for change in (move.button_draft, move._reverse_moves, move.unlink):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.assertFalse(move.show_reset_to_draft_button)
        self.assertEqual(move.state, "posted")

    # What is unclaimed

    @freeze_time("2027-05-01")
    def test_unclaimed_shares_have_an_age(self):
        run = self.post_run()
        self.pay(run, selection="numbers", numbers="A-1", date="2027-05-01", percent=50)
        rows = self.env["kmp.shu.unclaimed"].with_user(self.officer).search([("run_id", "=", run.id)])
        self.assertEqual(
            {row.number: (row.days, row.age, row.paid_amount, row.open_amount) for row in rows},
            {"A-1": (426, "1_2_years", 190, 190), "A-2": (426, "1_2_years", 0, 321)},
        )
        action = rows[0].with_user(self.accountant).action_prepare_payout()
        wizard = (
            self.env["kmp.shu.payout.wizard"]
            .with_user(self.accountant)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((wizard.run_id, wizard.member_count, wizard.amount), (run, 1, rows[0].open_amount))

    def test_an_entry_by_hand_shows_as_a_difference(self):
        self.post_run()
        self._post("2026-03-20", ("payable", 5, None), ("cash", -5, None))
        difference = self.env["kmp.shu.share"]._get_payable_difference(self.company, "2026-03-31")
        self.assertEqual(difference, -5)
        self.assert_ties("2026-03-19")
