from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import MEETING_DAY, MeetingCase


@tagged("post_install", "-at_install")
class TestMandate(MeetingCase):
    """From the class meetings to the plenary, screen by screen as the officer fills them in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        weights = {each: {"weight": "1/3"} for each in (cls.producers, cls.consumers, cls.investors)}
        cls.rule = cls._create_rule(weights, weight_source="fixed", transfer="winner")

    def _form(self, model):
        return Form(self.env[model].with_user(self.officer).with_company(self.company))

    def _enter_meeting(self, name, kind, **values):
        form = self._form("kmp.meeting")
        form.name, form.kind, form.date, form.rule_id = name, kind, MEETING_DAY, self.rule
        for field, value in values.items():
            form[field] = value
        with form.agenda_ids.new() as point:
            point.name = "Surplus"
        return form.save()

    def _hold(self, meeting):
        meeting.action_convene()
        self._attend(meeting)
        meeting.action_open()

    def _decide_in_class(self, plenary, motion, stakeholder_class, yes, no):
        meeting = self._enter_meeting(
            f"RA {stakeholder_class.code}", "class", class_id=stakeholder_class, plenary_id=plenary
        )
        self._hold(meeting)
        form = self._form("kmp.meeting.resolution")
        form.name, form.meeting_id, form.method = "Mandate", meeting, "hands"
        form.plenary_resolution_id = motion
        resolution = form.save()
        resolution.action_open_vote()
        self._count(resolution, **{stakeholder_class.code: (yes, no, 0)})
        resolution.action_close_vote()
        meeting.action_close()
        return meeting

    def test_mandates_decide_the_plenary(self):
        plenary = self._enter_meeting("Plenary", "plenary")
        form = self._form("kmp.meeting.resolution")
        form.name, form.meeting_id, form.method = "Surplus", plenary, "mandate"
        motion = form.save()
        self._decide_in_class(plenary, motion, self.producers, 3, 2)
        self._decide_in_class(plenary, motion, self.consumers, 0, 4)
        self._hold(plenary)
        motion.action_open_vote()
        self._decide_in_class(plenary, motion, self.investors, 2, 0)
        motion.action_close_vote()
        self.assertEqual((motion.result, motion.tally["outcome"]["yes"]), ("carried", "2/3"))
        self.assertEqual(
            [(count["code"], count["yes"], count["no"]) for count in motion.tally["counts"]],
            [("PRD", 3, 2), ("CNS", 0, 4), ("INV", 2, 0)],
        )

    def test_a_class_that_has_not_decided_is_named(self):
        plenary = self._enter_meeting("Plenary", "plenary")
        motion = self._create_resolution(plenary, method="mandate")
        meeting = self._enter_meeting("RA PRD", "class", class_id=self.producers, plenary_id=plenary)
        self._create_resolution(meeting, plenary_resolution_id=motion.id)
        self._hold(plenary)
        motion.action_open_vote()
        with self.assertRaisesRegex(UserError, r"have not decided yet \(RA PRD\)"):
            motion.action_close_vote()

    def test_delegates_come_with_the_mandate_of_a_meeting_that_has_ended(self):
        plenary = self._enter_meeting("Plenary", "plenary", roll_basis="delegates")
        motion = self._create_resolution(plenary, method="ballot")
        source = self._enter_meeting("RA PRD", "class", class_id=self.producers, plenary_id=plenary)
        with Form(plenary) as form, form.delegate_ids.new() as delegate:
            delegate.membership_id = self.members[self.producers][0]
            delegate.class_meeting_id = source
            delegate.mandate = "Vote against"
            with delegate.instruction_ids.new() as bound:
                bound.resolution_id = motion
                bound.choice = "no"
        with self.assertRaisesRegex(UserError, "PRD 1 is delegated by RA PRD, which has not ended"):
            plenary.action_convene()
        self._hold(source)
        source.action_close()
        self._hold(plenary)
        motion.action_open_vote()
        with self.assertRaisesRegex(UserError, "is bound by the mandate of PRD Producers"):
            motion._cast(self.members[self.producers][0], "yes")
        motion._cast(self.members[self.producers][0], "no")
        self.assertEqual(motion.voter_ids.choice, "no")

    def test_a_mandate_for_another_plenary(self):
        plenary = self._enter_meeting("Plenary", "plenary", roll_basis="delegates")
        source = self._enter_meeting(
            "RA PRD", "class", class_id=self.producers, plenary_id=self._enter_meeting("Other", "plenary")
        )
        self._hold(source)
        source.action_close()
        plenary.delegate_ids = [
            (0, 0, {"membership_id": self.members[self.producers][0].id, "class_meeting_id": source.id})
        ]
        with self.assertRaisesRegex(UserError, "was for another plenary"):
            plenary.action_convene()
