from math import ceil

from lxml import html

from odoo import models

from odoo.addons.kmp_membership.report.document_xlsx import DocumentSheet, cell_number

from .shu_distribution_xlsx import INDONESIAN
from .statutory import DOTS
from .statutory_parts import AMOUNT, COUNT, PERCENT, TEXT, Column, Row

SHEET_WIDTH = 130  # letters that the columns of a table have together
TEXT_ROW_LETTERS = 120
LINE_HEIGHT = 15
STATEMENT_WIDTH, AMOUNT_WIDTH = 60, 20
STATEMENT_STYLES = {"sum": "sum", "total": "total", "heading": "bold", "title": "bold"}
MARKS = {"OK": "good", "BEDA": "bad"}


class ReportStatutoryXlsx(models.AbstractModel):
    """A statutory document as a workbook of one sheet."""

    _name = "report.kmp_reports.statutory_xlsx"
    _description = "Statutory Documents, Workbook"
    _inherit = "kmp.document.xlsx"

    def generate_xlsx_report(self, workbook, data, objs):
        for request in self.env["kmp.statutory.wizard"]._get_requests(objs.ids):
            workbook.set_properties({"title": request.file_name, "author": request.company_id.name})
            self._write_document(workbook, request._get_document())

    def _write_document(self, workbook, document):
        StatutorySheet(workbook, document, self.env).fill()


