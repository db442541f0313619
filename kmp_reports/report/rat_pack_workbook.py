import io

import xlsxwriter

from odoo import api, models

from odoo.addons.kmp_membership.report import indonesian

from .statutory_parts import TEXT, Column, Document, Row, Table
from .statutory_xlsx import StatutorySheet


class RatPackWorkbook(models.AbstractModel):
    """The annual report as one workbook: a sheet for each document, and one with all tie-outs."""

    _name = "kmp.rat.pack.workbook"
    _description = "Annual Report, Workbook"

    @api.model
    def _make(self, pack):
        """The bytes of the workbook. Rows leave the memory as they are written."""
        stream = io.BytesIO()
        options = self.env["report.kmp_reports.statutory_xlsx"].get_workbook_options()
        with xlsxwriter.Workbook(stream, options) as workbook:
            workbook.set_properties({"title": pack.name, "author": pack.company_id.name})
            self._write_sheets(workbook, pack)
        return stream.getvalue()

    def _write_sheets(self, workbook, pack):
        parts = pack._get_printed_parts()
        self._write_contents(workbook, pack, parts)
        checks = []
        for part in parts:
            if part.key == "shu":
                checks += self.env["report.kmp_reports.shu_distribution_xlsx"]._write_into(
                    workbook, pack._get_run()
                )
            else:
                document = part._get_document()
                StatutorySheet(workbook, document, self.env).fill()
                checks += document.checks
        self._write_ties(workbook, pack, checks)

    def _write_contents(self, workbook, pack, parts):
        rows = [Row((str(place), part.name, part.remark or "")) for place, part in enumerate(parts, start=1)]
        columns = [Column("No.", 8, TEXT), Column("Dokumen", 42), Column("Catatan", 50)]
        document = self._prepare_document(pack, "DAFTAR ISI", "Daftar isi")
        document.parts.append(Table("", columns, rows))
        StatutorySheet(workbook, document, self.env).fill()

    def _write_ties(self, workbook, pack, checks):
        columns = [Column("", 40), *[Column("", 20)] * 3, Column("", 12)]  # for their widths
        document = self._prepare_document(pack, "UJI SILANG", "Uji silang")
        document.checks += checks
        document.parts.append(Table("", columns, [], empty=self._describe(checks)))
        StatutorySheet(workbook, document, self.env).fill()

    def _describe(self, checks):
        different = sum(bool(check.difference) for check in checks)
        if different:
            return f"{indonesian.count(different)} dari {indonesian.count(len(checks))} uji berbeda."
        return f"Semua {indonesian.count(len(checks))} uji cocok."

    def _prepare_document(self, pack, title, sheet):
        return Document(
            key="",
            title=title,
            sheet=sheet,
            company=pack.company_id,
            date_from=pack.date_from,
            date_to=pack.date_to,
            subtitle=f"Tahun buku {indonesian.date(pack.date_from)} s.d. {indonesian.date(pack.date_to)}",
            parts=[],
        )
