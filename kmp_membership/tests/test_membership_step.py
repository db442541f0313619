from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MembershipCase

DAY = date(2025, 5, 2)


@tagged("post_install", "-at_install")
class TestMembershipStep(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Siti"})
        cls.membership = (
            cls.env["kmp.membership"]
            .with_user(cls.clerk)
            .create({"partner_id": cls.partner.id, "applied_class_id": cls.producers.id})
            .with_user(cls.officer)
        )

    def _activate(self, day=DAY):
        self.membership._apply_step("approve", day, resolution="7/2025")
        self.membership._apply_step("activate", day)

    def test_from_application_to_member(self):
        self.assertEqual(self.membership.state, "applicant")
        self.assertFalse(self.membership.number)
        self.membership._apply_step("approve", date(2025, 5, 1), resolution="7/2025")
        self.assertEqual(self.membership.state, "approved")
        self.assertFalse(self.membership.number)
        self.membership._apply_step("activate", DAY)
        self.assertRecordValues(
            self.membership,
            [
                {
                    "state": "active",
                    "number": "00001",
                    "date_start": DAY,
                    "date_end": False,
                    "class_id": self.producers.id,
                }
            ],
        )
        self.assertRecordValues(
            self.membership.period_ids, [{"class_id": self.producers.id, "date_from": DAY, "date_to": False}]
        )
        self.assertEqual(self.membership.display_name, "00001 Siti")

    def test_every_step_is_kept(self):
        self._activate()
        self.membership._apply_step("suspend", date(2025, 6, 1), reason="dues", resolution="8/2025")
        self.assertRecordValues(
            self.membership.step_ids.sorted("id"),
            [
                {
                    "kind": "approve",
                    "date": DAY,
                    "resolution": "7/2025",
                    "reason": False,
                    "create_uid": self.officer.id,
                },
                {
                    "kind": "activate",
                    "date": DAY,
                    "resolution": False,
                    "reason": False,
                    "create_uid": self.officer.id,
                },
                {
                    "kind": "suspend",
                    "date": date(2025, 6, 1),
                    "resolution": "8/2025",
                    "reason": "dues",
                    "create_uid": self.officer.id,
                },
            ],
        )

    def test_a_step_is_never_changed(self):
        self._activate()
        step = self.membership.step_ids[0]
        for user in (self.clerk, self.officer, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                step.with_user(user).write({"reason": "other"})
            with self.assertRaises(AccessError):
                step.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["kmp.membership.step"].with_user(user).create(
                    {"membership_id": self.membership.id, "kind": "approve", "date": DAY}
                )

    def test_only_the_table_of_transitions_leads_on(self):
        with self.assertRaisesRegex(UserError, "Siti is Applicant: the step “Activate” is not possible"):
            self.membership._apply_step("activate", DAY)
        self._activate()
        for kind in ("approve", "activate", "reject", "reinstate", "readmit"):
            with self.assertRaisesRegex(UserError, "is not possible"):
                self.membership._apply_step(kind, DAY)
        self.membership._apply_step("resign", date(2025, 9, 1))
        for kind in ("suspend", "resign", "expel", "decease", "change_class", "activate"):
            with self.assertRaisesRegex(UserError, "is not possible"):
                self.membership._apply_step(kind, date(2025, 9, 1))

    def test_change_of_class_closes_one_period_and_opens_the_next(self):
        self._activate()
        self.membership._apply_step("change_class", date(2025, 7, 1), self.consumers)
        self.assertRecordValues(
            self.membership.period_ids.sorted("date_from"),
            [
                {"class_id": self.producers.id, "date_from": DAY, "date_to": date(2025, 6, 30)},
                {"class_id": self.consumers.id, "date_from": date(2025, 7, 1), "date_to": False},
            ],
        )
        self.assertEqual(self.membership.class_id, self.consumers)
        self.assertEqual(self.membership.state, "active")

    def test_change_of_class_on_the_first_day_or_to_the_same_class_is_refused(self):
        self._activate()
        with self.assertRaisesRegex(UserError, "must take effect after that day"):
            self.membership._apply_step("change_class", DAY, self.consumers)
        with self.assertRaisesRegex(UserError, "already belongs"):
            self.membership._apply_step("change_class", date(2025, 7, 1), self.producers)
        with self.assertRaisesRegex(UserError, "Choose the new class"):
            self.membership._apply_step("change_class", date(2025, 7, 1))
        self.assertEqual(len(self.membership.period_ids), 1)
        self.assertFalse(self.membership.period_ids.date_to)

    def test_leaving_ends_the_class_on_that_day(self):
        for kind, reason in (("resign", "resigned"), ("expel", "expelled"), ("decease", "deceased")):
            member = self._create_member(kind).with_user(self.officer)
            member._apply_step(kind, date(2025, 9, 1), reason="…")
            self.assertRecordValues(
                member, [{"state": "left", "left_reason": reason, "date_end": date(2025, 9, 1)}]
            )
            self.assertEqual(member.period_ids.date_to, date(2025, 9, 1))

    def test_suspension_keeps_the_class(self):
        self._activate()
        self.membership._apply_step("suspend", date(2025, 6, 1))
        self.assertEqual(self.membership.state, "suspended")
        self.assertFalse(self.membership.period_ids.date_to)
        self.membership._apply_step("reinstate", date(2025, 6, 15))
        self.assertEqual(self.membership.state, "active")

    def test_applying_again_keeps_number_and_history(self):
        self._activate()
        number = self.membership.number
        self.membership._apply_step("resign", date(2025, 9, 1))
        self.membership._apply_step("readmit", date(2026, 1, 1))
        self.assertEqual(self.membership.state, "applicant")
        self.membership.applied_class_id = self.consumers
        self._activate(date(2026, 2, 1))
        self.assertRecordValues(
            self.membership,
            [
                {
                    "number": number,
                    "state": "active",
                    "left_reason": False,
                    "date_start": date(2026, 2, 1),
                    "date_end": False,
                }
            ],
        )
        self.assertRecordValues(
            self.membership.period_ids.sorted("date_from"),
            [
                {"class_id": self.producers.id, "date_from": DAY, "date_to": date(2025, 9, 1)},
                {"class_id": self.consumers.id, "date_from": date(2026, 2, 1), "date_to": False},
            ],
        )

    def test_activation_needs_a_class(self):
        self.membership.applied_class_id = False
        self.membership._apply_step("approve", DAY)
        with self.assertRaisesRegex(UserError, "choose the class"):
            self.membership._apply_step("activate", DAY)
        self.assertEqual(self.membership.state, "approved")
        self.membership._apply_step("activate", DAY, self.consumers)
        self.assertEqual(self.membership.class_id, self.consumers)

    def test_a_class_admits_the_kinds_that_the_by_laws_name(self):
        self.producers.admits_persons = False
        self.membership._apply_step("approve", DAY)
        with self.assertRaisesRegex(UserError, "PRD Producers does not admit Siti .Person"):
            self.membership._apply_step("activate", DAY)
        self.membership._apply_step("activate", DAY, self.consumers)
        with self.assertRaisesRegex(UserError, "does not admit"):
            self.membership._apply_step("change_class", date(2025, 6, 1), self.producers)

    def test_a_clerk_takes_no_step(self):
        for user in (self.clerk, self.supervisor, self.auditor, self.outsider):
            with self.assertRaises(AccessError):
                self.membership.with_user(user)._apply_step("approve", DAY)
            with self.assertRaises(AccessError):
                self.membership.with_user(user).action_approve()
        self.assertEqual(self.membership.state, "applicant")

    def test_all_or_none(self):
        member = self._create_member("Active")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (self.membership | member)._apply_step("approve", DAY)
        self.assertEqual(self.membership.state, "applicant")

    def test_wizard(self):
        def take(action, **values):
            wizard = Form(
                self.env["kmp.membership.step.wizard"]
                .with_user(self.officer)
                .with_context(**action["context"])
            )
            for name, value in values.items():
                setattr(wizard, name, value)
            wizard.save().action_confirm()

        take(self.membership.action_approve(), date=DAY, resolution="7/2025")
        take(self.membership.action_activate(), date=DAY)
        self.assertEqual(self.membership.state, "active")
        take(self.membership.action_change_class(), date=date(2025, 7, 1), class_id=self.consumers)
        self.assertEqual(self.membership.class_id, self.consumers)
        take(self.membership.action_leave(), date=date(2025, 8, 1), leaving_kind="expel", reason="fraud")
        self.assertEqual(self.membership.left_reason, "expelled")
        self.assertEqual(self.membership.step_ids.sorted("id")[-1].reason, "fraud")

    def test_wizard_takes_the_selected_members(self):
        wizard = (
            self.env["kmp.membership.step.wizard"]
            .with_user(self.officer)
            .with_context(active_model="kmp.membership", active_ids=self.membership.ids)
            .create({"kind": "approve", "date": DAY})
        )
        with self.assertRaisesRegex(UserError, "number of the resolution"):
            wizard.action_confirm()
        self.assertEqual(self.membership.state, "applicant")
        wizard.resolution = "7/2025"
        wizard.action_confirm()
        self.assertEqual(self.membership.state, "approved")
