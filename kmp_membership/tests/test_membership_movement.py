from datetime import date

from odoo.tests import tagged

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestMembershipMovement(MembershipCase):
    def test_the_running_total_is_the_number_of_members(self):
        first = self._create_member("A", date_from=date(2025, 1, 1)).with_user(self.officer)
        self._create_member("B", date_from=date(2025, 3, 1))
        first._apply_step("change_class", date(2025, 4, 1), self.consumers)
        first._apply_step("resign", date(2025, 5, 31))
        movements = self.env["kmp.membership.movement"].with_user(self.supervisor)

        def count(stakeholder_class, day):
            domain = [("class_id", "=", stakeholder_class.id), ("date", "<=", day)]
            return movements._read_group(domain, [], ["change:sum"])[0][0] or 0

        self.assertEqual(count(self.producers, date(2025, 2, 28)), 1)
        self.assertEqual(count(self.producers, date(2025, 3, 31)), 2)
        self.assertEqual(count(self.producers, date(2025, 4, 1)), 1)
        self.assertEqual(count(self.consumers, date(2025, 5, 31)), 1)
        self.assertEqual(count(self.consumers, date(2025, 6, 1)), 0)
