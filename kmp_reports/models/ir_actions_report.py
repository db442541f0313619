from odoo import models

from ..report.page_numbers import number_pages

PRINT_LAYOUT = "kmp_reports.print_layout"


class IrActionsReport(models.Model):
    """Documents of this addon carry their own style and ask no server for a file.

    So they print the same from the screen, a scheduled job or a command, where no server answers.
    """

    _inherit = "ir.actions.report"

    def _is_kmp_document(self):
        return (self.report_name or "").startswith("kmp_reports.")

    def _get_layout(self):
        if self._is_kmp_document():
            return self.env.ref(PRINT_LAYOUT)
        return super()._get_layout()

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        report = self._get_report(report_ref)
        if report._is_kmp_document():
            self._number_pages(report, streams)
        return streams

    def _number_pages(self, report, streams):
        values = self._get_rendering_context_model(report)
        for res_id, printed in streams.items():
            if printed["stream"] and not printed["attachment"]:
                record = self.env[report.model].browse(res_id or [])
                printed["stream"] = number_pages(printed["stream"], values._get_page_label(record))
