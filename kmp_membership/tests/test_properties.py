import itertools
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MembershipCase

FIRST_DAY = date(2025, 1, 1)
DAYS = st.integers(0, 364).map(lambda days: FIRST_DAY + timedelta(days))
DEPOSIT = st.tuples(st.just("deposit"), st.integers(0, 1), st.integers(0, 2), st.integers(1, 10**9), DAYS)
REVERSE = st.tuples(st.just("reverse"), st.integers(0, 20), DAYS)
OUTSIDE = st.tuples(
    st.just("outside"), st.integers(0, 2), st.integers(0, 2), st.integers(-(10**6), 10**6).filter(bool), DAYS
)
WITHDRAW = st.tuples(st.just("withdraw"), st.integers(0, 1), st.integers(1, 10**8), DAYS)
CONVERT = st.tuples(
    st.just("convert"), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2), st.integers(1, 10**8), DAYS
)
CHANGE = st.tuples(st.just("change"), st.integers(0, 1), st.integers(0, 1), DAYS)
EXAMPLES = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@tagged("post_install", "-at_install")
class TestProperties(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = [cls._create_member("Budi", "B-1"), cls._create_member("Siti", "B-2")]
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})
        cls.types = [cls.pokok, cls.wajib, cls.sukarela]
        cls.classes = [cls.producers, cls.consumers]

    @EXAMPLES
    @given(
        st.lists(
            st.one_of(DEPOSIT, DEPOSIT, REVERSE, WITHDRAW, CONVERT, OUTSIDE, CHANGE), min_size=1, max_size=12
        ),
        DAYS,
    )
    def test_register_equals_ledger_and_periods_do_not_overlap(self, commands, day):
        savepoint = self.env.cr.savepoint()
        try:
            self.operations = []
            for kind, *arguments in commands:
                self._try(getattr(self, f"_{kind}"), *arguments)
            self._check_register(day)
            self._check_register(date(2099, 12, 31))
            self._check_periods()
            if not any(command[0] == "outside" for command in commands):
                self._check_nobody_overdrawn()
        finally:
            savepoint.close(rollback=True)

    @mute_logger("odoo.sql_db")
    def _try(self, command, *arguments):
        """Refused commands are part of the game: they must leave nothing behind."""
        savepoint = self.env.cr.savepoint()
        try:
            command(*arguments)
        except (UserError, ValidationError):
            savepoint.close(rollback=True)
        else:
            savepoint.close(rollback=False)

    def _deposit(self, member, share_type, amount, day):
        self._post(self._create_deposit(self.members[member], amount / 100, self.types[share_type], day))

    def _withdraw(self, member, amount, day):
        self._post(
            self._create_deposit(self.members[member], amount / 100, self.sukarela, day, kind="withdrawal")
        )

    def _convert(self, member, source, target, amount, day):
        target = self.types[target if target != source else (target + 1) % len(self.types)]
        vals = {"kind": "conversion", "target_share_type_id": target.id}
        self._post(self._create_deposit(self.members[member], amount / 100, self.types[source], day, **vals))

    def _post(self, operation):
        operation.with_user(self.officer).action_post()
        self.operations.append((operation.with_user(self.officer), operation.amount))

    def _reverse(self, index, day):
        if self.operations:
            self.operations[index % len(self.operations)][0]._reverse(day)

    def _outside(self, partner, share_type, amount, day):
        """An accountant posts by hand, now and then for a stranger."""
        partner = [*(member.partner_id for member in self.members), self.stranger][partner]
        self._create_entry(self.types[share_type].account_id, partner, amount / 100, day).with_user(
            self.accountant
        ).action_post()

    def _change(self, member, stakeholder_class, day):
        self.members[member].with_user(self.officer)._apply_step(
            "change_class", day, self.classes[stakeholder_class]
        )

    def _check_register(self, day):
        types = self.env["kmp.share.type"].concat(*self.types)
        holdings = types._get_holdings(day)
        for member in self.members:
            for share_type in types:
                held = float(holdings.get((member.partner_id.id, share_type.id), 0))
                self.assertAlmostEqual(
                    held, self._ledger_balance(share_type.account_id, member.partner_id, day), 2
                )
        for share_type in types:
            lines = self.env["account.move.line"].search(
                [
                    ("account_id", "=", share_type.account_id.id),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", day),
                ]
            )
            total = float(
                sum(held for (_partner, type_id), held in holdings.items() if type_id == share_type.id)
            )
            self.assertAlmostEqual(total, -sum(lines.mapped("balance")), 2)
        for operation, amount in self.operations:
            self.assertEqual(operation.amount, amount)
            self.assertEqual(operation.state == "reversed", bool(operation.sudo().reversal_move_id))

    def _check_nobody_overdrawn(self):
        for member in self.members:
            for share_type in self.types:
                self.assertGreaterEqual(share_type._get_lowest_holding(member.partner_id, FIRST_DAY), 0)

    def _check_periods(self):
        for member in self.members:
            periods = member.period_ids.sorted("date_from")
            self.assertEqual(len(periods.filtered(lambda period: not period.date_to)), 1)
            for first, second in itertools.pairwise(periods):
                self.assertEqual(first.date_to + timedelta(1), second.date_from)
            self.assertEqual(member.class_id, periods[-1].class_id)
