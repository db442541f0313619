import lxml.etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .document_common import DocumentCase


@tagged("post_install", "-at_install")
class TestMembershipPerson(DocumentCase):
    def test_sex_and_birth_are_for_officers(self):
        for name in ("birth_place", "birth_date", "sex", "occupation"):
            with self.assertRaises(AccessError):
                self.member.with_user(self.clerk).read([name])
            self.assertTrue(self.member.with_user(self.officer)[name])

    def test_personal_data_on_the_form(self):
        for user, is_shown in ((self.officer, True), (self.clerk, False)):
            arch = self.env["kmp.membership"].with_user(user).get_view(view_type="form")["arch"]
            names = {node.get("name") for node in lxml.etree.fromstring(arch).iter("field")}
            for name in ("birth_place", "birth_date", "sex", "occupation"):
                self.assertEqual(name in names, is_shown)
            self.assertEqual('string="Born"' in arch, is_shown)
