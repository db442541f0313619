from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import bank_file

DATE_PATTERNS = {
    "iso": "%Y-%m-%d",
    "compact": "%Y%m%d",
    "compact_day_first": "%d%m%Y",
    "day_first": "%d/%m/%Y",
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "fixed": ""}
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
# What is cut would pay another account or another amount.
NEVER_CUT = ("account_number", "amount", "date", "sequence")
SAMPLE = {
    "sequence": 1,
    "account_number": "0012345678",
    "receiver": "Siti Aminah",
    "amount": Decimal("125000"),
    "currency": "IDR",
    "date": date(2026, 3, 31),
    "member_number": "A-0001",
    "bank_name": "Bank",
    "bank_code": "XXXXIDJA",
    "description": "SHU 2025",
    "payout": "SHU/BYR/0001",
    "email": "siti@example.com",
}


class KmpBankFileFormat(models.Model):
    """How a bank wants its file of transfers: ordered columns, and how numbers, dates and letters are written."""

    _name = "kmp.bank.file.format"
    _description = "Bank File Format"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    delimiter = fields.Selection(
        [
            ("comma", "Comma"),
            ("semicolon", "Semicolon"),
            ("tab", "Tab"),
            ("pipe", "Vertical bar"),
            ("fixed", "None: fixed widths"),
        ],
        "Columns Separated By",
        required=True,
        default="comma",
    )
    has_header = fields.Boolean("Column Titles", default=True)
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("utf-8-sig", "UTF-8 with mark"),
            ("cp1252", "Windows 1252"),
            ("ascii", "ASCII"),
        ],
        required=True,
        default="utf-8",
    )
    line_end = fields.Selection(
        [("crlf", "Windows"), ("lf", "Unix")], "Line Ends", required=True, default="crlf"
    )
    decimals = fields.Integer(help="Digits after the decimal sign. An amount that needs more is refused.")
    decimal_sign = fields.Selection(
        [("point", "Point"), ("comma", "Comma"), ("none", "None")], required=True, default="point"
    )
    date_format = fields.Selection(
        [
            ("iso", "2026-03-31"),
            ("compact", "20260331"),
            ("compact_day_first", "31032026"),
            ("day_first", "31/03/2026"),
        ],
        required=True,
        default="iso",
    )
    extension = fields.Char("File Extension", required=True, default="csv")
    column_ids = fields.One2many("kmp.bank.file.column", "format_id", "Columns", copy=True)
    preview = fields.Text(compute="_compute_preview")

    _decimals_possible = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 6)", "A file has zero to six decimals."
    )

    @api.depends("delimiter", "has_header", "decimals", "decimal_sign", "date_format", "column_ids.kind",
                 "column_ids.header", "column_ids.constant", "column_ids.width", "column_ids.fill",
                 "column_ids.align", "column_ids.sequence")  # fmt: skip
    def _compute_preview(self):
        for file_format in self:
            try:
                content = file_format._render([SAMPLE])
            except (UserError, ValueError) as error:
                file_format.preview = str(error)
            else:
                file_format.preview = content.decode(file_format.encoding or "utf-8")

    @api.constrains("column_ids", "delimiter", "extension")
    def _check_columns(self):
        for file_format in self:
            kinds = set(file_format.column_ids.mapped("kind"))
            if not {"account_number", "amount"} <= kinds:
                raise ValidationError(
                    self.env._(
                        "Format %(format)s: a transfer needs a column for the account number and one for the amount.",
                        format=file_format.name,
                    )
                )
            if file_format.delimiter == "fixed" and not all(file_format.column_ids.mapped("width")):
                raise ValidationError(
                    self.env._(
                        "Format %(format)s has columns of fixed width: give each column its width.",
                        format=file_format.name,
                    )
                )
            if not (file_format.extension or "").isalnum():
                raise ValidationError(
                    self.env._(
                        "Format %(format)s: the file extension is letters and digits, as csv.",
                        format=file_format.name,
                    )
                )

    def _render(self, transfers):
        """The file as bytes. A transfer is a dict with the keys of `SAMPLE`.

        Raises UserError, naming the receiver, when an amount or an account number does not fit.
        """
        self.ensure_one()
        layout = bank_file.Layout(
            [column._get_layout() for column in self.column_ids.sorted()],
            DELIMITERS[self.delimiter],
            self.has_header,
            self.encoding,
            LINE_ENDS[self.line_end],
        )
        try:
            return bank_file.render(layout, [self._get_row(transfer) for transfer in transfers])
        except bank_file.DoesNotFitError as error:
            raise UserError(
                self.env._(
                    "Format %(format)s: %(value)s does not fit into the column %(column)s. Make it wider.",
                    format=self.name,
                    column=error.args[0],
                    value=error.args[1],
                )
            ) from error

    def _get_row(self, transfer):
        try:
            return [column._get_text(transfer) for column in self.column_ids.sorted()]
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Format %(format)s has %(decimals)s decimals, but %(receiver)s gets %(amount)s. Give the format more.",
                    format=self.name,
                    decimals=self.decimals,
                    receiver=transfer["receiver"],
                    amount=transfer["amount"],
                )
            ) from error


class KmpBankFileColumn(models.Model):
    _name = "kmp.bank.file.column"
    _description = "Bank File Column"
    _order = "sequence, id"
    _rec_name = "header"

    format_id = fields.Many2one("kmp.bank.file.format", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("constant", "Always the same"),
            ("sequence", "Number of the row"),
            ("account_number", "Account number"),
            ("receiver", "Name of the receiver"),
            ("amount", "Amount"),
            ("currency", "Currency"),
            ("date", "Date"),
            ("member_number", "Member number"),
            ("bank_name", "Name of the bank"),
            ("bank_code", "Code of the bank (BIC)"),
            ("description", "Description"),
            ("payout", "Number of the payout"),
            ("email", "E-mail of the receiver"),
        ],
        "Holds",
        required=True,
        default="constant",
    )
    header = fields.Char("Title")
    constant = fields.Char("Text")
    width = fields.Integer(help="Number of characters. 0: free.")
    align = fields.Selection([("left", "Left"), ("right", "Right")], required=True, default="left")
    fill = fields.Selection(
        [("space", "Spaces"), ("zero", "Zeros")], "Filled With", required=True, default="space"
    )

    _width_not_negative = models.Constraint("CHECK (width >= 0)", "A width is zero or more.")

    @api.constrains("kind", "width", "format_id")
    def _check_format(self):
        self.format_id._check_columns()

    def _get_layout(self):
        return bank_file.Column(
            self.header or "",
            self.width,
            self.align == "right",
            "0" if self.fill == "zero" else " ",
            self.kind not in NEVER_CUT,
        )

    def _get_text(self, transfer):
        if self.kind == "constant":
            return self.constant or ""
        value = transfer[self.kind]
        if self.kind == "amount":
            signs = {"point": ".", "comma": ",", "none": ""}
            return bank_file.amount_text(value, self.format_id.decimals, signs[self.format_id.decimal_sign])
        if self.kind == "date":
            return value.strftime(DATE_PATTERNS[self.format_id.date_format])
        return bank_file.clean(str(value))
