from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed


class MeetingCandidate(models.Model):
    """A member who stands for election, with the number on the list by which ballots name the candidate."""

    _name = "kmp.meeting.candidate"
    _description = "Candidate"
    _order = "resolution_id, number"
    _rec_name = "membership_id"
    _check_company_auto = True

    resolution_id = fields.Many2one("kmp.meeting.resolution", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="resolution_id.company_id", store=True, precompute=True)
    number = fields.Integer("No.", required=True)
    membership_id = fields.Many2one(
        "kmp.membership",
        "Member",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_member', '=', True)]",
    )
    name = fields.Char(related="membership_id.partner_id.name")
    class_id = fields.Many2one(related="membership_id.class_id", store=True)
    is_elected = fields.Boolean("Elected", readonly=True, copy=False)

    _unique_number = models.Constraint(
        "UNIQUE (resolution_id, number)", "Two candidates have the same number on the list."
    )
    _unique_member = models.Constraint(
        "UNIQUE (resolution_id, membership_id)", "A member is on the list twice."
    )
    _number_positive = models.Constraint("CHECK (number > 0)", "The first candidate has number 1.")

    @api.model_create_multi
    def create(self, vals_list):
        taken = {}
        for vals in vals_list:
            resolution = self.env["kmp.meeting.resolution"].browse(vals.get("resolution_id"))
            last = taken.get(resolution) or max(resolution.candidate_ids.mapped("number"), default=0)
            vals["number"] = vals.get("number") or last + 1
            taken[resolution] = max(last, vals["number"])
        candidates = super().create(vals_list)
        candidates.resolution_id._check_not_voted()
        return candidates

    def write(self, vals):
        if not is_unsealed(self.env):
            if "is_elected" in vals:
                raise UserError(self.env._("Who is elected comes from the votes."))
            self.resolution_id._check_not_voted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_voted(self):
        self.resolution_id._check_not_voted()
