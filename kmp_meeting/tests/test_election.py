import lxml.html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestElection(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._open_meeting(cls._create_rule())

    def _create_election(self, codes=("PRD-1", "PRD-2", "CNS-1", "INV-1"), **vals):
        members = [self.env["kmp.membership"].search([("number", "=", code)]) for code in codes]
        candidates = [Command.create({"membership_id": member.id}) for member in members]
        defaults = {"kind": "election", "name": "Board", "seats": 2, "candidate_ids": candidates}
        return self._create_resolution(self.meeting, **(defaults | vals))

    def _enter(self, election, code, ballots, *votes, abstain=0):
        lines = election.count_ids.filtered(lambda line: line.class_id.code == code)
        lines.filtered(lambda line: not line.candidate_id).write({"ballots": ballots, "abstain": abstain})
        for candidate, number in zip(election.candidate_ids, votes, strict=True):
            lines.filtered(lambda line, candidate=candidate: line.candidate_id == candidate).yes = number

    def test_hands(self):
        election = self._create_election()
        self.assertEqual(election.candidate_ids.mapped("number"), [1, 2, 3, 4])
        election.action_open_vote()
        # Of 10 ballots: 1 has 5, 2 has 2, 3 has 6, 4 has 4.
        self._enter(election, "PRD", 5, 4, 2, 2, 1)
        self._enter(election, "CNS", 3, 1, 0, 3, 1, abstain=1)
        self._enter(election, "INV", 2, 0, 0, 1, 2)
        election.action_close_vote()
        self.assertEqual(election.result, "carried")
        self.assertEqual(election.candidate_ids.filtered("is_elected").mapped("name"), ["PRD 1", "CNS 1"])
        self.assertEqual(
            election.tally["outcome"]["scores"], {"1": "1/2", "2": "1/5", "3": "3/5", "4": "2/5"}
        )
        text = " ".join(lxml.html.fromstring(str(election.tally_html)).text_content().split())
        for part in (
            "Producers 50% 1/2 5 / 10",
            "1 PRD 1 elected Producers 1/3 → 10% 0/2 → 0% 4/5 → 40% 50% 1/2",
            "Ballots with a name 325 10",
            "Abstentions 100 1",
        ):
            self.assertIn(part, text)

    def test_a_lot_decides_between_equals(self):
        election = self._create_election()
        election.action_open_vote()
        self._enter(election, "PRD", 5, 5, 0, 3, 2)
        self._enter(election, "CNS", 4, 4, 0, 1, 2)
        self._enter(election, "INV", 0, 0, 0, 0, 0, abstain=2)
        election.action_close_vote()
        self.assertEqual((election.result, election.tally["outcome"]["tied"]), ("tied", ["3", "4"]))
        wizard = (
            self.env["kmp.meeting.resolution.decision"]
            .with_user(self.officer)
            .create({"resolution_id": election.id})
        )
        self.assertFalse(wizard.line_ids)
        wizard = (
            self.env["kmp.meeting.resolution.decision"]
            .with_user(self.officer)
            .with_context(default_resolution_id=election.id)
            .create({})
        )
        self.assertEqual(wizard.line_ids.candidate_id.mapped("number"), [3, 4])
        with self.assertRaisesRegex(UserError, "name all who are tied"):
            election._decide_tie(lot=[3])
        wizard.line_ids[0].sequence, wizard.line_ids[1].sequence = 2, 1
        wizard.action_confirm()
        self.assertEqual((election.result, election.reason), ("carried", "lot"))
        self.assertEqual(election.candidate_ids.filtered("is_elected").mapped("number"), [1, 4])

    def test_no_more_of_a_class_than_its_seats(self):
        election = self._create_election(seats_per_class=1)
        election.action_open_vote()
        self._enter(election, "PRD", 5, 5, 4, 1, 0)
        self._enter(election, "CNS", 4, 3, 3, 2, 0)
        self._enter(election, "INV", 2, 2, 2, 0, 0)
        election.action_close_vote()
        self.assertEqual(election.candidate_ids.filtered("is_elected").mapped("number"), [1, 3])

    def test_votes_that_do_not_fit_the_ballots(self):
        election = self._create_election()
        election.action_open_vote()
        self._enter(election, "PRD", 5, 5, 5, 5, 0)
        with self.assertRaisesRegex(UserError, "do not fit 5 ballots with up to 2 names"):
            election.action_close_vote()

    def test_acclamation(self):
        with self.assertRaisesRegex(UserError, "has 4 candidates for 2 seats"):
            self._create_election(method="consensus").action_record_consensus()
        election = self._create_election(("PRD-1", "CNS-1"), method="consensus")
        election.action_record_consensus()
        self.assertEqual(election.candidate_ids.mapped("is_elected"), [True, True])
        with self.assertRaisesRegex(UserError, "has no candidates"):
            self._create_election((), method="hands").action_open_vote()

    def test_the_list_is_fixed_with_the_vote(self):
        election = self._create_election()
        with self.assertRaisesRegex(UserError, "comes from the votes"):
            election.candidate_ids[0].is_elected = True
        election.action_open_vote()
        with self.assertRaisesRegex(UserError, "was put to the vote"):
            election.candidate_ids[0].number = 9
        with self.assertRaisesRegex(UserError, "was put to the vote"):
            election.candidate_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "was put to the vote"):
            self.env["kmp.meeting.candidate"].with_user(self.officer).create(
                {"resolution_id": election.id, "membership_id": self._member("PRD", 5).id}
            )

    def test_ballots(self):
        for method in ("ballot", "secret"):
            election = self._create_election(method=method, name=method)
            election.action_open_vote()
            for code, index, choice in (
                ("PRD", 1, [1, 3]),
                ("PRD", 2, [3]),
                ("CNS", 1, (3, 4)),
                ("CNS", 2, [1]),
                ("INV", 1, "abstain"),
                ("INV", 2, []),
            ):
                election._cast(self._member(code, index), choice)
            for bad in ([1, 2, 3], [1, 1], [9], "yes", ["1"], [None]):
                with self.assertRaisesRegex(UserError, "up to 2 different candidates"):
                    election._cast(self._member("PRD", 3), bad)
            election.action_close_vote()
            self.assertEqual(election.candidate_ids.filtered("is_elected").mapped("number"), [1, 3])
            self.assertEqual(
                election.tally["outcome"]["scores"], {"1": "1/2", "2": "0", "3": "3/4", "4": "1/4"}
            )
