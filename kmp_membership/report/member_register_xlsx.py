from decimal import Decimal

from odoo import models

from . import indonesian
from .document_xlsx import DocumentSheet
from .member_register import REASONS, SEXES

MEMBER = "Anggota"

# (heading, width, value of a row); the personal ones only for who may see them.
COLUMNS_BEFORE = (("No. Anggota", 16, lambda row: row.number), ("Nama", 36, lambda row: row.name or ""))
PERSONAL_COLUMNS = (
    ("NIK", 20, lambda row: row.national_id or ""),
    ("Tempat Lahir", 18, lambda row: row.birth_place or ""),
    ("Tanggal Lahir", 13, lambda row: row.birth_date),
    ("L/P", 6, lambda row: SEXES.get(row.sex, "")),
    ("Pekerjaan", 20, lambda row: row.occupation or ""),
)
COLUMNS_AFTER = (
    ("Alamat", 44, lambda row: row.address),
    ("Kelompok", 20, lambda row: row.class_name),
    ("Keanggotaan", 18, lambda row: row.kind_label or MEMBER),
    ("Riwayat Kelompok", 44, lambda row: row.class_history),
    ("Tanggal Masuk", 13, lambda row: row.date_in),
    ("Tanggal Keluar", 13, lambda row: row.date_out),
    ("Sebab Keluar", 20, lambda row: REASONS.get(row.reason, "")),
    ("Tanda Tangan", 18, lambda _row: ""),
)


class MemberRegisterXlsx(models.AbstractModel):
    _name = "report.kmp_membership.member_register_xlsx"
    _description = "Buku Daftar Anggota, Workbook"
    _inherit = "kmp.document.xlsx"

    def _write_document(self, workbook, document, request):
        personal = PERSONAL_COLUMNS if document._has_personal_data(request) else ()
        columns = (*COLUMNS_BEFORE, *personal, *COLUMNS_AFTER)
        share_types = document._get_balance_types(request)
        amounts = [*share_types.mapped("name"), "Jumlah Simpanan"] if share_types else []
        widths = [6, *(width for _title, width, _value in columns), *(17 for _title in amounts)]
        sheet = DocumentSheet(workbook, "Daftar Anggota", request, widths)
        sheet.write_heading("BUKU DAFTAR ANGGOTA", f"Keadaan pada akhir {indonesian.date(request.date)}")
        sheet.write_header(["No.", *(title for title, _width, _value in columns), *amounts], frozen_columns=3)
        sums = self._write_members(sheet, document._iter_rows(request), columns, len(amounts))
        sheet.filter_rows(len(columns) + len(amounts))
        if share_types:
            sheet.write_row(["", "Jumlah", *("" for _column in columns[1:]), *sums], "total")
        sheet.row += 1
        totals = document._get_totals(request)
        self._write_totals(sheet, totals, document._add_up(totals))

    def _write_members(self, sheet, rows, columns, amount_count):
        """:return: the sums of the last columns: what was paid in per share type, and together"""
        sums = [Decimal()] * amount_count
        values = [value for _title, _width, value in columns]
        for place, row in enumerate(rows, start=1):
            amounts = (*row.balances, sum(row.balances)) if row.balances else ()
            sheet.write_row([place, *(value(row) for value in values), *amounts])
            sums = [total + amount for total, amount in zip(sums, amounts, strict=True)]
        return sums

    def _write_totals(self, sheet, totals, together):
        for total in totals:
            sheet.write_row(["", f"{total.class_name or 'Tanpa kelompok'}: {total.text}"])
        sheet.write_row(["", f"Jumlah: {together.text}"])
