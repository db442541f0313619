"""From the motion to the posting in a real browser: put to the meeting, counted, carried, and only then posted."""

import unittest

import pytest
from browser import CHROMIUM, NO_CHROMIUM, BrowserMixin

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.kmp_shu.tests.test_shu_run import ShuRunCase
from odoo.addons.kmp_shu_meeting.tests.common import DecisionMixin


@pytest.mark.browser
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
@tagged("post_install", "-at_install")
class TestDecisionInBrowser(BrowserMixin, DecisionMixin, ShuRunCase, HttpCase):
    @mute_logger("odoo.http")  # a refusal is logged
    def test_from_the_motion_to_the_posting(self):
        year = self.compute()
        self._put_rules_into_force()
        meeting = self._open_meeting()
        path = f"/odoo/action-kmp_shu.shu_run_action/{year.id}"
        with self.browse_as(self.officer, path) as page:
            self._propose_by_hand(page)
            self._vote_by_hand(page)
            page.goto(self.base_url() + path)
            page.get_by_role("button", name="Approve").click()
            page.locator(".modal").get_by_role("button", name="Ok").click()
            page.locator(".o_arrow_button_current", has_text="Approved").wait_for()
        resolution = meeting.resolution_ids
        self.assertEqual((resolution.result, resolution.number), ("carried", year.resolution))
        self.assertIn(year.hash, resolution.text)
        with self.browse_as(self.accountant, path) as page:
            self._press_post(page)
            page.locator(".o_arrow_button_current", has_text="Posted").wait_for()
        self.env.invalidate_all()
        self.assertEqual(self._sum("payable", year.move_id), 701)
        self.assertIn(resolution.number, year.move_id.ref)

    def _propose_by_hand(self, page):
        page.get_by_role("button", name="Put to the Meeting").click()
        page.locator(".modal footer").get_by_role("button", name="Put to the Meeting").click()
        page.locator("button[name=action_open_vote]").wait_for()

    def _vote_by_hand(self, page):
        page.locator("button[name=action_open_vote]").click()
        page.locator(".modal").get_by_role("button", name="Ok").click()
        page.get_by_role("tab", name="Count").click()
        page.locator(".o_data_row td[name=yes]").click()
        page.locator(".o_data_row td[name=yes] input").fill("2")
        page.locator("button[name=action_close_vote]").click()
        page.locator(".modal").get_by_role("button", name="Ok").click()
        page.locator(".kmp_tally .alert-success", has_text="Carried").wait_for()

    def _press_post(self, page):
        page.get_by_role("button", name="Post", exact=True).click()
        page.locator(".modal").get_by_role("button", name="Ok").click()

    @mute_logger("odoo.http")
    def test_what_was_not_decided_is_refused(self):
        year = self.compute()
        self._put_rules_into_force()
        self._approve(year)  # with a number that somebody typed
        # Read when no page is open: what a page asks for shares the test's cursor.
        refusal = f"names its hash {year.hash_short}"
        with self.browse_as(self.accountant, f"/odoo/action-kmp_shu.shu_run_action/{year.id}") as page:
            self._press_post(page)
            page.locator(".modal", has_text=refusal).wait_for()
        self.assertFalse(year.move_id)
