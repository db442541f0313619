import base64
import io

import openpyxl
import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..import_rows import DATES, OPTIONAL, REQUIRED, read_csv


class MembershipImport(models.Model):
    """The spreadsheet: the template that is taken away, and the file that comes back."""

    _inherit = "kmp.membership.import"

    template = fields.Binary(compute="_compute_template")
    template_name = fields.Char(compute="_compute_template")
    csv_template = fields.Binary("Template as CSV", compute="_compute_template")
    csv_template_name = fields.Char(compute="_compute_template")

    @api.depends("company_id")
    def _compute_template(self):
        for record in self:
            record.template = base64.b64encode(record._make_template())
            record.template_name = "members.xlsx"
            record.csv_template = base64.b64encode(
                (",".join(record._get_columns()) + "\r\n").encode("utf-8-sig")
            )
            record.csv_template_name = "members.csv"

    def action_download_template(self):
        return self._download("template", self.template_name)

    def action_download_csv_template(self):
        return self._download("csv_template", self.csv_template_name)

    def _download(self, field, name):
        self.ensure_one()
        self._check_officer()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field}/{name}?download=true",
            "target": "self",
        }

    def _read_file(self):
        """The rows of the file: iterable of lists.

        :raise UserError: there is none, or it is no spreadsheet
        """
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        content = base64.b64decode(self.file)
        try:
            if (self.file_name or "").lower().endswith(".csv"):
                return read_csv(content)
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        except Exception as error:
            raise UserError(
                self.env._(
                    "%(name)s cannot be read: it must be a workbook (.xlsx) or a text file (.csv, UTF-8).",
                    name=self.file_name,
                )
            ) from error

    def _get_columns(self):
        return [*REQUIRED, *OPTIONAL, *sorted(self._get_known(with_taken=False).share_types)]

    def _make_template(self):
        """A workbook with the headings and the codes of the company's own classes and share types."""
        known = self._get_known(with_taken=False)
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = book.add_worksheet("members")
            bold, day, text = (
                book.add_format({"bold": True}),
                book.add_format({"num_format": "yyyy-mm-dd"}),
                book.add_format({"num_format": "@"}),
            )
            for index, column in enumerate(self._get_columns()):
                sheet.write(0, index, column, bold)
                style = day if column in DATES else None if column in known.share_types else text
                sheet.set_column(index, index, 18, style)
            if known.classes:
                codes = book.add_worksheet("codes")
                codes.write_column(0, 0, ["class", *sorted(known.classes)])
                codes.write_column(0, 1, ["share type", *sorted(known.share_types)])
                source = f"=codes!$A$2:$A${len(known.classes) + 1}"
                sheet.data_validation(1, 2, 100000, 2, {"validate": "list", "source": source})
            sheet.freeze_panes(1, 0)
        return buffer.getvalue()
