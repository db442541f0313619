from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from .meeting_resolution import BALLOTS
from .meeting_voter import CHOICES

MOTION_CHOICES = {choice for choice, _label in CHOICES}
BLANK = "abstain"


class MeetingResolution(models.Model):
    """Individual ballots, with names or secret: one member, one vote, once."""

    _inherit = "kmp.meeting.resolution"

    voter_ids = fields.One2many("kmp.meeting.voter", "resolution_id", "Votes Cast", readonly=True)
    ballot_ids = fields.One2many("kmp.meeting.ballot", "resolution_id", "Ballots", readonly=True)
    voter_count = fields.Integer("Voted", compute="_compute_voter_count")

    @api.depends("voter_ids")
    def _compute_voter_count(self):
        counts = dict(
            self.env["kmp.meeting.voter"]._read_group(
                [("resolution_id", "in", self.ids)], ["resolution_id"], ["__count"]
            )
        )
        for resolution in self:
            resolution.voter_count = counts.get(resolution, 0)

    def _cast(self, membership, choice, represented=None):
        """Cast the vote of a member. The caller has made sure that it is this member who asks.

        :param membership: ``kmp.membership`` of who votes
        :param choice: ``yes``, ``no`` or ``abstain``; in an election the numbers of the candidates, up to the number of seats
        :param represented: ``kmp.membership`` of another member, whose proxy the voter holds
        :return: in a secret ballot the token with which the voter finds the ballot again, given once; else False
        :raise UserError: the vote is not open, the member may not vote in it, or has voted

        Two requests at the same instant: the row of the roll is locked, and a unique constraint holds it. While a vote is cast the resolution
        cannot be closed, and one that was closed in the meantime makes PostgreSQL refuse, and Odoo try again.
        """
        # sudo: who may vote stands on the roll, not in the rights of a user
        vote = self.sudo()
        vote.ensure_one()
        vote._lock("FOR SHARE")
        vote._check_window()
        choice = vote._normalize_choice(choice)
        voter = vote._get_roll_row(membership)
        row = vote._get_roll_row(represented) if represented else voter
        vote._check_standing(membership | row.membership_id)
        vote._check_presence(voter, row)
        vote._check_instruction(row, choice)
        vote._record_voter(row, voter, choice)
        if vote.method == "secret":
            return vote.env["kmp.meeting.ballot"]._put(vote, row.class_id, choice)
        return False

    def _find_ballot(self, token):
        """The ballot that belongs to a token, or nothing, once the vote is closed: the voter's own check."""
        self.ensure_one()
        ballots = self.env["kmp.meeting.ballot"].sudo()  # sudo: the token is the right to see this one ballot
        if self.state != "closed":
            return ballots
        receipt = ballots._get_receipt(self, token)
        return ballots.search([("resolution_id", "=", self.id), ("receipt", "=", receipt)], limit=1)

    # ---------------------------------------------------------------- locks

    def _lock(self, strength):
        """Lock the row of the resolution, and wait for it; then look at it anew."""
        locking = {"FOR UPDATE": SQL("FOR UPDATE"), "FOR SHARE": SQL("FOR SHARE")}[strength]
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM kmp_meeting_resolution WHERE id = %s %s", self.id, locking)
        )
        self.invalidate_recordset(["state"])

    def _await_ballots(self):
        """Every vote that was acknowledged is counted.

        The lock has waited for the last voters, but the view of this transaction on the database is older (REPEATABLE READ). So a second
        cursor looks whether there are votes that this one cannot see; then Odoo begins again, with a new view.
        """
        query = SQL("SELECT COUNT(*) FROM kmp_meeting_voter WHERE resolution_id = %s", self.id)
        [[seen]] = self.env.execute_query(query)
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            [stored] = cr.fetchone()
        if stored > seen:
            raise ConcurrencyError(f"votes on resolution {self.id} came in while it was being closed")

    # ---------------------------------------------------------------- who may vote

    def _check_window(self):
        if self.method not in BALLOTS:
            raise UserError(self.env._("%s is not decided by ballot.", self.display_name))
        if self.state == "draft":
            raise UserError(self.env._("%s: the vote has not been opened yet.", self.display_name))
        is_over = self.open_until and fields.Datetime.now() > self.open_until
        if self.state != "open" or self.meeting_id.state != "open" or is_over:
            raise UserError(self.env._("%s: the vote is over.", self.display_name))

    def _get_roll_row(self, membership):
        row = self.env["kmp.meeting.roll"].search(
            [("meeting_id", "=", self.meeting_id.id), ("membership_id", "=", membership.id)]
        )
        if not row:
            raise UserError(
                self.env._(
                    "%(member)s may not vote on %(resolution)s: the roll of %(meeting)s does not have this member.",
                    member=membership.sudo().display_name,
                    resolution=self.display_name,
                    meeting=self.meeting_id.name,
                )
            )
        return row

    def _check_standing(self, memberships):
        """Whoever was suspended or has left after the roll was frozen does not vote any more."""
        for membership in memberships.sudo():
            if membership.state != "active":
                raise UserError(
                    self.env._(
                        "%(member)s is %(state)s and may not vote.",
                        member=membership.display_name,
                        state=membership._label("state").lower(),
                    )
                )

    def _check_presence(self, voter, row):
        attendance = row.attendance_ids
        if voter == row and attendance.holder_id:
            raise UserError(
                self.env._(
                    "%(name)s is represented by %(holder)s, who votes.",
                    name=row.name,
                    holder=attendance.holder_id.name,
                )
            )
        if voter != row and attendance.holder_id != voter:
            raise UserError(
                self.env._("%(holder)s holds no proxy of %(name)s.", holder=voter.name, name=row.name)
            )
        if row.is_present:
            return
        if not self.meeting_id.allows_remote:
            raise UserError(
                self.env._("%s has left the meeting. Register at the door again.", row.name)
                if attendance
                else self.env._("%s is not registered as present. Register at the door first.", row.name)
            )
        if attendance:
            unsealed(attendance).write({"left_on": False})
            return
        unsealed(self.env["kmp.meeting.attendance"]).create(
            {"meeting_id": self.meeting_id.id, "roll_id": row.id, "is_remote": True}
        )

    def _check_instruction(self, row, choice):
        instruction = self.env["kmp.meeting.instruction"].search(
            [("resolution_id", "=", self.id), ("delegate_id.membership_id", "=", row.membership_id.id)]
        )
        if instruction and instruction.choice != choice:
            raise UserError(
                self.env._(
                    "%(name)s is bound by the mandate of %(class)s to vote “%(choice)s”.",
                    **{
                        "name": row.name,
                        "class": row.class_id.display_name,
                        "choice": dict(instruction._fields["choice"]._description_selection(self.env))[
                            instruction.choice
                        ],
                    },
                )
            )

    def _normalize_choice(self, choice):
        """A choice as it is stored: a word, or the numbers of candidates in order (``2,5``).

        :raise UserError: no such choice
        """
        if self.kind != "election":
            if choice not in MOTION_CHOICES:
                raise UserError(self.env._("%s: vote yes, no or abstain.", self.display_name))
            return choice
        if choice == BLANK or not choice:
            return BLANK
        numbers = set(choice) if isinstance(choice, list | tuple | set) else {choice}
        if (
            not numbers <= set(self.candidate_ids.mapped("number"))
            or len(numbers) > self.seats
            or len(numbers) != len(choice)
        ):
            raise UserError(
                self.env._(
                    "%(resolution)s: choose up to %(seats)s different candidates of the list.",
                    resolution=self.display_name,
                    seats=self.seats,
                )
            )
        return ",".join(map(str, sorted(numbers)))

    def _record_voter(self, row, voter, choice):
        self.env.execute_query(SQL("SELECT id FROM kmp_meeting_roll WHERE id = %s FOR UPDATE", row.id))
        voters = self.env["kmp.meeting.voter"]
        if voters.search_count([("resolution_id", "=", self.id), ("roll_id", "=", row.id)], limit=1):
            raise UserError(
                self.env._(
                    "%(name)s has voted on %(resolution)s already.",
                    name=row.name,
                    resolution=self.display_name,
                )
            )
        voters.create(
            {
                "resolution_id": self.id,
                "roll_id": row.id,
                "holder_id": voter.id if voter != row else False,
                "choice": choice if self.method == "ballot" else False,
            }
        )
        self.env.flush_all()
