"""The periods of a recurring contribution. Plain dates: no model is defined here."""

from datetime import date, timedelta
from typing import NamedTuple

FOREVER = date(9999, 12, 31)


class Period(NamedTuple):
    date_from: date
    date_to: date


def add_months(day, months):
    """The first day of the month that lies ``months`` after that of ``day``.

    >>> add_months(date(2025, 11, 1), 3)
    datetime.date(2026, 2, 1)
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


def list_periods(months, date_from, date_to):
    """The calendar periods that touch the days ``date_from`` to ``date_to``.

    :param months: how long a period is: 1, 2, 3, 4, 6 or 12, so that a year is made of whole ones
    :return: list of ``Period``, both days included

    >>> for period in list_periods(3, date(2025, 6, 30), date(2025, 7, 1)):
    ...     print(*period)
    2025-04-01 2025-06-30
    2025-07-01 2025-09-30
    """
    start = date(date_from.year, (date_from.month - 1) // months * months + 1, 1)
    periods = []
    while start <= date_to:
        following = add_months(start, months)
        periods.append(Period(start, following - timedelta(days=1)))
        start = following
    return periods
