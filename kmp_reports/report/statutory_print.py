from dataclasses import replace

from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.kmp_membership.report import indonesian

from .statutory_pages import group, paginate
from .statutory_parts import Table

# Beyond this a printed list is a book that nobody reads; the workbook has every row.
PRINTED_ROWS_LIMIT = 10_000
LEFT_OUT = "Daftar lengkap terdapat dalam buku kerja (xlsx). Di sini jumlahnya saja."


class ReportStatutory(models.AbstractModel):
    """The print of statutory documents: of the wizard that asks for one, or of documents that are there already."""

    _name = "report.kmp_reports.statutory"
    _description = "Statutory Documents, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        requests = self.env["kmp.statutory.wizard"]._get_requests(docids)
        documents = [request._get_document() for request in requests]
        return {"doc_ids": requests.ids, "doc_model": requests._name, "docs": requests} | self._get_values(
            documents
        )

    @api.model
    def _get_values(self, documents):
        """What the templates need for these documents."""
        return {
            "documents": [self._shorten(document) for document in documents],
            "money": indonesian.money,
            "number": indonesian.number,
            "group": group,
            "paginate": self._paginate,
        }

    @api.model
    def _get_page_label(self, requests):
        """What stands at the foot of each page, when the pages are of one document."""
        return f"{requests.company_id.name}  {requests.file_name}" if len(requests) == 1 else ""

    def _paginate(self, table, is_landscape, is_first):
        return [table.rows] if _wkhtml().is_patched_qt else paginate(table, is_landscape, is_first)

    def _shorten(self, document):
        if not any(len(table.rows) > PRINTED_ROWS_LIMIT for table in document.tables):
            return document
        parts = [self._keep_sums(part) if isinstance(part, Table) else part for part in document.parts]
        return replace(document, parts=parts)

    def _keep_sums(self, table):
        if len(table.rows) <= PRINTED_ROWS_LIMIT:
            return table
        return replace(table, rows=[row for row in table.rows if row.kind not in ("", "form")], note=LEFT_OUT)


class ReportStatutoryLandscape(models.AbstractModel):
    """The same on a sheet that is wider than high: its paper belongs to the report."""

    _name = "report.kmp_reports.statutory_landscape"
    _description = "Statutory Documents, Print in Landscape"
    _inherit = "report.kmp_reports.statutory"
