from odoo import fields, models


class StatutoryWizard(models.TransientModel):
    _inherit = "kmp.statutory.wizard"

    document = fields.Selection(
        selection_add=[
            ("registry", "Yearly Data for the Registry"),
            ("modern", "Modern Co-operative Indicators"),
        ],
        ondelete={"registry": "cascade", "modern": "cascade"},
    )
