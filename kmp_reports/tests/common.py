"""A co-operative of three classes whose year is computed by hand.

Surplus 1,000,000 = income 1,500,000 - expense 500,000.

    CAD   30%  300,000            capital: 100 + 200 + 200 + 100 + 400 = 1,000
    PEND  10%  100,000            business: 1 : 2 | 500 : 500 | 7
    ANG   60%  600,000
      JM  25%  150,000            PRO-1    15,000 +  75,000 =  90,000
      JU  75%  450,000            PRO-2    30,000 + 150,000 = 180,000
        PRO 50%  225,000          KON-1    30,000 +  67,500 =  97,500
        KON 30%  135,000          KON-2    15,000 +  67,500 =  82,500
        PEK 20%   90,000          PEK-1    60,000 +  90,000 = 150,000
"""

from odoo.addons.kmp_shu.tests.common import CooperativeCase

FORMULA = "=cmd|' /C calc'!A0"
RIGHT_TO_LEFT = "محمد عبد الله"
LONG = "Raden Ajeng Siti Nurhaliza Kusumawardhani Sastrodiningrat Wijaya"
MEMBERS = [
    # number, class, name, capital, business, jasa modal, jasa usaha, total
    ("PRO-1", "PRO", FORMULA, 100, 1, 15_000, 75_000, 90_000),
    ("PRO-2", "PRO", "+1", 200, 2, 30_000, 150_000, 180_000),
    ("KON-1", "KON", "@x", 200, 500, 30_000, 67_500, 97_500),
    ("KON-2", "KON", LONG, 100, 500, 15_000, 67_500, 82_500),
    ("PEK-1", "PEK", RIGHT_TO_LEFT, 400, 7, 60_000, 90_000, 150_000),
]
CLASSES = [
    # code, name, members, jasa modal, jasa usaha, total; in the order of the list
    ("PRO", "Produsen", 2, 45_000, 225_000, 270_000),
    ("KON", "Konsumen", 2, 45_000, 135_000, 180_000),
    ("PEK", "-1", 1, 60_000, 90_000, 150_000),
]
POOLS = [
    ("CAD", 30, 300_000),
    ("PEND", 10, 100_000),
    ("ANG", 60, 600_000),
    ("JM", 25, 150_000),
    ("JU", 75, 450_000),
    ("PRO", 50, 225_000),
    ("KON", 30, 135_000),
    ("PEK", 20, 90_000),
]
SURPLUS, INCOME, EXPENSE = 1_000_000, 1_500_000, 500_000


class DistributionCase(CooperativeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for sequence, (code, name, *_rest) in enumerate(CLASSES):
            cls._create_class(code).write({"name": name, "sequence": sequence})
        cls.members = {}
        for number, class_code, name, capital, *_rest in MEMBERS:
            cls.members[number] = cls._create_member(number, class_code)
            cls.members[number].partner_id.name = name
            cls._pay_in(cls.members[number], "2025-01-01", capital)
        cls.basis = cls._create_basis("BELANJA")
        cls.scheme = cls._create_hand_scheme()

    @classmethod
    def _create_hand_scheme(cls, **vals):
        scheme = cls._create_scheme(
            {"code": "CAD", "name": "Cadangan umum", "kind": "reserve", "percent": 30, "sequence": 1},
            {"code": "PEND", "name": "Dana pendidikan", "kind": "fund", "percent": 10, "sequence": 2},
            {"code": "ANG", "name": "Bagian anggota", "kind": "group", "percent": 60, "sequence": 3},
            {
                "code": "JM",
                "name": "Jasa modal",
                "kind": "capital",
                "percent": 25,
                "of": "ANG",
                "sequence": 4,
            },
            {
                "code": "JU",
                "name": "Jasa usaha",
                "kind": "patronage",
                "percent": 75,
                "of": "ANG",
                "sequence": 5,
                "basis_id": cls.basis.id,
                "classes": {"PRO": 50, "KON": 30, "PEK": 20},
            },
            **vals,
        )
        scheme.with_user(cls.officer).action_put_into_force()
        return scheme

    def setUp(self):
        super().setUp()
        business = "".join(f"{row[0]},2025-06-30,{row[4]}\n" for row in MEMBERS)
        self._import(self.basis, f"member,date,value\n{business}")

    def _earn_year(self, income=INCOME):
        self._earn("2025-07-01", income)
        self._post("2025-08-01", ("wages", EXPENSE, None), ("cash", -EXPENSE, None))

    def _compute(self, income=INCOME, scheme=None):
        self._earn_year(income)
        run = self._create_run(scheme or self.scheme, posting_date="2026-03-01")
        run.action_compute()
        return run

    def _run_posted(self, **kwargs):
        run = self._compute(**kwargs)
        self._approve(run)
        run.with_user(self.accountant).action_post()
        return run

    def _get_document(self, run, user=None):
        report = self.env["report.kmp_reports.shu_distribution"].with_user(user or self.auditor)
        [document] = report._get_documents(run.with_user(user or self.auditor))
        return document

    def _render(self, render, report_name, run, user=None, **context):
        reports = self.env["ir.actions.report"].with_user(user or self.auditor).with_context(**context)
        return getattr(reports, render)(f"kmp_reports.{report_name}", run.ids, data={})[0]

    def _ledger(self, query, *params):
        """One row of SQL over the journal items, the other way to every total."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        return self.env.cr.fetchone()
