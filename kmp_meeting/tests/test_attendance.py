from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestAttendance(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(proxies_per_member=1)
        cls.meeting = cls._create_meeting(cls.rule)
        cls.meeting.action_convene()

    def _row(self, code, index=1):
        return self.meeting.roll_ids.filtered(lambda row: row.number == f"{code}-{index}")

    def _register(self, row, holder=None, user=None):
        return (
            self.env["kmp.meeting.attendance"]
            .with_user(user or self.clerk)
            .create(
                {
                    "meeting_id": self.meeting.id,
                    "roll_id": row.id,
                    "holder_id": holder.id if holder else False,
                }
            )
        )

    def test_a_card_registers_its_member(self):
        meeting = self.meeting.with_user(self.clerk)
        result = meeting.register_attendance(" PRD-1\n")
        self.assertEqual(result, {"type": "success", "message": "PRD 1 · Producers"})
        self.assertEqual(meeting.register_attendance("prd-1")["type"], "warning")
        self.assertEqual(meeting.present_count, 1)
        self.assertEqual(self._row("PRD").attendance_ids.create_uid, self.clerk)

    def test_what_is_no_card_of_this_meeting(self):
        self._create_member("Newcomer", "NEW-1")
        for text in ("", " ", "x" * 65, "%", "PRD-%", "PRD__", "NEW-1", "<script>", "'; DROP TABLE", "\\"):
            result = self.meeting.with_user(self.clerk).register_attendance(text)
            self.assertEqual(result["type"], "danger", text)
        self.assertEqual(self.meeting.present_count, 0)

    def test_several_from_the_roll(self):
        rows = self._row("PRD") | self._row("CNS")
        rows.with_user(self.clerk).action_register()
        rows.with_user(self.clerk).action_register()
        self.assertEqual(self.meeting.present_count, 2)
        rows.with_user(self.clerk).action_unregister()
        self.assertEqual(self.meeting.present_count, 0)

    def test_a_member_is_present_once(self):
        self._register(self._row("PRD"))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._register(self._row("PRD"))

    def test_a_proxy_within_the_rules(self):
        self._register(self._row("PRD"))
        proxy = self._register(self._row("PRD", 2), holder=self._row("PRD"))
        self.assertEqual(self.meeting.present_count, 2)
        with (
            self.assertRaisesRegex(ValidationError, "PRD 1 would represent 2 members; Rules allow 1"),
            self.env.cr.savepoint(),
        ):
            self._register(self._row("PRD", 3), holder=self._row("PRD"))
        result = self.meeting.with_user(self.clerk).register_attendance("PRD-2")
        self.assertEqual((result["type"], result["message"]), ("warning", "PRD 2 is represented by PRD 1."))
        with self.assertRaisesRegex(UserError, "PRD 1 represents PRD 2. Remove that first"):
            self._row("PRD").attendance_ids.with_user(self.clerk).unlink()
        proxy.unlink()
        self._row("PRD").attendance_ids.with_user(self.clerk).unlink()

    def test_proxies_that_are_refused(self):
        self._register(self._row("PRD"))
        self._register(self._row("CNS"))
        self._register(self._row("PRD", 2), holder=self._row("PRD"))
        for row, holder, message in (
            (self._row("CNS", 2), self._row("PRD", 3), "only be represented by a member of the same class"),
            (self._row("PRD", 4), self._row("PRD", 3), "PRD 3 must be present in person"),
            (self._row("PRD", 4), self._row("PRD", 2), "PRD 2 must be present in person"),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                self._register(row, holder=holder)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._register(self._row("PRD", 4), holder=self._row("PRD", 4))
        self.assertEqual(self.meeting.present_count, 3)

    def test_no_proxy_where_the_rules_have_none(self):
        meeting = self._create_meeting(self._create_rule(date_from="2025-05-01"))
        meeting.action_convene()
        first, second = meeting.roll_ids[:2]
        first.with_user(self.clerk).action_register()
        with self.assertRaisesRegex(ValidationError, "Rules allow 0"):
            self.env["kmp.meeting.attendance"].with_user(self.clerk).create(
                {"meeting_id": meeting.id, "roll_id": second.id, "holder_id": first.id}
            )

    def test_a_row_of_another_meeting_is_refused(self):
        other = self._create_meeting(self.rule)
        other.action_convene()
        with self.assertRaisesRegex(ValidationError, "is not on the roll of RAT 2025"):
            self.env["kmp.meeting.attendance"].with_user(self.clerk).create(
                {"meeting_id": self.meeting.id, "roll_id": other.roll_ids[0].id}
            )

    def test_nobody_turns_into_somebody_else(self):
        attendance = self._register(self._row("PRD"))
        with self.assertRaisesRegex(UserError, "remove the line and add another"):
            attendance.roll_id = self._row("PRD", 2)

    def test_nobody_comes_to_a_closed_meeting(self):
        self._register(self._row("PRD"))
        self.meeting.action_open()
        self.meeting.action_close()
        with self.assertRaisesRegex(UserError, "is closed: Attendance cannot be changed now"):
            self.meeting.with_user(self.clerk).register_attendance("PRD-2")
        with self.assertRaisesRegex(UserError, "is closed"):
            self._row("PRD").attendance_ids.with_user(self.clerk).unlink()

    def test_who_registers(self):
        for user in (self.supervisor, self.auditor, self.outsider, self.other_officer):
            with self.assertRaises(AccessError):
                self._register(self._row("PRD"), user=user)
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).register_attendance("PRD-1")
            with self.assertRaises(AccessError):
                self._row("PRD").with_user(user).action_register()
        self.assertEqual(self.meeting.present_count, 0)

    def test_nobody_writes_the_roll(self):
        for user in (self.clerk, self.officer):
            with self.assertRaises(UserError):
                self._row("PRD").with_user(user).write({"class_id": self.investors.id})
            with self.assertRaises(UserError):
                self._row("PRD").with_user(user).unlink()
            with self.assertRaises(UserError):
                self._row("PRD").with_user(user).copy({"membership_id": self._create_member("x").id})

    def test_the_member_shows_the_meetings(self):
        self._register(self._row("PRD"))
        member = self._member("PRD").with_user(self.clerk)
        self.assertEqual(member.attendance_count, 1)
        self.assertEqual(
            self.env["kmp.meeting.attendance"]
            .search(member.action_open_attendance()["domain"])
            .membership_id,
            member,
        )
