import re
from unittest.mock import patch

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.kmp_membership.tests.portal_common import PortalCase

SIMULATE = "/payment/demo/simulate_payment"


@tagged("post_install", "-at_install")
class TestDuesPayment(PortalCase, HttpCase):
    """Ani owes January to March, Rp50,000 each; Budi owes the same. The provider is Odoo's demo provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outstanding = cls._create_account("110009", "Penerimaan Online", "asset_current")
        cls.outstanding.reconcile = True
        cls.company.transfer_account_id = cls.outstanding
        bank = cls._create_account("110002", "Bank", "asset_cash")
        cls.bank_journal = cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BNK",
                "type": "bank",
                "company_id": cls.company.id,
                "default_account_id": bank.id,
            }
        )
        cls.provider = cls._enable_provider(cls.company)
        cls.method = cls.provider.payment_method_ids[:1]
        for month in (1, 2, 3):
            cls._bill(month)
        cls.dues = cls._get_dues(cls.ani)

    @classmethod
    def _enable_provider(cls, company):
        demo = cls.env.ref("payment.payment_provider_demo")
        provider = demo if demo.company_id == company else demo.copy({"company_id": company.id})
        provider.write({"state": "test", "is_published": True})
        provider.payment_method_ids.active = True
        return provider

    @classmethod
    def _get_dues(cls, member):
        lines = cls.env["kmp.contribution.line"].search([("membership_id", "=", member.id)])
        return lines.sorted("period_from")

    # ---------------------------------------------------------------- what a browser does

    def _open(self, dues, member=None, **params):
        member = member or self.ani
        chosen = "&".join(f"due={item.id}" for item in dues.move_line_id)
        extra = "".join(f"&{name}={value}" for name, value in params.items())
        return self.url_open(f"/my/membership/{member.id}/dues/pay?{chosen}{extra}", allow_redirects=False)

    def _read_form(self, response):
        form = re.search(r'<form[^>]*id="o_payment_form".*?>', response.text, re.DOTALL).group()
        return dict(re.findall(r'data-([\w-]+)="([^"]*)"', form))

    def _begin(self, form, **params):
        """Press Pay: what Odoo's payment form sends. Returns the transaction."""
        values = self.make_jsonrpc_request(
            form["transaction-route"],
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": float(form["amount"]),
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "https://elsewhere.example.com",
                "is_validation": False,
                "access_token": form["access-token"],
                **params,
            },
        )
        return self.env["payment.transaction"].search([("reference", "=", values["reference"])])

    def _notify(self, transaction, state="done"):
        """The provider says what became of the payment."""
        self.make_jsonrpc_request(SIMULATE, {"reference": transaction.reference, "simulated_state": state})
        self.env.invalidate_all()

    def _finish(self):
        """The page that waits for the payment asks for its state, which posts it."""
        result = self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()
        return result

    def _pay_online(self, dues, **params):
        self._sign_in(self.user_ani)
        transaction = self._begin(self._read_form(self._open(dues, **params)))
        self._notify(transaction)
        self._finish()
        return transaction

    # ---------------------------------------------------------------- what becomes of it

    def test_chosen_dues_become_capital(self):
        transaction = self._pay_online(self.dues[1:])
        payment = transaction.payment_id
        self.assertEqual((transaction.state, transaction.amount), ("done", 100_000))
        self.assertEqual(payment.amount, 100_000)
        self.assertEqual(payment.destination_account_id, self.receivable)
        self.assertEqual(payment.partner_id, self.ani.partner_id)
        self.assertEqual(self.dues.mapped("status"), ["open", "paid", "paid"])
        self.assertEqual(self._holding(self.ani), 100_000)
        self.assertEqual(self._ledger_balance(self.outstanding, self.ani.partner_id), -100_000)
        self.assertEqual(self._get_dues(self.budi).mapped("status"), ["open"] * 3)
        self._check_invariants()

    def test_landing_is_the_members_own_page(self):
        transaction = self._pay_online(self.dues[:1])
        self.assertEqual(transaction.landing_route, f"/my/membership/{self.ani.id}/dues")
        self.assertIn("DUES-A-1", transaction.reference)
        self.assertIn(transaction.payment_id.name, self.ani.message_ids[0].body)

    def test_second_notification_changes_nothing(self):
        transaction = self._pay_online(self.dues)
        payment = transaction.payment_id
        self._notify(transaction)
        self._finish()
        transaction._post_process()
        self.assertEqual(transaction.payment_id, payment)
        self.assertEqual(
            self.env["account.payment"].search_count([("payment_transaction_id", "=", transaction.id)]), 1
        )
        self.assertEqual(self._holding(self.ani), 150_000)
        self._check_invariants()

    def test_part_pays_the_oldest_first(self):
        transaction = self._pay_online(self.dues, amount=70_000)
        self.assertEqual(transaction.amount, 70_000)
        self.assertEqual(self.dues.mapped("status"), ["paid", "partial", "open"])
        self.assertEqual(self.dues.mapped("amount_open"), [0, 30_000, 50_000])
        self.assertEqual(self._holding(self.ani), 70_000)
        self._check_invariants()

    def test_paid_at_the_counter_meanwhile_waits_as_credit(self):
        self._sign_in(self.user_ani)
        transaction = self._begin(self._read_form(self._open(self.dues[:2])))
        self._match(self._pay(self.ani, 50_000), self.dues[:1])
        self._notify(transaction)
        self._finish()
        self.assertEqual(self.dues.mapped("status"), ["paid", "paid", "open"])
        credit = transaction.payment_id.move_id.line_ids.filtered(
            lambda item: item.account_id == self.receivable
        )
        self.assertEqual(credit.amount_residual, -50_000)
        self.assertEqual(self._holding(self.ani), 100_000)
        self._check_invariants()

    def test_cancelled_and_failed_payments_pay_nothing(self):
        self._sign_in(self.user_ani)
        for state, expected in (("cancel", "cancel"), ("error", "error"), ("pending", "pending")):
            transaction = self._begin(self._read_form(self._open(self.dues)))
            self._notify(transaction, state)
            self._finish()
            self.assertEqual((transaction.state, transaction.payment_id.id), (expected, False))
        self.assertEqual(self.dues.mapped("status"), ["open"] * 3)
        self.assertEqual(self._holding(self.ani), 0)
        self.assertIn("is being processed", self._read(f"/my/membership/{self.ani.id}/dues"))

    def test_pending_payment_arrives_later(self):
        self._sign_in(self.user_ani)
        transaction = self._begin(self._read_form(self._open(self.dues)))
        self._notify(transaction, "pending")
        self._finish()
        self._notify(transaction, "done")
        with patch.object(self.env.cr.__class__, "commit"):
            transaction._post_process()
        self.assertEqual(self.dues.mapped("status"), ["paid"] * 3)
        self.assertEqual(self._holding(self.ani), 150_000)

    def test_undone_matching_takes_the_capital_back(self):
        transaction = self._pay_online(self.dues)
        transaction.payment_id.move_id.line_ids.with_user(self.accountant).remove_move_reconcile()
        self.assertEqual(self.dues.mapped("status"), ["open"] * 3)
        self.assertEqual(self._holding(self.ani), 0)
        self._check_invariants()

    def test_money_paid_back_stands_on_the_receivable(self):
        transaction = self._pay_online(self.dues[:1])
        refund = transaction._create_child_transaction(50_000, is_refund=True)
        refund._set_done()
        refund._post_process()
        self.assertEqual(refund.payment_id.payment_type, "outbound")
        self.assertEqual(refund.payment_id.destination_account_id, self.receivable)
        self.assertEqual(refund.payment_id.partner_id, self.ani.partner_id)
        self.assertEqual(self.dues[0].status, "paid")
        self._check_invariants()

    # ---------------------------------------------------------------- what is refused

    @mute_logger("odoo.http")
    def _refuse_to_begin(self, form, message, **params):
        count = self.env["payment.transaction"].search_count([])
        with self.assertRaisesRegex(JsonRpcException, message):
            self._begin(form, **params)
        self.env.invalidate_all()
        self.assertEqual(self.env["payment.transaction"].search_count([]), count)

    def test_another_amount_than_shown(self):
        self._sign_in(self.user_ani)
        form = self._read_form(self._open(self.dues))
        for amount in (1, 149_999, 150_001, 0, -150_000, None, "nan", "1e999"):
            self._refuse_to_begin(form, "ValidationError", amount=amount)
        self._refuse_to_begin(form, "ValidationError", access_token="0" * 64)
        self._refuse_to_begin(form | {"access-token": ""}, "ValidationError")

    def test_unknown_parameters(self):
        self._sign_in(self.user_ani)
        form = self._read_form(self._open(self.dues))
        self._refuse_to_begin(form, "BadRequest", custom_create_values={"amount": 1})
        self._refuse_to_begin(form, "BadRequest", partner_id=self.budi.partner_id.id)

    def test_amounts_of_the_page(self):
        self._sign_in(self.user_ani)
        for amount in ("0", "-5", "150001", "nan", "inf", "0.001", "x"):
            response = self._open(self.dues, amount=amount)
            self.assertIn("Enter an amount above zero", response.text, amount)
            self.assertNotIn("o_payment_form", response.text, amount)

    def test_dues_of_another_member(self):
        self._sign_in(self.user_budi)
        theirs = self._open(self.dues, member=self.budi)
        self.assertEqual(theirs.status_code, 404)
        self.assertEqual(self._open(self.dues).status_code, 404)
        self._sign_in(self.user_ani)
        form = self._read_form(self._open(self.dues))
        self._sign_in(self.user_budi)
        self._refuse_to_begin(form, "404|NotFound")
        mine = form["transaction-route"].replace(f"/{self.ani.id}/", f"/{self.budi.id}/", 1)
        self._refuse_to_begin(form | {"transaction-route": mine}, "ValidationError")
        key = "-".join(map(str, self._get_dues(self.budi).ids))
        route = f"/my/membership/{self.budi.id}/dues/transaction/{key}"
        self._refuse_to_begin(form | {"transaction-route": route}, "ValidationError")

    def test_dues_that_are_paid_already(self):
        self._sign_in(self.user_ani)
        form = self._read_form(self._open(self.dues))
        self._match(self._pay(self.ani, 50_000), self.dues[:1])
        self.env.flush_all()
        self._refuse_to_begin(form, "ValidationError")
        self.assertEqual(self._open(self.dues).status_code, 404)

    def test_provider_of_another_company(self):
        elsewhere = self._enable_provider(self.other_company)
        self._sign_in(self.user_ani)
        form = self._read_form(self._open(self.dues))
        self._refuse_to_begin(form, "ValidationError", provider_id=elsewhere.id)
        self.provider.is_published = False
        self.env.flush_all()
        self._refuse_to_begin(form, "ValidationError")
        self.assertNotIn("Pay online", self._read(f"/my/membership/{self.ani.id}/dues"))

    def test_stranger(self):
        self.assertEqual(self._open(self.dues).status_code, 303)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                f"/my/membership/{self.ani.id}/dues/transaction/{self.dues[0].id}", {"access_token": "x"}
            )

    def test_nothing_is_open(self):
        self._pay_online(self.dues)
        response = self._open(self.dues.browse())
        self.assertEqual(response.status_code, 303)
        self.assertNotIn("Pay online", self._read(f"/my/membership/{self.ani.id}/dues"))

    def test_dues_on_a_former_account_are_paid_apart(self):
        newer = self._create_account("120009", "Piutang Simpanan Baru", "asset_receivable")
        self.company.kmp_dues_receivable_account_id = newer
        self._bill(4)
        dues = self._get_dues(self.ani)
        self.assertEqual(self.ani._get_dues_to_pay_online(), dues[:3])
        self._pay_online(dues[:3])
        self.assertEqual(self.ani._get_dues_to_pay_online(), dues[3:])
        self._pay_online(dues[3:])
        self.assertEqual(dues.mapped("status"), ["paid"] * 4)
        self._check_invariants()
