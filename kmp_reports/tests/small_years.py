"""Three small co-operatives whose years are computed by hand, in thousands of rupiah.

Each is a list of entries, the business of its members where it sells to them, and what its statements must say.
`SmallYearCase._open_books` books one of them, on a chart of accounts of one's own or of Odoo's.
"""

from decimal import Decimal
from typing import NamedTuple

from odoo.addons.kmp_shu.tests.common import CooperativeCase

THOUSAND = 1_000
# key: code, account type and, where neither type nor setting says it, the place in the statements
ACCOUNTS = {
    "receivable": ("112000", "asset_receivable", None),
    "loans": ("113000", "asset_current", "loan_member"),
    "stock": ("114000", "asset_current", "inventory"),
    "prepaid": ("115000", "asset_prepayments", None),
    "land": ("121000", "asset_fixed", "land"),
    "building": ("122000", "asset_fixed", "building"),
    "equipment": ("123000", "asset_fixed", "equipment"),
    "wear": ("129000", "asset_fixed", "depreciation"),
    "vendors": ("201000", "liability_payable", None),
    "accrued": ("202000", "liability_current", "accrued_expense"),
    "unearned": ("203000", "liability_current", "unearned"),
    "tax_due": ("204000", "liability_current", "tax_payable"),
    "bank": ("220000", "liability_non_current", None),
    "participation": ("310009", "equity", None),
    "grant": ("303000", "equity", "grant"),
    "goods": ("502000", "expense_direct_cost", None),
    "wear_cost": ("503000", "expense_depreciation", None),
    "board": ("504000", "expense", "governance"),
    "training": ("505000", "expense", "education"),
    "meeting": ("506000", "expense", "meeting"),
    "interest_cost": ("507000", "expense_other", None),
    "income_tax": ("509000", "expense", None),
}


class Cooperative(NamedTuple):
    """`members`: {number: class}. `entries`: (date, (account, amount, member number or "stranger" or None)...).
    `business`: (number, date, value, cost). `expected`: {statement: {line: amounts per column}}."""

    members: dict
    entries: list
    business: list
    expected: dict


