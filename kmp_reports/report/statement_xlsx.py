from odoo import models

from . import statutory_xlsx  # noqa: F401 - the model it inherits from


class StatementXlsx(models.AbstractModel):
    """The statements that a wizard asks for as a workbook, a sheet each."""

    _name = "report.kmp_reports.statement_xlsx"
    _description = "Statements, workbook"
    _inherit = "report.kmp_reports.statutory_xlsx"

    def generate_xlsx_report(self, workbook, data, objs):
        for request in self.env["kmp.statement.wizard"]._get_requests(objs.ids):
            workbook.set_properties({"title": request.file_name, "author": request.company_id.name})
            for document in request._get_documents():
                self._write_document(workbook, document)
