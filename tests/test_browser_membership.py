"""A membership in a real browser: apply, approve, pay in, leave, be paid out, stand in the register."""

import re
import unittest

import pytest
from browser import CHROMIUM, NO_CHROMIUM, PATIENCE, BrowserMixin
from playwright.sync_api import expect

from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_membership.tests.common import MembershipCase

FIRST_SHARE = 100_000


@pytest.mark.browser
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
@tagged("post_install", "-at_install")
class TestMembershipInBrowser(BrowserMixin, MembershipCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        payable = cls._create_account("220001", "Utang Anggota", "liability_payable")
        cls.env["ir.default"].set(
            "res.partner", "property_account_payable_id", payable.id, company_id=cls.company.id
        )
        cls.pokok.redemption = "on_exit"
        cls.env["kmp.share.term"].create(
            {
                "class_id": cls.producers.id,
                "share_type_id": cls.pokok.id,
                "amount": FIRST_SHARE,
                "frequency": "once",
                "date_from": "2020-01-01",
            }
        )
        cls.ani = cls.env["res.partner"].create({"name": "Ani Wijaya", "company_id": cls.company.id})

    # ---------------------------------------------------------------- what a hand does

    def _choose(self, page, field, text):
        page.locator(f".o_field_widget[name={field}] input").fill(text)
        page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def _expect_value(self, page, field, value):
        """Wait until the form shows it."""
        entry = page.locator(f".o_field_widget[name={field}] input")
        expect(entry).to_have_value(re.compile(re.escape(value)), timeout=PATIENCE)

    def _save(self, page):
        page.locator(".o_form_button_save").click()
        page.locator(".o_form_saved, .o_form_status_indicator_buttons.invisible").first.wait_for(
            state="attached"
        )

    def _press(self, page, name):
        page.locator(".o_form_view").get_by_role("button", name=name, exact=True).click()

    def _confirm(self, page, name="Confirm"):
        page.locator(".modal footer").get_by_role("button", name=name, exact=True).click()
        page.locator(".modal").wait_for(state="detached")

    def _wait_for_state(self, page, label):
        page.locator(".o_arrow_button_current", has_text=label).wait_for()

    def _member(self):
        """Read when no page is open: what a page asks for shares the test's cursor."""
        self.env.invalidate_all()
        return self.env["kmp.membership"].search([("partner_id", "=", self.ani.id)])

    # ---------------------------------------------------------------- who does what

    def _apply(self):
        with self.browse_as(self.clerk, "/odoo/applications/new") as page:
            self._choose(page, "partner_id", "Ani Wijaya")
            self._choose(page, "applied_class_id", "Producers")
            self._save(page)
            self._wait_for_state(page, "Applicant")
            self.assertFalse(page.get_by_role("button", name="Approve", exact=True).count())
        self.assertEqual(self._member().create_uid, self.clerk)

    def _approve(self):
        with self.browse_as(self.officer, f"/odoo/applications/{self._member().id}") as page:
            self._press(page, "Approve")
            page.get_by_label("Resolution Number").fill("012/SK/2026")
            self._confirm(page)
            self._wait_for_state(page, "Approved")
        self.assertEqual(self._member().step_ids.mapped("resolution"), ["012/SK/2026"])

    def _enter_deposit(self):
        """The form proposes what is still to be paid before the membership begins."""
        with self.browse_as(self.clerk, f"/odoo/members/{self._member().id}") as page:
            page.locator(".o_field_widget[name=first_payment]", has_text="100,000").wait_for()
            self._press(page, "New Deposit")
            self._expect_value(page, "share_type_id", "Simpanan Pokok")
            self._expect_value(page, "amount", f"{FIRST_SHARE:,}")
            self._save(page)
            self._wait_for_state(page, "Draft")
            self.assertFalse(page.get_by_role("button", name="Post", exact=True).count())
        [operation] = self._operations()
        self.assertEqual((operation.amount, operation.state), (FIRST_SHARE, "draft"))

    def _operations(self):
        return self.env["kmp.share.operation"].search([("membership_id", "=", self._member().id)], order="id")

    def _open(self, page, path):
        page.goto(f"{self.base_url()}/odoo/{path}")

    def _post_deposit(self):
        member = self._member()
        with self.browse_as(self.officer, f"/odoo/share-operations/{self._operations().id}") as page:
            self._press(page, "Post")
            self._wait_for_state(page, "Posted")
            self._open(page, f"members/{member.id}")
            self._wait_for_state(page, "Active")
            page.locator(".o_stat_value", has_text="100,000").first.wait_for()
        self.assertEqual((self._member().state, self._member().paid_in_capital), ("active", FIRST_SHARE))
        self.assertTrue(self._member().number)

    def _refuse_redemption(self):
        """The first share is paid back when the member leaves, not before: one message, nothing posted."""
        with self.browse_as(self.officer, "/odoo/share-operations/new") as page:
            self._enter_redemption(page)
            self._press(page, "Post")
            page.locator(".modal", has_text="is paid back when the member leaves").wait_for()
            page.locator(".modal").get_by_role("button", name="Close").first.click()
            self._wait_for_state(page, "Draft")
        redemption = self._operations()[-1]
        self.assertEqual((redemption.state, redemption.move_id.id), ("draft", False))
        return redemption

    def _enter_redemption(self, page):
        page.get_by_label("Redemption", exact=True).check()
        self._choose(page, "membership_id", "Ani Wijaya")
        self._choose(page, "share_type_id", "Simpanan Pokok")
        page.locator(".o_field_widget[name=amount] input").fill(str(FIRST_SHARE))
        self._save(page)

    def _leave(self):
        with self.browse_as(self.officer, f"/odoo/members/{self._member().id}") as page:
            self._press(page, "Leave")
            page.locator(".modal .o_field_widget[name=reason] textarea").fill("Moves to another town")
            self._confirm(page)
            page.locator(".ribbon", has_text="Resigned").wait_for()
        self.assertEqual((self._member().state, self._member().left_reason), ("left", "resigned"))

    def _redeem(self, redemption):
        """What was refused before the member left is posted now, and paid."""
        with self.browse_as(self.officer, f"/odoo/share-operations/{redemption.id}") as page:
            self._press(page, "Post")
            self._wait_for_state(page, "Posted")
            self._press(page, "Pay")
            self._confirm(page, "Pay")
            page.locator(".ribbon", has_text="Paid").wait_for()
        self.assertEqual(self._member().paid_in_capital, 0)
        self.assertEqual(self._ledger_balance(self.cash, self.ani), 0)

    def _read_register(self):
        wizard = self.env["kmp.document.wizard"].with_user(self.supervisor).create({})
        address = f"/report/html/kmp_membership.member_register/{wizard.id}"
        with self.browse_as(self.supervisor, address) as page:
            row = page.locator("tr", has_text="Ani Wijaya").inner_text()
        self.assertIn(self._member().number, row)
        self.assertIn("Mengundurkan diri", row)

    def test_from_the_application_to_the_pay_out(self):
        self._apply()
        self._approve()
        self._enter_deposit()
        self._post_deposit()
        redemption = self._refuse_redemption()
        self._leave()
        self._redeem(redemption)
        self._read_register()
