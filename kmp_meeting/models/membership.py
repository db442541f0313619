from odoo import fields, models


class Membership(models.Model):
    _inherit = "kmp.membership"

    attendance_count = fields.Integer("Meetings", compute="_compute_attendance_count")

    def _compute_attendance_count(self):
        counts = dict(
            self.env["kmp.meeting.attendance"]._read_group(
                [("membership_id", "in", self.ids)], ["membership_id"], ["__count"]
            )
        )
        for membership in self:
            membership.attendance_count = counts.get(membership, 0)

    def action_open_attendance(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_meeting.meeting_attendance_action")
        return action | {"domain": [("membership_id", "=", self.id)], "context": {"create": False}}
