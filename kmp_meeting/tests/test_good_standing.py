from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestGoodStanding(MeetingCase, ContributionCase):
    """Producers and consumers owe the dues of January and June 2025; the meeting's roll is of a day in July 2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.january, cls.june = cls._bill(1), cls._bill(6)
        cls.due = cls.june.line_ids[0].date_due

    def _numbers(self, day, **rule):
        rules = self._create_rule(**rule)
        meeting = self._create_meeting(rules, roll_date=day)
        meeting.action_convene()
        return sorted(meeting.roll_ids.mapped("number"))

    def _pay_dues(self, run, *members):
        for member in members:
            line = run.line_ids.filtered(lambda line, member=member: line.membership_id == member)
            self._match(self._pay(member, line.amount), line)

    def test_by_default_debts_do_not_matter(self):
        self.assertEqual(len(self._numbers("2025-07-20")), 11)

    def test_who_owes_for_too_long_is_not_on_the_roll(self):
        punctual, late = self.members[self.producers][:2]
        self._pay_dues(self.january, punctual, late)
        self._pay_dues(self.june, punctual)
        day = self.due.replace(month=7, day=20)
        grace = (day - self.due).days
        investors = ["INV-1", "INV-2"]
        self.assertEqual(
            self._numbers(day, excludes_debtors=True, arrears_days=grace), [*investors, "PRD-1", "PRD-2"]
        )
        self.assertEqual(
            self._numbers(day, excludes_debtors=True, arrears_days=grace - 1, date_from="2025-02-01"),
            [*investors, "PRD-1"],
        )

    def test_of_another_company_nothing_matters(self):
        rule = self._create_rule(excludes_debtors=True)
        query = self.env["kmp.meeting.roll"]._get_no_debtor_condition(
            self._create_meeting(rule), self.due.replace(year=2026)
        )
        self.assertIn(self.company.ids, query.params)

    def test_frozen_with_the_rules(self):
        rule = self._create_rule()
        with self.assertRaisesRegex(UserError, "are in force and do not change"):
            rule.excludes_debtors = True
