"""A meeting in a real Chromium: the officer at a desk, the member with a phone. Convened, answered, opened, voted on, closed, checked."""

import unittest

import pytest
from browser import CHROMIUM, NO_CHROMIUM, PHONE, BrowserMixin

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_membership.tests.common import MembershipCase
from odoo.addons.kmp_membership.tests.portal_common import PortalMixin


@pytest.mark.browser
@tagged("post_install", "-at_install")
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
class TestVote(BrowserMixin, PortalMixin, MembershipCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ani, cls.budi = (
            cls._create_member(name, number)
            for name, number in (("Ani Rahayu", "A-1"), ("Budi Santoso", "A-2"))
        )
        cls.user_ani = cls._give_access(cls.ani, "ani")
        rule = cls.env["kmp.voting.rule"].create({"name": "Votes", "date_from": "2020-01-01"})
        rule.action_put_into_force()
        cls.meeting = cls.env["kmp.meeting"].create(
            {
                "name": "RAT for 2025",
                "rule_id": rule.id,
                "date": fields.Datetime.add(fields.Datetime.now(), days=10),
                "location": "Balai Desa Sukamaju",
                "agenda_ids": [
                    Command.create({"name": "Report of the board", "description": "Read in advance"}),
                    Command.create({"name": "Surplus of the year"}),
                ],
                "attachment_ids": [Command.create({"name": "Report 2025.pdf", "raw": b"%PDF-1.4"})],
                "resolution_ids": [
                    Command.create(
                        {
                            "number": "04/RAT/2026",
                            "name": "Surplus of 2025",
                            "text": "<p>The surplus is divided as the board proposes.</p>",
                            "method": "secret",
                        }
                    )
                ],
            }
        )
        cls.meeting.action_convene()
        cls.url = f"/my/meeting/{cls.meeting.id}"

    def test_from_the_convocation_to_the_check_of_the_ballot(self):
        self._say_that_one_comes()
        self._open_at_the_desk()
        token = self._vote_by_phone()
        self._close_at_the_desk()
        self._see_the_result()
        self._check_the_ballot(token)

    def _say_that_one_comes(self):
        with self.browse_as(self.user_ani, "/my", PHONE) as page:
            page.click(".o_portal_my_home a[href='/my/meetings']:visible")
            page.click("a:has-text('RAT for 2025')")
            self.check_fits(page.locator("text=Balai Desa Sukamaju"))
            page.click("button:has-text('I will come')")
            page.wait_for_selector("button.btn-success:has-text('I will come')")
        self.assertEqual(self.meeting.roll_ids.filtered("answer").mapped("number"), ["A-1"])

    def _open_at_the_desk(self):
        with self.browse_as(self.officer, f"/odoo/meetings/{self.meeting.id}") as page:
            page.wait_for_selector("button[name=action_open_roll]:has-text('1')")
            page.click(".nav-link:has-text('Attendance')")
            page.wait_for_selector(".kmp_attendance_scan input:focus")
            page.keyboard.type("A-1")
            page.keyboard.press("Enter")
            page.wait_for_selector(".kmp_attendance_scan .alert-success")
            page.click("button[name=action_open]")
            page.wait_for_selector(".o_arrow_button_current:has-text('Open')")
            page.click(".nav-link:has-text('Resolutions')")
            page.click(".o_data_row:has-text('Surplus of 2025') td.o_data_cell >> nth=1")
            page.wait_for_selector(
                ".modal button[name=action_open_vote], .o_form_view button[name=action_open_vote]"
            )
            page.click("button[name=action_open_vote]")
            page.click(".modal:has-text('does not change any more') button.btn-primary")
            page.wait_for_selector("button[name=action_close_vote]")
        self.assertEqual((self.meeting.state, self.meeting.resolution_ids.state), ("open", "open"))

    def _vote_by_phone(self):
        with self.browse_as(self.user_ani, self.url, PHONE) as page:
            self.check_fits(page.locator(".kmp_vote:has-text('as the board proposes')"))
            page.click(".kmp_vote button:has-text('Yes')")
            receipt = page.locator("#kmp_receipt")
            self.check_fits(receipt)
            token = receipt.inner_text()
            page.click("text=Back to the meeting")
            page.wait_for_selector(".kmp_vote:has-text('Voted')")
            self.assertEqual(page.locator(".kmp_vote form").count(), 0)
        self.assertEqual(self.meeting.resolution_ids.voter_ids.mapped("number"), ["A-1"])
        return token

    def _close_at_the_desk(self):
        resolution = self.meeting.resolution_ids
        with self.browse_as(self.officer, f"/odoo/resolutions/{resolution.id}") as page:
            page.click("button[name=action_close_vote]")
            page.click(".modal button.btn-primary")
            page.click(".nav-link:has-text('Tally')")
            page.wait_for_selector(".kmp_tally .alert-success")
        self.assertEqual(resolution.result, "carried")

    def _see_the_result(self):
        with self.browse_as(self.user_ani, self.url, PHONE) as page:
            page.click("summary:has-text('How it was counted')")
            self.check_fits(page.locator(".kmp_tally >> visible=true"))

    def _check_the_ballot(self, token):
        with self.browse_as(self.user_ani, f"/ballot/{self.meeting.resolution_ids.id}", PHONE) as page:
            page.fill("#kmp_token", "not-a-receipt")
            page.click("button:has-text('Look')")
            page.wait_for_selector(".alert-warning:has-text('No counted ballot')")
            page.fill("#kmp_token", token)
            page.click("button:has-text('Look')")
            self.check_fits(page.locator(".alert-success:has-text('Producers: Yes')"))
