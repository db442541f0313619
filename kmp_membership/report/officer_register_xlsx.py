from odoo import models

from . import indonesian
from .document_xlsx import DocumentSheet
from .posts import BODIES

COLUMNS = (
    ("No.", 6),
    ("No. Anggota", 16),
    ("Nama", 36),
    ("Kelompok", 22),
    ("Jabatan", 18),
    ("Mulai Menjabat", 14),
    ("Akhir Masa Jabatan", 14),
    ("Keputusan", 24),
    ("Menjabat", 12),
)


class OfficerRegisterXlsx(models.AbstractModel):
    """A sheet for the board and one for the supervisors."""

    _name = "report.kmp_membership.officer_register_xlsx"
    _description = "Buku Daftar Pengurus dan Pengawas, Workbook"
    _inherit = "kmp.document.xlsx"

    def _write_document(self, workbook, document, request):
        rows = list(document._iter_rows(request))
        for body, title in BODIES.items():
            sheet = DocumentSheet(workbook, title.capitalize(), request, [width for _title, width in COLUMNS])
            sheet.write_heading(f"BUKU DAFTAR {title}", f"Keadaan pada akhir {indonesian.date(request.date)}")
            sheet.write_header([heading for heading, _width in COLUMNS], frozen_columns=3)
            for place, row in enumerate((row for row in rows if row.body == body), start=1):
                term = (
                    row.date_from,
                    row.date_to,
                    row.resolution or "",
                    "Ya" if row.is_in_office else "Tidak",
                )
                sheet.write_row([place, row.number, row.name or "", row.class_name, row.post_label, *term])
            sheet.filter_rows(len(COLUMNS) - 1)
