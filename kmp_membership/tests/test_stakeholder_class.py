from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestStakeholderClass(MembershipCase):
    def _create_class(self, code, **vals):
        return self.env["kmp.stakeholder.class"].create(
            {"code": code, "name": "X", "company_id": self.company.id, **vals}
        )

    def test_codes_that_would_break_the_canonical_form_are_refused(self):
        for code in (" A", "A ", "A\u2028B", "A" * 33):
            with self.assertRaisesRegex(ValidationError, "cannot be used"), self.env.cr.savepoint():
                self._create_class(code)

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_them_too(self):
        for code in ("A\tB", "A\nB", "A\rB", "A\\B", ""):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE kmp_stakeholder_class SET code = %s WHERE id = %s", (code, self.producers.id)
                )

    @mute_logger("odoo.sql_db")
    def test_limits(self):
        for vals in (
            {"vote_weight": 101},
            {"vote_weight": -1},
            {"minimum_members": -1},
            {"maximum_officers": -1},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_class("LIM", **vals)

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_a_company(self):
        self._create_class("PRD", company_id=self.other_company.id)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_class("PRD")

    def test_members_are_counted_without_applicants_and_former_members(self):
        active = self._create_member("Active")
        suspended = self._create_member("Suspended", state="suspended")
        self._create_member("Former", state="left")
        self._create_member("Consumer", stakeholder_class=self.consumers)
        self.assertEqual(self.producers.member_count, 2)
        action = self.producers.with_user(self.clerk).action_open_members()
        members = self.env["kmp.membership"].search(
            [*action["domain"], ("state", "in", ("active", "suspended"))]
        )
        self.assertEqual(members, active | suspended)

    def test_counts_need_one_query_for_the_page(self):
        classes = self.producers | self.consumers
        self._create_member("Active")
        self.env.invalidate_all()
        classes.mapped("code")
        with self.assertQueryCount(1):
            classes.mapped("member_count")

    def test_found_by_code_and_by_name(self):
        for text in ("PRD", "Produc"):
            found = self.env["kmp.stakeholder.class"].with_user(self.clerk).name_search(text)
            self.assertEqual(found, [(self.producers.id, "PRD Producers")])
        self.assertEqual(
            self.env["kmp.share.type"].with_user(self.clerk).name_search("SW"),
            [(self.wajib.id, "Simpanan Wajib")],
        )

    def test_display_name(self):
        self.assertEqual(self.producers.display_name, "PRD Producers")

    @mute_logger("odoo.sql_db")
    def test_a_class_with_history_cannot_be_deleted(self):
        self._create_member("Active")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.producers.unlink()

    def test_fewer_members_than_the_by_laws_ask_for(self):
        """Applicants and associates do not count."""
        self.producers.minimum_members = 2
        self._create_member("Budi", "B-1")
        associate = self._create_member("Luar", "B-2", is_associate=True)
        self.env["kmp.membership"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Applicant"}).id,
                "applied_class_id": self.producers.id,
            }
        )
        self.assertEqual((self.producers.member_count, self.producers.is_below_minimum), (1, True))
        associate.is_associate = False
        self.producers.invalidate_recordset()
        self.assertEqual((self.producers.member_count, self.producers.is_below_minimum), (2, False))
        self.assertFalse(self.consumers.is_below_minimum)
