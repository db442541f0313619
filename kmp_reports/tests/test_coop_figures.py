from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase
from odoo.addons.kmp_shu.tests.trade import TradeCase

from ..models.coop_figures import Balance, ClassMembers, Year

YEARS = [Year(date(2024, 1, 1), date(2024, 12, 31)), Year(date(2025, 1, 1), date(2025, 12, 31))]


@tagged("post_install", "-at_install")
class TestCoopFigures(TradeCase):
    """Two years. In 2025 members buy for 3,000 what cost 1,800, others for 7,000 what cost 3,600, and rent is 1,000: surplus 3,600."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_members()
        cls._set_up_capital()
        sales = cls._create_basis("SALES", source="kmp.patronage.source.invoice", is_participation=True)
        cls.scheme = cls._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "JU", "kind": "patronage", "percent": 50, "basis_id": sales.id},
        )
        cls.scheme.with_user(cls.officer).action_put_into_force()

    @classmethod
    def _set_up_members(cls):
        """A-1 of K is there from 2000 on, its sex unknown. Of P a man joins in 2024, a woman leaves on the last day of
        2025, a company stays, an associate does not count; a woman of K is of P from 2026 on."""
        cls.man = cls._create_member("P-1", "P", "2024-12-31")
        cls.man.sex = "male"
        cls.leaver = cls._create_member("P-2", "P", "2024-02-01")
        cls.leaver.sex = "female"
        cls.leaver.period_ids.date_to = "2025-12-31"
        firm = cls.env["res.partner"].create({"name": "PT Mitra", "is_company": True})
        cls._create_member("P-3", "P", "2025-01-01", firm)
        cls._create_member("P-4", "P").is_associate = True
        changer = cls._create_member("K-2", "K", "2025-03-01")
        changer.sex = "female"
        changer.period_ids.date_to = "2025-12-31"
        changer.period_ids = [
            Command.create({"class_id": cls.classes["P"].id, "date_from": date(2026, 1, 1)})
        ]

    @classmethod
    def _set_up_capital(cls):
        """Simpanan pokok 100, then 50 more; savings 30; participation capital 400 in 2025."""
        participation = cls._create_account("310009", "Modal Penyertaan", "equity")
        cls.participation = cls._create_share_type("MP", "Modal Penyertaan", "participation", participation)
        cls.accounts |= {"participation": participation, "deposits": cls.sukarela_account}
        partner = cls.member.partner_id
        cls._pay_in(cls.member, "2024-12-31", 100)
        cls._pay_in(cls.member, "2025-01-01", 50)
        cls._post("2024-06-01", ("cash", 30, None), ("deposits", -30, partner))
        cls._post("2025-06-01", ("cash", 400, None), ("participation", -400, partner))
        cls._pay_in(cls.member, "2026-01-01", 1000)

    def setUp(self):
        super().setUp()
        self._earn("2024-05-05", 200)
        self._invoice("out_invoice", self.contact, 3, 1000)
        self._invoice("out_invoice", self.stranger, 6, Decimal("7000") / 6)
        self._post("2025-08-01", ("rent", 1000, None), ("cash", -1000, None))

    def _figures(self, user=None):
        user = user or self.auditor
        return (
            self.env["kmp.coop.figures"].with_user(user).with_context(allowed_company_ids=user.company_id.ids)
        )

    def test_members_by_class_and_sex_at_the_end_of_each_year(self):
        k, p = self.classes["K"].id, self.classes["P"].id
        self.assertEqual(
            self._figures(self.clerk)._get_members(self.company, YEARS),
            [
                [ClassMembers(k, unknown=1), ClassMembers(p, male=1, female=1)],
                [ClassMembers(k, female=1, unknown=1), ClassMembers(p, male=1, entity=1)],
            ],
        )

    def test_members_are_those_of_the_register(self):
        wizard = self.env["kmp.document.wizard"].create({"date": date(2025, 12, 31)})
        register = self.env["report.kmp_membership.member_register"]._get_totals(wizard)
        [_before, year] = self._figures()._get_figures(self.company, YEARS)
        self.assertEqual(year.member_count, sum(total.members for total in register))
        self.assertEqual(sum(total.associates for total in register), 1)

    def test_capital_by_share_type_is_the_ledger(self):
        before, year = self._figures(self.clerk)._get_capital(self.company, YEARS)
        pokok, savings = self.pokok.id, self.sukarela.id
        self.assertEqual(before, {pokok: 100, savings: 30})
        self.assertEqual(year, {pokok: 150, savings: 30, self.participation.id: 400})
        for share_type in self.pokok | self.sukarela | self.participation:
            [total] = share_type._get_totals(YEARS[1].date_to).values()
            self.assertEqual(year[share_type.id], total)

    def test_the_year_adds_up(self):
        [before, year] = self._figures()._get_figures(self.company, YEARS)
        self.assertEqual((before.turnover, before.surplus, before.member_turnover), (200, 200, 0))
        self.assertEqual((year.turnover, year.member_turnover, year.surplus), (10000, 3000, 3600))
        self.assertEqual(year.parts["member"].amount + year.parts["non_member"].amount, 3600)

    def test_assets_are_own_and_other_capital(self):
        [before, year] = self._figures()._get_balances(self.company, YEARS)
        # 2024: 100 + 30 + 200 in cash. 2025: + 50 + 400 - 1000 in cash, 10000 receivable, 5400 out of stock.
        self.assertEqual(before, Balance(assets=330, own=300, borrowed=30))
        self.assertEqual(year, Balance(assets=4380, own=3950, participation=400, borrowed=30))
        self.assertEqual(year.assets, self._assets_of_sql(YEARS[1].date_to))

    def _assets_of_sql(self, day):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT SUM(item.debit - item.credit)::text FROM account_move_line item
                 JOIN account_account account ON account.id = item.account_id
                WHERE account.account_type LIKE 'asset%%' AND item.company_id = %s AND item.date <= %s
                  AND item.parent_state = 'posted'""",
            (self.company.id, day),
        )
        return Decimal(self.env.cr.fetchone()[0])

    def test_shares_shown_as_liabilities_are_own_capital(self):
        self.pokok_account.account_type = "liability_current"
        self.pokok.classification = "liability"
        [_before, year] = self._figures()._get_balances(self.company, YEARS)
        self.assertEqual((year.own, year.borrowed), (3950, 30))

    def test_surplus_by_class_of_the_distribution(self):
        run = self._create_run(self.scheme, posting_date="2026-03-01")
        run.action_compute()
        [_before, year] = self._figures()._get_figures(self.company, YEARS)
        self.assertEqual((year.run_id, year.is_final), (run.id, False))
        self.assertEqual(year.surplus_by_class, {self.classes["K"].id: 1800})
        self._approve(run)
        run.with_user(self.accountant).action_post()
        [_before, year] = self._figures()._get_figures(self.company, YEARS)
        self.assertTrue(year.is_final)

    def test_of_corrections_the_last_posted_counts(self):
        run = self._create_run(self.scheme, posting_date="2026-03-01")
        run.action_compute()
        self._approve(run)
        run.with_user(self.accountant).action_post()
        self._invoice("out_invoice", self.contact, 1, 1000, "2025-12-31")
        correction = run.browse(run.with_user(self.accountant).action_correct()["res_id"])
        self._acknowledge(correction, "tax_unset")
        correction.posting_date = "2026-06-01"
        correction.action_compute()
        runs = self._figures()._get_runs(self.company, YEARS)
        self.assertEqual(runs, {YEARS[1]: (run.id, True, {self.classes["K"].id: 1800})})
        self._approve(correction)
        correction.with_user(self.accountant).action_post()
        runs = self._figures()._get_runs(self.company, YEARS)
        self.assertEqual(runs, {YEARS[1]: (correction.id, True, {self.classes["K"].id: 2000})})

    def test_fiscal_years_of_the_company(self):
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        self.assertEqual(
            self._figures()._get_years(self.company, date(2025, 7, 1), 2),
            [Year(date(2024, 7, 1), date(2025, 6, 30)), Year(date(2025, 7, 1), date(2026, 6, 30))],
        )

    def test_a_company_without_anything(self):
        [figures] = self._figures(self.other_officer)._get_figures(self.other_company, YEARS[:1])
        self.assertEqual((figures.members, figures.capital, figures.run_id), ([], {}, None))
        self.assertEqual((figures.turnover, figures.member_turnover, figures.arrears), (0, None, 0))
        self.assertEqual(figures.balance, Balance())

    def test_who_may_see_what(self):
        figures = self._figures(self.clerk)
        figures._get_members(self.company, YEARS)
        for name in ("_get_figures", "_get_parts", "_get_balances", "_get_runs"):
            with self.assertRaises(AccessError, msg=name):
                getattr(figures, name)(self.company, YEARS)
        for user in (self.other_officer, self.outsider):
            with self.assertRaises(AccessError):
                self._figures(user)._get_members(self.company, YEARS)
        for user in (self.officer, self.supervisor, self.accountant, self.auditor):
            self.assertEqual(len(self._figures(user)._get_figures(self.company, YEARS)), 2)


