from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.kmp_meeting.presets import PRESETS

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestVotingRule(MeetingCase):
    def _create_draft(self, **vals):
        return (
            self.env["kmp.voting.rule"]
            .with_user(self.officer)
            .create({"name": "AD-1", "company_id": self.company.id, **vals})
        )

    def test_weights_that_do_not_sum_are_refused(self):
        rule = self._create_draft(
            weight_source="fixed",
            transfer="winner",
            line_ids=[
                (0, 0, {"class_id": self.producers.id, "weight": "50%"}),
                (0, 0, {"class_id": self.consumers.id, "weight": "2/5"}),
            ],
        )
        with (
            self.assertRaisesRegex(
                ValidationError, "AD-1: the weights of the classes sum to 90%. They must sum to 100%"
            ),
            self.env.cr.savepoint(),
        ):
            rule.action_put_into_force()
        rule.line_ids[1].weight = "1/2"
        rule.action_put_into_force()
        self.assertEqual(rule.state, "in_force")

    def test_a_third_is_exact(self):
        rule = self._create_rule(
            {each: {"weight": "1/3"} for each in self.members}, weight_source="fixed", transfer="winner"
        )
        self.assertEqual(sum(line.weight for line in rule._get_tally_rule().classes.values()), 1)

    def test_a_text_that_is_no_share_is_refused(self):
        for name in ("ordinary_majority", "special_majority", "quorum_total", "second_quorum_class"):
            with self.assertRaisesRegex(ValidationError, '"half" is not a share'):
                self._create_draft(**{name: "half"})
        with self.assertRaisesRegex(ValidationError, "class PRD Producers: .*is not a share"):
            self._create_draft(line_ids=[(0, 0, {"class_id": self.producers.id, "cap": "120%"})])

    def test_rules_in_force_do_not_change(self):
        rule = self._create_rule({self.producers: {"cap": "1/3"}}).with_user(self.officer)
        for vals in ({"quorum_total": "1/2"}, {"date_from": "2025-02-01"}, {"line_ids": [(5, 0, 0)]}):
            with self.assertRaisesRegex(UserError, "are in force and do not change"):
                rule.write(vals)
        with self.assertRaisesRegex(UserError, "do not change"):
            rule.line_ids.write({"cap": "1/2"})
        with self.assertRaisesRegex(UserError, "do not change"):
            rule.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "do not change"):
            rule.unlink()
        with self.assertRaisesRegex(UserError, "by their button only"):
            rule.write({"state": "draft"})
        rule.write({"clause": "art. 27"})
        rule.action_reset_to_draft()
        rule.write({"quorum_total": "1/2"})

    def test_rules_that_a_meeting_uses_stay_in_force(self):
        rule = self._create_rule()
        self._create_meeting(rule)
        with self.assertRaisesRegex(UserError, "were used by RAT 2025"):
            rule.with_user(self.officer).action_reset_to_draft()
        copy = rule.copy()
        self.assertEqual((copy.state, copy.name), ("draft", "Rules (copy)"))

    def test_the_rules_of_a_day_are_the_latest_in_force(self):
        old = self._create_rule(date_from="2024-01-01")
        new = self._create_rule(date_from="2026-01-01")
        self._create_draft(date_from="2026-02-01")
        rules = self.env["kmp.voting.rule"]
        self.assertEqual(rules._get_rule(self.company, date(2025, 12, 31)), old)
        self.assertEqual(rules._get_rule(self.company, date(2026, 3, 1)), new)
        self.assertFalse(rules._get_rule(self.company, date(2023, 1, 1)))
        self.assertFalse(rules._get_rule(self.other_company, date(2026, 3, 1)))

    def test_who_may_put_rules_into_force(self):
        rule = self._create_draft()
        for user in (self.clerk, self.supervisor, self.auditor, self.outsider, self.other_officer):
            with self.assertRaises(AccessError):
                rule.with_user(user).action_put_into_force()
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"name": "x"})
        self.assertEqual(rule.state, "draft")
        with self.assertRaisesRegex(UserError, "begin as a draft"):
            self._create_draft(state="in_force")

    def _apply(self, preset):
        wizard = Form(self.env["kmp.voting.preset"].with_user(self.officer).with_company(self.company))
        wizard.preset = preset
        wizard = wizard.save()
        return wizard, self.env["kmp.voting.rule"].browse(wizard.action_apply()["res_id"])

    def test_presets_become_ordinary_records(self):
        for preset in PRESETS:
            with self.subTest(preset):
                wizard, rule = self._apply(preset)
                self.assertEqual((rule.state, rule.company_id), ("draft", self.company))
                self.assertEqual(rule.source, wizard.source)
                if preset != "kmp":  # made for five classes, and there are three here
                    rule.with_user(self.officer).action_put_into_force()
                    rule.with_user(self.officer).action_reset_to_draft()

    def test_five_classes_with_a_fifth_each(self):
        wizard, rule = self._apply("kmp")
        self.assertIn("Made for 5 classes; there are 3 here", wizard.warning)
        with self.assertRaisesRegex(ValidationError, "sum to 60%"):
            rule.with_user(self.officer).action_put_into_force()
        self.env["kmp.stakeholder.class"].create(
            [{"code": code, "name": code, "company_id": self.company.id} for code in ("PKJ", "FDR")]
        )
        wizard, rule = self._apply("kmp")
        self.assertFalse(wizard.warning)
        self.assertEqual(rule.line_ids.mapped("weight"), ["20%"] * 5)
        rule.with_user(self.officer).action_put_into_force()

    def test_investors_are_capped_at_a_third(self):
        _wizard, rule = self._apply("italy")
        self.assertRecordValues(rule.line_ids, [{"class_id": self.investors.id, "cap": "1/3"}])
        _wizard, rule = self._apply("scic")
        self.assertEqual(set(rule.line_ids.mapped(lambda line: (line.floor, line.cap))), {("10%", "50%")})
        _wizard, rule = self._apply("fairshares")
        self.assertEqual(rule.line_ids.mapped("has_veto"), [True] * 3)

    def test_a_clerk_sets_up_nothing(self):
        with self.assertRaises(AccessError):
            self.env["kmp.voting.preset"].with_user(self.clerk).create({}).action_apply()
