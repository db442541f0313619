"""What a member's capital weighs in a period, from the posted items on share accounts.

Each function returns an aggregate over the alias `line` (`account_move_line`), to be grouped by
member. Paid-in capital is a credit balance, hence the sign.
"""

from odoo.tools import SQL


def closing(date_from, date_to) -> SQL:
    """Balance at the end of the period."""
    return SQL("-SUM(line.balance)")


def average(date_from, date_to) -> SQL:
    """Half of the opening and the closing balance together."""
    return SQL(
        "-SUM(line.balance * CASE WHEN line.date < %s THEN 1 ELSE 0.5 END)",
        date_from,
    )


def day_weighted(date_from, date_to) -> SQL:
    """Amount times days held in the period, the day of the move and the last day included."""
    return SQL(
        "-SUM(line.balance * (%(date_to)s::date - GREATEST(line.date, %(date_from)s::date) + 1))",
        date_from=date_from,
        date_to=date_to,
    )


BASES = {"closing": closing, "average": average, "day_weighted": day_weighted}
