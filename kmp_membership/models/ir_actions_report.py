from odoo import models


class IrActionsReport(models.Model):
    """Documents of the co-operative carry their own style and ask no server for a file.

    So they print the same from the screen, a scheduled job or a command, where no server answers.
    """

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if self.report_name and self.report_name.startswith("kmp_membership."):
            return self.env.ref("kmp_membership.document_layout")
        return super()._get_layout()
