from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.kmp_shu.tests.trade import TradeCase

TIMESHEET = "kmp.patronage.source.timesheet"


@tagged("post_install", "-at_install")
class TestPatronageSourceTimesheet(TradeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.env["project.project"].create(
            {"name": "Harvest", "company_id": cls.company.id, "allow_timesheets": True}
        )
        cls.worker = cls._create_worker("Worker", cls.member.partner_id)
        cls.basis = cls._create_basis("HOURS", source=TIMESHEET, measure="hours")

    @classmethod
    def _create_worker(cls, name, contact, **vals):
        employee = cls.env["hr.employee"].create({"name": name, "company_id": cls.company.id, **vals})
        employee.work_contact_id = contact
        return employee

    def work(self, employee, hours, date="2025-06-30", **vals):
        return self.env["account.analytic.line"].create(
            {
                "name": "/",
                "project_id": self.project.id,
                "employee_id": employee.id,
                "unit_amount": hours,
                "date": date,
                **vals,
            }
        )

    def test_hours_count_for_the_member_behind_the_employee(self):
        self.work(self.worker, 7.5)
        self.work(self.worker, 0.25)
        self.work(self.worker, -1)
        self.work(self.worker, 100, date="2026-01-01")
        self.work(self._create_worker("Stranger", self.stranger), 100)
        self.assertEqual(self._weights(self.basis), {("A-1", "K"): 6.75})

    def test_days_are_counted_in_hours(self):
        line = self.work(self.worker, 2)
        line.product_uom_id = self.env.ref("uom.product_uom_day")
        self.assertEqual(self._weights(self.basis), {("A-1", "K"): 16})

    def test_without_a_work_contact_the_contact_of_the_user_decides(self):
        user = self._create_user("worker", "base.group_user")
        member = self._create_member("A-2", "P", partner=user.partner_id)
        employee = self._create_worker("With a user", False, user_id=user.id)
        employee.work_contact_id = False
        self.work(employee, 3)
        self.assertEqual(self._weights(self.basis), {(member.number, "P"): 3})

    def test_other_analytic_lines_and_other_companies_do_not_count(self):
        self.work(self.worker, 1)
        account = self.project.account_id or self.env["account.analytic.account"].search([], limit=1)
        self.env["account.analytic.line"].create(
            {
                "name": "No timesheet",
                "account_id": account.id,
                "unit_amount": 50,
                "date": "2025-06-30",
                "partner_id": self.member.partner_id.id,
                "company_id": self.company.id,
            }
        )
        other = self._create_basis(
            "OTHER", source=TIMESHEET, measure="hours", company_id=self.other_company.id
        )
        self.assertEqual(self._weights(self.basis), {("A-1", "K"): 1})
        self.assertEqual(self._weights(other), {})

    def test_hours_have_no_value(self):
        with self.assertRaisesRegex(ValidationError, "Timesheets cannot be measured"):
            self.basis.measure = "value"

    def test_the_documents_behind_a_share(self):
        lines = self.work(self.worker, 2) | self.work(self.worker, 3)
        self._earn("2025-12-31", 1000)
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "JU", "kind": "patronage", "percent": 50, "basis_id": self.basis.id},
        )
        scheme.with_user(self.officer).action_put_into_force()
        run = self._create_run(scheme)
        run.action_compute()
        self.assertEqual(run.share_ids.amount, 500)
        for user in (self.accountant, self.auditor, self.supervisor):
            action = run.share_ids.line_ids.with_user(user).action_open_documents()
            found = self.env[action["res_model"]].with_user(user).search(action["domain"])
            self.assertEqual(found, lines)
