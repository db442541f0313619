from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase


@tagged("post_install", "-at_install")
class TestStatutoryArrears(ContributionCase):
    """Dues of January and February; one of them is paid late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = [
            cls._create_member("Ani", "A-1", cls.producers),
            cls._create_member("Budi", "B-1", cls.producers),
        ]
        cls._bill(1)
        cls._bill(2)

    def _get_rows(self, day):
        model = self.env["kmp.statutory.arrears"].with_user(self.auditor)
        document = model._get_document(self.company, date(2025, 1, 1), day)
        self.assertTrue(document.ties)
        return {row.cells[1]: row.cells[5:] for row in document.parts[0].rows if not row.kind}

    def test_ages_and_what_was_paid_later(self):
        due = sorted(set(self.env["kmp.contribution.line"].search([]).mapped("date_due")))
        day = max(due) + (date(2025, 1, 31) - date(2025, 1, 1))  # 30 days after the last
        age = (day - due[0]).days
        place = next(n for n, limit in enumerate((30, 60, 90, 10_000)) if age <= limit)
        expected = [Decimal()] * 6
        expected[1] += 50_000
        expected[1 + place] += 50_000
        expected[5] = Decimal(100_000)
        self.assertEqual(self._get_rows(day), {"A-1": tuple(expected), "B-1": tuple(expected)})

    def test_who_paid_later_owed_it_then(self):
        before = self._get_rows(date(2025, 4, 30))
        item = self._pay(self.members[0], 100_000, date(2025, 5, 10))
        (item + self._get_open_items(self.members[0])).reconcile()
        self.assertEqual(self._get_rows(date(2025, 4, 30)), before)
        self.assertEqual(set(self._get_rows(date(2025, 5, 10))), {"B-1"})

    def _get_open_items(self, member):
        lines = self.env["kmp.contribution.line"].search([("membership_id", "=", member.id)])
        return lines.move_line_id
