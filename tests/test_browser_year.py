"""The main job in a real browser: compute, approve as somebody else, post."""

import unittest

import pytest
from browser import CHROMIUM, NO_CHROMIUM, BrowserMixin

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.kmp_shu.tests.test_shu_run import ShuRunCase


@pytest.mark.browser
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
@tagged("post_install", "-at_install")
class TestYearInBrowser(BrowserMixin, ShuRunCase, HttpCase):
    def setUp(self):
        super().setUp()
        self._earn("2025-12-31", 1001)
        self.year = self._create_run(self.scheme, posting_date="2026-03-01")
        self.path = f"/odoo/action-kmp_shu.shu_run_action/{self.year.id}"

    def state(self, page):
        return page.locator(".o_statusbar_status .o_arrow_button_current").inner_text().strip()

    def test_compute_approve_post(self):
        with self.browse_as(self.accountant, self.path) as page:
            page.get_by_role("button", name="Compute", exact=True).click()
            page.locator(".o_arrow_button_current", has_text="Computed").wait_for()
            page.locator(".o_field_widget[name=waterfall] svg rect").first.wait_for()
            self.assertFalse(page.get_by_role("button", name="Approve").count())
            page.get_by_role("tab", name="Pools").click()
            page.get_by_role("cell", name="701").first.wait_for()
        with self.browse_as(self.officer, self.path) as page:
            page.get_by_label("Resolution").fill("07/RAT/2026")
            page.get_by_role("button", name="Approve").click()
            page.locator(".modal").get_by_role("button", name="Ok").click()
            page.locator(".o_arrow_button_current", has_text="Approved").wait_for()
        with self.browse_as(self.accountant, self.path) as page:
            page.get_by_role("button", name="Post", exact=True).click()
            page.locator(".modal").get_by_role("button", name="Ok").click()
            page.locator(".o_arrow_button_current", has_text="Posted").wait_for()
        self.env.invalidate_all()
        self.assertEqual((self.year.state, self.year.approved_by_id), ("posted", self.officer))
        self.assertEqual(self._sum("payable", self.year.move_id), 701)

    @mute_logger("odoo.http")  # where a message comes with a button, the server logs it as an error
    def test_a_refusal_is_one_message_and_leaves_nothing(self):
        self._post("2025-12-31", ("wages", 5000, None), ("cash", -5000, None))
        with self.browse_as(self.accountant, self.path) as page:
            page.get_by_role("button", name="Compute", exact=True).click()
            page.locator(".modal", has_text="a loss of 3999").wait_for()
            page.locator(".modal").get_by_role("button", name="Cover the loss").wait_for()
            page.locator(".modal").get_by_role("button", name="Close").first.click()
            self.assertEqual(self.state(page), "Draft")
        self.env.invalidate_all()
        self.assertEqual((self.year.state, len(self.year.pool_ids)), ("draft", 0))
