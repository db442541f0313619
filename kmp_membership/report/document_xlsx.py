from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from . import indonesian

A4 = 9
MAX_ROWS = 1_048_576
# Excel shows 15 significant digits: up to that a cell shows the exact amount.
MAX_DIGITS = 15


def cell_number(amount):
    """The number that a cell holds for a `Decimal`: see MAX_DIGITS.

    >>> cell_number(Decimal("1000.00")), cell_number(Decimal("0.10"))
    (1000, 0.1)
    """
    whole = int(amount)
    if whole == amount and abs(whole) < 10**MAX_DIGITS:
        return whole
    if len(amount.normalize().as_tuple().digits) > MAX_DIGITS:
        raise OverflowError(amount)
    return whole if whole == amount else float(amount)


class KmpDocumentXlsx(models.AbstractModel):
    """A document as a workbook of one sheet: heading, column titles, rows as they come from the database, sums.

    Rows are written in order and leave the memory (`constant_memory`). Text is written as text, whatever it begins with: a member
    called `=cmd` is a name and no formula.
    """

    _name = "kmp.document.xlsx"
    _description = "Document of the Co-operative, Workbook"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return super().get_workbook_options() | {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }

    def generate_xlsx_report(self, workbook, data, objs):
        document = self._get_document()
        for request in document._get_requests(objs.ids):
            workbook.set_properties({"title": request.file_name, "author": request.company_id.name})
            self._write_document(workbook, document, request)

    def _get_document(self):
        """The model that has the values: the one whose name this one carries on."""
        return self.env[self._name.removesuffix("_xlsx")]

    def _write_document(self, workbook, document, request):
        raise NotImplementedError


class DocumentSheet:
    """A sheet that is written from its first row to its last."""

    def __init__(self, workbook, title, request, widths):
        self.env = request.env
        self.request = request
        self.sheet = workbook.add_worksheet(title)
        self.row = 0
        self.formats = {name: workbook.add_format(BASE | style) for name, style in self._get_styles().items()}
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.set_footer("&C&8&A&R&8Halaman &P dari &N")

    def _get_styles(self):
        digits = indonesian.number_pattern(self.request.company_id.currency_id)
        number = {"num_format": f"{digits};({digits})", "align": "right"}
        total = {"bold": True, "top": 1, "bottom": 6, "bg_color": "#E3DBE1"}
        # A text that looks like a formula stays a text even when someone edits the cell.
        text = {"quote_prefix": True, "num_format": "@"}
        return {
            "title": {"bold": True, "font_size": 14},
            "subtitle": {"bold": True, "font_size": 11},
            "header": {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "border": 1,
                "bg_color": "#714B67",
                "font_color": "#FFFFFF",
            },
            "text": text,
            "count": {"num_format": "0", "align": "right"},
            "date": {"num_format": "dd/mm/yyyy", "align": "center"},
            "number": number,
            "bold": number | {"bold": True},
            "total_text": text | total,
            "total_number": number | total,
        }

    def write_heading(self, title, *lines):
        for text, style in (
            (self.request.company_id.name, "subtitle"),
            (title, "title"),
            *((line, "text") for line in lines),
        ):
            self.sheet.write_string(self.row, 0, text or "", self.formats[style])
            self.row += 1
        self.row += 1

    def write_header(self, texts, frozen_columns=0):
        self.sheet.set_row(self.row, 30)
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text or "", self.formats["header"])
        self.sheet.freeze_panes(self.row + 1, frozen_columns)
        self.sheet.repeat_rows(self.row)
        self.header_row = self.row
        self.row += 1

    def write_row(self, values, style=None):
        """Text, `int`, `Decimal` and `date` each as what they are; `style` is a prefix as ``total``."""
        if self.row >= MAX_ROWS:
            raise UserError(
                self.env._(
                    "%(document)s does not fit into a workbook, which holds %(rows)s rows. Choose a class.",
                    document=self.request.file_name,
                    rows=MAX_ROWS,
                )
            )
        for column, value in enumerate(values):
            self._write(column, value, style)
        self.row += 1

    def _write(self, column, value, style):
        row, sheet, formats = self.row, self.sheet, self.formats
        if value == "":
            value = None
        if isinstance(value, str):
            sheet.write_string(row, column, value, formats[f"{style}_text" if style else "text"])
        elif isinstance(value, Decimal):
            sheet.write_number(
                row, column, cell_number(value), formats[f"{style}_number" if style else "number"]
            )
        elif isinstance(value, int):
            sheet.write_number(row, column, value, formats["count"])
        elif value:
            sheet.write_datetime(row, column, value, formats["date"])
        elif style:
            sheet.write_blank(row, column, None, formats[f"{style}_text"])

    def filter_rows(self, last_column):
        self.sheet.autofilter(self.header_row, 0, max(self.row - 1, self.header_row + 1), last_column)


BASE = {"font_name": "Liberation Sans", "font_size": 10, "valign": "vcenter"}
