from datetime import date

from odoo.tests import tagged

from .small_year_case import SmallYearCase
from .small_years import Cooperative, entry

YEAR = date(2025, 1, 1), date(2025, 12, 31)
# Computed by hand, in thousands: (this year, last year).
EXPECTED = {
    "surplus": (200, 1000),
    "depreciation": (0, 1000),
    "disposal": (-200, 0),
    # 6,600 less 2,200 paid is owed at the end of last year, 6,000 / 6,600 of it for the equipment.
    "payable": (-400, 400),
    "operating": (-400, 2400),
    "fixed_asset": (-1500, -2000),
    "investing": (-1500, -2000),
    "share_membership": (0, 10000),
    "financing": (0, 10000),
    "change": (-1900, 10400),
    "opening": (10400, 0),
    "closing": (8500, 10400),
}
ENTRIES = [
    entry("2024-01-02", 10000, "cash", "pokok:A"),
    entry("2024-09-30", 2600, "cash", "sales"),
    entry("2024-12-31", 1000, "wear_cost", "wear"),
    ("2025-03-31", ("undistributed", 1000, None), ("reserve", -500, None), ("payable", -500, "A")),
    entry("2025-05-01", 5000, "building", "grant"),
    entry("2025-06-01", 300, "payable:A", "wajib:A"),
    (
        "2025-07-01",
        ("cash", 2500, None),
        ("wear", 500, None),
        ("equipment", -2800, None),
        ("interest", -200, None),
    ),
]


