from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.report.pages import paginate
from odoo.addons.kmp_membership.tools import in_indonesian

from . import indonesian

FIRST_PAGE_ROWS, PAGE_ROWS = 26, 32


class AttendanceList(models.AbstractModel):
    """Daftar hadir: everybody on the roll with a place to sign, to be laid out at the door."""

    _name = "report.kmp_meeting.attendance_list"
    _description = "Daftar Hadir"
    _inherit = "kmp.document"

    @api.model
    def _get_report_values(self, docids, data=None):
        # A report may be reached with sudo: the rights that count are those of the user.
        meetings = self.env["kmp.meeting"].sudo(flag=False).browse(docids).exists()
        meetings.check_access("read")
        for meeting in meetings:
            if not meeting.roll_ids:
                raise UserError(self.env._("%s has no electoral roll yet. Convene it first.", meeting.name))
        return {
            "doc_ids": meetings.ids,
            "doc_model": meetings._name,
            "docs": meetings,
            "documents": [self._prepare_list(in_indonesian(meeting)) for meeting in meetings],
            "text": indonesian.TEXT,
        }

    def _prepare_list(self, meeting):
        rows = list(enumerate(meeting.roll_ids.sorted("number"), start=1))
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "address": self._get_company_address(meeting.company_id),
            "zone": meeting.company_id.partner_id.tz or self.env.user.tz or "UTC",
            "pages": paginate(rows, lambda row: 1, FIRST_PAGE_ROWS, PAGE_ROWS),
        }
