from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.kmp_meeting import tally

from .common import MEETING_DAY, TODAY, MeetingCase, day, moment


@tagged("post_install", "-at_install")
class TestMeeting(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(
            notice_days=14,
            second_call_days=7,
            quorum_total=">1/2",
            quorum_class="1/2",
            second_quorum_total="1/5",
        )
        cls.meeting = cls._create_meeting(cls.rule)

    def test_from_convocation_to_close(self):
        meeting = self.meeting
        meeting.action_convene()
        self.assertRecordValues(
            meeting,
            [
                {
                    "state": "convened",
                    "convened_on": TODAY,
                    "roll_date": TODAY,
                    "roll_count": 11,
                    "present_count": 0,
                }
            ],
        )
        self._attend(meeting)
        meeting.action_open()
        self.assertEqual(meeting.state, "open")
        meeting.action_close()
        self.assertEqual(meeting.state, "closed")

    def test_the_notice_of_the_rules_is_kept(self):
        self.meeting.date = MEETING_DAY + timedelta(days=-6)
        with self.assertRaisesRegex(UserError, "ask for 14 days of notice, and there are 13"):
            self.meeting.action_convene()
        self.meeting.date = MEETING_DAY + timedelta(days=-5)
        self.meeting.action_convene()

    def test_a_meeting_without_agenda_or_rules_is_not_convened(self):
        self.meeting.agenda_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no agenda"):
            self.meeting.action_convene()
        other = self._create_meeting(self.rule)
        other.rule_id = False
        with self.assertRaisesRegex(UserError, "no voting rules in force"):
            other.action_convene()
        self.assertFalse(other.roll_ids)

    def test_the_roll_has_members_in_good_standing(self):
        suspended, left, associate, late, moved = (self._create_member(name) for name in "abcde")
        suspended.with_user(self.officer)._apply_step("suspend", day(-28), reason="dues")
        left.with_user(self.officer)._apply_step("resign", day(-28), reason="moved")
        associate.is_associate = True
        late.period_ids.date_from = day(1)
        moved.with_user(self.officer)._apply_step("change_class", day(-28), self.consumers)
        self.meeting.action_convene()
        on_roll = self.meeting.roll_ids.membership_id
        self.assertFalse(on_roll & (suspended | left | associate | late))
        self.assertEqual(self.meeting.roll_count, 12)
        self.assertEqual(
            self.meeting.roll_ids.filtered(lambda row: row.membership_id == moved).class_id, self.consumers
        )

    def test_the_roll_is_that_of_its_day(self):
        member = self._create_member("Was suspended later")
        member.with_user(self.officer)._apply_step("suspend", day(-9), reason="dues")
        reinstated = self._create_member("Came back later")
        reinstated.with_user(self.officer)._apply_step("suspend", day(-28), reason="dues")
        reinstated.with_user(self.officer)._apply_step("reinstate", day(-4))
        self.meeting.roll_date = day(-14)
        self.meeting.action_convene()
        self.assertIn(member, self.meeting.roll_ids.membership_id)
        self.assertNotIn(reinstated, self.meeting.roll_ids.membership_id)
        self.meeting.roll_date = day(-1)
        self.meeting.action_freeze_roll()
        self.assertNotIn(member, self.meeting.roll_ids.membership_id)
        self.assertIn(reinstated, self.meeting.roll_ids.membership_id)

    def test_the_hash_is_that_of_the_canonical_bytes(self):
        self.meeting.action_convene()
        expected = ["kmp-roll\t1", f"date\t{TODAY}"]
        expected += [f"member\tCNS-{index}\tCNS" for index in range(1, 5)]
        expected += [f"member\tINV-{index}\tINV" for index in (1, 2)]
        expected += [f"member\tPRD-{index}\tPRD" for index in range(1, 6)]
        data = ("\n".join(expected) + "\n").encode()
        self.assertEqual(self.meeting._get_roll_bytes(), data)
        self.assertEqual(self.meeting.roll_hash, tally.digest(data))

    def test_the_roll_stays_when_members_change(self):
        self.meeting.action_convene()
        before = self.meeting.roll_hash
        self._create_member("Newcomer")
        self.assertEqual(tally.digest(self.meeting._get_roll_bytes()), before)
        self.meeting.action_freeze_roll()
        self.assertNotEqual(self.meeting.roll_hash, before)
        self.assertEqual(self.meeting.roll_count, 12)

    def test_a_roll_in_the_future_is_refused(self):
        self.meeting.roll_date = day(4)
        with self.assertRaisesRegex(UserError, "is not known yet"):
            self.meeting.action_convene()

    def test_the_roll_costs_the_same_for_any_number(self):
        self.meeting.action_convene()
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.env["kmp.meeting.roll"]._draw_up(self.meeting, TODAY)

    def test_a_class_without_weight_is_named(self):
        rule = self._create_rule(
            {self.producers: {"weight": "1/2"}, self.consumers: {"weight": "1/2"}},
            weight_source="fixed",
            transfer="winner",
            date_from="2025-06-01",
        )
        meeting = self._create_meeting(rule)
        with self.assertRaisesRegex(UserError, "give no weight to INV Investors"):
            meeting.action_convene()

    def test_a_class_meeting_has_its_class_on_the_roll(self):
        meeting = self._create_meeting(self.rule, kind="class", class_id=self.consumers.id)
        meeting.action_convene()
        self.assertEqual(meeting.roll_ids.class_id, self.consumers)
        self.assertEqual(meeting.roll_count, 4)
        with self.assertRaisesRegex(ValidationError, "members vote, not delegates"):
            self._create_meeting(self.rule, kind="class", class_id=self.consumers.id, roll_basis="delegates")

    def test_without_a_quorum_it_does_not_open(self):
        self.meeting.action_convene()
        self._attend(self.meeting, {self.producers: 5})
        with self.assertRaisesRegex(
            UserError,
            "has no quorum.*CNS: 0 of 4, 2 are needed.*INV: 0 of 2, 1 are needed.*Together: 5 of 11, 6 are",
        ):
            self.meeting.action_open()
        self._attend(self.meeting, {self.consumers: 2, self.investors: 1})
        self.meeting.action_open()

    def test_second_call(self):
        self.meeting.action_convene()
        self._attend(self.meeting, {self.producers: 3})
        with self.assertRaisesRegex(UserError, "at least 7 days"):
            self.meeting._second_call(MEETING_DAY + timedelta(days=6))
        wizard = Form(
            self.env["kmp.meeting.second.call"]
            .with_user(self.officer)
            .with_context(default_meeting_id=self.meeting.id)
        )
        self.assertEqual(wizard.date, MEETING_DAY + timedelta(days=7))
        wizard.save().action_confirm()
        self.assertRecordValues(
            self.meeting,
            [
                {
                    "call": "second",
                    "first_date": MEETING_DAY,
                    "date": MEETING_DAY + timedelta(days=7),
                    "present_count": 0,
                    "roll_count": 11,
                }
            ],
        )
        self._attend(self.meeting, {self.producers: 3})
        self.meeting.action_open()
        self.assertEqual(self.meeting.state, "open")

    def test_a_second_call_needs_a_first_one_without_quorum(self):
        self.meeting.action_convene()
        self._attend(self.meeting)
        with self.assertRaisesRegex(UserError, "had no quorum, once"):
            self.meeting._second_call(MEETING_DAY + timedelta(days=7))

    def test_nobody_present_is_no_quorum_even_where_none_is_asked(self):
        meeting = self._create_meeting(self._create_rule(date_from="2025-07-01"))
        meeting.action_convene()
        with self.assertRaisesRegex(UserError, "Nobody is present"):
            meeting.action_open()

    def test_what_was_convened_does_not_change(self):
        self.meeting.action_convene()
        for vals in (
            {"date": MEETING_DAY + timedelta(days=12)},
            {"kind": "extraordinary"},
            {"rule_id": False},
        ):
            with self.assertRaisesRegex(UserError, "was convened with this kind, date and these rules"):
                self.meeting.write(vals)
        self.meeting.location = "Balai Desa"
        self.meeting.action_reset_to_draft()
        self.assertRecordValues(
            self.meeting, [{"state": "draft", "roll_hash": False, "roll_count": 0, "convened_on": False}]
        )
        self.meeting.date = MEETING_DAY + timedelta(days=12)
        self.meeting.action_convene()

    def test_steps_are_no_fields(self):
        for vals in ({"state": "signed"}, {"roll_hash": "x"}, {"call": "second"}, {"minutes_hash": "x"}):
            with self.assertRaisesRegex(UserError, "by its buttons only"):
                self.meeting.write(vals)
            with self.assertRaisesRegex(UserError, "by its buttons only"):
                self._create_meeting(self.rule, **vals)
            with self.assertRaisesRegex(UserError, "by its buttons only"):
                self.meeting.with_context(kmp_seal=True).write(vals)

    def test_each_step_takes_its_state(self):
        for step in (
            "action_open",
            "action_close",
            "action_sign_chair",
            "action_freeze_roll",
            "action_send_convocation",
        ):
            with self.assertRaisesRegex(UserError, "RAT 2025 is draft"):
                getattr(self.meeting, step)()
        self.meeting.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.meeting.action_convene()

    def test_only_officers_take_steps(self):
        for user in (self.clerk, self.supervisor, self.auditor, self.outsider, self.other_officer):
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).action_convene()
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).write({"name": "x"})
        self.assertEqual(self.meeting.state, "draft")

    def test_the_accounts_are_due_within_six_months(self):
        self.meeting.date = moment("2026-03-20 02:00:00")
        self.assertRecordValues(
            self.meeting,
            [{"fiscal_year_end": date(2025, 12, 31), "deadline": date(2026, 6, 30), "is_late": False}],
        )
        self.meeting.write({"date": moment("2026-07-01 02:00:00"), "fiscal_year_end": date(2025, 12, 31)})
        self.assertTrue(self.meeting.is_late)
        self.assertFalse(self._create_meeting(self.rule, kind="extraordinary").deadline)

    def test_the_convocation_goes_to_those_entitled_with_the_documents(self):
        document = (
            self.env["ir.attachment"]
            .with_user(self.officer)
            .create({"name": "Laporan.pdf", "raw": b"%PDF-1.4"})
        )
        self.meeting.attachment_ids = document
        self._member("PRD").partner_id.write({"email": "prd@example.org", "name": "<b>Budi</b>"})
        self._member("CNS").partner_id.email = "cns@example.org"
        outsider = self._create_member("Outsider")
        outsider.partner_id.email = "suspended@example.org"
        outsider.with_user(self.officer)._apply_step("suspend", day(-28), reason="dues")
        self.meeting.action_convene()
        self.meeting.action_send_convocation()
        mails = self.env["mail.mail"].search(
            [("model", "=", "kmp.meeting.roll"), ("res_id", "in", self.meeting.roll_ids.ids)]
        )
        self.assertEqual(sorted(mails.recipient_ids.mapped("email")), ["cns@example.org", "prd@example.org"])
        for mail in mails:
            self.assertEqual(mail.attachment_ids, document)
            self.assertIn("Accounts of the year", mail.body_html)
            self.assertNotIn("<b>Budi</b>", mail.body_html)
        self.assertEqual(self.meeting.uninvited_count, 9)
        with self.assertRaisesRegex(UserError, "told already"):
            self.meeting.action_send_convocation()
        self.meeting.action_mark_told()
        self.assertEqual(self.meeting.uninvited_count, 0)

    def test_chair_and_secretary_are_two(self):
        with self.assertRaisesRegex(ValidationError, "two people"):
            self.meeting.write({"chair_id": self._member("PRD").id, "secretary_id": self._member("PRD").id})

    def test_form(self):
        form = Form(self.env["kmp.meeting"].with_user(self.officer))
        form.name = "RALB"
        form.kind = "extraordinary"
        form.date = MEETING_DAY
        with form.agenda_ids.new() as point:
            point.name = "By-laws"
        meeting = form.save()
        self.assertEqual(meeting.rule_id, self.rule)
        self.assertFalse(meeting.fiscal_year_end)

    def test_delegates_vote_for_their_classes(self):
        meeting = self._create_meeting(
            self.rule,
            kind="plenary",
            roll_basis="delegates",
            delegate_ids=[
                Command.create({"membership_id": self._member(code).id, "mandate": "As agreed"})
                for code in ("PRD", "CNS", "INV")
            ],
        )
        meeting.action_convene()
        self.assertEqual(meeting.roll_ids.membership_id, meeting.delegate_ids.membership_id)
        with self.assertRaisesRegex(UserError, "is convened: Delegate cannot be changed now"):
            meeting.delegate_ids[0].mandate = "Other"

    def test_the_agenda_is_fixed_with_the_signatures_only(self):
        self.meeting.action_convene()
        self.meeting.agenda_ids.discussion = "x"
        self.meeting.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled: Agenda cannot be changed now"):
            self.meeting.agenda_ids.name = "Other"

    def test_a_point_is_not_moved_into_a_cancelled_meeting(self):
        other = self._create_meeting(self.rule)
        other.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.meeting.agenda_ids.meeting_id = other
