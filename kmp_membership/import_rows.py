"""Read and check rows of members, without Odoo: every problem of every row, so that a file is mended in one go."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from .tools import is_key, is_national_id

REQUIRED = ("number", "name", "class", "date_start")
OPTIONAL = ("member_kind", "national_id", "email", "phone", "street", "city")
MEMBER_KINDS = ("person", "cooperative", "company")


class Member(NamedTuple):
    """A row that can be imported as it is. ``capital`` is {share type code: Decimal above zero}."""

    values: dict
    capital: dict


class Problem(NamedTuple):
    """What is wrong with a row: the line of the file (the heading is line 1), the column, a key of ``MESSAGES`` and the value."""

    line: int
    column: str
    kind: str
    value: str = ""


class Known(NamedTuple):
    """What the company has already: codes and what is taken."""

    classes: frozenset
    share_types: frozenset
    numbers: frozenset = frozenset()
    national_ids: frozenset = frozenset()


def read_csv(content):
    """Rows of a CSV file (UTF-8; comma, semicolon or TAB) as lists of texts.

    >>> read_csv(b"number;name\\n1;Budi\\n")
    [['number', 'name'], ['1', 'Budi']]
    """
    text = content.decode("utf-8-sig")
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def check_rows(rows, known):
    """Check a table with a heading.

    :param rows: iterable of rows, the first one the heading
    :param known: see ``Known``
    :return: ([Member], [Problem]); the members are complete only when there is no problem

    >>> known = Known(frozenset({"PRD"}), frozenset({"SP"}))
    >>> members, problems = check_rows([["number", "name", "class", "date_start", "SP"], ["1", "Budi", "PRD", "2025-01-31", "10"]], known)
    >>> members[0].capital, problems
    ({'SP': Decimal('10')}, [])
    >>> check_rows([["number", "name", "class", "date_start"], ["1", "", "X", "31/01/2025"]], known)[1]
    [Problem(line=2, column='name', kind='missing', value=''), Problem(line=2, column='class', kind='unknown_class', value='X'), \
Problem(line=2, column='date_start', kind='not_a_date', value='31/01/2025')]
    """
    rows = iter(rows)
    heading = [str(cell or "").strip() for cell in next(rows, [])]
    problems = list(_check_heading(heading, known))
    if problems:
        return [], problems
    members = []
    seen = {"number": dict.fromkeys(known.numbers), "national_id": dict.fromkeys(known.national_ids)}
    for line, row in enumerate(rows, start=2):
        cells = dict(zip(heading, row))
        if any(cell not in (None, "") for cell in cells.values()):
            member, row_problems = _check_row(line, cells, known, seen)
            members.append(member)
            problems += row_problems
    return members, problems


def _check_heading(heading, known):
    for column in REQUIRED:
        if column not in heading:
            yield Problem(1, column, "missing_column")
    for column in heading:
        if column and column not in (*REQUIRED, *OPTIONAL, *known.share_types):
            yield Problem(1, column, "unknown_column")
        if column and heading.count(column) > 1:
            yield Problem(1, column, "double_column")


def _check_row(line, cells, known, seen):
    problems, values, capital = [], {}, {}
    for column, cell in cells.items():
        if not column:
            continue
        if column in known.share_types:
            amount = _to_amount(cell)
            if amount is None:
                problems.append(Problem(line, column, "not_an_amount", str(cell)))
            elif amount:
                capital[column] = amount
        elif column == "date_start":
            values[column] = _to_date(cell)
            if values[column] is None and cell not in (None, ""):
                problems.append(Problem(line, column, "not_a_date", str(cell)))
        else:
            values[column] = _to_text(cell)
    missing = [column for column in REQUIRED if cells.get(column) in (None, "")]
    problems += [Problem(line, column, "missing") for column in missing]
    problems += _check_values(line, values, known)
    problems += _check_once(line, values, seen)
    problems.sort(key=lambda problem: list(cells).index(problem.column))
    return Member(values, capital), problems


def _check_values(line, values, known):
    if values.get("class") and values["class"] not in known.classes:
        yield Problem(line, "class", "unknown_class", values["class"])
    if values.get("number") and not is_key(values["number"]):
        yield Problem(line, "number", "not_a_number", values["number"])
    if values.get("national_id") and not is_national_id(values["national_id"]):
        yield Problem(line, "national_id", "not_a_national_id", values["national_id"])
    if values.get("member_kind") and values["member_kind"] not in MEMBER_KINDS:
        yield Problem(line, "member_kind", "unknown_kind", values["member_kind"])


def _check_once(line, values, seen):
    for column, lines in seen.items():
        value = values.get(column)
        if not value:
            continue
        if value in lines:
            first = lines[value]
            yield Problem(line, column, "taken" if first is None else "twice", value if first is None else f"{value} ({first})")
        else:
            lines[value] = line


def _to_text(cell):
    """A spreadsheet gives numbers as floats: 12.0 is the text 12."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() if cell is not None else ""


def _to_date(cell):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell).strip())
    except ValueError:
        return None


def _to_amount(cell):
    """An amount of zero or more as Decimal, None if it is none. No thousands separators: they are read differently everywhere."""
    if cell in (None, ""):
        return Decimal()
    try:
        amount = Decimal(str(cell).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