SHOP = Cooperative(
    members={"A": "KNS", "B": "KNS"},
    entries=[
        ("2024-01-02", ("cash", 4000, None), ("pokok", -2000, "A"), ("pokok", -2000, "B")),
        ("2024-01-03", ("cash", 10000, None), ("bank", -10000, None)),
        ("2024-01-05", ("equipment", 4000, None), ("cash", -4000, None)),
        ("2024-01-10", ("stock", 9000, None), ("vendors", -9000, "stranger")),
        ("2024-03-31", ("receivable", 3000, "A"), ("sales", -3000, "A")),
        ("2024-03-31", ("goods", 2400, None), ("stock", -2400, None)),
        ("2024-06-30", ("cash", 4000, None), ("sales", -4000, None)),
        ("2024-06-30", ("goods", 2800, None), ("stock", -2800, None)),
        ("2024-07-31", ("wages", 500, None), ("cash", -500, None)),
        ("2024-09-30", ("vendors", 5000, "stranger"), ("cash", -5000, None)),
        ("2024-12-31", ("wear_cost", 400, None), ("wear", -400, None)),
        ("2024-12-31", ("interest_cost", 300, None), ("cash", -300, None)),
        ("2025-01-15", ("cash", 1000, None), ("wajib", -600, "A"), ("wajib", -400, "B")),
        ("2025-02-01", ("cash", 2500, None), ("receivable", -2500, "A")),
        (
            "2025-03-31",
            ("undistributed", 600, None),
            ("reserve", -300, None),
            ("education", -60, None),
            ("payable", -140, "A"),
            ("payable", -100, "B"),
        ),
        ("2025-04-15", ("payable", 140, "A"), ("payable", 60, "B"), ("cash", -200, None)),
        ("2025-04-30", ("education", 40, None), ("cash", -40, None)),
        ("2025-05-01", ("stock", 12000, None), ("vendors", -8000, "stranger"), ("cash", -4000, None)),
        ("2025-06-30", ("receivable", 5000, "A"), ("sales", -5000, "A")),
        ("2025-06-30", ("goods", 3900, None), ("stock", -3900, None)),
        ("2025-08-31", ("cash", 6000, None), ("sales", -6000, None)),
        ("2025-08-31", ("goods", 4300, None), ("stock", -4300, None)),
        ("2025-09-05", ("receivable", 1500, "stranger"), ("sales", -1500, "stranger")),
        ("2025-09-05", ("goods", 1000, None), ("stock", -1000, None)),
        ("2025-09-30", ("vendors", 7000, "stranger"), ("cash", -7000, None)),
        ("2025-10-31", ("bank", 2000, None), ("cash", -2000, None)),
        ("2025-11-30", ("wages", 700, None), ("board", 150, None), ("cash", -850, None)),
        ("2025-12-01", ("cash", 500, None), ("sukarela", -500, "B")),
        ("2025-12-15", ("cash", 50, None), ("interest", -50, None)),
        ("2025-12-31", ("wear_cost", 400, None), ("wear", -400, None)),
        ("2025-12-31", ("interest_cost", 240, None), ("cash", -240, None)),
        ("2025-12-31", ("income_tax", 100, None), ("tax_due", -100, None)),
    ],
    business=[("A", "2024-03-31", 3000, 2400), ("A", "2025-06-30", 5000, 3900)],
    expected={
        "position": {
            "cash": (3920, 8200),
            "receivable_member": (5500, 3000),
            "receivable_other": (1500, 0),
            "inventory": (6600, 3800),
            "current_assets": (17520, 15000),
            "equipment": (4000, 4000),
            "depreciation": (-800, -400),
            "non_current_assets": (3200, 3600),
            "total_assets": (20720, 18600),
            "payable": (5000, 4000),
            "savings": (500, 0),
            "shu_payable": (40, 0),
            "fund": (20, 0),
            "tax_payable": (100, 0),
            "current_liabilities": (5660, 4000),
            "bank": (8000, 10000),
            "non_current_liabilities": (8000, 10000),
            "share_membership": (4000, 4000),
            "share_compulsory": (1000, 0),
            "reserve": (300, 0),
            "current_surplus": (1760, 600),
            "equity": (7060, 4600),
            "total_funding": (20720, 18600),
        },
        "result": {
            "member_sales": (5000, 3000),
            "member_cost": (-3900, -2400),
            "member_net": (1100, 600),
            "other_sales": (7500, 4000),
            "other_cost": (-5300, -2800),
            "other_net": (2200, 1200),
            "gross": (3300, 1800),
            "operating": (-700, -500),
            "depreciation_expense": (-400, -400),
            "before_governance": (2200, 900),
            "governance": (-150, 0),
            "after_governance": (2050, 900),
            "other_income": (50, 0),
            "other_expense": (-240, -300),
            "before_tax": (1860, 600),
            "income_tax": (-100, 0),
            "surplus": (1760, 600),
        },
        "result_plain": {
            "sales": (12500, 7000),
            "cost": (-9200, -5200),
            "gross": (3300, 1800),
            "operating": (-700, -500),
            "depreciation_expense": (-400, -400),
            "before_governance": (2200, 900),
            "governance": (-150, 0),
            "after_governance": (2050, 900),
            "other_income": (50, 0),
            "other_expense": (-240, -300),
            "before_tax": (1860, 600),
            "income_tax": (-100, 0),
            "surplus": (1760, 600),
        },
        "equity": {
            "share_membership": (4000, 0, 0, 4000, 0, 4000, 0, 4000),
            "share_compulsory": (0, 1000, 0, 1000, 0, 0, 0, 0),
            "reserve": (0, 300, 0, 300, 0, 0, 0, 0),
            "undistributed": (600, 0, -600, 0, 0, 0, 0, 0),
            "current_surplus": (0, 1760, 0, 1760, 0, 600, 0, 600),
            "equity": (4600, 3060, -600, 7060, 0, 4600, 0, 4600),
        },
        "cash_flow": {
            "surplus": (1760, 600),
            "depreciation": (400, 400),
            "receivable": (-4000, -3000),
            "inventory": (-2800, -3800),
            "payable": (1000, 4000),
            "tax_payable": (100, 0),
            "operating": (-3540, -1800),
            "fixed_asset": (0, -4000),
            "investing": (0, -4000),
            "share_membership": (0, 4000),
            "share_compulsory": (1000, 0),
            "savings": (500, 0),
            "bank": (-2000, 10000),
            "shu_paid": (-240, 0),
            "financing": (-740, 14000),
            "change": (-4280, 8200),
            "opening": (8200, 0),
            "closing": (3920, 8200),
        },
    },
)

