from odoo import Command, fields
from odoo.tests import tagged

from .common import TODAY
from .portal_common import MeetingPortalCase

TOO_MUCH = 50 * 1024 * 1024  # bytes


@tagged("post_install", "-at_install")
class TestPortalVote(MeetingPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._open_meeting(cls.rule, {cls.producers: 3, cls.consumers: 4, cls.investors: 2})

    def _page(self):
        return self._read(f"/my/meeting/{self.meeting.id}")

    def test_secret(self):
        vote = self._open_vote(self.meeting)
        self._sign_in(self.user_ani)
        self.assertIn("cannot be changed", self._page())
        response = self._vote(vote, self.ani, "no")
        self.assertEqual((response.status_code, response.headers["Cache-Control"]), (200, "no-store"))
        token = self._token(response)
        self.assertEqual(vote.voter_ids.mapped(lambda each: (each.number, each.choice)), [("PRD-1", False)])
        self.assertEqual(vote.sudo().ballot_ids.mapped("choice"), ["no"])
        page = self._page()
        self.assertIn("Voted", page)
        self.assertNotIn("Voted: No", page)
        self.assertNotIn(token, page)
        self.assertNotIn(token, str(dict(self.session)), "the session does not know the ballot")
        self._check_receipt(vote, token)

    def _check_receipt(self, vote, token):
        self.authenticate(None, None)
        url = f"/ballot/{vote.id}"
        self.assertIn("Enter the receipt", self._read(url))
        self.assertIn(
            "No counted ballot", self._send_form(url, token=token).text, "not while the vote is open"
        )
        vote.action_close_vote()
        found = self._send_form(url, token=f" {token} ").text
        for part in ("It is counted", "RAT 2025", "Producers", ">No<"):
            self.assertIn(part, found)
        for wrong in (token[:-1], "x" * 500, "", "' OR 1=1 --"):
            self.assertIn("No counted ballot", self._send_form(url, token=wrong).text)
        other = self._send_form("/ballot/999999", token=token)
        self.assertEqual(other.status_code, 200)
        self.assertIn("No counted ballot", other.text)

    def test_with_names(self):
        vote = self._open_vote(self.meeting, method="ballot")
        self._sign_in(self.user_ani)
        response = self._vote(vote, self.ani, "abstain")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("kmp_receipt", response.text)
        self.assertIn("Voted: Abstention", self._page())
        self.assertEqual(vote.voter_ids.choice, "abstain")

    def test_twice(self):
        vote = self._open_vote(self.meeting)
        self._sign_in(self.user_ani)
        self._vote(vote, self.ani, "no")
        response = self._vote(vote, self.ani, "yes")
        self.assertEqual(response.status_code, 409)
        self.assertIn("has voted on Accounts already", response.text)
        self.assertEqual(vote.sudo().ballot_ids.mapped("choice"), ["no"])

    def test_for_somebody_else(self):
        vote = self._open_vote(self.meeting)
        self._sign_in(self.user_ani)
        for member in (self.budi, self.citra):
            self.assertEqual(self._vote(vote, member).status_code, 404)
        self.assertEqual(self._vote(vote, self.ani, roll_id="abc").status_code, 404)
        self.assertFalse(vote.voter_ids)

    def test_a_resolution_of_another_meeting(self):
        other = self._open_meeting(self.rule, name="Other")
        vote = self._open_vote(other)
        self._sign_in(self.user_ani)
        row = self._row(self.meeting, self.ani)
        response = self._send_form(
            f"/my/meeting/{self.meeting.id}/vote/{vote.id}", roll_id=row.id, choice="yes"
        )
        self.assertEqual(response.status_code, 404)
        response = self._send_form(f"/my/meeting/{other.id}/vote/{vote.id}", roll_id=row.id, choice="yes")
        self.assertEqual(response.status_code, 404, "the row is one of another roll")
        self.assertFalse(vote.voter_ids)

    def test_before_the_opening_and_after_the_closing(self):
        vote = self._create_resolution(self.meeting, method="secret")
        self._sign_in(self.user_ani)
        self.assertNotIn("cannot be changed", self._page())
        self.assertIn("has not been opened yet", self._vote(vote, self.ani).text)
        vote.action_open_vote()
        self._vote(vote, self.ani)
        vote.action_close_vote()
        self._sign_in(self.user_budi)
        response = self._vote(vote, self.budi)
        self.assertEqual(response.status_code, 409)
        self.assertIn("the vote is over", response.text)
        self.assertEqual(len(vote.voter_ids), 1)

    def test_after_its_time(self):
        vote = self._open_vote(
            self.meeting, open_until=fields.Datetime.subtract(fields.Datetime.now(), seconds=1)
        )
        self._sign_in(self.user_ani)
        self.assertNotIn("cannot be changed", self._page())
        self.assertIn("the vote is over", self._vote(vote, self.ani).text)
        self.assertFalse(vote.voter_ids)

    def test_suspended_after_the_roll_was_frozen(self):
        vote = self._open_vote(self.meeting)
        self.ani.with_user(self.officer)._apply_step("suspend", TODAY, reason="dues")
        self._sign_in(self.user_ani)
        self.assertIn("This membership is suspended and may not vote", self._page())
        self.assertIn("is suspended and may not vote", self._vote(vote, self.ani).text)
        self.assertFalse(vote.voter_ids)

    def test_who_is_not_there(self):
        self.meeting.attendance_ids.filtered(lambda each: each.membership_id == self.budi).with_user(
            self.clerk
        ).unlink()
        vote = self._open_vote(self.meeting)
        self._sign_in(self.user_budi)
        self.assertIn("Register at the door first", self._page())
        self.assertIn("is not registered as present", self._vote(vote, self.budi).text)
        self.meeting.sudo().allows_remote = True
        self.assertEqual(self._vote(vote, self.budi).status_code, 200)
        self.assertEqual(vote.voter_ids.number, "PRD-2")

    def test_proxies(self):
        absent = self.members[self.producers][3]
        row, holder = self._row(self.meeting, absent), self._row(self.meeting, self.ani)
        self.env["kmp.meeting.attendance"].with_user(self.clerk).create(
            {"meeting_id": self.meeting.id, "roll_id": row.id, "holder_id": holder.id}
        )
        user = self._give_access(absent, "absent")
        vote = self._open_vote(self.meeting, method="ballot")
        self._sign_in(user)
        self.assertIn("Represented by PRD 1", self._page())
        self.assertIn("is represented by PRD 1, who votes", self._vote(vote, absent).text)
        self._sign_in(self.user_ani)
        self.assertIn("For PRD 4 PRD-4", self._page())
        self._vote(vote, self.ani, "yes")
        self._vote(vote, absent, "no")
        self.assertEqual(
            vote.voter_ids.sorted("number").mapped(lambda each: (each.number, each.choice)),
            [("PRD-1", "yes"), ("PRD-4", "no")],
        )
        self._sign_in(self.user_budi)
        self.assertEqual(self._vote(vote, absent).status_code, 404)

    def test_a_bound_delegate(self):
        meeting = self._create_meeting(
            self.rule,
            kind="plenary",
            roll_basis="delegates",
            delegate_ids=[Command.create({"membership_id": self.ani.id})],
        )
        vote = self._create_resolution(meeting, method="ballot")
        meeting.delegate_ids.instruction_ids = [Command.create({"resolution_id": vote.id, "choice": "no"})]
        meeting.action_convene()
        self._attend(meeting)
        meeting.action_open()
        vote.action_open_vote()
        self._sign_in(self.user_ani)
        self.assertIn("The mandate of the class binds this vote: No", self._read(f"/my/meeting/{meeting.id}"))
        self.assertIn("is bound by the mandate", self._vote(vote, self.ani, "yes").text)
        self.assertEqual(self._vote(vote, self.ani, "no").status_code, 200)
        self._sign_in(self.user_budi)
        self.assertEqual(self._get(f"/my/meeting/{meeting.id}").status_code, 404, "not a delegate")

    def test_election(self):
        board = self.members[self.producers][:3]
        vote = self._open_vote(
            self.meeting,
            kind="election",
            seats=2,
            candidate_ids=[
                Command.create({"membership_id": each.id, "number": place})
                for place, each in enumerate(board, 1)
            ],
        )
        self._sign_in(self.user_ani)
        self.assertIn("Choose up to 2", self._page())
        for wrong in (["1", "2", "3"], ["7"], ["1", "1"], ["x"], ["9" * 5000], []):
            response = self._vote(vote, self.ani, "names", candidate=wrong)
            self.assertEqual(response.status_code, 409, wrong)
        self.assertFalse(vote.voter_ids)
        self.assertEqual(self._vote(vote, self.ani, "names", candidate=["3", "1"]).status_code, 200)
        self._sign_in(self.user_budi)
        self._vote(vote, self.budi, "abstain", candidate=["1"])
        self.assertEqual(sorted(vote.sudo().ballot_ids.mapped("choice")), ["1,3", "abstain"])

    def test_no_such_choice(self):
        vote = self._open_vote(self.meeting)
        self._sign_in(self.user_ani)
        for choice in ("", "maybe", "YES", "yes' OR 1=1"):
            self.assertEqual(self._vote(vote, self.ani, choice).status_code, 409)
        self.assertFalse(vote.voter_ids)

    def test_only_by_our_own_form(self):
        vote = self._open_vote(self.meeting)
        self._sign_in(self.user_ani)
        row = self._row(self.meeting, self.ani)
        url = f"/my/meeting/{self.meeting.id}/vote/{vote.id}"
        self.assertEqual(self._get(f"{url}?roll_id={row.id}&choice=yes").status_code, 405)
        for token in ("", "0" * 40):
            response = self.url_open(
                url, data={"roll_id": row.id, "choice": "yes", "csrf_token": token}, allow_redirects=False
            )
            self.assertEqual(response.status_code, 400)
        self.assertEqual(self._vote(vote, self.ani, filler="x" * TOO_MUCH).status_code, 413)
        self.assertFalse(vote.voter_ids)

    def test_signed_out(self):
        vote = self._open_vote(self.meeting)
        self.authenticate(None, None)
        response = self._vote(vote, self.ani)
        self.assertEqual(response.status_code, 303)
        self.assertFalse(vote.voter_ids)
