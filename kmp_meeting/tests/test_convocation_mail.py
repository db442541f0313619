from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_meeting.models import meeting_convocation_mail

from .common import MeetingCase

CRON = "odoo.addons.base.models.ir_cron.IrCron"


@tagged("post_install", "-at_install")
class TestConvocationMail(MeetingCase):
    """The convocation of many members: in the background, and everybody once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reachable = cls.members[cls.producers]
        for member in cls.reachable:
            member.partner_id.email = f"{member.number}@example.org"
        cls.meeting = cls._create_meeting(cls._create_rule())
        cls.meeting.action_convene()

    def send(self):
        with patch.object(meeting_convocation_mail, "BATCH", 2):
            self.meeting.action_send_convocation()

    def run_cron(self, seconds=(60,) * 100):
        """What the cron does, without its commits; `seconds`: what is left after each."""
        answers, done = iter(seconds), []

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            done.append((processed, remaining))
            return next(answers)

        with (
            patch.object(meeting_convocation_mail, "BATCH", 2),
            patch(f"{CRON}._commit_progress", commit),
            patch.object(self.cr, "rollback", lambda: None),
        ):
            self.env["kmp.meeting"]._cron_send_convocations()
        return done

    def mails(self):
        mails = self.env["mail.mail"].search(
            [("model", "=", "kmp.meeting.roll"), ("res_id", "in", self.meeting.roll_ids.ids)]
        )
        return sorted(mails.recipient_ids.mapped("email")) if mails else []

    def assert_all_told_once(self):
        addresses = sorted(self.reachable.partner_id.mapped("email"))
        self.assertEqual(self.mails(), addresses)
        self.assertEqual(self.meeting.uninvited_count, 6)
        self.assertFalse(self.meeting.sender_id)

    def test_many_are_told_batch_by_batch(self):
        self.send()
        self.assertEqual((self.meeting.sender_id, self.mails()), (self.officer, []))
        self.assertEqual(self.run_cron(), [(0, 5), (2, 3), (2, 1), (1, 0)])
        self.assert_all_told_once()
        said = self.meeting.message_ids[0]
        self.assertIn("Convocation sent to 5; 6 have no e-mail address.", said.body)
        self.assertEqual(said.author_id, self.officer.partner_id)

    def test_out_of_time_or_killed_it_goes_on_with_those_who_were_not_told(self):
        self.send()
        self.assertEqual(self.run_cron((60, 0)), [(0, 5), (2, 3)])
        self.assertEqual((self.meeting.sent_count, self.meeting.sending_progress), (2, 40))
        self.run_cron()
        self.assert_all_told_once()

    def test_it_ends_when_the_last_addresses_are_removed_meanwhile(self):
        self.send()
        self.run_cron((60, 0))
        self.reachable.partner_id.email = False
        self.run_cron()
        self.assertRecordValues(self.meeting, [{"sender_id": False, "sent_count": 0, "uninvited_count": 9}])
        self.assertIn("Convocation sent to 2; 9 have no e-mail", self.meeting.message_ids[0].body)

    def test_nothing_else_meanwhile(self):
        self.send()
        for step in ("action_send_convocation", "action_mark_told", "action_open", "action_reset_to_draft"):
            with self.assertRaisesRegex(UserError, "the convocation is being sent"):
                getattr(self.meeting, step)()

    def test_an_officer_stops_it(self):
        self.send()
        self.run_cron((60, 0))
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.clerk).action_stop_sending()
        self.meeting.with_user(self.second_officer).action_stop_sending()
        self.assertEqual(self.run_cron(), [])
        self.assertEqual((len(self.mails()), self.meeting.sender_id.id), (2, False))
        self.assertIn("Convocation sent to 2; 6 have no e-mail", self.meeting.message_ids[0].body)
        self.send()
        self.run_cron()
        self.assert_all_told_once()

    def test_a_refusal_stops_it_with_a_reason(self):
        self.send()
        refused = patch.object(
            type(self.meeting), "_mail_convocation", side_effect=UserError("No text in the template.")
        )
        with refused:
            self.run_cron()
        self.assertEqual((self.meeting.halted, self.mails()), ("No text in the template.", []))
        self.assertEqual(self.run_cron(), [])
        self.send()
        self.assertFalse(self.meeting.halted)
        self.run_cron()
        self.assert_all_told_once()

    def test_a_step_ends_what_has_stopped(self):
        self.send()
        with patch.object(type(self.meeting), "_mail_convocation", side_effect=UserError("No text.")):
            self.run_cron()
        self.meeting.action_mark_told()
        self.assertRecordValues(self.meeting, [{"halted": False, "sender_id": False, "sent_count": 0}])

    def test_what_is_being_sent_is_not_set_by_hand(self):
        for vals in ({"sender_id": self.officer.id}, {"sent_count": 9}, {"halted": "x"}):
            with self.assertRaisesRegex(UserError, "by its buttons only"):
                self.meeting.write(vals)
