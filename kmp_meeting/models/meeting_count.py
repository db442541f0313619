from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed


class MeetingCount(models.Model):
    """Hands, or paper ballots, as they were counted in one class: for a motion, or for one candidate of an election."""

    _name = "kmp.meeting.count"
    _description = "Count of a Class"
    _order = "resolution_id, sequence, class_id, candidate_id nulls first, id"
    _rec_name = "class_id"

    resolution_id = fields.Many2one("kmp.meeting.resolution", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="resolution_id.company_id", store=True, precompute=True)
    class_id = fields.Many2one("kmp.stakeholder.class", required=True, ondelete="restrict")
    sequence = fields.Integer(related="class_id.sequence", store=True)
    candidate_id = fields.Many2one("kmp.meeting.candidate", ondelete="cascade")
    present = fields.Integer(compute="_compute_present")
    ballots = fields.Integer("Members Who Voted", help="How many of the class named somebody.")
    yes = fields.Integer("For")
    no = fields.Integer("Against")
    abstain = fields.Integer()

    _unique_line = models.UniqueIndex(
        "(resolution_id, class_id, COALESCE(candidate_id, 0))",
        "A class is counted once for each motion and candidate.",
    )
    _not_negative = models.Constraint(
        "CHECK (COALESCE(ballots, 0) >= 0 AND COALESCE(yes, 0) >= 0 AND COALESCE(no, 0) >= 0 AND COALESCE(abstain, 0) >= 0)",
        "Votes cannot be below zero.",
    )

    @api.depends("resolution_id", "class_id")
    def _compute_present(self):
        attendance = {
            (resolution, each): counts.present
            for resolution in self.resolution_id
            for each, counts in resolution.meeting_id._get_attendance(since=resolution.opened_on).items()
        }
        for line in self:
            line.present = attendance.get((line.resolution_id, line.class_id), 0)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self._check_open()

    def _check_open(self):
        for resolution in self.resolution_id:
            if resolution.state != "open" and not is_unsealed(self.env):
                raise UserError(
                    self.env._(
                        "%s is not being voted on: there is nothing to count.", resolution.display_name
                    )
                )