class StatutorySheet(DocumentSheet):
    """A `Document` from its heading to its signatures."""

    def __init__(self, workbook, document, env):
        self.document = document
        self.widths = self._get_widths(document)
        super().__init__(workbook, document.sheet, _Request(env, document), self.widths)
        if not document.is_landscape:
            self.sheet.set_portrait()

    def _get_widths(self, document):
        """Widths of the columns: those of the table that has the most of them."""
        statements = [part.statement for part in document.parts if part.shape == "statement"]
        if statements:
            return [STATEMENT_WIDTH, *[AMOUNT_WIDTH] * len(statements[0].columns)]
        columns = max((table.columns for table in document.tables), key=len, default=[Column("", 100)])
        return [max(10, column.width * SHEET_WIDTH // 100) for column in columns]

    def _get_styles(self):
        styles = {name: _speak_indonesian(style) for name, style in super()._get_styles().items()}
        sums = {"bold": True, "top": 1, "bg_color": "#F1EDF0"}
        text, number = styles["text"], styles["number"]
        return styles | {
            "sum_text": text | sums,
            "sum_number": number | sums,
            "sum_count": styles["count"] | sums,
            "total_count": styles["count"] | {"bold": True, "top": 1, "bottom": 6, "bg_color": "#E3DBE1"},
            "bold_text": text | {"bold": True},
            "percent": {"num_format": '0.0"%"', "align": "right"},
            "wrap": text | {"text_wrap": True, "valign": "top"},
            "cell": text | {"text_wrap": True},
            "notice": text | {"bold": True, "font_color": "#C82333"},
            "good": {"bold": True, "font_color": "#1E7E34", "align": "center"},
            "bad": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#C82333", "align": "center"},
        }

    def fill(self):
        self.write_heading(self.document.title, self.document.subtitle)
        for notice in self.document.notices:
            self._write_line(notice, "notice")
        for part in self.document.parts:
            self._write_part(part)
        if self.document.checks:
            self.write_checks(self.document.checks)
        self._write_signers()

    def _write_line(self, text, style):
        self.sheet.write_string(self.row, 0, text, self.formats[style])
        self.row += 1

    def _write_part(self, part):
        if part.shape != "picture":
            getattr(self, f"_write_{part.shape}")(part)

    def _write_statement(self, part):
        statement = part.statement
        titles = [f"{column.label} {column.period}".strip() for column in statement.columns]
        self._write_titles([Column(title, 1, AMOUNT) for title in ("Uraian", *titles)])
        for row in statement.rows:
            style = STATEMENT_STYLES.get(row.style)
            self.sheet.write_string(
                self.row, 0, "   " * row.level + row.label, self.formats[f"{style}_text" if style else "text"]
            )
            for place, amount in enumerate(row.amounts, start=1):
                self._write(place, amount, style)
            self.row += 1
        self.row += 1

    def _write_text(self, part):
        self._write_line(part.title, "subtitle")
        for paragraph in _get_paragraphs(part.body):
            self.sheet.set_row(self.row, LINE_HEIGHT * (1 + len(paragraph) // TEXT_ROW_LETTERS))
            self.sheet.merge_range(
                self.row, 0, self.row, self._get_last_column(), paragraph, self.formats["wrap"]
            )
            self.row += 1
        self.row += 1

    def _get_last_column(self):
        return max(1, len(self.widths) - 1)

    def _write_table(self, table):
        if table.title:
            self._write_line(table.title, "subtitle")
        if not table.rows:
            self._write_line(table.empty, "text")
        else:
            self._write_titles(table.columns)
            for row in table.rows:
                self._write_table_row(table.columns, row)
        if table.note:
            self._write_line(table.note, "text")
        self.row += 1

    def _write_titles(self, columns):
        self.sheet.set_row(self.row, 2 * LINE_HEIGHT)
        for place, column in enumerate(columns):
            self.sheet.write_string(self.row, place, column.title, self.formats["header"])
        self.row += 1

    def _write_table_row(self, columns, row: Row):
        if row.kind == "group":
            self._write_line(row.cells[0], "subtitle")
            return
        style = row.kind if row.kind in ("sum", "total") else None
        if not style:
            self.sheet.set_row(self.row, row_height(row.cells, self.widths))
        for place, (column, value) in enumerate(zip(columns, row.cells, strict=True)):
            self._write_cell(place, column, value, style)
        self.row += 1

    def _write_cell(self, place, column, value, style):
        if column.kind == PERCENT and value is not None:
            self.sheet.write_number(self.row, place, cell_number(value), self.formats["percent"])
        elif column.kind == COUNT and value is not None and style:
            self.sheet.write_number(self.row, place, int(value), self.formats[f"{style}_count"])
        elif column.kind == COUNT and value is not None:
            self._write(place, int(value), None)
        elif column.kind == TEXT and value and not style:
            self.sheet.write_string(self.row, place, value, self.formats["cell"])
        else:
            self._write(place, value, style)

    def write_checks(self, checks):
        """A check a row: both sides, a formula for the difference, and its verdict."""
        self._write_line("Uji silang dengan buku besar", "subtitle")
        self._write_titles(
            [Column(title, 1, AMOUNT) for title in ("Uji", "Kiri", "Kanan", "Selisih", "Hasil")]
        )
        for check in checks:
            self._write_check(check)
        self.row += 1

    def _write_check(self, check):
        line = self.row + 1
        self.sheet.write_string(self.row, 0, check.name, self.formats["text"])
        self._write(1, check.left, None)
        if check.right is not None:
            self._write(2, check.right, None)
            difference = cell_number(check.difference)
            self.sheet.write_formula(self.row, 3, f"=B{line}-C{line}", self.formats["number"], difference)
        self.sheet.write_string(self.row, 4, check.status, self.formats[MARKS.get(check.status, "text")])
        self.row += 1

    def _write_signers(self):
        if not self.document.signers:
            return
        self._write_line(self.document.place_and_date, "text")
        for signer in self.document.signers:
            self._write_line(f"{signer.post}: {signer.name or DOTS}", "text")


def row_height(values, widths):
    """The height of a row whose texts wrap in columns of these widths (letters); None leaves it as it is.

    Said, because not every program makes a row higher when it opens the workbook.

    >>> row_height(["Ani", 5], [10, 10]), row_height(["Ani Rahayu Lestari", "a\\nb\\nc"], [10, 10])
    (None, 45)
    """
    texts = [(value, width) for value, width in zip(values, widths, strict=False) if isinstance(value, str)]
    lines = [sum(max(1, ceil(len(line) / width)) for line in text.splitlines()) for text, width in texts]
    return LINE_HEIGHT * max(lines) if max(lines, default=1) > 1 else None


def _speak_indonesian(style):
    """The style with amounts as 1.000.000,00 also where the office is English.

    >>> _speak_indonesian({"num_format": "#,##0.00;(#,##0.00)"})
    {'num_format': '[$-421]#,##0.00;[$-421](#,##0.00)'}
    """
    pattern = style.get("num_format", "")
    if "#" not in pattern:
        return style
    return style | {"num_format": ";".join(f"[$-{INDONESIAN}]{part}" for part in pattern.split(";"))}


def _get_paragraphs(body):
    """The paragraphs and list items of a text, without its marks.

    >>> _get_paragraphs("<p><b>Kas.</b> Di bank</p><p> </p><ol><li>Satu</li><li>Dua</li></ol>bebas")
    ['Kas. Di bank', '1. Satu', '2. Dua', 'bebas']
    """
    root = html.fragment_fromstring(str(body), create_parent=True)
    for line_break in root.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    for item in root.iter("p", "li", "div", "h1", "h2", "h3", "h4"):
        mark = (
            f"{item.getparent().index(item) + 1}. "
            if item.getparent() is not None and item.getparent().tag == "ol"
            else ""
        )
        item.text = f"\n{mark}{item.text or ''}"
        item.tail = "\n" + (item.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().split("\n"))
    return [line for line in lines if line]


class _Request:
    """What a `DocumentSheet` asks of the wizard behind it."""

    def __init__(self, env, document):
        self.env = env
        self.company_id = document.company
        self.file_name = document.title
