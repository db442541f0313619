from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MeetingCase

OFFICER_WRITES = (
    "kmp.voting.rule",
    "kmp.voting.rule.class",
    "kmp.meeting",
    "kmp.meeting.agenda",
    "kmp.meeting.delegate",
    "kmp.meeting.instruction",
    "kmp.meeting.resolution",
    "kmp.meeting.candidate",
    "kmp.meeting.count",
)
WITH_BALLOTS = ("kmp.meeting.voter", "kmp.meeting.ballot")


@tagged("post_install", "-at_install")
class TestSecurity(MeetingCase):
    def _rights(self, model, user):
        records = self.env[model].with_user(user)
        return {
            operation for operation in ("read", "write", "create", "unlink") if records.has_access(operation)
        }

    def test_rights(self):
        for model in OFFICER_WRITES:
            with self.subTest(model):
                self.assertLessEqual({"read", "write", "create"}, self._rights(model, self.officer))
                for user in (self.clerk, self.supervisor, self.auditor):
                    self.assertEqual(self._rights(model, user), {"read"})
        for model in WITH_BALLOTS:
            self.assertEqual(self._rights(model, self.clerk), set())
            for user in (self.officer, self.supervisor, self.auditor):
                self.assertEqual(self._rights(model, user), {"read"})
        for user in (self.clerk, self.officer):
            self.assertEqual(len(self._rights("kmp.meeting.attendance", user)), 4)

    def test_outsiders_see_nothing(self):
        for model in (*OFFICER_WRITES, *WITH_BALLOTS, "kmp.meeting.roll", "kmp.meeting.attendance"):
            self.assertEqual(self._rights(model, self.outsider), set(), model)

    def test_another_company_sees_nothing(self):
        rule = self._create_rule({self.producers: {"cap": "1/3"}})
        meeting = self._open_meeting(rule)
        resolution = self._create_resolution(meeting, method="secret")
        named = self._create_resolution(meeting, method="ballot")
        for vote in (resolution, named):
            vote.action_open_vote()
            vote._cast(self._member("PRD"), "yes")
            vote.action_close_vote()
        for records in (
            rule,
            rule.line_ids,
            meeting,
            meeting.agenda_ids,
            meeting.roll_ids,
            meeting.attendance_ids,
            meeting.resolution_ids,
            resolution.voter_ids,
            resolution.ballot_ids,
        ):
            self.assertTrue(records)
            with self.assertRaises(AccessError):
                self._elsewhere(records).read(["display_name"])
            self.assertFalse(self._elsewhere(records).search([("id", "in", records.ids)]))

    def test_helpers_cannot_be_called_from_outside(self):
        """What casts votes and finds ballots is for the server's own code: Odoo's RPC refuses names with an underscore."""
        for name in ("_cast", "_find_ballot", "_decide_tie", "_settle"):
            self.assertTrue(hasattr(self.env["kmp.meeting.resolution"], name))
        for name in ("_put", "_shuffle"):
            self.assertTrue(hasattr(self.env["kmp.meeting.ballot"], name))