@tagged("post_install", "-at_install")
class TestCoopFiguresArrears(ContributionCase):
    """Two members owe Rp50,000 for each of January and February 2025."""

    def _arrears(self, *days):
        years = [Year(day, day) for day in days]
        return self.env["kmp.coop.figures"].with_user(self.clerk)._get_arrears(self.company, years)

    def test_arrears_at_the_end_of_a_day(self):
        ani = self._create_member("Ani", "1")
        self._create_member("Budi", "2", self.consumers)
        january, february = self._bill(1), self._bill(2)
        due = january.line_ids[0].date_due, february.line_ids[0].date_due
        of_ani = (january | february).line_ids.filtered(lambda line: line.membership_id == ani)
        self._match(self._pay(ani, 70000, due[0]), of_ani)
        days = [date(2024, 12, 31), due[0], due[1], date(2025, 12, 31)]
        self.assertEqual(self._arrears(*days), [0, 50000, 130000, 130000])
        [open_today] = self.env["kmp.contribution.arrears"]._read_group(
            [("company_id", "=", self.company.id)], [], ["amount_due:sum"]
        )
        self.assertEqual(self._arrears(date.today()), [Decimal(open_today[0])])

    def test_what_is_cancelled_is_no_longer_in_arrears(self):
        self._create_member("Ani", "1")
        run = self._bill(1)
        due = run.line_ids.date_due
        run.line_ids.with_user(self.officer)._cancel(date(2025, 6, 1), "No longer owed")
        self.assertEqual(self._arrears(due, date(2025, 6, 1)), [50000, 0])
