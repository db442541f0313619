from decimal import Decimal

from odoo import models

from . import indonesian
from .document_xlsx import DocumentSheet

FIRST_TITLES = ("No. Anggota", "Nama", "Tanggal", "Bukti", "Uraian")
FIRST_WIDTHS = (16, 34, 13, 24, 40)
AMOUNT_WIDTH = 20


class SavingsBookXlsx(models.AbstractModel):
    """All chosen members one below the other, in one table that can be filtered; without a choice, every member of the company."""

    _name = "report.kmp_membership.savings_book_xlsx"
    _description = "Buku Simpanan, Workbook"
    _inherit = "kmp.document.xlsx"

    def _write_document(self, workbook, document, request):
        share_types = document._get_share_types(request)
        widths = [*FIRST_WIDTHS, *[AMOUNT_WIDTH] * (len(share_types) + 2)]
        sheet = DocumentSheet(workbook, "Buku Simpanan", request, widths)
        sheet.write_heading("BUKU SIMPANAN", request.span_text)
        titles = [*FIRST_TITLES, *share_types.mapped("name"), "Jumlah", "Saldo"]
        sheet.write_header(titles, frozen_columns=2)
        totals = [Decimal()] * (len(share_types) + 1)
        for row in document._iter_rows(request, share_types):
            amounts = (*row.amounts, row.total)
            totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
            description = row.description or "" if row.date else "Saldo awal"
            sheet.write_row(
                [
                    row.number,
                    row.name or "",
                    row.date,
                    row.voucher or "",
                    description,
                    *(amount or None for amount in amounts),
                    row.balance,
                ]
            )
        sheet.filter_rows(len(titles) - 1)
        sheet.write_row(["Jumlah = saldo buku besar", None, None, None, None, *totals, totals[-1]], "total")
        self._write_note(sheet, request)

    def _write_note(self, sheet, request):
        sheet.row += 1
        sheet.write_row(
            [f"Dibaca dari jurnal yang sudah diposting sampai dengan {indonesian.date(request.date)}."]
        )