RICE = Cooperative(
    members={"F1": "PRD", "F2": "PRD", "C1": "KNS", "W1": "PKJ", "I1": "INV"},
    entries=[
        (
            "2025-01-02",
            ("cash", 5000, None),
            *(("pokok", -1000, number) for number in ("F1", "F2", "C1", "W1", "I1")),
        ),
        ("2025-01-02", ("cash", 20000, None), ("participation", -20000, "I1")),
        ("2025-01-10", ("cash", 6000, None), ("grant", -6000, None)),
        ("2025-01-15", ("building", 15000, None), ("land", 5000, None), ("cash", -20000, None)),
        ("2025-02-01", ("stock", 30000, None), ("vendors", -18000, "F1"), ("vendors", -12000, "F2")),
        ("2025-06-01", ("cash", 16000, None), ("sales", -16000, "C1")),
        ("2025-07-01", ("cash", 28000, None), ("sales", -28000, "stranger")),
        ("2025-07-01", ("goods", 27000, None), ("stock", -27000, None)),
        ("2025-08-01", ("vendors", 25000, "F1"), ("cash", -25000, None)),
        ("2025-09-01", ("wages", 4000, "W1"), ("cash", -4000, None)),
        ("2025-09-15", ("loans", 2000, "C1"), ("cash", -2000, None)),
        ("2025-10-01", ("prepaid", 600, None), ("cash", -600, None)),
        ("2025-11-01", ("cash", 900, None), ("unearned", -900, None)),
        ("2025-12-31", ("wages", 150, None), ("prepaid", -150, None)),
        ("2025-12-31", ("wear_cost", 500, None), ("wear", -500, None)),
        ("2025-12-31", ("training", 300, None), ("meeting", 200, None), ("accrued", -500, None)),
    ],
    business=[("C1", "2025-06-01", 16000, 10000)],
    expected={
        "position": {
            "cash": (24300, 0),
            "loan_member": (2000, 0),
            "inventory": (3000, 0),
            "prepaid": (450, 0),
            "current_assets": (29750, 0),
            "land": (5000, 0),
            "building": (15000, 0),
            "depreciation": (-500, 0),
            "non_current_assets": (19500, 0),
            "total_assets": (49250, 0),
            "payable": (5000, 0),
            "accrued_expense": (500, 0),
            "unearned": (900, 0),
            "current_liabilities": (6400, 0),
            "non_current_liabilities": (0, 0),
            "share_membership": (5000, 0),
            "share_participation": (20000, 0),
            "grant": (6000, 0),
            "current_surplus": (11850, 0),
            "equity": (42850, 0),
            "total_funding": (49250, 0),
        },
        "result": {
            "member_sales": (16000, 0),
            "member_cost": (-10000, 0),
            "member_net": (6000, 0),
            "other_sales": (28000, 0),
            "other_cost": (-17000, 0),
            "other_net": (11000, 0),
            "gross": (17000, 0),
            "operating": (-4150, 0),
            "depreciation_expense": (-500, 0),
            "before_governance": (12350, 0),
            "education": (-300, 0),
            "meeting": (-200, 0),
            "after_governance": (11850, 0),
            "before_tax": (11850, 0),
            "surplus": (11850, 0),
        },
        "result_plain": {
            "sales": (44000, 0),
            "cost": (-27000, 0),
            "gross": (17000, 0),
            "operating": (-4150, 0),
            "depreciation_expense": (-500, 0),
            "before_governance": (12350, 0),
            "education": (-300, 0),
            "meeting": (-200, 0),
            "after_governance": (11850, 0),
            "before_tax": (11850, 0),
            "surplus": (11850, 0),
        },
        "equity": {
            "share_membership": (0, 5000, 0, 5000, 0, 0, 0, 0),
            "share_participation": (0, 20000, 0, 20000, 0, 0, 0, 0),
            "grant": (0, 6000, 0, 6000, 0, 0, 0, 0),
            "current_surplus": (0, 11850, 0, 11850, 0, 0, 0, 0),
            "equity": (0, 42850, 0, 42850, 0, 0, 0, 0),
        },
        "cash_flow": {
            "surplus": (11850, 0),
            "depreciation": (500, 0),
            "loan": (-2000, 0),
            "inventory": (-3000, 0),
            "prepaid": (-450, 0),
            "payable": (5000, 0),
            "accrued": (1400, 0),
            "operating": (13300, 0),
            "fixed_asset": (-20000, 0),
            "investing": (-20000, 0),
            "share_membership": (5000, 0),
            "share_participation": (20000, 0),
            "grant": (6000, 0),
            "financing": (31000, 0),
            "change": (24300, 0),
            "opening": (0, 0),
            "closing": (24300, 0),
        },
    },
)

