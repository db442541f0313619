from datetime import date

from psycopg2 import IntegrityError
from psycopg2.errors import ExclusionViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestMembershipPeriod(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")
        cls.period = cls.member.period_ids

    def _create_period(self, date_from, date_to=False, stakeholder_class=None, membership=None):
        return (
            self.env["kmp.membership.period"]
            .with_user(self.officer)
            .create(
                {
                    "membership_id": (membership or self.member).id,
                    "class_id": (stakeholder_class or self.consumers).id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
            )
        )

    def test_overlap_names_the_member_and_both_periods(self):
        self.period.date_to = date(2025, 6, 30)
        with self.assertRaises(ValidationError) as caught:
            self._create_period(date(2025, 6, 30))
        message = str(caught.exception)
        for part in ("B-1 Budi", "PRD Producers, 01/01/2025 – 06/30/2025", "CNS Consumers, 06/30/2025 – …"):
            self.assertIn(part, message)

    def test_the_day_after_is_free(self):
        self.period.date_to = date(2025, 6, 30)
        self._create_period(date(2025, 7, 1))
        self.assertEqual(self.member.class_id, self.consumers)

    def test_one_day_period(self):
        self.period.date_to = date(2025, 1, 1)
        self._create_period(date(2025, 1, 2), date(2025, 1, 2))
        self._create_period(date(2025, 1, 3))
        self.assertEqual(len(self.member.period_ids), 3)

    def test_overlap_inside_one_batch(self):
        self.period.date_to = date(2025, 6, 30)
        vals = {"membership_id": self.member.id, "class_id": self.consumers.id}
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            self.env["kmp.membership.period"].create(
                [
                    vals | {"date_from": "2025-07-01"},
                    vals | {"date_from": "2025-08-01", "date_to": "2025-08-31"},
                ]
            )

    def test_overlap_by_change(self):
        self.period.date_to = date(2025, 6, 30)
        second = self._create_period(date(2025, 7, 1))
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            self.period.with_user(self.officer).date_to = False
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            second.date_from = date(2025, 6, 1)
        self.assertEqual(second.date_from, date(2025, 7, 1))

    def test_end_before_begin(self):
        with self.assertRaisesRegex(ValidationError, "B-1 Budi.*before it begins"):
            self.period.date_to = date(2024, 12, 31)

    def test_close_and_open_in_one_write(self):
        self.member.write(
            {
                "period_ids": [
                    (1, self.period.id, {"date_to": "2025-06-30"}),
                    (0, 0, {"class_id": self.consumers.id, "date_from": "2025-07-01"}),
                ]
            }
        )
        self.assertEqual(self.member.class_id, self.consumers)

    def test_another_member_is_free(self):
        other = self._create_member("Other", "B-2")
        other.period_ids.unlink()
        self._create_period(date(2025, 1, 1), membership=other)
        self.assertEqual(other.class_id, self.consumers)

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_an_overlap_and_the_message_names_it(self):
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation) as caught, self.env.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO kmp_membership_period (membership_id, class_id, company_id, date_from, date_to)
                   VALUES (%s, %s, %s, '2025-02-01', '2025-02-28')""",
                (self.member.id, self.consumers.id, self.company.id),
            )
        message = self.env["kmp.membership.period"]._sql_error_to_message(caught.exception)
        for part in ("B-1 Budi", "02/01/2025 – 02/28/2025", "01/01/2025 – …"):
            self.assertIn(part, message)

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_an_end_before_the_begin(self):
        self.env.flush_all()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE kmp_membership_period SET date_to = '2024-12-31' WHERE id = %s", (self.period.id,)
            )
        self.assertIn(caught.exception.pgcode[:2], ("22", "23"))

    def test_a_batch_is_checked_in_one_query(self):
        members = [self._create_member(f"M{i}", f"M-{i}", date_from=date(2020, 1, 1)) for i in range(20)]
        for member in members:
            member.period_ids.date_to = date(2020, 12, 31)
        self.env.flush_all()
        spans = [(member.id, date(2021, 1, 1), None, self.producers.id) for member in members]
        with self.assertQueryCount(1):
            self.env["kmp.membership.period"]._check_periods(spans)

    @mute_logger("odoo.sql_db")
    def test_class_of_another_company_is_refused(self):
        foreign = self.env["kmp.stakeholder.class"].create(
            {"code": "X", "name": "X", "company_id": self.other_company.id}
        )
        self.period.date_to = date(2025, 6, 30)
        with self.assertRaisesRegex(Exception, "compan"):
            self.env["kmp.membership.period"].create(
                {"membership_id": self.member.id, "class_id": foreign.id, "date_from": "2025-07-01"}
            )

    @mute_logger("odoo.sql_db")
    def test_dates_are_required(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["kmp.membership.period"].create(
                {"membership_id": self.member.id, "class_id": self.consumers.id}
            )
