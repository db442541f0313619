from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestDeparture(MeetingCase):
    """Of 5 producers, 4 consumers and 2 investors all are there, and half of all are needed: six."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(quorum_total="1/2", proxies_per_member=1)
        cls.meeting = cls._open_meeting(cls.rule)

    def _leave(self, count, after=timedelta()):
        """The first ones go, so long after now."""
        leaving = self.meeting.attendance_ids.filtered(lambda each: not each.left_on)[:count]
        leaving.with_user(self.clerk).action_leave()
        leaving.write({"left_on": fields.Datetime.now() + after})
        return leaving

    def test_who_has_left_is_not_present(self):
        [attendance] = self._leave(1)
        self.assertEqual((self.meeting.present_count, attendance.roll_id.is_present), (10, False))
        self.assertNotIn(attendance.roll_id, self.env["kmp.meeting.roll"].search([("is_present", "=", True)]))
        self.assertIn(attendance.roll_id, self.env["kmp.meeting.roll"].search([("is_present", "=", False)]))
        result = self.meeting.with_user(self.clerk).register_attendance(attendance.roll_id.number)
        self.assertEqual((result["type"], self.meeting.present_count), ("success", 11))
        self._leave(1)
        self.meeting.roll_ids.with_user(self.clerk).action_register()
        self.assertEqual(self.meeting.present_count, 11)

    def test_the_quorum_is_that_of_the_vote(self):
        self._leave(5, after=timedelta(minutes=-1))
        vote = self._create_resolution(self.meeting)
        vote.action_open_vote()
        self.assertEqual(sum(vote.count_ids.mapped("present")), 6)
        self._leave(3, after=timedelta(minutes=1))
        self.assertFalse(self.meeting.is_quorate)
        another = self._create_resolution(self.meeting, name="Another")
        with self.assertRaisesRegex(UserError, "has no quorum.*3 of 11, 6 are needed"):
            another.action_open_vote()
        for line in vote.count_ids:
            line.yes = line.present
        vote.action_close_vote()  # they were there when it began
        self.assertEqual((vote.result, sum(each["present"] for each in vote.tally["counts"])), ("carried", 6))

    def test_who_has_left_does_not_vote(self):
        vote = self._create_resolution(self.meeting, method="ballot")
        vote.action_open_vote()
        [attendance] = self._leave(1)
        member = attendance.membership_id
        with self.assertRaisesRegex(UserError, "has left the meeting. Register at the door again"):
            vote._cast(member, "yes")
        self.meeting.sudo().allows_remote = True
        vote._cast(member, "yes")
        self.assertFalse(attendance.left_on, "who votes is there")

    def test_who_votes_and_goes_has_voted(self):
        rule = self._create_rule(denominator="present", date_from="2025-06-01")
        meeting = self._open_meeting(rule, {self.producers: 3})
        vote = self._create_resolution(meeting, method="secret")
        vote.action_open_vote()
        for member in meeting.attendance_ids.membership_id:
            vote._cast(member, "yes")
        meeting.attendance_ids[:2].write({"left_on": fields.Datetime.now() + timedelta(minutes=1)})
        vote.action_close_vote()
        self.assertEqual((vote.result, vote.tally["outcome"]["yes"]), ("carried", "1"))

    def test_a_proxy_goes_with_its_holder(self):
        producers = self.meeting.roll_ids.filtered(lambda row: row.class_id == self.producers)
        holder, absent = producers[0], producers[1]
        absent.with_user(self.clerk).action_unregister()
        self.env["kmp.meeting.attendance"].with_user(self.clerk).create(
            {"meeting_id": self.meeting.id, "roll_id": absent.id, "holder_id": holder.id}
        )
        holder.with_user(self.clerk).action_leave()
        self.assertEqual(
            (holder.is_present, absent.is_present, self.meeting.present_count), (False, False, 9)
        )

    def test_the_minutes_count_who_was_there(self):
        self._leave(5, after=timedelta(minutes=1))
        self.meeting.action_close()
        self.assertEqual(self.meeting.present_count, 11)
        with self.assertRaisesRegex(UserError, "is closed"):
            self.meeting.attendance_ids[:1].with_user(self.clerk).action_return()

    def test_who_may(self):
        for user in (self.supervisor, self.auditor, self.outsider):
            with self.assertRaises(AccessError):
                self.meeting.attendance_ids[:1].with_user(user).action_leave()
