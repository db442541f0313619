from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestOfficer(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.siti = cls._create_member("Siti", "B-2")

    def _appoint(self, member, date_from=date(2025, 1, 1), date_to=date(2029, 12, 31), **vals):
        officers = self.env["kmp.officer"].with_user(self.officer)
        return officers.create(
            {"membership_id": member.id, "date_from": date_from, "date_to": date_to, **vals}
        )

    def test_a_term_of_more_than_five_years_is_marked(self):
        officer = self._appoint(self.budi)
        self.assertFalse(officer.is_term_too_long)
        officer.date_to = date(2030, 1, 1)
        self.assertTrue(officer.is_term_too_long)

    def test_only_members(self):
        self.budi.with_user(self.officer)._apply_step("resign", date(2025, 2, 1))
        associate = self._create_member("Associate", is_associate=True)
        for member in (self.budi, associate):
            with self.assertRaisesRegex(ValidationError, "is not a member"):
                self._appoint(member)

    def test_one_post_at_a_time(self):
        self._appoint(self.budi, post="chair")
        with (
            self.assertRaisesRegex(ValidationError, "already holds a post in that time .Chair"),
            self.env.cr.savepoint(),
        ):
            self._appoint(self.budi, date(2029, 12, 31), date(2034, 1, 1), body="supervisors")
        self._appoint(self.budi, date(2030, 1, 1), date(2034, 12, 31))

    def test_seats_of_a_class(self):
        self.producers.maximum_officers = 1
        self._appoint(self.budi)
        message = "may have 1 officers at a time; with B-2 Siti it would have 2"
        with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
            self._appoint(self.siti)
        self._appoint(self.siti, date(2030, 1, 1), date(2034, 12, 31))
        self._appoint(self._create_member("Consumer", stakeholder_class=self.consumers))

    def test_seats_are_counted_per_day(self):
        """Two who follow each other take one seat, also beside a third whose term spans both."""
        self.producers.maximum_officers = 2
        self._appoint(self.budi, date(2025, 1, 1), date(2026, 12, 31))
        self._appoint(self.siti, date(2027, 1, 1), date(2028, 12, 31))
        self._appoint(self._create_member("Third"), date(2025, 1, 1), date(2028, 12, 31))

    def test_class_is_that_of_the_first_day(self):
        self.budi.with_user(self.officer)._apply_step("change_class", date(2025, 6, 1), self.consumers)
        self.assertEqual(
            self._appoint(self.budi, date(2025, 5, 31), date(2025, 12, 31)).class_id, self.producers
        )
        self.assertEqual(self._appoint(self.budi, date(2026, 1, 1)).class_id, self.consumers)

    def test_the_post_ends_with_the_membership(self):
        past = self._appoint(self.budi, date(2020, 1, 1), date(2024, 12, 31))
        officer = self._appoint(self.budi, post="chair")
        for place, kind in enumerate(("resign", "expel", "decease"), start=1):
            with self.env.cr.savepoint() as savepoint:
                self.budi.with_user(self.officer)._apply_step(kind, date(2025, 3, place))
                self.assertEqual((officer.date_to, past.date_to), (date(2025, 3, place), date(2024, 12, 31)))
                savepoint.rollback()
                self.env.invalidate_all()
        self._appoint(self.budi, date(2030, 1, 1), date(2034, 12, 31))
        with self.assertRaisesRegex(UserError, "B-1 Budi is to be an officer from 01/01/2030"):
            self.budi.with_user(self.officer)._apply_step("resign", date(2025, 3, 1))

    @mute_logger("odoo.sql_db")
    def test_dates_in_order(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._appoint(self.budi, date(2025, 1, 2), date(2025, 1, 1))
