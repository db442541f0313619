from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestResPartner(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Budi", "B-1")
        cls.partner = cls.member.partner_id

    def test_smart_button(self):
        partner = self.partner.with_user(self.clerk)
        self.assertEqual(partner.kmp_membership_count, 1)
        self.assertEqual(partner.action_open_kmp_memberships()["res_id"], self.member.id)

    def test_a_user_without_the_co_operative_reads_contacts_as_before(self):
        fields = self.env["res.partner"].with_user(self.outsider).fields_get()
        self.assertNotIn("kmp_membership_ids", fields)
        self.assertNotIn("kmp_membership_count", fields)

    def test_a_member_does_not_become_a_contact(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        with self.assertRaisesRegex(ValidationError, "Budi is a member of Koperasi Uji"):
            self.partner.with_user(self.clerk).parent_id = firm

    def test_members_are_not_merged(self):
        other = self._create_member("Budi", "B-2").partner_id
        with self.assertRaisesRegex(UserError, "B-1 Budi, B-2 Budi are all members"):
            self.env["base.partner.merge.automatic.wizard"]._merge((self.partner | other).ids)

    def test_a_double_of_a_member_is_merged_into_it(self):
        double = self.env["res.partner"].create({"name": "Budi"})
        self._create_entry(self.pokok_account, self.partner, 10).action_post()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.partner | double).ids, double)
        self.assertEqual(self.member.partner_id, double)
        self.assertEqual(self.member.paid_in_capital, 10)
