from datetime import timedelta

from odoo import api, fields, models


class MeetingSecondCall(models.TransientModel):
    """Ask for the date of the second call, then convene the meeting again."""

    _name = "kmp.meeting.second.call"
    _description = "Second Call"

    meeting_id = fields.Many2one("kmp.meeting", required=True)
    date = fields.Datetime(
        "New Date", compute="_compute_date", store=True, readonly=False, required=True, precompute=True
    )

    @api.depends("meeting_id")
    def _compute_date(self):
        for wizard in self:
            meeting = wizard.meeting_id
            days = max(meeting.rule_id.second_call_days, 1)
            wizard.date = meeting.date and meeting.date + timedelta(days=days)

    @api.constrains("meeting_id")
    def _check_meeting(self):
        # Odoo checks constraints with sudo: the rights that count are those of the user.
        self.sudo(flag=False).meeting_id.check_access("read")

    def action_confirm(self):
        self.ensure_one()
        self.meeting_id._second_call(self.date)
        return {"type": "ir.actions.act_window_close"}