@tagged("post_install", "-at_install")
class TestCashFlows(SmallYearCase):
    """Equipment on credit and paid in two years, a disposal with a gain, a building as a grant, surplus that becomes shares."""

    cooperative = Cooperative({"A": "KNS"}, ENTRIES, [], {"cash_flow": EXPECTED})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_books(cls.cooperative)
        cls.bill = cls._buy("2024-03-01", ("equipment", 6_000_000), ("wages", 600_000))
        cls._pay(cls.bill, "2024-06-01", 2_200_000)
        cls._pay(cls.bill, "2025-02-01", 4_400_000)

    @classmethod
    def _buy(cls, day, *bought):
        supplier = cls.partners["stranger"]
        total = sum(amount for _key, amount in bought)
        return cls._post(day, *((key, amount, None) for key, amount in bought), ("vendors", -total, supplier))

    @classmethod
    def _pay(cls, bill, day, amount):
        supplier = cls.partners["stranger"]
        payment = cls._post(day, ("vendors", amount, supplier), ("cash", -amount, None))
        lines = (bill | payment).line_ids.filtered(lambda line: line.account_id == cls.accounts["vendors"])
        lines.reconcile()

    def _read(self):
        statements = self.env["kmp.statement"].with_user(self.auditor)
        return statements._read_all(self.company, *YEAR)["cash_flow"]

    def _get_owed(self, day):
        return self.env["kmp.cash.flows"]._get_owed(self.company, date.fromisoformat(day))

    def test_by_hand(self):
        found = {row.code: row.amounts for row in self._read().rows if row.amounts}
        self.assertEqual(found, self._get_expected(self.cooperative, "cash_flow"))
        self.assertEqual(self.env["kmp.statement"].with_user(self.auditor)._check(self.company, *YEAR), [])

    def test_on_the_screen_it_says_the_same(self):
        wizard = self.env["kmp.statement.wizard"].with_user(self.accountant)
        wizard = wizard.create({"kind": "cash_flow", "date_from": YEAR[0], "date_to": YEAR[1]})
        instance = wizard._get_instance("cash_flow").with_user(self.accountant)
        rows = {row["label"]: row["cells"] for row in instance.compute()["body"]}
        found = [
            rows[label][0]["val"]
            for label in ("Perolehan aset tetap, dikurangi pelepasan", "KENAIKAN (PENURUNAN) KAS")
        ]
        self.assertEqual(found, [-1_500_000, -1_900_000])
        action = instance.drilldown(rows["Rugi (laba) pelepasan aset tetap"][0]["drilldown_arg"])
        self.assertEqual(
            sum(self.env["account.move.line"].search(action["domain"]).mapped("balance")), -200_000
        )
        action = instance.drilldown(rows["Perolehan aset tetap, dikurangi pelepasan"][0]["drilldown_arg"])
        items = self.env["account.move.line"].search(action["domain"])
        self.assertNotIn(self.accounts["building"], items.account_id)

    def test_what_is_owed_for_assets_day_by_day(self):
        days = ("2024-02-29", "2024-03-01", "2024-06-01", "2025-01-31", "2025-02-01")
        owed = [self._get_owed(day) for day in days]
        self.assertEqual(owed, [0, 6_000_000, 4_000_000, 4_000_000, 0])

    def test_a_purchase_that_is_given_back_is_owed_no_more(self):
        bill = self._buy("2025-08-01", ("equipment", 900_000))
        self.assertEqual(self._get_owed("2025-12-31"), 900_000)
        refund = self._buy("2025-09-01", ("equipment", -900_000))
        self.assertEqual(self._get_owed("2025-12-31"), 0)
        (bill | refund).line_ids.filtered(
            lambda line: line.account_id == self.accounts["vendors"]
        ).reconcile()
        self.assertEqual(self._get_owed("2025-12-31"), 0)
        self.assertEqual(self._read().amount("fixed_asset"), -1_500_000)

    def test_an_opening_entry_is_no_purchase(self):
        supplier = self.partners["stranger"]
        self._post(
            "2024-01-01",
            ("land", 9_000, None),
            ("vendors", -4_000, supplier),
            ("pokok", -5_000, self.partners["A"]),
        )
        self.assertEqual(self._get_owed("2024-01-31"), 0)

    def test_goods_on_credit_are_the_suppliers(self):
        self._buy("2025-08-01", ("stock", 700_000))
        self.assertEqual(self._get_owed("2025-12-31"), 0)
        self.assertEqual(self._read().amount("payable"), 300_000)

    def test_an_asset_that_is_written_off(self):
        self._post("2025-10-01", ("interest_cost", 100_000, None), ("equipment", -100_000, None))
        statement = self._read()
        self.assertEqual([statement.amount(code) for code in ("surplus", "disposal")], [100_000, -100_000])
        self.assertEqual(statement.amount("fixed_asset"), -1_500_000)

    def test_which_items_are_without_cash(self):
        items = self.env["account.move.line"].with_company(self.company)
        domain = [("company_id", "=", self.company.id)]
        found = items.search([*domain, ("kmp_is_without_cash", "=", True)])
        self.assertEqual(
            {str(day) for day in found.mapped("date")}, {"2025-03-31", "2025-05-01", "2025-06-01"}
        )
        self.assertTrue(all(found.mapped("kmp_is_without_cash")))
        self.assertEqual(
            items.search(domain) - found, items.search([*domain, ("kmp_is_without_cash", "=", False)])
        )
        self.assertFalse(any(self.bill.line_ids.with_company(self.company).mapped("kmp_is_without_cash")))

    def test_the_notes_tell_it(self):
        model = self.env["kmp.statutory.calk"].with_user(self.auditor).with_company(self.company)
        document = model._get_document(self.company, *YEAR)
        [table] = [
            table
            for table in document.tables
            if [column.title for column in table.columns][1:] == ["Debit", "Kredit"]
        ]
        self.assertEqual(table.rows[-1].cells, ("Jumlah", 6_300_000, 6_300_000))
        rows = {row.cells[0].split(" ", 1)[1]: row.cells[1:] for row in table.rows[:-1]}
        self.assertEqual(rows["building"], (5_000_000, 0))
        self.assertEqual(rows["payable"], (300_000, 500_000))
        text = " ".join(str(part.body) for part in document.parts if part.shape == "text")
        self.assertIn("Rp0,00 dari utang usaha adalah untuk aset tetap", text)
