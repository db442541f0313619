"""A bank's file of transfers as bytes, from columns and rows of text. Nothing here knows Odoo.

Names come from people and are opened in spreadsheets: a text that begins like a formula loses that beginning, and no name can
begin another row or column.
"""

import csv
import io
import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

FORMULA_SIGNS = "=+-@|%\t\r\n "
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class Column(NamedTuple):
    """`width` 0 is free; `fill` pads, on the left where `is_right`; `may_cut` a text that is too long."""

    header: str
    width: int = 0
    is_right: bool = False
    fill: str = " "
    may_cut: bool = True


class Layout(NamedTuple):
    """`delimiter` empty: columns of fixed width."""

    columns: list
    delimiter: str = ","
    has_header: bool = True
    encoding: str = "utf-8"
    line_end: str = "\r\n"


class DoesNotFitError(ValueError):
    """A value that may not be cut is longer than its column: (header, value)."""


def clean(text):
    """A text on one line, without what a spreadsheet takes for the beginning of a formula.

    >>> clean('=cmd|"/c calc"!A1'), clean("Siti\\nAminah"), clean("  +62 8")
    ('cmd|"/c calc"!A1', 'Siti Aminah', '62 8')
    """
    return CONTROL.sub(" ", text or "").lstrip(FORMULA_SIGNS).rstrip()


def amount_text(amount, decimals=0, sign="."):
    """A `Decimal` in the bank's form; the sign may be empty. Never rounds.

    >>> amount_text(Decimal("1500")), amount_text(Decimal("1500.5"), 2, ","), amount_text(Decimal("1500"), 2, "")
    ('1500', '1500,50', '150000')
    >>> amount_text(Decimal("0.5"))
    Traceback (most recent call last):
    ValueError: 0.5 has more than 0 decimals
    """
    scaled = Decimal(amount).scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more than {decimals} decimals")
    digits = str(int(scaled)).zfill(decimals + 1)
    return f"{digits[:-decimals]}{sign}{digits[-decimals:]}" if decimals else digits


def render(layout, rows):
    """The file: one row of text per transfer, in the order of the columns.

    Raises DoesNotFitError for an amount or account that is longer than its column.
    """
    stream = io.StringIO(newline="")
    if layout.delimiter:
        writer = csv.writer(stream, delimiter=layout.delimiter, lineterminator=layout.line_end)
        write = writer.writerow
    else:

        def write(row):
            stream.write("".join(row) + layout.line_end)

    if layout.has_header:
        titles = [column._replace(may_cut=True, fill=" ") for column in layout.columns]
        write(_fit_row(titles, [column.header for column in titles], layout.encoding))
    for row in rows:
        write(_fit_row(layout.columns, row, layout.encoding))
    return stream.getvalue().encode(layout.encoding)


def encodable(text, encoding):
    """Letters that the encoding lacks lose their accents, and what is left becomes a question mark.

    >>> encodable("José 王", "ascii")
    'Jose ?'
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", text)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
        return plain.encode(encoding, "replace").decode(encoding)
    return text


def _fit_row(columns, values, encoding):
    return [_fit(column, encodable(value, encoding)) for column, value in zip(columns, values, strict=True)]


def _fit(column, value):
    if column.width and len(value) > column.width:
        if not column.may_cut:
            raise DoesNotFitError(column.header, value)
        value = value[: column.width]
    if not column.width:
        return value
    return (
        value.rjust(column.width, column.fill) if column.is_right else value.ljust(column.width, column.fill)
    )
