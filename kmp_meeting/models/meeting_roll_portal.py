from odoo import api, fields, models

from odoo.addons.kmp_membership.tools import unsealed

ANSWERS = [("coming", "Comes"), ("absent", "Does not come")]


class MeetingRoll(models.Model):
    """The door of the portal to the meetings: a member's own rows of the rolls. A meeting on whose roll nobody of them stands is not found.

    As in ``kmp.membership``, portal users have no right on any of these models: pages get named values, never a record.
    """

    _inherit = "kmp.meeting.roll"

    answer = fields.Selection(
        ANSWERS, readonly=True, help="What the member says about coming, before the meeting."
    )
    answered_on = fields.Datetime(readonly=True)

    @api.model
    def _get_own(self, meeting_id=None):
        """The user's rows of the rolls: one's own, and those of legal entities whom the user represents.

        :param meeting_id: only of this meeting
        :return: as superuser, for named values only
        Query budget: two.
        """
        members = self.env["kmp.membership"]._get_own()
        domain = [("membership_id", "in", members.ids), ("meeting_id.state", "!=", "draft")]
        if meeting_id is not None:
            domain.append(("meeting_id", "=", meeting_id))
        # sudo: members have no right on the roll
        return self.sudo().search(domain, order="meeting_id, number")

    def _answer(self, answer):
        """Record whether these members come. The caller has made sure that they are the user's own.

        :return: whether the meeting still asks, and the answer is one
        """
        rows = self.filtered(lambda row: row.meeting_id.state == "convened")
        if answer not in dict(ANSWERS) or not rows:
            return False
        unsealed(rows).write({"answer": answer, "answered_on": fields.Datetime.now()})
        return True

    def _get_votes(self):
        """[(who casts, for whom)]: every row for itself, unless it is represented, and for those whom it represents."""
        held = self.env["kmp.meeting.attendance"].search([("holder_id", "in", self.ids)], order="id")
        own = [(row, row) for row in self if not row.attendance_ids.holder_id]
        return own + [(attendance.holder_id, attendance.roll_id) for attendance in held]

    def _prepare_portal_values(self):
        self.ensure_one()
        attendance = self.attendance_ids
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "class_name": self.class_id.name,
            "answer": self.answer or "",
            "is_present": self.is_present and not attendance.holder_id,
            "represented_by": attendance.holder_id.name or "",
            "represents": [each.roll_id.name for each in attendance._get_held() if not attendance.holder_id],
        }
