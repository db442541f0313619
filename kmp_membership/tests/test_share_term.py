from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestShareTerm(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term(cls.pokok, amount=100)

    @classmethod
    def _create_term(cls, share_type, day=date(2024, 1, 1), stakeholder_class=None, **vals):
        return cls.env["kmp.share.term"].create(
            {
                "class_id": (stakeholder_class or cls.producers).id,
                "share_type_id": share_type.id,
                "date_from": day,
                **vals,
            }
        )

    def _get_terms(self, day):
        classes = self.producers | self.consumers
        return self.env["kmp.share.term"].with_user(self.clerk)._get_terms(classes, day)

    def test_the_latest_term_on_the_day_holds(self):
        later = self._create_term(self.pokok, date(2025, 7, 1), amount=150)
        self.assertEqual(self._get_terms(date(2023, 12, 31)), {self.producers: {}, self.consumers: {}})
        self.assertEqual(self._get_terms(date(2024, 1, 1))[self.producers], {self.pokok: self.term})
        self.assertEqual(self._get_terms(date(2025, 6, 30))[self.producers], {self.pokok: self.term})
        self.assertEqual(self._get_terms(date(2025, 7, 1))[self.producers], {self.pokok: later})
        self.assertEqual(self._get_terms(date(2025, 7, 1))[self.consumers], {})

    def test_used_term_is_frozen(self):
        self.term.with_user(self.officer).amount = 110  # not used yet
        member = self._create_member("Budi")
        self._create_deposit(member, 100).with_user(self.officer).action_post()
        with self.assertRaisesRegex(UserError, "has been used"):
            self.term.with_user(self.officer).amount = 120
        with self.assertRaisesRegex(UserError, "has been used"):
            self.term.with_user(self.officer).unlink()
        self.term.clause = "AD art. 12"
        self._create_term(self.pokok, date(2026, 1, 1), amount=120).amount = 130

    @mute_logger("odoo.sql_db")
    def test_impossible_amounts(self):
        for vals in ({"amount": -1}, {"minimum": 10, "maximum": 5}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_term(self.wajib, **vals)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_term(self.pokok, amount=7)

    def _apply(self):
        partner = self.env["res.partner"].create({"name": "Siti"})
        applicant = self.env["kmp.membership"].with_user(self.clerk)
        return applicant.create({"partner_id": partner.id, "applied_class_id": self.producers.id}).with_user(
            self.officer
        )

    def test_membership_begins_when_the_first_share_is_paid(self):
        applicant = self._apply()
        applicant._apply_step("approve", date(2025, 1, 1))
        self.assertEqual(
            applicant._get_entry_dues(self.producers, date(2025, 1, 1)), {self.pokok: Decimal(100)}
        )
        with self.assertRaisesRegex(UserError, "100.00 of Simpanan Pokok is still to be paid"):
            applicant._apply_step("activate", date(2025, 1, 2))
        self._create_deposit(applicant, 60, day=date(2025, 1, 3)).with_user(self.officer).action_post()
        self.assertEqual(applicant.state, "approved")
        self._create_deposit(applicant, 40, day=date(2025, 1, 4)).with_user(self.officer).action_post()
        self.assertRecordValues(
            applicant, [{"state": "active", "date_start": date(2025, 1, 4), "class_id": self.producers.id}]
        )
        self.assertIn("First share paid: SIM/2025/", applicant.step_ids.sorted("id")[-1].reason)

    def test_the_form_of_an_applicant_proposes_what_is_still_to_be_paid(self):
        applicant = self._apply()
        self.assertEqual(applicant.first_payment, 100)
        self._create_deposit(applicant, 60).with_user(self.officer).action_post()
        applicant.invalidate_recordset()
        self.assertEqual(applicant.first_payment, 40)
        context = applicant.with_user(self.clerk).action_new_deposit()["context"]
        with Form(self.env["kmp.share.operation"].with_user(self.clerk).with_context(**context)) as form:
            self.assertEqual((form.share_type_id, form.amount), (self.pokok, 40))
        self.assertEqual(applicant.operation_count, 2)
        member = self._create_member("Budi")
        self.assertEqual(member.first_payment, 0)
        self.assertNotIn("default_amount", member.action_new_deposit()["context"])

    def test_first_share_does_not_replace_the_approval(self):
        applicant = self._apply()
        self._create_deposit(applicant, 100).with_user(self.officer).action_post()
        self.assertEqual(applicant.state, "applicant")

    def test_first_share_when_the_co_operative_activates_by_hand(self):
        self.company.kmp_activate_on_payment = False
        applicant = self._apply()
        applicant._apply_step("approve", date(2025, 1, 1))
        self._create_deposit(applicant, 100).with_user(self.officer).action_post()
        self.assertEqual(applicant.state, "approved")
        applicant._apply_step("activate", date(2025, 2, 2))
        self.assertEqual(applicant.state, "active")

    def test_maximum_holding(self):
        self._create_term(self.wajib, frequency="free", maximum=100)
        member = self._create_member("Budi")
        self._create_deposit(member, 100, self.wajib).with_user(self.officer).action_post()
        with self.assertRaisesRegex(UserError, "at most"), self.env.cr.savepoint():
            self._create_deposit(member, 1, self.wajib).with_user(self.officer).action_post()
        consumer = self._create_member("Siti", stakeholder_class=self.consumers)
        self._create_deposit(consumer, 101, self.wajib).with_user(self.officer).action_post()

    def test_minimum_holding_while_a_member(self):
        self._create_term(self.sukarela, frequency="free", minimum=20)
        member = self._create_member("Budi")
        self._create_deposit(member, 10, self.sukarela).with_user(self.officer).action_post()  # on the way up
        self._create_deposit(member, 90, self.sukarela).with_user(self.officer).action_post()
        withdrawal = {"kind": "withdrawal", "day": date(2025, 3, 1)}
        with self.assertRaisesRegex(UserError, "holds at least"), self.env.cr.savepoint():
            self._create_deposit(member, 81, self.sukarela, **withdrawal).with_user(
                self.officer
            ).action_post()
        self._create_deposit(member, 80, self.sukarela, **withdrawal).with_user(self.officer).action_post()
        member.with_user(self.officer)._apply_step("resign", date(2025, 3, 1))
        self._create_deposit(member, 20, self.sukarela, **withdrawal).with_user(self.officer).action_post()

    def test_conversion_respects_the_maximum_of_the_target(self):
        self._create_term(self.wajib, frequency="free", maximum=100)
        member = self._create_member("Budi")
        self._create_deposit(member, 200, self.sukarela).with_user(self.officer).action_post()
        conversion = {"kind": "conversion", "target_share_type_id": self.wajib.id}
        with self.assertRaisesRegex(UserError, "at most"), self.env.cr.savepoint():
            self._create_deposit(member, 101, self.sukarela, **conversion).with_user(
                self.officer
            ).action_post()
        self._create_deposit(member, 100, self.sukarela, **conversion).with_user(self.officer).action_post()
