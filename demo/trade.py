"""The shop's year in the ledger: real sales by month, assumed costs, wages with their hours."""

from .books import pair, post
from .company import account, bank_journal, general_journal
from .members import partner_ids
from .paddy import last_day, milled_by_month
from .people import WORKERS
from .year import (
    COST_PERCENT,
    DELIVERY_A_MONTH,
    ELECTRICITY_A_MONTH,
    MEETING_COSTS,
    PADDY_PRICE,
    RENT_A_MONTH,
    WAGE_AN_HOUR,
)

MEETING_MONTH = 3
FEWEST_HOURS, STEP_HOURS, SPREAD = 148, 4, 8


def book_year(env, sales_by_month):
    """Post every month: sales, goods bought and sold, running costs, wages."""
    bank, general = bank_journal(env), general_journal(env)
    bank_entries, cost_entries = [], []
    for month, sales in sales_by_month.items():
        goods = goods_sold(month, sales)
        day = last_day(month)
        bank_entries += list(cash_entries(env, day, sales, goods))
        cost_entries.append(
            (day, f"Harga pokok {day:%m/%Y}", pair(account(env, "cost"), account(env, "goods"), goods))
        )
    return post(env, bank, bank_entries) | post(env, general, cost_entries)


def goods_sold(month, sales):
    """The assumed cost of a month's sales that is not milled paddy, in whole rupiah."""
    return sales * COST_PERCENT // 100 - milled_by_month().get(month, 0) * PADDY_PRICE


def cash_entries(env, day, sales, goods):
    bank = bank_journal(env).default_account_id
    yield day, f"Penjualan toko {day:%m/%Y}", pair(bank, account(env, "sales"), sales)
    yield day, f"Pembelian barang {day:%m/%Y}", pair(account(env, "goods"), bank, goods)
    yield day, f"Beban usaha {day:%m/%Y}", running_costs(env, bank)
    yield day, f"Gaji {day:%m/%Y}", wages(env, bank, day.month)
    if day.month == MEETING_MONTH:
        yield day, "Rapat anggota", pair(account(env, "meeting"), bank, MEETING_COSTS)


def running_costs(env, bank):
    costs = {"rent": RENT_A_MONTH, "electricity": ELECTRICITY_A_MONTH, "delivery": DELIVERY_A_MONTH}
    return [
        *({"account_id": account(env, name).id, "balance": amount} for name, amount in costs.items()),
        {"account_id": bank.id, "balance": -sum(costs.values())},
    ]


def hours(worker, month):
    """Hours worked in a month: invented, and always the same.

    >>> hours(1, 1), hours(1, 2), hours(8, 12)
    (148, 160, 164)
    """
    return FEWEST_HOURS + STEP_HOURS * ((5 * worker + 3 * month + worker * month // 4) % SPREAD)


def wages(env, bank, month):
    """An item per worker with the hours as its quantity, which is what counts as business."""
    partners = partner_ids(env)
    wage = account(env, "wages")
    worked = {f"KRJ-{worker}": hours(worker, month) for worker in range(1, WORKERS + 1)}
    return [
        *(
            {
                "account_id": wage.id,
                "partner_id": partners[number],
                "name": f"Gaji {number}, {spent} jam",
                "quantity": spent,
                "balance": spent * WAGE_AN_HOUR,
            }
            for number, spent in worked.items()
        ),
        {"account_id": bank.id, "balance": -sum(worked.values()) * WAGE_AN_HOUR},
    ]
