from odoo import models

from odoo.addons.kmp_membership.report.document_xlsx import BASE, DocumentSheet
from odoo.addons.kmp_reports.report.statutory_xlsx import row_height


class AuditXlsx(models.AbstractModel):
    """A working paper of the auditor as a list that can be filtered: a sheet for each record, with what it is about above the list."""

    _name = "kmp.audit.xlsx"
    _description = "Working Paper of an Audit"
    _inherit = "kmp.document.xlsx"

    _widths = ()
    _frozen_columns = 1

    def generate_xlsx_report(self, workbook, data, objs):
        # a report may be reached with sudo: the rights that count are the user's
        records = objs.sudo(flag=False)
        records.check_access("read")
        for record in records:
            sheet = DocumentSheet(workbook, self._get_sheet_name(record), record, self._widths)
            sheet.write_heading(self._get_title(), *self._get_facts(record))
            sheet.write_header(self._get_column_titles(), frozen_columns=self._frozen_columns)
            # Only below the heading, whose lines run over the columns.
            wrapped = BASE | sheet._get_styles()["text"] | {"text_wrap": True}
            sheet.formats["text"] = workbook.add_format(wrapped)
            self._write_rows(workbook, sheet, record)

    def _get_sheet_name(self, record):
        raise NotImplementedError

    def _get_title(self):
        raise NotImplementedError

    def _get_facts(self, record):
        """Lines below the title."""
        raise NotImplementedError

    def _get_column_titles(self):
        raise NotImplementedError

    def _write_rows(self, workbook, sheet, record):
        raise NotImplementedError

    def _write_row(self, sheet, values, style=None):
        sheet.sheet.set_row(sheet.row, row_height(values, self._widths))
        sheet.write_row(values, style)

    def _filter(self, sheet):
        sheet.filter_rows(len(self._widths) - 1)

    def _get_year(self, audit):
        return self.env._(
            "%(audit)s, %(from)s to %(to)s",
            audit=audit.name,
            **{"from": audit.date_from, "to": audit.date_to},
        )
