from odoo.exceptions import AccessError
from odoo.tests import tagged

from .contribution_common import ContributionCase

READ, WRITE, CREATE, UNLINK = "read", "write", "create", "unlink"
ALL = {READ, WRITE, CREATE, UNLINK}
READER = {READ}
# model: rights of clerk and officer; supervisor and auditor read, all others have nothing
RIGHTS = {
    "kmp.contribution.exemption": (READER, ALL),
    "kmp.contribution.run": (ALL, ALL),
    "kmp.contribution.line": (READER, READER),
    "kmp.contribution.transfer": (READER, READER),
    "kmp.contribution.arrears": (READER, READER),
}


@tagged("post_install", "-at_install")
class TestContributionSecurity(ContributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.january = cls._bill()
        cls._match(cls._pay(cls.budi, 1), cls.january.line_ids)
        cls.exemption = cls.env["kmp.contribution.exemption"].create(
            {"membership_id": cls.budi.id, "reason": "x"}
        )

    def _rights(self, model, user):
        return {operation for operation in ALL if self.env[model].with_user(user).has_access(operation)}

    def test_who_may_do_what(self):
        for model, (clerk, officer) in RIGHTS.items():
            with self.subTest(model):
                self.assertEqual(self._rights(model, self.clerk), clerk)
                self.assertEqual(self._rights(model, self.officer), officer)
                self.assertEqual(self._rights(model, self.supervisor), READER)
                self.assertEqual(self._rights(model, self.auditor), READER)
                self.assertEqual(self._rights(model, self.outsider), set())
                self.assertEqual(self._rights(model, self.accountant), set())

    def test_wizards_are_for_officers(self):
        for model in ("kmp.contribution.cancel", "kmp.contribution.payment"):
            self.assertEqual(self._rights(model, self.officer), ALL)
            for user in (self.clerk, self.supervisor, self.auditor, self.outsider, self.accountant):
                self.assertEqual(self._rights(model, user), set())

    def test_every_model_is_kept_apart_by_company(self):
        for model in RIGHTS:
            with self.subTest(model):
                self.assertTrue(
                    self.env[model].with_user(self.officer).search([("company_id", "=", self.company.id)])
                )
                self.env.invalidate_all()
                theirs = (
                    self.env[model]
                    .with_user(self.other_officer)
                    .with_context(allowed_company_ids=self.other_company.ids)
                )
                self.assertFalse(theirs.search([]))
                record = self.env[model].search([], limit=1)
                with self.assertRaises(AccessError):
                    theirs.browse(record.id).read(["company_id"])
                rules = self.env["ir.rule"].sudo().search([("model_id.model", "=", model)])
                self.assertTrue(
                    rules.filtered(lambda rule: rule["global"] and "company_ids" in rule.domain_force)
                )

    def test_forms_of_a_reader(self):
        """Supervisor and clerk open every screen without an access error."""
        for user in (self.clerk, self.supervisor, self.auditor):
            for model in RIGHTS:
                for view in ("list", "form", "search"):
                    with self.subTest(user=user.login, model=model, view=view):
                        self.env[model].with_user(user).get_view(view_type=view)
            run = self.january.with_user(user)
            self.assertEqual((run.amount_paid, run.amount_open), (1, 49999))
            self.assertEqual(run.line_ids.amount_open, 49999)
            self.assertEqual(self.budi.with_user(user).dues_open, 49999)
