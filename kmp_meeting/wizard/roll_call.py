from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.models.membership import OFFICER

from ..models.meeting_voter import CHOICES


class RollCall(models.TransientModel):
    """Take the votes of a ballot with names one by one, as the members are called. A secret vote is cast by its voter only."""

    _name = "kmp.meeting.roll.call"
    _description = "Roll Call"

    resolution_id = fields.Many2one("kmp.meeting.resolution", required=True)
    meeting_id = fields.Many2one(related="resolution_id.meeting_id")
    kind = fields.Selection(related="resolution_id.kind")
    roll_id = fields.Many2one("kmp.meeting.roll", "Member")
    waiting_ids = fields.Many2many("kmp.meeting.roll", compute="_compute_waiting_ids")
    waiting_count = fields.Integer("Still to Vote", compute="_compute_waiting_ids")
    choice = fields.Selection(CHOICES, default="yes")
    candidate_ids = fields.Many2many("kmp.meeting.candidate", string="Candidates")

    @api.constrains("resolution_id")
    def _check_resolution(self):
        # Odoo checks constraints with sudo: the rights that count are those of the user.
        self.sudo(flag=False).resolution_id.check_access("read")

    @api.onchange("resolution_id")
    def _onchange_resolution_id(self):
        self.roll_id = self.waiting_ids[:1]

    @api.depends("resolution_id")
    def _compute_waiting_ids(self):
        """Who is present or represented and has not voted."""
        for call in self:
            voted = call.resolution_id.voter_ids.roll_id
            present = call.meeting_id.attendance_ids.roll_id.filtered("is_present")
            call.waiting_ids = (present - voted).sorted("number")
            call.waiting_count = len(call.waiting_ids)

    def action_record(self):
        """Record one vote, and ask for the next. For officers."""
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may take votes."))
        if self.resolution_id.method != "ballot":
            raise UserError(
                self.env._("%s: here nobody votes by roll call.", self.resolution_id.display_name)
            )
        if not self.roll_id:
            raise UserError(self.env._("Choose the member who votes."))
        row = self.roll_id
        holder = row.attendance_ids.holder_id
        choice = self.candidate_ids.mapped("number") if self.kind == "election" else self.choice
        self.resolution_id._cast(
            (holder or row).membership_id, choice, represented=row.membership_id if holder else None
        )
        return self._ask_next()

    def _ask_next(self):
        self.invalidate_recordset(["waiting_ids"])
        self.write({"roll_id": self.waiting_ids[:1].id, "candidate_ids": False})
        if not self.waiting_ids:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Roll Call"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
