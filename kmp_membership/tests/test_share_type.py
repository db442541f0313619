from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestShareType(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi").partner_id
        cls.siti = cls._create_member("Siti").partner_id

    def test_holdings_are_the_posted_items_up_to_the_day(self):
        self._create_entry(self.pokok_account, self.budi, 100, day=date(2025, 1, 31)).action_post()
        self._create_entry(self.pokok_account, self.budi, 50, day=date(2025, 2, 1)).action_post()
        self._create_entry(self.pokok_account, self.budi, -30, day=date(2025, 2, 2)).action_post()
        self._create_entry(self.wajib_account, self.siti, 7, day=date(2025, 2, 1)).action_post()
        self._create_entry(self.wajib_account, self.siti, 1000, day=date(2025, 2, 1))  # a draft
        types = (self.pokok | self.wajib).with_user(self.clerk)
        budi_pokok, siti_wajib = (self.budi.id, self.pokok.id), (self.siti.id, self.wajib.id)
        self.assertEqual(types._get_holdings(date(2025, 1, 30)), {})
        self.assertEqual(types._get_holdings(date(2025, 1, 31)), {budi_pokok: Decimal(100)})
        self.assertEqual(
            types._get_holdings(date(2025, 2, 1)), {budi_pokok: Decimal(150), siti_wajib: Decimal(7)}
        )
        self.assertEqual(
            types._get_holdings(date(2025, 2, 2)), {budi_pokok: Decimal(120), siti_wajib: Decimal(7)}
        )
        self.assertEqual(types._get_holdings(date(2025, 2, 2), self.siti), {siti_wajib: Decimal(7)})
        self.assertEqual(self.wajib._get_holdings(date(2025, 2, 2)), {siti_wajib: Decimal(7)})
        self.assertEqual(self.wajib._get_totals(date(2025, 2, 2)), {self.wajib.id: Decimal(7)})

    def test_holdings_are_exact(self):
        """0.1 + 0.2 and amounts above 2**53 cents stay what they are."""
        for amount in (0.1, 0.2):
            self._create_entry(self.pokok_account, self.budi, amount).action_post()
        self.assertEqual(
            self.pokok._get_holdings(date(2025, 12, 31))[self.budi.id, self.pokok.id], Decimal("0.30")
        )

    def test_holdings_see_what_is_not_flushed(self):
        entry = self._create_entry(self.pokok_account, self.budi, 100)
        entry.action_post()
        entry.line_ids.filtered(lambda line: line.account_id == self.pokok_account).partner_id = self.siti
        self.assertEqual(
            self.pokok._get_holdings(date(2025, 12, 31)), {(self.siti.id, self.pokok.id): Decimal(100)}
        )

    def test_holdings_cost_one_query(self):
        for partner in (self.budi, self.siti):
            for account in (self.pokok_account, self.wajib_account):
                self._create_entry(account, partner, 10).action_post()
        self.env.flush_all()
        types = self.pokok | self.wajib
        with self.assertQueryCount(1):
            self.assertEqual(len(types._get_holdings(date(2025, 12, 31))), 4)
        with self.assertQueryCount(1):
            types._get_holdings(date(2025, 12, 31), self.budi)
        with self.assertQueryCount(1):
            types._get_totals(date(2025, 12, 31))

    def test_no_type_holds_nothing(self):
        self.assertEqual(self.env["kmp.share.type"]._get_holdings(date(2025, 12, 31)), {})

    def test_classification_must_fit_the_account(self):
        account = self._create_account("310009", "Lain", "equity")
        with self.assertRaisesRegex(ValidationError, "classified as Liability"):
            self.env["kmp.share.type"].with_user(self.officer).create(
                {
                    "code": "X",
                    "name": "X",
                    "kind": "special",
                    "classification": "liability",
                    "account_id": account.id,
                }
            )

    def test_savings_are_a_liability_and_no_capital_base_by_default(self):
        self.assertRecordValues(
            self.sukarela | self.pokok,
            [
                {"classification": "liability", "counts_for_capital_base": False},
                {"classification": "equity", "counts_for_capital_base": True},
            ],
        )

    @mute_logger("odoo.sql_db")
    def test_one_type_per_account_and_code(self):
        other = self._create_account("310009", "Lain", "equity")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_share_type("XX", "X", "special", self.pokok_account)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_share_type("SP", "X", "special", other)

    def test_account_with_items_of_nobody_is_refused(self):
        account = self._create_account("310009", "Lain", "equity")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._create_entry(account, stranger, 10).action_post()
        with self.assertRaisesRegex(ValidationError, "Stranger is not a member"):
            self._create_share_type("XX", "X", "special", account)

    def test_account_with_history_of_members_shows_it_at_once(self):
        account = self._create_account("310009", "Lain", "equity")
        self._create_entry(account, self.budi, 10).action_post()
        share_type = self._create_share_type("XX", "X", "special", account)
        self.assertEqual(
            share_type._get_holdings(date(2025, 12, 31)), {(self.budi.id, share_type.id): Decimal(10)}
        )

    def test_used_type_keeps_its_account(self):
        self._create_entry(self.pokok_account, self.budi, 10).action_post()
        other = self._create_account("310009", "Lain", "equity")
        pokok = self.pokok.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            pokok.account_id = other
        with self.assertRaisesRegex(UserError, "archive it"):
            pokok.unlink()
        self.wajib.with_user(self.officer).account_id = other  # not used yet
        self.assertEqual(self.wajib.account_id, other)

    def test_balance_on_screen(self):
        self._create_entry(self.pokok_account, self.budi, 10).action_post()
        self._create_entry(self.pokok_account, self.siti, 15).action_post()
        self.assertEqual(self.pokok.with_user(self.clerk).balance, 25)