WORKERS = Cooperative(
    members={"W1": "PKJ", "W2": "PKJ", "W3": "PKJ"},
    entries=[
        ("2024-01-02", ("cash", 3000, None), *(("pokok", -1000, number) for number in ("W1", "W2", "W3"))),
        ("2024-06-30", ("cash", 8000, None), ("sales", -8000, "stranger")),
        ("2024-12-31", ("wages", 6500, None), ("cash", -6500, None)),
        ("2025-02-28", ("undistributed", 1000, None), ("reserve", -1000, None)),
        ("2025-06-30", ("cash", 2000, None), ("receivable", 1000, "stranger"), ("sales", -3000, "stranger")),
        ("2025-07-01", ("cash", 300, None), ("wajib", -300, "W1")),
        ("2025-11-30", ("pokok", 1000, "W3"), ("cash", -1000, None)),
        ("2025-12-31", ("wages", 4200, None), ("cash", -3900, None), ("accrued", -300, None)),
    ],
    business=[],
    expected={
        "position": {
            "cash": (1900, 4500),
            "receivable_other": (1000, 0),
            "current_assets": (2900, 4500),
            "non_current_assets": (0, 0),
            "total_assets": (2900, 4500),
            "accrued_expense": (300, 0),
            "current_liabilities": (300, 0),
            "non_current_liabilities": (0, 0),
            "share_membership": (2000, 3000),
            "share_compulsory": (300, 0),
            "reserve": (1000, 0),
            "undistributed": (500, 0),
            "current_surplus": (-1200, 1500),
            "equity": (2600, 4500),
            "total_funding": (2900, 4500),
        },
        "result": {
            "member_net": (0, 0),
            "other_sales": (3000, 8000),
            "other_net": (3000, 8000),
            "gross": (3000, 8000),
            "operating": (-4200, -6500),
            "before_governance": (-1200, 1500),
            "after_governance": (-1200, 1500),
            "before_tax": (-1200, 1500),
            "surplus": (-1200, 1500),
        },
        "result_plain": {
            "sales": (3000, 8000),
            "gross": (3000, 8000),
            "operating": (-4200, -6500),
            "before_governance": (-1200, 1500),
            "after_governance": (-1200, 1500),
            "before_tax": (-1200, 1500),
            "surplus": (-1200, 1500),
        },
        "equity": {
            "share_membership": (3000, 0, -1000, 2000, 0, 3000, 0, 3000),
            "share_compulsory": (0, 300, 0, 300, 0, 0, 0, 0),
            "reserve": (0, 1000, 0, 1000, 0, 0, 0, 0),
            "undistributed": (1500, 0, -1000, 500, 0, 0, 0, 0),
            "current_surplus": (0, 0, -1200, -1200, 0, 1500, 0, 1500),
            "equity": (4500, 1300, -3200, 2600, 0, 4500, 0, 4500),
        },
        "cash_flow": {
            "surplus": (-1200, 1500),
            "receivable": (-1000, 0),
            "accrued": (300, 0),
            "operating": (-1900, 1500),
            "investing": (0, 0),
            "share_membership": (-1000, 3000),
            "share_compulsory": (300, 0),
            "financing": (-700, 3000),
            "change": (-2600, 4500),
            "opening": (4500, 0),
            "closing": (1900, 4500),
        },
    },
)


