from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestBylaws(MembershipCase):
    def _create_bylaws(self, name, day, **vals):
        return self.env["kmp.bylaws"].create(
            {"name": name, "date": day, "date_from": day, "company_id": self.company.id, **vals}
        )

    def test_a_version_ends_the_day_before_the_next(self):
        second = self._create_bylaws("AD-2", date(2025, 7, 1))
        first = self._create_bylaws("AD-1", date(2020, 3, 1))
        third = self._create_bylaws("AD-3", date(2026, 1, 1))
        (first | second | third).invalidate_recordset()
        self.assertEqual(first.date_to, date(2025, 6, 30))
        self.assertEqual(second.date_to, date(2025, 12, 31))
        self.assertFalse(third.date_to)

    def test_versions_of_another_company_do_not_matter(self):
        first = self._create_bylaws("AD-1", date(2020, 3, 1))
        self._create_bylaws("AD-1", date(2021, 3, 1), company_id=self.other_company.id)
        self.assertFalse(first.date_to)

    def test_cannot_take_effect_before_the_deed(self):
        with self.assertRaisesRegex(ValidationError, "AD-9.*before the deed"):
            self._create_bylaws("AD-9", date(2025, 1, 2), date_from=date(2025, 1, 1))

    def test_a_version_that_rules_refer_to_is_frozen(self):
        bylaws = self._create_bylaws("AD-1", date(2020, 3, 1)).with_user(self.officer)
        bylaws.name = "AD-01"
        self.producers.bylaws_id = bylaws
        for vals in ({"name": "AD-2"}, {"date_from": "2021-01-01"}, {"document": "eA=="}):
            with self.assertRaisesRegex(UserError, "AD-01.*new version"):
                bylaws.write(vals)
        bylaws.notes = "art. 12: classes"

    @mute_logger("odoo.sql_db")
    def test_number_and_effective_date_are_unique_in_a_company(self):
        self._create_bylaws("AD-1", date(2020, 3, 1))
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_bylaws("AD-1", date(2021, 3, 1))
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_bylaws("AD-2", date(2020, 3, 1))
