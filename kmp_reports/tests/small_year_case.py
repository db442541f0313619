from decimal import Decimal

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
