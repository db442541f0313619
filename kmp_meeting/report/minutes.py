from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.report.pages import paginate
from odoo.addons.kmp_membership.tools import in_indonesian

from . import indonesian

ATTENDANCE_ROWS = 54


class Minutes(models.AbstractModel):
    """Berita acara and notulen: what was recorded, in Indonesian, with both tallies of every vote. It computes nothing itself."""

    _name = "report.kmp_meeting.minutes"
    _description = "Berita Acara Rapat Anggota"
    _inherit = "kmp.document"

    @api.model
    def _get_report_values(self, docids, data=None):
        # A report may be reached with sudo: the rights that count are those of the user.
        meetings = self.env["kmp.meeting"].sudo(flag=False).browse(docids).exists()
        meetings.check_access("read")
        for meeting in meetings:
            if meeting.state not in ("open", "closed", "signed"):
                raise UserError(self.env._("%s has not been opened: there are no minutes yet.", meeting.name))
        return {
            "doc_ids": meetings.ids,
            "doc_model": meetings._name,
            "docs": meetings,
            "documents": [self._prepare_minutes(in_indonesian(meeting)) for meeting in meetings],
            "text": indonesian.TEXT,
        }

    def _prepare_minutes(self, meeting):
        lines = meeting._get_quorum_lines()
        names = {each.code: each.name for each in meeting.roll_ids.class_id}
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "address": self._get_company_address(meeting.company_id),
            "zone": self._get_zone(meeting),
            "quorum": [{"line": line, "name": names.get(line.code, "Jumlah")} for line in lines],
            "is_quorate": meeting.is_quorate,
            "points": [self._prepare_point(meeting, point) for point in meeting.agenda_ids],
            "others": self._prepare_resolutions(
                meeting.resolution_ids.filtered(lambda each: not each.agenda_id)
            ),
            "attendance": self._prepare_attendance(meeting),
        }

    def _prepare_point(self, meeting, point):
        resolutions = meeting.resolution_ids.filtered(lambda each: each.agenda_id == point)
        return {"point": point, "resolutions": self._prepare_resolutions(resolutions)}

    def _prepare_resolutions(self, resolutions):
        decided = resolutions.sorted().filtered(lambda each: each.state in ("closed", "withdrawn"))
        return [{"resolution": each, "tally": each._prepare_tally_values()} for each in decided]

    def _prepare_attendance(self, meeting):
        """Pages of the annex: who was there."""
        rows = enumerate(meeting.attendance_ids.sorted(lambda each: each.roll_id.number), start=1)
        return paginate(rows, lambda row: 1, ATTENDANCE_ROWS, ATTENDANCE_ROWS)

    def _get_zone(self, meeting):
        return meeting.company_id.partner_id.tz or self.env.user.tz or "UTC"
