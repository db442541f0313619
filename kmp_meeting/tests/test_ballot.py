from collections import Counter

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import TODAY, MeetingCase


@tagged("post_install", "-at_install")
class TestBallot(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(proxies_per_member=1)
        cls.meeting = cls._open_meeting(cls.rule, {cls.producers: 3, cls.consumers: 2, cls.investors: 1})
        cls.secret = cls._create_resolution(cls.meeting, method="secret", name="Secret")
        cls.named = cls._create_resolution(cls.meeting, method="ballot", name="Named")

    def _cast(self, resolution, code, index, choice):
        return resolution._cast(self._member(code, index), choice)

    def _rows(self, table):
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT * FROM %s", SQL.identifier(table)))

    def test_a_ballot_with_names(self):
        self.named.action_open_vote()
        self.assertFalse(self._cast(self.named, "PRD", 1, "yes"))
        self._cast(self.named, "PRD", 2, "no")
        self._cast(self.named, "CNS", 1, "yes")
        self._cast(self.named, "INV", 1, "abstain")
        self.named.action_close_vote()
        self.assertEqual(
            self.named.voter_ids.with_user(self.auditor)
            .sorted("number")
            .mapped(lambda each: (each.number, each.choice)),
            [("CNS-1", "yes"), ("INV-1", "abstain"), ("PRD-1", "yes"), ("PRD-2", "no")],
        )
        self.assertEqual((self.named.result, self.named.tally["outcome"]["yes"]), ("carried", "2/3"))

    def test_a_secret_vote_keeps_who_and_what_apart(self):
        self.secret.action_open_vote()
        tokens = {
            (code, index): self._cast(self.secret, code, index, choice)
            for code, index, choice in (
                ("PRD", 1, "yes"),
                ("PRD", 2, "no"),
                ("PRD", 3, "yes"),
                ("CNS", 1, "yes"),
            )
        }
        self.assertEqual(self.secret.voter_ids.mapped("choice"), [False] * 4)
        self.secret.action_close_vote()
        self.assertEqual(self.secret.tally["outcome"]["yes"], "3/4")
        stored = str(self._rows("kmp_meeting_ballot"))
        for token in tokens.values():
            self.assertNotIn(token, stored)
        columns = set(self.env["kmp.meeting.ballot"]._fields) - {"id", "display_name"}
        self.assertEqual(columns, {"resolution_id", "class_id", "choice", "receipt"})
        self.assertFalse(
            {"create_uid", "create_date", "write_date"} & set(self.env["kmp.meeting.voter"]._fields)
        )

    def test_neither_id_nor_place_nor_transaction_tells_the_order(self):
        meeting = self._open_meeting(self.rule)
        vote = self._create_resolution(meeting, method="secret")
        vote.action_open_vote()
        receipts = []
        for member in meeting.roll_ids.membership_id:
            token = vote._cast(member, "yes")
            receipts.append(self.env["kmp.meeting.ballot"]._get_receipt(vote, token))
        vote.action_close_vote()
        query = "SELECT receipt, id, xmin::text FROM kmp_meeting_ballot WHERE resolution_id = %s ORDER BY "
        by_place = self.env.execute_query(SQL(query + "ctid", vote.id))
        by_id = [row[0] for row in self.env.execute_query(SQL(query + "id", vote.id))]
        self.assertEqual([row[0] for row in by_place], sorted(receipts))
        self.assertNotEqual(by_id, receipts)
        self.assertEqual(len({row[2] for row in by_place}), 1)

    def test_a_voter_finds_the_own_ballot(self):
        self.secret.action_open_vote()
        token = self._cast(self.secret, "PRD", 1, "no")
        self._cast(self.secret, "PRD", 2, "yes")
        self.assertFalse(self.secret._find_ballot(token), "nothing is shown while the vote is open")
        self.secret.action_close_vote()
        self.assertRegex(token, r"^([2-9a-hjkmnp-z]{5}-){4}[2-9a-hjkmnp-z]{5}$")
        for written in (f" {token}\n", token.upper(), token.replace("-", ""), token.replace("-", " ")):
            ballot = self.secret._find_ballot(written)
            self.assertEqual((ballot.choice, ballot.class_id), ("no", self.producers))
        for wrong in ("", None, token[:-1], "x" * 5000):
            self.assertFalse(self.secret._find_ballot(wrong))
        self.assertFalse(self.named._find_ballot(token))

    def test_nobody_reads_ballots_before_the_vote_is_closed(self):
        self.secret.action_open_vote()
        self._cast(self.secret, "PRD", 1, "yes")
        ballots = self.env["kmp.meeting.ballot"]
        for user in (self.officer, self.supervisor, self.auditor):
            self.assertFalse(ballots.with_user(user).search([("resolution_id", "=", self.secret.id)]))
        for user in (self.clerk, self.outsider):
            with self.assertRaises(AccessError):
                ballots.with_user(user).search([])
        self.assertFalse(self.secret.tally_html)
        self.secret.action_close_vote()
        for user in (self.officer, self.supervisor, self.auditor):
            self.assertEqual(
                ballots.with_user(user).search([("resolution_id", "=", self.secret.id)]).choice, "yes"
            )
        self.assertFalse(self._elsewhere(ballots).search([("resolution_id", "=", self.secret.id)]))

    def test_nobody_writes_ballots_or_voters(self):
        self.secret.action_open_vote()
        self._cast(self.secret, "PRD", 1, "yes")
        self.secret.action_close_vote()
        for records in (self.secret.ballot_ids, self.secret.voter_ids):
            for user in (self.clerk, self.officer, self.supervisor, self.auditor):
                for attempt in (
                    lambda mine: mine.write({"choice": "no"}),
                    lambda mine: mine.unlink(),
                    lambda mine: mine.copy(),
                ):
                    with self.assertRaises(AccessError):
                        attempt(records.with_user(user))

    def test_before_the_vote_is_opened_and_after_it_is_closed(self):
        with self.assertRaisesRegex(UserError, "Secret: the vote has not been opened yet"):
            self._cast(self.secret, "PRD", 1, "yes")
        self.secret.action_open_vote()
        self._cast(self.secret, "PRD", 1, "yes")
        self.secret.action_close_vote()
        with self.assertRaisesRegex(UserError, "Secret: the vote is over"):
            self._cast(self.secret, "PRD", 2, "yes")
        self.assertEqual(len(self.secret.ballot_ids), 1)

    def test_after_its_time_a_vote_is_over(self):
        self.secret.open_until = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.secret.action_open_vote()
        self._cast(self.secret, "PRD", 1, "yes")
        self.secret.open_until = fields.Datetime.subtract(fields.Datetime.now(), seconds=1)
        with self.assertRaisesRegex(UserError, "the vote is over"):
            self._cast(self.secret, "PRD", 2, "yes")

    def test_twice(self):
        for resolution in (self.secret, self.named):
            resolution.action_open_vote()
            self._cast(resolution, "PRD", 1, "yes")
            with self.assertRaisesRegex(UserError, "PRD 1 has voted on .* already"):
                self._cast(resolution, "PRD", 1, "no")
            resolution.action_close_vote()
        self.assertEqual(self.secret.ballot_ids.mapped("choice"), ["yes"])
        self.assertEqual(self.named.voter_ids.mapped("choice"), ["yes"])

    def test_a_suspended_member(self):
        self.secret.action_open_vote()
        member = self._member("PRD")
        member.with_user(self.officer)._apply_step("suspend", TODAY, reason="dues")
        with self.assertRaisesRegex(UserError, "PRD-1 PRD 1 is suspended and may not vote"):
            self.secret._cast(member, "yes")
        member.with_user(self.officer)._apply_step("reinstate", TODAY)
        self.secret._cast(member, "yes")
        left = self._member("PRD", 2)
        left.with_user(self.officer)._apply_step("resign", TODAY, reason="x")
        with self.assertRaisesRegex(UserError, "is left and may not vote"):
            self.secret._cast(left, "yes")

    def test_for_another_class(self):
        meeting = self._open_meeting(self.rule, kind="class", class_id=self.consumers.id, name="RA Konsumen")
        vote = self._create_resolution(meeting, method="secret")
        vote.action_open_vote()
        with self.assertRaisesRegex(UserError, "the roll of RA Konsumen does not have this member"):
            vote._cast(self._member("PRD"), "yes")
        self.assertFalse(vote.voter_ids)

    def test_of_another_company_or_not_a_member_yet(self):
        self.secret.action_open_vote()
        stranger = self.env["kmp.membership"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "S"}).id,
                "company_id": self.other_company.id,
            }
        )
        applicant = self.env["kmp.membership"].create(
            {"partner_id": self.env["res.partner"].create({"name": "A"}).id}
        )
        for membership in (stranger, applicant, self._create_member("Too late")):
            with self.assertRaisesRegex(UserError, "does not have this member"):
                self.secret._cast(membership, "yes")

    def test_no_such_choice(self):
        self.secret.action_open_vote()
        for choice in ("maybe", "", None, "YES", ["yes"], 1, "yes'); DROP TABLE"):
            with self.assertRaisesRegex(UserError, "vote yes, no or abstain"):
                self._cast(self.secret, "PRD", 1, str(choice) if choice == ["yes"] else choice)
        self.assertFalse(self.secret.voter_ids)

    def test_hands_are_no_ballots(self):
        hands = self._create_resolution(self.meeting)
        hands.action_open_vote()
        with self.assertRaisesRegex(UserError, "is not decided by ballot"):
            self._cast(hands, "PRD", 1, "yes")

    def test_who_is_not_there_votes_only_where_that_is_allowed(self):
        self.secret.action_open_vote()
        with self.assertRaisesRegex(UserError, "PRD 5 is not registered as present"):
            self._cast(self.secret, "PRD", 5, "yes")
        self.meeting.sudo().allows_remote = True
        self._cast(self.secret, "PRD", 5, "yes")
        attendance = self.meeting.attendance_ids.filtered(
            lambda each: each.membership_id == self._member("PRD", 5)
        )
        self.assertTrue(attendance.is_remote)
        with self.assertRaisesRegex(UserError, "has voted in this meeting and was present"):
            attendance.with_user(self.clerk).unlink()

    def test_proxies(self):
        rows = {row.number: row for row in self.meeting.roll_ids}
        self.env["kmp.meeting.attendance"].with_user(self.clerk).create(
            {"meeting_id": self.meeting.id, "roll_id": rows["PRD-4"].id, "holder_id": rows["PRD-1"].id}
        )
        self.named.action_open_vote()
        holder, represented = self._member("PRD", 1), self._member("PRD", 4)
        with self.assertRaisesRegex(UserError, "PRD 4 is represented by PRD 1, who votes"):
            self.named._cast(represented, "yes")
        with self.assertRaisesRegex(UserError, "PRD 2 holds no proxy of PRD 4"):
            self.named._cast(self._member("PRD", 2), "yes", represented=represented)
        self.named._cast(holder, "yes")
        self.named._cast(holder, "no", represented=represented)
        with self.assertRaisesRegex(UserError, "PRD 4 has voted"):
            self.named._cast(holder, "no", represented=represented)
        self.assertEqual(
            self.named.voter_ids.mapped(lambda each: (each.number, each.holder_id.number, each.choice)),
            [("PRD-1", False, "yes"), ("PRD-4", "PRD-1", "no")],
        )

    def test_a_bound_delegate(self):
        meeting = self._create_meeting(
            self.rule,
            kind="plenary",
            roll_basis="delegates",
            delegate_ids=[(0, 0, {"membership_id": self._member(code).id}) for code in ("PRD", "CNS")],
        )
        vote = self._create_resolution(meeting, method="ballot")
        bound, free = self._member("PRD"), self._member("CNS")
        delegate = meeting.delegate_ids.filtered(lambda each: each.membership_id == bound)
        delegate.instruction_ids = [(0, 0, {"resolution_id": vote.id, "choice": "no"})]
        meeting.action_convene()
        self._attend(meeting)
        meeting.action_open()
        vote.action_open_vote()
        with self.assertRaisesRegex(UserError, "is bound by the mandate of .* to vote “No”"):
            vote._cast(bound, "yes")
        vote._cast(bound, "no")
        vote._cast(free, "yes")
        with self.assertRaisesRegex(UserError, "does not have this member"):
            vote._cast(self._member("PRD", 2), "yes")

    def test_ballots_that_do_not_fit_the_voters_are_not_counted(self):
        self.secret.action_open_vote()
        self._cast(self.secret, "PRD", 1, "yes")
        self.env["kmp.meeting.ballot"]._put(self.secret, self.producers, "yes")
        with self.assertRaisesRegex(UserError, "not as many ballots as voters"):
            self.secret.action_close_vote()

    def test_the_random_id_of_a_ballot_is_drawn_again_when_it_is_taken(self):
        self.secret.action_open_vote()
        ids = iter([5, 5, 6])
        self.patch(
            type(self.env["kmp.meeting.ballot"])._insert.__globals__["secrets"],
            "randbelow",
            lambda _limit: next(ids),
        )
        self._cast(self.secret, "PRD", 1, "yes")
        self._cast(self.secret, "PRD", 2, "yes")
        rows = self.env.execute_query(
            SQL("SELECT id FROM kmp_meeting_ballot WHERE resolution_id = %s", self.secret.id)
        )
        self.assertEqual(sorted(rows), [(6,), (7,)])

    def test_roll_call(self):
        self.named.action_open_vote()
        call = Form(
            self.env["kmp.meeting.roll.call"]
            .with_user(self.officer)
            .with_context(default_resolution_id=self.named.id)
        )
        self.assertEqual(call.waiting_count, 6)
        call = call.save()
        for choice in ("yes", "no", "no", "yes", "yes", "abstain"):
            call.choice = choice
            action = call.action_record()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(Counter(self.named.voter_ids.mapped("choice")), {"yes": 3, "no": 2, "abstain": 1})

    def test_a_secret_vote_is_not_taken_by_others(self):
        self.secret.action_open_vote()
        row = self.meeting.attendance_ids.roll_id[:1]
        call = (
            self.env["kmp.meeting.roll.call"]
            .with_user(self.officer)
            .create({"resolution_id": self.secret.id, "roll_id": row.id})
        )
        with self.assertRaisesRegex(UserError, "nobody votes by roll call"):
            call.action_record()
        with self.assertRaises(AccessError):
            self.env["kmp.meeting.roll.call"].with_user(self.clerk).create({"resolution_id": self.named.id})
