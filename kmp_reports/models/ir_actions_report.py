from odoo import models

PRINT_LAYOUT = "kmp_reports.print_layout"


class IrActionsReport(models.Model):
    """Documents of this addon carry their own style and ask no server for a file.

    So they print the same from the screen, a scheduled job or a command, where no server answers.
    """

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if self.report_name and self.report_name.startswith("kmp_reports."):
            return self.env.ref(PRINT_LAYOUT)
        return super()._get_layout()