class SmallYearCase(CooperativeCase):
    """`chart`: a chart of Odoo whose accounts are used wherever it has one of the type; none is a chart of one's own."""

    chart = None

    @classmethod
    def _create_company(cls, name):
        company = super()._create_company(name)
        if cls.chart and name == "Koperasi Uji":
            cls.env["account.chart.template"].try_loading(cls.chart, company, install_demo=False)
            company.currency_id = cls.idr
            cls.used_accounts = []
        return company

    @classmethod
    def _create_account(cls, code, name, account_type, company=None):
        if not cls.chart or company not in (None, cls.company):
            return super()._create_account(code, name, account_type, company)
        # Codes longer than those of the charts.
        account = cls._find_account(account_type) or super()._create_account(f"{code}9", name, account_type)
        cls.used_accounts += account.ids
        return account

    @classmethod
    def _find_account(cls, account_type):
        return (
            cls.env["account.account"]
            .with_company(cls.company)
            .search(
                [
                    ("company_ids", "=", cls.company.id),
                    ("account_type", "=", account_type),
                    ("id", "not in", cls.used_accounts),
                ],
                limit=1,
            )
        )

    @classmethod
    def _set_up_accounts(cls):
        result = super()._set_up_accounts()
        cls.accounts |= {
            "pokok": cls.pokok_account,
            "wajib": cls.wajib_account,
            "sukarela": cls.sukarela_account,
            **{key: cls._create_account(code, key, kind) for key, (code, kind, _place) in ACCOUNTS.items()},
        }
        for key, (_code, _kind, place) in ACCOUNTS.items():
            if place:
                cls.accounts[key].tag_ids = cls.env.ref(f"kmp_reports.place_{place}")
        cls._create_share_type("MP", "Modal penyertaan", "participation", cls.accounts["participation"])
        cls.company.shu_tax_account_ids = cls.accounts["income_tax"]
        return result

    @classmethod
    def _open_books(cls, cooperative):
        """Members, scheme, participation and entries of one of the co-operatives above, in rupiah."""
        for code in dict.fromkeys(cooperative.members.values()):
            cls._create_class(code)
        cls.members = {
            number: cls._create_member(number, class_code, "2024-01-01")
            for number, class_code in cooperative.members.items()
        }
        cls.partners = {number: member.partner_id for number, member in cls.members.items()}
        cls.partners["stranger"] = cls.env["res.partner"].create({"name": "Bukan anggota"})
        # A scheme names the accounts of reserve and fund.
        cls.scheme = cls._create_scheme(
            {"code": "CAD", "kind": "reserve", "percent": 50}, {"code": "PEND", "kind": "fund", "percent": 50}
        )
        for day, *items in cooperative.entries:
            cls._post(day, *((key, amount * THOUSAND, cls.partners.get(who)) for key, amount, who in items))

    def _import_business(self, cooperative):
        """What members bought, which makes up their part of the result."""
        if cooperative.business:
            basis = self._create_basis("BELANJA", is_participation=True)
            rows = "".join(
                f"{number},{day},{value * THOUSAND},{cost * THOUSAND}\n"
                for number, day, value, cost in cooperative.business
            )
            self._import(basis, f"member,date,value,cost\n{rows}")

    def _get_expected(self, cooperative, kind):
        return {
            code: tuple(Decimal(amount * THOUSAND) for amount in amounts)
            for code, amounts in cooperative.expected[kind].items()
        }
