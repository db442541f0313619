"""What a statutory document is made of. Nothing here knows Odoo, a page or a workbook: those render it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from odoo.addons.kmp_membership.report import indonesian

from .shu_check import DIFFERENT, Check

TEXT, AMOUNT, COUNT, DATE, PERCENT = "text", "amount", "count", "date", "percent"
SHOWN = {
    COUNT: lambda value, _currency: indonesian.count(value),
    DATE: lambda value, _currency: indonesian.short_date(value),
    PERCENT: lambda value, _currency: indonesian.percent(value),
    AMOUNT: lambda value, currency: indonesian.number(value + 0, currency),  # no (0,00)
}


class Column(NamedTuple):
    """`width` is percent of the table; what is not a text stands at the right."""

    title: str
    width: int
    kind: str = TEXT

    @property
    def is_number(self):
        return self.kind in (AMOUNT, COUNT, PERCENT)

    def show(self, value, currency):
        """The text of a cell: an amount of nothing is empty, one of zero is 0,00."""
        if value is None or value == "":
            return ""
        return value if isinstance(value, str) else SHOWN[self.kind](value, currency)


class Row(NamedTuple):
    """`kind` is empty for a line, or `form` (one with room to write in), `group` (a heading), `sum` or `total`."""

    cells: tuple
    kind: str = ""
    level: int = 0


@dataclass(frozen=True)
class Table:
    shape = "table"

    title: str
    columns: list[Column]
    rows: list[Row]
    note: str = ""
    empty: str = "Tidak ada."


class Text(NamedTuple):
    """A paragraph or more; `body` is `Markup`, ready to print."""

    shape = "text"

    title: str
    body: Any


class Picture(NamedTuple):
    """`svg` is `Markup`; a workbook has its numbers in a table and leaves it out."""

    shape = "picture"

    title: str
    svg: Any


class StatementPart(NamedTuple):
    """One of the statements, as `kmp.statement` reads it; `problems` are what is wrong with it."""

    shape = "statement"

    statement: Any
    problems: list


class Signer(NamedTuple):
    post: str
    name: str


@dataclass
class Document:
    """One document of one company, about `date_from` to `date_to`, in the order in which it is read.

    `notices` are what the reader must know before reading: a year that is not closed, an input that is missing.
    """

    key: str
    title: str
    company: Any
    date_from: date
    date_to: date
    parts: list
    subtitle: str = ""
    sheet: str = ""
    is_landscape: bool = False
    checks: list[Check] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=list)
    place_and_date: str = ""
    notices: list[str] = field(default_factory=list)

    @property
    def currency(self):
        return self.company.currency_id

    @property
    def address(self):
        return ", ".join(filter(None, (self.company.street, self.company.city)))

    @property
    def ties(self):
        return all(check.status != DIFFERENT for check in self.checks)

    @property
    def tables(self):
        return [part for part in self.parts if isinstance(part, Table)]


def add(rows, place):
    """The sum of the lines of `rows` in a column; headings and sums among them do not count."""
    return sum((row.cells[place] for row in rows if not row.kind and row.cells[place] is not None), Decimal())
