from fractions import Fraction

import lxml.html
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.kmp_meeting import tally

from .common import MeetingCase

HOSTILE = "<script>alert(1)</script>${7*7}{{7*7}}=HYPERLINK(1)"


@tagged("post_install", "-at_install")
class TestResolution(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fixed = cls._create_rule(
            {
                cls.producers: {"weight": "2/5"},
                cls.consumers: {"weight": "2/5"},
                cls.investors: {"weight": "1/5"},
            },
            weight_source="fixed",
            transfer="winner",
            tie_rule="chair",
        )
        cls.meeting = cls._open_meeting(cls.fixed)

    def _vote(self, resolution, **votes):
        resolution.action_open_vote()
        self._count(resolution, **votes)
        resolution.action_close_vote()
        return resolution

    def test_hands_are_counted_in_two_tiers(self):
        # PRD yes, CNS no, INV yes: 2/5 + 1/5.
        resolution = self._vote(
            self._create_resolution(self.meeting), PRD=(3, 2, 0), CNS=(1, 3, 0), INV=(1, 0, 1)
        )
        self.assertRecordValues(
            resolution,
            [
                {
                    "state": "closed",
                    "result": "carried",
                    "reason": "majority",
                    "decided_by_id": self.officer.id,
                }
            ],
        )
        outcome = resolution.tally["outcome"]
        self.assertEqual((outcome["yes"], outcome["no"]), ("3/5", "2/5"))
        self.assertEqual([(line["code"], line["result"], line["weight"]) for line in outcome["classes"]],
                         [("CNS", "no", "2/5"), ("INV", "yes", "1/5"), ("PRD", "yes", "2/5")])  # fmt: skip
        self.assertEqual(resolution.tally_hash, tally.digest(tally.json_bytes(resolution.tally)))
        self.assertEqual(resolution.tally | tally.replay(resolution.tally), resolution.tally)

    def test_both_tallies_are_shown_with_their_arithmetic(self):
        resolution = self._vote(
            self._create_resolution(self.meeting), PRD=(3, 2, 0), CNS=(1, 3, 0), INV=(1, 0, 1)
        )
        html = str(resolution.with_user(self.supervisor).tally_html)
        for text in (
            "yes 3/5 = 60%",
            "no 3/4 = 75%",
            "yes: 20% + 40% = ",
            "&gt; 1/2",
            "Producers",
            "Carried",
        ):
            self.assertIn(text, " ".join(html.split()))

    def test_each_weight_is_shown_with_how_it_came_about(self):
        """Votes 5, 4 and 2; the investors' cap of 10% binds, so each other vote weighs 1/10 of the plenary."""
        rule = self._create_rule({self.investors: {"cap": "10%"}}, date_from="2025-02-01")
        meeting = self._open_meeting(rule)
        resolution = self._vote(self._create_resolution(meeting), PRD=(3, 2, 0), CNS=(1, 3, 0), INV=(2, 0, 0))
        text = " ".join(lxml.html.fromstring(str(resolution.tally_html)).text_content().split())
        for part in (
            "Producers 50% 1/2 5 × 1/10 30% × 3/5 20% × 2/5",
            "Consumers 40% 2/5 4 × 1/10 10% × 1/4 30% × 3/4",
            "Investors 10% 1/10 its cap 10% × 1 0% × 0",
        ):
            self.assertIn(part, text)

    def test_numbers_are_written_as_the_reader_does(self):
        self.env["res.lang"]._activate_lang("id_ID")
        rule = self._create_rule(date_from="2025-02-01")
        resolution = self._vote(
            self._create_resolution(self._open_meeting(rule)), PRD=(1, 1, 0), CNS=(1, 0, 0), INV=(0, 0, 0)
        )
        self.assertIn("66.67%", str(resolution.tally_html))
        self.assertIn("66,67%", str(resolution.with_context(lang="id_ID").tally_html))

    def test_a_special_resolution_needs_more(self):
        resolution = self._vote(
            self._create_resolution(self.meeting, kind="special"), PRD=(3, 2, 0), CNS=(1, 3, 0), INV=(1, 0, 1)
        )
        self.assertEqual((resolution.result, resolution.reason), ("rejected", "no_majority"))

    def test_consensus(self):
        resolution = self._create_resolution(self.meeting, method="consensus")
        resolution.action_record_consensus()
        self.assertRecordValues(resolution, [{"state": "closed", "result": "carried", "reason": "consensus"}])
        self.assertEqual(sum(count["present"] for count in resolution.tally["counts"]), 11)
        with self.assertRaisesRegex(UserError, "is decided by consensus"):
            self._create_resolution(self.meeting, method="consensus").action_open_vote()
        with self.assertRaisesRegex(UserError, "is decided by a vote"):
            self._create_resolution(self.meeting).action_record_consensus()

    def test_more_votes_than_members_are_refused(self):
        resolution = self._create_resolution(self.meeting)
        resolution.action_open_vote()
        self._count(resolution, PRD=(4, 2, 0), CNS=(1, 0, 0))
        with self.assertRaisesRegex(UserError, "Class PRD: 6 votes were counted, but only 5 members"):
            resolution.action_close_vote()
        self.assertRecordValues(resolution, [{"state": "open", "result": False, "tally": False}])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            resolution.count_ids[0].yes = -1
            self.env.flush_all()

    def test_a_tie_goes_to_the_chair(self):
        # INV is split: PRD and CNS have half each.
        resolution = self._vote(
            self._create_resolution(self.meeting), PRD=(3, 2, 0), CNS=(1, 3, 0), INV=(1, 1, 0)
        )
        self.assertEqual((resolution.result, resolution.reason), ("tied", "tie"))
        with self.assertRaisesRegex(UserError, "not decided: Accounts"):
            self.meeting.action_close()
        wizard = Form(
            self.env["kmp.meeting.resolution.decision"]
            .with_user(self.officer)
            .with_context(default_resolution_id=resolution.id)
        )
        wizard.casting = "yes"
        wizard.save().action_confirm()
        self.assertEqual((resolution.result, resolution.reason), ("carried", "casting_vote"))
        self.assertEqual(resolution.tally["casting"], "yes")
        with self.assertRaisesRegex(UserError, "is not tied"):
            resolution._decide_tie("no")
        self.meeting.action_close()

    def test_a_tie_is_rejected_where_the_rules_say_so(self):
        meeting = self._open_meeting(self._create_rule(date_from="2025-08-01"))
        resolution = self._vote(self._create_resolution(meeting), PRD=(3, 2, 0), CNS=(1, 2, 0))
        self.assertEqual((resolution.result, resolution.reason), ("rejected", "tie"))

    def test_without_a_quorum_nothing_is_carried(self):
        rule = self._create_rule(quorum_total="1/2", date_from="2025-08-01")
        meeting = self._open_meeting(rule, {self.producers: 5, self.consumers: 1})
        hands = self._create_resolution(meeting)
        hands.action_open_vote()
        self._count(hands, PRD=(4, 0, 0))
        consensus = self._create_resolution(meeting, method="consensus")
        meeting.attendance_ids.filtered(lambda each: each.class_id == self.consumers).with_user(
            self.clerk
        ).unlink()
        for attempt in (
            hands.action_close_vote,
            consensus.action_record_consensus,
            self._create_resolution(meeting).action_open_vote,
        ):
            with self.assertRaisesRegex(
                UserError, "has no quorum, so nothing can be decided. Together: 5 of 11, 6 are needed"
            ):
                attempt()
        self.assertFalse(hands.result)

    def test_a_resolution_does_not_change_after_the_vote(self):
        resolution = self._create_resolution(self.meeting, text="<p>We agree</p>")
        resolution.action_open_vote()
        changes = (
            {"name": "x"},
            {"text": "x"},
            {"kind": "special"},
            {"method": "secret"},
            {"meeting_id": self._create_meeting(self.fixed).id},
        )
        for vals in changes:
            with self.assertRaisesRegex(UserError, "was put to the vote and does not change any more"):
                resolution.write(vals)
        self._count(resolution, PRD=(5, 0, 0))
        resolution.action_close_vote()
        for vals in changes:
            with self.assertRaisesRegex(UserError, "does not change any more"):
                resolution.write(vals)
        with self.assertRaisesRegex(UserError, "does not change"):
            resolution.unlink()
        with self.assertRaisesRegex(UserError, "nothing to count"):
            resolution.count_ids.write({"yes": 5})
        for vals in ({"result": "rejected"}, {"state": "draft"}, {"tally": {}}):
            with self.assertRaisesRegex(UserError, "by its buttons only"):
                resolution.write(vals)

    def test_a_closed_meeting_decides_nothing(self):
        resolution = self._create_resolution(self.meeting)
        resolution.action_withdraw()
        self.meeting.action_close()
        with self.assertRaisesRegex(UserError, "is closed"):
            resolution.action_open_vote()
        with self.assertRaisesRegex(UserError, "is closed: Resolution cannot be changed now"):
            self._create_resolution(self.meeting)

    def test_a_vote_is_not_opened_before_the_meeting(self):
        meeting = self._create_meeting(self.fixed)
        meeting.action_convene()
        with self.assertRaisesRegex(UserError, "is convened. This takes a meeting that is open"):
            self._create_resolution(meeting).action_open_vote()

    def test_withdrawing(self):
        resolution = self._create_resolution(self.meeting)
        resolution.action_open_vote()
        resolution.action_withdraw()
        self.assertRecordValues(resolution, [{"state": "withdrawn", "result": False}])
        decided = self._vote(self._create_resolution(self.meeting), PRD=(5, 0, 0))
        with self.assertRaisesRegex(UserError, "is decided already"):
            decided.action_withdraw()

    def test_only_officers_decide(self):
        resolution = self._create_resolution(self.meeting)
        for user in (self.clerk, self.supervisor, self.auditor, self.outsider, self.other_officer):
            for step in (
                "action_open_vote",
                "action_close_vote",
                "action_record_consensus",
                "action_withdraw",
            ):
                with self.assertRaises(AccessError):
                    getattr(resolution.with_user(user), step)()
        self.assertEqual(resolution.state, "draft")

    def test_hostile_text_stays_text(self):
        resolution = self._create_resolution(self.meeting, name=HOSTILE, text=HOSTILE)
        self.assertNotIn("<script>", resolution.text)
        self.producers.name = HOSTILE
        self._vote(resolution, PRD=(5, 0, 0))
        html = str(resolution.tally_html)
        self.assertNotIn("<script>", html)
        self.assertIn("{{7*7}}", html)

    def test_mandates_of_class_meetings(self):
        plenary = self._create_meeting(self.fixed, kind="plenary", name="Paripurna")
        motion = self._create_resolution(plenary, method="mandate", name="Motion")
        votes = {self.producers: (3, 1, 1), self.consumers: (0, 4, 0), self.investors: (2, 0, 0)}
        for each, hands in votes.items():
            meeting = self._create_meeting(
                self.fixed, kind="class", class_id=each.id, plenary_id=plenary.id, name=each.code
            )
            meeting.action_convene()
            self._attend(meeting)
            meeting.action_open()
            mandate = self._create_resolution(meeting, plenary_resolution_id=motion.id, name=each.code)
            if each == self.consumers:
                plenary.action_convene()
                self._attend(plenary)
                plenary.action_open()
                motion.action_open_vote()
                with self.assertRaisesRegex(UserError, "have not decided yet .CNS."):
                    motion.action_close_vote()
            self._vote(mandate, **{each.code: hands})
        motion.action_close_vote()
        self.assertEqual((motion.result, motion.tally["outcome"]["yes"]), ("carried", "3/5"))
        self.assertEqual(Fraction(motion.tally["outcome"]["no"]), Fraction(2, 5))

    def test_mandates_that_do_not_fit(self):
        with self.assertRaisesRegex(ValidationError, "no elections and no class meetings"):
            self._create_resolution(self.meeting, method="mandate", kind="election")
        with self.assertRaisesRegex(ValidationError, "in the plenary of its meeting"):
            self._create_resolution(
                self.meeting, plenary_resolution_id=self._create_resolution(self.meeting).id
            )

    def test_in_a_class_meeting_the_class_decides_alone(self):
        rule = self._create_rule(
            {each: {"floor": "10%", "cap": "50%"} for each in self.members},
            weight_source="equal",
            date_from="2025-08-01",
        )
        meeting = self._open_meeting(rule, kind="class", class_id=self.producers.id)
        resolution = self._vote(self._create_resolution(meeting), PRD=(3, 2, 0))
        self.assertEqual((resolution.result, resolution.tally["outcome"]["yes"]), ("carried", "3/5"))

    def test_the_motion_has_a_hash(self):
        resolution = self._create_resolution(self.meeting, text="<p>We agree</p>")
        resolution.action_open_vote()
        motion = {"subject": "Accounts", "text": "We agree", "kind": "ordinary", "seats": 0, "candidates": []}
        self.assertEqual(resolution.motion_hash, tally.digest(tally.json_bytes(motion)))

    def test_a_number_is_given_once(self):
        self._create_resolution(self.meeting, number="1/2026")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._create_resolution(self.meeting, number="1/2026")
