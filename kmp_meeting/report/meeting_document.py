from odoo import api, models

from odoo.addons.kmp_membership.tools import in_indonesian

from . import indonesian


class MeetingDocument(models.AbstractModel):
    """What the printed documents of a meeting have in common: who may print them, and their head. They print in Indonesian."""

    _name = "kmp.meeting.document"
    _description = "Document of a Meeting"
    _inherit = "kmp.document"

    @api.model
    def _get_report_values(self, docids, data=None):
        # A report may be reached with sudo: the rights that count are those of the user.
        meetings = self.env["kmp.meeting"].sudo(flag=False).browse(docids).exists()
        meetings.check_access("read")
        for meeting in meetings:
            self._check_printable(meeting)
        return {
            "doc_ids": meetings.ids,
            "doc_model": meetings._name,
            "docs": meetings,
            "documents": [self._prepare_document(in_indonesian(meeting)) for meeting in meetings],
            "text": indonesian.TEXT,
        }

    def _check_printable(self, meeting):
        """:raise UserError: the meeting has not come as far"""
        raise NotImplementedError

    def _prepare_document(self, meeting):
        """The values of one document; ``meeting`` speaks Indonesian."""
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "address": self._get_company_address(meeting.company_id),
            "zone": meeting.company_id.partner_id.tz or self.env.user.tz or "UTC",
        }
