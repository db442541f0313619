import dataclasses
from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import tally
from .meeting_resolution import COUNTED
from .meeting_resolution_ballot import BLANK


class MeetingResolution(models.Model):
    """Counting: from what was recorded to the frozen tally, in the terms of ``tally/``."""

    _inherit = "kmp.meeting.resolution"

    count_ids = fields.One2many("kmp.meeting.count", "resolution_id")
    tally = fields.Json("Frozen Tally", readonly=True, copy=False)
    tally_hash = fields.Char("SHA-256 of the Tally", readonly=True, copy=False)
    tally_html = fields.Html("Tally", compute="_compute_tally_html", sanitize=False)

    def _record_consensus(self):
        """A record without votes: who was there, and that they agreed."""
        numbers = (
            [str(candidate.number) for candidate in self.candidate_ids] if self.kind == "election" else []
        )
        return {
            "method": self.method,
            "kind": self.kind,
            "counts": [
                {"code": each.code, "roll": counts.roll, "present": counts.present}
                for each, counts in self.meeting_id._get_attendance().items()
            ],
            "outcome": {"result": "carried", "reason": "consensus", "elected": numbers},
        }

    def _record_votes(self):
        """:raise TallyError: counts that cannot be"""
        if self.kind == "election":
            candidates = {str(each.number): each.class_id.code for each in self.candidate_ids}
            record = tally.record_election(
                self._get_tally_rule(),
                self._get_election_counts(),
                candidates,
                self.seats,
                self.seats_per_class,
            )
        else:
            record = tally.record_motion(self._get_tally_rule(), self.kind, self._get_motion_counts())
        return {"method": self.method, **record}

    def _get_tally_rule(self):
        """The rules of the meeting; within one class the weights of classes do not count."""
        rule = self.meeting_id.rule_id._get_tally_rule()
        if self.meeting_id.kind == "class":
            return dataclasses.replace(rule, weight_source="votes", transfer="proportional", classes={})
        return rule

    # ---------------------------------------------------------------- motions

    def _get_motion_counts(self):
        if self.method == "mandate":
            return self._get_mandate_counts()
        votes = self._get_hands() if self.method == COUNTED else self._get_choices()
        return [
            tally.MotionCount(
                each.code,
                counts.roll,
                counts.present,
                *(votes[each.id, side] for side in ("yes", "no", "abstain")),
            )
            for each, counts in self.meeting_id._get_attendance(since=self.opened_on).items()
        ]

    def _get_hands(self):
        """{(class id, side): votes} as they were counted."""
        return Counter(
            {
                (line.class_id.id, side): line[side]
                for line in self.count_ids
                for side in ("yes", "no", "abstain")
            }
        )

    def _get_choices(self):
        """{(class id, choice): votes} of the ballots. The ballots of a secret vote lose what could tell when they were cast."""
        if self.method == "secret":
            self.env["kmp.meeting.ballot"]._shuffle(self)
        table = SQL.identifier("kmp_meeting_ballot" if self.method == "secret" else "kmp_meeting_voter")
        rows = self.env.execute_query(
            SQL(
                "SELECT class_id, choice, COUNT(*) FROM %s WHERE resolution_id = %s GROUP BY class_id, choice",
                table,
                self.id,
            )
        )
        votes = Counter({(class_id, choice): count for class_id, choice, count in rows})
        self._check_ballots(votes)
        return votes

    def _check_ballots(self, votes):
        """As many ballots in each class as members of it have voted."""
        ballots = Counter()
        for (class_id, _choice), count in votes.items():
            ballots[class_id] += count
        voters = self.env.execute_query(
            SQL(
                "SELECT class_id, COUNT(*) FROM kmp_meeting_voter WHERE resolution_id = %s GROUP BY class_id",
                self.id,
            )
        )
        if ballots != Counter(dict(voters)):
            raise UserError(
                self.env._(
                    "%s: there are not as many ballots as voters in each class. The vote cannot be counted: withdraw it, have the "
                    "database looked at, and vote again.",
                    self.display_name,
                )
            )

    def _get_mandate_counts(self):
        """The closed votes of the class meetings, one for each class."""
        pending = self.mandate_ids.filtered(lambda mandate: mandate._is_undecided())
        if pending or not self.mandate_ids:
            raise UserError(
                self.env._(
                    "%(resolution)s: the class meetings have not decided yet (%(meetings)s).",
                    resolution=self.display_name,
                    meetings=", ".join(pending.meeting_id.mapped("name"))
                    or self.env._("no mandate refers to it"),
                )
            )
        decided = self.mandate_ids.filtered(lambda mandate: mandate.state == "closed")
        return [tally.MotionCount(**count) for mandate in decided for count in mandate._get_mandate_record()]

    def _get_mandate_record(self):
        """A class that agreed by consensus says yes with all who were present."""
        if self.method == "consensus":
            return [count | {"yes": count["present"]} for count in self.tally["counts"]]
        return self.tally["counts"]

    # ---------------------------------------------------------------- elections

    def _get_election_counts(self):
        votes = self._get_hand_ballots() if self.method == COUNTED else self._get_named_ballots()
        counts = []
        for each, attendance in self.meeting_id._get_attendance(since=self.opened_on).items():
            ballots, abstain, names = votes.get(each.id, (0, 0, {}))
            counts.append(tally.ElectionCount(each.code, *attendance, ballots, names, abstain))
        return counts

    def _get_hand_ballots(self):
        """{class id: (ballots, abstentions, {candidate: votes})} as they were counted."""
        votes = {}
        for line in self.count_ids.filtered(lambda line: not line.candidate_id):
            named = self.count_ids.filtered(
                lambda other, line=line: other.candidate_id and other.class_id == line.class_id
            )
            votes[line.class_id.id] = (
                line.ballots,
                line.abstain,
                {str(other.candidate_id.number): other.yes for other in named},
            )
        return votes

    def _get_named_ballots(self):
        """{class id: (ballots, abstentions, {candidate: votes})} of individual ballots."""
        votes = {}
        for (class_id, choice), count in self._get_choices().items():
            ballots, abstain, names = votes.setdefault(class_id, (0, 0, Counter()))
            if choice == BLANK:
                votes[class_id] = (ballots, abstain + count, names)
                continue
            for number in choice.split(","):
                names[number] += count
            votes[class_id] = (ballots + count, abstain, names)
        return {
            class_id: (ballots, abstain, dict(names)) for class_id, (ballots, abstain, names) in votes.items()
        }
