from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.kmp_membership.tools import unsealed

from .. import tally
from .meeting_resolution import BALLOTS, COUNTED


class MeetingResolution(models.Model):
    """The steps of a decision: consensus, or a vote that is opened, closed and, in a tie, decided. For officers."""

    _inherit = "kmp.meeting.resolution"

    def _begin_step(self, *states):
        self.ensure_one()
        self.meeting_id._check_officer()
        self._lock("FOR UPDATE")
        self.meeting_id._check_state("open")
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in states:
            raise UserError(
                self.env._(
                    "%(resolution)s is %(state)s. This takes one that is %(states)s.",
                    resolution=self.display_name,
                    state=labels[self.state].lower(),
                    states=", ".join(labels[state].lower() for state in states),
                )
            )

    def action_record_consensus(self):
        """Record that the meeting agreed without a vote (UU 25/1992 art. 24), while it has a quorum."""
        self._begin_step("draft")
        if self.method != "consensus":
            raise UserError(self.env._("%s is decided by a vote. Open it.", self.display_name))
        self._check_candidates()
        if len(self.candidate_ids) > self.seats and self.kind == "election":
            raise UserError(
                self.env._(
                    "%(resolution)s has %(candidates)s candidates for %(seats)s seats: vote, or take names off the list.",
                    resolution=self.display_name,
                    candidates=len(self.candidate_ids),
                    seats=self.seats,
                )
            )
        self.meeting_id._check_quorum()
        self._freeze_motion()
        self._settle(self._record_consensus())

    def action_open_vote(self):
        """Put the motion to the vote, while the meeting has a quorum."""
        self._begin_step("draft")
        if self.method == "consensus":
            raise UserError(
                self.env._("%s is decided by consensus. Record it, or choose how to vote.", self.display_name)
            )
        self._check_candidates()
        self.meeting_id._check_quorum()
        self._freeze_motion()
        unsealed(self).write({"state": "open", "opened_on": fields.Datetime.now()})
        if self.method == COUNTED:
            self._prepare_counts()

    def _check_candidates(self):
        if self.kind == "election" and not self.candidate_ids:
            raise UserError(self.env._("%s has no candidates.", self.display_name))

    def _freeze_motion(self):
        """The hash of what is voted on: anybody can see later that the words are the same."""
        unsealed(self).write({"motion_hash": tally.digest(tally.json_bytes(self._get_motion()))})

    def _get_motion(self):
        return {
            "subject": self.name,
            "text": html2plaintext(self.text or ""),
            "kind": self.kind,
            "seats": self.seats if self.kind == "election" else 0,
            "candidates": [[candidate.number, candidate.name] for candidate in self.candidate_ids],
        }

    def _prepare_counts(self):
        """Empty lines for the hands of each class that is present."""
        classes = [each for each, counts in self.meeting_id._get_attendance().items() if counts.present]
        candidates = [False, *self.candidate_ids.ids] if self.kind == "election" else [False]
        self.env["kmp.meeting.count"].create(
            [
                {"resolution_id": self.id, "class_id": each.id, "candidate_id": candidate}
                for each in classes
                for candidate in candidates
            ]
        )

    def action_close_vote(self):
        """Count, decide and freeze the result.

        Present is who was there when it was opened or has come since: whoever votes and goes does not undo the vote.

        :raise UserError: no quorum, or counts that cannot be
        """
        self._begin_step("open")
        if self.method in BALLOTS:
            self._await_ballots()
        self.meeting_id._check_quorum(since=self.opened_on)
        try:
            record = self._record_votes()
        except tally.TallyError as error:
            raise UserError(
                "\n".join(self.env["kmp.voting.rule"]._say(each) for each in error.errors)
            ) from None
        self._settle(record)

    def _settle(self, record):
        outcome = record["outcome"]
        unsealed(self).write(
            {
                "state": "closed",
                "closed_on": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "tally": record,
                "tally_hash": tally.digest(tally.json_bytes(record)),
                "result": outcome["result"],
                "reason": outcome["reason"],
            }
        )
        self._settle_candidates(outcome)

    def _settle_candidates(self, outcome):
        elected = outcome.get("elected", ())
        for candidate in unsealed(self.candidate_ids):
            candidate.is_elected = str(candidate.number) in elected

    def _decide_tie(self, casting=None, lot=()):
        """Decide what the votes left open, from the same frozen votes. For officers.

        :param casting: ``yes`` or ``no``: how the chair decided a motion
        :param lot: numbers of the tied candidates in the order in which the lot drew them
        """
        self._begin_step("closed")
        if self.result != "tied":
            raise UserError(self.env._("%s is not tied.", self.display_name))
        decision = (
            {"lot": [str(number) for number in lot]} if self.kind == "election" else {"casting": casting}
        )
        record = self.tally | decision
        record = record | tally.replay(record)
        if record["outcome"]["result"] == "tied":
            raise UserError(
                self.env._(
                    "%s is still tied: name all who are tied, in the order of the lot.", self.display_name
                )
            )
        self._settle(record)
