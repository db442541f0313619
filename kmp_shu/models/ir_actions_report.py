from odoo import models


class IrActionsReport(models.Model):
    """Documents of this addon carry their own style, as those of kmp_membership do."""

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if (self.report_name or "").startswith("kmp_shu."):
            return self.env.ref("kmp_membership.document_layout")
        return super()._get_layout()
