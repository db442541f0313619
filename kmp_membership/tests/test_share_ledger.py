from datetime import date

from odoo.tests import tagged

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestShareLedger(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")
        partner = cls.member.partner_id
        for account, amount, day in (
            (cls.pokok_account, 100, date(2025, 1, 5)),
            (cls.wajib_account, 20, date(2025, 2, 5)),
            (cls.wajib_account, 20, date(2025, 7, 5)),
            (cls.wajib_account, -5, date(2025, 7, 5)),
        ):
            cls._create_entry(account, partner, amount, day).action_post()
        cls._create_entry(cls.wajib_account, partner, 999)
        cls._create_entry(cls.pokok_account, cls._create_member("Siti", "B-2").partner_id, 70).action_post()
        cls.member.with_user(cls.officer)._apply_step("change_class", date(2025, 7, 1), cls.consumers)
        # A member that was just made is remembered as one without holdings.
        cls.env.invalidate_all()

    def _statement(self, user):
        action = self.member.with_user(user).action_open_statement()
        return self.env["kmp.share.ledger"].with_user(user).search(action["domain"], order="date, id")

    def test_statement_of_a_member(self):
        expected = [
            {
                "date": date(2025, 1, 5),
                "share_type_id": self.pokok.id,
                "amount": 100,
                "balance": 100,
                "class_id": self.producers.id,
            },
            {
                "date": date(2025, 2, 5),
                "share_type_id": self.wajib.id,
                "amount": 20,
                "balance": 20,
                "class_id": self.producers.id,
            },
            {
                "date": date(2025, 7, 5),
                "share_type_id": self.wajib.id,
                "amount": 20,
                "balance": 40,
                "class_id": self.consumers.id,
            },
            {
                "date": date(2025, 7, 5),
                "share_type_id": self.wajib.id,
                "amount": -5,
                "balance": 35,
                "class_id": self.consumers.id,
            },
        ]
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            self.assertRecordValues(self._statement(user), expected)

    def test_total_equals_the_account(self):
        for share_type, account in ((self.pokok, self.pokok_account), (self.wajib, self.wajib_account)):
            domain = [("share_type_id", "=", share_type.id)]
            total = self.env["kmp.share.ledger"]._read_group(domain, [], ["amount:sum"])[0][0]
            lines = self.env["account.move.line"].search(
                [("account_id", "=", account.id), ("parent_state", "=", "posted")]
            )
            self.assertEqual(total, -sum(lines.mapped("balance")))

    def test_balances_of_a_page_cost_one_query(self):
        items = self._statement(self.env.user)
        self.env.invalidate_all()
        items.mapped("amount"), items.mapped("membership_id"), items.mapped("currency_id.rounding")
        with self.assertQueryCount(1):
            items.mapped("balance")

    def test_open_entry(self):
        item = self._statement(self.supervisor)[0]
        self.assertEqual(item.action_open_entry()["res_id"], item.move_id.id)

    def test_the_page_of_a_member_lists_what_is_held_of_each_type(self):
        for user in (self.clerk, self.supervisor, self.auditor):
            holdings = self.member.with_user(user).holding_ids
            self.assertEqual(
                [(holding.share_type_id, holding.balance) for holding in holdings],
                [(self.pokok, 100), (self.wajib, 35)],
            )
        self.assertEqual(holdings.mapped("date_last"), [date(2025, 1, 5), date(2025, 7, 5)])
        theirs = self.env["kmp.share.holding"].with_user(self.other_officer)
        theirs = theirs.with_context(allowed_company_ids=self.other_company.ids)
        self.assertFalse(theirs.search([("company_id", "in", (self.company | self.other_company).ids)]))

    def test_a_holding_is_read_by_its_id(self):
        holdings = self.member.with_user(self.clerk).holding_ids
        ids = holdings.ids
        self.env.invalidate_all()
        self.assertEqual(holdings.browse(ids[::-1]).mapped("balance"), [35, 100])
        self.assertEqual(holdings.search([("id", "=", ids[1])]).share_type_id, self.wajib)
        self.assertFalse(holdings.search([("id", "in", [ids[1] + 2**20])]))
