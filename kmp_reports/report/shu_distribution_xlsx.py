from decimal import Decimal
from itertools import islice

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.kmp_membership.report.document_xlsx import A4, MAX_DIGITS, MAX_ROWS, cell_number

from .statutory import DOTS

INDONESIAN = "421"  # the language of a number format: Rp1.000.000,00 also where the office is English
MEMBER_COLUMNS = ("No.", "No. anggota", "Nama", "Kelompok", "Jasa modal", "Jasa usaha", "Jumlah")
MEMBER_WIDTHS = (8, 17, 50, 26, 21, 21, 21)
FIRST_AMOUNT, LAST_AMOUNT = 4, 6
SUM_OF_VISIBLE = 9  # SUBTOTAL: the sum, without other subtotals and filtered rows


class ShuDistributionXlsx(models.AbstractModel):
    """The workbook of a Pembagian SHU: the distribution, the list of members, the tie-out.

    Rows go to the file in order as they come from the database (`constant_memory`), so that memory
    does not grow with the members. Sums are formulas, with their values written beside them for
    readers that do not calculate.
    """

    _name = "report.kmp_reports.shu_distribution_xlsx"
    _description = "Pembagian SHU, workbook"
    _inherit = "kmp.document.xlsx"

    def generate_xlsx_report(self, workbook, data, objs):
        report = self.env["report.kmp_reports.shu_distribution"]
        for document in report._get_documents(objs):
            self._check_size(document)
            workbook.set_properties(
                {
                    "title": f"Pembagian {document.run.name}",
                    "author": document.run.company_id.name,
                    "comments": f"SHA-256 {document.run.hash}",
                }
            )
            formats = self._write_lists(workbook, document)
            _CheckSheet(workbook, "Uji silang", document, formats).fill()

    def _write_lists(self, workbook, document):
        """The sheets of the distribution and of its members; returns the formats of the workbook."""
        report = self.env["report.kmp_reports.shu_distribution"]
        formats = _Formats(workbook, document.run.currency_id)
        _DistributionSheet(workbook, "Pembagian SHU", document, formats).fill()
        _MemberSheet(workbook, "Daftar per anggota", document, formats).fill(
            report._iter_members(document.run)
        )
        return formats

    @api.model
    def _write_into(self, workbook, run):
        """Write the sheets of a run into a workbook of somebody else, and return its checks."""
        [document] = self.env["report.kmp_reports.shu_distribution"]._get_documents(run)
        self._check_size(document)
        self._write_lists(workbook, document)
        return document.checks

    def _check_size(self, document):
        rows = document.member_count + len(document.classes) + _MemberSheet.first_row + 1
        if rows > MAX_ROWS or document.surplus >= 10 ** (MAX_DIGITS - indonesian.MIN_DECIMALS):
            raise UserError(
                self.env._(
                    "%(run)s does not fit into a workbook, which holds %(rows)s rows and amounts of "
                    "%(digits)s digits. Export the shares by class instead.",
                    run=document.run.name,
                    rows=MAX_ROWS,
                    digits=MAX_DIGITS,
                )
            )


class _Formats:
    """The cell formats of a workbook, by name."""

    base = {"font_name": "Liberation Sans", "font_size": 10, "valign": "vcenter"}

    def __init__(self, workbook, currency):
        digits = "#,##0." + "0" * indonesian.currency_decimals(currency)
        language = f"[$-{INDONESIAN}]"
        symbol = f'"{currency.symbol}"'
        money = {
            "num_format": f"{language}{symbol}{digits};{language}({symbol}{digits})",
            "align": "right",
        }
        number = {"num_format": f"{language}{digits};{language}({digits})", "align": "right"}
        # A text that looks like a formula stays a text even when someone edits the cell.
        text = {"quote_prefix": True}
        sum_line = {"bold": True, "top": 1, "bg_color": "#F1EDF0"}
        total_line = {"bold": True, "top": 1, "bottom": 6, "bg_color": "#E3DBE1"}
        percent = {"num_format": f'{language}General"%"', "align": "right"}
        named = {
            "title": text | {"bold": True, "font_size": 14},
            "subtitle": text | {"bold": True, "font_size": 11},
            "text": text,
            "wrap": text | {"text_wrap": True, "valign": "top", "indent": 1},
            "muted": text | {"font_color": "#6C757D"},
            "name": text | {"text_wrap": True},
            "key": text | {"num_format": "@", "indent": 1},
            "header": {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "border": 1,
                "bg_color": "#714B67",
                "font_color": "#FFFFFF",
            },
            "count": {"num_format": "0", "align": "right"},
            "percent": percent,
            "number": number,
            "money": money,
            "money_bold": money | {"bold": True},
            "percent_bold": percent | {"bold": True},
            "sum_text": text | sum_line,
            "sum_money": money | sum_line,
            "total_text": text | total_line,
            "total_money": money | total_line,
            "check_money": money | {"valign": "top"},
            "check_status": {"bold": True, "align": "center", "valign": "top"},
            "good": {"font_color": "#1E7E34"},
            "bad": {"font_color": "#FFFFFF", "bg_color": "#C82333"},
        }
        self._formats = {
            name: workbook.add_format(values if name in ("good", "bad") else self.base | values)
            for name, values in named.items()
        }
        self._workbook = workbook
        self._indented = {}

    def __getitem__(self, name):
        return self._formats[name]

    def indent(self, level, bold):
        """A text one step to the right for each level of the waterfall."""
        key = (level, bold)
        if key not in self._indented:
            self._indented[key] = self._workbook.add_format(
                self.base | {"indent": level, "bold": bold, "quote_prefix": True}
            )
        return self._indented[key]


