import doctest

from odoo.tests import TransactionCase, tagged

from odoo.addons.kmp_membership import tools


@tagged("post_install", "-at_install")
class TestTools(TransactionCase):
    def test_examples_in_docstrings(self):
        result = doctest.testmod(tools)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    def test_key_limits(self):
        self.assertTrue(tools.is_key("A" * 32))
        self.assertFalse(tools.is_key("A" * 33))
        for bad in ("a\nb", "a\rb", "a\x0bb", "a\u2028b", "a ", None):
            self.assertFalse(tools.is_key(bad), repr(bad))

    def test_national_id_takes_ascii_digits_only(self):
        self.assertFalse(tools.is_national_id("٣" * 16))

    def test_a_client_cannot_forge_the_seal(self):
        for forged in (True, 1, "kmp_seal", object()):
            self.assertFalse(tools.is_unsealed(self.env(context={"kmp_seal": forged})))
        self.assertTrue(tools.is_unsealed(tools.unsealed(self.env["res.partner"]).env))

    def test_indonesian_names_where_the_language_is_installed(self):
        company = self.env["res.company"].create({"name": "Koperasi Uji"})
        stakeholder_class = self.env["kmp.stakeholder.class"].create(
            {"code": "P", "name": "Producers", "company_id": company.id}
        )
        self.env["res.lang"].search([("code", "=", "id_ID")]).active = False
        self.assertEqual(stakeholder_class._get_indonesian_name(), "Producers")
        self.env["res.lang"]._activate_lang("id_ID")
        stakeholder_class.with_context(lang="id_ID").name = "Produsen"
        self.assertEqual(stakeholder_class._get_indonesian_name(), "Produsen")
        self.assertEqual(stakeholder_class.name, "Producers")
        self.assertEqual(self.env["kmp.stakeholder.class"]._get_indonesian_name(), "")
