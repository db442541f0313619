from odoo import api, models

from . import statutory_print  # noqa: F401 - the model it inherits from


class StatementPrint(models.AbstractModel):
    """The statements that a wizard asks for in one print, each as the annual report has it."""

    _name = "report.kmp_reports.statement"
    _description = "Statements, print"
    _inherit = "report.kmp_reports.statutory"

    @api.model
    def _get_report_values(self, docids, data=None):
        requests = self.env["kmp.statement.wizard"]._get_requests(docids)
        documents = [document for request in requests for document in request._get_documents()]
        return {"doc_ids": requests.ids, "doc_model": requests._name, "docs": requests} | self._get_values(
            documents
        )