class _Sheet:
    """A sheet that is written from its first row to its last."""

    landscape = False
    widths = ()

    def __init__(self, workbook, name, document, formats):
        self.document = document
        self.run = document.run
        self.formats = formats
        self.sheet = workbook.add_worksheet(name)
        self.row = 0
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self._set_up_print()

    def _set_up_print(self):
        self.sheet.set_paper(A4)
        if self.landscape:
            self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.set_footer(f"&L&8 {self.run.hash_short}&C&8&A&R&8Halaman &P dari &N")

    def _write_title(self, title):
        for text, style in (
            (self.run.company_id.name, "subtitle"),
            (title, "title"),
            (
                f"Tahun buku {indonesian.date(self.run.date_from)} s.d. {indonesian.date(self.run.date_to)}",
                "text",
            ),
        ):
            self._text(0, text, style)
            self.row += 1
        if not self.document.is_final:
            self._text(0, f"KONSEP. {dict(self.document.facts)['Status']}", "subtitle")
        self.row += 1

    def _text(self, column, text, style="text"):
        """Text stays text, whatever it begins with."""
        style = self.formats[style] if isinstance(style, str) else style
        self.sheet.write_string(self.row, column, text or "", style)

    def _amount(self, column, amount, style="money"):
        self.sheet.write_number(self.row, column, cell_number(amount), self.formats[style])

    def _formula(self, column, formula, value, style):
        value = cell_number(value) if isinstance(value, Decimal) else value
        self.sheet.write_formula(self.row, column, formula, self.formats[style], value)

    def _header(self, texts, height=24):
        self.sheet.set_row(self.row, height)
        for column, text in enumerate(texts):
            self._text(column, text, "header")
        self.row += 1


class _DistributionSheet(_Sheet):
    """Heading, facts and table A."""

    widths = (24, 52, 14, 24)

    def fill(self):
        self._write_title("PEMBAGIAN SISA HASIL USAHA")
        for label, value in self.document.facts[1:]:
            self._text(0, label, "muted")
            self._text(1, value, "name")
            self.row += 1
        self.row += 1
        self._text(0, "A. Pembagian menurut pos", "subtitle")
        self.row += 1
        self._header(("Kode", "Uraian", "Persen", f"Jumlah ({self.run.currency_id.name})"))
        self._write_rows()
        self.row += 1
        self._write_notes()
        self._write_signatures()

    def _write_rows(self):
        top_cells = []
        for pool in self.document.rows:
            if not pool.level:
                top_cells.append(f"D{self.row + 1}")
            self._write_pool(pool)
        self._text(0, "", "total_text")
        self._text(1, "Jumlah = sisa hasil usaha", "total_text")
        self._text(2, "", "total_text")
        formula = f"={'+'.join(top_cells) or 0}"
        self._formula(3, formula, self.document.surplus, "total_money")
        self.row += 1

    def _write_pool(self, pool):
        bold = not pool.level
        self._text(0, pool.code, self.formats.indent(pool.level, bold))
        self._text(1, pool.name, self.formats.indent(2 * pool.level, bold))
        if pool.percent is not None:
            self._amount(2, pool.percent, "percent_bold" if bold else "percent")
        self._amount(3, pool.amount, "money_bold" if bold else "money")
        self.row += 1

    def _write_notes(self):
        notes = ["Persen sebuah rincian dihitung dari pos di atasnya."]
        if self.document.residual:
            amount = indonesian.money(self.document.residual, self.run.currency_id)
            notes.append(f"Sisa pembulatan seluruhnya {amount}, dibukukan ke cadangan pertama.")
        for note in notes:
            self._text(0, note, "text")
            self.row += 1
        self.row += 1

    def _write_signatures(self):
        """Who signs, as below the print."""
        signed = self.run.env["report.kmp_reports.shu_distribution"]._get_signatures(self.run)
        for line in (
            signed.place_and_date,
            *(f"{signer.post}: {signer.name or DOTS}" for signer in signed.signers),
        ):
            self._text(0, line, "text")
            self.row += 1


