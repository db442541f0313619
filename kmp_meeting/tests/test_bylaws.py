import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestBylaws(MeetingCase):
    """By-laws of a company whose meetings decide. The first version is older than its voting rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_bylaws("AD 1", "2020-01-01")
        cls.rule = cls._create_rule()
        cls.meeting = cls._open_meeting(cls.rule)
        cls.second = cls._create_bylaws("AD 2", "2026-02-01")

    @classmethod
    def _create_bylaws(cls, name, day, text=b"We divide by business."):
        return (
            cls.env["kmp.bylaws"]
            .with_user(cls.officer)
            .create({"name": name, "date": day, "date_from": day, "document": base64.b64encode(text)})
        )

    def _propose(self, bylaws):
        action = bylaws.action_put_to_meeting()
        wizard = Form(
            self.env["kmp.meeting.proposal"].with_user(self.officer).with_context(**action["context"])
        )
        self.assertEqual(wizard.meeting_id, self.meeting)
        self.assertRegex(wizard.number, r"^\d\d/RAT/\d{4}$")
        wizard.kind, wizard.method = "special", "consensus"
        return self.env["kmp.meeting.resolution"].browse(wizard.save().action_confirm()["res_id"])

    def test_what_was_there_is_in_effect_and_what_is_new_is_not(self):
        self.assertEqual((self.first.is_effective, self.second.is_effective), (True, False))
        self.assertFalse(self.first.date_to, "a version that is not in effect ends no other")
        with self.assertRaisesRegex(UserError, "AD 2 are not in effect yet"):
            self.producers.bylaws_id = self.second
        with self.assertRaisesRegex(UserError, "AD 2 are not in effect yet"):
            self._create_rule(bylaws_id=self.second.id, date_from="2026-02-01")
        self.producers.bylaws_id = self.first

    def test_adopted(self):
        with self.assertRaisesRegex(UserError, "AD 2 takes effect .* None is entered"):
            self.second.action_take_effect()
        resolution = self._propose(self.second)
        self.assertIn(self.second._get_subject_hash(), resolution.text)
        with self.assertRaisesRegex(UserError, "is draft"):
            self.second.action_take_effect()
        resolution.action_record_consensus()
        self.second.name = "AHU-2"  # the number of the deed comes after the meeting
        self.second.action_take_effect()
        self.assertTrue(self.second.is_effective)
        self.assertEqual(str(self.first.date_to), "2026-01-31")
        self.producers.bylaws_id = self.second
        for change in (
            {"document": base64.b64encode(b"Another text")},
            {"name": "AHU-3"},
            {"resolution_id": False},
        ):
            with self.assertRaises(UserError):
                self.second.write(change)

    def test_another_text_than_was_adopted(self):
        self._propose(self.second).action_record_consensus()
        self.second.document = base64.b64encode(b"The board takes it all.")
        with self.assertRaisesRegex(UserError, "on something else, or on an earlier version"):
            self.second.action_take_effect()

    def test_without_a_text_there_is_nothing_to_decide(self):
        self.second.document = False
        with self.assertRaisesRegex(UserError, "AD 2 have no document"):
            self.second.action_put_to_meeting()

    def test_who_may(self):
        for user in (self.clerk, self.supervisor, self.auditor):
            for step in ("action_put_to_meeting", "action_take_effect"):
                with self.assertRaises(AccessError):
                    getattr(self.second.with_user(user), step)()
        with self.assertRaises(AccessError):
            self._elsewhere(self.second).action_take_effect()
        with self.assertRaisesRegex(UserError, "by their button only"):
            self.second.is_effective = True

    def test_a_company_without_voting_rules_records_its_by_laws_as_before(self):
        bylaws = self._elsewhere(self.env["kmp.bylaws"]).create(
            {
                "name": "AD",
                "date": "2026-01-01",
                "date_from": "2026-01-01",
                "company_id": self.other_company.id,
            }
        )
        self.assertTrue(bylaws.is_effective)
        self.assertFalse(bylaws.needs_resolution)
