from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.kmp_membership.presets import PRESETS

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestSetupAssistant(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls._create_company("Koperasi Baru")
        cls._create_account("3000", "Modal", "equity", cls.fresh)
        cls._create_account("2000", "Utang", "liability_current", cls.fresh)
        cls.found = cls._create_account("3900", "SIMPANAN WAJIB ANGGOTA", "equity", cls.fresh)
        cls.admin = new_test_user(
            cls.env,
            "kmp_admin",
            groups="kmp_membership.group_officer,account.group_account_manager",
            company_id=cls.fresh.id,
            company_ids=[(6, 0, cls.fresh.ids)],
        )

    def _open(self, user=None, preset="kmp"):
        assistant = self.env["kmp.setup.assistant"].with_user(user or self.admin)
        form = Form(assistant.with_context(allowed_company_ids=self.fresh.ids))
        form.preset = preset
        return form

    def _get_types(self):
        return self.env["kmp.share.type"].search([("company_id", "=", self.fresh.id)])

    def test_it_finds_what_exists_and_creates_the_rest(self):
        self._open().save().action_apply()
        types = {share_type.code: share_type for share_type in self._get_types()}
        self.assertEqual(types["SW"].account_id, self.found)
        accounts = {
            code: share_type.account_id.with_company(self.fresh) for code, share_type in types.items()
        }
        self.assertEqual(
            {code: account.code for code, account in accounts.items()},
            {"SP": "3001", "SW": "3900", "SS": "2001", "MP": "3002"},
        )
        self.assertEqual(types["SS"].classification, "liability")
        self.assertEqual(types["SP"].account_id.company_ids, self.fresh)
        classes = self.env["kmp.stakeholder.class"].search([("company_id", "=", self.fresh.id)])
        self.assertEqual(sorted(classes.mapped("code")), ["INV", "KNS", "PKJ", "PRD"])

    def test_new_accounts_follow_the_share_accounts_that_exist(self):
        self._open(preset="worker").save().action_apply()
        assistant = self._open(preset="kmp").save()
        self.assertEqual(
            assistant.share_line_ids.filtered(lambda line: line.code == "MP").account_code, "3901"
        )

    def test_an_account_that_another_type_uses_is_not_proposed(self):
        self._create_share_type("OLD", "Lama", "special", self.found, self.fresh)
        line = self._open().save().share_line_ids.filtered(lambda line: line.code == "SW")
        self.assertFalse(line.account_id)
        self.assertEqual(line.account_code, "3902")

    def test_twice_is_once(self):
        self._open().save().action_apply()
        types, accounts = self._get_types(), self.env["account.account"].search_count([])
        types[0].name = "Changed by hand"
        self._open().save().action_apply()
        self.assertEqual(self._get_types(), types)
        self.assertEqual(types[0].name, "Changed by hand")
        self.assertEqual(self.env["account.account"].search_count([]), accounts)

    def test_every_preset_can_be_applied_and_names_its_source(self):
        for key, preset in PRESETS.items():
            savepoint = self.env.cr.savepoint()
            assistant = self._open(preset=key).save()
            self.assertTrue(assistant.source)
            assistant.action_apply()
            self.assertEqual(len(self._get_types()), len(preset.shares), key)
            savepoint.close(rollback=True)

    def test_an_account_is_created_by_those_who_may(self):
        officer = self._create_user("fresh_officer", "kmp_membership.group_officer", self.fresh)
        with self.assertRaisesRegex(AccessError, "needs a new account"), self.env.cr.savepoint():
            self._open(officer).save().action_apply()
        self.assertFalse(self._get_types())
        with self.assertRaises(AccessError):
            self._open(self._create_user("fresh_clerk", "kmp_membership.group_clerk", self.fresh))

    def test_a_line_without_account_is_refused(self):
        assistant = self._open().save()
        assistant.share_line_ids[0].account_code = False
        with self.assertRaisesRegex(UserError, "choose an existing account"):
            assistant.action_apply()

    def test_lines_that_are_not_wanted_are_left_out(self):
        assistant = self._open().save()
        assistant.share_line_ids.is_wanted = False
        assistant.class_line_ids[1:].is_wanted = False
        assistant.action_apply()
        self.assertFalse(self._get_types())
        self.assertEqual(
            self.env["kmp.stakeholder.class"].search_count([("company_id", "=", self.fresh.id)]), 1
        )

    # ---------------------------------------------------------------- dues

    def _get_dues(self):
        company = self.fresh
        return (
            company.kmp_dues_receivable_account_id,
            company.kmp_dues_called_account_id,
            company.kmp_dues_journal_id,
        )

    def test_accounts_and_journal_for_dues_are_made(self):
        self._open().save().action_apply()
        receivable, called, journal = self._get_dues()
        self.assertEqual(
            (receivable.account_type, called.account_type), ("asset_receivable", "asset_current")
        )
        self.assertEqual((journal.type, journal.company_id), ("general", self.fresh))
        self.assertEqual(receivable.company_ids, self.fresh)
        self.fresh._check_dues_accounts()

    def test_accounts_for_dues_are_found_by_their_name(self):
        receivable = self._create_account("1300", "Piutang Simpanan Anggota", "asset_receivable", self.fresh)
        called = self._create_account("1390", "Simpanan Belum Disetor", "asset_current", self.fresh)
        journal = self.env["account.journal"].create(
            {"name": "Jurnal Simpanan", "code": "JS", "type": "general", "company_id": self.fresh.id}
        )
        officer = self._create_user("fresh_officer", "kmp_membership.group_officer", self.fresh)
        assistant = self._open(officer).save()
        assistant.share_line_ids.is_wanted = False
        assistant.action_apply()
        self.assertEqual(self._get_dues(), (receivable, called, journal))

    def test_what_is_set_for_dues_stays(self):
        self._open().save().action_apply()
        before, accounts = self._get_dues(), self.env["account.account"].search_count([])
        assistant = self._open().save()
        self.assertEqual(assistant.dues_line_ids.mapped("is_done"), [True, True])
        assistant.dues_journal_id = self.env["account.journal"].create(
            {"name": "Lain", "code": "LAIN", "type": "general", "company_id": self.fresh.id}
        )
        assistant.action_apply()
        self.assertEqual(self._get_dues(), before)
        self.assertEqual(self.env["account.account"].search_count([]), accounts)

    def test_dues_are_left_out_at_will(self):
        assistant = self._open().save()
        assistant.dues_line_ids.is_wanted = False
        assistant.action_apply()
        self.assertFalse(any(self._get_dues()))
