from decimal import Decimal

from odoo import models
from odoo.tools import SQL


class SampleXlsx(models.AbstractModel):
    """The working list of a sample: the drawn entries, with room for what the auditor finds."""

    _name = "report.kmp_audit.sample_xlsx"
    _description = "Working List of a Sample"
    _inherit = "kmp.audit.xlsx"

    _widths = (6, 12, 22, 10, 30, 34, 18, 8, 14, 50)
    _frozen_columns = 3

    def _get_sheet_name(self, sample):
        return self.env._("Sample %s", sample.id)

    def _get_title(self):
        return self.env._("SAMPLE OF ENTRIES")

    def _get_facts(self, sample):
        labels = dict(sample._fields["method"]._description_selection(self.env))
        yield self._get_year(sample.audit_id)
        yield self.env._(
            "Method: %(method)s; seed: %(seed)s; size: %(size)s%(strata)s",
            method=labels[sample.method],
            seed=sample.seed,
            size=sample.size,
            strata=self.env._(", of each journal") if sample.is_by_journal else "",
        )
        yield self.env._(
            "Drawn on %(moment)s from %(count)s entries", moment=sample.drawn_on, count=sample.population
        )

    def _get_column_titles(self):
        return [
            self.env._("No."),
            self.env._("Date"),
            self.env._("Entry"),
            self.env._("Journal"),
            self.env._("Partner"),
            self.env._("Reference"),
            self.env._("Value"),
            self.env._("Hits"),
            self.env._("Result"),
            self.env._("Note"),
        ]

    def _write_rows(self, workbook, sheet, sample):
        values = self._read_values(sample)
        results = dict(sample.line_ids._fields["result"]._description_selection(self.env))
        for line in sample.line_ids.sorted("sequence"):
            self._write_row(sheet, self._prepare_row(line, values[line.id], results))
        self._filter(sheet)
        total = sum(values.values(), Decimal())
        sheet.write_row(["", self.env._("Total"), "", "", "", "", total, "", "", ""], "total")

    def _prepare_row(self, line, value, results):
        return [
            line.sequence,
            line.date,
            line.move_id.name,
            line.journal_id.code,
            line.partner_id.name or "",
            line.reference or "",
            value,
            line.hits,
            results[line.result] if line.result != "open" else "",
            line.note or "",
        ]

    def _read_values(self, sample):
        rows = self.env.execute_query(
            SQL("SELECT id, value::text FROM kmp_audit_sample_line WHERE sample_id = %s", sample.id)
        )
        return {line: Decimal(value) for line, value in rows}
