from odoo import fields, models


class MeetingAgenda(models.Model):
    """A point of the agenda. What was said about it is written down until the minutes are signed."""

    _name = "kmp.meeting.agenda"
    _description = "Agenda"
    _inherit = ["kmp.meeting.part"]
    _order = "meeting_id, sequence, id"

    _meeting_states = ("draft", "convened", "open", "closed")

    meeting_id = fields.Many2one("kmp.meeting", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Point", required=True)
    description = fields.Text("Explanation")
    discussion = fields.Text(help="What was said, for the minutes.", copy=False)

    def _check_meeting_state(self):
        self.meeting_id.filtered("is_signing")._check_changeable({"agenda_ids": self})
        return super()._check_meeting_state()
