from odoo import models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.report.pages import paginate

FIRST_PAGE_ROWS, PAGE_ROWS = 26, 32


class AttendanceList(models.AbstractModel):
    """Daftar hadir: everybody on the roll with a place to sign, to be laid out at the door."""

    _name = "report.kmp_meeting.attendance_list"
    _description = "Daftar Hadir"
    _inherit = "kmp.meeting.document"

    def _check_printable(self, meeting):
        if not meeting.roll_count:
            raise UserError(self.env._("%s has no electoral roll yet. Convene it first.", meeting.name))

    def _prepare_document(self, meeting):
        rows = list(enumerate(meeting.roll_ids.sorted("number"), start=1))
        return {
            **super()._prepare_document(meeting),
            "pages": paginate(rows, lambda row: 1, FIRST_PAGE_ROWS, PAGE_ROWS),
        }
