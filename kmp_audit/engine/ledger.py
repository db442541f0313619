"""The ledger of the year as a file, and its control totals as another: CSV, UTF-8, one record a line.

A text that a spreadsheet would take for a formula has an apostrophe in front, and so has a text that begins with one: ``plain`` takes
it away again. Amounts are plain decimals in the currency of the company.
"""

import csv
import io
from decimal import Decimal
from typing import NamedTuple

LEDGER, TOTALS = "ledger.csv", "ledger-totals.csv"
COLUMNS = (
    "journal",
    "entry",
    "date",
    "account",
    "account_name",
    "partner",
    "member",
    "label",
    "reference",
    "debit",
    "credit",
)
TOTAL_COLUMNS = ("account", "account_name", "opening", "debit", "credit", "closing", "items")
# What a spreadsheet takes for the beginning of a formula, and the apostrophe itself.
DANGEROUS = "=+-@\t\r'"


class LedgerError(ValueError):
    """A ledger that does not agree with its control totals: where, and by what."""


class Sum(NamedTuple):
    debit: Decimal
    credit: Decimal
    items: int


class Total(NamedTuple):
    """A row of the control totals; an empty account carries the results of earlier years."""

    account: str
    name: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal
    items: int


def safe(text):
    """
    >>> safe("=1+1"), safe("Ani"), safe("")
    ("'=1+1", 'Ani', '')
    """
    return f"'{text}" if text[:1] and text[0] in DANGEROUS else text


def plain(text):
    """
    >>> plain("'=1+1"), plain("Ani"), plain(safe("'x"))
    ('=1+1', 'Ani', "'x")
    """
    return text[1:] if text.startswith("'") else text


def records(file):
    """The records of a CSV file that is open for bytes, as dicts by the titles of its columns."""
    return csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))


def items(file):
    """The journal items of a ledger, one after the other, with their amounts as ``Decimal``."""
    for record in records(file):
        yield record | {"debit": Decimal(record["debit"]), "credit": Decimal(record["credit"])}


def totals(file):
    """The control totals as a list of ``Total``."""
    return [
        Total(
            plain(record["account"]),
            plain(record["account_name"]),
            *(Decimal(record[name]) for name in TOTAL_COLUMNS[2:6]),
            int(record["items"]),
        )
        for record in records(file)
    ]


def add_up(rows):
    """``{account: Sum}`` of journal items."""
    sums = {}
    for row in rows:
        debit, credit, count = sums.get(row["account"], (Decimal(), Decimal(), 0))
        sums[row["account"]] = Sum(debit + row["debit"], credit + row["credit"], count + 1)
    return {plain(account): found for account, found in sums.items()}


def check(rows, controls):
    """Compare the items of a ledger with its control totals; returns their ``Sum``.

    Each account has the debit, credit and count of its items; closing is opening + debit - credit; and over all accounts debit equals
    credit and the openings sum to nothing. Raises LedgerError, naming the account.
    """
    sums = add_up(rows)
    for total in controls:
        found = sums.pop(total.account, Sum(Decimal(), Decimal(), 0))
        if found != (total.debit, total.credit, total.items):
            raise LedgerError(
                f"Account {total.account}: the items are {_say(found)}, the total {_say(total)}."
            )
        if total.closing != total.opening + total.debit - total.credit:
            raise LedgerError(f"Account {total.account}: opening + debit - credit is not {total.closing}.")
    if sums:
        raise LedgerError(f"Accounts without a control total: {', '.join(sorted(sums))}.")
    return _check_whole(controls)


def _check_whole(controls):
    whole = Sum(
        sum((total.debit for total in controls), Decimal()),
        sum((total.credit for total in controls), Decimal()),
        sum(total.items for total in controls),
    )
    if whole.debit != whole.credit:
        raise LedgerError(f"Debit {whole.debit} is not credit {whole.credit}.")
    opening = sum((total.opening for total in controls), Decimal())
    if opening:
        raise LedgerError(f"The openings sum to {opening}, not to nothing.")
    return whole


def _say(row):
    return f"debit {row.debit}, credit {row.credit}, {row.items} items"
