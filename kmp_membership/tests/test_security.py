from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MembershipCase

STORED_MODELS = (
    "kmp.bylaws",
    "kmp.stakeholder.class",
    "kmp.membership",
    "kmp.membership.period",
    "kmp.membership.step",
    "kmp.share.type",
    "kmp.share.operation",
    "kmp.share.term",
    "kmp.officer",
)
READ, WRITE, CREATE, UNLINK = "read", "write", "create", "unlink"
ALL = {READ, WRITE, CREATE, UNLINK}
ENTERED_BY_CLERKS = ("kmp.membership", "kmp.share.operation")


@tagged("post_install", "-at_install")
class TestSecurity(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")
        cls.member.with_user(cls.officer)._apply_step("suspend", date(2025, 2, 1))
        cls.operation = cls._create_deposit(cls.member, 10)
        cls.operation.with_user(cls.officer).action_post()
        cls.bylaws = cls.env["kmp.bylaws"].create(
            {"name": "AD", "date": "2020-01-01", "date_from": "2020-01-01", "company_id": cls.company.id}
        )
        cls.env["kmp.share.term"].create(
            {"class_id": cls.producers.id, "share_type_id": cls.wajib.id, "date_from": "2025-01-01"}
        )
        cls.env["kmp.officer"].create(
            {
                "membership_id": cls.member.id,
                "date_from": "2025-01-01",
                "date_to": "2026-01-01",
                "company_id": cls.company.id,
            }
        )
        cls.models = [*STORED_MODELS, "kmp.membership.movement", "kmp.share.ledger"]

    def _as_other_officer(self, records):
        return records.with_user(self.other_officer).with_context(allowed_company_ids=self.other_company.ids)

    def _rights(self, model, user):
        return {operation for operation in ALL if self.env[model].with_user(user).has_access(operation)}

    def test_who_may_do_what(self):
        for model in self.models:
            reader = {READ}
            clerk = ALL if model in ENTERED_BY_CLERKS else reader
            officer = ALL if model in STORED_MODELS and model != "kmp.membership.step" else reader
            with self.subTest(model):
                self.assertEqual(self._rights(model, self.clerk), clerk)
                self.assertEqual(self._rights(model, self.officer), officer)
                self.assertEqual(self._rights(model, self.supervisor), reader)
                self.assertEqual(self._rights(model, self.auditor), reader)
                self.assertEqual(self._rights(model, self.outsider), set())
                self.assertEqual(self._rights(model, self.accountant), set())

    def test_every_model_is_kept_apart_by_company(self):
        for model in self.models:
            with self.subTest(model):
                self.assertTrue(
                    self.env[model].with_user(self.officer).search([("company_id", "=", self.company.id)])
                )
                self.env.invalidate_all()
                self.assertFalse(self._as_other_officer(self.env[model]).search([]))

    def test_records_of_another_company_are_not_read_by_id(self):
        for record in (
            self.member,
            self.operation,
            self.bylaws,
            self.producers,
            self.pokok,
            self.member.period_ids,
            self.member.step_ids,
        ):
            with self.subTest(record._name), self.assertRaisesRegex(AccessError, "company"):
                self._as_other_officer(record).read(["display_name"])

    def test_company_rules_are_global(self):
        for model in self.models:
            rules = self.env["ir.rule"].sudo().search([("model_id.model", "=", model)])
            self.assertTrue(
                rules.filtered(lambda rule: rule["global"] and "company_ids" in rule.domain_force), model
            )

    def test_no_step_on_a_member_of_another_company(self):
        with self.assertRaises(AccessError):
            self._as_other_officer(self.member)._apply_step("reinstate", date(2025, 3, 1))

    def test_wizards_are_for_officers(self):
        for model in (
            "kmp.membership.step.wizard",
            "kmp.share.operation.reversal",
            "kmp.share.operation.payment",
        ):
            self.assertEqual(self._rights(model, self.officer), ALL)
            for user in (self.clerk, self.supervisor, self.auditor, self.outsider):
                self.assertEqual(self._rights(model, user), set())

    def test_export_is_for_the_auditor(self):
        self.assertTrue(self.auditor.has_group("base.group_allow_export"))
        for user in (self.clerk, self.officer, self.supervisor):
            self.assertFalse(user.has_group("base.group_allow_export"))

    def test_screens_open_for_everyone_who_may_read(self):
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            for model in self.models:
                views = self.env["ir.ui.view"].search([("model", "=", model), ("inherit_id", "=", False)])
                for view_type in set(views.mapped("type")):
                    self.env[model].with_user(user).get_views([(False, view_type)])
                fields = self.env[model].with_user(user).fields_get(attributes=["type"])
                self.env[model].with_user(user).search([]).read(list(fields))
