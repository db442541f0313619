from odoo import models


class IrActionsReport(models.Model):
    """The minutes are a document of the co-operative like those of kmp_membership, in the same style."""

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if self.report_name and self.report_name.startswith("kmp_meeting."):
            return self.env.ref("kmp_membership.document_layout")
        return super()._get_layout()
