"""Read and check rows of members, without Odoo: every problem of every row, so that a file is mended in one go."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from .tools import is_key, is_national_id

REQUIRED = ("number", "name", "class", "date_start")
OPTIONAL = (
    "member_kind",
    "national_id",
    "birth_place",
    "birth_date",
    "sex",
    "occupation",
    "email",
    "phone",
    "street",
    "city",
    "date_end",
    "left_reason",
)
DATES = ("date_start", "birth_date", "date_end")
MEMBER_KINDS = ("person", "cooperative", "company")
# Indonesian registers write L (laki-laki) and P (perempuan).
SEXES = {"male": "male", "female": "female", "l": "male", "p": "female"}
LEFT_REASONS = ("resigned", "expelled", "deceased")
MAX_DIGITS = 15


class Member(NamedTuple):
    """A row that can be imported as it is. ``capital`` is {share type code: Decimal above zero}; warnings do not stop the import."""

    values: dict
    capital: dict
    line: int = 0
    warnings: tuple = ()


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
    contacts: dict = {}  # {(column, value as in ``contact_key``): who has it}
    today: date = date.max
    decimals: int = 2


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
        cells = dict(zip(heading, row, strict=False))
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


def contact_key(column, value):
    """What makes two e-mail addresses or two telephone numbers the same.

    >>> contact_key("email", " Budi@Example.com"), contact_key("phone", "+62 812-345"), contact_key("phone", "0812345")
    (('email', 'budi@example.com'), ('phone', '812345'), ('phone', '812345'))
    """
    if column == "phone":
        digits = "".join(character for character in value if character.isdigit())
        return column, digits.removeprefix("62").lstrip("0")
    return column, value.strip().lower()


def find_doubles(members, known):
    """Members that may be registered already, or stand twice in the file: [Problem], one per row and column."""
    seen = dict(known.contacts)
    for member in members:
        for column in ("email", "phone"):
            key = contact_key(column, member.values.get(column) or "")
            if key[1] and key in seen:
                yield Problem(member.line, column, "maybe_double", f"{member.values[column]} ({seen[key]})")
            elif key[1]:
                seen[key] = member.line


def add_up(members):
    """The control totals: ({class code: [members, former members]}, {share type code: Decimal}).

    >>> add_up([Member({"class": "P"}, {"SP": Decimal(2)}), Member({"class": "P", "date_end": date(2025, 1, 1)}, {"SP": Decimal(3)})])
    ({'P': [1, 1]}, {'SP': Decimal('5')})
    """
    classes, capital = {}, {}
    for member in members:
        classes.setdefault(member.values.get("class"), [0, 0])[bool(member.values.get("date_end"))] += 1
        for code, amount in member.capital.items():
            capital[code] = capital.get(code, Decimal()) + amount
    return classes, capital


def _check_row(line, cells, known, seen):
    problems, values, capital = [], {}, {}
    for column, cell in cells.items():
        if not column:
            continue
        if column in known.share_types:
            amount = _to_amount(cell)
            if amount is None:
                problems.append(Problem(line, column, "not_an_amount", str(cell)))
            elif len(amount.as_tuple().digits) > MAX_DIGITS or amount >= 10**MAX_DIGITS:
                problems.append(Problem(line, column, "too_large", str(cell)))
            elif round(amount, known.decimals) != amount:
                problems.append(Problem(line, column, "too_many_decimals", str(cell)))
            elif amount:
                capital[column] = amount
        elif column in DATES:
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
    return Member(values, capital, line, tuple(_find_warnings(line, cells, values))), problems


def _find_warnings(line, cells, values):
    if isinstance(cells.get("national_id"), (int, float)):
        yield Problem(line, "national_id", "number_not_text", values["national_id"])


def _check_values(line, values, known):
    if values.get("class") and values["class"] not in known.classes:
        yield Problem(line, "class", "unknown_class", values["class"])
    if values.get("number") and not is_key(values["number"]):
        yield Problem(line, "number", "not_a_number", values["number"])
    if values.get("national_id") and not is_national_id(values["national_id"]):
        yield Problem(line, "national_id", "not_a_national_id", values["national_id"])
    if values.get("member_kind") and values["member_kind"] not in MEMBER_KINDS:
        yield Problem(line, "member_kind", "unknown_kind", values["member_kind"])
    if values.get("sex"):
        sex = SEXES.get(values["sex"].lower())
        if not sex:
            yield Problem(line, "sex", "unknown_sex", values["sex"])
        values["sex"] = sex
    if values.get("left_reason") and values["left_reason"] not in LEFT_REASONS:
        yield Problem(line, "left_reason", "unknown_reason", values["left_reason"])
    yield from _check_dates(line, values, known)


def _check_dates(line, values, known):
    start, end = values.get("date_start"), values.get("date_end")
    for column in DATES:
        if values.get(column) and values[column] > known.today:
            yield Problem(line, column, "in_future", str(values[column]))
    if start and end and end < start:
        yield Problem(line, "date_end", "before_start", str(end))
    if start and values.get("birth_date") and values["birth_date"] > start:
        yield Problem(line, "birth_date", "after_start", str(values["birth_date"]))
    if end and not values.get("left_reason"):
        yield Problem(line, "date_end", "no_reason", str(end))
    if values.get("left_reason") and not end:
        yield Problem(line, "left_reason", "no_end", values["left_reason"])


def _check_once(line, values, seen):
    for column, lines in seen.items():
        value = values.get(column)
        if not value:
            continue
        if value in lines:
            first = lines[value]
            yield Problem(
                line,
                column,
                "taken" if first is None else "twice",
                value if first is None else f"{value} ({first})",
            )
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
