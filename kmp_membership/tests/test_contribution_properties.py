from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .contribution_common import ContributionCase

FIRST_DAY = date(2025, 1, 1)
DAYS = st.integers(0, 180).map(lambda days: FIRST_DAY + timedelta(days))
MEMBER = st.integers(0, 2)
CENTS = st.one_of(st.integers(1, 20_000_000), st.sampled_from([5_000_000, 1_000_000, 10_000_000]))
COMMANDS = st.one_of(
    st.tuples(st.just("bill"), st.integers(1, 6)),
    st.tuples(st.just("pay"), MEMBER, CENTS, DAYS),
    st.tuples(st.just("match"), MEMBER),
    st.tuples(st.just("match_all")),
    st.tuples(st.just("counter"), MEMBER, CENTS, DAYS),
    st.tuples(st.just("unmatch"), st.integers(0, 30)),
    st.tuples(st.just("draft"), st.integers(0, 30)),
    st.tuples(st.just("cancel"), st.integers(0, 30), DAYS),
    st.tuples(st.just("cancel_run"), st.integers(0, 5), DAYS),
    st.tuples(st.just("suspend"), MEMBER, DAYS),
    st.tuples(st.just("redeem"), MEMBER, CENTS, DAYS),
)
EXAMPLES = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@tagged("post_install", "-at_install")
class TestContributionProperties(ContributionCase):
    """Whatever the order of billing, paying, undoing and cancelling: what is called and not paid is what the members owe."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.proration = "days"
        cls._create_terms(cls.pokok, amount=100000, frequency="once", date_from=date(2024, 1, 1))
        cls.members = [
            cls._create_member("Budi", "B-1"),
            cls._create_member("Siti", "B-2", date_from=date(2025, 2, 11)),
            cls._create_member("Joko", "B-3", cls.consumers),
        ]

    @EXAMPLES
    @given(st.lists(COMMANDS, min_size=3, max_size=14))
    def test_called_not_paid_equals_open_dues(self, commands):
        savepoint = self.env.cr.savepoint()
        try:
            self.payments, self.runs = [], []
            for kind, *arguments in commands:
                self._try(getattr(self, f"_do_{kind}"), *arguments)
                self._check_invariants()
            self._check_register()
            self._check_billed_once()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    @mute_logger("odoo.sql_db")
    def _try(self, command, *arguments):
        """Refused commands are part of the game: they must leave nothing behind."""
        savepoint = self.env.cr.savepoint()
        try:
            command(*arguments)
            self.env.flush_all()
        except (UserError, ValidationError):
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        else:
            savepoint.close(rollback=False)

    def _do_bill(self, month):
        self.runs.append(self._bill(month))

    def _do_pay(self, member, cents, day):
        self.payments.append(self._pay(self.members[member], cents / 100, day))

    def _do_match(self, member):
        self.members[member].with_user(self.officer)._match_dues_credits()

    def _do_match_all(self):
        """Everything at once, as an accountant does it."""
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.receivable.id), ("reconciled", "=", False)]
        )
        items.with_user(self.accountant).reconcile()

    def _do_counter(self, member, cents, day):
        wizard = self.env["kmp.contribution.payment"].with_user(self.officer)
        wizard.create(
            {"membership_ids": [(6, 0, self.members[member].ids)], "amount": cents / 100, "date": day}
        ).action_confirm()

    def _do_unmatch(self, index):
        partials = self.env["account.partial.reconcile"].search([("company_id", "=", self.company.id)])
        if partials:
            partials[index % len(partials)].with_user(self.accountant).unlink()

    def _do_draft(self, index):
        if self.payments:
            payment = self.payments[index % len(self.payments)]
            payment.with_user(self.accountant).remove_move_reconcile()
            payment.move_id.with_user(self.accountant).button_draft()
            payment.move_id.with_user(self.accountant).action_post()

    def _do_cancel(self, index, day):
        lines = self.env["kmp.contribution.line"].with_user(self.officer).search([("state", "=", "billed")])
        if lines:
            lines[index % len(lines)]._cancel(day, "x")

    def _do_cancel_run(self, index, day):
        if self.runs:
            self.runs[index % len(self.runs)]._cancel(day, "x")

    def _do_suspend(self, member, day):
        self.members[member].with_user(self.officer)._apply_step("suspend", day)

    def _do_redeem(self, member, cents, day):
        """Capital is paid out by hand, up to what is held."""
        amount = min(cents / 100, float(self._holding(self.members[member])))
        if amount:
            self._create_entry(
                self.wajib_account, self.members[member].partner_id, -amount, day
            ).action_post()

    def _check_register(self):
        for member in self.members:
            for share_type, account in ((self.wajib, self.wajib_account), (self.pokok, self.pokok_account)):
                held = float(self._holding(member, share_type))
                self.assertAlmostEqual(held, self._ledger_balance(account, member.partner_id), 2)
                self.assertGreaterEqual(held, 0)

    def _check_billed_once(self):
        lines = self.env["kmp.contribution.line"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "cancelled")]
        )
        keys = [(line.membership_id, line.share_type_id, line.period_from) for line in lines]
        self.assertEqual(len(keys), len(set(keys)))
