"""What the demonstration stands on, without making its database: `make demo` does that."""

import doctest
import sys
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))

from demo import paddy, printing, purchases, trade, year
from demo import people as register
from demo.paddy import harvest_kilograms, milled_by_month
from demo.people import FIRST, INVESTORS, LAST, PRODUCERS, WORKERS, people
from demo.purchases import Totals, convert, to_rupiah

CONTROL = Totals(rows=1_469_307, members=2_469, value=4_596_039_580)


@pytest.fixture(scope="module")
def transactions():
    return purchases.read_transactions()


@pytest.fixture(scope="module")
def purchased(transactions):
    return convert(transactions)


def line(household, value, moment):
    return {
        "household_id": household,
        "basket_id": 31198570044,
        "product_id": 1095275,
        "quantity": 2,
        "sales_value": value,
        "transaction_timestamp": datetime.fromisoformat(moment),
    }


def test_a_line_becomes_exact_rupiah_on_the_shops_day():
    lines = pa.Table.from_pylist([line(7, 0.29, "2017-01-01T11:53"), line(900, 840.0, "2018-01-01T04:01:20")])
    lines = lines.set_column(
        5, "transaction_timestamp", lines["transaction_timestamp"].cast(pa.timestamp("ns"))
    )
    assert convert(lines).to_pylist() == [
        {
            "member": "KON-0007",
            "date": date(2017, 1, 1),
            "value": 290,
            "quantity": 2,
            "product": "1095275",
            "document": "31198570044",
        },
        {
            "member": "KON-0900",
            "date": date(2017, 12, 31),
            "value": 840_000,
            "quantity": 2,
            "product": "1095275",
            "document": "31198570044",
        },
    ]


def test_no_double_loses_a_cent():
    every_cent = pa.array([cent / 100 for cent in range(100_000)])
    assert to_rupiah(every_cent).to_pylist() == [10 * cent for cent in range(100_000)]


def test_a_fraction_of_a_cent_is_refused():
    with pytest.raises(ValueError, match="away from a whole cent"):
        to_rupiah(pa.array([1.005]))


def test_control_totals_of_the_year(purchased):
    assert purchases.totals(purchased) == CONTROL
    assert pc.min(purchased["date"]).as_py() == year.FIRST_DAY
    assert pc.max(purchased["date"]).as_py() == year.LAST_DAY
    assert purchased.schema.field("value").type == pa.int64()


def test_months_sum_to_the_year_and_none_sells_at_a_loss(purchased):
    sales = purchases.sales_by_month(purchased)
    assert list(sales) == list(range(1, 13))
    assert sum(sales.values()) == CONTROL.value
    assert all(0 < trade.goods_sold(month, value) < value for month, value in sales.items())


def test_every_harvest_is_milled_in_whole():
    assert sum(milled_by_month().values()) == sum(map(harvest_kilograms, range(len(year.HARVESTS))))


def test_people_are_invented_once_and_always_the_same(transactions):
    households = purchases.households(transactions)
    belonging = people(households)
    assert belonging == people(households)
    assert len(belonging) == CONTROL.members + PRODUCERS + WORKERS + INVESTORS
    assert len({person.name for person in belonging}) == len(belonging)
    assert len({person.number for person in belonging}) == len(belonging)
    assert all(person.joined < year.FIRST_DAY for person in belonging)
    assert len(set(FIRST)) * len(set(LAST)) == len(FIRST) * len(LAST)


def test_nobody_pays_in_before_joining(transactions):
    joined = {person.number: person.joined for person in people(purchases.households(transactions))}
    assert all(joined[number] <= day for number, day, _amount in year.INVESTMENTS)


def test_members_of_the_file_are_members(transactions, purchased):
    numbers = {person.number for person in people(purchases.households(transactions))}
    assert set(pc.unique(purchased["member"]).to_pylist()) <= numbers


@pytest.mark.parametrize("module", [paddy, printing, register, trade], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_amounts_are_printed_as_indonesians_write_them():
    assert printing.rupiah("4596039580") == "4.596.039.580"
