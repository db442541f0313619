from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed


class MeetingPart(models.AbstractModel):
    """What belongs to a meeting changes only while the meeting is in certain states, and never once the minutes are signed."""

    _name = "kmp.meeting.part"
    _description = "Part of a Meeting"

    # In which states of the meeting records of the model are created, written and deleted by hand.
    _meeting_states = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_meeting_state()
        return records

    def write(self, vals):
        is_message = all(name.startswith("message_") for name in vals)
        if not is_message:
            self._check_meeting_state()
        result = super().write(vals)
        if not is_message:
            self._check_meeting_state()  # it may belong to another meeting now
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_meeting_allows(self):
        self._check_meeting_state()

    def _check_meeting_state(self):
        if is_unsealed(self.env):
            return
        for meeting in self.meeting_id:
            if meeting.state not in self._meeting_states:
                raise UserError(
                    self.env._(
                        "%(meeting)s is %(state)s: %(what)s cannot be changed now.",
                        meeting=meeting.name,
                        state=meeting._label("state").lower(),
                        what=self.env["ir.model"]._get(self._name).name,
                    )
                )
