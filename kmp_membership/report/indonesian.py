"""Numbers, dates and amounts as Indonesian statutory documents write them, whatever the reader's language.

Odoo's `formatLang` follows the user's language and goes through float. Babel takes a `Decimal` and a pattern, and needs no language
to be installed. Nothing here knows Odoo.
"""

from types import SimpleNamespace

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

LOCALE = "id_ID"
# Rp1.000.000,00 is the usual form even where the currency has whole units only.
MIN_DECIMALS = 2
MEGA_WORDS = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"))
LOW_WORDS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)


def money(amount, currency):
    """`Decimal` to text, negatives in parentheses: Rp1.000.000,00 or (Rp1.000.000,00)."""
    pattern = number_pattern(currency)
    return format_currency(
        amount, currency.name, f"¤{pattern};(¤{pattern})", locale=LOCALE, currency_digits=False
    )


def number(amount, currency):
    """As `money`, without the currency: for columns that name it in their heading."""
    pattern = number_pattern(currency)
    return format_decimal(amount, f"{pattern};({pattern})", locale=LOCALE)


def percent(value):
    """`Decimal` percent to text without trailing zeros: 33,333333%."""
    return format_decimal(value, "#,##0.######", locale=LOCALE) + "%"


def count(value):
    return format_decimal(value, "#,##0", locale=LOCALE)


def date(value):
    """31 Desember 2025; an empty date stays empty."""
    return format_date(value, "d MMMM y", locale=LOCALE) if value else ""


def short_date(value):
    """31/12/2025, for columns."""
    return format_date(value, "dd/MM/y", locale=LOCALE) if value else ""


def currency_decimals(currency):
    return max(MIN_DECIMALS, currency.decimal_places)


def number_pattern(currency):
    return "#,##0." + "0" * currency_decimals(currency)


def words(value):
    """A whole number, zero or more, in words (terbilang).

    >>> words(0), words(11), words(115), words(1_000), words(21_100_000)
    ('nol', 'sebelas', 'seratus lima belas', 'seribu', 'dua puluh satu juta seratus ribu')
    """
    if value < len(LOW_WORDS):
        return LOW_WORDS[value]
    for size, word in MEGA_WORDS:
        if value >= size:
            return _join(value // size, word, value % size)
    if value < 20:
        return f"{LOW_WORDS[value - 10]} belas"
    if value < 100:
        return _join(value // 10, "puluh", value % 10)
    if value < 200:
        return _rest("seratus", value - 100)
    if value < 1000:
        return _join(value // 100, "ratus", value % 100)
    if value < 2000:
        return _rest("seribu", value - 1000)
    return _join(value // 1000, "ribu", value % 1000)


def _join(times, word, rest):
    return _rest(f"{words(times)} {word}", rest)


def _rest(text, rest):
    return f"{text} {words(rest)}" if rest else text


# What a template may call: QWeb takes no module.
TEXT = SimpleNamespace(money=money, number=number, count=count, date=date, short_date=short_date)