class _MemberSheet(_Sheet):
    """The members by class, each class with its subtotal."""

    landscape = True
    widths = MEMBER_WIDTHS
    first_row = 6

    def fill(self, members):
        self._write_title("B. DAFTAR PEMBAGIAN SHU PER ANGGOTA")
        self.row = self.first_row - 1
        self._header(MEMBER_COLUMNS)
        self.sheet.freeze_panes(self.first_row, 0)
        self.sheet.repeat_rows(self.first_row - 1)
        self._write_members(members)
        last_row = max(self.row - 1, self.first_row)
        self.sheet.autofilter(self.first_row - 1, 0, last_row, LAST_AMOUNT)
        total = self.document.grand_total
        self._write_sums(total.sum_label, total, self.first_row, "total")

    def _write_members(self, members):
        """Each class's rows, then its subtotal: the classes come in the order of the list."""
        place, members = 0, iter(members)
        for total in self.document.classes:
            first_row = self.row
            for member in islice(members, total.count):
                place += 1
                self._write_member(place, member)
            self._write_sums(total.sum_label, total, first_row, "sum")

    def _write_member(self, place, member):
        row, sheet, formats = self.row, self.sheet, self.formats
        sheet.write_number(row, 0, place, formats["count"])
        sheet.write_string(row, 1, member.number, formats["key"])
        sheet.write_string(row, 2, member.name, formats["name"])
        sheet.write_string(row, 3, member.class_name, formats["name"])
        for column, amount in enumerate(member[-3:], start=FIRST_AMOUNT):
            sheet.write_number(row, column, cell_number(amount), formats["number"])
        self.row += 1

    def _write_sums(self, label, total, first_row, style):
        """A line of sums over the rows above it, with the name of the class where rows are filtered."""
        for column in range(FIRST_AMOUNT):
            self._text(column, "", f"{style}_text")
        self._text(1, label, f"{style}_text")
        self._text(3, total.name, f"{style}_text")
        for column, amount in enumerate(total[-3:], start=FIRST_AMOUNT):
            letter = chr(ord("A") + column)
            cells = f"{letter}{first_row + 1}:{letter}{max(self.row, first_row + 1)}"
            self._formula(column, f"=SUBTOTAL({SUM_OF_VISIBLE},{cells})", amount, f"{style}_money")
        self.row += 1


class _CheckSheet(_Sheet):
    """The tie-outs, each with both its sides."""

    landscape = True
    widths = (40, 32, 24, 44, 24, 22, 16)

    def fill(self):
        self._write_title("C. UJI SILANG DENGAN BUKU BESAR")
        self._header(("Uji", "Sisi kiri", "Jumlah kiri", "Sisi kanan", "Jumlah kanan", "Selisih", "Hasil"))
        first_row = self.row
        for check in self.document.checks:
            self._write_check(check)
        self._colour(first_row)

    def _write_check(self, check):
        self.sheet.set_row(self.row, 30)
        self._text(0, check.name, "wrap")
        self._text(1, check.left_name, "wrap")
        self._amount(2, check.left, "check_money")
        self._text(3, check.right_name, "wrap")
        if check.right is None:
            self._text(6, check.status, "check_status")
        else:
            line = self.row + 1
            self._amount(4, check.right, "check_money")
            self._formula(5, f"=C{line}-E{line}", check.difference, "check_money")
            self._formula(6, f'=IF(F{line}=0,"OK","BEDA")', check.status, "check_status")
        self.row += 1

    def _colour(self, first_row):
        for value, style in (("OK", "good"), ("BEDA", "bad")):
            self.sheet.conditional_format(
                first_row,
                6,
                self.row - 1,
                6,
                {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": self.formats[style]},
            )
