import doctest
import itertools
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kmp_membership import periods

from .contribution_common import ContributionCase


@tagged("post_install", "-at_install")
class TestContributionTerm(ContributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.terms[0]

    def _list(self, terms, date_from, date_to):
        return [
            (charge.term_id, charge.period.date_from) for charge in terms._list_charges(date_from, date_to)
        ]

    def test_doctests(self):
        results = doctest.testmod(periods)
        self.assertEqual((results.attempted, results.failed), (2, 0))

    def test_periods_tile_the_time(self):
        for months in (1, 3, 12):
            found = periods.list_periods(months, date(2024, 1, 1), date(2027, 12, 31))
            self.assertEqual(len(found), 48 // months)
            self.assertEqual((found[0].date_from, found[-1].date_to), (date(2024, 1, 1), date(2027, 12, 31)))
            for first, second in itertools.pairwise(found):
                self.assertEqual((second.date_from - first.date_to).days, 1)

    def test_term_of_the_first_day_of_the_period(self):
        later = self._create_terms(
            self.wajib, self.producers, amount=60000, frequency="monthly", date_from=date(2025, 3, 2)
        )
        both = self.term | later
        self.assertEqual(
            self._list(both, date(2025, 2, 1), date(2025, 4, 30)),
            [
                (self.term.id, date(2025, 2, 1)),
                (self.term.id, date(2025, 3, 1)),
                (later.id, date(2025, 4, 1)),
            ],
        )

    def test_first_term_counts_from_the_period_in_which_it_begins(self):
        self.term.date_from = date(2025, 2, 27)
        self.assertEqual(self._list(self.term, date(2025, 1, 1), date(2025, 1, 31)), [])
        self.assertEqual(
            self._list(self.term, date(2025, 1, 1), date(2025, 2, 28)), [(self.term.id, date(2025, 2, 1))]
        )

    def test_free_or_zero_ends_the_billing(self):
        for vals in ({"frequency": "free", "amount": 5}, {"frequency": "monthly", "amount": 0}):
            end = self._create_terms(self.wajib, self.producers, date_from=date(2025, 3, 1), **vals)
            found = self._list(self.term | end, date(2025, 2, 1), date(2025, 4, 30))
            self.assertEqual(found, [(self.term.id, date(2025, 2, 1))])
            end.unlink()

    def test_once_by_the_day_of_joining(self):
        """100,000 for those who joined up to June, 150,000 from July on; who joined before the first term pays the first."""
        self._create_terms(self.pokok, amount=100000, frequency="once", date_from=date(2025, 2, 1))
        self._create_terms(self.pokok, amount=150000, frequency="once", date_from=date(2025, 4, 1))
        for number, day in (("J-1", date(2024, 6, 1)), ("J-2", date(2025, 3, 31)), ("J-3", date(2025, 4, 1))):
            self._create_member(number, number, date_from=day)
        run = self._create_run(4, share_type_ids=[(6, 0, self.pokok.ids)])
        amounts = {line.membership_id.number: line.amount for line in run.line_ids}
        self.assertEqual(amounts, {"J-1": 100000, "J-2": 100000, "J-3": 150000})

    def test_billed_term_is_frozen(self):
        self._create_member("Budi", "B-1")
        self._bill()
        term = self.term.with_user(self.officer)
        for vals in (
            {"amount": 1},
            {"frequency": "yearly"},
            {"proration": "days"},
            {"date_from": date(2024, 1, 1)},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "has been used"), self.cr.savepoint():
                term.write(vals)
        with self.assertRaisesRegex(UserError, "has been used"), self.cr.savepoint():
            term.unlink()

    @mute_logger("odoo.sql_db")
    def test_impossible_values(self):
        for vals in ({"rounding": 0}, {"due_days": -1}):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.term.write(vals)
                self.env.flush_all()
