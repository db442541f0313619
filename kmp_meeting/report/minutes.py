from odoo import models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.report.pages import paginate

ATTENDANCE_ROWS = 54


class Minutes(models.AbstractModel):
    """Berita acara and notulen: what was recorded, with both tallies of every vote. It computes nothing itself."""

    _name = "report.kmp_meeting.minutes"
    _description = "Berita Acara Rapat Anggota"
    _inherit = "kmp.meeting.document"

    def _check_printable(self, meeting):
        if meeting.state not in ("open", "closed", "signed"):
            raise UserError(self.env._("%s has not been opened: there are no minutes yet.", meeting.name))

    def _prepare_document(self, meeting):
        lines = meeting._get_quorum_lines()
        names = {each.code: each.name for each in meeting._get_roll_classes()}
        return {
            **super()._prepare_document(meeting),
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
