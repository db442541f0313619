from odoo import models

from .shu_distribution_xlsx import A4, _Formats, cell_number

SHEETS = {
    "position": "Posisi Keuangan",
    "result": "Perhitungan Hasil Usaha",
    "result_plain": "PHU ringkas",
    "equity": "Perubahan Ekuitas",
    "cash_flow": "Arus Kas",
}
LABEL_WIDTH, AMOUNT_WIDTH = 62, 22
ROW_STYLES = {
    "title": ("subtitle", "money_bold"),
    "heading": ("subtitle", "money_bold"),
    "sum": ("sum_text", "sum_money"),
    "total": ("total_text", "total_money"),
}


class StatementXlsx(models.AbstractModel):
    """The statements as a workbook, a sheet each, with the accounts to look at under a statement that is wrong."""

    _name = "report.kmp_reports.statement_xlsx"
    _description = "Statements, workbook"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, objs):
        printed = self.env["report.kmp_reports.statement"]
        for request in printed._get_requests(objs.ids):
            formats = _Formats(workbook, request.company_id.currency_id)
            problems = printed._get_problems(request)
            workbook.set_properties({"title": request.file_name, "author": request.company_id.name})
            for kind, statement in request._get_statements().items():
                StatementSheet(workbook, SHEETS[kind], statement, formats).fill(problems.get(kind))


class StatementSheet:
    """One statement on a sheet; for the workbook of the statements and for others that hold them.

    Text stays text, whatever it begins with: a co-operative called `=cmd` is a name and no formula.
    """

    def __init__(self, workbook, name, statement, formats):
        self.statement = statement
        self.formats = formats
        self.sheet = workbook.add_worksheet(name)
        self.row = 0
        self._set_up_page()

    def fill(self, problems=None):
        self._write_heading()
        for row in self.statement.rows:
            self._write_row(row)
        if problems:
            self._write_problems(problems)

    def _set_up_page(self):
        columns = len(self.statement.columns)
        self.sheet.set_column(0, 0, LABEL_WIDTH)
        self.sheet.set_column(1, columns, AMOUNT_WIDTH)
        self.sheet.set_paper(A4)
        if columns > 2:
            self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.set_footer("&L&8&A&R&8Halaman &P dari &N")

    def _write_heading(self):
        statement = self.statement
        for text, style in (
            (statement.company.name, "subtitle"),
            (statement.title, "title"),
            (statement.period, "text"),
        ):
            self.sheet.write_string(self.row, 0, text, self.formats[style])
            self.row += 1
        self.row += 1
        self.sheet.set_row(self.row, 32)
        self.sheet.write_string(self.row, 0, "Uraian", self.formats["header"])
        for place, column in enumerate(statement.columns, start=1):
            text = "\n".join(filter(None, column[::-1]))
            self.sheet.write_string(self.row, place, text, self.formats["header"])
        self.sheet.freeze_panes(self.row + 1, 1)
        self.sheet.repeat_rows(self.row)
        self.row += 1

    def _write_row(self, row):
        text, money = ROW_STYLES.get(row.style, (None, "money"))
        label_format = self.formats[text] if text else self.formats.indent(row.level, row.style == "warning")
        self.sheet.write_string(self.row, 0, row.label, label_format)
        for place, amount in enumerate(row.amounts, start=1):
            self.sheet.write_number(self.row, place, cell_number(amount), self.formats[money])
        if row.style == "warning":
            self.sheet.conditional_format(
                self.row, 0, self.row, len(row.amounts), {"type": "no_errors", "format": self.formats["bad"]}
            )
        self.row += 1

    def _write_problems(self, problems):
        self.row += 1
        self.sheet.write_string(self.row, 0, "Yang perlu diperiksa", self.formats["subtitle"])
        for difference in problems.differences:
            self._write_problem("Selisih", difference)
        for account, balance in problems.accounts.items():
            self._write_problem(account.display_name, balance)

    def _write_problem(self, text, amount):
        self.row += 1
        self.sheet.write_string(self.row, 0, text, self.formats.indent(1, bold=False))
        self.sheet.write_number(self.row, 1, cell_number(amount), self.formats["money"])
