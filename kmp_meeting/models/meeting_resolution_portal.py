import re

from odoo import fields, models
from odoo.exceptions import UserError

from .meeting_resolution import BALLOTS

ABSTENTION = "abstain"
NUMBER = re.compile(r"[0-9]{1,6}")


class MeetingResolution(models.Model):
    """A vote from a member's own phone. Who is allowed is decided by ``_cast``; here is only what the page needs."""

    _inherit = "kmp.meeting.resolution"

    def _takes_ballots(self):
        """Whether a ballot would be taken now."""
        self.ensure_one()
        is_over = self.open_until and fields.Datetime.now() > self.open_until
        return bool(
            self.state == "open"
            and self.method in BALLOTS
            and self.meeting_id.state == "open"
            and not is_over
        )

    def _prepare_portal_votes(self, rows):
        """The open votes as the page of a meeting shows them, each with the members for whom the user may cast."""
        pairs = rows._get_votes() if self else []
        voters = self.env["kmp.meeting.voter"].search(
            [("resolution_id", "in", self.ids), ("roll_id", "in", [row.id for _voter, row in pairs])]
        )
        choices = {(voter.resolution_id, voter.roll_id): voter.choice or "" for voter in voters}
        return [
            {
                "id": resolution.id,
                "number": resolution.number or "",
                "name": resolution.name,
                "text": resolution.text or "",
                "is_secret": resolution.method == "secret",
                "is_election": resolution.kind == "election",
                "seats": resolution.seats,
                "candidates": [
                    {"number": each.number, "name": each.name, "class_name": each.class_id.name}
                    for each in resolution.candidate_ids
                ],
                "url": f"/my/meeting/{resolution.meeting_id.id}/vote/{resolution.id}",
                "ballots": [
                    resolution._prepare_portal_ballot(voter, row, choices.get((resolution, row)))
                    for voter, row in pairs
                ],
            }
            for resolution in self
        ]

    def _prepare_portal_ballot(self, voter, row, choice):
        """One member's vote. ``choice``: None before it is cast, then what was voted; empty where that is secret."""
        instruction = self.env["kmp.meeting.instruction"].search(
            [("resolution_id", "=", self.id), ("delegate_id.membership_id", "=", row.membership_id.id)]
        )
        is_there = row.is_present or self.meeting_id.allows_remote
        return {
            "roll_id": row.id,
            "number": row.number,
            "name": row.name,
            "class_name": row.class_id.name,
            "is_proxy": voter != row,
            "has_voted": choice is not None,
            "choice": self._describe_choice(choice) if choice else "",
            "may_vote": is_there and row.membership_id.state == "active",
            "state_label": row.membership_id._label("state"),
            "is_active": row.membership_id.state == "active",
            "bound_to": self._describe_choice(instruction.choice) if instruction else "",
        }

    def _describe_choice(self, choice):
        if self.kind != "election" or choice == ABSTENTION:
            choices = self.env["kmp.meeting.instruction"]._fields["choice"]
            return dict(choices._description_selection(self.env))[choice]
        numbers = choice.split(",")
        return ", ".join(each.name for each in self.candidate_ids if str(each.number) in numbers)

    def _prepare_portal_decision(self):
        return {
            "number": self.number or "",
            "name": self.name,
            "text": self.text or "",
            "result": self.result or "withdrawn",
            "result_label": self._label("result" if self.result else "state"),
            "tally": self.tally_html or "",
            "check_url": f"/ballot/{self.id}" if self.method == "secret" and self.state == "closed" else "",
        }

    def _cast_own(self, rows, roll_id, choice, candidates):
        """Cast the vote of one of the user's own rows of the roll, or of who is represented by one.

        :param rows: the user's own (``kmp.meeting.roll._get_own``)
        :param roll_id: for whom, as the form sends it
        :param candidates: what was ticked in an election
        :return: (row, token of a secret ballot or False); (no row, False) for anybody else's
        :raise UserError: see ``_cast``
        """
        pairs = [(voter, row) for voter, row in rows._get_votes() if str(row.id) == roll_id]
        represented = rows.filtered(lambda row: str(row.id) == roll_id and row.attendance_ids.holder_id)
        if not pairs and not represented:
            return rows.browse(), False
        voter, row = pairs[0] if pairs else (represented, represented)
        token = self._cast(
            voter.membership_id,
            self._parse_choice(choice, candidates),
            represented=row.membership_id if row != voter else None,
        )
        return row, token

    def _parse_choice(self, choice, candidates):
        if self.kind != "election" or choice == ABSTENTION:
            return choice
        if not candidates:
            raise UserError(self.env._("%s: choose whom you vote for, or abstain.", self.display_name))
        return [int(number) if NUMBER.fullmatch(number) else number for number in candidates]
