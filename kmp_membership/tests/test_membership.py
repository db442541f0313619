from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestMembership(MembershipCase):
    def _create_partner(self, name="Budi", **vals):
        return self.env["res.partner"].create({"name": name, **vals})

    def test_only_a_commercial_partner_is_a_member(self):
        firm = self._create_partner("Firm", is_company=True)
        contact = self._create_partner("Contact", parent_id=firm.id)
        with self.assertRaisesRegex(ValidationError, "Contact is a contact of Firm"):
            self.env["kmp.membership"].with_user(self.clerk).create({"partner_id": contact.id})
        self.assertTrue(self.env["kmp.membership"].with_user(self.clerk).create({"partner_id": firm.id}))

    @mute_logger("odoo.sql_db")
    def test_one_membership_per_partner_and_company(self):
        partner = self._create_partner()
        first = self.env["kmp.membership"].create({"partner_id": partner.id})
        other = self.env["kmp.membership"].create(
            {"partner_id": partner.id, "company_id": self.other_company.id}
        )
        self.assertNotEqual(first, other)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["kmp.membership"].create({"partner_id": partner.id})

    @mute_logger("odoo.sql_db")
    def test_number_is_unique_in_a_company(self):
        self._create_member("A", "K-1")
        foreign_class = self.env["kmp.stakeholder.class"].create(
            {"code": "X", "name": "X", "company_id": self.other_company.id}
        )
        self._create_member("B", "K-1", company_id=self.other_company.id, stakeholder_class=foreign_class)
        with self.assertRaises(IntegrityError) as caught, self.env.cr.savepoint():
            self._create_member("C", "K-1")
        message = self.env["kmp.membership"]._sql_error_to_message(caught.exception)
        self.assertIn("The member number K-1 belongs to A and is never used again", message)

    def test_number_and_person_never_change(self):
        member = self._create_member("A", "K-1").with_user(self.officer)
        other = self._create_partner("Other")
        for vals in (
            {"number": "K-2"},
            {"number": False},
            {"partner_id": other.id},
            {"company_id": self.other_company.id},
        ):
            with self.assertRaisesRegex(UserError, "never change"):
                member.write(vals)
        member.write({"number": "K-1", "partner_id": member.partner_id.id})  # the same value is no change
        self.assertEqual(member.number, "K-1")

    def test_numbers_come_from_a_sequence_per_company_and_skip_what_is_taken(self):
        self._create_member("Taken", "00002")
        numbers = [self._create_member(f"M{i}").number for i in range(3)]
        self.assertEqual(numbers, ["00001", "00003", "00004"])
        foreign_class = self.env["kmp.stakeholder.class"].create(
            {"code": "X", "name": "X", "company_id": self.other_company.id}
        )
        other = self._create_member(
            "Other", company_id=self.other_company.id, stakeholder_class=foreign_class
        )
        self.assertEqual(other.number, "00001")

    def test_a_batch_gets_different_numbers(self):
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(5)])
        members = self.env["kmp.membership"].create(
            [{"partner_id": partner.id, "state": "active"} for partner in partners]
        )
        self.assertEqual(sorted(members.mapped("number")), ["00001", "00002", "00003", "00004", "00005"])

    def test_numbers_that_would_break_the_canonical_form_are_refused(self):
        for number in (" A", "A ", "A\u2028B", "A" * 33):
            with self.assertRaisesRegex(ValidationError, "cannot be used"), self.env.cr.savepoint():
                self._create_member("Bad", number)

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_a_member_without_number(self):
        member = self._create_member("A")
        self.env.flush_all()
        for bad in (None, "A\tB"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute("UPDATE kmp_membership SET number = %s WHERE id = %s", (bad, member.id))

    def test_status_changes_only_by_steps(self):
        member = self._create_member("A").with_user(self.officer)
        for vals in (
            {"state": "left"},
            {"date_start": "2024-01-01"},
            {"date_end": "2025-05-01"},
            {"left_reason": "resigned"},
        ):
            with self.assertRaisesRegex(UserError, "only by a step"):
                member.write(vals)
            with self.assertRaisesRegex(UserError, "only by a step"):
                member.with_context(kmp_seal=True).write(vals)
        self.assertEqual(member.state, "active")

    def test_a_clerk_enters_applicants_only(self):
        partner = self._create_partner()
        memberships = self.env["kmp.membership"].with_user(self.clerk)
        for vals in ({"state": "active"}, {"number": "K-1"}):
            with self.assertRaisesRegex(AccessError, "Only an officer"):
                memberships.create({"partner_id": partner.id, **vals})
        applicant = memberships.create({"partner_id": partner.id})
        with self.assertRaisesRegex(AccessError, "Only an officer"):
            applicant.number = "K-1"
        applicant.notes = "complete"
        self.assertEqual(applicant.state, "applicant")

    def test_a_member_stays_in_the_register(self):
        member = self._create_member("A")
        with self.assertRaisesRegex(UserError, "stays in the register"):
            member.with_user(self.officer).unlink()
        applicant = (
            self.env["kmp.membership"].with_user(self.clerk).create({"partner_id": self._create_partner().id})
        )
        applicant.unlink()
        self.assertFalse(applicant.exists())

    def test_national_id(self):
        member = self._create_member("A").with_user(self.officer)
        with self.assertRaisesRegex(ValidationError, "16 digits"):
            member.national_id = "123"
        member.national_id = "3201012345678901"
        for user in (self.clerk, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                member.with_user(user).read(["national_id"])
            self.assertNotIn("national_id", self.env["kmp.membership"].with_user(user).fields_get())

    @mute_logger("odoo.sql_db")
    def test_a_national_id_is_registered_once(self):
        self._create_member("A", national_id="3201012345678901")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_member("B", national_id="3201012345678901")

    def test_class_is_that_of_the_latest_period(self):
        member = self._create_member(
            "A",
            period_ids=[
                Command.create({"class_id": self.consumers.id, "date_from": "2025-07-01"}),
                Command.create(
                    {"class_id": self.producers.id, "date_from": "2025-01-01", "date_to": "2025-06-30"}
                ),
            ],
        )
        self.assertEqual(member.class_id, self.consumers)
        member.period_ids.filtered(lambda period: period.class_id == self.consumers).unlink()
        self.assertEqual(member.class_id, self.producers)

    def test_perhaps_the_same_person(self):
        member = self._create_member("Budi", "B-1")
        member.partner_id.write({"email": "Budi@example.com", "phone": "0812-1"})
        former = self._create_member("Budi", "B-2", state="left")
        former.partner_id.phone = "0812-2"
        self._create_member("Siti").partner_id.email = "siti@example.com"
        other = self.env["kmp.membership"].create(
            {"partner_id": self._create_partner("X").id, "company_id": self.other_company.id}
        )
        other.partner_id.phone = "0812-2"
        memberships = self.env["kmp.membership"].with_user(self.clerk)
        for vals, expected in (
            ({"email": "budi@EXAMPLE.com"}, member),
            ({"phone": "0812-2"}, former),
            ({"email": "budi@example.com", "phone": "0812-2"}, member | former),
            ({"email": "new@example.com", "phone": "0812-9"}, memberships),
            ({}, memberships),
        ):
            applicant = memberships.create({"partner_id": self._create_partner("New", **vals).id})
            self.assertEqual(applicant.duplicate_ids, expected)
            applicant.unlink()
        self.assertFalse(member.duplicate_ids)

    def test_the_same_person_is_found_however_it_is_written(self):
        member = self._create_member("Budi", "B-1", national_id="3201012345678901")
        member.partner_id.write({"email": "budi@example.com", "phone": "+62 812-3456"})
        memberships = self.env["kmp.membership"].with_user(self.clerk)
        people = [
            {"phone": "0812 3456"},
            {"email": " Budi@Example.COM "},
            {"national_id": "3201012345678901", "email": "other@example.com"},
            {"phone": "0812 3457", "email": None},
            {},
        ]
        with self.assertQueryCount(1):
            found = memberships._find_same_person(self.company, people)
        self.assertEqual([list(each) for each in found], [[member], [member], [member], [], []])
        elsewhere = memberships._find_same_person(self.other_company, people)
        self.assertFalse(elsewhere[0] | elsewhere[2])

    def test_the_form_names_who_has_the_national_id_before_it_is_saved(self):
        member = self._create_member("Budi", "B-1", national_id="3201012345678901")
        form = Form(self.env["kmp.membership"].with_user(self.officer))
        form.partner_id = self._create_partner("Siti")
        self.assertFalse(form.duplicate_ids[:])
        form.national_id = "3201012345678901"
        self.assertEqual(form.duplicate_ids[:], member)

    def test_kind_of_member(self):
        person = self._create_member("Person")
        firm = self._create_member("Firm")
        firm.partner_id.is_company = True
        co_operative = self.env["kmp.membership"].create(
            {"partner_id": self._create_partner("KUD", is_company=True).id, "member_kind": "cooperative"}
        )
        self.assertEqual((person.member_kind, co_operative.member_kind), ("person", "cooperative"))
        company = self.env["kmp.membership"].create(
            {"partner_id": self._create_partner("PT", is_company=True).id}
        )
        self.assertEqual(company.member_kind, "company")

    def test_associates_do_not_count(self):
        associate = self._create_member("Associate", is_associate=True)
        member = self._create_member("Member")
        self.assertEqual((associate.is_member, member.is_member), (False, True))
        self.assertEqual(self.producers.member_count, 1)
        movements = self.env["kmp.membership.movement"].search([("class_id", "=", self.producers.id)])
        self.assertEqual(movements.membership_id, member)

    def test_found_by_number_and_by_name(self):
        member = self._create_member("Kusumawati", "Q-77")
        for text in ("Q-77", "kusuma"):
            self.assertEqual(
                self.env["kmp.membership"].with_user(self.clerk).name_search(text),
                [(member.id, "Q-77 Kusumawati")],
            )

    def test_capital_and_savings_are_read_from_the_ledger(self):
        member = self._create_member("A").with_user(self.clerk)
        self._create_entry(self.pokok_account, member.partner_id, 100000).action_post()
        self._create_entry(self.wajib_account, member.partner_id, 25000.5).action_post()
        self._create_entry(self.sukarela_account, member.partner_id, 7000).action_post()
        self._create_entry(self.wajib_account, member.partner_id, 999)  # a draft does not count
        self._create_entry(
            self.wajib_account, member.partner_id, 555, day=date(2099, 1, 1)
        ).action_post()  # nor does the future
        self.assertEqual(member.paid_in_capital, 125000.5)
        self.assertEqual(member.savings, 7000)

    def test_capital_of_another_company_does_not_count(self):
        member = self._create_member("A")
        self.env["kmp.membership"].create(
            {"partner_id": member.partner_id.id, "company_id": self.other_company.id}
        )
        account = self._create_account("310001", "Pokok", "equity", self.other_company)
        counterpart = self._create_account("110001", "Kas", "asset_cash", self.other_company)
        self._create_share_type("SP", "Pokok", "membership", account, self.other_company)
        journal = self.env["account.journal"].create(
            {"name": "Umum", "code": "UMUM", "type": "general", "company_id": self.other_company.id}
        )
        move = self._create_entry(
            account, member.partner_id, 400, counterpart=counterpart, journal_id=journal.id
        )
        move.action_post()
        self.assertEqual(member.paid_in_capital, 0)

    def test_an_account_of_two_companies_is_a_share_account_only_where_a_type_says_so(self):
        member = self._create_member("A")
        other = self.env["kmp.membership"].create(
            {"partner_id": member.partner_id.id, "company_id": self.other_company.id}
        )
        self.pokok_account.with_company(self.other_company).sudo().write(
            {"company_ids": [Command.link(self.other_company.id)], "code": "310001"}
        )
        cash = self._create_account("110001", "Kas", "asset_cash", self.other_company)
        journal = self.env["account.journal"].create(
            {"name": "Umum", "code": "UMUM", "type": "general", "company_id": self.other_company.id}
        )
        self._create_entry(
            self.pokok_account, member.partner_id, 400, counterpart=cash, journal_id=journal.id
        ).action_post()
        self._create_entry(self.pokok_account, member.partner_id, 30).action_post()
        self.assertEqual((member.paid_in_capital, other.paid_in_capital), (30, 0))
        self.assertEqual(
            self.pokok._get_holdings(date(2025, 12, 31)), {(member.partner_id.id, self.pokok.id): 30}
        )

    def test_capital_of_a_page_costs_one_query(self):
        members = self.env["kmp.membership"].concat(*[self._create_member(f"M{i}") for i in range(10)])
        for member in members:
            self._create_entry(self.pokok_account, member.partner_id, 100).action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        members.mapped("company_id.currency_id.name"), members.mapped("partner_id.name")
        with self.assertQueryCount(1):
            self.assertEqual(members.mapped("paid_in_capital"), [100.0] * 10)
