from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .small_year_case import SmallYearCase
from .small_years import RICE, SHOP, WORKERS

YEAR = date(2025, 1, 1), date(2025, 12, 31)


class StatementCase(SmallYearCase):
    cooperative = SHOP

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_books(cls.cooperative)

    def setUp(self):
        super().setUp()
        self._import_business(self.cooperative)

    def _read_all(self, user=None, dates=YEAR, **kwargs):
        return (
            self.env["kmp.statement"]
            .with_user(user or self.auditor)
            ._read_all(self.company, *dates, **kwargs)
        )

    def _check(self, user=None, dates=YEAR):
        return self.env["kmp.statement"].with_user(user or self.auditor)._check(self.company, *dates)


class GoldenYear:
    """The statements say what was computed by hand, and the ledger says the same."""

    def test_statements(self):
        for kind, statement in self._read_all().items():
            with self.subTest(kind):
                found = {row.code: row.amounts for row in statement.rows if row.amounts}
                self.assertEqual(found, self._get_expected(self.cooperative, kind))

    def test_nothing_is_wrong(self):
        self.assertEqual(self._check(), [])

    def test_the_ledger_says_the_same(self):
        statements = self._read_all()
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT SUM(balance) FILTER (WHERE account_type LIKE 'asset%%')::text,
                   (-SUM(balance) FILTER (WHERE account_type LIKE 'liability%%'))::text,
                   SUM(balance) FILTER (WHERE account_type = 'asset_cash')::text,
                   (-SUM(balance) FILTER (WHERE date >= '2025-01-01' AND
                        (account_type LIKE 'income%%' OR account_type LIKE 'expense%%')))::text
              FROM account_move_line line JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %s AND parent_state = 'posted' AND date <= '2025-12-31'
            """,
            [self.company.id],
        )
        assets, liabilities, cash, surplus = (Decimal(value or 0) for value in self.env.cr.fetchone())
        position = statements["position"]
        self.assertEqual(position.amount("total_assets"), assets)
        self.assertEqual(
            position.amount("current_liabilities") + position.amount("non_current_liabilities"), liabilities
        )
        self.assertEqual(position.amount("equity"), assets - liabilities)
        self.assertEqual(statements["cash_flow"].amount("closing"), cash)
        for kind in ("result", "result_plain"):
            self.assertEqual(statements[kind].amount("surplus"), surplus)


@tagged("post_install", "-at_install")
class TestShop(GoldenYear, StatementCase):
    pass


@tagged("post_install", "-at_install")
class TestShopOnTheIndonesianChart(GoldenYear, StatementCase):
    chart = "id"


@tagged("post_install", "-at_install")
class TestShopOnTheGenericChart(GoldenYear, StatementCase):
    chart = "generic_coa"


@tagged("post_install", "-at_install")
class TestRice(GoldenYear, StatementCase):
    cooperative = RICE


@tagged("post_install", "-at_install")
class TestWorkers(GoldenYear, StatementCase):
    cooperative = WORKERS


@tagged("post_install", "-at_install")
class TestStatement(StatementCase):
    def test_columns(self):
        statements = self._read_all()
        self.assertEqual(
            [tuple(column) for column in statements["result"].columns], [("2025", ""), ("2024", "")]
        )
        self.assertEqual(statements["position"].columns[0].period, "31 Desember 2025")
        self.assertEqual(statements["position"].period, "Per 31 Desember 2025")
        self.assertEqual(
            [tuple(column) for column in statements["equity"].columns[:4]],
            [("2025", label) for label in ("Saldo awal", "Penambahan", "Pengurangan", "Saldo akhir")],
        )

    def test_one_year_alone(self):
        rows = self.env["kmp.statement"]._read(self.company, "result", *YEAR, compare=False)
        [surplus] = [row for row in rows if row.code == "surplus"]
        self.assertEqual(surplus.amounts, (1_760_000,))
        self.assertEqual((surplus.label, surplus.style, surplus.level), ("SHU SETELAH PAJAK", "total", 0))

    def test_part_of_a_year(self):
        statements = self._read_all(dates=(date(2025, 7, 1), date(2025, 9, 30)), compare=False)
        self.assertEqual(statements["result_plain"].amount("sales"), 7_500_000)
        # From January: 5,000 + 6,000 + 1,500 - 9,200
        self.assertEqual(statements["position"].amount("current_surplus"), 3_300_000)
        self.assertEqual(
            statements["equity"].rows[-1].amounts[:4],
            (6_400_000, 2_200_000, 0, 8_600_000),
        )

    def test_officers_read_and_outsiders_do_not(self):
        for user in (self.officer, self.supervisor, self.auditor, self.accountant):
            self.assertEqual(self._read_all(user)["position"].amount("total_assets"), 20_720_000)
        for user in (self.outsider, self.clerk):
            with self.assertRaises(AccessError):
                self._read_all(user)
        with self.assertRaises(AccessError):
            self._read_all(self.other_officer)

    def test_drafts_do_not_count(self):
        self._earn("2025-05-05", 5).button_draft()
        self.assertEqual(self._read_all()["position"].amount("total_assets"), 20_720_000)

    def test_amounts_are_exact(self):
        for amount in (987_654_321_098, 0.1, 0.2, 0.01):
            self._earn("2025-12-31", amount)
        self.assertEqual(self._read_all()["result"].amount("surplus"), Decimal("987654321098.31") + 1_760_000)

    def test_queries_do_not_grow_with_the_statements(self):
        with self.assertQueryCount(210):
            self._read_all()

    # What is wrong

    def test_an_account_without_a_place(self):
        self.accounts["gift"] = self._create_account("304000", "Titipan", "equity")
        self._post("2025-06-06", ("cash", 70, None), ("gift", -70, None))
        problems = {(problem.kind, problem.difference): problem for problem in self._check()}
        self.assertEqual(
            set(problems),
            {("position", 70), ("position", 0), ("cash_flow", -70)},
        )
        for problem in problems.values():
            self.assertEqual(problem.accounts, {self.accounts["gift"]: -70})
        [balance, accounts] = self._read_all()["position"].warnings
        self.assertEqual((balance.code, balance.amounts), ("check_balance", (70, 0)))
        self.assertEqual((accounts.code, accounts.amounts), ("check_accounts", (-70, 0)))

    def test_a_new_account_takes_no_place_from_its_neighbour(self):
        """Odoo gives it the tags of the account with the closest code."""
        neighbour = self._create_account("303001", "Hibah lain", "equity")
        self.assertFalse(neighbour.with_company(self.company).kmp_place)

    def test_a_tag_gives_the_place(self):
        self.accounts["gift"] = self._create_account("304000", "Titipan", "equity")
        self._post("2025-06-06", ("cash", 70, None), ("gift", -70, None))
        self.accounts["gift"].tag_ids = self.env.ref("kmp_reports.place_grant")
        self.assertEqual(self._check(), [])
        self.assertEqual(self._read_all()["position"].amount("grant"), 70)

    def test_an_account_that_two_lines_take(self):
        self.env["mis.report.kpi"].create(
            {
                "report_id": self.env.ref("kmp_reports.mis_position").id,
                "name": "petty",
                "description": "Kas kecil",
                "sequence": 21,
                "expression": "bale[110001]",
            }
        )
        self.env.ref("kmp_reports.position_row_current_assets").expression += " + petty"
        problems = self._check()
        self.assertEqual(
            [(problem.kind, problem.difference, dict(problem.accounts)) for problem in problems][1:],
            [("position", 0, {self.accounts["cash"]: 3_920_000})],
        )
        self.assertEqual((problems[0].kind, problems[0].difference), ("position", 3_920_000))

    def test_an_account_with_two_places(self):
        self.accounts["stock"].tag_ids |= self.env.ref("kmp_reports.place_prepaid")
        [problem] = self._check()
        self.assertEqual(
            (problem.kind, problem.difference, problem.accounts),
            ("position", 0, {self.accounts["stock"]: 6_600_000}),
        )

    def test_a_wrong_expression_names_its_line(self):
        self.env.ref("kmp_reports.position_row_cash").expression = "bale[110001] + nothing"
        with self.assertRaisesRegex(UserError, "Kas dan setara kas"):
            self._read_all()

    def test_a_missing_template_is_named(self):
        self.env.ref("kmp_reports.mis_equity").kmp_statement = False
        with self.assertRaisesRegex(UserError, "Changes in Equity"):
            self._read_all()

    def test_dates_in_order(self):
        with self.assertRaisesRegex(UserError, "lies after"):
            self._read_all(dates=YEAR[::-1])

    def test_a_company_without_a_co_operative(self):
        statements = self.env["kmp.statement"]._read_all(self.other_company, *YEAR)
        self.assertEqual(
            {amount for statement in statements.values() for row in statement.rows for amount in row.amounts},
            {0},
        )
        self.assertEqual(self.env["kmp.statement"]._check(self.other_company, *YEAR), [])
