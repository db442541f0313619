"""Numbers and dates as Indonesian statutory documents write them, whatever the reader's language.

Odoo's `formatLang` and `res.currency.format` follow the user's language, go through float and know
no parentheses; Babel takes a `Decimal` and a pattern, and needs no language to be installed.
"""

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

LOCALE = "id_ID"
MIN_DECIMALS = 2


def currency_decimals(currency):
    """Rp1.000.000,00 is the usual form even where the currency has whole units only."""
    return max(MIN_DECIMALS, currency.decimal_places)


def money(amount, currency):
    """`Decimal` to text, negatives in parentheses: Rp1.000.000,00 or (Rp1.000.000,00)."""
    number = _number_pattern(currency)
    return format_currency(
        amount, currency.name, f"¤{number};(¤{number})", locale=LOCALE, currency_digits=False
    )


def number(amount, currency):
    """As `money`, without the currency: for columns that name it in their heading."""
    pattern = _number_pattern(currency)
    return format_decimal(amount, f"{pattern};({pattern})", locale=LOCALE)


def percent(value):
    """`Decimal` percent to text without trailing zeros: 33,333333%."""
    return format_decimal(value, "#,##0.######", locale=LOCALE) + "%"


def count(value):
    return format_decimal(value, "#,##0", locale=LOCALE)


def date(value):
    """31 Desember 2025; an empty date stays empty."""
    return format_date(value, "d MMMM y", locale=LOCALE) if value else ""


def _number_pattern(currency):
    return "#,##0." + "0" * currency_decimals(currency)
