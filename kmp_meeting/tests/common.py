from datetime import date, datetime, time, timedelta

from odoo import Command, fields

from odoo.addons.kmp_membership.tests.common import MembershipCase

moment = fields.Datetime.to_datetime
# Nothing here stops the clock: the tests count their days from today.
TODAY = date.today()  # Odoo keeps the process at UTC
MEETING_DAY = datetime.combine(TODAY + timedelta(days=19), time(2))


def day(offset):
    """So many days after today, or before."""
    return TODAY + timedelta(days=offset)


class MeetingCase(MembershipCase):
    """A co-op of three classes (5 producers, 4 consumers, 2 investors) under voting rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.investors = cls.env["kmp.stakeholder.class"].create(
            {"code": "INV", "name": "Investors", "role": "investor", "company_id": cls.company.id}
        )
        cls.members = {
            stakeholder_class: cls.env["kmp.membership"].union(
                *(
                    cls._create_member(
                        f"{stakeholder_class.code} {index}",
                        f"{stakeholder_class.code}-{index}",
                        stakeholder_class,
                    )
                    for index in range(1, size + 1)
                )
            )
            for stakeholder_class, size in ((cls.producers, 5), (cls.consumers, 4), (cls.investors, 2))
        }
        cls.second_officer = cls._create_user("second_officer", "kmp_membership.group_officer")

    @classmethod
    def _create_rule(cls, lines=None, **vals):
        """Rules in force. ``lines``: {class: values}."""
        rule = cls.env["kmp.voting.rule"].create(
            {
                "name": "Rules",
                "company_id": cls.company.id,
                "date_from": "2025-01-01",
                "line_ids": [
                    Command.create({"class_id": each.id, **line}) for each, line in (lines or {}).items()
                ],
                **vals,
            }
        )
        rule.with_user(cls.officer).action_put_into_force()
        return rule

    @classmethod
    def _create_meeting(cls, rule, **vals):
        return (
            cls.env["kmp.meeting"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "RAT 2025",
                    "company_id": cls.company.id,
                    "rule_id": rule.id,
                    "date": MEETING_DAY,
                    "agenda_ids": [Command.create({"name": "Accounts of the year"})],
                    **vals,
                }
            )
        )

    @classmethod
    def _open_meeting(cls, rule, present=None, **vals):
        """An open meeting. ``present``: {class: number}; by default everybody."""
        meeting = cls._create_meeting(rule, **vals)
        meeting.action_convene()
        cls._attend(meeting, present)
        meeting.action_open()
        return meeting

    @classmethod
    def _attend(cls, meeting, present=None):
        rows = meeting.roll_ids
        if present is not None:
            rows = meeting.roll_ids.browse()
            for each, number in present.items():
                rows |= meeting.roll_ids.filtered(lambda row, each=each: row.class_id == each)[:number]
        rows.with_user(cls.clerk).action_register()

    @classmethod
    def _create_resolution(cls, meeting, **vals):
        return (
            cls.env["kmp.meeting.resolution"]
            .with_user(cls.officer)
            .create({"meeting_id": meeting.id, "name": "Accounts", "method": "hands"} | vals)
        )

    @classmethod
    def _count(cls, resolution, **votes):
        """Enter hands as (yes, no, abstain) by class code."""
        for line in resolution.count_ids:
            yes, no, abstain = votes.get(line.class_id.code, (0, 0, 0))
            line.write({"yes": yes, "no": no, "abstain": abstain})

    def _member(self, code, index=1):
        return self.env["kmp.membership"].search(
            [("number", "=", f"{code}-{index}"), ("company_id", "=", self.company.id)]
        )

    def _elsewhere(self, records):
        """As the officer of the other co-op, at work there."""
        return records.with_user(self.other_officer).with_context(allowed_company_ids=self.other_company.ids)
