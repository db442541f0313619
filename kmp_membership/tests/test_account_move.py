from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestAccountMove(MembershipCase):
    """I1: every posted item on a share account names a member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})

    def _post(self, *args, **kwargs):
        move = self._create_entry(*args, **kwargs).with_user(self.accountant)
        move.action_post()
        return move

    def test_member(self):
        self.assertEqual(self._post(self.pokok_account, self.member.partner_id, 10).state, "posted")

    def test_former_member_and_applicant_are_in_the_register(self):
        self.member.with_user(self.officer)._apply_step("resign", date(2025, 2, 1))
        self.assertEqual(self._post(self.pokok_account, self.member.partner_id, 10).state, "posted")
        self.env["kmp.membership"].create({"partner_id": self.stranger.id})
        self.assertEqual(self._post(self.pokok_account, self.stranger, 10).state, "posted")

    def test_nobody_and_stranger_are_refused_and_the_entry_stays_a_draft(self):
        for partner, text in (
            (None, "must name a member"),
            (self.stranger, "Stranger is not a member of Koperasi Uji"),
        ):
            move = self._create_entry(self.pokok_account, partner, 10).with_user(self.accountant)
            with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
                move.action_post()
            self.assertIn(text, str(caught.exception))
            self.assertIn("“item”", str(caught.exception))
            self.assertIn(self.pokok_account.display_name, str(caught.exception))
            self.assertEqual(move.state, "draft")

    def test_direct_write_of_the_status_is_no_way_round(self):
        move = self._create_entry(self.pokok_account, self.stranger, 10)
        with self.assertRaises(ValidationError):
            move.write({"state": "posted"})

    def test_other_accounts_are_free(self):
        self.assertEqual(self._post(self.cash, self.stranger, 10, counterpart=self.cash).state, "posted")

    def test_member_of_another_company_is_a_stranger(self):
        self.env["kmp.membership"].create(
            {"partner_id": self.stranger.id, "company_id": self.other_company.id}
        )
        with self.assertRaises(ValidationError):
            self._post(self.pokok_account, self.stranger, 10)

    def test_later_change_of_partner_or_account(self):
        move = self._post(self.pokok_account, self.member.partner_id, 10)
        item = move.line_ids.filtered(lambda line: line.account_id == self.pokok_account)
        with self.assertRaises(ValidationError):
            item.partner_id = self.stranger
        with self.assertRaises(ValidationError):
            item.partner_id = False
        other = self._post(self.cash, self.stranger, 10, counterpart=self.cash)
        with self.assertRaises(ValidationError):
            other.line_ids[0].account_id = self.pokok_account

    def test_later_item_on_a_posted_entry(self):
        move = self._post(self.cash, self.stranger, 10, counterpart=self.cash)
        vals = {
            "move_id": move.id,
            "account_id": self.pokok_account.id,
            "partner_id": self.stranger.id,
            "balance": 0,
        }
        with self.assertRaises(ValidationError):
            self.env["account.move.line"].with_context(check_move_validity=False).create(vals)

    def test_archived_type_still_guards(self):
        self.pokok.active = False
        with self.assertRaises(ValidationError):
            self._post(self.pokok_account, self.stranger, 10)

    def test_branch_cannot_post_on_the_share_accounts(self):
        branch = self.env["res.company"].create(
            {"name": "Cabang", "parent_id": self.company.id, "currency_id": self.idr.id}
        )
        journal = self.env["account.journal"].create(
            {"name": "U", "code": "UC", "type": "general", "company_id": branch.id}
        )
        move = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "journal_id": journal.id,
                    "date": "2025-03-01",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": self.pokok_account.id,
                                "partner_id": self.member.partner_id.id,
                                "credit": 1,
                            }
                        ),
                        Command.create({"account_id": self.cash.id, "debit": 1}),
                    ],
                }
            )
        )
        with self.assertRaisesRegex(ValidationError, "in that company only"):
            move.action_post()

    def test_the_guard_costs_one_query_per_post(self):
        self.env.flush_all()
        moves = self.env["account.move"].concat(
            *[self._create_entry(self.pokok_account, self.member.partner_id, 10) for _index in range(5)]
        )
        moves.action_post()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["account.move.line"]._check_share_items(moves=moves)

    def test_entry_of_an_operation_is_undone_by_the_operation_only(self):
        operation = self._create_deposit(self.member, 100).with_user(self.officer)
        operation.action_post()
        move = operation.move_id.with_user(self.accountant)
        for undo in (move.button_draft, move._reverse_moves, lambda: move.write({"state": "cancel"})):
            with self.assertRaisesRegex(UserError, f"belongs to {operation.name}"):
                undo()
        self.assertEqual(move.state, "posted")

    def test_merging_accounts_checks_again(self):
        account = self._create_account("310009", "Lain", "equity")
        self._post(account, self.stranger, 10)
        with self.assertRaisesRegex(ValidationError, "Stranger is not a member"):
            self.env["account.merge.wizard"]._action_merge(self.pokok_account | account)

    def test_the_items_of_a_share_operation_stay(self):
        """Another partner on a posted item would be a transfer of shares."""
        deposit = self._create_deposit(self.member, 100)
        deposit.with_user(self.officer).action_post()
        other = self._create_member("Siti", "B-2").partner_id
        items = deposit.move_id.line_ids
        item = items.filtered(lambda line: line.account_id == self.pokok_account)
        for vals in ({"partner_id": other.id}, {"account_id": self.wajib_account.id}):
            with self.assertRaisesRegex(UserError, "Reverse that operation instead"), self.cr.savepoint():
                item.write(vals)
        with self.assertRaisesRegex(UserError, "Reverse that operation instead"), self.cr.savepoint():
            deposit.move_id.date = date(2025, 5, 1)
